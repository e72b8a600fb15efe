"""Encrypted copies without an appliance (Y2, Y3)."""

from __future__ import annotations

import doctest
import os
import pathlib
import pickle
import shutil

import pytest

from dtc import copy
from dtc.copy import JobFile
from dtc.exceptions import DataAtRisk, Incomplete, Refused, ValidationError

PASSWORD = "canary horse battery"
has_rsync = pytest.mark.skipif(shutil.which("rsync") is None and "DTC_REQUIRE_RSYNC" not in os.environ, reason="apt-get install -y rsync")


@pytest.fixture
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    monkeypatch.setenv("DTC_TEST_COPY", PASSWORD)
    for name, content in {"a.txt": b"a", "deep/empty": b"", "deep/big.dat": b"x" * 200_000}.items():
        (tmp_path / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "source" / name).write_bytes(content)
    (tmp_path / "server").mkdir()
    return tmp_path


def job(folder: pathlib.Path, more: str = "", to: bool = True) -> JobFile:
    carried = f'to = "{folder / "server"}"\n' if to else ""
    text = (
        f'name = "Documents"\nsource = "source"\ncatalogue = "catalogue"\nengine = "own"\n{carried}{more}'
        '[crypt]\npassword = "env:DTC_TEST_COPY"\nsalt = "none"\n'
    )
    return JobFile.parse(text, folder / "documents.toml")


@has_rsync
def test_y2_a_folder_is_encrypted_and_carried_and_comes_back(folder: pathlib.Path) -> None:
    documents = job(folder)
    plan = documents.plan()
    assert sorted(map(str, plan.changed)) == ["a.txt", "deep/big.dat", "deep/empty"] and plan.escrow is None
    assert documents.run(dry_run=True).encryption.written == 3 and not (folder / "catalogue").exists()
    ran = documents.run()
    assert (ran.encryption.written, ran.transfer and ran.transfer.files, ran.outcome) == (3, 3, "as_it_should_be")
    assert ran.log is not None and "rsync" in ran.log.read_text() and PASSWORD not in ran.log.read_text()
    assert pickle.loads(pickle.dumps(ran)) == ran and documents.run().encryption.written == 0
    seen: list[str] = []
    check = documents.check(progress=lambda entry: seen.append(entry.plain))
    assert check.passed and check.test.same == 3 and len(seen) == 3 and not (folder / "catalogue.scratch").exists()
    next(path for path in (folder / "server").rglob("*") if path.is_file()).unlink()
    behind = documents.check()
    assert (behind.outcome, behind.destination and len(behind.destination.missing)) == ("differs", 1)
    documents.run()
    shutil.rmtree(folder / "catalogue")
    foreseen = documents.foresee_restore()
    assert foreseen.fetched is not None and foreseen.fetched.files == 3 and not (folder / "catalogue").exists()
    back = documents.restore(folder / "restored")
    assert back.fetched is not None and back.restored.written == 3
    for path in (folder / "source").rglob("*"):
        assert path.is_dir() or (folder / "restored" / path.relative_to(folder / "source")).read_bytes() == path.read_bytes()


@has_rsync
def test_y2_rsync_does_not_begin_after_a_step_that_left_something_out(folder: pathlib.Path) -> None:
    (folder / "source" / ("x" * 255)).write_bytes(b"long")
    with pytest.raises(Incomplete) as raised:
        job(folder).run()
    report = raised.value.report
    assert isinstance(report, copy.Run) and report.transfer_withheld and report.transfer is None
    assert report.encryption.written == 3 and len(report.encryption.failed) == 1
    assert not list((folder / "server").iterdir())


def test_y2_what_cannot_be_done_is_refused_with_what_to_do(folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="rsync 3.1 or newer"):
        job(folder, 'programs.rsync = "/nowhere/rsync"\n').run()
    with pytest.raises(Refused, match="is not there"):
        job(folder).check()
    with pytest.raises(ValidationError, match="expected a whole number"):
        job(folder, 'bandwidth_mbit = "20M"\n')
    job(folder, to=False).run()
    monkeypatch.setenv("DTC_TEST_COPY", "another")
    with pytest.raises(DataAtRisk, match="nothing opens with this pair"):
        job(folder, to=False).run()


def test_e8_a_job_file_shows_no_secret(folder: pathlib.Path) -> None:
    documents = job(folder)
    assert PASSWORD not in repr(documents) and documents.log == folder / "documents.log"
    with pytest.raises(TypeError):
        pickle.dumps(documents)


def test_the_examples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(copy, raise_on_error=False).failed == 0
