"""The table of signatures."""

from foundation.signatures.models.signature import Signature

__all__ = ["Signature"]
