"""``docs/python-b2.md`` against the Rust crate on one side and the package's stubs on the other."""

from __future__ import annotations

import ast
import pathlib
import re

ROOT = pathlib.Path(__file__).parents[2]
CRATE = ROOT / "b2-client" / "src"
PACKAGE = ROOT / "py-bindings" / "python" / "dtc"

# Made by macros, which the search below does not see.
BY_MACRO = {
    *("AccountId", "KeyId", "BucketId", "FileId", "BucketName", "FileName", "KeyName", "ApplicationKey", "Capability", "Error"),
    *(f"Config::{name}" for name in ("attempts", "backoff", "deadline", "connect_timeout")),
    *(f"Config::{name}" for name in ("idle_timeout", "minimum_rate", "on_wait", "read_only")),
    *("operations::READS", "operations::WRITES"),
}
# Of other modules: what Python itself has, and what the package has beside ``dtc.b2``.
ELSEWHERE = {"str", "int", "datetime.datetime", "datetime.timedelta", "hashlib.sha1"}


def rust() -> tuple[set[str], dict[str, set[str]]]:
    """The public items of the crate, and the public fields of its structs."""
    items: set[str] = set()
    fields: dict[str, set[str]] = {}
    for path in CRATE.rglob("*.rs"):
        owner = struct = None
        for line in path.read_text(encoding="utf-8").split("#[cfg(test)]")[0].splitlines():
            if found := re.match(r"impl(?:<[^>]*>)? (?:(\S+) for )?(\w+)", line):
                owner = None if found[1] else found[2]
            elif found := re.match(r"pub (struct|enum|const|type) (\w+)", line):
                items.add(found[2])
                struct = found[2] if found[1] == "struct" and line.endswith("{") else None
            elif line.startswith("}"):
                owner = struct = None
            elif owner and (found := re.match(r"    pub (?:const )?(?:async )?fn (\w+)", line)):
                items.add(f"{owner}::{found[1]}")
            elif struct and (found := re.match(r"    pub (\w+):", line)):
                fields.setdefault(struct, set()).add(found[1])
    return items | BY_MACRO, fields


def stubs() -> dict[str, set[str]]:
    """Every name that the stubs and the package define, with the arguments it takes."""
    texts = [*(PACKAGE / "_dtc").rglob("b2*.pyi"), *(PACKAGE / "_dtc" / "b2").rglob("*.pyi"), PACKAGE / "b2" / "__init__.py"]
    names: dict[str, set[str]] = {}

    def take(name: str, function: ast.FunctionDef) -> None:
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        names.setdefault(name, set()).update(argument.arg for argument in arguments)

    for path in dict.fromkeys(texts):
        if "aio" in path.parts or path.stem == "aio":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                take(node.name, node)
            if isinstance(node, ast.ClassDef):
                names.setdefault(node.name, set())
                for member in node.body:
                    if isinstance(member, ast.FunctionDef):
                        take(node.name if member.name in ("__new__", "__init__") else f"{node.name}.{member.name}", member)
    for node in ast.parse((PACKAGE / "exceptions.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            names[f"exceptions.{node.name}"] = set()
            for member in node.body:
                if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name):
                    names[f"exceptions.{node.name}.{member.target.id}"] = set()
    return names


def table() -> dict[str, str]:
    text = (ROOT / "docs" / "python-b2.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", text, flags=re.MULTILINE))


def test_every_rust_item_has_a_row() -> None:
    items, _ = rust()
    assert len(items) > 200
    rows = set(table())
    assert items - rows == set(), "these have no row"
    assert rows - items == set(), "these are no items of the crate"


def test_every_row_names_what_there_is() -> None:
    names = stubs()
    missing = []
    for row, python in table().items():
        found = re.fullmatch(r"([\w.]+)(?:\(((?:\w+=(?:, )?)+)\))?", python)
        assert found, python
        name, keywords = found[1], re.findall(r"\w+", found[2] or "")
        if name not in ELSEWHERE and (name not in names or not set(keywords) <= names[name]):
            missing.append((row, python))
    assert missing == []


def test_every_field_of_a_struct_is_a_property() -> None:
    _, fields = rust()
    names, rows = stubs(), table()
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
