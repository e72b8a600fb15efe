"""
Encrypted copies without an appliance: a folder is encrypted into a catalogue, and that is carried to a server by rsync.
"""

from .crypt import Entry, RestoreTestReport, WriteReport
from _typeshed import SupportsGetItem
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any, SupportsIndex, final

__all__ = ["Check", "Encryption", "Escrow", "Foreseen", "JobFile", "Plan", "Restore", "Run", "StepFailure", "Transfer"]

@final
class Check:
    """
    What a check found.
    """
    def __repr__(self, /) -> str: ...
    @property
    def destination(self, /) -> Transfer | None:
        """
        What the destination lacks, or has otherwise; ``None`` where it was not looked at.
        """
    @property
    def outcome(self, /) -> str:
        """
        What it comes to: ``"as_it_should_be"``, ``"differs"``, ``"data_at_risk"``, ``"blocked"`` or ``"incomplete"``.
        """
    @property
    def passed(self, /) -> bool:
        """
        Whether every file came back, and the destination holds what the catalogue holds.
        """
    @property
    def test(self, /) -> RestoreTestReport:
        """
        What came back of the catalogue.
        """

@final
class Encryption:
    """
    What the first step did; after a dry run, what it would do.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, written: SupportsIndex, plain_bytes: SupportsIndex, removed: SupportsIndex, failed: SupportsGetItem[int, tuple[str, str]], skipped: SupportsGetItem[int, str], failure: StepFailure | None) -> Encryption: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def failed(self, /) -> list[tuple[str, str]]:
        """
        Files that could not be encrypted, by their plain paths, each with why.
        """
    @property
    def failure(self, /) -> StepFailure | None:
        """
        Why the step did not end as it should; ``None`` where it did.
        """
    @property
    def plain_bytes(self, /) -> int:
        """
        Their plain length in bytes.
        """
    @property
    def removed(self, /) -> int:
        """
        Files of the catalogue that were deleted, since their source is gone.
        """
    @property
    def skipped(self, /) -> list[str]:
        """
        Links, pipes, sockets and devices, which no copy has.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def written(self, /) -> int:
        """
        Files that were encrypted.
        """

@final
class Escrow:
    """
    How a pair stands in the vault.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, records: SupportsGetItem[int, str], missing: SupportsGetItem[int, str]) -> Escrow: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def missing(self, /) -> list[str]:
        """
        The halves that a run would write first.
        """
    @property
    def records(self, /) -> list[str]:
        """
        The addresses of the records that hold it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Foreseen:
    """
    What a restore would do.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, fetched: Transfer | None, files: SupportsIndex | None, plain_bytes: SupportsIndex | None) -> Foreseen: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def fetched(self, /) -> Transfer | None:
        """
        What would be fetched first; ``None`` where the catalogue is here.
        """
    @property
    def files(self, /) -> int | None:
        """
        How many files would be decrypted; ``None`` for a catalogue that is not here.
        """
    @property
    def plain_bytes(self, /) -> int | None:
        """
        How many plain bytes they have; ``None`` for a catalogue that is not here.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class JobFile:
    """
    An encrypted copy: what is encrypted, where that is carried, and where its secrets are; what a job file says. It shows no secret.

    Every call reads the secrets from where the file says, takes ``timeout=`` in seconds where it waits for programs, and ends at Ctrl-C.
    """
    def __reduce__(self, /) -> tuple[str]: ...
    def __repr__(self, /) -> str: ...
    def check(self, /, *, scratch: str | PathLike[str] | None = None, local: bool = False, progress: Callable[[Entry], object] | None = None, timeout: float | None = None) -> Check:
        """
        Decrypts the catalogue into a ``scratch`` folder, compares every byte with the source, and removes the folder; then compares the
        destination with the catalogue, by length and time, unless ``local``. ``progress`` is called after each file.
        """
    def foresee_restore(self, /, *, timeout: float | None = None) -> Foreseen:
        """
        Says what a restore would do, and writes nothing.
        """
    @property
    def log(self, /) -> Path:
        """
        Where a run's log is appended.
        """
    @staticmethod
    def parse(text: str, path: str | PathLike[str] = ...) -> JobFile:
        """
        Takes the text of a job file; ``path`` names it in errors, and its folder is where relative paths are taken from.
        """
    def plan(self, /, *, timeout: float | None = None) -> Plan:
        """
        Says what a run would do, and writes nothing; the destination is not asked. Raises ``Refused`` or ``DataAtRisk`` where no run can
        begin, such as for a pair that opens nothing of the catalogue.
        """
    @staticmethod
    def read(path: str | PathLike[str]) -> JobFile:
        """
        Reads a job file. Relative paths in it are taken from its folder.
        """
    def restore(self, /, to: str | PathLike[str], *, progress: Callable[[Entry], object] | None = None, timeout: float | None = None) -> Restore:
        """
        Decrypts the catalogue into a folder, in which nothing is replaced; where the catalogue is gone, it is fetched from the destination
        first. Run again, it goes on. ``progress`` is called after each file.

        Afterwards ``DataAtRisk`` is raised if something is damaged or does not open, else ``Incomplete`` if something is missing, with what
        was restored as the exception's ``report``.
        """
    def run(self, /, *, dry_run: bool = False, timeout: float | None = None) -> Run:
        """
        Encrypts what is new or has changed, then carries the catalogue to its destination. rsync begins only if everything was encrypted.

        What did not end as it should raises ``Incomplete`` or ``Refused``, with the :class:`Run` as the exception's ``report``: what was
        written is valid, and the same call goes on. A ``dry_run`` has both programs say what they would do.
        """

