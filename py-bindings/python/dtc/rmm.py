"""What a script that is pasted into an RMM needs around its work: inputs, log, lines, exit code, summary, custom fields.

Such a script gets its inputs as environment variables, in one of two spellings (``BUCKET_NAME`` or ``BucketName``); runs unattended
where ``RMM`` is ``1``; prints lines like ``  [OK] …``; and ends with 0 (all done), 1 (failed), 2 (partly done) or 99 (configured wrongly).

>>> inputs = Inputs.from_env({"RMM": "1", "BucketName": "truenas-1", "DRY_RUN": "0"})
>>> inputs.unattended, inputs.text("BUCKET_NAME"), inputs.boolean("DRY_RUN")
(True, 'truenas-1', False)
>>> import sys
>>> report = Report(out=sys.stdout)
>>> report.ok("truenas-1", "as it should be")
  [OK] truenas-1: as it should be
>>> report.fail("truenas-2", "has no object lock")
  [FAIL] truenas-2: has no object lock
>>> report.exit_code
<ScriptExit.PARTLY: 2>
"""

from __future__ import annotations

import html
import os
import pathlib
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum, IntEnum
from types import TracebackType
from typing import NamedTuple, TextIO, overload

from .crypt import Secret
from .exceptions import ApiError, DtcError, Incomplete, NotFound, OutcomeUnknown, TransportError, ValidationError
from .exit_codes import ExitCode

__all__ = [
    "HTML_LIMIT",
    "TEXT_LIMIT",
    "Inputs",
    "Outcome",
    "Report",
    "Row",
    "ScriptExit",
    "exit_code",
    "field_program",
    "html_table",
    "log_path",
    "read_field",
    "run",
    "summary_table",
    "write_field",
]

TEXT_LIMIT = 200
"""Characters that a text field of NinjaOne holds, unless its definition says otherwise."""
HTML_LIMIT = 200_000
"""Characters that :func:`html_table` returns at most, unless it is asked for fewer."""

_NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")
_SCRIPT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}")
_TRUE = frozenset({"1", "true"})
_FALSE = frozenset({"0", "false"})


class ScriptExit(IntEnum):
    """How a script ends, as the RMM reads it."""

    DONE = 0
    """everything was done, or there was nothing to do"""
    FAILED = 1
    """nothing was done, or something must be looked at"""
    PARTLY = 2
    """part of it was done"""
    CONFIGURATION = 99
    """an input is missing or is not what it should be; nothing was done"""


_EXITS = {
    ExitCode.DONE: ScriptExit.DONE,
    ExitCode.ERROR: ScriptExit.FAILED,
    ExitCode.DIFFERS: ScriptExit.PARTLY,
    ExitCode.USAGE: ScriptExit.CONFIGURATION,
    ExitCode.PRECONDITION: ScriptExit.FAILED,
    ExitCode.DECISION: ScriptExit.FAILED,
    ExitCode.DATA_AT_RISK: ScriptExit.FAILED,
    ExitCode.INCOMPLETE: ScriptExit.PARTLY,
    ExitCode.INTERRUPTED: ScriptExit.FAILED,
}


_EXITS_BY_CODE = {"DTC-SITE-UNREADABLE": ScriptExit.CONFIGURATION, "DTC-VERIFY-FAILED": ScriptExit.PARTLY}
"""Errors that end as their classes do not say."""


def exit_code(ending: ExitCode | int | BaseException) -> ScriptExit:
    """Returns how a script ends after the ``dtc`` program ended with this code, or after this exception.

    An exception ends as the program would with the same error. A code that the program does not have counts as a failure.

    >>> exit_code(ExitCode.INCOMPLETE), exit_code(77)
    (<ScriptExit.PARTLY: 2>, <ScriptExit.FAILED: 1>)
    >>> exit_code(ValidationError("no such bucket name"))
    <ScriptExit.CONFIGURATION: 99>
    """
    if (ended := _EXITS_BY_CODE.get(getattr(ending, "code", ""))) is not None:
        return ended
    if isinstance(ending, ValidationError):
        return ScriptExit.CONFIGURATION
    if isinstance(ending, Incomplete):
        return ScriptExit.PARTLY
    if isinstance(ending, BaseException):
        return ScriptExit.FAILED
    try:
        return _EXITS[ExitCode(ending)]
    except ValueError:
        return ScriptExit.FAILED


def _wrong_input(name: str, value: str, problem: str, remedy: str) -> ValidationError:
    text = f"the input {name} {problem}; {remedy}"
    return ValidationError(text, "input", "input", value, "", (0, len(value)), problem, remedy)


