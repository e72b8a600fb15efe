"""
HaloPSA: tickets and their notes, customers, sites and assets, and their custom fields.
"""

from . import aio as aio
from ..crypt import Secret
from collections.abc import Mapping
from typing import Any, List, SupportsFloat, SupportsIndex, final

__all__ = ["Action", "Actions", "Asset", "Assets", "Client", "Customer", "Customers", "ListedAssets", "ListedCustomers", "ListedSites", "ListedTickets", "Noted", "Outcome", "Site", "Sites", "Status", "Ticket", "Tickets", "aio"]

@final
class Action:
    """
    An action of a ticket, such as a note.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, ticket: SupportsIndex | None = None, note: str | None = None, note_html: str | None = None, outcome: str | None = None, who: str | None = None, is_private: bool | None = None, created: str | None = None, others: Mapping[str, Any] = ...) -> Action: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def created(self, /) -> str | None:
        """
        When it was taken, as HaloPSA writes it.
        """
    @property
    def id(self, /) -> int:
        """
        Its id, counted within the ticket.
        """
    @property
    def is_private(self, /) -> bool | None:
        """
        Whether it is hidden from the customer.
        """
    @property
    def note(self, /) -> str | None:
        """
        Its text.
        """
    @property
    def note_html(self, /) -> str | None:
        """
        Its text as HTML.
        """
    @property
    def others(self, /) -> dict[str, Any]:
        """
        Whatever else HaloPSA shows of it.
        """
    @property
    def outcome(self, /) -> str | None:
        """
        The name of its outcome.
        """
    @property
    def ticket(self, /) -> int | None:
        """
        The number of the ticket.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def who(self, /) -> str | None:
        """
        Who took it.
        """

@final
class Actions:
    """
    Actions of tickets. Notes are hidden from the customer and sent to nobody by mail; no other kind is offered.
    """
    def add(self, /, ticket: SupportsIndex, text: str, *, outcome: SupportsIndex | str, hours: SupportsFloat | SupportsIndex | None = None, who: str | None = None, important: bool = False, then_status: SupportsIndex | None = None, timeout: float | None = None) -> None:
        """
        Adds a private note. Sent at most once: ``OutcomeUnknown`` where its answer is lost; look for it then, as ``add_once`` does.

        ``outcome`` is the kind of action by its number or its name; 7 is *Internal Note* where nobody has changed it. ``hours`` books time, ``who``
        names who took it, ``then_status`` gives the ticket this status with the note.
        """
    def add_once(self, /, ticket: SupportsIndex, text: str, marker: str, *, outcome: SupportsIndex | str, hours: SupportsFloat | SupportsIndex | None = None, who: str | None = None, important: bool = False, then_status: SupportsIndex | None = None, timeout: float | None = None) -> Noted:
        """
        Adds a private note unless the ticket has one with this marker, which the text must hold; looks for it afterwards, and after a lost answer
        looks instead of sending it again. Arguments as of ``add``.
        """
    def find(self, /, ticket: SupportsIndex, marker: str, *, timeout: float | None = None) -> Action | None:
        """
        Returns the action of a ticket whose text holds this marker, or ``None``: the newest that is hidden from the customer, else the newest.
        """
    def newest(self, /, ticket: SupportsIndex, count: SupportsIndex = 50, *, timeout: float | None = None) -> List[Action]:
        """
        Returns the newest actions of a ticket, at most ``count`` if HaloPSA heeds it; those that the system took by itself are left out.
        """

@final
class Asset:
    """
    An asset: a device of a customer. A list shows less of it than ``Assets.get``.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, tag: str | None = None, customer: SupportsIndex | None = None, site: SupportsIndex | None = None, custom_fields: Mapping[str, Any] = ..., others: Mapping[str, Any] = ...) -> Asset: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def custom_fields(self, /) -> dict[str, Any]:
        """
        Its custom fields by their names; lists show none.
        """
    @property
    def customer(self, /) -> int | None:
        """
        The id of the customer that it belongs to.
        """
    @property
    def id(self, /) -> int:
        """
        Its id.
        """
    @property
    def others(self, /) -> dict[str, Any]:
        """
        Whatever else HaloPSA shows of it.
        """
    @property
    def site(self, /) -> int | None:
        """
        The id of the site that it stands at.
        """
    @property
    def tag(self, /) -> str | None:
        """
        What people know it by: its tag.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Assets:
    """
    Assets: devices of customers.
    """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Asset:
        """
        Returns the asset of this id, with its custom fields. ``NotFound`` when there is none, or the agent may not see it.
        """
    def list(self, /, customer: SupportsIndex | None = None) -> ListedAssets:
        """
        Lists the assets of a customer, or of all where none is named.
        """
    def update(self, /, id: SupportsIndex, fields: Mapping[str, Any], *, timeout: float | None = None) -> Asset:
        """
        Changes custom fields of an asset, reads them back, and returns the asset as it is then; as ``Customers.update``.
        """

