//! Tickets as files: one per ticket, a note under a heading of its marker.

use std::path::PathBuf;

use async_trait::async_trait;
use dtc_naming::OrgUuid;
use dtc_provision::ids::TicketId;
use dtc_provision::ports::{TicketNote, Tickets, TicketsView};
use dtc_provision::{PortError, Service};

use crate::error::{failed, refused};
use crate::files::{self, FileError, FileErrorKind, Guard, Kind, Limit, Replacement};

/// A directory of tickets.
pub(crate) struct TicketFiles {
    pub(crate) directory: PathBuf,
}

impl TicketFiles {
    /// The ticket's file. A ticket's number becomes a file name, so it may not lead elsewhere.
    fn file(&self, ticket: &TicketId) -> Result<PathBuf, PortError> {
        let name = ticket.as_str();
        match name_problem(name) {
            Some(problem) => {
                Err(refused(format_args!("find the ticket {name:?}"), problem).from_service(Service::Tickets))
            }
            None => Ok(self.directory.join(format!("{name}.md"))),
        }
    }

    /// What the ticket says; nothing, where there is no file. A file that leads elsewhere is not read.
    async fn text(&self, ticket: &TicketId) -> Result<String, PortError> {
        let file = self.file(ticket)?;
        let read = move || -> Result<String, FileError> {
            Replacement::at_if_there(&file, TICKET, Limit::SETTINGS)?;
            match files::read_text(&file, Guard::Settings, Limit::SETTINGS) {
                Err(error) if error.is_not_found() => Ok(String::new()),
                text => Ok(text?.as_str().to_owned()),
            }
        };
        blocking(read).await.map_err(|error| not_done(format_args!("read the ticket {ticket}"), error))
    }

    /// Whole or not at all: a ticket that is half written would hide what it said before.
    async fn write(&self, ticket: &TicketId, text: String) -> Result<(), PortError> {
        let (directory, file) = (self.directory.clone(), self.file(ticket)?);
        let write = move || {
            files::create_folder(&directory)?;
            Replacement::at(&file, TICKET, Limit::SETTINGS)?.write(&text)
        };
        blocking(write).await.map_err(|error| not_done(format_args!("write to the ticket {ticket}"), error))
    }
}

/// A ticket is any text: what others wrote into it stays.
const TICKET: Kind = Kind { name: "a text", is: |_| true };

/// What is wrong with a ticket's number, which becomes the name of a file on any system.
pub(crate) fn name_problem(name: &str) -> Option<&'static str> {
    const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_#.".contains(c);
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |device: &str| stem.strip_prefix(device).is_some_and(|n| n.len() == 1 && n != "0");
    if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
        Some("a ticket is named by letters, digits, '-', '_', '#' and '.' only")
    } else if name.len() > 100 {
        Some("a ticket's name has no more than 100 characters")
    } else if RESERVED.contains(&stem.as_str()) || numbered("com") || numbered("lpt") {
        Some("a ticket cannot be named like a device of Windows, such as CON or COM1")
    } else {
        None
    }
}

/// Does what waits for the disk away from the runtime's threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FileError> + Send + 'static,
) -> Result<T, FileError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(ended) => ended,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is being shut down, and nobody waits for this any more.
            Err(_) => std::future::pending().await,
        },
    }
}

/// What the operating system refuses is judged by its kind; a file that is none, or no text, stays so.
fn not_done(attempted: impl std::fmt::Display, error: FileError) -> PortError {
    if matches!(error.kind(), FileErrorKind::Io { .. }) {
        failed(attempted, std::io::Error::from(error))
    } else {
        refused(attempted, error.to_string()).from_service(Service::Tickets)
    }
}

fn heading(marker: &str) -> String {
    format!("## {marker}")
}

/// What a ticket's text says under a marker: the lines between its heading and the next.
pub fn note_in(text: &str, marker: &str) -> Option<String> {
    let heading = heading(marker);
    let mut lines = text.lines().skip_while(|line| *line != heading);
    lines.next()?;
    let note: Vec<&str> = lines.take_while(|line| !line.starts_with("## ")).collect();
    Some(note.join("\n").trim().to_owned())
}

/// A ticket's text with a note at its end; `None` where it has one under the note's marker.
pub fn with_note(text: &str, ticket: &TicketId, note: &TicketNote) -> Option<String> {
    if note_in(text, &note.marker).is_some() {
        return None;
    }
    let before =
        if text.is_empty() { format!("# Ticket {ticket}") } else { text.trim_end_matches('\n').to_owned() };
    let lines: Vec<String> = note.lines.iter().map(|line| format!("- {}\n", safe_text::safe(line))).collect();
    Some(format!("{before}\n\n{}\n\n{}", heading(&note.marker), lines.concat()))
}

#[async_trait]
impl TicketsView for TicketFiles {
    async fn note(&self, ticket: &TicketId, marker: &str) -> Result<Option<String>, PortError> {
        Ok(note_in(&self.text(ticket).await?, marker))
    }

    async fn refuses(&self, ticket: &TicketId, _organization: OrgUuid) -> Result<Option<String>, PortError> {
        let file = self.file(ticket)?;
        let look = move || Ok(files::check_writable(&file, TICKET, Limit::SETTINGS).err());
        let found = blocking(look).await.unwrap_or_else(Some);
        Ok(found.map(|error| match std::error::Error::source(&error) {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        }))
    }
}

