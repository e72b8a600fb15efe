"""How calls wait, and what can end them: Ctrl-C, a time-out, a closed client, a fork, a cancelled task, the end of the interpreter."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import gc
import io
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dtc import b2
from dtc.b2 import Client, Download, aio
from dtc.exceptions import OutcomeUnknown, TransportError
from dtc.simulator import Fault, Simulator

FOREVER = Fault.stall(datetime.timedelta(hours=1))


def connect(sim: Simulator) -> Client:
    return Client(key_id=sim.b2.key_id, application_key=sim.b2.application_key, realm=sim.b2.url, backoff=(0.001, 0.01))


def connect_async(sim: Simulator) -> aio.Client:
    return aio.Client(key_id=sim.b2.key_id, application_key=sim.b2.application_key, realm=sim.b2.url, backoff=(0.001, 0.01))


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


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.skipif(os.name == "nt", reason="there a process cannot send itself Ctrl-C")
@pytest.mark.parametrize(
    ("operation", "call"),
    [
        ("b2_list_buckets", lambda client: client.buckets.list()),
        ("b2_create_bucket", lambda client: client.buckets.create("my-photos")),
        ("b2_list_file_names", lambda client: next(client.files.list_names("our-photos"))),
        ("b2_upload_file", lambda client: client.files.upload("our-photos", "a", io.BytesIO(b"x"))),
        ("b2_download_file_by_name", lambda client: client.files.download(Download.by_name("our-photos", "b"))),
    ],
)
def test_ctrl_c_ends_a_call(dtc_simulator: Simulator, dtc_b2: Client, operation: str, call: Callable[[Client], Any]) -> None:
    dtc_b2.buckets.create("our-photos")
    dtc_b2.files.upload("our-photos", "b", b"x")
    if operation == "b2_upload_file":
        dtc_simulator.fail("b2", "b2_get_upload_url", FOREVER)
        dtc_simulator.fail("b2", "b2_upload_file", FOREVER)
    else:
        dtc_simulator.fail("b2", operation, FOREVER)
    with once_it_waits(dtc_simulator, interrupt), pytest.raises(KeyboardInterrupt):
        call(dtc_b2)
    dtc_simulator.clear_faults()
    assert [bucket.name for bucket in dtc_b2.buckets.list()][:1]


def test_a_time_out_says_what_became_of_the_call(dtc_simulator: Simulator, dtc_b2: Client) -> None:
    dtc_b2.account()
    dtc_simulator.fail("b2", "b2_list_buckets", FOREVER)
    with pytest.raises(TransportError, match="has not ended within") as read:
        dtc_b2.buckets.list(timeout=0.05)
    assert (read.value.kind, read.value.retryable) == ("timeout", True)
    dtc_simulator.fail("b2", "b2_create_bucket", FOREVER)
    with pytest.raises(OutcomeUnknown) as written:
        dtc_b2.buckets.create("my-photos", timeout=0.05)
    assert (written.value.kind, written.value.unknown_outcome) == ("timeout", True)
    assert dtc_b2.buckets.list(timeout=3600.0) == []


def test_threads_wait_side_by_side(dtc_simulator: Simulator, dtc_b2: Client) -> None:
    dtc_b2.account()
    dtc_simulator.fail("b2", "b2_list_buckets", FOREVER, times=8)
    before = dtc_simulator.requests
    threads = [threading.Thread(target=lambda: dtc_b2.buckets.list()) for _ in range(8)]
    for thread in threads:
        thread.start()
    while dtc_simulator.requests < before + 8:
        pass
    dtc_simulator.advance(datetime.timedelta(hours=1))
    for thread in threads:
        thread.join()


def test_a_closed_client_says_so(dtc_simulator: Simulator) -> None:
    with connect(dtc_simulator) as client:
        client.buckets.create("my-photos")
        files = client.files
    client.close()
    for call in (client.account, client.buckets.list, lambda: files.upload("my-photos", "a", b"")):
        with pytest.raises(RuntimeError, match="the client is closed"):
            call()


def test_a_closed_download_says_so(dtc_b2: Client) -> None:
    dtc_b2.buckets.create("my-photos")
    dtc_b2.files.upload("my-photos", "a", b"content")
    with dtc_b2.files.download(Download.by_name("my-photos", "a")) as answer:
        pass
    with pytest.raises(ValueError, match="closed file"):
        answer.read()


def child(answers: Any, client: Client, listing: b2.FileVersions, sim: Simulator, at: Any) -> None:
    """In a forked child: what the parent made is refused, what is made here works."""
    said = []
    for call in (client.account, lambda: list(listing), lambda: sim.requests, lambda: asyncio.run(later(at))):
        try:
            said.append(str(call()))
        except RuntimeError as error:
            said.append(str(error))
    with Client(key_id=at.key_id, application_key=at.application_key, realm=at.url) as mine:
        said.append(str(len(mine.buckets.list())))
    answers.put(said)


async def later(at: Any) -> str:
    async with aio.Client(key_id=at.key_id, application_key=at.application_key, realm=at.url) as client:
        return str(len(await client.buckets.list()))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_uses_nothing_of_its_parent(dtc_simulator: Simulator, dtc_b2: Client) -> None:
    dtc_b2.buckets.create("my-photos")
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    listing = dtc_b2.files.list_names("my-photos")
    process = context.Process(target=child, args=(answers, dtc_b2, listing, dtc_simulator, dtc_simulator.b2))
    process.start()
    process.join(60)
    alive = process.is_alive()
    if alive:
        process.kill()
    assert not alive, "the child hangs"
    refused, listed, simulated, asynchronous, found = answers.get()
    for text in (refused, listed, simulated):
        assert "before this process was forked" in text
    assert (asynchronous, found) == ("1", "1")
    assert len(dtc_b2.buckets.list()) == 1


def test_what_a_callback_raises_comes_out_and_nothing_leaks(dtc_b2: Client) -> None:
    dtc_b2.buckets.create("my-photos")

    class Callback:
        def __call__(self, step: b2.Progress) -> None:
            raise LookupError("from the callback")

    class Reader:
        def read(self, size: int = -1, /) -> bytes:
            raise LookupError("from the reader")

    class Writer:
        def write(self, data: bytes, /) -> int:
            raise LookupError("from the writer")

    callback, reader, writer = Callback(), Reader(), Writer()
    dtc_b2.files.upload("my-photos", "a", b"content")
    attempts: list[Callable[[], object]] = [
        lambda: dtc_b2.files.upload("my-photos", "b", bytes(11_000_000), part_size=5_000_000, progress=callback),
        lambda: dtc_b2.files.upload("my-photos", "b", reader),
        lambda: dtc_b2.files.download(Download.by_name("my-photos", "a")).write_to(writer),
    ]
    for attempt in attempts:
        with pytest.raises(LookupError, match="from the"):
            attempt()
    gone = [weakref.ref(one) for one in (callback, reader, writer)]
    del callback, reader, writer, attempt, attempts
    gc.collect()
    assert dtc_b2.buckets.list()
    assert [one() for one in gone] == [None, None, None]


def test_a_reader_must_give_bytes_and_not_too_many(dtc_b2: Client) -> None:
    dtc_b2.buckets.create("my-photos")

    class Generous:
        def read(self, size: int = -1, /) -> bytes:
            return bytes(size + 1)

    with pytest.raises(TypeError, match="binary mode"):
        dtc_b2.files.upload("my-photos", "a", io.StringIO("text"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="more than asked for"):
        dtc_b2.files.upload("my-photos", "a", Generous())
    with pytest.raises(FileNotFoundError):
        dtc_b2.files.upload("my-photos", "a", "/there/is/no/such/file")
    with pytest.raises(TypeError):
        dtc_b2.files.upload("my-photos", "a", b"", progress=1)  # type: ignore[arg-type]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have other file names")
def test_a_path_may_hold_any_byte(dtc_b2: Client, tmp_path: Any) -> None:
    dtc_b2.buckets.create("my-photos")
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe")
    with open(path, "wb") as file:
        file.write(b"content")
    dtc_b2.files.upload("my-photos", "a", path)
    dtc_b2.files.save(Download.by_name("my-photos", "a"), path + "\udc80")
    with open(path + "\udc80", "rb") as file:
        assert file.read() == b"content"
    with pytest.raises(UnicodeEncodeError):
        dtc_b2.files.upload("my-photos", "\udcff", b"")


def test_a_callback_may_call_the_client(dtc_b2: Client) -> None:
    dtc_b2.buckets.create("my-photos")
    seen = []

    def callback(step: b2.Progress) -> None:
        seen.append(len(dtc_b2.buckets.list()))

    dtc_b2.files.upload("my-photos", "a", bytes(11_000_000), part_size=5_000_000, progress=callback)
    assert seen and set(seen) == {1}


def test_a_listing_that_is_abandoned_asks_no_more(dtc_simulator: Simulator, dtc_b2: Client) -> None:
    dtc_b2.buckets.create("my-photos")
    for number in range(20):
        dtc_simulator.put("my-photos", f"{number:02}", b"")
    listing = dtc_b2.files.list_names("my-photos", page_size=2)
    next(listing)
    del listing
    dtc_b2.buckets.list()
    assert dtc_simulator.calls()[("b2", "b2_list_file_names")] == 1


def test_many_coroutines_on_one_loop(dtc_simulator: Simulator) -> None:
    async def main() -> list[str]:
        async with connect_async(dtc_simulator) as client:
            await client.buckets.create("my-photos")
            names = [f"{number:02}" for number in range(30)]
            await asyncio.gather(*(client.files.upload("my-photos", name, name.encode()) for name in names))
            task = asyncio.create_task(client.files.download(Download.by_name("my-photos", "07")))
            async with await task as answer:
                assert await answer.read(1) == b"0" and await answer.read() == b"7"
            async with await client.files.download(Download.by_name("my-photos", "08")) as answer:
                assert [piece async for piece in answer] == [b"08"]
            return [version.name async for version in client.files.list_names("my-photos", page_size=7)]

    assert asyncio.run(main()) == [f"{number:02}" for number in range(30)]


def test_a_cancelled_task_cancels_its_call(dtc_simulator: Simulator) -> None:
    async def main() -> None:
        async with connect_async(dtc_simulator) as client:
            await client.account()
            dtc_simulator.fail("b2", "b2_list_buckets", FOREVER)
            before = dtc_simulator.requests
            task = asyncio.create_task(client.buckets.list())
            while dtc_simulator.requests == before:
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            dtc_simulator.fail("b2", "b2_list_buckets", FOREVER)
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.buckets.list(), 0.05)
            dtc_simulator.fail("b2", "b2_list_buckets", FOREVER)
            with pytest.raises(TransportError):
                await client.buckets.list(timeout=0.05)
            assert await client.buckets.list() == []

    asyncio.run(main())
    asyncio.run(main())


def test_a_coroutine_is_awaited_once_in_a_loop(dtc_simulator: Simulator) -> None:
    client = connect_async(dtc_simulator)
    call = client.buckets.list()
    with pytest.raises(RuntimeError, match="no running event loop"):
        call.send(None)
    call.close()

    async def twice() -> None:
        call = client.buckets.list()
        assert await call == []
        with pytest.raises(RuntimeError):
            await call

    asyncio.run(twice())
    never = client.buckets.create("my-photos")
    del never
    assert ("b2", "b2_create_bucket") not in dtc_simulator.calls()


def test_what_asynchronous_calls_raise_comes_out(dtc_simulator: Simulator) -> None:
    async def main() -> None:
        async with connect_async(dtc_simulator) as client:
            await client.buckets.create("my-photos")
            with pytest.raises(LookupError):
                await client.buckets.modify("my-photos", lambda found: {"a": b2.UpdateBucket()}["nothing"])
            with pytest.raises(TransportError):
                dtc_simulator.fail("b2", "b2_list_file_names", Fault.refuse(503, "service_unavailable"), times=99)
                async for _ in client.files.list_names("my-photos"):
                    pass
        with pytest.raises(RuntimeError, match="closed"):
            await client.account()

    asyncio.run(main())


ENDS = """
import sys, threading, datetime
from dtc.b2 import Client
from dtc.simulator import Fault, Simulator
sim = Simulator()
client = Client(key_id=sim.b2.key_id, application_key=sim.b2.application_key, realm=sim.b2.url)
client.account()
sim.fail("b2", "b2_list_buckets", Fault.stall(datetime.timedelta(hours=1)), times=3)
before = sim.requests
for _ in range(3):
    threading.Thread(target=client.buckets.list, daemon=True).start()
