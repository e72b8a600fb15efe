"""Backblaze B2's native API: buckets, application keys and files, with object lock, retention, encryption and replication.

>>> from dtc.simulator import Simulator
>>> sim = Simulator()
>>> client = Client(key_id=sim.b2.key_id, application_key=sim.b2.application_key, realm=sim.b2.url) # without a realm: Backblaze
>>> bucket = client.buckets.create("my-photos", object_lock=True)
>>> bucket = client.buckets.update(bucket, UpdateBucket(default_retention=DefaultRetention.compliance(14)))
>>> key = client.keys.create("camera", [Capability.LIST_FILES, Capability.WRITE_FILES], buckets=[bucket])
>>> version = client.files.upload("my-photos", "2026/island.jpg", b"bytes, a path or a file")
>>> [file.name for file in client.files.list_names("my-photos", prefix="2026/")]
['2026/island.jpg']
>>> with client.files.download(Download.by_name("my-photos", "2026/island.jpg")) as answer:
...     answer.read(5), answer.read()
(b'bytes', b', a path or a file')
>>> sim.stop()

Calls wait with the interpreter released, end at Ctrl-C, and take ``timeout=`` in seconds; :mod:`dtc.b2.aio` has the same ones for asyncio.
Whatever the service says is a value: frozen, comparable, hashable, picklable, with ``to_dict()``. A setting that the key may not read is
:class:`Unreadable`, never "off". Names of the service are text, and constants of :class:`Capability` and its like are the same text. Times
are aware; sizes are bytes.

A client belongs to the process that made it: in a forked child it raises ``RuntimeError``.
"""

from __future__ import annotations

from .._dtc.b2 import (
    Account,
    AllowedBucket,
    Bucket,
    BucketRef,
    Buckets,
    Client,
    CopyFile,
    CorsRule,
    CustomerKey,
    DefaultRetention,
    Download,
    DownloadHead,
    DownloadResponse,
    DownloadToken,
    Entries,
    Event,
    FileLock,
    FileRetention,
    Files,
    FileVersion,
    FileVersions,
    Folder,
    HeaderOverrides,
    Key,
    Keys,
    LifecycleRule,
    ListedKeys,
    NewKey,
    NotificationRule,
    Part,
    Parts,
    Progress,
    Replication,
    ReplicationCounts,
    ReplicationDestination,
    ReplicationRule,
    ReplicationSource,
    SavedFile,
    SetNotificationRule,
    Unreadable,
    UpdateBucket,
    Wait,
    is_allowed_on_restricted_key,
    reads,
    verify_notification,
    writes,
)
from .._names import Name
from . import aio

__all__ = [
    "Account",
    "Action",
    "AllowedBucket",
    "Bucket",
    "BucketRef",
    "Buckets",
    "Capability",
    "Client",
    "CopyFile",
    "CorsRule",
    "CustomerKey",
    "DefaultRetention",
    "Download",
    "DownloadHead",
    "DownloadResponse",
    "DownloadToken",
    "Encryption",
    "Entries",
    "Event",
    "EventType",
    "FileLock",
    "FileRetention",
    "FileVersion",
    "FileVersions",
    "Files",
    "Folder",
    "HeaderOverrides",
    "Key",
    "Keys",
    "LegalHold",
    "LifecycleRule",
    "ListedKeys",
    "NewKey",
    "NotificationRule",
    "Part",
    "Parts",
    "Progress",
    "Replication",
    "ReplicationCounts",
    "ReplicationDestination",
    "ReplicationRule",
    "ReplicationSource",
    "ReplicationStatus",
    "RetentionMode",
    "SavedFile",
    "SetNotificationRule",
    "TestMode",
    "Unreadable",
    "UpdateBucket",
    "Visibility",
    "Wait",
    "aio",
    "is_allowed_on_restricted_key",
    "reads",
    "verify_notification",
    "writes",
]


class Visibility(Name):
    """Who may read a bucket's files.

    >>> Visibility.PRIVATE == "allPrivate", f"{Visibility.PRIVATE}"
    (True, 'allPrivate')
    """

    PRIVATE = "allPrivate"
    PUBLIC = "allPublic"
    SNAPSHOT = "snapshot"


class Encryption(Name):
    """How the service encrypts files at rest."""

    NONE = "none"
    SSE_B2 = "SSE-B2"
    SSE_C = "SSE-C"


