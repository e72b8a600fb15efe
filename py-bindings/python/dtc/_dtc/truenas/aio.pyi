"""
The same calls for asyncio: each returns a coroutine.
"""

from . import Alert, AlertCategory, ApiKeyEntry, Attachment, Change, CloudBucket, CloudCredential, CloudFile, CloudProvider, CloudSync, CloudSyncSecrets, CreateApiKey, CreateCloudSync, CreateDataset, CreateGroup, CreateReplication, CreateSnapshot, CreateSnapshotTask, CreateUser, Dataset, DatasetOverview, DatasetSettings, DestinationKey, DirEntry, EligibleSnapshots, EncryptionSummary, FileStat, FileSystemStat, General, GeneratedKeyPair, Group, HostKey, Info, Interface, JobStatus, KeyOf, KeyPair, KeyProof, KeychainUse, Me, Member, Mount, NewApiKey, NewKey, PeerLogin, Pool, Query, Replication, ReplicationConfig, RunReplication, SemiAutomatic, Service, Session, Snapshot, SnapshotDetails, SnapshotTask, SnmpConfig, SnmpSecrets, SshConfig, SshConnection, SshTarget, StoredJob, Support, UnknownEntry, UnlockDatasets, UnmatchedSnapshots, UpdateApiKey, UpdateCloudSync, UpdateDataset, UpdateGroup, UpdateReplication, UpdateSnapshotTask, UpdateSnmp, UpdateSsh, UpdateUser, User, Verification
from ..b2 import Wait
from ..crypt import Secret
from _typeshed import SupportsGetItem, SupportsRead, SupportsWrite
from collections.abc import Callable, Coroutine
from os import PathLike
from typing import Any, List, SupportsIndex, final

__all__ = ["Alerts", "ApiKeys", "Changes", "Client", "CloudCredentials", "CloudSyncs", "Datasets", "Download", "Filesystem", "Groups", "Interfaces", "Job", "JobLog", "Jobs", "Keychain", "ListedJobs", "Pools", "Replications", "Rows", "Services", "Sessions", "SnapshotTasks", "Snapshots", "Snmp", "Ssh", "System", "Users"]

