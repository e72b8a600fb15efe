"""``dtc.ninjaone``, ``dtc.halopsa`` and ``dtc.itglue`` against the simulator."""

from __future__ import annotations

import asyncio
import datetime
import inspect
import json
import pickle
import re
import traceback
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dtc.halopsa.aio
import dtc.itglue.aio
import dtc.ninjaone.aio
from dtc import halopsa, itglue, ninjaone
from dtc.crypt import Secret
from dtc.exceptions import (
    ApiError,
    AuthError,
    Conflict,
    DtcError,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Refused,
    TransportError,
    ValidationError,
)
from dtc.simulator import Fault, Simulator
from parity import ROOT, stubs

FAST = (0.001, 0.01)
FOREVER = Fault.stall(datetime.timedelta(hours=1))
CLIENT = "Harbour Dental Group"
LOCATION = "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9"


def ninja(sim: Simulator, **changes: Any) -> ninjaone.Client:
    at = sim.ninja
    return ninjaone.Client(**{"client_id": at.client_id, "client_secret": at.client_secret, "base_url": at.url, "backoff": FAST, **changes})


def halo(sim: Simulator, **changes: Any) -> halopsa.Client:
    at = sim.halo
    return halopsa.Client(**{"base_url": at.url, "client_id": at.client_id, "client_secret": at.client_secret, "backoff": FAST, **changes})


def glue(sim: Simulator, **changes: Any) -> itglue.Client:
    return itglue.Client(**{"api_key": sim.itglue.api_key, "base_url": sim.itglue.url, "backoff": FAST, **changes})


def test_i1_an_organisation_its_location_and_their_fields(dtc_simulator: Simulator) -> None:
    with ninja(dtc_simulator) as client:
        [organization] = client.organizations.find(CLIENT)
        assert organization in list(client.organizations.list())
        assert client.organizations.get(organization.id).name == CLIENT
        assert client.organizations.find("nobody") == []
        location = next(one for one in client.locations.list(organization.id) if one.name == "Main Office")
        assert client.locations.custom_fields(organization.id, location.id)["dtcLocationGuid"] == LOCATION
        client.locations.set_custom_fields(organization.id, location.id, {"siteContact": "Ada"})
        assert client.locations.custom_fields(organization.id, location.id)["siteContact"] == "Ada"
        holders = client.report_fields(["location"], ["dtcLocationGuid"])
        assert [(one.kind, one.id) for one in holders if one.fields["dtcLocationGuid"] == LOCATION] == [("location", location.id)]
        devices = list(client.devices.list(organization.id))
        for device in devices:
            assert device.organization_id == organization.id and client.devices.get(device.id).id == device.id
            assert isinstance(client.devices.custom_fields(device.id, inherited=True), dict)


def test_a_field_is_written_once_and_read_back(dtc_simulator: Simulator) -> None:
    with ninja(dtc_simulator) as client:
        [organization] = client.organizations.find(CLIENT)
        written = client.write_fields({"siteContact": "Ada"}, organization=organization.id)
        assert written == ninjaone.Written(changed=["siteContact"], unchanged=[], not_emptied=[])
        mark = dtc_simulator.mark()
        assert client.write_fields({"siteContact": "Ada"}, organization=organization.id).unchanged == ["siteContact"]
        assert not [name for (_, name) in dtc_simulator.calls(mark) if name.startswith("set_")]
        for wrong in ({"siteContact": "x" * 10_000}, {"noSuchField": "a"}, {"Site contact": "a"}):
            with pytest.raises((ValidationError, ApiError)):
                client.write_fields(wrong, organization=organization.id)
        with pytest.raises(ValidationError, match="is not clear"):
            client.write_fields({"siteContact": "Ada"})
        assert client.organizations.custom_fields(organization.id)["siteContact"] == "Ada"


