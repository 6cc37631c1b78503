"""Reads of users and their memberships. Each function is one query."""

from datetime import date, datetime

from poverty_pension.accounts.models import ClientToken, Membership


def list_memberships(*, user_id: int, on: date) -> list[Membership]:
    """List a user's memberships in force on a day with user and unit loaded, oldest first."""
    rows = Membership.objects.active_on(on).filter(user_id=user_id).select_related("user", "unit")
    return list(rows.order_by("pk"))


def find_client_token(*, token_hash: str, at: datetime) -> ClientToken | None:
    """Find the usable token with this hash, its unit loaded."""
    return ClientToken.objects.usable_at(at).filter(token_hash=token_hash).select_related("unit").first()