@final
class Alerts:
    """
    Alerts: what the appliance wants people to know.
    """
    def categories(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[AlertCategory]]:
        """
        What there can be alerts about, by category.

        Errors by their ``kind``: Those of every reading call.
        """
    def dismiss(self, /, uuid: str, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Dismisses an alert. One that comes ``once`` is gone then; another stays listed as dismissed. An alert that is not
        there is no error.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost (dismissing it again is harmless); ``unauthorized``.
        """
    def list(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Alert]]:
        """
        Every alert there is, dismissed ones among them.

        Errors by their ``kind``: Those of every reading call.
        """
    def restore(self, /, uuid: str, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Takes back that an alert was dismissed. An alert that is gone is no error.

        Errors by their ``kind``: As ``dismiss``.
        """

@final
class ApiKeys:
    """
    API keys: of users from 25.04 on, of nobody before.
    """
    def convert(self, /, key: Secret | str, *, timeout: float | None = None) -> Coroutine[Any, Any, KeyProof]:
        """
        What a client can keep in place of a key, to log in by proof without it: from 26 on.

        Errors by their ``kind``: ``unsupported`` before 26; ``validation`` when it is no key of this appliance, or is revoked; those of every
        reading call.
        """
    def create(self, /, key: CreateApiKey, *, timeout: float | None = None) -> Coroutine[Any, Any, NewApiKey]:
        """
        Makes an API key. The answer holds it, this once: an appliance never shows it again.

        Errors by their ``kind``: ``invalid_request`` for a name of no or more than 200 characters; ``outcome_unknown`` when the answer is lost:
        the key was made or not, nobody has it, and it should be looked for by its name and deleted; ``validation`` (a name that is taken, a user
        without roles, a date in the past); ``unauthorized``; ``unsupported`` for a form of keys that the release lacks.
        """
    def delete(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Deletes an API key. Connections that were logged in with it stay until they end.

        Errors by their ``kind``: ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, ApiKeyEntry]:
        """
        One API key, without the key itself.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[ApiKeyEntry]]:
        """
        Every API key, without the keys themselves.

        Errors by their ``kind``: Those of every reading call.
        """
    def mine(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[ApiKeyEntry]]:
        """
        The API keys of the user whose credentials these are.

        Errors by their ``kind``: ``unsupported`` before 25.04, where a key is nobody's; those of every reading call.
        """
    def reset(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, NewApiKey]:
        """
        Gives an API key another secret, which also lets a revoked one be used again. Whoever uses the old one is locked out.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost: the old key may be void and the new one known to nobody, so do it
        again; ``not_found``, ``unauthorized``.
        """
    def update(self, /, id: SupportsIndex, changes: UpdateApiKey, *, timeout: float | None = None) -> Coroutine[Any, Any, ApiKeyEntry]:
        """
        Changes an API key, but not the key itself.

        Errors by their ``kind``: As ``create``, and ``not_found``.
        """

@final
class Changes:
    """
    What happens to the rows of a collection, without end.
    """
    def __aiter__(self, /) -> Changes: ...
    def __anext__(self, /) -> Coroutine[Any, Any, Change]: ...

@final
class Client:
    """
    An appliance, logged in to: made by ``Client.connect``. It keeps its connection, opens it again when it is lost, and may be used by several
    threads.

    Every call takes ``timeout=`` in seconds, beside the time-outs of the client. A read that it ends raises ``TransportError``, a write
    ``OutcomeUnknown``: up to 25.10 a call goes on when its connection is gone.
    """
    def __aenter__(self, /) -> Coroutine[Any, Any, Client]: ...
    def __aexit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> Coroutine[Any, Any, None]: ...
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
    def bulk(self, /, method: str, params: SupportsGetItem[int, SupportsGetItem[int, Any]], limit: float, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Member]]:
        """
        Has the appliance call a method once for each list of parameters, one after the other, and waits for all of them, at most for
        ``limit`` seconds. The outcome of each is judged by itself. It is a write, whatever the method is.
        """
    def call(self, /, method: str, params: SupportsGetItem[int, Any] | None = None, *, reads: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, Any]:
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
    def connect(address: str, *, api_key: Secret | str | None = None, user: str | None = None, password: Secret | str | None = None, one_time_code: Secret | str | None = None, token: Secret | str | None = None, fingerprint: str | None = None, certificate: str | None = None, attempts: SupportsIndex | None = None, backoff: tuple[float, float] | None = None, deadline: float | None = None, connect_timeout: float | None = None, idle_timeout: float | None = None, minimum_rate: SupportsIndex | None = None, on_wait: Callable[[Wait], object] | None = None, read_only: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, Client]:
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
    def count(self, /, method: str, query: Query | None = None, *, timeout: float | None = None) -> Coroutine[Any, Any, int]:
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
    def first(self, /, method: str, query: Query | None = None, *, timeout: float | None = None) -> Coroutine[Any, Any, Any]:
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
    def ping(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Asks the appliance for a sign of life: that it is there, and that this connection is logged in.
        """
    @property
    def pools(self, /) -> Pools:
        """
        Pools.
        """
    def query(self, /, method: str, query: Query | None = None, *, timeout: float | None = None) -> Coroutine[Any, Any, list[Any]]:
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
class CloudCredentials:
    """
    Credentials by which the appliance logs in to clouds.
    """
    def create(self, /, name: str, account: str, key: Secret | str, *, timeout: float | None = None) -> Coroutine[Any, Any, CloudCredential]:
        """
        Stores a B2 credential. The appliance does not try it: ``verify`` first.

        Errors by their ``kind``: ``invalid_request`` when the key or its id would not survive in rclone's configuration; ``outcome_unknown`` when
        the answer is lost: look before creating again; ``validation`` (a name that is taken), ``unauthorized``.
        """
    def create_bucket(self, /, id: SupportsIndex, name: str, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Makes a bucket with a stored credential. Backblaze B2 is not among the clouds that the appliance can do this at.

        Errors by their ``kind``: ``rejected`` when the cloud cannot, or refuses; ``not_found``; ``unsupported`` on CORE; ``outcome_unknown`` when
        the answer is lost; ``unauthorized``.
        """
    def delete(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Deletes a stored credential; refused while a task uses it.

        Errors by their ``kind``: ``rejected`` while in use; ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, CloudCredential]:
        """
        One stored credential.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[CloudCredential]]:
        """
        Every stored credential.

        Errors by their ``kind``: Those of every reading call.
        """
    def list_buckets(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, List[CloudBucket]]:
        """
        The buckets that a stored credential opens.

        Errors by their ``kind``: ``not_found``; ``rejected`` with rclone's words when the cloud refuses the credential; those of every reading
        call; ``unauthorized`` for who may only read.
        """
    def update(self, /, id: SupportsIndex, name: str, account: str, key: Secret | str, *, timeout: float | None = None) -> Coroutine[Any, Any, CloudCredential]:
        """
        Replaces a stored credential, its name and provider included.

        Errors by their ``kind``: As ``create``, and ``not_found``.
        """
    def verify(self, /, account: str, key: Secret | str, *, timeout: float | None = None) -> Coroutine[Any, Any, Verification]:
        """
        Has the appliance log in with a key and list buckets, without storing anything. On a dead network this takes most of a minute.

        Errors by their ``kind``: Those of every reading call. A key that B2 refuses is no error but an answer.
        """

@final
class CloudSyncs:
    """
    Cloud sync tasks: a directory of the appliance, copied to a bucket by rclone.
    """
    def abort(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, bool]:
        """
        Aborts a task's run. Says whether there was one.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost (aborting again is harmless); ``not_found``, ``unauthorized``.
        """
    def create(self, /, task: CreateCloudSync, crypt: CloudSyncSecrets, *, timeout: float | None = None) -> Coroutine[Any, Any, CloudSync]:
        """
        Sets up a task that encrypts what it sends.

        Errors by their ``kind``: ``invalid_request`` when times of its bandwidth limits do not rise, a part is smaller than 5 MiB, or its path is
        not under ``/mnt``; ``outcome_unknown`` when the answer is lost: look before creating again; ``validation``, ``unauthorized``;
        ``redacted_secret`` when a secret is only the placeholder of one.
        """
    def delete(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Deletes a task; a run under way is aborted first. What is in the bucket stays.

        Errors by their ``kind``: ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, CloudSync]:
        """
        One task.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[CloudSync]]:
        """
        Every cloud sync task.

        Errors by their ``kind``: Those of every reading call.
        """
    def list_directory(self, /, credential: SupportsIndex, bucket: str, folder: str, *, filename_encryption: bool = False, crypt: CloudSyncSecrets | None = None, timeout: float | None = None) -> Coroutine[Any, Any, List[CloudFile]]:
        """
        What is in a folder of a bucket, by the names that it has there.

        Errors by their ``kind``: ``rejected`` with rclone's words when the folder or the bucket is not there, or the credential does not open it;
        ``not_found`` when there is no such credential; those of every reading call; ``unauthorized`` for who may only read.
        """
    def providers(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[CloudProvider]]:
        """
        The clouds that the appliance knows.

        Errors by their ``kind``: Those of every reading call.
        """
    def restore(self, /, id: SupportsIndex, description: str, path: str, *, transfer_mode: str | None = None, timeout: float | None = None) -> Coroutine[Any, Any, CloudSync]:
        """
        Makes the task that brings back what a task has sent, with its schedule and its secrets. It is disabled. The folder is looked for in
        the bucket first.

        Errors by their ``kind``: ``invalid_request`` for a path that is no place for files; ``validation`` when the folder is not there;
        ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def run(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Job]:
        """
        Starts a task now. While it runs already, the appliance queues one more run and answers with that one's job.

        The job is looked at before it is taken for this task's. To an appliance that is newer than this package, one start is sent at a time.

        Errors by their ``kind``: ``not_started`` when the appliance answered with another task's job; ``outcome_unknown`` when the answer is
        lost: ``job`` shows whether it runs; ``not_found``, ``unauthorized``.
        """
    def run_dry(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Job]:
        """
        Tries a task out: the job ends as a run would, and its log says what it would do; nothing is sent or deleted. On every release such
        a start shares a lock with every other one of its kind, so only one is sent at a time.

        Errors by their ``kind``: As ``run``.
        """
    def run_once(self, /, task: CreateCloudSync, crypt: CloudSyncSecrets, *, trial: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, Job]:
        """
        Runs what is no task, once; whether it is enabled and when it runs do not count. A refusal of its settings fails the job, with the fields.
        A trial sends and deletes nothing.

        Errors by their ``kind``: As ``create``.
        """
    def update(self, /, id: SupportsIndex, changes: UpdateCloudSync, crypt: CloudSyncSecrets | None = None, *, timeout: float | None = None) -> Coroutine[Any, Any, CloudSync]:
        """
        Changes a task. With secrets, encryption is on and they are its password and salt; without, both stay as they are.

        Changing password, salt, bucket or folder re-encrypts and moves nothing: what is in the bucket stays as it was.

        Errors by their ``kind``: As ``create``, and ``not_found``.
        """

@final
class Datasets:
    """
    Datasets: file systems and volumes, their settings, user properties and keys.
    """
    def attachments(self, /, id: str, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Attachment]]:
        """
        The services and enabled tasks that need a dataset or one below it: they end when it is locked, and go when it is removed.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def change_key(self, /, id: str, key: NewKey, *, timeout: float | None = None) -> Coroutine[Any, Any, Job]:
        """
        Gives an encrypted dataset that is unlocked another key or passphrase. What it holds is not encrypted anew.

        Errors by their ``kind``: As ``unlock``. The job fails for a passphrase above datasets with keys, and for a key below a passphrase.
        """
    def create(self, /, dataset: CreateDataset, *, timeout: float | None = None) -> Coroutine[Any, Any, Dataset]:
        """
        Makes a dataset: a file system or a volume.

        Errors by their ``kind``: ``invalid_request`` when a key or a passphrase cannot be one, or the device GUID is set on a dataset that is no
        pool's root; nothing was sent then. ``outcome_unknown`` when the answer is lost, and on CORE also when a user property could not be set
        after the dataset was made: look before making it again; ``validation``, ``unauthorized``; ``unsupported`` for what the release lacks.
        """
    def delete(self, /, id: str, *, with_children: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Removes a dataset, and with it the snapshot tasks, cloud syncs and shares that are about it. One that has children or snapshots is
        removed with ``True`` only, and then with all of them.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``not_found``, ``unauthorized``; ``rejected`` when it has children,
        holds or clones.
        """
    def encryption_summary(self, /, id: str, keys: SupportsGetItem[int, KeyOf], limit: float, *, timeout: float | None = None) -> Coroutine[Any, Any, List[EncryptionSummary]]:
        """
        What unlocking a dataset and all below it would come to, with these keys and those that the appliance keeps; nothing is unlocked.

        Errors by their ``kind``: ``invalid_request`` for a key that cannot be one; ``job_failed``; ``job_unfinished`` after ``limit``; those of
        every reading call.
        """
    def export_key(self, /, id: str, limit: float, *, timeout: float | None = None) -> Coroutine[Any, Any, Secret]:
        """
        The key of a dataset that has one of its own, which the appliance keeps: never a passphrase.

        Errors by their ``kind``: ``job_failed`` when it has none; ``job_unfinished`` after ``limit``; ``unauthorized``, and those of every
        reading call.
        """
    def export_keys(self, /, id: str, limit: float, *, timeout: float | None = None) -> Coroutine[Any, Any, dict[str, Secret]]:
        """
        The keys that the appliance keeps of a dataset and all below it. Passphrases are never among them.

        Errors by their ``kind``: ``job_failed``; ``unauthorized``, ``unreachable``, and those of every reading call.
        """
    def export_keys_for_replication(self, /, replication: SupportsIndex, limit: float, *, timeout: float | None = None) -> Coroutine[Any, Any, dict[str, Secret]]:
        """
        The keys of the sources of a replication task that pushes, by the names that the datasets have at its target.

        Errors by their ``kind``: ``unsupported`` on CORE; ``job_failed`` when there is no such task or it pulls; otherwise as ``export_keys``.
        """
    def get(self, /, id: str, *, timeout: float | None = None) -> Coroutine[Any, Any, Dataset]:
        """
        One dataset.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def inherit_encryption(self, /, id: str, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Makes an encrypted dataset take its parent's key in place of its own.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``not_found``, ``unauthorized``; ``rejected`` when it is locked,
        has no key of its own, or its parent is not encrypted.
        """
    def list(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Dataset]]:
        """
        Every dataset of every pool, parents before their children's details: one flat list.

        Errors by their ``kind``: Those of every reading call.
        """
    def lock(self, /, id: str, *, force: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, Job]:
        """
        Locks a dataset that is encrypted by a passphrase of its own: its files, and those of every dataset below it, cannot be reached until
        it is unlocked again. ``force`` ends what uses them.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``unauthorized``. The job fails for a dataset that is not
        encrypted, is locked already, is encrypted by a key in place of a passphrase, or by its parent's.
        """
    def mounts(self, /, pools: SupportsGetItem[int, str], *, timeout: float | None = None) -> Coroutine[Any, Any, List[Mount]]:
        """
        Whether each dataset of these pools is mounted, root datasets included, in one request. Volumes are left out: they are never
        mounted.

        Ask about imported pools only, those that ``list`` shows a dataset of.

        Errors by their ``kind``: Those of every reading call.
        """
    def overview(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[DatasetOverview]]:
        """
        Every pool's root dataset with what is below it, each with the number of its tasks, shares and snapshots.

        Errors by their ``kind``: ``unsupported`` on CORE; those of every reading call.
        """
    def remove_user_property(self, /, id: str, name: str, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Removes one user property and leaves the others as they are. What a parent sets shows again.

        Errors by their ``kind``: As ``set_user_property``.
        """
    def set_user_property(self, /, id: str, name: str, value: str, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Sets one user property and leaves the others as they are. Children inherit it.

        Errors by their ``kind``: ``invalid_request`` when it is the device GUID and the dataset is no pool's root; ``outcome_unknown`` when the
        answer is lost; ``not_found``, ``unauthorized``, ``validation``.
        """
    def settings(self, /, id: str, *, timeout: float | None = None) -> Coroutine[Any, Any, DatasetSettings]:
        """
        The settings of one dataset: each with its value, and where it comes from.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def snapshot_count(self, /, id: str, *, timeout: float | None = None) -> Coroutine[Any, Any, int]:
        """
        How many snapshots a dataset has, those below it not counted.

        Errors by their ``kind``: ``not_found``, which CORE answers with 0; those of every reading call.
        """
    def unlock(self, /, id: str, how: UnlockDatasets, *, timeout: float | None = None) -> Coroutine[Any, Any, Job]:
        """
        Unlocks a dataset, and those below it where that is asked for. A key that is given is kept by the appliance, a passphrase never.

        The job succeeds though some datasets stay locked: look at ``failed``.

        Errors by their ``kind``: ``invalid_request`` for a key or passphrase that cannot be one; ``unsupported`` on CORE for a key that serves
        children; ``outcome_unknown`` when the answer is lost; ``unauthorized``. The job fails for a dataset that is not locked or whose parent
        is.
        """
    def update(self, /, id: str, changes: UpdateDataset, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Changes settings and user properties of a dataset; what is not named stays.

        Errors by their ``kind``: As ``create``, and ``not_found``.
        """

@final
class Download:
    """
    A file that is being fetched, to be read once. One that has another length than was said raises ``TransportError``.
    """
    def __aenter__(self, /) -> Coroutine[Any, Any, Download]: ...
    def __aexit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> Coroutine[Any, Any, None]: ...
    def __aiter__(self, /) -> Download: ...
    def __anext__(self, /) -> Coroutine[Any, Any, bytes]: ...
    def close(self, /) -> None:
        """
        Ends the download.
        """
    @property
    def length(self, /) -> int:
        """
        How many bytes the file was said to have.
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
class Filesystem:
    """
    Files on the appliance: what they are, and their content.
    """
    def get(self, /, path: str, length: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Download]:
        """
        The content of a file of this length, as a stream of pieces. The appliance sends it outside the socket, under the same trust.

        An appliance that fails half way ends the content early and says nothing. So the length, from ``size`` or
        ``size``, is given: a content that ends before it, or goes on after it, ends the stream with an error.

        Errors by their ``kind``: ``not_found``, ``unreachable``, and those of every reading call; also as the last piece of the stream.
        ``rejected`` with HTTP status 410 when the content was not fetched within a minute of being asked for, and with 401 when it was asked for
        from another address, as behind a router with several exits.
        """
    def list_dir(self, /, path: str, *, timeout: float | None = None) -> Coroutine[Any, Any, List[DirEntry]]:
        """
        The entries of a directory, sorted by name.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def make_directory(self, /, path: str, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Makes a directory. Its parent has to exist.

        Errors by their ``kind``: ``rejected`` or ``validation`` when it exists or may not be there, ``unauthorized``; ``unsupported`` on CORE;
        ``outcome_unknown`` when the answer is lost.
        """
    def put(self, /, path: str, content: bytes | bytearray | memoryview | str | PathLike[str] | SupportsRead[bytes], *, length: SupportsIndex | None = None, append: bool = False, mode: SupportsIndex | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Job]:
        """
        Writes a file. Directories above it are made. The job has written the file only when it has succeeded: wait for it.

        The content goes outside the socket, under the same trust, with a token that is made for it: it has to have arrived, and this
        machine's address has to be the same for both, while the token holds, five minutes from its start.

        Errors by their ``kind``: ``invalid_request`` for a path outside of ``/mnt/POOL``; ``outcome_unknown`` when the content was sent and no
        answer came, or only a part of it was sent: look what is there; ``credentials_rejected`` when the token does not hold, as where this
        machine reaches the appliance by several addresses; ``unauthorized``; ``read_only``.
        """
    def set_permissions(self, /, path: str, *, mode: SupportsIndex | None = None, owner: SupportsIndex | None = None, group: SupportsIndex | None = None, recursive: bool = False, without_acl: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, Job]:
        """
        Sets who owns what is at a path, and what they may do with it. The job may take long where everything below is changed.

        Errors by their ``kind``: ``invalid_request`` for a path outside of ``/mnt/POOL``; ``outcome_unknown`` when the answer is lost (doing it
        again is harmless); ``unauthorized``.
        """
    def stat(self, /, path: str, *, timeout: float | None = None) -> Coroutine[Any, Any, FileStat]:
        """
        What a path leads to: its kind, size and time.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def stat_fs(self, /, path: str, *, timeout: float | None = None) -> Coroutine[Any, Any, FileSystemStat]:
        """
        The file system that a path lies in: which, how large, and how full.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """

@final
class Groups:
    """
    Local groups.
    """
    def create(self, /, group: CreateGroup, *, timeout: float | None = None) -> Coroutine[Any, Any, int]:
        """
        Adds a group.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost: look before creating again; ``validation`` (a name that is taken),
        ``unauthorized``.
        """
    def delete(self, /, id: SupportsIndex, members: str, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Deletes a group.

        Errors by their ``kind``: ``rejected`` for a group of the system's; ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def find(self, /, query: Query, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Group]]:
        """
        The groups that a query finds.

        Errors by their ``kind``: Those of every reading call; ``invalid_request`` when the query breaks a rule.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Group]:
        """
        One group.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Group]]:
        """
        Every local group, those that the system has of itself among them.

        Errors by their ``kind``: Those of every reading call.
        """
    def named(self, /, name: str, *, timeout: float | None = None) -> Coroutine[Any, Any, Group]:
        """
        One group by name.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def update(self, /, id: SupportsIndex, changes: UpdateGroup, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Changes a group.

        Errors by their ``kind``: As ``create``, and ``not_found``.
        """

@final
class Interfaces:
    """
    The appliance's network interfaces.
    """
    def list(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Interface]]:
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
    def abort(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Asks the appliance to abort it, and does not wait until it has. Its state becomes ``ABORTED`` at once; what runs as a program of its own,
        such as a cloud sync, ends, and what runs within the middleware or as a replication goes on to its end.
        """
    @property
    def id(self, /) -> int:
        """
        Its number. It means nothing after a restart of the appliance: to find the job after that, keep what ``store()`` gives.
        """
    def log(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, JobLog]:
        """
        Opens the log of a job that writes one, such as a cloud sync: as far as it has come, when the job is under way. Not on CORE.
        """
    def progress(self, /) -> ListedJobs:
        """
        Iterates over every change of its state, from now to its end, which comes last. Lost connections are opened again; only when that
        fails for five minutes on end is the error raised.
        """
    def status(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, JobStatus]:
        """
        Returns its state now. ``NotFound`` when the appliance no longer knows it: it restarted, or has run a thousand jobs since.
        """
    def store(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, StoredJob]:
        """
        Returns what finds it again, and no other job, as long as the appliance knows it.
        """
    def wait(self, /, limit: float, *, timeout: float | None = None) -> Coroutine[Any, Any, Any]:
        """
        Follows it to its end, for at most ``limit`` seconds, and returns its result. Raises ``ApiError`` of the kinds ``job_failed`` and
        ``job_aborted``; ``OutcomeUnknown`` of the kind ``job_unfinished`` when it is still under way; ``NotFound`` when the appliance forgot it.
        """

@final
class JobLog:
    """
    A job's log while it is fetched, to be read once.
    """
    def __aenter__(self, /) -> Coroutine[Any, Any, JobLog]: ...
    def __aexit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> Coroutine[Any, Any, None]: ...
    def __aiter__(self, /) -> JobLog: ...
    def __anext__(self, /) -> Coroutine[Any, Any, bytes]: ...
    def close(self, /) -> None:
        """
        Ends the download.
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
    def list(self, /, query: Query | None = None, *, timeout: float | None = None) -> Coroutine[Any, Any, List[JobStatus]]:
        """
        Returns the jobs that a query finds, all of them without one.
        """

@final
class Keychain:
    """
    SSH key pairs, and connections to other appliances.
    """
    def connection(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, SshConnection]:
        """
        One connection.

        Errors by their ``kind``: ``not_found``, also when it is no connection; those of every reading call.
        """
    def create_connection(self, /, name: str, target: SshTarget, *, timeout: float | None = None) -> Coroutine[Any, Any, SshConnection]:
        """
        Stores a connection. The appliance does not look whether its key pair exists; this does, before anything is written.

        Errors by their ``kind``: ``invalid_request`` when there is no such key pair, or the host key is none or too long; ``validation`` when the
        name is taken; ``outcome_unknown`` when the answer is lost: look before creating again; ``unauthorized``.
        """
    def create_key_pair(self, /, name: str, key: Secret | str, *, timeout: float | None = None) -> Coroutine[Any, Any, KeyPair]:
        """
        Stores a private key under a name; its public half is derived by the appliance.

        Errors by their ``kind``: ``validation`` when the name is taken or the key is none, or encrypted; ``outcome_unknown`` when the answer is
        lost: look before creating again; ``redacted_secret``, ``unauthorized``.
        """
    def delete(self, /, id: SupportsIndex, *, cascade: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Deletes a key pair or a connection.

        Errors by their ``kind``: ``rejected`` while in use, unless it cascades; ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def generate(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, GeneratedKeyPair]:
        """
        Has the appliance make a new RSA key pair. It keeps neither half: ``create_key_pair`` does.

        Errors by their ``kind``: Those of every reading call; ``unauthorized`` for who may only read.
        """
    def key_pair(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, KeyPair]:
        """
        One key pair.

        Errors by their ``kind``: ``not_found``, also when it is no key pair; those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[KeyPair | SshConnection | UnknownEntry]]:
        """
        Every key pair and connection.

        Errors by their ``kind``: Those of every reading call.
        """
    def redirect(self, /, id: SupportsIndex, target: SshTarget, *, timeout: float | None = None) -> Coroutine[Any, Any, SshConnection]:
        """
        Replaces where a connection leads, all of it. A target that was read keeps what this package does not know.

        Errors by their ``kind``: As ``create_connection``, and ``not_found``.
        """
    def rename_connection(self, /, id: SupportsIndex, name: str, *, timeout: float | None = None) -> Coroutine[Any, Any, SshConnection]:
        """
        Gives a connection another name.

        Errors by their ``kind``: As ``create_connection``, and ``not_found``.
        """
    def rename_key_pair(self, /, id: SupportsIndex, name: str, *, timeout: float | None = None) -> Coroutine[Any, Any, KeyPair]:
        """
        Gives a key pair another name; both keys stay as they are.

        Errors by their ``kind``: As ``create_key_pair``, and ``not_found``.
        """
    def replace_key(self, /, id: SupportsIndex, key: Secret | str, *, timeout: float | None = None) -> Coroutine[Any, Any, KeyPair]:
        """
        Replaces both keys of a pair; its public half is derived by the appliance. Other appliances that let the old one in do not know the
        new one.

        Errors by their ``kind``: As ``create_key_pair``, and ``not_found``.
        """
    def scan_host_keys(self, /, host: str, port: SupportsIndex, seconds: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, List[HostKey]]:
        """
        Has the appliance ask another one for its SSH host keys, for at most so many seconds. Whoever answers is believed: better take the keys
        from that appliance's own settings, where it can be asked (``host_keys``).

        Errors by their ``kind``: ``rejected`` when nobody answers there; ``not_understood`` when what came is no host key; those of every reading
        call.
        """
    def set_up(self, /, name: str, *, generate: str | None = None, key_pair: SupportsIndex | None = None, target: SshTarget | None = None, peer: SemiAutomatic | None = None, login: PeerLogin | None = None, timeout: float | None = None) -> Coroutine[Any, Any, SshConnection]:
        """
        Makes or takes a key pair and stores a connection, in one call. A pair that was made for it is removed when the connection fails; what the
        other appliance has been changed to stays.

        Errors by their ``kind``: As ``create_connection`` and ``set_up_semi_automatically``; ``unsupported`` on
        CORE.
        """
    def set_up_semi_automatically(self, /, name: str, key_pair: SupportsIndex, peer: SemiAutomatic, login: PeerLogin, *, timeout: float | None = None) -> Coroutine[Any, Any, SshConnection]:
        """
        Has the appliance log in to another one, which lets it in by SSH from then on, and stores the connection. The other one's SSH service is
        started, the key is added to its user's, and its user gets a shell (and with ``sudo`` the right to run ``zfs``): all that stays
        when a later step fails.

        Errors by their ``kind``: ``invalid_request`` when there is no such key pair; ``rejected`` with the appliance's words when the other one
        cannot be reached, shows a certificate that is not trusted, does not accept the login, or has no such user with a home; ``validation``
        when the name is taken; ``unsupported`` on CORE for what it does not know; ``outcome_unknown`` when the answer is lost; ``unauthorized``.
        """
    def used_by(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, List[KeychainUse]]:
        """
        What uses a key pair or a connection.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """

@final
class ListedJobs:
    """
    States of jobs, as they change.
    """
    def __aiter__(self, /) -> ListedJobs: ...
    def __anext__(self, /) -> Coroutine[Any, Any, JobStatus]: ...

@final
class Pools:
    """
    Pools.
    """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Pool]:
        """
        One pool.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Pool]]:
        """
        Every data pool that the appliance knows, imported or offline.

        Errors by their ``kind``: Those of every reading call.
        """

