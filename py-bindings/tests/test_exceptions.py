"""The exceptions that users catch."""

from __future__ import annotations

import builtins
import io
import pathlib
import pickle
import re
from collections.abc import Callable

import pytest

from dtc import ExitCode, exceptions
from dtc.crypt import Catalogue, Filter, Keys, Names, Secret, decrypt_bytes, decrypt_range, encrypt_bytes, reveal
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


KEYS = Keys.derive(password=Secret("correct horse"), salt=Secret("battery staple"))
STORED = encrypt_bytes(KEYS, bytes(200_000))
ANOTHER = Keys.derive(password=Secret("another"))


def at_risk(stored: bytes) -> Callable[[pathlib.Path], object]:
    return lambda _: decrypt_bytes(KEYS, stored, plain_len=200_000)


def restored(change: Callable[[pathlib.Path], object], keys: Keys = KEYS) -> Callable[[pathlib.Path], object]:
    """A catalogue of one file, restored after something was changed in its folder."""

    def restore(folder: pathlib.Path) -> object:
        (folder / "source").mkdir()
        (folder / "source" / "a.txt").write_text("as it was")
        Catalogue(KEYS, Names(), folder / "stored").update(folder / "source")
        change(folder)
        return Catalogue(keys, Names(), folder / "stored").restore(folder / "target")

    return restore


def taken(folder: pathlib.Path) -> None:
    (folder / "target").mkdir()
    (folder / "target" / "a.txt").write_text("mine")


def cut(folder: pathlib.Path) -> None:
    stored = folder / "stored" / "a.txt.bin"
    stored.write_bytes(stored.read_bytes()[:-1])


@pytest.mark.parametrize(
    ("code", "attempt"),
    [
        ("DTC-CRYPT-DATA-AT-RISK", at_risk(STORED[:150_000] + b"\xff" + STORED[150_001:])),
        ("DTC-CRYPT-DATA-AT-RISK", at_risk(STORED[:150_000])),
        ("DTC-CRYPT-DATA-AT-RISK", at_risk(STORED[: 32 + 65_552])),
        ("DTC-CRYPT-DATA-AT-RISK", at_risk(STORED[:20])),
        ("DTC-CRYPT-DATA-AT-RISK", at_risk(b"")),
        ("DTC-CRYPT-DATA-AT-RISK", at_risk(b"never encrypted, and longer than a header")),
        ("DTC-CRYPT-DATA-AT-RISK", lambda _: decrypt_bytes(ANOTHER, STORED)),
        ("DTC-CRYPT-DATA-AT-RISK", restored(cut)),
        ("DTC-CRYPT-DATA-AT-RISK", restored(lambda _: None, ANOTHER)),
        ("DTC-CRYPT-INCOMPLETE", restored(taken)),
        ("DTC-CRYPT-NAME", lambda _: Names(KEYS, encryption="standard").decode("a.txt")),
        ("DTC-CRYPT-NAME", lambda _: Names().decode("a.txt")),
        ("DTC-CRYPT-FILTER", lambda _: Filter("- ***")),
        ("DTC-CRYPT-FILTER", lambda _: Filter.truenas(["***"])),
        ("DTC-CRYPT-RANGE", lambda _: decrypt_range(KEYS, io.BytesIO(STORED), 200_001, 1)),
        ("DTC-CRYPT-PASSWORD", lambda _: Keys.derive(password=Secret(""))),
        ("DTC-RULE-Y1", lambda _: reveal(Secret("not obscured"))),
        ("DTC-RULE-Y1", lambda _: encrypt_bytes(KEYS, b"", nonce=b"short")),
    ],
)
def test_x6_what_goes_wrong_has_the_code_that_the_command_line_gives_it(
    tmp_path: pathlib.Path, code: str, attempt: Callable[[pathlib.Path], object]
) -> None:
    with pytest.raises(DtcError) as raised:
        attempt(tmp_path)
    assert raised.value.code == code and code in listed()
    if getattr(raised.value, "report", None) is None:
        again = pickle.loads(pickle.dumps(raised.value))
        assert (type(again), again.code) == (type(raised.value), code)


def test_the_exit_codes_are_numbers() -> None:
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3, 4, 5, 6, 7, 130]
    assert ExitCode(7) is ExitCode.INCOMPLETE
