"""
Backblaze B2's native API: buckets, application keys, files.
"""

from . import aio as aio
from ..crypt import Secret
from ..naming import BucketName
from _typeshed import SupportsGetItem, SupportsRead, SupportsWrite
from collections.abc import Callable
from datetime import datetime, timedelta
from os import PathLike
from typing import Any, List, SupportsIndex, final

__all__ = ["Account", "AllowedBucket", "Bucket", "BucketRef", "Buckets", "Client", "CopyFile", "CorsRule", "CustomerKey", "DefaultRetention", "Download", "DownloadHead", "DownloadResponse", "DownloadToken", "Entries", "Event", "FileLock", "FileRetention", "FileVersion", "FileVersions", "Files", "Folder", "HeaderOverrides", "Key", "Keys", "LifecycleRule", "ListedKeys", "NewKey", "NotificationRule", "Part", "Parts", "Progress", "Replication", "ReplicationCounts", "ReplicationDestination", "ReplicationRule", "ReplicationSource", "SavedFile", "SetNotificationRule", "Unreadable", "UpdateBucket", "Wait", "is_allowed_on_restricted_key", "reads", "verify_notification", "writes", "aio"]

@final
class Account:
    """
    The account that the key belongs to, and what the key may do. The URLs can change with each login.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: str, capabilities: SupportsGetItem[int, str], allowed_buckets: SupportsGetItem[int, AllowedBucket] | None = None, name_prefix: str | None = None, key_expires: datetime | None = None, recommended_part_size: SupportsIndex, minimum_part_size: SupportsIndex, api_url: str, download_url: str, s3_url: str) -> Account: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def allowed_buckets(self, /) -> list[AllowedBucket] | None:
        """
        The buckets that the key is restricted to; ``None`` for the whole account.
        """
    @property
    def api_url(self, /) -> str:
        """
        The base URL of the native API.
        """
    def can(self, /, capability: str) -> bool:
        """
        Whether the key has this capability.
        """
    @property
    def capabilities(self, /) -> list[str]:
        """
        What the key may do, by the service's names, such as ``"listBuckets"``.
        """
    @property
    def download_url(self, /) -> str:
        """
        The base URL of downloads.
        """
    @property
    def id(self, /) -> str:
        """
        The account id.
        """
    @property
    def key_expires(self, /) -> datetime | None:
        """
        When the key expires; ``None`` if it does not.
        """
    @property
    def minimum_part_size(self, /) -> int:
        """
        The smallest allowed size of a part but the last, in bytes.
        """
    def missing(self, /, wanted: SupportsGetItem[int, str]) -> list[str]:
        """
        Those of the wanted capabilities that the key does not have.
        """
    @property
    def name_prefix(self, /) -> str | None:
        """
        The prefix that file names must have for this key; ``None`` for no restriction.
        """
    @property
    def recommended_part_size(self, /) -> int:
        """
        The recommended part size for large files, in bytes.
        """
    @property
    def s3_url(self, /) -> str:
        """
        The base URL of the S3-compatible API.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class AllowedBucket:
    """
    A bucket that a restricted key may access.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: str, name: str | None = None) -> AllowedBucket: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> str:
        """
        The bucket's id.
        """
    @property
    def name(self, /) -> str | None:
        """
        The bucket's name; ``None`` when the bucket has been deleted.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Bucket:
    """
    A bucket and its settings.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, account_id: str = ..., id: str, name: str, visibility: str = ..., info: dict[str, str] = ..., cors_rules: SupportsGetItem[int, CorsRule] = ..., lifecycle_rules: SupportsGetItem[int, LifecycleRule] = ..., options: SupportsGetItem[int, str] = ..., revision: SupportsIndex, default_encryption: str | Unreadable, file_lock: FileLock | Unreadable, replication: Replication | Unreadable, unread: SupportsGetItem[int, str] = ...) -> Bucket: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def account_id(self, /) -> str:
        """
        The account that the bucket belongs to.
        """
    @property
    def cors_rules(self, /) -> list[CorsRule]:
        """
        Which web pages may access the bucket from a browser.
        """
    @property
    def default_encryption(self, /) -> str | Unreadable:
        """
        The encryption of new files whose upload does not specify one: ``"SSE-B2"``, ``"none"``.
        """
    @property
    def file_lock(self, /) -> FileLock | Unreadable:
        """
        Object lock and default retention.
        """
    @property
    def id(self, /) -> str:
        """
        The bucket id.
        """
    @property
    def info(self, /) -> dict[str, str]:
        """
        User-defined key-value pairs.
        """
    @property
    def lifecycle_rules(self, /) -> list[LifecycleRule]:
        """
        When the service hides and deletes files automatically.
        """
    @property
    def name(self, /) -> str:
        """
        The bucket name.
        """
    @property
    def options(self, /) -> list[str]:
        """
        Options that the service set, such as ``"s3"``.
        """
    @property
    def replication(self, /) -> Replication | Unreadable:
        """
        The bucket's replication settings.
        """
    @property
    def revision(self, /) -> int:
        """
        Increases with each update.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unread(self, /) -> list[str]:
        """
        The members of the answer that have an unknown form. They read as empty here, and ``modify`` refuses to replace them.
        """
    @property
    def visibility(self, /) -> str:
        """
        Who may read the files: ``"allPrivate"``, ``"allPublic"``, ``"snapshot"``.
        """

