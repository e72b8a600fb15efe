"""IT Glue for asyncio: the classes of :mod:`dtc.itglue` with the same names, whose calls return coroutines.

A call starts when it is first awaited, and a task that is cancelled cancels it.
"""

from .._dtc.itglue.aio import (
    Client,
    Configurations,
    ListedConfigurations,
    ListedLocations,
    ListedOrganizations,
    ListedPasswords,
    Organizations,
    Passwords,
)

__all__ = [
    "Client",
    "Configurations",
    "ListedConfigurations",
    "ListedLocations",
    "ListedOrganizations",
    "ListedPasswords",
    "Organizations",
    "Passwords",
]
