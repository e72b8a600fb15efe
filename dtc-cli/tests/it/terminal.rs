//! What is left on a terminal's screen once a command has ended.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::{Said, at_terminal};
use crate::services::Services;

/// Columns of the terminal.
const COLUMNS: usize = 100;

/// A terminal of which only what is needed is there: where characters stand, where the cursor is, and what clears and moves.
#[derive(Default)]
struct Terminal {
    lines: Vec<Vec<char>>,
    row: usize,
    column: usize,
}

impl Terminal {
    fn showing(written: &str) -> Self {
        let mut terminal = Self::default();
        let mut rest = written.chars();
        while let Some(character) = rest.next() {
            match character {
                '\r' => terminal.column = 0,
                '\n' => terminal.row += 1,
                '\u{1b}' => {
                    assert_eq!(rest.next(), Some('['), "an escape sequence that is not known here");
                    let parameters: String = rest.clone().take_while(|c| !c.is_ascii_alphabetic()).collect();
                    let end = rest.nth(parameters.chars().count()).unwrap();
                    terminal.obey(end, parameters.parse().ok());
                }
                seen if !seen.is_control() => terminal.put(seen),
                _ => {}
            }
        }
        terminal
    }

    fn put(&mut self, seen: char) {
        if self.column == COLUMNS {
            (self.row, self.column) = (self.row + 1, 0);
        }
        let column = self.column;
        let line = self.line();
        line.resize(line.len().max(column + 1), ' ');
        line[column] = seen;
        self.column += 1;
    }

    fn line(&mut self) -> &mut Vec<char> {
        self.lines.resize(self.lines.len().max(self.row + 1), Vec::new());
        &mut self.lines[self.row]
    }

    fn obey(&mut self, end: char, number: Option<usize>) {
        let (count, column) = (number.unwrap_or(1).max(1), self.column);
        match (end, number) {
            ('A', _) => self.row = self.row.saturating_sub(count),
            ('B', _) => self.row += count,
            ('C', _) => self.column += count,
            ('D', _) => self.column = self.column.saturating_sub(count),
            ('G', _) => self.column = count - 1,
            ('K', None | Some(0)) => self.line().truncate(column),
            ('K', _) => self.line().clear(),
            ('J', None | Some(0)) => {
                self.line().truncate(column);
                self.lines.truncate(self.row + 1);
            }
            ('m' | 'h' | 'l', _) => {}
            other => panic!("{other:?} is not known here"),
        }
    }

    /// What is seen, a line each.
    fn text(&self) -> String {
        let lines = self.lines.iter().map(|line| line.iter().collect::<String>());
        lines.map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    }
}

/// Characters that a spinner or a bar is drawn with.
fn moves(character: char) -> bool {
    matches!(character, '\u{2801}'..='\u{28ff}' | '█' | '░')
}

/// Runs a command at a terminal to its end, and returns what is left on the screen; a spinner was there meanwhile.
fn left_by(folder: &Path, environment: &Command, arguments: &str, exit: i32) -> Option<String> {
    let line = format!("stty rows 24 cols {COLUMNS}; exec {} {arguments}", env!("CARGO_BIN_EXE_dtc"));
    let mut script = at_terminal(folder, &line)?;
    for (name, value) in environment.get_envs() {
        match value {
            Some(value) => script.env(name, value),
            None => script.env_remove(name),
        };
    }
    let said = Said::of(script.env("TERM", "xterm").stdin(Stdio::null()).output().unwrap());
    assert_eq!(said.code, exit, "{arguments}: {}", said.out);
    assert!(said.out.contains(moves), "{arguments}: nothing moved, which proves nothing: {:?}", said.out);
    Some(Terminal::showing(&said.out).text())
}

#[test]
fn no_spinner_is_left_when_a_command_ends_fails_or_waits() {
    // Nobody adds the device: the apply below waits for it in vain, and fails.
    let services = Services::start_with(&["--device-after", "1h"]);
    let folder = services.folder.path();
    let planned = Said::by(services.dtc().args(["plan", "--json"])).ended(2).json();
    fs::write(services.file("consent.json"), planned["required_consents"].to_string()).unwrap();
    for (arguments, exit, says) in [
        ("demo --without-rclone", 0, "Verified: 26 passed"),
        ("apply --consent consent.json --wait 1s", 4, "DTC-APPLY-DEVICE-AWAITED"),
    ] {
        let Some(left) = left_by(folder, &services.dtc(), arguments, exit) else { return };
        assert!(left.contains(says), "{arguments}: {left}");
        let stale: Vec<&str> = left.lines().filter(|line| line.contains(moves)).collect();
        assert!(stale.is_empty(), "{arguments}: {stale:?} is left of\n{left}");
    }
}

/// The terminal itself: what is cleared is gone, and what was moved over stands.
#[test]
fn what_was_cleared_is_not_seen() {
    for (written, seen) in [
        ("one\r\ntwo", "one\ntwo"),
        ("\u{2801} wait\r\u{1b}[2Kdone\r\n", "done"),
        ("\u{2801} wait\r\u{1b}[Kdone", "done"),
        ("one\r\n\u{2801}\u{1b}[1A\r\u{1b}[Jgone", "gone"),
        ("\u{1b}[32mgreen\u{1b}[0m\u{2801}", "green\u{2801}"),
        ("abc\u{1b}[2Dx", "axc"),
    ] {
        assert_eq!(Terminal::showing(written).text().trim_end(), seen, "{written:?}");
    }
    let wide = Terminal::showing(&"x".repeat(COLUMNS + 1)).text();
    assert_eq!(wide.lines().map(str::len).collect::<Vec<_>>(), [COLUMNS, 1]);
}
