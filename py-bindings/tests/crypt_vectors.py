"""Objects and names made by rclone: the folder that ``RCLONE_CRYPT_VECTORS`` names, else the Rust crate's own."""

from __future__ import annotations

import functools
import json
import os
import pathlib
from typing import Any

from dtc.crypt import Keys, Names, Secret

OWN = pathlib.Path(__file__).resolve().parents[2] / "rclone-crypt" / "tests" / "vectors"
FOLDER = pathlib.Path(os.environ.get("RCLONE_CRYPT_VECTORS", OWN))
VECTORS: dict[str, Any] = json.loads((FOLDER / "vectors.json").read_text("utf-8"))
CASES: list[dict[str, Any]] = VECTORS["cases"]


@functools.cache
def keys(password: str, salt: str = "") -> Keys:
    """scrypt once for each pair."""
    return Keys.derive(password=Secret(password), salt=Secret(salt))


def keys_of(case: dict[str, Any]) -> Keys:
    return keys(case["password"], case["password2"])


def names_of(case: dict[str, Any]) -> Names:
    return Names(
        keys_of(case),
        encryption=case["filename_encryption"],
        encoding=case["filename_encoding"],
        suffix=case["suffix"],
        directories="encrypted" if case["directory_name_encryption"] else "plain",
    )


def stored(case: dict[str, Any]) -> bytes:
    file: str = case["file"]
    return (FOLDER / file).read_bytes()


def plain(case: dict[str, Any]) -> bytes:
    a, b, c, d = (case["plain_rule"][name] for name in "abcd")
    return bytes((a * i + b + c * (i >> 8) + d * (i >> 16)) & 0xFF for i in range(case["plain_size"]))
