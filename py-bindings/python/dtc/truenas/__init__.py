"""TrueNAS appliances of every release from CORE 13.0 on: one typed API over one connection.

>>> from dtc.simulator import Simulator
>>> sim = Simulator()
>>> at = sim.truenas
>>> nas = Client.connect(at.url, api_key=at.api_key, fingerprint=at.fingerprint)
>>> nas.release, [pool.name for pool in nas.pools.list()]
('TrueNAS 25.10', ['pool0', 'pool1'])
>>> snapshot = nas.snapshots.create(CreateSnapshot(dataset="pool0", name="before-the-update"))
>>> snapshot.id
'pool0@before-the-update'
>>> nas.call("system.state", reads=True)
'READY'
>>> nas.close()
>>> sim.stop()

Calls wait with the interpreter released, end at Ctrl-C, and take ``timeout=`` in seconds; :mod:`dtc.truenas.aio` has the same ones for asyncio.
Whatever the appliance says is a value: frozen, comparable, hashable, picklable, with ``to_dict()``, as are the requests that calls take. A secret within
is a :class:`dtc.crypt.Secret`, which is neither shown nor pickled; one that the appliance hides is :class:`Redacted`. Words of the appliance are text, and
constants of :class:`Direction` and its like are the same text. Schedules are text of five fields, as cron has them; times are aware; sizes are bytes.

Long work is a :class:`Job`. Whatever has no types here is called by its name with ``Client.call``, which is sent once unless it is said to read only.
A client belongs to the process that made it: in a forked child it raises ``RuntimeError``.
"""

from __future__ import annotations

from .._dtc.truenas import (
    Alert,
    AlertCategory,
    AlertClass,
    Alerts,
    Allowed,
    ApiKeyEntry,
    ApiKeys,
    Attachment,
    BandwidthLimit,
    Change,
    Changes,
    Client,
    CloudBucket,
    CloudCredential,
    CloudCredentials,
    CloudFile,
    CloudProvider,
    CloudSync,
    CloudSyncSecrets,
    CloudSyncs,
    CreateApiKey,
    CreateCloudSync,
    CreateDataset,
    CreateGroup,
    CreateReplication,
    CreateSnapshot,
    CreateSnapshotTask,
    CreateUser,
    Dataset,
    DatasetOverview,
    DatasetSettings,
    Datasets,
    DestinationKey,
    Device,
    DirEntry,
    Download,
    EligibleSnapshots,
    EncryptionSummary,
    FileStat,
    FileSystemStat,
    Filesystem,
    Filter,
    General,
    GeneratedKeyPair,
    Group,
    Groups,
    HostKey,
    Info,
    Interface,
    Interfaces,
    Job,
    JobLog,
    JobStatus,
    Jobs,
    KeyOf,
    KeyOfSession,
    KeyPair,
    KeyProof,
    Keychain,
    KeychainUse,
    KeyedLifetime,
    Lifetime,
    ListedJobs,
    Me,
    Member,
    Mount,
    Netcat,
    NewApiKey,
    NewKey,
    NotUnlocked,
    Order,
    OtherSettings,
    PeerLogin,
    Pool,
    Pools,
    PrimaryGroup,
    Property,
    Provider,
    ProviderSetting,
    Query,
    Redacted,
    Replication,
    ReplicationConfig,
    Replications,
    Retention,
    Rows,
    RunReplication,
    Scan,
    SemiAutomatic,
    Service,
    Services,
    Session,
    Sessions,
    Snapshot,
    SnapshotDetails,
    SnapshotSchedule,
    SnapshotTask,
    SnapshotTasks,
    Snapshots,
    Snmp,
    SnmpConfig,
    SnmpSecrets,
    Ssh,
    SshConfig,
    SshConnection,
    SshTarget,
    StoredJob,
    Support,
    System,
    Target,
    TaskStatus,
    Topology,
    UiCertificate,
    UnknownEntry,
    UnlockDatasets,
    Unlocked,
    UnmatchedSnapshots,
    UpdateApiKey,
    UpdateCloudSync,
    UpdateDataset,
    UpdateGroup,
    UpdateReplication,
    UpdateSnapshotTask,
    UpdateSnmp,
    UpdateSsh,
    UpdateUser,
    User,
    UserProperty,
    Users,
    Verification,
    Who,
    reads,
    writes,
)
from .._names import Name
from . import aio