@final
class Plan:
    """
    What a run would do, told from names, lengths and times.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, job: str, source: str | PathLike[str], catalogue: str | PathLike[str], to: str | None, changed: SupportsGetItem[int, str | PathLike[str]], plain_bytes: SupportsIndex, taken_over: SupportsGetItem[int, str | PathLike[str]], unchanged: SupportsIndex, stale: SupportsGetItem[int, str | PathLike[str]], delete: bool, failed: SupportsGetItem[int, tuple[str | PathLike[str], str]], skipped: SupportsGetItem[int, str | PathLike[str]], foreign: SupportsGetItem[int, str | PathLike[str]], escrow: Escrow | None) -> Plan: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def catalogue(self, /) -> Path:
        """
        Into which folder.
        """
    @property
    def changed(self, /) -> list[Path]:
        """
        Files that are new or have changed.
        """
    @property
    def delete(self, /) -> bool:
        """
        Whether the run deletes them.
        """
    @property
    def escrow(self, /) -> Escrow | None:
        """
        How the pair stands in the vault; ``None`` where it is the operator's own to keep.
        """
    @property
    def failed(self, /) -> list[tuple[Path, str]]:
        """
        Files that would fail, such as a name that becomes too long, each with why.
        """
    @property
    def foreign(self, /) -> list[Path]:
        """
        Files of the catalogue that are none of this remote's.
        """
    @property
    def job(self, /) -> str:
        """
        The job's name.
        """
    @property
    def plain_bytes(self, /) -> int:
        """
        Their length in bytes.
        """
    @property
    def skipped(self, /) -> list[Path]:
        """
        Links, pipes, sockets and devices, which no copy has.
        """
    @property
    def source(self, /) -> Path:
        """
        What is encrypted.
        """
    @property
    def stale(self, /) -> list[Path]:
        """
        Files of the catalogue whose source is gone, by their stored paths.
        """
    @property
    def taken_over(self, /) -> list[Path]:
        """
        Those of them that this program encrypts itself, since their names are too long for rclone.
        """
    @property
    def to(self, /) -> str | None:
        """
        Where that is carried; ``None`` where it stays.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unchanged(self, /) -> int:
        """
        How many files are in the catalogue already as they are.
        """

@final
class Restore:
    """
    What a restore did.
    """
    def __repr__(self, /) -> str: ...
    @property
    def fetched(self, /) -> Transfer | None:
        """
        What was fetched first; ``None`` where the catalogue was here.
        """
    @property
    def restored(self, /) -> WriteReport:
        """
        What was decrypted.
        """

@final
class Run:
    """
    What a run did; of a dry run, what it would do.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, outcome: str, encryption: Encryption, transfer: Transfer | None, transfer_withheld: bool, records: SupportsGetItem[int, str], log: str | PathLike[str] | None) -> Run: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def encryption(self, /) -> Encryption:
        """
        The first step.
        """
    @property
    def log(self, /) -> Path | None:
        """
        Where the log is; ``None`` after a dry run.
        """
    @property
    def outcome(self, /) -> str:
        """
        ``"as_it_should_be"`` of a run that did all. A run that did not is the ``report`` of an exception.
        """
    @property
    def records(self, /) -> list[str]:
        """
        The addresses of the vault's records that hold the pair; empty where it is the operator's own to keep, and after a dry run.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def transfer(self, /) -> Transfer | None:
        """
        The second step; ``None`` where it did not begin.
        """
    @property
    def transfer_withheld(self, /) -> bool:
        """
        Whether the second step did not begin, although the job names a destination.
        """

@final
class StepFailure:
    """
    Why a step did not end as it should.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, kind: str, reason: str, remedy: str) -> StepFailure: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def kind(self, /) -> str:
        """
        ``"not_started"``, ``"unreachable"``, ``"wrong_host"``, ``"partial"`` or ``"killed"``.
        """
    @property
    def reason(self, /) -> str:
        """
        What was attempted, and what came back.
        """
    @property
    def remedy(self, /) -> str:
        """
        What to do.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Transfer:
    """
    What rsync did; after a dry run, what it would do.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, files: SupportsIndex, stored_bytes: SupportsIndex, removed: SupportsIndex, missing: SupportsGetItem[int, str], failure: StepFailure | None) -> Transfer: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def failure(self, /) -> StepFailure | None:
        """
        Why the step did not end as it should; ``None`` where it did.
        """
    @property
    def files(self, /) -> int:
        """
        Files that were carried.
        """
    @property
    def missing(self, /) -> list[str]:
        """
        The first of the files that are not there after a failure, by their stored paths; of a dry run, those that would be carried.
        """
    @property
    def removed(self, /) -> int:
        """
        Files that were deleted at the destination.
        """
    @property
    def stored_bytes(self, /) -> int:
        """
        Their length in bytes.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
