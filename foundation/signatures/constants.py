"""The acts a signature stands for."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Act(TextChoices):
    """What a person did to a content. Preparing is one of them: whoever prepared any version signs none."""

    PREPARED = "prepared", _("Prepared")
    CERTIFIED = "certified", _("Certified")
    REVIEWED = "reviewed", _("Reviewed")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    RETURNED = "returned", _("Returned")
    REQUESTED = "requested", _("Funds requested")
    FUNDED = "funded", _("Funded")
    CLOSED = "closed", _("Closed")
