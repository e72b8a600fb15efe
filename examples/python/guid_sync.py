"""Brings the UUIDs of organisations from NinjaOne into HaloPSA: into the client that an organisation is linked to, else into the one client of
exactly the same name. What is ambiguous or contradicts is reported and left as it is.

Inputs: NINJA_URL, NINJA_CLIENT_ID, NINJA_CLIENT_SECRET, HALO_URL, HALO_CLIENT_ID, HALO_CLIENT_SECRET, HALO_TENANT where the host wants one; APPLY (0)
to write. UUID_FIELD (dtcOrgGuid) is NinjaOne's field that holds the UUID, CLIENT_FIELD (CFDtcClientGuid) HaloPSA's, and LINK_FIELD NinjaOne's that
holds the number of the client in HaloPSA, if there is one.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from dtc import halopsa, ninjaone, rmm
from dtc.exceptions import DtcError, ValidationError
from dtc.naming import OrgUuid


@dataclass(frozen=True)
class Known:
    """What NinjaOne says of an organisation."""

    organization: ninjaone.Organization
    uuid: OrgUuid | None
    why: str
    """Why it has no UUID that can be used."""
    link: str | None


@dataclass(frozen=True)
class Fields:
    uuid: str
    client: str
    link: str | None


class Left(Exception):
    """For a person to decide."""


def parsed(text: object) -> OrgUuid | None:
    """The UUID of a field, in whatever spelling it stands there."""
    try:
        return OrgUuid(str(text))
    except ValidationError:
        return None


def read_organizations(ninja: ninjaone.Client, fields: Fields) -> list[Known]:
    known: list[Known] = []
    for organization in ninja.organizations.list():
        values = ninja.organizations.custom_fields(organization.id)
        text, link = values.get(fields.uuid), values.get(fields.link) if fields.link else None
        uuid, why = None, ""
        if not text:
            why = f"it has no {fields.uuid}"
        else:
            try:
                uuid = OrgUuid(str(text)).accept()
            except ValidationError as error:
                why = f"its {fields.uuid} cannot be used: {error}"
        known.append(Known(organization, uuid, why, str(link) if link else None))
    return known


def read_clients(halo: halopsa.Client) -> list[halopsa.Customer]:
    """Every client with its custom fields, which no list shows: one request for each."""
    return [halo.customers.get(client.id) for client in halo.customers.list()]


def candidates(row: Known, clients: list[halopsa.Customer]) -> list[int]:
    """The clients that an organisation may be: the one that it is linked to, else those of exactly its name."""
    if row.link is not None:
        return [client.id for client in clients if str(client.id) == row.link]
    return [client.id for client in clients if client.name == row.organization.name]


def decide(row: Known, known: list[Known], clients: list[halopsa.Customer], field: str) -> tuple[int, OrgUuid] | None:
    """Which client gets which UUID; ``None`` if it is there already."""
    if row.uuid is None:
        raise Left(row.why)
    others = [other for other in known if other is not row]
    if same := [other.organization.id for other in others if other.uuid == row.uuid]:
        raise Left(f"the organisations {same} have the same UUID")
    possible = candidates(row, clients)
    if len(possible) != 1:
        if row.link is not None:
            raise Left(f"HaloPSA has no client {row.link}, to which it is linked")
        raise Left(f"HaloPSA has {len(possible) or 'no'} clients of this name")
    [client] = possible
    # An organisation without a UUID may be the client's, too.
    if rivals := [other.organization.id for other in others if client in candidates(other, clients)]:
        raise Left(f"client {client} may be that of the organisations {rivals} as well")
    held = {shown.id: shown.custom_fields.get(field) for shown in clients}
    if elsewhere := [id for id, text in held.items() if id != client and text and parsed(text) == row.uuid]:
        raise Left(f"client {elsewhere[0]} holds its UUID")
    if not held[client]:
        return client, row.uuid
    if parsed(held[client]) == row.uuid:
        return None
    raise Left(f"client {client} holds {held[client]}")


def fill(halo: halopsa.Client, client: int, field: str, uuid: OrgUuid) -> None:
    """Fills the field of a client, if it is still empty; HaloPSA's answer is read back by the client of its API."""
    if held := halo.customers.get(client).custom_fields.get(field):
        raise Left(f"client {client} holds {held} by now")
    halo.customers.update(client, {field: str(uuid)})


def work(inputs: rmm.Inputs, report: rmm.Report) -> None:
    apply = inputs.boolean("APPLY", False)
    fields = Fields(
        uuid=inputs.text("UUID_FIELD", None) or "dtcOrgGuid",
        client=inputs.text("CLIENT_FIELD", None) or "CFDtcClientGuid",
        link=inputs.text("LINK_FIELD", None),
    )
    ninja = ninjaone.Client(
        client_id=inputs.text("NINJA_CLIENT_ID"),
        client_secret=inputs.secret("NINJA_CLIENT_SECRET"),
        base_url=inputs.text("NINJA_URL"),
        read_only=True,
    )
    halo = halopsa.Client(
        base_url=inputs.text("HALO_URL"),
        client_id=inputs.text("HALO_CLIENT_ID"),
        client_secret=inputs.secret("HALO_CLIENT_SECRET"),
        tenant=inputs.text("HALO_TENANT", None),
        read_only=not apply,
    )
    with ninja, halo:
        known, clients = read_organizations(ninja, fields), read_clients(halo)
        for row in known:
            # One that fails keeps no other from being written.
            try:
                decided = decide(row, known, clients, fields.client)
                if decided is None:
                    report.skip(row.organization.name, "its UUID is there already")
                elif not apply:
                    report.fail(row.organization.name, f"{decided[1]} is missing at client {decided[0]}; APPLY=1 writes it")
                else:
                    fill(halo, decided[0], fields.client, decided[1])
                    report.ok(row.organization.name, f"{decided[1]} is now at client {decided[0]}")
            except Left as left:
                report.warn(row.organization.name, f"left as it is: {left}")
            except DtcError as error:
                report.fail(row.organization.name, error)


def main(environ: Mapping[str, str] | None = None) -> int:
    return rmm.run("guid-sync", work, environ=environ)


if __name__ == "__main__":
    sys.exit(main())
