"""
The same calls for asyncio: each returns a coroutine.
"""

from . import Completion, Escrowed, Event, Observation, Plan, RecordedConsent, Report, Site, SiteFile
from _typeshed import SupportsGetItem
from collections.abc import Callable, Coroutine
from typing import Any, List, final

__all__ = ["Applying", "Services", "connect"]

@final
class Applying:
    """
    An apply as an asynchronous iterator of its events. It goes on while it is iterated, and only then.
    """
    def __aiter__(self, /) -> Applying: ...
    def __anext__(self, /) -> Coroutine[Any, Any, Event]: ...
    @property
    def completion(self, /) -> Completion | None:
        """
        What came of it, after the last event; ``None`` before.
        """

@final
class Services:
    """
    The services of one site, connected by ``connect``: the object store, the appliance, the inventory, the vault and the tickets. They may be
    used by several threads, and belong to the process that connected them.

    Every call takes ``timeout=`` in seconds, after which it raises ``TransportError``, or ``OutcomeUnknown`` where something may have been
    written. What goes wrong raises a subclass of :class:`dtc.exceptions.DtcError`.
    """
    def __aenter__(self, /) -> Coroutine[Any, Any, Services]: ...
    def __aexit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> Coroutine[Any, Any, None]: ...
    def __reduce__(self, /) -> tuple[str]:
        """
        Never.
        """
    def __repr__(self, /) -> str: ...
    def apply(self, /, plan: Plan, *, consents: SupportsGetItem[int, RecordedConsent] = ..., on_event: Callable[[Event], object] | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Completion]:
        """
        Carries a plan out, follows the first runs to their ends, and verifies. The plan is held against the world first: a stale one raises
        ``Refused``, as does a consent that is missing, before anything is written.

        ``on_event`` is called with every :class:`Event`; what it raises ends the apply and is raised here. Whatever ends it, at whatever
        moment: what is done stays done, and a new plan does the rest. To give it up after a time, use ``timeout``.
        """
    def applying(self, /, plan: Plan, *, consents: SupportsGetItem[int, RecordedConsent] = ...) -> Applying:
        """
        Carries a plan out as ``apply`` does, event by event: iterate over what it returns with ``async for``.
        """
    def close(self, /) -> None:
        """
        Lets go of the connections: further calls raise ``RuntimeError``, and those under way end as they would.
        """
    def observe(self, /, site: Site, *, timeout: float | None = None) -> Coroutine[Any, Any, Observation]:
        """
        Looks at what is so now. Writes nothing; what could not be read says why in the observation.
        """
    def plan(self, /, site: Site, *, device_guid: str | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Plan]:
        """
        Looks, and plans. Writes nothing. An appliance that has no Device GUID gets ``device_guid``, or a new one.
        """
    def recall(self, /, plan: Plan, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Escrowed]]:
        """
        What the vault holds of the plan's appliance and bucket, as proofs. The vault is read, and the values are held against their checks.
        """
    def verify(self, /, site: Site, *, within: float | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Report]:
        """
        Evaluates the checklist by reading the live systems, and proves that the backup opens. Writes nothing.

        What is not answered ``within`` so many seconds is not checkable in the report; after ``timeout`` there is no report.
        """

def connect(file: SiteFile, *, read_only: bool = False, wait_for_device: float | None = None, vault: Any | None = None, vault_timeout: float | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Services]:
    """
    Connects to the services of a site, as :func:`dtc.provision.connect` does.
    """
