"""
Encrypted datasets of one appliance on another, with the proof that they open there.
"""

from . import aio as aio
from ..crypt import Secret
from ..provision import Event, Finding, Question, RecordedConsent, SiteFile, Step
from _typeshed import SupportsGetItem
from collections.abc import Callable
from datetime import datetime
from os import PathLike
from typing import Any, Final, SupportsIndex, final

__all__ = ["IN_DATABASE", "SCHEMA", "Eligible", "Ends", "Item", "Observed", "Plan", "Replication", "Report", "UnlockReport", "connect", "aio"]

IN_DATABASE: Final[str]
"""
Where TrueNAS keeps a key itself: a ``key_location``.
"""

SCHEMA: Final[str]
"""
How snapshots are named unless it is said otherwise.
"""

@final
class Eligible:
    """
    How many snapshots of the sources a naming schema takes along.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, total: SupportsIndex, eligible: SupportsIndex) -> Eligible: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def eligible(self, /) -> int:
        """
        How many are taken along.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def total(self, /) -> int:
        """
        How many there are.
        """

@final
class Ends:
    """
    Both ends of one replication, connected by ``connect``, with the services that it needs: the inventory and the vault.

    Every call takes ``timeout=`` in seconds, after which it raises ``TransportError``, or ``OutcomeUnknown`` where something may have been
    written. What goes wrong raises a subclass of :class:`dtc.exceptions.DtcError`.
    """
    def __enter__(self, /) -> Ends: ...
    def __exit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> None: ...
    def __reduce__(self, /) -> tuple[str]:
        """
        Never.
        """
    def __repr__(self, /) -> str: ...
    def apply(self, /, plan: Plan, *, consents: SupportsGetItem[int, RecordedConsent] = ..., on_event: Callable[[Event], object] | None = None, timeout: float | None = None) -> Report:
        """
        Carries a plan out, follows the run to its end, and proves that the destination opens with the vault's keys. The plan is held against the
        world first: a stale one raises ``Refused``, as does a consent that is missing, before anything is written.

        ``on_event`` is called with every :class:`dtc.provision.Event`; what it raises ends the apply and is raised here. Whatever ends it, at
        whatever moment: what is done stays done, and a new plan does the rest.
        """
    def close(self, /) -> None:
        """
        Lets go of the connections: further calls raise ``RuntimeError``, and those under way end as they would.
        """
    def observe(self, /, *, timeout: float | None = None) -> Observed:
        """
        Looks at both ends and the vault. Writes nothing.
        """
    def plan(self, /, seen: Observed | None = None, *, timeout: float | None = None) -> Plan:
        """
        Plans from what was ``seen``, or looks first. Writes nothing.

        What R1 to R5 ask for and is not so raises ``Refused``, all of it at once; what else stops it stands in its ``also``.
        """
    @property
    def replication(self, /) -> Replication:
        """
        What is replicated.
        """
    def unlock(self, /, *, key_file: str | PathLike[str] | None = None, timeout: float | None = None) -> UnlockReport:
        """
        Opens what has arrived with the keys that the vault holds, down to the datasets that arrived as encryption roots of their own; or with
        ``key_file``, a file of keys that was downloaded from either appliance, and then the vault is not asked. On Unix nobody but its owner may
        read that file.
        """
    def verify(self, /, *, at: datetime | None = None, timeout: float | None = None) -> Report:
        """
        Judges the replication by both ends and the vault, as of now or of ``at``. Writes nothing, and unlocks nothing.
        """

@final
class Item:
    """
    One item of a verification, with its evidence.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: str, verdict: str, evidence: str) -> Item: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def evidence(self, /) -> str:
        """
        What shows it.
        """
    @property
    def id(self, /) -> str:
        """
        Which item: ``"task"``, ``"last_run"``, ``"arrived"``, ``"age"``, ``"retention"``, ``"opens"``, ``"source_keys"``, ``"files"``, ``"device_guid"``,
        ``"left_open"``
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def verdict(self, /) -> str:
        """
        ``"pass"``, ``"fail"``, ``"not_checkable"`` (never a success) or ``"not_applicable"``.
        """

@final
class Observed:
    """
    Both ends of a replication and the vault as they are now, read and never written.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...

@final
class Plan:
    """
    What will be done, in order. A plan holds no secret: print it, compare it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    def against(self, /, now: Plan) -> None:
        """
        Raises ``Refused`` if a plan made now differs from this one. ``Ends.apply`` looks for itself.
        """
    @property
    def findings(self, /) -> list[Finding]:
        """
        What is not as it should be, and that nothing is done about.
        """
    @property
    def is_empty(self, /) -> bool:
        """
        Whether there is nothing to do.
        """
    @property
    def name(self, /) -> str:
        """
        The replication's name.
        """
    def questions(self, /) -> list[Question]:
        """
        What is asked before it is applied: whether to trust a host key, and whether to let the other appliance log in.
        """
    @property
    def snapshots(self, /) -> Eligible:
        """
        How many snapshots of the sources are taken along.
        """
    @property
    def steps(self, /) -> list[Step]:
        """
        Every step, in the order it is applied; what is kept among them.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The plan as ``dtc replication plan --json`` has it.
        """

