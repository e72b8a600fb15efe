"""Locks of current versions, kept from running out: a file that never changes is locked for the days of the bucket's default retention, and then no
more.

>>> from dtc import provision
>>> from dtc.simulator import Simulator
>>> sim = Simulator(seed=7)
>>> file = provision.SiteFile.from_dict(sim.site_tables())  # or SiteFile.read("site.toml")
>>> with provision.connect(file, wait_for_device=60) as services:
...     plan = services.plan(file.site)
...     done = services.apply(plan, consents=[question.answer(question.subject) for question in plan.questions()])
...     found = status(services, file.site, LockTerms(keep_days=14, extend_days=28, at_most_bytes=2 * 10**12))
...     question = found.question()  # a person types the subject; valid until then, the consent serves every night
...     consents = [question.answer(question.subject)] if question else []
...     report = extend(services, found, consents=consents)
>>> found.total.due == report.extended > 0, report.outcome
(True, 'as_it_should_be')
>>> sim.stop()

The whole bucket of the site's location is looked at, whichever appliances write to it. Only current versions are extended, and never shortened.
Killed anywhere, the next run goes on. :mod:`dtc.locks.aio` has the same calls for asyncio.
"""

from .._dtc.locks import FailedExtension, FolderLocks, Forecast, LockReport, LockStatus, LockTerms, Progress, extend, status
from . import aio

__all__ = [
    "FailedExtension",
    "FolderLocks",
    "Forecast",
    "LockReport",
    "LockStatus",
    "LockTerms",
    "Progress",
    "aio",
    "extend",
    "status",
]
