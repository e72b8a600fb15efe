"""The exceptions that users catch."""

from __future__ import annotations

import builtins
import pickle

import pytest

from dtc import exceptions
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
