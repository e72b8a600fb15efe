"""
Locks of current versions, kept from running out.
"""

from . import aio as aio
from ..provision import Question, RecordedConsent, Services, Site
from _typeshed import SupportsGetItem
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, SupportsIndex, final

__all__ = ["FailedExtension", "FolderLocks", "Forecast", "LockReport", "LockStatus", "LockTerms", "Progress", "extend", "status", "aio"]

@final
class FailedExtension:
    """
    A lock that could not be extended.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, object: str, reason: str) -> FailedExtension: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def object(self, /) -> str:
        """
        The object's name.
        """
    @property
    def reason(self, /) -> str:
        """
        Why.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class FolderLocks:
    """
    The locks of the current versions in one folder of the bucket.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, folder: str | None, versions: SupportsIndex, bytes: SupportsIndex, due: SupportsIndex, due_bytes: SupportsIndex, unlocked: SupportsIndex, not_shown: SupportsIndex, first_end: datetime | None) -> FolderLocks: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int:
        """
        Their size, in bytes.
        """
    @property
    def due(self, /) -> int:
        """
        How many of them have a lock that is due to be extended.
        """
    @property
    def due_bytes(self, /) -> int:
        """
        The size of those, in bytes.
        """
    @property
    def first_end(self, /) -> datetime | None:
        """
        When the first lock in compliance mode ends.
        """
    @property
    def folder(self, /) -> str | None:
        """
        The folder, ``{Device GUID}/{pool}``; ``None`` for objects in no such folder, and for the sums over all.
        """
    @property
    def not_shown(self, /) -> int:
        """
        Of how many the key may not see the lock.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unlocked(self, /) -> int:
        """
        How many could be destroyed now, as far as retention goes.
        """
    @property
    def versions(self, /) -> int:
        """
        How many current versions there are.
        """

@final
class Forecast:
    """
    What extending the locks that are due costs.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, locks: SupportsIndex, bytes: SupportsIndex, pages: SupportsIndex, deleted_data_days_without: SupportsIndex, deleted_data_days_with: SupportsIndex) -> Forecast: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int:
        """
        The bytes of their versions, which stay stored for as long as they are locked.
        """
    @property
    def deleted_data_days_with(self, /) -> int:
        """
        So many days it stays stored at most with the extension.
        """
    @property
    def deleted_data_days_without(self, /) -> int:
        """
        So many days a file stays stored at most that is deleted today, after a day without any extension.
        """
    @property
    def locks(self, /) -> int:
        """
        Locks to extend: one call each.
        """
    @property
    def pages(self, /) -> int:
        """
        Pages to list again, each a call.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class LockReport:
    """
    What a run has done.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, outcome: str, listed: SupportsIndex, extended: SupportsIndex, bytes: SupportsIndex, until: datetime | None, gone: SupportsIndex, beyond_consent: SupportsIndex, not_shown: SupportsIndex, not_understood: SupportsIndex, failures: SupportsIndex, failed: SupportsGetItem[int, FailedExtension], stopped: str | None) -> LockReport: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def beyond_consent(self, /) -> int:
        """
        Locks that are due and were left, since the bytes that were consented to were used up.
        """
    @property
    def bytes(self, /) -> int:
        """
        The size of their versions, in bytes.
        """
    @property
    def extended(self, /) -> int:
        """
        Locks that were extended.
        """
    @property
    def failed(self, /) -> list[FailedExtension]:
        """
        The first hundred of them.
        """
    @property
    def failures(self, /) -> int:
        """
        Locks that could not be extended.
        """
    @property
    def gone(self, /) -> int:
        """
        Versions that were gone when their turn came: nothing is left to lock.
        """
    @property
    def listed(self, /) -> int:
        """
        Current versions that were listed.
        """
    @property
    def not_shown(self, /) -> int:
        """
        Versions of which the key may not see the lock.
        """
    @property
    def not_understood(self, /) -> int:
        """
        Rows of the listing that are not understood.
        """
    @property
    def outcome(self, /) -> str:
        """
        What it comes to: ``"as_it_should_be"``, or ``"incomplete"`` where a lock was left.
        """
    @property
    def stopped(self, /) -> str | None:
        """
        Why the rest was not begun, where it was not.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def until(self, /) -> datetime | None:
        """
        The earliest end of the locks that were extended.
        """

