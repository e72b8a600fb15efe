"""``docs/python-replication.md`` and ``docs/python-locks.md`` against the Rust modules on one side and the package's stubs on the other."""

from __future__ import annotations

import pytest
from dtc import locks, replication
from parity import ROOT, not_offered, rust, stubs, table, without

SOURCES = ROOT / "dtc-provision" / "src"
MODULES = pytest.mark.parametrize("module", ["replication", "locks"])
# Ours, and as it is in the stubs where the word differs.
WORDS = {"from": "from_", "way": "direction", "kept": "keep", "Replication.snapshots": "schema"}
NAMES = {"ReplicationItem": "Item", "ReplicationReport": "Report", "ReplicationPlan": "Plan"}
# What is given to calls, and the ports.
NO_VALUES = {"Ends", "Given", "Passphrases"}


@MODULES
def test_every_rust_item_has_a_row(module: str) -> None:
    items, _ = rust(SOURCES / module, functions=True)
    page = f"python-{module}.md"
    rows = set(table(page)) | not_offered(page)
    assert len(items) > 10
    assert items - rows == set(), "these have no row"
    assert rows - items == set(), "these are no items of the module"


@MODULES
def test_every_row_names_what_there_is(module: str) -> None:
    assert without(table(f"python-{module}.md"), stubs(module), set()) == []


@MODULES
def test_every_field_of_a_struct_is_a_property(module: str) -> None:
    _, fields = rust(SOURCES / module)
    names, compared = stubs(module), 0
    for struct, members in fields.items():
        if struct not in NO_VALUES:
            for member in members:
                word = WORDS.get(f"{struct}.{member}", WORDS.get(member, member))
                name = f"{NAMES.get(struct, struct)}.{word}"
                assert name in names, f"{struct}.{member} has no property {name}"
                compared += 1
    assert compared > 20


def test_both_faces_have_the_same_names() -> None:
    for module in (replication, locks):
        assert set(module.aio.__all__) <= set(module.__all__)
    methods = [{item for item in dir(ends) if not item.startswith("_")} for ends in (replication.Ends, replication.aio.Ends)]
    assert methods[0] == methods[1]
