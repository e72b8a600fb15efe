"""``docs/python-provision.md`` against the Rust crate on one side and the package on the other."""

from __future__ import annotations

from dtc import provision
from dtc.provision import aio
from parity import ROOT, not_offered, rust, stubs, table, without

CRATE = ROOT / "dtc-provision" / "src"
PAGE = "python-provision.md"
# What is observed, planned, applied and verified; the ports, the phases' own types and ``restore`` are elsewhere.
FILES = [
    *("site.rs", "ids.rs", "journal.rs", "outcome.rs", "error.rs", "port_error.rs", "facts/mod.rs", "facts/observe.rs"),
    *(f"procedures/provision/{name}.rs" for name in ("plan", "apply", "current", "format", "saved", "text", "lint")),
    *("verify/mod.rs", "verify/report.rs", "verify/item.rs", "verify/recover/mod.rs", "phases/step.rs", "phases/first_run.rs", "escrow/mod.rs"),
    *("proofs/consent/act.rs", "proofs/consent/question.rs", "proofs/consent/store.rs", "proofs/escrowed.rs"),
]


def test_every_rust_item_has_a_row() -> None:
    items, _ = rust([CRATE / file for file in FILES], functions=True)
    rows = set(table(PAGE)) | not_offered(PAGE)
    assert len(items) > 100
    assert items - rows == set(), "these have no row"
    assert rows - items == set(), "these are no items of the crate"


def test_every_row_names_what_there_is() -> None:
    assert without(table(PAGE), stubs("provision"), set()) == []


def test_both_faces_have_the_same_names() -> None:
    assert set(aio.__all__) <= set(provision.__all__)
    for name in ("Services", "Applying"):
        methods = [{item for item in dir(getattr(module, name)) if not item.startswith("_")} for module in (provision, aio)]
        assert methods[0] == methods[1]
