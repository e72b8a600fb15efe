"""An appliance that is provisioned on the simulator by the program, for tests of what comes after."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
from typing import Any

from dtc.simulator import Simulator

DTC = os.environ.get("DTC_BIN", "dtc")


def site_of(sim: Simulator) -> dict[str, Any]:
    """What a site file says of the simulator's client."""
    return {
        "site": {
            "organization": "Harbour Dental Group",
            "location": "Main Office",
            "uplink_mbit": 10000,
            "identity_pool": "pool0",
            "ticket": "T-1",
        },
        "b2": {"url": sim.b2.url, "key_id": sim.b2.key_id, "application_key": "env:TEST_B2"},
        "truenas": {"url": sim.truenas.url, "fingerprint": sim.truenas.fingerprint, "api_key": "env:TEST_BOX"},
        "ninjaone": {"url": sim.ninja.url, "client_id": sim.ninja.client_id, "client_secret": "env:TEST_NINJA"},
        "itglue": {"url": sim.itglue.url, "api_key": "env:TEST_VAULT"},
        "waits": {"poll_interval": "10ms"},
        "backoff": {"first": "5ms", "longest": "50ms"},
    }


def secrets_of(sim: Simulator) -> dict[str, str]:
    """The variables that the site's secrets are in."""
    return {
        "TEST_B2": sim.b2.application_key,
        "TEST_BOX": sim.truenas.api_key,
        "TEST_NINJA": sim.ninja.client_secret,
        "TEST_VAULT": sim.itglue.api_key,
    }


def provision(sim: Simulator, folder: pathlib.Path) -> pathlib.Path:
    """Provisions the simulated appliance, runs its first backup, and returns the site file."""
    lines = []
    for table, members in site_of(sim).items():
        lines += [f"[{table}]", *(f"{name} = {json.dumps(value)}" for name, value in members.items())]
    site = folder / "site.toml"
    site.write_text("\n".join(lines) + "\n", encoding="utf-8")
    environ = {**os.environ, **secrets_of(sim)}

    def dtc(*arguments: str, ends_with: int) -> str:
        ended = subprocess.run([DTC, *arguments], cwd=folder, env=environ, capture_output=True, text=True, timeout=300)
        assert ended.returncode == ends_with, ended.stdout + ended.stderr
        return ended.stdout

    planned = json.loads(dtc("plan", "--json", ends_with=2))
    consents = [{"act": consent["act"], "valid_until": "2100-01-01T00:00:00Z"} for consent in planned["consents"]]
    (folder / "consent.json").write_text(json.dumps(consents))
    dtc("apply", "--consent", "consent.json", "--wait", "1m", ends_with=0)
    return site