def test_any_operation_is_called_by_its_name(dtc_simulator: Simulator) -> None:
    names = [operation.name for operation in ninjaone.operations()]
    assert len(names) == len(set(names)) == 310
    with ninja(dtc_simulator) as client:
        made = client.call("create_organization", body={"name": "From a script"})
        assert client.call("get_organization", [made["id"]])["name"] == "From a script"
        page = client.call("list_organizations", query={"pageSize": 2})
        assert isinstance(page, list) and len(page) == 2
        client.call("update_organization", [made["id"]], body={"description": "new"}, answer=False)
        assert client.organizations.get(made["id"]).description == "new"
        for arguments, keywords in (
            (("no_such_operation",), {}),
            (("get_organization",), {}),
            (("get_organization", [1, 2]), {}),
            (("list_organizations",), {"query": {"noSuch": 1}}),
            (("list_organizations",), {"query": {"pageSize": []}}),
        ):
            with pytest.raises(ValidationError):
                client.call(*arguments, **keywords)
        for body in (object(), b"bytes", float("nan"), {1: 2}, {"a": {"b": object()}}):
            with pytest.raises((ValidationError, TypeError)):
                client.call("create_organization", body=body)
        nested: list[Any] = []
        nested.append(nested)
        with pytest.raises(ValidationError, match="nested too deep"):
            client.call("create_organization", body=nested)


def test_a_note_is_there_once_and_hidden_from_the_customer(dtc_simulator: Simulator) -> None:
    with halo(dtc_simulator) as client:
        ticket = client.tickets.get(dtc_simulator.halo.ticket)
        assert ticket.customer is not None and client.customers.get(ticket.customer).name == CLIENT
        text, marker = "[backup of nas-01] proven", "[backup of nas-01]"
        first = client.actions.add_once(ticket.id, text, marker, outcome=7, hours=0.25)
        assert first.is_new and first.action.is_private is True
        dtc_simulator.fail("halo", "*", Fault.drop_connection(), nth=2, after_effect=True)
        again = client.actions.add_once(ticket.id, text, marker, outcome=7)
        assert not again.is_new and again.action.id == first.action.id
        found = client.actions.find(ticket.id, marker)
        assert found is not None and found.note is not None and marker in found.note
        assert client.actions.find(ticket.id, "[nothing]") is None
        assert found.id in [action.id for action in client.actions.newest(ticket.id)]
        assert 7 in [outcome.id for outcome in client.outcomes(ticket.id)]
        assert "Closed" in [status.name for status in client.statuses()]
        assert ticket.id in [one.id for one in client.tickets.list(customer=ticket.customer, open_only=True)]
        for hours in (-1.0, float("nan"), float("inf")):
            with pytest.raises(ValidationError, match="is no time that was taken"):
                client.actions.add(ticket.id, text, outcome=7, hours=hours)
        with pytest.raises(ValidationError, match="marker"):
            client.actions.add_once(ticket.id, text, "another", outcome=7)


def test_a_lost_note_is_not_called_sent(dtc_simulator: Simulator) -> None:
    with halo(dtc_simulator) as client:
        ticket = client.tickets.get(dtc_simulator.halo.ticket).id
        dtc_simulator.fail("halo", "*", Fault.drop_connection(), after_effect=True)
        with pytest.raises(OutcomeUnknown) as lost:
            client.actions.add(ticket, "a note", outcome=7)
        assert lost.value.unknown_outcome and lost.value.operation == "add_action"


