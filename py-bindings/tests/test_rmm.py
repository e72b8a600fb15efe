"""What scripts have around their work, in an RMM."""

from __future__ import annotations

import html.parser
import io
import os
import pathlib
import pickle
import stat
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtc import ExitCode, rmm
from dtc.crypt import Secret
from dtc.exceptions import (
    ApiError,
    DataAtRisk,
    DtcError,
    Incomplete,
    NotFound,
    OutcomeUnknown,
    ProvisionError,
    TransportError,
    ValidationError,
)
from dtc.rmm import Inputs, Outcome, Report, ScriptExit

names = st.from_regex(r"[A-Z][A-Z0-9]{0,5}(_[A-Z][A-Z0-9]{0,5}){0,3}", fullmatch=True)
values = st.text(st.characters(blacklist_categories=["C", "Z"]), min_size=1, max_size=30)


def camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


@given(names, values)
def test_an_input_is_found_under_either_spelling(name: str, value: str) -> None:
    for environ in ({name: value}, {camel(name): f"  {value} "}, {name: value, camel(name): value}):
        inputs = Inputs.from_env(environ)
        assert inputs.text(name) == inputs.text(name, None) == value
        assert inputs.secret(name).expose() == value


@given(names, values, values)
def test_two_spellings_must_agree(name: str, one: str, other: str) -> None:
    environ = {name: one, camel(name): other}
    if one == other or name == camel(name):
        assert Inputs.from_env(environ).text(name) in (one, other)
    else:
        with pytest.raises(ValidationError, match="given twice"):
            Inputs.from_env(environ).text(name)


@given(names, values)
def test_a_custom_field_is_followed(name: str, value: str) -> None:
    asked: list[str] = []

    def read(field: str) -> str:
        asked.append(field)
        return value

    for variable in (f"CUSTOM_FIELD_{name}", f"CustomField{camel(name)}"):
        inputs = Inputs.from_env({variable: "itsField"}, read_field=read)
        assert inputs.field(name) == "itsField"
        assert inputs.text(name) == value
        # What is given directly comes first, and no field is asked for.
        asked.clear()
        assert Inputs.from_env({variable: "itsField", name: "direct"}, read_field=read).text(name) == "direct"
        assert asked == []


def test_what_is_missing_is_named_in_both_spellings() -> None:
    for environ in ({}, {"BUCKET_NAME": ""}, {"BucketName": "  \t"}):
        with pytest.raises(ValidationError, match="set BUCKET_NAME or BucketName") as raised:
            Inputs.from_env(environ).text("BUCKET_NAME")
        assert rmm.exit_code(raised.value) is ScriptExit.CONFIGURATION
        assert Inputs.from_env(environ).text("BUCKET_NAME", "none") == "none"
        assert Inputs.from_env(environ).text("BUCKET_NAME", None) is None


def test_a_custom_field_holds_a_name_and_no_value() -> None:
    for wrong in ("a value with spaces", "x" * 101, "1field", "a;rm -rf", "--help"):
        with pytest.raises(ValidationError, match="no name of a custom field"):
            Inputs.from_env({"CUSTOM_FIELD_BUCKET": wrong}).field("BUCKET")


@pytest.mark.parametrize("name", ["", "foo", "Foo_Bar", "FOO__BAR", "_FOO", "FOO_", "1FOO", "FOO-BAR"])
def test_the_name_of_an_input_is_checked(name: str) -> None:
    with pytest.raises(ValueError, match="write it as FOO_BAR"):
        Inputs.from_env({}).text(name)


@given(st.text(max_size=8))
def test_a_boolean_is_one_or_zero(text: str) -> None:
    inputs = Inputs.from_env({"FLAG": text})
    stripped = text.strip().lower()
    if stripped in ("1", "true", "0", "false"):
        assert inputs.boolean("FLAG") is (stripped in ("1", "true"))
    elif stripped:
        with pytest.raises(ValidationError, match="neither 1 nor 0"):
            inputs.boolean("FLAG", True)
    else:
        assert inputs.boolean("FLAG", True) is True
        with pytest.raises(ValidationError, match="is missing"):
            inputs.boolean("FLAG")