@final
class BucketRef:
    """
    A bucket by its name or by its id, of which one is enough. Where a bucket is asked for, its name as text does as well.

    >>> BucketRef(id="e73ede9969c64427a54a0e12")
    BucketRef(name=None, id='e73ede9969c64427a54a0e12')
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str | None = None, id: str | None = None) -> BucketRef: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> str | None:
        """
        The bucket's id.
        """
    @property
    def name(self, /) -> str | None:
        """
        The bucket's name.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Buckets:
    """
    The buckets of an account.
    """
    def create(self, /, name: str, *, visibility: str = ..., object_lock: bool = False, encryption: str | None = None, lifecycle_rules: SupportsGetItem[int, LifecycleRule] = ..., info: dict[str, str] = ..., cors_rules: SupportsGetItem[int, CorsRule] = ..., replication: Replication | None = None, timeout: float | None = None) -> Bucket:
        """
        Creates a bucket. The service takes a default retention only in ``update``. If an answer was lost, the bucket is looked up.

        ``Conflict`` where the name is taken, in this account or in another one.
        """
    def delete(self, /, bucket: str | BucketName | Bucket | BucketRef, *, timeout: float | None = None) -> None:
        """
        Deletes an empty bucket. ``Conflict`` while it holds any version of any file.
        """
    def get(self, /, bucket: str | BucketName | Bucket | BucketRef, *, timeout: float | None = None) -> Bucket | None:
        """
        Returns a bucket, or ``None`` if the account has no such bucket. One that was created seconds ago may not be found yet.
        """
    def list(self, /, *, bucket: str | BucketName | Bucket | BucketRef | None = None, visibilities: SupportsGetItem[int, str] = ..., any_visibility: bool = False, timeout: float | None = None) -> List[Bucket]:
        """
        Lists buckets: one, those with one of these visibilities, or all that the key may access. One request, since the service does not
        page it; for a key that is restricted to buckets one for each.
        """
    def modify(self, /, bucket: str | BucketName | Bucket | BucketRef, change: Callable[[Bucket], UpdateBucket | None], *, timeout: float | None = None) -> Bucket:
        """
        Reads a bucket, calls ``change`` with it, and sends what that returns on condition that nobody has changed the bucket meanwhile;
        else starts over, up to five times. ``change`` returns ``None`` where nothing is to be changed; what it raises ends the call.
        """
    def notification_rules(self, /, bucket: str | BucketName | Bucket | BucketRef, *, timeout: float | None = None) -> List[NotificationRule]:
        """
        Returns the event notification rules of a bucket.
        """
    def set_notification_rules(self, /, bucket: str | BucketName | Bucket | BucketRef, rules: SupportsGetItem[int, SetNotificationRule], *, timeout: float | None = None) -> List[NotificationRule]:
        """
        Replaces all event notification rules of a bucket, and returns the new ones.
        """
    def update(self, /, bucket: str | BucketName | Bucket | BucketRef, change: UpdateBucket, *, timeout: float | None = None) -> Bucket:
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
    def __enter__(self, /) -> Client: ...
    def __exit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> None: ...
    def __new__(cls, /, *, key_id: str, application_key: Secret | str, realm: str | None = None, user_agent: str | None = None, attempts: SupportsIndex | None = None, backoff: tuple[float, float] | None = None, deadline: float | None = None, connect_timeout: float | None = None, idle_timeout: float | None = None, copy_timeout: float | None = None, minimum_rate: SupportsIndex | None = None, on_wait: Callable[[Wait], object] | None = None, read_only: bool = False, test_mode: str | None = None) -> Client: ...
    def __reduce__(self, /) -> tuple[str]:
        """
        Never.
        """
    def __repr__(self, /) -> str: ...
    def account(self, /, *, timeout: float | None = None) -> Account:
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
    def service_time(self, /, *, timeout: float | None = None) -> datetime:
        """
        The time by the service's clock, accurate to a second or two. Compute the end of a retention from it: the local clock may be wrong.
        """

@final
class CopyFile:
    """
    A copy of a version, made by the service. Retention and legal hold are not copied: the bucket's default applies.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, source: str, name: str, into_bucket: str | None = None, first: SupportsIndex | None = None, last: SupportsIndex | None = None, content_type: str | None = None, info: dict[str, str] | None = None, retention: FileRetention | None = None, legal_hold: str | None = None, encryption: str | None = None) -> CopyFile: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def content_type(self, /) -> str | None:
        """
        The media type of the copy, together with ``info``, instead of the source's.
        """
    @property
    def encryption(self, /) -> str | None:
        """
        The encryption of the copy: ``"SSE-B2"``, regardless of the bucket's default.
        """
    @property
    def first(self, /) -> int | None:
        """
        The first byte to copy, counted from 0.
        """
    @property
    def info(self, /) -> dict[str, str] | None:
        """
        The file info of the copy, together with ``content_type``, instead of the source's.
        """
    @property
    def into_bucket(self, /) -> str | None:
        """
        The name of the bucket to copy into; ``None`` for the same one.
        """
    @property
    def last(self, /) -> int | None:
        """
        The last byte to copy, which is included.
        """
    @property
    def legal_hold(self, /) -> str | None:
        """
        The legal hold of the copy: ``"on"`` or ``"off"``.
        """
    @property
    def name(self, /) -> str:
        """
        The name of the copy.
        """
    @property
    def retention(self, /) -> FileRetention | None:
        """
        The retention of the copy.
        """
    @property
    def source(self, /) -> str:
        """
        The id of the version to copy.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class CorsRule:
    """
    Which web pages may do what with a bucket's files from a browser.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, cors_rule_name: str, allowed_origins: SupportsGetItem[int, str], allowed_operations: SupportsGetItem[int, str], max_age_seconds: SupportsIndex, allowed_headers: SupportsGetItem[int, str] | None = None, expose_headers: SupportsGetItem[int, str] | None = None, unknown: dict[str, str] = ...) -> CorsRule: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def allowed_headers(self, /) -> list[str] | None:
        """
        The request headers that pages may send.
        """
    @property
    def allowed_operations(self, /) -> list[str]:
        """
        The allowed operations, such as ``"b2_download_file_by_name"``.
        """
    @property
    def allowed_origins(self, /) -> list[str]:
        """
        The allowed origins.
        """
    @property
    def cors_rule_name(self, /) -> str:
        """
        The name: 6 to 50 letters, digits and dashes.
        """
    @property
    def expose_headers(self, /) -> list[str] | None:
        """
        The response headers that pages may read.
        """
    @property
    def max_age_seconds(self, /) -> int:
        """
        How long browsers may cache the answer to a preflight request, in seconds; at most 86400.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unknown(self, /) -> dict[str, str]:
        """
        Settings that this package does not know, each as JSON; they are sent back as they came.
        """

