"""A person who signs in. Permissions come from their memberships, never from the user itself."""

import pghistory
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractUser):
    """Grain: one official. `display_name` is what colleagues read; first and last name are not used.

    `home_unit` is where the person is employed; it gives no rights, it determines whose administrators manage the account.
    """

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(_("name"), max_length=60, blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, blank=True)
    must_change_password = models.BooleanField(default=False)
    first_password_until = models.DateTimeField(
        null=True
    )  # no first password any more, or one made before there was an end
    home_unit = models.ForeignKey("regions.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    session_epoch = models.PositiveIntegerField(default=0)  # raised to end every session of the user

    REQUIRED_FIELDS = []

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """Return the name colleagues read."""
        return self.display_name or self.username

    def get_session_auth_hash(self) -> str:
        """Return the hash a session must have to remain valid: it changes with the password and with the epoch."""
        return f"{super().get_session_auth_hash()}.{self.session_epoch}"

    def get_short_name(self) -> str:
        """Return the name colleagues read."""
        return self.get_full_name()
