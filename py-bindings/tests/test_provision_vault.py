"""A vault that is written in Python goes through the same proofs: it may raise, lie, or never return."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import pytest

from dtc import provision
from dtc.crypt import Secret
from dtc.exceptions import DtcError, NotFound, OutcomeUnknown, ProvisionError, Refused, TransportError
from dtc.provision import Services, SiteFile, VaultRecord
from dtc.simulator import Simulator


class Memory:
    """A vault that keeps what it is given."""

    def __init__(self) -> None:
        self.records: dict[str, tuple[VaultRecord, str]] = {}
        self.organizations: set[str] = set()
        self.shown: list[str] = []

    def list(self, organization: str, /) -> Iterable[VaultRecord]:
        self.organizations.add(organization)
        return [record for record, _ in self.records.values()]

    def read(self, organization: str, id: str, /) -> tuple[str | None, Secret | str]:
        if id not in self.records:
            raise NotFound("no such record")
        record, value = self.records[id]
        return record.user_name, Secret(value)

    def create(self, organization: str, /, *, label: str, notes: str, user_name: str | None, value: Secret) -> VaultRecord:
        self.shown.append(f"{value!r} {value}")
        record = VaultRecord(id=str(len(self.records) + 1), label=label, notes=notes, user_name=user_name, url=None)
        self.records[record.id] = (record, value.expose())
        return record

    def update(self, organization: str, id: str, /, *, notes: str, user_name: str | None, value: Secret | None) -> None:
        old, text = self.records[id]
        record = VaultRecord(id=id, label=old.label, notes=notes, user_name=old.user_name if user_name is None else user_name, url=old.url)
        self.records[id] = (record, text if value is None else value.expose())


@pytest.fixture
def file(sim: Simulator) -> SiteFile:
    """A site whose vault is given little time to show what it was given."""
    tables = sim.site_tables()
    tables["waits"]["vault_read_back"] = "200ms"
    return SiteFile.from_dict(tables)


def apply(services: Services, file: SiteFile) -> provision.Completion:
    plan = services.plan(file.site)
    consents = [question.answer(question.subject) for question in plan.questions()]
    return services.apply(plan, consents=consents)


def with_vault(file: SiteFile, vault: provision.Vault, timeout: float = 20) -> Services:
    return provision.connect(file, wait_for_device=60, vault=vault, vault_timeout=timeout)


@pytest.mark.parametrize(
    "release", [pytest.param("13.3", id="CORE", marks=pytest.mark.deep), pytest.param("25.10", id="SCALE")]
)
def test_e2_an_own_vault_holds_what_is_used(release: str) -> None:
    vault = Memory()
    with Simulator(seed=5, release=release) as sim:
        file = SiteFile.from_dict(sim.site_tables())
        with with_vault(file, vault) as services:
            done = apply(services, file)
            assert done.report is not None and done.report.passed
            plan = services.plan(file.site)
            assert plan.is_empty and len(services.recall(plan)) == 3
        with provision.connect(file, vault=vault, read_only=True) as services:
            assert services.verify(file.site).passed
        assert not [operation for service, operation in sim.calls() if service == "itglue" and "password" in operation.lower()]
    labels = sorted(record.label for record, _ in vault.records.values())
    assert len(labels) == 5 and labels[0] == "TrueNAS Cloud Backup — Main Office"
    assert vault.organizations == {"Harbour Dental Group"}
    assert vault.shown and all("***" in shown for shown in vault.shown)
    assert all("operational" in record.notes for record, _ in vault.records.values() if record.label == labels[0])


def keys_made(sim: Simulator) -> int:
    return sim.calls().get(("b2", "b2_create_key"), 0)


class Forgets(Memory):
    """Says that it has kept a record, and has not."""

    def create(self, organization: str, /, *, label: str, notes: str, user_name: str | None, value: Secret) -> VaultRecord:
        return VaultRecord(id="1", label=label, notes=notes, user_name=user_name, url=None)


class Alters(Memory):
    """Gives back a value that differs in a character."""

    def read(self, organization: str, id: str, /) -> tuple[str | None, Secret | str]:
        record, value = self.records[id]
        return record.user_name, value[:-1] + ("A" if value[-1] != "A" else "B")


class LosesNotes(Memory):
    """Keeps the value under other notes."""

    def create(self, organization: str, /, *, label: str, notes: str, user_name: str | None, value: Secret) -> VaultRecord:
        return super().create(organization, label=label, notes=notes.partition("\n")[0], user_name=user_name, value=value)


class Twice(Memory):
    """Keeps every record twice."""

    def create(self, organization: str, /, *, label: str, notes: str, user_name: str | None, value: Secret) -> VaultRecord:
        super().create(organization, label=label, notes=notes, user_name=user_name, value=value)
        return super().create(organization, label=label, notes=notes, user_name=user_name, value=value)


@pytest.mark.parametrize("lying", [Forgets, Alters, LosesNotes, Twice], ids=lambda kind: kind.__name__)
def test_e2_a_vault_that_lies_ends_the_apply_with_the_secret_unused(sim: Simulator, file: SiteFile, lying: type[Memory]) -> None:
    with with_vault(file, lying()) as services:
        with pytest.raises(DtcError) as raised:
            apply(services, file)
        assert not isinstance(raised.value, (TransportError, OutcomeUnknown)), raised.value
        assert raised.value.code in ("DTC-VAULT-NOT-ESCROWED", "DTC-RULE-E5", "DTC-RULE-E3A", "DTC-RULE-E1A", "DTC-RULE-E4"), raised.value.code
    assert keys_made(sim) == 0


class Wrong(Memory):
    """Returns what was not promised."""

    def list(self, organization: str, /) -> Iterable[VaultRecord]:
        return [12]  # type: ignore[list-item]


class Raises(Memory):
    """Raises at one of its methods."""

    def __init__(self, method: str, error: BaseException, *, after: bool = False) -> None:
        super().__init__()
        self.method, self.error, self.after, self.calls = method, error, after, 0

    def __getattribute__(self, name: str) -> object:
        found = super().__getattribute__(name)
        if name not in ("list", "read", "create", "update") or name != self.method:
            return found

        def failing(*arguments: object, **given: object) -> object:
            self.calls += 1
            if self.after:
                found(*arguments, **given)
            raise self.error

        return failing


def test_a_vault_that_raises_when_it_is_read_is_the_cause(sim: Simulator, file: SiteFile) -> None:
    for error, kind in [(ConnectionError("gone"), TransportError), (Refused("no"), DtcError), (ZeroDivisionError("defect"), DtcError)]:
        with with_vault(file, Raises("list", error)) as services, pytest.raises(kind) as raised:
            services.plan(file.site)
        assert raised.value.__cause__ is error and not raised.value.unknown_outcome
    with with_vault(file, Wrong()) as services, pytest.raises(DtcError, match="list the vault's records"):
        services.plan(file.site)


def test_e2_a_write_that_raises_is_looked_for_and_never_made_twice(sim: Simulator, file: SiteFile) -> None:
    happened = Raises("create", RuntimeError("lost the answer"), after=True)
    with with_vault(file, happened) as services:
        done = apply(services, file)
        assert done.report is not None and done.report.passed
    assert happened.calls == len(happened.records) == 5


def test_e2_a_write_that_raises_and_did_not_happen_ends_the_apply(sim: Simulator, file: SiteFile) -> None:
    lost = Raises("create", RuntimeError("nobody knows"))
    with with_vault(file, lost) as services:
        with pytest.raises(ProvisionError) as raised:
            apply(services, file)
        assert raised.value.code == "DTC-VAULT-NOT-ESCROWED" and lost.calls == 1
    refusing = Raises("create", Refused("it certainly did not happen"))
    with with_vault(file, refusing) as services:
        with pytest.raises(DtcError, match="certainly") as refused:
            apply(services, file)
        assert refused.value.__cause__ is refusing.error and refusing.calls == 1
    assert keys_made(sim) == 0


class Hangs(Memory):
    """Never comes back from one of its methods, until it is released."""

    def __init__(self, method: str) -> None:
        super().__init__()
        self.method, self.released = method, threading.Event()

    def list(self, organization: str, /) -> Iterable[VaultRecord]:
        if self.method == "list":
            self.released.wait()
        return super().list(organization)

    def create(self, organization: str, /, *, label: str, notes: str, user_name: str | None, value: Secret) -> VaultRecord:
        if self.method == "create":
            self.released.wait()
        return super().create(organization, label=label, notes=notes, user_name=user_name, value=value)


def test_a_vault_that_never_returns_is_unreachable_when_read_and_looked_for_when_written(sim: Simulator, file: SiteFile) -> None:
    hanging = Hangs("list")
    with with_vault(file, hanging, 0.2) as services, pytest.raises(TransportError, match="has not come back within 0.2 s"):
        services.plan(file.site)
    hanging.released.set()
    hanging = Hangs("create")
    with with_vault(file, hanging, 0.5) as services, pytest.raises(ProvisionError) as raised:
        apply(services, file)
    assert raised.value.code == "DTC-VAULT-NOT-ESCROWED"
    assert keys_made(sim) == 0
    hanging.released.set()


def test_what_is_no_vault_is_refused_at_once(file: SiteFile) -> None:
    for given in (object(), "vault", 12):
        with pytest.raises(TypeError, match="a vault has the methods"):
            provision.connect(file, vault=given)


def test_a_vault_may_call_this_package_itself(sim: Simulator, file: SiteFile) -> None:
    class Curious(Memory):
        def list(self, organization: str, /) -> Iterable[VaultRecord]:
            assert sim.requests >= 0 and provision.Site("a", "b", 1).organization == "a"
            return super().list(organization)

    with with_vault(file, Curious()) as services:
        assert not services.plan(file.site).is_empty
