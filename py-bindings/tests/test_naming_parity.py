"""``docs/python-naming.md`` against the Rust crate on one side and the package's stubs on the other."""

from __future__ import annotations

from parity import ROOT, not_offered, rust, stubs, table, without

CRATE = ROOT / "dtc-naming" / "src"
PAGE = "python-naming.md"
# Made by a macro, which the search does not see.
IDENTITIES = ("DeviceGuid", "LocationUuid", "OrgUuid")
BY_MACRO = frozenset(f"{name}{item}" for name in IDENTITIES for item in ("", "::as_bytes", "::version", "::accept"))


def test_every_rust_item_has_a_row() -> None:
    items, _ = rust(CRATE, BY_MACRO)
    rows = set(table(PAGE)) | not_offered(PAGE)
    assert len(items) > 75
    assert items - rows == set(), "these have no row"
    assert rows - items == set(), "these are no items of the crate"


def test_every_row_names_what_there_is() -> None:
    assert without(table(PAGE), stubs("naming"), {"str", "bytes"}) == []
