"""``dtc.crypt``: secrets, names, contents, proofs and filters, by rclone's vectors and by hypothesis."""

from __future__ import annotations

import copy
import doctest
import hashlib
import io
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import dtc.crypt
from crypt_vectors import CASES, VECTORS, keys, keys_of, names_of, plain, stored
from dtc.crypt import (
    KEY_PROOF_LEN,
    Filter,
    Keys,
    Mapping,
    Names,
    Proof,
    Secret,
    decrypt_bytes,
    decrypt_range,
    encrypt_bytes,
    looks_obscured,
    object_name,
    obscure,
    prove_content,
    prove_hash,
    prove_keys,
    reveal,
    stored_path,
)
from dtc.exceptions import DataAtRisk, DtcError, ValidationError

PASSWORD = "pa ss`w\"o'rd\\ é"
KEYS = keys(PASSWORD, "$salt; 日本")
OTHER = keys(PASSWORD)

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
thoroughly = settings(max_examples=300, deadline=None)


def test_e8_secrets_are_not_shown() -> None:
    secret = Secret(PASSWORD)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r}", "%s" % secret, repr([secret]), repr(KEYS)]
    shown += [repr(Names(KEYS, encryption="standard")), repr(obscure(secret))]
    assert not any("ss`w" in text for text in shown), shown
    assert secret.expose() == PASSWORD


@pytest.mark.parametrize("secret", [Secret(PASSWORD), KEYS], ids=["secret", "keys"])
def test_e8_secrets_are_not_pickled_or_copied(secret: object) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError):
            pickle.dumps(secret, protocol)
    for duplicate in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            duplicate(secret)
    with pytest.raises((AttributeError, TypeError)):
        setattr(secret, "text", "")


def test_e8_a_secret_that_is_no_text_is_refused_without_being_shown() -> None:
    for text in ("hunter2\ud800", "\udfff hunter2", "a\ud83dhunter2"):
        with pytest.raises(ValueError) as caught:
            Secret(text)
        error: BaseException | None = caught.value
        while error is not None:
            shown = f"{error!r} {error} {error.args} {vars(error)} {getattr(error, 'object', '')}"
            assert "hunter2" not in shown
            error = error.__cause__ or error.__context__
        assert type(caught.value) is ValueError


def test_e8_no_error_repeats_a_secret() -> None:
    with pytest.raises(ValidationError) as caught:
        reveal(Secret(PASSWORD))
    assert caught.value.kind == "not_obscured" and caught.value.input == ""
    assert "ss`w" not in str(vars(caught.value)) + str(caught.value)
    with pytest.raises(ValidationError, match="password is empty"):
        Keys.derive(password=Secret(""))
    with pytest.raises(TypeError):
        Keys.derive(password=PASSWORD)  # type: ignore[arg-type]


def test_no_salt_is_rclones_own() -> None:
    stored = encrypt_bytes(Keys.derive(password=Secret("p")), b"x")
    assert decrypt_bytes(Keys.derive(password=Secret("p"), salt=Secret("")), stored) == b"x"


@pytest.mark.parametrize("case", VECTORS["obscure"], ids=lambda case: str(case["plain"])[:20])
def test_obscured_texts_of_rclone(case: dict[str, str]) -> None:
    assert reveal(Secret(case["obscured"])).expose() == case["plain"]


@given(st.text())
def test_obscure_and_reveal(clear: str) -> None:
    hidden = obscure(Secret(clear))
    assert reveal(hidden).expose() == clear
    if clear and clear.isprintable():
        assert looks_obscured(hidden)


@each_case
def test_y1_contents_of_rclone(case: dict[str, Any]) -> None:
    content = plain(case)
    assert decrypt_bytes(keys_of(case), stored(case), plain_len=len(content)) == content
    nonce = bytes.fromhex(case["nonce_hex"])
    assert encrypt_bytes(keys_of(case), content, nonce=nonce) == stored(case)


@each_case
def test_y1_paths_of_rclone(case: dict[str, Any]) -> None:
    names = names_of(case)
    assert names.encode(case["plain_path"]) == case["encrypted_path"]
    assert names.decode(case["encrypted_path"]) == case["plain_path"]


@pytest.mark.parametrize("case", VECTORS["names"], ids=lambda case: str(case["id"]))
def test_y1_names_of_rclone(case: dict[str, Any]) -> None:
    names = names_of(case)
    for pair in case["pairs"]:
        assert names.encode(pair["plain"]) == pair["encrypted"]
    for given_name in case["decode_only"]:
        if given_name.get("plain") is not None:
            assert names.decode(given_name["encrypted"]) == given_name["plain"]
        else:
            with pytest.raises(ValidationError) as caught:
                names.decode(given_name["encrypted"])
            assert caught.value.kind == "name" and caught.value.rule == "Y1"


