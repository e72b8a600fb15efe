//! Where completion is documented (V6).

use async_trait::async_trait;
use dtc_naming::OrgUuid;
use serde::{Deserialize, Serialize};

use crate::ids::TicketId;
use crate::port_error::PortError;

/// What is written to a ticket: no secret, the vault record by its URL (E8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketNote {
    /// Tells this note from others, so that it is written once.
    pub marker: String,
    /// The note's lines.
    pub lines: Vec<String>,
}

/// Reads tickets.
#[async_trait]
pub trait TicketsView: Send + Sync {
    /// The text of the note with this marker, if the ticket has it.
    async fn note(&self, ticket: &TicketId, marker: &str) -> Result<Option<String>, PortError>;
    /// Why no note about this organisation could be added to this ticket, as far as looking tells; `None` if nothing is in the way (X1c).
    async fn refuses(&self, ticket: &TicketId, organization: OrgUuid) -> Result<Option<String>, PortError>;
}

/// Writes tickets.
#[async_trait]
pub trait Tickets: TicketsView {
    /// Adds a note.
    async fn add_note(&self, ticket: &TicketId, note: &TicketNote) -> Result<(), PortError>;
}
