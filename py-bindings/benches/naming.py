"""Names per second from Python, beside ``uuid`` and an f-string: ``python py-bindings/benches/naming.py``."""

from __future__ import annotations

import timeit
import uuid
from collections.abc import Callable

from dtc.naming import BucketName, LocationUuid, bucket_name

TEXT = "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9"
LOCATION = LocationUuid(TEXT)
BAR = 0.12
"""At most so much of what ``uuid`` and an f-string take."""


def dtc_name() -> str:
    return str(BucketName.compute(LocationUuid(TEXT)))


def dtc_name_of_location() -> str:
    return str(BucketName.compute(LOCATION))


def dtc_text_to_text() -> str:
    return bucket_name(TEXT)


def dtc_read_back() -> object:
    return BucketName("truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9")


def uuid_name() -> str:
    name = f"truenas-{uuid.UUID(TEXT).hex}"
    if len(name) > 50:
        raise ValueError(name)
    return name


def main() -> None:
    rows: list[tuple[str, Callable[[], object]]] = [
        ("dtc.naming, from text to text", dtc_text_to_text),
        ("dtc.naming, from text", dtc_name),
        ("dtc.naming, from a location", dtc_name_of_location),
        ("dtc.naming, read back", dtc_read_back),
        ("uuid + f-string, from text", uuid_name),
    ]
    assert dtc_name() == uuid_name()
    found: dict[str, float] = {}
    for title, function in rows:
        best = found[title] = min(timeit.repeat(function, number=100_000, repeat=9)) / 100_000
        print(f"{title:30} {best * 1e9:7.0f} ns {1 / best:12,.0f} names/s")
    ratio = found[rows[0][0]] / found[rows[-1][0]]
    print(f"from text to text: {ratio:.2f} of uuid + f-string; bar {BAR}: {'met' if ratio <= BAR else 'missed'}")


if __name__ == "__main__":
    main()
