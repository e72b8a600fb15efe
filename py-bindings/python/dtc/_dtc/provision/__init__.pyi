"""
Provisioning of one appliance: observe, plan, apply, verify.
"""

from . import aio as aio
from ..replication import Replication
from _typeshed import SupportsGetItem
from collections.abc import Callable, Mapping
from datetime import datetime
from os import PathLike
from typing import Any, Final, List, SupportsIndex, final

__all__ = ["Applying", "Completion", "Escrowed", "Event", "Finding", "FirstRunResult", "Item", "Observation", "Plan", "PoolProof", "Question", "RecordedConsent", "Report", "Sample", "Services", "Site", "SiteFile", "Step", "VaultRecord", "connect", "plan", "aio"]

@final
class Applying:
    """
    An apply as an iterator of its events. It goes on while it is iterated, and only then: who stops iterating stops it, which is safe at any
    event; what is done stays done, and a new apply does the rest.
    """
    def __iter__(self, /) -> Applying: ...
    def __next__(self, /) -> Event: ...
    @property
    def completion(self, /) -> Completion | None:
        """
        What came of it, after the last event; ``None`` before.
        """

@final
class Completion:
    """
    What stands at the end of an apply.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, first_runs: SupportsGetItem[int, FirstRunResult], report: Report | None, withheld: SupportsGetItem[int, str]) -> Completion: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def first_runs(self, /) -> list[FirstRunResult]:
        """
        Each pool's first run.
        """
    @property
    def report(self, /) -> Report | None:
        """
        The verification; ``None`` when a first run is left to the schedule.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def withheld(self, /) -> list[str]:
        """
        Steps whose consent was withheld, by what they were about.
        """

@final
class Escrowed:
    """
    A proof that the vault holds a secret, and whose it is. It is handed out, and not made; nothing reads the secret through it.
    """
    def __reduce__(self, /) -> tuple[str]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bucket_name(self, /) -> str | None:
        """
        The bucket that it belongs to; ``None`` for what is the appliance's alone.
        """
    @property
    def device_guid(self, /) -> str:
        """
        The appliance that it belongs to.
        """
    @property
    def kind(self, /) -> str:
        """
        Which secret: ``"application_key"``, ``"encryption_secrets"`` or ``"snmp_secrets"``.
        """
    @property
    def record_id(self, /) -> str:
        """
        The id of the vault's record.
        """
    @property
    def url(self, /) -> str:
        """
        The page that shows the record.
        """

@final
class Event:
    """
    One thing that happened. It has what a line of the journal has, and holds no secret: ``event`` is ``"started"``, ``"done"``, ``"unchanged"``,
    ``"failed"``, ``"waiting"`` or ``"progress"``.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    @property
    def at(self, /) -> datetime:
        """
        When it happened.
        """
    @property
    def event(self, /) -> str:
        """
        What kind of event it is.
        """
    @property
    def percent(self, /) -> float | None:
        """
        How far a first run is, from 0 to 100; it may go backwards.
        """
    @property
    def subject(self, /) -> str:
        """
        The step, the pool, or what is waited for.
        """
    @property
    def text(self, /) -> str:
        """
        What is so now, why it failed, or the appliance's words; empty where the event has none.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The members of its line in a journal.
        """

@final
class Finding:
    """
    Something that is not as it should be, and that nothing is done about.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, rule: str, what: str, to_decide: bool) -> Finding: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def rule(self, /) -> str:
        """
        The rule it is about.
        """
    @property
    def to_decide(self, /) -> bool:
        """
        Whether somebody must decide about it: as long as it stands, a verification fails, and no plan puts it right.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def what(self, /) -> str:
        """
        What is so.
        """

@final
class FirstRunResult:
    """
    A pool's first run.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, pool: str, finished: datetime | None, summary: str) -> FirstRunResult: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def finished(self, /) -> datetime | None:
        """
        When it ended.
        """
    @property
    def pool(self, /) -> str:
        """
        The pool.
        """
    @property
    def summary(self, /) -> str:
        """
        What it did, as far as the appliance says.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Item:
    """
    One item of the checklist, with its evidence.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: str, number: SupportsIndex, rule: str, title: str, verdict: str, evidence: str) -> Item: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def evidence(self, /) -> str:
        """
        Where and how.
        """
    @property
    def id(self, /) -> str:
        """
        Which item, such as ``"recoverable"``.
        """
    @property
    def number(self, /) -> int:
        """
        Its number in the procedure's checklist.
        """
    @property
    def rule(self, /) -> str:
        """
        The rule of the standard it is about.
        """
    @property
    def title(self, /) -> str:
        """
        What should be so.
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
class Observation:
    """
    What is so now, read and never written, without a secret in it. Every fact is there, or says why it was not read.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    def to_dict(self, /) -> dict[str, Any]:
        """
        Every fact by its name.
        """