def _spellings(name: str) -> tuple[str, str]:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of an input: write it as FOO_BAR")
    return name, "".join(word[0] + word[1:].lower() for word in name.split("_"))


class _Required(Enum):
    REQUIRED = "required"


class Inputs:
    """A script's inputs, from environment variables.

    Each is named as ``FOO_BAR`` and found under that name or as ``FooBar``. An empty variable counts as missing, since an RMM passes
    empty text for what was left out. Where an input is missing and ``CUSTOM_FIELD_FOO_BAR`` (or ``CustomFieldFooBar``) is there, that holds
    the *name* of a custom field of NinjaOne, whose value is taken.

    >>> fields = {"backupBucket": "truenas-1"}
    >>> inputs = Inputs.from_env({"CUSTOM_FIELD_BUCKET": "backupBucket"}, read_field=fields.get)
    >>> inputs.field("BUCKET"), inputs.text("BUCKET"), inputs.text("PREFIX", "all")
    ('backupBucket', 'truenas-1', 'all')
    """

    __slots__ = ("_environ", "_read")

    def __init__(self, environ: Mapping[str, str], read_field: Callable[[str], str | None]) -> None:
        self._environ = dict(environ)
        self._read = read_field

    @classmethod
    def from_env(
        cls,
        environ: Mapping[str, str] | None = None,
        *,
        read_field: Callable[[str], str | None] | None = None,
    ) -> Inputs:
        """Takes the inputs from the process's environment, or from ``environ``; ``read_field`` reads a custom field by its name
        (usually :func:`read_field`)."""
        return cls(os.environ if environ is None else environ, _field_reader(read_field))

    def __repr__(self) -> str:
        return f"Inputs(unattended={self.unattended})"

    def __reduce__(self) -> str:
        raise TypeError("inputs are not pickled: there are secrets among them")

    @property
    def unattended(self) -> bool:
        """Whether nobody is there to answer: ``RMM`` is ``1``."""
        return self._environ.get("RMM", "").strip() == "1"

    def _variable(self, name: str) -> str | None:
        found: str | None = None
        for spelling in _spellings(name):
            value = self._environ.get(spelling, "").strip()
            if value and found not in (None, value):
                raise _wrong_input(name, "", "is given twice, with different values", "leave one spelling out")
            found = value or found
        return found

    def field(self, name: str) -> str | None:
        """Returns the name of the custom field that stands for an input: what ``CUSTOM_FIELD_FOO_BAR`` holds.

        A script writes its result there, by :func:`write_field`. ``ValidationError`` if it is no name of a field.
        """
        field = self._variable(f"CUSTOM_FIELD_{name}")
        if field is not None and not _FIELD.fullmatch(field):
            raise _wrong_input(
                f"CUSTOM_FIELD_{name}", field, "holds no name of a custom field", "put the field's name there, not its value"
            )
        return field

    def _value(self, name: str) -> str | None:
        value = self._variable(name)
        if value is not None:
            return value
        field = self.field(name)
        return None if field is None else (self._read(field) or "").strip() or None

    def _required(self, name: str) -> str:
        value = self._value(name)
        if value is None:
            raise _wrong_input(name, "", "is missing", f"set {' or '.join(_spellings(name))}")
        return value

    @overload
    def text(self, name: str, default: _Required = _Required.REQUIRED) -> str: ...
    @overload
    def text(self, name: str, default: str | None) -> str | None: ...
    def text(self, name: str, default: str | None | _Required = _Required.REQUIRED) -> str | None:
        """Returns an input as text, without the spaces around it; ``default`` where it is missing, else ``ValidationError``."""
        if isinstance(default, _Required):
            return self._required(name)
        value = self._value(name)
        return default if value is None else value

    def secret(self, name: str) -> Secret:
        """Returns an input that must not be shown; ``ValidationError`` where it is missing."""
        return Secret(self._required(name))

    def boolean(self, name: str, default: bool | None = None) -> bool:
        """Returns a check box: ``1`` or ``true``, ``0`` or ``false``; ``default`` where it is missing, else ``ValidationError``."""
        value = self._value(name)
        if value is None and default is not None:
            return default
        text = self._required(name) if value is None else value
        if text.lower() in _TRUE:
            return True
        if text.lower() in _FALSE:
            return False
        raise _wrong_input(name, text, "is neither 1 nor 0", "tick the box, or leave it empty")

    def integer(self, name: str, default: int | None = None, *, least: int = 0, most: int = 2**63 - 1) -> int:
        """Returns a whole number within bounds; ``default`` where it is missing, else ``ValidationError``.

        >>> Inputs.from_env({"KEEP_DAYS": "30"}).integer("KEEP_DAYS", least=1, most=3000)
        30
        """
        value = self._value(name)
        if value is None and default is not None:
            return default
        text = self._required(name) if value is None else value
        if not re.fullmatch(r"-?[0-9]{1,19}", text) or not least <= int(text) <= most:
            raise _wrong_input(name, text, f"is no whole number from {least} to {most}", "correct it")
        return int(text)

    def choice(self, name: str, choices: Sequence[str], default: str | None = None) -> str:
        """Returns one of the choices, whatever its case; ``default`` where it is missing, else ``ValidationError``."""
        value = self._value(name)
        if value is None and default is not None:
            return default
        text = self._required(name) if value is None else value
        for one in choices:
            if one.lower() == text.lower():
                return one
        raise _wrong_input(name, text, f"is none of {', '.join(choices)}", "choose one of them")