segments = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=40)
paths = st.lists(segments.filter(lambda name: "-v" not in name), min_size=1, max_size=4).map("/".join)


@thoroughly
@given(
    paths,
    st.sampled_from(["off", "standard", "obfuscate"]),
    st.sampled_from(["base32", "base64", "base32768"]),
    st.sampled_from(["encrypted", "plain"]),
)
def test_y1_every_path_comes_back(path: str, encryption: str, encoding: str, directories: str) -> None:
    names = Names(KEYS, encryption=encryption, encoding=encoding, directories=directories)
    encoded = names.encode(path)
    assert names.decode(encoded) == path
    assert names.decode_bytes(names.encode_bytes(path.encode())) == path.encode()
    assert names.decode_directory(names.encode_directory(path)) == path
    if encryption != "off":
        assert encoded.count("/") == path.count("/")


@given(st.binary(max_size=60))
def test_object_names_come_back(path: bytes) -> None:
    # A path has no NUL on any disk; rclone writes one as U+2400.
    assert stored_path(object_name(path)) == path.replace(b"\0", "\u2400".encode()) or b"." in path


@pytest.mark.parametrize("options", [{"encryption": "on"}, {"encoding": "hex"}, {"directories": "some"}])
def test_unknown_options_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as caught:
        Names(KEYS, **options)
    (value,) = options.values()
    assert (caught.value.kind, caught.value.input) == ("unknown", value)
    with pytest.raises(ValidationError, match="take keys"):
        Names(encryption="standard")


boundaries = st.sampled_from([0, 1, 15, 16, 65_535, 65_536, 65_537, 131_072, 200_000])
lengths = boundaries | st.integers(0, 3_000)


def content_of(length: int) -> bytes:
    return bytes(i % 251 for i in range(length))


@settings(max_examples=100, deadline=None)
@given(lengths)
def test_y1_contents_come_back(length: int) -> None:
    content = content_of(length)
    stored = encrypt_bytes(KEYS, content)
    assert decrypt_bytes(KEYS, stored, plain_len=length) == content
    assert encrypt_bytes(KEYS, content) != stored, "another nonce each time"
    assert encrypt_bytes(KEYS, content, nonce=stored[8:32]) == stored


