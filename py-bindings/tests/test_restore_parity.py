"""``docs/python-restore.md`` against the Rust module on one side and the package's stubs on the other."""

from __future__ import annotations

from parity import ROOT, rust, stubs, table, without

SOURCES = ROOT / "dtc-provision" / "src" / "restore"
PAGE = "python-restore.md"

# For listings of one's own, and for names of another form; the page says so.
NOT_OFFERED = {
    *("AsOf", "AsOf::end", "AsOf::new", "AsOf::push", "AsOf::seen"),
    *("History", "History::bursts", "History::push", "Selection::with_names", "RestoreSource::names"),
    # What a site file or a saved record says is read with it.
    *("RestoreSource::with_names", "SavedRecord::with_names"),
}
# Where the fields of a struct stand elsewhere in Python.
ELSEWHERE = {"FileVersion": {"locked"}, "Tree": {"moment", "seen"}}


def test_every_rust_item_has_a_row() -> None:
    items, _ = rust(SOURCES, functions=True)
    items -= NOT_OFFERED
    rows = set(table(PAGE))
    assert len(rows) > 40
    assert items - rows == set(), "these have no row"
    assert rows - items == set(), "these are no items of the module"


def test_every_row_names_what_there_is() -> None:
    assert without(table(PAGE), stubs("restore"), set()) == []


def test_every_field_of_a_struct_is_a_property() -> None:
    _, fields = rust(SOURCES)
    names, rows = stubs("restore"), table(PAGE)
    compared = 0
    for struct, members in fields.items():
        if rows.get(struct) == struct:
            for member in members - ELSEWHERE.get(struct, set()):
                assert f"{struct}.{member}" in names, f"{struct}.{member} has no property"
                compared += 1
    assert compared > 40
    assert {f"Tree.{member}" for member in fields["Seen"]} <= names.keys()
