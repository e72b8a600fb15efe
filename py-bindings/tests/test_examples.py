"""The examples do on the simulator what they say."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import runpy
import sys
from collections.abc import Callable, Mapping

import pytest

from dtc import b2, halopsa, ninjaone, provision
from dtc.crypt import Secret
from dtc.simulator import Simulator

EXAMPLES = pathlib.Path(__file__).parents[2] / "examples" / "python"
LOCATION = "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9"
BUCKET = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9"

Main = Callable[[Mapping[str, str]], int]


def example(name: str) -> Main:
    main: Main = runpy.run_path(str(EXAMPLES / f"{name}.py"))["main"]
    return main


@pytest.fixture
def environ(dtc_simulator: Simulator, tmp_path: pathlib.Path) -> dict[str, str]:
    at = dtc_simulator.b2
    return {
        "RMM": "1",
        "RMMScriptPath": str(tmp_path),
        "B2KeyId": at.key_id,
        "B2_APPLICATION_KEY": at.application_key,
        "B2_REALM": at.url,
    }


def test_every_example_is_tested() -> None:
    tested = pathlib.Path(__file__).read_text(encoding="utf-8")
    names = [path.stem for path in EXAMPLES.glob("*.py")]
    assert len(names) == 6 and all(f'example("{name}")' in tested for name in names)


def test_a_bucket_and_its_key(dtc_b2: b2.Client, environ: dict[str, str], tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    main = example("bucket_and_key")
    secret = tmp_path / "secret"
    assert main(environ) == 99
    environ |= {"LOCATION_UUID": LOCATION, "SECRET_FILE": str(secret), "RetentionDays": "14"}
    assert main(environ) == 0
    bucket = dtc_b2.buckets.get(BUCKET)
    assert bucket is not None and bucket.file_lock == b2.FileLock(enabled=True, default_retention=b2.DefaultRetention.compliance(14))
    key_id, application_key = secret.read_text().split()
    with b2.Client(key_id=key_id, application_key=application_key, realm=environ["B2_REALM"]) as appliance:
        appliance.files.upload(BUCKET, "a", b"a")
        assert appliance.account().allowed_buckets == [b2.AllowedBucket(id=bucket.id, name=BUCKET)]
    shown = capsys.readouterr().out + (tmp_path / "logs" / "bucket-and-key.log").read_text()
    assert "[OK]" in shown and application_key not in shown and environ["B2_APPLICATION_KEY"] not in shown
    assert main(environ) == 0
    assert "[OK]" not in capsys.readouterr().out
    assert main({**environ, "LOCATION_UUID": "not one"}) == 99


def test_rules_that_drifted(dtc_b2: b2.Client, environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    main = example("lifecycle_drift")
    rule = b2.LifecycleRule(days_from_hiding_to_deleting=30, days_from_starting_to_canceling_unfinished_large_files=7)
    dtc_b2.buckets.create(BUCKET, lifecycle_rules=[rule])
    dtc_b2.buckets.create(BUCKET[:-1] + "0")
    dtc_b2.buckets.create("somebody-elses")
    assert main(environ) == 2
    assert "APPLY=1 puts them right" in capsys.readouterr().out
    assert main({**environ, "APPLY": "1"}) == 0
    assert main(environ) == 0
    rules = {bucket.name: bucket.lifecycle_rules for bucket in dtc_b2.buckets.list()}
    assert rules == {BUCKET: [rule], BUCKET[:-1] + "0": [rule], "somebody-elses": []}


@pytest.mark.skipif(os.name == "nt", reason="a script is no program on Windows")
def test_an_audit_goes_into_a_field(
    dtc_b2: b2.Client,
    environ: dict[str, str],
    tmp_path: pathlib.Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    main = example("bucket_audit")
    made = dtc_b2.buckets.create(BUCKET, object_lock=True)
    dtc_b2.buckets.update(made, b2.UpdateBucket(default_retention=b2.DefaultRetention.compliance(14)))
    dtc_b2.buckets.create("somebody-elses")
    dtc_b2.files.upload("somebody-elses", "a<b>", b"a")
    assert main(environ) == 2
    assert "<td>compliance, 14 days</td>" in capsys.readouterr().out
    agent = tmp_path / "ninjarmm-cli"
    monkeypatch.setenv("NINJARMMCLI", str(agent))
    agent.write_text(f"#!{sys.executable}\nimport pathlib, sys\npathlib.Path({str(tmp_path)!r}, sys.argv[3]).write_bytes(sys.stdin.buffer.read())\n")
    agent.chmod(0o700)
    assert main({**environ, "CUSTOM_FIELD_AUDIT": "bucketAudit"}) == 2
    field = (tmp_path / "bucketAudit").read_text()
    assert field.startswith("<table><tr><th>Bucket</th>") and "<td>allPrivate</td><td>off</td><td>1</td>" in field


UUIDS = {
    "Linked by number": "5e8b0c7a-93c1-4b7e-8f02-7d5a1c3e9b64",
    "Of one name": "af3051cf-e816-4ac3-9e57-c2af6183e0b9",
    "Of two clients": "6f9c1d8b-a4d2-4c8f-9a13-8e6b2d4fac75",
    "Only in NinjaOne": "7a0d2e9c-b5e3-4d90-8b24-9f7c3e50bd86",
    "Contradicted": "8b1e3fad-c6f4-4ea1-9c35-a08d4f61ce97",
    "Held by another": "2b5e794d-6098-4e4b-9cdf-4a27e90b6831",
    "Of an old version": "1d4f683c-5f87-1d3a-8bce-391fd8fa5720",
    "Linked elsewhere": "4d7a9b6f-82b0-4a6d-9ef1-6c490b2d8a53",
}
HELD = {"Contradicted": "9c2f40be-d705-4fb2-8d46-b19e5072dfa8", "Held by another, renamed": "2B5E794D-6098-4E4B-9CDF-4A27E90B6831"}


def prepare(sim: Simulator, rmm: ninjaone.Client, desk: halopsa.Client) -> None:
    """One case of each kind; in the simulator, a field that takes any text stands for the link."""
    made = {name: rmm.call("create_organization", body={"name": name})["id"] for name in UUIDS}
    made["Without a UUID"] = rmm.call("create_organization", body={"name": "Without a UUID"})["id"]
    for name, uuid in UUIDS.items():
        rmm.organizations.set_custom_fields(made[name], {"dtcOrgGuid": uuid})
    clients = ["Of two clients", "Of two clients", "Contradicted", "Held by another, renamed", "Held by another", "Without a UUID"]
    numbers = {name: sim.add_halo_client(name) for name in [*clients, "Of an old version", "Of one name", "Under another name"]}
    for name, uuid in HELD.items():
        desk.customers.update(numbers[name], {"CFDtcClientGuid": uuid})
    rmm.organizations.set_custom_fields(made["Linked by number"], {"siteContact": str(numbers["Under another name"])})
    # By mistake, to the client of another organisation.
    [harbour] = desk.customers.find("Harbour Dental Group")
    rmm.organizations.set_custom_fields(made["Linked elsewhere"], {"siteContact": str(harbour.id)})


def test_e6_only_what_is_one_clients_for_certain_is_written(dtc_simulator: Simulator, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    main, rmm_at, desk_at = example("guid_sync"), dtc_simulator.ninja, dtc_simulator.halo
    environ = {
        "RMM": "1", "RMMScriptPath": str(tmp_path), "LINK_FIELD": "siteContact",
        "NinjaUrl": rmm_at.url, "NINJA_CLIENT_ID": rmm_at.client_id, "NINJA_CLIENT_SECRET": rmm_at.client_secret,
        "HaloUrl": desk_at.url, "HALO_CLIENT_ID": desk_at.client_id, "HALO_CLIENT_SECRET": desk_at.client_secret,
    }
    rmm = ninjaone.Client(client_id=rmm_at.client_id, client_secret=rmm_at.client_secret, base_url=rmm_at.url)
    desk = halopsa.Client(base_url=desk_at.url, client_id=desk_at.client_id, client_secret=desk_at.client_secret)
    with rmm, desk:
        prepare(dtc_simulator, rmm, desk)

        def held() -> dict[str, str]:
            all = [desk.customers.get(client.id) for client in desk.customers.list()]
            return {f"{one.name}, {one.id}": text for one in all if (text := one.custom_fields.get("CFDtcClientGuid"))}

        before = held()
        assert main({**environ, "HALO_CLIENT_ID": ""}) == 99
        assert main(environ) == 2 and held() == before
        assert "APPLY=1 writes it" in capsys.readouterr().out
        for _ in range(2):
            mark = dtc_simulator.mark()
            assert main({**environ, "APPLY": "1"}) == 0
            new = {name.rpartition(", ")[0] for name in held().keys() - before.keys()}
            assert new >= {"Under another name", "Of one name"} and not new & {"Contradicted", "Of two clients", "Held by another", "Harbour Dental Group"}
        assert not [name for (service, name) in dtc_simulator.calls(mark) if service == "halo" and name.startswith("update")]
        shown = capsys.readouterr().out
        for why in ("2 clients of this name", "no clients of this name", "it has no dtcOrgGuid", "cannot be used", "holds its UUID", "as well", "holds 9c2f40be"):
            assert why in shown, why
        assert rmm_at.client_secret not in shown and desk_at.client_secret not in shown


def site_file(sim: Simulator, path: pathlib.Path) -> None:
    """A site file for the simulator, with its secrets in files beside it."""

    def lines(name: str, table: dict[str, object]) -> list[str]:
        head, below = [f"[{name}]"], []
        for key, value in table.items():
            if isinstance(value, dict):
                below += lines(f"{name}.{key}", value)
            elif isinstance(value, Secret):
                secret = path.with_suffix(f".{name}-{key}")
                secret.write_text(value.expose())
                secret.chmod(0o600)
                head.append(f'{key} = "file:{secret.name}"')
            else:
                head.append(f"{key} = {json.dumps(value)}")
        return [*(head if len(head) > 1 else []), *below]

    text = [line for name, table in sim.site_tables().items() for line in lines(name, table)]
    path.write_text("\n".join(text) + "\n")
    path.chmod(0o600)


def test_a_whole_appliance_with_its_paperwork(sim: Simulator, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    main, papers = example("whole_appliance"), tmp_path / "papers"
    site_file(sim, tmp_path / "site.toml")
    environ = {"RMM": "1", "RMMScriptPath": str(tmp_path), "SITE_FILE": str(tmp_path / "site.toml"), "PAPERS": str(papers), "WaitForDevice": "60"}
    assert main(environ) not in (0, 99)
    asked = capsys.readouterr().out
    bucket = asked.split("CONSENT_TO=")[1].split()[0]
    assert bucket.startswith("truenas-")
    assert main({**environ, "CONSENT_TO": bucket}) == 0
    assert main(environ) == 0
    events = [json.loads(line)["event"] for line in (papers / "journal.ndjson").read_text().splitlines()]
    assert events[0] == "started" and "done" in events
    assert (papers / "plan.txt").read_text().startswith("Plan for ") and "pass" in (papers / "report.html").read_text()
    assert json.loads((papers / "plan.json").read_text())["site"]["organization"] == "Harbour Dental Group"


@pytest.mark.deep
def test_many_appliances_side_by_side(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    main, sites, consents = example("many_appliances"), tmp_path / "sites", []
    sites.mkdir()
    environ = {"RMM": "1", "RMMScriptPath": str(tmp_path), "SITE_FILES": str(sites), "WaitForDevice": "60"}
    with contextlib.ExitStack() as stack:
        for seed in range(3):
            sim = stack.enter_context(Simulator(seed=seed))
            site_file(sim, sites / f"nas{seed}.toml")
            file = provision.SiteFile.read(sites / f"nas{seed}.toml")
            with provision.connect(file, read_only=True) as services:
                questions = services.plan(file.site).questions()
                consents += [question.answer(question.subject).to_dict() for question in questions]
        (sites / "broken.toml").write_text("[site]\n")
        (sites / "broken.toml").chmod(0o600)
        (tmp_path / "consents.json").write_text(json.dumps(consents))
        assert main(environ) == 2
        assert "APPLY=1 does them" in capsys.readouterr().out
        assert main({**environ, "APPLY": "1", "Consents": str(tmp_path / "consents.json")}) == 2
        assert capsys.readouterr().out.count("[OK]") >= 3
        (sites / "broken.toml").unlink()
        assert main(environ) == 0


ROOT = pathlib.Path(__file__).parents[2]


@pytest.mark.parametrize("readme", [ROOT / "README.md", ROOT / "py-bindings" / "README.md"], ids=lambda path: path.parent.name)
def test_what_a_readme_shows_runs(readme: pathlib.Path) -> None:
    blocks = readme.read_text(encoding="utf-8").split("```python\n")[1:]
    assert blocks
    for block in blocks:
        exec(compile(block.split("```")[0], str(readme), "exec"), {"__name__": "readme"})
