"""``dtc.crypt`` on paths and file-like objects: in constant memory, without the interpreter, and ended by Ctrl-C."""

from __future__ import annotations

import io
import os
import pathlib
import signal
import subprocess
import threading
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crypt_vectors import keys
from dtc.crypt import (
    Catalogue,
    Entry,
    Names,
    Secret,
    WriteReport,
    decrypt,
    decrypt_bytes,
    decrypt_range,
    encrypt,
    encrypt_bytes,
    obscure,
    prove_content,
)
from dtc.exceptions import DataAtRisk, Incomplete

PASSWORD, SALT = "p%K2{!rM x:Tq9?c^Zs8<w@L&3n*vB#f", "battery staple"
KEYS = keys(PASSWORD, SALT)
CONTENT = bytes(i % 251 for i in range(200_000))
MIB = 1 << 20


class Zeros:
    """So many bytes, none of them kept."""

    def __init__(self, length: int) -> None:
        self.left = length

    def read(self, count: int = -1, /) -> bytes:
        taken = min(self.left, count)
        self.left -= taken
        return bytes(taken)


class Sink:
    """Counts what is written, a little at a time, and keeps nothing."""

    def __init__(self) -> None:
        self.length = 0

    def write(self, piece: bytes, /) -> int:
        taken = min(len(piece), 50_000)
        self.length += taken
        return taken


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([0, 1, 65_535, 65_536, 65_537, 200_000]) | st.integers(0, 3_000), st.integers(1, 70_000))
def test_y1_pieces_of_any_size(length: int, piece: int) -> None:
    class Slow(io.BytesIO):
        def read(self, count: int | None = -1, /) -> bytes:
            return super().read(min(piece, count or 0))

    stored, plain = io.BytesIO(), io.BytesIO()
    assert encrypt(KEYS, Slow(CONTENT[:length]), stored) == length
    assert decrypt(KEYS, Slow(stored.getvalue()), plain, plain_len=length) == length
    assert plain.getvalue() == CONTENT[:length]


@pytest.mark.parametrize("place", [str, pathlib.Path], ids=["str", "Path"])
def test_paths(tmp_path: pathlib.Path, place: Callable[[pathlib.Path], str | os.PathLike[str]]) -> None:
    source, stored, plain = (place(tmp_path / name) for name in ("source", "stored", "plain"))
    pathlib.Path(source).write_bytes(CONTENT)
    assert encrypt(KEYS, source, stored) == decrypt(KEYS, stored, plain) == len(CONTENT)
    assert pathlib.Path(plain).read_bytes() == CONTENT
    assert decrypt_range(KEYS, stored, 70_000, 10) == CONTENT[70_000:70_010]
    assert prove_content(KEYS, stored, source).kind == "content"
    with open(stored, "rb") as file:
        assert decrypt_range(KEYS, file, 0, 5) == CONTENT[:5]


def test_a_target_has_its_name_only_when_it_is_whole(tmp_path: pathlib.Path) -> None:
    stored = bytearray(encrypt_bytes(KEYS, CONTENT))
    stored[150_000] ^= 1
    with pytest.raises(DataAtRisk):
        decrypt(KEYS, io.BytesIO(stored), tmp_path / "plain")
    assert list(tmp_path.iterdir()) == []
    good = io.BytesIO()
    with pytest.raises(DataAtRisk):
        decrypt(KEYS, io.BytesIO(stored), good)
    assert good.getvalue() == CONTENT[: 2 * 65_536], "what was verified was handed on"


@pytest.mark.parametrize("planted", ["a file", "a folder", "a link", "a broken link"])
def test_x8_a_target_that_is_taken_is_refused_and_stays(tmp_path: pathlib.Path, planted: str) -> None:
    """Nothing is replaced, also by what would be right: neither what was there, nor what appears meanwhile."""
    target, elsewhere = tmp_path / "target", tmp_path / "elsewhere"
    elsewhere.write_text("as it was")
    if planted == "a file":
        target.write_text("as it was")
    elif planted == "a folder":
        target.mkdir()
    elif os.name != "posix":
        pytest.skip("links")
    else:
        target.symlink_to(elsewhere if planted == "a link" else tmp_path / "nowhere")
    before = sorted(tmp_path.iterdir())
    stored = encrypt_bytes(KEYS, CONTENT)
    works: list[Callable[[], int]] = [
        lambda: decrypt(KEYS, io.BytesIO(stored), target),
        lambda: encrypt(KEYS, io.BytesIO(CONTENT), str(target)),
    ]
    for work in works:
        with pytest.raises(FileExistsError) as raised:
            work()
        assert raised.value.errno and str(target) in str(raised.value)
        assert sorted(tmp_path.iterdir()) == before and elsewhere.read_text() == "as it was"
        assert target.is_dir() or not target.exists() or target.read_text() == "as it was"


