"""
TrueNAS appliances of every release from CORE 13.0 on: one typed API over one connection.
"""

from . import aio as aio
from ..b2 import Wait
from ..crypt import Secret
from _typeshed import SupportsGetItem, SupportsRead, SupportsWrite
from collections.abc import Callable, Mapping
from datetime import datetime
from os import PathLike
from typing import Any, List, SupportsFloat, SupportsIndex, final

__all__ = ["Alert", "AlertCategory", "AlertClass", "Alerts", "Allowed", "ApiKeyEntry", "ApiKeys", "Attachment", "BandwidthLimit", "Change", "Changes", "Client", "CloudBucket", "CloudCredential", "CloudCredentials", "CloudFile", "CloudProvider", "CloudSync", "CloudSyncSecrets", "CloudSyncs", "CreateApiKey", "CreateCloudSync", "CreateDataset", "CreateGroup", "CreateReplication", "CreateSnapshot", "CreateSnapshotTask", "CreateUser", "Dataset", "DatasetOverview", "DatasetSettings", "Datasets", "DestinationKey", "Device", "DirEntry", "Download", "EligibleSnapshots", "EncryptionSummary", "FileStat", "FileSystemStat", "Filesystem", "Filter", "General", "GeneratedKeyPair", "Group", "Groups", "HostKey", "Info", "Interface", "Interfaces", "Job", "JobLog", "JobStatus", "Jobs", "KeyOf", "KeyOfSession", "KeyPair", "KeyProof", "Keychain", "KeychainUse", "KeyedLifetime", "Lifetime", "ListedJobs", "Me", "Member", "Mount", "Netcat", "NewApiKey", "NewKey", "NotUnlocked", "Order", "OtherSettings", "PeerLogin", "Pool", "Pools", "PrimaryGroup", "Property", "Provider", "ProviderSetting", "Query", "Redacted", "Replication", "ReplicationConfig", "Replications", "Retention", "Rows", "RunReplication", "Scan", "SemiAutomatic", "Service", "Services", "Session", "Sessions", "Snapshot", "SnapshotDetails", "SnapshotSchedule", "SnapshotTask", "SnapshotTasks", "Snapshots", "Snmp", "SnmpConfig", "SnmpSecrets", "Ssh", "SshConfig", "SshConnection", "SshTarget", "StoredJob", "Support", "System", "Target", "TaskStatus", "Topology", "UiCertificate", "UnknownEntry", "UnlockDatasets", "Unlocked", "UnmatchedSnapshots", "UpdateApiKey", "UpdateCloudSync", "UpdateDataset", "UpdateGroup", "UpdateReplication", "UpdateSnapshotTask", "UpdateSnmp", "UpdateSsh", "UpdateUser", "User", "UserProperty", "Users", "Verification", "Who", "reads", "writes", "aio"]

@final
class Alert:
    """
    An alert (TrueNAS middleware 13.3 to 26, ``alert.list``).
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, uuid: str, klass: str, level: str, formatted: str | None = None, text: str, args: Any, key: str | None = None, source: str | None = None, node: str | None = None, one_shot: bool, dismissed: bool, mail: Any, raised: datetime | None = None, last_occurrence: datetime | None = None) -> Alert: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def args(self, /) -> Any:
        """
        The details, whose form depends on the class.
        """
    @property
    def dismissed(self, /) -> bool:
        """
        Whether somebody dismissed it.
        """
    @property
    def formatted(self, /) -> str | None:
        """
        What it says, with HTML in it on some releases.
        """
    @property
    def key(self, /) -> str | None:
        """
        What tells it from others of its class.
        """
    @property
    def klass(self, /) -> str:
        """
        Its class, such as ``CloudSyncTaskFailed``.
        """
    @property
    def last_occurrence(self, /) -> datetime | None:
        """
        When it was last seen.
        """
    @property
    def level(self, /) -> str:
        """
        How bad it is.
        """
    @property
    def mail(self, /) -> Any:
        """
        The mail that went out about it.
        """
    @property
    def node(self, /) -> str | None:
        """
        The controller that it is about.
        """
    @property
    def one_shot(self, /) -> bool:
        """
        Whether it is raised by an event and gone when it is dismissed, rather than as long as its cause lasts.
        """
    @property
    def raised(self, /) -> datetime | None:
        """
        When it was raised.
        """
    @property
    def source(self, /) -> str | None:
        """
        What found it.
        """
    @property
    def text(self, /) -> str:
        """
        The text that its class says, without the details.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def uuid(self, /) -> str:
        """
        Its identifier.
        """

@final
class AlertCategory:
    """
    A category of alerts.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: str, title: str, classes: SupportsGetItem[int, AlertClass]) -> AlertCategory: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def classes(self, /) -> list[AlertClass]:
        """
        What there can be alerts about.
        """
    @property
    def id(self, /) -> str:
        """
        Its name, such as ``TASKS``.
        """
    @property
    def title(self, /) -> str:
        """
        What people call it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class AlertClass:
    """
    A class of alerts.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: str, title: str, level: str, proactive_support: bool | None = None, product_types: SupportsGetItem[int, str]) -> AlertClass: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> str:
        """
        Its name, as ``klass`` has it.
        """
    @property
    def level(self, /) -> str:
        """
        How bad it is, unless somebody chose otherwise.
        """
    @property
    def proactive_support(self, /) -> bool | None:
        """
        Whether the vendor's support hears of it; not on CORE.
        """
    @property
    def product_types(self, /) -> list[str]:
        """
        Which products have it, from 26 on.
        """
    @property
    def title(self, /) -> str:
        """
        What people call it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Alerts:
    """
    Alerts: what the appliance wants people to know.
    """
    def categories(self, /, *, timeout: float | None = None) -> List[AlertCategory]:
        """
        What there can be alerts about, by category.

        Errors by their ``kind``: Those of every reading call.
        """
    def dismiss(self, /, uuid: str, *, timeout: float | None = None) -> None:
        """
        Dismisses an alert. One that comes ``once`` is gone then; another stays listed as dismissed. An alert that is not
        there is no error.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost (dismissing it again is harmless); ``unauthorized``.
        """
    def list(self, /, *, timeout: float | None = None) -> List[Alert]:
        """
        Every alert there is, dismissed ones among them.

        Errors by their ``kind``: Those of every reading call.
        """
    def restore(self, /, uuid: str, *, timeout: float | None = None) -> None:
        """
        Takes back that an alert was dismissed. An alert that is gone is no error.

        Errors by their ``kind``: As ``dismiss``.
        """

@final
class Allowed:
    """
    Something that a key may call, up to 24.10.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, method: str, resource: str) -> Allowed: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def call(method: str) -> Allowed:
        """
        A call over the socket: a method, or several by a star, as in ``pool.*``.
        """
    @staticmethod
    def everything() -> Allowed:
        """
        Anything whatever.
        """
    @property
    def method(self, /) -> str:
        """
        By which verb: ``CALL``, ``SUBSCRIBE``, one of HTTP's, or ``*``.
        """
    @property
    def resource(self, /) -> str:
        """
        What it is: a method, a collection, a path, or several by a star.
        """
    @staticmethod
    def subscribe(collection: str) -> Allowed:
        """
        The events of a collection.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class ApiKeyEntry:
    """
    An API key as the appliance lists it (TrueNAS middleware 13.3 to 26, ``api_key.query``). What a release does not say is ``None``.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str, username: str | None = None, user_identifier: str | None = None, local: bool | None = None, created_at: datetime | None = None, expires_at: datetime | None = None, revoked: bool, revoked_reason: str | None = None, allowlist: SupportsGetItem[int, Allowed] | None = None, keyhash: Secret | Redacted | None = ..., iterations: SupportsIndex | None = None, salt: Secret | Redacted | None = ..., stored_key: Secret | Redacted | None = ..., server_key: Secret | Redacted | None = ...) -> ApiKeyEntry: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def allowlist(self, /) -> list[Allowed] | None:
        """
        Which calls it may make, on 24.x.
        """
    @property
    def created_at(self, /) -> datetime | None:
        """
        When it was made.
        """
    @property
    def expires_at(self, /) -> datetime | None:
        """
        Until when it is good; ``None`` for ever, and for a revoked one.
        """
    @property
    def id(self, /) -> int:
        """
        Its number, with which the key begins.
        """
    @property
    def iterations(self, /) -> int | None:
        """
        In how many rounds it was stretched, on 26.
        """
    @property
    def keyhash(self, /) -> Secret | Redacted | None:
        """
        The hash of it that 25.04 and 25.10 keep.
        """
    @property
    def local(self, /) -> bool | None:
        """
        Whether that user is the appliance's own.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def revoked(self, /) -> bool:
        """
        Whether it was revoked, as the appliance does with a key that reaches it without TLS.
        """
    @property
    def revoked_reason(self, /) -> str | None:
        """
        Why it was revoked, from 25.10 on.
        """
    @property
    def salt(self, /) -> Secret | Redacted | None:
        """
        With which salt, on 26.
        """
    @property
    def server_key(self, /) -> Secret | Redacted | None:
        """
        What 26 proves itself with.
        """
    @property
    def stored_key(self, /) -> Secret | Redacted | None:
        """
        What 26 checks proofs with.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def user_identifier(self, /) -> str | None:
        """
        That user, as the appliance keeps it: the number of its row, or an identifier of a directory service.
        """
    @property
    def username(self, /) -> str | None:
        """
        Whose it is, from 25.04 on. Before, keys are nobody's; from 25.10 on also ``None`` when that user is gone.
        """

@final
class ApiKeys:
    """
    API keys: of users from 25.04 on, of nobody before.
    """
    def convert(self, /, key: Secret | str, *, timeout: float | None = None) -> KeyProof:
        """
        What a client can keep in place of a key, to log in by proof without it: from 26 on.

        Errors by their ``kind``: ``unsupported`` before 26; ``validation`` when it is no key of this appliance, or is revoked; those of every
        reading call.
        """
    def create(self, /, key: CreateApiKey, *, timeout: float | None = None) -> NewApiKey:
        """
        Makes an API key. The answer holds it, this once: an appliance never shows it again.

        Errors by their ``kind``: ``invalid_request`` for a name of no or more than 200 characters; ``outcome_unknown`` when the answer is lost:
        the key was made or not, nobody has it, and it should be looked for by its name and deleted; ``validation`` (a name that is taken, a user
        without roles, a date in the past); ``unauthorized``; ``unsupported`` for a form of keys that the release lacks.
        """
    def delete(self, /, id: SupportsIndex, *, timeout: float | None = None) -> None:
        """
        Deletes an API key. Connections that were logged in with it stay until they end.

        Errors by their ``kind``: ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> ApiKeyEntry:
        """
        One API key, without the key itself.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> List[ApiKeyEntry]:
        """
        Every API key, without the keys themselves.

        Errors by their ``kind``: Those of every reading call.
        """
    def mine(self, /, *, timeout: float | None = None) -> List[ApiKeyEntry]:
        """
        The API keys of the user whose credentials these are.

        Errors by their ``kind``: ``unsupported`` before 25.04, where a key is nobody's; those of every reading call.
        """
    def reset(self, /, id: SupportsIndex, *, timeout: float | None = None) -> NewApiKey:
        """
        Gives an API key another secret, which also lets a revoked one be used again. Whoever uses the old one is locked out.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost: the old key may be void and the new one known to nobody, so do it
        again; ``not_found``, ``unauthorized``.
        """
    def update(self, /, id: SupportsIndex, changes: UpdateApiKey, *, timeout: float | None = None) -> ApiKeyEntry:
        """
        Changes an API key, but not the key itself.

        Errors by their ``kind``: As ``create``, and ``not_found``.
        """

@final
class Attachment:
    """
    What needs a dataset.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, kind: str, service: str | None = None, names: SupportsGetItem[int, str]) -> Attachment: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def kind(self, /) -> str:
        """
        What kind of thing it is, such as ``Snapshot Task`` or ``NFS Share``.
        """
    @property
    def names(self, /) -> list[str]:
        """
        Their names or paths.
        """
    @property
    def service(self, /) -> str | None:
        """
        The service that it belongs to, if any.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class BandwidthLimit:
    """
    How fast a task may send from a time of day on, until the next one. Each task has the limit to itself: two that run at the same
    time may send twice as much.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, time: str, bytes_per_second: SupportsIndex | None = None) -> BandwidthLimit: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes_per_second(self, /) -> int | None:
        """
        Bytes (not bits) per second; none means no limit.
        """
    @property
    def time(self, /) -> str:
        """
        From when, in the appliance's own time zone. In a list, times rise strictly.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Change:
    """
    What happened to a row, or that what is known of the rows is to be read anew, since events may have been missed. Its fields can hold secrets: they
    are not shown, and it is not pickled.
    """
    def __reduce__(self, /) -> tuple[str]: ...
    def __repr__(self, /) -> str: ...
    @property
    def fields(self, /) -> dict[str, Any] | None:
        """
        The row, or only what changed of it; ``None`` of one that is gone.
        """
    @property
    def id(self, /) -> Any:
        """
        The row's id, a number or a text.
        """
    @property
    def kind(self, /) -> str:
        """
        ``added``, ``changed`` or ``removed``; ``read_anew`` where events may have been missed, as at the beginning.
        """
    def put_into(self, /, row: Mapping[str, Any]) -> dict[str, Any]:
        """
        Returns a row that is known from before with what changed in it; members that the event does not hold stay.
        """

@final
class Changes:
    """
    What happens to the rows of a collection, without end.
    """
    def __iter__(self, /) -> Changes: ...
    def __next__(self, /) -> Change: ...

@final
class Client:
    """
    An appliance, logged in to: made by ``Client.connect``. It keeps its connection, opens it again when it is lost, and may be used by several
    threads.

    Every call takes ``timeout=`` in seconds, beside the time-outs of the client. A read that it ends raises ``TransportError``, a write
    ``OutcomeUnknown``: up to 25.10 a call goes on when its connection is gone.
    """
    def __enter__(self, /) -> Client: ...
    def __exit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> None: ...
    def __reduce__(self, /) -> tuple[str]:
        """
        Never.
        """
    def __repr__(self, /) -> str: ...
    @property
    def alerts(self, /) -> Alerts:
        """
        Alerts: what the appliance wants people to know.
        """
    @property
    def api_keys(self, /) -> ApiKeys:
        """
        API keys.
        """
    def bulk(self, /, method: str, params: SupportsGetItem[int, SupportsGetItem[int, Any]], limit: float, *, timeout: float | None = None) -> List[Member]:
        """
        Has the appliance call a method once for each list of parameters, one after the other, and waits for all of them, at most for
        ``limit`` seconds. The outcome of each is judged by itself. It is a write, whatever the method is.
        """
    def call(self, /, method: str, params: SupportsGetItem[int, Any] | None = None, *, reads: bool = False, timeout: float | None = None) -> Any:
        """
        Calls any method of the middleware by its name on 25.10, and returns its answer as Python has JSON: for what has no types here. A
        method that is a job answers with the job's number, which ``jobs.attach`` takes. With ``reads``, it is asked again when its answer is
        lost, and a read-only client sends it: only for what changes nothing. Without, it is sent once.
        """
    def changes(self, /, collection: str) -> Changes:
        """
        Iterates, without end, over what happens to the rows of a collection from now on, such as ``pool.snapshottask.query``. It begins with
        a change of the kind ``read_anew``, and has it again whenever events may have been missed. Jobs are watched by ``jobs.changes``.
        """
    def close(self, /) -> None:
        """
        Lets go of the connections: further calls raise ``RuntimeError``, and those under way end as they would.
        """
    @property
    def cloud_credentials(self, /) -> CloudCredentials:
        """
        Credentials by which the appliance logs in to clouds.
        """
    @property
    def cloud_syncs(self, /) -> CloudSyncs:
        """
        Cloud sync tasks.
        """
    @staticmethod
    def connect(address: str, *, api_key: Secret | str | None = None, user: str | None = None, password: Secret | str | None = None, one_time_code: Secret | str | None = None, token: Secret | str | None = None, fingerprint: str | None = None, certificate: str | None = None, attempts: SupportsIndex | None = None, backoff: tuple[float, float] | None = None, deadline: float | None = None, connect_timeout: float | None = None, idle_timeout: float | None = None, minimum_rate: SupportsIndex | None = None, on_wait: Callable[[Wait], object] | None = None, read_only: bool = False, timeout: float | None = None) -> Client:
        """
        Finds out which release the appliance is, connects in the newest way that both know, and logs in.

        ``address`` is a host, or ``wss://host:port``. The log-in is by ``api_key``, best with the name of its ``user``; by ``user`` and
        ``password``, with ``one_time_code`` where it is asked for; or by ``token``. The appliance's certificate is one that this machine
        trusts, one that ``certificate`` (a PEM text) has signed, or the one of this SHA-256 ``fingerprint``; there is no way to accept any.

        ``attempts`` (4) is how often a call is made that may be repeated; ``backoff`` (0.25 and 16) the first and the longest wait in
        between; ``deadline`` (120) the time for a call with everything; ``connect_timeout`` (15), ``idle_timeout`` (120) and ``minimum_rate``
        as of ``dtc.b2.Client``; ``on_wait`` is called before every wait. A ``read_only`` client refuses everything but reads before anything
        is sent.
        """
    def count(self, /, method: str, query: Query | None = None, *, timeout: float | None = None) -> int:
        """
        Returns how many rows a method such as ``pool.query`` finds; a query's limit and order do not count.
        """
    @property
    def datasets(self, /) -> Datasets:
        """
        Datasets, their settings, user properties and keys.
        """
    @property
    def filesystem(self, /) -> Filesystem:
        """
        Files.
        """
    def first(self, /, method: str, query: Query | None = None, *, timeout: float | None = None) -> Any:
        """
        Returns the first row that a method such as ``pool.query`` finds. ``NotFound`` when there is none.
        """
    @property
    def groups(self, /) -> Groups:
        """
        Local groups.
        """
    @property
    def interfaces(self, /) -> Interfaces:
        """
        Network interfaces.
        """
    @property
    def jobs(self, /) -> Jobs:
        """
        Jobs.
        """
    @property
    def keychain(self, /) -> Keychain:
        """
        SSH key pairs, and connections to other appliances.
        """
    def ping(self, /, *, timeout: float | None = None) -> None:
        """
        Asks the appliance for a sign of life: that it is there, and that this connection is logged in.
        """
    @property
    def pools(self, /) -> Pools:
        """
        Pools.
        """
    def query(self, /, method: str, query: Query | None = None, *, timeout: float | None = None) -> list[Any]:
        """
        Returns the rows that a method such as ``pool.query`` finds, as Python has JSON.
        """
    @property
    def release(self, /) -> str:
        """
        The appliance's release, as it was found when connecting: ``TrueNAS 25.10``.
        """
    @property
    def replications(self, /) -> Replications:
        """
        Replication tasks.
        """
    def rows(self, /, method: str, query: Query | None = None) -> Rows:
        """
        Iterates over all rows that a method such as ``pool.query`` finds, however many, a page at a time; by their ``id`` unless the query
        says otherwise. The query's limit, 1000 by default, is the length of a page.
        """
    @property
    def services(self, /) -> Services:
        """
        Services such as SNMP and SSH.
        """
    @property
    def sessions(self, /) -> Sessions:
        """
        Who is logged in, and tokens.
        """
    @property
    def snapshot_tasks(self, /) -> SnapshotTasks:
        """
        Periodic snapshot tasks.
        """
    @property
    def snapshots(self, /) -> Snapshots:
        """
        Snapshots.
        """
    @property
    def snmp(self, /) -> Snmp:
        """
        SNMP.
        """
    @property
    def ssh(self, /) -> Ssh:
        """
        The SSH service.
        """
    def supports(self, /, feature: str) -> Support:
        """
        Whether the appliance offers a ``Feature``; calling what it does not offer raises ``ApiError`` of the kind ``unsupported``.
        """
    @property
    def system(self, /) -> System:
        """
        The appliance itself.
        """
    @property
    def users(self, /) -> Users:
        """
        Local users.
        """
    @property
    def version(self, /) -> str | None:
        """
        The version of the interface that the connection is pinned to, such as ``v25.10.1``; ``None`` before 25.04, which had no versions.
        """

@final
class CloudBucket:
    """
    A bucket that a credential opens.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str, enabled: bool) -> CloudBucket: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def enabled(self, /) -> bool:
        """
        Whether the appliance lets a task use it.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class CloudCredential:
    """
    A stored credential.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str, provider: Provider) -> CloudCredential: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> int:
        """
        Its number.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def provider(self, /) -> Provider:
        """
        Which cloud, and how to log in there.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class CloudCredentials:
    """
    Credentials by which the appliance logs in to clouds.
    """
    def create(self, /, name: str, account: str, key: Secret | str, *, timeout: float | None = None) -> CloudCredential:
        """
        Stores a B2 credential. The appliance does not try it: ``verify`` first.

        Errors by their ``kind``: ``invalid_request`` when the key or its id would not survive in rclone's configuration; ``outcome_unknown`` when
        the answer is lost: look before creating again; ``validation`` (a name that is taken), ``unauthorized``.
        """
    def create_bucket(self, /, id: SupportsIndex, name: str, *, timeout: float | None = None) -> None:
        """
        Makes a bucket with a stored credential. Backblaze B2 is not among the clouds that the appliance can do this at.

        Errors by their ``kind``: ``rejected`` when the cloud cannot, or refuses; ``not_found``; ``unsupported`` on CORE; ``outcome_unknown`` when
        the answer is lost; ``unauthorized``.
        """
    def delete(self, /, id: SupportsIndex, *, timeout: float | None = None) -> None:
        """
        Deletes a stored credential; refused while a task uses it.

        Errors by their ``kind``: ``rejected`` while in use; ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> CloudCredential:
        """
        One stored credential.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> List[CloudCredential]:
        """
        Every stored credential.

        Errors by their ``kind``: Those of every reading call.
        """
    def list_buckets(self, /, id: SupportsIndex, *, timeout: float | None = None) -> List[CloudBucket]:
        """
        The buckets that a stored credential opens.

        Errors by their ``kind``: ``not_found``; ``rejected`` with rclone's words when the cloud refuses the credential; those of every reading
        call; ``unauthorized`` for who may only read.
        """
    def update(self, /, id: SupportsIndex, name: str, account: str, key: Secret | str, *, timeout: float | None = None) -> CloudCredential:
        """
        Replaces a stored credential, its name and provider included.

        Errors by their ``kind``: As ``create``, and ``not_found``.
        """
    def verify(self, /, account: str, key: Secret | str, *, timeout: float | None = None) -> Verification:
        """
        Has the appliance log in with a key and list buckets, without storing anything. On a dead network this takes most of a minute.

        Errors by their ``kind``: Those of every reading call. A key that B2 refuses is no error but an answer.
        """

