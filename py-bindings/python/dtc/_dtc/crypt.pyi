"""
rclone's encrypted format, both ways: contents, names, proofs that a backup opens, and catalogues.
"""

from _typeshed import SupportsRead, SupportsWrite
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Final, SupportsIndex, final

__all__ = ["KEY_PROOF_LEN", "Catalogue", "CheckReport", "Entry", "Failed", "Filter", "Keys", "Mapping", "Names", "Origin", "Proof", "RestoreTestReport", "Secret", "WriteReport", "decrypt", "decrypt_bytes", "decrypt_range", "encrypt", "encrypt_bytes", "looks_obscured", "object_name", "obscure", "prove_content", "prove_hash", "prove_keys", "reveal", "stored_path"]

KEY_PROOF_LEN: Final[int]
"""
How many of an object's first stored bytes :func:`prove_keys` takes.
"""

@final
class Catalogue:
    """
    A folder of encrypted files, which rclone reads as a ``crypt`` remote: made, brought up to date, listed, compared with
    its source, and restored.

    >>> import pathlib, tempfile
    >>> scratch = pathlib.Path(tempfile.mkdtemp())
    >>> (scratch / "documents").mkdir()
    >>> _ = (scratch / "documents" / "letter.txt").write_text("dear client")
    >>> keys = Keys.derive(password=Secret("correct horse"), salt=Secret("battery staple"))
    >>> catalogue = Catalogue(keys, Names(), scratch / "catalogue")
    >>> catalogue.update(scratch / "documents").written
    1
    >>> catalogue.mapping()
    [Entry('letter.txt', 'letter.txt.bin', 11)]
    >>> catalogue.restore_test(scratch / "documents", scratch / "restored").passed
    True
    """
    def __new__(cls, /, keys: Keys, names: Names, folder: str | PathLike[str]) -> Catalogue: ...
    def __repr__(self, /) -> str: ...
    def check(self, /, source: str | PathLike[str], *, progress: Callable[[Entry], object] | None = None) -> CheckReport:
        """
        Decrypts everything and compares it with ``source``; writes nothing.
        """
    @property
    def folder(self, /) -> Path:
        """
        The catalogue's folder.
        """
    def foreign(self, /) -> list[Path]:
        """
        The files in the folder that are none of this remote's, by their names or their lengths.
        """
    def mapping(self, /) -> list[Entry]:
        """
        Which stored path stands for which plain one, as ``rclone ls --crypt-show-mapping`` shows it.
        """
    def prove(self, /, stored: str | PathLike[str], source: str | PathLike[str]) -> Proof:
        """
        Compares one stored file, by its path in the folder, with its source.
        """
    def restore(self, /, target: str | PathLike[str], *, progress: Callable[[Entry], object] | None = None) -> WriteReport:
        """
        Decrypts everything into ``target``. Nothing there is replaced, and no link there is followed; run again, it goes on.

        A file that cannot be restored does not hold up the others. Afterwards ``DataAtRisk`` is raised if something is damaged or
        does not open, else ``Incomplete``, with the result as the exception's ``report``.
        """
    def restore_test(self, /, source: str | PathLike[str], scratch: str | PathLike[str], *, progress: Callable[[Entry], object] | None = None) -> RestoreTestReport:
        """
        Restores everything into a ``scratch`` folder and compares what came back with ``source``. What cannot be restored or
        compared is in the result, in ``failed`` of ``restored``.
        """
    def stored_path(self, /, plain: str | PathLike[str]) -> Path:
        """
        Where the file with this plain path lies, relative to the folder.
        """
    def update(self, /, source: str | PathLike[str], *, progress: Callable[[Entry], object] | None = None) -> WriteReport:
        """
        Encrypts what is new or changed in ``source``, by length and modification time. Nothing is ever deleted.

        ``progress`` is called after each file; what it raises stops the work, and so does Ctrl-C. A file that cannot be
        encrypted does not hold up the others: afterwards ``Incomplete`` is raised, with the result as its ``report``.
        """