@final
class LockStatus:
    """
    Until when the current versions of a bucket are locked.
    """
    def __repr__(self, /) -> str: ...
    @property
    def bucket(self, /) -> str:
        """
        The bucket's name.
        """
    @property
    def folders(self, /) -> list[FolderLocks]:
        """
        The locks, folder by folder.
        """
    @property
    def forecast(self, /) -> Forecast:
        """
        What extending costs.
        """
    @property
    def is_kept(self, /) -> bool:
        """
        Whether each current version is locked for as long as it is to be kept, and each row was understood.
        """
    @property
    def not_understood(self, /) -> list[str]:
        """
        Rows of the listing that are not understood, at most twenty.
        """
    @property
    def not_understood_rows(self, /) -> int:
        """
        How many there were.
        """
    @property
    def now(self, /) -> datetime:
        """
        When it was looked.
        """
    @property
    def pages(self, /) -> int:
        """
        How many pages the listing had.
        """
    def question(self, /) -> Question | None:
        """
        What has to be consented to before a lock is extended; ``None`` where none is due.
        """
    @property
    def retention_days(self, /) -> int | None:
        """
        Days of the bucket's default retention of new versions; ``None`` where there is none.
        """
    @property
    def terms(self, /) -> LockTerms:
        """
        What is to be kept.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names.
        """
    @property
    def total(self, /) -> FolderLocks:
        """
        The sums over all folders.
        """

@final
class LockTerms:
    """
    How long current versions stay locked: every one for ``keep_days`` from each run on, by extending locks that end before to ``extend_days`` from
    then; one run extends versions of at most ``at_most_bytes``.

    >>> LockTerms(at_most_bytes=2 * 10**12)
    LockTerms(keep_days=14, extend_days=28, at_most_bytes=2000000000000)
    >>> LockTerms(0, at_most_bytes=1)
    Traceback (most recent call last):
    dtc.exceptions.ValidationError: 0 days are no lock to keep
    """
    LONGEST_DAYS: Final[int]
    """
    The longest retention that B2 takes, in days.
    """
    MARGIN_DAYS: Final[int]
    """
    A lock that ends so many days after what is to be kept is due.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, keep_days: SupportsIndex = 14, extend_days: SupportsIndex = 28, *, at_most_bytes: SupportsIndex) -> LockTerms: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def at_most_bytes(self, /) -> int:
        """
        The versions of one run have together at most so many bytes.
        """
    @property
    def extend_days(self, /) -> int:
        """
        To how long from now a lock is extended, in days.
        """
    @property
    def keep_days(self, /) -> int:
        """
        How long every current version stays locked from each run on, in days.
        """

@final
class Progress:
    """
    How far a look or a run has come.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, listed: SupportsIndex, extended: SupportsIndex) -> Progress: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def extended(self, /) -> int:
        """
        Locks that were extended.
        """
    @property
    def listed(self, /) -> int:
        """
        Current versions that were listed.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

def extend(services: Services, status: LockStatus, *, consents: SupportsGetItem[int, RecordedConsent] = ..., on_progress: Callable[[Progress], object] | None = None, timeout: float | None = None) -> LockReport:
    """
    Extends every lock of a current version that is due, as far as the consent goes; never shortens one. One that cannot be extended stops none of
    the others. Whatever ends it: what was extended stays so, and the next run goes on.

    ``on_progress`` is called after each page; what it raises ends the call and is raised here.
    """

def status(services: Services, site: Site, terms: LockTerms, *, on_progress: Callable[[Progress], object] | None = None, timeout: float | None = None) -> LockStatus:
    """
    Lists the current versions of the location's bucket, and until when each is locked. Writes nothing; holds a page at a time.

    ``on_progress`` is called after each page; what it raises ends the call and is raised here.
    """
