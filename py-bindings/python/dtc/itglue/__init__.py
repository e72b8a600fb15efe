"""IT Glue: organisations, locations, configurations, documents and passwords.

>>> from dtc.crypt import Secret
>>> from dtc.simulator import Simulator
>>> sim = Simulator()
>>> client = Client(api_key=sim.itglue.api_key, base_url=sim.itglue.url) # for an account of yours: region="eu"
>>> [organization] = client.organizations.find("Harbour Dental Group")
>>> identity = {"Device": "nas-01"}
>>> done = client.passwords.upsert_with_proof(organization.id, "NAS — nas-01", Secret("correct horse"), identity, username="admin")
>>> done.outcome, done.record.name, done.record.username
('created', 'NAS — nas-01', 'admin')
>>> client.passwords.reveal(done.record.id).value
Secret('***')
>>> sim.stop()

Values of passwords go in and come out as :class:`dtc.crypt.Secret`, which is not shown and not pickled; lists and records never hold one. Nothing is
ever deleted. Ids have fifteen digits and more.

Calls wait with the interpreter released, end at Ctrl-C, and take ``timeout=`` in seconds; :mod:`dtc.itglue.aio` has the same ones for asyncio.
Whatever IT Glue says is a value: frozen, comparable, hashable, picklable, with ``to_dict()``; what has no field of its own is in ``more``. A client
belongs to the process that made it.
"""

from .._dtc.itglue import (
    Client,
    Configuration,
    Configurations,
    ConfigurationType,
    Document,
    ListedConfigurations,
    ListedLocations,
    ListedOrganizations,
    ListedPasswords,
    Location,
    Organization,
    Organizations,
    Password,
    PasswordCategory,
    Passwords,
    Revealed,
    Upserted,
)
from . import aio

__all__ = [
    "Client",
    "Configuration",
    "ConfigurationType",
    "Configurations",
    "Document",
    "ListedConfigurations",
    "ListedLocations",
    "ListedOrganizations",
    "ListedPasswords",
    "Location",
    "Organization",
    "Organizations",
    "Password",
    "PasswordCategory",
    "Passwords",
    "Revealed",
    "Upserted",
    "aio",
]