@final
class Replications:
    """
    Replication tasks: snapshots that are sent to another dataset, of this appliance or of another.
    """
    def config(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, ReplicationConfig]:
        """
        What holds for all replications.

        Errors by their ``kind``: Those of every reading call.
        """
    def count_eligible_manual_snapshots(self, /, sources: SupportsGetItem[int, str], *, naming_schema: SupportsGetItem[int, str] | None = None, name_regex: str | None = None, ssh_connection: SupportsIndex | None = None, timeout: float | None = None) -> Coroutine[Any, Any, EligibleSnapshots]:
        """
        How many snapshots of some datasets a naming schema would take along.

        Errors by their ``kind``: ``invalid_request`` when neither schemas nor a regular expression are given, or both; as ``list_datasets``.
        """
    def create(self, /, task: CreateReplication, key: DestinationKey | None = None, *, timeout: float | None = None) -> Coroutine[Any, Any, Replication]:
        """
        Sets a task up. Where its target gets an encryption of its own, the key comes along.

        The appliance takes what it cannot know: an encrypted source whose properties are sent goes as it is, and a target that is to
        be encrypted besides makes every run fail (zettarepl, ``replication/encryption.py``).

        Errors by their ``kind``: ``invalid_request`` when the task breaks a rule; ``validation``; ``unsupported`` on CORE for what it does not
        know; ``outcome_unknown`` when the answer is lost: look before creating again; ``redacted_secret``, ``unauthorized``.
        """
    def create_dataset(self, /, dataset: str, *, ssh_connection: SupportsIndex | None = None, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Makes a dataset on one side. Its parent has to exist.

        Errors by their ``kind``: As ``list_datasets``; ``outcome_unknown`` when the answer is lost; ``unauthorized``.
        """
    def delete(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Deletes a task. What it has sent stays.

        Errors by their ``kind``: ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Replication]:
        """
        One task.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def limit_at_once(self, /, tasks: SupportsIndex | None, *, timeout: float | None = None) -> Coroutine[Any, Any, ReplicationConfig]:
        """
        Sets how many replications may run at once, at least one; none lifts the limit.

        Errors by their ``kind``: ``invalid_request`` for zero; ``outcome_unknown`` when the answer is lost (setting it again is harmless);
        ``unauthorized``.
        """
    def list(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Replication]]:
        """
        Every replication task.

        Errors by their ``kind``: Those of every reading call.
        """
    def list_datasets(self, /, *, ssh_connection: SupportsIndex | None = None, timeout: float | None = None) -> Coroutine[Any, Any, List[str]]:
        """
        The datasets of one side.

        Errors by their ``kind``: ``rejected`` when the other side cannot be reached or does not let this one in; ``not_found`` when there is no
        such connection; those of every reading call.
        """
    def list_naming_schemas(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[str]]:
        """
        The naming schemas of every snapshot and replication task.

        Errors by their ``kind``: Those of every reading call.
        """
    def list_with_keys(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Replication]]:
        """
        Every replication task, and of each whether keys of what it sends can be exported with it (``has_encrypted_dataset_keys``). The
        appliance looks at the encryption of all its datasets for it.

        Errors by their ``kind``: Those of every reading call.
        """
    def restore(self, /, id: SupportsIndex, name: str, target: str, *, timeout: float | None = None) -> Coroutine[Any, Any, Replication]:
        """
        Makes the task that brings back what a task has sent, to a dataset of this name. It is disabled, and does not run by itself.

        Errors by their ``kind``: ``validation`` when the name is taken; ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def run(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Job]:
        """
        Runs a task now. Whatever speaks against it fails the job: a task that is disabled (up to 25.10), runs already or is on hold; another side
        that cannot be reached; a target that is not what it was. Aborting the job does not stop the transfer.

        Errors by their ``kind``: ``not_started`` when the appliance answered with another job; ``outcome_unknown`` when the answer is lost:
        ``job`` shows whether it runs; ``unauthorized``.
        """
    def run_once(self, /, run: RunReplication, key: DestinationKey | None = None, *, timeout: float | None = None) -> Coroutine[Any, Any, Job]:
        """
        Runs a replication that is no task. A refusal of its settings fails the job, with the fields.

        Errors by their ``kind``: ``invalid_request`` when it breaks a rule; ``unsupported`` on CORE; ``outcome_unknown`` when the answer is lost;
        ``redacted_secret``, ``unauthorized``.
        """
    def target_unmatched_snapshots(self, /, direction: str, sources: SupportsGetItem[int, str], target: str, *, ssh_connection: SupportsIndex | None = None, timeout: float | None = None) -> Coroutine[Any, Any, UnmatchedSnapshots]:
        """
        The snapshots of the target that the source does not have, by the target's dataset: with any of them an incremental replication may
        find no base.

        Errors by their ``kind``: As ``list_datasets``.
        """
    def update(self, /, id: SupportsIndex, changes: UpdateReplication, key: DestinationKey | None = None, *, timeout: float | None = None) -> Coroutine[Any, Any, Replication]:
        """
        Changes a task. With a key, the target is encrypted by it; without, its key stays as it is.

        Errors by their ``kind``: As ``create``, and ``not_found``.
        """

@final
class Rows:
    """
    Rows of a query, page after page as they are asked for.
    """
    def __aiter__(self, /) -> Rows: ...
    def __anext__(self, /) -> Coroutine[Any, Any, Any]: ...

@final
class Services:
    """
    Services such as SNMP and SSH: whether they run, and whether they start with the appliance.
    """
    def control(self, /, verb: str, service: str, limit: float, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Starts, stops, restarts or reloads a service, and waits for it, at most for ``limit``. From 25.10 this is a job; before, a call that
        answers when it is done.

        Errors by their ``kind``: ``job_failed``, or ``rejected`` where it is no job, when the service does not come up or down;
        ``job_unfinished`` after ``limit``; ``outcome_unknown`` when an answer is lost (doing it again is harmless); ``unauthorized``,
        ``validation``.
        """
    def get(self, /, service: str, *, timeout: float | None = None) -> Coroutine[Any, Any, Service]:
        """
        One service.

        Errors by their ``kind``: ``not_found`` when the appliance has no such service; those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Service]]:
        """
        Every service that the appliance knows.

        Errors by their ``kind``: Those of every reading call.
        """
    def reload(self, /, service: str, limit: float, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Has a service read its settings anew.

        Errors by their ``kind``: As ``control``.
        """
    def restart(self, /, service: str, limit: float, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Stops a service and starts it, and waits until it is up.

        Errors by their ``kind``: As ``control``.
        """
    def set_autostart(self, /, service: str, autostart: bool, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Sets whether a service starts with the appliance. It neither starts nor stops it now.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost (setting it again is harmless); ``unauthorized``, ``validation``.
        """
    def start(self, /, service: str, limit: float, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Starts a service now, and waits until it is up.

        Errors by their ``kind``: As ``control``.
        """
    def stop(self, /, service: str, limit: float, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Stops a service now, and waits until it is down.

        Errors by their ``kind``: As ``control``.
        """

@final
class Sessions:
    """
    Who is logged in, and tokens for others to log in with.
    """
    def list(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Session]]:
        """
        Everybody who is logged in now, this connection included.

        Errors by their ``kind``: Those of every reading call.
        """
    def make_token(self, /, *, any_address: bool = False, once: bool = False, lasting: float | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Secret]:
        """
        Makes a token that logs in as this user for a while. Whoever has it may do all that this user may: a read-only client makes none.

        Errors by their ``kind``: ``unsupported`` for a condition that the release cannot hold to; ``outcome_unknown`` when the answer is lost: a
        token that nobody knows then expires by itself.
        """

@final
class SnapshotTasks:
    """
    Periodic snapshot tasks.
    """
    def create(self, /, task: CreateSnapshotTask, *, timeout: float | None = None) -> Coroutine[Any, Any, SnapshotTask]:
        """
        Sets up a task.

        Errors by their ``kind``: ``invalid_request`` for a lifetime of nothing or a schema that cannot be read back, which the appliance takes:
        nothing was sent; ``outcome_unknown`` when the answer is lost: look before creating again; ``validation``, ``unauthorized``.
        """
    def delete(self, /, id: SupportsIndex, removal: str, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Removes a task. The snapshots that no other task claims stay for good, unless the moments are kept at which they would have been
        removed.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``not_found``, ``unauthorized``; ``validation`` when it is the last
        one of an enabled replication; ``unsupported`` on CORE for moments that are to be kept.
        """
    def delete_will_change_retention_for(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, dict[str, List[str]]]:
        """
        The snapshots, by dataset, that would stay for good without this task.

        Errors by their ``kind``: As ``update_will_change_retention_for``.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, SnapshotTask]:
        """
        One task.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[SnapshotTask]]:
        """
        Every periodic snapshot task.

        Errors by their ``kind``: Those of every reading call.
        """
    def max_count(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, int]:
        """
        How many snapshots of one dataset an appliance copes with.

        Errors by their ``kind``: ``unsupported`` on CORE; those of every reading call.
        """
    def max_total_count(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, int]:
        """
        How many snapshots in all an appliance copes with.

        Errors by their ``kind``: As ``max_count``.
        """
    def run(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Runs an enabled task now, and does not wait for it: ``state`` shows how it ends. Its snapshot is named by the minute at which
        it is taken; where that is none of the task's schedule, nothing ever removes it (zettarepl, ``snapshot/task/snapshot_owner.py``).

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``rejected`` when it is not enabled; ``not_found``,
        ``unauthorized``.
        """
    def update(self, /, id: SupportsIndex, changes: UpdateSnapshotTask, *, timeout: float | None = None) -> Coroutine[Any, Any, SnapshotTask]:
        """
        Changes a task.

        Errors by their ``kind``: As ``create``, and ``not_found``; ``unsupported`` on CORE for removal dates that are to be kept.
        """
    def update_will_change_retention_for(self, /, id: SupportsIndex, changes: UpdateSnapshotTask, *, timeout: float | None = None) -> Coroutine[Any, Any, dict[str, List[str]]]:
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
    def clone_to(self, /, snapshot: Snapshot, dataset: str, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Makes a new dataset of what a snapshot holds. While there is one, the snapshot cannot be removed.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``rejected`` when there is no such snapshot, or such a dataset
        already; ``unauthorized``.
        """
    def create(self, /, request: CreateSnapshot, *, timeout: float | None = None) -> Coroutine[Any, Any, Snapshot]:
        """
        Takes a snapshot now.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost: look before taking it again; ``invalid_request`` for a name that
        cannot be one; ``rejected`` when there is one of its name, or no such dataset; ``unsupported`` on CORE when children are left out;
        ``unauthorized``.
        """
    def delete(self, /, snapshot: Snapshot, *, with_children: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Removes a snapshot; with ``True`` those of the same name of all datasets below as well.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost; ``not_found``, which CORE words as ``rejected``; ``rejected`` or
        ``validation`` when it is held or has clones; ``unsupported`` on CORE with children; ``unauthorized``.
        """
    def describe(self, /, *, dataset: str | None = None, pools: SupportsGetItem[int, str] | None = None, name_prefix: str | None = None, limit: SupportsIndex | None = None, timeout: float | None = None) -> Coroutine[Any, Any, List[SnapshotDetails]]:
        """
        Snapshots with their properties, holds and retention. Up to 25.10 the appliance reads every property of every snapshot for this,
        whatever is asked for: ``list`` is the way where names are enough.

        Errors by their ``kind``: Those of every reading call.
        """
    def get(self, /, snapshot: Snapshot, *, timeout: float | None = None) -> Coroutine[Any, Any, SnapshotDetails]:
        """
        One snapshot with its properties, holds and retention.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def hold(self, /, snapshot: Snapshot, *, with_children: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Holds a snapshot: until it is released nothing removes it, not even a task's retention.

        Errors by their ``kind``: ``unsupported`` on CORE; ``outcome_unknown`` when the answer is lost; ``rejected`` when there is no such
        snapshot, or it is held already; ``unauthorized``.
        """
    def holds(self, /, snapshot: Snapshot, *, timeout: float | None = None) -> Coroutine[Any, Any, List[str]]:
        """
        The tags that hold a snapshot. Before 26 only the appliance's own, ``truenas``, is told.

        Errors by their ``kind``: ``unsupported`` on CORE; ``not_found``, and those of every reading call.
        """
    def list(self, /, *, dataset: str | None = None, pools: SupportsGetItem[int, str] | None = None, name_prefix: str | None = None, limit: SupportsIndex | None = None, timeout: float | None = None) -> Coroutine[Any, Any, List[Snapshot]]:
        """
        Snapshots by their full names from last to first: of one dataset's snapshots that follow one schema, the newest first.

        Errors by their ``kind``: Those of every reading call.
        """
    def release(self, /, snapshot: Snapshot, *, with_children: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Takes every hold from a snapshot, whoever placed it.

        Errors by their ``kind``: As ``hold``.
        """
    def rename(self, /, snapshot: Snapshot, name: str, *, timeout: float | None = None) -> Coroutine[Any, Any, Snapshot]:
        """
        Gives a snapshot another name. Whatever knows it by the old one, such as retention and replication, no longer knows it.

        Errors by their ``kind``: ``unsupported`` before 25.10; ``outcome_unknown`` when the answer is lost; ``invalid_request`` for a name that
        cannot be one; ``not_found``, ``validation``, ``unauthorized``.
        """
    def roll_back(self, /, snapshot: Snapshot, newer: str, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
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
    def config(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, SnmpConfig]:
        """
        The settings as they are.

        Errors by their ``kind``: Those of every reading call.
        """
    def update(self, /, changes: UpdateSnmp, secrets: SnmpSecrets | None = None, *, timeout: float | None = None) -> Coroutine[Any, Any, SnmpConfig]:
        """
        Changes settings; with secrets, both are set. The service has to be started separately.

        Errors by their ``kind``: ``outcome_unknown`` when the answer is lost (doing it again is harmless); ``validation``, ``unauthorized``.
        """

@final
class Ssh:
    """
    The SSH service.
    """
    def config(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, SshConfig]:
        """
        The settings as they are.

        Errors by their ``kind``: Those of every reading call.
        """
    def interface_choices(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, dict[str, str]]:
        """
        The interfaces that the service can be bound to, by name, with what they are called.

        Errors by their ``kind``: Those of every reading call.
        """
    def update(self, /, changes: UpdateSsh, *, timeout: float | None = None) -> Coroutine[Any, Any, SshConfig]:
        """
        Changes settings. A service that runs reads them anew.

        Errors by their ``kind``: ``invalid_request`` for port 0; ``unsupported`` on CORE for groups; ``outcome_unknown`` when the answer is lost
        (doing it again is harmless); ``validation``, ``unauthorized``.
        """

@final
class System:
    """
    The appliance itself.
    """
    def boot_id(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, str]:
        """
        What tells this run of the appliance from the one before: another one after each restart.

        Errors by their ``kind``: Those of every reading call.
        """
    def general(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, General]:
        """
        General settings, the time zone among them.

        Errors by their ``kind``: Those of every reading call.
        """
    def host_id(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, str]:
        """
        What tells this hardware from any other: 64 hexadecimal digits.

        Errors by their ``kind``: Those of every reading call.
        """
    def info(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, Info]:
        """
        Release, name and hardware.

        Errors by their ``kind``: Those of every reading call: ``unreachable``, ``rate_limited``, ``unauthorized``.
        """
    def is_ready(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, bool]:
        """
        Whether the appliance is up, with all its services.

        Errors by their ``kind``: Those of every reading call.
        """
    def me(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, Me]:
        """
        The user that is logged in, and its roles. Releases before 24.10 do not offer it.

        Errors by their ``kind``: Those of every reading call.
        """
    def product_type(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, str]:
        """
        Which product it is. The words changed from release to release: what depends on the release is asked of
        ``supports``.

        Errors by their ``kind``: Those of every reading call.
        """
    def reboot(self, /, reason: str, limit: float, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Restarts the appliance and waits until it is up again, at most for ``limit``. Every connection is lost on the way, and every job ends.

        The answer to this call is often lost with the connection: whether the appliance restarts is seen by its
        ``boot_id``, so a lost answer is no error here.

        Errors by their ``kind``: ``outcome_unknown`` when it is not up again after ``limit``, or never went down; ``unauthorized``,
        ``validation`` (no reason).
        """
    def state(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, str]:
        """
        Whether the appliance is coming up, is up or is going down.

        Errors by their ``kind``: Those of every reading call.
        """

@final
class Users:
    """
    Local users.
    """
    def create(self, /, user: CreateUser, password: Secret | str | None = None, *, random_password: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, User]:
        """
        Adds a user. Up to 24.10 the appliance answers with a number only, and the user is read after it.

        Errors by their ``kind``: ``invalid_request`` before anything is sent, where the request breaks a rule that every release has;
        ``outcome_unknown`` when the answer is lost, also that of the reading: look before creating again; ``validation`` (a name that is taken, a
        home that is not on a pool), ``unauthorized``; ``unsupported`` for what the release lacks.
        """
    def delete(self, /, id: SupportsIndex, group: str, *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Deletes a user, and with it its group where nobody else is in that. Its home stays, and its API keys let nobody in any more.

        Errors by their ``kind``: ``rejected`` for a user of the system's; ``not_found``, ``outcome_unknown``, ``unauthorized``.
        """
    def find(self, /, query: Query, *, timeout: float | None = None) -> Coroutine[Any, Any, List[User]]:
        """
        The users that a query finds.

        Errors by their ``kind``: Those of every reading call; ``invalid_request`` when the query breaks a rule.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, User]:
        """
        One user.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def list(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[User]]:
        """
        Every local user, those that the system has of itself among them.

        Errors by their ``kind``: Those of every reading call.
        """
    def named(self, /, name: str, *, timeout: float | None = None) -> Coroutine[Any, Any, User]:
        """
        One user by name.

        Errors by their ``kind``: ``not_found``, and those of every reading call.
        """
    def next_uid(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, int]:
        """
        The first number that no user has. By the time that it is used somebody else may have it: left out of a request, the appliance
        chooses one itself.

        Errors by their ``kind``: Those of every reading call.
        """
    def set_password(self, /, id: SupportsIndex, password: Secret | str, *, timeout: float | None = None) -> Coroutine[Any, Any, User]:
        """
        Sets a user's password.

        Errors by their ``kind``: As ``update``.
        """
    def shell_choices(self, /, groups: SupportsGetItem[int, SupportsIndex], *, timeout: float | None = None) -> Coroutine[Any, Any, dict[str, str]]:
        """
        The shells that a user in these groups may have: name by path. CORE offers the same to everybody.

        Errors by their ``kind``: Those of every reading call.
        """
    def update(self, /, id: SupportsIndex, changes: UpdateUser, *, timeout: float | None = None) -> Coroutine[Any, Any, User]:
        """
        Changes a user.

        Errors by their ``kind``: As ``create``, and ``not_found``.
        """
