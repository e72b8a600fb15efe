"""
Simulated services in this process: Backblaze B2, a TrueNAS appliance, NinjaOne, IT Glue and HaloPSA, over real sockets of this machine.
"""

from datetime import timedelta
from os import PathLike
from typing import Any, SupportsIndex, final

__all__ = ["AddressOfB2", "AddressOfHalo", "AddressOfItGlue", "AddressOfNinja", "AddressOfTrueNas", "Appliance", "Fault", "Mark", "Simulator"]

@final
class AddressOfB2:
    """
    Where the simulated B2 answers, and a key that may do everything.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, url: str, key_id: str, application_key: str) -> AddressOfB2: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def application_key(self, /) -> str:
        """
        The key itself: a test value, which opens nothing else.
        """
    @property
    def key_id(self, /) -> str:
        """
        The id of the key.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def url(self, /) -> str:
        """
        The URL to log in at.
        """

@final
class AddressOfHalo:
    """
    Where the simulated HaloPSA answers.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, url: str, client_id: str, client_secret: str, tenant: str | None = None, ticket: SupportsIndex) -> AddressOfHalo: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def client_id(self, /) -> str:
        """
        The application's id.
        """
    @property
    def client_secret(self, /) -> str:
        """
        The application's secret.
        """
    @property
    def tenant(self, /) -> str | None:
        """
        The tenant to name when asking for a token, where it wants one.
        """
    @property
    def ticket(self, /) -> int:
        """
        The number of a ticket of the client that is backed up.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def url(self, /) -> str:
        """
        The base URL.
        """

@final
class AddressOfItGlue:
    """
    Where the simulated IT Glue answers.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, url: str, api_key: str) -> AddressOfItGlue: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def api_key(self, /) -> str:
        """
        The API key.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def url(self, /) -> str:
        """
        The base URL.
        """

@final
class AddressOfNinja:
    """
    Where the simulated NinjaOne answers.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, url: str, client_id: str, client_secret: str) -> AddressOfNinja: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def client_id(self, /) -> str:
        """
        The application's id.
        """
    @property
    def client_secret(self, /) -> str:
        """
        The application's secret.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def url(self, /) -> str:
        """
        The base URL.
        """