@final
class Plan:
    """
    What will be done, in order. A plan holds no secret: print it, save it, compare it, pickle it.

    It is made by :func:`plan` or ``Services.plan``, and by ``from_json`` of what ``to_json`` or ``dtc plan --out`` has saved.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[str]]: ...
    def __repr__(self, /) -> str: ...
    def __str__(self, /) -> str: ...
    def against(self, /, now: Observation) -> None:
        """
        Raises ``Refused`` if a fact that one of the steps acts on has changed: planning again from what is so now must give the same steps.
        ``Services.apply`` looks for itself.
        """
    @property
    def bucket_name(self, /) -> str:
        """
        The name of the bucket.
        """
    @property
    def device_guid(self, /) -> str:
        """
        The appliance's Device GUID.
        """
    def diff(self, /, other: Plan) -> list[str]:
        """
        The steps in which another plan differs: ``"- …"`` for those that only this one has, ``"+ …"`` for those that only the other has.
        """
    @property
    def findings(self, /) -> list[Finding]:
        """
        What is not as it should be and is left alone.
        """
    @staticmethod
    def from_json(text: str) -> Plan:
        """
        Reads a plan that was saved. A plan of another format, or one that says more than is understood here, raises ``ValidationError``.
        """
    @property
    def is_empty(self, /) -> bool:
        """
        Whether there is nothing to do.
        """
    def questions(self, /) -> list[Question]:
        """
        What is asked before it is applied.
        """
    @property
    def site(self, /) -> Site:
        """
        What the operator wants.
        """
    @property
    def steps(self, /) -> list[Step]:
        """
        Every step, in the order it is applied; what is kept among them.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The plan as it is saved, as a dictionary.
        """
    def to_json(self, /) -> str:
        """
        The plan as ``dtc plan --out`` saves it.
        """
    @property
    def undecided(self, /) -> list[Finding]:
        """
        The findings that somebody must decide about.
        """

@final
class PoolProof:
    """
    What a pool's part of the bucket holds, and what of it was opened.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, pool: str, objects: SupportsIndex, with_content: SupportsIndex, bytes: SupportsIndex, excluded: SupportsGetItem[int, str], unreached: SupportsGetItem[int, str], samples: SupportsGetItem[int, Sample], unlisted: str | None) -> PoolProof: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def bytes(self, /) -> int:
        """
        Their size in the bucket, in bytes.
        """
    @property
    def excluded(self, /) -> list[str]:
        """
        Objects in an excluded directory, which must not be there.
        """
    @property
    def objects(self, /) -> int:
        """
        How many objects stand under its prefix.
        """
    @property
    def pool(self, /) -> str:
        """
        The pool.
        """
    @property
    def samples(self, /) -> list[Sample]:
        """
        What was fetched.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unlisted(self, /) -> str | None:
        """
        Why its listing is not whole.
        """
    @property
    def unreached(self, /) -> list[str]:
        """
        Directories whose names look excluded and that the filters do not reach.
        """
    @property
    def with_content(self, /) -> int:
        """
        How many of them can be opened and compared.
        """

@final
class Question:
    """
    What a plan asks before one act. Whoever answers types the subject, to the letter.

    A question is answered by ``answer``, or by not answering it: an act without consent does not happen, and ``apply`` raises ``Refused``
    before anything is written unless ``may_be_withheld``.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    def answer(self, /, typed: str, *, valid_until: datetime | None = None) -> RecordedConsent:
        """
        Consents, if ``typed`` is the subject to the letter; any other text raises ``Refused``. The consent is valid for a day unless
        ``valid_until`` says otherwise.
        """
    @property
    def consequence(self, /) -> str:
        """
        What will be so afterwards.
        """
    @property
    def is_irreversible(self, /) -> bool:
        """
        Whether nothing brings back what was before.
        """
    @property
    def kind(self, /) -> str:
        """
        The kind of the act, such as ``"compliance-lock"``.
        """
    @property
    def may_be_withheld(self, /) -> bool:
        """
        Whether the rest of the plan can be applied without a consent.
        """
    @property
    def subject(self, /) -> str:
        """
        What must be typed to consent.
        """
    @property
    def terms(self, /) -> dict[str, str]:
        """
        What fixes the act: bucket, mode, days …
        """