@final
class CloudFile:
    """
    An entry of a folder in the cloud.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str, path: str, size: SupportsIndex, changed: str | None = None, is_dir: bool, decrypted: str | None = None) -> CloudFile: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def changed(self, /) -> str | None:
        """
        When it was last changed, as rclone writes it.
        """
    @property
    def decrypted(self, /) -> str | None:
        """
        What its name stands for, where names are encrypted.
        """
    @property
    def is_dir(self, /) -> bool:
        """
        Whether it is a folder.
        """
    @property
    def name(self, /) -> str:
        """
        Its name in the folder, as it is in the cloud.
        """
    @property
    def path(self, /) -> str:
        """
        Its path from the folder on.
        """
    @property
    def size(self, /) -> int:
        """
        Its length there in bytes; negative for a folder.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class CloudProvider:
    """
    A cloud that the appliance knows.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str, title: str, buckets: bool, bucket_title: str | None = None, settings: SupportsGetItem[int, ProviderSetting]) -> CloudProvider: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bucket_title(self, /) -> str | None:
        """
        What it calls one.
        """
    @property
    def buckets(self, /) -> bool:
        """
        Whether it has buckets.
        """
    @property
    def name(self, /) -> str:
        """
        The middleware's name of it, such as ``B2``.
        """
    @property
    def settings(self, /) -> list[ProviderSetting]:
        """
        The settings of a task that are its own.
        """
    @property
    def title(self, /) -> str:
        """
        Its own name.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class CloudSync:
    """
    A cloud sync task as the appliance holds it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, description: str, direction: str, transfer_mode: str, path: str, credential: CloudCredential, target: Target, schedule: str, encryption: bool, filename_encryption: bool, encryption_password: Secret | Redacted | None = ..., encryption_salt: Secret | Redacted | None = ..., exclude: SupportsGetItem[int, str], include: SupportsGetItem[int, str], bandwidth_limits: SupportsGetItem[int, BandwidthLimit], transfers: SupportsIndex | None = None, follow_symlinks: bool, snapshot: bool, create_empty_src_dirs: bool, pre_script: Secret | Redacted | None = ..., post_script: Secret | Redacted | None = ..., args: str, enabled: bool, locked: bool, job: JobStatus | None = None) -> CloudSync: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def args(self, /) -> str:
        """
        Further arguments for rclone.
        """
    @property
    def bandwidth_limits(self, /) -> list[BandwidthLimit]:
        """
        How fast it may send, by time of day.
        """
    @property
    def create_empty_src_dirs(self, /) -> bool:
        """
        Whether empty directories are made on the other side.
        """
    @property
    def credential(self, /) -> CloudCredential:
        """
        How it logs in.
        """
    @property
    def description(self, /) -> str:
        """
        What it is for, in words.
        """
    @property
    def direction(self, /) -> str:
        """
        Which way files are copied: to the cloud or from it.
        """
    @property
    def enabled(self, /) -> bool:
        """
        Whether it runs on schedule.
        """
    @property
    def encryption(self, /) -> bool:
        """
        Whether contents are encrypted before they are sent.
        """
    @property
    def encryption_password(self, /) -> Secret | Redacted | None:
        """
        The password, if the appliance shows it.
        """
    @property
    def encryption_salt(self, /) -> Secret | Redacted | None:
        """
        The salt, if the appliance shows it.
        """
    @property
    def exclude(self, /) -> list[str]:
        """
        Filters, rclone's way, for what is left out; a leading slash means the task's own directory.
        """
    @property
    def filename_encryption(self, /) -> bool:
        """
        Whether names are encrypted too.
        """
    @property
    def follow_symlinks(self, /) -> bool:
        """
        Whether symbolic links are followed.
        """
    @property
    def id(self, /) -> int:
        """
        Its number.
        """
    @property
    def include(self, /) -> list[str]:
        """
        Filters for what alone is taken; empty means everything.
        """
    @property
    def job(self, /) -> JobStatus | None:
        """
        Its last run, or the one under way.
        """
    @property
    def locked(self, /) -> bool:
        """
        Whether its dataset is locked. Of the datasets below it this says nothing.
        """
    @property
    def path(self, /) -> str:
        """
        The directory on the appliance.
        """
    @property
    def post_script(self, /) -> Secret | Redacted | None:
        """
        What runs after it, when it succeeded.
        """
    @property
    def pre_script(self, /) -> Secret | Redacted | None:
        """
        What runs before it.
        """
    @property
    def schedule(self, /) -> str:
        """
        When it runs on schedule.
        """
    @property
    def snapshot(self, /) -> bool:
        """
        Whether it sends a snapshot made for the run. The appliance refuses that where datasets are nested.
        """
    @property
    def target(self, /) -> Target:
        """
        Where in the cloud.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def transfer_mode(self, /) -> str:
        """
        What it does with files that exist on one side only.
        """
    @property
    def transfers(self, /) -> int | None:
        """
        How many files it sends at once; none means rclone's own number.
        """

@final
class CloudSyncSecrets:
    """
    The two secrets of an encrypting task. Together they decrypt what is in the bucket; nothing else does.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, password: Secret | str, salt: Secret | str) -> CloudSyncSecrets: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def password(self, /) -> Secret:
        """
        The password.
        """
    @property
    def salt(self, /) -> Secret:
        """
        The salt.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class CloudSyncs:
    """
    Cloud sync tasks: a directory of the appliance, copied to a bucket by rclone.
    """
    def abort(self, /, id: SupportsIndex, *, timeout: float | None = None) -> bool:
        """
        Aborts a task's run. Says whether there was one.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost (aborting again is harmless); ``not_found``, ``unauthorized``.
        """
    def create(self, /, task: CreateCloudSync, crypt: CloudSyncSecrets, *, timeout: float | None = None) -> CloudSync:
        """
        Sets up a task that encrypts what it sends.

        Errors by their ``kind``: ``invalid_request`` when times of its bandwidth limits do not rise, a part is smaller than 5 MiB, or its path is
        not under ``/mnt``; ``outcome_unknown`` when the answer is lost: look before creating again; ``validation``, ``unauthorized``;
        ``redacted_secret`` when a secret is only the placeholder of one.
        """
    def delete(self, /, id: SupportsIndex, *, timeout: float | None = None) -> None:
        """
        Deletes a task; a run under way is aborted first. What is in the bucket stays.

        Errors by their ``kind``: ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> CloudSync:
        """
        One task.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> List[CloudSync]:
        """
        Every cloud sync task.

        Errors by their ``kind``: Those of every reading call.
        """
    def list_directory(self, /, credential: SupportsIndex, bucket: str, folder: str, *, filename_encryption: bool = False, crypt: CloudSyncSecrets | None = None, timeout: float | None = None) -> List[CloudFile]:
        """
        What is in a folder of a bucket, by the names that it has there.

        Errors by their ``kind``: ``rejected`` with rclone's words when the folder or the bucket is not there, or the credential does not open it;
        ``not_found`` when there is no such credential; those of every reading call; ``unauthorized`` for who may only read.
        """
    def providers(self, /, *, timeout: float | None = None) -> List[CloudProvider]:
        """
        The clouds that the appliance knows.

        Errors by their ``kind``: Those of every reading call.
        """
    def restore(self, /, id: SupportsIndex, description: str, path: str, *, transfer_mode: str | None = None, timeout: float | None = None) -> CloudSync:
        """
        Makes the task that brings back what a task has sent, with its schedule and its secrets. It is disabled. The folder is looked for in
        the bucket first.

        Errors by their ``kind``: ``invalid_request`` for a path that is no place for files; ``validation`` when the folder is not there;
        ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def run(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Job:
        """
        Starts a task now. While it runs already, the appliance queues one more run and answers with that one's job.

        The job is looked at before it is taken for this task's. To an appliance that is newer than this package, one start is sent at a time.

        Errors by their ``kind``: ``not_started`` when the appliance answered with another task's job; ``outcome_unknown`` when the answer is
        lost: ``job`` shows whether it runs; ``not_found``, ``unauthorized``.
        """
    def run_dry(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Job:
        """
        Tries a task out: the job ends as a run would, and its log says what it would do; nothing is sent or deleted. On every release such
        a start shares a lock with every other one of its kind, so only one is sent at a time.

        Errors by their ``kind``: As ``run``.
        """
    def run_once(self, /, task: CreateCloudSync, crypt: CloudSyncSecrets, *, trial: bool = False, timeout: float | None = None) -> Job:
        """
        Runs what is no task, once; whether it is enabled and when it runs do not count. A refusal of its settings fails the job, with the fields.
        A trial sends and deletes nothing.

        Errors by their ``kind``: As ``create``.
        """
    def update(self, /, id: SupportsIndex, changes: UpdateCloudSync, crypt: CloudSyncSecrets | None = None, *, timeout: float | None = None) -> CloudSync:
        """
        Changes a task. With secrets, encryption is on and they are its password and salt; without, both stay as they are.

        Changing password, salt, bucket or folder re-encrypts and moves nothing: what is in the bucket stays as it was.

        Errors by their ``kind``: As ``create``, and ``not_found``.
        """

@final
class CreateApiKey:
    """
    A new API key: of a user, from 25.04 on; one that may make certain calls, on 24.x; or one with every right.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str, username: str | None = None, allowlist: SupportsGetItem[int, Allowed] | None = None, full_access: bool = False, expires: datetime | None = None) -> CreateApiKey: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def allowlist(self, /) -> list[Allowed] | None:
        """
        What alone it may call.
        """
    @property
    def expires(self, /) -> datetime | None:
        """
        Until when it holds.
        """
    @property
    def full_access(self, /) -> bool:
        """
        Whether it has every right, up to 24.10.
        """
    @property
    def name(self, /) -> str:
        """
        Its name, of at most 200 characters.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def username(self, /) -> str | None:
        """
        The user whose rights it has.
        """

@final
class CreateCloudSync:
    """
    A new cloud sync task, without its secrets. It has no scripts and no further arguments for rclone.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, path: str, credential: SupportsIndex, target: Target, schedule: str, description: str | None = None, direction: str | None = None, transfer_mode: str | None = None, filename_encryption: bool | None = None, exclude: SupportsGetItem[int, str] | None = None, follow_symlinks: bool | None = None, snapshot: bool | None = None, transfers: SupportsIndex | None = None, bandwidth_limits: SupportsGetItem[int, BandwidthLimit] | None = None, enabled: bool | None = None) -> CreateCloudSync: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bandwidth_limits(self, /) -> list[BandwidthLimit] | None:
        """
        How fast it may send, by time of day, in rising order; without limit by default.
        """
    @property
    def credential(self, /) -> int:
        """
        The number of the credential that it logs in with.
        """
    @property
    def description(self, /) -> str | None:
        """
        What it is for, in words; empty by default.
        """
    @property
    def direction(self, /) -> str | None:
        """
        To the cloud or from it; to it by default.
        """
    @property
    def enabled(self, /) -> bool | None:
        """
        Whether it runs on schedule; on by default.
        """
    @property
    def exclude(self, /) -> list[str] | None:
        """
        Filters for what is left out, each an entry of its own; none by default.
        """
    @property
    def filename_encryption(self, /) -> bool | None:
        """
        Whether names are encrypted too; off by default. Changing it later leaves what was sent under its old names.
        """
    @property
    def follow_symlinks(self, /) -> bool | None:
        """
        Whether symbolic links are followed; off by default.
        """
    @property
    def path(self, /) -> str:
        """
        The directory on the appliance.
        """
    @property
    def schedule(self, /) -> str:
        """
        When it runs on schedule: five fields, as cron has them.
        """
    @property
    def snapshot(self, /) -> bool | None:
        """
        Whether each run sends a snapshot of its own; off by default, and refused where datasets are nested.
        """
    @property
    def target(self, /) -> Target:
        """
        Where in the cloud.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def transfer_mode(self, /) -> str | None:
        """
        What it does with what is only on one side; makes equal by default.
        """
    @property
    def transfers(self, /) -> int | None:
        """
        How many files are sent at once; unset by default, which leaves it to rclone.
        """

@final
class CreateDataset:
    """
    A new dataset.

    ```
    use truenas_client::DatasetId;
    use truenas_client::datasets::{CreateDataset, NewKey};

    let secret = CreateDataset::file_system(DatasetId::new("tank/secret")).encrypted(NewKey::Generated).compression("ZSTD");
    let disk = CreateDataset::volume(DatasetId::new("tank/vm"), 20 << 30).sparse();
    # let _ = (secret, disk);
    ```
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: str, compression: str | None = None, checksum: str | None = None, sync: str | None = None, deduplication: str | None = None, recordsize: str | None = None, snapdir: str | None = None, acltype: str | None = None, aclmode: str | None = None, readonly: bool | None = None, exec: bool | None = None, atime: bool | None = None, copies: SupportsIndex | None = None, special_small_block_size: SupportsIndex | None = None, quota: SupportsIndex | None = None, refquota: SupportsIndex | None = None, reservation: SupportsIndex | None = None, refreservation: SupportsIndex | None = None, comments: str | None = None, share_type: str | None = None, case_sensitive: bool | None = None, volblocksize: str | None = None, volume_bytes: SupportsIndex | None = None, encrypted: NewKey | None = None, user_properties: dict[str, str] | None = None, with_ancestors: bool = False, sparse: bool = False) -> CreateDataset: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def aclmode(self, /) -> str | None:
        """
        What becomes of such a list when a file's mode is changed: ``PASSTHROUGH``, ``RESTRICTED`` or ``DISCARD``; of file systems only.
        """
    @property
    def acltype(self, /) -> str | None:
        """
        What kind of access control lists its files have: ``NFSV4``, ``POSIX`` or ``OFF``; of file systems only. CORE has other words.
        """
    @property
    def atime(self, /) -> bool | None:
        """
        Whether reading a file is noted in it; of file systems only.
        """
    @property
    def case_sensitive(self, /) -> bool | None:
        """
        Whether names that differ in case only are different, as they are by default; of file systems only.
        """
    @property
    def checksum(self, /) -> str | None:
        """
        How blocks are checked, such as ``ON`` or ``SHA256``.
        """
    @property
    def comments(self, /) -> str | None:
        """
        A text about it.
        """
    @property
    def compression(self, /) -> str | None:
        """
        How it is compressed, such as ``LZ4``, ``ZSTD`` or ``OFF``.
        """
    @property
    def copies(self, /) -> int | None:
        """
        How often each block is kept, 1 to 3.
        """
    @property
    def deduplication(self, /) -> str | None:
        """
        Whether equal blocks are kept once: ``ON``, ``VERIFY`` or ``OFF``.
        """
    @property
    def encrypted(self, /) -> NewKey | None:
        """
        Encrypted by a key of its own.
        """
    @property
    def exec(self, /) -> bool | None:
        """
        Whether programs in it can be run.
        """
    @property
    def id(self, /) -> str:
        """
        Its full name: ``pool/parent/child``.
        """
    @property
    def quota(self, /) -> int | None:
        """
        The most that it and what is below it may hold; of file systems only, and from 25.10 on at least 1 GiB.
        """
    @property
    def readonly(self, /) -> bool | None:
        """
        Whether it cannot be written to.
        """
    @property
    def recordsize(self, /) -> str | None:
        """
        The greatest length of a block, such as ``128K``; of file systems only.
        """
    @property
    def refquota(self, /) -> int | None:
        """
        The most that it may hold by itself; of file systems only, and from 25.10 on at least 1 GiB.
        """
    @property
    def refreservation(self, /) -> int | None:
        """
        What is kept for it by itself.
        """
    @property
    def reservation(self, /) -> int | None:
        """
        What is kept for it and what is below it.
        """
    @property
    def share_type(self, /) -> str | None:
        """
        What it is laid out for; nothing in particular by default.
        """
    @property
    def snapdir(self, /) -> str | None:
        """
        Whether the directory of the snapshots is shown: ``VISIBLE`` or ``HIDDEN``.
        """
    @property
    def sparse(self, /) -> bool:
        """
        Whether a volume takes only what is written to it.
        """
    @property
    def special_small_block_size(self, /) -> int | None:
        """
        Blocks up to this many bytes go to the special devices.
        """
    @property
    def sync(self, /) -> str | None:
        """
        When what is written is really written: ``STANDARD``, ``ALWAYS`` or ``DISABLED``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def user_properties(self, /) -> dict[str, str] | None:
        """
        User properties, by their names.
        """
    @property
    def volblocksize(self, /) -> str | None:
        """
        The length of a volume's blocks, such as ``16K``.
        """
    @property
    def volume_bytes(self, /) -> int | None:
        """
        The size of a volume; without it a file system is made.
        """
    @property
    def with_ancestors(self, /) -> bool:
        """
        Whether missing parents are made too; not on CORE.
        """

@final
class CreateGroup:
    """
    A new group.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str, gid: SupportsIndex | None = None, smb: bool | None = None, users: SupportsGetItem[int, SupportsIndex] | None = None, sudo: SupportsGetItem[int, str] | None = None, sudo_without_password: SupportsGetItem[int, str] | None = None) -> CreateGroup: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def gid(self, /) -> int | None:
        """
        The number that the system knows it by; the next one that is free by default.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def smb(self, /) -> bool | None:
        """
        Whether shares of SMB can name it; off by default.
        """
    @property
    def sudo(self, /) -> list[str] | None:
        """
        What its members may run as root with their passwords: programs by their paths, or ``ALL``.
        """
    @property
    def sudo_without_password(self, /) -> list[str] | None:
        """
        What its members may run as root without a password.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def users(self, /) -> list[int] | None:
        """
        Who is in it.
        """

