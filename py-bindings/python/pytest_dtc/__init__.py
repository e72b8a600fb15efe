"""Fixtures for tests of scripts that use :mod:`dtc`: every service in the test's own process.

.. code-block:: python

    def test_the_bucket_is_made(dtc_simulator, dtc_b2):
        dtc_b2.buckets.create("my-photos")
        assert dtc_simulator.calls()[("b2", "b2_create_bucket")] == 1
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from dtc import b2, simulator

__all__ = ["dtc_b2", "dtc_simulator"]


@pytest.fixture
def dtc_simulator() -> Iterator[simulator.Simulator]:
    """Simulated services, fresh for each test."""
    from dtc.simulator import Simulator

    with Simulator() as sim:
        yield sim


@pytest.fixture
def dtc_b2(dtc_simulator: simulator.Simulator) -> Iterator[b2.Client]:
    """A client of the simulated B2 that may do everything, and does not wait long between attempts."""
    from dtc.b2 import Client

    at = dtc_simulator.b2
    with Client(key_id=at.key_id, application_key=at.application_key, realm=at.url, backoff=(0.001, 0.01)) as client:
        yield client