def log_path(script: str, environ: Mapping[str, str] | None = None, *, windows: bool = os.name == "nt") -> pathlib.PurePath:
    r"""Returns where a script's log belongs: ``<RMMScriptPath>\logs`` if the RMM says so, else ``%WINDIR%\logs``; ``/var/log`` elsewhere.

    >>> str(log_path("bucket-audit", {"WINDIR": r"C:\Windows"}, windows=True))
    'C:\\Windows\\logs\\bucket-audit.log'
    >>> str(log_path("bucket-audit", {"RMMScriptPath": r"D:\rmm"}, windows=True))
    'D:\\rmm\\logs\\bucket-audit.log'
    """
    if not _SCRIPT.fullmatch(script) or script.endswith((".", " ")):
        raise ValueError(f"{script!r} is no name for a script's log: letters, digits, dots, dashes and spaces")
    environ = os.environ if environ is None else environ
    kind: type[pathlib.PurePath] = pathlib.PureWindowsPath if windows else pathlib.PurePosixPath
    folder = environ.get("RMMScriptPath", "").strip()
    if folder:
        return kind(folder) / "logs" / f"{script}.log"
    if windows:
        return kind(environ.get("WINDIR") or r"C:\Windows") / "logs" / f"{script}.log"
    return kind("/var/log") / f"{script}.log"


class Outcome(str, Enum):
    """What became of one thing that a script worked on."""

    _value_: str

    def __new__(cls, value: str) -> Outcome:
        outcome = str.__new__(cls, value)
        outcome._value_ = value
        return outcome

    OK = "OK"
    SKIP = "SKIP"
    WARN = "WARN"
    FAIL = "FAIL"


class Row(NamedTuple):
    """One line of a report."""

    outcome: Outcome
    subject: str
    detail: str


def _line(text: str) -> str:
    """Text on one line, without what cannot be seen or would turn the text around."""
    shown = (" " if c.isspace() else "�" if unicodedata.category(c)[0] == "C" else c for c in text)
    return "".join(shown)


