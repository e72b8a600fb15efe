"""What can go wrong: one class per reaction, all of them a :class:`DtcError`.

>>> from dtc.naming import PoolName
>>> try:
...     PoolName("raidz2")
... except ValidationError as error:
...     print(error.rule, error.kind, error.input[slice(*error.span)])
N5 reserved raidz
"""

from __future__ import annotations

__all__ = [
    "ApiError",
    "AuthError",
    "Conflict",
    "DataAtRisk",
    "DtcError",
    "Incomplete",
    "NotFound",
    "OutcomeUnknown",
    "ProvisionError",
    "RateLimited",
    "Refused",
    "TransportError",
    "ValidationError",
]


class DtcError(Exception):
    """Anything that this package raises.

    Its text says what was attempted, on what, what came back, and what to do. It never holds a secret.
    """

    code: str = "DTC-COMMAND-FAILED"
    """By which it is found in ``docs/errors.md``; it stays the same when the text changes."""
    kind: str
    """What went wrong, as one lower-case word."""
    operation: str | None
    """The operation that was attempted, as its service calls it."""
    retryable: bool
    """Whether the same call may succeed later."""
    service_code: str | None
    """The code by which the service named the failure."""
    unknown_outcome: bool = False
    """Whether the call may have taken effect although its answer was lost: look before doing it again."""
    remedy: str = ""
    """What to do about it; empty where the text says all there is."""
    status: int | None = None
    """The HTTP status, where a service answered."""
    also: tuple[str, ...] = ()
    """What else stops the work and was found in the same look, a sentence each."""
    request_id: str | None = None
    """The id under which the service's support finds the request."""

    def __init__(
        self,
        message: str,
        kind: str = "",
        operation: str | None = None,
        retryable: bool = False,
        service_code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.operation = operation
        self.retryable = retryable
        self.service_code = service_code


class ValidationError(DtcError, ValueError):
    """An input that is not what it was taken for. Correct it; nothing was written."""

    subject: str
    """What the input was taken for: ``"bucket name"``."""
    input: str
    """The input, whole and as it came."""
    rule: str
    """The rule of the provisioning standard that it breaks: ``"N2"``."""
    span: tuple[int, int]
    """Where in the input: a slice of it, empty where something is missing."""
    problem: str
    """What is wrong there."""
    remedy: str
    """What to do about it."""

    def __init__(
        self,
        message: str,
        kind: str = "",
        subject: str = "",
        input: str = "",
        rule: str = "",
        span: tuple[int, int] = (0, 0),
        problem: str = "",
        remedy: str = "",
    ) -> None:
        super().__init__(message, kind)
        self.code = f"DTC-RULE-{rule.upper()}" if rule else "DTC-COMMAND-ARGUMENTS"
        self.subject = subject
        self.input = input
        self.rule = rule
        self.span = span
        self.problem = problem
        self.remedy = remedy


class ApiError(DtcError):
    """A service said no."""

    code = "DTC-SERVICE-REFUSED"


class AuthError(ApiError):
    """The service does not know the credentials, or they do not permit the call."""

    code = "DTC-SERVICE-CREDENTIALS"


class NotFound(ApiError):
    """What the call is about does not exist."""

    code = "DTC-SERVICE-NOT-FOUND"


class Conflict(ApiError):
    """It exists already, or somebody else changed it meanwhile."""

    code = "DTC-SERVICE-CONFLICT"


class RateLimited(ApiError):
    """Too many calls; the service asks for fewer."""

    code = "DTC-SERVICE-RATE-LIMITED"
    retry_after: float | None = None
    """How many seconds to wait, if the service said so."""


class TransportError(DtcError, ConnectionError):
    """The service was not reached, or did not answer in time; nothing was changed."""

    code = "DTC-SERVICE-UNREACHABLE"


class OutcomeUnknown(DtcError):
    """The call was sent and no answer came: nobody knows whether it happened. Look before doing it again."""

    code = "DTC-SERVICE-OUTCOME-UNKNOWN"
    unknown_outcome = True
    remedy = "look what has become of it before doing it again"


class Refused(DtcError):
    """A safety rule forbids to go on. Nothing was written."""

    code = "DTC-COMMAND-DECISION"


class DataAtRisk(DtcError):
    """Backups cannot be opened, or are not protected as they should be. A person must act."""

    code = "DTC-CRYPT-DATA-AT-RISK"

    report: object | None = None
    """Of work on many files: its result, with everything that failed and everything that did not."""


class Incomplete(DtcError):
    """Part of it could not be done. The rest was; run it again to go on."""

    code = "DTC-CRYPT-INCOMPLETE"

    report: object | None = None
    """Its result, with everything that failed and everything that did not."""


class ProvisionError(DtcError):
    """A step was not what it must be: a secret that the vault does not give back, a setting that reads back differently, a first run that
    failed, a checklist with failures. What was done stays done.

    ``code`` says which; running again does the rest once it is put right.
    """

    code = "DTC-COMMAND-FAILED"
