//! What a HaloPSA tenant holds: clients, sites, tickets with their actions, assets, and what the tenant has set up for itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// The contents of a tenant.
#[derive(Debug, Default)]
pub(super) struct Tenant {
    pub(super) records: BTreeMap<Kind, BTreeMap<i64, Record>>,
    /// The custom fields that each kind has; any other is dropped without a word.
    pub(super) fields: BTreeMap<(Kind, String), FieldKind>,
    pub(super) actions: Vec<Action>,
    pub(super) statuses: BTreeMap<i64, String>,
    pub(super) outcomes: BTreeMap<i64, Outcome>,
    pub(super) reports: BTreeMap<i64, Result<Vec<Value>, String>>,
    pub(super) behaviour: Behaviour,
    /// Mails that were sent to a customer.
    pub(super) mails: u64,
}

/// What records there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A client.
    Client,
    /// A site of a client.
    Site,
    /// A ticket.
    Ticket,
    /// An asset of a client.
    Asset,
}

impl Kind {
    /// The member of a list's answer that holds its rows.
    pub(super) fn plural(self) -> &'static str {
        match self {
            Self::Client => "clients",
            Self::Site => "sites",
            Self::Ticket => "tickets",
            Self::Asset => "assets",
        }
    }

    /// The rights to read and to change such records.
    pub(super) fn rights(self) -> (&'static str, &'static str) {
        match self {
            Self::Client | Self::Site => ("read:customers", "edit:customers"),
            Self::Ticket => ("read:tickets", "edit:tickets"),
            Self::Asset => ("read:assets", "edit:assets"),
        }
    }

    /// The members that a write changes; all others are dropped without a word.
    pub(super) fn writable(self) -> &'static [&'static str] {
        match self {
            Self::Client => &["name", "inactive"],
            Self::Site => &["name"],
            Self::Ticket => &["summary", "status_id", "client_id", "site_id"],
            Self::Asset => &["inventory_number", "site_id"],
        }
    }

    /// The member that a search looks into.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Client | Self::Site => "name",
            Self::Ticket => "summary",
            Self::Asset => "inventory_number",
        }
    }
}

/// What a custom field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// Text of at most so many characters; more is cut off without a word.
    Text(usize),
    /// One of these options, by number; anything else is dropped without a word.
    Options(Vec<i64>),
}

/// A record: members that every answer shows, and custom fields that only an answer with details does.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    pub(super) members: Map<String, Value>,
    pub(super) fields: BTreeMap<String, Value>,
}

impl Record {
    pub(super) fn number(&self, member: &str) -> Option<i64> {
        self.members.get(member).and_then(Value::as_i64)
    }

    pub(super) fn flag(&self, member: &str) -> bool {
        self.members.get(member).and_then(Value::as_bool).unwrap_or(false)
    }

    pub(super) fn text(&self, member: &str) -> &str {
        self.members.get(member).and_then(Value::as_str).unwrap_or_default()
    }
}

/// An action of a ticket.
#[derive(Clone, Debug)]
pub(super) struct Action {
    pub(super) id: u64,
    pub(super) ticket: i64,
    pub(super) note: String,
    pub(super) note_html: String,
    pub(super) outcome: String,
    pub(super) who: String,
    pub(super) is_private: bool,
    pub(super) is_system: bool,
    pub(super) created: String,
    pub(super) hours: f64,
}

impl Action {
    pub(super) fn to_json(&self, with_html: bool) -> Value {
        let mut shown = json!({
            "id": self.id,
            "ticket_id": self.ticket,
            "note": self.note,
            "outcome": self.outcome,
            "who": self.who,
            "hiddenfromuser": self.is_private,
            "actiondatecreated": self.created,
            "timetaken": self.hours,
            "actiontypeid": if self.is_system { 99 } else { 3 },
        });
        if with_html {
            shown["note_html"] = self.note_html.as_str().into();
        }
        shown
    }
}

/// A kind of action.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) is_allowed: bool,
    /// The status that a ticket has after such an action.
    pub(super) new_status: Option<i64>,
}

