"""``dtc.truenas`` against simulated appliances: every kind of call once, on CORE and on SCALE."""

from __future__ import annotations

import asyncio
import copy
import datetime
import inspect
import io
import pathlib
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

from dtc import b2, truenas
from dtc.crypt import Secret
from dtc.exceptions import ApiError, AuthError, NotFound, Refused, ValidationError
from dtc.simulator import Simulator
from dtc.truenas import Client, Feature, Filter, Order, Query, aio

RELEASES = ["13.3", "24.10", "25.04", "25.10", "26.0"]
KEY = "0123456789abcdef" * 4


def connect(sim: Simulator, **settings: Any) -> Client:
    at = sim.truenas
    return Client.connect(at.url, api_key=at.api_key, fingerprint=at.fingerprint, backoff=(0.001, 0.01), **settings)


@pytest.fixture(scope="module")
def shared() -> Iterator[Simulator]:
    """One appliance for tests that leave it as it was, or change what is theirs alone."""
    with Simulator(seed=7) as sim:
        yield sim


@pytest.fixture(scope="module")
def nas(shared: Simulator) -> Iterator[Client]:
    with connect(shared) as client:
        yield client


@pytest.mark.parametrize("release", RELEASES)
def test_every_release_answers_in_one_form(release: str) -> None:
    with Simulator(release=release) as sim, connect(sim) as nas:
        assert nas.release in [str(one) for one in truenas.Release]
        assert (nas.version is None) == (release in ("13.3", "24.10"))
        [pool, other] = nas.pools.list()
        assert (pool.name, pool.status, pool.healthy) == ("pool0", truenas.PoolStatus.ONLINE, True)
        assert nas.pools.get(other.id) == other != pool
        made = nas.datasets.create(truenas.CreateDataset(id="pool0/a", compression="LZ4", user_properties={"com.example:tag": "1"}))
        assert (made.id, made.kind) == ("pool0/a", truenas.DatasetKind.FILESYSTEM)
        assert nas.datasets.get("pool0/a").user_properties["com.example:tag"].value == "1"
        taken = nas.snapshots.create(truenas.CreateSnapshot(dataset="pool0/a", name="one"))
        assert taken in nas.snapshots.list(dataset="pool0/a")
        assert nas.call("system.info", reads=True)["hostname"] == nas.system.info().hostname
        assert [row["name"] for row in nas.rows("pool.query", Query(select=["name"], limit=1))] == ["pool0", "pool1"]
        assert bool(nas.supports(Feature.KEYS_OF_USERS)) == (release not in ("13.3", "24.10"))


def test_what_is_not_supported_says_what_to_do_instead() -> None:
    with Simulator(release="13.3") as sim, connect(sim) as nas:
        support = nas.supports(Feature.OWN_RIGHTS)
        assert not support and support.instead
        with pytest.raises(ApiError) as raised:
            nas.system.me()
        assert (raised.value.kind, raised.value.code) == ("unsupported", "DTC-SERVICE-UNSUPPORTED")
        assert raised.value.remedy == support.instead


def test_logging_in_and_what_is_refused(shared: Simulator) -> None:
    at = shared.truenas
    with pytest.raises(AuthError) as rejected:
        Client.connect(at.url, api_key=Secret("1-" + "x" * 64), fingerprint=at.fingerprint)
    assert (rejected.value.kind, rejected.value.code) == ("credentials_rejected", "DTC-SERVICE-CREDENTIALS")
    with pytest.raises(Refused) as wrong:
        Client.connect(at.url, api_key=at.api_key, fingerprint="00" * 32)
    assert (wrong.value.kind, wrong.value.code) == ("pin_mismatch", "DTC-SERVICE-WRONG-MACHINE")
    with pytest.raises(Refused):
        Client.connect(at.url, api_key=at.api_key)
    incomplete: list[dict[str, Any]] = [{}, {"user": "root"}, {"token": "1", "api_key": "1"}, {"api_key": "1", "one_time_code": "1"}]
    for keywords in incomplete:
        with pytest.raises(ValidationError, match="log-in"):
            Client.connect(at.url, fingerprint=at.fingerprint, **keywords)
    for address in ("ws://nas.example.net", "https://root:hunter2@nas", "169.254.169.254"):
        with pytest.raises(ValidationError) as refused:
            Client.connect(address, api_key=at.api_key)
        assert "hunter2" not in str(refused.value)
    with pytest.raises(ValidationError, match="fingerprint"):
        Client.connect(at.url, api_key=at.api_key, fingerprint="no fingerprint")


