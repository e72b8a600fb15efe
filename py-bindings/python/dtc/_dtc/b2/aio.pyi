"""
The same calls for asyncio: each returns a coroutine.
"""

from . import Account, Bucket, BucketRef, CopyFile, CorsRule, CustomerKey, Download, DownloadHead, DownloadToken, FileRetention, FileVersion, Folder, HeaderOverrides, Key, LifecycleRule, NewKey, NotificationRule, Part, Progress, Replication, ReplicationCounts, SavedFile, SetNotificationRule, UpdateBucket, Wait
from ..crypt import Secret
from ..naming import BucketName
from _typeshed import SupportsGetItem, SupportsRead, SupportsWrite
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from os import PathLike
from typing import Any, List, SupportsIndex, final

__all__ = ["Buckets", "Client", "DownloadResponse", "Entries", "FileVersions", "Files", "Keys", "ListedKeys", "Parts"]

@final
class Buckets:
    """
    The buckets of an account.
    """
    def create(self, /, name: str, *, visibility: str = ..., object_lock: bool = False, encryption: str | None = None, lifecycle_rules: SupportsGetItem[int, LifecycleRule] = ..., info: dict[str, str] = ..., cors_rules: SupportsGetItem[int, CorsRule] = ..., replication: Replication | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Bucket]:
        """
        Creates a bucket. The service takes a default retention only in ``update``. If an answer was lost, the bucket is looked up.

        ``Conflict`` where the name is taken, in this account or in another one.
        """
    def delete(self, /, bucket: str | BucketName | Bucket | BucketRef, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Deletes an empty bucket. ``Conflict`` while it holds any version of any file.
        """
    def get(self, /, bucket: str | BucketName | Bucket | BucketRef, *, timeout: float | None = None) -> Coroutine[Any, Any, Bucket | None]:
        """
        Returns a bucket, or ``None`` if the account has no such bucket. One that was created seconds ago may not be found yet.
        """
    def list(self, /, *, bucket: str | BucketName | Bucket | BucketRef | None = None, visibilities: SupportsGetItem[int, str] = ..., any_visibility: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, List[Bucket]]:
        """
        Lists buckets: one, those with one of these visibilities, or all that the key may access. One request, since the service does not
        page it; for a key that is restricted to buckets one for each.
        """
    def modify(self, /, bucket: str | BucketName | Bucket | BucketRef, change: Callable[[Bucket], UpdateBucket | None], *, timeout: float | None = None) -> Coroutine[Any, Any, Bucket]:
        """
        Reads a bucket, calls ``change`` with it, and sends what that returns on condition that nobody has changed the bucket meanwhile;
        else starts over, up to five times. ``change`` returns ``None`` where nothing is to be changed; what it raises ends the call.
        """
    def notification_rules(self, /, bucket: str | BucketName | Bucket | BucketRef, *, timeout: float | None = None) -> Coroutine[Any, Any, List[NotificationRule]]:
        """
        Returns the event notification rules of a bucket.
        """
    def set_notification_rules(self, /, bucket: str | BucketName | Bucket | BucketRef, rules: SupportsGetItem[int, SetNotificationRule], *, timeout: float | None = None) -> Coroutine[Any, Any, List[NotificationRule]]:
        """
        Replaces all event notification rules of a bucket, and returns the new ones.
        """
    def update(self, /, bucket: str | BucketName | Bucket | BucketRef, change: UpdateBucket, *, timeout: float | None = None) -> Coroutine[Any, Any, Bucket]:
        """
        Changes settings of a bucket. ``Conflict`` unless it has the revision that ``change`` asks for.
        """

@final
class Client:
    """
    A client for one account of Backblaze B2. It logs in at its first call, keeps its connections, and may be used by several threads.

    Every call takes ``timeout=`` in seconds, beside the time-outs of the client. A read that it ends raises ``TransportError``, a write
    ``OutcomeUnknown``. What the service refuses raises a subclass of :class:`dtc.exceptions.DtcError`.

    Times in the constructor are seconds. ``realm`` is the URL to log in at (usually Backblaze's); ``attempts`` (6) how often a call is
    made that may be repeated; ``backoff`` (1 and 64) the first and the longest wait in between; ``deadline`` (300) the time for a call
    with everything; ``connect_timeout`` (15); ``idle_timeout`` (60) the time without a byte; ``copy_timeout`` (1200) that of copies;
    ``minimum_rate`` (256) bytes per second of an answer; ``on_wait`` is called before every wait, and what it raises ends the call that
    waits; a ``read_only`` client refuses everything but reads before anything is sent; ``test_mode`` asks the service for failures.
    """
    def __aenter__(self, /) -> Coroutine[Any, Any, Client]: ...
    def __aexit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> Coroutine[Any, Any, None]: ...
    def __new__(cls, /, *, key_id: str, application_key: Secret | str, realm: str | None = None, user_agent: str | None = None, attempts: SupportsIndex | None = None, backoff: tuple[float, float] | None = None, deadline: float | None = None, connect_timeout: float | None = None, idle_timeout: float | None = None, copy_timeout: float | None = None, minimum_rate: SupportsIndex | None = None, on_wait: Callable[[Wait], object] | None = None, read_only: bool = False, test_mode: str | None = None) -> Client: ...
    def __reduce__(self, /) -> tuple[str]:
        """
        Never.
        """
    def __repr__(self, /) -> str: ...
    def account(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, Account]:
        """
        The account, and what the key may do in it. Logs in if there is no session yet.
        """
    @staticmethod
    def anonymous(download_url: str, *, user_agent: str | None = None) -> Client:
        """
        A client without a key, which only downloads: from public buckets, or with a download token, whose ``download_url`` it takes.
        """
    @property
    def buckets(self, /) -> Buckets:
        """
        Buckets.
        """
    def close(self, /) -> None:
        """
        Lets go of the connections: further calls raise ``RuntimeError``, and those under way end as they would.
        """
    @property
    def files(self, /) -> Files:
        """
        Files and their versions.
        """
    @property
    def keys(self, /) -> Keys:
        """
        Application keys.
        """
    def service_time(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, datetime]:
        """
        The time by the service's clock, accurate to a second or two. Compute the end of a retention from it: the local clock may be wrong.
        """

@final
class DownloadResponse:
    """
    The answer to a download: what the service says of the file, and its content, to be read once. Where the connection breaks, it goes
    on at the same place of the same version. Content that does not match its checksum raises ``ApiError`` after the last byte.
    """
    def __aenter__(self, /) -> Coroutine[Any, Any, DownloadResponse]: ...
    def __aexit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> Coroutine[Any, Any, None]: ...
    def __aiter__(self, /) -> DownloadResponse: ...
    def __anext__(self, /) -> Coroutine[Any, Any, bytes]: ...
    def __repr__(self, /) -> str: ...
    def close(self, /) -> None:
        """
        Ends the download.
        """
    @property
    def head(self, /) -> DownloadHead:
        """
        What the service says of the file.
        """
    @property
    def is_verified(self, /) -> bool:
        """
        Whether the content is compared with a checksum: of a whole file that has one, and not of a range.
        """
    def read(self, /, size: SupportsIndex | None = None, *, timeout: float | None = None) -> Coroutine[Any, Any, bytes]:
        """
        Reads up to ``size`` bytes, or everything that is left; fewer only at the end, and none after it.
        """
    def write_to(self, /, writer: SupportsWrite[bytes], *, timeout: float | None = None) -> Coroutine[Any, Any, int]:
        """
        Writes everything that is left to a file-like object, and returns the number of bytes. What was written before an error stays.
        """

@final
class Entries:
    """
    Files and folders of a listing with a delimiter, page after page as they are asked for.
    """
    def __aiter__(self, /) -> Entries: ...
    def __anext__(self, /) -> Coroutine[Any, Any, FileVersion | Folder]: ...

@final
class FileVersions:
    """
    Versions of files, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    """
    def __aiter__(self, /) -> FileVersions: ...
    def __anext__(self, /) -> Coroutine[Any, Any, FileVersion]: ...

@final
class Files:
    """
    The files of an account, and their versions.
    """
    def cancel_large_file(self, /, file_id: str, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Cancels an unfinished large file and deletes its parts.
        """
    def copy(self, /, copy: CopyFile, *, timeout: float | None = None) -> Coroutine[Any, Any, FileVersion]:
        """
        Copies a version within the service, in parts where it is large. ``OutcomeUnknown`` when the answer was lost: the copy may exist.
        """
    def copy_with_source_key(self, /, source_key: CustomerKey | None, copy: CopyFile, *, timeout: float | None = None) -> Coroutine[Any, Any, FileVersion]:
        """
        Copies a version whose encryption differs from that of the copy: ``source_key`` is the customer's key of the source, or ``None``.
        """
    def count_replication(self, /, bucket: str | BucketName | Bucket | BucketRef, *, prefix: str | None = None, timeout: float | None = None) -> Coroutine[Any, Any, ReplicationCounts]:
        """
        Counts versions by the state of their replication, which reads the whole listing.
        """
    def delete_all_versions(self, /, bucket: str | BucketName | Bucket | BucketRef, name: str, *, bypass_governance: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, int]:
        """
        Permanently deletes every version of a name, the newest last, and returns their number. Ends at the first protected one.
        """
    def delete_version(self, /, name: str, file_id: str, *, bypass_governance: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Permanently deletes one version. ``ApiError`` of the kind ``locked`` while retention or a legal hold protects it.
        """
    def download(self, /, download: Download, *, timeout: float | None = None) -> Coroutine[Any, Any, DownloadResponse]:
        """
        Starts a download and returns its answer, whose content is read in pieces. Nothing is decoded: it comes as it was uploaded.
        """
    def get(self, /, file_id: str, *, timeout: float | None = None) -> Coroutine[Any, Any, FileVersion]:
        """
        Returns what the service says of a version.
        """
    def head(self, /, download: Download, *, timeout: float | None = None) -> Coroutine[Any, Any, DownloadHead]:
        """
        Returns what the service says of the file that a download would return, without its content.
        """
    def hide(self, /, bucket: str | BucketName | Bucket | BucketRef, name: str, *, timeout: float | None = None) -> Coroutine[Any, Any, FileVersion | None]:
        """
        Hides a file and returns the new hide marker; ``None`` if it was hidden before. Its versions remain.
        """
    def list_names(self, /, bucket: str | BucketName | Bucket | BucketRef, *, prefix: str | None = None, start_at: str | None = None, page_size: SupportsIndex = 1000) -> FileVersions:
        """
        Lists the newest version of each file that is not hidden, sorted by the bytes of the names, page after page as they are asked for.

        The service bills a listing per 1000 entries asked for, which is what ``page_size`` says.
        """
    def list_names_with_delimiter(self, /, bucket: str | BucketName | Bucket | BucketRef, delimiter: str = "/", *, prefix: str | None = None, start_at: str | None = None, page_size: SupportsIndex = 1000) -> Entries:
        """
        Lists files as ``list_names``, with one folder for all whose names are the same up to the next delimiter after the prefix.
        """
    def list_parts(self, /, file_id: str) -> Parts:
        """
        Lists the uploaded parts of an unfinished large file.
        """
    def list_unfinished(self, /, bucket: str | BucketName | Bucket | BucketRef, prefix: str = "") -> FileVersions:
        """
        Lists the unfinished large files, the oldest first. Their parts are billed until they are finished or cancelled.
        """
    def list_versions(self, /, bucket: str | BucketName | Bucket | BucketRef, *, prefix: str | None = None, start_at: str | None = None, start_at_id: str | None = None, page_size: SupportsIndex = 1000) -> FileVersions:
        """
        Lists every version of every file, the newest first within a name, with hide markers and unfinished large files.
        """
    def list_versions_with_delimiter(self, /, bucket: str | BucketName | Bucket | BucketRef, delimiter: str = "/", *, prefix: str | None = None, start_at: str | None = None, page_size: SupportsIndex = 1000) -> Entries:
        """
        Lists versions as ``list_versions``, with folders as in ``list_names_with_delimiter``.
        """
    def save(self, /, download: Download, path: str | PathLike[str], *, progress: Callable[[Progress], object] | None = None, timeout: float | None = None) -> Coroutine[Any, Any, SavedFile]:
        """
        Downloads to a path, whose file is replaced at once when the content is complete and verified. After a failure it is unchanged.

        ``progress`` is called now and then, in ``aio`` on another thread; what it raises ends the download.
        """
    def share(self, /, bucket: str | BucketName | Bucket | BucketRef, prefix: str, valid_for: timedelta, *, overrides: HeaderOverrides | None = None, timeout: float | None = None) -> Coroutine[Any, Any, DownloadToken]:
        """
        Makes a token that authorises downloads of files whose names begin with a prefix, for a second to seven days.
        """
    def update_legal_hold(self, /, name: str, file_id: str, hold: str, *, timeout: float | None = None) -> Coroutine[Any, Any, str]:
        """
        Sets the legal hold of a version to ``"on"`` or ``"off"``, and returns the new state.
        """
    def update_retention(self, /, name: str, file_id: str, retention: FileRetention | None, *, bypass_governance: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, FileRetention | None]:
        """
        Changes the retention of a version, with ``None`` to none, and returns the new one. In compliance mode it can only be extended.
        """
    def upload(self, /, bucket: str | BucketName | Bucket | BucketRef, name: str, source: bytes | bytearray | memoryview | str | PathLike[str] | SupportsRead[bytes], *, content_type: str | None = None, info: dict[str, str] = ..., source_modified: datetime | None = None, encryption: str | None = None, retention: FileRetention | None = None, legal_hold: str | None = None, custom_upload_timestamp: datetime | None = None, part_size: SupportsIndex | None = None, parallel: SupportsIndex = 4, resume: bool = False, in_locked_bucket: bool = False, progress: Callable[[Progress], object] | None = None, timeout: float | None = None) -> Coroutine[Any, Any, FileVersion]:
        """
        Uploads bytes, the file at a path, or what a file-like object reads, in one request or in parts, and returns the version.

        Every request carries a checksum, which the service verifies. ``part_size`` is in bytes (usually what the account recommends), and
        ``parallel`` parts are sent at once. ``resume`` goes on with an unfinished upload of the same content from bytes or a path.
        ``progress`` is called now and then, in ``aio`` on another thread; what it raises ends the upload.

        ``OSError`` when the source cannot be read; what a file-like object raises passes through.
        """
    def with_customer_key(self, /, key: CustomerKey) -> Files:
        """
        The same handle, with a key that encrypts uploads and copies and decrypts downloads and the sources of copies.
        """
    def with_token(self, /, token: DownloadToken) -> Files:
        """
        The same handle, whose downloads by name are authorised with this token instead of the client's key.
        """

@final
class Keys:
    """
    The application keys of an account.
    """
    def create(self, /, name: str, capabilities: SupportsGetItem[int, str], *, buckets: SupportsGetItem[int, str | BucketName | Bucket | BucketRef] = ..., name_prefix: str | None = None, valid_for: timedelta | None = None, compat: str = ..., timeout: float | None = None) -> Coroutine[Any, Any, NewKey]:
        """
        Creates a key and returns it with its secret, which is never shown again.

        It is restricted to ``buckets`` and to names that begin with ``name_prefix``, if they are given, and expires after ``valid_for``
        (at least a second, less than 1000 days). ``compat="v3_single_bucket"`` makes one that programs of the API's version 3 accept.

        ``OutcomeUnknown`` when the answer was lost: a key may exist whose secret nobody knows, which ``list`` shows.
        """
    def delete(self, /, key_id: str, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Deletes a key, by its id: programs that use it are refused from then on.
        """
    def list(self, /) -> ListedKeys:
        """
        Lists all keys of the account, each once, page after page as they are asked for.
        """

@final
class ListedKeys:
    """
    Application keys, page after page as they are asked for. A key that cannot be read is raised in its place; the next ones follow.
    """
    def __aiter__(self, /) -> ListedKeys: ...
    def __anext__(self, /) -> Coroutine[Any, Any, Key]: ...

@final
class Parts:
    """
    Parts of an unfinished large file, page after page as they are asked for.
    """
    def __aiter__(self, /) -> Parts: ...
    def __anext__(self, /) -> Coroutine[Any, Any, Part]: ...
