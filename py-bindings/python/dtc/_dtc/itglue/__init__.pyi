"""
IT Glue: organisations, locations, configurations, documents and passwords.
"""

from . import aio as aio
from ..crypt import Secret
from collections.abc import Mapping
from typing import Any, List, SupportsIndex, final

__all__ = ["Client", "Configuration", "ConfigurationType", "Configurations", "Document", "ListedConfigurations", "ListedLocations", "ListedOrganizations", "ListedPasswords", "Location", "Organization", "Organizations", "Password", "PasswordCategory", "Passwords", "Revealed", "Upserted", "aio"]

@final
class Client:
    """
    A client for one account of IT Glue. It keeps its connections, and may be used by several threads.

    ``region`` is ``"us"``, ``"eu"`` or ``"au"``; ``base_url`` another address instead. Clients of one key share IT Glue's budget of 3000 requests in
    five minutes, and wait for it.

    Every call takes ``timeout=`` in seconds, beside the time-outs of the client. A read that it ends raises ``TransportError``, a write
    ``OutcomeUnknown``. ``attempts`` (8), ``backoff`` (1 and 64), ``deadline`` (420) and ``read_only`` as of ``dtc.ninjaone.Client``.
    """
    def __enter__(self, /) -> Client: ...
    def __exit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> None: ...
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
    def document(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Document:
        """
        Returns the document of this id. ``NotFound`` when there is none. IT Glue lists documents for people alone, and not for an API key.
        """
    def location(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Location:
        """
        Returns the location of this id. ``NotFound`` when there is none.
        """
    @property
    def organizations(self, /) -> Organizations:
        """
        Organisations, and their locations.
        """
    def password_categories(self, /, *, timeout: float | None = None) -> List[PasswordCategory]:
        """
        Returns every category of passwords that the account has.
        """
    @property
    def passwords(self, /) -> Passwords:
        """
        Passwords.
        """

@final
class Configuration:
    """
    A device, as IT Glue knows it.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, organization_id: SupportsIndex, name: str, hostname: str | None = None, serial_number: str | None = None, mac_address: str | None = None, asset_tag: str | None = None, primary_ip: str | None = None, configuration_type_id: SupportsIndex | None = None, configuration_type_name: str | None = None, configuration_status_name: str | None = None, location_id: SupportsIndex | None = None, notes: str | None = None, archived: bool = False, updated_at: str | None = None, page: str | None = None, more: Mapping[str, Any] = ...) -> Configuration: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def archived(self, /) -> bool:
        """
        Whether it is archived.
        """
    @property
    def asset_tag(self, /) -> str | None:
        """
        The number on its sticker.
        """
    @property
    def configuration_status_name(self, /) -> str | None:
        """
        Its status, such as ``"Active"``; each account has its own.
        """
    @property
    def configuration_type_id(self, /) -> int | None:
        """
        The id of its type.
        """
    @property
    def configuration_type_name(self, /) -> str | None:
        """
        Its type's name.
        """
    @property
    def hostname(self, /) -> str | None:
        """
        Its name on the network.
        """
    @property
    def id(self, /) -> int:
        """
        Its id.
        """
    @property
    def location_id(self, /) -> int | None:
        """
        The id of the location where it stands.
        """
    @property
    def mac_address(self, /) -> str | None:
        """
        Its MAC address, as it was entered.
        """
    @property
    def more(self, /) -> dict[str, Any]:
        """
        What else IT Glue says of it, by its names on the wire.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def notes(self, /) -> str | None:
        """
        Its notes.
        """
    @property
    def organization_id(self, /) -> int:
        """
        The id of the organisation that it belongs to.
        """
    @property
    def page(self, /) -> str | None:
        """
        The page that shows it to people.
        """
    @property
    def primary_ip(self, /) -> str | None:
        """
        Its address on the network.
        """
    @property
    def serial_number(self, /) -> str | None:
        """
        Its serial number.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def updated_at(self, /) -> str | None:
        """
        When it was last changed, as IT Glue writes it.
        """

@final
class ConfigurationType:
    """
    A type of configurations; each account has its own beside those that IT Glue brings.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str) -> ConfigurationType: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> int:
        """
        Its id.
        """
    @property
    def name(self, /) -> str:
        """
        Its name, such as ``"Managed Server"``.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Configurations:
    """
    Configurations: devices, as IT Glue knows them.
    """
    def create(self, /, organization: SupportsIndex, type_id: SupportsIndex, name: str, *, hostname: str | None = None, serial_number: str | None = None, mac_address: str | None = None, asset_tag: str | None = None, primary_ip: str | None = None, notes: str | None = None, location: SupportsIndex | None = None, timeout: float | None = None) -> Configuration:
        """
        Creates a configuration. Sent at most once; where NinjaOne is synchronised with IT Glue, prefer to find the one that it makes.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Configuration:
        """
        Returns the configuration of this id. ``NotFound`` when there is none.
        """
    def list(self, /, *, organization: SupportsIndex | None = None, ninja_device: SupportsIndex | None = None, name: str | None = None, serial_number: str | None = None, archived: bool | None = None) -> ListedConfigurations:
        """
        Lists configurations: of an organisation, of a device of NinjaOne by its id there, of a name, of a serial number, archived ones or not.
        """
    def types(self, /, *, timeout: float | None = None) -> List[ConfigurationType]:
        """
        Returns every type of configurations that the account has.
        """
    def update(self, /, id: SupportsIndex, *, name: str | None = None, hostname: str | None = None, serial_number: str | None = None, mac_address: str | None = None, asset_tag: str | None = None, primary_ip: str | None = None, notes: str | None = None, location: SupportsIndex | None = None, archive: bool = False, timeout: float | None = None) -> Configuration:
        """
        Changes what is named of a configuration, and nothing else, and returns it as it is then.
        """

@final
class Document:
    """
    A document of an organisation.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, organization_id: SupportsIndex, name: str, restricted: bool = False, archived: bool = False, updated_at: str | None = None, page: str | None = None, more: Mapping[str, Any] = ...) -> Document: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def archived(self, /) -> bool:
        """
        Whether it is archived.
        """
    @property
    def id(self, /) -> int:
        """
        Its id.
        """
    @property
    def more(self, /) -> dict[str, Any]:
        """
        What else IT Glue says of it, by its names on the wire.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def organization_id(self, /) -> int:
        """
        The id of the organisation that it belongs to.
        """
    @property
    def page(self, /) -> str | None:
        """
        The page that shows it to people.
        """
    @property
    def restricted(self, /) -> bool:
        """
        Whether only some people may see it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def updated_at(self, /) -> str | None:
        """
        When it was last changed, as IT Glue writes it.
        """

@final
class ListedConfigurations:
    """
    Configurations, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    """
    def __iter__(self, /) -> ListedConfigurations: ...
    def __next__(self, /) -> Configuration: ...

@final
class ListedLocations:
    """
    Locations, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    """
    def __iter__(self, /) -> ListedLocations: ...
    def __next__(self, /) -> Location: ...

@final
class ListedOrganizations:
    """
    Organisations, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    """
    def __iter__(self, /) -> ListedOrganizations: ...
    def __next__(self, /) -> Organization: ...

@final
class ListedPasswords:
    """
    Passwords without their values, page after page as they are asked for. A row that cannot be read is raised in its place.
    """
    def __iter__(self, /) -> ListedPasswords: ...
    def __next__(self, /) -> Password: ...

@final
class Location:
    """
    A place of an organisation.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, organization_id: SupportsIndex, name: str, primary: bool = False, address_1: str | None = None, address_2: str | None = None, city: str | None = None, postal_code: str | None = None, country_name: str | None = None, page: str | None = None, more: Mapping[str, Any] = ...) -> Location: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def address_1(self, /) -> str | None:
        """
        The first line of its address.
        """
    @property
    def address_2(self, /) -> str | None:
        """
        The second line of its address.
        """
    @property
    def city(self, /) -> str | None:
        """
        Its town.
        """
    @property
    def country_name(self, /) -> str | None:
        """
        Its country.
        """
    @property
    def id(self, /) -> int:
        """
        Its id.
        """
    @property
    def more(self, /) -> dict[str, Any]:
        """
        What else IT Glue says of it, by its names on the wire.
        """
    @property
    def name(self, /) -> str:
        """
        Its name.
        """
    @property
    def organization_id(self, /) -> int:
        """
        The id of the organisation that it belongs to.
        """
    @property
    def page(self, /) -> str | None:
        """
        The page that shows it to people.
        """
    @property
    def postal_code(self, /) -> str | None:
        """
        Its postal code.
        """
    @property
    def primary(self, /) -> bool:
        """
        Whether it is the organisation's main one.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Organization:
    """
    A client.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str, short_name: str | None = None, organization_type_name: str | None = None, organization_status_name: str | None = None, psa_integration: str | None = None, updated_at: str | None = None, page: str | None = None, more: Mapping[str, Any] = ...) -> Organization: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> int:
        """
        Its id.
        """
    @property
    def more(self, /) -> dict[str, Any]:
        """
        What else IT Glue says of it, by its names on the wire.
        """
    @property
    def name(self, /) -> str:
        """
        Its name; neither unique nor stable.
        """
    @property
    def organization_status_name(self, /) -> str | None:
        """
        Its status, such as ``"Active"``; each account has its own.
        """
    @property
    def organization_type_name(self, /) -> str | None:
        """
        What kind of organisation it is, such as ``"Customer"``; each account has its own kinds.
        """
    @property
    def page(self, /) -> str | None:
        """
        The page that shows it to people.
        """
    @property
    def psa_integration(self, /) -> str | None:
        """
        Whether and how it is synchronised with a PSA.
        """
    @property
    def short_name(self, /) -> str | None:
        """
        Its short name, by which people look it up.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def updated_at(self, /) -> str | None:
        """
        When it was last changed, as IT Glue writes it.
        """

@final
class Organizations:
    """
    Organisations: the clients of the managed service provider.
    """
    def find(self, /, name: str, *, timeout: float | None = None) -> List[Organization]:
        """
        Returns every organisation of exactly this name; there may be none, or several.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Organization:
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
class Password:
    """
    A record without its value.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, organization_id: SupportsIndex, name: str, username: str | None = None, url: str | None = None, notes: str | None = None, category_id: SupportsIndex | None = None, configuration_id: SupportsIndex | None = None, restricted: bool = False, archived: bool = False, created_at: str | None = None, updated_at: str | None = None, value_updated_at: str | None = None, page: str | None = None) -> Password: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def archived(self, /) -> bool:
        """
        Whether it is archived.
        """
    @property
    def category_id(self, /) -> int | None:
        """
        The id of what it is filed under.
        """
    @property
    def configuration_id(self, /) -> int | None:
        """
        The id of the configuration that it is embedded in; ``None`` for a general password, and for one embedded in something else.
        """
    @property
    def created_at(self, /) -> str | None:
        """
        When it was created, as IT Glue writes it.
        """
    @property
    def id(self, /) -> int:
        """
        Its id.
        """
    @property
    def name(self, /) -> str:
        """
        Its label; not unique.
        """
    @property
    def notes(self, /) -> str | None:
        """
        Its notes; ``None`` where the answer did not say: ``Passwords.get`` says.
        """
    @property
    def organization_id(self, /) -> int:
        """
        The id of the organisation that it belongs to.
        """
    @property
    def page(self, /) -> str | None:
        """
        The page that shows it to people; it may be shown in tickets and reports.
        """
    @property
    def restricted(self, /) -> bool:
        """
        Whether only some people may see it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def updated_at(self, /) -> str | None:
        """
        When it was last changed, as IT Glue writes it.
        """
    @property
    def url(self, /) -> str | None:
        """
        The address that the value is for.
        """
    @property
    def username(self, /) -> str | None:
        """
        The user name beside the value.
        """
    @property
    def value_updated_at(self, /) -> str | None:
        """
        When its value was last changed, as IT Glue writes it.
        """

