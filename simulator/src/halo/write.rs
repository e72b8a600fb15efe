//! Changing records, and adding actions. What HaloPSA does not know it drops, and answers with success.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::state::{Action, CLOSED, ClosedTickets, FieldKind, Kind, NEW, Outcome, Tenant};

/// The outcome of what the system does by itself.
const SYSTEM: &str = "Status Changed";
/// The agent as which the application acts.
const AGENT: &str = "Integrator Agent";

/// The elements of a body, which must be an array, also of one.
fn elements(body: &[u8]) -> Result<Vec<Map<String, Value>>, Answer> {
    let refused = || Answer::error(400, "The request body must be a JSON array of objects.");
    let Ok(Value::Array(elements)) = serde_json::from_slice(body) else { return Err(refused()) };
    let object = |element| match element {
        Value::Object(members) => Ok(members),
        _ => Err(refused()),
    };
    elements.into_iter().map(object).collect()
}

/// One record for a body of one, an array for more.
fn answered(mut shown: Vec<Value>) -> Answer {
    Answer::json(201, if shown.len() == 1 { shown.remove(0) } else { shown.into() })
}

fn text(members: &Map<String, Value>, name: &str) -> Option<String> {
    members.get(name)?.as_str().map(str::to_owned)
}

impl Tenant {
    /// Creates the records of a body that have no id, and changes those that have one.
    pub(super) fn write(&mut self, kind: Kind, body: &[u8]) -> Result<Answer, Answer> {
        let elements = elements(body)?;
        let id = |element: &Map<String, Value>| element.get("id").and_then(Value::as_i64);
        if elements.iter().filter_map(id).any(|id| self.get(kind, id).is_none()) {
            return Err(Answer::not_found());
        }
        let mut shown = Vec::new();
        for element in elements {
            let id = match id(&element) {
                Some(id) => id,
                None => self.create(kind, &element)?,
            };
            self.change(kind, id, &element);
            let record = self.get(kind, id).ok_or_else(Answer::not_found)?;
            shown.push(self.shown(kind, id, record, true));
        }
        Ok(answered(shown))
    }

    fn create(&mut self, kind: Kind, element: &Map<String, Value>) -> Result<i64, Answer> {
        let Some(title) = text(element, kind.title()) else {
            return Err(Answer::error(400, &format!("{} is required", kind.title())));
        };
        let mut members = json!({});
        members[kind.title()] = title.into();
        for name in ["client_id", "site_id"] {
            members[name] = element.get(name).cloned().unwrap_or_default();
        }
        let id = self.add(kind, 1, members);
        if kind == Kind::Ticket {
            self.set_status(id, NEW);
        }
        Ok(id)
    }

    fn change(&mut self, kind: Kind, id: i64, element: &Map<String, Value>) {
        for (name, value) in element {
            let is_known = kind.writable().contains(&name.as_str());
            match (name.as_str(), value.as_i64()) {
                ("status_id", Some(status)) if is_known && self.statuses.contains_key(&status) => {
                    self.set_status(id, status);
                }
                ("status_id", _) => {}
                _ if is_known => {
                    if let Some(record) = self.get_mut(kind, id) {
                        record.members.insert(name.clone(), value.clone());
                    }
                }
                _ => {}
            }
        }
        for field in element.get("customfields").and_then(Value::as_array).into_iter().flatten() {
            self.set_field(kind, id, field);
        }
    }

    fn set_field(&mut self, kind: Kind, id: i64, field: &Value) {
        let Some(name) = field["name"].as_str() else { return };
        let Some(of) = self.fields.get(&(kind, name.to_owned())) else { return };
        let stored = match (of, &field["value"]) {
            (_, Value::Null) => Value::Null,
            (FieldKind::Text(most), Value::String(text)) => {
                text.chars().take(*most).collect::<String>().into()
            }
            (FieldKind::Options(options), value)
                if value.as_i64().is_some_and(|it| options.contains(&it)) =>
            {
                value.clone()
            }
            _ => return,
        };
        if let Some(record) = self.get_mut(kind, id) {
            record.fields.insert(name.to_owned(), stored);
        }
    }

    /// Adds the actions of a body.
    pub(super) fn act(&mut self, body: &[u8], now: Timestamp) -> Result<Answer, Answer> {
        let elements = elements(body)?;
        let mut wanted = Vec::new();
        for element in &elements {
            wanted.push((self.ticket_of(element)?, self.outcome_of(element)?, element));
        }
        let shown = wanted
            .into_iter()
            .map(|(ticket, outcome, element)| self.add_action(ticket, &outcome, element, now));
        Ok(answered(shown.collect()))
    }

