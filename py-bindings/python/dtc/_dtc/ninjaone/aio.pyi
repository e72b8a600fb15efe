"""
The same calls for asyncio: each returns a coroutine.
"""

from . import Device, FieldHolder, Location, Organization, Written
from ..crypt import Secret
from _typeshed import SupportsGetItem
from collections.abc import Coroutine, Mapping
from typing import Any, List, SupportsIndex, final

__all__ = ["Client", "Devices", "ListedDevices", "ListedOrganizations", "Locations", "Organizations"]

@final
class Client:
    """
    A client for one tenant of NinjaOne. It logs in at its first call, keeps its connections, and may be used by several threads.

    The application is one for *API Services (machine-to-machine)* with the scopes ``monitoring``, and ``management`` for writes. ``region`` is
    ``"us"``, ``"us2"``, ``"eu"``, ``"oc"``, ``"ca"``, ``"fed"``, ``"jp"`` or the instance's host; ``base_url`` another address instead.

    Every call takes ``timeout=`` in seconds, beside the time-outs of the client. A read that it ends raises ``TransportError``, a write
    ``OutcomeUnknown``. ``attempts`` (6) is how often a call is made that may be repeated; ``backoff`` (1 and 64) the first and the longest wait in
    between; ``deadline`` (300) the time for a call with everything; a ``read_only`` client refuses everything but reads before anything is sent.
    """
    def __aenter__(self, /) -> Coroutine[Any, Any, Client]: ...
    def __aexit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> Coroutine[Any, Any, None]: ...
    def __new__(cls, /, *, client_id: str, client_secret: Secret | str, region: str | None = None, base_url: str | None = None, attempts: SupportsIndex | None = None, backoff: tuple[float, float] | None = None, deadline: float | None = None, read_only: bool = False) -> Client: ...
    def __reduce__(self, /) -> tuple[str]:
        """
        Never.
        """
    def __repr__(self, /) -> str: ...
    def call(self, /, operation: str, path: SupportsGetItem[int, SupportsIndex | str] = ..., *, query: Mapping[str, Any] = ..., body: Any | None = None, answer: bool = True, timeout: float | None = None) -> Coroutine[Any, Any, Any]:
        """
        Sends any operation that ``operations()`` lists, by its name, and returns its answer as Python has JSON. ``path`` fills in the braces of
        the operation's path from left to right, ``query`` adds parameters that it has, and ``body`` is sent as JSON. Without ``answer``,
        an answer of success is not read: for operations that answer nothing.
        """
    def close(self, /) -> None:
        """
        Lets go of the connections: further calls raise ``RuntimeError``, and those under way end as they would.
        """
    @property
    def devices(self, /) -> Devices:
        """
        Devices.
        """
    @property
    def locations(self, /) -> Locations:
        """
        Locations.
        """
    @property
    def organizations(self, /) -> Organizations:
        """
        Organisations.
        """
    def report_fields(self, /, scopes: SupportsGetItem[int, str], fields: SupportsGetItem[int, str], *, timeout: float | None = None) -> Coroutine[Any, Any, list[FieldHolder]]:
        """
        Returns every organisation, location and device that has a value of these fields, with the values: how to find who holds one without asking
        each. ``scopes`` are ``"organization"``, ``"location"`` and ``"device"``. It is not documented how soon it shows a value that was just set.
        """
    def write_fields(self, /, fields: Mapping[str, Any], *, organization: SupportsIndex | None = None, location: SupportsIndex | None = None, device: SupportsIndex | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Written]:
        """
        Sets custom fields of an organisation, of a location (both ids) or of a device, and reads them back; a field that has the wanted value is
        not sent, and ``None`` empties one. The fields' definitions are looked at first: a field that the API may not read or write, or a text
        that is too long, is refused before anything is sent.
        """

@final
class Devices:
    """
    Devices.
    """
    def custom_fields(self, /, id: SupportsIndex, *, inherited: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, dict[str, Any]]:
        """
        Returns the values of a device's own custom fields that the API may read, by the fields' names; with ``inherited`` also those that it
        has from its location or else its organisation.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Device]:
        """
        Returns the device of this id, with addresses, hardware and software in ``more``. ``NotFound`` when there is none.
        """
    def list(self, /, organization: SupportsIndex) -> ListedDevices:
        """
        Lists every device of an organisation, pending ones after the others.
        """
    def search(self, /, text: str, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Device]]:
        """
        Returns what NinjaOne finds for a text among names, users and addresses: its best hits, not all, and no pending ones.
        """
    def set_custom_fields(self, /, id: SupportsIndex, fields: Mapping[str, Any], *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Sets custom fields; those that are not named stay, and ``None`` empties one. Success does not prove that the values were stored:
        ``Client.write_fields`` reads them back.
        """

@final
class ListedDevices:
    """
    Devices, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    """
    def __aiter__(self, /) -> ListedDevices: ...
    def __anext__(self, /) -> Coroutine[Any, Any, Device]: ...

@final
class ListedOrganizations:
    """
    Organisations, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    """
    def __aiter__(self, /) -> ListedOrganizations: ...
    def __anext__(self, /) -> Coroutine[Any, Any, Organization]: ...

@final
class Locations:
    """
    Locations: the sites of clients.
    """
    def custom_fields(self, /, organization: SupportsIndex, location: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, dict[str, Any]]:
        """
        Returns the values of a location's own custom fields that the API may read, by the fields' names; nothing is inherited.
        """
    def list(self, /, organization: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Location]]:
        """
        Returns every location of an organisation; what has no id is left out. ``NotFound`` when there is no such organisation.
        """
    def set_custom_fields(self, /, organization: SupportsIndex, location: SupportsIndex, fields: Mapping[str, Any], *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Sets custom fields; those that are not named stay, and ``None`` empties one. Success does not prove that the values were stored:
        ``Client.write_fields`` reads them back.
        """

@final
class Organizations:
    """
    Organisations: the clients of the managed service provider.
    """
    def custom_fields(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, dict[str, Any]]:
        """
        Returns the values of its custom fields that the API may read, by the fields' names.
        """
    def devices(self, /, id: SupportsIndex) -> ListedDevices:
        """
        Lists an organisation's devices, without the pending ones.
        """
    def find(self, /, name: str, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Organization]]:
        """
        Returns every organisation of exactly this name; there may be none, or several. An application that may see no organisation gets an
        empty list without a refusal.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Organization]:
        """
        Returns the organisation of this id. ``NotFound`` when there is none.
        """
    def list(self, /) -> ListedOrganizations:
        """
        Lists every organisation of the tenant.
        """
    def set_custom_fields(self, /, id: SupportsIndex, fields: Mapping[str, Any], *, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Sets custom fields; those that are not named stay, and ``None`` empties one. Success does not prove that the values were stored:
        ``Client.write_fields`` reads them back.
        """