def test_a_customers_fields_are_changed_and_read_back(dtc_simulator: Simulator) -> None:
    number = dtc_simulator.add_halo_client("Of a test")
    with halo(dtc_simulator) as client:
        [customer] = client.customers.find("Of a test")
        assert customer.id == number and customer.custom_fields == {}
        changed = client.customers.update(number, {"CFDtcClientGuid": LOCATION})
        assert changed.custom_fields["CFDtcClientGuid"] == LOCATION
        assert client.customers.update(number, {"CFDtcClientGuid": None}).custom_fields.get("CFDtcClientGuid") in (None, "")
        with pytest.raises(ApiError) as dropped:
            client.customers.update(number, {"CFNoSuchField": "a"})
        assert dropped.value.kind == "not_stored"
        for fields in ({"noPrefix": "a"}, {"CFDtcClientGuid": [1]}, {"CFDtcClientGuid": 1.5}):
            with pytest.raises(ValidationError):
                client.customers.update(number, fields)
        assert {site.customer for site in client.sites.of(client.tickets.get(dtc_simulator.halo.ticket).customer or 0)} <= {
            client.tickets.get(dtc_simulator.halo.ticket).customer
        }
        for site in client.sites.list():
            assert client.sites.get(site.id).id == site.id
        for asset in client.assets.list():
            assert client.assets.get(asset.id).tag == asset.tag


def test_e2_a_secret_is_stored_once_and_proven(dtc_simulator: Simulator) -> None:
    with glue(dtc_simulator) as client:
        [organization] = client.organizations.find(CLIENT)
        assert client.organizations.get(organization.id).id == organization.id
        identity = {"Device": "nas-01", "Purpose": "a test"}
        done = client.passwords.upsert_with_proof(organization.id, "NAS", Secret("first"), identity, username="admin", notes="more")
        assert (done.outcome, done.is_placed_as_asked) == ("created", True)
        assert done.record.notes is not None and "Device: nas-01" in done.record.notes and "more" in done.record.notes
        again = client.passwords.upsert_with_proof(organization.id, "NAS", Secret("first"), identity, username="admin")
        assert again.outcome == "unchanged"
        changed = client.passwords.upsert_with_proof(organization.id, "NAS", Secret("second"), identity, username="admin")
        assert (changed.outcome, changed.record.id) == ("updated", done.record.id)
        revealed = client.passwords.reveal(done.record.id, organization=organization.id)
        assert revealed.value.expose() == "second" and revealed.record.id == done.record.id
        assert "second" not in repr(revealed) and "second" not in f"{revealed}"
        with pytest.raises(TypeError):
            pickle.dumps(revealed)
        assert [one.id for one in client.passwords.list(organization.id, name="NAS")] == [done.record.id]
        second = client.passwords.create(organization.id, "NAS", Secret("third"), notes="Device: nas-01\nPurpose: a test")
        with pytest.raises(Conflict) as several:
            client.passwords.upsert_with_proof(organization.id, "NAS", Secret("fourth"), identity)
        assert several.value.kind == "ambiguous"
        assert client.passwords.archive(second.id).archived
        assert client.passwords.update(done.record.id, username="root", value=Secret("fifth")).username == "root"
        assert client.passwords.reveal(done.record.id).value.expose() == "fifth"
        with pytest.raises(ValidationError):
            client.passwords.upsert_with_proof(organization.id, "NAS", Secret("x"), {})
        assert client.password_categories()


def test_configurations_are_found_made_and_changed(dtc_simulator: Simulator) -> None:
    with glue(dtc_simulator) as client:
        [organization] = client.organizations.find(CLIENT)
        number = dtc_simulator.add_itglue_configuration_type("Managed Server")
        [kind] = client.configurations.types()
        assert (kind.id, kind.name) == (number, "Managed Server")
        made = client.configurations.create(organization.id, kind.id, "nas-01", serial_number="S-1")
        assert (made.organization_id, made.serial_number) == (organization.id, "S-1")
        assert client.configurations.update(made.id, hostname="nas-01.example").hostname == "nas-01.example"
        assert [one.id for one in client.configurations.list(organization=organization.id, serial_number="S-1")] == [made.id]
        assert client.configurations.get(made.id).name == "nas-01"
        for location in client.organizations.locations(organization.id):
            assert client.location(location.id) == location
        with pytest.raises(NotFound):
            client.document(1)


