"""What the values of ``dtc.b2`` are as Python values, and what is refused where one is asked for."""

from __future__ import annotations

import copy
import datetime
import doctest
import importlib
import inspect
import logging
import pickle
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dtc.b2
import dtc.b2.aio
import dtc.rmm
import dtc.simulator
from dtc import b2
from dtc.exceptions import DtcError, ValidationError
from dtc.simulator import Simulator

UTC = datetime.timezone.utc
NOW = datetime.datetime(2026, 11, 29, 12, 30, 1, 234_000, tzinfo=UTC)
HIDDEN = b2.Unreadable(reason="not_authorized")
RETENTION = b2.FileRetention.compliance(NOW)
RULE = b2.LifecycleRule(file_name_prefix="a/", days_from_hiding_to_deleting=3, unknown={"later": "[1]"})
HEAD = b2.DownloadHead(content_length=1, retention=RETENTION, legal_hold="on", info={"a": "b"})

VALUES: list[Any] = [
    b2.AllowedBucket(id="1", name="one"),
    b2.Account(
        id="1", capabilities=["listFiles"], allowed_buckets=[b2.AllowedBucket(id="1")], key_expires=NOW,
        recommended_part_size=100_000_000, minimum_part_size=5_000_000, api_url="a", download_url="b", s3_url="c",
    ),
    RULE,
    b2.CorsRule(cors_rule_name="a-rule", allowed_origins=["*"], allowed_operations=["x"], max_age_seconds=1),
    b2.ReplicationRule(replication_rule_name="r", destination_bucket_id="2"),
    b2.ReplicationSource(source_application_key_id="k", replication_rules=[]),
    b2.ReplicationDestination(source_to_destination_key_mapping={"a": "b"}),
    b2.Replication(as_replication_destination=b2.ReplicationDestination(source_to_destination_key_mapping={"a": "b"})),
    b2.DefaultRetention.governance(2, "years"),
    b2.FileLock(enabled=True, default_retention=b2.DefaultRetention.compliance(3)),
    b2.Bucket(id="1", name="one", revision=2, default_encryption=HIDDEN, file_lock=b2.FileLock(enabled=False), replication=HIDDEN, lifecycle_rules=[RULE]),
    RETENTION,
    b2.FileVersion(id="1", name="n", action="upload", content_length=10 * 2**30, uploaded=NOW, retention=None, legal_hold=HIDDEN),
    b2.Folder(name="a/"),
    b2.Part(file_id="1", part_number=1, content_length=5, sha1="0" * 40),
    HEAD,
    b2.SavedFile(head=HEAD, verified=True),
    b2.Key(id="1", name="n", capabilities=["listFiles"], expires=NOW),
    b2.ReplicationCounts(pending=1, completed=2, failed=3, replica=4, unknown=5, unmatched=6),
    b2.Progress(stage="hashed", bytes=5, total=None),
    b2.Wait(operation="o", why="w", attempt=2, pause=datetime.timedelta(seconds=1), given_up_in=datetime.timedelta(seconds=9)),
    b2.BucketRef(id="1"),
    b2.UpdateBucket(info={"a": "b"}, lifecycle_rules=[RULE]),
    b2.Download.by_name("my-photos", "a", first=1),
    b2.CopyFile(source="1", name="b"),
    b2.HeaderOverrides(content_type="text/plain"),
    b2.Event(account_id="1", bucket_id="2", bucket_name="n", event_id="e", event_timestamp=NOW, event_type="t", event_version=1, matched_rule_name="m", object_name="o"),
    HIDDEN,
    dtc.simulator.AddressOfB2(url="u", key_id="k", application_key="a"),
]  # fmt: skip

each = pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)


def test_every_value_class_is_here() -> None:
    classes = {kind for kind in vars(b2).values() if inspect.isclass(kind) and hasattr(kind, "to_dict")}
    assert classes - {type(value) for value in VALUES} == set()


@each
def test_a_value_is_a_value(value: Any) -> None:
    namespace = {**vars(b2), **vars(dtc.simulator), "datetime": datetime}
    again = eval(repr(value), namespace)
    assert again == value and hash(again) == hash(value) and again is not value
    assert value != object() and value != 1 and not value == "x"
    fields = value.to_dict()
    assert list(fields) == [name for name in inspect.signature(type(value)).parameters]
    assert copy.copy(value) == copy.deepcopy(value) == value
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(value, protocol)) == value
    with pytest.raises(AttributeError):
        setattr(value, next(iter(fields)), None)
    with pytest.raises(AttributeError):
        value.another = 1


@each
def test_a_pickle_of_another_version_is_refused_and_nothing_else(value: Any) -> None:
    made, _ = value.__reduce__()
    with pytest.raises(TypeError):
        made(another_field=1)
    required = [name for name, one in inspect.signature(type(value)).parameters.items() if one.default is one.empty]
    if required:
        with pytest.raises(TypeError, match="missing"):
            type(value)()


