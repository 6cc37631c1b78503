"""Users, their roles in units, their deputies, and department clients, all with history by triggers; refused attempts, counted."""

from foundation.accounts.models.client_token import ClientToken
from foundation.accounts.models.deputy import Deputy
from foundation.accounts.models.idempotency_key import IdempotencyKey
from foundation.accounts.models.membership import Membership
from foundation.accounts.models.refused_tokens import RefusedTokens
from foundation.accounts.models.sign_in_failure import SignInFailure
from foundation.accounts.models.user import User

__all__ = ["ClientToken", "Deputy", "IdempotencyKey", "Membership", "RefusedTokens", "SignInFailure", "User"]
