"""
Getting it back: files of a backup, as of any moment that the bucket still holds.
"""

from . import aio as aio
from ..crypt import Secret
from ..provision import SiteFile
from _typeshed import SupportsGetItem, SupportsWrite
from collections.abc import Callable
from datetime import datetime
from os import PathLike
from typing import Any, SupportsIndex, final

__all__ = ["BackedUp", "Burst", "FailedFile", "FileVersion", "Foreseen", "GetReport", "OlderVersion", "Progress", "RenamedFile", "RestoreSource", "Tree", "instant", "aio"]

@final
class BackedUp:
    """
    A file of a backup.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, pool: str, path: str, raw_path: SupportsGetItem[int, SupportsIndex], size: SupportsIndex | None, modified: datetime, uploaded: datetime, object: str, version: str) -> BackedUp: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def modified(self, /) -> datetime:
        """
        When the file was modified.
        """
    @property
    def object(self, /) -> str:
        """
        The object's name.
        """
    @property
    def path(self, /) -> str:
        """
        The path in the pool; what is not UTF-8 is replaced.
        """
    @property
    def pool(self, /) -> str:
        """
        The pool.
        """
    @property
    def raw_path(self, /) -> bytes:
        """
        The path's bytes, as on the appliance.
        """
    @property
    def size(self, /) -> int | None:
        """
        The plain size in bytes; ``None`` where no encrypted file is as long as the object.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def uploaded(self, /) -> datetime:
        """
        When it was uploaded.
        """
    @property
    def version(self, /) -> str:
        """
        The id of the object's version.
        """

@final
class Burst:
    """
    A run of the backup that carried off changes which people do not make.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, began: datetime, ended: datetime, before: datetime, files: SupportsIndex, rewritten: SupportsIndex, removed: SupportsIndex, renamed: SupportsIndex, new_ending: str | None = None) -> Burst: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def before(self, /) -> datetime:
        """
        The last moment before it: the proposal for ``at``.
        """
    @property
    def began(self, /) -> datetime:
        """
        When its first change was uploaded.
        """
    @property
    def ended(self, /) -> datetime:
        """
        When its last change was uploaded.
        """
    @property
    def files(self, /) -> int:
        """
        How many files stood before it.
        """
    @property
    def new_ending(self, /) -> str | None:
        """
        The ending that most of its new files have, where no file had it before.
        """
    @property
    def removed(self, /) -> int:
        """
        How many it removed that did not turn up elsewhere.
        """
    @property
    def renamed(self, /) -> int:
        """
        How many it removed that turned up beside themselves with something added to their names.
        """
    @property
    def rewritten(self, /) -> int:
        """
        How many of them it rewrote that are not rewritten all the time.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class FailedFile:
    """
    A file that could not be restored.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, pool: str, path: str, object: str, version: str, failure: str, reason: str, older: OlderVersion | None = None) -> FailedFile: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def failure(self, /) -> str:
        """
        What kind of failure it is: ``"data_at_risk"``, ``"damaged"``, ``"not_fetched"``, ``"occupied"``, ``"not_written"``,
        ``"not_begun"``.
        """
    @property
    def object(self, /) -> str:
        """
        The object's name.
        """
    @property
    def older(self, /) -> OlderVersion | None:
        """
        The newest older version that opens, of an object that does not come out.
        """
    @property
    def path(self, /) -> str:
        """
        The path in the pool; what is not UTF-8 is replaced.
        """
    @property
    def pool(self, /) -> str:
        """
        The pool.
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
    @property
    def version(self, /) -> str:
        """
        The id of the version that was to be restored.
        """