@given(st.integers(-(10**20), 10**20), st.integers(-1000, 1000), st.integers(0, 2000))
def test_a_number_keeps_its_bounds(number: int, least: int, room: int) -> None:
    inputs = Inputs.from_env({"DAYS": str(number)})
    if least <= number <= least + room:
        assert inputs.integer("DAYS", least=least, most=least + room) == number
    else:
        with pytest.raises(ValidationError):
            inputs.integer("DAYS", least=least, most=least + room)


@pytest.mark.parametrize("text", ["1.0", "1e3", "0x10", "١", "+5", "five", "1_000"])
def test_a_number_has_digits_only(text: str) -> None:
    with pytest.raises(ValidationError):
        Inputs.from_env({"DAYS": text}).integer("DAYS", 3)


def test_a_choice_is_one_of_them() -> None:
    inputs = Inputs.from_env({"MODE": "Audit"})
    assert inputs.choice("MODE", ["apply", "audit"]) == "audit"
    assert inputs.choice("OTHER", ["apply", "audit"], "apply") == "apply"
    with pytest.raises(ValidationError, match="none of apply, plan"):
        inputs.choice("MODE", ["apply", "plan"])


def test_unattended_is_one_and_nothing_else() -> None:
    assert [Inputs.from_env({"RMM": value}).unattended for value in ("1", "0", "", "yes")] == [True, False, False, False]
    assert not Inputs.from_env({}).unattended


def test_a_secret_is_not_shown() -> None:
    inputs = Inputs.from_env({"API_KEY": "canary-7f3a"})
    assert isinstance(inputs.secret("API_KEY"), Secret)
    assert "canary" not in repr(inputs) + repr(inputs.secret("API_KEY"))
    with pytest.raises(TypeError):
        vars(inputs)
    with pytest.raises(TypeError, match="secrets among them"):
        pickle.dumps(inputs)


def test_the_log_is_where_the_rmm_says() -> None:
    assert str(rmm.log_path("a b-c.1", {}, windows=True)) == r"C:\Windows\logs\a b-c.1.log"
    assert str(rmm.log_path("x", {"WINDIR": r"D:\WINNT", "RMMScriptPath": ""}, windows=True)) == r"D:\WINNT\logs\x.log"
    assert str(rmm.log_path("x", {"RMMScriptPath": "/srv/rmm"}, windows=False)) == "/srv/rmm/logs/x.log"
    assert str(rmm.log_path("x", {}, windows=False)) == "/var/log/x.log"


@pytest.mark.parametrize("script", ["", "..", ".hidden", "a/b", r"a\b", "a:b", "x" * 101, "a\n", "con ", "a."])
def test_no_log_leaves_its_folder(script: str) -> None:
    with pytest.raises(ValueError, match="no name for a script's log"):
        rmm.log_path(script, {}, windows=False)


def test_every_end_of_the_program_has_one_here() -> None:
    assert {int(code): int(rmm.exit_code(code)) for code in ExitCode} == {
        0: 0, 1: 1, 2: 2, 3: 99, 4: 1, 5: 1, 6: 1, 7: 2, 130: 1,
    }  # fmt: skip
    assert rmm.exit_code(-9) is rmm.exit_code(77) is ScriptExit.FAILED


def of_code(error: BaseException, code: str) -> BaseException:
    setattr(error, "code", code)
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValidationError("no"), 99),
        (Incomplete("no"), 2),
        (DataAtRisk("no"), 1),
        (ProvisionError("no"), 1),
        (of_code(ProvisionError("no"), "DTC-VERIFY-FAILED"), 2),
        (of_code(OSError("no"), "DTC-SITE-UNREADABLE"), 99),
        (DtcError("no"), 1),
        (OSError("no"), 1),
        (KeyboardInterrupt(), 1),
    ],
)
def test_every_exception_has_an_end(error: BaseException, code: int) -> None:
    assert rmm.exit_code(error) == code


def made(outcomes: str) -> tuple[Report, io.StringIO]:
    out = io.StringIO()
    report = Report(out=out)
    add: dict[str, Callable[[str], None]] = {"o": report.ok, "s": report.skip, "w": report.warn, "f": report.fail}
    for outcome in outcomes:
        add[outcome](f"the {outcome}")
    return report, out


