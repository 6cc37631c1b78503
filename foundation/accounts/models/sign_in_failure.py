"""Wrong passwords and codes of the last minutes, counted to slow down guessing (foundation/accounts/lockout.py). Deleted after a day."""

from django.db import models


class SignInFailure(models.Model):
    """Grain: one wrong password or code.

    Of the user name typed only a keyed hash is stored, because a password is sometimes typed into the wrong field; `user` is empty
    where nobody has that name. `device` is a browser in which this account has signed in before, empty for any other.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, null=True, related_name="+")
    account_hash = models.CharField(max_length=64)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(account_hash__regex="^[0-9a-f]{64}$"), name="signinfailure_names_no_account"
            ),
        ]
        indexes = [
            # how often an account was tried, anywhere or from one address
            models.Index(fields=["account_hash", "at"], name="signinfailure_by_account"),
            # how many accounts were tried from one address
            models.Index(fields=["address", "at"], name="signinfailure_by_address"),
            # what the cleanup task deletes
            models.Index(fields=["at"], name="signinfailure_at"),
        ]

    def __str__(self) -> str:
        return f"failure {self.pk}"
