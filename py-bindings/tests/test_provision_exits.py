"""An error of provisioning has the code in Python that the program gives for it, and a script ends as after the program."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
from collections.abc import Callable

import pytest

from dtc import provision, rmm
from dtc.exit_codes import ExitCode
from dtc.provision import Plan, SiteFile
from dtc.simulator import Fault, Simulator
from provisioned import DTC, secrets_of, site_of

Site = dict[str, dict[str, object]]


def written(tables: Site, path: pathlib.Path) -> pathlib.Path:
    lines: list[str] = []
    for table, members in tables.items():
        lines += [f"[{table}]", *(f"{name} = {json.dumps(value)}" for name, value in members.items())]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def absent(sim: Simulator, site: pathlib.Path) -> None:
    site.unlink()


def alterable(sim: Simulator, site: pathlib.Path) -> None:
    site.chmod(0o666)


def invalid(sim: Simulator, site: pathlib.Path) -> None:
    tables = site_of(sim)
    written({**tables, "site": {**tables["site"], "uplink_mbit": 0}}, site)


def in_the_open(sim: Simulator, site: pathlib.Path) -> None:
    tables = site_of(sim)
    written({**tables, "b2": {**tables["b2"], "application_key": "canary-in-the-open"}}, site)


def missing(sim: Simulator, site: pathlib.Path) -> None:
    tables = site_of(sim)
    written({**tables, "b2": {**tables["b2"], "application_key": "env:TEST_UNSET"}}, site)


def other_machine(sim: Simulator, site: pathlib.Path) -> None:
    tables = site_of(sim)
    written({**tables, "truenas": {**tables["truenas"], "fingerprint": "00" * 32}}, site)


def refused_key(sim: Simulator, site: pathlib.Path) -> None:
    sim.fail("b2", "*", Fault.refuse(401, "bad_auth_token"), times=1000)


def without_right(sim: Simulator, site: pathlib.Path) -> None:
    sim.fail("ninja", "*", Fault.refuse(403, "forbidden"), times=1000)


def unknown_client(sim: Simulator, site: pathlib.Path) -> None:
    tables = site_of(sim)
    written({**tables, "site": {**tables["site"], "organization": "Nobody Ltd"}}, site)


@pytest.mark.parametrize(
    "prepare", [absent, alterable, invalid, in_the_open, missing, other_machine, refused_key, without_right, unknown_client]
)
def test_x6_a_script_ends_as_the_program_ends(
    prepare: Callable[[Simulator, pathlib.Path], None], sim: Simulator, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in secrets_of(sim).items():
        monkeypatch.setenv(name, value)
    site = written(site_of(sim), tmp_path / "site.toml")
    prepare(sim, site)
    asked = subprocess.run([DTC, "plan", "--site", site, "--json"], capture_output=True, text=True, timeout=120)
    said = json.loads(asked.stdout)
    with pytest.raises(Exception) as raised:
        file = SiteFile.read(site)
        with provision.connect(file, read_only=True) as services:
            services.plan(file.site)
    assert getattr(raised.value, "code", None) == said["code"], (raised.value, said["error"])
    assert rmm.exit_code(raised.value) is rmm.exit_code(asked.returncode), (raised.value, said)
    assert asked.returncode not in (0, 2) and "canary" not in str(raised.value)


def test_x1b_a_consent_and_a_plan_that_are_refused_end_alike(sim: Simulator, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in secrets_of(sim).items():
        monkeypatch.setenv(name, value)
    site, saved, other = written(site_of(sim), tmp_path / "site.toml"), tmp_path / "plan.json", tmp_path / "other.json"
    other.write_text("{}")
    other.chmod(0o600)
    file = SiteFile.read(site)
    with provision.connect(file) as services:
        plan = services.plan(file.site)
        saved.write_text(plan.to_json())
        saved.chmod(0o600)
        for path, call in ((saved, lambda: services.apply(plan)), (other, lambda: Plan.from_json("{}"))):
            asked = subprocess.run(
                [DTC, "apply", "--site", site, "--plan", path, "--json"], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL
            )
            with pytest.raises(Exception) as raised:
                call()
            assert rmm.exit_code(raised.value) is rmm.exit_code(asked.returncode), (raised.value, asked)
            assert getattr(raised.value, "code", None) == json.loads(asked.stdout)["code"]
            assert asked.returncode in (ExitCode.USAGE, ExitCode.DECISION)
