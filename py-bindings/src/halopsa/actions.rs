//! Actions of tickets: notes above all.

use halo_client::{Client as Halo, NoteOutcome, OutcomeId, PrivateNote, StatusId, TicketId};
use pyo3::prelude::*;

use super::failure::Failure;
use super::found::{Action, Noted};
use crate::errors;
use crate::held::Held;
use crate::twins::twins;
use crate::values::{Many, Nothing};

type Handle = Held<Halo>;

/// A kind of action, by its number or its name.
#[derive(FromPyObject)]
pub(crate) enum AnyOutcome {
    Id(i64),
    Name(String),
}

/// A note as keywords name it.
struct Wanted {
    ticket: u64,
    text: String,
    outcome: AnyOutcome,
    hours: Option<f64>,
    who: Option<String>,
    important: bool,
    then_status: Option<i64>,
}

impl Wanted {
    fn note(self) -> PyResult<PrivateNote> {
        let outcome = match self.outcome {
            AnyOutcome::Id(id) => NoteOutcome::Id(OutcomeId::new(id)),
            AnyOutcome::Name(name) => NoteOutcome::Name(name),
        };
        let mut note = PrivateNote::new(TicketId::new(self.ticket), outcome, self.text);
        if let Some(hours) = self.hours {
            if !hours.is_finite() || hours < 0.0 {
                let remedy = "give hours, such as 0.25";
                return Err(errors::argument(
                    "time",
                    &hours.to_string(),
                    "is no time that was taken",
                    remedy,
                ));
            }
            note = note.time_taken(hours);
        }
        if let Some(name) = self.who {
            note = note.who(name);
        }
        if self.important {
            note = note.important();
        }
        Ok(match self.then_status {
            Some(status) => note.then_status(StatusId::new(status)),
            None => note,
        })
    }
}

twins! {
    /// Actions of tickets. Notes are hidden from the customer and sent to nobody by mail; no other kind is offered.
    "Actions" in "dtc.halopsa" and "dtc.halopsa.aio", Failure: Actions / AioActions(Handle) {
        both {}
        blocking {}
        asyncio {}

        /// Returns the newest actions of a ticket, at most ``count`` if HaloPSA heeds it; those that the system took by itself are left out.
        #[pyo3(signature = (ticket, count = 50, *, timeout = None))]
        Read "list_actions"
        fn newest(ticket: u64, count: usize) -> Many<Action> = |halo| {
            let found = halo.actions().newest(TicketId::new(ticket), count).await?;
            Ok(Many(found.into_iter().map(Action::from).collect()))
        }

        /// Returns the action of a ticket whose text holds this marker, or ``None``: the newest that is hidden from the customer, else the newest.
        #[pyo3(signature = (ticket, marker, *, timeout = None))]
        Read "list_actions"
        fn find(ticket: u64, marker: String) -> Option<Action> = |halo| {
            Ok(halo.actions().find(TicketId::new(ticket), &marker).await?.map(Action::from))
        }

        /// Adds a private note. Sent at most once: ``OutcomeUnknown`` where its answer is lost; look for it then, as ``add_once`` does.
        ///
        /// ``outcome`` is the kind of action by its number or its name; 7 is *Internal Note* where nobody has changed it. ``hours`` books time, ``who``
        /// names who took it, ``then_status`` gives the ticket this status with the note.
        #[pyo3(signature = (
            ticket, text, *, outcome, hours = None, who = None, important = false, then_status = None, timeout = None
        ))]
        Write "add_action"
        fn add(
            ticket: u64,
            text: String,
            outcome: AnyOutcome,
            hours: Option<f64>,
            who: Option<String>,
            important: bool,
            then_status: Option<i64>,
        ) -> Nothing = |halo| {
            let note = Wanted { ticket, text, outcome, hours, who, important, then_status }.note()?;
            halo.actions().add(&note).await?;
            Ok(Nothing)
        }

        /// Adds a private note unless the ticket has one with this marker, which the text must hold; looks for it afterwards, and after a lost answer
        /// looks instead of sending it again. Arguments as of ``add``.
        #[pyo3(signature = (
            ticket, text, marker, *, outcome, hours = None, who = None, important = false, then_status = None, timeout = None
        ))]
        Write "add_action"
        fn add_once(
            ticket: u64,
            text: String,
            marker: String,
            outcome: AnyOutcome,
            hours: Option<f64>,
            who: Option<String>,
            important: bool,
            then_status: Option<i64>,
        ) -> Noted = |halo| {
            let note = Wanted { ticket, text, outcome, hours, who, important, then_status }.note()?;
            match halo.actions().add_once(&note, &marker).await? {
                halo_client::Noted::Added(action) => Ok(Noted { action: action.into(), is_new: true }),
                halo_client::Noted::AlreadyThere(action) => Ok(Noted { action: action.into(), is_new: false }),
                _ => Err(errors::python::ApiError::new_err("the note's state is not known here").into()),
            }
        }
    }
}