def test_a_token_logs_in_once_more(shared: Simulator, nas: Client) -> None:
    token = nas.sessions.make_token(lasting=60)
    assert repr(token) == "Secret('***')"
    with Client.connect(shared.truenas.url, token=token, fingerprint=shared.truenas.fingerprint) as other:
        assert truenas.LoggedInWith.TOKEN in [session.credentials for session in other.sessions.list()]


def test_a_read_only_client_sends_no_write(shared: Simulator) -> None:
    with connect(shared, read_only=True) as nas:
        assert nas.pools.list()
        before = shared.calls()
        for write in (lambda: nas.datasets.delete("pool0"), lambda: nas.call("pool.dataset.delete", ["pool0"]), lambda: nas.filesystem.put("/mnt/pool0/a", b"")):
            with pytest.raises(Refused) as refused:
                write()
            assert refused.value.kind == "read_only"
        assert shared.calls() == before
        assert nas.call("system.state", reads=True) == truenas.SystemState.READY


def test_a_user_without_the_role_is_told_which(shared: Simulator) -> None:
    at = shared.truenas
    with Client.connect(at.url, api_key=at.read_only_api_key, fingerprint=at.fingerprint) as reader, pytest.raises(AuthError) as raised:
        reader.snapshots.create(truenas.CreateSnapshot(dataset="pool0", name="a"))
    assert (raised.value.kind, raised.value.code) == ("unauthorized", "DTC-SERVICE-UNAUTHORIZED")
    assert "SNAPSHOT_WRITE" in str(raised.value)


def test_datasets_their_settings_and_properties(nas: Client) -> None:
    nas.datasets.create(truenas.CreateDataset(id="pool0/set", readonly=True, quota=2 * 2**30, comments="about it"))
    settings = nas.datasets.settings("pool0/set")
    assert (settings.readonly.is_on(), settings.quota.number()) == (True, 2 * 2**30)
    assert settings.readonly.source == truenas.PropertySource.LOCAL
    nas.datasets.update("pool0/set", truenas.UpdateDataset(atime=False, inherit=["readonly"], user_properties={"com.example:a": "b"}))
    settings = nas.datasets.settings("pool0/set")
    assert (settings.readonly.is_on(), settings.atime.is_on()) == (False, False)
    nas.datasets.remove_user_property("pool0/set", "com.example:a")
    assert "com.example:a" not in nas.datasets.get("pool0/set").user_properties
    disk = nas.datasets.create(truenas.CreateDataset(id="pool0/disk", volume_bytes=2**30, sparse=True))
    assert disk.kind == truenas.DatasetKind.VOLUME
    assert {mount.dataset: mount.mounted for mount in nas.datasets.mounts(["pool0"])}["pool0/set"]
    nas.datasets.delete("pool0/disk")
    with pytest.raises(NotFound):
        nas.datasets.get("pool0/disk")
    for wrong, match in (
        (truenas.UpdateDataset(inherit=["nothing"]), "nothing that can be taken away"),
        (truenas.UpdateDataset(user_properties={"nocolon": "1"}), "colon"),
    ):
        with pytest.raises(ValidationError, match=match):
            nas.datasets.update("pool0/set", wrong)


def test_encrypted_datasets_are_locked_and_unlocked_as_jobs(nas: Client) -> None:
    passphrase = Secret("eight characters")
    nas.datasets.create(truenas.CreateDataset(id="pool0/secret", encrypted=truenas.NewKey(passphrase=passphrase)))
    assert nas.datasets.lock("pool0/secret").wait(60) is True
    assert nas.datasets.get("pool0/secret").locked
    [summary] = nas.datasets.encryption_summary("pool0/secret", [truenas.KeyOf(dataset="pool0/secret", passphrase="another one")], 60)
    assert (summary.key_format, summary.unlock_successful) == (truenas.KeyFormat.PASSPHRASE, False)
    how = truenas.UnlockDatasets(keys=[truenas.KeyOf(dataset="pool0/secret", passphrase=passphrase)])
    unlocked = nas.datasets.unlock("pool0/secret", how).wait(60)
    assert unlocked == truenas.Unlocked(unlocked=["pool0/secret"], failed={}) and unlocked.is_complete()
    nas.datasets.create(truenas.CreateDataset(id="pool0/keyed", encrypted=truenas.NewKey(key=KEY)))
    assert nas.datasets.export_key("pool0/keyed", 60).expose() == KEY
    assert {name: key.expose() for name, key in nas.datasets.export_keys("pool0/keyed", 60).items()} == {"pool0/keyed": KEY}
    with pytest.raises(ValidationError, match="both a key and a passphrase"):
        nas.datasets.change_key("pool0/keyed", truenas.NewKey(key=KEY, passphrase="a"))


