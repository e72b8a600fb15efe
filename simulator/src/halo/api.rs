//! Serves the operations from the tenant's state.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::answer::Answer;
use super::oauth::Application;
use super::query::Query;
use super::route::Route;
use super::state::{Action, Kind, Record, Tenant};

/// One tenant behind its API.
#[derive(Debug)]
pub(super) struct Api {
    pub(super) tenant: Tenant,
    pub(super) application: Application,
    pub(super) base_url: String,
    pub(super) recent: VecDeque<Timestamp>,
}

/// A request as it came off the wire.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) route: Route,
    pub(super) query: &'a str,
    pub(super) authorization: Option<&'a str>,
    pub(super) content_type: Option<&'a str>,
    pub(super) body: &'a [u8],
}

const WINDOW: SignedDuration = SignedDuration::from_mins(5);
const FORM: &str = "application/x-www-form-urlencoded";

/// What the token and the agent together permit of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Permission {
    Granted,
    /// A list is empty, a record is not there, a write is refused.
    Missing,
}

impl Api {
    /// Answers a request, with all its effects.
    pub(super) fn serve(&mut self, asked: &Asked<'_>, now: Timestamp) -> Answer {
        self.try_serve(asked, now).unwrap_or_else(|refusal| refusal)
    }

    fn try_serve(&mut self, asked: &Asked<'_>, now: Timestamp) -> Result<Answer, Answer> {
        let query = Query::parse(asked.query, &self.tenant.behaviour);
        match asked.route {
            Route::Unknown => return Err(Answer::not_found()),
            Route::AuthInfo => return Ok(self.auth_info()),
            Route::Token => return self.token(asked, &query, now),
            _ => {}
        }
        let permission = self.admit(asked, now)?;
        let is_granted = permission == Permission::Granted;
        match asked.route {
            Route::List(kind) => Ok(self.list(kind, &query, permission)),
            Route::Get(kind, id) if is_granted => self.get(kind, id, &query),
            Route::Write(_) | Route::Act if !is_granted => Err(Answer::not_permitted()),
            Route::Write(kind) => {
                json_body(asked)?;
                self.tenant.write(kind, asked.body)
            }
            Route::Act => {
                json_body(asked)?;
                self.tenant.act(asked.body, now)
            }
            Route::Actions => Ok(self.actions(&query, permission)),
            Route::Statuses => {
                let row = |(id, name): (&i64, &String)| json!({ "id": id, "name": name });
                Ok(Answer::ok(self.tenant.statuses.iter().map(row).collect()))
            }
            Route::Outcomes => Ok(self.outcomes(permission)),
            Route::Report(id) => self.report(id, &query),
            _ => Err(Answer::not_found()),
        }
    }

    fn auth_info(&self) -> Answer {
        let auth_url = format!("{}/auth", self.base_url);
        Answer::ok(json!({ "auth_url": auth_url, "tenant_id": self.application.tenant }))
    }

    fn token(&mut self, asked: &Asked<'_>, query: &Query, now: Timestamp) -> Result<Answer, Answer> {
        if asked.content_type != Some(FORM) {
            return Err(Answer::oauth("invalid_request"));
        }
        let form: Vec<(String, String)> = url::form_urlencoded::parse(asked.body).into_owned().collect();
        self.application.token(query.get("tenant"), &form, now)
    }

    /// The token, the limit of requests, and the right, in this order: a wrong token is not counted.
    fn admit(&mut self, asked: &Asked<'_>, now: Timestamp) -> Result<Permission, Answer> {
        let scopes = self.application.admit(asked.authorization, now)?;
        let behaviour = &self.tenant.behaviour;
        while self.recent.front().is_some_and(|oldest| *oldest + WINDOW <= now) {
            self.recent.pop_front();
        }
        if self.recent.len() >= behaviour.limit {
            return Err(Answer::limited(behaviour.limit, behaviour.retry_after));
        }
        self.recent.push_back(now);
        let holds = |right: &str| scopes.contains(right) && behaviour.rights.contains(right);
        let is_granted = asked.route.right().is_none_or(holds);
        Ok(if is_granted { Permission::Granted } else { Permission::Missing })
    }

    fn list(&self, kind: Kind, query: &Query, permission: Permission) -> Answer {
        let visible = self.tenant.of(kind).filter(|_| permission == Permission::Granted);
        let selected = visible.filter(|(_, record)| query.selects(kind, record)).collect();
        let shown = |(id, record): (&i64, &Record)| self.tenant.shown(kind, *id, record, false);
        Answer::ok(query.page(kind.plural(), selected, self.tenant.behaviour.paging, shown))
    }

    fn get(&self, kind: Kind, id: i64, query: &Query) -> Result<Answer, Answer> {
        let record = self.tenant.get(kind, id).ok_or_else(Answer::not_found)?;
        Ok(Answer::ok(self.tenant.shown(kind, id, record, query.flag("includedetails"))))
    }

    /// The newest first.
    fn actions(&self, query: &Query, permission: Permission) -> Answer {
        let ticket = query.number("ticket_id");
        let visible = self.tenant.actions.iter().rev().filter(|_| permission == Permission::Granted);
        let of_ticket = visible.filter(|action| ticket.is_none_or(|wanted| action.ticket == wanted));
        let wanted = of_ticket.filter(|action| !(action.is_system && query.flag("excludesys")));
        let with_html = query.flag("includehtmlnote");
        let shown = |action: &Action| action.to_json(with_html);
        Answer::ok(query.page("actions", wanted.collect(), self.tenant.behaviour.paging, shown))
    }

    fn outcomes(&self, permission: Permission) -> Answer {
        let all = self.tenant.behaviour.lists_denied_outcomes;
        let allowed = self.tenant.outcomes.iter().filter(|(_, outcome)| all || outcome.is_allowed);
        let visible = allowed.filter(|_| permission == Permission::Granted);
        let row =
            |(id, outcome): (&i64, &super::state::Outcome)| json!({ "id": id, "outcome": outcome.name });
        Answer::ok(visible.map(row).collect())
    }

    /// A report that fails does so in an answer of success.
    fn report(&self, id: i64, query: &Query) -> Result<Answer, Answer> {
        let report = self.tenant.reports.get(&id).ok_or_else(Answer::not_found)?;
        if !query.flag("loadreport") {
            return Ok(Answer::ok(json!({ "id": id })));
        }
        Ok(Answer::ok(match report {
            Ok(rows) => json!({ "id": id, "report": { "rows": rows } }),
            Err(error) => json!({ "id": id, "report": { "rows": [], "load_error": error } }),
        }))
    }
}

fn json_body(asked: &Asked<'_>) -> Result<(), Answer> {
    let kind = asked.content_type.unwrap_or_default();
    if kind.split(';').next().map(str::trim) == Some("application/json") {
        return Ok(());
    }
    Err(Answer::error(415, "The request entity's media type is not supported."))
}
