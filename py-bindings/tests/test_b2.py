"""Backblaze B2 from Python, against the simulator."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import io
import pathlib
import secrets
from collections.abc import Iterator

import pytest

from dtc import b2
from dtc.b2 import (
    Capability,
    Client,
    CopyFile,
    CustomerKey,
    DefaultRetention,
    Download,
    FileLock,
    FileRetention,
    LifecycleRule,
    UpdateBucket,
)
from dtc.crypt import Secret
from dtc.exceptions import ApiError, AuthError, Conflict, DtcError, NotFound, OutcomeUnknown, Refused, TransportError
from dtc.naming import BucketName
from dtc.simulator import Fault, Simulator

BIG = b"0123456789abcdef" * 700_000
"""Eleven megabytes: three parts of the smallest size."""
PART = 5_000_000


def connect(sim: Simulator, **options: object) -> Client:
    at = sim.b2
    return Client(key_id=at.key_id, application_key=at.application_key, realm=at.url, backoff=(0.001, 0.01), **options)  # type: ignore[arg-type]


@pytest.fixture
def bucket(dtc_b2: Client) -> b2.Bucket:
    return dtc_b2.buckets.create("my-photos", object_lock=True)


def test_an_account_says_what_its_key_may_do(dtc_b2: Client) -> None:
    account = dtc_b2.account()
    assert account.can(Capability.LIST_BUCKETS) and not account.can("flyToTheMoon")
    assert account.missing(["listBuckets", "flyToTheMoon"]) == ["flyToTheMoon"]
    assert account.allowed_buckets is None and account.minimum_part_size == PART
    assert account.api_url.startswith("http://127.0.0.1:")
    assert dtc_b2.service_time().tzinfo is datetime.timezone.utc


def test_a_bucket_from_its_making_to_its_end(dtc_b2: Client) -> None:
    rule = LifecycleRule(days_from_hiding_to_deleting=30)
    made = dtc_b2.buckets.create("my-photos", visibility=b2.Visibility.PRIVATE, lifecycle_rules=[rule], info={"a": "b"})
    assert (made.name, made.visibility, made.info, made.lifecycle_rules) == ("my-photos", "allPrivate", {"a": "b"}, [rule])
    assert made.file_lock == FileLock(enabled=False)
    assert dtc_b2.buckets.get("my-photos") == dtc_b2.buckets.get(made) == made
    assert dtc_b2.buckets.get(b2.BucketRef(id=made.id)) == made
    assert dtc_b2.buckets.list() == [made]
    assert dtc_b2.buckets.list(visibilities=["allPublic"]) == []
    updated = dtc_b2.buckets.update(made, UpdateBucket(info={}, if_revision=made.revision))
    assert updated.info == {} and updated.revision > made.revision and updated.lifecycle_rules == [rule]
    with pytest.raises(Conflict) as raised:
        dtc_b2.buckets.update(made, UpdateBucket(info={}, if_revision=made.revision))
    assert raised.value.kind == "revision_conflict" and "read it again" in raised.value.remedy
    dtc_b2.buckets.delete(made)
    assert dtc_b2.buckets.get("my-photos") is None


def test_a_computed_name_is_a_buckets_name(dtc_b2: Client) -> None:
    name = BucketName("truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9")
    made = dtc_b2.buckets.create(str(name))
    assert dtc_b2.buckets.get(name) == made


def test_a_change_is_made_on_what_was_read(dtc_b2: Client, bucket: b2.Bucket) -> None:
    seen: list[b2.Bucket] = []

    def change(found: b2.Bucket) -> UpdateBucket | None:
        seen.append(found)
        if len(seen) == 1:  # somebody else is faster
            dtc_b2.buckets.update(found, UpdateBucket(info={"by": "another"}))
        return UpdateBucket(info={**found.info, "seen": str(len(seen))})

    assert dtc_b2.buckets.modify(bucket, change).info == {"by": "another", "seen": "2"}
    assert dtc_b2.buckets.modify("my-photos", lambda found: None).info == {"by": "another", "seen": "2"}
    with pytest.raises(ZeroDivisionError):
        dtc_b2.buckets.modify("my-photos", lambda found: UpdateBucket(info={"a": str(1 // 0)}))
    with pytest.raises(TypeError):
        dtc_b2.buckets.modify("my-photos", lambda found: "nonsense")  # type: ignore[arg-type, return-value]


def test_retention_and_legal_hold(dtc_b2: Client, bucket: b2.Bucket) -> None:
    locked = dtc_b2.buckets.update(bucket, UpdateBucket(default_retention=DefaultRetention.compliance(14)))
    assert locked.file_lock == FileLock(enabled=True, default_retention=DefaultRetention(mode="compliance", duration=14))
    version = dtc_b2.files.upload("my-photos", "a.txt", b"a")
    version = dtc_b2.files.get(version.id)
    assert isinstance(version.retention, FileRetention)
    assert version.retention.until - version.uploaded == datetime.timedelta(days=14)
    longer = FileRetention.compliance(version.uploaded + datetime.timedelta(days=20))
    assert dtc_b2.files.update_retention("a.txt", version.id, longer) == longer
    for shorter in (None, FileRetention.compliance(version.uploaded + datetime.timedelta(days=1))):
        with pytest.raises(DtcError):
            dtc_b2.files.update_retention("a.txt", version.id, shorter)
    with pytest.raises(ApiError) as raised:
        dtc_b2.files.delete_version("a.txt", version.id)
    assert raised.value.kind == "locked" and not raised.value.retryable
    assert dtc_b2.files.update_legal_hold("a.txt", version.id, b2.LegalHold.ON) == "on"
    assert dtc_b2.files.get(version.id).legal_hold == "on"


def test_a_hidden_file_and_all_its_versions(dtc_b2: Client) -> None:
    dtc_b2.buckets.create("my-photos")
    for content in (b"1", b"2", b"3"):
        dtc_b2.files.upload("my-photos", "a.txt", content)
    marker = dtc_b2.files.hide("my-photos", "a.txt")
    assert marker is not None and marker.action == b2.Action.HIDE
    assert dtc_b2.files.hide("my-photos", "a.txt") is None
    assert list(dtc_b2.files.list_names("my-photos")) == []
    assert [version.action for version in dtc_b2.files.list_versions("my-photos")] == ["hide", *["upload"] * 3]
    assert dtc_b2.files.delete_all_versions("my-photos", "a.txt") == 4
    assert list(dtc_b2.files.list_versions("my-photos")) == []


def test_keys_are_scoped_and_their_secret_is_hidden(dtc_simulator: Simulator, dtc_b2: Client, bucket: b2.Bucket) -> None:
    made = dtc_b2.keys.create(
        "camera",
        [Capability.LIST_BUCKETS, Capability.LIST_FILES, Capability.WRITE_FILES],
        buckets=[bucket],
        name_prefix="2026/",
        valid_for=datetime.timedelta(days=1),
    )
    assert isinstance(made.secret, Secret) and made.key.is_restricted_to(bucket.id)
    assert made.secret.expose() not in repr(made) + str(made) + f"{made}"
    assert made.key.expires is not None and made.key.name_prefix == "2026/"
    assert [key.name for key in dtc_b2.keys.list() if key.name == "camera"] == ["camera"]
    at = dtc_simulator.b2
    with Client(key_id=made.key.id, application_key=made.secret, realm=at.url) as camera:
        camera.files.upload("my-photos", "2026/a.jpg", b"a")
        with pytest.raises(AuthError) as raised:
            camera.files.get(next(iter(camera.files.list_names("my-photos"))).id)
        assert raised.value.code == "DTC-SERVICE-UNAUTHORIZED" and "readFiles" in str(raised.value)
        found = camera.buckets.get("my-photos")
        assert found is not None and isinstance(found.default_encryption, b2.Unreadable)
        assert found.default_encryption.reason == "not_authorized"
    dtc_b2.keys.delete(made.key.id)
    with pytest.raises(NotFound):
        dtc_b2.keys.delete(made.key.id)


@pytest.fixture(params=["bytes", "bytearray", "memoryview", "path", "text path", "file", "reader"])
def source(request: pytest.FixtureRequest, tmp_path: pathlib.Path) -> Iterator[object]:
    path = tmp_path / "source"
    path.write_bytes(BIG)
    match request.param:
        case "bytes":
            yield BIG
        case "bytearray":
            yield bytearray(BIG)
        case "memoryview":
            yield memoryview(b"x" + BIG)[1:]
        case "path":
            yield path
        case "text path":
            yield str(path)
        case "file":
            with path.open("rb") as file:
                yield file
        case _:
            yield io.BytesIO(BIG)


def test_content_comes_back_from_every_source(dtc_b2: Client, bucket: b2.Bucket, source: object, tmp_path: pathlib.Path) -> None:
    steps: list[b2.Progress] = []
    version = dtc_b2.files.upload("my-photos", "big", source, part_size=PART, info={"Colour": "blue"}, progress=steps.append)  # type: ignore[arg-type]
    assert version.content_length == len(BIG) and version.info["colour"] == "blue"
    assert steps and steps[-1].stage == "transferred" and steps[-1].bytes == len(BIG)
    by_id, by_name = Download.by_id(version.id), Download.by_name("my-photos", "big")
    saved = dtc_b2.files.save(by_id, tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes() == BIG
    assert saved.verified == (version.whole_sha1 is not None)
    with dtc_b2.files.download(by_name) as answer:
        assert answer.head.content_length == len(BIG)
        assert answer.read(10) == BIG[:10] and answer.read(0) == b""
        assert b"".join(answer) == BIG[10:]
        assert answer.read() == answer.read(5) == b""
    assert dtc_b2.files.download(by_name).read() == BIG
    written = io.BytesIO()
    assert dtc_b2.files.download(by_id).write_to(written) == len(BIG)
    assert written.getvalue() == BIG


def test_ranges(dtc_b2: Client, bucket: b2.Bucket, tmp_path: pathlib.Path) -> None:
    version = dtc_b2.files.upload("my-photos", "a", b"0123456789")
    assert dtc_b2.files.download(Download.by_id(version.id, first=2, last=4)).read() == b"234"
    assert dtc_b2.files.download(Download.by_name("my-photos", "a", first=7)).read() == b"789"
    assert dtc_b2.files.download(Download.by_id(version.id, last=1)).read() == b"01"
    saved = dtc_b2.files.save(Download.by_id(version.id, first=5), tmp_path / "part")
    assert not saved.verified and saved.head.content_range == "bytes 5-9/10"
    assert (tmp_path / "part").read_bytes() == b"56789"
    with pytest.raises(ApiError) as raised:
        dtc_b2.files.download(Download.by_id(version.id, first=100))
    assert raised.value.kind == "range_not_satisfiable" and raised.value.status == 416


def test_heads_copies_and_links(dtc_b2: Client, bucket: b2.Bucket) -> None:
    version = dtc_b2.files.upload("my-photos", "a.txt", b"hello", content_type="text/plain")
    head = dtc_b2.files.head(Download.by_name("my-photos", "a.txt"))
    assert (head.id, head.content_type, head.whole_sha1) == (version.id, "text/plain", hashlib.sha1(b"hello").hexdigest())
    copied = dtc_b2.files.copy(CopyFile(source=version.id, name="b.txt", first=1, last=3))
    assert dtc_b2.files.download(Download.by_id(copied.id)).read() == b"ell"
    token = dtc_b2.files.share("my-photos", "a", datetime.timedelta(hours=1))
    assert token.expose() in token.expose_url("my-photos", "a.txt") and token.expose() not in repr(token)
    with Client.anonymous(token.download_url) as visitor:
        answer = visitor.files.with_token(token).download(Download.by_name("my-photos", "a.txt"))
        assert answer.read() == b"hello"


def test_a_customers_key_is_needed_again(dtc_b2: Client, bucket: b2.Bucket) -> None:
    key, other = CustomerKey(secrets.token_bytes(32)), CustomerKey(bytes(32))
    version = dtc_b2.files.with_customer_key(key).upload("my-photos", "sealed", b"hello")
    assert version.encryption == b2.Encryption.SSE_C
    download = Download.by_id(version.id)
    assert dtc_b2.files.with_customer_key(CustomerKey.from_base64(key.expose())).download(download).read() == b"hello"
    for files in (dtc_b2.files, dtc_b2.files.with_customer_key(other)):
        with pytest.raises(DtcError):
            files.download(download)
    opened = dtc_b2.files.copy_with_source_key(key, CopyFile(source=version.id, name="open"))
    assert dtc_b2.files.download(Download.by_id(opened.id)).read() == b"hello"


def test_folders_pages_and_places(dtc_simulator: Simulator, dtc_b2: Client, bucket: b2.Bucket) -> None:
    for name in ("a.txt", "b/1", "b/2", "c.txt"):
        dtc_simulator.put("my-photos", name, b"x")
    entries = list(dtc_b2.files.list_names_with_delimiter("my-photos"))
    assert [entry.name for entry in entries] == ["a.txt", "b/", "c.txt"]
    assert [isinstance(entry, b2.Folder) for entry in entries] == [False, True, False]
    assert [entry.name for entry in dtc_b2.files.list_versions_with_delimiter("my-photos", prefix="b/")] == ["b/1", "b/2"]
    mark = dtc_simulator.mark()
    listing = dtc_b2.files.list_names("my-photos", page_size=1)
    assert dtc_simulator.calls(mark) == {}
    assert next(listing).name == "a.txt"
    assert dtc_simulator.calls(mark) == {("b2", "b2_list_file_names"): 1}
    assert [version.name for version in listing] == ["b/1", "b/2", "c.txt"]
    assert list(listing) == []
    start = next(version for version in dtc_b2.files.list_versions("my-photos") if version.name == "b/2")
    later = dtc_b2.files.list_versions("my-photos", start_at="b/2", start_at_id=start.id)
    assert [version.name for version in later] == ["b/2", "c.txt"]
    assert [version.name for version in dtc_b2.files.list_names("my-photos", start_at="b/15")] == ["b/2", "c.txt"]


def test_unfinished_uploads_are_seen_resumed_and_cancelled(dtc_simulator: Simulator, dtc_b2: Client, bucket: b2.Bucket) -> None:
    def stop(step: b2.Progress) -> None:
        if step.stage == "transferred" and step.bytes > PART:  # the first part is stored
            raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        dtc_b2.files.upload("my-photos", "big", BIG, part_size=PART, parallel=1, progress=stop)
    (unfinished,) = dtc_b2.files.list_unfinished("my-photos")
    parts = list(dtc_b2.files.list_parts(unfinished.id))
    assert unfinished.action == "start" and [part.content_length for part in parts][:1] == [PART]
    steps: list[b2.Progress] = []
    version = dtc_b2.files.upload("my-photos", "big", BIG, part_size=PART, resume=True, progress=steps.append)
    assert version.id == unfinished.id
    assert any(step.bytes >= PART for step in steps if step.stage == "large_file" and step.file_id == version.id)
    with pytest.raises(RuntimeError, match="enough"):
        dtc_b2.files.upload("my-photos", "other", BIG, part_size=PART, parallel=1, progress=stop)
    (unfinished,) = dtc_b2.files.list_unfinished("my-photos", "other")
    dtc_b2.files.cancel_large_file(unfinished.id)
    with pytest.raises(NotFound) as raised:
        dtc_b2.files.cancel_large_file(unfinished.id)
    assert raised.value.kind == "large_file_gone"
    assert list(dtc_b2.files.list_unfinished("my-photos")) == []


def test_replication_is_counted(dtc_b2: Client, bucket: b2.Bucket) -> None:
    dtc_b2.files.upload("my-photos", "a", b"a")
    counts = dtc_b2.files.count_replication("my-photos")
    assert (counts.unmatched, counts.pending, counts.failed) == (1, 0, 0)


def test_a_read_only_client_sends_no_write(dtc_simulator: Simulator) -> None:
    with connect(dtc_simulator, read_only=True) as client:
        assert client.buckets.list() == []
        with pytest.raises(Refused) as raised:
            client.buckets.create("my-photos")
        assert raised.value.kind == "read_only"
    assert ("b2", "b2_create_bucket") not in dtc_simulator.calls()
    assert set(b2.reads()).isdisjoint(b2.writes()) and "b2_create_bucket" in b2.writes()


def test_what_an_exception_says(dtc_simulator: Simulator, dtc_b2: Client) -> None:
    with pytest.raises(NotFound) as raised:
        dtc_b2.files.get("4_z0000")
    error = raised.value
    assert (error.code, error.operation, error.retryable, error.unknown_outcome) == (
        "DTC-SERVICE-NOT-FOUND",
        "b2_get_file_info",
        False,
        False,
    )
    assert error.status in (400, 404) and error.service_code and "b2_get_file_info on file" in str(error)


def test_a_lost_answer_is_an_unknown_outcome(dtc_simulator: Simulator, dtc_b2: Client) -> None:
    dtc_b2.account()
    dtc_simulator.fail("b2", "b2_create_key", Fault.drop_connection(), after_effect=True)
    with pytest.raises(OutcomeUnknown) as raised:
        dtc_b2.keys.create("camera", ["listFiles"])
    assert raised.value.unknown_outcome and not raised.value.retryable and raised.value.remedy
    assert "camera" in [key.name for key in dtc_b2.keys.list()]


def test_what_can_be_repeated_is(dtc_simulator: Simulator) -> None:
    waits: list[b2.Wait] = []
    with connect(dtc_simulator, on_wait=waits.append) as client:
        dtc_simulator.fail("b2", "b2_list_buckets", Fault.refuse(503, "service_unavailable", "busy"), times=2)
        assert client.buckets.list() == []
        assert [(wait.operation, wait.attempt) for wait in waits] == [("b2_list_buckets", 2), ("b2_list_buckets", 3)]
        dtc_simulator.fail("b2", "b2_list_buckets", Fault.refuse(503, "service_unavailable", "busy"), times=99)
        with pytest.raises(TransportError) as raised:
            client.buckets.list()
        assert raised.value.retryable and isinstance(raised.value, ConnectionError)


class Enough(Exception):
    pass


def enough(wait: b2.Wait) -> None:
    raise Enough(wait.operation)


def test_what_is_raised_before_a_wait_ends_the_call(dtc_simulator: Simulator) -> None:
    unavailable = Fault.refuse(503, "service_unavailable", "busy")
    with connect(dtc_simulator, on_wait=enough) as client:
        client.account()
        for call in (lambda: client.buckets.list(), lambda: list(client.keys.list()), lambda: client.buckets.create("enough-of-it")):
            dtc_simulator.fail("b2", "*", unavailable, times=1)
            with pytest.raises(Enough, match="b2_"):
                call()
            dtc_simulator.clear_faults()
        assert client.buckets.list() == []

    async def main() -> None:
        at = dtc_simulator.b2
        async with b2.aio.Client(key_id=at.key_id, application_key=at.application_key, realm=at.url, on_wait=enough) as client:
            await client.account()
            dtc_simulator.fail("b2", "*", unavailable, times=1)
            with pytest.raises(Enough, match="b2_list_buckets"):
                await client.buckets.list()
            dtc_simulator.clear_faults()
            assert await client.buckets.list() == []

    asyncio.run(main())


def test_notification_rules_go_both_ways(dtc_b2: Client, bucket: b2.Bucket) -> None:
    rule = b2.SetNotificationRule(
        "thumbnails",
        [b2.EventType.OBJECT_CREATED],
        "https://example.org/hook",
        signing_secret=Secret("0123456789abcdef0123456789abcdef"),
        custom_headers=[("X-Token", "canary-1")],
    )
    (found,) = dtc_b2.buckets.set_notification_rules(bucket, [rule])
    assert (found.name, found.event_types, found.url, found.is_enabled) == (
        "thumbnails",
        ["b2:ObjectCreated:*"],
        "https://example.org/hook",
        True,
    )
    assert "canary" not in repr(found) + repr(rule) + repr(found.custom_headers)
    assert [header.expose() for _, header in found.custom_headers] == ["canary-1"]
    assert [one.name for one in dtc_b2.buckets.notification_rules("my-photos")] == ["thumbnails"]


def test_a_notification_is_verified_before_it_is_read() -> None:
    body = b'{"events": []}'
    with pytest.raises(DtcError):
        b2.verify_notification(body, secret="s" * 32, signature="v1=" + "0" * 64)
    import hmac

    signature = "v1=" + hmac.new(b"s" * 32, body, "sha256").hexdigest()
    assert b2.verify_notification(body, secret=Secret("s" * 32), signature=signature) == []
