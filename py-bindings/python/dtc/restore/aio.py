"""Restoring, for asyncio: the class of :mod:`dtc.restore` with the same name, whose calls return coroutines.

A call starts when it is first awaited, and a task that is cancelled cancels it. Callbacks are called on other threads.
"""

from .._dtc.restore.aio import RestoreSource

__all__ = ["RestoreSource"]