@final
class CreateReplication:
    """
    A new replication task, without the key of its target.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str, direction: str, sources: SupportsGetItem[int, str], target: str, retention: Lifetime | str, recursive: bool | None = None, properties: bool | None = None, replicate: bool | None = None, inherits_encryption: bool | None = None, auto: bool | None = None, only_matching_schedule: bool | None = None, allow_from_scratch: bool | None = None, hold_pending_snapshots: bool | None = None, sudo: bool | None = None, large_block: bool | None = None, embed: bool | None = None, compressed: bool | None = None, enabled: bool | None = None, exclude: SupportsGetItem[int, str] | None = None, properties_exclude: SupportsGetItem[int, str] | None = None, snapshot_tasks: SupportsGetItem[int, SupportsIndex] | None = None, naming_schema: SupportsGetItem[int, str] | None = None, also_include: SupportsGetItem[int, str] | None = None, name_regex: str | None = None, schedule: SnapshotSchedule | None = None, restrict_schedule: SnapshotSchedule | None = None, readonly: str | None = None, compression: str | None = None, speed_limit: SupportsIndex | None = None, retries: SupportsIndex | None = None, logging_level: str | None = None, ssh_connection: SupportsIndex | None = None, netcat: Netcat | None = None, property_values: dict[str, str] | None = None, lifetimes: SupportsGetItem[int, KeyedLifetime] | None = None) -> CreateReplication: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def allow_from_scratch(self, /) -> bool | None:
        """
        Whether a target that has snapshots, but none in common with the source, **is destroyed** and made anew; off by default, and for good
        reason.
        """
    @property
    def also_include(self, /) -> list[str] | None:
        """
        The names of further snapshots that are sent.
        """
    @property
    def auto(self, /) -> bool | None:
        """
        Whether it runs by itself: by its schedule, or after its snapshot tasks; off by default.
        """
    @property
    def compressed(self, /) -> bool | None:
        """
        Whether blocks that are compressed on disk are sent as such; on by default.
        """
    @property
    def compression(self, /) -> str | None:
        """
        By what the stream is compressed; by nothing by default, and by SSH only.
        """
    @property
    def direction(self, /) -> str:
        """
        Which way snapshots go: ``PUSH`` or ``PULL``.
        """
    @property
    def embed(self, /) -> bool | None:
        """
        Whether blocks that are embedded in their pointers are sent as such; off by default.
        """
    @property
    def enabled(self, /) -> bool | None:
        """
        Whether it may run; on by default.
        """
    @property
    def exclude(self, /) -> list[str] | None:
        """
        Children to leave out; none by default.
        """
    @property
    def hold_pending_snapshots(self, /) -> bool | None:
        """
        Whether snapshots stay on the source until they were sent; off by default.
        """
    @property
    def inherits_encryption(self, /) -> bool | None:
        """
        Whether the target takes its parent's encryption; off by default. Not on CORE.
        """
    @property
    def large_block(self, /) -> bool | None:
        """
        Whether blocks of more than 128 KiB are sent whole; on by default.
        """
    @property
    def lifetimes(self, /) -> list[KeyedLifetime] | None:
        """
        For how long snapshots of certain schedules are kept. Not on CORE.
        """
    @property
    def logging_level(self, /) -> str | None:
        """
        How much its log says; the appliance's default by default.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def name_regex(self, /) -> str | None:
        """
        The names of the snapshots that go, as a regular expression of Python's. Not on CORE.
        """
    @property
    def naming_schema(self, /) -> list[str] | None:
        """
        The names of the snapshots that are fetched.
        """
    @property
    def netcat(self, /) -> Netcat | None:
        """
        Contents go by netcat, beside SSH.
        """
    @property
    def only_matching_schedule(self, /) -> bool | None:
        """
        Whether only snapshots of the times of its schedule go; off by default.
        """
    @property
    def properties(self, /) -> bool | None:
        """
        Whether properties are sent, of an encrypted source its encryption, too; on by default.
        """
    @property
    def properties_exclude(self, /) -> list[str] | None:
        """
        Properties that are not sent; none by default. User properties are sent with the others: one that identifies an appliance belongs here.
        """
    @property
    def property_values(self, /) -> dict[str, str] | None:
        """
        Properties that the target gets values of its own for. Not on CORE.
        """
    @property
    def readonly(self, /) -> str | None:
        """
        What is done about the target's ``readonly``; it is set by default.
        """
    @property
    def recursive(self, /) -> bool | None:
        """
        Whether children are sent as well; off by default.
        """
    @property
    def replicate(self, /) -> bool | None:
        """
        Whether the target becomes equal, down to snapshots and children that the source no longer has; off by default.
        """
    @property
    def restrict_schedule(self, /) -> SnapshotSchedule | None:
        """
        Only snapshots of these times go.
        """
    @property
    def retention(self, /) -> Lifetime | str:
        """
        What becomes of snapshots on the target: ``SOURCE`` for as the source has it, ``NONE`` for ever, or a ``Lifetime``.
        """
    @property
    def retries(self, /) -> int | None:
        """
        How often a run is tried again that lost the other side; five times by default.
        """
    @property
    def schedule(self, /) -> SnapshotSchedule | None:
        """
        When it runs by itself.
        """
    @property
    def snapshot_tasks(self, /) -> list[int] | None:
        """
        The snapshot tasks whose snapshots are sent; none by default.
        """
    @property
    def sources(self, /) -> list[str]:
        """
        The datasets that are sent.
        """
    @property
    def speed_limit(self, /) -> int | None:
        """
        Bytes per second at most; without limit by default, and by SSH only.
        """
    @property
    def ssh_connection(self, /) -> int | None:
        """
        The number of the connection by which the other side is reached; without one, both sides are this appliance.
        """
    @property
    def sudo(self, /) -> bool | None:
        """
        Whether ``zfs`` is run by sudo on the other side; off by default. Not on CORE.
        """
    @property
    def target(self, /) -> str:
        """
        The dataset that they arrive in.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class CreateSnapshot:
    """
    A snapshot to take: by its name, or by a naming schema.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, dataset: str, name: str | None = None, naming_schema: str | None = None, recursive: bool = False, recursive_without: SupportsGetItem[int, str] | None = None) -> CreateSnapshot: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def dataset(self, /) -> str:
        """
        Of which dataset.
        """
    @property
    def name(self, /) -> str | None:
        """
        Its name.
        """
    @property
    def naming_schema(self, /) -> str | None:
        """
        How it is named, by the codes of ``strftime`` and the appliance's clock.
        """
    @property
    def recursive(self, /) -> bool:
        """
        Whether it is taken of all datasets below too.
        """
    @property
    def recursive_without(self, /) -> list[str] | None:
        """
        The same, of all but these.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class CreateSnapshotTask:
    """
    A new periodic snapshot task. Every field is sent, since the middleware's defaults differ by release.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, dataset: str, naming_schema: str, lifetime: Lifetime, schedule: SnapshotSchedule, recursive: bool | None = None, exclude: SupportsGetItem[int, str] | None = None, allow_empty: bool | None = None, enabled: bool | None = None) -> CreateSnapshotTask: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def allow_empty(self, /) -> bool | None:
        """
        Whether a snapshot is made when nothing has changed; off by default.
        """
    @property
    def dataset(self, /) -> str:
        """
        Which dataset is snapshot.
        """
    @property
    def enabled(self, /) -> bool | None:
        """
        Whether it runs at all; on by default.
        """
    @property
    def exclude(self, /) -> list[str] | None:
        """
        Children to leave out; none by default.
        """
    @property
    def lifetime(self, /) -> Lifetime:
        """
        How long snapshots are kept.
        """
    @property
    def naming_schema(self, /) -> str:
        """
        How the snapshots are named, by the codes of ``strftime``: ``auto-%Y-%m-%d_%H-%M``.
        """
    @property
    def recursive(self, /) -> bool | None:
        """
        Whether the children are snapshot too; off by default.
        """
    @property
    def schedule(self, /) -> SnapshotSchedule:
        """
        When they are taken.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class CreateUser:
    """
    A new user. Every field is sent that the release has, since the defaults differ.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, username: str, full_name: str, uid: SupportsIndex | None = None, in_group: SupportsIndex | None = None, groups: SupportsGetItem[int, SupportsIndex] | None = None, home: str | None = None, home_within: str | None = None, home_mode: str | None = None, shell: str | None = None, email: str | None = None, ssh_password: bool | None = None, ssh_public_key: str | None = None, sudo: SupportsGetItem[int, str] | None = None, sudo_without_password: SupportsGetItem[int, str] | None = None, smb: bool | None = None, locked: bool | None = None) -> CreateUser: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def email(self, /) -> str | None:
        """
        Where mail to it goes.
        """
    @property
    def full_name(self, /) -> str:
        """
        What people call it.
        """
    @property
    def groups(self, /) -> list[int] | None:
        """
        Other groups that it is in. From 24.10 on they decide what it may do by the API.
        """
    @property
    def home(self, /) -> str | None:
        """
        A home that exists already, below ``/mnt``.
        """
    @property
    def home_mode(self, /) -> str | None:
        """
        Who may do what in its home, in octal digits; ``700`` by default.
        """
    @property
    def home_within(self, /) -> str | None:
        """
        A home of its name that the appliance makes in this directory, below ``/mnt``.
        """
    @property
    def in_group(self, /) -> int | None:
        """
        An existing group as its first one, in place of one of its own.
        """
    @property
    def locked(self, /) -> bool | None:
        """
        Whether it cannot log in; off by default.
        """
    @property
    def shell(self, /) -> str | None:
        """
        Its shell, one of ``shell_choices``.
        """
    @property
    def smb(self, /) -> bool | None:
        """
        Whether it may use shares of SMB, for which it needs a password; off by default.
        """
    @property
    def ssh_password(self, /) -> bool | None:
        """
        Whether it may log in by SSH with its password; off by default. CORE has one setting for everybody.
        """
    @property
    def ssh_public_key(self, /) -> str | None:
        """
        The keys that it logs in by SSH with, one a line. They stand in its home, which must be on a pool.
        """
    @property
    def sudo(self, /) -> list[str] | None:
        """
        What it may run as root with its password: programs by their paths, or ``ALL``.
        """
    @property
    def sudo_without_password(self, /) -> list[str] | None:
        """
        What it may run as root without a password.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def uid(self, /) -> int | None:
        """
        The number that the system knows it by; the next one that is free by default.
        """
    @property
    def username(self, /) -> str:
        """
        Its name.
        """

@final
class Dataset:
    """
    A dataset.

    Whether it is mounted is not said here; ``mounts`` says it. The mount point of a dataset that is not mounted, such as a
    locked one, is an empty directory.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: str, pool: str, kind: str, mountpoint: str | None = None, encrypted: bool, encryption_root: str | None = None, key_loaded: bool | None = None, locked: bool, user_properties: dict[str, UserProperty]) -> Dataset: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def encrypted(self, /) -> bool:
        """
        Whether its content is encrypted.
        """
    @property
    def encryption_root(self, /) -> str | None:
        """
        The dataset whose key decrypts this one, when encrypted.
        """
    @property
    def id(self, /) -> str:
        """
        Its full name.
        """
    @property
    def key_loaded(self, /) -> bool | None:
        """
        Whether the key is loaded, when encrypted.
        """
    @property
    def kind(self, /) -> str:
        """
        File system or volume.
        """
    @property
    def locked(self, /) -> bool:
        """
        Whether it is encrypted and its content cannot be reached.
        """
    @property
    def mountpoint(self, /) -> str | None:
        """
        Where it is mounted when it is; none for volumes, and for file systems without a mount point of their own.
        """
    @property
    def pool(self, /) -> str:
        """
        Its pool's name.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def user_properties(self, /) -> dict[str, UserProperty]:
        """
        Its user properties, inherited ones included: from 25.10 the appliance does not distinguish them, so that only a root dataset's
        are certainly its own (TrueNAS middleware 25.10, ``plugins/pool_/dataset.py``).
        """

@final
class DatasetOverview:
    """
    A dataset with what hangs on it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: str, kind: str, locked: bool, snapshot_count: SupportsIndex, snapshot_tasks_count: SupportsIndex, cloudsync_tasks_count: SupportsIndex, replication_tasks_count: SupportsIndex, rsync_tasks_count: SupportsIndex, children: SupportsGetItem[int, DatasetOverview]) -> DatasetOverview: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def children(self, /) -> list[DatasetOverview]:
        """
        What is below it.
        """
    @property
    def cloudsync_tasks_count(self, /) -> int:
        """
        How many cloud syncs send it.
        """
    @property
    def id(self, /) -> str:
        """
        Its full name.
        """
    @property
    def kind(self, /) -> str:
        """
        File system or volume.
        """
    @property
    def locked(self, /) -> bool:
        """
        Whether it is encrypted and its content cannot be reached.
        """
    @property
    def replication_tasks_count(self, /) -> int:
        """
        How many replication tasks push it.
        """
    @property
    def rsync_tasks_count(self, /) -> int:
        """
        How many rsync tasks push it.
        """
    @property
    def snapshot_count(self, /) -> int:
        """
        How many snapshots it has; 0 while it is locked.
        """
    @property
    def snapshot_tasks_count(self, /) -> int:
        """
        How many snapshot tasks are about it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class DatasetSettings:
    """
    Every setting of a dataset. What a release or the kind of the dataset does not have is an empty ``Property``.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: str, kind: str, acltype: Property, aclmode: Property, atime: Property, available: Property, casesensitivity: Property, checksum: Property, comments: Property, compression: Property, compressratio: Property, copies: Property, creation: Property, deduplication: Property, encryption_algorithm: Property, exec: Property, key_format: Property, managedby: Property, origin: Property, pbkdf2iters: Property, quota: Property, quota_critical: Property, quota_warning: Property, readonly: Property, recordsize: Property, refquota: Property, refquota_critical: Property, refquota_warning: Property, refreservation: Property, reservation: Property, snapdev: Property, snapdir: Property, sparse: Property, special_small_block_size: Property, sync: Property, used: Property, usedbychildren: Property, usedbydataset: Property, usedbyrefreservation: Property, usedbysnapshots: Property, volblocksize: Property, volsize: Property, xattr: Property) -> DatasetSettings: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def aclmode(self, /) -> Property:
        """
        What becomes of such a list when a file's mode is changed.
        """
    @property
    def acltype(self, /) -> Property:
        """
        What kind of access control lists its files have.
        """
    @property
    def atime(self, /) -> Property:
        """
        Whether reading a file is noted in it.
        """
    @property
    def available(self, /) -> Property:
        """
        Bytes that can still be written.
        """
    @property
    def casesensitivity(self, /) -> Property:
        """
        Whether names that differ in case only are one.
        """
    @property
    def checksum(self, /) -> Property:
        """
        How blocks are checked.
        """
    @property
    def comments(self, /) -> Property:
        """
        A text about it.
        """
    @property
    def compression(self, /) -> Property:
        """
        How it is compressed.
        """
    @property
    def compressratio(self, /) -> Property:
        """
        How well that works.
        """
    @property
    def copies(self, /) -> Property:
        """
        How often each block is kept.
        """
    @property
    def creation(self, /) -> Property:
        """
        When it was made.
        """
    @property
    def deduplication(self, /) -> Property:
        """
        Whether equal blocks are kept once.
        """
    @property
    def encryption_algorithm(self, /) -> Property:
        """
        With what it is encrypted.
        """
    @property
    def exec(self, /) -> Property:
        """
        Whether programs in it can be run.
        """
    @property
    def id(self, /) -> str:
        """
        Which dataset.
        """
    @property
    def key_format(self, /) -> Property:
        """
        What its key is: see ``KeyFormat``.
        """
    @property
    def kind(self, /) -> str:
        """
        File system or volume.
        """
    @property
    def managedby(self, /) -> Property:
        """
        What program it belongs to.
        """
    @property
    def origin(self, /) -> Property:
        """
        The snapshot that it is a clone of.
        """
    @property
    def pbkdf2iters(self, /) -> Property:
        """
        How often a passphrase is stretched.
        """
    @property
    def quota(self, /) -> Property:
        """
        The most that it and what is below it may hold, in bytes.
        """
    @property
    def quota_critical(self, /) -> Property:
        """
        At how many percent of that there is a critical alert.
        """
    @property
    def quota_warning(self, /) -> Property:
        """
        At how many percent of that there is a warning.
        """
    @property
    def readonly(self, /) -> Property:
        """
        Whether it cannot be written to.
        """
    @property
    def recordsize(self, /) -> Property:
        """
        The greatest length of a block.
        """
    @property
    def refquota(self, /) -> Property:
        """
        The most that it may hold by itself, in bytes.
        """
    @property
    def refquota_critical(self, /) -> Property:
        """
        At how many percent of that there is a critical alert.
        """
    @property
    def refquota_warning(self, /) -> Property:
        """
        At how many percent of that there is a warning.
        """
    @property
    def refreservation(self, /) -> Property:
        """
        Bytes kept for it by itself.
        """
    @property
    def reservation(self, /) -> Property:
        """
        Bytes kept for it and what is below it.
        """
    @property
    def snapdev(self, /) -> Property:
        """
        Whether a volume's snapshots appear as devices.
        """
    @property
    def snapdir(self, /) -> Property:
        """
        Whether the directory of the snapshots is shown.
        """
    @property
    def sparse(self, /) -> Property:
        """
        Whether a volume takes only what is written to it.
        """
    @property
    def special_small_block_size(self, /) -> Property:
        """
        Blocks up to this length go to the special devices.
        """
    @property
    def sync(self, /) -> Property:
        """
        When what is written is really written.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def used(self, /) -> Property:
        """
        Bytes in use, by it and what is below it.
        """
    @property
    def usedbychildren(self, /) -> Property:
        """
        Bytes in use by what is below it.
        """
    @property
    def usedbydataset(self, /) -> Property:
        """
        Bytes in use by itself.
        """
    @property
    def usedbyrefreservation(self, /) -> Property:
        """
        Bytes in use by what is kept for it.
        """
    @property
    def usedbysnapshots(self, /) -> Property:
        """
        Bytes in use by its snapshots.
        """
    @property
    def volblocksize(self, /) -> Property:
        """
        The length of a volume's blocks.
        """
    @property
    def volsize(self, /) -> Property:
        """
        A volume's size.
        """
    @property
    def xattr(self, /) -> Property:
        """
        How extended attributes are kept.
        """

@final
class Datasets:
    """
    Datasets: file systems and volumes, their settings, user properties and keys.
    """
    def attachments(self, /, id: str, *, timeout: float | None = None) -> List[Attachment]:
        """
        The services and enabled tasks that need a dataset or one below it: they end when it is locked, and go when it is removed.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def change_key(self, /, id: str, key: NewKey, *, timeout: float | None = None) -> Job:
        """
        Gives an encrypted dataset that is unlocked another key or passphrase. What it holds is not encrypted anew.

        Errors by their ``kind``: As ``unlock``. The job fails for a passphrase above datasets with keys, and for a key below a passphrase.
        """
    def create(self, /, dataset: CreateDataset, *, timeout: float | None = None) -> Dataset:
        """
        Makes a dataset: a file system or a volume.

        Errors by their ``kind``: ``invalid_request`` when a key or a passphrase cannot be one, or the device GUID is set on a dataset that is no
        pool's root; nothing was sent then. ``outcome_unknown`` when the answer is lost, and on CORE also when a user property could not be set
        after the dataset was made: look before making it again; ``validation``, ``unauthorized``; ``unsupported`` for what the release lacks.
        """
    def delete(self, /, id: str, *, with_children: bool = False, timeout: float | None = None) -> None:
        """
        Removes a dataset, and with it the snapshot tasks, cloud syncs and shares that are about it. One that has children or snapshots is
        removed with ``True`` only, and then with all of them.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``not_found``, ``unauthorized``; ``rejected`` when it has children,
        holds or clones.
        """
    def encryption_summary(self, /, id: str, keys: SupportsGetItem[int, KeyOf], limit: float, *, timeout: float | None = None) -> List[EncryptionSummary]:
        """
        What unlocking a dataset and all below it would come to, with these keys and those that the appliance keeps; nothing is unlocked.

        Errors by their ``kind``: ``invalid_request`` for a key that cannot be one; ``job_failed``; ``job_unfinished`` after ``limit``; those of
        every reading call.
        """
    def export_key(self, /, id: str, limit: float, *, timeout: float | None = None) -> Secret:
        """
        The key of a dataset that has one of its own, which the appliance keeps: never a passphrase.

        Errors by their ``kind``: ``job_failed`` when it has none; ``job_unfinished`` after ``limit``; ``unauthorized``, and those of every
        reading call.
        """
    def export_keys(self, /, id: str, limit: float, *, timeout: float | None = None) -> dict[str, Secret]:
        """
        The keys that the appliance keeps of a dataset and all below it. Passphrases are never among them.

        Errors by their ``kind``: ``job_failed``; ``unauthorized``, ``unreachable``, and those of every reading call.
        """
    def export_keys_for_replication(self, /, replication: SupportsIndex, limit: float, *, timeout: float | None = None) -> dict[str, Secret]:
        """
        The keys of the sources of a replication task that pushes, by the names that the datasets have at its target.

        Errors by their ``kind``: ``unsupported`` on CORE; ``job_failed`` when there is no such task or it pulls; otherwise as ``export_keys``.
        """
    def get(self, /, id: str, *, timeout: float | None = None) -> Dataset:
        """
        One dataset.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def inherit_encryption(self, /, id: str, *, timeout: float | None = None) -> None:
        """
        Makes an encrypted dataset take its parent's key in place of its own.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``not_found``, ``unauthorized``; ``rejected`` when it is locked,
        has no key of its own, or its parent is not encrypted.
        """
    def list(self, /, *, timeout: float | None = None) -> List[Dataset]:
        """
        Every dataset of every pool, parents before their children's details: one flat list.

        Errors by their ``kind``: Those of every reading call.
        """
    def lock(self, /, id: str, *, force: bool = False, timeout: float | None = None) -> Job:
        """
        Locks a dataset that is encrypted by a passphrase of its own: its files, and those of every dataset below it, cannot be reached until
        it is unlocked again. ``force`` ends what uses them.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``unauthorized``. The job fails for a dataset that is not
        encrypted, is locked already, is encrypted by a key in place of a passphrase, or by its parent's.
        """
    def mounts(self, /, pools: SupportsGetItem[int, str], *, timeout: float | None = None) -> List[Mount]:
        """
        Whether each dataset of these pools is mounted, root datasets included, in one request. Volumes are left out: they are never
        mounted.

        Ask about imported pools only, those that ``list`` shows a dataset of.

        Errors by their ``kind``: Those of every reading call.
        """
    def overview(self, /, *, timeout: float | None = None) -> List[DatasetOverview]:
        """
        Every pool's root dataset with what is below it, each with the number of its tasks, shares and snapshots.

        Errors by their ``kind``: ``unsupported`` on CORE; those of every reading call.
        """
    def remove_user_property(self, /, id: str, name: str, *, timeout: float | None = None) -> None:
        """
        Removes one user property and leaves the others as they are. What a parent sets shows again.

        Errors by their ``kind``: As ``set_user_property``.
        """
    def set_user_property(self, /, id: str, name: str, value: str, *, timeout: float | None = None) -> None:
        """
        Sets one user property and leaves the others as they are. Children inherit it.

        Errors by their ``kind``: ``invalid_request`` when it is the device GUID and the dataset is no pool's root; ``outcome_unknown`` when the
        answer is lost; ``not_found``, ``unauthorized``, ``validation``.
        """
    def settings(self, /, id: str, *, timeout: float | None = None) -> DatasetSettings:
        """
        The settings of one dataset: each with its value, and where it comes from.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def snapshot_count(self, /, id: str, *, timeout: float | None = None) -> int:
        """
        How many snapshots a dataset has, those below it not counted.

        Errors by their ``kind``: ``not_found``, which CORE answers with 0; those of every reading call.
        """
    def unlock(self, /, id: str, how: UnlockDatasets, *, timeout: float | None = None) -> Job:
        """
        Unlocks a dataset, and those below it where that is asked for. A key that is given is kept by the appliance, a passphrase never.

        The job succeeds though some datasets stay locked: look at ``failed``.

        Errors by their ``kind``: ``invalid_request`` for a key or passphrase that cannot be one; ``unsupported`` on CORE for a key that serves
        children; ``outcome_unknown`` when the answer is lost; ``unauthorized``. The job fails for a dataset that is not locked or whose parent
        is.
        """
    def update(self, /, id: str, changes: UpdateDataset, *, timeout: float | None = None) -> None:
        """
        Changes settings and user properties of a dataset; what is not named stays.

        Errors by their ``kind``: As ``create``, and ``not_found``.
        """