@final
class CheckReport:
    """
    What comparing a catalogue with its source found.
    """
    def __repr__(self, /) -> str: ...
    @property
    def empty(self, /) -> int:
        """
        How many files are empty, of which nothing can be proven.
        """
    @property
    def extra(self, /) -> list[Path]:
        """
        Files of the catalogue that the source does not hold.
        """
    @property
    def failed(self, /) -> list[tuple[Path, str]]:
        """
        Files that do not open or are not their source, with why.
        """
    @property
    def foreign(self, /) -> list[Path]:
        """
        Files in the catalogue that are none of this remote's.
        """
    @property
    def missing(self, /) -> list[Path]:
        """
        Files of the source that the catalogue does not hold.
        """
    @property
    def passed(self, /) -> bool:
        """
        Whether the catalogue holds the source, all of it and nothing else.
        """
    @property
    def plain_bytes(self, /) -> int:
        """
        The plain bytes of the files that are the same.
        """
    @property
    def same(self, /) -> int:
        """
        How many files are the source's, byte for byte.
        """
    @property
    def skipped(self, /) -> list[tuple[Path, str]]:
        """
        Links, pipes, sockets and devices of the source, which no backup has, with what they are.
        """

@final
class Entry:
    """
    A file's two paths, relative to the source and to the catalogue.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ge__(self, value: object, /) -> bool: ...
    def __gt__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __le__(self, value: object, /) -> bool: ...
    def __lt__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def plain(self, /) -> str:
        """
        The plain path; bytes that are no UTF-8 are shown as U+FFFD.
        """
    @property
    def plain_len(self, /) -> int:
        """
        The plain length in bytes.
        """
    @property
    def stored(self, /) -> str:
        """
        The stored path.
        """

@final
class Failed:
    """
    A file that could not be processed.
    """
    def __repr__(self, /) -> str: ...
    @property
    def data_at_risk(self, /) -> bool:
        """
        Whether the file is damaged or does not open, rather than in the way of something or unreadable.
        """
    @property
    def plain(self, /) -> Path:
        """
        The plain path.
        """
    @property
    def reason(self, /) -> str:
        """
        Why.
        """
    @property
    def stored(self, /) -> Path:
        """
        The path in the catalogue.
        """

@final
class Filter:
    """
    rclone's filter rules: the first that matches decides, and a path that none matches is included.

    Made from the text of a file for ``--filter-from``, a rule a line.

    >>> filter = Filter("- /Archive/**\\n+ *.txt\\n- *")
    >>> filter.includes("docs/Archive/kept.txt"), filter.includes("Archive/old.txt"), filter.includes("a.jpg")
    (True, False, False)
    """
    def __new__(cls, /, rules: str = "") -> Filter: ...
    def includes(self, /, path: str) -> bool:
        """
        Whether a file with this path, relative to the task's, is copied.
        """
    @staticmethod
    def truenas(excludes: "list[str] | tuple[str, ...]", *, root: str = "pool") -> Filter:
        """
        The filter of a TrueNAS task with these excludes; ``root`` is ``"pool"`` for a task at a pool's root dataset,
        ``"below"`` for any other.

        >>> Filter.truenas(["/Archive/**"]).includes("Archive/old.txt")
        False
        """

@final
class Keys:
    """
    The keys of one encrypted remote, derived from its password and salt. They are neither shown nor pickled.

    >>> keys = Keys.derive(password=Secret("correct horse"), salt=Secret("battery staple"))
    >>> keys
    Keys('***')
    >>> decrypt_bytes(keys, encrypt_bytes(keys, b"every pool has its story"))
    b'every pool has its story'
    """
    def __reduce__(self, /) -> tuple[str]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def derive(*, password: Secret, salt: Secret | None = None) -> Keys:
        """
        Derives the keys. Slow on purpose (some 50 ms): do it once for each pair, and keep them.

        ``salt`` is rclone's ``password2``; a remote without one has none here either.
        """

@final
class Mapping:
    """
    Where a task's files lie in a bucket: from a source's path to its object's name, and back.

    >>> mapping = Mapping("/1b4e28ba-2fa1-41d2-883f-0016d3cca427/tank", Names(), Filter.truenas(["/Archive/**"]))
    >>> mapping.object_of(b"docs/letter.txt")
    '1b4e28ba-2fa1-41d2-883f-0016d3cca427/tank/docs/letter.txt.bin'
    >>> mapping.object_of(b"Archive/old.txt") is None
    True
    >>> mapping.source_of("1b4e28ba-2fa1-41d2-883f-0016d3cca427/tank/Archive/old.txt.bin")
    Origin(kind='excluded', path=b'Archive/old.txt')
    """
    def __new__(cls, /, folder: str, names: Names, filter: Filter | None = None) -> Mapping: ...
    def object_of(self, /, path: bytes) -> str | None:
        """
        The object that holds the file with this path on disk; None for one that the filter leaves out.
        """
    def source_of(self, /, object: str) -> Origin:
        """
        What an object is, by its name.
        """

@final
class Names:
    """
    How a remote turns a plain path into a stored one, and back. Paths are relative to it, with ``/`` between names.

    Without arguments, what TrueNAS writes: names stay plain, and each file's gets ``.bin``.

    >>> names = Names()
    >>> names.encode("photos/image.bin"), names.decode("photos/image.bin.bin")
    ('photos/image.bin.bin', 'photos/image.bin')
    >>> keys = Keys.derive(password=Secret("correct horse"))
    >>> Names(keys, encryption="standard").encode("photos/image.bin")
    'ckovk5galm7ppattm3tm048sj4/ovekpmotj688rrrntdc7h47gn0'
    """
    def __new__(cls, /, keys: Keys | None = None, *, encryption: str = "off", encoding: str = "base32", suffix: str = ".bin", directories: str = "encrypted") -> Names:
        """
        The names of a remote: rclone's ``filename_encryption`` (``"off"``, ``"standard"``, ``"obfuscate"``),
        ``filename_encoding`` (``"base32"``, ``"base64"``, ``"base32768"``), ``suffix`` (of mode *off*), and whether
        ``directories`` are ``"encrypted"`` or ``"plain"``.
        """
    def __repr__(self, /) -> str: ...
    def decode(self, /, stored: str) -> str:
        """
        The plain path of a stored file; ``ValidationError`` for one that rclone would skip.
        """
    def decode_bytes(self, /, stored: bytes) -> bytes:
        """
        The plain path of a stored file, which need not be UTF-8.
        """
    def decode_directory(self, /, stored: str) -> str:
        """
        The plain path of a stored directory.
        """
    def encode(self, /, path: str) -> str:
        """
        The stored path of a file.
        """
    def encode_bytes(self, /, path: bytes) -> bytes:
        """
        The stored path of a file whose name need not be UTF-8.
        """
    def encode_directory(self, /, path: str) -> str:
        """
        The stored path of a directory.
        """

@final
class Origin:
    """
    What an object in the bucket is, by its name.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @property
    def kind(self, /) -> str:
        """
        ``"expected"``: the copy of a file; ``"excluded"``: of one that the filter leaves out now; ``"outside"`` the
        task's folder; ``"foreign"``: no name that this remote would write.
        """
    @property
    def path(self, /) -> bytes | None:
        """
        The path on disk of the file that it is the copy of.
        """

