"""One TrueNAS appliance, from nothing to a proven backup in Backblaze B2: observe, plan, apply, verify.

>>> from dtc.simulator import Simulator
>>> sim = Simulator(seed=7)
>>> file = SiteFile.from_dict(sim.site_tables())  # or SiteFile.read("site.toml")
>>> with connect(file, wait_for_device=60) as services:
...     plan = services.plan(file.site)  # print it, save it, compare it
...     consents = [question.answer(question.subject) for question in plan.questions()]  # a person types the subject
...     done = services.apply(plan, consents=consents, on_event=lambda event: None)
...     services.plan(file.site).is_empty, services.verify(file.site).outcome
(True, 'as_it_should_be')
>>> done.report is not None and done.report.passed
True
>>> sim.stop()

Nothing is decided here: what is to be done, in which order and with whose consent is the same as for the command ``dtc``. Calls wait with the
interpreter released, end at Ctrl-C, and take ``timeout=`` in seconds; :mod:`dtc.provision.aio` has the same ones for asyncio. Whatever ends an
apply, at whatever moment: what is done stays done, and a new plan does the rest.

Secrets are given as references (``"env:NAME"``, ``"file:PATH"``, ``"op://vault/item/field"``) or as :class:`dtc.crypt.Secret`; none is shown,
pickled, or found in an exception.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from .._dtc.provision import (
    Applying,
    Completion,
    Escrowed,
    Event,
    Finding,
    FirstRunResult,
    Item,
    Observation,
    Plan,
    PoolProof,
    Question,
    RecordedConsent,
    Report,
    Sample,
    Services,
    Site,
    SiteFile,
    Step,
    VaultRecord,
    connect,
    plan,
)
from ..crypt import Secret
from . import aio

__all__ = [
    "Applying",
    "Completion",
    "Escrowed",
    "Event",
    "Finding",
    "FirstRunResult",
    "Item",
    "Observation",
    "Plan",
    "PoolProof",
    "Question",
    "RecordedConsent",
    "Report",
    "Sample",
    "Services",
    "Site",
    "SiteFile",
    "Step",
    "Vault",
    "VaultRecord",
    "aio",
    "connect",
    "plan",
]


class Vault(Protocol):
    """A vault of one's own, in the place of IT Glue: whatever keeps labelled secrets with notes. Give it to ``connect(vault=…)``.

    Nothing in it is trusted. A secret is used only after ``list`` and ``read`` have given back what ``create`` or ``update`` was given; a vault
    that keeps something else, or nothing, ends the apply with the secret unused. The methods are called on other threads, never two at a time
    for one apply but perhaps for several.

    What a method raises becomes the ``__cause__`` of what the call raises. ``list`` and ``read`` change nothing. After ``create`` or ``update``
    has raised, nobody knows whether it happened, and the record is looked for; raise :class:`dtc.exceptions.Refused`,
    :class:`~dtc.exceptions.Conflict`, :class:`~dtc.exceptions.AuthError` or :class:`~dtc.exceptions.TransportError` where it certainly did not.
    """

    def list(self, organization: str, /) -> Iterable[VaultRecord]:
        """Every live record of the client, without its value. Records of other labels may be among them."""
        ...

    def read(self, organization: str, id: str, /) -> tuple[str | None, Secret | str]:
        """A record's user name and value. A value that is withheld is an exception, never an empty value."""
        ...

    def create(self, organization: str, /, *, label: str, notes: str, user_name: str | None, value: Secret) -> VaultRecord:
        """Makes a record, and returns it. ``notes`` are kept to the letter: by them the record is found again."""
        ...

    def update(self, organization: str, id: str, /, *, notes: str, user_name: str | None, value: Secret | None) -> None:
        """Replaces a record's notes; its user name and its value where they are given, and keeps the version before."""
