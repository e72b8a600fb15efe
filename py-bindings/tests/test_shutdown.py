"""The interpreter ends, or is interrupted, while transfers are under way: neither hangs, neither panics."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

BEGIN = """
import datetime, io, os, sys, threading
from dtc import b2
from dtc.simulator import Fault, Simulator
sim = Simulator()
client = b2.Client(key_id=sim.b2.key_id, application_key=sim.b2.application_key, realm=sim.b2.url)
client.buckets.create("my-photos")
client.files.upload("my-photos", "a", b"x" * 100_000)
sim.fail("b2", "b2_upload_file", Fault.stall(datetime.timedelta(hours=1)), times=9)
before = sim.requests
def transfer():
    client.files.upload("my-photos", "b", io.BytesIO(b"y" * 100_000))
def begun():
    while sim.requests < before + 1:
        pass
"""

ENDS = {
    "daemon threads at the end": "threading.Thread(target=transfer, daemon=True).start(); begun()",
    "sys.exit": "threading.Thread(target=transfer, daemon=True).start(); begun(); sys.exit(0)",
    "an answer half read": "answer = client.files.download(b2.Download.by_name('my-photos', 'a')); answer.read(5)",
    "a listing half read": "names = client.files.list_names('my-photos'); next(names)",
    "a listing in a generator": "g = (f.name for f in client.files.list_names('my-photos')); next(g)",
    "asyncio.run abandons a transfer": """
import asyncio
async def main():
    async with b2.aio.Client(key_id=sim.b2.key_id, application_key=sim.b2.application_key, realm=sim.b2.url) as other:
        asyncio.ensure_future(other.files.upload("my-photos", "c", b"z" * 100_000))
        while sim.requests < before + 1:
            await asyncio.sleep(0)
asyncio.run(main())
""",
}

LIMIT = 30.0
"""A hang is an hour's stall; this only bounds how long it is waited for."""


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_the_interpreter_ends_with_transfers_under_way(end: str) -> None:
    ran = subprocess.run([sys.executable, "-c", BEGIN + end], capture_output=True, text=True, timeout=LIMIT, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "panick" not in ran.stderr and "Fatal Python error" not in ran.stderr


@pytest.mark.skipif(os.name == "nt", reason="there a process cannot be sent Ctrl-C alone")
@pytest.mark.parametrize("requests", range(9))
def test_ctrl_c_at_any_request_ends_the_script(requests: int) -> None:
    """Sent by a thread as soon as so many requests have come, wherever the call is by then."""
    script = f"""
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
sim.clear_faults()
def interrupt():
    while sim.requests < before + {requests}:
        pass
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt, daemon=True).start()
while True:
    client.files.upload("my-photos", "b", io.BytesIO(b"y" * 1000))
    list(client.files.list_versions("my-photos"))
    client.files.download(b2.Download.by_name("my-photos", "b")).read()
"""
    ran = subprocess.run([sys.executable, "-c", BEGIN + script], capture_output=True, text=True, timeout=LIMIT, check=False)
    assert "KeyboardInterrupt" in ran.stderr and "panick" not in ran.stderr, ran.stderr