class RetentionMode(Name):
    """Who can shorten or remove a retention: keys with ``bypassGovernance``, or nobody."""

    GOVERNANCE = "governance"
    COMPLIANCE = "compliance"


class LegalHold(Name):
    """Whether a version has a legal hold, which protects it until it is removed."""

    ON = "on"
    OFF = "off"


class Action(Name):
    """What a version is: a file, an unfinished large file, a hide marker, or a file that was just copied."""

    UPLOAD = "upload"
    START = "start"
    HIDE = "hide"
    COPY = "copy"


class ReplicationStatus(Name):
    """The state of a version's replication."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"
    REPLICA = "replica"


class TestMode(Name):
    """A failure that the service can be asked to simulate."""

    __test__ = False

    FAIL_SOME_UPLOADS = "fail_some_uploads"
    EXPIRE_SOME_ACCOUNT_AUTHORIZATION_TOKENS = "expire_some_account_authorization_tokens"
    FORCE_CAP_EXCEEDED = "force_cap_exceeded"


class EventType(Name):
    """What a webhook is called for."""

    OBJECT_CREATED = "b2:ObjectCreated:*"
    OBJECT_CREATED_UPLOAD = "b2:ObjectCreated:Upload"
    OBJECT_CREATED_MULTIPART_UPLOAD = "b2:ObjectCreated:MultipartUpload"
    OBJECT_CREATED_COPY = "b2:ObjectCreated:Copy"
    OBJECT_CREATED_REPLICA = "b2:ObjectCreated:Replica"
    OBJECT_CREATED_MULTIPART_REPLICA = "b2:ObjectCreated:MultipartReplica"
    OBJECT_DELETED = "b2:ObjectDeleted:*"
    OBJECT_DELETED_DELETE = "b2:ObjectDeleted:Delete"
    OBJECT_DELETED_LIFECYCLE_RULE = "b2:ObjectDeleted:LifecycleRule"
    HIDE_MARKER_CREATED = "b2:HideMarkerCreated:*"
    HIDE_MARKER_CREATED_HIDE = "b2:HideMarkerCreated:Hide"
    HIDE_MARKER_CREATED_LIFECYCLE_RULE = "b2:HideMarkerCreated:LifecycleRule"


class Capability(Name):
    """What an application key may do."""

    LIST_KEYS = "listKeys"
    WRITE_KEYS = "writeKeys"
    DELETE_KEYS = "deleteKeys"
    LIST_ALL_BUCKET_NAMES = "listAllBucketNames"
    LIST_BUCKETS = "listBuckets"
    READ_BUCKETS = "readBuckets"
    WRITE_BUCKETS = "writeBuckets"
    DELETE_BUCKETS = "deleteBuckets"
    READ_BUCKET_ENCRYPTION = "readBucketEncryption"
    WRITE_BUCKET_ENCRYPTION = "writeBucketEncryption"
    READ_BUCKET_RETENTIONS = "readBucketRetentions"
    WRITE_BUCKET_RETENTIONS = "writeBucketRetentions"
    READ_BUCKET_REPLICATIONS = "readBucketReplications"
    WRITE_BUCKET_REPLICATIONS = "writeBucketReplications"
    READ_BUCKET_NOTIFICATIONS = "readBucketNotifications"
    WRITE_BUCKET_NOTIFICATIONS = "writeBucketNotifications"
    READ_BUCKET_LOGGING = "readBucketLogging"
    WRITE_BUCKET_LOGGING = "writeBucketLogging"
    READ_BUCKET_LIFECYCLE_RULES = "readBucketLifecycleRules"
    WRITE_BUCKET_LIFECYCLE_RULES = "writeBucketLifecycleRules"
    LIST_FILES = "listFiles"
    READ_FILES = "readFiles"
    SHARE_FILES = "shareFiles"
    WRITE_FILES = "writeFiles"
    DELETE_FILES = "deleteFiles"
    READ_FILE_LEGAL_HOLDS = "readFileLegalHolds"
    WRITE_FILE_LEGAL_HOLDS = "writeFileLegalHolds"
    READ_FILE_RETENTIONS = "readFileRetentions"
    WRITE_FILE_RETENTIONS = "writeFileRetentions"
    BYPASS_GOVERNANCE = "bypassGovernance"
