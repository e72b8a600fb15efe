//! Actions of a ticket: reading them, and adding a private note.

use http_core::{Call, Method, ServiceClient};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};
use crate::ids::{ActionId, OutcomeId, StatusId, TicketId};
use crate::operations;
use crate::service::Halo;
use crate::wire::{self, Answered, Filter, Record, differs, lenient};

/// An action of a ticket.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Action {
    /// Its id, counted within the ticket.
    pub id: ActionId,
    /// The ticket.
    #[serde(default, rename = "ticket_id", deserialize_with = "lenient")]
    pub ticket: Option<TicketId>,
    /// Its text.
    #[serde(default, deserialize_with = "lenient")]
    pub note: Option<String>,
    /// Its text as HTML.
    #[serde(default, deserialize_with = "lenient")]
    pub note_html: Option<String>,
    /// The name of its outcome.
    #[serde(default, deserialize_with = "lenient")]
    pub outcome: Option<String>,
    /// Who took it.
    #[serde(default, deserialize_with = "lenient")]
    pub who: Option<String>,
    /// Whether it is hidden from the customer.
    #[serde(default, rename = "hiddenfromuser", deserialize_with = "lenient")]
    pub is_private: Option<bool>,
    /// When it was taken, as HaloPSA writes it.
    #[serde(default, rename = "actiondatecreated", deserialize_with = "lenient")]
    pub created: Option<String>,
    /// Whatever else HaloPSA shows of it.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

impl Action {
    /// Whether its text holds this marker, in plain text or in HTML.
    pub fn holds(&self, marker: &str) -> bool {
        let holds = |text: &Option<String>| text.as_deref().is_some_and(|text| text.contains(marker));
        holds(&self.note) || holds(&self.note_html)
    }
}

impl Record for Action {
    type Id = ActionId;

    fn id(&self) -> ActionId {
        self.id
    }
}

/// Which kind of action a note is. Kinds are the tenant's own, and an agent may run some of them only.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoteOutcome {
    /// By its number; 7 is *Internal Note* where nobody has changed it.
    Id(OutcomeId),
    /// By its name.
    Name(String),
}

/// A private note to add: hidden from the customer, and sent to nobody by mail. No other kind is offered.
#[derive(Clone, Debug, PartialEq)]
pub struct PrivateNote {
    ticket: TicketId,
    outcome: NoteOutcome,
    text: String,
    hours: Option<f64>,
    who: Option<String>,
    important: bool,
    status: Option<StatusId>,
}

impl PrivateNote {
    /// A note with this text.
    pub fn new(ticket: TicketId, outcome: NoteOutcome, text: impl Into<String>) -> Self {
        Self { ticket, outcome, text: text.into(), hours: None, who: None, important: false, status: None }
    }

    /// Books this much time, in hours.
    pub fn time_taken(mut self, hours: f64) -> Self {
        self.hours = Some(hours);
        self
    }

    /// Names who took the action, instead of the agent that the application acts as.
    pub fn who(mut self, name: impl Into<String>) -> Self {
        self.who = Some(name.into());
        self
    }

    /// Marks it as important.
    pub fn important(mut self) -> Self {
        self.important = true;
        self
    }

    /// Gives the ticket this status with the note. Without it the outcome alone decides what becomes of the ticket; with it, too, the outcome
    /// may decide otherwise.
    pub fn then_status(mut self, status: StatusId) -> Self {
        self.status = Some(status);
        self
    }
}

#[derive(Serialize)]
struct NewAction<'a> {
    ticket_id: TicketId,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome_id: Option<OutcomeId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'a str>,
    note: &'a str,
    hiddenfromuser: bool,
    sendemail: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    timetaken: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    important: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_status: Option<StatusId>,
}

/// What became of a note that is to be there once.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Noted {
    /// It was added now.
    Added(Action),
    /// It was there before.
    AlreadyThere(Action),
}

/// How many actions are asked for: the newest at first, and more where there are more.
const COUNTS: [usize; 3] = [50, 500, 5000];

/// Reads and adds actions; from [`crate::Client::actions`].
#[derive(Clone, Copy, Debug)]
pub struct Actions<'a> {
    pub(crate) service: &'a ServiceClient<Halo>,
}