def test_x8_a_target_that_appears_meanwhile_stays(tmp_path: pathlib.Path) -> None:
    target = tmp_path / "target"

    class Planting(io.BytesIO):
        def read(self, count: int | None = -1, /) -> bytes:
            if not target.exists():
                target.write_text("theirs")
            return super().read(count)

    with pytest.raises(FileExistsError):
        encrypt(KEYS, Planting(CONTENT), target)
    assert target.read_text() == "theirs" and list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(os.name != "posix", reason="modes")
def test_e8_a_target_is_its_owners_only(tmp_path: pathlib.Path) -> None:
    encrypt(KEYS, io.BytesIO(CONTENT), tmp_path / "stored")
    decrypt(KEYS, tmp_path / "stored", tmp_path / "plain")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plain", "stored"]
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("plain", "stored")] == [0o600, 0o600]


def test_files_that_cannot_be_used(tmp_path: pathlib.Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        decrypt(KEYS, tmp_path / "nothing", io.BytesIO())
    assert caught.value.errno and str(tmp_path / "nothing") in str(caught.value)
    with pytest.raises(FileNotFoundError):
        encrypt(KEYS, io.BytesIO(b"x"), tmp_path / "no" / "folder")
    with pytest.raises(FileNotFoundError):
        Catalogue(KEYS, Names(), tmp_path).check(tmp_path / "nothing")
    with pytest.raises(TypeError):
        decrypt(KEYS, 5, io.BytesIO())  # type: ignore[arg-type]


class Broken(Exception):
    pass


class BrokenFile:
    def read(self, count: int = -1, /) -> bytes:
        raise Broken("the cable")

    def write(self, piece: bytes, /) -> int:
        raise Broken("the cable")


def test_what_a_file_raises_passes_through(tmp_path: pathlib.Path) -> None:
    stored = encrypt_bytes(KEYS, CONTENT)
    calls: list[Callable[[], object]] = [
        lambda: decrypt(KEYS, BrokenFile(), io.BytesIO()),
        lambda: decrypt(KEYS, io.BytesIO(stored), BrokenFile()),
        lambda: encrypt(KEYS, BrokenFile(), tmp_path / "target"),
        lambda: prove_content(KEYS, io.BytesIO(stored), BrokenFile()),
    ]
    for call in calls:
        with pytest.raises(Broken, match="the cable"):
            call()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(TypeError, match="binary mode"):
        encrypt(KEYS, io.StringIO("text"), io.BytesIO())  # type: ignore[arg-type]

    class Greedy:
        def read(self, count: int = -1, /) -> bytes:
            return bytes(count + 1)

    with pytest.raises(ValueError, match="more than asked for"):
        encrypt(KEYS, Greedy(), io.BytesIO())


def test_memory_is_constant() -> None:
    resource = pytest.importorskip("resource")
    decrypt(KEYS, io.BytesIO(encrypt_bytes(KEYS, CONTENT)), Sink())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sink = Sink()
    assert encrypt(KEYS, Zeros(128 * MIB), sink) == 128 * MIB
    assert sink.length == 32 + 128 * 16 * (65_536 + 16)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 8 * 1024, f"{grown} KiB more"


def test_the_interpreter_is_released(tmp_path: pathlib.Path) -> None:
    with open(tmp_path / "source", "wb") as file:
        file.truncate(64 * MIB)
    encrypting = threading.Thread(target=encrypt, args=(KEYS, tmp_path / "source", tmp_path / "stored"))
    encrypting.start()
    turns = 0
    while encrypting.is_alive():
        turns += 1
        time.sleep(0.001)
    assert turns > 10, "this thread stood still meanwhile"
    assert (tmp_path / "stored").stat().st_size > 64 * MIB


endless: list[tuple[str, Callable[[pathlib.Path], object]]] = [
    ("file-like", lambda _: encrypt(KEYS, Zeros(1 << 60), Sink())),
    ("from a path", lambda _: encrypt(KEYS, "/dev/zero", Sink())),
    ("to a path", lambda folder: encrypt(KEYS, "/dev/zero", folder / "stored")),
]


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="there is no endless file")
@pytest.mark.parametrize("work", [work for _, work in endless], ids=[name for name, _ in endless])
def test_ctrl_c_ends_it(tmp_path: pathlib.Path, work: Callable[[pathlib.Path], object]) -> None:
    interrupted = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    interrupted.start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        work(tmp_path)
    interrupted.join()
    assert time.monotonic() - began < 3
    assert list(tmp_path.iterdir()) == []