@final
class CustomerKey:
    """
    A key with which the service encrypts and decrypts files, and which it does not store: without it they cannot be read.

    >>> key = CustomerKey(bytes(32))
    >>> key
    CustomerKey('***')
    """
    def __new__(cls, /, key: bytes) -> CustomerKey: ...
    def __reduce__(self, /) -> tuple[str]: ...
    def __repr__(self, /) -> str: ...
    def expose(self, /) -> str:
        """
        Reads the key, in base64.
        """
    @staticmethod
    def from_base64(text: Secret | str) -> CustomerKey:
        """
        Makes a key of its base64 text.
        """

@final
class DefaultRetention:
    """
    The retention of new versions whose upload does not say another. Changing it does not affect versions that exist.

    >>> DefaultRetention.compliance(30)
    DefaultRetention(mode='compliance', duration=30, unit='days')
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, mode: str, duration: SupportsIndex, unit: str = ...) -> DefaultRetention: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def compliance(duration: SupportsIndex, unit: str = "days") -> DefaultRetention:
        """
        Retention in compliance mode, which nobody can shorten or remove from an uploaded version.
        """
    @property
    def duration(self, /) -> int:
        """
        The number of units, counted from the upload.
        """
    @staticmethod
    def governance(duration: SupportsIndex, unit: str = "days") -> DefaultRetention:
        """
        Retention in governance mode, which keys with ``bypassGovernance`` can shorten or remove.
        """
    @property
    def mode(self, /) -> str:
        """
        Who can shorten it: ``"compliance"`` means nobody, ``"governance"`` keys with ``bypassGovernance``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unit(self, /) -> str:
        """
        ``"days"`` or ``"years"``.
        """

@final
class Download:
    """
    What is to be downloaded: a version by its id, or the newest version of a name; the whole file or a range of it.

    >>> Download.by_name("my-photos", "2026/island.jpg", last=99).last
    99
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: str | None = None, bucket: str | None = None, name: str | None = None, first: SupportsIndex | None = None, last: SupportsIndex | None = None, parallel: SupportsIndex = 1, overrides: HeaderOverrides | None = None) -> Download: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bucket(self, /) -> str | None:
        """
        The bucket's name, with ``name``.
        """
    @staticmethod
    def by_id(id: str, *, first: SupportsIndex | None = None, last: SupportsIndex | None = None, parallel: SupportsIndex = 1, overrides: HeaderOverrides | None = None) -> Download:
        """
        This version. Use it for several downloads of one file, so that all of them read the same version.
        """
    @staticmethod
    def by_name(bucket: str, name: str, *, first: SupportsIndex | None = None, last: SupportsIndex | None = None, parallel: SupportsIndex = 1, overrides: HeaderOverrides | None = None) -> Download:
        """
        The newest version of this name.
        """
    @property
    def first(self, /) -> int | None:
        """
        The first byte, counted from 0.
        """
    @property
    def id(self, /) -> str | None:
        """
        The id of the version.
        """
    @property
    def last(self, /) -> int | None:
        """
        The last byte, which is included.
        """
    @property
    def name(self, /) -> str | None:
        """
        The file's name, with ``bucket``.
        """
    @property
    def overrides(self, /) -> HeaderOverrides | None:
        """
        Headers of the answer.
        """
    @property
    def parallel(self, /) -> int:
        """
        How many ranges ``save`` downloads at the same time.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class DownloadHead:
    """
    What the service says of a downloaded file.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: str | None = None, name: str | None = None, content_length: SupportsIndex, content_range: str | None = None, content_type: str | None = None, content_disposition: str | None = None, content_language: str | None = None, content_encoding: str | None = None, cache_control: str | None = None, expires: str | None = None, sha1: str | None = None, sha1_verified: bool = False, whole_sha1: str | None = None, info: dict[str, str] = ..., uploaded: datetime | None = None, encryption: str = ..., retention: FileRetention | None | Unreadable, legal_hold: str | Unreadable) -> DownloadHead: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def cache_control(self, /) -> str | None:
        """
        The ``Cache-Control``.
        """
    @property
    def content_disposition(self, /) -> str | None:
        """
        The ``Content-Disposition``.
        """
    @property
    def content_encoding(self, /) -> str | None:
        """
        The ``Content-Encoding``. The content is not decoded.
        """
    @property
    def content_language(self, /) -> str | None:
        """
        The ``Content-Language``.
        """
    @property
    def content_length(self, /) -> int:
        """
        The length in bytes of the file, or of the range.
        """
    @property
    def content_range(self, /) -> str | None:
        """
        The range and the length of the whole file, as ``bytes 0-9/100``; ``None`` for a whole file.
        """
    @property
    def content_type(self, /) -> str | None:
        """
        The media type.
        """
    @property
    def encryption(self, /) -> str:
        """
        How the file is encrypted.
        """
    @property
    def expires(self, /) -> str | None:
        """
        The ``Expires``.
        """
    @property
    def id(self, /) -> str | None:
        """
        The id of the version; some answers have lacked it.
        """
    @property
    def info(self, /) -> dict[str, str]:
        """
        The file info; names in lower case.
        """
    @property
    def legal_hold(self, /) -> str | Unreadable:
        """
        The legal hold of the version: ``"on"`` or ``"off"``.
        """
    @property
    def name(self, /) -> str | None:
        """
        The file name; ``None`` if the answer does not state it.
        """
    @property
    def retention(self, /) -> FileRetention | None | Unreadable:
        """
        The retention of the version; ``None`` for none.
        """
    @property
    def sha1(self, /) -> str | None:
        """
        The SHA-1 checksum in hexadecimal digits; ``None`` if the service has none.
        """
    @property
    def sha1_verified(self, /) -> bool:
        """
        Whether the service computed the checksum itself.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def uploaded(self, /) -> datetime | None:
        """
        When the file was uploaded.
        """
    @property
    def whole_sha1(self, /) -> str | None:
        """
        The checksum of the whole file: the service's, or what the uploader noted for a large file.
        """

