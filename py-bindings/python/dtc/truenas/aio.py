"""TrueNAS appliances for asyncio: the classes of :mod:`dtc.truenas` with the same names, whose calls return coroutines.

>>> import asyncio
>>> from dtc.simulator import Simulator
>>> async def main() -> list[str]:
...     with Simulator() as sim:
...         at = sim.truenas
...         async with await Client.connect(at.url, api_key=at.api_key, fingerprint=at.fingerprint) as nas:
...             pools, datasets = await asyncio.gather(nas.pools.list(), nas.datasets.list())
...             return [pool.name for pool in pools]
>>> asyncio.run(main())
['pool0', 'pool1']

A call starts when it is first awaited, and a task that is cancelled cancels it. Callbacks are called on other threads.
"""

from .._dtc.truenas.aio import (
    Alerts,
    ApiKeys,
    Changes,
    Client,
    CloudCredentials,
    CloudSyncs,
    Datasets,
    Download,
    Filesystem,
    Groups,
    Interfaces,
    Job,
    JobLog,
    Jobs,
    Keychain,
    ListedJobs,
    Pools,
    Replications,
    Rows,
    Services,
    Sessions,
    SnapshotTasks,
    Snapshots,
    Snmp,
    Ssh,
    System,
    Users,
)

__all__ = [
    "Alerts",
    "ApiKeys",
    "Changes",
    "Client",
    "CloudCredentials",
    "CloudSyncs",
    "Datasets",
    "Download",
    "Filesystem",
    "Groups",
    "Interfaces",
    "Job",
    "JobLog",
    "Jobs",
    "Keychain",
    "ListedJobs",
    "Pools",
    "Replications",
    "Rows",
    "Services",
    "Sessions",
    "SnapshotTasks",
    "Snapshots",
    "Snmp",
    "Ssh",
    "System",
    "Users",
]
