"""Whole replications between two simulated appliances (R1-R6)."""

from __future__ import annotations

import asyncio
import doctest
import json
import pathlib
import pickle
import traceback
from collections.abc import Iterator
from typing import Any

import pytest

from dtc import provision, replication
from dtc.crypt import Secret
from dtc.exceptions import Refused, ValidationError
from dtc.provision import SiteFile
from dtc.replication import Ends, Plan, Replication, aio
from dtc.simulator import Simulator

GUIDS = ["3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083", "7f2b91c4-05de-4a63-b1f8-2c9d40e6a715"]
PASSPHRASE = "canary horse battery"
KEY = "0123456789abcdef" * 4


def two(release: str = "25.10", other: str = "25.10", **key: str) -> Simulator:
    """Two appliances that have a Device GUID each, and an encrypted dataset with a snapshot on the first."""
    sim = Simulator(seed=7, release=release, appliances={"offsite": other})
    for box, guid in zip((sim.appliance(), sim.appliance("offsite")), GUIDS):
        box.set_user_property("pool0", "com.dtctoday:device-guid", guid)
    if key:
        sim.appliance().encrypt_dataset("pool0/docs", **key)
    sim.appliance().take_snapshots("pool0/docs", replication.SCHEMA)
    return sim


@pytest.fixture
def boxes() -> Iterator[Simulator]:
    with two(key=KEY) as sim:
        yield sim


def wanted(sim: Simulator, **choices: object) -> Replication:
    return Replication(
        "offsite copy", from_="main", to="offsite", direction="pull", sources=["pool0/docs"], destination="pool1/site/docs",
        host=sim.appliance().address, **choices,
    )


def consents_to(plan: Plan) -> list[provision.RecordedConsent]:
    return [question.answer(question.subject) for question in plan.questions()]


def replicated(ends: Ends) -> replication.Report:
    plan = ends.plan()
    return ends.apply(plan, consents=consents_to(plan))


@pytest.mark.parametrize("releases", [("25.10", "25.10"), ("13.3", "25.10")], ids=["SCALE", "CORE"])
def test_r6_a_whole_replication_and_a_second_run_has_nothing_to_do(releases: tuple[str, str]) -> None:
    with two(*releases, key=KEY) as sim:
        file = SiteFile.from_dict(sim.site_tables())
        with replication.connect(file, wanted(sim)) as ends:
            assert ends.replication == wanted(sim)
            plan = ends.plan(ends.observe())
            assert not plan.is_empty and plan == ends.plan() and plan.snapshots.eligible > 0
            plan.against(ends.plan())
            kinds = [question.kind for question in plan.questions()]
            assert len(kinds) == len(set(kinds)) == 2
            told: list[provision.Event] = []
            report = ends.apply(plan, consents=consents_to(plan), on_event=told.append)
            assert {event.event for event in told} >= {"started", "done"}
            opens = report.item("opens")
            assert opens is not None and opens.verdict == "pass", report
            assert ends.plan().is_empty and ends.plan().questions() == []
            with pytest.raises(Refused) as stale:
                ends.apply(plan, consents=consents_to(plan))
            assert stale.value.code == "DTC-PLAN-STALE"
            unlocked = ends.unlock()
            assert unlocked.outcome == "as_it_should_be" and not unlocked.failed
            assert ends.verify().item("files") is not None and pickle.loads(pickle.dumps(report)) == report


def test_x1b_nothing_is_written_without_consent(boxes: Simulator) -> None:
    file = SiteFile.from_dict(boxes.site_tables())
    with replication.connect(file, wanted(boxes)) as ends:
        plan = ends.plan()
        with pytest.raises(Refused) as missing:
            ends.apply(plan)
        assert missing.value.code == "DTC-CONSENT-MISSING"
        assert ends.plan() == plan
    with replication.connect(file, wanted(boxes), read_only=True) as ends:
        for call in (lambda: ends.apply(plan, consents=consents_to(plan)), ends.unlock):
            with pytest.raises(Refused, match="read-only"):
                call()
    with pytest.raises(RuntimeError):
        ends.plan()


def test_r5_a_passphrase_is_given_as_a_source_or_a_secret_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DTC_TEST_PASSPHRASE", PASSPHRASE)
    for given in ("env:DTC_TEST_PASSPHRASE", Secret(PASSPHRASE)):
        with two(passphrase=PASSPHRASE) as sim:
            table = {**wanted(sim).to_dict(), "passphrases": {"pool0/docs": given}}
            file = SiteFile.from_dict({**sim.site_tables(), "replication": [table]})
            assert file.replications == [wanted(sim)] and PASSPHRASE not in repr(file)
            with replication.connect(file) as ends:
                report = replicated(ends)
                assert report.unknown_keys == [], report
                assert PASSPHRASE not in repr(ends) + repr(report)
            with replication.connect(file, "offsite copy", passphrases={"pool0/docs": Secret(PASSPHRASE)}) as ends:
                assert ends.plan().is_empty
            with pytest.raises(ValidationError) as raised:
                replication.connect(file, passphrases={"pool0/docs": PASSPHRASE})
            assert PASSPHRASE not in "".join(traceback.format_exception_only(raised.value))