@given(st.text("oswf", max_size=8))
def test_a_report_ends_as_its_lines_say(outcomes: str) -> None:
    failed = outcomes.count("f")
    expected = ScriptExit.DONE if not failed else ScriptExit.FAILED if failed == len(outcomes) else ScriptExit.PARTLY
    report, out = made(outcomes)
    assert report.exit_code is expected
    marks = {"o": "  [OK] ", "s": "  [SKIP] ", "w": "  [WARN] ", "f": "  [FAIL] "}
    assert out.getvalue() == "".join(f"{marks[outcome]}the {outcome}\n" for outcome in outcomes)
    assert [row.outcome.value[0].lower() for row in report.rows] == list(outcomes)


@given(st.text(max_size=40))
def test_a_line_stays_one_line(text: str) -> None:
    out = io.StringIO()
    report = Report(out=out)
    report.ok(text, text)
    assert out.getvalue().count("\n") == 1
    assert len(out.getvalue().splitlines()) == 1
    assert "\x1b" not in out.getvalue() and "\u202e" not in out.getvalue()


def test_a_console_that_cannot_show_it_does_not_stop_the_work() -> None:
    raw = io.BytesIO()
    report = Report(out=io.TextIOWrapper(raw, encoding="cp1252", write_through=True))
    report.ok("日本")
    assert raw.getvalue() in (b"  [OK] \\u65e5\\u672c\n", b"  [OK] \\u65e5\\u672c\r\n")


def test_the_log_has_every_line(tmp_path: pathlib.Path) -> None:
    log = tmp_path / "logs" / "x.log"
    for run in ("first", "second"):
        with Report(log=log, out=io.StringIO()) as report:
            report.ok(run, "å")
    assert log.read_text(encoding="utf-8") == "  [OK] first: å\n  [OK] second: å\n"


def test_a_log_that_cannot_be_written_does_not_stop_the_work(tmp_path: pathlib.Path) -> None:
    (tmp_path / "logs").write_text("a file in the folder's place")
    out = io.StringIO()
    with Report(log=tmp_path / "logs" / "x.log", out=out) as report:
        report.ok("done")
    first, second = out.getvalue().splitlines()
    assert first.startswith("  [WARN] the log cannot be written") and second == "  [OK] done"
    assert report.exit_code is ScriptExit.DONE


def run(work: Callable[[Inputs, Report], None], folder: pathlib.Path) -> ScriptExit:
    return rmm.run("x", work, environ={"RMMScriptPath": str(folder), "BUCKET": "b"})


def test_a_script_ends_as_its_work_does(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    def raising(error: BaseException) -> Callable[[Inputs, Report], None]:
        def work(inputs: Inputs, report: Report) -> None:
            raise error

        return work

    def partly(inputs: Inputs, report: Report) -> None:
        report.ok("one")
        raise OSError("the disk is full")

    assert run(lambda inputs, report: report.ok(inputs.text("BUCKET")), tmp_path) is ScriptExit.DONE
    assert run(lambda inputs, report: None, tmp_path) is ScriptExit.DONE
    assert run(lambda inputs, report: report.ok(inputs.text("GONE")), tmp_path) is ScriptExit.CONFIGURATION
    assert run(raising(Incomplete("half of it")), tmp_path) is ScriptExit.PARTLY
    assert run(raising(KeyboardInterrupt()), tmp_path) is ScriptExit.FAILED
    assert run(partly, tmp_path) is ScriptExit.PARTLY
    assert "the disk is full" in (tmp_path / "logs" / "x.log").read_text(encoding="utf-8")
    assert "Result  Subject  Detail" in capsys.readouterr().out
    with pytest.raises(ZeroDivisionError):
        run(raising(ZeroDivisionError()), tmp_path)


cells = st.text(max_size=12)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=1, max_size=6)))
def test_a_table_has_a_line_for_each_row(rows: list[list[str]]) -> None:
    lines = rmm.summary_table(rows[0], rows[1:]).split("\n")
    assert len(lines) == len(rows) + 1
    assert len("\n".join(lines).splitlines()) <= len(lines)