def test_dictionaries_go_all_the_way_down() -> None:
    fields = b2.SavedFile(head=HEAD, verified=True).to_dict()
    assert fields["head"]["retention"] == {"mode": "compliance", "until": NOW}
    bucket = next(value for value in VALUES if isinstance(value, b2.Bucket)).to_dict()
    assert bucket["lifecycle_rules"] == [RULE.to_dict()]
    assert bucket["replication"] == {"reason": "not_authorized"}


def test_what_could_not_be_read_is_neither_on_nor_off() -> None:
    with pytest.raises(TypeError, match="neither true nor false"):
        if HIDDEN:
            pass


@given(st.datetimes(datetime.datetime(1, 1, 2), datetime.datetime(9999, 12, 30), timezones=st.timezones()))
def test_times_cross_the_border_in_milliseconds(at: datetime.datetime) -> None:
    try:
        expected = at.astimezone(UTC)
    except OverflowError:
        return
    until = b2.FileRetention.compliance(at).until
    assert until == expected.replace(microsecond=expected.microsecond // 1000 * 1000)
    assert until.tzinfo is UTC


@given(st.integers(0, 2**64 - 1))
def test_sizes_cross_the_border_whole(size: int) -> None:
    assert b2.Progress(stage="transferred", bytes=size).bytes == size


WRONG: list[Any] = [None, 12, 1.5, object(), [], {}, b"x", "x\ud800"]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: type(wrong).__name__)
def test_wrong_types_are_refused(dtc_b2: b2.Client, wrong: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        dtc_b2.buckets.get(wrong)
    with pytest.raises((TypeError, ValueError)):
        dtc_b2.buckets.create(wrong)
    with pytest.raises((TypeError, ValueError)):
        dtc_b2.files.get(wrong)
    with pytest.raises((TypeError, ValueError)):
        dtc_b2.files.upload("my-photos", wrong, b"")
    with pytest.raises((TypeError, ValueError)):
        b2.Client(key_id=wrong, application_key="x")
    with pytest.raises((TypeError, ValueError)):
        b2.Client(key_id="x", application_key=wrong)


def test_wrong_settings_are_refused_with_what_to_do(dtc_b2: b2.Client) -> None:
    attempts: list[Any] = [
        lambda: b2.FileRetention.compliance(datetime.datetime(2026, 1, 1)),
        lambda: dtc_b2.buckets.create("b2-mine"),
        lambda: dtc_b2.buckets.create("my-photos", visibility="public"),
        lambda: dtc_b2.buckets.create("my-photos", encryption="none"),
        lambda: dtc_b2.buckets.create("my-photos", lifecycle_rules=[b2.LifecycleRule()]),
        lambda: dtc_b2.buckets.update("my-photos", b2.UpdateBucket(encryption="SSE-B2", reset_encryption=True)),
        lambda: dtc_b2.buckets.get(b2.BucketRef()),
        lambda: dtc_b2.files.upload("my-photos", "a//b", b""),
        lambda: dtc_b2.files.upload("my-photos", "a", b"", parallel=0),
        lambda: dtc_b2.files.list_names("my-photos", page_size=0),
        lambda: dtc_b2.files.list_versions("my-photos", start_at_id="1"),
        lambda: dtc_b2.files.download(b2.Download()),
        lambda: dtc_b2.files.download(b2.Download.by_id("1", first=5, last=4)),
        lambda: dtc_b2.keys.create("a key", ["listFiles"]),
        lambda: dtc_b2.keys.create("key", []),
        lambda: dtc_b2.keys.create("key", ["listFiles"], compat="v2"),
        lambda: b2.CustomerKey(b"short"),
        lambda: b2.CustomerKey.from_base64("no"),
        lambda: b2.Client(key_id="1", application_key="2", realm="http://example.org"),
        lambda: b2.Client(key_id="1", application_key="2", test_mode="odd"),
        lambda: dtc_b2.account(timeout=0.0),
        lambda: dtc_b2.account(timeout=-1.0),
        lambda: dtc_b2.account(timeout=float("nan")),
    ]
    for attempt in attempts:
        with pytest.raises(ValidationError) as raised:
            attempt()
        assert isinstance(raised.value, ValueError) and raised.value.code == "DTC-COMMAND-ARGUMENTS"


def test_negative_sizes_and_numbers_that_are_too_large(dtc_b2: b2.Client) -> None:
    for number in (-1, 2**64):
        for attempt in (
            lambda: b2.Download.by_id("1", first=number),
            lambda: dtc_b2.files.upload("my-photos", "a", b"", part_size=number),
            lambda: b2.LifecycleRule(days_from_hiding_to_deleting=number),
        ):
            with pytest.raises(OverflowError):
                attempt()


CANARY = "canary-4b1d-secret"


def test_no_secret_is_shown_anywhere(caplog: pytest.LogCaptureFixture) -> None:
    import gc

    caplog.set_level(logging.DEBUG)
    client = b2.Client(key_id="1", application_key=CANARY, realm="http://127.0.0.1:9", attempts=1)
    key = b2.CustomerKey.from_base64("Y2FuYXJ5LTRiMWQtc2VjcmV0LWNhbmFyeS00YjFkLXM=")
    token = b2.DownloadToken(CANARY, "http://127.0.0.1:9")
    rule = b2.SetNotificationRule("a-rule", [], "https://example.org", signing_secret=CANARY, custom_headers=[("a", CANARY)])
    shown = []
    for one in (client, client.files, client.keys, key, token, rule):
        shown += [repr(one), str(one), f"{one}"]
        with pytest.raises(TypeError):
            pickle.dumps(one)
        with pytest.raises(TypeError):
            vars(one)
    try:
        client.account()
    except DtcError as error:
        shown += ["".join(traceback.TracebackException.from_exception(error, capture_locals=True).format()), repr(vars(error))]
        shown.append(pickle.dumps(error).decode("latin1"))
    else:
        raise AssertionError("nobody listens there")
    shown.append(caplog.text)
    assert CANARY not in "".join(shown) and key.expose() not in "".join(shown)
    assert not [one for one in gc.get_objects() if type(one) is dict and CANARY in map(str, one.values()) and one is not globals() and "CANARY" not in one]


@pytest.mark.parametrize(
    "name",
    [
        *("dtc", "dtc.b2", "dtc.b2.aio", "dtc.halopsa", "dtc.halopsa.aio", "dtc.itglue", "dtc.itglue.aio", "dtc.ninjaone", "dtc.ninjaone.aio"),
        *("dtc.restore", "dtc.restore.aio", "dtc.rmm", "dtc.simulator", "dtc.truenas", "dtc.truenas.aio", "pytest_dtc"),
    ],
)
def test_examples_in_docstrings_run(name: str) -> None:
    module = importlib.import_module(name)
    runner = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    for test in doctest.DocTestFinder(exclude_empty=True).find(module, module=module):
        runner.run(test)
    for kind in (getattr(module, name) for name in getattr(module, "__all__", [])):
        if inspect.isclass(kind) and kind.__module__ == name and not issubclass(kind, (str, Exception)):
            members = [(kind.__name__, kind.__doc__)]
            members += [(f"{kind.__name__}.{one}", getattr(member, "__doc__", None)) for one, member in vars(kind).items()]
            for shown, text in members:
                if isinstance(text, str) and ">>>" in text and not hasattr(kind, "__dataclass_fields__"):
                    runner.run(doctest.DocTestParser().get_doctest(text, dict(vars(module)), shown, None, None))
    assert runner.summarize().failed == 0


def test_every_public_name_has_a_docstring() -> None:
    missing = []
    services = ("halopsa", "itglue", "ninjaone", "restore", "truenas")
    modules = [importlib.import_module(f"dtc.{name}{aio}") for name in services for aio in ("", ".aio")]
    for module in (b2, b2.aio, dtc.simulator, dtc.rmm, *modules):
        for name in module.__all__:
            thing = getattr(module, name)
            if inspect.isclass(thing) or inspect.isroutine(thing):
                if not thing.__doc__:
                    missing.append(f"{module.__name__}.{name}")
            if inspect.isclass(thing) and not thing.__module__.startswith(("dtc.rmm", "dtc.simulator")) and not issubclass(thing, str):
                for method, member in vars(thing).items():
                    if not method.startswith("_") and not member.__doc__:
                        missing.append(f"{module.__name__}.{name}.{method}")
    assert missing == []


def test_both_faces_have_the_same_calls() -> None:
    for name in b2.aio.__all__:
        blocking, asyncio = getattr(b2, name), getattr(b2.aio, name)
        public = [{one for one in vars(kind) if not one.startswith("_")} for kind in (blocking, asyncio)]
        assert public[0] - {"readable"} == public[1]
        for method in public[1]:
            mine, other = getattr(blocking, method), getattr(asyncio, method)
            if callable(mine):
                assert inspect.signature(mine) == inspect.signature(other), (name, method)


def test_the_simulator_ends(dtc_simulator: Simulator) -> None:
    assert repr(dtc_simulator) == "<Simulator, running>"
    dtc_simulator.stop()
    dtc_simulator.stop()
    assert repr(dtc_simulator) == "<Simulator, stopped>"
    with pytest.raises(RuntimeError, match="was stopped"):
        dtc_simulator.mark()