@final
class RecordedConsent:
    """
    A consent to one act, written down: ``to_dict`` is what a consent file of the command line holds.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __reduce__(self, /) -> tuple[Any, tuple[dict[str, Any]]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_dict(table: Mapping[str, Any]) -> RecordedConsent:
        """
        A consent out of a consent file.
        """
    @property
    def kind(self, /) -> str:
        """
        The kind of the act.
        """
    @property
    def subject(self, /) -> str:
        """
        What the act is done to.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The act and its time, as a consent file holds them.
        """
    @property
    def valid_until(self, /) -> datetime:
        """
        Until when it may be done.
        """

@final
class Report:
    """
    The whole checklist, and the proof of recoverability beneath it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, outcome: str, summary: str, items: SupportsGetItem[int, Item], proofs: SupportsGetItem[int, PoolProof], coverage: SupportsGetItem[int, str], unread: SupportsGetItem[int, str]) -> Report: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def coverage(self, /) -> list[str]:
        """
        What is on the appliance and cannot be in the backup, a line each.
        """
    def item(self, /, id: str) -> Item | None:
        """
        The item of this id; ``None`` if there is none.
        """
    @property
    def items(self, /) -> list[Item]:
        """
        The items, in order.
        """
    @property
    def outcome(self, /) -> str:
        """
        What the verification comes to: ``"as_it_should_be"``, ``"differs"``, ``"precondition"``, ``"data_at_risk"`` or ``"incomplete"``.
        What was not proven is never a success.
        """
    @property
    def passed(self, /) -> bool:
        """
        Whether every item that applies was looked at and is as it should be.
        """
    @property
    def proofs(self, /) -> list[PoolProof]:
        """
        What was fetched and opened, pool by pool.
        """
    @property
    def summary(self, /) -> str:
        """
        One line for people.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unread(self, /) -> list[str]:
        """
        Why services left something unread, a line each.
        """

@final
class Sample:
    """
    One object that was fetched.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, object: str, source: str, size: SupportsIndex, proof: str, opens: bool, reason: str) -> Sample: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def object(self, /) -> str:
        """
        The object's name.
        """
    @property
    def opens(self, /) -> bool:
        """
        Whether it was shown to open with what the vault gives back.
        """
    @property
    def proof(self, /) -> str:
        """
        What was proven: ``"content"``, ``"hash"``, ``"keys"``, ``"failed"``, ``"damaged"`` or ``"not_checkable"``.
        """
    @property
    def reason(self, /) -> str:
        """
        Why no more was proven; empty where all was.
        """
    @property
    def size(self, /) -> int:
        """
        Its plain size, in bytes; 0 if it did not open.
        """
    @property
    def source(self, /) -> str:
        """
        The source it was held against.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Services:
    """
    The services of one site, connected by ``connect``: the object store, the appliance, the inventory, the vault and the tickets. They may be
    used by several threads, and belong to the process that connected them.

    Every call takes ``timeout=`` in seconds, after which it raises ``TransportError``, or ``OutcomeUnknown`` where something may have been
    written. What goes wrong raises a subclass of :class:`dtc.exceptions.DtcError`.
    """
    def __enter__(self, /) -> Services: ...
    def __exit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> None: ...
    def __reduce__(self, /) -> tuple[str]:
        """
        Never.
        """
    def __repr__(self, /) -> str: ...
    def apply(self, /, plan: Plan, *, consents: SupportsGetItem[int, RecordedConsent] = ..., on_event: Callable[[Event], object] | None = None, timeout: float | None = None) -> Completion:
        """
        Carries a plan out, follows the first runs to their ends, and verifies. The plan is held against the world first: a stale one raises
        ``Refused``, as does a consent that is missing, before anything is written.

        ``on_event`` is called with every :class:`Event`; what it raises ends the apply and is raised here. Whatever ends it, at whatever
        moment: what is done stays done, and a new plan does the rest. To give it up after a time, use ``timeout``.
        """
    def applying(self, /, plan: Plan, *, consents: SupportsGetItem[int, RecordedConsent] = ...) -> Applying:
        """
        Carries a plan out as ``apply`` does, event by event: iterate over what it returns.
        """
    def close(self, /) -> None:
        """
        Lets go of the connections: further calls raise ``RuntimeError``, and those under way end as they would.
        """
    def observe(self, /, site: Site, *, timeout: float | None = None) -> Observation:
        """
        Looks at what is so now. Writes nothing; what could not be read says why in the observation.
        """
    def plan(self, /, site: Site, *, device_guid: str | None = None, timeout: float | None = None) -> Plan:
        """
        Looks, and plans. Writes nothing. An appliance that has no Device GUID gets ``device_guid``, or a new one.
        """
    def recall(self, /, plan: Plan, *, timeout: float | None = None) -> List[Escrowed]:
        """
        What the vault holds of the plan's appliance and bucket, as proofs. The vault is read, and the values are held against their checks.
        """
    def verify(self, /, site: Site, *, within: float | None = None, timeout: float | None = None) -> Report:
        """
        Evaluates the checklist by reading the live systems, and proves that the backup opens. Writes nothing.

        What is not answered ``within`` so many seconds is not checkable in the report; after ``timeout`` there is no report.
        """

@final
class Site:
    """
    One appliance's place in the world, and the few choices the standard leaves open. Every choice has the name and the form that it has in
    the table ``[site]`` of a site file; ``None`` leaves it to the standard.

    >>> site = Site("Contoso Dental", "Main Street", 100, pools=["tank"])
    >>> site
    Site(organization='Contoso Dental', location='Main Street', uplink_mbit=100, pools=['tank'])
    >>> site == Site.from_dict(site.to_dict())
    True
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, organization: str, location: str, uplink_mbit: Any, **choices: Any) -> Site: ...
    def __reduce__(self, /) -> tuple[Any, tuple[dict[str, Any]]]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_dict(table: dict[str, Any]) -> Site:
        """
        The table ``[site]`` as a dictionary. Raises ``ValidationError``, whose ``subject`` is the field.
        """
    @property
    def location(self, /) -> str:
        """
        The location, by its name or its id in NinjaOne.
        """
    @property
    def organization(self, /) -> str:
        """
        The client, by its name or its id in NinjaOne.
        """
    @staticmethod
    def read(path: str | PathLike[str]) -> Site:
        """
        The table ``[site]`` of a site file.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        Every choice by its name, those left to the standard too; ``from_dict`` takes it.
        """
    @property
    def uplink_mbit(self, /) -> int:
        """
        The client's uplink, in Mbit/s.
        """

