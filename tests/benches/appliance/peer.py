"""The calls of `cargo xtask bench truenas` by websocket-client, the package that TrueNAS's own client is built on."""

import json
import os
import ssl
import sys
import time

import websocket

calls, at_once = int(sys.argv[1]), int(sys.argv[2])
url = os.environ["DTC_BENCH_URL"] + "/api/current"
# The appliance's certificate is its own; our side pins it, which costs as much as not looking at it.
socket = websocket.create_connection(url, sslopt={"cert_reqs": ssl.CERT_NONE, "check_hostname": False})


def send(number: int, method: str, params: list[str]) -> None:
    socket.send(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}))


def receive() -> object:
    answer = json.loads(socket.recv())
    return answer["result"]


send(0, "auth.login_with_api_key", [os.environ["DTC_BENCH_KEY"]])
if receive() is not True:
    sys.exit("not logged in")

started, used = time.perf_counter(), time.process_time()
for number in range(calls + at_once):
    if number >= at_once:
        receive()
    if number < calls:
        send(number, "system.info", [])
print(time.perf_counter() - started, time.process_time() - used)