SERVICES: list[tuple[str, Callable[..., Any], Callable[[Any], Any], Callable[[Any], Any]]] = [
    ("ninja", ninja, lambda client: client.organizations.get(1), lambda client: client.organizations.set_custom_fields(1, {"siteContact": "a"})),
    ("halo", halo, lambda client: client.customers.get(1), lambda client: client.actions.add(1, "a", outcome=7)),
    ("itglue", glue, lambda client: client.organizations.get(1), lambda client: client.passwords.create(1, "a", "b")),
]


@pytest.mark.parametrize(("service", "connect", "read", "write"), SERVICES, ids=[row[0] for row in SERVICES])
def test_what_goes_wrong_has_its_class(dtc_simulator: Simulator, service: str, connect: Any, read: Any, write: Any) -> None:
    def raised(call: Any, **changes: Any) -> DtcError:
        with connect(dtc_simulator, attempts=1, **changes) as client, pytest.raises(DtcError) as error:
            call(client)
        return error.value

    missing = raised(lambda client: client.organizations.get(999_999) if service != "halo" else client.customers.get(999_999))
    assert isinstance(missing, NotFound) and missing.code == "DTC-SERVICE-NOT-FOUND"
    refused = raised(write, read_only=True)
    assert isinstance(refused, Refused) and refused.kind == "read_only"
    secret = {"ninja": "client_secret", "halo": "client_secret", "itglue": "api_key"}[service]
    rejected = raised(read, **{secret: "wrong-canary"})
    assert isinstance(rejected, AuthError) and rejected.code == "DTC-SERVICE-CREDENTIALS" and not rejected.retryable
    unreachable = raised(read, base_url="http://127.0.0.1:1")
    assert isinstance(unreachable, TransportError) and unreachable.retryable
    with pytest.raises(ValidationError) as plain:
        connect(dtc_simulator, base_url="http://example.com")
    dtc_simulator.fail(service, "*", Fault.refuse(429, "rate_limited", retry_after="7"), times=3)
    limited = raised(read, deadline=1.0)
    assert isinstance(limited, RateLimited) and limited.status == 429
    dtc_simulator.clear_faults()
    shown = [repr(rejected), repr(vars(rejected)), str(plain.value), pickle.dumps(rejected).decode("latin1")]
    shown.append("".join(traceback.TracebackException.from_exception(rejected).format()))
    assert "canary" not in "".join(shown)


@pytest.mark.parametrize(("service", "connect", "read", "write"), SERVICES, ids=[row[0] for row in SERVICES])
def test_a_time_out_says_what_became_of_the_call(dtc_simulator: Simulator, service: str, connect: Any, read: Any, write: Any) -> None:
    with connect(dtc_simulator) as client:
        dtc_simulator.fail(service, "*", FOREVER, times=2)
        with pytest.raises(TransportError, match="has not ended within") as over:
            (client.organizations if service != "halo" else client.customers).get(1, timeout=0.05)
        assert over.value.retryable
        writes: dict[str, Callable[[], Any]] = {
            "ninja": lambda: client.organizations.set_custom_fields(1, {"siteContact": "a"}, timeout=0.05),
            "halo": lambda: client.actions.add(1, "a", outcome=7, timeout=0.05),
            "itglue": lambda: client.passwords.create(1, "a", "b", timeout=0.05),
        }
        with pytest.raises(OutcomeUnknown) as unknown:
            writes[service]()
        assert unknown.value.unknown_outcome


@pytest.mark.parametrize(("service", "connect", "read", "write"), SERVICES, ids=[row[0] for row in SERVICES])
def test_a_closed_client_says_so_and_shows_no_secret(dtc_simulator: Simulator, service: str, connect: Any, read: Any, write: Any) -> None:
    client = connect(dtc_simulator)
    assert repr(client).startswith("Client(") and "'***'" in repr(client)
    client.close()
    for call in (read, write):
        with pytest.raises(RuntimeError, match="the client is closed"):
            call(client)
    with pytest.raises(TypeError):
        pickle.dumps(client)
    with pytest.raises(TypeError):
        vars(client)


