"""
The same calls for asyncio: each returns a coroutine.
"""

from . import Action, Asset, Customer, Noted, Outcome, Site, Status, Ticket
from ..crypt import Secret
from collections.abc import Coroutine, Mapping
from typing import Any, List, SupportsFloat, SupportsIndex, final

__all__ = ["Actions", "Assets", "Client", "Customers", "ListedAssets", "ListedCustomers", "ListedSites", "ListedTickets", "Sites", "Tickets"]

@final
class Actions:
    """
    Actions of tickets. Notes are hidden from the customer and sent to nobody by mail; no other kind is offered.
    """
    def add(self, /, ticket: SupportsIndex, text: str, *, outcome: SupportsIndex | str, hours: SupportsFloat | SupportsIndex | None = None, who: str | None = None, important: bool = False, then_status: SupportsIndex | None = None, timeout: float | None = None) -> Coroutine[Any, Any, None]:
        """
        Adds a private note. Sent at most once: ``OutcomeUnknown`` where its answer is lost; look for it then, as ``add_once`` does.

        ``outcome`` is the kind of action by its number or its name; 7 is *Internal Note* where nobody has changed it. ``hours`` books time, ``who``
        names who took it, ``then_status`` gives the ticket this status with the note.
        """
    def add_once(self, /, ticket: SupportsIndex, text: str, marker: str, *, outcome: SupportsIndex | str, hours: SupportsFloat | SupportsIndex | None = None, who: str | None = None, important: bool = False, then_status: SupportsIndex | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Noted]:
        """
        Adds a private note unless the ticket has one with this marker, which the text must hold; looks for it afterwards, and after a lost answer
        looks instead of sending it again. Arguments as of ``add``.
        """
    def find(self, /, ticket: SupportsIndex, marker: str, *, timeout: float | None = None) -> Coroutine[Any, Any, Action | None]:
        """
        Returns the action of a ticket whose text holds this marker, or ``None``: the newest that is hidden from the customer, else the newest.
        """
    def newest(self, /, ticket: SupportsIndex, count: SupportsIndex = 50, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Action]]:
        """
        Returns the newest actions of a ticket, at most ``count`` if HaloPSA heeds it; those that the system took by itself are left out.
        """

@final
class Assets:
    """
    Assets: devices of customers.
    """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Asset]:
        """
        Returns the asset of this id, with its custom fields. ``NotFound`` when there is none, or the agent may not see it.
        """
    def list(self, /, customer: SupportsIndex | None = None) -> ListedAssets:
        """
        Lists the assets of a customer, or of all where none is named.
        """
    def update(self, /, id: SupportsIndex, fields: Mapping[str, Any], *, timeout: float | None = None) -> Coroutine[Any, Any, Asset]:
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
    def __aenter__(self, /) -> Coroutine[Any, Any, Client]: ...
    def __aexit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> Coroutine[Any, Any, None]: ...
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
    def outcomes(self, /, ticket: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Outcome]]:
        """
        Returns the kinds of action that the agent may run on this ticket.
        """
    def run_report(self, /, report: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, List[dict[str, Any]]]:
        """
        Runs a report that is stored in HaloPSA, and returns its rows as Python has JSON: for whatever else is in HaloPSA.
        """
    @property
    def sites(self, /) -> Sites:
        """
        Sites of customers.
        """
    def statuses(self, /, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Status]]:
        """
        Returns every status that the tenant knows.
        """
    @property
    def tickets(self, /) -> Tickets:
        """
        Tickets.
        """

@final
class Customers:
    """
    Customers.
    """
    def find(self, /, name: str, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Customer]]:
        """
        Returns every customer of exactly this name; there may be none, or several.
        """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Customer]:
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
    def update(self, /, id: SupportsIndex, fields: Mapping[str, Any], *, timeout: float | None = None) -> Coroutine[Any, Any, Customer]:
        """
        Changes custom fields of a customer, reads them back, and returns the customer as it is then. A text sets its field, a number chooses an
        option of a dropdown, ``None`` empties it; fields that are not named stay.
        """

@final
class ListedAssets:
    """
    Assets, page after page as they are asked for.
    """
    def __aiter__(self, /) -> ListedAssets: ...
    def __anext__(self, /) -> Coroutine[Any, Any, Asset]: ...

@final
class ListedCustomers:
    """
    Customers, page after page as they are asked for.
    """
    def __aiter__(self, /) -> ListedCustomers: ...
    def __anext__(self, /) -> Coroutine[Any, Any, Customer]: ...

@final
class ListedSites:
    """
    Sites, page after page as they are asked for.
    """
    def __aiter__(self, /) -> ListedSites: ...
    def __anext__(self, /) -> Coroutine[Any, Any, Site]: ...

@final
class ListedTickets:
    """
    Tickets, page after page as they are asked for.
    """
    def __aiter__(self, /) -> ListedTickets: ...
    def __anext__(self, /) -> Coroutine[Any, Any, Ticket]: ...

@final
class Sites:
    """
    Sites of customers.
    """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Site]:
        """
        Returns the site of this id, with its custom fields. ``NotFound`` when there is none, or the agent may not see it.
        """
    def list(self, /) -> ListedSites:
        """
        Lists every site.
        """
    def of(self, /, customer: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, List[Site]]:
        """
        Returns the sites of a customer.
        """

@final
class Tickets:
    """
    Tickets.
    """
    def get(self, /, id: SupportsIndex, *, timeout: float | None = None) -> Coroutine[Any, Any, Ticket]:
        """
        Returns the ticket of this number, with its custom fields. ``NotFound`` when there is none, or the agent may not see it.
        """
    def list(self, /, *, customer: SupportsIndex | None = None, open_only: bool = False, search: str | None = None) -> ListedTickets:
        """
        Lists tickets: of one customer, only open ones, those in which HaloPSA finds a text. None may mean that the agent may see none. A
        ticket that a filter excludes ends the list with ``ApiError``, since HaloPSA then ignored the filter.
        """
    def update(self, /, id: SupportsIndex, *, status: SupportsIndex | None = None, fields: Mapping[str, Any] | None = None, timeout: float | None = None) -> Coroutine[Any, Any, Ticket]:
        """
        Changes a ticket's status, its custom fields or both, reads it back, and returns it as it is then. Fields as ``Customers.update`` takes
        them. ``ApiError`` of the kind ``not_stored`` where the change does not show afterwards.
        """
