//! Clock, entropy, tickets and source files.

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;

use super::{World, missing};
use crate::ports::{
    Body, Clock, Entropy, FileFacts, PortError, Source, TicketId, TicketNote, Tickets, TicketsView,
};

/// How a body is cut into parts: unlike any block, header or page.
const PART: usize = 1009;

/// Bytes as they would arrive from a network.
pub(super) fn body(bytes: &[u8]) -> Body {
    let parts: Vec<_> = bytes.chunks(PART).map(|part| Ok(Bytes::copy_from_slice(part))).collect();
    Box::pin(futures_util::stream::iter(parts))
}

impl Clock for World {
    fn now(&self) -> Timestamp {
        self.look(|state| state.now)
    }
}

impl Entropy for World {
    fn fill(&self, out: &mut [u8]) -> Result<(), PortError> {
        self.change(|state| {
            for chunk in out.chunks_mut(8) {
                chunk.copy_from_slice(&state.draw().to_be_bytes()[..chunk.len()]);
            }
        });
        Ok(())
    }
}

#[async_trait]
impl TicketsView for World {
    async fn note(&self, ticket: &TicketId, marker: &str) -> Result<Option<String>, PortError> {
        self.read("tickets.note", |state| {
            let notes = state.tickets.get(ticket).ok_or_else(|| missing("tickets.note", ticket))?;
            Ok(notes.iter().find(|(held, _)| held == marker).map(|(_, text)| text.clone()))
        })
    }
}

#[async_trait]
impl Tickets for World {
    async fn add_note(&self, ticket: &TicketId, note: &TicketNote) -> Result<(), PortError> {
        self.write("tickets.add_note", |state| {
            let notes = state.tickets.get_mut(ticket).ok_or_else(|| missing("tickets.add_note", ticket))?;
            notes.push((note.marker.clone(), note.lines.join("\n")));
            Ok(())
        })
    }
}

#[async_trait]
impl Source for World {
    async fn stat(&self, path: &str) -> Result<Option<FileFacts>, PortError> {
        self.read("source.stat", |state| {
            let file = state.appliance.file(path);
            Ok(file.map(|file| FileFacts { size: file.content.len() as u64, modified: file.modified }))
        })
    }

    async fn read(&self, path: &str) -> Result<Body, PortError> {
        World::read(self, "source.read", |state| {
            let file = state.appliance.file(path).ok_or_else(|| missing("source.read", path))?;
            Ok(body(&file.content))
        })
    }
}
