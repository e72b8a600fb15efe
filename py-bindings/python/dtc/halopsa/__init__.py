"""HaloPSA: tickets and their notes, customers, sites and assets, and their custom fields.

>>> from dtc.simulator import Simulator
>>> sim = Simulator()
>>> at = sim.halo
>>> client = Client(base_url=at.url, client_id=at.client_id, client_secret=at.client_secret)
>>> ticket = client.tickets.get(at.ticket)
>>> text = "[backup of nas-01] The first backup is proven."
>>> client.actions.add_once(ticket.id, text, "[backup of nas-01]", outcome=7).is_new
True
>>> client.actions.add_once(ticket.id, text, "[backup of nas-01]", outcome=7).is_new
False
>>> sim.stop()

Notes are hidden from the customer and sent to nobody by mail; no ticket, customer or asset is created, and nothing is deleted. What is changed is
read back, because HaloPSA drops fields that it does not know and answers with success. An empty list may mean that the agent, as which the
application acts, may see nothing.

Calls wait with the interpreter released, end at Ctrl-C, and take ``timeout=`` in seconds; :mod:`dtc.halopsa.aio` has the same ones for asyncio.
Whatever HaloPSA says is a value: frozen, comparable, hashable, picklable, with ``to_dict()``; what has no field of its own is in ``others``. A
client belongs to the process that made it.
"""

from .._dtc.halopsa import (
    Action,
    Actions,
    Asset,
    Assets,
    Client,
    Customer,
    Customers,
    ListedAssets,
    ListedCustomers,
    ListedSites,
    ListedTickets,
    Noted,
    Outcome,
    Site,
    Sites,
    Status,
    Ticket,
    Tickets,
)
from . import aio

__all__ = [
    "Action",
    "Actions",
    "Asset",
    "Assets",
    "Client",
    "Customer",
    "Customers",
    "ListedAssets",
    "ListedCustomers",
    "ListedSites",
    "ListedTickets",
    "Noted",
    "Outcome",
    "Site",
    "Sites",
    "Status",
    "Ticket",
    "Tickets",
    "aio",
]
