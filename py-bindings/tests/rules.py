"""The naming rules once more, in plain Python: what the Rust rules are compared with."""

from __future__ import annotations

import re
import uuid

from hypothesis import strategies as st

POOL = re.compile(r"(?!mirror|raidz|draid|spare)(?!log\Z)[A-Za-z][A-Za-z0-9_.: -]{0,238}")
"""N5."""

BUCKET = re.compile(r"truenas-[0-9a-f]{12}[1-8][0-9a-f]{3}[89ab][0-9a-f]{15}")
"""N1, for the only workload there is."""

LEGACY = re.compile(r"truenas-[0-9a-f]{12}[1-8][0-9a-f]{3}[89ab][0-9a-f]{15}-[0-9a-f]{8}")
"""N10."""

DASHED = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
"""An RFC 9562 UUID as it stands in a folder's path."""


def is_pool(text: str) -> bool:
    return POOL.fullmatch(text) is not None


def is_folder(text: str) -> bool:
    """N4."""
    slash, device, pool = text[:1], text[1:37], text[37:]
    return slash == "/" and DASHED.fullmatch(device) is not None and pool[:1] == "/" and is_pool(pool[1:])


def describe(pool: str) -> str:
    """N6."""
    return f"{pool[0].upper()}{pool[1:]} Cloud Backup"


def spellings(identifier: uuid.UUID) -> list[str]:
    """N1: what people type."""
    lower = [str(identifier), identifier.hex, f"{{{identifier}}}", identifier.urn]
    return lower + [text.upper() for text in lower]


uuids = st.builds(
    lambda number, version: uuid.UUID(int=number & ~(0xF << 76) & ~(0b11 << 62) | version << 76 | 0b10 << 62),
    st.integers(0, 2**128 - 1),
    st.integers(1, 8),
)

pools = st.from_regex(r"[A-Za-z][A-Za-z0-9_.: -]{0,30}", fullmatch=True).filter(is_pool)


@st.composite
def slips(draw: st.DrawFn, names: st.SearchStrategy[str]) -> str:
    """A name with one character more, less, or replaced."""
    name: str = draw(names)
    at: int = draw(st.integers(0, len(name)))
    put: str = draw(st.sampled_from([*"0123456789abcdefABCDEF-_./: xX\n", "", "–", "é", "0"]))
    gone: int = draw(st.integers(0, 1))
    return name[:at] + put + name[at + gone :]