@final
class SiteFile:
    """
    A site, where the services answer, and where their secrets are: what a site file says. It shows and pickles no secret.

    Secrets are references as in a site file (``"env:NAME"``, ``"file:PATH"``, ``"op://vault/item/field"``), or values of
    :class:`dtc.crypt.Secret`. A text that is no reference is refused, and not repeated.
    """
    TEMPLATE: Final[str]
    """
    A commented site file to fill in, with every key there is.
    """
    def __reduce__(self, /) -> tuple[str]: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def from_dict(tables: dict[str, Any]) -> SiteFile:
        """
        Takes the tables of a site file as dictionaries: ``site``, ``b2``, ``truenas``, ``ninjaone``, ``itglue``, and where they differ from
        the defaults ``tickets``, ``waits``, ``backoff`` and ``timeouts``; ``appliance`` and ``replication`` are lists of them. Relative paths are taken from the working directory.
        """
    @staticmethod
    def parse(text: str, path: str | PathLike[str] = ...) -> SiteFile:
        """
        Takes the text of a site file; ``path`` names it in errors, and its folder is where relative paths are taken from.
        """
    @staticmethod
    def read(path: str | PathLike[str]) -> SiteFile:
        """
        Reads a site file. Relative paths in it are taken from its folder.
        """
    @property
    def replications(self, /) -> list[Replication]:
        """
        What is replicated between appliances: the tables ``[[replication]]``, without their passphrases.
        """
    @property
    def site(self, /) -> Site:
        """
        What is wanted.
        """

