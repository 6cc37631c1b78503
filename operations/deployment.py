"""What a deployment must have declared before it holds people's data; asked by `manage.py check --deploy`."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def check_hosts(**_: Any) -> list[CheckMessage]:
    """Fail where any host is answered: what a request calls its host would then stand in redirects and tokens of forms."""
    if not any(host == "*" or host.startswith(".") for host in settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            "ALLOWED_HOSTS allows hosts that are not ours.",
            hint="Name each host people use, without * and without a leading dot (docs/operations.md).",
            id="operations.E002",
        )
    ]


def check_data_volume(**_: Any) -> list[CheckMessage]:
    """Fail until whoever deploys declares that DATA_DIR and the database lie on encrypted volumes.

    Prepared rolls and the database are plain on the disk: no program can see from inside whether the disk is encrypted.
    """
    if settings.DATA_VOLUME_ENCRYPTED:
        return []
    return [
        Error(
            "The data volume is not declared encrypted.",
            hint="Put DATA_DIR and the database on encrypted volumes, then set DATA_VOLUME_ENCRYPTED=1 (docs/operations.md).",
            id="operations.E001",
        )
    ]
