"""What the package costs a script that only imports it, and that it holds on to nothing however often it is called."""

from __future__ import annotations

import gc
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable

import pytest

from dtc import b2
from dtc.crypt import Keys, Secret, decrypt_bytes, encrypt_bytes
from dtc.exceptions import ValidationError
from dtc.naming import BucketName, LocationUuid

STATUS = pathlib.Path("/proc/self/status")
linux_only = pytest.mark.skipif(not STATUS.exists(), reason="the size of a process is read where Linux tells it")

FULL = os.environ.get("DTC_DEEP") == "1"
"""The quick variant makes 20 000 calls of each kind, the full one a million."""

IMPORT = """
import pathlib, sys, time
def resident():
    return int(next(line for line in pathlib.Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")).split()[1])
size, spent = resident(), time.process_time()
import dtc
print(time.process_time() - spent, resident() - size, sorted(name for name in sys.modules if name.startswith("dtc.") and "_dtc" not in name))
"""

IMPORT_SECONDS = 0.030
IMPORT_KIB = 25 * 1024


def resident_kib() -> int:
    gc.collect()
    return int(next(line for line in STATUS.read_text().splitlines() if line.startswith("VmRSS")).split()[1])


@linux_only
def test_an_import_costs_little_and_loads_no_part() -> None:
    runs = [subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True, timeout=60).stdout for _ in range(5)]
    seconds, kib = (min(float(run.split()[place]) for run in runs) for place in (0, 1))
    assert runs[0].split(maxsplit=2)[2].strip() == "[]"
    assert seconds <= IMPORT_SECONDS, f"{seconds * 1000:.1f} ms of processor time"
    assert kib <= IMPORT_KIB, f"{kib / 1024:.1f} MiB"


def test_a_part_is_there_when_it_is_named() -> None:
    program = "import dtc; print(dtc.naming.__name__, dtc.ExitCode.__name__, hasattr(dtc, 'nothing'), dtc.__version__)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.split()[:3] == ["dtc.naming", "ExitCode", "False"]


KEYS = Keys.derive(password=Secret("correct horse"), salt=Secret("battery staple"))
STORED = encrypt_bytes(KEYS, b"what the box holds")


def name() -> None:
    str(BucketName.compute(LocationUuid("a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9")))


def refused_name() -> None:
    try:
        BucketName("truenas-x")
    except ValidationError:
        return
    raise AssertionError("it is no bucket name")


def opened() -> None:
    decrypt_bytes(KEYS, STORED)


def value() -> None:
    rule = b2.LifecycleRule(file_name_prefix="a/", days_from_hiding_to_deleting=3, unknown={"later": "[1]"})
    hash(rule), repr(rule), rule.to_dict()


GROWTH_KIB = 2048
"""What the allocators may take meanwhile: two bytes for each of a million calls, where a leak of one object is at least sixteen."""


@linux_only
@pytest.mark.parametrize("call", [name, refused_name, opened, value])
def test_a_million_calls_leave_nothing_behind(call: Callable[[], None]) -> None:
    times = 1_000_000 if FULL else 20_000
    for _ in range(times // 10):
        call()
    before = resident_kib()
    for _ in range(times):
        call()
    grown = resident_kib() - before
    print(f"{call.__name__}: {times} calls, {grown:+} KiB")
    assert grown <= GROWTH_KIB


@linux_only
def test_calls_to_the_service_leave_nothing_behind(dtc_b2: b2.Client) -> None:
    times = 10_000 if FULL else 300
    dtc_b2.buckets.create("my-photos")
    dtc_b2.files.upload("my-photos", "a", b"x" * 1000)

    def calls() -> None:
        dtc_b2.buckets.list()
        next(dtc_b2.files.list_names("my-photos"))  # abandoned half-way
        dtc_b2.files.download(b2.Download.by_name("my-photos", "a")).read(5)

    for _ in range(times // 3):
        calls()
    before, objects = resident_kib(), len(gc.get_objects())
    for _ in range(times):
        calls()
    grown = resident_kib() - before
    print(f"b2: {3 * times} calls, {grown:+} KiB")
    assert len(gc.get_objects()) - objects <= 100
    # The simulator is in this process and remembers every request that it answered.
    assert grown <= GROWTH_KIB + 3 * times * 2
