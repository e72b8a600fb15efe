"""A page that names every public item of a Rust module in Python, held against the sources on one side and the stubs on the other."""

from __future__ import annotations

import ast
import pathlib
import re
from collections.abc import Iterable

ROOT = pathlib.Path(__file__).parents[2]
PACKAGE = ROOT / "py-bindings" / "python" / "dtc"


def rust(sources: pathlib.Path | Iterable[pathlib.Path], by_macro: frozenset[str] = frozenset(), *, functions: bool = False) -> tuple[set[str], dict[str, set[str]]]:
    """The public items of files, or below a folder, with those that macros make, and the public fields of their structs; of
    what has no private modules also the functions."""
    items: set[str] = set()
    fields: dict[str, set[str]] = {}
    for path in sources.rglob("*.rs") if isinstance(sources, pathlib.Path) else sources:
        owner = struct = None
        for line in path.read_text(encoding="utf-8").split("#[cfg(test)]")[0].splitlines():
            if found := re.match(r"impl(?:<[^>]*>)? (?:(\S+) for )?(\w+)", line):
                owner = None if found[1] else found[2]
            elif found := re.match(r"pub (struct|enum|const|type|trait) (?!(?:async )?fn\b)(\w+)", line):
                items.add(found[2])
                struct = found[2] if found[1] == "struct" and line.endswith("{") else None
            elif functions and (found := re.match(r"pub (?:const )?(?:async )?fn (\w+)", line)):
                items.add(found[1])
            elif line.startswith("}"):
                owner = struct = None
            elif owner and (found := re.match(r"    pub (?:const )?(?:async )?fn (\w+)", line)):
                items.add(f"{owner}::{found[1]}")
            elif struct and (found := re.match(r"    pub (\w+):", line)):
                fields.setdefault(struct, set()).add(found[1])
    return items | by_macro, fields


def stubs(module: str) -> dict[str, set[str]]:
    """Every name that a module's stubs and the package define, with the arguments it takes."""
    texts = [*(PACKAGE / "_dtc" / module).rglob("*.pyi"), PACKAGE / module / "__init__.py", PACKAGE / "_dtc" / f"{module}.pyi", PACKAGE / f"{module}.py"]
    names: dict[str, set[str]] = {}

    def take(name: str, function: ast.FunctionDef) -> None:
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        names.setdefault(name, set()).update(argument.arg for argument in arguments)

    for path in dict.fromkeys(texts):
        if not path.exists():
            continue
        if "aio" in path.parts or path.stem == "aio":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                take(node.name, node)
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names.setdefault(node.target.id, set())
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


def table(page: str) -> dict[str, str]:
    """The rows of a page: a Rust item, and its Python name; without what a page says is not offered."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", text, flags=re.MULTILINE))


def not_offered(page: str) -> set[str]:
    """The Rust items of which a page says why Python has none."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([^`]+)` \| not offered: .+ \|$", text, flags=re.MULTILINE))


def without(rows: dict[str, str], names: dict[str, set[str]], elsewhere: set[str]) -> list[tuple[str, str]]:
    """The rows whose Python name, or one of whose keywords, is not there."""
    missing = []
    for row, python in rows.items():
        found = re.fullmatch(r"([\w.]+)(?:\(((?:\w+=(?:, )?)+)\))?", python)
        assert found, python
        name, keywords = found[1], re.findall(r"\w+", found[2] or "")
        if name not in elsewhere and (name not in names or not set(keywords) <= names[name]):
            missing.append((row, python))
    return missing