#[async_trait]
impl Tickets for TicketFiles {
    async fn add_note(&self, ticket: &TicketId, note: &TicketNote) -> Result<(), PortError> {
        match with_note(&self.text(ticket).await?, ticket, note) {
            Some(text) => self.write(ticket, text).await,
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(marker: &str, line: &str) -> TicketNote {
        TicketNote { marker: marker.to_owned(), lines: vec![line.to_owned(), "second".to_owned()] }
    }

    #[tokio::test]
    async fn v6_a_note_is_added_once_and_others_stay() {
        let scratch = tempfile::tempdir().unwrap();
        let tickets = TicketFiles { directory: scratch.path().join("new") };
        let ticket = TicketId::new("T-1001");
        assert_eq!(tickets.note(&ticket, "[a]").await.unwrap(), None);
        tickets.add_note(&ticket, &note("[a]", "first")).await.unwrap();
        tickets.add_note(&ticket, &note("[b]", "other")).await.unwrap();
        tickets.add_note(&ticket, &note("[a]", "again")).await.unwrap();
        assert_eq!(tickets.note(&ticket, "[a]").await.unwrap().unwrap(), "- first\n- second");
        assert_eq!(tickets.note(&ticket, "[b]").await.unwrap().unwrap(), "- other\n- second");
        assert_eq!(tickets.note(&ticket, "[c]").await.unwrap(), None);
        assert_eq!(
            std::fs::read_dir(tickets.directory).unwrap().count(),
            1,
            "a partial file was left behind"
        );
    }

    /// A host name or a refusal becomes part of a line: it ends none, begins no other note, and holds nothing that nobody sees.
    #[tokio::test]
    async fn e8_a_line_of_a_ticket_is_one_line_whatever_is_in_it() {
        let scratch = tempfile::tempdir().unwrap();
        let tickets = TicketFiles { directory: scratch.path().to_owned() };
        let ticket = TicketId::new("T-1");
        let hostile = "nas\n## [b]\r\n- forged\u{2028}x\u{202e}y\u{200b}\u{e0041}\u{1b}[2Jz\u{7}";
        tickets.add_note(&ticket, &note("[a]", hostile)).await.unwrap();
        assert_eq!(tickets.note(&ticket, "[b]").await.unwrap(), None, "another note is forged");
        let text = std::fs::read_to_string(scratch.path().join("T-1.md")).unwrap();
        assert!(text.lines().all(|line| safe_text::printable(line) == line), "{text:?}");
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("- ")).collect();
        assert_eq!(lines.len(), 2, "{text:?}");
        assert!(lines[0].starts_with("- nas ## [b]") && lines[0].ends_with('z'), "{text:?}");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn no_link_that_somebody_planted_is_followed() {
        let scratch = tempfile::tempdir().unwrap();
        let victim = scratch.path().join("victim");
        std::fs::write(&victim, "precious").unwrap();
        let tickets = TicketFiles { directory: scratch.path().to_owned() };
        let ticket = TicketId::new("T-1");
        for planted in [".T-1.md.partial", ".T-1.md.new"] {
            std::os::unix::fs::symlink(&victim, scratch.path().join(planted)).unwrap();
        }
        tickets.add_note(&ticket, &note("[a]", "first")).await.unwrap();
        assert!(std::fs::read_to_string(scratch.path().join("T-1.md")).unwrap().contains("first"));
        std::fs::remove_file(scratch.path().join("T-1.md")).unwrap();
        // In the place of the ticket itself: what it leads to is neither shown nor written to.
        for to in [victim.as_path(), std::path::Path::new("nowhere")] {
            let _ = std::fs::remove_file(scratch.path().join("T-1.md"));
            std::os::unix::fs::symlink(to, scratch.path().join("T-1.md")).unwrap();
            assert!(tickets.note(&ticket, "[a]").await.is_err());
            assert!(tickets.add_note(&ticket, &note("[b]", "x")).await.is_err());
        }
        assert_eq!(std::fs::read_to_string(victim).unwrap(), "precious");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn e8_tickets_are_their_owners_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let scratch = tempfile::tempdir().unwrap();
        let tickets = TicketFiles { directory: scratch.path().join("a/tickets") };
        tickets.add_note(&TicketId::new("T-1"), &note("[a]", "first")).await.unwrap();
        let mode =
            |path: &str| std::fs::metadata(scratch.path().join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!(["a", "a/tickets", "a/tickets/T-1.md"].map(mode), [0o700, 0o700, 0o600]);
    }

    #[tokio::test]
    async fn v6_a_ticket_that_an_editor_saved_keeps_its_text() {
        let scratch = tempfile::tempdir().unwrap();
        let tickets = TicketFiles { directory: scratch.path().to_owned() };
        let ticket = TicketId::new("T-1");
        let saved = "\u{feff}# Ticket T-1\r\n\r\n## [a]\r\n\r\n- first\r\n\r\nA remark: M\u{fc}ller\r\n";
        std::fs::write(scratch.path().join("T-1.md"), saved).unwrap();
        assert_eq!(tickets.note(&ticket, "[a]").await.unwrap().unwrap(), "- first\n\nA remark: Müller");
        tickets.add_note(&ticket, &note("[b]", "other")).await.unwrap();
        let text = std::fs::read_to_string(scratch.path().join("T-1.md")).unwrap();
        assert!(text.contains("Müller") && text.contains("## [b]"), "{text}");
        std::fs::write(scratch.path().join("T-1.md"), b"M\xfcller").unwrap();
        assert!(tickets.add_note(&ticket, &note("[c]", "other")).await.is_err(), "text would be lost");
        assert_eq!(std::fs::read(scratch.path().join("T-1.md")).unwrap(), b"M\xfcller");
    }

    #[tokio::test]
    async fn a_tickets_number_leads_nowhere_else() {
        let tickets = TicketFiles { directory: "unused".into() };
        for wrong in ["", "../x", "a/b", ".hidden", "a\\b", "a b", "con", "COM1.x", "a\0"] {
            assert!(tickets.note(&TicketId::new(wrong), "m").await.is_err(), "{wrong:?}");
        }
    }
}
