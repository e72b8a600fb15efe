"""No secret comes out of what holds it, by any of the ways in which Python shows a value."""

from __future__ import annotations

import copy
import gc
import inspect
import logging
import pickle
import traceback
from collections.abc import Callable

import pytest
from secret_holders import CANARY, HOLDERS, REFUSED, SPELLINGS, VALUES

from dtc import b2, halopsa, itglue, ninjaone
from dtc.exceptions import DtcError

holders = pytest.mark.parametrize("make", HOLDERS.values(), ids=HOLDERS)
whoever_holds = pytest.mark.parametrize("make", [*HOLDERS.values(), *VALUES.values()], ids=[*HOLDERS, *VALUES])


def assert_silent(*shown: str) -> None:
    for text in shown:
        for spelling in SPELLINGS:
            assert spelling not in text


@whoever_holds
def test_a_holder_shows_nothing(make: Callable[[], object], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    holder = make()
    logging.getLogger("script").warning("made %s %r", holder, holder)
    assert_silent(repr(holder), str(holder), f"{holder}", "%s" % (holder,), repr([holder]), caplog.text, repr(dir(holder)))
    with pytest.raises(TypeError):
        vars(holder)


@holders
def test_a_holder_is_neither_pickled_nor_copied_into_one(make: Callable[[], object]) -> None:
    holder = make()
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps(holder, protocol)
    try:
        again = copy.deepcopy(holder)
    except TypeError:
        return
    assert again is holder


@pytest.mark.parametrize("make", VALUES.values(), ids=VALUES)
def test_a_value_with_a_secret_is_not_pickled(make: Callable[[], object]) -> None:
    value = make()
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps(value, protocol)
    again = copy.deepcopy(value)
    assert again == value
    assert_silent(repr(again), repr(getattr(again, "to_dict")()))


@whoever_holds
def test_a_traceback_with_its_locals_shows_nothing(make: Callable[[], object]) -> None:
    def script() -> None:
        holder = make()
        raise LookupError(f"with {holder}")

    with pytest.raises(LookupError) as raised:
        script()
    assert_silent(*traceback.TracebackException.from_exception(raised.value, capture_locals=True).format())


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_an_error_shows_nothing(call: Callable[[], object], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(DtcError) as raised:
        call()
    error: BaseException | None = raised.value
    logging.getLogger("script").error("failed", exc_info=raised.value)
    # The registry names the canary in its own source, so that the lines of code are left out, and the locals are not.
    shown = [caplog.text.replace("CANARY", "")]
    while error is not None:
        for frame in traceback.walk_tb(error.__traceback__):
            shown += [repr(value) for name, value in frame[0].f_locals.items() if name not in ("SPELLINGS", "CANARY")]
        shown += [str(error), repr(error), repr(error.args), repr(vars(error)), pickle.dumps(error).decode("latin1")]
        error = error.__cause__ or error.__context__
    assert_silent(*shown)


@holders
def test_the_garbage_collector_finds_nothing(make: Callable[[], object]) -> None:
    holder = make()
    for found in gc.get_referents(holder):
        assert found is type(holder) or CANARY not in repr(found)
    for found in gc.get_objects():
        if type(found) in (list, tuple, set) and any(type(one) is str and one == CANARY for one in found):
            # Constants of the registry's own code, and this test's own lists.
            assert found is SPELLINGS or inspect.iscode(next(iter(gc.get_referrers(found)), None)) or CANARY in found[:1]


def test_every_class_that_takes_a_secret_is_listed() -> None:
    taking = set()
    for module in (b2, halopsa, itglue, ninjaone):
        for kind in vars(module).values():
            if inspect.isclass(kind) and not issubclass(kind, Exception):
                try:
                    names = set(inspect.signature(kind).parameters)
                except (TypeError, ValueError):
                    continue
                if names & {"api_key", "application_key", "client_secret", "signing_secret", "token"}:
                    taking.add(f"{module.__name__.removeprefix('dtc.')}.{kind.__name__}")
    assert taking and taking <= set(HOLDERS)
