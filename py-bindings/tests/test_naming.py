"""``dtc.naming`` against the rules, by example and by hypothesis."""

from __future__ import annotations

import os
import re
import uuid

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import rules
from dtc.exceptions import ValidationError
from dtc.naming import (
    BucketName,
    DeviceGuid,
    FolderPath,
    LegacyBucketName,
    LocationName,
    LocationUuid,
    ObjectPrefix,
    OrgUuid,
    PoolName,
    TaskDescription,
    VaultLabel,
)

LOCATION = "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9"
BUCKET = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9"
LEGACY = "truenas-0190163d8694739baea5966c26f8ad91-a1b2c3d4"
DEVICE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"

thoroughly = settings(max_examples=1000, deadline=None)


def reads(kind: type, text: str) -> bool:
    """Whether the class takes the text, which then is its own text again."""
    try:
        value = kind(text)
    except ValidationError:
        return False
    assert str(value) == text
    return True


def test_n1_worked_example() -> None:
    location = LocationUuid(LOCATION)
    bucket = BucketName.compute(location)
    assert str(bucket) == BUCKET
    assert len(str(bucket)) == 40
    assert (bucket.location, bucket.workload) == (location, "truenas")
    assert BucketName.compute(location, workload="truenas") == BucketName(BUCKET) == bucket


def test_n1_only_known_workloads() -> None:
    with pytest.raises(ValidationError, match="known: truenas") as caught:
        BucketName.compute(LocationUuid(LOCATION), workload="TrueNAS")
    assert (caught.value.rule, caught.value.subject) == ("N1", "workload")


@thoroughly
@given(rules.uuids)
def test_n1_every_spelling_gives_the_same_bucket(identifier: uuid.UUID) -> None:
    for text in rules.spellings(identifier):
        location = LocationUuid(text)
        assert str(location) == str(identifier)
        assert bytes(location) == identifier.bytes
        assert location.version == identifier.version
        assert str(BucketName.compute(location)) == f"truenas-{identifier.hex}"


@thoroughly
@given(st.uuids() | st.builds(lambda number: uuid.UUID(int=number), st.integers(0, 2**128 - 1)))
@example(uuid.UUID(int=0))
@example(uuid.UUID(int=2**128 - 1))
def test_i2_only_uuids_of_rfc_9562(identifier: uuid.UUID) -> None:
    expected = rules.DASHED.fullmatch(str(identifier)) is not None
    for kind in (LocationUuid, OrgUuid, DeviceGuid):
        assert reads(kind, str(identifier)) == expected


@thoroughly
@given(rules.uuids, st.lists(st.integers(1, 8), min_size=1))
def test_i2_accepted_versions(identifier: uuid.UUID, versions: list[int]) -> None:
    for kind in (LocationUuid, OrgUuid, DeviceGuid):
        value = kind(str(identifier))
        if identifier.version in versions:
            assert value.accept(versions=versions) == value.accept(versions=tuple(versions)) == value
        else:
            with pytest.raises(ValidationError) as caught:
                value.accept(versions=versions)
            assert caught.value.kind == "version"
            assert caught.value.input[slice(*caught.value.span)] == str(identifier.version)


def test_i2_versions_4_and_7_are_accepted_by_default() -> None:
    for version in range(1, 9):
        location = LocationUuid(LOCATION.replace("-7071-", f"-{version}071-"))
        if version in (4, 7):
            assert location.accept() == location
        else:
            with pytest.raises(ValidationError, match="rule I2 at character 15"):
                location.accept()
    with pytest.raises(ValidationError):
        LocationUuid(LOCATION).accept(versions=[])
    with pytest.raises(ValidationError):
        LocationUuid(LOCATION).accept(versions=[9])


@given(st.binary(min_size=16, max_size=16))
def test_i3_minting(random: bytes) -> None:
    guid = DeviceGuid.from_random_bytes(random)
    assert uuid.UUID(str(guid)) == uuid.UUID(bytes=random, version=4)
    assert guid.accept(versions=[4]) == guid


def test_i3_minting_takes_sixteen_bytes() -> None:
    assert DeviceGuid.from_random_bytes(os.urandom(16)).version == 4
    for length in (0, 15, 17):
        with pytest.raises(ValueError, match="16 bytes"):
            DeviceGuid.from_random_bytes(bytes(length))


@thoroughly
@given(rules.slips(st.sampled_from([BUCKET, LEGACY])))
def test_n2_n9_n10_a_slip_in_a_bucket_name(text: str) -> None:
    standard, legacy = (pattern.fullmatch(text) is not None for pattern in (rules.BUCKET, rules.LEGACY))
    assert reads(BucketName, text) == standard
    assert reads(LegacyBucketName, text) == legacy
    if standard or legacy:
        assert type(BucketName.parse(text)) is (BucketName if standard else LegacyBucketName)
    else:
        with pytest.raises(ValidationError):
            BucketName.parse(text)