@final
class DownloadResponse:
    """
    The answer to a download: what the service says of the file, and its content, to be read once. Where the connection breaks, it goes
    on at the same place of the same version. Content that does not match its checksum raises ``ApiError`` after the last byte.
    """
    def __enter__(self, /) -> DownloadResponse: ...
    def __exit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> None: ...
    def __iter__(self, /) -> DownloadResponse: ...
    def __next__(self, /) -> bytes: ...
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
    def read(self, /, size: SupportsIndex | None = None, *, timeout: float | None = None) -> bytes:
        """
        Reads up to ``size`` bytes, or everything that is left; fewer only at the end, and none after it.
        """
    def readable(self, /) -> bool:
        """
        Whether it can be read: always.
        """
    def write_to(self, /, writer: SupportsWrite[bytes], *, timeout: float | None = None) -> int:
        """
        Writes everything that is left to a file-like object, and returns the number of bytes. What was written before an error stays.
        """

@final
class DownloadToken:
    """
    What authorises downloads of files whose names begin with a prefix, for a time. Whoever has it can use it.

    >>> token = DownloadToken("a token", "f001.backblazeb2.com")
    >>> token
    DownloadToken('***')
    >>> token.expose_url("my-photos", "island.jpg")
    'f001.backblazeb2.com/file/my-photos/island.jpg?Authorization=a+token'
    """
    def __new__(cls, /, token: Secret | str, download_url: str, overrides: HeaderOverrides | None = None) -> DownloadToken: ...
    def __reduce__(self, /) -> tuple[str]: ...
    def __repr__(self, /) -> str: ...
    @property
    def download_url(self, /) -> str:
        """
        The base URL of the downloads, which contains no secret.
        """
    def expose(self, /) -> str:
        """
        Reads the token, for an ``Authorization`` header.
        """
    def expose_url(self, /, bucket: str, name: str) -> str:
        """
        The URL from which a browser can download a file. It contains the token.
        """
    @property
    def overrides(self, /) -> HeaderOverrides:
        """
        The response headers that the token is bound to.
        """

@final
class Entries:
    """
    Files and folders of a listing with a delimiter, page after page as they are asked for.
    """
    def __iter__(self, /) -> Entries: ...
    def __next__(self, /) -> FileVersion | Folder: ...

@final
class Event:
    """
    An event in a request to a webhook.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, account_id: str, bucket_id: str, bucket_name: str, event_id: str, event_timestamp: datetime, event_type: str, event_version: SupportsIndex, matched_rule_name: str, object_name: str, object_size: SupportsIndex | None = None, object_version_id: str | None = None) -> Event: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def account_id(self, /) -> str:
        """
        The account's id.
        """
    @property
    def bucket_id(self, /) -> str:
        """
        The bucket's id.
        """
    @property
    def bucket_name(self, /) -> str:
        """
        The bucket's name.
        """
    @property
    def event_id(self, /) -> str:
        """
        The id of the event.
        """
    @property
    def event_timestamp(self, /) -> datetime:
        """
        When it happened.
        """
    @property
    def event_type(self, /) -> str:
        """
        What happened, such as ``"b2:ObjectCreated:Upload"``.
        """
    @property
    def event_version(self, /) -> int:
        """
        The version of the event's form.
        """
    @property
    def matched_rule_name(self, /) -> str:
        """
        The name of the rule that it matched.
        """
    @property
    def object_name(self, /) -> str:
        """
        The file's name.
        """
    @property
    def object_size(self, /) -> int | None:
        """
        The file's length in bytes, where it has one.
        """
    @property
    def object_version_id(self, /) -> str | None:
        """
        The id of the file's version.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class FileLock:
    """
    Object lock on a bucket.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, enabled: bool, default_retention: DefaultRetention | None = None) -> FileLock: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def default_retention(self, /) -> DefaultRetention | None:
        """
        The retention of new versions; ``None`` for no retention.
        """
    @property
    def enabled(self, /) -> bool:
        """
        Whether object lock is enabled. It cannot be disabled again.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class FileRetention:
    """
    The retention of a version: until when it cannot be deleted.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, mode: str, until: datetime) -> FileRetention: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def compliance(until: datetime) -> FileRetention:
        """
        Retention in compliance mode, which nobody can shorten or remove.
        """
    @staticmethod
    def governance(until: datetime) -> FileRetention:
        """
        Retention in governance mode, which keys with ``bypassGovernance`` can shorten or remove.
        """
    @property
    def mode(self, /) -> str:
        """
        Who can shorten it: ``"compliance"`` means nobody, ``"governance"`` keys with ``bypassGovernance``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def until(self, /) -> datetime:
        """
        The end of the retention. Compute it from the service's time, since the local clock may be wrong.
        """

