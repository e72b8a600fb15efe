"""
NinjaOne's public API: organisations, locations, devices and their custom fields, and every other operation by its name.
"""

from . import aio as aio
from ..crypt import Secret
from _typeshed import SupportsGetItem
from collections.abc import Mapping
from typing import Any, List, SupportsIndex, final

__all__ = ["Client", "Device", "Devices", "FieldHolder", "ListedDevices", "ListedOrganizations", "Location", "Locations", "Operation", "Organization", "Organizations", "Written", "operations", "aio"]

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
    def __enter__(self, /) -> Client: ...
    def __exit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> None: ...
    def __new__(cls, /, *, client_id: str, client_secret: Secret | str, region: str | None = None, base_url: str | None = None, attempts: SupportsIndex | None = None, backoff: tuple[float, float] | None = None, deadline: float | None = None, read_only: bool = False) -> Client: ...
    def __reduce__(self, /) -> tuple[str]:
        """
        Never.
        """
    def __repr__(self, /) -> str: ...
    def call(self, /, operation: str, path: SupportsGetItem[int, SupportsIndex | str] = ..., *, query: Mapping[str, Any] = ..., body: Any | None = None, answer: bool = True, timeout: float | None = None) -> Any:
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
    def report_fields(self, /, scopes: SupportsGetItem[int, str], fields: SupportsGetItem[int, str], *, timeout: float | None = None) -> list[FieldHolder]:
        """
        Returns every organisation, location and device that has a value of these fields, with the values: how to find who holds one without asking
        each. ``scopes`` are ``"organization"``, ``"location"`` and ``"device"``. It is not documented how soon it shows a value that was just set.
        """
    def write_fields(self, /, fields: Mapping[str, Any], *, organization: SupportsIndex | None = None, location: SupportsIndex | None = None, device: SupportsIndex | None = None, timeout: float | None = None) -> Written:
        """
        Sets custom fields of an organisation, of a location (both ids) or of a device, and reads them back; a field that has the wanted value is
        not sent, and ``None`` empties one. The fields' definitions are looked at first: a field that the API may not read or write, or a text
        that is too long, is refused before anything is sent.
        """

@final
class Device:
    """
    A device.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, uid: str | None = None, organization_id: SupportsIndex, location_id: SupportsIndex, node_class: str, approval_status: str, offline: bool | None = None, display_name: str | None = None, system_name: str | None = None, dns_name: str | None = None, more: Mapping[str, Any] = ...) -> Device: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def approval_status(self, /) -> str:
        """
        Whether it has been approved: ``"APPROVED"``, ``"PENDING"``.
        """
    @property
    def display_name(self, /) -> str | None:
        """
        Its name as people gave it.
        """
    @property
    def dns_name(self, /) -> str | None:
        """
        Its name in the DNS.
        """
    @property
    def id(self, /) -> int:
        """
        Its id.
        """
    @property
    def location_id(self, /) -> int:
        """
        The location's id.
        """
    @property
    def more(self, /) -> dict[str, Any]:
        """
        What else NinjaOne says of it, by NinjaOne's names; addresses, hardware and software where one device was asked for.
        """
    @property
    def node_class(self, /) -> str:
        """
        What kind of device it is, such as ``"WINDOWS_SERVER"``.
        """
    @property
    def offline(self, /) -> bool | None:
        """
        Whether it is offline.
        """
    @property
    def organization_id(self, /) -> int:
        """
        The organisation's id.
        """
    @property
    def system_name(self, /) -> str | None:
        """
        Its own name.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def uid(self, /) -> str | None:
        """
        Its UUID, which NinjaOne gives.
        """