__all__ = [
    "Alert",
    "AlertCategory",
    "AlertClass",
    "AlertLevel",
    "Alerts",
    "Allowed",
    "ApiKeyEntry",
    "ApiKeys",
    "Attachment",
    "Authentication",
    "BandwidthLimit",
    "Change",
    "ChangeKind",
    "Changes",
    "Client",
    "CloudBucket",
    "CloudCredential",
    "CloudCredentials",
    "CloudFile",
    "CloudProvider",
    "CloudSync",
    "CloudSyncSecrets",
    "CloudSyncs",
    "Compression",
    "CreateApiKey",
    "CreateCloudSync",
    "CreateDataset",
    "CreateGroup",
    "CreateReplication",
    "CreateSnapshot",
    "CreateSnapshotTask",
    "CreateUser",
    "Dataset",
    "DatasetKind",
    "DatasetOverview",
    "DatasetSettings",
    "Datasets",
    "DestinationKey",
    "Device",
    "DirEntry",
    "Direction",
    "Download",
    "EligibleSnapshots",
    "EncryptionSummary",
    "Feature",
    "FileKind",
    "FileStat",
    "FileSystemStat",
    "Filesystem",
    "Filter",
    "General",
    "GeneratedKeyPair",
    "Group",
    "Groups",
    "HostKey",
    "Info",
    "Interface",
    "Interfaces",
    "Job",
    "JobLog",
    "JobState",
    "JobStatus",
    "Jobs",
    "KeyFormat",
    "KeyOf",
    "KeyOfSession",
    "KeyPair",
    "KeyProof",
    "Keychain",
    "KeychainUse",
    "KeyedLifetime",
    "Leftover",
    "Lifetime",
    "LifetimeUnit",
    "ListedJobs",
    "LoggedInWith",
    "LoggingLevel",
    "Me",
    "Member",
    "Members",
    "Mount",
    "Netcat",
    "NetcatSide",
    "NewApiKey",
    "NewKey",
    "Newer",
    "NotUnlocked",
    "Order",
    "OtherSettings",
    "PeerLogin",
    "Pool",
    "PoolStatus",
    "Pools",
    "PrimaryGroup",
    "Privacy",
    "ProductType",
    "Property",
    "PropertySource",
    "Provider",
    "ProviderSetting",
    "Query",
    "ReadOnly",
    "Redacted",
    "Release",
    "RemovalDates",
    "Replication",
    "ReplicationConfig",
    "Replications",
    "Retention",
    "RetentionPolicy",
    "Rows",
    "RunReplication",
    "Scan",
    "SemiAutomatic",
    "Service",
    "ServiceName",
    "ServiceState",
    "Services",
    "Session",
    "Sessions",
    "ShareType",
    "Snapshot",
    "SnapshotDetails",
    "SnapshotSchedule",
    "SnapshotTask",
    "SnapshotTasks",
    "Snapshots",
    "Snmp",
    "SnmpConfig",
    "SnmpSecrets",
    "Ssh",
    "SshConfig",
    "SshConnection",
    "SshTarget",
    "StoredJob",
    "Support",
    "System",
    "SystemState",
    "Target",
    "TaskState",
    "TaskStatus",
    "Topology",
    "TransferMode",
    "TransportKind",
    "UiCertificate",
    "Unbind",
    "UnknownEntry",
    "UnlockDatasets",
    "Unlocked",
    "UnmatchedSnapshots",
    "UpdateApiKey",
    "UpdateCloudSync",
    "UpdateDataset",
    "UpdateGroup",
    "UpdateReplication",
    "UpdateSnapshotTask",
    "UpdateSnmp",
    "UpdateSsh",
    "UpdateUser",
    "User",
    "UserProperty",
    "Users",
    "Verb",
    "Verification",
    "Who",
    "aio",
    "reads",
    "writes",
]


class AlertLevel(Name):
    """How bad an alert is."""

    INFO = "INFO"
    """For information."""
    NOTICE = "NOTICE"
    """Worth knowing."""
    WARNING = "WARNING"
    """Something may go wrong."""
    ERROR = "ERROR"
    """Something went wrong."""
    CRITICAL = "CRITICAL"
    """Something is badly wrong."""
    ALERT = "ALERT"
    """Something has to be done now."""
    EMERGENCY = "EMERGENCY"
    """Nothing works."""


class Authentication(Name):
    """How an SNMPv3 user is authenticated."""

    SHA = "SHA"
    """HMAC with SHA-1."""
    MD5 = "MD5"
    """HMAC with MD5."""


class ChangeKind(Name):
    """Added, changed or removed."""

    READ_ANEW = "read_anew"
    """Events may have been missed: what is known of the rows is to be read anew."""
    ADDED = "added"
    """It is new."""
    CHANGED = "changed"
    """It was there already."""
    REMOVED = "removed"
    """It is gone."""


