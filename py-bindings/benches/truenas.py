"""Calls to a simulated appliance by ``dtc.truenas``, beside a plain ``websocket-client`` loop: ``cargo xtask bench python``.

``python py-bindings/benches/truenas.py [--runs N] [--calls N]`` runs it with the installed package, which should be a release build. Each run is a process of its own;
CPU is user and system time from before the first call to after the last, without imports, connecting and the service; medians are printed.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

BAR = 0.3
"""At most so much of the loop's CPU."""

SERVER = """
import sys
from dtc.simulator import Simulator
with Simulator() as sim:
    at = sim.truenas
    print(at.url, at.fingerprint, at.api_key, flush=True)
    sys.stdin.read()
"""


def ours(url: str, fingerprint: str, key: str) -> Callable[[], object]:
    from dtc.truenas import Client

    nas = Client.connect(url, api_key=key, fingerprint=fingerprint)
    return lambda: nas.call("system.info", reads=True)


def theirs(url: str, fingerprint: str, key: str) -> Callable[[], object]:
    import itertools
    import ssl

    import websocket  # type: ignore[import-untyped]

    socket = websocket.create_connection(f"{url}/api/current", sslopt={"cert_reqs": ssl.CERT_NONE})
    numbers = itertools.count(1)

    def call(method: str, *params: object) -> object:
        socket.send(json.dumps({"jsonrpc": "2.0", "id": next(numbers), "method": method, "params": params}))
        return json.loads(socket.recv())["result"]

    assert call("auth.login_with_api_key", key) is True
    return lambda: call("system.info")


def client(arguments: list[str]) -> None:
    """One run in this process: which client, how many calls, the appliance."""
    whose, calls, *appliance = arguments
    call = {"ours": ours, "theirs": theirs}[whose](*appliance)
    assert call()
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    for _ in range(int(calls)):
        call()
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, "wall": wall}))


def main() -> None:
    if sys.argv[1:2] == ["--client"]:
        return client(sys.argv[2:])
    options = argparse.ArgumentParser()
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--calls", type=int, default=3000)
    chosen = options.parse_args()
    server = subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin is not None and server.stdout is not None
    try:
        appliance = server.stdout.readline().split()
        found: dict[str, list[dict[str, float]]] = {"ours": [], "theirs": []}
        for _ in range(chosen.runs):
            for whose, results in found.items():
                command = [sys.executable, __file__, "--client", whose, str(chosen.calls), *appliance]
                results.append(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout))
        middle = {whose: {what: statistics.median(one[what] for one in results) for what in ("cpu", "wall")} for whose, results in found.items()}
        for whose, title in (("ours", "dtc.truenas"), ("theirs", "websocket-client")):
            each = 1e6 / chosen.calls
            print(f"{title:18} {middle[whose]['cpu'] * each:7.0f} µs of CPU and {middle[whose]['wall'] * each:7.0f} µs a call")
        ratio = middle["ours"]["cpu"] / middle["theirs"]["cpu"]
        print(f"CPU: {ratio:.2f} of the loop's; bar {BAR}: {'met' if ratio <= BAR else 'missed'}")
    finally:
        server.stdin.close()
        server.wait()


if __name__ == "__main__":
    main()