def loose(thing: Any) -> Any:
    """The same thing, of which mypy does not know what it takes."""
    return thing


@pytest.mark.parametrize(
    "call",
    [
        lambda sim: loose(ninjaone.Client)(client_id=1, client_secret="a"),
        lambda sim: loose(ninjaone.Client)(client_id="a", client_secret=None),
        lambda sim: loose(ninjaone.Client)(client_id="a", client_secret="b", region="mars"),
        lambda sim: ninja(sim, backoff=(-1, 2)),
        lambda sim: ninja(sim, deadline=0),
        lambda sim: loose(ninja(sim)).organizations.get("1"),
        lambda sim: loose(ninja(sim)).organizations.get(2**40),
        lambda sim: loose(ninja(sim)).organizations.get(None),
        lambda sim: loose(ninja(sim)).organizations.find(7),
        lambda sim: loose(ninja(sim)).organizations.find("\ud800"),
        lambda sim: loose(ninja(sim)).organizations.set_custom_fields(1, None),
        lambda sim: loose(ninja(sim)).organizations.set_custom_fields(1, ["a"]),
        lambda sim: loose(ninja(sim)).report_fields(["planet"], ["a"]),
        lambda sim: loose(halo(sim)).tickets.get(-1),
        lambda sim: loose(halo(sim)).tickets.get(2**70),
        lambda sim: loose(halo(sim)).actions.add(1, "a", outcome=None),
        lambda sim: loose(halo(sim)).actions.add(1, None, outcome=7),
        lambda sim: loose(itglue.Client)(api_key="a", region="mars"),
        lambda sim: loose(glue(sim)).passwords.create(1, "a", None),
        lambda sim: loose(glue(sim)).passwords.create(1, "a", Secret("b"), notes=7),
        lambda sim: loose(glue(sim)).passwords.get(-1),
    ],
)
def test_bad_input_is_refused_before_anything_is_sent(dtc_simulator: Simulator, call: Callable[[Simulator], Any]) -> None:
    with pytest.raises((ValidationError, TypeError, OverflowError, UnicodeError)):
        call(dtc_simulator)
    assert dtc_simulator.requests == 0


def test_a_listing_that_is_abandoned_asks_for_no_more(dtc_simulator: Simulator) -> None:
    with ninja(dtc_simulator) as client:
        rows = client.organizations.list()
        assert next(rows).id
        asked = dtc_simulator.requests
        del rows
        assert dtc_simulator.requests == asked
    rows = ninja(dtc_simulator).organizations.list()
    assert [row.id for row in rows] and list(rows) == []


def test_the_same_calls_for_asyncio(dtc_simulator: Simulator) -> None:
    async def main() -> None:
        at, psa = dtc_simulator.ninja, dtc_simulator.halo
        async with (
            dtc.ninjaone.aio.Client(client_id=at.client_id, client_secret=at.client_secret, base_url=at.url) as rmm,
            dtc.halopsa.aio.Client(base_url=psa.url, client_id=psa.client_id, client_secret=psa.client_secret) as desk,
            dtc.itglue.aio.Client(api_key=dtc_simulator.itglue.api_key, base_url=dtc_simulator.itglue.url) as vault,
        ):
            found = await asyncio.gather(rmm.organizations.find(CLIENT), desk.customers.find(CLIENT), vault.organizations.find(CLIENT))
            assert [len(one) for one in found] == [1, 1, 1]
            assert CLIENT in [row.name async for row in rmm.organizations.list()]
            assert (await rmm.call("get_organization", [found[0][0].id]))["name"] == CLIENT
            assert dtc_simulator.halo.ticket in [row.id async for row in desk.tickets.list()]
            record = await vault.passwords.create(found[2][0].id, "a", Secret("b"))
            assert (await vault.passwords.reveal(record.id)).value.expose() == "b"

    asyncio.run(main())