@final
class DestinationKey:
    """
    The key that a target is encrypted with: 64 hexadecimal digits, or a passphrase.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, key: Secret | str | None = None, passphrase: Secret | str | None = None, file: str | None = None) -> DestinationKey: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def file(self, /) -> str | None:
        """
        The file on the target that it is kept in; without one, the appliance keeps it.
        """
    @property
    def key(self, /) -> Secret | None:
        """
        A key of 64 hexadecimal digits.
        """
    @property
    def passphrase(self, /) -> Secret | None:
        """
        A passphrase of eight characters or more.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Device:
    """
    A device of a pool: a disk, or several together.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str | None = None, kind: str | None = None, guid: str | None = None, status: str | None = None, disk: str | None = None, children: SupportsGetItem[int, Device]) -> Device: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def children(self, /) -> list[Device]:
        """
        What it is made of.
        """
    @property
    def disk(self, /) -> str | None:
        """
        Which disk it is.
        """
    @property
    def guid(self, /) -> str | None:
        """
        Its own identity.
        """
    @property
    def kind(self, /) -> str | None:
        """
        ``DISK``, ``MIRROR``, ``RAIDZ1`` and so on.
        """
    @property
    def name(self, /) -> str | None:
        """
        Its name in the pool.
        """
    @property
    def status(self, /) -> str | None:
        """
        How it is.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class DirEntry:
    """
    An entry of a directory.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str, path: str, kind: str, size: SupportsIndex) -> DirEntry: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def kind(self, /) -> str:
        """
        File, directory or other.
        """
    @property
    def name(self, /) -> str:
        """
        Its name in the directory.
        """
    @property
    def path(self, /) -> str:
        """
        Its full path.
        """
    @property
    def size(self, /) -> int:
        """
        Its length in bytes.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Download:
    """
    A file that is being fetched, to be read once. One that has another length than was said raises ``TransportError``.
    """
    def __enter__(self, /) -> Download: ...
    def __exit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> None: ...
    def __iter__(self, /) -> Download: ...
    def __next__(self, /) -> bytes: ...
    def close(self, /) -> None:
        """
        Ends the download.
        """
    @property
    def length(self, /) -> int:
        """
        How many bytes the file was said to have.
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
class EligibleSnapshots:
    """
    How many snapshots there are, and how many of them would be taken along.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, total: SupportsIndex, eligible: SupportsIndex) -> EligibleSnapshots: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def eligible(self, /) -> int:
        """
        Those that fit.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def total(self, /) -> int:
        """
        All of them.
        """

@final
class EncryptionSummary:
    """
    What unlocking a dataset would come to.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, dataset: str, key_format: str, key_present_in_database: bool, valid_key: bool, locked: bool, unlock_error: str | None = None, unlock_successful: bool) -> EncryptionSummary: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def dataset(self, /) -> str:
        """
        Which dataset, one with a key of its own.
        """
    @property
    def key_format(self, /) -> str:
        """
        What its key is.
        """
    @property
    def key_present_in_database(self, /) -> bool:
        """
        Whether the appliance keeps the key.
        """
    @property
    def locked(self, /) -> bool:
        """
        Whether it is locked now.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unlock_error(self, /) -> str | None:
        """
        Why it could not be unlocked.
        """
    @property
    def unlock_successful(self, /) -> bool:
        """
        Whether it could be unlocked, or is.
        """
    @property
    def valid_key(self, /) -> bool:
        """
        Whether the key that was given, or is kept, is the right one.
        """

@final
class FileStat:
    """
    What a path leads to: its kind, size and time.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, realpath: str, kind: str, size: SupportsIndex, modified: datetime | None = None, is_mountpoint: bool) -> FileStat: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def is_mountpoint(self, /) -> bool:
        """
        Whether a file system is mounted here.
        """
    @property
    def kind(self, /) -> str:
        """
        File, directory or other.
        """
    @property
    def modified(self, /) -> datetime | None:
        """
        When its content last changed.
        """
    @property
    def realpath(self, /) -> str:
        """
        The path without symbolic links.
        """
    @property
    def size(self, /) -> int:
        """
        Its length in bytes.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class FileSystemStat:
    """
    A file system: which, how large, and how full.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, source: str, mount_point: str, kind: str, total_bytes: SupportsIndex, free_bytes: SupportsIndex, available_bytes: SupportsIndex) -> FileSystemStat: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def available_bytes(self, /) -> int:
        """
        How many of those can be written.
        """
    @property
    def free_bytes(self, /) -> int:
        """
        How many are free.
        """
    @property
    def kind(self, /) -> str:
        """
        Of which kind it is.
        """
    @property
    def mount_point(self, /) -> str:
        """
        Where it is mounted.
        """
    @property
    def source(self, /) -> str:
        """
        What is mounted: of ZFS the dataset.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def total_bytes(self, /) -> int:
        """
        How many bytes it has in all.
        """

@final
class Filesystem:
    """
    Files on the appliance: what they are, and their content.
    """
    def get(self, /, path: str, length: SupportsIndex, *, timeout: float | None = None) -> Download:
        """
        The content of a file of this length, as a stream of pieces. The appliance sends it outside the socket, under the same trust.

        An appliance that fails half way ends the content early and says nothing. So the length, from ``size`` or
        ``size``, is given: a content that ends before it, or goes on after it, ends the stream with an error.

        Errors by their ``kind``: ``not_found``, ``unreachable``, and those of every reading call; also as the last piece of the stream.
        ``rejected`` with HTTP status 410 when the content was not fetched within a minute of being asked for, and with 401 when it was asked for
        from another address, as behind a router with several exits.
        """
    def list_dir(self, /, path: str, *, timeout: float | None = None) -> List[DirEntry]:
        """
        The entries of a directory, sorted by name.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def make_directory(self, /, path: str, *, timeout: float | None = None) -> None:
        """
        Makes a directory. Its parent has to exist.

        Errors by their ``kind``: ``rejected`` or ``validation`` when it exists or may not be there, ``unauthorized``; ``unsupported`` on CORE;
        ``outcome_unknown`` when the answer is lost.
        """
    def put(self, /, path: str, content: bytes | bytearray | memoryview | str | PathLike[str] | SupportsRead[bytes], *, length: SupportsIndex | None = None, append: bool = False, mode: SupportsIndex | None = None, timeout: float | None = None) -> Job:
        """
        Writes a file. Directories above it are made. The job has written the file only when it has succeeded: wait for it.

        The content goes outside the socket, under the same trust, with a token that is made for it: it has to have arrived, and this
        machine's address has to be the same for both, while the token holds, five minutes from its start.

        Errors by their ``kind``: ``invalid_request`` for a path outside of ``/mnt/POOL``; ``outcome_unknown`` when the content was sent and no
        answer came, or only a part of it was sent: look what is there; ``credentials_rejected`` when the token does not hold, as where this
        machine reaches the appliance by several addresses; ``unauthorized``; ``read_only``.
        """
    def set_permissions(self, /, path: str, *, mode: SupportsIndex | None = None, owner: SupportsIndex | None = None, group: SupportsIndex | None = None, recursive: bool = False, without_acl: bool = False, timeout: float | None = None) -> Job:
        """
        Sets who owns what is at a path, and what they may do with it. The job may take long where everything below is changed.

        Errors by their ``kind``: ``invalid_request`` for a path outside of ``/mnt/POOL``; ``outcome_unknown`` when the answer is lost (doing it
        again is harmless); ``unauthorized``.
        """
    def stat(self, /, path: str, *, timeout: float | None = None) -> FileStat:
        """
        What a path leads to: its kind, size and time.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def stat_fs(self, /, path: str, *, timeout: float | None = None) -> FileSystemStat:
        """
        The file system that a path lies in: which, how large, and how full.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """

@final
class Filter:
    """
    A condition that rows are held against: made by the static methods, each of which names a field and what it is compared with.

    >>> Filter.any_of([Filter.starts_with("name", "auto-"), Filter.equals("locked", True)]).any[1].operand
    True
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, field: str | None = None, operator: str | None = None, operand: bool | SupportsIndex | str | datetime | SupportsGetItem[int, bool | SupportsIndex | str | datetime | None] | None = None, is_of_any_case: bool = False, any: SupportsGetItem[int, Filter] | None = None, all: SupportsGetItem[int, Filter] | None = None) -> Filter: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def above(field: str, value: bool | SupportsIndex | str | datetime | None, /) -> Filter:
        """
        The field is greater than this.
        """
    @property
    def all(self, /) -> list[Filter] | None:
        """
        All of these hold.
        """
    @staticmethod
    def all_of(filters: SupportsGetItem[int, Filter]) -> Filter:
        """
        All of these hold, as of the filters of a query: for what stands within ``any_of``.
        """
    @property
    def any(self, /) -> list[Filter] | None:
        """
        One of these holds.
        """
    def any_case(self, /) -> Filter:
        """
        The same condition, whatever the capitals of both texts; of a condition about texts only, and not of a regular expression, which says
        so itself by ``(?i)``. Not on CORE.
        """
    @staticmethod
    def any_of(filters: SupportsGetItem[int, Filter]) -> Filter:
        """
        One of these holds. Alternatives nest three deep.
        """
    @staticmethod
    def at_least(field: str, value: bool | SupportsIndex | str | datetime | None, /) -> Filter:
        """
        The field is this or greater.
        """
    @staticmethod
    def at_most(field: str, value: bool | SupportsIndex | str | datetime | None, /) -> Filter:
        """
        The field is this or less.
        """
    @staticmethod
    def below(field: str, value: bool | SupportsIndex | str | datetime | None, /) -> Filter:
        """
        The field is less than this.
        """
    @staticmethod
    def contains(field: str, value: bool | SupportsIndex | str | datetime | None, /) -> Filter:
        """
        The field, a list or a text, contains this. Of null, nothing is contained and nothing is not.
        """
    @staticmethod
    def differs(field: str, value: bool | SupportsIndex | str | datetime | None, /) -> Filter:
        """
        The field is not this.
        """
    @staticmethod
    def does_not_end_with(field: str, value: bool | SupportsIndex | str | datetime | None, /) -> Filter:
        """
        The field, a text, does not end with this.
        """
    @staticmethod
    def does_not_start_with(field: str, value: bool | SupportsIndex | str | datetime | None, /) -> Filter:
        """
        The field, a text, does not begin with this.
        """
    @staticmethod
    def ends_with(field: str, value: bool | SupportsIndex | str | datetime | None, /) -> Filter:
        """
        The field, a text, ends with this.
        """
    @staticmethod
    def equals(field: str, value: bool | SupportsIndex | str | datetime | None, /) -> Filter:
        """
        The field is this.
        """
    @property
    def field(self, /) -> str | None:
        """
        The field; dots lead into objects, as in ``credentials.id``.
        """
    @property
    def is_of_any_case(self, /) -> bool:
        """
        Whether capitals make no difference. Not on CORE.
        """
    @staticmethod
    def lacks(field: str, value: bool | SupportsIndex | str | datetime | None, /) -> Filter:
        """
        The field, a list or a text, does not contain this.
        """
    @staticmethod
    def matches(field: str, value: bool | SupportsIndex | str | datetime | None, /) -> Filter:
        """
        The field, a text, begins as this regular expression says.
        """
    @staticmethod
    def none_of(field: str, values: SupportsGetItem[int, bool | SupportsIndex | str | datetime | None], /) -> Filter:
        """
        The field is none of these, and not null.
        """
    @staticmethod
    def one_of(field: str, values: SupportsGetItem[int, bool | SupportsIndex | str | datetime | None], /) -> Filter:
        """
        The field is one of these.
        """
    @property
    def operand(self, /) -> bool | int | str | datetime | list[bool | int | str | datetime | None] | None:
        """
        What it is compared with: a text, a number, a truth value, an aware ``datetime``, ``None`` for null, or a list of these.
        """
    @property
    def operator(self, /) -> str | None:
        """
        How it is compared: the name of a static method.
        """
    @staticmethod
    def starts_with(field: str, value: bool | SupportsIndex | str | datetime | None, /) -> Filter:
        """
        The field, a text, begins with this.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class General:
    """
    General settings of an appliance (TrueNAS middleware 13.3 to 26, ``system.general.config``). What a release does not say is ``None``.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, timezone: str, ui_allowlist: SupportsGetItem[int, str], ui_address: SupportsGetItem[int, str], ui_v6address: SupportsGetItem[int, str], ui_port: SupportsIndex | None = None, ui_httpsport: SupportsIndex | None = None, ui_httpsredirect: bool | None = None, ui_httpsprotocols: SupportsGetItem[int, str], ui_x_frame_options: str | None = None, ui_consolemsg: bool | None = None, ui_certificate: UiCertificate | None = None, ui_certificate_name: str | None = None, kbdmap: str | None = None, language: str | None = None, usage_collection: bool | None = None, usage_collection_is_set: bool | None = None, wizardshown: bool | None = None, ds_auth: bool | None = None) -> General: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def ds_auth(self, /) -> bool | None:
        """
        Whether users of a directory service may log in to the interface.
        """
    @property
    def kbdmap(self, /) -> str | None:
        """
        The keyboard of the console.
        """
    @property
    def language(self, /) -> str | None:
        """
        The language, up to 25.04.
        """
    @property
    def timezone(self, /) -> str:
        """
        The time zone's name in the tz database. Schedules and bandwidth limits are in this zone.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def ui_address(self, /) -> list[str]:
        """
        The addresses that it listens at.
        """
    @property
    def ui_allowlist(self, /) -> list[str]:
        """
        The addresses that may use the interface; empty for all.
        """
    @property
    def ui_certificate(self, /) -> UiCertificate | None:
        """
        The certificate that it shows.
        """
    @property
    def ui_certificate_name(self, /) -> str | None:
        """
        That certificate's name, from 26 on.
        """
    @property
    def ui_consolemsg(self, /) -> bool | None:
        """
        Whether the interface shows messages of the console.
        """
    @property
    def ui_httpsport(self, /) -> int | None:
        """
        The port of HTTPS.
        """
    @property
    def ui_httpsprotocols(self, /) -> list[str]:
        """
        The versions of TLS that it speaks.
        """
    @property
    def ui_httpsredirect(self, /) -> bool | None:
        """
        Whether HTTP is sent to HTTPS.
        """
    @property
    def ui_port(self, /) -> int | None:
        """
        The port of HTTP.
        """
    @property
    def ui_v6address(self, /) -> list[str]:
        """
        The same of IPv6.
        """
    @property
    def ui_x_frame_options(self, /) -> str | None:
        """
        Which pages may show the interface within them.
        """
    @property
    def usage_collection(self, /) -> bool | None:
        """
        Whether the vendor hears how it is used.
        """
    @property
    def usage_collection_is_set(self, /) -> bool | None:
        """
        Whether somebody decided that.
        """
    @property
    def wizardshown(self, /) -> bool | None:
        """
        Whether its first settings have been made.
        """

@final
class GeneratedKeyPair:
    """
    A key pair that the appliance made and did not keep.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, private_key: Secret | str, public_key: str) -> GeneratedKeyPair: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def private_key(self, /) -> Secret:
        """
        The private half.
        """
    @property
    def public_key(self, /) -> str:
        """
        The public half, in one line.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Group:
    """
    A local group (TrueNAS middleware 13.3 to 26, ``group.query``). What a release does not say is ``None``, or empty.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, gid: SupportsIndex, name: str, builtin: bool, immutable: bool | None = None, local: bool | None = None, id_type_both: bool | None = None, smb: bool, sid: str | None = None, sudo_commands: SupportsGetItem[int, str], sudo_commands_nopasswd: SupportsGetItem[int, str], roles: SupportsGetItem[int, str], users: SupportsGetItem[int, SupportsIndex], userns_idmap: SupportsIndex | str | None = None) -> Group: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def builtin(self, /) -> bool:
        """
        Whether it is the system's own.
        """
    @property
    def gid(self, /) -> int:
        """
        The number that the system knows it by.
        """
    @property
    def id(self, /) -> int:
        """
        Its row.
        """
    @property
    def id_type_both(self, /) -> bool | None:
        """
        Whether it stands for a user as well; up to 25.04.
        """
    @property
    def immutable(self, /) -> bool | None:
        """
        Whether its name cannot be changed.
        """
    @property
    def local(self, /) -> bool | None:
        """
        Whether it is this appliance's own, and not of a directory service.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def roles(self, /) -> list[str]:
        """
        What its members may do by the API, from 24.10 on.
        """
    @property
    def sid(self, /) -> str | None:
        """
        Its security identifier, where SMB can name it.
        """
    @property
    def smb(self, /) -> bool:
        """
        Whether shares of SMB can name it.
        """
    @property
    def sudo_commands(self, /) -> list[str]:
        """
        What its members may run as root with their passwords.
        """
    @property
    def sudo_commands_nopasswd(self, /) -> list[str]:
        """
        What they may run as root without.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def userns_idmap(self, /) -> int | str | None:
        """
        Which group it is within containers, from 25.04 on.
        """
    @property
    def users(self, /) -> list[int]:
        """
        Who is in it.
        """

@final
class Groups:
    """
    Local groups.
    """
    def create(self, /, group: CreateGroup, *, timeout: float | None = None) -> int:
        """
        Adds a group.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost: look before creating again; ``validation`` (a name that is taken),
        ``unauthorized``.
        """
    def delete(self, /, id: SupportsIndex, members: str, *, timeout: float | None = None) -> None:
        """
        Deletes a group.

        Errors by their ``kind``: ``rejected`` for a group of the system's; ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def find(self, /, query: Query, *, timeout: float | None = None) -> List[Group]:
        """
        The groups that a query finds.

        Errors by their ``kind``: Those of every reading call; ``invalid_request`` when the query breaks a rule.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Group:
        """
        One group.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> List[Group]:
        """
        Every local group, those that the system has of itself among them.

        Errors by their ``kind``: Those of every reading call.
        """
    def named(self, /, name: str, *, timeout: float | None = None) -> Group:
        """
        One group by name.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def update(self, /, id: SupportsIndex, changes: UpdateGroup, *, timeout: float | None = None) -> None:
        """
        Changes a group.

        Errors by their ``kind``: As ``create``, and ``not_found``.
        """

@final
class HostKey:
    """
    The public key that an SSH service shows.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, text: str) -> HostKey: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    def fingerprint(self, /) -> str:
        """
        How people compare it: ``SHA256:…``.
        """
    @property
    def kind(self, /) -> str:
        """
        What kind of key it is, such as ``ssh-ed25519``.
        """
    @property
    def text(self, /) -> str:
        """
        Kind and key, as in ``known_hosts``: ``ssh-ed25519 AAAA…``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Info:
    """
    Release, name and hardware of an appliance.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, version: str, hostname: str, system_serial: str | None = None, system_manufacturer: str | None = None, system_product: str | None = None, system_product_version: str | None = None, buildtime: datetime | None = None, physmem: SupportsIndex | None = None, ecc_memory: bool | None = None, model: str | None = None, cores: SupportsIndex | None = None, physical_cores: SupportsIndex | None = None, loadavg: SupportsGetItem[int, SupportsFloat | SupportsIndex], uptime: str | None = None, uptime_seconds: SupportsFloat | SupportsIndex | None = None, boottime: datetime | None = None, datetime: datetime | None = None, license: Any, timezone: str) -> Info: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def boottime(self, /) -> datetime | None:
        """
        When it came up.
        """
    @property
    def buildtime(self, /) -> datetime | None:
        """
        When this release was built.
        """
    @property
    def cores(self, /) -> int | None:
        """
        How many processors the system sees.
        """
    @property
    def datetime(self, /) -> datetime | None:
        """
        What its clock says.
        """
    @property
    def ecc_memory(self, /) -> bool | None:
        """
        Whether its memory corrects errors.
        """
    @property
    def hostname(self, /) -> str:
        """
        The host name.
        """
    @property
    def license(self, /) -> Any:
        """
        The licence, where there is one.
        """
    @property
    def loadavg(self, /) -> list[float]:
        """
        The load of the last one, five and fifteen minutes.
        """
    @property
    def model(self, /) -> str | None:
        """
        The processor.
        """
    @property
    def physical_cores(self, /) -> int | None:
        """
        How many there are.
        """
    @property
    def physmem(self, /) -> int | None:
        """
        Memory in bytes.
        """
    @property
    def system_manufacturer(self, /) -> str | None:
        """
        The hardware's maker.
        """
    @property
    def system_product(self, /) -> str | None:
        """
        The hardware's model.
        """
    @property
    def system_product_version(self, /) -> str | None:
        """
        The hardware's revision.
        """
    @property
    def system_serial(self, /) -> str | None:
        """
        The chassis' serial number, where the hardware has one.
        """
    @property
    def timezone(self, /) -> str:
        """
        The time zone's name in the tz database. Schedules and bandwidth limits are in this zone. The same as
        ``timezone``, so that whoever reads this needs not ask for both (TrueNAS middleware 25.04 to 26, ``system.info``).
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def uptime(self, /) -> str | None:
        """
        For how long it has been up, in words.
        """
    @property
    def uptime_seconds(self, /) -> float | None:
        """
        The same in seconds.
        """
    @property
    def version(self, /) -> str:
        """
        The release as the appliance words it, such as ``25.10.1`` or ``TrueNAS-25.04.2``.
        """

@final
class Interface:
    """
    A network interface.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str, mac: str | None = None, addresses: SupportsGetItem[int, str]) -> Interface: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def addresses(self, /) -> list[str]:
        """
        Its IP addresses, configured and leased, each once.
        """
    @property
    def mac(self, /) -> str | None:
        """
        Its hardware address as the appliance writes it, with colons; none for some virtual ones.
        """
    @property
    def name(self, /) -> str:
        """
        Its name, such as ``enp1s0``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Interfaces:
    """
    The appliance's network interfaces.
    """
    def list(self, /, *, timeout: float | None = None) -> List[Interface]:
        """
        Every interface with the addresses it has now, whether configured or leased.

        Errors by their ``kind``: Those of every reading call.
        """

@final
class Job:
    """
    A job, started or attached to. Dropping it leaves the job alone.

    It stays the job that it was when it was started, stored or first looked at. After a restart of the appliance another job may have its number:
    whatever is asked of it then raises ``NotFound``, and nothing is done to the other one.
    """
    def __repr__(self, /) -> str: ...
    def abort(self, /, *, timeout: float | None = None) -> None:
        """
        Asks the appliance to abort it, and does not wait until it has. Its state becomes ``ABORTED`` at once; what runs as a program of its own,
        such as a cloud sync, ends, and what runs within the middleware or as a replication goes on to its end.
        """
    @property
    def id(self, /) -> int:
        """
        Its number. It means nothing after a restart of the appliance: to find the job after that, keep what ``store()`` gives.
        """
    def log(self, /, *, timeout: float | None = None) -> JobLog:
        """
        Opens the log of a job that writes one, such as a cloud sync: as far as it has come, when the job is under way. Not on CORE.
        """
    def progress(self, /) -> ListedJobs:
        """
        Iterates over every change of its state, from now to its end, which comes last. Lost connections are opened again; only when that
        fails for five minutes on end is the error raised.
        """
    def status(self, /, *, timeout: float | None = None) -> JobStatus:
        """
        Returns its state now. ``NotFound`` when the appliance no longer knows it: it restarted, or has run a thousand jobs since.
        """
    def store(self, /, *, timeout: float | None = None) -> StoredJob:
        """
        Returns what finds it again, and no other job, as long as the appliance knows it.
        """
    def wait(self, /, limit: float, *, timeout: float | None = None) -> Any:
        """
        Follows it to its end, for at most ``limit`` seconds, and returns its result. Raises ``ApiError`` of the kinds ``job_failed`` and
        ``job_aborted``; ``OutcomeUnknown`` of the kind ``job_unfinished`` when it is still under way; ``NotFound`` when the appliance forgot it.
        """