class Compression(Name):
    """By what a stream is compressed on its way."""

    LZ4 = "LZ4"
    """lz4."""
    PIGZ = "PIGZ"
    """pigz."""
    PLZIP = "PLZIP"
    """plzip."""


class DatasetKind(Name):
    """What a dataset is."""

    FILESYSTEM = "FILESYSTEM"
    """Files and directories."""
    VOLUME = "VOLUME"
    """A block device (zvol). Cloud sync never sees what is in it."""


class Direction(Name):
    """Which way files are copied: to the cloud or from it."""

    PUSH = "PUSH"
    """From the appliance to the cloud."""
    PULL = "PULL"
    """From the cloud to the appliance."""


class Feature(Name):
    """Something that some releases do not offer. What every release offers in one form or another is not listed: it is translated."""

    OWN_RIGHTS = "own_rights"
    """The roles of the API key's user can be read."""
    JOB_LOG = "job_log"
    """The whole log of a job can be fetched."""
    MAKE_DIRECTORY = "make_directory"
    """A directory can be made."""
    OWN_KEYS = "own_keys"
    """The API keys of the user whose key this is can be listed."""
    KEY_CONVERSION = "key_conversion"
    """What a client needs to prove an API key can be had in its place."""
    KEYS_OF_USERS = "keys_of_users"
    """An API key has the rights of a user that is not root."""
    EXPIRING_KEYS = "expiring_keys"
    """An API key expires."""
    KEY_ALLOW_LIST = "key_allow_list"
    """An API key has a list of what it may call: on 24.x only."""
    TOKENS_OF_AN_ADDRESS = "tokens_of_an_address"
    """A token can be used from one address only."""
    SINGLE_USE_TOKENS = "single_use_tokens"
    """A token can be used once only."""
    RANDOM_PASSWORDS = "random_passwords"
    """The appliance makes a user's password."""
    SUDO_OF_BOTH_KINDS = "sudo_of_both_kinds"
    """Somebody may run some programs as root with a password, and others without."""
    SSH_PASSWORD_OF_USER = "ssh_password_of_user"
    """Whether a password logs in by SSH is a setting of each user."""
    EMPTY_DIRECTORIES = "empty_directories"
    """A cloud sync makes empty directories on the other side."""
    INCLUDE_FILTERS = "include_filters"
    """A cloud sync takes only what its filters name."""
    CREATE_BUCKET = "create_bucket"
    """A bucket can be made through the appliance."""
    ONE_CALL_SSH_SETUP = "one_call_ssh_setup"
    """An SSH connection is set up with its key pair in one call."""
    PEER_LOGIN_OPTIONS = "peer_login_options"
    """Another appliance is asked to let this one in by somebody other than root, with a one-time code, with sudo, or over a verified certificate."""
    SSH_PASSWORD_GROUPS = "ssh_password_groups"
    """Which groups may log in by SSH with a password."""
    REPLICATION_OPTIONS = "replication_options"
    """A replication uses sudo, picks snapshots by a regular expression, has its target inherit encryption, sets properties of its own, or keeps snapshots of different schedules for different times."""
    REPLICATION_ONCE = "replication_once"
    """A replication is run without a task."""
    REPLICATION_UNMOUNTED = "replication_unmounted"
    """A replication without a task leaves what it sent unmounted."""
    ANY_CASE_FILTERS = "any_case_filters"
    """A query compares texts whatever their case."""
    ANCESTORS = "ancestors"
    """A dataset is made with whatever parents are missing."""
    DATASET_OVERVIEW = "dataset_overview"
    """The overview of all datasets, with what hangs on each."""
    KEY_FOR_CHILDREN = "key_for_children"
    """A key opens the datasets below as well."""
    RENAMED_OBSTACLES = "renamed_obstacles"
    """What is in the way of a mount point is renamed."""
    REPLICATION_KEYS = "replication_keys"
    """The keys of a replication's sources can be exported by the names of its targets."""
    RETENTION_PREVIEW = "retention_preview"
    """What a change of a snapshot task means for its snapshots can be asked beforehand."""
    REMOVAL_DATES = "removal_dates"
    """Snapshots that lose their task keep the moments of their removal."""
    SNAPSHOT_LIMITS = "snapshot_limits"
    """How many snapshots an appliance copes with."""
    SNAPSHOT_EXCLUSIONS = "snapshot_exclusions"
    """A snapshot is taken of all datasets below but some."""
    SNAPSHOTS_OF_CHILDREN = "snapshots_of_children"
    """The snapshots of one name are removed of all datasets below."""
    SNAPSHOT_HOLDS = "snapshot_holds"
    """Snapshots can be held."""
    RENAMED_SNAPSHOTS = "renamed_snapshots"
    """Snapshots can be renamed."""