@final
class AddressOfTrueNas:
    """
    Where the simulated appliance answers.
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __hash__(self, /) -> int: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __new__(cls, /, *, url: str, fingerprint: str, api_key: str, read_only_api_key: str) -> AddressOfTrueNas: ...
    def __reduce__(self, /) -> tuple[Any, tuple[()]]: ...
    def __repr__(self, /) -> str: ...
    @property
    def api_key(self, /) -> str:
        """
        An API key that may do everything.
        """
    @property
    def fingerprint(self, /) -> str:
        """
        SHA-256 of its certificate: 64 hexadecimal digits.
        """
    @property
    def read_only_api_key(self, /) -> str:
        """
        An API key that may only read.
        """
    def to_dict(self, /) -> dict[str, Any]:
        """
        The fields by their names, with values in them turned into dictionaries as well.
        """
    @property
    def url(self, /) -> str:
        """
        ``wss://127.0.0.1:…``.
        """

@final
class Appliance:
    """
    One simulated appliance, to be prepared as a person would at it.
    """
    def add_dataset(self, /, name: str) -> None:
        """
        Adds a dataset with an empty file system.
        """
    @property
    def address(self, /) -> str:
        """
        The address that it says it has: the ``host`` of a replication.
        """
    def encrypt_dataset(self, /, name: str, *, passphrase: str | None = None, key: str | None = None) -> None:
        """
        Encrypts a dataset, as if it had been made so: with a ``passphrase``, or with a ``key`` of 64 hexadecimal digits, which the appliance keeps.
        """
    def lock_dataset(self, /, name: str) -> None:
        """
        Locks a dataset.
        """
    def set_user_property(self, /, dataset: str, name: str, value: str) -> None:
        """
        Sets a user property of a dataset, or of a pool.
        """
    def take_snapshots(self, /, dataset: str, schema: str) -> None:
        """
        Has an hourly snapshot task take snapshots of a dataset and those below it, an hour from now by the simulation's clock.
        """
    def write_file(self, /, path: str, contents: bytes) -> None:
        """
        Writes a file, by its path below ``/mnt``.
        """

@final
class Fault:
    """
    Something that goes wrong with a request.

    >>> Fault.refuse(503, "service_unavailable", "busy")
    Fault(Refuse { status: 503, code: "service_unavailable", message: "busy", retry_after: None })
    """
    def __eq__(self, value: object, /) -> bool: ...
    def __ne__(self, value: object, /) -> bool: ...
    def __repr__(self, /) -> str: ...
    @staticmethod
    def alter(pointer: str, json: str) -> Fault:
        """
        The service takes in another value, given as JSON, at this JSON pointer of the request.
        """
    @staticmethod
    def drop_connection() -> Fault:
        """
        The connection is cut, and no byte of an answer is sent.
        """
    @staticmethod
    def expire_token() -> Fault:
        """
        The token that the request shows is no longer valid.
        """
    @staticmethod
    def html(status: SupportsIndex) -> Fault:
        """
        A proxy in front of the service answers with a page and this status.
        """
    @staticmethod
    def leave_out(pointer: str) -> Fault:
        """
        The service does not take in the member at this JSON pointer of the request.
        """
    @staticmethod
    def refuse(status: SupportsIndex, code: str, message: str = "", *, retry_after: str | None = None) -> Fault:
        """
        The service answers with an error of its own shape.
        """
    @staticmethod
    def stall(duration: timedelta) -> Fault:
        """
        Nothing happens for this long; then the request goes on.
        """
    @staticmethod
    def truncate_body() -> Fault:
        """
        The answer is announced whole and ends in the middle.
        """

@final
class Mark:
    """
    A place in the transcript.
    """

@final
class Simulator:
    """
    Simulated services in this process. Dropping it, or leaving its ``with``, ends it. 1Password Connect runs too, but
    has no address here. ``release`` is the appliance's TrueNAS: ``"13.3"`` (CORE), ``"24.10"``, ``"25.04"``,
    ``"25.10"`` or ``"26.0"``; its backups run with ``rclone``, or an engine of the simulator's own. ``appliances`` are further ones: the release of
    each by its name.

    >>> with Simulator(seed=7) as sim:
    ...     sim.fail("b2", "b2_list_buckets", Fault.refuse(503, "service_unavailable"))
    ...     sim.b2.url.startswith("http://127.0.0.1:"), sim.requests
    (True, 0)
    """
    def __enter__(self, /) -> Simulator: ...
    def __exit__(self, /, _kind: Any | None = None, _error: Any | None = None, _trace: Any | None = None) -> None: ...
    def __new__(cls, /, *, seed: SupportsIndex = 0, transcript_file: str | PathLike[str] | None = None, release: str = "25.10", rclone: str | PathLike[str] | None = None, appliances: dict[str, str] = ...) -> Simulator: ...
    def __repr__(self, /) -> str: ...
    def add_halo_client(self, /, name: str) -> int:
        """
        Adds a client to HaloPSA, as a person would there, and returns its number; its name need not be its own.
        """
    def add_itglue_configuration_type(self, /, name: str) -> int:
        """
        Adds a type of configurations to IT Glue, as a person would there, and returns its id.
        """
    def advance(self, /, by: timedelta) -> None:
        """
        Puts the clock of all services forward.
        """
    def appliance(self, /, name: str | None = None) -> Appliance:
        """
        An appliance, to be prepared as a person would at it: the first one, or one of ``appliances`` by its name.
        """
    @property
    def b2(self, /) -> AddressOfB2:
        """
        Where B2 answers.
        """
    def calls(self, /, since: Mark | None = None) -> dict[tuple[str, str], int]:
        """
        How often each operation was called, by service and operation; requests that had no effect are not counted.
        """
    def clear_faults(self, /) -> None:
        """
        Forgets every fault and latency.
        """
    def fail(self, /, service: str, operation: str, fault: Fault, *, nth: SupportsIndex = 1, times: SupportsIndex = 1, after_effect: bool = False) -> None:
        """
        Lets requests for an operation go wrong: from the ``nth`` on, counted from now, as many ``times``. Services are ``b2``, ``truenas``,
        ``ninja``, ``itglue`` and ``halo``; ``"*"`` stands for every service or operation.

        With ``after_effect`` the request has its effect, and the fault happens instead of the answer.
        """
    @property
    def halo(self, /) -> AddressOfHalo:
        """
        Where HaloPSA answers.
        """
    @property
    def itglue(self, /) -> AddressOfItGlue:
        """
        Where IT Glue answers.
        """
    def latency(self, /, each: timedelta) -> None:
        """
        Delays every request by this much.
        """
    def mark(self, /) -> Mark:
        """
        The present place in the transcript, from which ``calls`` and ``transcript`` can begin.
        """
    @property
    def ninja(self, /) -> AddressOfNinja:
        """
        Where NinjaOne answers.
        """
    def put(self, /, bucket: str, name: str, content: bytes) -> str:
        """
        Puts a file into a bucket of B2 without its API, and returns the version's id.
        """
    def read(self, /, bucket: str, name: str) -> bytes | None:
        """
        Reads the newest version of a file in B2 without its API; ``None`` if there is none.
        """
    @property
    def requests(self, /) -> int:
        """
        How many requests came since the start or the last ``clear_faults``, those that a fault cut among them.
        """
    def site_tables(self, /) -> dict[str, Any]:
        """
        The tables of a site file for what is simulated, with its secrets as :class:`dtc.crypt.Secret`: what ``SiteFile.from_dict`` takes. The
        simulated client has a ticket in HaloPSA, which the site names.
        """
    def stop(self, /) -> None:
        """
        Ends everything after the requests that are being served, within two seconds.
        """
    def transcript(self, /, since: Mark | None = None) -> list[str]:
        """
        Every request that had an effect, and its answer, as one JSON text each.
        """
    @property
    def truenas(self, /) -> AddressOfTrueNas:
        """
        Where the appliance answers.
        """