def test_n10_the_older_form_is_recognised() -> None:
    name = BucketName.parse(LEGACY)
    assert isinstance(name, LegacyBucketName)
    assert name.organisation == OrgUuid("0190163d-8694-739b-aea5-966c26f8ad91")
    assert (name.location_digits, name.workload) == ("a1b2c3d4", "truenas")
    assert name.may_belong_to(LocationUuid(LOCATION))
    assert not name.may_belong_to(LocationUuid(DEVICE))
    with pytest.raises(ValidationError, match="rule N10"):
        BucketName(LEGACY)
    assert not hasattr(LegacyBucketName, "compute")


@thoroughly
@given(rules.uuids, rules.pools, st.text(max_size=10))
def test_n4_folder_and_prefix(device: uuid.UUID, pool: str, rest: str) -> None:
    folder = FolderPath.compute(DeviceGuid(str(device)), PoolName(pool))
    prefix = folder.object_prefix()
    assert str(folder) == f"/{device}/{pool}"
    assert str(prefix) == f"{device}/{pool}"
    assert (str(folder.device), str(folder.pool)) == (str(prefix.device), str(prefix.pool)) == (str(device), pool)
    assert FolderPath(str(folder)) == prefix.folder_path() == folder
    assert ObjectPrefix(str(prefix)) == prefix
    assert prefix.listing() == f"{device}/{pool}/"
    assert prefix.relative(f"{prefix.listing()}{rest}") == rest
    assert prefix.relative(f"{prefix}x/{rest}") is None


@thoroughly
@given(rules.slips(st.builds("/{}/{}".format, rules.uuids, rules.pools)))
def test_n4_a_slip_in_a_folder_path(text: str) -> None:
    assert reads(FolderPath, text) == rules.is_folder(text)
    assert reads(ObjectPrefix, text) == rules.is_folder(f"/{text}")


@thoroughly
@given(rules.slips(rules.pools) | st.text() | st.sampled_from(["a" * 239, "a" * 240, "log", "logs", "raidz2", "draid"]))
def test_n5_pool_names(text: str) -> None:
    assert reads(PoolName, text) == rules.is_pool(text)


@thoroughly
@given(rules.pools, rules.pools)
@example("pool0", "Pool0")
@example("Mirror", "Log")
def test_n6_task_descriptions(pool: str, other: str) -> None:
    description = TaskDescription.compute(PoolName(pool))
    assert str(description) == rules.describe(pool)
    assert TaskDescription(str(description)) == description
    assert description.describes(PoolName(pool))
    assert description.describes(PoolName(other)) == (rules.describe(other) == rules.describe(pool))
    both = [pool[0].lower() + pool[1:], pool[0].upper() + pool[1:]]
    assert [str(candidate) for candidate in description.candidates()] == [name for name in both if rules.is_pool(name)]


@thoroughly
@given(rules.slips(st.builds(rules.describe, rules.pools)))
def test_n6_a_slip_in_a_description(text: str) -> None:
    pool = text.removesuffix(" Cloud Backup")
    assert reads(TaskDescription, text) == (pool != text and not pool[:1].islower() and rules.is_pool(pool))


def test_n8_e1a_vault_labels() -> None:
    office = LocationName(" Main Office ")
    labels = {
        "application_key": ("TrueNAS Cloud Backup \u2014 Main Office", VaultLabel.application_key(office)),
        "encryption_password": (
            "TrueNAS Cloud Backup \u2014 Main Office \u00b7 Encryption Password",
            VaultLabel.encryption_password(office),
        ),
        "encryption_salt": (
            "TrueNAS Cloud Backup \u2014 Main Office \u00b7 Encryption Salt",
            VaultLabel.encryption_salt(office),
        ),
        "nms_credentials": ("TrueNAS \u2014 NMS Credentials", VaultLabel.nms_credentials()),
        "nms_privacy_passphrase": (
            "TrueNAS \u2014 NMS Credentials \u00b7 Privacy Passphrase",
            VaultLabel.nms_privacy_passphrase(),
        ),
    }
    for kind, (text, label) in labels.items():
        assert (str(label), label.kind) == (text, kind)
        assert VaultLabel(text) == label
        assert label.location == (None if kind.startswith("nms") else office)


@thoroughly
@given(st.text() | st.builds(lambda name: f"{name} \u00b7 Encryption Salt", st.text()))
def test_n8_labels_lead_back_to_the_location(text: str) -> None:
    try:
        name = LocationName(text)
    except ValidationError as error:
        stripped = text.strip()
        siblings = re.search(" \u00b7 Encryption (Password|Salt)\\Z", stripped)
        assert not stripped.strip("\x1c\x1d\x1e\x1f") or siblings or not text.isprintable(), error
        return
    for make in (VaultLabel.application_key, VaultLabel.encryption_password, VaultLabel.encryption_salt):
        label = make(name)
        assert VaultLabel(str(label)) == label
        assert label.location == name


@thoroughly
@given(st.text())
def test_no_text_does_more_than_raise(text: str) -> None:
    for kind in (LocationUuid, OrgUuid, DeviceGuid, LocationName):
        try:
            kind(text)
        except ValidationError as error:
            assert error.input == text
            assert 0 <= error.span[0] <= error.span[1] <= len(text)
    for strict in (BucketName, LegacyBucketName, PoolName, FolderPath, ObjectPrefix, TaskDescription, VaultLabel):
        reads(strict, text)