@final
class Step:
    """
    One step of a plan.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, rule: str, kind: str, subject: str, details: SupportsGetItem[int, str]) -> Step: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def details(self, /) -> list[str]:
        """
        How, a line each.
        """
    @property
    def kind(self, /) -> str:
        """
        What it does: ``"keep"`` (nothing), ``"create"``, ``"change"``, ``"irreversible"``, ``"secret"`` or ``"run"``.
        """
    @property
    def rule(self, /) -> str:
        """
        The rules it follows.
        """
    @property
    def subject(self, /) -> str:
        """
        To what.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class VaultRecord:
    """
    A record as a vault of one's own lists it, without its value.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: str, label: str, notes: str, user_name: str | None = None, url: str | None = None) -> VaultRecord: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> str:
        """
        What the vault knows it by.
        """
    @property
    def label(self, /) -> str:
        """
        Its label, as it was created.
        """
    @property
    def notes(self, /) -> str:
        """
        Its notes, to the letter: by them it is found again.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def url(self, /) -> str | None:
        """
        The page that shows it, for tickets and reports.
        """
    @property
    def user_name(self, /) -> str | None:
        """
        The user name beside the value.
        """

def connect(file: SiteFile, *, read_only: bool = False, wait_for_device: float | None = None, vault: Any | None = None, vault_timeout: float | None = None, timeout: float | None = None) -> Services:
    """
    Connects to the services of a site. The appliance is logged in to here; the other services are at their first call.

    ``read_only`` services are enough to observe, plan and verify, and send nothing that writes. ``wait_for_device`` is how many seconds an apply
    waits for a person to add the appliance to NinjaOne (none unless given).

    ``vault`` is an object of one's own in the place of IT Glue, which is not called then; see :class:`Vault`. A method of it that has not come
    back within ``vault_timeout`` seconds (60) is no longer waited for.
    """

def plan(site: Site, seen: Observation, *, device_guid: Any | None = None) -> Plan:
    """
    Plans, from what is wanted and what is so. It asks no service. An appliance that has no Device GUID gets ``device_guid``, or a new one.

    A fact that is unread, or a rule that stops the work, raises a :class:`dtc.exceptions.DtcError`; what else stops it stands in its ``also``.
    """
