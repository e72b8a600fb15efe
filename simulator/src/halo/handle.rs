//! The tenant as a test reads and changes it, without the API.

use std::sync::Arc;

use serde_json::{Value, json};

use super::state::{CLOSED, ClosedTickets, FieldKind, Kind, NEW, Paging, RIGHTS, Tenant};
use super::wire::Shared;

/// Changes and shows the tenant without its API; clones share it.
#[derive(Debug, Clone)]
pub struct Handle {
    shared: Arc<Shared>,
    client: i64,
    ticket: i64,
}

/// A note as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// Its text.
    pub text: String,
    /// Whether the customer cannot see it.
    pub is_private: bool,
    /// The name of its outcome.
    pub outcome: String,
}

impl Handle {
    pub(super) fn new(shared: Arc<Shared>, client: i64, ticket: i64) -> Self {
        Self { shared, client, ticket }
    }

    /// Returns the tenant's id in the simulation.
    pub fn id(&self) -> &str {
        self.shared.instance()
    }

    /// Returns the number of the client that is backed up.
    pub fn client_id(&self) -> i64 {
        self.client
    }

    /// Returns the number of that client's ticket.
    pub fn ticket_id(&self) -> i64 {
        self.ticket
    }

    /// Adds a client and returns its number; its name need not be its own.
    pub fn add_client(&self, name: &str) -> i64 {
        self.with(|tenant| tenant.add(Kind::Client, 1, json!({ "name": name, "inactive": false })))
    }

    /// Adds a ticket of a client and returns its number.
    pub fn add_ticket(&self, client: i64, summary: &str) -> i64 {
        self.with(|tenant| {
            let id = tenant.add(Kind::Ticket, 1, json!({ "summary": summary, "client_id": client }));
            tenant.set_status(id, NEW);
            id
        })
    }

    /// Adds an asset of a client and returns its number.
    pub fn add_asset(&self, client: i64, tag: &str) -> i64 {
        self.with(|tenant| {
            tenant.add(Kind::Asset, 1, json!({ "inventory_number": tag, "client_id": client }))
        })
    }

    /// Defines a custom field of a kind of records.
    pub fn define_field(&self, kind: Kind, name: &str, of: FieldKind) {
        self.with(|tenant| tenant.fields.insert((kind, name.to_owned()), of));
    }

    /// Fills a custom field of a record by hand.
    pub fn set_field(&self, kind: Kind, id: i64, name: &str, value: impl Into<Value>) {
        self.with(|tenant| {
            if let Some(record) = tenant.get_mut(kind, id) {
                record.fields.insert(name.to_owned(), value.into());
            }
        });
    }

    /// Returns what a custom field of a record holds.
    pub fn field(&self, kind: Kind, id: i64, name: &str) -> Option<Value> {
        self.with(|tenant| tenant.get(kind, id)?.fields.get(name).cloned())
    }

    /// Returns a member of a record, such as a ticket's `status_id`.
    pub fn member(&self, kind: Kind, id: i64, name: &str) -> Option<Value> {
        self.with(|tenant| tenant.get(kind, id)?.members.get(name).cloned())
    }

    /// Changes a member of a record by hand, such as a ticket's `client_id`.
    pub fn set_member(&self, kind: Kind, id: i64, name: &str, value: impl Into<Value>) {
        self.with(|tenant| {
            if let Some(record) = tenant.get_mut(kind, id) {
                record.members.insert(name.to_owned(), value.into());
            }
        });
    }

    /// Deletes a record.
    pub fn remove(&self, kind: Kind, id: i64) {
        self.with(|tenant| tenant.records.get_mut(&kind).and_then(|records| records.remove(&id)));
    }

    /// Returns the numbers of all tickets.
    pub fn tickets(&self) -> Vec<i64> {
        self.with(|tenant| tenant.of(Kind::Ticket).map(|(id, _)| *id).collect())
    }