    fn ticket_of(&self, element: &Map<String, Value>) -> Result<i64, Answer> {
        let ticket = element.get("ticket_id").and_then(Value::as_i64);
        let Some((id, record)) = ticket.and_then(|id| Some((id, self.get(Kind::Ticket, id)?))) else {
            return Err(Answer::error(400, "A valid ticket_id is required"));
        };
        let is_rejected = self.behaviour.closed_tickets == ClosedTickets::Reject;
        if record.flag("hasbeenclosed") && is_rejected {
            return Err(Answer::error(400, "This ticket is closed and cannot be updated"));
        }
        Ok(id)
    }

    /// By its number, or by its name.
    fn outcome_of(&self, element: &Map<String, Value>) -> Result<Outcome, Answer> {
        let by_number = element.get("outcome_id").and_then(Value::as_i64);
        let by_name = text(element, "outcome");
        let found = self.outcomes.iter().find(|(id, outcome)| match (by_number, &by_name) {
            (Some(number), _) => **id == number,
            (None, Some(name)) => outcome.name == *name,
            (None, None) => false,
        });
        match found {
            None => Err(Answer::error(400, "A valid outcome is required")),
            Some((_, outcome)) if !outcome.is_allowed => Err(Answer::denied()),
            Some((_, outcome)) => Ok(outcome.clone()),
        }
    }

    /// Adds an action. It is public unless it says otherwise, and the customer gets a mail unless it says so.
    fn add_action(
        &mut self,
        ticket: i64,
        outcome: &Outcome,
        element: &Map<String, Value>,
        now: Timestamp,
    ) -> Value {
        let (plain, html) = (text(element, "note"), text(element, "note_html"));
        let note = plain.clone().or_else(|| html.as_deref().map(without_tags)).unwrap_or_default();
        let note_html = html.unwrap_or_else(|| as_html(&note));
        let published = self.behaviour.published_actions > 0;
        self.behaviour.published_actions = self.behaviour.published_actions.saturating_sub(1);
        let says = |name: &str| element.get(name).and_then(Value::as_bool);
        let action = Action {
            id: self.next_action(ticket),
            ticket,
            note,
            note_html,
            outcome: outcome.name.clone(),
            who: text(element, "who").unwrap_or_else(|| AGENT.to_owned()),
            is_private: says("hiddenfromuser") == Some(true) && !published,
            is_system: false,
            created: text(element, "actiondatecreated").unwrap_or_else(|| now.strftime("%FT%T").to_string()),
            hours: element.get("timetaken").and_then(Value::as_f64).unwrap_or_default(),
        };
        let shown = action.to_json(true);
        if self.behaviour.dropped_actions > 0 {
            self.behaviour.dropped_actions -= 1;
            return shown;
        }
        if says("sendemail") != Some(false) || !action.is_private {
            self.mails += 1;
        }
        self.actions.push(action);
        self.after_action(ticket, outcome, element, now);
        shown
    }

    /// A note opens a closed ticket again, and an outcome or the action itself may give it a status.
    fn after_action(&mut self, ticket: i64, outcome: &Outcome, element: &Map<String, Value>, now: Timestamp) {
        let was_closed = self.get(Kind::Ticket, ticket).is_some_and(|record| record.flag("hasbeenclosed"));
        let asked = element.get("new_status").and_then(Value::as_i64);
        let status = asked.or(outcome.new_status).or(was_closed.then_some(NEW));
        if let Some(status) = status.filter(|status| self.statuses.contains_key(status)) {
            self.set_status(ticket, status);
            let note = if status == CLOSED { "The ticket was closed." } else { "The status was changed." };
            let id = self.next_action(ticket);
            self.actions.push(Action {
                id,
                ticket,
                note: note.to_owned(),
                note_html: as_html(note),
                outcome: SYSTEM.to_owned(),
                who: "System".to_owned(),
                is_private: true,
                is_system: true,
                created: now.strftime("%FT%T").to_string(),
                hours: 0.0,
            });
        }
    }

    /// Actions are counted within their ticket.
    fn next_action(&self, ticket: i64) -> u64 {
        self.actions
            .iter()
            .filter(|action| action.ticket == ticket)
            .map(|action| action.id)
            .max()
            .unwrap_or(0)
            + 1
    }
}

fn as_html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<p>{}</p>", escaped.replace('\n', "<br>"))
}

fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut is_tag = false;
    for c in html.chars() {
        match c {
            '<' => is_tag = true,
            '>' => is_tag = false,
            c if !is_tag => text.push(c),
            _ => {}
        }
    }
    text
}
