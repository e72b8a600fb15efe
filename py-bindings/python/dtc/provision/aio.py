"""Provisioning for asyncio: the calls of :mod:`dtc.provision` with the same names, which return coroutines.

>>> import asyncio
>>> from dtc.provision import SiteFile
>>> from dtc.simulator import Simulator
>>> async def main() -> int:
...     with Simulator(seed=7) as sim:
...         file = SiteFile.from_dict(sim.site_tables())
...         async with await connect(file, read_only=True) as services:
...             plan = await services.plan(file.site)
...             return len(plan.questions())
>>> asyncio.run(main())
1

A call starts when it is first awaited, and a task that is cancelled cancels it. Callbacks are called on other threads.
"""

from .._dtc.provision.aio import Applying, Services, connect

__all__ = ["Applying", "Services", "connect"]
