"""What every name is as a Python value."""

from __future__ import annotations

import copy
import doctest
import importlib.metadata
import pickle
import uuid
from collections.abc import Callable

import pytest

import dtc
import dtc.exceptions
import dtc.naming

GUID = "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9"
LATER = "b1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9"

# Each class with two texts, in their order.
CLASSES: list[tuple[Callable[[str], object], str, str]] = [
    (dtc.naming.OrgUuid, GUID, LATER),
    (dtc.naming.LocationUuid, GUID, LATER),
    (dtc.naming.DeviceGuid, GUID, LATER),
    (dtc.naming.BucketName, f"truenas-{GUID.replace('-', '')}", f"truenas-{LATER.replace('-', '')}"),
    (dtc.naming.LegacyBucketName, f"truenas-{GUID.replace('-', '')}-00000000", f"truenas-{GUID.replace('-', '')}-00000001"),
    (dtc.naming.PoolName, "Tank", "tank"),
    (dtc.naming.FolderPath, f"/{GUID}/tank", f"/{LATER}/tank"),
    (dtc.naming.ObjectPrefix, f"{GUID}/a", f"{GUID}/b"),
    (dtc.naming.TaskDescription, "A Cloud Backup", "B Cloud Backup"),
    (dtc.naming.LocationName, "Joe's \"Office\" \\", "Zürich"),
    (dtc.naming.DatasetName, "tank", "tank/data"),
    (dtc.naming.DatasetKeyLabel, "TrueNAS Dataset Key — tank", "TrueNAS Dataset Key — tank/data"),
    (dtc.naming.JobName, "Documents", "Letters"),
    (dtc.naming.CopyLabel, "Encrypted Copy — Documents", "Encrypted Copy — Letters"),
    (dtc.naming.VaultLabel, "TrueNAS Cloud Backup — A", "TrueNAS — NMS Credentials"),
]

each_class = pytest.mark.parametrize(("make", "text", "later"), CLASSES)


def test_every_public_class_is_here() -> None:
    assert [*sorted(getattr(make, "__name__") for make, _, _ in CLASSES), "bucket_name"] == dtc.naming.__all__


@each_class
def test_equal_ordered_hashable(make: Callable[[str], object], text: str, later: str) -> None:
    one, same, other = make(text), make(text), make(later)
    assert one == same and hash(one) == hash(same)
    assert one != other and one != text
    assert one < other and other >= one  # type: ignore[operator]
    assert {one, same, other} == {same, other}
    with pytest.raises(TypeError):
        one < text  # type: ignore[operator]


@each_class
def test_text_and_repr(make: Callable[[str], object], text: str, later: str) -> None:
    value = make(text)
    assert str(value) == f"{value}" == text
    assert repr(value) == f"{type(value).__name__}({text!r})"
    assert eval(repr(value), vars(dtc.naming)) == value


@each_class
def test_formatted_as_its_text(make: Callable[[str], object], text: str, later: str) -> None:
    for spec in ("", "s", ">80", "*^90", ".3", "<2"):
        assert format(make(text), spec) == format(text, spec)
    with pytest.raises(ValueError):
        format(make(text), "d")


@each_class
def test_never_equal_to_text(make: Callable[[str], object], text: str, later: str) -> None:
    assert make(text) != text and text != make(text)
    assert make(text) not in {text}


@pytest.mark.parametrize("kind", [dtc.naming.OrgUuid, dtc.naming.LocationUuid, dtc.naming.DeviceGuid])
def test_made_from_the_standard_librarys_uuid(kind: Callable[[object], object]) -> None:
    assert kind(uuid.UUID(GUID)) == kind(GUID)
    assert uuid.UUID(bytes=bytes(kind(GUID))) == uuid.UUID(GUID)  # type: ignore[call-overload]
    with pytest.raises(dtc.exceptions.ValidationError, match="nil"):
        kind(uuid.UUID(int=0))
    for other in (12, None, b"a", ["x"]):
        with pytest.raises(TypeError):
            kind(other)


@each_class
def test_pickled_and_copied(make: Callable[[str], object], text: str, later: str) -> None:
    value = make(text)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(value, protocol)) == value
    assert copy.copy(value) == copy.deepcopy(value) == value
    assert type(value).__module__ == "dtc.naming"


@each_class
def test_frozen(make: Callable[[str], object], text: str, later: str) -> None:
    with pytest.raises((AttributeError, TypeError)):
        setattr(make(text), "text", later)
    with pytest.raises(TypeError):
        make(12)  # type: ignore[arg-type]


@each_class
def test_documented(make: Callable[[str], object], text: str, later: str) -> None:
    assert ">>>" in (make.__doc__ or "")


def test_examples_in_docstrings_run() -> None:
    finder, runner = doctest.DocTestFinder(exclude_empty=True), doctest.DocTestRunner()
    examples = 0
    names = {name: getattr(dtc.naming, name) for name in dtc.naming.__all__}
    kinds = [kind for kind in names.values() if isinstance(kind, type)]
    native = [method for kind in kinds for method in vars(kind).items() if method[1].__doc__]
    documented = [(name, kind) for name, kind in names.items()] + [
        (name, getattr(method, "__func__", method)) for name, method in native
    ]
    for name, item in documented:
        test = doctest.DocTestParser().get_doctest(item.__doc__ or "", dict(names), name, None, None)
        examples += len(test.examples)
        runner.run(test)
    for module in (dtc, dtc.naming, dtc.exceptions):
        for test in finder.find(module, module=module):
            examples += len(test.examples)
            runner.run(test)
    assert runner.summarize().failed == 0
    assert examples > 25


def test_version() -> None:
    assert dtc.__version__ == importlib.metadata.version("dtc-backup")