@final
class JobLog:
    """
    A job's log while it is fetched, to be read once.
    """
    def __enter__(self, /) -> JobLog: ...
    def __exit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> None: ...
    def __iter__(self, /) -> JobLog: ...
    def __next__(self, /) -> bytes: ...
    def close(self, /) -> None:
        """
        Ends the download.
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
class JobStatus:
    """
    The state of a job.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, method: str, state: str, percent: SupportsFloat | SupportsIndex | None = None, description: str | None = None, error: str | None = None, logs_excerpt: str | None = None, started: datetime | None = None, finished: datetime | None = None, about: str | None = None, is_abortable: bool | None = None, is_transient: bool, started_by: str | None = None, has_log: bool) -> JobStatus: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def about(self, /) -> str | None:
        """
        What it is about, such as the name of a task.
        """
    @property
    def description(self, /) -> str | None:
        """
        What it is doing, in words.
        """
    @property
    def error(self, /) -> str | None:
        """
        Why it failed, in the appliance's words.
        """
    @property
    def finished(self, /) -> datetime | None:
        """
        When it ended.
        """
    @property
    def has_log(self, /) -> bool:
        """
        Whether it has a log of its own.
        """
    @property
    def id(self, /) -> int:
        """
        Its number.
        """
    @property
    def is_abortable(self, /) -> bool | None:
        """
        Whether it says that it can be aborted. Aborting does not look at it.
        """
    def is_final(self, /) -> bool:
        """
        Whether nothing more will happen.
        """
    @property
    def is_transient(self, /) -> bool:
        """
        Whether it is one that the appliance starts again and again, for its own purposes.
        """
    @property
    def logs_excerpt(self, /) -> str | None:
        """
        The last lines of its log.
        """
    @property
    def method(self, /) -> str:
        """
        The method it carries out.
        """
    @property
    def percent(self, /) -> float | None:
        """
        How far it is, 0 to 100. It can go back: rclone learns of more files while it runs.
        """
    @property
    def started(self, /) -> datetime | None:
        """
        When it began.
        """
    @property
    def started_by(self, /) -> str | None:
        """
        The user that started it, where the release says.
        """
    @property
    def state(self, /) -> str:
        """
        Waiting, running or ended.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Jobs:
    """
    The appliance's jobs.
    """
    def attach(self, /, id: SupportsIndex) -> Job:
        """
        Attaches to a job by its number, such as ``call`` answers with; nothing is sent yet. After a restart of the appliance the number may
        be another job's: ``attach_stored`` sees that.
        """
    def attach_stored(self, /, stored: StoredJob) -> Job:
        """
        Attaches to a job that was stored, days or restarts of the appliance ago; nothing is sent yet.
        """
    def changes(self, /) -> ListedJobs:
        """
        Iterates over every change of every job from now on, without end. Lost connections are opened again.
        """
    def list(self, /, query: Query | None = None, *, timeout: float | None = None) -> List[JobStatus]:
        """
        Returns the jobs that a query finds, all of them without one.
        """

@final
class KeyOf:
    """
    A dataset with what opens it: its key, or its passphrase.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, dataset: str, key: Secret | str | None = None, passphrase: Secret | str | None = None, for_children: bool = False) -> KeyOf: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def dataset(self, /) -> str:
        """
        Which dataset.
        """
    @property
    def for_children(self, /) -> bool:
        """
        Whether it opens the datasets below as well, as after a replication that sent dataset by dataset. Not on CORE.
        """
    @property
    def key(self, /) -> Secret | None:
        """
        Its key of 64 hexadecimal digits.
        """
    @property
    def passphrase(self, /) -> Secret | None:
        """
        Its passphrase.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class KeyOfSession:
    """
    The API key that somebody logged in with.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str) -> KeyOfSession: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> int:
        """
        Its number.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class KeyPair:
    """
    An SSH key pair.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str, public_key: str | None = None, private_key: Secret | Redacted | None = ...) -> KeyPair: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> int:
        """
        Its number.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def private_key(self, /) -> Secret | Redacted | None:
        """
        The private half, if the appliance shows it.
        """
    @property
    def public_key(self, /) -> str | None:
        """
        The public half, in one line; none when the appliance hides it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class KeyProof:
    """
    What a client can keep in place of a key, for logging in by proof (RFC 5802). All of it is as secret as the key.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, api_key_id: SupportsIndex, iterations: SupportsIndex, salt: Secret | Redacted | None = ..., client_key: Secret | Redacted | None = ..., stored_key: Secret | Redacted | None = ..., server_key: Secret | Redacted | None = ...) -> KeyProof: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def api_key_id(self, /) -> int:
        """
        The number of the key.
        """
    @property
    def client_key(self, /) -> Secret | Redacted | None:
        """
        What the client proves that it knows.
        """
    @property
    def iterations(self, /) -> int:
        """
        In how many rounds it was stretched.
        """
    @property
    def salt(self, /) -> Secret | Redacted | None:
        """
        With which salt.
        """
    @property
    def server_key(self, /) -> Secret | Redacted | None:
        """
        What the appliance proves that it knows.
        """
    @property
    def stored_key(self, /) -> Secret | Redacted | None:
        """
        What the appliance checks that with.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Keychain:
    """
    SSH key pairs, and connections to other appliances.
    """
    def connection(self, /, id: SupportsIndex, *, timeout: float | None = None) -> SshConnection:
        """
        One connection.

        Errors by their ``kind``: ``not_found``, also when it is no connection; those of every reading call.
        """
    def create_connection(self, /, name: str, target: SshTarget, *, timeout: float | None = None) -> SshConnection:
        """
        Stores a connection. The appliance does not look whether its key pair exists; this does, before anything is written.

        Errors by their ``kind``: ``invalid_request`` when there is no such key pair, or the host key is none or too long; ``validation`` when the
        name is taken; ``outcome_unknown`` when the answer is lost: look before creating again; ``unauthorized``.
        """
    def create_key_pair(self, /, name: str, key: Secret | str, *, timeout: float | None = None) -> KeyPair:
        """
        Stores a private key under a name; its public half is derived by the appliance.

        Errors by their ``kind``: ``validation`` when the name is taken or the key is none, or encrypted; ``outcome_unknown`` when the answer is
        lost: look before creating again; ``redacted_secret``, ``unauthorized``.
        """
    def delete(self, /, id: SupportsIndex, *, cascade: bool = False, timeout: float | None = None) -> None:
        """
        Deletes a key pair or a connection.

        Errors by their ``kind``: ``rejected`` while in use, unless it cascades; ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def generate(self, /, *, timeout: float | None = None) -> GeneratedKeyPair:
        """
        Has the appliance make a new RSA key pair. It keeps neither half: ``create_key_pair`` does.

        Errors by their ``kind``: Those of every reading call; ``unauthorized`` for who may only read.
        """
    def key_pair(self, /, id: SupportsIndex, *, timeout: float | None = None) -> KeyPair:
        """
        One key pair.

        Errors by their ``kind``: ``not_found``, also when it is no key pair; those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> List[KeyPair | SshConnection | UnknownEntry]:
        """
        Every key pair and connection.

        Errors by their ``kind``: Those of every reading call.
        """
    def redirect(self, /, id: SupportsIndex, target: SshTarget, *, timeout: float | None = None) -> SshConnection:
        """
        Replaces where a connection leads, all of it. A target that was read keeps what this package does not know.

        Errors by their ``kind``: As ``create_connection``, and ``not_found``.
        """
    def rename_connection(self, /, id: SupportsIndex, name: str, *, timeout: float | None = None) -> SshConnection:
        """
        Gives a connection another name.

        Errors by their ``kind``: As ``create_connection``, and ``not_found``.
        """
    def rename_key_pair(self, /, id: SupportsIndex, name: str, *, timeout: float | None = None) -> KeyPair:
        """
        Gives a key pair another name; both keys stay as they are.

        Errors by their ``kind``: As ``create_key_pair``, and ``not_found``.
        """
    def replace_key(self, /, id: SupportsIndex, key: Secret | str, *, timeout: float | None = None) -> KeyPair:
        """
        Replaces both keys of a pair; its public half is derived by the appliance. Other appliances that let the old one in do not know the
        new one.

        Errors by their ``kind``: As ``create_key_pair``, and ``not_found``.
        """
    def scan_host_keys(self, /, host: str, port: SupportsIndex, seconds: SupportsIndex, *, timeout: float | None = None) -> List[HostKey]:
        """
        Has the appliance ask another one for its SSH host keys, for at most so many seconds. Whoever answers is believed: better take the keys
        from that appliance's own settings, where it can be asked (``host_keys``).

        Errors by their ``kind``: ``rejected`` when nobody answers there; ``not_understood`` when what came is no host key; those of every reading
        call.
        """
    def set_up(self, /, name: str, *, generate: str | None = None, key_pair: SupportsIndex | None = None, target: SshTarget | None = None, peer: SemiAutomatic | None = None, login: PeerLogin | None = None, timeout: float | None = None) -> SshConnection:
        """
        Makes or takes a key pair and stores a connection, in one call. A pair that was made for it is removed when the connection fails; what the
        other appliance has been changed to stays.

        Errors by their ``kind``: As ``create_connection`` and ``set_up_semi_automatically``; ``unsupported`` on
        CORE.
        """
    def set_up_semi_automatically(self, /, name: str, key_pair: SupportsIndex, peer: SemiAutomatic, login: PeerLogin, *, timeout: float | None = None) -> SshConnection:
        """
        Has the appliance log in to another one, which lets it in by SSH from then on, and stores the connection. The other one's SSH service is
        started, the key is added to its user's, and its user gets a shell (and with ``sudo`` the right to run ``zfs``): all that stays
        when a later step fails.

        Errors by their ``kind``: ``invalid_request`` when there is no such key pair; ``rejected`` with the appliance's words when the other one
        cannot be reached, shows a certificate that is not trusted, does not accept the login, or has no such user with a home; ``validation``
        when the name is taken; ``unsupported`` on CORE for what it does not know; ``outcome_unknown`` when the answer is lost; ``unauthorized``.
        """
    def used_by(self, /, id: SupportsIndex, *, timeout: float | None = None) -> List[KeychainUse]:
        """
        What uses a key pair or a connection.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """

@final
class KeychainUse:
    """
    What uses an entry of the keychain.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, title: str, unbind_method: str) -> KeychainUse: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def title(self, /) -> str:
        """
        What it is, in the appliance's words.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unbind_method(self, /) -> str:
        """
        What deleting the entry with ``Cascade`` does to it.
        """

@final
class KeyedLifetime:
    """
    For how long snapshots of certain times are kept, whatever is said of the others.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, schedule: str, lifetime: Lifetime) -> KeyedLifetime: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def lifetime(self, /) -> Lifetime:
        """
        For how long.
        """
    @property
    def schedule(self, /) -> str:
        """
        Of which times.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Lifetime:
    """
    How long a snapshot is kept.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, value: SupportsIndex, unit: str) -> Lifetime: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    def hours(self, /) -> int | None:
        """
        How many hours that are; ``None`` for a unit of a newer release.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unit(self, /) -> str:
        """
        Of which length.
        """
    @property
    def value(self, /) -> int:
        """
        How many units.
        """

@final
class ListedJobs:
    """
    States of jobs, as they change.
    """
    def __iter__(self, /) -> ListedJobs: ...
    def __next__(self, /) -> JobStatus: ...

@final
class Me:
    """
    The user that is logged in (TrueNAS middleware 24.10 to 26, ``auth.me``).
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, user: str, home: str | None = None, roles: SupportsGetItem[int, str] | None = None) -> Me: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    def has_role(self, /, role: str) -> bool | None:
        """
        Whether it has a role, itself or as full administrator; ``None`` where the release does not say.
        """
    @property
    def home(self, /) -> str | None:
        """
        Its home directory.
        """
    @property
    def roles(self, /) -> list[str] | None:
        """
        Its roles, those that others include among them; ``None`` where the release does not say, as 24.10 does not.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def user(self, /) -> str:
        """
        Its user name.
        """

@final
class Member:
    """
    One of the calls of a ``bulk``.
    """
    def __repr__(self, /) -> str: ...
    @property
    def error(self, /) -> Any | None:
        """
        Why it failed: an exception of ``dtc.exceptions``; ``None`` where it did not.
        """
    @property
    def job(self, /) -> int | None:
        """
        The number of its job, where the method is one.
        """
    @property
    def result(self, /) -> Any | None:
        """
        What it came to; ``None`` where it failed.
        """

@final
class Mount:
    """
    Whether a file system is mounted.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, dataset: str, mounted: bool) -> Mount: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def dataset(self, /) -> str:
        """
        Which dataset.
        """
    @property
    def mounted(self, /) -> bool:
        """
        Whether its files can be seen at its mount point. ZFS says it of the dataset itself: a mount point at which something else is
        mounted does not count.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Netcat:
    """
    How the data of a replication goes beside SSH.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, active_side: str, listen_address: str | None = None, ports: tuple[SupportsIndex, SupportsIndex] | None = None, connect_address: str | None = None) -> Netcat: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def active_side(self, /) -> str:
        """
        Which side listens: ``LOCAL`` or ``REMOTE``.
        """
    @property
    def connect_address(self, /) -> str | None:
        """
        At which address the other side reaches it; where SSH leads to by default.
        """
    @property
    def listen_address(self, /) -> str | None:
        """
        At which of its addresses it listens; all by default.
        """
    @property
    def ports(self, /) -> tuple[int, int] | None:
        """
        At which ports, from the first to the last; any by default.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class NewApiKey:
    """
    A key that was just made.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, key: Secret | str, entry: ApiKeyEntry) -> NewApiKey: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def entry(self, /) -> ApiKeyEntry:
        """
        What the appliance keeps of it.
        """
    @property
    def key(self, /) -> Secret:
        """
        The key itself, which the appliance shows this once.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class NewKey:
    """
    What a dataset becomes encrypted by: a key, a passphrase, or without either a key that the appliance draws and keeps (``export_key`` shows
    it).
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, key: Secret | str | None = None, passphrase: Secret | str | None = None) -> NewKey: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def key(self, /) -> Secret | None:
        """
        This key of 64 hexadecimal digits, which the appliance keeps.
        """
    @property
    def passphrase(self, /) -> Secret | None:
        """
        This passphrase, which the appliance does not keep: after a restart the dataset is locked.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class NotUnlocked:
    """
    Why a dataset stayed locked.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, error: str | None = None, skipped: SupportsGetItem[int, str]) -> NotUnlocked: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def error(self, /) -> str | None:
        """
        In the appliance's words: ``Invalid Key``, ``Missing key``.
        """
    @property
    def skipped(self, /) -> list[str]:
        """
        Which datasets below it were not tried because of that.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Order:
    """
    The order of rows.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, field: str, descending: bool = False, nulls: str | None = None) -> Order: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def descending(self, /) -> bool:
        """
        Whether the greatest comes first.
        """
    @property
    def field(self, /) -> str:
        """
        The field that rows are sorted by. One that can be null needs ``nulls``: else the appliance fails as soon as one row's is.
        """
    @property
    def nulls(self, /) -> str | None:
        """
        Where rows without a value come: ``"first"`` or ``"last"``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class OtherSettings:
    """
    Settings of the appliance's that this version does not know. They go back to the appliance with whatever holds them. Their names are shown; their
    values may be secrets, and are neither shown nor pickled.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[str]: ...
    def __repr__(self, /) -> str: ...
    @property
    def names(self, /) -> list[str]:
        """
        Their names.
        """

@final
class PeerLogin:
    """
    How the appliance logs in to the other one, once: by a token that the other one has given out, or by an administrator's name and password.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, token: Secret | str | None = None, username: str | None = None, password: Secret | str | None = None, code: Secret | str | None = None) -> PeerLogin: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def code(self, /) -> Secret | None:
        """
        A one-time code, where one is asked for.
        """
    @property
    def password(self, /) -> Secret | None:
        """
        Its password.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def token(self, /) -> Secret | None:
        """
        A token that is not bound to an address.
        """
    @property
    def username(self, /) -> str | None:
        """
        The administrator's name.
        """

@final
class Pool:
    """
    A data pool.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str, guid: str, path: str, status: str, healthy: bool, warning: bool, status_code: str | None = None, status_detail: str | None = None, is_upgraded: bool | None = None, size: SupportsIndex | None = None, allocated: SupportsIndex | None = None, free: SupportsIndex | None = None, freeing: SupportsIndex | None = None, fragmentation: SupportsIndex | None = None, autotrim: bool | None = None, scan: Scan | None = None, topology: Topology | None = None, dedup_table_size: SupportsIndex | None = None, dedup_table_quota: str | None = None, all_sed: bool | None = None) -> Pool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def all_sed(self, /) -> bool | None:
        """
        Whether every disk encrypts by itself; on 26, where it is known.
        """
    @property
    def allocated(self, /) -> int | None:
        """
        Bytes in use; none while it is offline.
        """
    @property
    def autotrim(self, /) -> bool | None:
        """
        Whether what is freed is trimmed on the devices at once.
        """
    @property
    def dedup_table_quota(self, /) -> str | None:
        """
        The most that it may take, or ``auto``; from 25.04 on.
        """
    @property
    def dedup_table_size(self, /) -> int | None:
        """
        Bytes that the table of deduplication takes; from 25.04 on.
        """
    @property
    def fragmentation(self, /) -> int | None:
        """
        How much of what is free is in pieces, in percent.
        """
    @property
    def free(self, /) -> int | None:
        """
        Bytes free; none while it is offline.
        """
    @property
    def freeing(self, /) -> int | None:
        """
        Bytes that are being freed; none while it is offline.
        """
    @property
    def guid(self, /) -> str:
        """
        Its own identity, which survives export and import.
        """
    @property
    def healthy(self, /) -> bool:
        """
        Whether nothing is wrong with it.
        """
    @property
    def id(self, /) -> int:
        """
        Its row on this appliance.
        """
    @property
    def is_upgraded(self, /) -> bool | None:
        """
        Whether it has every feature of the appliance's ZFS.
        """
    @property
    def name(self, /) -> str:
        """
        Its name, which is also its root dataset's.
        """
    @property
    def path(self, /) -> str:
        """
        Where it is mounted, ``/mnt/{name}``.
        """
    @property
    def scan(self, /) -> Scan | None:
        """
        The last check of its content, or its last rebuilding.
        """
    @property
    def size(self, /) -> int | None:
        """
        Its size in bytes; none while it is offline.
        """
    @property
    def status(self, /) -> str:
        """
        How it is.
        """
    @property
    def status_code(self, /) -> str | None:
        """
        What is to be looked at, in a word, such as ``OK`` or ``FEAT_DISABLED``.
        """
    @property
    def status_detail(self, /) -> str | None:
        """
        What is to be looked at, in words.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def topology(self, /) -> Topology | None:
        """
        What it is made of; none while it is offline.
        """
    @property
    def warning(self, /) -> bool:
        """
        Whether it works, and something about it is to be looked at.
        """

@final
class Pools:
    """
    Pools.
    """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Pool:
        """
        One pool.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> List[Pool]:
        """
        Every data pool that the appliance knows, imported or offline.

        Errors by their ``kind``: Those of every reading call.
        """

@final
class PrimaryGroup:
    """
    The first group of a user.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex | None = None, gid: SupportsIndex | None = None, name: str | None = None) -> PrimaryGroup: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def gid(self, /) -> int | None:
        """
        The number that the system knows it by.
        """
    @property
    def id(self, /) -> int | None:
        """
        Its row.
        """
    @property
    def name(self, /) -> str | None:
        """
        Its name.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Property:
    """
    A setting of a dataset: what it is, and where that comes from.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, value: str | None = None, raw: str | None = None, source: str) -> Property: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    def is_on(self, /) -> bool | None:
        """
        Whether it is on; ``None`` where it is neither on nor off.
        """
    def number(self, /) -> int | None:
        """
        The number that it is, without its unit; ``None`` where it is none.
        """
    @property
    def raw(self, /) -> str | None:
        """
        Its value as ZFS writes it: sizes in bytes.
        """
    @property
    def source(self, /) -> str:
        """
        Where it comes from.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def value(self, /) -> str | None:
        """
        Its value in the appliance's words, such as ``LZ4``; none for nothing, such as no quota.
        """