@final
class FileVersion:
    """
    A version of a file, a marker that hides one, or an unfinished large file; ``action`` says which.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, account_id: str = ..., bucket_id: str = ..., id: str, name: str, action: str, content_length: SupportsIndex, content_type: str | None = None, sha1: str | None = None, sha1_verified: bool = False, whole_sha1: str | None = None, content_md5: str | None = None, info: dict[str, str] = ..., uploaded: datetime, source_modified: datetime | None = None, encryption: str = ..., retention: FileRetention | None | Unreadable, legal_hold: str | Unreadable, replication_status: str | None = None) -> FileVersion: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def account_id(self, /) -> str:
        """
        The account id; empty if the answer does not state it.
        """
    @property
    def action(self, /) -> str:
        """
        What it is: ``"upload"``, ``"start"`` for an unfinished large file, ``"hide"`` for a marker, ``"copy"`` for a new copy.
        """
    @property
    def bucket_id(self, /) -> str:
        """
        The bucket id; empty if the answer does not state it.
        """
    @property
    def content_length(self, /) -> int:
        """
        The length in bytes; 0 for hide markers and unfinished large files.
        """
    @property
    def content_md5(self, /) -> str | None:
        """
        The MD5 checksum in hexadecimal digits; ``None`` for large files.
        """
    @property
    def content_type(self, /) -> str | None:
        """
        The media type; ``None`` if the answer does not contain it.
        """
    @property
    def encryption(self, /) -> str:
        """
        How the file is encrypted: ``"SSE-B2"``, ``"SSE-C"``, ``"none"``.
        """
    @property
    def id(self, /) -> str:
        """
        The id of the version.
        """
    @property
    def info(self, /) -> dict[str, str]:
        """
        The file info; names in lower case.
        """
    @property
    def legal_hold(self, /) -> str | Unreadable:
        """
        The legal hold of the version: ``"on"`` or ``"off"``.
        """
    @property
    def name(self, /) -> str:
        """
        The file name.
        """
    @property
    def replication_status(self, /) -> str | None:
        """
        The state of its replication, such as ``"completed"``; ``None`` if no replication rule matches it.
        """
    @property
    def retention(self, /) -> FileRetention | None | Unreadable:
        """
        The retention of the version; ``None`` for none.
        """
    @property
    def sha1(self, /) -> str | None:
        """
        The SHA-1 checksum in hexadecimal digits; ``None`` if the service has none.
        """
    @property
    def sha1_verified(self, /) -> bool:
        """
        Whether the service computed the checksum itself, or only keeps what the uploader said.
        """
    @property
    def source_modified(self, /) -> datetime | None:
        """
        When the source was last modified, if the file info says so.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def uploaded(self, /) -> datetime:
        """
        When the file was uploaded; for a large file, when it was started.
        """
    @property
    def whole_sha1(self, /) -> str | None:
        """
        The checksum of the whole file: the service's, or what the uploader noted for a large file.
        """

@final
class FileVersions:
    """
    Versions of files, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    """
    def __iter__(self, /) -> FileVersions: ...
    def __next__(self, /) -> FileVersion: ...

