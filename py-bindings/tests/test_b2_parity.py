"""``docs/python-b2.md`` against the Rust crate on one side and the package's stubs on the other."""

from __future__ import annotations

from parity import ROOT, rust, stubs, table, without

CRATE = ROOT / "b2-client" / "src"
PAGE = "python-b2.md"

# Made by macros, which the search below does not see.
BY_MACRO = frozenset({
    *("AccountId", "KeyId", "BucketId", "FileId", "BucketName", "FileName", "KeyName", "ApplicationKey", "Capability", "Error"),
    *(f"Config::{name}" for name in ("attempts", "backoff", "deadline", "connect_timeout")),
    *(f"Config::{name}" for name in ("idle_timeout", "minimum_rate", "on_wait", "read_only")),
    *("operations::READS", "operations::WRITES"),
})
# Of other modules: what Python itself has, and what the package has beside ``dtc.b2``.
ELSEWHERE = {"str", "int", "datetime.datetime", "datetime.timedelta", "hashlib.sha1"}


def test_every_rust_item_has_a_row() -> None:
    items, _ = rust(CRATE, BY_MACRO)
    assert len(items) > 200
    rows = set(table(PAGE))
    assert items - rows == set(), "these have no row"
    assert rows - items == set(), "these are no items of the crate"


def test_every_row_names_what_there_is() -> None:
    assert without(table(PAGE), stubs("b2"), ELSEWHERE) == []


def test_every_field_of_a_struct_is_a_property() -> None:
    _, fields = rust(CRATE, BY_MACRO)
    names, rows = stubs("b2"), table(PAGE)
    compared = 0
    # Where the fields stand elsewhere in Python.
    elsewhere = {"DefaultRetention": {"period"}, "NotificationRule": {"target_configuration"}, "NotificationTarget": {"target_type", "url", "signing_secret", "custom_headers"}}
    for struct, members in fields.items():
        if rows[struct] != struct:
            continue
        for member in members - elsewhere.get(struct, set()):
            assert f"{struct}.{member}" in names, f"{struct}.{member} has no property"
            compared += 1
    assert compared > 80
