"""How often the API was called with a token it does not know: counted by the hour, because anybody may send any number of them."""

from django.db import models


class RefusedTokens(models.Model):
    """Grain: one hour in which unknown, expired or revoked tokens were sent."""

    hour = models.DateTimeField()
    count = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hour"], name="refusedtokens_hour_once")]

    def __str__(self) -> str:
        return f"refused tokens {self.pk}"