@final
class Devices:
    """
    Devices.
    """
    def custom_fields(self, /, id: SupportsIndex, *, inherited: bool = False, timeout: float | None = None) -> dict[str, Any]:
        """
        Returns the values of a device's own custom fields that the API may read, by the fields' names; with ``inherited`` also those that it
        has from its location or else its organisation.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Device:
        """
        Returns the device of this id, with addresses, hardware and software in ``more``. ``NotFound`` when there is none.
        """
    def list(self, /, organization: SupportsIndex) -> ListedDevices:
        """
        Lists every device of an organisation, pending ones after the others.
        """
    def search(self, /, text: str, *, timeout: float | None = None) -> List[Device]:
        """
        Returns what NinjaOne finds for a text among names, users and addresses: its best hits, not all, and no pending ones.
        """
    def set_custom_fields(self, /, id: SupportsIndex, fields: Mapping[str, Any], *, timeout: float | None = None) -> None:
        """
        Sets custom fields; those that are not named stay, and ``None`` empties one. Success does not prove that the values were stored:
        ``Client.write_fields`` reads them back.
        """

@final
class FieldHolder:
    """
    An organisation, a location or a device, and values of its custom fields.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, kind: str, id: SupportsIndex, fields: Mapping[str, Any]) -> FieldHolder: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def fields(self, /) -> dict[str, Any]:
        """
        The values by their fields' names.
        """
    @property
    def id(self, /) -> int:
        """
        Its id.
        """
    @property
    def kind(self, /) -> str:
        """
        What it is: ``"organization"``, ``"location"``, ``"device"``, or NinjaOne's word for something else.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class ListedDevices:
    """
    Devices, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    """
    def __iter__(self, /) -> ListedDevices: ...
    def __next__(self, /) -> Device: ...

@final
class ListedOrganizations:
    """
    Organisations, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    """
    def __iter__(self, /) -> ListedOrganizations: ...
    def __next__(self, /) -> Organization: ...

@final
class Location:
    """
    A site of a client. Its name is unique not even within its organisation.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str, address: str | None = None, description: str | None = None, more: Mapping[str, Any] = ...) -> Location: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def address(self, /) -> str | None:
        """
        Its address.
        """
    @property
    def description(self, /) -> str | None:
        """
        Its description.
        """
    @property
    def id(self, /) -> int:
        """
        Its id.
        """
    @property
    def more(self, /) -> dict[str, Any]:
        """
        What else NinjaOne says of it, by NinjaOne's names.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Locations:
    """
    Locations: the sites of clients.
    """
    def custom_fields(self, /, organization: SupportsIndex, location: SupportsIndex, *, timeout: float | None = None) -> dict[str, Any]:
        """
        Returns the values of a location's own custom fields that the API may read, by the fields' names; nothing is inherited.
        """
    def list(self, /, organization: SupportsIndex, *, timeout: float | None = None) -> List[Location]:
        """
        Returns every location of an organisation; what has no id is left out. ``NotFound`` when there is no such organisation.
        """
    def set_custom_fields(self, /, organization: SupportsIndex, location: SupportsIndex, fields: Mapping[str, Any], *, timeout: float | None = None) -> None:
        """
        Sets custom fields; those that are not named stay, and ``None`` empties one. Success does not prove that the values were stored:
        ``Client.write_fields`` reads them back.
        """

@final
class Operation:
    """
    An operation of the public API.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, name: str, method: str, path: str, query: SupportsGetItem[int, str], is_read: bool) -> Operation: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def is_read(self, /) -> bool:
        """
        Whether a read-only client sends it.
        """
    @property
    def method(self, /) -> str:
        """
        The verb that it is sent with.
        """
    @property
    def name(self, /) -> str:
        """
        Its name here.
        """
    @property
    def path(self, /) -> str:
        """
        Its path; what stands in braces is filled in by the caller.
        """
    @property
    def query(self, /) -> list[str]:
        """
        The query parameters that it has.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Organization:
    """
    A client. Its name is neither unique nor stable.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str, description: str | None = None, more: Mapping[str, Any] = ...) -> Organization: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def description(self, /) -> str | None:
        """
        Its description.
        """
    @property
    def id(self, /) -> int:
        """
        Its id.
        """
    @property
    def more(self, /) -> dict[str, Any]:
        """
        What else NinjaOne says of it, by NinjaOne's names.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Organizations:
    """
    Organisations: the clients of the managed service provider.
    """
    def custom_fields(self, /, id: SupportsIndex, *, timeout: float | None = None) -> dict[str, Any]:
        """
        Returns the values of its custom fields that the API may read, by the fields' names.
        """
    def devices(self, /, id: SupportsIndex) -> ListedDevices:
        """
        Lists an organisation's devices, without the pending ones.
        """
    def find(self, /, name: str, *, timeout: float | None = None) -> List[Organization]:
        """
        Returns every organisation of exactly this name; there may be none, or several. An application that may see no organisation gets an
        empty list without a refusal.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Organization:
        """
        Returns the organisation of this id. ``NotFound`` when there is none.
        """
    def list(self, /) -> ListedOrganizations:
        """
        Lists every organisation of the tenant.
        """
    def set_custom_fields(self, /, id: SupportsIndex, fields: Mapping[str, Any], *, timeout: float | None = None) -> None:
        """
        Sets custom fields; those that are not named stay, and ``None`` empties one. Success does not prove that the values were stored:
        ``Client.write_fields`` reads them back.
        """

@final
class Written:
    """
    What became of a change of custom fields that was read back.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, changed: SupportsGetItem[int, str], unchanged: SupportsGetItem[int, str], not_emptied: SupportsGetItem[int, str]) -> Written: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def changed(self, /) -> list[str]:
        """
        The fields that were sent, and now have the value that was sent, or none where they were emptied.
        """
    @property
    def not_emptied(self, /) -> list[str]:
        """
        The fields that were emptied, and show a value all the same.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def unchanged(self, /) -> list[str]:
        """
        The fields that had the wanted value before, and were not sent.
        """

def operations() -> list[Operation]:
    """
    Every operation of the public API, which ``Client.call`` sends by its name.

    >>> next(operation.path for operation in operations() if operation.name == "list_organizations")
    'v2/organizations'
    """
