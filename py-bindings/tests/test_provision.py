"""Whole provisions on the simulator, on CORE and on SCALE, and what may end one."""

from __future__ import annotations

import asyncio
import datetime
import doctest
import gc
import json
import logging
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import traceback

import pytest

from dtc import b2, provision
from dtc.crypt import Secret
from dtc.exceptions import AuthError, DtcError, Refused, TransportError, ValidationError
from dtc.provision import Plan, Report, Services, Site, SiteFile, aio
from dtc.simulator import Fault, Simulator


def consents_to(plan: Plan) -> list[provision.RecordedConsent]:
    return [question.answer(question.subject) for question in plan.questions()]


def provisioned(services: Services, site: Site) -> provision.Completion:
    plan = services.plan(site)
    return services.apply(plan, consents=consents_to(plan))


@pytest.mark.parametrize(
    "release", [pytest.param("13.3", id="CORE", marks=pytest.mark.deep), pytest.param("25.10", id="SCALE")]
)
def test_x1_a_whole_provision_and_a_second_run_has_nothing_to_do(release: str) -> None:
    with Simulator(seed=11, release=release) as sim:
        file = SiteFile.from_dict(sim.site_tables())
        with provision.connect(file, wait_for_device=60) as services:
            plan = services.plan(file.site)
            assert not plan.is_empty and plan.bucket_name.startswith("truenas-")
            told: list[provision.Event] = []
            done = services.apply(plan, consents=consents_to(plan), on_event=told.append)
            assert done.report is not None and done.report.passed, done.report
            assert {event.event for event in told} >= {"started", "done"} and done.withheld == []
            assert all(event.at.tzinfo is not None and event.to_dict()["event"] == event.event for event in told)
            again = services.plan(file.site)
            assert again.is_empty and again.questions() == [] and str(again).endswith("as the standard wants them.")
            assert plan.diff(again) != [] and again.diff(again) == []
            mark = sim.mark()
            report = services.verify(file.site)
            assert report.outcome == "as_it_should_be" and report.summary.split()[1] == "passed,"
            recoverable = report.item("recoverable")
            assert recoverable is not None and recoverable.verdict == "pass" and recoverable.evidence
            assert [sample.opens for pool in report.proofs for sample in pool.samples] and not report.unread
            assert not any(operation.startswith(("b2_create", "b2_update")) for _, operation in sim.calls(mark))
            proofs = services.recall(again)
            assert [proof.kind for proof in proofs] == ["application_key", "encryption_secrets", "snmp_secrets"]
            assert all(proof.device_guid == plan.device_guid for proof in proofs)


def test_x1_a_plan_is_a_value(sim: Simulator, file: SiteFile) -> None:
    with provision.connect(file, read_only=True) as services:
        seen = services.observe(file.site)
        guid = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
        plan = provision.plan(file.site, seen, device_guid=guid)
        assert plan == provision.plan(file.site, services.observe(file.site), device_guid=guid)
        assert plan.device_guid == guid and plan.site == file.site
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(plan, protocol)) == plan
        assert Plan.from_json(plan.to_json()) == plan and json.loads(plan.to_json()) == plan.to_dict()
        plan.against(seen)
        steps = [step for step in plan.steps if step.kind != "keep"]
        text = str(plan)
        assert all(step.subject in text for step in steps) and f"{len(steps)} steps to do." in text
        assert pickle.loads(pickle.dumps(plan.steps)) == plan.steps
    for broken, problem in [
        ("{", "cannot read a plan"),
        ("{}", "does not say which format"),
        (json.dumps({**plan.to_dict(), "format": 99}), "it has format 99"),
        (json.dumps({**plan.to_dict(), "more": 1}), "more is nothing that this program has saved"),
    ]:
        with pytest.raises(ValidationError, match=problem):
            Plan.from_json(broken)


def test_x1_a_plan_reads_as_the_command_lines(sim: Simulator, file: SiteFile, tmp_path: pathlib.Path) -> None:
    dtc = os.environ.get("DTC_BIN")
    if not dtc:
        pytest.skip("DTC_BIN names no program")
    with provision.connect(file, read_only=True) as services:
        plan = services.plan(file.site)
    saved = tmp_path / "plan.json"
    saved.write_text(plan.to_json())
    environment = {**os.environ, **site_toml(sim, tmp_path / "site.toml")}
    asked = subprocess.run([dtc, "plan", "--site", tmp_path / "site.toml", "--out", tmp_path / "theirs.json"], capture_output=True, text=True, env=environment, timeout=60)
    theirs = Plan.from_json((tmp_path / "theirs.json").read_text())
    assert asked.returncode == 2
    said = " ".join(asked.stdout.split())
    for line in str(theirs).splitlines():
        assert " ".join(line.split()) in said


