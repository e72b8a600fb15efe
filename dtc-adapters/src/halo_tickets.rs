//! Tickets in HaloPSA: completion as a private note, which is there once and found again by its marker.

use async_trait::async_trait;
use dtc_naming::OrgUuid;
use dtc_provision::ids::TicketId;
use dtc_provision::ports::{TicketNote, Tickets, TicketsView};
use dtc_provision::{PortError, Service};
use halo_client::{
    Client, FieldName, NoteOutcome, Outcome, OutcomeId, PrivateNote, StatusId, Ticket, TicketPatch,
};

use crate::checks::{NO_TICKET_NUMBER, ticket_number};
use crate::connections::HaloConnection;
use crate::error::{Attempt as _, not_understood, refused};

/// Tickets of one tenant.
pub(crate) struct HaloTickets {
    pub(crate) client: Client,
    outcome: Named,
    client_field: Option<FieldName>,
    close_status: Option<Named>,
}

/// What a tenant has set up for itself, by its number or its name.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Named {
    Number(i64),
    Name(String),
}

impl Named {
    fn new(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Name(text.to_owned()), Self::Number)
    }

    /// Whether this is it.
    fn is(&self, number: i64, name: &str) -> bool {
        match self {
            Self::Number(wanted) => *wanted == number,
            Self::Name(wanted) => wanted == name,
        }
    }
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => write!(f, "{name:?}"),
        }
    }
}

impl HaloTickets {
    pub(crate) fn new(client: Client, connection: &HaloConnection) -> Result<Self, halo_client::Error> {
        Ok(Self {
            client,
            outcome: Named::new(&connection.outcome),
            client_field: connection.client_field.as_deref().map(FieldName::new).transpose()?,
            close_status: connection.close_status.as_deref().map(Named::new),
        })
    }

    /// The status to give the ticket with the note, or why there is none.
    async fn closing(&self) -> Result<Result<Option<StatusId>, String>, PortError> {
        let Some(wanted) = &self.close_status else { return Ok(Ok(None)) };
        let all = self.client.statuses().list().await.attempting("list the statuses of tickets")?;
        let found: Vec<StatusId> = all
            .iter()
            .filter(|status| wanted.is(status.id.get(), &status.name))
            .map(|status| status.id)
            .collect();
        Ok(match found.as_slice() {
            [status] => Ok(Some(*status)),
            [] => Err(format!("HaloPSA has no status {wanted}, which [tickets.halo] close_status names")),
            _ => {
                Err(format!("HaloPSA has several statuses {wanted}; name one by its number in close_status"))
            }
        })
    }

    /// The outcome by its number, or why the agent may not run it.
    async fn running(&self, ticket: halo_client::TicketId) -> Result<Result<OutcomeId, String>, PortError> {
        let allowed = self.client.outcomes().of(ticket).await;
        let allowed = allowed.attempting(format_args!("list the outcomes of the ticket {ticket}"))?;
        let is_it = |outcome: &&Outcome| self.outcome.is(outcome.id.get(), &outcome.name);
        let mut found = allowed.iter().filter(is_it);
        Ok(match (found.next(), found.next()) {
            (Some(outcome), None) => Ok(outcome.id),
            (Some(_), Some(_)) => {
                Err(format!("several outcomes are named {}; name one by its number in outcome", self.outcome))
            }
            (None, _) if allowed.is_empty() => {
                Err("the agent that the application acts as may run no outcome on it".to_owned())
            }
            (None, _) => {
                let names: Vec<&str> = allowed.iter().map(|outcome| outcome.name.as_str()).collect();
                let (wanted, others) = (&self.outcome, names.join(", "));
                Err(format!(
                    "the agent that the application acts as may not run the outcome {wanted} on it, only: {others}"
                ))
            }
        })
    }

    /// Why the ticket's client is not the organisation, where the clients' field says it.
    async fn another_client(
        &self,
        found: &Ticket,
        organization: OrgUuid,
    ) -> Result<Option<String>, PortError> {
        let Some(field) = &self.client_field else { return Ok(None) };
        let Some(customer) = found.customer else { return Ok(Some("it is for no client".to_owned())) };
        let name = found.customer_name.as_deref().unwrap_or_default();
        let read = self.client.customers().get(customer).await;
        let shown = read.attempting(format_args!("read the client {customer} of the ticket"))?;
        Ok(match shown.custom_fields.text(field) {
            None => Some(format!(
                "its client {name:?} shows nothing in {field}, by which it is held to {organization}"
            )),
            Some(text) if text.parse() == Ok(organization) => None,
            Some(text) => Some(format!(
                "it is for the client {name:?}, whose {field} is {text:?} and not {organization}"
            )),
        })
    }

    /// A closed ticket refuses a note or is opened again by it; neither is wanted.
    fn closed(found: &Ticket) -> Option<String> {
        (found.has_been_closed == Some(true)).then(|| "it has been closed; open it again".to_owned())
    }