    /// Returns the notes of a ticket that no system wrote, oldest first.
    pub fn notes(&self, ticket: i64) -> Vec<Note> {
        self.with(|tenant| {
            let of_ticket = tenant.actions.iter().filter(|it| it.ticket == ticket && !it.is_system);
            let note = |it: &super::state::Action| Note {
                text: it.note.clone(),
                is_private: it.is_private,
                outcome: it.outcome.clone(),
            };
            of_ticket.map(note).collect()
        })
    }

    /// Deletes the notes of a ticket.
    pub fn clear_notes(&self, ticket: i64) {
        self.with(|tenant| tenant.actions.retain(|action| action.ticket != ticket));
    }

    /// Returns how many mails customers were sent.
    pub fn mails(&self) -> u64 {
        self.with(|tenant| tenant.mails)
    }

    /// Closes a ticket.
    pub fn close(&self, ticket: i64) {
        self.with(|tenant| tenant.set_status(ticket, CLOSED));
    }

    /// Chooses what becomes of notes on closed tickets.
    pub fn closed_tickets(&self, behaviour: ClosedTickets) {
        self.with(|tenant| tenant.behaviour.closed_tickets = behaviour);
    }

    /// Denies the agent an outcome, or grants it.
    pub fn allow_outcome(&self, id: i64, is_allowed: bool) {
        self.with(|tenant| {
            if let Some(outcome) = tenant.outcomes.get_mut(&id) {
                outcome.is_allowed = is_allowed;
            }
        });
    }

    /// Lists outcomes that the agent may not run among those that it may, as long as this is set.
    pub fn list_denied_outcomes(&self, is_listed: bool) {
        self.with(|tenant| tenant.behaviour.lists_denied_outcomes = is_listed);
    }

    /// Lets an outcome give tickets a status.
    pub fn outcome_sets(&self, id: i64, status: Option<i64>) {
        self.with(|tenant| {
            if let Some(outcome) = tenant.outcomes.get_mut(&id) {
                outcome.new_status = status;
            }
        });
    }

    /// Takes a right from the agent, such as `read:customers`, whatever the token's scopes.
    pub fn take_right(&self, right: &str) {
        self.with(|tenant| tenant.behaviour.rights.remove(right));
    }

    /// Gives the agent all rights.
    pub fn give_rights(&self) {
        self.with(|tenant| tenant.behaviour.rights.extend(RIGHTS));
    }

    /// Ignores a query parameter that it would know.
    pub fn ignore_parameter(&self, name: &str) {
        self.with(|tenant| tenant.behaviour.ignored.insert(name.to_owned()));
    }

    /// Chooses whether lists heed the number of the page.
    pub fn paging(&self, behaviour: Paging) {
        self.with(|tenant| tenant.behaviour.paging = behaviour);
    }

    /// Limits the requests per five minutes (default 700), says how long to wait or does not, and forgets those made so far.
    pub fn limit_requests(&self, limit: usize, retry_after: Option<u64>) {
        let mut api = self.shared.api();
        (api.tenant.behaviour.limit, api.tenant.behaviour.retry_after) = (limit, retry_after);
        api.recent.clear();
    }

    /// Answers the next actions with success and stores none of them.
    pub fn drop_actions(&self, actions: u32) {
        self.with(|tenant| tenant.behaviour.dropped_actions = actions);
    }

    /// Shows the next actions to the customer, whatever they say.
    pub fn publish_actions(&self, actions: u32) {
        self.with(|tenant| tenant.behaviour.published_actions = actions);
    }

    /// Defines a report by its rows, or by the error that it fails with.
    pub fn define_report(&self, id: i64, report: Result<Vec<Value>, String>) {
        self.with(|tenant| tenant.reports.insert(id, report));
    }

    /// Takes back every token given so far.
    pub fn expire_tokens(&self) {
        self.shared.api().application.expire_tokens();
    }

    /// Makes the application's secret invalid, and valid again.
    pub fn revoke_application(&self, is_revoked: bool) {
        self.shared.api().application.is_revoked = is_revoked;
    }

    fn with<T>(&self, work: impl FnOnce(&mut Tenant) -> T) -> T {
        work(&mut self.shared.api().tenant)
    }
}
