"""Locks for asyncio: the calls of :mod:`dtc.locks` with the same names, which return coroutines and take services of :mod:`dtc.provision.aio`.

.. code-block:: python

    async with await provision.aio.connect(file) as services:
        found = await status(services, file.site, LockTerms(at_most_bytes=2 * 10**12))
"""

from .._dtc.locks.aio import extend, status

__all__ = ["extend", "status"]
