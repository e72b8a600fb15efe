"""
The same calls for asyncio: each returns a coroutine.
"""

from . import Configuration, ConfigurationType, Document, Location, Organization, Password, PasswordCategory, Revealed, Upserted
from ..crypt import Secret
from collections.abc import Coroutine
from typing import Any, List, SupportsIndex, final

__all__ = ["Client", "Configurations", "ListedConfigurations", "ListedLocations", "ListedOrganizations", "ListedPasswords", "Organizations", "Passwords"]

@final
class Client:
    """
    A client for one account of IT Glue. It keeps its connections, and may be used by several threads.

    ``region`` is ``"us"``, ``"eu"`` or ``"au"``; ``base_url`` another address instead. Clients of one key share IT Glue's budget of 3000 requests in
    five minutes, and wait for it.

    Every call takes ``timeout=`` in seconds, beside the time-outs of the client. A read that it ends raises ``TransportError``, a write
    ``OutcomeUnknown``. ``attempts`` (8), ``backoff`` (1 and 64), ``deadline`` (420) and ``read_only`` as of ``dtc.ninjaone.Client``.
    """
    def __aenter__(self, /) -> Coroutine[Any, Any, Client]: ...
    def __aexit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> Coroutine[Any, Any, None]: ...
    def __new__(cls, /, *, api_key: Secret | str, region: str | None = None, base_url: str | None = None, attempts: SupportsIndex | None = None, backoff: tuple[float, float] | None = None, deadline: float | None = None, read_only: bool = False) -> Client: ...
    def __reduce__(self, /) -> tuple[str]:
        """
        Never.
        """
    def __repr__(self, /) -> str: ...
    def close(self, /) -> None:
        """
        Lets go of the connections: further calls raise ``RuntimeError``, and those under way end as they would.
        """
    @property
    def configurations(self, /) -> Configurations:
        """
        Configurations: devices, as IT Glue knows them.
        """
    def document(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Document]:
        """
        Returns the document of this id. ``NotFound`` when there is none. IT Glue lists documents for people alone, and not for an API key.
        """
    def location(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Location]:
        """
        Returns the location of this id. ``NotFound`` when there is none.
        """
    @property
    def organizations(self, /) -> Organizations:
        """
        Organisations, and their locations.
        """
    def password_categories(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[PasswordCategory]]:
        """
        Returns every category of passwords that the account has.
        """
    @property
    def passwords(self, /) -> Passwords:
        """
        Passwords.
        """

@final
class Configurations:
    """
    Configurations: devices, as IT Glue knows them.
    """
    def create(self, /, organization: SupportsIndex, type_id: SupportsIndex, name: str, *, hostname: str | None = None, serial_number: str | None = None, mac_address: str | None = None, asset_tag: str | None = None, primary_ip: str | None = None, notes: str | None = None, location: SupportsIndex | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Configuration]:
        """
        Creates a configuration. Sent at most once; where NinjaOne is synchronised with IT Glue, prefer to find the one that it makes.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Configuration]:
        """
        Returns the configuration of this id. ``NotFound`` when there is none.
        """
    def list(self, /, *, organization: SupportsIndex | None = None, ninja_device: SupportsIndex | None = None, name: str | None = None, serial_number: str | None = None, archived: bool | None = None) -> ListedConfigurations:
        """
        Lists configurations: of an organisation, of a device of NinjaOne by its id there, of a name, of a serial number, archived ones or not.
        """
    def types(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[ConfigurationType]]:
        """
        Returns every type of configurations that the account has.
        """
    def update(self, /, id: SupportsIndex, *, name: str | None = None, hostname: str | None = None, serial_number: str | None = None, mac_address: str | None = None, asset_tag: str | None = None, primary_ip: str | None = None, notes: str | None = None, location: SupportsIndex | None = None, archive: bool = False, timeout: float | None = None) -> Coroutine[Any, Any, Configuration]:
        """
        Changes what is named of a configuration, and nothing else, and returns it as it is then.
        """

@final
class ListedConfigurations:
    """
    Configurations, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    """
    def __aiter__(self, /) -> ListedConfigurations: ...
    def __anext__(self, /) -> Coroutine[Any, Any, Configuration]: ...

@final
class ListedLocations:
    """
    Locations, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    """
    def __aiter__(self, /) -> ListedLocations: ...
    def __anext__(self, /) -> Coroutine[Any, Any, Location]: ...

@final
class ListedOrganizations:
    """
    Organisations, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    """
    def __aiter__(self, /) -> ListedOrganizations: ...
    def __anext__(self, /) -> Coroutine[Any, Any, Organization]: ...

@final
class ListedPasswords:
    """
    Passwords without their values, page after page as they are asked for. A row that cannot be read is raised in its place.
    """
    def __aiter__(self, /) -> ListedPasswords: ...
    def __anext__(self, /) -> Coroutine[Any, Any, Password]: ...

@final
class Organizations:
    """
    Organisations: the clients of the managed service provider.
    """
    def find(self, /, name: str, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Organization]]:
        """
        Returns every organisation of exactly this name; there may be none, or several.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Organization]:
        """
        Returns the organisation of this id. ``NotFound`` when there is none.
        """
    def list(self, /) -> ListedOrganizations:
        """
        Lists every organisation.
        """
    def locations(self, /, id: SupportsIndex) -> ListedLocations:
        """
        Lists the locations of an organisation.
        """

@final
class Passwords:
    """
    Passwords: records with one masked value each, and notes. Nothing is ever deleted.
    """
    def archive(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Password]:
        """
        Archives a record.
        """
    def create(self, /, organization: SupportsIndex, name: str, value: Secret | str, *, username: str | None = None, url: str | None = None, notes: str | None = None, category: SupportsIndex | None = None, restricted: bool | None = None, configuration: SupportsIndex | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Password]:
        """
        Creates a record. Sent at most once: ``OutcomeUnknown`` where its answer is lost; look for it then, or use ``upsert_with_proof``.
        """
    def get(self, /, id: SupportsIndex, *, organization: SupportsIndex | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Password]:
        """
        Returns the record of this id without its value. ``NotFound`` when there is none, or it is none of ``organization``.
        """
    def list(self, /, organization: SupportsIndex, *, name: str | None = None, category: SupportsIndex | None = None, archived: bool | None = None) -> ListedPasswords:
        """
        Lists the passwords of an organisation without values, archived ones too unless ``archived`` says otherwise.
        """
    def reveal(self, /, id: SupportsIndex, *, organization: SupportsIndex | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Revealed]:
        """
        Returns the record with its value. ``AuthError`` when the API key is not shown values, ``NotFound`` when there is no such record, it is none
        of ``organization``, or it has no value.
        """
    def update(self, /, id: SupportsIndex, *, name: str | None = None, value: Secret | str | None = None, username: str | None = None, url: str | None = None, notes: str | None = None, category: SupportsIndex | None = None, restricted: bool | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Password]:
        """
        Changes what is named of a record, and nothing else; a ``value`` replaces the old one. IT Glue keeps the version before.
        """
    def upsert_with_proof(self, /, organization: SupportsIndex, name: str, value: Secret | str, identity: dict[str, str], *, username: str | None = None, url: str | None = None, notes: str | None = None, category: SupportsIndex | None = None, restricted: bool | None = None, configuration: SupportsIndex | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Upserted]:
        """
        Has one record with these lines in its notes hold this value and what is named, and proves it: it is looked for first, created or
        brought up to date where it must be, and read back with its value. ``identity`` are lines that no other record has, by their names.

        ``Conflict`` when several records have the identity; ``DataAtRisk`` when what was written does not read back: keep the value.
        """
