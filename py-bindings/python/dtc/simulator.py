"""Backblaze B2, a TrueNAS appliance, NinjaOne, IT Glue and HaloPSA in this process: scripts are tried and tested without accounts.

They are stateful, strict, and answer over real sockets of this machine; every secret in them is a test value. For pytest there is the fixture
``dtc_simulator``, which the package brings along.

>>> from dtc import b2
>>> with Simulator() as sim, b2.Client(key_id=sim.b2.key_id, application_key=sim.b2.application_key, realm=sim.b2.url) as client:
...     bucket = client.buckets.create("my-photos")
...     sim.fail("b2", "b2_list_file_names", Fault.refuse(503, "service_unavailable"))
...     list(client.files.list_names(bucket)), sim.calls()[("b2", "b2_create_bucket")]
([], 1)
"""

from ._dtc.simulator import (
    AddressOfB2,
    AddressOfHalo,
    AddressOfItGlue,
    AddressOfNinja,
    AddressOfTrueNas,
    Fault,
    Mark,
    Simulator,
)

__all__ = [
    "AddressOfB2",
    "AddressOfHalo",
    "AddressOfItGlue",
    "AddressOfNinja",
    "AddressOfTrueNas",
    "Fault",
    "Mark",
    "Simulator",
]