@final
class Files:
    """
    The files of an account, and their versions.
    """
    def cancel_large_file(self, /, file_id: str, *, timeout: float | None = None) -> None:
        """
        Cancels an unfinished large file and deletes its parts.
        """
    def copy(self, /, copy: CopyFile, *, timeout: float | None = None) -> FileVersion:
        """
        Copies a version within the service, in parts where it is large. ``OutcomeUnknown`` when the answer was lost: the copy may exist.
        """
    def copy_with_source_key(self, /, source_key: CustomerKey | None, copy: CopyFile, *, timeout: float | None = None) -> FileVersion:
        """
        Copies a version whose encryption differs from that of the copy: ``source_key`` is the customer's key of the source, or ``None``.
        """
    def count_replication(self, /, bucket: str | BucketName | Bucket | BucketRef, *, prefix: str | None = None, timeout: float | None = None) -> ReplicationCounts:
        """
        Counts versions by the state of their replication, which reads the whole listing.
        """
    def delete_all_versions(self, /, bucket: str | BucketName | Bucket | BucketRef, name: str, *, bypass_governance: bool = False, timeout: float | None = None) -> int:
        """
        Permanently deletes every version of a name, the newest last, and returns their number. Ends at the first protected one.
        """
    def delete_version(self, /, name: str, file_id: str, *, bypass_governance: bool = False, timeout: float | None = None) -> None:
        """
        Permanently deletes one version. ``ApiError`` of the kind ``locked`` while retention or a legal hold protects it.
        """
    def download(self, /, download: Download, *, timeout: float | None = None) -> DownloadResponse:
        """
        Starts a download and returns its answer, whose content is read in pieces. Nothing is decoded: it comes as it was uploaded.
        """
    def get(self, /, file_id: str, *, timeout: float | None = None) -> FileVersion:
        """
        Returns what the service says of a version.
        """
    def head(self, /, download: Download, *, timeout: float | None = None) -> DownloadHead:
        """
        Returns what the service says of the file that a download would return, without its content.
        """
    def hide(self, /, bucket: str | BucketName | Bucket | BucketRef, name: str, *, timeout: float | None = None) -> FileVersion | None:
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
    def save(self, /, download: Download, path: str | PathLike[str], *, progress: Callable[[Progress], object] | None = None, timeout: float | None = None) -> SavedFile:
        """
        Downloads to a path, whose file is replaced at once when the content is complete and verified. After a failure it is unchanged.

        ``progress`` is called now and then, in ``aio`` on another thread; what it raises ends the download.
        """
    def share(self, /, bucket: str | BucketName | Bucket | BucketRef, prefix: str, valid_for: timedelta, *, overrides: HeaderOverrides | None = None, timeout: float | None = None) -> DownloadToken:
        """
        Makes a token that authorises downloads of files whose names begin with a prefix, for a second to seven days.
        """
    def update_legal_hold(self, /, name: str, file_id: str, hold: str, *, timeout: float | None = None) -> str:
        """
        Sets the legal hold of a version to ``"on"`` or ``"off"``, and returns the new state.
        """
    def update_retention(self, /, name: str, file_id: str, retention: FileRetention | None, *, bypass_governance: bool = False, timeout: float | None = None) -> FileRetention | None:
        """
        Changes the retention of a version, with ``None`` to none, and returns the new one. In compliance mode it can only be extended.
        """
    def upload(self, /, bucket: str | BucketName | Bucket | BucketRef, name: str, source: bytes | bytearray | memoryview | str | PathLike[str] | SupportsRead[bytes], *, content_type: str | None = None, info: dict[str, str] = ..., source_modified: datetime | None = None, encryption: str | None = None, retention: FileRetention | None = None, legal_hold: str | None = None, custom_upload_timestamp: datetime | None = None, part_size: SupportsIndex | None = None, parallel: SupportsIndex = 4, resume: bool = False, in_locked_bucket: bool = False, progress: Callable[[Progress], object] | None = None, timeout: float | None = None) -> FileVersion:
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
class Folder:
    """
    A common prefix of files in a listing with a delimiter.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str) -> Folder: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        The prefix, which ends with the delimiter.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class HeaderOverrides:
    """
    Response headers of a download that replace those of the upload, as where a browser should save a file instead of showing it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, content_disposition: str | None = None, content_type: str | None = None, content_language: str | None = None, content_encoding: str | None = None, cache_control: str | None = None, expires: str | None = None) -> HeaderOverrides: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def cache_control(self, /) -> str | None:
        """
        The ``Cache-Control``.
        """
    @property
    def content_disposition(self, /) -> str | None:
        """
        The ``Content-Disposition``, such as ``attachment; filename="report.pdf"``.
        """
    @property
    def content_encoding(self, /) -> str | None:
        """
        The ``Content-Encoding``.
        """
    @property
    def content_language(self, /) -> str | None:
        """
        The ``Content-Language``.
        """
    @property
    def content_type(self, /) -> str | None:
        """
        The ``Content-Type``.
        """
    @property
    def expires(self, /) -> str | None:
        """
        The ``Expires``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Key:
    """
    An application key without its secret.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, account_id: str = ..., id: str, name: str, capabilities: SupportsGetItem[int, str], expires: datetime | None = None, bucket_ids: SupportsGetItem[int, str] | None = None, name_prefix: str | None = None, options: SupportsGetItem[int, str] = ...) -> Key: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def account_id(self, /) -> str:
        """
        The account that the key belongs to.
        """
    @property
    def bucket_ids(self, /) -> list[str] | None:
        """
        The ids of the buckets that the key is restricted to; ``None`` for the whole account.
        """
    @property
    def capabilities(self, /) -> list[str]:
        """
        What the key may do, by the service's names.
        """
    @property
    def expires(self, /) -> datetime | None:
        """
        When the key expires; ``None`` if it does not.
        """
    @property
    def id(self, /) -> str:
        """
        The key id, its public half.
        """
    def is_restricted_to(self, /, bucket_id: str) -> bool:
        """
        Whether the key is restricted, and this bucket, by its id, is one that it may access.
        """
    @property
    def name(self, /) -> str:
        """
        The name. Not unique.
        """
    @property
    def name_prefix(self, /) -> str | None:
        """
        The prefix that file names must have for this key; ``None`` for no restriction.
        """
    @property
    def options(self, /) -> list[str]:
        """
        Options that the service set, such as ``"s3"``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Keys:
    """
    The application keys of an account.
    """
    def create(self, /, name: str, capabilities: SupportsGetItem[int, str], *, buckets: SupportsGetItem[int, str | BucketName | Bucket | BucketRef] = ..., name_prefix: str | None = None, valid_for: timedelta | None = None, compat: str = ..., timeout: float | None = None) -> NewKey:
        """
        Creates a key and returns it with its secret, which is never shown again.

        It is restricted to ``buckets`` and to names that begin with ``name_prefix``, if they are given, and expires after ``valid_for``
        (at least a second, less than 1000 days). ``compat="v3_single_bucket"`` makes one that programs of the API's version 3 accept.

        ``OutcomeUnknown`` when the answer was lost: a key may exist whose secret nobody knows, which ``list`` shows.
        """
    def delete(self, /, key_id: str, *, timeout: float | None = None) -> None:
        """
        Deletes a key, by its id: programs that use it are refused from then on.
        """
    def list(self, /) -> ListedKeys:
        """
        Lists all keys of the account, each once, page after page as they are asked for.
        """

@final
class LifecycleRule:
    """
    What the service does, after how many days, to files whose names begin with a prefix. At least one number is set, none is zero.

    >>> LifecycleRule(days_from_hiding_to_deleting=30)
    LifecycleRule(file_name_prefix='', days_from_hiding_to_deleting=30, days_from_uploading_to_hiding=None, days_from_starting_to_canceling_unfinished_large_files=None, unknown={})
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, file_name_prefix: str = ..., days_from_hiding_to_deleting: SupportsIndex | None = None, days_from_uploading_to_hiding: SupportsIndex | None = None, days_from_starting_to_canceling_unfinished_large_files: SupportsIndex | None = None, unknown: dict[str, str] = ...) -> LifecycleRule: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def days_from_hiding_to_deleting(self, /) -> int | None:
        """
        Days after which a version that was hidden or superseded is deleted.
        """
    @property
    def days_from_starting_to_canceling_unfinished_large_files(self, /) -> int | None:
        """
        Days after its start after which an unfinished large file is cancelled.
        """
    @property
    def days_from_uploading_to_hiding(self, /) -> int | None:
        """
        Days after its upload after which a file is hidden.
        """
    @property
    def file_name_prefix(self, /) -> str:
        """
        The prefix of the file names that the rule applies to; empty for all files.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unknown(self, /) -> dict[str, str]:
        """
        Settings that this package does not know, each as JSON; they are sent back as they came.
        """

@final
class ListedKeys:
    """
    Application keys, page after page as they are asked for. A key that cannot be read is raised in its place; the next ones follow.
    """
    def __iter__(self, /) -> ListedKeys: ...
    def __next__(self, /) -> Key: ...

@final
class NewKey:
    """
    A new key and its secret, which the service shows only once: put it away before anything else.
    """
    def __reduce__(self, /) -> tuple[str]: ...
    def __repr__(self, /) -> str: ...
    @property
    def key(self, /) -> Key:
        """
        The key.
        """
    @property
    def secret(self, /) -> Secret:
        """
        Its secret half.
        """

@final
class NotificationRule:
    """
    An event notification rule of a bucket, as the service has it. Its secrets are not shown.
    """
    def __reduce__(self, /) -> tuple[str]: ...
    def __repr__(self, /) -> str: ...
    @property
    def custom_headers(self, /) -> list[tuple[str, Secret]]:
        """
        The names of the headers that are added to requests, with their values.
        """
    @property
    def event_types(self, /) -> list[str]:
        """
        The events that are sent, such as ``"b2:ObjectCreated:*"``.
        """
    @property
    def is_enabled(self, /) -> bool:
        """
        Whether the rule is enabled.
        """
    @property
    def is_suspended(self, /) -> bool:
        """
        Whether the service has suspended the rule.
        """
    @property
    def max_events_per_batch(self, /) -> int | None:
        """
        The maximum number of events in one request to the webhook.
        """
    @property
    def name(self, /) -> str:
        """
        The name of the rule, unique in the bucket.
        """
    @property
    def object_name_prefix(self, /) -> str:
        """
        The prefix of the file names whose events are sent; empty for all files.
        """
    @property
    def signing_secret(self, /) -> Secret | None:
        """
        The secret that requests to the webhook are signed with; ``None`` if they are not signed.
        """
    @property
    def suspension_reason(self, /) -> str | None:
        """
        Why the service has suspended the rule.
        """
    @property
    def url(self, /) -> str:
        """
        The URL of the webhook.
        """

@final
class Part:
    """
    An uploaded part of an unfinished large file.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, file_id: str, part_number: SupportsIndex, content_length: SupportsIndex, sha1: str, content_md5: str | None = None, uploaded: datetime | None = None, encryption: str = ...) -> Part: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def content_length(self, /) -> int:
        """
        The length in bytes.
        """
    @property
    def content_md5(self, /) -> str | None:
        """
        The MD5 checksum in hexadecimal digits, if the service reports it.
        """
    @property
    def encryption(self, /) -> str:
        """
        How the part is encrypted.
        """
    @property
    def file_id(self, /) -> str:
        """
        The id of the large file.
        """
    @property
    def part_number(self, /) -> int:
        """
        The number of the part, counted from 1.
        """
    @property
    def sha1(self, /) -> str:
        """
        The SHA-1 checksum in hexadecimal digits.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def uploaded(self, /) -> datetime | None:
        """
        When the part was uploaded.
        """

@final
class Parts:
    """
    Parts of an unfinished large file, page after page as they are asked for.
    """
    def __iter__(self, /) -> Parts: ...
    def __next__(self, /) -> Part: ...

@final
class Progress:
    """
    How far a transfer is. Numbers are totals.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, stage: str, bytes: SupportsIndex = 0, total: SupportsIndex | None = None, file_id: str | None = None) -> Progress: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int:
        """
        Bytes so far; it can decrease when bytes must be sent again.
        """
    @property
    def file_id(self, /) -> str | None:
        """
        The id of the large file, which can be resumed or cancelled if the transfer is broken off.
        """
    @property
    def stage(self, /) -> str:
        """
        ``"hashed"`` while checksums are computed, ``"large_file"`` when one was started or is resumed, then ``"transferred"``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def total(self, /) -> int | None:
        """
        The length of the content in bytes; ``None`` where it is not known.
        """

@final
class Replication:
    """
    A bucket's replication settings; without either side there is no replication.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, as_replication_source: ReplicationSource | None = None, as_replication_destination: ReplicationDestination | None = None, unknown: dict[str, str] = ...) -> Replication: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def as_replication_destination(self, /) -> ReplicationDestination | None:
        """
        The settings as a destination; ``None`` if the bucket is not one.
        """
    @property
    def as_replication_source(self, /) -> ReplicationSource | None:
        """
        The settings as a source; ``None`` if the bucket is not one.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unknown(self, /) -> dict[str, str]:
        """
        Settings that this package does not know, each as JSON; they are sent back as they came.
        """

@final
class ReplicationCounts:
    """
    How many versions are in which state of replication.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, pending: SupportsIndex, completed: SupportsIndex, failed: SupportsIndex, replica: SupportsIndex, unknown: SupportsIndex, unmatched: SupportsIndex) -> ReplicationCounts: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def completed(self, /) -> int:
        """
        Versions that have been copied.
        """
    @property
    def failed(self, /) -> int:
        """
        Versions that could not be copied.
        """
    @property
    def pending(self, /) -> int:
        """
        Versions that wait to be copied, or are being copied.
        """
    @property
    def replica(self, /) -> int:
        """
        Versions that are themselves replicas.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unknown(self, /) -> int:
        """
        Versions in a state that is not known.
        """
    @property
    def unmatched(self, /) -> int:
        """
        Versions that no rule matches.
        """

@final
class ReplicationDestination:
    """
    A bucket's replication settings as a destination.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, source_to_destination_key_mapping: dict[str, str], unknown: dict[str, str] = ...) -> ReplicationDestination: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def source_to_destination_key_mapping(self, /) -> dict[str, str]:
        """
        The id of the key of each source bucket, and of the key that writes into this one.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unknown(self, /) -> dict[str, str]:
        """
        Settings that this package does not know, each as JSON; they are sent back as they came.
        """

@final
class ReplicationRule:
    """
    Which files of a bucket are copied to which other one.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, replication_rule_name: str, destination_bucket_id: str, file_name_prefix: str = ..., include_existing_files: bool = False, is_enabled: bool = True, priority: SupportsIndex = 1, unknown: dict[str, str] = ...) -> ReplicationRule: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def destination_bucket_id(self, /) -> str:
        """
        The id of the bucket that the files are copied to.
        """
    @property
    def file_name_prefix(self, /) -> str:
        """
        The prefix of the file names that the rule applies to; empty for all files.
        """
    @property
    def include_existing_files(self, /) -> bool:
        """
        Whether files that existed before the rule are copied, too.
        """
    @property
    def is_enabled(self, /) -> bool:
        """
        Whether the rule is enabled.
        """
    @property
    def priority(self, /) -> int:
        """
        If several rules match a file, the one with the highest priority applies. 1 to 2147483647.
        """
    @property
    def replication_rule_name(self, /) -> str:
        """
        The name of the rule.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unknown(self, /) -> dict[str, str]:
        """
        Settings that this package does not know, each as JSON; they are sent back as they came.
        """

@final
class ReplicationSource:
    """
    A bucket's replication settings as a source.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, source_application_key_id: str, replication_rules: SupportsGetItem[int, ReplicationRule], unknown: dict[str, str] = ...) -> ReplicationSource: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def replication_rules(self, /) -> list[ReplicationRule]:
        """
        Which files are copied, and where to.
        """
    @property
    def source_application_key_id(self, /) -> str:
        """
        The id of the key that reads the bucket.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unknown(self, /) -> dict[str, str]:
        """
        Settings that this package does not know, each as JSON; they are sent back as they came.
        """

@final
class SavedFile:
    """
    A file that was saved.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, head: DownloadHead, verified: bool) -> SavedFile: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def head(self, /) -> DownloadHead:
        """
        What the service says of it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def verified(self, /) -> bool:
        """
        Whether the content was compared with a checksum; ``False`` if the service has none, and for a range.
        """

@final
class SetNotificationRule:
    """
    An event notification rule to be set. ``name`` has 6 to 63 characters, ``url`` is an ``https`` URL, and a rule takes up to ten headers.
    """
    def __new__(cls, /, name: str, event_types: SupportsGetItem[int, str], url: str, *, object_name_prefix: str = ..., is_enabled: bool = True, max_events_per_batch: SupportsIndex | None = None, signing_secret: Secret | str | None = None, custom_headers: SupportsGetItem[int, tuple[str, Secret | str]] = ...) -> SetNotificationRule: ...
    def __reduce__(self, /) -> tuple[str]: ...
    def __repr__(self, /) -> str: ...

@final
class Unreadable:
    """
    Stands in the place of a setting that could not be read. It must not be taken for "off", and so it has no truth value.

    >>> hidden = Unreadable(reason="not_authorized")
    >>> hidden.reason
    'not_authorized'
    >>> bool(hidden)
    Traceback (most recent call last):
    TypeError: a setting that could not be read is neither true nor false: look at what it is
    """
    def __bool__(self, /) -> bool: ...
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, reason: str) -> Unreadable: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def reason(self, /) -> str:
        """
        ``"not_authorized"`` where the key may not read it or the answer lacks it, ``"not_understood"`` where it has an unknown form.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class UpdateBucket:
    """
    What is to be changed of a bucket: what is ``None`` stays as it is; lists and dictionaries are replaced as a whole.

    >>> change = UpdateBucket(lifecycle_rules=[LifecycleRule(days_from_hiding_to_deleting=30)])
    >>> change.visibility is None
    True
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, if_revision: SupportsIndex | None = None, visibility: str | None = None, info: dict[str, str] | None = None, cors_rules: SupportsGetItem[int, CorsRule] | None = None, lifecycle_rules: SupportsGetItem[int, LifecycleRule] | None = None, default_retention: DefaultRetention | None = None, clear_default_retention: bool = False, encryption: str | None = None, reset_encryption: bool = False, object_lock: bool = False, replication: Replication | None = None) -> UpdateBucket: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def clear_default_retention(self, /) -> bool:
        """
        Whether to clear the default retention; versions that exist keep theirs.
        """
    @property
    def cors_rules(self, /) -> list[CorsRule] | None:
        """
        Which web pages may access the bucket from a browser.
        """
    @property
    def default_retention(self, /) -> DefaultRetention | None:
        """
        The retention of versions uploaded from now on.
        """
    @property
    def encryption(self, /) -> str | None:
        """
        The default encryption of new files: ``"SSE-B2"``.
        """
    @property
    def if_revision(self, /) -> int | None:
        """
        Fails with ``Conflict`` unless the bucket has this revision.
        """
    @property
    def info(self, /) -> dict[str, str] | None:
        """
        User-defined key-value pairs, up to ten.
        """
    @property
    def lifecycle_rules(self, /) -> list[LifecycleRule] | None:
        """
        When the service hides and deletes files automatically.
        """
    @property
    def object_lock(self, /) -> bool:
        """
        Whether to enable object lock, which cannot be disabled again.
        """
    @property
    def replication(self, /) -> Replication | None:
        """
        The replication settings.
        """
    @property
    def reset_encryption(self, /) -> bool:
        """
        Whether to reset the default encryption to the service's own.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def visibility(self, /) -> str | None:
        """
        Who may read the files: ``"allPrivate"`` or ``"allPublic"``.
        """

