"""
The same calls for asyncio: each returns a coroutine.
"""

from . import LockReport, LockStatus, LockTerms, Progress
from ..provision import RecordedConsent, Site
from ..provision.aio import Services
from _typeshed import SupportsGetItem
from collections.abc import Callable, Coroutine
from typing import Any

__all__ = ["extend", "status"]

def extend(services: Services, status: LockStatus, *, consents: SupportsGetItem[int, RecordedConsent] = ..., on_progress: Callable[[Progress], object] | None = None, timeout: float | None = None) -> Coroutine[Any, Any, LockReport]:
    """
    Extends every lock that is due, as :func:`dtc.locks.extend` does.
    """

def status(services: Services, site: Site, terms: LockTerms, *, on_progress: Callable[[Progress], object] | None = None, timeout: float | None = None) -> Coroutine[Any, Any, LockStatus]:
    """
    Lists the current versions of the location's bucket, as :func:`dtc.locks.status` does.
    """
