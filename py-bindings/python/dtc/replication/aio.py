"""Replication for asyncio: the calls of :mod:`dtc.replication` with the same names, which return coroutines.

.. code-block:: python

    async with await connect(file, "offsite copy") as ends:
        report = await ends.verify()

A call starts when it is first awaited, and a task that is cancelled cancels it. Callbacks are called on other threads.
"""

from .._dtc.replication.aio import Ends, connect

__all__ = ["Ends", "connect"]
