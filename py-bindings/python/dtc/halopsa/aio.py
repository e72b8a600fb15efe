"""HaloPSA for asyncio: the classes of :mod:`dtc.halopsa` with the same names, whose calls return coroutines.

A call starts when it is first awaited, and a task that is cancelled cancels it.
"""

from .._dtc.halopsa.aio import (
    Actions,
    Assets,
    Client,
    Customers,
    ListedAssets,
    ListedCustomers,
    ListedSites,
    ListedTickets,
    Sites,
    Tickets,
)

__all__ = [
    "Actions",
    "Assets",
    "Client",
    "Customers",
    "ListedAssets",
    "ListedCustomers",
    "ListedSites",
    "ListedTickets",
    "Sites",
    "Tickets",
]