while sim.requests < before + 3:
    pass
print("leaves")
"""


def test_the_interpreter_ends_with_calls_under_way() -> None:
    ended = subprocess.run([sys.executable, "-c", ENDS], capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "leaves\n", "")


LEAKS = """
import resource, gc
from dtc import b2
from dtc.b2 import Client
from dtc.simulator import Simulator

def calls(count):
    for _ in range(count):
        rule = b2.LifecycleRule(days_from_hiding_to_deleting=30)
        change = b2.UpdateBucket(lifecycle_rules=[rule], info={"a": "b"})
        change.to_dict(), repr(rule), hash(change), change == change
def waits(count):
    for _ in range(count):
        client.buckets.list()
        list(client.files.list_names("my-photos"))

with Simulator() as sim, Client(key_id=sim.b2.key_id, application_key=sim.b2.application_key, realm=sim.b2.url) as client:
    client.buckets.create("my-photos")
    calls(20_000)
    waits(100)
    warm = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    calls(COUNT)
    waits(100)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(after - warm)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count otherwise")
def test_memory_stays_flat() -> None:
    """Five calls in each round; the deep tests make 10⁶ of them."""
    count = 200_000 if os.environ.get("DTC_DEEP") else 20_000
    program = LEAKS.replace("COUNT", str(count))
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=600, check=False)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) < 4 * 1024, f"{ended.stdout} KiB more after {count} rounds"


def test_importing_takes_no_more_than_it_must() -> None:
    program = "import sys; import dtc; print(sorted({'importlib.metadata', 'asyncio', 'email', 'subprocess', 'dtc.b2'} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert (ended.stdout, ended.stderr) == ("[]\n", "")