    /// A status that the outcome has overruled is set once more; the note is there already.
    async fn close(&self, ticket: halo_client::TicketId, status: StatusId) -> Result<(), PortError> {
        let attempted = format!("give the ticket {ticket} the status {status}");
        let found = self.client.tickets().get(ticket).await.attempting(&attempted)?;
        if found.status != Some(status) {
            let patch = TicketPatch::new().status(status);
            self.client.tickets().update(ticket, &patch).await.attempting(&attempted)?;
        }
        Ok(())
    }
}

fn number(ticket: &TicketId) -> Result<halo_client::TicketId, PortError> {
    let text = ticket.as_str();
    ticket_number(text).map(halo_client::TicketId::new).ok_or_else(|| {
        refused(format_args!("find the ticket {text:?}"), NO_TICKET_NUMBER).from_service(Service::Tickets)
    })
}

/// The note's text: its marker, then its lines.
fn text(note: &TicketNote) -> String {
    let lines = note.lines.iter().map(|line| safe_text::safe(line).into_owned());
    std::iter::once(note.marker.clone()).chain(lines).collect::<Vec<_>>().join("\n")
}

fn not_added(ticket: &TicketId, why: String) -> PortError {
    refused(format_args!("add a note to the ticket {ticket}"), why).from_service(Service::Tickets)
}

#[async_trait]
impl TicketsView for HaloTickets {
    async fn note(&self, ticket: &TicketId, marker: &str) -> Result<Option<String>, PortError> {
        let found = self.client.actions().find(number(ticket)?, marker).await;
        let attempted = format!("read the notes of the ticket {ticket}");
        let Some(action) = found.attempting(&attempted)? else { return Ok(None) };
        match action.is_private {
            Some(true) => {}
            Some(false) => {
                let why = "the customer sees the note with what was done: hide it by hand";
                return Err(refused(attempted, why).from_service(Service::Tickets));
            }
            None => {
                let why = "HaloPSA does not say whether the customer sees the note with what was done: look at the ticket";
                return Err(not_understood(attempted, why).from_service(Service::Tickets));
            }
        }
        let text = action.note.or(action.note_html).unwrap_or_default();
        Ok(Some(text.strip_prefix(marker).unwrap_or(&text).trim().to_owned()))
    }

    async fn refuses(&self, ticket: &TicketId, organization: OrgUuid) -> Result<Option<String>, PortError> {
        let id = number(ticket)?;
        let found = match self.client.tickets().get(id).await {
            Err(error) if error.is_not_found() => {
                return Ok(Some(
                    "HaloPSA has no such ticket, or does not show it to this application".to_owned(),
                ));
            }
            found => found.attempting(format_args!("read the ticket {ticket}"))?,
        };
        if let Some(why) = Self::closed(&found) {
            return Ok(Some(why));
        }
        if let Some(why) = self.another_client(&found, organization).await? {
            return Ok(Some(why));
        }
        if let Err(why) = self.running(id).await? {
            return Ok(Some(why));
        }
        Ok(self.closing().await?.err())
    }
}

#[async_trait]
impl Tickets for HaloTickets {
    async fn add_note(&self, ticket: &TicketId, note: &TicketNote) -> Result<(), PortError> {
        let id = number(ticket)?;
        let outcome = self.running(id).await?.map_err(|why| not_added(ticket, why))?;
        let status = self.closing().await?.map_err(|why| not_added(ticket, why))?;
        let attempted = format!("add a note to the ticket {ticket}");
        let found = self.client.tickets().get(id).await.attempting(&attempted)?;
        let private = PrivateNote::new(id, NoteOutcome::Id(outcome), text(note));
        let private = status.into_iter().fold(private, PrivateNote::then_status);
        // Closed since it was looked at: a note that is there already is no reason to stop.
        if let Some(why) = Self::closed(&found)
            && self.note(ticket, &note.marker).await?.is_none()
        {
            return Err(not_added(ticket, why));
        }
        self.client.actions().add_once(&private, &note.marker).await.attempting(&attempted)?;
        match status {
            Some(status) => self.close(id, status).await,
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_is_named_by_its_number() {
        for right in ["1001", "#1001"] {
            assert_eq!(number(&TicketId::new(right)).unwrap().get(), 1001);
        }
        for wrong in ["T-1001", "", "#", "##1", "-1", "1.0", "99999999999999999999"] {
            assert!(number(&TicketId::new(wrong)).unwrap_err().to_string().contains("by number"), "{wrong}");
        }
    }

    #[test]
    fn what_a_tenant_has_set_up_is_named_by_number_or_name() {
        assert!(Named::new("7").is(7, "Other") && Named::new("Internal Note").is(3, "Internal Note"));
        assert!(!Named::new("7").is(8, "7") && !Named::new("Internal Note").is(7, "internal note"));
    }

    /// A host name or a refusal becomes part of a line: it ends none, and holds nothing that nobody sees.
    #[test]
    fn e8_a_line_of_a_note_is_one_line_whatever_is_in_it() {
        let hostile = "nas\n[other]\r\nx\u{202e}y\u{1b}[2J".to_owned();
        let note = TicketNote { marker: "[a]".to_owned(), lines: vec![hostile, "second".to_owned()] };
        let text = text(&note);
        assert_eq!(text.lines().count(), 3, "{text:?}");
        assert!(text.lines().all(|line| safe_text::printable(line) == line), "{text:?}");
    }
}