@final
class Provider:
    """
    Which cloud a credential is for.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, kind: str, account: str | None = None, key: Secret | Redacted | None = ...) -> Provider: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def account(self, /) -> str | None:
        """
        Of B2: the id of the application key; ``None`` when the appliance hides it.
        """
    @property
    def key(self, /) -> Secret | Redacted | None:
        """
        Of B2: the application key, if the appliance shows it.
        """
    @property
    def kind(self, /) -> str:
        """
        ``B2``, or the appliance's name of another one.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class ProviderSetting:
    """
    A setting of tasks that are for a cloud.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str) -> ProviderSetting: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str:
        """
        Its name, as the appliance calls it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Query:
    """
    Which rows, in which order, and what of them.

    >>> query = Query(filters=[Filter.equals("pool", "tank")], select=["id", "name"], order_by=Order(field="name"), limit=100)
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, filters: SupportsGetItem[int, Filter] | None = None, select: SupportsGetItem[int, str] | None = None, select_as: SupportsGetItem[int, tuple[str, str]] | None = None, order_by: Order | None = None, limit: SupportsIndex | None = None) -> Query: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def filters(self, /) -> list[Filter] | None:
        """
        Only rows that all of these hold for.
        """
    @property
    def limit(self, /) -> int | None:
        """
        At most so many rows, from 1 to 10 000.
        """
    @property
    def order_by(self, /) -> Order | None:
        """
        In this order. Where fields are selected, by one of those.
        """
    @property
    def select(self, /) -> list[str] | None:
        """
        Only these fields of each row; dots lead into objects. Of snapshots, anything but the name alone has the appliance read every property
        first.
        """
    @property
    def select_as(self, /) -> list[tuple[str, str]] | None:
        """
        Fields besides, each with another name that it is told under: pairs.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Redacted:
    """
    Stands in the place of a secret that the appliance holds and does not show to this user. It is unknown: it equals nothing, and has no truth value.

    >>> Redacted() == Redacted(), Redacted()
    (False, Redacted())
    """
    def __bool__(self, /) -> bool: ...
    def __eq__(self, _other: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __new__(cls, /) -> Redacted: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...

@final
class Replication:
    """
    A replication task.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str, direction: str, transport: str, ssh_credentials: SshConnection | None = None, netcat_active_side: str | None = None, netcat_active_side_listen_address: str | None = None, netcat_active_side_port_min: SupportsIndex | None = None, netcat_active_side_port_max: SupportsIndex | None = None, netcat_passive_side_connect_address: str | None = None, sudo: bool, source_datasets: SupportsGetItem[int, str], target_dataset: str, recursive: bool, exclude: SupportsGetItem[int, str], properties: bool, properties_exclude: SupportsGetItem[int, str], properties_override: dict[str, Any], replicate: bool, encryption: bool, encryption_inherit: bool | None = None, encryption_key: Secret | Redacted | None = ..., encryption_key_format: str | None = None, encryption_key_location: str | None = None, periodic_snapshot_tasks: SupportsGetItem[int, SupportsIndex], naming_schema: SupportsGetItem[int, str], also_include_naming_schema: SupportsGetItem[int, str], name_regex: str | None = None, auto: bool, schedule: SnapshotSchedule | None = None, restrict_schedule: SnapshotSchedule | None = None, only_matching_schedule: bool, allow_from_scratch: bool, readonly: str, hold_pending_snapshots: bool, retention_policy: str, lifetime_value: SupportsIndex | None = None, lifetime_unit: str | None = None, lifetimes: SupportsGetItem[int, KeyedLifetime], compression: str | None = None, speed_limit: SupportsIndex | None = None, large_block: bool, embed: bool, compressed: bool, retries: SupportsIndex, logging_level: str | None = None, enabled: bool, has_encrypted_dataset_keys: bool, state: TaskStatus, job: JobStatus | None = None) -> Replication: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def allow_from_scratch(self, /) -> bool:
        """
        Whether a target without a common snapshot is destroyed and made anew.
        """
    @property
    def also_include_naming_schema(self, /) -> list[str]:
        """
        The names of further snapshots that are sent.
        """
    @property
    def auto(self, /) -> bool:
        """
        Whether it runs by itself.
        """
    @property
    def compressed(self, /) -> bool:
        """
        Whether blocks that are compressed on disk are sent as such.
        """
    @property
    def compression(self, /) -> str | None:
        """
        By what the stream is compressed.
        """
    @property
    def direction(self, /) -> str:
        """
        Which way snapshots go.
        """
    @property
    def embed(self, /) -> bool:
        """
        Whether blocks that are embedded in their pointers are sent as such.
        """
    @property
    def enabled(self, /) -> bool:
        """
        Whether it may run.
        """
    @property
    def encryption(self, /) -> bool:
        """
        Whether the target is encrypted.
        """
    @property
    def encryption_inherit(self, /) -> bool | None:
        """
        Whether it takes its parent's encryption.
        """
    @property
    def encryption_key(self, /) -> Secret | Redacted | None:
        """
        The target's key, if the appliance shows it.
        """
    @property
    def encryption_key_format(self, /) -> str | None:
        """
        Of what kind that is.
        """
    @property
    def encryption_key_location(self, /) -> str | None:
        """
        Where on the target it is kept: ``$TrueNAS`` for its own database, else a path.
        """
    @property
    def exclude(self, /) -> list[str]:
        """
        Children that are left out.
        """
    @property
    def has_encrypted_dataset_keys(self, /) -> bool:
        """
        Whether keys of what it sends can be exported with it.
        """
    @property
    def hold_pending_snapshots(self, /) -> bool:
        """
        Whether snapshots stay on the source until they were sent.
        """
    @property
    def id(self, /) -> int:
        """
        Its number.
        """
    @property
    def job(self, /) -> JobStatus | None:
        """
        Its last run, or the one under way.
        """
    @property
    def large_block(self, /) -> bool:
        """
        Whether blocks of more than 128 KiB are sent whole.
        """
    @property
    def lifetime_unit(self, /) -> str | None:
        """
        Of which length.
        """
    @property
    def lifetime_value(self, /) -> int | None:
        """
        For how many units they are kept there.
        """
    @property
    def lifetimes(self, /) -> list[KeyedLifetime]:
        """
        For how long those of certain times are kept.
        """
    @property
    def logging_level(self, /) -> str | None:
        """
        How much its log says; none for the appliance's default.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def name_regex(self, /) -> str | None:
        """
        The names of the snapshots that go, as a regular expression.
        """
    @property
    def naming_schema(self, /) -> list[str]:
        """
        The names of the snapshots that are fetched.
        """
    @property
    def netcat_active_side(self, /) -> str | None:
        """
        Which side of a netcat connection listens.
        """
    @property
    def netcat_active_side_listen_address(self, /) -> str | None:
        """
        At which of its addresses.
        """
    @property
    def netcat_active_side_port_max(self, /) -> int | None:
        """
        Up to which port.
        """
    @property
    def netcat_active_side_port_min(self, /) -> int | None:
        """
        From which port on.
        """
    @property
    def netcat_passive_side_connect_address(self, /) -> str | None:
        """
        At which address the other side reaches it.
        """
    @property
    def only_matching_schedule(self, /) -> bool:
        """
        Whether only snapshots of the times of its schedule go.
        """
    @property
    def periodic_snapshot_tasks(self, /) -> list[int]:
        """
        The snapshot tasks whose snapshots are sent, and after which it runs.
        """
    @property
    def properties(self, /) -> bool:
        """
        Whether properties are sent: of an encrypted source its encryption, too.
        """
    @property
    def properties_exclude(self, /) -> list[str]:
        """
        Properties that are not.
        """
    @property
    def properties_override(self, /) -> dict[str, Any]:
        """
        Properties that the target gets values of its own for.
        """
    @property
    def readonly(self, /) -> str:
        """
        What is done about the target's ``readonly``.
        """
    @property
    def recursive(self, /) -> bool:
        """
        Whether children are sent as well.
        """
    @property
    def replicate(self, /) -> bool:
        """
        Whether the target becomes equal, down to snapshots and children that the source no longer has.
        """
    @property
    def restrict_schedule(self, /) -> SnapshotSchedule | None:
        """
        Which snapshots go: those of these times.
        """
    @property
    def retention_policy(self, /) -> str:
        """
        What becomes of snapshots on the target.
        """
    @property
    def retries(self, /) -> int:
        """
        How often a run is tried again that lost the other side.
        """
    @property
    def schedule(self, /) -> SnapshotSchedule | None:
        """
        When it runs.
        """
    @property
    def source_datasets(self, /) -> list[str]:
        """
        What is sent.
        """
    @property
    def speed_limit(self, /) -> int | None:
        """
        Bytes per second at most.
        """
    @property
    def ssh_credentials(self, /) -> SshConnection | None:
        """
        By which connection; none for a local one.
        """
    @property
    def state(self, /) -> TaskStatus:
        """
        How it stands.
        """
    @property
    def sudo(self, /) -> bool:
        """
        Whether ``zfs`` is run by sudo on the other side.
        """
    @property
    def target_dataset(self, /) -> str:
        """
        Where it goes.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def transport(self, /) -> str:
        """
        By which way the other side is reached.
        """

@final
class ReplicationConfig:
    """
    What holds for all replications.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, at_once: SupportsIndex | None = None) -> ReplicationConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def at_once(self, /) -> int | None:
        """
        How many may run at once; none means any number.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Replications:
    """
    Replication tasks: snapshots that are sent to another dataset, of this appliance or of another.
    """
    def config(self, /, *, timeout: float | None = None) -> ReplicationConfig:
        """
        What holds for all replications.

        Errors by their ``kind``: Those of every reading call.
        """
    def count_eligible_manual_snapshots(self, /, sources: SupportsGetItem[int, str], *, naming_schema: SupportsGetItem[int, str] | None = None, name_regex: str | None = None, ssh_connection: SupportsIndex | None = None, timeout: float | None = None) -> EligibleSnapshots:
        """
        How many snapshots of some datasets a naming schema would take along.

        Errors by their ``kind``: ``invalid_request`` when neither schemas nor a regular expression are given, or both; as ``list_datasets``.
        """
    def create(self, /, task: CreateReplication, key: DestinationKey | None = None, *, timeout: float | None = None) -> Replication:
        """
        Sets a task up. Where its target gets an encryption of its own, the key comes along.

        The appliance takes what it cannot know: an encrypted source whose properties are sent goes as it is, and a target that is to
        be encrypted besides makes every run fail (zettarepl, ``replication/encryption.py``).

        Errors by their ``kind``: ``invalid_request`` when the task breaks a rule; ``validation``; ``unsupported`` on CORE for what it does not
        know; ``outcome_unknown`` when the answer is lost: look before creating again; ``redacted_secret``, ``unauthorized``.
        """
    def create_dataset(self, /, dataset: str, *, ssh_connection: SupportsIndex | None = None, timeout: float | None = None) -> None:
        """
        Makes a dataset on one side. Its parent has to exist.

        Errors by their ``kind``: As ``list_datasets``; ``outcome_unknown`` when the answer is lost; ``unauthorized``.
        """
    def delete(self, /, id: SupportsIndex, *, timeout: float | None = None) -> None:
        """
        Deletes a task. What it has sent stays.

        Errors by their ``kind``: ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Replication:
        """
        One task.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def limit_at_once(self, /, tasks: SupportsIndex | None, *, timeout: float | None = None) -> ReplicationConfig:
        """
        Sets how many replications may run at once, at least one; none lifts the limit.

        Errors by their ``kind``: ``invalid_request`` for zero; ``outcome_unknown`` when the answer is lost (setting it again is harmless);
        ``unauthorized``.
        """
    def list(self, /, *, timeout: float | None = None) -> List[Replication]:
        """
        Every replication task.

        Errors by their ``kind``: Those of every reading call.
        """
    def list_datasets(self, /, *, ssh_connection: SupportsIndex | None = None, timeout: float | None = None) -> List[str]:
        """
        The datasets of one side.

        Errors by their ``kind``: ``rejected`` when the other side cannot be reached or does not let this one in; ``not_found`` when there is no
        such connection; those of every reading call.
        """
    def list_naming_schemas(self, /, *, timeout: float | None = None) -> List[str]:
        """
        The naming schemas of every snapshot and replication task.

        Errors by their ``kind``: Those of every reading call.
        """
    def list_with_keys(self, /, *, timeout: float | None = None) -> List[Replication]:
        """
        Every replication task, and of each whether keys of what it sends can be exported with it (``has_encrypted_dataset_keys``). The
        appliance looks at the encryption of all its datasets for it.

        Errors by their ``kind``: Those of every reading call.
        """
    def restore(self, /, id: SupportsIndex, name: str, target: str, *, timeout: float | None = None) -> Replication:
        """
        Makes the task that brings back what a task has sent, to a dataset of this name. It is disabled, and does not run by itself.

        Errors by their ``kind``: ``validation`` when the name is taken; ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def run(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Job:
        """
        Runs a task now. Whatever speaks against it fails the job: a task that is disabled (up to 25.10), runs already or is on hold; another side
        that cannot be reached; a target that is not what it was. Aborting the job does not stop the transfer.

        Errors by their ``kind``: ``not_started`` when the appliance answered with another job; ``outcome_unknown`` when the answer is lost:
        ``job`` shows whether it runs; ``unauthorized``.
        """
    def run_once(self, /, run: RunReplication, key: DestinationKey | None = None, *, timeout: float | None = None) -> Job:
        """
        Runs a replication that is no task. A refusal of its settings fails the job, with the fields.

        Errors by their ``kind``: ``invalid_request`` when it breaks a rule; ``unsupported`` on CORE; ``outcome_unknown`` when the answer is lost;
        ``redacted_secret``, ``unauthorized``.
        """
    def target_unmatched_snapshots(self, /, direction: str, sources: SupportsGetItem[int, str], target: str, *, ssh_connection: SupportsIndex | None = None, timeout: float | None = None) -> UnmatchedSnapshots:
        """
        The snapshots of the target that the source does not have, by the target's dataset: with any of them an incremental replication may
        find no base.

        Errors by their ``kind``: As ``list_datasets``.
        """
    def update(self, /, id: SupportsIndex, changes: UpdateReplication, key: DestinationKey | None = None, *, timeout: float | None = None) -> Replication:
        """
        Changes a task. With a key, the target is encrypted by it; without, its key stays as it is.

        Errors by their ``kind``: As ``create``, and ``not_found``.
        """

@final
class Retention:
    """
    Until when a snapshot is kept.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, until: datetime | None = None, source: str, periodic_snapshot_task_id: SupportsIndex | None = None) -> Retention: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def periodic_snapshot_task_id(self, /) -> int | None:
        """
        By which task.
        """
    @property
    def source(self, /) -> str:
        """
        By what: ``periodic_snapshot_task``, or ``property`` where a change of its task fixed the moment.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def until(self, /) -> datetime | None:
        """
        Until when.
        """

@final
class Rows:
    """
    Rows of a query, page after page as they are asked for.
    """
    def __iter__(self, /) -> Rows: ...
    def __next__(self, /) -> Any: ...

@final
class RunReplication:
    """
    A replication that is no task.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, task: CreateReplication, only_from_scratch: bool | None = None, mount: bool | None = None, exclude_mountpoint: bool | None = None) -> RunReplication: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def exclude_mountpoint(self, /) -> bool | None:
        """
        Whether the property ``mountpoint`` stays behind; on by default.
        """
    @property
    def mount(self, /) -> bool | None:
        """
        Whether what arrives is mounted; on by default. Before 25.10 always.
        """
    @property
    def only_from_scratch(self, /) -> bool | None:
        """
        Whether it fails when there is a target already; off by default.
        """
    @property
    def task(self, /) -> CreateReplication:
        """
        What is run, whether it is enabled or not.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Scan:
    """
    A check of a pool's content, or its rebuilding.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, function: str | None = None, state: str | None = None, started: datetime | None = None, ended: datetime | None = None, percentage: SupportsFloat | SupportsIndex | None = None, errors: SupportsIndex | None = None, bytes_to_process: SupportsIndex | None = None, bytes_processed: SupportsIndex | None = None) -> Scan: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes_processed(self, /) -> int | None:
        """
        How many were looked at.
        """
    @property
    def bytes_to_process(self, /) -> int | None:
        """
        How many bytes there are to look at.
        """
    @property
    def ended(self, /) -> datetime | None:
        """
        When it ended.
        """
    @property
    def errors(self, /) -> int | None:
        """
        How many errors it found.
        """
    @property
    def function(self, /) -> str | None:
        """
        ``SCRUB`` or ``RESILVER``; none while there was neither.
        """
    @property
    def percentage(self, /) -> float | None:
        """
        How far it is, 0 to 100.
        """
    @property
    def started(self, /) -> datetime | None:
        """
        When it began.
        """
    @property
    def state(self, /) -> str | None:
        """
        ``SCANNING``, ``FINISHED`` or ``CANCELED``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class SemiAutomatic:
    """
    Another appliance that is to let this one in.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, url: str, username: str | None = None, sudo: bool | None = None, verify_certificate: bool | None = None, connect_timeout: SupportsIndex | None = None) -> SemiAutomatic: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def connect_timeout(self, /) -> int | None:
        """
        For how many seconds connecting is tried; ten by default.
        """
    @property
    def sudo(self, /) -> bool | None:
        """
        Whether that user may run ``zfs`` as root from then on; off by default.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def url(self, /) -> str:
        """
        Its URL, such as ``https://nas02.example.net``.
        """
    @property
    def username(self, /) -> str | None:
        """
        Who SSH logs in as; root by default. The user needs a home.
        """
    @property
    def verify_certificate(self, /) -> bool | None:
        """
        Whether the other one's certificate has to be signed by somebody whom this one trusts; on by default. An appliance's own is not:
        off, whoever answers at the URL is believed. CORE cannot verify.
        """

@final
class Service:
    """
    A service.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str, autostart: bool, state: str, pids: SupportsGetItem[int, SupportsIndex]) -> Service: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def autostart(self, /) -> bool:
        """
        Whether it starts with the appliance.
        """
    @property
    def name(self, /) -> str:
        """
        Which one.
        """
    @property
    def pids(self, /) -> list[int]:
        """
        Its processes.
        """
    @property
    def state(self, /) -> str:
        """
        Whether it runs now.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Services:
    """
    Services such as SNMP and SSH: whether they run, and whether they start with the appliance.
    """
    def control(self, /, verb: str, service: str, limit: float, *, timeout: float | None = None) -> None:
        """
        Starts, stops, restarts or reloads a service, and waits for it, at most for ``limit``. From 25.10 this is a job; before, a call that
        answers when it is done.

        Errors by their ``kind``: ``job_failed``, or ``rejected`` where it is no job, when the service does not come up or down;
        ``job_unfinished`` after ``limit``; ``outcome_unknown`` when an answer is lost (doing it again is harmless); ``unauthorized``,
        ``validation``.
        """
    def get(self, /, service: str, *, timeout: float | None = None) -> Service:
        """
        One service.

        Errors by their ``kind``: ``not_found`` when the appliance has no such service; those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> List[Service]:
        """
        Every service that the appliance knows.

        Errors by their ``kind``: Those of every reading call.
        """
    def reload(self, /, service: str, limit: float, *, timeout: float | None = None) -> None:
        """
        Has a service read its settings anew.

        Errors by their ``kind``: As ``control``.
        """
    def restart(self, /, service: str, limit: float, *, timeout: float | None = None) -> None:
        """
        Stops a service and starts it, and waits until it is up.

        Errors by their ``kind``: As ``control``.
        """
    def set_autostart(self, /, service: str, autostart: bool, *, timeout: float | None = None) -> None:
        """
        Sets whether a service starts with the appliance. It neither starts nor stops it now.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost (setting it again is harmless); ``unauthorized``, ``validation``.
        """
    def start(self, /, service: str, limit: float, *, timeout: float | None = None) -> None:
        """
        Starts a service now, and waits until it is up.

        Errors by their ``kind``: As ``control``.
        """
    def stop(self, /, service: str, limit: float, *, timeout: float | None = None) -> None:
        """
        Stops a service now, and waits until it is down.

        Errors by their ``kind``: As ``control``.
        """

@final
class Session:
    """
    Somebody who is logged in (TrueNAS middleware 13.3 to 26, ``auth.sessions``). What a release does not say is ``None``.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: str, current: bool, internal: bool, origin: str | None = None, credentials: str, who: Who, created_at: datetime | None = None, secure_transport: bool | None = None) -> Session: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def created_at(self, /) -> datetime | None:
        """
        When it began.
        """
    @property
    def credentials(self, /) -> str:
        """
        What it was logged in with.
        """
    @property
    def current(self, /) -> bool:
        """
        Whether it is this connection.
        """
    @property
    def id(self, /) -> str:
        """
        Its identifier.
        """
    @property
    def internal(self, /) -> bool:
        """
        Whether the appliance made it for itself.
        """
    @property
    def origin(self, /) -> str | None:
        """
        The address that it comes from.
        """
    @property
    def secure_transport(self, /) -> bool | None:
        """
        Whether it came over TLS, from 25.04 on.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def who(self, /) -> Who:
        """
        Who it is.
        """

@final
class Sessions:
    """
    Who is logged in, and tokens for others to log in with.
    """
    def list(self, /, *, timeout: float | None = None) -> List[Session]:
        """
        Everybody who is logged in now, this connection included.

        Errors by their ``kind``: Those of every reading call.
        """
    def make_token(self, /, *, any_address: bool = False, once: bool = False, lasting: float | None = None, timeout: float | None = None) -> Secret:
        """
        Makes a token that logs in as this user for a while. Whoever has it may do all that this user may: a read-only client makes none.

        Errors by their ``kind``: ``unsupported`` for a condition that the release cannot hold to; ``outcome_unknown`` when the answer is lost: a
        token that nobody knows then expires by itself.
        """

@final
class Snapshot:
    """
    A snapshot.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, dataset: str, name: str) -> Snapshot: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def dataset(self, /) -> str:
        """
        The dataset that it is a snapshot of.
        """
    @property
    def id(self, /) -> str:
        """
        The two together: ``dataset@name``.
        """
    @property
    def name(self, /) -> str:
        """
        Its name after the ``@``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class SnapshotDetails:
    """
    A snapshot with its properties, holds and retention.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, snapshot: Snapshot, transaction_group: SupportsIndex | None = None, guid: SupportsIndex | None = None, created: datetime | None = None, used: SupportsIndex | None = None, referenced: SupportsIndex | None = None, is_held: bool | None = None, retention: Retention | None = None, properties: dict[str, Property]) -> SnapshotDetails: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def created(self, /) -> datetime | None:
        """
        When it was taken.
        """
    @property
    def guid(self, /) -> int | None:
        """
        What tells it from every other snapshot. One that was received has that of the snapshot that was sent.
        """
    @property
    def is_held(self, /) -> bool | None:
        """
        Whether the appliance's own hold is on it: ``None`` where the release does not say, as CORE does not.
        """
    @property
    def properties(self, /) -> dict[str, Property]:
        """
        All properties that were told, by name.
        """
    @property
    def referenced(self, /) -> int | None:
        """
        Bytes that it holds.
        """
    @property
    def retention(self, /) -> Retention | None:
        """
        Until when it is kept, and by what; none when nothing removes it.
        """
    @property
    def snapshot(self, /) -> Snapshot:
        """
        Which one.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def transaction_group(self, /) -> int | None:
        """
        The number of the transaction group that it closed: of two snapshots the one with the greater is the newer.
        """
    @property
    def used(self, /) -> int | None:
        """
        Bytes that would be free without it.
        """

@final
class SnapshotSchedule:
    """
    When snapshots are taken: a schedule, and between which times of day.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, schedule: str, begin: str = ..., end: str = ...) -> SnapshotSchedule: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def begin(self, /) -> str:
        """
        Not before this time of day, such as ``08:30``.
        """
    @property
    def end(self, /) -> str:
        """
        Not after this time of day.
        """
    @property
    def schedule(self, /) -> str:
        """
        Five fields, as cron has them.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class SnapshotTask:
    """
    A periodic snapshot task.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, dataset: str, recursive: bool, lifetime: Lifetime, naming_schema: str, schedule: SnapshotSchedule, exclude: SupportsGetItem[int, str], allow_empty: bool, enabled: bool, vmware_sync: bool, state: TaskStatus | None = None) -> SnapshotTask: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def allow_empty(self, /) -> bool:
        """
        Whether a snapshot is made when nothing has changed.
        """
    @property
    def dataset(self, /) -> str:
        """
        Which dataset it snapshots.
        """
    @property
    def enabled(self, /) -> bool:
        """
        Whether it runs at all.
        """
    @property
    def exclude(self, /) -> list[str]:
        """
        Children left out.
        """
    @property
    def id(self, /) -> int:
        """
        Its number.
        """
    @property
    def lifetime(self, /) -> Lifetime:
        """
        How long its snapshots are kept.
        """
    @property
    def naming_schema(self, /) -> str:
        """
        The names of its snapshots, in the manner of strftime. Retention goes by this name: two tasks of one schema on one
        dataset decide over each other's snapshots (zettarepl, ``snapshot/destroy.py``).
        """
    @property
    def recursive(self, /) -> bool:
        """
        Whether the children are snapshot with it.
        """
    @property
    def schedule(self, /) -> SnapshotSchedule:
        """
        When it runs.
        """
    @property
    def state(self, /) -> TaskStatus | None:
        """
        What it is doing, or how it ended.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def vmware_sync(self, /) -> bool:
        """
        Whether virtual machines of ``VMware`` are brought to rest for it.
        """

@final
class SnapshotTasks:
    """
    Periodic snapshot tasks.
    """
    def create(self, /, task: CreateSnapshotTask, *, timeout: float | None = None) -> SnapshotTask:
        """
        Sets up a task.

        Errors by their ``kind``: ``invalid_request`` for a lifetime of nothing or a schema that cannot be read back, which the appliance takes:
        nothing was sent; ``outcome_unknown`` when the answer is lost: look before creating again; ``validation``, ``unauthorized``.
        """
    def delete(self, /, id: SupportsIndex, removal: str, *, timeout: float | None = None) -> None:
        """
        Removes a task. The snapshots that no other task claims stay for good, unless the moments are kept at which they would have been
        removed.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``not_found``, ``unauthorized``; ``validation`` when it is the last
        one of an enabled replication; ``unsupported`` on CORE for moments that are to be kept.
        """
    def delete_will_change_retention_for(self, /, id: SupportsIndex, *, timeout: float | None = None) -> dict[str, List[str]]:
        """
        The snapshots, by dataset, that would stay for good without this task.

        Errors by their ``kind``: As ``update_will_change_retention_for``.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> SnapshotTask:
        """
        One task.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> List[SnapshotTask]:
        """
        Every periodic snapshot task.

        Errors by their ``kind``: Those of every reading call.
        """
    def max_count(self, /, *, timeout: float | None = None) -> int:
        """
        How many snapshots of one dataset an appliance copes with.

        Errors by their ``kind``: ``unsupported`` on CORE; those of every reading call.
        """
    def max_total_count(self, /, *, timeout: float | None = None) -> int:
        """
        How many snapshots in all an appliance copes with.

        Errors by their ``kind``: As ``max_count``.
        """
    def run(self, /, id: SupportsIndex, *, timeout: float | None = None) -> None:
        """
        Runs an enabled task now, and does not wait for it: ``state`` shows how it ends. Its snapshot is named by the minute at which
        it is taken; where that is none of the task's schedule, nothing ever removes it (zettarepl, ``snapshot/task/snapshot_owner.py``).

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``rejected`` when it is not enabled; ``not_found``,
        ``unauthorized``.
        """
    def update(self, /, id: SupportsIndex, changes: UpdateSnapshotTask, *, timeout: float | None = None) -> SnapshotTask:
        """
        Changes a task.

        Errors by their ``kind``: As ``create``, and ``not_found``; ``unsupported`` on CORE for removal dates that are to be kept.
        """
    def update_will_change_retention_for(self, /, id: SupportsIndex, changes: UpdateSnapshotTask, *, timeout: float | None = None) -> dict[str, List[str]]:
        """
        The snapshots, by dataset, that would no longer be this task's after a change, and would stay for good. Whether the task is enabled
        does not count, though a disabled one removes nothing.

        Errors by their ``kind``: ``unsupported`` on CORE; ``not_found``, and those of every reading call.
        """

@final
class Snapshots:
    """
    Snapshots.
    """
    def clone_to(self, /, snapshot: Snapshot, dataset: str, *, timeout: float | None = None) -> None:
        """
        Makes a new dataset of what a snapshot holds. While there is one, the snapshot cannot be removed.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``rejected`` when there is no such snapshot, or such a dataset
        already; ``unauthorized``.
        """
    def create(self, /, request: CreateSnapshot, *, timeout: float | None = None) -> Snapshot:
        """
        Takes a snapshot now.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost: look before taking it again; ``invalid_request`` for a name that
        cannot be one; ``rejected`` when there is one of its name, or no such dataset; ``unsupported`` on CORE when children are left out;
        ``unauthorized``.
        """
    def delete(self, /, snapshot: Snapshot, *, with_children: bool = False, timeout: float | None = None) -> None:
        """
        Removes a snapshot; with ``True`` those of the same name of all datasets below as well.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``not_found``, which CORE words as ``rejected``; ``rejected`` or
        ``validation`` when it is held or has clones; ``unsupported`` on CORE with children; ``unauthorized``.
        """
    def describe(self, /, *, dataset: str | None = None, pools: SupportsGetItem[int, str] | None = None, name_prefix: str | None = None, limit: SupportsIndex | None = None, timeout: float | None = None) -> List[SnapshotDetails]:
        """
        Snapshots with their properties, holds and retention. Up to 25.10 the appliance reads every property of every snapshot for this,
        whatever is asked for: ``list`` is the way where names are enough.

        Errors by their ``kind``: Those of every reading call.
        """
    def get(self, /, snapshot: Snapshot, *, timeout: float | None = None) -> SnapshotDetails:
        """
        One snapshot with its properties, holds and retention.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def hold(self, /, snapshot: Snapshot, *, with_children: bool = False, timeout: float | None = None) -> None:
        """
        Holds a snapshot: until it is released nothing removes it, not even a task's retention.

        Errors by their ``kind``: ``unsupported`` on CORE; ``outcome_unknown`` when the answer is lost; ``rejected`` when there is no such
        snapshot, or it is held already; ``unauthorized``.
        """
    def holds(self, /, snapshot: Snapshot, *, timeout: float | None = None) -> List[str]:
        """
        The tags that hold a snapshot. Before 26 only the appliance's own, ``truenas``, is told.

        Errors by their ``kind``: ``unsupported`` on CORE; ``not_found``, and those of every reading call.
        """
    def list(self, /, *, dataset: str | None = None, pools: SupportsGetItem[int, str] | None = None, name_prefix: str | None = None, limit: SupportsIndex | None = None, timeout: float | None = None) -> List[Snapshot]:
        """
        Snapshots by their full names from last to first: of one dataset's snapshots that follow one schema, the newest first.

        Errors by their ``kind``: Those of every reading call.
        """
    def release(self, /, snapshot: Snapshot, *, with_children: bool = False, timeout: float | None = None) -> None:
        """
        Takes every hold from a snapshot, whoever placed it.

        Errors by their ``kind``: As ``hold``.
        """
    def rename(self, /, snapshot: Snapshot, name: str, *, timeout: float | None = None) -> Snapshot:
        """
        Gives a snapshot another name. Whatever knows it by the old one, such as retention and replication, no longer knows it.

        Errors by their ``kind``: ``unsupported`` before 25.10; ``outcome_unknown`` when the answer is lost; ``invalid_request`` for a name that
        cannot be one; ``not_found``, ``validation``, ``unauthorized``.
        """
    def roll_back(self, /, snapshot: Snapshot, newer: str, *, timeout: float | None = None) -> None:
        """
        Makes a dataset what it was when the snapshot was taken. **Everything that came after is lost.** Newer snapshots are in the way, unless
        they are to be removed.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``rejected`` when there is no such snapshot, or newer ones are in
        the way; ``unauthorized``.
        """