@final
class FileVersion:
    """
    A version of a file, or a mark that it was deleted.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: str, kind: str, size: SupportsIndex | None = None, uploaded: datetime, modified: datetime | None = None, replaced: datetime | None = None, lock: str, locked_until: datetime | None = None, goes: datetime | None = None) -> FileVersion: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def goes(self, /) -> datetime | None:
        """
        When the bucket's lifecycle deletes it at the earliest; ``None`` for one that stands, and where nothing deletes.
        """
    @property
    def id(self, /) -> str:
        """
        Its id.
        """
    @property
    def kind(self, /) -> str:
        """
        What it is: ``"content"``, ``"deleted"``, ``"unfinished"``.
        """
    @property
    def lock(self, /) -> str:
        """
        Whether it can be deleted: ``"free"``, ``"until"`` a time, ``"held"`` until somebody lifts its legal hold, ``"not_shown"`` to the
        appliance's key.
        """
    @property
    def locked_until(self, /) -> datetime | None:
        """
        Until when it cannot be deleted, where ``lock`` is ``"until"``.
        """
    @property
    def modified(self, /) -> datetime | None:
        """
        When the file was modified that it is of, as the uploader noted it.
        """
    @property
    def replaced(self, /) -> datetime | None:
        """
        When another version, or a mark, took its place; ``None`` for the one that stands.
        """
    @property
    def size(self, /) -> int | None:
        """
        Its plain size in bytes, of content that can be an encrypted file's.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def uploaded(self, /) -> datetime:
        """
        When it was uploaded.
        """

@final
class Foreseen:
    """
    What a restore would do.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, files: SupportsIndex, bytes: SupportsIndex, stored_bytes: SupportsIndex, begun: SupportsIndex, there: SupportsIndex, compared: SupportsIndex, occupied: SupportsIndex) -> Foreseen: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def begun(self, /) -> int:
        """
        What an earlier run has written of the large ones among them, in bytes.
        """
    @property
    def bytes(self, /) -> int:
        """
        What is missing of them, in bytes.
        """
    @property
    def compared(self, /) -> int:
        """
        Files of the right length and another time, which would be compared.
        """
    @property
    def files(self, /) -> int:
        """
        Files that would be written.
        """
    @property
    def occupied(self, /) -> int:
        """
        Files under whose path something else is: they would not be restored.
        """
    @property
    def stored_bytes(self, /) -> int:
        """
        What would be fetched for that, in bytes.
        """
    @property
    def there(self, /) -> int:
        """
        Files that are there already, by length and time.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class GetReport:
    """
    What a restore did. Each file of the tree is written, was there already, or failed.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, written: SupportsIndex, unchanged: SupportsIndex, bytes: SupportsIndex, failed: SupportsGetItem[int, FailedFile], renamed: SupportsGetItem[int, RenamedFile], foreign: SupportsGetItem[int, str], not_understood: SupportsGetItem[int, str], absent: SupportsGetItem[int, str], complete_since: datetime | None = None, list_sha256: str, is_complete: bool) -> GetReport: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def absent(self, /) -> list[str]:
        """
        Of what was wanted, that under which nothing stood.
        """
    @property
    def bytes(self, /) -> int:
        """
        The size of the written files in bytes.
        """
    @property
    def complete_since(self, /) -> datetime | None:
        """
        Where files may be missing that the bucket's lifecycle has removed: from when on all are there.
        """
    @property
    def failed(self, /) -> list[FailedFile]:
        """
        Files that could not be restored, in the order of the tree.
        """
    @property
    def foreign(self, /) -> list[str]:
        """
        Objects that are none of the backup's, by their names.
        """
    @property
    def is_complete(self, /) -> bool:
        """
        Whether every file is there.
        """
    @property
    def list_sha256(self, /) -> str:
        """
        The SHA-256 of the list of restored files: of each, in the tree's order, a line of its length, its version's id and its path.
        """
    @property
    def not_understood(self, /) -> list[str]:
        """
        Rows of the listing that were not understood.
        """
    @property
    def renamed(self, /) -> list[RenamedFile]:
        """
        Files whose paths this system cannot hold, and where they are instead.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unchanged(self, /) -> int:
        """
        Files that were there already, complete and equal.
        """
    @property
    def written(self, /) -> int:
        """
        Files that were written.
        """

