"""
The same calls for asyncio: each returns a coroutine.
"""

from . import Observed, Plan, Replication, Report, UnlockReport
from ..crypt import Secret
from ..provision import Event, RecordedConsent, SiteFile
from _typeshed import SupportsGetItem
from collections.abc import Callable, Coroutine
from datetime import datetime
from os import PathLike
from typing import Any, final

__all__ = ["Ends", "connect"]

@final
class Ends:
    """
    Both ends of one replication, connected by ``connect``, with the services that it needs: the inventory and the vault.

    Every call takes ``timeout=`` in seconds, after which it raises ``TransportError``, or ``OutcomeUnknown`` where something may have been
    written. What goes wrong raises a subclass of :class:`dtc.exceptions.DtcError`.
    """
    def __aenter__(self, /) -> Coroutine[Any, Any, Ends]: ...
    def __aexit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> Coroutine[Any, Any, None]: ...
    def __reduce__(self, /) -> tuple[str]:
        """
        Never.
        """
    def __repr__(self, /) -> str: ...
    def apply(self, /, plan: Plan, *, consents: SupportsGetItem[int, RecordedConsent] = ..., on_event: Callable[[Event], object] | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Report]:
        """
        Carries a plan out, follows the run to its end, and proves that the destination opens with the vault's keys. The plan is held against the
        world first: a stale one raises ``Refused``, as does a consent that is missing, before anything is written.

        ``on_event`` is called with every :class:`dtc.provision.Event`; what it raises ends the apply and is raised here. Whatever ends it, at
        whatever moment: what is done stays done, and a new plan does the rest.
        """
    def close(self, /) -> None:
        """
        Lets go of the connections: further calls raise ``RuntimeError``, and those under way end as they would.
        """
    def observe(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, Observed]:
        """
        Looks at both ends and the vault. Writes nothing.
        """
    def plan(self, /, seen: Observed | None = None, *, timeout: float | None = None) -> Coroutine[Any, Any, Plan]:
        """
        Plans from what was ``seen``, or looks first. Writes nothing.

        What R1 to R5 ask for and is not so raises ``Refused``, all of it at once; what else stops it stands in its ``also``.
        """
    @property
    def replication(self, /) -> Replication:
        """
        What is replicated.
        """
    def unlock(self, /, *, key_file: str | PathLike[str] | None = None, timeout: float | None = None) -> Coroutine[Any, Any, UnlockReport]:
        """
        Opens what has arrived with the keys that the vault holds, down to the datasets that arrived as encryption roots of their own; or with
        ``key_file``, a file of keys that was downloaded from either appliance, and then the vault is not asked. On Unix nobody but its owner may
        read that file.
        """
    def verify(self, /, *, at: datetime | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Report]:
        """
        Judges the replication by both ends and the vault, as of now or of ``at``. Writes nothing, and unlocks nothing.
        """

def connect(file: SiteFile, replication: Replication | str | None = None, *, passphrase: Secret | str | None = None, key: Secret | str | None = None, passphrases: dict[str, Secret | str] | None = None, read_only: bool = False, vault: Any | None = None, vault_timeout: float | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Ends]:
    """
    Connects to both ends of a replication, as :func:`dtc.replication.connect` does.
    """