@final
class Snmp:
    """
    SNMP.
    """
    def config(self, /, *, timeout: float | None = None) -> SnmpConfig:
        """
        The settings as they are.

        Errors by their ``kind``: Those of every reading call.
        """
    def update(self, /, changes: UpdateSnmp, secrets: SnmpSecrets | None = None, *, timeout: float | None = None) -> SnmpConfig:
        """
        Changes settings; with secrets, both are set. The service has to be started separately.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost (doing it again is harmless); ``validation``, ``unauthorized``.
        """

@final
class SnmpConfig:
    """
    The SNMP service's settings.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, location: str, contact: str, community: Secret | Redacted | None = ..., further: Secret | Redacted | None = ..., traps: bool, v3: bool, v3_username: str, v3_authentication: str | None = None, v3_password: Secret | Redacted | None = ..., v3_privacy: str | None = None, v3_privpassphrase: Secret | Redacted | None = ...) -> SnmpConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def community(self, /) -> Secret | Redacted | None:
        """
        The community of versions 1 and 2c; with version 3 only it is absent.
        """
    @property
    def contact(self, /) -> str:
        """
        Whom to contact, in words or as an address.
        """
    @property
    def further(self, /) -> Secret | Redacted | None:
        """
        Further lines of the daemon's configuration, as a person wrote them: they can let others in beside the user.
        """
    @property
    def location(self, /) -> str:
        """
        Where the appliance is installed, in words.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def traps(self, /) -> bool:
        """
        Whether traps are sent.
        """
    @property
    def v3(self, /) -> bool:
        """
        Whether version 3 is on.
        """
    @property
    def v3_authentication(self, /) -> str | None:
        """
        How the user is authenticated; none when it is not.
        """
    @property
    def v3_password(self, /) -> Secret | Redacted | None:
        """
        The user's password.
        """
    @property
    def v3_privacy(self, /) -> str | None:
        """
        How messages are encrypted; none when they are not.
        """
    @property
    def v3_privpassphrase(self, /) -> Secret | Redacted | None:
        """
        The passphrase of the encryption.
        """
    @property
    def v3_username(self, /) -> str:
        """
        The version 3 user, empty when there is none.
        """

@final
class SnmpSecrets:
    """
    The two secrets of SNMP version 3.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, password: Secret | str, passphrase: Secret | str) -> SnmpSecrets: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def passphrase(self, /) -> Secret:
        """
        The passphrase that messages are encrypted with.
        """
    @property
    def password(self, /) -> Secret:
        """
        The password of its user.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Ssh:
    """
    The SSH service.
    """
    def config(self, /, *, timeout: float | None = None) -> SshConfig:
        """
        The settings as they are.

        Errors by their ``kind``: Those of every reading call.
        """
    def interface_choices(self, /, *, timeout: float | None = None) -> dict[str, str]:
        """
        The interfaces that the service can be bound to, by name, with what they are called.

        Errors by their ``kind``: Those of every reading call.
        """
    def update(self, /, changes: UpdateSsh, *, timeout: float | None = None) -> SshConfig:
        """
        Changes settings. A service that runs reads them anew.

        Errors by their ``kind``: ``invalid_request`` for port 0; ``unsupported`` on CORE for groups; ``outcome_unknown`` when the answer is lost
        (doing it again is harmless); ``validation``, ``unauthorized``.
        """

@final
class SshConfig:
    """
    The SSH service's settings. Private host keys, which some releases send along, are not read.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, tcpport: SupportsIndex, bindiface: SupportsGetItem[int, str], passwordauth: bool, password_login_groups: SupportsGetItem[int, str], rootlogin: bool | None = None, kerberosauth: bool, tcpfwd: bool, compression: bool, sftp_log_level: str, sftp_log_facility: str, weak_ciphers: SupportsGetItem[int, str], options: str, rsa_host_key: HostKey | None = None, ecdsa_host_key: HostKey | None = None, ed25519_host_key: HostKey | None = None) -> SshConfig: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bindiface(self, /) -> list[str]:
        """
        The interfaces that it listens on; empty means all.
        """
    @property
    def compression(self, /) -> bool:
        """
        Whether connections are compressed.
        """
    @property
    def ecdsa_host_key(self, /) -> HostKey | None:
        """
        The ECDSA host key.
        """
    @property
    def ed25519_host_key(self, /) -> HostKey | None:
        """
        The Ed25519 host key.
        """
    def host_keys(self, /) -> list[HostKey]:
        """
        The host keys that it has.
        """
    @property
    def kerberosauth(self, /) -> bool:
        """
        Whether users may log in by Kerberos.
        """
    @property
    def options(self, /) -> str:
        """
        Further lines of sshd's configuration.
        """
    @property
    def password_login_groups(self, /) -> list[str]:
        """
        The groups whose members may log in with their passwords all the same; none on CORE.
        """
    @property
    def passwordauth(self, /) -> bool:
        """
        Whether users may log in with their passwords.
        """
    @property
    def rootlogin(self, /) -> bool | None:
        """
        Whether root may log in with a password: on CORE, the only release that has this.
        """
    @property
    def rsa_host_key(self, /) -> HostKey | None:
        """
        The RSA host key.
        """
    @property
    def sftp_log_facility(self, /) -> str:
        """
        Under what SFTP logs, by syslog's name of it; empty means sshd's default.
        """
    @property
    def sftp_log_level(self, /) -> str:
        """
        How much SFTP logs, by sshd's name of it; empty means sshd's default.
        """
    @property
    def tcpfwd(self, /) -> bool:
        """
        Whether users may forward ports.
        """
    @property
    def tcpport(self, /) -> int:
        """
        The port that it listens at.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def weak_ciphers(self, /) -> list[str]:
        """
        The weak ciphers that are allowed all the same.
        """

@final
class SshConnection:
    """
    A connection to another appliance by SSH.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str, target: SshTarget | None = None) -> SshConnection: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> int:
        """
        Its number.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def target(self, /) -> SshTarget | None:
        """
        Where it leads; none when the appliance hides it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class SshTarget:
    """
    Where a connection leads: another appliance's SSH service.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, host: str, private_key: SupportsIndex, remote_host_key: str, port: SupportsIndex = 22, username: str = ..., connect_timeout: SupportsIndex = 10, other: OtherSettings | None = None) -> SshTarget: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def connect_timeout(self, /) -> int:
        """
        For how many seconds connecting is tried.
        """
    @property
    def host(self, /) -> str:
        """
        The other side's name or address.
        """
    def host_keys(self, /) -> list[HostKey]:
        """
        The host keys that the other side may show.
        """
    @property
    def other(self, /) -> OtherSettings | None:
        """
        Settings that this version does not know, of a target that was read: they are sent back.
        """
    @property
    def port(self, /) -> int:
        """
        The port of the other side's SSH service.
        """
    @property
    def private_key(self, /) -> int:
        """
        The number of the key pair that it logs in with.
        """
    @property
    def remote_host_key(self, /) -> str:
        """
        The host keys that the other side may show, each in a line: ``str(key)`` of ``HostKey.text``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def username(self, /) -> str:
        """
        Who logs in.
        """

@final
class StoredJob:
    """
    What finds a job again after this program has ended: pickle it, or keep ``to_dict()``. The appliance begins to count anew when it restarts, so
    a number alone may be another job's by then.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, method: str, started: datetime | None = None, task: Any | None = None) -> StoredJob: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> int:
        """
        Its number.
        """
    @property
    def method(self, /) -> str:
        """
        The method that it carries out.
        """
    @property
    def started(self, /) -> datetime | None:
        """
        When it was made; whole milliseconds.
        """
    @property
    def task(self, /) -> Any | None:
        """
        What it works on, the first of its arguments: the number of a task, or the name of a dataset where this program started the job. Other
        arguments are not kept: they can hold secrets.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Support:
    """
    Whether an appliance offers a feature; it is true where it does.
    """
    def __bool__(self, /) -> bool: ...
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, is_supported: bool, instead: str | None = None) -> Support: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def instead(self, /) -> str | None:
        """
        What to do instead, where it does not.
        """
    @property
    def is_supported(self, /) -> bool:
        """
        Whether it does.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class System:
    """
    The appliance itself.
    """
    def boot_id(self, /, *, timeout: float | None = None) -> str:
        """
        What tells this run of the appliance from the one before: another one after each restart.

        Errors by their ``kind``: Those of every reading call.
        """
    def general(self, /, *, timeout: float | None = None) -> General:
        """
        General settings, the time zone among them.

        Errors by their ``kind``: Those of every reading call.
        """
    def host_id(self, /, *, timeout: float | None = None) -> str:
        """
        What tells this hardware from any other: 64 hexadecimal digits.

        Errors by their ``kind``: Those of every reading call.
        """
    def info(self, /, *, timeout: float | None = None) -> Info:
        """
        Release, name and hardware.

        Errors by their ``kind``: Those of every reading call: ``unreachable``, ``rate_limited``, ``unauthorized``.
        """
    def is_ready(self, /, *, timeout: float | None = None) -> bool:
        """
        Whether the appliance is up, with all its services.

        Errors by their ``kind``: Those of every reading call.
        """
    def me(self, /, *, timeout: float | None = None) -> Me:
        """
        The user that is logged in, and its roles. Releases before 24.10 do not offer it.

        Errors by their ``kind``: Those of every reading call.
        """
    def product_type(self, /, *, timeout: float | None = None) -> str:
        """
        Which product it is. The words changed from release to release: what depends on the release is asked of
        ``supports``.

        Errors by their ``kind``: Those of every reading call.
        """
    def reboot(self, /, reason: str, limit: float, *, timeout: float | None = None) -> None:
        """
        Restarts the appliance and waits until it is up again, at most for ``limit``. Every connection is lost on the way, and every job ends.

        The answer to this call is often lost with the connection: whether the appliance restarts is seen by its
        ``boot_id``, so a lost answer is no error here.

        Errors by their ``kind``: ``outcome_unknown`` when it is not up again after ``limit``, or never went down; ``unauthorized``,
        ``validation`` (no reason).
        """
    def state(self, /, *, timeout: float | None = None) -> str:
        """
        Whether the appliance is coming up, is up or is going down.

        Errors by their ``kind``: Those of every reading call.
        """

@final
class Target:
    """
    Where in the cloud a task's files are stored.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, bucket: str, folder: str, fast_list: bool | None = None, chunk_mebibytes: SupportsIndex | None = None, other: OtherSettings | None = None) -> Target: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bucket(self, /) -> str:
        """
        The bucket.
        """
    @property
    def chunk_mebibytes(self, /) -> int | None:
        """
        The size of an upload's parts in MiB, 5 or more; memory for one transfer is a small multiple of it.
        """
    @property
    def fast_list(self, /) -> bool | None:
        """
        Whether rclone lists the whole bucket in few calls, with more memory.
        """
    @property
    def folder(self, /) -> str:
        """
        The folder in it; a leading or trailing slash makes no difference.
        """
    def keeping_unknown(self, /, found: Target) -> Target:
        """
        The same target, with the settings that this version does not know of one that was read.
        """
    @property
    def other(self, /) -> OtherSettings | None:
        """
        Settings that this version does not know, of a target that was read: they are sent back, since the appliance replaces the whole of it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class TaskStatus:
    """
    How a snapshot task or a replication stands, or how it ended the last time.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, state: str, since: datetime | None = None, error: str | None = None, reason: str | None = None, warnings: SupportsGetItem[int, str], last_snapshot: str | None = None) -> TaskStatus: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def error(self, /) -> str | None:
        """
        Why it failed, in the appliance's words.
        """
    @property
    def last_snapshot(self, /) -> str | None:
        """
        The last snapshot that was taken, or that arrived.
        """
    @property
    def reason(self, /) -> str | None:
        """
        Why it is on hold, in the appliance's words.
        """
    @property
    def since(self, /) -> datetime | None:
        """
        Since when.
        """
    @property
    def state(self, /) -> str:
        """
        In one word.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def warnings(self, /) -> list[str]:
        """
        What was odd about a replication, in the appliance's words.
        """

@final
class Topology:
    """
    What a pool is made of.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, data: SupportsGetItem[int, Device], log: SupportsGetItem[int, Device], cache: SupportsGetItem[int, Device], spare: SupportsGetItem[int, Device], special: SupportsGetItem[int, Device], dedup: SupportsGetItem[int, Device]) -> Topology: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def cache(self, /) -> list[Device]:
        """
        What holds copies for reading.
        """
    @property
    def data(self, /) -> list[Device]:
        """
        What holds its content.
        """
    @property
    def dedup(self, /) -> list[Device]:
        """
        What holds the table of deduplication.
        """
    @property
    def log(self, /) -> list[Device]:
        """
        What holds what is still to be written.
        """
    @property
    def spare(self, /) -> list[Device]:
        """
        What takes the place of a device that fails.
        """
    @property
    def special(self, /) -> list[Device]:
        """
        What holds metadata and small blocks.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class UiCertificate:
    """
    The certificate of an appliance's interface.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str | None = None) -> UiCertificate: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> int:
        """
        Its row.
        """
    @property
    def name(self, /) -> str | None:
        """
        Its name, up to 25.10 here.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class UnknownEntry:
    """
    An entry of a kind that this version does not know.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str, kind: str) -> UnknownEntry: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> int:
        """
        Its number.
        """
    @property
    def kind(self, /) -> str:
        """
        Its kind, in the appliance's word.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class UnlockDatasets:
    """
    How datasets are unlocked: with the keys that the appliance keeps, and what is given besides.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, keys: SupportsGetItem[int, KeyOf] | None = None, recursive: bool = False, rename_obstacles: bool = False, leave_attachments_off: bool = False) -> UnlockDatasets: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def keys(self, /) -> list[KeyOf] | None:
        """
        Keys that are given.
        """
    @property
    def leave_attachments_off(self, /) -> bool:
        """
        Whether shares and tasks of the datasets stay off. Otherwise they are started.
        """
    @property
    def recursive(self, /) -> bool:
        """
        Whether all datasets below are unlocked too, as far as there are keys for them.
        """
    @property
    def rename_obstacles(self, /) -> bool:
        """
        Whether what is in the way at a mount point is renamed. Otherwise the dataset is not unlocked. Not on CORE.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Unlocked:
    """
    What unlocking came to.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, unlocked: SupportsGetItem[int, str], failed: dict[str, NotUnlocked]) -> Unlocked: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def failed(self, /) -> dict[str, NotUnlocked]:
        """
        Which stayed locked, and why.
        """
    def is_complete(self, /) -> bool:
        """
        Whether nothing stayed locked of what was to be unlocked.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unlocked(self, /) -> list[str]:
        """
        Which datasets can be reached now.
        """

@final
class UnmatchedSnapshots:
    """
    Names of snapshots by the target's dataset that has them.

    The appliance sends lists, whatever its published schema says: on 25.10 that names one text for each dataset (TrueNAS middleware 25.10,
    ``api/v25_10_0/replication.py``). One text is read as well.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, by_dataset: dict[str, SupportsGetItem[int, str]]) -> UnmatchedSnapshots: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def by_dataset(self, /) -> dict[str, list[str]]:
        """
        By dataset; a dataset without such a snapshot may be missing.
        """
    def is_empty(self, /) -> bool:
        """
        Whether there are none.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class UpdateApiKey:
    """
    What to change about an API key.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str | None = None, expires: datetime | None = None, allowlist: SupportsGetItem[int, Allowed] | None = None, without: SupportsGetItem[int, str] | None = None) -> UpdateApiKey: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def allowlist(self, /) -> list[Allowed] | None:
        """
        What alone it may call.
        """
    @property
    def expires(self, /) -> datetime | None:
        """
        Until when it holds.
        """
    @property
    def name(self, /) -> str | None:
        """
        Another name.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def without(self, /) -> list[str] | None:
        """
        What is taken away: ``expires``, for a key that holds for ever.
        """