@final
class PasswordCategory:
    """
    What passwords are filed under; each account has its own.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str) -> PasswordCategory: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> int:
        """
        Its id.
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
class Passwords:
    """
    Passwords: records with one masked value each, and notes. Nothing is ever deleted.
    """
    def archive(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Password:
        """
        Archives a record.
        """
    def create(self, /, organization: SupportsIndex, name: str, value: Secret | str, *, username: str | None = None, url: str | None = None, notes: str | None = None, category: SupportsIndex | None = None, restricted: bool | None = None, configuration: SupportsIndex | None = None, timeout: float | None = None) -> Password:
        """
        Creates a record. Sent at most once: ``OutcomeUnknown`` where its answer is lost; look for it then, or use ``upsert_with_proof``.
        """
    def get(self, /, id: SupportsIndex, *, organization: SupportsIndex | None = None, timeout: float | None = None) -> Password:
        """
        Returns the record of this id without its value. ``NotFound`` when there is none, or it is none of ``organization``.
        """
    def list(self, /, organization: SupportsIndex, *, name: str | None = None, category: SupportsIndex | None = None, archived: bool | None = None) -> ListedPasswords:
        """
        Lists the passwords of an organisation without values, archived ones too unless ``archived`` says otherwise.
        """
    def reveal(self, /, id: SupportsIndex, *, organization: SupportsIndex | None = None, timeout: float | None = None) -> Revealed:
        """
        Returns the record with its value. ``AuthError`` when the API key is not shown values, ``NotFound`` when there is no such record, it is none
        of ``organization``, or it has no value.
        """
    def update(self, /, id: SupportsIndex, *, name: str | None = None, value: Secret | str | None = None, username: str | None = None, url: str | None = None, notes: str | None = None, category: SupportsIndex | None = None, restricted: bool | None = None, timeout: float | None = None) -> Password:
        """
        Changes what is named of a record, and nothing else; a ``value`` replaces the old one. IT Glue keeps the version before.
        """
    def upsert_with_proof(self, /, organization: SupportsIndex, name: str, value: Secret | str, identity: dict[str, str], *, username: str | None = None, url: str | None = None, notes: str | None = None, category: SupportsIndex | None = None, restricted: bool | None = None, configuration: SupportsIndex | None = None, timeout: float | None = None) -> Upserted:
        """
        Has one record with these lines in its notes hold this value and what is named, and proves it: it is looked for first, created or
        brought up to date where it must be, and read back with its value. ``identity`` are lines that no other record has, by their names.

        ``Conflict`` when several records have the identity; ``DataAtRisk`` when what was written does not read back: keep the value.
        """

@final
class Revealed:
    """
    A record with its value, which is not shown and not pickled.
    """
    def __reduce__(self, /) -> tuple[str]: ...
    def __repr__(self, /) -> str: ...
    @property
    def record(self, /) -> Password:
        """
        The record.
        """
    @property
    def value(self, /) -> Secret:
        """
        Its value.
        """

@final
class Upserted:
    """
    A record that was shown to hold what was asked for.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, record: Password, outcome: str, is_placed_as_asked: bool) -> Upserted: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def is_placed_as_asked(self, /) -> bool:
        """
        Whether it is embedded where the request says, or nowhere where it does not say.
        """
    @property
    def outcome(self, /) -> str:
        """
        What was done: ``"unchanged"``, ``"created"``, ``"updated"``.
        """
    @property
    def record(self, /) -> Password:
        """
        The record as it was read at last.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
