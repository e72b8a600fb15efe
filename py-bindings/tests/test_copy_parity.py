"""``docs/python-copy.md`` against the Rust module and the job file on one side and the package's stubs on the other."""

from __future__ import annotations

from parity import ROOT, not_offered, rust, stubs, table, without

SOURCES = [*(ROOT / "dtc-provision" / "src" / "copy").glob("*.rs"), ROOT / "dtc-adapters" / "src" / "copy" / "job_file.rs"]
PAGE = "python-copy.md"
# The structs whose fields are those of a value, by its name in Python.
VALUES = {
    **{"CopyPlan": "Plan", "RunReport": "Run", "Checked": "Check", "EscrowState": "Escrow"},
    **{name: name for name in ("Encryption", "Transfer", "StepFailure")},
}
# Ours, and as it is in Python where the word differs; of what a plan is about, the fields are the plan's own.
WORDS = {"Encryption.bytes": "plain_bytes", "Transfer.bytes": "stored_bytes", "CopyPlan.update": "changed"}
# How the plan was made.
NO_PROPERTY = {"CopyPlan.catalogue_exists", "CopyPlan.tried"}


def test_every_rust_item_has_a_row() -> None:
    items, _ = rust(SOURCES, functions=True)
    rows = set(table(PAGE)) | not_offered(PAGE)
    assert len(items) > 60
    assert items - rows == set(), "these have no row"
    assert rows - items == set(), "these are no items of the module"


def test_every_row_names_what_there_is() -> None:
    assert without(table(PAGE), stubs("copy"), set()) == []


def test_every_field_of_a_struct_is_a_property() -> None:
    _, fields = rust(SOURCES)
    update, names = fields_of_update(), stubs("copy")
    compared = 0
    for struct, value in VALUES.items():
        for member in fields[struct]:
            if f"{struct}.{member}" not in NO_PROPERTY:
                name = f"{value}.{WORDS.get(f'{struct}.{member}', member)}"
                assert name in names, f"{struct}.{member} has no property {name}"
                compared += 1
    for member in update:
        name = f"Plan.{'plain_bytes' if member == 'bytes' else member}"
        assert name in names, f"Update.{member} has no property {name}"
    assert compared > 20 and len(update) > 5


def fields_of_update() -> set[str]:
    _, fields = rust([ROOT / "rclone-crypt" / "src" / "catalogue" / "update.rs"])
    return fields["Update"]