@final
class UpdateCloudSync:
    """
    What to change about a cloud sync task.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, matching: CreateCloudSync | None = None, found: CloudSync | None = None, enabled: bool | None = None, description: str | None = None, credential: SupportsIndex | None = None, target: Target | None = None, schedule: str | None = None, exclude: SupportsGetItem[int, str] | None = None, bandwidth_limits: SupportsGetItem[int, BandwidthLimit] | None = None) -> UpdateCloudSync: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bandwidth_limits(self, /) -> list[BandwidthLimit] | None:
        """
        How fast it may send, by time of day, in rising order; an empty list lifts every limit.
        """
    @property
    def credential(self, /) -> int | None:
        """
        The number of the credential that it logs in with.
        """
    @property
    def description(self, /) -> str | None:
        """
        What it is for, in words.
        """
    @property
    def enabled(self, /) -> bool | None:
        """
        Whether it runs on schedule.
        """
    @property
    def exclude(self, /) -> list[str] | None:
        """
        Filters for what is left out, all of them.
        """
    @property
    def found(self, /) -> CloudSync | None:
        """
        The task that ``matching`` changes.
        """
    @property
    def matching(self, /) -> CreateCloudSync | None:
        """
        Everything but the secrets becomes as this request would create it; ``found`` is the task as it was read, whose target's settings that
        this version does not know stay.
        """
    @property
    def schedule(self, /) -> str | None:
        """
        When it runs on schedule.
        """
    @property
    def target(self, /) -> Target | None:
        """
        Where in the cloud, all of it: the appliance replaces the whole.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class UpdateDataset:
    """
    What to change about a dataset.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, compression: str | None = None, checksum: str | None = None, sync: str | None = None, deduplication: str | None = None, recordsize: str | None = None, snapdir: str | None = None, acltype: str | None = None, aclmode: str | None = None, readonly: bool | None = None, exec: bool | None = None, atime: bool | None = None, copies: SupportsIndex | None = None, special_small_block_size: SupportsIndex | None = None, quota: SupportsIndex | None = None, refquota: SupportsIndex | None = None, reservation: SupportsIndex | None = None, refreservation: SupportsIndex | None = None, comments: str | None = None, volsize: SupportsIndex | None = None, user_properties: dict[str, str] | None = None, without_user_properties: SupportsGetItem[int, str] | None = None, inherit: SupportsGetItem[int, str] | None = None) -> UpdateDataset: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def aclmode(self, /) -> str | None:
        """
        What becomes of such a list when a file's mode is changed: ``PASSTHROUGH``, ``RESTRICTED`` or ``DISCARD``; of file systems only.
        """
    @property
    def acltype(self, /) -> str | None:
        """
        What kind of access control lists its files have: ``NFSV4``, ``POSIX`` or ``OFF``; of file systems only. CORE has other words.
        """
    @property
    def atime(self, /) -> bool | None:
        """
        Whether reading a file is noted in it; of file systems only.
        """
    @property
    def checksum(self, /) -> str | None:
        """
        How blocks are checked, such as ``ON`` or ``SHA256``.
        """
    @property
    def comments(self, /) -> str | None:
        """
        A text about it.
        """
    @property
    def compression(self, /) -> str | None:
        """
        How it is compressed, such as ``LZ4``, ``ZSTD`` or ``OFF``.
        """
    @property
    def copies(self, /) -> int | None:
        """
        How often each block is kept, 1 to 3.
        """
    @property
    def deduplication(self, /) -> str | None:
        """
        Whether equal blocks are kept once: ``ON``, ``VERIFY`` or ``OFF``.
        """
    @property
    def exec(self, /) -> bool | None:
        """
        Whether programs in it can be run.
        """
    @property
    def inherit(self, /) -> list[str] | None:
        """
        Settings that become the parent's again, by their names.
        """
    @property
    def quota(self, /) -> int | None:
        """
        The most that it and what is below it may hold; of file systems only, and from 25.10 on at least 1 GiB.
        """
    @property
    def readonly(self, /) -> bool | None:
        """
        Whether it cannot be written to.
        """
    @property
    def recordsize(self, /) -> str | None:
        """
        The greatest length of a block, such as ``128K``; of file systems only.
        """
    @property
    def refquota(self, /) -> int | None:
        """
        The most that it may hold by itself; of file systems only, and from 25.10 on at least 1 GiB.
        """
    @property
    def refreservation(self, /) -> int | None:
        """
        What is kept for it by itself.
        """
    @property
    def reservation(self, /) -> int | None:
        """
        What is kept for it and what is below it.
        """
    @property
    def snapdir(self, /) -> str | None:
        """
        Whether the directory of the snapshots is shown: ``VISIBLE`` or ``HIDDEN``.
        """
    @property
    def special_small_block_size(self, /) -> int | None:
        """
        Blocks up to this many bytes go to the special devices.
        """
    @property
    def sync(self, /) -> str | None:
        """
        When what is written is really written: ``STANDARD``, ``ALWAYS`` or ``DISABLED``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def user_properties(self, /) -> dict[str, str] | None:
        """
        User properties to set; the others stay.
        """
    @property
    def volsize(self, /) -> int | None:
        """
        A volume's size, which only grows.
        """
    @property
    def without_user_properties(self, /) -> list[str] | None:
        """
        User properties to remove; what a parent sets shows again.
        """

@final
class UpdateGroup:
    """
    What to change about a group.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str | None = None, smb: bool | None = None, users: SupportsGetItem[int, SupportsIndex] | None = None, sudo: SupportsGetItem[int, str] | None = None, sudo_without_password: SupportsGetItem[int, str] | None = None) -> UpdateGroup: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def name(self, /) -> str | None:
        """
        Another name.
        """
    @property
    def smb(self, /) -> bool | None:
        """
        Whether shares of SMB can name it.
        """
    @property
    def sudo(self, /) -> list[str] | None:
        """
        What its members may run as root with their passwords.
        """
    @property
    def sudo_without_password(self, /) -> list[str] | None:
        """
        What its members may run as root without a password.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def users(self, /) -> list[int] | None:
        """
        Exactly these users are in it.
        """

@final
class UpdateReplication:
    """
    What to change about a task.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str | None = None, enabled: bool | None = None, schedule: SnapshotSchedule | None = None, exclude: SupportsGetItem[int, str] | None = None, properties_exclude: SupportsGetItem[int, str] | None = None, retention: Lifetime | str | None = None, speed_limit: SupportsIndex | None = None, matching: CreateReplication | None = None, inherits_encryption: bool = False, without: SupportsGetItem[int, str] | None = None) -> UpdateReplication: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def enabled(self, /) -> bool | None:
        """
        Whether it may run.
        """
    @property
    def exclude(self, /) -> list[str] | None:
        """
        Children to leave out, all of them.
        """
    @property
    def inherits_encryption(self, /) -> bool:
        """
        The target takes its parent's encryption. Not on CORE.
        """
    @property
    def matching(self, /) -> CreateReplication | None:
        """
        Everything but the key of the target becomes as this request would create it.
        """
    @property
    def name(self, /) -> str | None:
        """
        Its name.
        """
    @property
    def properties_exclude(self, /) -> list[str] | None:
        """
        Properties that are not sent, all of them.
        """
    @property
    def retention(self, /) -> Lifetime | str | None:
        """
        What becomes of snapshots on the target.
        """
    @property
    def schedule(self, /) -> SnapshotSchedule | None:
        """
        When it runs by itself; none means that it does not, unless it is bound to snapshot tasks.
        """
    @property
    def speed_limit(self, /) -> int | None:
        """
        Bytes per second at most; none lifts the limit.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def without(self, /) -> list[str] | None:
        """
        What is taken away: ``schedule``, ``speed_limit``, ``encryption``.
        """

@final
class UpdateSnapshotTask:
    """
    What to change about a task.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, enabled: bool | None = None, dataset: str | None = None, recursive: bool | None = None, exclude: SupportsGetItem[int, str] | None = None, lifetime: Lifetime | None = None, naming_schema: str | None = None, schedule: SnapshotSchedule | None = None, allow_empty: bool | None = None, removal_dates: str | None = None, matching: CreateSnapshotTask | None = None) -> UpdateSnapshotTask: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def allow_empty(self, /) -> bool | None:
        """
        Whether a snapshot is made when nothing has changed.
        """
    @property
    def dataset(self, /) -> str | None:
        """
        Which dataset it snapshots.
        """
    @property
    def enabled(self, /) -> bool | None:
        """
        Whether it runs at all.
        """
    @property
    def exclude(self, /) -> list[str] | None:
        """
        Children left out, all of them.
        """
    @property
    def lifetime(self, /) -> Lifetime | None:
        """
        How long its snapshots are kept: those that there are, too.
        """
    @property
    def matching(self, /) -> CreateSnapshotTask | None:
        """
        Everything becomes as this request would create it.
        """
    @property
    def naming_schema(self, /) -> str | None:
        """
        The names of its snapshots. Those that have another name are no longer its own.
        """
    @property
    def recursive(self, /) -> bool | None:
        """
        Whether the children are snapshot too.
        """
    @property
    def removal_dates(self, /) -> str | None:
        """
        What becomes of snapshots that are no longer its own after this change.
        """
    @property
    def schedule(self, /) -> SnapshotSchedule | None:
        """
        When it runs.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class UpdateSnmp:
    """
    What to change about SNMP. With the three members of version 3, which go together, versions 1 and 2 are off.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, v3_username: str | None = None, v3_authentication: str | None = None, v3_privacy: str | None = None, location: str | None = None, contact: str | None = None, traps: bool | None = None) -> UpdateSnmp: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def contact(self, /) -> str | None:
        """
        Whom to turn to.
        """
    @property
    def location(self, /) -> str | None:
        """
        Where the appliance stands.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def traps(self, /) -> bool | None:
        """
        Whether it sends traps.
        """
    @property
    def v3_authentication(self, /) -> str | None:
        """
        How its messages are authenticated.
        """
    @property
    def v3_privacy(self, /) -> str | None:
        """
        How its messages are encrypted.
        """
    @property
    def v3_username(self, /) -> str | None:
        """
        The user of version 3.
        """

@final
class UpdateSsh:
    """
    What to change about the SSH service.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, tcpport: SupportsIndex | None = None, bindiface: SupportsGetItem[int, str] | None = None, passwordauth: bool | None = None, password_login_groups: SupportsGetItem[int, str] | None = None, kerberosauth: bool | None = None, tcpfwd: bool | None = None, compression: bool | None = None, sftp_log_level: str | None = None, sftp_log_facility: str | None = None, weak_ciphers: SupportsGetItem[int, str] | None = None, options: str | None = None) -> UpdateSsh: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bindiface(self, /) -> list[str] | None:
        """
        The interfaces that it listens on; none means all.
        """
    @property
    def compression(self, /) -> bool | None:
        """
        Whether connections are compressed.
        """
    @property
    def kerberosauth(self, /) -> bool | None:
        """
        Whether users may log in by Kerberos.
        """
    @property
    def options(self, /) -> str | None:
        """
        Further lines of sshd's configuration, all of them.
        """
    @property
    def password_login_groups(self, /) -> list[str] | None:
        """
        The groups whose members may log in with their passwords all the same.
        """
    @property
    def passwordauth(self, /) -> bool | None:
        """
        Whether users may log in with their passwords.
        """
    @property
    def sftp_log_facility(self, /) -> str | None:
        """
        Under what SFTP logs, such as ``AUTH``; empty means sshd's default.
        """
    @property
    def sftp_log_level(self, /) -> str | None:
        """
        How much SFTP logs, such as ``INFO``; empty means sshd's default.
        """
    @property
    def tcpfwd(self, /) -> bool | None:
        """
        Whether users may forward ports.
        """
    @property
    def tcpport(self, /) -> int | None:
        """
        The port that it listens at.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def weak_ciphers(self, /) -> list[str] | None:
        """
        The weak ciphers that are allowed all the same: ``AES128-CBC``, ``NONE``.
        """

@final
class UpdateUser:
    """
    What to change about a user. Its number cannot be changed from 25.04 on, so not at all here.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, username: str | None = None, full_name: str | None = None, shell: str | None = None, email: str | None = None, group: SupportsIndex | None = None, groups: SupportsGetItem[int, SupportsIndex] | None = None, home: str | None = None, home_within: str | None = None, home_mode: str | None = None, ssh_public_key: str | None = None, ssh_password: bool | None = None, password_disabled: bool | None = None, locked: bool | None = None, smb: bool | None = None, sudo: SupportsGetItem[int, str] | None = None, sudo_without_password: SupportsGetItem[int, str] | None = None, without: SupportsGetItem[int, str] | None = None) -> UpdateUser: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def email(self, /) -> str | None:
        """
        Where mail to it goes; none for nowhere.
        """
    @property
    def full_name(self, /) -> str | None:
        """
        What people call it.
        """
    @property
    def group(self, /) -> int | None:
        """
        Another first group.
        """
    @property
    def groups(self, /) -> list[int] | None:
        """
        Exactly these other groups.
        """
    @property
    def home(self, /) -> str | None:
        """
        Another home, which is there already. What the old one holds is copied, except on a release that moves it.
        """
    @property
    def home_mode(self, /) -> str | None:
        """
        Who may do what in its home, in octal digits.
        """
    @property
    def home_within(self, /) -> str | None:
        """
        A home of its name that the appliance makes in this directory, below ``/mnt``.
        """
    @property
    def locked(self, /) -> bool | None:
        """
        Whether it cannot log in.
        """
    @property
    def password_disabled(self, /) -> bool | None:
        """
        Whether no password lets it in.
        """
    @property
    def shell(self, /) -> str | None:
        """
        Another shell.
        """
    @property
    def smb(self, /) -> bool | None:
        """
        Whether it may use shares of SMB. To let it, its password has to be set anew.
        """
    @property
    def ssh_password(self, /) -> bool | None:
        """
        Whether it may log in by SSH with its password.
        """
    @property
    def ssh_public_key(self, /) -> str | None:
        """
        The keys that it logs in by SSH with; none takes them away.
        """
    @property
    def sudo(self, /) -> list[str] | None:
        """
        What it may run as root with its password.
        """
    @property
    def sudo_without_password(self, /) -> list[str] | None:
        """
        What it may run as root without.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def username(self, /) -> str | None:
        """
        Another name.
        """
    @property
    def without(self, /) -> list[str] | None:
        """
        What is taken away: ``email``, ``ssh_public_key``.
        """

@final
class User:
    """
    A local user (TrueNAS middleware 13.3 to 26, ``user.query``). What a release does not say is ``None``, or empty.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, uid: SupportsIndex, username: str, full_name: str, home: str, shell: str, group: PrimaryGroup, groups: SupportsGetItem[int, SupportsIndex], email: str | None = None, locked: bool, password_disabled: bool, ssh_password_enabled: bool | None = None, sshpubkey: str | None = None, sudo_commands: SupportsGetItem[int, str], sudo_commands_nopasswd: SupportsGetItem[int, str], smb: bool, builtin: bool, immutable: bool | None = None, local: bool | None = None, id_type_both: bool | None = None, sid: str | None = None, roles: SupportsGetItem[int, str], api_keys: SupportsGetItem[int, SupportsIndex], twofactor_auth_configured: bool | None = None, password_change_required: bool | None = None, last_password_change: datetime | None = None, password_age: SupportsIndex | None = None, userns_idmap: SupportsIndex | str | None = None, webshare: bool | None = None, unixhash: Secret | Redacted | None = ..., smbhash: Secret | Redacted | None = ..., password: Secret | Redacted | None = ...) -> User: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def api_keys(self, /) -> list[int]:
        """
        Its API keys, from 25.04 on.
        """
    @property
    def builtin(self, /) -> bool:
        """
        Whether it is the system's own.
        """
    @property
    def email(self, /) -> str | None:
        """
        Where mail to it goes.
        """
    @property
    def full_name(self, /) -> str:
        """
        What people call it.
        """
    @property
    def group(self, /) -> PrimaryGroup:
        """
        Its first group.
        """
    @property
    def groups(self, /) -> list[int]:
        """
        The other groups that it is in.
        """
    @property
    def home(self, /) -> str:
        """
        Its home directory; ``/var/empty`` or ``/nonexistent`` for none.
        """
    @property
    def id(self, /) -> int:
        """
        Its row.
        """
    @property
    def id_type_both(self, /) -> bool | None:
        """
        Whether it stands for a group as well; up to 25.04.
        """
    @property
    def immutable(self, /) -> bool | None:
        """
        Whether its name, home and group cannot be changed.
        """
    @property
    def last_password_change(self, /) -> datetime | None:
        """
        When its password was set.
        """
    @property
    def local(self, /) -> bool | None:
        """
        Whether it is this appliance's own, and not of a directory service.
        """
    @property
    def locked(self, /) -> bool:
        """
        Whether it cannot log in at all.
        """
    @property
    def password(self, /) -> Secret | Redacted | None:
        """
        The password that the appliance made for it: in the answer to the call that asked for one, and never again.
        """
    @property
    def password_age(self, /) -> int | None:
        """
        How many days ago that was.
        """
    @property
    def password_change_required(self, /) -> bool | None:
        """
        Whether it has to choose another password when it logs in next.
        """
    @property
    def password_disabled(self, /) -> bool:
        """
        Whether no password lets it in.
        """
    @property
    def roles(self, /) -> list[str]:
        """
        What its groups let it do by the API, from 24.10 on.
        """
    @property
    def shell(self, /) -> str:
        """
        Its shell, by its path.
        """
    @property
    def sid(self, /) -> str | None:
        """
        Its security identifier, where it uses SMB.
        """
    @property
    def smb(self, /) -> bool:
        """
        Whether it may use shares of SMB.
        """
    @property
    def smbhash(self, /) -> Secret | Redacted | None:
        """
        The hash of its password for SMB.
        """
    @property
    def ssh_password_enabled(self, /) -> bool | None:
        """
        Whether it may log in by SSH with its password. CORE has one setting for everybody, and says nothing here.
        """
    @property
    def sshpubkey(self, /) -> str | None:
        """
        The keys that it logs in by SSH with, one a line.
        """
    @property
    def sudo_commands(self, /) -> list[str]:
        """
        What it may run as root with its password; ``ALL`` for anything.
        """
    @property
    def sudo_commands_nopasswd(self, /) -> list[str]:
        """
        What it may run as root without.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def twofactor_auth_configured(self, /) -> bool | None:
        """
        Whether it logs in with a one-time code besides.
        """
    @property
    def uid(self, /) -> int:
        """
        The number that the system knows it by.
        """
    @property
    def unixhash(self, /) -> Secret | Redacted | None:
        """
        The hash of its password.
        """
    @property
    def username(self, /) -> str:
        """
        Its name.
        """
    @property
    def userns_idmap(self, /) -> int | str | None:
        """
        Who it is within containers, from 25.04 on.
        """
    @property
    def webshare(self, /) -> bool | None:
        """
        Whether it may use web shares, from 26 on.
        """

@final
class UserProperty:
    """
    A user property as a dataset shows it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, value: str, source: str) -> UserProperty: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def source(self, /) -> str:
        """
        Where it comes from. From 25.10 on the appliance says ``Local`` of inherited ones too (TrueNAS middleware 25.10,
        ``plugins/pool_/dataset.py``): only a root dataset's are certainly its own.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def value(self, /) -> str:
        """
        Its value.
        """

@final
class Users:
    """
    Local users.
    """
    def create(self, /, user: CreateUser, password: Secret | str | None = None, *, random_password: bool = False, timeout: float | None = None) -> User:
        """
        Adds a user. Up to 24.10 the appliance answers with a number only, and the user is read after it.

        Errors by their ``kind``: ``invalid_request`` before anything is sent, where the request breaks a rule that every release has;
        ``outcome_unknown`` when the answer is lost, also that of the reading: look before creating again; ``validation`` (a name that is taken, a
        home that is not on a pool), ``unauthorized``; ``unsupported`` for what the release lacks.
        """
    def delete(self, /, id: SupportsIndex, group: str, *, timeout: float | None = None) -> None:
        """
        Deletes a user, and with it its group where nobody else is in that. Its home stays, and its API keys let nobody in any more.

        Errors by their ``kind``: ``rejected`` for a user of the system's; ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def find(self, /, query: Query, *, timeout: float | None = None) -> List[User]:
        """
        The users that a query finds.

        Errors by their ``kind``: Those of every reading call; ``invalid_request`` when the query breaks a rule.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> User:
        """
        One user.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> List[User]:
        """
        Every local user, those that the system has of itself among them.

        Errors by their ``kind``: Those of every reading call.
        """
    def named(self, /, name: str, *, timeout: float | None = None) -> User:
        """
        One user by name.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def next_uid(self, /, *, timeout: float | None = None) -> int:
        """
        The first number that no user has. By the time that it is used somebody else may have it: left out of a request, the appliance
        chooses one itself.

        Errors by their ``kind``: Those of every reading call.
        """
    def set_password(self, /, id: SupportsIndex, password: Secret | str, *, timeout: float | None = None) -> User:
        """
        Sets a user's password.

        Errors by their ``kind``: As ``update``.
        """
    def shell_choices(self, /, groups: SupportsGetItem[int, SupportsIndex], *, timeout: float | None = None) -> dict[str, str]:
        """
        The shells that a user in these groups may have: name by path. CORE offers the same to everybody.

        Errors by their ``kind``: Those of every reading call.
        """
    def update(self, /, id: SupportsIndex, changes: UpdateUser, *, timeout: float | None = None) -> User:
        """
        Changes a user.

        Errors by their ``kind``: As ``create``, and ``not_found``.
        """

@final
class Verification:
    """
    What the appliance found when it tried a credential.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, valid: bool, error: str | None = None, excerpt: str | None = None) -> Verification: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def error(self, /) -> str | None:
        """
        Why not, in short.
        """
    @property
    def excerpt(self, /) -> str | None:
        """
        The last lines of what rclone said.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def valid(self, /) -> bool:
        """
        Whether it could log in and list buckets.
        """

@final
class Who:
    """
    Who is logged in.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, username: str | None = None, api_key: KeyOfSession | None = None) -> Who: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def api_key(self, /) -> KeyOfSession | None:
        """
        The API key, where it was one.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def username(self, /) -> str | None:
        """
        The user's name, from 24.10 on.
        """

def reads() -> list[str]:
    """
    The operations that change nothing: the only typed ones that a read-only client sends.
    """

def writes() -> list[str]:
    """
    The operations that a read-only client refuses.
    """
