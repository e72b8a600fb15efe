"""The examples do on the simulator what they say."""

from __future__ import annotations

import os
import pathlib
import runpy
import sys
from collections.abc import Callable, Mapping

import pytest

from dtc import b2
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
    assert len(names) == 3 and all(f'example("{name}")' in tested for name in names)


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


ROOT = pathlib.Path(__file__).parents[2]


@pytest.mark.parametrize("readme", [ROOT / "README.md", ROOT / "py-bindings" / "README.md"], ids=lambda path: path.parent.name)
def test_what_a_readme_shows_runs(readme: pathlib.Path) -> None:
    blocks = readme.read_text(encoding="utf-8").split("```python\n")[1:]
    assert blocks
    for block in blocks:
        exec(compile(block.split("```")[0], str(readme), "exec"), {"__name__": "readme"})
