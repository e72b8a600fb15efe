"""Getting it back: files of a backup, as of any moment that the bucket still holds, with nothing but the vault's record and B2.

.. code-block:: python

    from datetime import datetime, timezone
    from dtc.restore import RestoreSource

    with RestoreSource.from_vault("site.toml") as backup:
        for burst in backup.when("pool0"):
            print("before what looks like an attack:", burst.before)
        tree = backup.ls("pool0:offices", at=datetime(2026, 11, 27, 3, tzinfo=timezone.utc))
        report = backup.get(tree, "restored", on_progress=lambda now: print(now.bytes, "of", now.bytes_total))
        print(report.written, "files,", report.bytes, "bytes, list", report.list_sha256)

Neither the appliance nor rclone is needed, and nothing is written to the bucket. Moments are aware ``datetime``; :func:`instant` reads them as
people write them. Work on many files goes on past those that fail, and then raises :class:`dtc.exceptions.DataAtRisk` or
:class:`dtc.exceptions.Incomplete`, with its result as ``report``. A service, a secret or a right that is missing raises
:class:`dtc.exceptions.Refused`, :class:`dtc.exceptions.AuthError` or :class:`dtc.exceptions.TransportError`, and names what to put right.

Calls wait with the interpreter released, end at Ctrl-C, and take ``timeout=`` in seconds; :mod:`dtc.restore.aio` has the same ones for asyncio.
A source belongs to the process that made it.
"""

from .._dtc.restore import (
    BackedUp,
    Burst,
    FailedFile,
    FileVersion,
    Foreseen,
    GetReport,
    OlderVersion,
    Progress,
    RenamedFile,
    RestoreSource,
    Tree,
    instant,
)
from . import aio

__all__ = [
    "BackedUp",
    "Burst",
    "FailedFile",
    "FileVersion",
    "Foreseen",
    "GetReport",
    "OlderVersion",
    "Progress",
    "RenamedFile",
    "RestoreSource",
    "Tree",
    "aio",
    "instant",
]