@final
class Client:
    """
    A client for one tenant of HaloPSA. It logs in at its first call, keeps its connections, and may be used by several threads.

    ``base_url`` is the instance's own, such as ``https://example.halopsa.com``. The application logs in by *client credentials* and acts as an
    agent: what that agent may not see is missing from lists without a word. ``tenant`` is named where several share a host, ``scope`` are the
    scopes asked for (``all``); with ``discover`` the instance is asked where tokens are issued.

    Every call takes ``timeout=`` in seconds, beside the time-outs of the client. A read that it ends raises ``TransportError``, a write
    ``OutcomeUnknown``. ``attempts`` (8), ``backoff`` (1 and 60), ``deadline`` (420) and ``read_only`` as of ``dtc.ninjaone.Client``.
    """
    def __enter__(self, /) -> Client: ...
    def __exit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> None: ...
    def __new__(cls, /, *, base_url: str, client_id: str, client_secret: Secret | str, tenant: str | None = None, scope: str | None = None, discover: bool = False, attempts: SupportsIndex | None = None, backoff: tuple[float, float] | None = None, deadline: float | None = None, read_only: bool = False) -> Client: ...
    def __reduce__(self, /) -> tuple[str]:
        """
        Never.
        """
    def __repr__(self, /) -> str: ...
    @property
    def actions(self, /) -> Actions:
        """
        Actions of tickets.
        """
    @property
    def assets(self, /) -> Assets:
        """
        Assets.
        """
    def close(self, /) -> None:
        """
        Lets go of the connections: further calls raise ``RuntimeError``, and those under way end as they would.
        """
    @property
    def customers(self, /) -> Customers:
        """
        Customers.
        """
    def outcomes(self, /, ticket: SupportsIndex, *, timeout: float | None = None) -> List[Outcome]:
        """
        Returns the kinds of action that the agent may run on this ticket.
        """
    def run_report(self, /, report: SupportsIndex, *, timeout: float | None = None) -> List[dict[str, Any]]:
        """
        Runs a report that is stored in HaloPSA, and returns its rows as Python has JSON: for whatever else is in HaloPSA.
        """
    @property
    def sites(self, /) -> Sites:
        """
        Sites of customers.
        """
    def statuses(self, /, *, timeout: float | None = None) -> List[Status]:
        """
        Returns every status that the tenant knows.
        """
    @property
    def tickets(self, /) -> Tickets:
        """
        Tickets.
        """

