"""
The same calls for asyncio: each returns a coroutine.
"""

from . import Burst, FileVersion, Foreseen, GetReport, Progress, Tree
from ..crypt import Secret
from ..provision import SiteFile
from _typeshed import SupportsGetItem, SupportsWrite
from collections.abc import Callable, Coroutine
from datetime import datetime
from os import PathLike
from typing import Any, SupportsIndex, final

__all__ = ["RestoreSource"]

@final
class RestoreSource:
    """
    One appliance's backup, with the key that reads it and the pair that opens it. Neither the appliance nor rclone is needed, nothing here
    writes to the bucket, and no secret comes out of it.

    Made by ``from_vault`` or ``from_record``. Every call takes ``timeout=`` in seconds.
    """
    def __aenter__(self, /) -> Coroutine[Any, Any, RestoreSource]: ...
    def __aexit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> Coroutine[Any, Any, None]: ...
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
    def cat(self, /, file: str, out: SupportsWrite[bytes], *, at: datetime | None = None, timeout: float | None = None) -> Coroutine[Any, Any, int]:
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
    def find(self, /, pattern: str, wanted: str | SupportsGetItem[int, str], *, at: datetime | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Tree]:
        """
        Lists the files of the backup whose names match a pattern, by rclone's rules: ``*.docx`` in any folder, ``/offices/**`` in that one.
        """
    def foresee(self, /, tree: Tree, to: str | PathLike[str], *, verify: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, Foreseen]:
        """
        Says what ``get`` would do with this tree and this folder. Writes nothing, and fetches nothing.
        """
    @staticmethod
    def from_record(record: str | PathLike[str], *, key: Secret | str, password: Secret | str, salt: Secret | str, url: str | None = None, timeout: float | None = None) -> Coroutine[Any, Any, RestoreSource]:
        """
        The backup that a saved record is about, where neither NinjaOne nor IT Glue is there. ``record`` is the path of a file with the lines
        ``Bucket Name``, ``Device GUID`` and ``Username``.

        ``key``, ``password`` and ``salt`` are a ``dtc.crypt.Secret`` each, or say where it is: ``env:NAME``, ``file:PATH``,
        ``op://vault/item/field``.
        """
    @staticmethod
    def from_vault(site: SiteFile | str | PathLike[str] | dict[str, Any], *, device: str | None = None, timeout: float | None = None) -> Coroutine[Any, Any, RestoreSource]:
        """
        The backup of a site's location, by what the vault holds of it. ``site`` is a :class:`dtc.provision.SiteFile`, the
        path of one, or its tables as a dictionary; ``device`` the Device GUID, where several appliances back up into the location's bucket.

        ``Refused`` where a secret, a right or a decision is missing, ``DataAtRisk`` where the vault holds no whole set of secrets.
        """
    def get(self, /, tree: Tree, to: str | PathLike[str], *, parallel: SupportsIndex = 8, verify: bool = False, on_progress: Callable[[Progress], object] | None = None, timeout: float | None = None) -> Coroutine[Any, Any, GetReport]:
        """
        Restores a tree into a folder, which is made if it is not there. Nothing there is replaced, no link there is followed, and a file appears
        under its name when it is complete and every block of it is authentic. Run again, it goes on.

        ``parallel`` files are fetched at a time, at most 64. With ``verify``, files that are there already are compared by their content too.
        ``on_progress`` is called after each file and each MiB; what it raises ends the restore. A file that cannot be restored does not hold
        up the others: afterwards ``DataAtRisk`` is raised if something does not open, else ``Incomplete``, with the report as ``report``.
        """
    def history(self, /, file: str, *, timeout: float | None = None) -> Coroutine[Any, Any, list[FileVersion]]:
        """
        Lists the versions of one file, the newest first; none where the path is no file's. Reads no content.
        """
    def ls(self, /, wanted: str | SupportsGetItem[int, str], *, at: datetime | None = None, include: SupportsGetItem[int, str] = ..., exclude: SupportsGetItem[int, str] = ..., timeout: float | None = None) -> Coroutine[Any, Any, Tree]:
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
    def when(self, /, pool: str, *, timeout: float | None = None) -> Coroutine[Any, Any, list[Burst]]:
        """
        Names the moments when a pool changed in ways that people do not work, such as by ransomware: proposals for ``at``, to be looked at and
        not to be trusted. Reads names, sizes and times of versions, no content.
        """
