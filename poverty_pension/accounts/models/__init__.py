"""Users, what they are in which unit, who stands in for whom, and department clients; all with history by triggers."""

from poverty_pension.accounts.models.client_token import ClientToken
from poverty_pension.accounts.models.deputy import Deputy
from poverty_pension.accounts.models.idempotency_key import IdempotencyKey
from poverty_pension.accounts.models.membership import Membership
from poverty_pension.accounts.models.user import User

__all__ = ["ClientToken", "Deputy", "IdempotencyKey", "Membership", "User"]
