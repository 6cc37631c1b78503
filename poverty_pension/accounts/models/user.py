"""A person who signs in. What they may do hangs on their memberships, never on the user itself."""

import pghistory
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractUser):
    """Grain: one official. `display_name` is what colleagues read; first and last name are not used."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(_("name"), max_length=60, blank=True)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, blank=True)
    must_change_password = models.BooleanField(default=False)

    REQUIRED_FIELDS = []

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """Return the name colleagues read."""
        return self.display_name or self.username

    def get_short_name(self) -> str:
        """Return the name colleagues read."""
        return self.get_full_name()