/// What becomes of a note on a closed ticket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClosedTickets {
    /// It is refused.
    #[default]
    Reject,
    /// It is added, and the ticket is open again.
    Reopen,
}

/// Whether lists heed the number of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Paging {
    /// They do.
    #[default]
    Heeded,
    /// Every page is the whole list.
    WholeEachTime,
    /// Every page is the first, while the total is that of the list.
    FirstPageAgain,
}

/// Behaviour that a test may choose.
#[derive(Debug)]
pub(super) struct Behaviour {
    /// What the agent may do as which the application acts.
    pub(super) rights: BTreeSet<&'static str>,
    pub(super) closed_tickets: ClosedTickets,
    pub(super) paging: Paging,
    /// Query parameters that are ignored although they are known.
    pub(super) ignored: BTreeSet<String>,
    /// Requests per five minutes.
    pub(super) limit: usize,
    pub(super) retry_after: Option<u64>,
    /// Outcomes that the agent may not run are listed all the same.
    pub(super) lists_denied_outcomes: bool,
    /// So many of the next actions are answered with success and not stored.
    pub(super) dropped_actions: u32,
    /// So many of the next actions are shown to the customer whatever they say.
    pub(super) published_actions: u32,
}

/// Every right there is.
pub(super) const RIGHTS: [&str; 6] =
    ["read:tickets", "edit:tickets", "read:customers", "edit:customers", "read:assets", "edit:assets"];

/// Requests per five minutes, as HaloPSA's text on fair use has it in 2026.
const LIMIT: usize = 700;

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            rights: RIGHTS.into(),
            closed_tickets: ClosedTickets::default(),
            paging: Paging::default(),
            ignored: BTreeSet::new(),
            limit: LIMIT,
            retry_after: None,
            lists_denied_outcomes: false,
            dropped_actions: 0,
            published_actions: 0,
        }
    }
}

/// The status of a ticket that is closed, on a stock system.
pub(super) const CLOSED: i64 = 9;
/// The status of a ticket that is new.
pub(super) const NEW: i64 = 1;

impl Tenant {
    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = (&i64, &Record)> {
        self.records.get(&kind).into_iter().flatten()
    }

    pub(super) fn get(&self, kind: Kind, id: i64) -> Option<&Record> {
        self.records.get(&kind)?.get(&id)
    }

    pub(super) fn get_mut(&mut self, kind: Kind, id: i64) -> Option<&mut Record> {
        self.records.get_mut(&kind)?.get_mut(&id)
    }

    /// Stores a record under the next number, or the first that is given.
    pub(super) fn add(&mut self, kind: Kind, first: i64, members: Value) -> i64 {
        let records = self.records.entry(kind).or_default();
        let id = records.last_key_value().map_or(first, |(last, _)| (last + 1).max(first));
        let Value::Object(members) = members else { return id };
        records.insert(id, Record { members, fields: BTreeMap::new() });
        id
    }

    /// What an answer shows of a record.
    pub(super) fn shown(&self, kind: Kind, id: i64, record: &Record, with_details: bool) -> Value {
        let mut shown = json!({ "id": id });
        let Some(members) = shown.as_object_mut() else { return shown };
        members.extend(record.members.clone());
        if let Some(client) = record.number("client_id") {
            let name = self.get(Kind::Client, client).map(|client| client.text("name").to_owned());
            members.insert("client_name".to_owned(), name.into());
        }
        if with_details {
            let of_kind = self.fields.keys().filter(|(of, _)| *of == kind);
            let field = |(_, name): &(Kind, String)| json!({ "name": name, "value": record.fields.get(name).cloned().unwrap_or_default() });
            members.insert("customfields".to_owned(), of_kind.map(field).collect());
        }
        shown
    }

    /// Gives a ticket a status.
    pub(super) fn set_status(&mut self, ticket: i64, status: i64) {
        if let Some(record) = self.get_mut(Kind::Ticket, ticket) {
            record.members.insert("status_id".to_owned(), status.into());
            record.members.insert("hasbeenclosed".to_owned(), (status == CLOSED).into());
        }
    }
}