@final
class Wait:
    """
    A call has failed for now and is going to be made again.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, operation: str, subject: str | None = None, why: str, attempt: SupportsIndex, attempts: SupportsIndex | None = None, pause: timedelta, given_up_in: timedelta) -> Wait: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def attempt(self, /) -> int:
        """
        The number of the attempt that follows: 2 or more.
        """
    @property
    def attempts(self, /) -> int | None:
        """
        How many attempts there may be in all; ``None`` where time alone decides.
        """
    @property
    def given_up_in(self, /) -> timedelta:
        """
        How long from now until the call is given up at the latest.
        """
    @property
    def operation(self, /) -> str:
        """
        The operation.
        """
    @property
    def pause(self, /) -> timedelta:
        """
        How long until then.
        """
    @property
    def subject(self, /) -> str | None:
        """
        What it is attempted on, where the call says.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def why(self, /) -> str:
        """
        Why the last attempt failed; no secret in it.
        """

def is_allowed_on_restricted_key(capability: str) -> bool:
    """
    Whether a key that is restricted to a bucket can have this capability.

    >>> is_allowed_on_restricted_key("listFiles"), is_allowed_on_restricted_key("deleteKeys")
    (True, False)
    """

def reads() -> list[str]:
    """
    The operations that change nothing: the only ones that a read-only client sends.
    """

def verify_notification(body: bytes | bytearray, *, secret: Secret | str, signature: str) -> list[Event]:
    """
    Reads the events of a request to a webhook, after its signature was checked. ``signature`` is the header
    ``X-Bz-Event-Notification-Signature``, ``body`` the body as it was received.
    """

def writes() -> list[str]:
    """
    The operations that a read-only client refuses.
    """
