"""Backblaze B2 for asyncio: the classes of :mod:`dtc.b2` with the same names, whose calls return coroutines.

>>> import asyncio
>>> from dtc.simulator import Simulator
>>> async def main() -> list[str]:
...     with Simulator() as sim:
...         at = sim.b2
...         async with Client(key_id=at.key_id, application_key=at.application_key, realm=at.url) as client:
...             await client.buckets.create("my-photos")
...             uploads = (client.files.upload("my-photos", name, b"content") for name in ("a.jpg", "b.jpg"))
...             await asyncio.gather(*uploads)
...             return [version.name async for version in client.files.list_names("my-photos")]
>>> asyncio.run(main())
['a.jpg', 'b.jpg']

A call starts when it is first awaited, and a task that is cancelled cancels it. Callbacks are called on other threads.
"""

from .._dtc.b2.aio import Buckets, Client, DownloadResponse, Entries, Files, FileVersions, Keys, ListedKeys, Parts

__all__ = [
    "Buckets",
    "Client",
    "DownloadResponse",
    "Entries",
    "FileVersions",
    "Files",
    "Keys",
    "ListedKeys",
    "Parts",
]
