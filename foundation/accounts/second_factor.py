"""The second factor: a code of an authenticator app (TOTP), or one of ten recovery codes.

Every user shows one, unless this is a demonstration (settings.SECOND_FACTOR_REQUIRED off and the database marked so).
Secrets are stored encrypted with the installation's key. Wrong codes count towards the same lockout as wrong passwords.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.core import context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from foundation.accounts.authenticators import (
    LAST_COUNTER,
    PLACE,
    SECRET_BYTES,
    decrypt_text,
    encrypt_text,
    totp_authenticator,
)
from foundation.accounts.models import User
from foundation.accounts.redirects import send_to
from foundation.primitives.ciphertext import CiphertextError

OFFER_PLACE = "django_session.second_factor_offer"
OFFER_KEY = "second_factor_offer"
ISSUER = "贫困人口养老保险"
ROUTES_WITHOUT = frozenset({"second_factor", "account_logout", "set_language", "account_change_password", "style"})


class SecondFactorAdapter(DefaultMFAAdapter):
    """Encrypts secrets before they reach the database; names the installation in the app."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret."""
        return encrypt_text(PLACE, text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret."""
        return decrypt_text(PLACE, encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """Draw the square on white, so that it can be scanned on a dark page."""
        drawing: str = super().build_totp_svg(url)
        return drawing.replace("<path", '<rect width="100%" height="100%" fill="#fff"/><path', 1)

    def get_totp_issuer(self) -> str:
        """Return the name the authenticator app shows."""
        return ISSUER


class CodeForm(AuthenticateForm):
    """The code asked for after the password; five wrong ones lock the account on this device."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].help_text = _("Six digits from your authenticator app, or one of your recovery codes.")
        self.fields["code"].widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True})

    def clean_code(self) -> str:
        """Check the code; a locked account is refused whatever the code."""
        request, credentials = context.request, {"username": self.user.username}
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out = True
            raise ValidationError(_("This account is locked."))
        try:
            return self._checked_code()
        except ValidationError:
            user_login_failed.send(sender=__name__, credentials=credentials, request=request)
            raise

    def _checked_code(self) -> str:
        """Return the code of the app, used up by this, or a recovery code, which allauth uses up."""
        code: str = self.cleaned_data["code"]
        held = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).first()
        if held is not None and use_code(held, code):
            self.authenticator = held
            return code
        recovery = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.RECOVERY_CODES).first()
        if recovery is not None and recovery.wrap().validate_code(code):
            self.authenticator = recovery
            return code
        raise ValidationError(_("Incorrect code."))


class EnrolForm(forms.Form):
    """Proves that the app has the secret offered."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("The six digits currently shown by the app."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, user: User, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = totp_authenticator(user, secret)

    def clean_code(self) -> str:
        """Refuse a code of another secret or another half minute. `counter` is the half minute of the code, which is used up."""
        code: str = self.cleaned_data["code"]
        counter = find_counter(self.offered, code)
        if counter is None:
            raise ValidationError(_("Incorrect code. Check that your phone's clock is correct."))
        self.counter = counter
        return code


class SecondFactorMiddleware:
    """Redirects every signed-in user without a second factor to the page where they set one up; comes after the actor's middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.is_lifted = False  # a demonstration remains one: asked until the answer is yes

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: object, _kwargs: object) -> HttpResponse | None:
        """Let requests pass of users who showed one, of pages on the way to it, and of those not signed in."""
        match = request.resolver_match
        if not request.user.is_authenticated or (match and match.view_name in ROUTES_WITHOUT):
            return None
        if has_shown_second_factor(request) or self.is_lifted:
            return None
        self.is_lifted = not is_second_factor_demanded()
        return None if self.is_lifted else send_to(request, "second_factor")


def find_counter(authenticator: Authenticator, code: str) -> int | None:
    """Return the half minute a code belongs to, of those the clocks may be apart; None when it is none of them."""
    secret = decrypt_text(PLACE, authenticator.data["secret"])
    given = normalize_user_code(code)
    for counter in yield_hotp_counters_from_time():
        if secrets.compare_digest(format_hotp_value(hotp_value(secret, counter)).encode(), given.encode()):
            return counter
    return None


@transaction.atomic
def use_code(authenticator: Authenticator, code: str) -> bool:
    """Use up a code of the app: neither it nor an earlier one works again, the one it was set up with included (RFC 6238, 5.2).

    Effects: locks the authenticator; `last_counter` in its data.
    """
    held = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    counter = find_counter(held, code)
    if counter is None or counter <= held.data.get(LAST_COUNTER, 0):
        return False
    held.data[LAST_COUNTER] = counter
    held.save(update_fields=["data"])
    return True


def has_shown_second_factor(request: HttpRequest) -> bool:
    """Answer whether a second factor was shown in this session."""
    records = get_authentication_records(request, cast("User", request.user))
    return any(record["method"] == "mfa" for record in records)


def is_second_factor_demanded() -> bool:
    """Answer whether this installation demands it. Cost: a query in a demonstration, none elsewhere."""
    return settings.SECOND_FACTOR_REQUIRED or not is_lifted()


def is_lifted() -> bool:
    """Ask for the demonstration's mark; the function is named by the settings, because demo is above this app."""
    return bool(import_string(settings.SECOND_FACTOR_LIFTED_IF)())


@dataclass(frozen=True)
class HeldFactor:
    """What a user is shown of their second factor."""

    since: datetime
    codes_left: int


def held_factor(authenticators: list[Authenticator]) -> HeldFactor:
    """Return since when the factor is held and how many recovery codes are left."""
    codes = [each.wrap() for each in authenticators if each.type == Authenticator.Type.RECOVERY_CODES]
    return HeldFactor(
        since=min(each.created_at for each in authenticators),
        codes_left=sum(len(each.get_unused_codes()) for each in codes),
    )


def offered_secret(session: SessionBase, *, renew: bool) -> str:
    """Return the secret offered in this session, encrypted there too; a page loaded again offers a new one.

    A new one is also offered when its key has left the ring: sessions are not rotated.
    """
    ciphertext = session.get(OFFER_KEY)
    if ciphertext and not renew:
        with suppress(CiphertextError):
            return decrypt_text(OFFER_PLACE, ciphertext)
    secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
    session[OFFER_KEY] = encrypt_text(OFFER_PLACE, secret)
    return secret


def record_shown(request: HttpRequest, authenticator: Authenticator, *, at: datetime) -> None:
    """Record that a second factor was shown in this session. Effects: the authenticator's last use; the session."""
    authenticator.record_usage()
    record = {"method": "mfa", "at": at.timestamp(), "id": authenticator.pk, "type": authenticator.type}
    records = get_authentication_records(request, cast("User", request.user))
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [*records, record]


def forget_offer(session: SessionBase) -> None:
    """Drop the offered secret."""
    session.pop(OFFER_KEY, None)