@final
class Proof:
    """
    What was shown about one object; what it does not say was not shown.

    ``kind`` is one of

    - ``"nothing"``: the object is empty, and opens under any password;
    - ``"keys"``: password and salt are the object's, since ``plain_bytes`` of it are authentic; not the rest of it;
    - ``"hash"``: the store's SHA-1 is that of the source, ``plain_bytes`` long, encrypted under these keys; not that the
      store still hands out those bytes;
    - ``"content"``: the whole object was decrypted and is the source, ``plain_bytes`` long.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, kind: str, plain_bytes: SupportsIndex) -> Proof: ...
    def __reduce__(self, /) -> tuple[type, tuple[str, int]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def kind(self, /) -> str:
        """
        What was shown: ``"nothing"``, ``"keys"``, ``"hash"`` or ``"content"``.
        """
    @property
    def plain_bytes(self, /) -> int:
        """
        Of how many plain bytes.
        """

@final
class RestoreTestReport:
    """
    What a restore test found.
    """
    def __repr__(self, /) -> str: ...
    @property
    def different(self, /) -> list[Path]:
        """
        Files that came back with another content.
        """
    @property
    def extra(self, /) -> list[Path]:
        """
        Files of the catalogue that the source does not hold.
        """
    @property
    def missing(self, /) -> list[Path]:
        """
        Files of the source that the catalogue does not hold.
        """
    @property
    def passed(self, /) -> bool:
        """
        Whether the catalogue gives back the source, all of it and nothing else.
        """
    @property
    def restored(self, /) -> WriteReport:
        """
        What was restored, and what could not be restored or compared.
        """
    @property
    def same(self, /) -> int:
        """
        How many files came back byte for byte.
        """
    @property
    def skipped(self, /) -> list[tuple[Path, str]]:
        """
        Links, pipes, sockets and devices of the source, which no backup has, with what they are.
        """

@final
class Secret:
    """
    A password, a salt, or a text that gives one away. It is not shown, not pickled, and read only by ``expose()``.

    It is taken as it is: a line end or a space at its end makes another password.

    >>> password = Secret("correct horse")
    >>> password, f"{password}"
    (Secret('***'), "Secret('***')")
    >>> password.expose()
    'correct horse'
    """
    def __new__(cls, /, text: str) -> Secret: ...
    def __reduce__(self, /) -> tuple[str]: ...
    def __repr__(self, /) -> str: ...
    def expose(self, /) -> str:
        """
        Reads the secret.
        """

@final
class WriteReport:
    """
    The result of ``Catalogue.update`` and ``Catalogue.restore``.
    """
    def __repr__(self, /) -> str: ...
    @property
    def complete(self, /) -> bool:
        """
        Whether everything was processed: nothing failed, and nothing was left out.
        """
    @property
    def failed(self, /) -> list[Failed]:
        """
        Files and folders that could not be processed, with why.
        """
    @property
    def foreign(self, /) -> list[Path]:
        """
        Files in the catalogue that are none of this remote's, left alone.
        """
    @property
    def plain_bytes(self, /) -> int:
        """
        The plain bytes of the written files.
        """
    @property
    def renamed(self, /) -> list[tuple[Path, Path]]:
        """
        Restored files whose plain paths this system cannot hold, with the paths that were used instead.
        """
    @property
    def skipped(self, /) -> list[tuple[Path, str]]:
        """
        Links, pipes, sockets and devices, which are left out, with what they are.
        """
    @property
    def stale(self, /) -> list[Path]:
        """
        Files in the catalogue without a source any more, left alone.
        """
    @property
    def unchanged(self, /) -> int:
        """
        How many files were left as they were.
        """
    @property
    def written(self, /) -> int:
        """
        How many files were written.
        """

def decrypt(keys: Keys, source: str | PathLike[str] | SupportsRead[bytes], target: str | PathLike[str] | SupportsWrite[bytes], *, plain_len: SupportsIndex | None = None) -> int:
    """
    Decrypts a stored file, from a path or an object with ``read`` to a path or an object with ``write``, and returns how
    many bytes came out.

    Each block is handed on only after it was verified. A target that is a path gets its name once everything was, readable by its owner
    only; ``FileExistsError`` if something is there, since nothing is replaced.
    The format has no end mark: give ``plain_len``, the length known from elsewhere, to notice a file that was cut
    between two blocks, or an empty one.

    ``DataAtRisk`` if it does not open.

    >>> import io
    >>> keys = Keys.derive(password=Secret("correct horse"))
    >>> stored, plain = io.BytesIO(), io.BytesIO()
    >>> encrypt(keys, io.BytesIO(b"what the box holds"), stored)
    18
    >>> decrypt(keys, io.BytesIO(stored.getvalue()), plain, plain_len=18)
    18
    >>> plain.getvalue()
    b'what the box holds'
    """

def decrypt_bytes(keys: Keys, stored: bytes | bytearray, *, plain_len: SupportsIndex | None = None) -> bytes:
    """
    Decrypts a small object held in memory.

    >>> keys = Keys.derive(password=Secret("correct horse"))
    >>> from dtc.exceptions import DataAtRisk
    >>> try:
    ...     decrypt_bytes(keys, b"anybody can read this without any password")
    ... except DataAtRisk as error:
    ...     print(error.kind)
    bad_magic
    """

def decrypt_range(keys: Keys, source: str | PathLike[str] | SupportsRead[bytes], offset: SupportsIndex, count: SupportsIndex) -> bytes:
    """
    Decrypts ``count`` bytes from ``offset`` on, of a path or of an object with ``seek`` and ``read``; only the blocks that
    hold them are read, and each is verified.

    >>> import io
    >>> keys = Keys.derive(password=Secret("correct horse"))
    >>> stored = encrypt_bytes(keys, bytes(1_000_000) + b"the end")
    >>> decrypt_range(keys, io.BytesIO(stored), 1_000_000, 3)
    b'the'
    """

def encrypt(keys: Keys, source: str | PathLike[str] | SupportsRead[bytes], target: str | PathLike[str] | SupportsWrite[bytes], *, nonce: bytes | None = None) -> int:
    """
    Encrypts from a path or an object with ``read`` to a path or an object with ``write``, and returns how many plain bytes
    went in.

    A target that is a path gets its name once everything was written, readable by its owner only; ``FileExistsError`` if something is
    there, since nothing is replaced.

    ``nonce`` is 24 bytes, and random unless given: give one only to encrypt the same content again, to compare it.
    """

def encrypt_bytes(keys: Keys, plain: bytes | bytearray, *, nonce: bytes | None = None) -> bytes:
    """
    Encrypts small contents held in memory; ``nonce`` as in :func:`encrypt`.
    """

def looks_obscured(secret: Secret) -> bool:
    """
    Whether a secret that should be clear is suspected to be obscured. A suspicion and no more: ask, do not guess.

    >>> looks_obscured(Secret("Pl8QuZYmRWNYAjt_R86PwBRqgQ7uWHoA")), looks_obscured(Secret("correct horse"))
    (True, False)
    """

def object_name(stored_path: bytes) -> str:
    """
    The name that rclone gives to a stored path in B2, where some characters may not stand.

    >>> object_name(b"a\\\\b/tab\\tc.bin") == "a\\N{FULLWIDTH REVERSE SOLIDUS}b/tab\\N{SYMBOL FOR HORIZONTAL TABULATION}c.bin"
    True
    """

def obscure(secret: Secret) -> Secret:
    """
    Obscures a secret for rclone's configuration, as ``rclone obscure`` does: anybody can reveal it.

    >>> reveal(obscure(Secret("correct horse"))).expose()
    'correct horse'
    """

def prove_content(keys: Keys, stored: str | PathLike[str] | SupportsRead[bytes], source: str | PathLike[str] | SupportsRead[bytes]) -> Proof:
    """
    Decrypts a whole object and compares it with its source, byte for byte; each is a path or an object with ``read``.

    ``DataAtRisk`` of the kind ``"differs"`` names the first byte that is not the same.

    >>> import io
    >>> keys = Keys.derive(password=Secret("correct horse"))
    >>> stored = encrypt_bytes(keys, b"what the box holds")
    >>> prove_content(keys, io.BytesIO(stored), io.BytesIO(b"what the box holds"))
    Proof('content', 18)
    """

def prove_hash(keys: Keys, header: bytes | bytearray, source: str | PathLike[str] | SupportsRead[bytes], sha1: str) -> Proof:
    """
    Compares a store's SHA-1 of an object with its source, which is encrypted again under the object's nonce: the full proof
    at the price of the object's first 32 bytes, ``header``.

    ``sha1`` is B2's ``contentSha1``, or of a file of several parts its file info ``large_file_sha1``; ``source`` a path or
    an object with ``read``.

    >>> import hashlib, io
    >>> keys = Keys.derive(password=Secret("correct horse"))
    >>> stored = encrypt_bytes(keys, b"what the box holds")
    >>> prove_hash(keys, stored[:32], io.BytesIO(b"what the box holds"), hashlib.sha1(stored).hexdigest())
    Proof('hash', 18)
    """

def prove_keys(keys: Keys, beginning: bytes | bytearray) -> Proof:
    """
    Shows that the keys are an object's, by its first ``KEY_PROOF_LEN`` bytes, or all of a smaller one.

    ``DataAtRisk`` of the kind ``"failed_block"`` for every object of a bucket means another password or salt, for some of
    them damage.

    >>> keys = Keys.derive(password=Secret("correct horse"))
    >>> stored = encrypt_bytes(keys, bytes(200_000))
    >>> prove_keys(keys, stored[:KEY_PROOF_LEN])
    Proof('keys', 65536)
    """

def reveal(obscured: Secret) -> Secret:
    """
    Reveals a secret of rclone's configuration, as ``rclone reveal`` does.

    >>> reveal(Secret("Pl8QuZYmRWNYAjt_R86PwBRqgQ7uWHoA")).expose()
    'password'
    """

def stored_path(object_name: str) -> bytes:
    """
    The stored path behind an object's name in B2.

    >>> stored_path(object_name(b"a\\\\b/tab\\tc.bin"))
    b'a\\\\b/tab\\tc.bin'
    """