class FileKind(Name):
    """What a path leads to."""

    FILE = "FILE"
    """A regular file."""
    DIRECTORY = "DIRECTORY"
    """A directory."""
    SYMLINK = "SYMLINK"
    """A symbolic link."""
    OTHER = "OTHER"
    """A device, pipe or socket."""


class JobState(Name):
    """Waiting, running or ended."""

    WAITING = "WAITING"
    """Another job holds what it needs."""
    RUNNING = "RUNNING"
    """It is under way."""
    SUCCESS = "SUCCESS"
    """It ended well."""
    FAILED = "FAILED"
    """It ended badly."""
    ABORTED = "ABORTED"
    """Somebody ended it."""


class KeyFormat(Name):
    """What a dataset's key is."""

    HEX = "HEX"
    """64 hexadecimal digits."""
    PASSPHRASE = "PASSPHRASE"
    """A passphrase."""
    RAW = "RAW"
    """Bytes, from elsewhere."""


class Leftover(Name):
    """What becomes of a group that nobody is in any more."""

    DELETE = "delete"
    """It is deleted as well."""
    KEEP = "keep"
    """It stays."""


class LifetimeUnit(Name):
    """The unit of a ``Lifetime``."""

    HOUR = "HOUR"
    """Hours."""
    DAY = "DAY"
    """Days."""
    WEEK = "WEEK"
    """Weeks."""
    MONTH = "MONTH"
    """Months."""
    YEAR = "YEAR"
    """Years."""


class LoggedInWith(Name):
    """What somebody logged in with."""

    UNIX_SOCKET = "UNIX_SOCKET"
    """The appliance's own programs."""
    LOGIN_PASSWORD = "LOGIN_PASSWORD"
    """A password."""
    LOGIN_TWOFACTOR = "LOGIN_TWOFACTOR"
    """A password and a one-time code."""
    LOGIN_ONETIME_PASSWORD = "LOGIN_ONETIME_PASSWORD"
    """A password for one use."""
    API_KEY = "API_KEY"
    """An API key."""
    TOKEN = "TOKEN"
    """A token."""
    TRUENAS_NODE = "TRUENAS_NODE"
    """The other controller of a pair."""


class LoggingLevel(Name):
    """How much a run writes into its log."""

    DEBUG = "DEBUG"
    """Everything."""
    INFO = "INFO"
    """What is done."""
    WARNING = "WARNING"
    """What is odd."""
    ERROR = "ERROR"
    """What fails."""


class Members(Name):
    """What becomes of the users whose first group is deleted."""

    DELETE = "delete"
    """They are deleted as well."""
    KEEP = "keep"
    """They stay, and have another first group."""


class NetcatSide(Name):
    """Which side of a netcat connection listens."""

    LOCAL = "LOCAL"
    """This appliance."""
    REMOTE = "REMOTE"
    """The other one."""


class Newer(Name):
    """What becomes of snapshots that are newer than the one that is gone back to."""

    KEEP = "keep"
    """They stay: where there are some, nothing is done."""
    REMOVE = "remove"
    """They are removed."""
    REMOVE_WITH_CLONES = "remove_with_clones"
    """They are removed, and datasets that were cloned from them too."""


class PoolStatus(Name):
    """How a pool is."""

    ONLINE = "ONLINE"
    """All of it is there."""
    DEGRADED = "DEGRADED"
    """It works, with a device missing or failing."""
    FAULTED = "FAULTED"
    """It does not work: too much is missing."""
    OFFLINE = "OFFLINE"
    """It is not imported, or its encryption is locked."""


class Privacy(Name):
    """How SNMPv3 messages are encrypted."""

    AES = "AES"
    """AES, 128 bits."""
    DES = "DES"
    """DES."""


class ProductType(Name):
    """Which product an appliance is (TrueNAS middleware 13.3 to 26, ``system.product_type``)."""

    CORE = "CORE"
    """CORE."""
    SCALE = "SCALE"
    """SCALE, up to 25.04."""
    SCALE_ENTERPRISE = "SCALE_ENTERPRISE"
    """SCALE with a licence, up to 25.04."""
    COMMUNITY_EDITION = "COMMUNITY_EDITION"
    """Without a licence, from 25.10 on."""
    ENTERPRISE = "ENTERPRISE"
    """With a licence."""