@final
class Replication:
    """
    One replication between two appliances, or within one. Every choice has the name and the form that it has in a table ``[[replication]]`` of a
    site file, but for ``from_``; ``None`` leaves it to the standard. It holds no passphrase: those are given to :func:`connect`.

    >>> wanted = Replication(
    ...     "offsite copy", from_="main", to="offsite", direction="pull", sources=["tank/data"], destination="backup/site/data", keep="90 days"
    ... )
    >>> wanted.encryption, wanted.remote_user, wanted.keep
    ('source', 'root', '90 days')
    >>> wanted == Replication.from_dict(wanted.to_dict())
    True
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, name: str, *, from_: str, to: str, direction: str, sources: Any, destination: Any, **choices: Any) -> Replication: ...
    def __reduce__(self, /) -> tuple[Any, tuple[dict[str, Any]]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def destination(self, /) -> str:
        """
        Where it goes.
        """
    @property
    def direction(self, /) -> str:
        """
        Which appliance has the task: ``"push"`` the sending one, ``"pull"`` the receiving one, ``"local"`` the only one.
        """
    @property
    def encryption(self, /) -> str:
        """
        How the destination is encrypted: ``"source"`` (as the source is), ``"clear"``, ``"inherit"``, ``"key"`` or ``"passphrase"``.
        """
    @property
    def from_(self, /) -> str:
        """
        The appliance that sends, as the site file calls it; ``"main"`` is that of ``[truenas]``.
        """
    @staticmethod
    def from_dict(table: dict[str, Any]) -> Replication:
        """
        A table ``[[replication]]`` as a dictionary. Raises ``ValidationError``, whose ``subject`` is the field.
        """
    @property
    def host(self, /) -> str | None:
        """
        At which address the appliance with the task reaches the other one; ``None`` for the one it is managed at.
        """
    @property
    def host_key(self, /) -> str | None:
        """
        The fingerprint of the host key that the other one has to show; ``None`` if that is asked.
        """
    @property
    def keep(self, /) -> str:
        """
        How long snapshots are kept at the destination: ``"source"``, ``"forever"``, or such as ``"90 days"``.
        """
    @property
    def key_location(self, /) -> str | None:
        """
        Where a key of its own is kept; ``None`` where it gets none.
        """
    @property
    def name(self, /) -> str:
        """
        Its name: that of its task, key pair and connection.
        """
    @property
    def properties(self, /) -> bool:
        """
        Whether properties are sent.
        """
    @property
    def recursive(self, /) -> bool:
        """
        Whether the datasets below the sources are sent too.
        """
    @property
    def remote_user(self, /) -> str:
        """
        Who is logged in there.
        """
    @property
    def schedule(self, /) -> str | None:
        """
        When it runs, as five cron fields; ``None`` by hand, or after each of its snapshot tasks.
        """
    @property
    def schema(self, /) -> str | None:
        """
        How the snapshots are named that are sent; ``None`` where it is bound to snapshot tasks.
        """
    @property
    def snapshot_tasks(self, /) -> list[int] | None:
        """
        The numbers of the sending appliance's periodic snapshot tasks whose snapshots are sent; ``None`` where a naming schema picks them.
        """
    @property
    def sources(self, /) -> list[str]:
        """
        What is sent.
        """
    @property
    def to(self, /) -> str:
        """
        The appliance that is sent to.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Every choice by its name in a site file, those left to the standard too; ``from_dict`` takes it.
        """

@final
class Report:
    """
    What a verification of a replication has found.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str, at: datetime, outcome: str, items: SupportsGetItem[int, Item], unknown_keys: SupportsGetItem[int, str]) -> Report: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def at(self, /) -> datetime:
        """
        When it was looked.
        """
    def item(self, /, id: str) -> Item | None:
        """
        The item of this id; ``None`` if there is none.
        """
    @property
    def items(self, /) -> list[Item]:
        """
        Item by item.
        """
    @property
    def name(self, /) -> str:
        """
        The replication.
        """
    @property
    def outcome(self, /) -> str:
        """
        What it comes to: ``"as_it_should_be"``, ``"differs"``, ``"data_at_risk"`` or ``"incomplete"``. What was not proven is never a success.
        """
    @property
    def passed(self, /) -> bool:
        """
        Whether every item that applies was looked at and is as it should be.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unknown_keys(self, /) -> list[str]:
        """
        Encryption roots of sources whose passphrase nobody has given: their proof is not checkable.
        """

@final
class UnlockReport:
    """
    What became of the destination's datasets.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, outcome: str, unlocked: SupportsGetItem[int, str], open_before: SupportsGetItem[int, str], failed: dict[str, str]) -> UnlockReport: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def failed(self, /) -> dict[str, str]:
        """
        Those that are not open, and why.
        """
    @property
    def open_before(self, /) -> list[str]:
        """
        Those that were open before.
        """
    @property
    def outcome(self, /) -> str:
        """
        What it comes to: ``"as_it_should_be"``, or ``"incomplete"`` where something is still locked.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unlocked(self, /) -> list[str]:
        """
        Those that are open now.
        """

def connect(file: SiteFile, replication: Replication | str | None = None, *, passphrase: Secret | str | None = None, key: Secret | str | None = None, passphrases: dict[str, Secret | str] | None = None, read_only: bool = False, vault: Any | None = None, vault_timeout: float | None = None, timeout: float | None = None) -> Ends:
    """
    Connects to both ends of a replication: one of the site file's by its name, its only one, or one of your own between its appliances.

    ``passphrase`` or ``key`` is the destination's own, the latter 64 hexadecimal digits, and ``passphrases`` are those of sources, by their
    encryption roots: a :class:`dtc.crypt.Secret` each, or where it is (``"env:NAME"``, ``"file:PATH"``, ``"op://vault/item/field"``). Unless given they are those that the site file names for a
    replication of this name. They are read when a plan is made or applied.

    ``read_only`` ends are enough to observe, plan and verify. ``vault`` is an object of one's own in the place of IT Glue; see
    :class:`dtc.provision.Vault`.
    """
