"""How calls to an appliance wait, and what can end them: Ctrl-C, a time-out, a closed client, a fork, a cancelled task."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dtc import truenas
from dtc.exceptions import OutcomeUnknown, TransportError
from dtc.simulator import Fault, Simulator
from dtc.truenas import Client, aio

FOREVER = Fault.stall(datetime.timedelta(hours=1))


@pytest.fixture
def nas(dtc_simulator: Simulator) -> Iterator[Client]:
    at = dtc_simulator.truenas
    with Client.connect(at.url, api_key=at.api_key, fingerprint=at.fingerprint, backoff=(0.001, 0.01)) as client:
        yield client


@contextlib.contextmanager
def once_it_waits(sim: Simulator, act: Callable[[], None]) -> Iterator[None]:
    """Acts from another thread as soon as another request has come, which needs the interpreter: whoever waits has released it."""
    before = sim.requests

    def watch() -> None:
        while sim.requests == before:
            pass
        act()

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        watcher.join()


@pytest.mark.skipif(os.name == "nt", reason="there a process cannot send itself Ctrl-C")
@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("pool.query", lambda nas: nas.pools.list()),
        ("system.state", lambda nas: nas.call("system.state", reads=True)),
        ("pool.dataset.create", lambda nas: nas.datasets.create(truenas.CreateDataset(id="pool0/a"))),
    ],
)
def test_ctrl_c_ends_a_call(dtc_simulator: Simulator, nas: Client, operation: str, call: Callable[[Client], object]) -> None:
    dtc_simulator.fail("truenas", operation, FOREVER)
    with once_it_waits(dtc_simulator, lambda: os.kill(os.getpid(), signal.SIGINT)), pytest.raises(KeyboardInterrupt):
        call(nas)
    dtc_simulator.clear_faults()
    assert nas.pools.list()


def test_a_time_out_says_what_became_of_the_call(dtc_simulator: Simulator, nas: Client) -> None:
    dtc_simulator.fail("truenas", "pool.query", FOREVER)
    with pytest.raises(TransportError, match="has not ended within") as read:
        nas.pools.list(timeout=0.05)
    assert (read.value.kind, read.value.operation) == ("timeout", "pool.query")
    dtc_simulator.fail("truenas", "pool.dataset.create", FOREVER)
    with pytest.raises(OutcomeUnknown):
        nas.datasets.create(truenas.CreateDataset(id="pool0/a"), timeout=0.05)
    dtc_simulator.fail("truenas", "pool.dataset.delete", FOREVER)
    with pytest.raises(OutcomeUnknown):
        nas.call("pool.dataset.delete", ["pool0/a"], timeout=0.05)


def test_an_answer_that_is_lost_is_asked_for_again_or_of_unknown_outcome(dtc_simulator: Simulator, nas: Client) -> None:
    dtc_simulator.fail("truenas", "pool.query", Fault.drop_connection())
    assert nas.pools.list()[0].name == "pool0"
    dtc_simulator.fail("truenas", "pool.dataset.create", Fault.drop_connection(), after_effect=True)
    with pytest.raises(OutcomeUnknown) as unknown:
        nas.datasets.create(truenas.CreateDataset(id="pool0/lost"))
    assert (unknown.value.kind, unknown.value.unknown_outcome) == ("outcome_unknown", True)
    assert nas.datasets.get("pool0/lost").id == "pool0/lost"


def test_waits_are_told_and_what_a_callback_raises_comes_out(dtc_simulator: Simulator) -> None:
    at = dtc_simulator.truenas
    waits = []

    def listen(wait: Any) -> None:
        waits.append(wait)
        raise LookupError("from the callback")

    with Client.connect(at.url, api_key=at.api_key, fingerprint=at.fingerprint, backoff=(0.001, 0.01), on_wait=listen) as nas:
        dtc_simulator.fail("truenas", "pool.query", Fault.drop_connection())
        with pytest.raises(LookupError):
            nas.pools.list()
    assert [wait.operation for wait in waits] == ["pool.query"]


def test_threads_share_a_connection(dtc_simulator: Simulator, nas: Client) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(nas.pools.list()[0].name)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["pool0"] * 8


def test_a_closed_client_says_so(dtc_simulator: Simulator) -> None:
    at = dtc_simulator.truenas
    with Client.connect(at.url, api_key=at.api_key, fingerprint=at.fingerprint) as nas:
        pools = nas.pools
    for call in (pools.list, nas.ping, lambda: nas.call("system.state"), lambda: nas.changes("pool.query"), lambda: nas.release):
        with pytest.raises(RuntimeError, match="the client is closed"):
            call()


def child(answers: Any, nas: Client, rows: Any, at: Any) -> None:
    """In a forked child: what the parent made is refused, what is made here works."""
    said = []
    for call in (nas.pools.list, lambda: next(rows)):
        try:
            said.append(str(call()))
        except RuntimeError as error:
            said.append(str(error))
    with Client.connect(at.url, api_key=at.api_key, fingerprint=at.fingerprint) as mine:
        said.append(mine.pools.list()[0].name)
    answers.put(said)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_uses_nothing_of_its_parent(dtc_simulator: Simulator, nas: Client) -> None:
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    process = context.Process(target=child, args=(answers, nas, nas.rows("pool.query"), dtc_simulator.truenas))
    process.start()
    process.join(60)
    alive = process.is_alive()
    if alive:
        process.kill()
    assert not alive, "the child hangs"
    refused, iterated, found = answers.get()
    assert "before this process was forked" in refused and "before this process was forked" in iterated
    assert found == "pool0" and nas.pools.list()


def test_a_cancelled_task_cancels_its_call(dtc_simulator: Simulator) -> None:
    async def script() -> None:
        at = dtc_simulator.truenas
        async with await aio.Client.connect(at.url, api_key=at.api_key, fingerprint=at.fingerprint) as nas:
            dtc_simulator.fail("truenas", "pool.query", FOREVER)
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(nas.pools.list(), 0.05)
            assert await nas.system.is_ready()

    asyncio.run(script())