class PropertySource(Name):
    """Where a setting comes from."""

    DEFAULT = "DEFAULT"
    """Nobody set it."""
    LOCAL = "LOCAL"
    """It was set on this dataset."""
    INHERITED = "INHERITED"
    """A parent's."""
    RECEIVED = "RECEIVED"
    """It came with a replication."""
    TEMPORARY = "TEMPORARY"
    """It holds until the dataset is mounted anew."""
    NONE = "NONE"
    """It cannot be set."""


class ReadOnly(Name):
    """What is done about the property ``readonly`` of the target."""

    SET = "SET"
    """It is set."""
    REQUIRE = "REQUIRE"
    """It has to be set already: else the run fails."""
    IGNORE = "IGNORE"
    """Nothing."""


class Release(Name):
    """A release of TrueNAS, as far as its interface differs from the others'."""

    CORE13_0 = "TrueNAS CORE 13.0"
    CORE13_3 = "TrueNAS CORE 13.3"
    SCALE24_04 = "TrueNAS SCALE 24.04"
    SCALE24_10 = "TrueNAS SCALE 24.10"
    V25_04 = "TrueNAS 25.04"
    V25_10 = "TrueNAS 25.10"
    V26 = "TrueNAS 26"
    NEWER = "a TrueNAS newer than 26"


class RemovalDates(Name):
    """What becomes of the moments at which snapshots are to be removed, when their task lets go of them."""

    KEEP = "keep"
    """They are kept: each snapshot goes when it would have gone. Not on CORE."""
    FORGET = "forget"
    """They are forgotten: what no other task claims stays for good."""


class RetentionPolicy(Name):
    """What becomes of snapshots on the target."""

    SOURCE = "SOURCE"
    """They go when the source has let them go: whoever deletes them there deletes them here."""
    CUSTOM = "CUSTOM"
    """They go by their age."""
    NONE = "NONE"
    """They stay."""


class ServiceName(Name):
    """The services that this crate names; others are kept as the appliance writes them."""

    SNMP = "snmp"
    """Monitoring by SNMP."""
    SSH = "ssh"
    """Remote shells."""


class ServiceState(Name):
    """Whether a service runs."""

    RUNNING = "RUNNING"
    """It runs."""
    STOPPED = "STOPPED"
    """It does not."""


class ShareType(Name):
    """What a file system is laid out for."""

    GENERIC = "GENERIC"
    """Nothing in particular."""
    SMB = "SMB"
    """Windows shares."""
    MULTIPROTOCOL = "MULTIPROTOCOL"
    """NFS and Windows shares of the same files; not on CORE."""
    NFS = "NFS"
    """NFS; not on CORE."""
    APPS = "APPS"
    """Apps; not on CORE."""


class SystemState(Name):
    """Whether the appliance is up."""

    BOOTING = "BOOTING"
    """It is coming up."""
    READY = "READY"
    """It is up."""
    SHUTTING_DOWN = "SHUTTING_DOWN"
    """It is going down."""


class TaskState(Name):
    """How a snapshot task or a replication stands, in one word."""

    PENDING = "PENDING"
    """It has not run since the appliance started."""
    WAITING = "WAITING"
    """It waits for another."""
    RUNNING = "RUNNING"
    """It is under way."""
    FINISHED = "FINISHED"
    """Its last run ended well."""
    ERROR = "ERROR"
    """Its last run failed."""
    HOLD = "HOLD"
    """It cannot run: its pool is absent or offline, or the network is off."""


class TransferMode(Name):
    """What a task does with files that exist on one side only."""

    SYNC = "SYNC"
    """The other side becomes equal: what is only there is deleted (on B2: hidden)."""
    COPY = "COPY"
    """What is new or changed is copied; nothing is deleted."""
    MOVE = "MOVE"
    """What is copied is deleted at its source."""


class TransportKind(Name):
    """By which way the other side is reached."""

    SSH = "SSH"
    """By SSH."""
    SSH_NETCAT = "SSH+NETCAT"
    """By SSH, with the data beside it, unencrypted."""
    LOCAL = "LOCAL"
    """The other side is this appliance."""


class Unbind(Name):
    """What becomes of something whose entry of the keychain is deleted."""

    DELETE = "delete"
    """It is deleted as well."""
    DISABLE = "disable"
    """It stays, disabled."""


class Verb(Name):
    """What to do with a service."""

    START = "start"
    """Start it."""
    STOP = "stop"
    """Stop it."""
    RESTART = "restart"
    """Stop it and start it."""
    RELOAD = "reload"
    """Have it read its settings anew."""