def test_a_job_is_followed_stored_and_found_again(shared: Simulator, nas: Client) -> None:
    nas.datasets.create(truenas.CreateDataset(id="pool0/job", encrypted=truenas.NewKey(passphrase="eight characters")))
    job = nas.datasets.lock("pool0/job")
    states = list(job.progress())
    assert states[-1].state == truenas.JobState.SUCCESS and states[-1].is_final()
    assert states[-1].method == "pool.dataset.lock" and states[-1].finished is not None
    stored = job.store()
    assert stored.id == job.id and stored == type(stored)(**stored.to_dict())
    with connect(shared) as later:
        assert later.jobs.attach_stored(stored).status().state == truenas.JobState.SUCCESS
        assert later.jobs.attach(job.id).wait(60) is True
        query = Query(filters=[Filter.equals("id", job.id)])
        assert [status.id for status in later.jobs.list(query)] == [job.id]
    with pytest.raises(NotFound) as gone:
        nas.jobs.attach(10**9).status()
    assert gone.value.kind == "job_vanished"
    failed = nas.datasets.lock("pool0/job")
    with pytest.raises(ApiError) as raised:
        failed.wait(60)
    assert raised.value.kind == "job_failed"


def test_what_changes_is_told_as_it_happens(nas: Client) -> None:
    changes = nas.changes("pool.snapshottask.query")
    assert next(changes).kind == truenas.ChangeKind.READ_ANEW
    task = nas.snapshot_tasks.create(
        truenas.CreateSnapshotTask(
            dataset="pool0", naming_schema="watched-%Y-%m-%d_%H-%M", lifetime=truenas.Lifetime(value=2, unit=truenas.LifetimeUnit.WEEK),
            schedule=truenas.SnapshotSchedule(schedule="0 * * * *"), enabled=False,
        )
    )
    change = next(changes)
    assert (change.kind, change.id) == (truenas.ChangeKind.ADDED, task.id)
    assert change.put_into({"id": 0, "mine": 1})["mine"] == 1
    assert "watched" not in repr(change)
    nas.snapshot_tasks.delete(task.id, truenas.RemovalDates.FORGET)
    assert next(change for change in changes if change.kind == "removed").id == task.id


def test_snapshots_and_their_tasks(nas: Client) -> None:
    nas.datasets.create(truenas.CreateDataset(id="pool0/snap"))
    one = nas.snapshots.create(truenas.CreateSnapshot(dataset="pool0/snap", name="one"))
    details = nas.snapshots.get(one)
    assert (details.snapshot, one.id) == (one, "pool0/snap@one") and details.created is not None
    nas.snapshots.hold(one)
    assert nas.snapshots.holds(one)
    with pytest.raises(ApiError):
        nas.snapshots.delete(one)
    nas.snapshots.release(one)
    two = nas.snapshots.rename(one, "two")
    nas.snapshots.clone_to(two, "pool0/clone")
    assert nas.datasets.get("pool0/clone").pool == "pool0"
    assert [found.name for found in nas.snapshots.list(pools=["pool0"], name_prefix="tw")] == ["two"]
    with pytest.raises(ValidationError, match="scope"):
        nas.snapshots.list()
    request = truenas.CreateSnapshotTask(
        dataset="pool0/snap", naming_schema="auto-%Y-%m-%d_%H-%M", lifetime=truenas.Lifetime(value=1, unit="DAY"),
        schedule=truenas.SnapshotSchedule(schedule="0 2 * * *", begin="01:00"), recursive=True,
    )
    task = nas.snapshot_tasks.create(request)
    assert (task.schedule.schedule, task.schedule.begin, task.lifetime.hours()) == ("0 2 * * *", "01:00", 24)
    changed = nas.snapshot_tasks.update(task.id, truenas.UpdateSnapshotTask(enabled=False, lifetime=truenas.Lifetime(value=2, unit="DAY")))
    assert (changed.enabled, changed.lifetime.value) == (False, 2)
    assert nas.snapshot_tasks.update(task.id, truenas.UpdateSnapshotTask(matching=request)).lifetime.value == 1
    assert nas.snapshot_tasks.max_count() > 0
    for schedule in ("0 2 * *", "0 2 * * ; rm"):
        with pytest.raises(ValidationError, match="five fields"):
            nas.snapshot_tasks.update(task.id, truenas.UpdateSnapshotTask(schedule=truenas.SnapshotSchedule(schedule=schedule)))


