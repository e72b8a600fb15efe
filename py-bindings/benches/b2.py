"""``dtc.b2`` beside b2sdk against the same simulated service, each run a process of its own: ``cargo xtask bench python``.

``python py-bindings/benches/b2.py [--runs N] [--only TASK]`` runs it with the installed package, which should be a release build. CPU is
user and system time of the client's process from before the task to after it, without imports and without the service; medians are printed.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

BUCKET = "benches-of-ours"
LARGE = 512 * 2**20
SMALL, SMALL_BYTES = 2000, 4096
LISTED = 100_000
ROWS = 10_000
THREADS = 10

SERVER = """
import sys
from dtc.simulator import Simulator
with Simulator() as sim:
    print(sim.b2.url, sim.b2.key_id, sim.b2.application_key, flush=True)
    sys.stdin.read()
"""

Task = Callable[[pathlib.Path], None]


def in_threads(work: Callable[[int], object]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(SMALL)))


def ours(url: str, key_id: str, key: str) -> dict[str, Task]:
    from dtc import b2

    client = b2.Client(key_id=key_id, application_key=key, realm=url)
    client.account()
    files = client.files

    def listing(_: pathlib.Path) -> None:
        found = sum(1 for _ in files.list_versions(BUCKET, page_size=ROWS))
        assert found >= LISTED, found

    return {
        "large-up": lambda at: void(files.upload(BUCKET, "large", at / "large")),
        "large-down": lambda at: void(files.save(b2.Download.by_name(BUCKET, "large"), at / "back")),
        "small-up": lambda _: in_threads(lambda n: files.upload(BUCKET, f"small/{n}", b"x" * SMALL_BYTES)),
        "small-down": lambda _: in_threads(lambda n: files.download(b2.Download.by_name(BUCKET, f"small/{n}")).read()),
        "listing": listing,
    }


def theirs(url: str, key_id: str, key: str) -> dict[str, Task]:
    from b2sdk.v2 import B2Api, InMemoryAccountInfo

    api = B2Api(InMemoryAccountInfo())
    api.authorize_account(url, key_id, key)
    bucket = api.get_bucket_by_name(BUCKET)

    def small_down(number: int) -> None:
        import io

        into = io.BytesIO()
        bucket.download_file_by_name(f"small/{number}").save(into)
        assert into.tell() == SMALL_BYTES

    def listing(_: pathlib.Path) -> None:
        found = sum(1 for _ in bucket.ls(recursive=True, latest_only=False, fetch_count=ROWS))
        assert found >= LISTED, found

    return {
        "large-up": lambda at: void(bucket.upload_local_file(str(at / "large"), "large")),
        "large-down": lambda at: void(bucket.download_file_by_name("large").save_to(str(at / "back"))),
        "small-up": lambda _: in_threads(lambda n: bucket.upload_bytes(b"x" * SMALL_BYTES, f"small/{n}")),
        "small-down": lambda _: in_threads(small_down),
        "listing": listing,
    }


def void(_: object) -> None:
    return None


def client(arguments: list[str]) -> None:
    """One run in this process: which client, which task, the folder, the service."""
    whose, task, folder, *service = arguments
    run = {"ours": ours, "theirs": theirs}[whose](*service)[task]
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    run(pathlib.Path(folder))
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"cpu": cpu, "wall": wall, "mib": after.ru_maxrss / 1024}))


def measured(whose: str, task: str, folder: pathlib.Path, service: list[str]) -> dict[str, float]:
    command = [sys.executable, __file__, "--client", whose, task, str(folder), *service]
    answer: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return answer


def prepare(folder: pathlib.Path, service: list[str], tasks: list[str]) -> None:
    from dtc import b2

    url, key_id, key = service
    at = b2.Client(key_id=key_id, application_key=key, realm=url)
    at.buckets.create(BUCKET)
    if {"large-up", "large-down"} & set(tasks):
        (folder / "large").write_bytes(os.urandom(2**20) * (LARGE // 2**20))
        at.files.upload(BUCKET, "large", folder / "large")
    if "small-down" in tasks:
        in_threads(lambda n: at.files.upload(BUCKET, f"small/{n}", b"x" * SMALL_BYTES))
    if "listing" in tasks:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda n: at.files.upload(BUCKET, f"listed/{n:06}", b""), range(LISTED)))


BARS: dict[str, tuple[float, float | None]] = {
    "large-up": (0.55, 0.9),
    "large-down": (0.55, 0.9),
    "small-up": (0.55, 0.9),
    "small-down": (0.55, 0.9),
    "listing": (0.3, None),
}
"""At most so much of b2sdk's CPU, and of its wall time."""


def row(task: str, runs: int, folder: pathlib.Path, service: list[str]) -> None:
    found: dict[str, list[dict[str, float]]] = {"ours": [], "theirs": []}
    for _ in range(runs):
        for whose, results in found.items():
            results.append(measured(whose, task, folder, service))

    def median(whose: str, what: str) -> float:
        return statistics.median(result[what] for result in found[whose])

    shown: list[Any] = [f"{median(whose, what):.2f}" for whose in found for what in ("cpu", "wall", "mib")]
    ratios = [median("ours", what) / median("theirs", what) for what in ("cpu", "wall")]
    met = all(bar is None or ratio <= bar for ratio, bar in zip(ratios, BARS[task], strict=True))
    print(f"| {task} | {' · '.join(shown[:3])} | {' · '.join(shown[3:])} | {ratios[0]:.2f} | {ratios[1]:.2f} | {'met' if met else 'missed'} |", flush=True)


def main() -> None:
    if sys.argv[1:2] == ["--client"]:
        return client(sys.argv[2:])
    options = argparse.ArgumentParser()
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--only", choices=list(BARS))
    options.add_argument("--folder", type=pathlib.Path)
    chosen = options.parse_args()
    tasks = [chosen.only] if chosen.only else list(BARS)
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin is not None and server.stdout is not None
    try:
        service = server.stdout.readline().split()
        with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
            prepare(pathlib.Path(folder), service, tasks)
            print("| | dtc.b2: CPU s, wall s, MiB | b2sdk | CPU ratio | wall ratio | bar |\n| --- | --- | --- | --- | --- | --- |")
            for task in tasks:
                row(task, chosen.runs, pathlib.Path(folder), service)
    finally:
        server.stdin.close()
        server.wait()


if __name__ == "__main__":
    main()
