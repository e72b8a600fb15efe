"""``docs/python-truenas.md`` against the Rust crate on one side and the package on the other."""

from __future__ import annotations

import re

from dtc import truenas
from dtc.truenas import aio
from parity import ROOT, not_offered, rust, stubs, table, without

CRATE = ROOT / "truenas-client" / "src"
PAGE = "python-truenas.md"


def entries(file: str, macro: str) -> set[str]:
    """The names that a macro of this file is given, an entry each."""
    text = (CRATE / file).read_text(encoding="utf-8")
    found: set[str] = set()
    for block in re.findall(rf"^ *(?:http_core::)?{macro}! \{{\n(.*?)^ *\}}", text, flags=re.MULTILINE | re.DOTALL):
        found.update(re.findall(r"^ *(\w+)(?:[;,:]| = )", block, flags=re.MULTILINE))
    return found - {"texts", "switches", "numbers"}


def by_macro() -> frozenset[str]:
    """What macros make, which the search in ``parity`` does not see."""
    texts = {str(path.relative_to(CRATE)): path.read_text(encoding="utf-8") for path in CRATE.rglob("*.rs")}
    items = {"Error", "operations::READS", "operations::WRITES"}
    for path, text in texts.items():
        if "secret_types!" in text:
            items |= entries(path, "secret_types")
    items |= entries("ids.rs", "id_types")
    items |= {f"Filter::{name}" for name in entries("query.rs", "comparisons")}
    for kind in ("CreateDataset", "UpdateDataset"):
        items |= {f"{kind}::{name}" for name in entries("datasets/request.rs", "inherited") | entries("datasets/request.rs", "sizes")}
    items |= {f"UpdateUser::{name}" for name in entries("users.rs", "setters")}
    items |= {f"CreateReplication::{name}" for name in entries("replications/request.rs", "switches")}
    items |= {"Direction", "RetentionPolicy", "ReadOnly", "Compression", "NetcatSide", "KeyFormat", "LoggingLevel", "TransportKind", "DatasetSettings"}
    options = (ROOT / "http-core" / "src" / "options.rs").read_text(encoding="utf-8")
    setters = options[options.index("macro_rules! option_setters") :].split("#[cfg(test)]")[0]
    items |= {f"Config::{name}" for name in re.findall(r"pub fn (\w+)", setters)}
    failure = (ROOT / "http-core" / "src" / "failure.rs").read_text(encoding="utf-8")
    short = failure[failure.index("($(#[$doc:meta])* $name:ident, $kind:ident) => {") :].split("\n}\n")[0]
    items |= {f"Error::{name}" for name in re.findall(r"pub fn (\w+)", short)}
    return frozenset(items)


def test_every_rust_item_has_a_row() -> None:
    items, _ = rust(CRATE, by_macro())
    rows = set(table(PAGE)) | not_offered(PAGE)
    assert len(items) > 700
    assert items - rows == set(), "these have no row"
    assert rows - items == set(), "these are no items of the crate"


def test_every_row_names_what_there_is() -> None:
    elsewhere = {"str", "int", "bool", "dict", "crypt.Secret", "datetime.datetime"}
    assert without(table(PAGE), stubs("truenas"), elsewhere) == []


def test_every_field_of_a_struct_is_a_property() -> None:
    _, fields = rust(CRATE, by_macro())
    names, rows = stubs("truenas"), table(PAGE)
    elsewhere = {"Alert": {"datetime"}, "Member": {"outcome"}, "ProviderSetting": {"property"}}
    compared = 0
    for struct, members in fields.items():
        if rows.get(struct) != struct:
            continue
        for member in members - elsewhere.get(struct, set()):
            assert f"{struct}.{member}" in names, f"{struct}.{member} has no property"
            compared += 1
    assert compared > 400


def test_every_word_of_an_enum_is_a_constant() -> None:
    """The words that the crate knows, and the constants of the class of its name."""
    compared = 0
    for path in CRATE.rglob("*.rs"):
        text = path.read_text(encoding="utf-8").split("#[cfg(test)]")[0]
        for name, body in re.findall(r"^pub enum (\w+) \{\n(.*?)^\}", text, flags=re.MULTILINE | re.DOTALL):
            kind = getattr(truenas, name, None)
            if isinstance(kind, type) and issubclass(kind, str):
                variants = re.findall(r"^    (\w+),$", body, flags=re.MULTILINE)
                known = {str(getattr(one, "name")).replace("_", "") for one in kind}  # type: ignore[attr-defined]
                assert {one.replace("_", "").upper() for one in variants} <= known, name
                compared += len(variants)
    assert compared > 80


def test_both_faces_have_the_same_names() -> None:
    assert set(aio.__all__) <= set(truenas.__all__)
    for name in aio.__all__:
        blocking, asynchronous = (
            {item for item in dir(getattr(module, name)) if not item.startswith("_")} for module in (truenas, aio)
        )
        assert blocking - {"readable"} == asynchronous, name