@final
class OlderVersion:
    """
    A version that opens.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, version: str, uploaded: datetime) -> OlderVersion: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def uploaded(self, /) -> datetime:
        """
        When it was uploaded: restoring as of then brings it back.
        """
    @property
    def version(self, /) -> str:
        """
        Its id.
        """

@final
class Progress:
    """
    How far a restore is.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, files: SupportsIndex, files_total: SupportsIndex, bytes: SupportsIndex, bytes_total: SupportsIndex, done: str | None = None) -> Progress: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int:
        """
        Plain bytes that have arrived; what is fetched again counts again.
        """
    @property
    def bytes_total(self, /) -> int:
        """
        Plain bytes to be fetched, by what is in the target at the start.
        """
    @property
    def done(self, /) -> str | None:
        """
        The file that is done just now, as ``POOL:PATH``; ``None`` in the middle of one.
        """
    @property
    def files(self, /) -> int:
        """
        Files that are done, in one way or another.
        """
    @property
    def files_total(self, /) -> int:
        """
        Files of the tree.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class RenamedFile:
    """
    A file that was restored under another path than its own.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, path: str, written: str) -> RenamedFile: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def path(self, /) -> str:
        """
        The path in the pool.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def written(self, /) -> str:
        """
        The path below the target.
        """

@final
class RestoreSource:
    """
    One appliance's backup, with the key that reads it and the pair that opens it. Neither the appliance nor rclone is needed, nothing here
    writes to the bucket, and no secret comes out of it.

    Made by ``from_vault`` or ``from_record``. Every call takes ``timeout=`` in seconds.
    """
    def __enter__(self, /) -> RestoreSource: ...
    def __exit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> None: ...
    def __reduce__(self, /) -> tuple[str]:
        """
        Never.
        """
    def __repr__(self, /) -> str: ...
    @property
    def bucket(self, /) -> str:
        """
        The bucket's name.
        """
    def cat(self, /, file: str, out: SupportsWrite[bytes], *, at: datetime | None = None, timeout: float | None = None) -> int:
        """
        Writes one file's plain bytes to ``out``, each block after it was authenticated, and returns how many. What has been written cannot
        be taken back. ``file`` is ``POOL:PATH``; what ``out`` raises passes through.
        """
    def close(self, /) -> None:
        """
        Lets go of the connections: further calls raise ``RuntimeError``, and those under way end as they would.
        """
    @property
    def device(self, /) -> str:
        """
        The appliance's Device GUID.
        """
    def find(self, /, pattern: str, wanted: str | SupportsGetItem[int, str], *, at: datetime | None = None, timeout: float | None = None) -> Tree:
        """
        Lists the files of the backup whose names match a pattern, by rclone's rules: ``*.docx`` in any folder, ``/offices/**`` in that one.
        """
    def foresee(self, /, tree: Tree, to: str | PathLike[str], *, verify: bool = False, timeout: float | None = None) -> Foreseen:
        """
        Says what ``get`` would do with this tree and this folder. Writes nothing, and fetches nothing.
        """
    @staticmethod
    def from_record(record: str | PathLike[str], *, key: Secret | str, password: Secret | str, salt: Secret | str, url: str | None = None, timeout: float | None = None) -> RestoreSource:
        """
        The backup that a saved record is about, where neither NinjaOne nor IT Glue is there. ``record`` is the path of a file with the lines
        ``Bucket Name``, ``Device GUID`` and ``Username``.

        ``key``, ``password`` and ``salt`` are a ``dtc.crypt.Secret`` each, or say where it is: ``env:NAME``, ``file:PATH``,
        ``op://vault/item/field``.
        """
    @staticmethod
    def from_vault(site: SiteFile | str | PathLike[str] | dict[str, Any], *, device: str | None = None, timeout: float | None = None) -> RestoreSource:
        """
        The backup of a site's location, by what the vault holds of it. ``site`` is a :class:`dtc.provision.SiteFile`, the
        path of one, or its tables as a dictionary; ``device`` the Device GUID, where several appliances back up into the location's bucket.

        ``Refused`` where a secret, a right or a decision is missing, ``DataAtRisk`` where the vault holds no whole set of secrets.
        """
    def get(self, /, tree: Tree, to: str | PathLike[str], *, parallel: SupportsIndex = 8, verify: bool = False, on_progress: Callable[[Progress], object] | None = None, timeout: float | None = None) -> GetReport:
        """
        Restores a tree into a folder, which is made if it is not there. Nothing there is replaced, no link there is followed, and a file appears
        under its name when it is complete and every block of it is authentic. Run again, it goes on.

        ``parallel`` files are fetched at a time, at most 64. With ``verify``, files that are there already are compared by their content too.
        ``on_progress`` is called after each file and each MiB; what it raises ends the restore. A file that cannot be restored does not hold
        up the others: afterwards ``DataAtRisk`` is raised if something does not open, else ``Incomplete``, with the report as ``report``.
        """
    def history(self, /, file: str, *, timeout: float | None = None) -> list[FileVersion]:
        """
        Lists the versions of one file, the newest first; none where the path is no file's. Reads no content.
        """
    def ls(self, /, wanted: str | SupportsGetItem[int, str], *, at: datetime | None = None, include: SupportsGetItem[int, str] = ..., exclude: SupportsGetItem[int, str] = ..., timeout: float | None = None) -> Tree:
        """
        Lists files of the backup: ``wanted`` is a pool, or a file or folder in one, as ``POOL`` or ``POOL:PATH``, or a list of those. ``at`` is the
        moment, else now; ``include`` and ``exclude`` take rclone's patterns for paths in the pool. Reads names, no content.

        ``ValidationError`` for a moment before the first upload; its text names the earliest. Look at ``is_whole`` of what is returned.
        """
    @property
    def retained_days(self, /) -> int | None:
        """
        For how many days the bucket keeps a version that no longer stands; ``None`` for good.
        """
    @property
    def retention_is_assumed(self, /) -> bool:
        """
        Whether ``retained_days`` is the standard's number, because the bucket's rules could not be read.
        """
    def when(self, /, pool: str, *, timeout: float | None = None) -> list[Burst]:
        """
        Names the moments when a pool changed in ways that people do not work, such as by ransomware: proposals for ``at``, to be looked at and
        not to be trusted. Reads names, sizes and times of versions, no content.
        """

@final
class Tree:
    """
    The files of a backup as they stood at an instant: what ``RestoreSource.ls`` and ``find`` list, and ``get`` restores.
    """
    def __len__(self, /) -> int: ...
    def __repr__(self, /) -> str: ...
    @property
    def absent(self, /) -> list[str]:
        """
        Of what was wanted, that under which nothing stood, whatever the patterns.
        """
    @property
    def at(self, /) -> datetime | None:
        """
        The instant; ``None`` for the tree as it stands.
        """
    @property
    def bytes(self, /) -> int:
        """
        The plain size of all files in bytes.
        """
    @property
    def complete_since(self, /) -> datetime | None:
        """
        Where files may be missing because the instant was so long ago that the bucket has deleted what was replaced since: from when on
        everything is there.
        """
    @property
    def files(self, /) -> list[BackedUp]:
        """
        The files, pool by pool, in byte order of their objects' names. Each access makes a new list.
        """
    @property
    def first(self, /) -> datetime | None:
        """
        When the first version with content was uploaded that was looked at.
        """
    @property
    def foreign(self, /) -> list[str]:
        """
        Objects that are none of the backup's, by their names.
        """
    @property
    def is_whole(self, /) -> bool:
        """
        Whether all that stood at the instant is among the files, and something of all that was wanted did.
        """
    @property
    def last(self, /) -> datetime | None:
        """
        When the last version with content was uploaded that was looked at.
        """
    @property
    def not_understood(self, /) -> list[str]:
        """
        Rows of the listing that were not understood, a line each.
        """
    @property
    def unfinished(self, /) -> int:
        """
        How many large uploads are not finished.
        """
    @property
    def versions(self, /) -> int:
        """
        How many versions were looked at, hide markers and unfinished large files among them.
        """
    @property
    def younger(self, /) -> int:
        """
        How many objects have only versions that are younger than the instant: they were new, or what stood before them is deleted.
        """

def instant(text: str) -> datetime:
    """
    Reads an instant as people write it: RFC 3339, the same without a zone for this computer's time, a date for its beginning, or a span of
    time ``ago``.

    >>> instant("2026-11-27T03:00-05:00").isoformat()
    '2026-11-27T08:00:00+00:00'
    >>> instant("yesterday")
    Traceback (most recent call last):
    dtc.exceptions.ValidationError: "yesterday" is no instant: write 2026-11-27T03:00 in local time, 2026-11-27T03:00Z or with an offset, or 3 days ago
    """