impl Actions<'_> {
    /// The newest actions of a ticket, at most `count` if HaloPSA heeds it; those that the system took by itself are left out.
    ///
    /// # Errors
    /// [`ErrorKind::FilterIgnored`] when an action of another ticket comes, else any kind that a read can end in.
    pub async fn newest(&self, ticket: TicketId, count: usize) -> Result<Vec<Action>, Error> {
        Ok(self.counted(ticket, count).await?.rows)
    }

    async fn counted(&self, ticket: TicketId, count: usize) -> Result<Answered<Action>, Error> {
        let operation = operations::LIST_ACTIONS;
        let filter = Filter {
            parameters: vec![("ticket_id", ticket.to_string())],
            broken: Box::new(move |row: &Action| differs("ticket_id", row.ticket.as_ref(), &ticket)),
        };
        let call = Call::new(operation, Method::Get, "api/Actions").subject(format!("ticket {ticket}"));
        let call = call.query("count", count).query("excludesys", true).query("includehtmlnote", true);
        wire::once(self.service, call, operation, ("actions", count), &filter).await
    }

    /// The action of a ticket whose text holds this marker: the newest that is hidden from the customer, else the newest of which HaloPSA does
    /// not say whether it is, else the newest. All of the ticket's actions are looked through.
    ///
    /// # Errors
    /// [`ErrorKind::NotUnderstood`] when the ticket has more actions than can be looked through, else any kind that a read can end in.
    pub async fn find(&self, ticket: TicketId, marker: &str) -> Result<Option<Action>, Error> {
        for count in COUNTS {
            let Answered { rows, is_whole } = self.counted(ticket, count).await?;
            // Somebody may have answered the customer with the note's text. Of equal ones the first, which is the newest, is taken.
            let held = rows.into_iter().filter(|action| action.holds(marker));
            let best = held.min_by_key(|action| match action.is_private {
                Some(true) => 0,
                None => 1,
                Some(false) => 2,
            });
            if is_whole || best.as_ref().is_some_and(|action| action.is_private == Some(true)) {
                return Ok(best);
            }
        }
        let detail = "HaloPSA does not show all of the ticket's actions, so that it is not certain that none holds the marker";
        let operation = operations::LIST_ACTIONS.name();
        Err(Error::of_answer(ErrorKind::NotUnderstood, operation, format!("ticket {ticket}"), detail))
    }

    /// Adds a note. Sent at most once.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthorized`] when the agent may not run the outcome, [`ErrorKind::OutcomeUnknown`] when the answer is lost: look for
    /// the note before adding it again. Else any kind.
    pub async fn add(&self, note: &PrivateNote) -> Result<(), Error> {
        let PrivateNote { ticket, outcome, text, hours, who, important, status } = note;
        let (outcome_id, outcome) = match outcome {
            NoteOutcome::Id(id) => (Some(*id), None),
            NoteOutcome::Name(name) => (None, Some(name.as_str())),
        };
        let action = NewAction {
            ticket_id: *ticket,
            outcome_id,
            outcome,
            note: text,
            hiddenfromuser: true,
            sendemail: false,
            timetaken: *hours,
            who: who.as_deref(),
            important: *important,
            new_status: *status,
        };
        let call = wire::write(operations::ADD_ACTION, "api/Actions", &action);
        let sent = self.service.send::<Value>(call.subject(format!("ticket {ticket}"))).await;
        sent.map(drop).map_err(|error| Error::from(error).of_a_note())
    }

    /// Adds a note unless the ticket has one with this marker, which the note's text must hold; looks for it afterwards, and after a lost
    /// answer looks instead of sending it again. One that the customer sees is an error, as long as it is not hidden; so is one of which HaloPSA
    /// does not say whether it is hidden.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidRequest`] when the text lacks the marker; [`ErrorKind::OutcomeUnknown`] when the answer is lost and the note does
    /// not show (yet); [`ErrorKind::NotStored`] when it does not show after a success, or shows to the customer;
    /// [`ErrorKind::NotUnderstood`] when HaloPSA does not say whether the note is hidden. Else any kind.
    pub async fn add_once(&self, note: &PrivateNote, marker: &str) -> Result<Noted, Error> {
        if marker.is_empty() || !note.text.contains(marker) {
            let detail = "the note's text does not hold the marker, by which it is to be found again";
            return Err(Error::invalid(operations::ADD_ACTION.name(), detail));
        }
        let failed = |kind: ErrorKind, detail: &str| {
            let subject = format!("ticket {}", note.ticket);
            Error::of_answer(kind, operations::ADD_ACTION.name(), subject, detail)
        };
        let hidden = |action: Action| match action.is_private {
            Some(true) => Ok(action),
            Some(false) => {
                let detail = "the note is not hidden from the customer: hide it by hand";
                Err(failed(ErrorKind::NotStored, detail))
            }
            None => {
                let detail =
                    "HaloPSA does not say whether the note is hidden from the customer: look at the ticket";
                Err(failed(ErrorKind::NotUnderstood, detail))
            }
        };
        if let Some(action) = self.find(note.ticket, marker).await? {
            return hidden(action).map(Noted::AlreadyThere);
        }
        let sent = match self.add(note).await {
            Err(error) if !may_be_there(&error) => return Err(error),
            sent => sent,
        };
        match (sent, self.find(note.ticket, marker).await) {
            (_, Ok(Some(action))) => hidden(action).map(Noted::Added),
            (Err(unknown), _) => Err(unknown),
            (Ok(()), Ok(None)) => Err(failed(ErrorKind::NotStored, "no action of the ticket holds the note")),
            (Ok(()), Err(unread)) => Err(unread),
        }
    }
}

/// Whether a note may have been added all the same: its answer is lost, or is a success that says something else.
fn may_be_there(error: &Error) -> bool {
    let is_success = error.status().is_some_and(|status| (200..300).contains(&status));
    error.kind() == ErrorKind::OutcomeUnknown || is_success
}