def make_source(folder: pathlib.Path) -> pathlib.Path:
    source = folder / "source"
    for path, length in [("a.txt", 5), ("deep/er/empty", 0), ("deep/über.dat", 200_000), ("x.bin", 65_536)]:
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_bytes(CONTENT[:length])
    return source


@pytest.mark.parametrize("encryption", ["off", "standard", "obfuscate"])
def test_y3_a_catalogue_gives_back_its_source(tmp_path: pathlib.Path, encryption: str) -> None:
    source = make_source(tmp_path)
    catalogue = Catalogue(KEYS, Names(KEYS, encryption=encryption), tmp_path / "catalogue")
    seen: list[Entry] = []
    update = catalogue.update(source, progress=seen.append)
    assert (update.written, update.unchanged, update.plain_bytes, len(seen)) == (4, 0, 265_541, 4)
    assert catalogue.update(source).unchanged == 4
    assert sorted(entry.plain for entry in catalogue.mapping()) == sorted(entry.plain for entry in seen)
    check = catalogue.check(source)
    assert check.passed and (check.same, check.empty, check.plain_bytes) == (3, 1, 265_541)
    test = catalogue.restore_test(source, tmp_path / "scratch")
    assert test.passed and test.same == 4 and (tmp_path / "scratch" / "x.bin").exists()
    assert catalogue.restore(tmp_path / "restored").written == 4
    stored = catalogue.stored_path("deep/über.dat")
    assert catalogue.prove(stored, source / "deep/über.dat").kind == "content"
    assert decrypt_bytes(KEYS, (catalogue.folder / stored).read_bytes()) == CONTENT


def test_y3_what_is_wrong_is_named(tmp_path: pathlib.Path) -> None:
    source = make_source(tmp_path)
    catalogue = Catalogue(KEYS, Names(), tmp_path / "catalogue")
    catalogue.update(source)
    (source / "a.txt").write_text("other")
    (source / "x.bin").unlink()
    (source / "new").write_text("")
    (tmp_path / "catalogue" / "README").write_text("not ours")
    damaged = tmp_path / "catalogue" / "deep" / "über.dat.bin"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    check = catalogue.check(source)
    assert not check.passed and check.missing == [pathlib.Path("new")] and check.extra == [pathlib.Path("x.bin")]
    assert [str(path) for path, _ in check.failed] == ["a.txt", "deep/über.dat"]
    assert "does not authenticate" in check.failed[1][1]
    assert check.foreign == catalogue.foreign() == [pathlib.Path("README")]
    with pytest.raises(DataAtRisk, match="deep/über.dat.bin.*does not authenticate") as raised:
        catalogue.restore(tmp_path / "restored")
    report = raised.value.report
    assert isinstance(report, WriteReport) and (report.written, report.complete) == (3, False)
    assert [(str(failed.plain), failed.data_at_risk) for failed in report.failed] == [("deep/über.dat", True)]
    with pytest.raises(OSError):
        catalogue.restore_test(source, source)


def test_x8_a_restore_replaces_nothing_and_goes_on(tmp_path: pathlib.Path) -> None:
    source = make_source(tmp_path)
    catalogue = Catalogue(KEYS, Names(), tmp_path / "catalogue")
    catalogue.update(source)
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "a.txt").write_text("mine")
    for written, unchanged in [(3, 0), (0, 3)]:
        with pytest.raises(Incomplete, match="a.txt .stored as a.txt.bin.: a file is there already") as raised:
            catalogue.restore(tmp_path / "target")
        report = raised.value.report
        assert isinstance(report, WriteReport) and (report.written, report.unchanged) == (written, unchanged)
        assert [failed.stored for failed in report.failed] == [pathlib.Path("a.txt.bin")]
    assert (tmp_path / "target" / "a.txt").read_text() == "mine"
    test = catalogue.restore_test(source, tmp_path / "target")
    assert not test.passed and test.same == 3 and len(test.restored.failed) == 1


