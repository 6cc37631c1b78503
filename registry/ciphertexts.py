"""Where this app stores ciphertexts: numbers, telephones, bank accounts, files as received, samples, papers and photos of persons."""

from registry.services.ciphertext_columns import CiphertextColumn
from registry.services.originals import Originals, Samples, StoredAttachments

NUMBERS = CiphertextColumn(
    table="registry_identitynumber",
    column="ciphertext",
    key_column="key_id",
    blinds={"full": "blind_full", "last6": "blind_last6", "last4": "blind_last4"},
)
TELEPHONES = CiphertextColumn(
    table="registry_contactpoint",
    column="ciphertext",
    key_column="key_id",
    blinds={"full": "blind_full"},
)
BANK_ACCOUNTS = CiphertextColumn(
    table="registry_bankaccount",
    column="ciphertext",
    key_column="key_id",
    blinds={"full": "blind_full"},
)
STORES = (NUMBERS, TELEPHONES, BANK_ACCOUNTS, Originals(), Samples(), StoredAttachments())