class Report:
    """What a script did, line by line: printed, written to its log, and summed up in its exit code.

    ``log`` is a file to append to; its folder is made. A log that cannot be written does not stop the work: the report says so once.
    As a context manager it closes the log.
    """

    def __init__(self, *, log: str | os.PathLike[str] | None = None, out: TextIO | None = None) -> None:
        self._rows: list[Row] = []
        self._out = sys.stdout if out is None else out
        self._log: TextIO | None = None
        self._ended: ScriptExit | None = None
        if log is not None:
            try:
                path = pathlib.Path(log)
                path.parent.mkdir(parents=True, exist_ok=True)
                self._log = path.open("a", encoding="utf-8", errors="backslashreplace")
            except OSError as error:
                self._print(f"  [WARN] the log cannot be written: {error}")

    def _print(self, line: str) -> None:
        encoding = getattr(self._out, "encoding", None) or "utf-8"
        print(line.encode(encoding, "backslashreplace").decode(encoding), file=self._out, flush=True)
        if self._log is not None:
            try:
                print(line, file=self._log, flush=True)
            except OSError as error:
                self._log = None
                print(f"  [WARN] the log cannot be written: {error}", file=self._out)

    def _add(self, outcome: Outcome, subject: str, detail: str) -> None:
        row = Row(outcome, _line(subject), _line(detail))
        self._rows.append(row)
        self._print(f"  [{outcome.value}] {row.subject}{': ' if row.detail else ''}{row.detail}")

    def ok(self, subject: str, detail: str = "") -> None:
        """It was done, or is as it should be."""
        self._add(Outcome.OK, subject, detail)

    def skip(self, subject: str, detail: str = "") -> None:
        """There was nothing to do."""
        self._add(Outcome.SKIP, subject, detail)

    def warn(self, subject: str, detail: str = "") -> None:
        """It was done, and somebody should look at it. Does not change the exit code."""
        self._add(Outcome.WARN, subject, detail)

    def fail(self, subject: str, detail: str | BaseException = "") -> None:
        """It was not done; an exception's text says why."""
        self._add(Outcome.FAIL, subject, str(detail))

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every line so far."""
        return tuple(self._rows)

    @property
    def exit_code(self) -> ScriptExit:
        """0 without a failed line, 1 if every line failed, else 2; 99 if :func:`run` found the configuration wrong before anything was done."""
        if self._ended is not None:
            return self._ended
        failed = sum(row.outcome is Outcome.FAIL for row in self._rows)
        if failed == 0:
            return ScriptExit.DONE
        return ScriptExit.FAILED if failed == len(self._rows) else ScriptExit.PARTLY

    def summary(self) -> str:
        """Returns the table for the end of the output."""
        return summary_table(("Result", "Subject", "Detail"), self._rows)

    def html(self, limit: int = HTML_LIMIT) -> str:
        """Returns the table for a custom field, see :func:`html_table`."""
        return html_table(("Result", "Subject", "Detail"), self._rows, limit=limit)

    def close(self) -> None:
        """Closes the log."""
        if self._log is not None:
            self._log.close()
            self._log = None

    def __enter__(self) -> Report:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def run(script: str, work: Callable[[Inputs, Report], None], *, environ: Mapping[str, str] | None = None) -> ScriptExit:
    """Runs a whole script: takes its inputs, opens its log, does the ``work``, prints the summary, and returns the exit code.

    An exception of :mod:`dtc`, or of the operating system, becomes a failed line. Anything else is a defect of the script: it is raised.

    >>> import tempfile
    >>> def work(inputs: Inputs, report: Report) -> None:
    ...     report.ok(inputs.text("BUCKET"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     int(run("example", work, environ={"RMMScriptPath": folder, "BUCKET": "truenas-1"}))
      [OK] truenas-1
    <BLANKLINE>
    Result  Subject    Detail
    ------  ---------  ------
    OK      truenas-1
    0
    """
    try:
        log = log_path(script, environ)
    except ValueError as error:
        raise ValidationError(str(error), "script") from error
    with Report(log=log) as report:
        try:
            work(Inputs.from_env(environ), report)
        except KeyboardInterrupt:
            report.fail(script, "interrupted")
        except (DtcError, OSError) as error:
            ended = exit_code(error)
            if ended is ScriptExit.PARTLY or (ended is ScriptExit.CONFIGURATION and not report.rows):
                report._ended = ended  # pyright: ignore[reportPrivateUsage]
            report.fail(script, error)
        print(f"\n{report.summary()}", file=report._out)  # pyright: ignore[reportPrivateUsage]
        return report.exit_code


def _cells(rows: Iterable[Sequence[object]], columns: int) -> list[list[str]]:
    texts: list[list[str]] = []
    for row in rows:
        if len(row) != columns:
            raise ValueError(f"a row has {len(row)} cells, and the table {columns} columns")
        texts.append([_line(cell.value if isinstance(cell, Enum) else str(cell)) for cell in row])
    return texts


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text
    )


def summary_table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Returns a table in plain text: columns aligned, one line a row, without control characters.

    >>> print(summary_table(("Bucket", "Size"), [("truenas-1", 12), ("truenas-22", 7)]))
    Bucket      Size
    ----------  ----
    truenas-1   12
    truenas-22  7
    """
    lines = [[_line(header) for header in headers], *_cells(rows, len(headers))]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(headers))]
    lines.insert(1, ["-" * width for width in widths])
    padded = ("  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths)) for line in lines)
    return "\n".join(line.rstrip() for line in padded)


def html_table(headers: Sequence[str], rows: Iterable[Sequence[object]], *, limit: int = HTML_LIMIT) -> str:
    """Returns a table in HTML for a custom field, of at most ``limit`` characters: everything in it is escaped.

    Rows that do not fit are left out from the end, and a last row says how many. ``ValidationError`` if not even the headers fit.

    >>> html_table(("Bucket",), [("a<b",)])
    '<table><tr><th>Bucket</th></tr><tr><td>a&lt;b</td></tr></table>'
    """
    def line(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    def more(count: int) -> str:
        return f'<tr><td colspan="{max(len(headers), 1)}">{count} more</td></tr>' if count else ""

    lines = [line(cells, "td") for cells in _cells(rows, len(headers))]
    head, foot = "<table>" + line([_line(header) for header in headers], "th"), "</table>"
    length = len(head) + sum(map(len, lines)) + len(foot)
    kept = len(lines)
    while length + len(more(len(lines) - kept)) > limit and kept:
        kept -= 1
        length -= len(lines[kept])
    text = head + "".join(lines[:kept]) + more(len(lines) - kept) + foot
    if len(text) > limit:
        problem = f"is too long for a field of {limit} characters, even without rows"
        raise _wrong_input("table", "", problem, "use fewer columns, or a field that holds more")
    return text


def field_program(environ: Mapping[str, str] | None = None, *, windows: bool = os.name == "nt") -> pathlib.Path | None:
    """Returns the program with which NinjaOne's agent reads and writes custom fields of this device; ``None`` without an agent.

    ``NINJARMMCLI`` may name it; else it is looked for where the agent installs it.
    """
    environ = os.environ if environ is None else environ
    if environ.get("NINJARMMCLI"):
        places = [environ["NINJARMMCLI"]]
    elif windows:
        data = environ.get("ProgramData") or r"C:\ProgramData"
        places = [rf"{data}\NinjaRMMAgent\ninjarmm-cli.exe"]
    else:
        places = [
            "/opt/NinjaRMMAgent/programdata/ninjarmm-cli",
            "/Applications/NinjaRMMAgent/programdata/ninjarmm-cli",
        ]
    return next((path for path in map(pathlib.Path, places) if path.is_file()), None)


_FIELD_SECONDS = 60.0
"""How long the agent may take to answer."""


def _ask(arguments: Sequence[str], given: str | None, environ: Mapping[str, str] | None) -> str:
    program = field_program(environ)
    if program is None:
        text = "NinjaOne's agent is not on this device, so that its custom fields cannot be reached"
        raise NotFound(text, "no_agent", "ninjarmm-cli")
    try:
        ran = subprocess.run(
            [str(program), *arguments],
            input=given,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=_FIELD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        text = f"NinjaOne's agent has not answered to {arguments[0]!r} for {_FIELD_SECONDS:.0f} s"
        kind = TransportError if given is None else OutcomeUnknown
        raise kind(text, "agent_timeout", "ninjarmm-cli", given is None) from error
    if ran.returncode != 0:
        said = _line((ran.stderr or ran.stdout).strip())[:500]
        text = f"NinjaOne's agent refused {arguments[0]!r} with {ran.returncode}: {said}"
        raise ApiError(text, "agent_refused", "ninjarmm-cli", False, str(ran.returncode))
    return ran.stdout


def read_field(name: str, *, environ: Mapping[str, str] | None = None) -> str | None:
    """Reads a custom field of this device by NinjaOne's agent; ``None`` if it is empty.

    ``NotFound`` without an agent, ``ApiError`` if the agent does not give it.
    """
    return _ask(["get", _field_name(name)], None, environ).strip() or None


def write_field(name: str, value: str, *, limit: int = TEXT_LIMIT, environ: Mapping[str, str] | None = None) -> None:
    """Writes a custom field of this device by NinjaOne's agent, as ``Ninja-Property-Set`` does.

    A value that is longer than ``limit`` characters is refused with ``ValidationError`` before anything is written: NinjaOne would cut or
    refuse it. Pass :data:`HTML_LIMIT` for a field that holds HTML. ``NotFound`` without an agent, ``ApiError`` if it does not take the value.

    >>> write_field("backupState", "x" * 201)
    Traceback (most recent call last):
    dtc.exceptions.ValidationError: the input backupState is 201 characters long; the field holds 200: shorten the text
    """
    name = _field_name(name)
    if len(value) > limit:
        problem = f"is {len(value)} characters long"
        raise _wrong_input(name, value, problem, f"the field holds {limit}: shorten the text")
    # A value on the command line would be seen by whoever lists processes, and Windows takes 32767 characters at most. That the agent
    # reads a value with `set --stdin NAME` is how many published scripts for Linux and macOS call it; on Windows it was not seen used.
    _ask(["set", "--stdin", name], value, environ)


def _field_name(name: str) -> str:
    if not _FIELD.fullmatch(name):
        raise _wrong_input(name, name, "is no name of a custom field", "use letters, digits and underscores")
    return name


def _field_reader(given: Callable[[str], str | None] | None) -> Callable[[str], str | None]:
    return read_field if given is None else given