MODULES: list[tuple[ModuleType, ModuleType]] = [
    (ninjaone, dtc.ninjaone.aio),
    (halopsa, dtc.halopsa.aio),
    (itglue, dtc.itglue.aio),
]


@pytest.mark.parametrize(("module", "aio"), MODULES, ids=["ninjaone", "halopsa", "itglue"])
def test_both_faces_have_the_same_calls(module: ModuleType, aio: ModuleType) -> None:
    for name in aio.__all__:
        mine, its = getattr(module, name), getattr(aio, name)
        public = [{one for one in vars(kind) if not one.startswith("_")} for kind in (mine, its)]
        assert public[0] == public[1]
        for method in public[0]:
            if callable(getattr(mine, method)):
                assert inspect.signature(getattr(mine, method)) == inspect.signature(getattr(its, method)), (name, method)


def values_of(sim: Simulator) -> list[Any]:
    with ninja(sim) as rmm, halo(sim) as desk, glue(sim) as vault:
        organization, other = rmm.organizations.find(CLIENT)[0], vault.organizations.find(CLIENT)[0]
        ticket = desk.tickets.get(sim.halo.ticket)
        noted = desk.actions.add_once(ticket.id, "[a] note", "[a]", outcome=7)
        made = vault.passwords.upsert_with_proof(other.id, "a", Secret("b"), {"Device": "a"})
        sim.add_itglue_configuration_type("Managed Server")
        [kind] = vault.configurations.types()
        found: list[Any] = [
            organization, *rmm.locations.list(organization.id), *rmm.devices.list(organization.id), ninjaone.operations()[0],
            *rmm.report_fields(["location"], ["dtcLocationGuid"]), rmm.write_fields({"siteContact": "a"}, organization=organization.id),
            ticket, noted, noted.action, *desk.statuses(), *desk.outcomes(ticket.id), *desk.customers.list(), *desk.sites.list(), *desk.assets.list(),
            other, *vault.organizations.locations(other.id), made, made.record, kind, vault.configurations.create(other.id, kind.id, "nas"),
            *vault.password_categories(),
        ]
    return found


def test_values_are_values(dtc_simulator: Simulator) -> None:
    found = values_of(dtc_simulator)
    assert len({type(value) for value in found}) >= 17
    for value in found:
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            assert pickle.loads(pickle.dumps(value, protocol)) == value
        again = type(value)(**{name: getattr(value, name) for name in value.to_dict()})
        assert again == value and hash(again) == hash(value)
        assert repr(value).startswith(type(value).__name__ + "(") and json.dumps(value.to_dict())
        with pytest.raises(AttributeError):
            value.id = 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200)
@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), JSON, max_size=4))
def test_json_crosses_the_border_and_comes_back(members: dict[str, Any]) -> None:
    value = ninjaone.Organization(id=1, name="a", more=members)
    assert value.more == members and type(value)(id=1, name="a", more=value.more) == value
    assert pickle.loads(pickle.dumps(value)) == value


def test_the_page_lists_what_there_is() -> None:
    text = (ROOT / "docs" / "python-services.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:ninjaone|halopsa|itglue)\.[\w.]+)`", text))
    there = set()
    for module, _ in MODULES:
        short = module.__name__.removeprefix("dtc.")
        kinds = [name for name in stubs(short) if "." in name and not re.search(r"\._|\.(to_dict|close|call)$", name)]
        services = {"Client", *(name for name in vars(module) if hasattr(getattr(module, name), "list") or name == "Actions")}
        there |= {f"{short}.{name}" for name in kinds if name.split(".")[0] in services and callable(getattr(getattr(module, name.split(".")[0]), name.split(".")[1]))}
    assert there == named - {"ninjaone.operations", "ninjaone.Client.call"}
