"""``dtc.restore`` against the simulator: files come back from the vault's record, or from a saved one, as of any moment."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import hashlib
import inspect
import io
import os
import pathlib
import pickle
import re
import signal
import threading
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dtc.restore.aio
from dtc import b2, restore
from dtc.crypt import Keys, Secret, encrypt_bytes
from dtc.exceptions import AuthError, DataAtRisk, DtcError, Incomplete, Refused, TransportError, ValidationError
from dtc.restore import RestoreSource
from dtc.simulator import Fault, Simulator
from parity import ROOT
from provisioned import provision, secrets_of, site_of

UTC = datetime.timezone.utc
DEVICE = "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083"
BUCKET = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9"
PASSWORD, SALT = "correct horse canary", "battery staple canary"
BARE = "hunter canary"
KEYS = Keys.derive(password=Secret(PASSWORD), salt=Secret(SALT))
FOREVER = Fault.stall(datetime.timedelta(hours=1))


class Backup:
    """A bucket as an appliance writes it, and what a person saved of the vault."""

    def __init__(self, sim: Simulator, client: b2.Client, folder: pathlib.Path) -> None:
        self.sim, self.client, self.url = sim, client, sim.b2.url
        client.buckets.create(BUCKET, object_lock=True)
        capabilities = [b2.Capability.LIST_BUCKETS, b2.Capability.LIST_FILES, b2.Capability.READ_FILES, b2.Capability.WRITE_FILES]
        self.key = client.keys.create("appliance", capabilities, buckets=[BUCKET])
        self.record = folder / "record.txt"
        self.record.write_text(f"Username: {self.key.key.id}\nBucket Name: {BUCKET}\nDevice GUID: {DEVICE}\n")

    def put(self, path: str, content: bytes) -> str:
        return self.put_stored(path, encrypt_bytes(KEYS, content))

    def put_stored(self, path: str, stored: bytes) -> str:
        return self.client.files.upload(BUCKET, f"{DEVICE}/pool0/{path}.bin", stored).id

    def open(self, **changes: Any) -> RestoreSource:
        saved: dict[str, Any] = {"key": self.key.secret, "password": Secret(PASSWORD), "salt": Secret(SALT), **changes}
        return RestoreSource.from_record(self.record, **{"url": self.url, **saved})


@pytest.fixture
def backup(dtc_simulator: Simulator, dtc_b2: b2.Client, tmp_path: pathlib.Path) -> Backup:
    return Backup(dtc_simulator, dtc_b2, tmp_path)


def later(sim: Simulator, **by: float) -> None:
    sim.advance(datetime.timedelta(**by))


def test_y4_an_appliance_comes_back_from_the_vaults_record(dtc_simulator: Simulator, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = provision(dtc_simulator, tmp_path)
    with pytest.raises(Refused, match="TEST_B2") as missing:
        RestoreSource.from_vault(site)
    assert missing.value.code == "DTC-SECRET-MISSING"
    for name, value in secrets_of(dtc_simulator).items():
        monkeypatch.setenv(name, value)
    for given_site in (site, str(site), site_of(dtc_simulator)):
        with RestoreSource.from_vault(given_site) as source:
            assert (source.bucket, source.retained_days, source.retention_is_assumed) == (BUCKET, 30, False)
            tree = source.ls("pool0")
            assert tree.is_whole and len(tree) == len(tree.files) > 5
    with RestoreSource.from_vault(site, device=source_device(site)) as source:
        tree = source.ls("pool0")
        foreseen = source.foresee(tree, tmp_path / "back")
        assert (foreseen.files, foreseen.bytes) == (len(tree), tree.bytes) and not (tmp_path / "back").exists()
        told: list[restore.Progress] = []
        report = source.get(tree, tmp_path / "back", on_progress=told.append)
        assert report.is_complete and (report.written, report.bytes) == (len(tree), tree.bytes)
        assert (told[-1].files, told[-1].files_total, told[-1].bytes, told[-1].bytes_total) == (len(tree), len(tree), tree.bytes, tree.bytes)
        assert {one.done for one in told} - {None} == {f"pool0:{file.path}" for file in tree.files}
        again = source.get(tree, tmp_path / "back", verify=True)
        assert (again.written, again.unchanged, again.list_sha256) == (0, len(tree), report.list_sha256)
        largest = max(tree.files, key=lambda file: file.size or 0)
        out = io.BytesIO()
        assert source.cat(f"pool0:{largest.path}", out) == largest.size
        assert hashlib.sha256(out.getvalue()).digest() == hashlib.sha256((tmp_path / "back" / largest.path).read_bytes()).digest()
        [version] = source.history(f"pool0:{largest.path}")
        assert (version.kind, version.size, version.lock) == ("content", largest.size, "until")
        assert version.locked_until is not None and version.locked_until > version.uploaded
        assert source.when("pool0") == []


def test_what_the_page_shows_runs(
    dtc_simulator: Simulator, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    provision(dtc_simulator, tmp_path)
    for name, value in secrets_of(dtc_simulator).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    [block] = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "restoring.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    shown = "datetime(2026, 11, 27, 3, tzinfo=timezone.utc)"
    assert shown in block
    exec(compile(block.replace(shown, "datetime.now(timezone.utc)"), "restoring.md", "exec"), {"__name__": "page"})
    assert "'is_complete': True" in capsys.readouterr().out and (tmp_path / "restored" / "docs").is_dir()


def source_device(site: pathlib.Path) -> str:
    with RestoreSource.from_vault(site) as source:
        return source.device


def test_y4_the_tree_as_it_stood_at_any_moment(backup: Backup) -> None:
    backup.put("docs/letter.txt", b"before")
    backup.put("docs/note.md", b"note")
    before = max(version.uploaded for version in backup.client.files.list_versions(BUCKET))
    later(backup.sim, hours=1)
    backup.put("docs/letter.txt", b"after!")
    backup.client.files.hide(BUCKET, f"{DEVICE}/pool0/docs/note.md.bin")
    with backup.open() as source:
        now, then = source.ls("pool0"), source.ls("pool0", at=before)
        assert [file.path for file in now.files] == ["docs/letter.txt"]
        assert [file.path for file in then.files] == ["docs/letter.txt", "docs/note.md"] and then.at == before
        for at, content in ((None, b"after!"), (before, b"before")):
            out = io.BytesIO()
            assert source.cat("pool0:docs/letter.txt", out, at=at) == 6 and out.getvalue() == content
        assert [version.kind for version in source.history("pool0:docs/note.md")] == ["deleted", "content"]
        assert [file.path for file in source.find("*.md", "pool0", at=before).files] == ["docs/note.md"]
        assert [file.path for file in source.ls(["pool0:docs"], at=before, exclude=["*.md"]).files] == ["docs/letter.txt"]
        other_zone = before.astimezone(datetime.timezone(datetime.timedelta(hours=-5)))
        assert [file.version for file in source.ls("pool0", at=other_zone).files] == [file.version for file in then.files]
        with pytest.raises(ValidationError, match="the earliest moment is") as early:
            source.ls("pool0", at=before - datetime.timedelta(days=400))
        assert early.value.code == "DTC-RESTORE-MOMENT"


def test_v3_what_does_not_open_is_named_and_the_rest_comes_back(backup: Backup, tmp_path: pathlib.Path) -> None:
    backup.put("a.txt", b"good")
    older = backup.put("b.txt", b"was good")
    later(backup.sim, seconds=10)
    stored = bytearray(encrypt_bytes(KEYS, b"was spoilt"))
    stored[-1] ^= 1
    spoilt = backup.put_stored("b.txt", bytes(stored))
    with backup.open() as source, pytest.raises(DataAtRisk, match="b.txt") as raised:
        source.get(source.ls("pool0"), tmp_path / "back")
    report = raised.value.report
    assert isinstance(report, restore.GetReport) and raised.value.code == "DTC-RESTORE-DATA-AT-RISK"
    assert (report.written, report.is_complete) == (1, False)
    [failed] = report.failed
    assert (failed.path, failed.failure, failed.version) == ("b.txt", "data_at_risk", spoilt)
    assert failed.older is not None and failed.older.version == older
    assert (tmp_path / "back" / "a.txt").read_bytes() == b"good" and not (tmp_path / "back" / "b.txt").exists()


def test_y4_what_is_there_is_not_replaced(backup: Backup, tmp_path: pathlib.Path) -> None:
    backup.put("a.txt", b"good")
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "a.txt").write_text("somebody's own work")
    with backup.open() as source, pytest.raises(Incomplete, match="could not be restored") as raised:
        source.get(source.ls("pool0"), tmp_path / "back")
    assert isinstance(raised.value.report, restore.GetReport) and raised.value.code == "DTC-RESTORE-INCOMPLETE"
    assert [failed.failure for failed in raised.value.report.failed] == ["occupied"]
    assert (tmp_path / "back" / "a.txt").read_text() == "somebody's own work"


def test_nothing_restored_is_no_success(backup: Backup, tmp_path: pathlib.Path) -> None:
    backup.put("a.txt", b"good")
    with backup.open() as source, pytest.raises(Incomplete, match="no such file"):
        source.get(source.ls("pool0:elsewhere"), tmp_path / "back")


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"password": Secret("wrong")}, DataAtRisk, "DTC-RULE-E4"),
        ({"password": Secret(SALT), "salt": Secret(PASSWORD)}, Refused, "DTC-RULE-E3A"),
        ({"key": Secret("K005wrong")}, Refused, "DTC-RULE-K2"),
        ({"url": "http://127.0.0.1:1"}, TransportError, "DTC-SERVICE-UNREACHABLE"),
    ],
    ids=["wrong-pair", "swapped-pair", "wrong-key", "no-service"],
)
def test_what_is_wrong_with_the_secrets_is_said_and_nothing_written(
    backup: Backup, tmp_path: pathlib.Path, changes: dict[str, Any], error: type[DtcError], code: str
) -> None:
    backup.put("a.txt", b"good")
    with backup.open(**changes) as source, pytest.raises(error) as raised:
        source.get(source.ls("pool0"), tmp_path / "back")
    assert raised.value.code == code and raised.value.unknown_outcome is False
    assert not (tmp_path / "back").exists()
    if changes.get("salt"):
        assert "password and salt are exchanged" in str(raised.value)


def test_e8_secrets_come_from_where_they_are_and_are_not_shown(
    backup: Backup, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    backup.put("a.txt", b"good")
    secret = tmp_path / "key"
    secret.write_text(backup.key.secret.expose() + "\n")
    secret.chmod(0o600)
    monkeypatch.setenv("TEST_PASSWORD", PASSWORD)
    monkeypatch.setenv("TEST_SALT", SALT)
    source = backup.open(key=f"file:{secret}", password="env:TEST_PASSWORD", salt="env:TEST_SALT")
    assert len(source.ls("pool0")) == 1
    shown = [repr(source), str(source), f"{source}", repr(source.ls("pool0"))]
    with pytest.raises(TypeError):
        pickle.dumps(source)
    with pytest.raises(TypeError):
        vars(source)
    source.close()
    with pytest.raises(ValidationError) as bare:
        backup.open(password=BARE)
    assert bare.value.code == "DTC-SECRET-SOURCE"
    with backup.open(password=Secret(BARE)) as wrong, pytest.raises(DataAtRisk) as closed:
        wrong.get(wrong.ls("pool0"), tmp_path / "back")
    for error in (bare.value, closed.value):
        shown += ["".join(traceback.TracebackException.from_exception(error).format()), repr(vars(error)), pickle.dumps(error).decode("latin1")]
    shown.append(caplog.text)
    assert "canary" not in "".join(shown).lower() and backup.key.secret.expose() not in "".join(shown)


NAIVE = datetime.datetime(2026, 11, 27, 3)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda source, to: source.ls("pool0:../etc"), ValidationError),
        (lambda source, to: source.ls(""), ValidationError),
        (lambda source, to: source.ls([]), ValidationError),
        (lambda source, to: source.ls(None), TypeError),
        (lambda source, to: source.ls(7), TypeError),
        (lambda source, to: source.ls("pool0", at=NAIVE), ValidationError),
        (lambda source, to: source.ls("pool0", at="2026-11-27T03:00Z"), TypeError),
        (lambda source, to: source.ls("pool0", include=["{a"]), ValidationError),
        (lambda source, to: source.ls("pool0", timeout=0), ValidationError),
        (lambda source, to: source.ls("pool0", timeout=float("nan")), ValidationError),
        (lambda source, to: source.ls("pool0\ud800"), (ValidationError, UnicodeError, TypeError)),
        (lambda source, to: source.find("*.md", None), TypeError),
        (lambda source, to: source.cat("pool0:a.txt", object()), TypeError),
        (lambda source, to: source.cat("pool0:a.txt", io.StringIO()), TypeError),
        (lambda source, to: source.cat("pool0:missing", io.BytesIO()), ValidationError),
        (lambda source, to: source.cat("pool0:docs", io.BytesIO()), ValidationError),
        (lambda source, to: source.get("pool0", to), TypeError),
        (lambda source, to: source.get(source.ls("pool0"), to, parallel=0), ValidationError),
        (lambda source, to: source.get(source.ls("pool0"), to, parallel=65), ValidationError),
        (lambda source, to: source.get(source.ls("pool0"), to, parallel=-1), OverflowError),
        (lambda source, to: source.get(source.ls("pool0"), to, on_progress=7), TypeError),
        (lambda source, to: source.history("pool0:a//b"), ValidationError),
        (lambda source, to: source.when("0pool"), ValidationError),
        (lambda source, to: RestoreSource.from_vault({"site": {"organization": 7}}), ValidationError),
        (lambda source, to: RestoreSource.from_vault({"b2": {"application_key": "K005hunter"}}), ValidationError),
        (lambda source, to: RestoreSource.from_vault({"a": object()}), (ValidationError, TypeError)),
        (lambda source, to: type(source).from_vault(None), TypeError),
        (lambda source, to: RestoreSource.from_vault("no-such-site.toml"), FileNotFoundError),
        (lambda source, to: RestoreSource.from_record("no-such-record", key="env:A", password="env:B", salt="env:C"), (ValidationError, OSError)),
    ],
)
def test_bad_input_gets_a_clear_error_and_changes_nothing(backup: Backup, tmp_path: pathlib.Path, call: Any, error: Any) -> None:
    backup.put("docs/a.txt", b"good")
    backup.put("a.txt", b"good")
    with backup.open() as source, pytest.raises(error) as raised:
        call(source, tmp_path / "back")
    assert "hunter" not in str(raised.value) and str(raised.value)
    assert not (tmp_path / "back").exists()


def test_what_a_callback_or_an_output_raises_passes_through(backup: Backup, tmp_path: pathlib.Path) -> None:
    for name in "abcdefghij":
        backup.put(f"{name}.txt", b"good")

    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            raise OSError(28, "the disk of the test is full")

    def told(progress: restore.Progress) -> None:
        if progress.files == 3:
            raise LookupError("enough of it")

    with backup.open() as source:
        tree = source.ls("pool0")
        with pytest.raises(LookupError, match="enough of it"):
            source.get(tree, tmp_path / "back", on_progress=told)
        assert source.get(tree, tmp_path / "back").is_complete
        with pytest.raises(OSError, match="of the test is full"):
            source.cat("pool0:a.txt", Full())
        # A callback may call the same source.
        assert source.get(tree, tmp_path / "back", on_progress=lambda _: source.ls("pool0")).unchanged == 10


@contextlib.contextmanager
def once_it_waits(sim: Simulator) -> Iterator[None]:
    """Ctrl-C as soon as another request has come."""
    before = sim.requests

    def watch() -> None:
        while sim.requests == before:
            pass
        os.kill(os.getpid(), signal.SIGINT)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        watcher.join()


@pytest.mark.skipif(os.name == "nt", reason="there a process cannot send itself Ctrl-C")
def test_ctrl_c_ends_a_restore_and_the_next_one_goes_on(backup: Backup, tmp_path: pathlib.Path) -> None:
    backup.put("a.txt", b"good")
    with backup.open() as source:
        tree = source.ls("pool0")
        backup.sim.fail("b2", "*", FOREVER)
        with once_it_waits(backup.sim), pytest.raises(KeyboardInterrupt):
            source.get(tree, tmp_path / "back")
        backup.sim.clear_faults()
        assert not (tmp_path / "back" / "a.txt").exists()
        assert source.get(tree, tmp_path / "back").written == 1


def test_a_time_out_has_changed_nothing(backup: Backup) -> None:
    backup.put("a.txt", b"good")
    with backup.open() as source:
        source.ls("pool0")
        backup.sim.fail("b2", "*", FOREVER)
        with pytest.raises(TransportError, match="has not ended within") as over:
            source.ls("pool0", timeout=0.05)
        assert over.value.retryable and not over.value.unknown_outcome


def test_a_closed_source_says_so(backup: Backup) -> None:
    source = backup.open()
    source.close()
    source.close()
    for call in (lambda: source.bucket, lambda: source.ls("pool0"), lambda: source.when("pool0")):
        with pytest.raises(RuntimeError, match="the backup is closed"):
            call()
    assert repr(source) == "<RestoreSource, closed>"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_is_told_to_open_its_own(backup: Backup) -> None:
    import multiprocessing

    backup.put("a.txt", b"good")
    source = backup.open()
    source.ls("pool0")

    def child(answers: Any) -> None:
        try:
            answers.put(str(source.ls("pool0")))
        except RuntimeError as error:
            answers.put(str(error))
        with backup.open() as mine:
            answers.put(len(mine.ls("pool0")))

    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    process = context.Process(target=child, args=(answers,))
    process.start()
    said = [answers.get(timeout=60), answers.get(timeout=60)]
    process.join(60)
    assert "forked" in said[0] and said[1] == 1


def test_the_same_calls_for_asyncio(backup: Backup, tmp_path: pathlib.Path) -> None:
    backup.put("a.txt", b"good")
    backup.put("b.txt", b"better")

    async def main() -> None:
        opening = dtc.restore.aio.RestoreSource.from_record(
            backup.record, key=backup.key.secret, password=Secret(PASSWORD), salt=Secret(SALT), url=backup.url
        )
        async with await opening as source:
            tree, history = await asyncio.gather(source.ls("pool0"), source.history("pool0:a.txt"))
            assert len(tree) == 2 and len(history) == 1
            told: list[restore.Progress] = []
            report = await source.get(tree, tmp_path / "back", on_progress=told.append)
            assert report.written == 2 and len(told) == 2
            out = io.BytesIO()
            assert await source.cat("pool0:b.txt", out) == 6

            def refuses(progress: restore.Progress) -> None:
                raise LookupError("enough of it")

            with pytest.raises(LookupError):
                await source.get(tree, tmp_path / "back", on_progress=refuses)
            backup.sim.fail("b2", "*", FOREVER)
            task = asyncio.ensure_future(source.ls("pool0"))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        with pytest.raises(RuntimeError, match="is closed"):
            await source.ls("pool0")

    asyncio.run(main())


def test_both_faces_have_the_same_calls() -> None:
    blocking, other = RestoreSource, dtc.restore.aio.RestoreSource
    public = [{one for one in vars(kind) if not one.startswith("_")} for kind in (blocking, other)]
    assert public[0] == public[1]
    for method in public[0]:
        mine, its = getattr(blocking, method), getattr(other, method)
        if callable(mine):
            assert inspect.signature(mine) == inspect.signature(its), method


NOW = datetime.datetime(2026, 11, 29, 12, 30, 1, 234_000, tzinfo=UTC)
OLDER = restore.OlderVersion(version="4_z", uploaded=NOW)
FAILED = restore.FailedFile(pool="p", path="a", object="o", version="4_z", failure="damaged", reason="why", older=OLDER)
VALUES: list[Any] = [
    restore.BackedUp(pool="pool0", path="a\ufffd", raw_path=b"a\xff", size=None, modified=NOW, uploaded=NOW, object="o", version="4_z"),
    restore.FileVersion(id="4_z", kind="content", size=10 * 2**30, uploaded=NOW, lock="until", locked_until=NOW),
    restore.Burst(began=NOW, ended=NOW, before=NOW, files=9, rewritten=8, removed=0, renamed=0, new_ending="locked"),
    restore.Foreseen(files=1, bytes=2, stored_bytes=3, begun=7, there=4, compared=5, occupied=6),
    restore.Progress(files=1, files_total=2, bytes=3, bytes_total=4, done="pool0:a"),
    restore.RenamedFile(path="a:b", written="a\uff1ab"),
    OLDER,
    FAILED,
    restore.GetReport(
        written=1, unchanged=2, bytes=3, failed=[FAILED], renamed=[], foreign=[], not_understood=[], absent=[], complete_since=NOW, list_sha256="0" * 64, is_complete=False
    ),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_are_values(value: Any) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(value, protocol)) == value
    assert hash(value) == hash(pickle.loads(pickle.dumps(value))) and repr(value).startswith(type(value).__name__)
    assert isinstance(value.to_dict(), dict) and type(value)(**{name: getattr(value, name) for name in value.to_dict()}) == value
    with pytest.raises(AttributeError):
        value.anything = 1


@given(st.text(max_size=40))
def test_an_instant_is_aware_or_refused(text: str) -> None:
    try:
        assert restore.instant(text).tzinfo is not None
    except ValidationError as error:
        assert error.input == text


def test_an_instant_as_people_write_it() -> None:
    assert restore.instant("2026-11-27T03:00-05:00") == datetime.datetime(2026, 11, 27, 8, tzinfo=UTC)
    assert restore.instant("2026-11-27T03:00").astimezone() == NAIVE.astimezone()
    assert restore.instant("3 days ago") < datetime.datetime.now(UTC) - datetime.timedelta(days=2)


def test_a_key_that_may_not_list_is_named_with_its_record(backup: Backup) -> None:
    writer = backup.client.keys.create("writer", [b2.Capability.WRITE_FILES], buckets=[BUCKET])
    backup.record.write_text(f"Username: {writer.key.id}\nBucket Name: {BUCKET}\nDevice GUID: {DEVICE}\n")
    with backup.open(key=writer.secret) as source, pytest.raises((Refused, AuthError), match="listFiles"):
        source.ls("pool0")
    backup.record.write_text(f"Bucket Name: {BUCKET}\n")
    with pytest.raises(ValidationError, match="Device GUID") as lacking:
        backup.open()
    assert lacking.value.code == "DTC-RESTORE-RECORD"
