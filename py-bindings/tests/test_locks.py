"""Locks of current versions, kept from running out (B2)."""

from __future__ import annotations

import asyncio
import doctest
import pickle

import pytest

from dtc import locks, provision
from dtc.exceptions import Refused, ValidationError
from dtc.locks import LockTerms
from dtc.provision import Services, SiteFile
from dtc.simulator import Simulator

TERMS = LockTerms(at_most_bytes=1 << 40)


def provisioned(services: Services, file: SiteFile) -> None:
    plan = services.plan(file.site)
    services.apply(plan, consents=[question.answer(question.subject) for question in plan.questions()])


def test_b2_locks_that_are_due_are_extended_once(sim: Simulator, file: SiteFile) -> None:
    with provision.connect(file, wait_for_device=60) as services:
        provisioned(services, file)
        told: list[locks.Progress] = []
        found = locks.status(services, file.site, TERMS, on_progress=told.append)
        assert found.total.due > 0 and not found.is_kept and told[-1].listed == found.total.versions
        assert found.forecast.locks == found.total.due and found.terms == TERMS and found.retention_days == 14
        assert sum(folder.due for folder in found.folders) == found.total.due and found.to_dict()["bucket"] == found.bucket
        question = found.question()
        assert question is not None and question.subject == found.bucket and question.terms["keep_days"] == "14"
        mark = sim.mark()
        with pytest.raises(Refused) as missing:
            locks.extend(services, found)
        assert missing.value.code == "DTC-CONSENT-MISSING"
        assert ("b2", "b2_update_file_retention") not in sim.calls(mark)
        report = locks.extend(services, found, consents=[question.answer(question.subject)])
        assert report.outcome == "as_it_should_be" and report.extended == found.total.due and report.until is not None
        assert pickle.loads(pickle.dumps(report)) == report
        again = locks.status(services, file.site, TERMS)
        assert again.is_kept and again.question() is None
        assert locks.extend(services, again).extended == 0


def test_b2_what_is_beyond_the_consent_is_left(file: SiteFile) -> None:
    with provision.connect(file, wait_for_device=60) as services:
        provisioned(services, file)
        found = locks.status(services, file.site, LockTerms(at_most_bytes=0))
        question = found.question()
        assert question is not None
        report = locks.extend(services, found, consents=[question.answer(question.subject)])
        assert report.outcome == "incomplete" and report.beyond_consent > 0


def test_x2_read_only_services_look_and_extend_nothing(file: SiteFile) -> None:
    with provision.connect(file, wait_for_device=60) as services:
        provisioned(services, file)

    async def look() -> locks.LockStatus:
        async with await provision.aio.connect(file, read_only=True) as services:
            return await locks.aio.status(services, file.site, TERMS)

    found = asyncio.run(look())
    with provision.connect(file, read_only=True) as services, pytest.raises(Refused, match="read-only"):
        locks.extend(services, found)


def test_what_a_callback_raises_ends_the_call(file: SiteFile) -> None:
    def stop(at: locks.Progress) -> None:
        raise LookupError(f"enough after {at.listed}")

    with provision.connect(file, wait_for_device=60) as services:
        provisioned(services, file)
        with pytest.raises(LookupError, match="enough after"):
            locks.status(services, file.site, TERMS, on_progress=stop)


@pytest.mark.parametrize("keep, extend", [(0, 28), (14, 16), (14, 4000)])
def test_terms_that_keep_nothing_are_refused(keep: int, extend: int) -> None:
    with pytest.raises(ValidationError):
        LockTerms(keep, extend, at_most_bytes=1)
    assert pickle.loads(pickle.dumps(TERMS)) == TERMS and hash(TERMS) == hash(LockTerms(14, 28, at_most_bytes=1 << 40))


def test_the_examples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(locks, raise_on_error=False).failed == 0
