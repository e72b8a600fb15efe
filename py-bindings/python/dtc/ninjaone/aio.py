"""NinjaOne for asyncio: the classes of :mod:`dtc.ninjaone` with the same names, whose calls return coroutines.

A call starts when it is first awaited, and a task that is cancelled cancels it.
"""

from .._dtc.ninjaone.aio import Client, Devices, ListedDevices, ListedOrganizations, Locations, Organizations

__all__ = ["Client", "Devices", "ListedDevices", "ListedOrganizations", "Locations", "Organizations"]