def site_toml(sim: Simulator, path: pathlib.Path) -> dict[str, str]:
    """Writes a site file for the simulator; the secrets are in the environment that is returned."""
    environment: dict[str, str] = {}

    def lines(name: str, table: dict[str, object]) -> list[str]:
        nested = [f"[{name}]"]
        below: list[str] = []
        for key, value in table.items():
            if isinstance(value, dict):
                below += lines(f"{name}.{key}", value)
            elif isinstance(value, Secret):
                variable = f"TEST_{name}_{key}".replace(".", "_").upper()
                environment[variable] = value.expose()
                nested.append(f'{key} = "env:{variable}"')
            else:
                nested.append(f"{key} = {json.dumps(value)}")
        return [*(nested if len(nested) > 1 else []), *below]

    text: list[str] = []
    for name, table in sim.site_tables().items():
        text += lines(name, table)
    path.write_text("\n".join(text) + "\n")
    path.chmod(0o600)
    return environment


def test_e7_a_site_comes_from_a_file_a_dictionary_and_keywords(sim: Simulator, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = sim.site_tables()
    for name, value in site_toml(sim, tmp_path / "site.toml").items():
        monkeypatch.setenv(name, value)
    read = SiteFile.read(tmp_path / "site.toml")
    keywords = dict(tables["site"])
    assert read.site == SiteFile.from_dict(tables).site == Site.from_dict(tables["site"]) == Site.read(tmp_path / "site.toml")
    assert read.site == Site(keywords.pop("organization"), keywords.pop("location"), keywords.pop("uplink_mbit"), **keywords)
    assert pickle.loads(pickle.dumps(read.site)) == read.site and hash(read.site) == hash(SiteFile.from_dict(tables).site)
    with provision.connect(read, read_only=True) as services:
        assert services.plan(read.site).site == read.site
    assert SiteFile.parse(SiteFile.TEMPLATE).site.organization == "Contoso Dental"


def test_bad_input_gets_an_error_that_names_the_field_and_no_secret(sim: Simulator) -> None:
    tables = sim.site_tables()
    wrong: list[tuple[str, dict[str, object]]] = [
        ("site.uplink_mbit", {**tables, "site": {**tables["site"], "uplink_mbit": 0}}),
        ("site.time_zone", {**tables, "site": {**tables["site"], "time_zone": "Nowhere/At all"}}),
        ("site.pool", {**tables, "site": {**tables["site"], "pool": "tank"}}),
        ("b2.application_key", {**tables, "b2": {**tables["b2"], "application_key": "canary-inline"}}),
        ("b2", {key: value for key, value in tables.items() if key != "b2"}),
    ]
    for field, given in wrong:
        with pytest.raises(ValidationError) as raised:
            SiteFile.from_dict(given)
        assert field in raised.value.subject or field in str(raised.value), str(raised.value)
        assert "canary" not in "".join(traceback.format_exception(raised.value))
    with pytest.raises(ValidationError, match="takes no secret"):
        SiteFile.from_dict({**tables, "b2": {**tables["b2"], "key_id": Secret("x")}})
    with pytest.raises(ValidationError):
        Site("a", "b", 100, no_such_choice=True)
    for value in (b"bytes", object(), 1j):
        with pytest.raises(TypeError):
            Site("a", "b", 100, ticket=value)
    with pytest.raises(TypeError):
        Site("a", None, 100)  # type: ignore[arg-type]
    for timeout in (0, -1, float("nan")):
        with pytest.raises(ValidationError):
            provision.connect(SiteFile.from_dict(tables), timeout=timeout)


def test_e7_a_secret_that_is_missing_is_named_before_anything_is_sent(sim: Simulator) -> None:
    tables = sim.site_tables()
    tables["b2"]["application_key"] = "env:DTC_TEST_UNSET"
    with pytest.raises(Refused, match="DTC_TEST_UNSET") as raised:
        provision.connect(SiteFile.from_dict(tables))
    assert raised.value.code == "DTC-SECRET-MISSING" and raised.value.remedy and sim.requests == 0


def test_x1b_questions_are_answered_one_by_one(sim: Simulator, file: SiteFile) -> None:
    with provision.connect(file, wait_for_device=60) as services:
        plan = services.plan(file.site)
        (question,) = plan.questions()
        assert question.is_irreversible and question.subject == plan.bucket_name and question.terms and question.consequence
        with pytest.raises(Refused) as declined:
            question.answer("yes")
        assert declined.value.code == "DTC-CONSENT-DECLINED"
        mark = sim.mark()
        with pytest.raises(Refused) as missing:
            services.apply(plan)
        assert missing.value.code == "DTC-CONSENT-MISSING"
        assert not any("create" in operation for _, operation in sim.calls(mark))
        consent = question.answer(question.subject)
        assert provision.RecordedConsent.from_dict(consent.to_dict()) == consent == pickle.loads(pickle.dumps(consent))
        assert consent.valid_until.tzinfo is not None
        with pytest.raises(ValidationError):
            provision.RecordedConsent.from_dict({"act": 1})


def test_read_only_services_write_nothing(sim: Simulator, file: SiteFile) -> None:
    with provision.connect(file, read_only=True) as services:
        plan = services.plan(file.site)
        for call in (lambda: services.apply(plan), lambda: services.applying(plan), lambda: services.recall(plan)):
            with pytest.raises(Refused, match="read-only"):
                call()
        assert repr(services) == "<Services, read-only>"
    with pytest.raises(RuntimeError, match="closed"):
        services.plan(file.site)


def test_an_exception_in_a_callback_ends_the_apply_and_a_new_one_does_the_rest(sim: Simulator, file: SiteFile) -> None:
    class Enough(Exception):
        pass

    with provision.connect(file, wait_for_device=60) as services:
        for stop_after in (1, 4, 9):
            plan = services.plan(file.site)
            told: list[str] = []

            def listen(event: provision.Event) -> None:
                told.append(event.event)
                if len(told) == stop_after:
                    raise Enough(stop_after)

            with pytest.raises(Enough):
                services.apply(plan, consents=consents_to(plan), on_event=listen)
            assert len(told) == stop_after
        assert provisioned(services, file.site).report is not None
        assert services.plan(file.site).is_empty


def test_an_apply_is_an_iterator_that_goes_on_while_it_is_iterated(sim: Simulator, file: SiteFile) -> None:
    with provision.connect(file, wait_for_device=60) as services:
        plan = services.plan(file.site)
        applying = services.applying(plan, consents=consents_to(plan))
        first = next(applying)
        assert first.event == "started" and applying.completion is None
        del applying, first
        gc.collect()
        plan = services.plan(file.site)
        applying = services.applying(plan, consents=consents_to(plan))
        events = [event.event for event in applying]
        assert "done" in events and applying.completion is not None and applying.completion.report is not None
        assert applying.completion.report.passed and list(applying) == []
        pickled: Report = pickle.loads(pickle.dumps(applying.completion.report))
        assert pickled == applying.completion.report and pickled.to_dict()["outcome"] == "as_it_should_be"
        failing = services.applying(plan)
        with pytest.raises(Refused):
            list(failing)
        assert list(failing) == []


def test_a_service_that_fails_is_an_exception_with_its_code(sim: Simulator, file: SiteFile) -> None:
    with provision.connect(file) as services:
        sim.fail("b2", "*", Fault.refuse(401, "bad_auth_token"), times=100)
        with pytest.raises(AuthError) as raised:
            services.plan(file.site)
        assert raised.value.code == "DTC-SERVICE-CREDENTIALS" and not raised.value.retryable
        sim.clear_faults()
        with pytest.raises(TransportError, match="has not ended within"):
            sim.latency(datetime.timedelta(seconds=2))
            services.plan(file.site, timeout=0.2)


def test_x8_a_verification_ends_in_time_and_says_what_was_not_checked(sim: Simulator, file: SiteFile) -> None:
    with provision.connect(file, wait_for_device=60) as services:
        provisioned(services, file.site)
        report = services.verify(file.site, within=60)
        assert report.passed
        sim.fail("itglue", "*", Fault.refuse(403, "forbidden"), times=1000)
        report = services.verify(file.site)
        assert not report.passed and any(item.verdict == "not_checkable" for item in report.items) and report.unread


def test_asyncio_has_the_same_calls(sim: Simulator, file: SiteFile) -> None:
    async def main() -> None:
        async with await aio.connect(file, wait_for_device=60) as services:
            plans = await asyncio.gather(*(services.plan(file.site, device_guid="3f2504e0-4f89-41d3-9a0c-0305e82c3301") for _ in range(3)))
            assert plans[0] == plans[1] == plans[2]
            plan = plans[0]
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(services.apply(plan, consents=consents_to(plan)), 0.05)
            plan = await services.plan(file.site)
            applying = services.applying(plan, consents=consents_to(plan))
            assert [event.event async for event in applying] and applying.completion is not None
            assert (await services.verify(file.site)).passed and (await services.plan(file.site)).is_empty
            seen = await services.observe(file.site)
            assert "place" in seen.to_dict()
            told: list[provision.Event] = []
            done = await services.apply(await services.plan(file.site), on_event=told.append)
            assert done.report is not None and done.report.passed and told
            assert await services.recall(plan)

    asyncio.run(main())


@pytest.mark.deep
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_x7_an_interrupted_apply_is_finished_by_the_next(sim: Simulator, file: SiteFile) -> None:
    with provision.connect(file, wait_for_device=60) as services:
        plan = services.plan(file.site)
        told: list[provision.Event] = []

        def listen(event: provision.Event) -> None:
            told.append(event)
            if len(told) == 6:
                threading.Timer(0.01, os.kill, (os.getpid(), signal.SIGINT)).start()

        sim.latency(datetime.timedelta(milliseconds=30))
        with pytest.raises(KeyboardInterrupt):
            services.apply(plan, consents=consents_to(plan), on_event=listen)
        sim.clear_faults()
        standing = services.plan(file.site)
        done = {event.subject for event in told if event.event == "done"}
        assert done, [str(event) for event in told]
        # What the journal says is done is not to be done again.
        doing = len([step for step in standing.steps if step.kind != "keep"])
        assert doing < len([step for step in plan.steps if step.kind != "keep"])
        assert provisioned(services, file.site).report is not None
        assert services.plan(file.site).is_empty and services.verify(file.site).passed


def test_nobody_makes_an_escrowed(sim: Simulator, file: SiteFile) -> None:
    with pytest.raises(TypeError):
        provision.Escrowed()
    with pytest.raises(TypeError):
        type("Forged", (provision.Escrowed,), {})
    with provision.connect(file, wait_for_device=60) as services:
        provisioned(services, file.site)
        plan = services.plan(file.site)
        for proof in services.recall(plan):
            assert proof.record_id and proof.url and "Escrowed" in repr(proof)
            with pytest.raises(TypeError):
                pickle.dumps(proof)
            with pytest.raises(AttributeError):
                proof.kind = "x"  # type: ignore[misc]


def test_e8_no_secret_shows_anywhere(sim: Simulator, tmp_path: pathlib.Path, caplog: pytest.LogCaptureFixture) -> None:
    tables = sim.site_tables()
    given = [tables[name][key].expose() for name, key in [("b2", "application_key"), ("truenas", "api_key"), ("ninjaone", "client_secret"), ("itglue", "api_key")]]
    file = SiteFile.from_dict(tables)
    with provision.connect(file, wait_for_device=60) as services:
        plan = services.plan(file.site)
        events: list[provision.Event] = []
        done = services.apply(plan, consents=consents_to(plan), on_event=events.append)
        seen = services.observe(file.site)
        shown: list[object] = [file, services, plan, plan.to_dict(), done, seen, seen.to_dict(), services.recall(plan), plan.questions(), *events]
        shown += [event.to_dict() for event in events]
        for what in shown:
            logging.getLogger("canary").warning("%s %r", what, what)
        texts = [caplog.text, plan.to_json(), repr(pickle.dumps(plan)), repr(pickle.dumps(done)), repr(vars(provision))]
        for secret_holder in (file, services):
            with pytest.raises(TypeError):
                pickle.dumps(secret_holder)
        sim.fail("b2", "*", Fault.refuse(401, "bad_auth_token"), times=100)
        with pytest.raises(DtcError) as raised:
            services.plan(file.site)
        texts.append("".join(traceback.format_exception(raised.value)) + repr(vars(raised.value)))
    for text in texts:
        for secret in given:
            assert secret not in text
    held = [object_ for object_ in gc.get_objects() if isinstance(object_, str)]
    assert not [text for text in held if text in given and text not in locals()["given"]]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked there")
def test_services_of_a_parent_are_refused_in_a_forked_child(tmp_path: pathlib.Path) -> None:
    program = textwrap.dedent("""
        import os, warnings
        warnings.simplefilter("ignore")
        from dtc import provision
        from dtc.simulator import Simulator
        sim = Simulator(seed=3)
        file = provision.SiteFile.from_dict(sim.site_tables())
        services = provision.connect(file, read_only=True)
        child = os.fork()
        if child == 0:
            try:
                services.plan(file.site)
            except RuntimeError as error:
                os._exit(7 if "forked" in str(error) else 1)
            os._exit(2)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    """)
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_examples_in_docstrings_run() -> None:
    for module in (provision, aio):
        ran = doctest.testmod(module)
        assert ran.attempted and not ran.failed
    example = doctest.DocTestParser().get_doctest(Site.__doc__ or "", {"Site": Site}, "Site", None, None)
    assert doctest.DocTestRunner().run(example).failed == 0 and example.examples
