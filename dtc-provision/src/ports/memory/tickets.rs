//! Tickets. Every ticket that a world knows was there from the start.

use async_trait::async_trait;
use dtc_naming::OrgUuid;

use super::{World, missing, refused};
use crate::ids::TicketId;
use crate::port_error::PortError;
use crate::ports::{TicketNote, Tickets, TicketsView};

#[async_trait]
impl TicketsView for World {
    async fn note(&self, ticket: &TicketId, marker: &str) -> Result<Option<String>, PortError> {
        self.read("tickets.note", |state| {
            let notes = state.tickets.get(ticket).ok_or_else(|| missing("tickets.note", ticket))?;
            Ok(notes.iter().find(|(held, _)| held == marker).map(|(_, text)| text.clone()))
        })
        .await
    }

    async fn refuses(&self, ticket: &TicketId, _organization: OrgUuid) -> Result<Option<String>, PortError> {
        self.read("tickets.refuses", |state| {
            if !state.tickets.contains_key(ticket) {
                return Err(missing("tickets.refuses", ticket));
            }
            Ok(state.closed_tickets.get(ticket).cloned())
        })
        .await
    }
}

#[async_trait]
impl Tickets for World {
    async fn add_note(&self, ticket: &TicketId, note: &TicketNote) -> Result<(), PortError> {
        self.write("tickets.add_note", |state| {
            if let Some(why) = state.closed_tickets.get(ticket) {
                return Err(refused("tickets.add_note", why));
            }
            let notes = state.tickets.get_mut(ticket).ok_or_else(|| missing("tickets.add_note", ticket))?;
            if !notes.iter().any(|(held, _)| *held == note.marker) {
                notes.push((note.marker.clone(), note.lines.join("\n")));
            }
            Ok(())
        })
        .await
    }
}