def test_r3_a_replication_is_a_value() -> None:
    with two() as sim:
        one = wanted(sim, keep="90 days", schedule="0 2 * * *", encryption="key", key_location="/mnt/pool1/key")
    assert (one.name, one.from_, one.to, one.direction, one.sources) == ("offsite copy", "main", "offsite", "pull", ["pool0/docs"])
    assert (one.keep, one.schedule, one.encryption, one.key_location) == ("90 days", "0 2 * * *", "key", "/mnt/pool1/key")
    assert one.recursive and one.properties and one.remote_user == "root" and one.host_key is None
    assert pickle.loads(pickle.dumps(one)) == one == Replication.from_dict(one.to_dict()) and hash(one) == hash(Replication.from_dict(one.to_dict()))
    assert eval(repr(one), {"Replication": Replication}) == one
    changes: list[tuple[str, dict[str, Any]]] = [
        ("keep", {"keep": "a while"}), ("direction", {"direction": "sideways"}), ("sources", {"sources": []}),
        ("host_key", {"host_key": "SHA256:short"}), ("schedule", {"schedule": "daily"}), ("allow_from_scratch", {"allow_from_scratch": True}),
    ]
    for field, change in changes:
        with pytest.raises(ValidationError) as raised:
            Replication.from_dict({**one.to_dict(), **change})
        assert field in raised.value.subject or field in str(raised.value)
    for passphrase in ("env:X", Secret(PASSPHRASE)):
        with pytest.raises(ValidationError) as raised:
            Replication.from_dict({**one.to_dict(), "encryption": "passphrase", "passphrase": passphrase})
        assert PASSPHRASE not in str(raised.value)


def test_r3_snapshot_tasks_and_the_wizards_name() -> None:
    table = {"from": "main", "to": "offsite", "direction": "push", "sources": ["pool0/docs"], "destination": "pool1/docs"}
    one = Replication.from_dict({**table, "snapshot_tasks": [3]})
    assert (one.name, one.snapshot_tasks, one.schema) == ("pool0/docs - pool1/docs", [3], None)
    assert pickle.loads(pickle.dumps(one)) == one == Replication.from_dict(one.to_dict())
    assert Replication.from_dict(table).schema == replication.SCHEMA and Replication.from_dict(table).snapshot_tasks is None
    change: dict[str, Any]
    for change in ({"direction": "pull", "snapshot_tasks": [3]}, {"snapshot_tasks": []}):
        with pytest.raises(ValidationError) as raised:
            Replication.from_dict({**table, **change})
        assert "snapshot_tasks" in raised.value.subject


def test_r5_a_key_of_digits_is_given_and_r6_a_key_file_opens(tmp_path: pathlib.Path) -> None:
    with two(key=KEY) as sim:
        file = SiteFile.from_dict(sim.site_tables())
        with replication.connect(file, wanted(sim)) as ends:
            replicated(ends)
            path = tmp_path / "keys.json"
            path.write_text(json.dumps({"pool0/docs": KEY}), encoding="utf-8")
            path.chmod(0o600)
            opened = ends.unlock(key_file=path)
            assert opened.outcome == "as_it_should_be" and "pool1/site/docs" in opened.unlocked, opened
            path.write_text("{}", encoding="utf-8")
            with pytest.raises(Refused, match="no key"):
                ends.unlock(key_file=path)
    with two() as sim:
        file = SiteFile.from_dict(sim.site_tables())
        with replication.connect(file, wanted(sim, encryption="key"), key=Secret(KEY[1:])) as ends:
            with pytest.raises(Refused, match="64 hexadecimal digits"):
                ends.plan()
        with replication.connect(file, wanted(sim, encryption="key"), key=Secret(KEY)) as ends:
            opens = replicated(ends).item("opens")
            assert opens is not None and opens.verdict == "pass"


def test_x2_an_appliance_or_a_replication_that_is_not_there_is_named(boxes: Simulator) -> None:
    file = SiteFile.from_dict(boxes.site_tables())
    for name in (None, "offsite copy"):
        with pytest.raises(ValidationError, match="no replication"):
            replication.connect(file, name)
    elsewhere = Replication.from_dict({**wanted(boxes).to_dict(), "to": "nowhere"})
    with pytest.raises(ValidationError, match="nowhere"):
        replication.connect(file, elsewhere)


def test_what_a_callback_raises_ends_the_apply_and_the_next_run_finishes(boxes: Simulator) -> None:
    file = SiteFile.from_dict(boxes.site_tables())

    def stop(event: provision.Event) -> None:
        if event.event == "done":
            raise LookupError("enough")

    with replication.connect(file, wanted(boxes)) as ends:
        plan = ends.plan()
        with pytest.raises(LookupError, match="enough"):
            ends.apply(plan, consents=consents_to(plan), on_event=stop)
        replicated(ends)
        assert ends.plan().is_empty


def test_asyncio_has_the_same_calls(boxes: Simulator) -> None:
    file = SiteFile.from_dict(boxes.site_tables())

    async def main() -> bool:
        async with await aio.connect(file, wanted(boxes)) as ends:
            plan = await ends.plan(await ends.observe())
            await ends.apply(plan, consents=consents_to(plan))
            await ends.unlock()
            report = await ends.verify()
            opens = report.item("opens")
            return opens is not None and opens.verdict == "pass"

    assert asyncio.run(main())


def test_the_examples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(replication, raise_on_error=False).failed == 0