def test_a_cloud_sync_runs_and_its_log_is_read() -> None:
    with Simulator(seed=7) as sim, connect(sim) as nas:
        with b2.Client(key_id=sim.b2.key_id, application_key=sim.b2.application_key, realm=sim.b2.url) as store:
            store.buckets.create("our-backups")
        sim.appliance().write_file("/mnt/pool0/a.txt", b"Dear Ada")
        assert nas.cloud_credentials.verify(sim.b2.key_id, sim.b2.application_key).valid
        credential = nas.cloud_credentials.create("B2", sim.b2.key_id, sim.b2.application_key)
        assert (credential.provider.kind, credential.provider.account) == ("B2", sim.b2.key_id)
        assert [bucket.name for bucket in nas.cloud_credentials.list_buckets(credential.id)] == ["our-backups"]
        secrets = truenas.CloudSyncSecrets(password=Secret("correct horse"), salt=Secret("battery staple"))
        request = truenas.CreateCloudSync(
            path="/mnt/pool0", credential=credential.id, target=truenas.Target(bucket="our-backups", folder="/pool0"), schedule="0 3 * * *",
            description="nightly", transfers=4, bandwidth_limits=[truenas.BandwidthLimit(time="08:00", bytes_per_second=10**6), truenas.BandwidthLimit(time="18:00")],
        )
        task = nas.cloud_syncs.create(request, secrets)
        assert (task.direction, task.transfer_mode, task.schedule) == (truenas.Direction.PUSH, truenas.TransferMode.SYNC, "0 3 * * *")
        assert isinstance(task.encryption_password, Secret) and task.encryption_password.expose() == "correct horse"
        assert task.bandwidth_limits == request.bandwidth_limits
        job = nas.cloud_syncs.run(task.id)
        assert job.wait(120) is None and job.status().state == truenas.JobState.SUCCESS
        assert b"a.txt" in job.log().read() or nas.cloud_syncs.get(task.id).job is not None
        assert [file.name for file in nas.cloud_syncs.list_directory(credential.id, "our-backups", "/pool0")]
        changed = nas.cloud_syncs.update(task.id, truenas.UpdateCloudSync(description="weekly", schedule="0 3 * * 0"))
        assert (changed.description, changed.schedule) == ("weekly", "0 3 * * 0")
        again = nas.cloud_syncs.update(task.id, truenas.UpdateCloudSync(matching=request, found=changed))
        assert (again.description, again.schedule, again.target.bucket) == ("nightly", "0 3 * * *", "our-backups")
        restored = nas.cloud_syncs.restore(task.id, "bring back", "/mnt/pool0/back")
        assert (restored.direction, restored.enabled) == (truenas.Direction.PULL, False)
        at = sim.truenas
        with Client.connect(at.url, api_key=at.read_only_api_key, fingerprint=at.fingerprint) as reader:
            hidden = reader.cloud_syncs.get(task.id)
            assert isinstance(hidden.encryption_password, truenas.Redacted)
            assert hidden.encryption_password != hidden.encryption_salt
            with pytest.raises(TypeError, match="neither true nor false"):
                bool(hidden.encryption_password)
        nas.cloud_syncs.delete(task.id)
        with pytest.raises(NotFound):
            nas.cloud_syncs.get(task.id)


