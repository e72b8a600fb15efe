"""What every test of the package starts with."""

import os
import signal
from collections.abc import Iterator

import pytest

from dtc.provision import SiteFile
from dtc.simulator import Simulator

# A background job starts with SIGINT ignored, and Python then never raises KeyboardInterrupt; the tests of Ctrl-C need it.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is marked as deep is left for the tests that go deep."""
    if os.environ.get("DTC_DEEP") != "1":
        for item in items:
            if item.get_closest_marker("deep"):
                item.add_marker(pytest.mark.skip(reason="only where DTC_DEEP is 1"))


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """Simulated services."""
    with Simulator(seed=7) as simulator:
        yield simulator


@pytest.fixture
def file(sim: Simulator) -> SiteFile:
    """The site of what is simulated."""
    return SiteFile.from_dict(sim.site_tables())
