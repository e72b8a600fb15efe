//! Serves the operations from the account's state.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::answer::Answer;
use super::query::Query;
use super::route::Route;
use super::state::{Account, Detail, Organization};

/// One account behind its API.
#[derive(Debug)]
pub(super) struct Api {
    pub(super) account: Account,
    pub(super) key: Option<String>,
    pub(super) recent: VecDeque<Timestamp>,
}

/// A request as it came off the wire.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) route: Route,
    pub(super) query: &'a str,
    pub(super) key: Option<&'a str>,
    pub(super) content_type: Option<&'a str>,
    pub(super) body: &'a [u8],
}

const WINDOW: SignedDuration = SignedDuration::from_mins(5);
/// The largest body, in bytes.
const LARGEST: usize = 10_000_000;
const MEDIA_TYPE: &str = "application/vnd.api+json";
const INTEGRATION: &str = "ninja-rmm";

impl Api {
    /// Answers a request, with all its effects.
    pub(super) fn serve(&mut self, asked: &Asked<'_>, now: Timestamp) -> Answer {
        self.try_serve(asked, now).unwrap_or_else(|refusal| refusal)
    }

    fn try_serve(&mut self, asked: &Asked<'_>, now: Timestamp) -> Result<Answer, Answer> {
        self.admit(asked, now)?;
        if asked.route == Route::Unknown {
            return Err(Answer::not_found());
        }
        let query = Query::parse(asked.query, asked.route)?;
        let show = query.flag("show_password")?;
        let shown = |otherwise| match show {
            Some(true) => Detail::Value,
            Some(false) => Detail::Record,
            None => otherwise,
        };
        match asked.route {
            Route::Organizations => {
                let rows = self.account.organizations.values().map(Organization::to_json).collect();
                query.page(query.select(rows))
            }
            Route::Organization(id) => {
                let found = self.account.organizations.get(&id).map(Organization::to_json);
                found.map(|data| Answer::data(200, data)).ok_or_else(Answer::not_found)
            }
            Route::Configurations => self.configurations(&query),
            Route::Configuration(id) => {
                let found = self.account.configurations.get(&id).map(|it| it.to_json(&self.account));
                found.map(|data| Answer::data(200, data)).ok_or_else(Answer::not_found)
            }
            Route::Categories => {
                let rows = self.account.categories.iter();
                let row = |(id, name): (&u64, &String)| {
                    serde_json::json!({
                        "id": id.to_string(),
                        "type": "password-categories",
                        "attributes": { "name": name },
                    })
                };
                query.page(query.select(rows.map(row).collect()))
            }
            Route::Passwords { organization } => self.passwords(organization, &query),
            Route::Password { organization, id } => {
                let mut found = self.account.readable().get(&id).cloned().ok_or_else(Answer::not_found)?;
                if organization.is_some_and(|wanted| found.organization != wanted) {
                    return Err(Answer::another_organization());
                }
                if let Some(version) = query.get("version_id") {
                    let version = version.parse().ok().and_then(|version| found.at(version));
                    found = version.ok_or_else(Answer::not_found)?;
                }
                Ok(Answer::data(200, found.to_json(&self.account, shown(Detail::Value))))
            }
            Route::Create { organization } => {
                let document = document(asked)?;
                self.account.create(&document, organization, shown(Detail::Record), now)
            }
            Route::Update { id } => {
                let document = document(asked)?;
                self.account.update(id, &document, shown(Detail::Record), now)
            }
            Route::Unknown => Err(Answer::not_found()),
        }
    }

    /// The key and the limit of requests, in this order: a wrong key is not counted.
    fn admit(&mut self, asked: &Asked<'_>, now: Timestamp) -> Result<(), Answer> {
        if asked.key.is_none() || asked.key != self.key.as_deref() {
            return Err(Answer::wrong_key());
        }
        while self.recent.front().is_some_and(|oldest| *oldest + WINDOW <= now) {
            self.recent.pop_front();
        }
        if self.recent.len() >= self.account.behaviour.limit {
            return Err(Answer::error(429, "Too Many Requests", "The request limit has been reached."));
        }
        self.recent.push_back(now);
        Ok(())
    }

    fn configurations(&self, query: &Query) -> Result<Answer, Answer> {
        let (rmm, integration) = (query.get("filter[rmm_id]"), query.get("filter[rmm_integration_type]"));
        if rmm.is_some() != integration.is_some() {
            return Err(Answer::bad_request("rmm_id and rmm_integration_type must be sent together"));
        }
        let rows: Vec<Value> = self
            .account
            .configurations
            .values()
            .filter(|it| match (rmm, integration) {
                (Some(rmm), Some(INTEGRATION)) => it.rmm_id.as_deref() == Some(rmm),
                (Some(_), _) => false,
                (None, _) => true,
            })
            .map(|it| it.to_json(&self.account))
            .collect();
        query.page(query.select(rows))
    }

    fn passwords(&mut self, organization: Option<u64>, query: &Query) -> Result<Answer, Answer> {
        if organization.is_some_and(|id| !self.account.organizations.contains_key(&id)) {
            return Err(Answer::not_found());
        }
        let passwords: Vec<_> = self
            .account
            .readable()
            .values()
            .filter(|it| organization.is_none_or(|wanted| it.organization == wanted))
            .cloned()
            .collect();
        let rows = passwords.iter().map(|it| it.to_json(&self.account, Detail::Row)).collect();
        query.page(query.select(rows))
    }
}

fn document(asked: &Asked<'_>) -> Result<Value, Answer> {
    if asked.content_type != Some(MEDIA_TYPE) {
        return Err(Answer::error(415, "Unsupported Media Type", "Send application/vnd.api+json."));
    }
    if asked.body.len() > LARGEST {
        return Err(Answer::error(413, "Payload Too Large", "The body is larger than 10 MB."));
    }
    serde_json::from_slice(asked.body).map_err(|_| Answer::bad_request("The body is no JSON."))
}