def test_files_are_written_and_read(nas: Client, tmp_path: pathlib.Path) -> None:
    content = bytes(range(256)) * 1000
    assert nas.filesystem.put("/mnt/pool0/bytes", content).wait(60) is True
    stat = nas.filesystem.stat("/mnt/pool0/bytes")
    assert (stat.size, stat.kind) == (len(content), truenas.FileKind.FILE)
    with nas.filesystem.get("/mnt/pool0/bytes", stat.size) as answer:
        assert answer.length == len(content)
        assert answer.read(10) + answer.read() == content
    source = tmp_path / "source"
    source.write_bytes(content)
    nas.filesystem.put("/mnt/pool0/path", source, mode=0o600).wait(60)
    written = io.BytesIO()
    assert nas.filesystem.get("/mnt/pool0/path", len(content)).write_to(written) == len(content) and written.getvalue() == content
    nas.filesystem.put("/mnt/pool0/object", io.BytesIO(content), length=len(content)).wait(60)
    assert b"".join(nas.filesystem.get("/mnt/pool0/object", len(content))) == content
    assert {"bytes", "path", "object"} <= {entry.name for entry in nas.filesystem.list_dir("/mnt/pool0")}
    nas.filesystem.set_permissions("/mnt/pool0/path", mode=0o640, owner=0).wait(60)
    with pytest.raises(ValidationError, match="has no length"):
        nas.filesystem.put("/mnt/pool0/a", io.BytesIO(b""))
    with pytest.raises(ValidationError, match="/mnt/POOL"):
        nas.filesystem.put("/etc/passwd", b"")
    with pytest.raises(FileNotFoundError):
        nas.filesystem.put("/mnt/pool0/a", tmp_path / "nothing")

    class Reader:
        def read(self, size: int = -1, /) -> bytes:
            raise LookupError("from the reader")

    with pytest.raises(LookupError, match="from the reader"):
        nas.filesystem.put("/mnt/pool0/a", Reader(), length=5)


def test_users_groups_and_keys(nas: Client) -> None:
    group = nas.groups.create(truenas.CreateGroup(name="backups"))
    user = nas.users.create(truenas.CreateUser(username="ada", full_name="Ada", in_group=group), "a password of ada")
    assert nas.users.named("ada") == user or nas.users.named("ada").id == user.id
    nas.users.update(user.id, truenas.UpdateUser(full_name="Ada L.", email="ada@example.net"))
    assert nas.users.update(user.id, truenas.UpdateUser(without=["email"])).email in (None, "")
    found = nas.users.find(Query(filters=[Filter.any_of([Filter.starts_with("username", "ad"), Filter.one_of("uid", [999_999])])], order_by=Order(field="id")))
    assert "ada" in [one.username for one in found]
    with pytest.raises(ValidationError, match="given, and to be made"):
        nas.users.create(truenas.CreateUser(username="b", full_name="B"), "x", random_password=True)
    key = nas.api_keys.create(truenas.CreateApiKey(name="ours", username="root", expires=datetime.datetime(2099, 1, 1, tzinfo=datetime.timezone.utc)))
    assert repr(key.key) == "Secret('***')" and key.entry.expires_at is not None
    assert nas.api_keys.update(key.entry.id, truenas.UpdateApiKey(without=["expires"])).expires_at is None
    assert nas.api_keys.reset(key.entry.id).key.expose() != key.key.expose()
    nas.api_keys.delete(key.entry.id)
    for wrong in (truenas.CreateApiKey(name="a"), truenas.CreateApiKey(name="a", username="root", full_access=True)):
        with pytest.raises(ValidationError, match="kinds of rights"):
            nas.api_keys.create(wrong)
    with pytest.raises(ValidationError, match="time zone"):
        truenas.CreateApiKey(name="a", username="root", expires=datetime.datetime(2099, 1, 1))


