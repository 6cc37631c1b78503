"""Help texts of the pages of contributions and benefits, by address name."""

from django.utils.translation import gettext_lazy as _

from foundation.web.page_help import PageHelp

HELP = {
    "payments": PageHelp(
        purpose=_(
            "This page shows for how many people the government pays the yearly contribution, and how much, by township."
        ),
        work=_("Compare the persons and amounts with your budget."),
        after=_("Lists for payment are not made here yet; the persons are under “Reports”."),
    ),
}
"""Address name of a page -> its help."""
