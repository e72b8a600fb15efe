"""rclone's encrypted format, both ways: anyone proves that a backup opens, and gets it back.

What lies in a bucket behind an rclone ``crypt`` remote, and every TrueNAS task with encryption is one, opens with this
module: without rclone, and without the appliance.

>>> keys = Keys.derive(password=Secret("correct horse"), salt=Secret("battery staple"))
>>> stored = encrypt_bytes(keys, b"every pool has its story")
>>> decrypt_bytes(keys, stored)
b'every pool has its story'
>>> Names().encode("tank/story.txt")
'tank/story.txt.bin'

Work on contents releases the interpreter, takes constant memory, and ends at Ctrl-C. Contents that do not open raise
:class:`dtc.exceptions.DataAtRisk`; work on many files goes on past those that fail, and then raises that or
:class:`dtc.exceptions.Incomplete`, with its result as ``report``; names, rules and lengths that are none raise :class:`dtc.exceptions.ValidationError`;
files that cannot be used raise ``OSError``; what a file-like object raises passes through.
"""

from ._dtc.crypt import (
    KEY_PROOF_LEN,
    Catalogue,
    CheckReport,
    Entry,
    Failed,
    Filter,
    Keys,
    Mapping,
    Names,
    Origin,
    Proof,
    RestoreTestReport,
    Secret,
    WriteReport,
    decrypt,
    decrypt_bytes,
    decrypt_range,
    encrypt,
    encrypt_bytes,
    looks_obscured,
    object_name,
    obscure,
    prove_content,
    prove_hash,
    prove_keys,
    reveal,
    stored_path,
)

__all__ = [
    "KEY_PROOF_LEN",
    "Catalogue",
    "CheckReport",
    "Entry",
    "Failed",
    "Filter",
    "Keys",
    "Mapping",
    "Names",
    "Origin",
    "Proof",
    "RestoreTestReport",
    "Secret",
    "WriteReport",
    "decrypt",
    "decrypt_bytes",
    "decrypt_range",
    "encrypt",
    "encrypt_bytes",
    "looks_obscured",
    "object_name",
    "obscure",
    "prove_content",
    "prove_hash",
    "prove_keys",
    "reveal",
    "stored_path",
]