def test_x8_a_wrong_password_is_reported_as_one(tmp_path: pathlib.Path) -> None:
    Catalogue(KEYS, Names(), tmp_path / "catalogue").update(make_source(tmp_path))
    with pytest.raises(DataAtRisk, match="the password or the salt is wrong") as raised:
        Catalogue(keys("another", ""), Names(), tmp_path / "catalogue").restore(tmp_path / "target")
    assert raised.value.kind == "wrong_keys"


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_x8_links_are_named(tmp_path: pathlib.Path) -> None:
    source = make_source(tmp_path)
    (source / "link").symlink_to("a.txt")
    catalogue = Catalogue(KEYS, Names(), tmp_path / "catalogue")
    assert catalogue.update(source).skipped == [(pathlib.Path("link"), "a symbolic link")]
    assert catalogue.check(source).skipped == [(pathlib.Path("link"), "a symbolic link")]


def test_a_callback_stops_the_work(tmp_path: pathlib.Path) -> None:
    source = make_source(tmp_path)
    catalogue = Catalogue(KEYS, Names(), tmp_path / "catalogue")

    def refuse(entry: Entry) -> None:
        raise Broken(entry.plain)

    with pytest.raises(Broken, match="a.txt"):
        catalogue.update(source, progress=refuse)
    assert [path.name for path in (tmp_path / "catalogue").iterdir()] == ["a.txt.bin"]


def test_ctrl_c_ends_work_on_a_catalogue(tmp_path: pathlib.Path) -> None:
    (tmp_path / "source").mkdir()
    with open(tmp_path / "source" / "large", "wb") as file:
        file.truncate(1 << 40)
    catalogue = Catalogue(KEYS, Names(), tmp_path / "catalogue")
    interrupted = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    interrupted.start()
    with pytest.raises(KeyboardInterrupt):
        catalogue.update(tmp_path / "source")
    interrupted.join()
    assert list((tmp_path / "catalogue").iterdir()) == []


RCLONE = os.environ.get("DTC_RCLONE_1_75_2")


def rclone(*arguments: str | os.PathLike[str]) -> str:
    assert RCLONE is not None
    command = [RCLONE, "--config", os.devnull, *(os.fspath(argument) for argument in arguments)]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


@pytest.mark.skipif(not RCLONE and not os.environ.get("DTC_REQUIRE_RCLONE"), reason="DTC_RCLONE_1_75_2 is not set")
@pytest.mark.parametrize(
    ("options", "names"),
    [
        ("filename_encryption=off", Names()),
        ("filename_encryption=standard", Names(KEYS, encryption="standard")),
        ("filename_encoding=base64", Names(KEYS, encryption="standard", encoding="base64")),
        ("filename_encoding=base32768", Names(KEYS, encryption="standard", encoding="base32768")),
        ("directory_name_encryption=false", Names(KEYS, encryption="standard", directories="plain")),
        ("filename_encryption=obfuscate", Names(KEYS, encryption="obfuscate")),
    ],
)
def test_y1_y3_round_trips_with_rclone(tmp_path: pathlib.Path, options: str, names: Names) -> None:
    source = make_source(tmp_path)
    password, salt = (obscure(Secret(text)).expose() for text in (PASSWORD, SALT))

    def remote(folder: str) -> str:
        return f':crypt,remote="{tmp_path / folder}",password={password},password2={salt},{options}:'

    rclone("copy", source, remote("theirs"))
    theirs = Catalogue(KEYS, names, tmp_path / "theirs")
    assert theirs.check(source).passed
    assert theirs.restore_test(source, tmp_path / "scratch").passed
    Catalogue(KEYS, names, tmp_path / "ours").update(source)
    rclone("copy", remote("ours"), tmp_path / "back")
    assert {path.relative_to(source) for path in source.rglob("*")} == {
        path.relative_to(tmp_path / "back") for path in (tmp_path / "back").rglob("*")
    }
    rclone("cryptcheck", source, remote("ours"))