def test_keychain_and_replications(nas: Client) -> None:
    pair = nas.keychain.generate()
    assert "PRIVATE KEY" in pair.private_key.expose() and "PRIVATE" not in repr(pair)
    stored = nas.keychain.create_key_pair("ours", pair.private_key)
    assert isinstance(stored.private_key, Secret)
    host_key = nas.ssh.config().host_keys()[0]
    assert host_key.fingerprint().startswith("SHA256:")
    target = truenas.SshTarget(host="nas02.example.net", private_key=stored.id, remote_host_key=host_key.text)
    connection = nas.keychain.create_connection("to nas02", target)
    assert connection.target is not None and connection.target.host_keys() == [host_key]
    assert {type(entry).__name__ for entry in nas.keychain.list()} == {"KeyPair", "SshConnection"}
    nas.datasets.create(truenas.CreateDataset(id="pool0/from"))
    task = nas.replications.create(
        truenas.CreateReplication(
            name="to here", direction="PUSH", sources=["pool0/from"], target="pool0/to", retention=truenas.Lifetime(value=1, unit="WEEK"),
            also_include=["auto-%Y-%m-%d_%H-%M"], enabled=False,
        )
    )
    assert (task.retention_policy, task.lifetime_value, task.transport) == ("CUSTOM", 1, "LOCAL")
    changed = nas.replications.update(task.id, truenas.UpdateReplication(name="there", retention="SOURCE"))
    assert (changed.name, changed.retention_policy) == ("there", "SOURCE")
    assert nas.replications.update(task.id, truenas.UpdateReplication(without=["schedule"])).schedule is None
    with pytest.raises(ApiError, match="speed_limit"):
        nas.replications.update(task.id, truenas.UpdateReplication(speed_limit=10**6))
    counted = nas.replications.count_eligible_manual_snapshots(["pool0/from"], naming_schema=["auto-%Y-%m-%d_%H-%M"])
    assert counted.eligible == 0
    assert "pool0/from" in nas.replications.list_datasets()
    assert nas.replications.limit_at_once(2).at_once == 2
    nas.replications.delete(task.id)
    nas.keychain.delete(stored.id, cascade=True)
    assert nas.keychain.list() == []
    for wrong in ({"retention": "SOMETIMES"}, {"netcat": truenas.Netcat(active_side="LOCAL")}, {"direction": 5}):
        with pytest.raises((ValidationError, TypeError)):
            nas.replications.create(truenas.CreateReplication(**{"name": "a", "direction": "PUSH", "sources": ["pool0"], "target": "pool0/b", "retention": "NONE"} | wrong))


def test_services_and_the_appliance_itself(nas: Client) -> None:
    nas.services.start(truenas.ServiceName.SSH, 60)
    assert nas.services.get("ssh").state == truenas.ServiceState.RUNNING
    nas.services.control(truenas.Verb.STOP, "ssh", 60)
    nas.services.set_autostart("ssh", True)
    assert nas.services.get("ssh").autostart
    assert nas.ssh.update(truenas.UpdateSsh(tcpport=2222)).tcpport == 2222
    config = nas.snmp.update(
        truenas.UpdateSnmp(v3_username="nms", v3_authentication="SHA", v3_privacy="AES", location="Rack 1"),
        truenas.SnmpSecrets(password="a password of nms", passphrase="a passphrase of nms"),
    )
    assert (config.v3, config.location) == (True, "Rack 1")
    assert nas.system.me().has_role("POOL_READ") is True
    assert len(nas.system.host_id()) == 64 and nas.system.is_ready()
    assert nas.system.general().timezone == nas.system.info().timezone
    assert nas.interfaces.list()[0].addresses
    assert nas.alerts.categories()
    with pytest.raises(ValidationError, match="use one of start stop"):
        nas.services.control("pause", "ssh", 60)


def test_calls_by_name(nas: Client) -> None:
    assert nas.first("pool.query", Query(filters=[Filter.equals("name", "pool0")]))["healthy"] is True
    assert nas.count("pool.query") == 2
    assert nas.query("pool.query", Query(filters=[Filter.none_of("name", ["pool0", "pool1"])])) == []
    with pytest.raises(NotFound):
        nas.first("pool.query", Query(filters=[Filter.equals("name", "none")]))
    good, bad = nas.bulk("pool.dataset.create", [[{"name": "pool0/bulk"}], [{"name": "nopool/bulk"}]], 60)
    assert good.error is None and good.result is not None and good.result["id"] == "pool0/bulk"
    assert isinstance(bad.error, ApiError) and bad.result is None
    with pytest.raises(ApiError) as refused:
        nas.call("pool.dataset.create", [{"name": "pool0/a", "quota": "much"}])
    assert refused.value.kind == "validation" and refused.value.also and "quota" in refused.value.also[0]
    for name in ("", "a b", "é", "x" * 101):
        with pytest.raises(ValidationError, match="no name of a method"):
            nas.call(name)
    for query, match in (
        (Query(limit=0), "1 to 10000"),
        (Query(filters=[Filter(field="a")]), "not one condition"),
        (Query(filters=[Filter(field="a", operator="like", operand="b")]), "unknown"),
        (Query(filters=[Filter.above("a", None)]), "null"),
        (Query(order_by=Order(field="a", nulls="middle")), "first or last"),
    ):
        with pytest.raises(ValidationError, match=match):
            nas.query("pool.query", query)


