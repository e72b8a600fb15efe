"""The exceptions that users catch."""

from __future__ import annotations

import builtins
import pathlib
import pickle
import re

import pytest

from dtc import ExitCode, exceptions
from dtc.exceptions import DtcError, ValidationError
from dtc.naming import BucketName


def caught(text: str) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        BucketName(text)
    return caught.value


def test_a_refused_name_tells_its_story() -> None:
    error = caught("truenas-é1b2c3d4e5f670718293a4b5c6d7e8f9")
    assert str(error) == (
        'the bucket name "truenas-é1b2c3d4e5f670718293a4b5c6d7e8f9" breaks rule N2 at character 9: '
        "'é' is not a letter, digit or dash; compute the name from the location's UUID instead of typing it"
    )
    assert (error.rule, error.kind, error.subject) == ("N2", "character", "bucket name")
    assert error.input[slice(*error.span)] == "é"
    assert error.problem in str(error) and error.remedy in str(error)
    assert (error.operation, error.retryable, error.service_code) == (None, False, None)


def test_it_is_a_value_error_and_ours() -> None:
    with pytest.raises(ValueError):
        BucketName("")
    with pytest.raises(DtcError):
        BucketName("")


def test_it_survives_pickling() -> None:
    error = caught("truenas-x")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is ValidationError
    assert (str(again), vars(again)) == (str(error), vars(error))


@pytest.mark.parametrize("name", exceptions.__all__)
def test_the_tree(name: str) -> None:
    kind: type[DtcError] = getattr(exceptions, name)
    assert issubclass(kind, DtcError)
    assert not hasattr(builtins, name), "a star import would hide a builtin"
    assert kind.__doc__
    error = pickle.loads(pickle.dumps(kind("no", "odd")))
    assert (type(error), str(error), error.kind, error.retryable) == (kind, "no", "odd", False)


def listed() -> set[str]:
    """The codes that docs/errors.md lists."""
    text = (pathlib.Path(__file__).parents[2] / "docs" / "errors.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `(DTC-[A-Z0-9-]+)`", text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", exceptions.__all__)
def test_every_code_is_listed(name: str) -> None:
    kind: type[DtcError] = getattr(exceptions, name)
    assert kind("no").code in listed()


def test_a_refused_name_has_its_rules_code() -> None:
    for text, rule in (("truenas-x", "N1"), ("truenas-" + "a" * 50, "N2")):
        error = caught(text)
        assert error.code == f"DTC-RULE-{error.rule}" == f"DTC-RULE-{rule}"
    assert ValidationError("no", rule="E1a").code == "DTC-RULE-E1A"


def test_the_exit_codes_are_numbers() -> None:
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3, 4, 5, 6, 7, 130]
    assert ExitCode(7) is ExitCode.INCOMPLETE