class Reader(html.parser.HTMLParser):
    """Reads the cells of a table back."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        assert self.open[-1] in ("td", "th")
        self.rows[-1][-1] += data


printable = st.text(st.characters(blacklist_categories=["C", "Z"]), max_size=20)


@given(st.lists(st.tuples(printable, printable), max_size=12), st.integers(60, 600))
def test_a_field_takes_the_table_and_shows_every_text(rows: list[tuple[str, str]], limit: int) -> None:
    try:
        text = rmm.html_table(("One", "Two"), rows, limit=limit)
    except ValidationError as error:
        assert limit < 120 and "too long for a field" in str(error)
        return
    assert len(text) <= limit
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    shown = reader.rows[1:]
    if len(shown) == len(rows) and not (shown and len(shown[-1]) == 1):
        assert shown == [list(row) for row in rows]
    else:
        left = len(rows) - (len(shown) - 1)
        assert shown[-1] == [f"{left} more"]
        assert shown[:-1] == [list(row) for row in rows[: len(shown) - 1]]


def test_a_table_has_as_many_cells_as_columns() -> None:
    for make in (rmm.summary_table, rmm.html_table):
        with pytest.raises(ValueError, match="a row has 1 cells, and the table 2 columns"):
            make(("a", "b"), [("x",)])
    report, _ = made("of")
    assert "<td>FAIL</td><td>the f</td>" in report.html()


AGENT = """\
#!{python}
import pathlib, sys
store = pathlib.Path({store!r})
if sys.argv[1] == "get":
    if sys.argv[2] == "refused":
        sys.exit("no such field\\nat all")
    path = store / sys.argv[2]
    sys.stdout.buffer.write(path.read_bytes() if path.exists() else b"")
elif sys.argv[1:3] == ["set", "--stdin"]:
    (store / sys.argv[3]).write_bytes(sys.stdin.buffer.read())
else:
    sys.exit("usage")
"""


@pytest.fixture
def agent(tmp_path: pathlib.Path) -> dict[str, str]:
    """An agent's program that keeps fields as files."""
    if os.name == "nt":
        pytest.skip("a script is no program on Windows")
    program = tmp_path / "ninjarmm-cli"
    program.write_text(AGENT.format(python=sys.executable, store=str(tmp_path)))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {"NINJARMMCLI": str(program)}


def test_a_field_is_written_and_read(agent: dict[str, str]) -> None:
    assert rmm.read_field("state", environ=agent) is None
    rmm.write_field("state", "Zürich; $(rm -rf) <b>", environ=agent)
    assert rmm.read_field("state", environ=agent) == "Zürich; $(rm -rf) <b>"
    inputs = Inputs.from_env({"CustomFieldBucket": "state"}, read_field=lambda name: rmm.read_field(name, environ=agent))
    assert inputs.text("BUCKET") == "Zürich; $(rm -rf) <b>"


def test_a_field_takes_no_more_than_it_holds(agent: dict[str, str]) -> None:
    rmm.write_field("state", "x" * 200, environ=agent)
    with pytest.raises(ValidationError, match="201 characters"):
        rmm.write_field("state", "y" * 201, environ=agent)
    assert rmm.read_field("state", environ=agent) == "x" * 200
    rmm.write_field("state", "y" * 5000, limit=rmm.HTML_LIMIT, environ=agent)
    for name in ("", "a b", "--stdin", "x;y"):
        with pytest.raises(ValidationError):
            rmm.write_field(name, "x", environ=agent)


def test_an_agent_that_refuses_says_why(agent: dict[str, str]) -> None:
    with pytest.raises(ApiError, match="no such field at all") as raised:
        rmm.read_field("refused", environ=agent)
    assert (raised.value.kind, raised.value.service_code) == ("agent_refused", "1")


def test_a_device_without_an_agent_says_so(tmp_path: pathlib.Path) -> None:
    environ = {"NINJARMMCLI": str(tmp_path / "nothing")}
    assert rmm.field_program(environ) is None
    with pytest.raises(NotFound, match="agent is not on this device"):
        rmm.read_field("state", environ=environ)


def test_an_agent_that_hangs_is_given_up(agent: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*arguments: object, **options: object) -> None:
        raise subprocess.TimeoutExpired("ninjarmm-cli", 60)

    monkeypatch.setattr(subprocess, "run", hang)
    with pytest.raises(TransportError) as read:
        rmm.read_field("state", environ=agent)
    assert read.value.retryable
    with pytest.raises(OutcomeUnknown) as written:
        rmm.write_field("state", "x", environ=agent)
    assert written.value.unknown_outcome and not written.value.retryable


def test_outcomes_are_text() -> None:
    assert [outcome.value for outcome in Outcome] == ["OK", "SKIP", "WARN", "FAIL"]