@final
class Customer:
    """
    A customer. A list shows less of it than ``Customers.get``.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str | None = None, is_inactive: bool | None = None, custom_fields: Mapping[str, Any] = ..., others: Mapping[str, Any] = ...) -> Customer: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def custom_fields(self, /) -> dict[str, Any]:
        """
        Its custom fields by their names; lists show none.
        """
    @property
    def id(self, /) -> int:
        """
        Its id.
        """
    @property
    def is_inactive(self, /) -> bool | None:
        """
        Whether it is no customer any more.
        """
    @property
    def name(self, /) -> str | None:
        """
        Its name; neither unique nor stable.
        """
    @property
    def others(self, /) -> dict[str, Any]:
        """
        Whatever else HaloPSA shows of it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Customers:
    """
    Customers.
    """
    def find(self, /, name: str, *, timeout: float | None = None) -> List[Customer]:
        """
        Returns every customer of exactly this name; there may be none, or several.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Customer:
        """
        Returns the customer of this id, with its custom fields. ``NotFound`` when there is none, or the agent may not see it.
        """
    def list(self, /) -> ListedCustomers:
        """
        Lists every customer. None may mean that the agent may see none.
        """
    def search(self, /, text: str) -> ListedCustomers:
        """
        Lists customers in which HaloPSA finds this text. Where it looks is its own affair.
        """
    def update(self, /, id: SupportsIndex, fields: Mapping[str, Any], *, timeout: float | None = None) -> Customer:
        """
        Changes custom fields of a customer, reads them back, and returns the customer as it is then. A text sets its field, a number chooses an
        option of a dropdown, ``None`` empties it; fields that are not named stay.
        """

@final
class ListedAssets:
    """
    Assets, page after page as they are asked for.
    """
    def __iter__(self, /) -> ListedAssets: ...
    def __next__(self, /) -> Asset: ...

@final
class ListedCustomers:
    """
    Customers, page after page as they are asked for.
    """
    def __iter__(self, /) -> ListedCustomers: ...
    def __next__(self, /) -> Customer: ...

@final
class ListedSites:
    """
    Sites, page after page as they are asked for.
    """
    def __iter__(self, /) -> ListedSites: ...
    def __next__(self, /) -> Site: ...

@final
class ListedTickets:
    """
    Tickets, page after page as they are asked for.
    """
    def __iter__(self, /) -> ListedTickets: ...
    def __next__(self, /) -> Ticket: ...

@final
class Noted:
    """
    What became of a note that is to be there once.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, action: Action, is_new: bool) -> Noted: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def action(self, /) -> Action:
        """
        The action that holds it.
        """
    @property
    def is_new(self, /) -> bool:
        """
        Whether it was added now; else it was there before.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Outcome:
    """
    A kind of action that the agent may run on a ticket.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str) -> Outcome: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> int:
        """
        Its number; 7 is *Internal Note* where nobody has changed it.
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
class Site:
    """
    A site of a customer. A list shows less of it than ``Sites.get``.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str | None = None, customer: SupportsIndex | None = None, custom_fields: Mapping[str, Any] = ..., others: Mapping[str, Any] = ...) -> Site: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def custom_fields(self, /) -> dict[str, Any]:
        """
        Its custom fields by their names; lists show none.
        """
    @property
    def customer(self, /) -> int | None:
        """
        The id of the customer that it belongs to.
        """
    @property
    def id(self, /) -> int:
        """
        Its id.
        """
    @property
    def name(self, /) -> str | None:
        """
        Its name.
        """
    @property
    def others(self, /) -> dict[str, Any]:
        """
        Whatever else HaloPSA shows of it.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Sites:
    """
    Sites of customers.
    """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Site:
        """
        Returns the site of this id, with its custom fields. ``NotFound`` when there is none, or the agent may not see it.
        """
    def list(self, /) -> ListedSites:
        """
        Lists every site.
        """
    def of(self, /, customer: SupportsIndex, *, timeout: float | None = None) -> List[Site]:
        """
        Returns the sites of a customer.
        """

@final
class Status:
    """
    A status that tickets can have.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, name: str) -> Status: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def id(self, /) -> int:
        """
        Its number; 9 is *Closed* where nobody has changed it.
        """
    @property
    def name(self, /) -> str:
        """
        Its name; empty where it has none.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Ticket:
    """
    A ticket. A list shows less of it than ``Tickets.get``.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, id: SupportsIndex, summary: str | None = None, customer: SupportsIndex | None = None, customer_name: str | None = None, site: SupportsIndex | None = None, status: SupportsIndex | None = None, has_been_closed: bool | None = None, custom_fields: Mapping[str, Any] = ..., others: Mapping[str, Any] = ...) -> Ticket: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def custom_fields(self, /) -> dict[str, Any]:
        """
        Its custom fields by their names; lists show none.
        """
    @property
    def customer(self, /) -> int | None:
        """
        The id of the customer that it is for.
        """
    @property
    def customer_name(self, /) -> str | None:
        """
        That customer's name.
        """
    @property
    def has_been_closed(self, /) -> bool | None:
        """
        Whether it has been closed. A note on a closed ticket is refused, or opens it again, as the tenant is set up.
        """
    @property
    def id(self, /) -> int:
        """
        Its number.
        """
    @property
    def others(self, /) -> dict[str, Any]:
        """
        Whatever else HaloPSA shows of it.
        """
    @property
    def site(self, /) -> int | None:
        """
        The id of the customer's site.
        """
    @property
    def status(self, /) -> int | None:
        """
        The number of its status; what it means is the tenant's own, see ``Client.statuses``.
        """
    @property
    def summary(self, /) -> str | None:
        """
        Its title.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """

@final
class Tickets:
    """
    Tickets.
    """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Ticket:
        """
        Returns the ticket of this number, with its custom fields. ``NotFound`` when there is none, or the agent may not see it.
        """
    def list(self, /, *, customer: SupportsIndex | None = None, open_only: bool = False, search: str | None = None) -> ListedTickets:
        """
        Lists tickets: of one customer, only open ones, those in which HaloPSA finds a text. None may mean that the agent may see none. A
        ticket that a filter excludes ends the list with ``ApiError``, since HaloPSA then ignored the filter.
        """
    def update(self, /, id: SupportsIndex, *, status: SupportsIndex | None = None, fields: Mapping[str, Any] | None = None, timeout: float | None = None) -> Ticket:
        """
        Changes a ticket's status, its custom fields or both, reads it back, and returns it as it is then. Fields as ``Customers.update`` takes
        them. ``ApiError`` of the kind ``not_stored`` where the change does not show afterwards.
        """
