//! Tickets as files: one per ticket, a note under a heading of its marker. HaloPSA takes this place later.

use std::path::PathBuf;

use async_trait::async_trait;
use dtc_provision::PortError;
use dtc_provision::ids::TicketId;
use dtc_provision::ports::{TicketNote, Tickets, TicketsView};
use tokio::fs;
use tokio::io::AsyncWriteExt as _;

use crate::error::{Attempt as _, refused};

/// A directory of tickets.
pub(crate) struct TicketFiles {
    pub(crate) directory: PathBuf,
}

impl TicketFiles {
    /// The ticket's file. A ticket's number becomes a file name, so it may not lead elsewhere.
    fn file(&self, ticket: &TicketId) -> Result<PathBuf, PortError> {
        let name = ticket.as_str();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_#.".contains(c);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
            let answer = "a ticket is named by letters, digits, '-', '_', '#' and '.' only";
            return Err(refused(format_args!("find the ticket {name:?}"), answer));
        }
        Ok(self.directory.join(format!("{name}.md")))
    }

    async fn text(&self, ticket: &TicketId) -> Result<String, PortError> {
        match fs::read_to_string(self.file(ticket)?).await {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            text => text.attempting(format_args!("read the ticket {ticket}")),
        }
    }

    /// Whole or not at all: a ticket that is half written would hide what it said before.
    async fn write(&self, ticket: &TicketId, text: &str) -> std::io::Result<()> {
        let file = self.directory.join(format!("{ticket}.md"));
        let partial = self.directory.join(format!(".{ticket}.md.partial"));
        fs::create_dir_all(&self.directory).await?;
        // What an earlier run left there, or somebody has put there, a link included, is not written to.
        match fs::remove_file(&partial).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut written = fs::OpenOptions::new().write(true).create_new(true).open(&partial).await?;
        written.write_all(text.as_bytes()).await?;
        written.sync_all().await?;
        drop(written);
        fs::rename(partial, file).await
    }
}

fn heading(marker: &str) -> String {
    format!("## {marker}")
}

/// The lines between a marker's heading and the next.
fn find(text: &str, marker: &str) -> Option<String> {
    let heading = heading(marker);
    let mut lines = text.lines().skip_while(|line| *line != heading);
    lines.next()?;
    let note: Vec<&str> = lines.take_while(|line| !line.starts_with("## ")).collect();
    Some(note.join("\n").trim().to_owned())
}

#[async_trait]
impl TicketsView for TicketFiles {
    async fn note(&self, ticket: &TicketId, marker: &str) -> Result<Option<String>, PortError> {
        Ok(find(&self.text(ticket).await?, marker))
    }
}

#[async_trait]
impl Tickets for TicketFiles {
    async fn add_note(&self, ticket: &TicketId, note: &TicketNote) -> Result<(), PortError> {
        let mut text = self.text(ticket).await?;
        if find(&text, &note.marker).is_some() {
            return Ok(());
        }
        if text.is_empty() {
            text = format!("# Ticket {ticket}\n");
        }
        let lines: Vec<String> = note.lines.iter().map(|line| format!("- {line}\n")).collect();
        let text = format!("{}\n\n{}\n\n{}", text.trim_end(), heading(&note.marker), lines.concat());
        self.write(ticket, &text).await.attempting(format_args!("write to the ticket {ticket}"))
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

    #[cfg(unix)]
    #[tokio::test]
    async fn a_link_in_the_place_of_the_partial_file_is_not_followed() {
        let scratch = tempfile::tempdir().unwrap();
        let victim = scratch.path().join("victim");
        std::fs::write(&victim, "precious").unwrap();
        std::os::unix::fs::symlink(&victim, scratch.path().join(".T-1.md.partial")).unwrap();
        let tickets = TicketFiles { directory: scratch.path().to_owned() };
        tickets.add_note(&TicketId::new("T-1"), &note("[a]", "first")).await.unwrap();
        assert_eq!(std::fs::read_to_string(victim).unwrap(), "precious");
        assert!(std::fs::read_to_string(scratch.path().join("T-1.md")).unwrap().contains("first"));
    }

    #[tokio::test]
    async fn a_tickets_number_leads_nowhere_else() {
        let tickets = TicketFiles { directory: "unused".into() };
        for wrong in ["", "../x", "a/b", ".hidden", "a\\b", "a b"] {
            assert!(tickets.note(&TicketId::new(wrong), "m").await.is_err(), "{wrong:?}");
        }
    }
}
