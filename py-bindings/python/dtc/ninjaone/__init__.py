"""NinjaOne's public API: organisations, locations and devices with their custom fields, and every other operation by its name.

>>> from dtc.simulator import Simulator
>>> sim = Simulator()
>>> at = sim.ninja
>>> client = Client(client_id=at.client_id, client_secret=at.client_secret, base_url=at.url) # for a tenant of yours: region="eu"
>>> [organization] = client.organizations.find("Harbour Dental Group")
>>> for location in client.locations.list(organization.id):
...     if location.name == "Main Office":
...         client.locations.custom_fields(organization.id, location.id)["dtcLocationGuid"]
'a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9'
>>> client.write_fields({"siteContact": "Ada"}, organization=organization.id)
Written(changed=['siteContact'], unchanged=[], not_emptied=[])
>>> client.call("get_organization", [organization.id])["name"]
'Harbour Dental Group'
>>> sim.stop()

Calls wait with the interpreter released, end at Ctrl-C, and take ``timeout=`` in seconds; :mod:`dtc.ninjaone.aio` has the same ones for asyncio.
Whatever NinjaOne says is a value: frozen, comparable, hashable, picklable, with ``to_dict()``; what has no field of its own is in ``more``, by
NinjaOne's names. Names are neither unique nor stable there: keep ids. A client belongs to the process that made it.
"""

from .._dtc.ninjaone import (
    Client,
    Device,
    Devices,
    FieldHolder,
    ListedDevices,
    ListedOrganizations,
    Location,
    Locations,
    Operation,
    Organization,
    Organizations,
    Written,
    operations,
)
from . import aio

__all__ = [
    "Client",
    "Device",
    "Devices",
    "FieldHolder",
    "ListedDevices",
    "ListedOrganizations",
    "Location",
    "Locations",
    "Operation",
    "Organization",
    "Organizations",
    "Written",
    "aio",
    "operations",
]
