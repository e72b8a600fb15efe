"""``docs/python-crypt.md`` against the Rust crate on one side and the package's stubs on the other."""

from __future__ import annotations

from parity import ROOT, not_offered, rust, stubs, table, without

CRATE = ROOT / "rclone-crypt" / "src"
PAGE = "python-crypt.md"


def test_every_rust_item_has_a_row() -> None:
    items, _ = rust(CRATE, functions=True)
    rows = set(table(PAGE)) | not_offered(PAGE)
    assert len(items) > 150
    assert items - rows == set(), "these have no row"
    assert rows - items == set(), "these are no items of the crate"


def test_every_row_names_what_there_is() -> None:
    assert without(table(PAGE), stubs("crypt"), {"str", "bytes"}) == []