def test_whatever_the_appliance_says_is_a_value(nas: Client) -> None:
    nas.datasets.create(truenas.CreateDataset(id="pool0/values"))
    snapshot = nas.snapshots.create(truenas.CreateSnapshot(dataset="pool0/values", name="one"))
    said: list[Any] = [
        *nas.pools.list(), nas.system.info(), nas.system.general(), nas.system.me(), *nas.interfaces.list(), *nas.alerts.categories(), *nas.services.list(),
        nas.datasets.get("pool0/values"), nas.datasets.settings("pool0/values"), *nas.datasets.overview(), snapshot, nas.snapshots.get(snapshot), nas.ssh.config(),
        *nas.sessions.list(), *nas.jobs.list(), nas.filesystem.stat("/mnt/pool0"), nas.filesystem.stat_fs("/mnt/pool0"), nas.supports(Feature.JOB_LOG),
    ]
    given: list[Any] = [
        Query(filters=[Filter.equals("a", datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)), Filter.all_of([Filter.one_of("b", [1, None])])], select_as=[("a", "b")]),
        truenas.CreateDataset(id="pool0/a", readonly=True, user_properties={"a:b": "c"}),
        truenas.UpdateDataset(inherit=["atime"]),
        truenas.CreateSnapshotTask(dataset="a", naming_schema="b", lifetime=truenas.Lifetime(value=1, unit="DAY"), schedule=truenas.SnapshotSchedule(schedule="0 0 * * *")),
        truenas.CreateReplication(name="a", direction="PUSH", sources=["b"], target="c", retention=truenas.Lifetime(value=1, unit="DAY"), netcat=truenas.Netcat(active_side="LOCAL", ports=(1, 2))),
        truenas.CreateCloudSync(path="/mnt/a", credential=1, target=truenas.Target(bucket="b", folder="c"), schedule="0 0 * * *"),
    ]
    assert len(said) > 40
    for value in said + given:
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            again = pickle.loads(pickle.dumps(value, protocol))
            assert again == value and hash(again) == hash(value) and type(again) is type(value)
        assert copy.deepcopy(value) == value and value != object()
        assert repr(value).startswith(f"{type(value).__name__}(")
        assert set(value.to_dict()) == set(inspect.signature(type(value)).parameters)
        with pytest.raises(AttributeError):
            value.id = 5


def test_wrong_types_are_refused(nas: Client) -> None:
    loose: Any = nas
    kinds: Any = truenas
    for wrong in (None, 1.5, object(), [], {}, b"x", "x\ud800"):
        for call in (loose.pools.get, loose.datasets.get, loose.datasets.create, loose.jobs.attach, loose.call, loose.supports, loose.cloud_syncs.run):
            with pytest.raises((TypeError, ValueError)):
                call(wrong)
    for wrong in (lambda: nas.pools.list(timeout=0), lambda: nas.pools.get(2**63), lambda: nas.pools.get(-1), lambda: nas.call("a", [object()])):
        with pytest.raises((TypeError, ValueError, OverflowError, NotFound)):
            wrong()
    for kind in (kinds.CreateDataset, kinds.Target, kinds.Snapshot):
        with pytest.raises(TypeError):
            kind()
        with pytest.raises(TypeError):
            kind("positional")


def test_asyncio_has_the_same_calls(shared: Simulator) -> None:
    async def script() -> None:
        at = shared.truenas
        async with await aio.Client.connect(at.url, api_key=at.api_key, fingerprint=at.fingerprint) as nas:
            pools, info = await asyncio.gather(nas.pools.list(), nas.system.info())
            assert pools[0].name == "pool0" and info.hostname
            await nas.datasets.create(truenas.CreateDataset(id="pool0/aio", encrypted=truenas.NewKey(passphrase="eight characters")))
            job = await nas.datasets.lock("pool0/aio")
            assert [status.state async for status in job.progress()][-1] == "SUCCESS"
            assert await job.wait(60) is True
            assert [row["name"] async for row in nas.rows("pool.query")] == ["pool0", "pool1"]
            await (await nas.filesystem.put("/mnt/pool0/aio.txt", b"content")).wait(60)
            async with await nas.filesystem.get("/mnt/pool0/aio.txt", 7) as answer:
                assert await answer.read(3) == b"con" and b"".join([piece async for piece in answer]) == b"tent"
            assert await nas.call("system.state", reads=True) == "READY"
            with pytest.raises(NotFound):
                await nas.datasets.get("pool0/none")

    asyncio.run(script())