@settings(max_examples=200, deadline=None)
@given(lengths, st.data())
def test_v3_no_flipped_bit_passes(length: int, data: st.DataObject) -> None:
    stored = bytearray(encrypt_bytes(KEYS, content_of(max(length, 1))))
    at = data.draw(st.integers(0, len(stored) - 1))
    stored[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(DataAtRisk) as caught:
        decrypt_bytes(KEYS, stored)
    assert caught.value.kind == ("bad_magic" if at < 8 else "failed_block")


def test_v3_each_verdict_is_told_apart() -> None:
    stored = encrypt_bytes(KEYS, content_of(100_000))
    verdicts = {
        "too_short": stored[:31],
        "bad_magic": b"x" * 100,
        "truncated_block": stored[:40],
        "failed_block": stored[:-1],
        "wrong_length": stored[: 32 + 65_552],
    }
    for kind, damaged in verdicts.items():
        with pytest.raises(DataAtRisk) as caught:
            decrypt_bytes(KEYS, damaged, plain_len=100_000)
        assert isinstance(caught.value, DtcError) and caught.value.kind == kind
    with pytest.raises(DataAtRisk, match="the password or the salt is wrong, or the data is damaged"):
        decrypt_bytes(OTHER, stored)


@settings(max_examples=200, deadline=None)
@given(lengths, st.integers(0, 210_000), st.integers(0, 140_000))
@example(65_536, 65_536, 10)
def test_y1_a_range_is_a_slice(length: int, offset: int, count: int) -> None:
    content = content_of(length)
    stored = encrypt_bytes(KEYS, content)
    if offset > length:
        with pytest.raises(ValidationError) as caught:
            decrypt_range(KEYS, io.BytesIO(stored), offset, count)
        assert caught.value.kind == "beyond_end"
    else:
        assert decrypt_range(KEYS, io.BytesIO(stored), offset, count) == content[offset : offset + count]


def test_v3_proofs_say_what_they_show() -> None:
    content = content_of(100_000)
    stored = encrypt_bytes(KEYS, content)
    digest = hashlib.sha1(stored).hexdigest()
    assert prove_keys(KEYS, stored[:KEY_PROOF_LEN]) == Proof("keys", 65_536)
    assert prove_keys(KEYS, stored[:32]) == Proof("nothing", 0)
    for sha1 in (digest, f"unverified:{digest}", digest.upper()):
        assert prove_hash(KEYS, stored[:32], io.BytesIO(content), sha1) == Proof("hash", 100_000)
    assert prove_content(KEYS, io.BytesIO(stored), io.BytesIO(content)) == Proof("content", 100_000)
    changed = content[:70_000] + b"?" + content[70_001:]
    proofs: list[Callable[[], Proof]] = [
        lambda: prove_hash(KEYS, stored[:32], io.BytesIO(changed), digest),
        lambda: prove_content(KEYS, io.BytesIO(stored), io.BytesIO(changed)),
    ]
    for differing in proofs:
        with pytest.raises(DataAtRisk) as caught:
            differing()
        assert caught.value.kind == "differs"
    assert "byte 70000 differs" in str(caught.value)
    with pytest.raises(ValidationError, match="40 hexadecimal digits"):
        prove_hash(KEYS, stored[:32], io.BytesIO(content), "none")
    with pytest.raises(DataAtRisk):
        prove_keys(OTHER, stored[:KEY_PROOF_LEN])


def test_a_proof_is_a_value() -> None:
    proof = Proof("keys", 5)
    assert (proof.kind, proof.plain_bytes, repr(proof)) == ("keys", 5, "Proof('keys', 5)")
    assert pickle.loads(pickle.dumps(proof)) == copy.copy(proof) == proof
    assert len({proof, Proof("keys", 5), Proof("content", 5)}) == 2
    with pytest.raises(ValidationError):
        Proof("trust me", 5)


def test_v2_filters() -> None:
    filter = Filter.truenas(["/Archive/**", "/archive/**"])
    excluded = ["Archive/a", "Archive/x/y", "archive/a", ".zfs/x", "ix-apps/x"]
    included = ["ARCHIVE/a", "x/Archive/d", "Archives/a", "Archive.txt", "Archive"]
    assert [filter.includes(path) for path in excluded + included] == [False] * 5 + [True] * 5
    assert Filter.truenas([], root="below").includes("ix-apps/x")
    with pytest.raises(ValidationError) as caught:
        Filter("- ***")
    assert (caught.value.kind, caught.value.input) == ("filter", "***")
    with pytest.raises(ValidationError):
        Filter.truenas([], root="anywhere")


def test_v2_the_mapping_answers_both_ways() -> None:
    mapping = Mapping("/guid/tank", Names(), Filter.truenas(["/Archive/**"]))
    for path in (b"a\\b/tab\tc", "Überweisung".encode(), b"bad\xff"):
        name = mapping.object_of(path)
        assert name is not None and name.startswith("guid/tank/")
        assert (mapping.source_of(name).kind, mapping.source_of(name).path) == ("expected", path)
    kinds = [mapping.source_of(name).kind for name in ("guid/tank1/a.bin", "guid/tank/a")]
    assert kinds == ["outside", "foreign"]
    encrypted = Mapping("/guid/tank", Names(KEYS, encryption="standard"))
    name = encrypted.object_of(b"a/b")
    assert name is not None and encrypted.source_of(name).path == b"a/b"


def test_examples_in_docstrings_run() -> None:
    runner = doctest.DocTestRunner()
    names = {name: getattr(dtc.crypt, name) for name in dtc.crypt.__all__}
    items = list(names.items())
    for kind in names.values():
        if isinstance(kind, type):
            items += [(name, getattr(method, "__func__", method)) for name, method in vars(kind).items()]
    examples = 0
    for name, item in [*items, ("dtc.crypt", dtc.crypt)]:
        text = item.__doc__ if not isinstance(item, int) else None
        test = doctest.DocTestParser().get_doctest(text or "", dict(names), name, None, None)
        examples += len(test.examples)
        runner.run(test)
    assert runner.summarize().failed == 0
    assert examples > 40


def test_everything_is_documented() -> None:
    for name in dtc.crypt.__all__:
        item = getattr(dtc.crypt, name)
        if name != "KEY_PROOF_LEN":
            assert item.__doc__, name
        if isinstance(item, type):
            assert item.__module__ == "dtc.crypt"
            undocumented = [
                method for method, value in vars(item).items() if not method.startswith("_") and not value.__doc__
            ]
            assert undocumented == []
