//! Serves the operations from the account's state.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::answer::Answer;
use super::behaviour::Meanwhile;
use super::item::Item;
use super::kind::Kind;
use super::query::Query;
use super::route::Route;
use super::state::{Account, Detail, Password};

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
            Route::List { kind, organization } => self.items(kind, organization, &query),
            Route::Fields { asset_type } => self.fields(asset_type, &query),
            Route::Show { kind, id } => self.item(kind, id, &query),
            Route::CreateItem { kind, organization } => {
                self.account.create_item(kind, &document(asked)?, organization)
            }
            Route::UpdateItem { kind, id } => self.account.update_item(kind, id, &document(asked)?),
            Route::Attach { kind, id } => self.account.attach(kind, id, &document(asked)?),
            Route::Passwords { organization } => self.passwords(organization, &query),
            Route::Password { organization, id } => {
                self.password(organization, id, &query, shown(Detail::Value))
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

    /// The address, the key and the limit of requests, in this order: a wrong key is not counted.
    fn admit(&mut self, asked: &Asked<'_>, now: Timestamp) -> Result<(), Answer> {
        let behaviour = &mut self.account.behaviour;
        if behaviour.redirects > 0 {
            behaviour.redirects -= 1;
            return Err(Answer::redirect());
        }
        if asked.key.is_none() || asked.key != self.key.as_deref() {
            return Err(Answer::wrong_key());
        }
        while self.recent.front().is_some_and(|oldest| *oldest + WINDOW <= now) {
            self.recent.pop_front();
        }
        if self.recent.len() >= behaviour.limit {
            return Err(Answer::limited(behaviour.retry_after));
        }
        self.recent.push_back(now);
        Ok(())
    }

    fn items(&self, kind: Kind, organization: Option<u64>, query: &Query) -> Result<Answer, Answer> {
        let account = &self.account;
        if organization.is_some_and(|id| account.item(Kind::Organizations, id).is_none()) {
            return Err(Answer::not_found());
        }
        query.both_or_neither("rmm_id", "rmm_integration_type")?;
        query.both_or_neither("psa_id", "psa_integration_type")?;
        if kind == Kind::FlexibleAssets && query.get("filter[flexible-asset-type-id]").is_none() {
            return Err(Answer::bad_request("filter[flexible-asset-type-id] is required"));
        }
        let rows = account.items(kind).filter(|it| organization.is_none() || it.organization == organization);
        query.page(rows, |it: &&Item, name| it.text(name), |it| account.shown(kind, it))
    }

    fn fields(&self, asset_type: u64, query: &Query) -> Result<Answer, Answer> {
        let account = &self.account;
        account.item(Kind::FlexibleAssetTypes, asset_type).ok_or_else(Answer::not_found)?;
        let is_of_it = |it: &&Item| {
            it.attributes.get("flexible-asset-type-id").and_then(Value::as_u64) == Some(asset_type)
        };
        let rows = account.items(Kind::FlexibleAssetFields).filter(is_of_it);
        let shown = |it: &&Item| account.shown(Kind::FlexibleAssetFields, it);
        query.page(rows, |it: &&Item, name| it.text(name), shown)
    }

    fn item(&self, kind: Kind, id: u64, query: &Query) -> Result<Answer, Answer> {
        let found = self.account.item(kind, id).ok_or_else(Answer::not_found)?;
        let answer = Answer::data(200, self.account.shown(kind, found));
        let known = kind.spelling().includes;
        if query.includes(known, "attachments")? {
            return Ok(answer.beside(self.account.files_at(id).collect()));
        }
        if query.includes(known, "rmm_companies")? {
            return Ok(answer.beside(found.beside.clone()));
        }
        Ok(answer)
    }

    fn passwords(&mut self, organization: Option<u64>, query: &Query) -> Result<Answer, Answer> {
        if organization.is_some_and(|id| self.account.item(Kind::Organizations, id).is_none()) {
            return Err(Answer::not_found());
        }
        self.account.readable();
        let account = &self.account;
        let rows = account.seen().values();
        let rows = rows.filter(|it| organization.is_none_or(|wanted| it.organization == wanted));
        let shown = |it: &&Password| it.to_json(account, Detail::Row);
        let answer = query.page(rows, |it: &&Password, name| it.text(account, name), shown)?;
        let listed = answer.body["data"].as_array().into_iter().flatten();
        let listed: Vec<u64> = listed.filter_map(|row| row["id"].as_str()?.parse().ok()).collect();
        self.account.listed(&listed);
        Ok(answer)
    }

    fn password(
        &mut self,
        organization: Option<u64>,
        id: u64,
        query: &Query,
        detail: Detail,
    ) -> Result<Answer, Answer> {
        const INCLUDES: [&str; 3] = ["recent_versions", "attachments", "related_items"];
        let mut found = self.account.readable().get(&id).cloned().ok_or_else(Answer::not_found)?;
        if organization.is_some_and(|wanted| found.organization != wanted) {
            return Err(Answer::another_organization());
        }
        let mut beside = Vec::new();
        if query.includes(&INCLUDES, "recent_versions")? {
            beside.extend(found.versions_shown());
        }
        if query.includes(&INCLUDES, "attachments")? {
            beside.extend(self.account.files_at(id));
        }
        if let Some(version) = query.get("version_id") {
            let version = version.parse().ok().and_then(|version| found.at(version));
            found = version.ok_or_else(Answer::not_found)?;
        }
        let answer = Answer::data(200, found.to_json(&self.account, detail));
        Ok(if query.get("include").is_some() { answer.beside(beside) } else { answer })
    }
}

impl Account {
    /// What somebody else does after a list of passwords.
    fn listed(&mut self, listed: &[u64]) {
        let (attribute, value): (&str, Value) = match self.behaviour.meanwhile {
            Some(Meanwhile::ArchiveAfterList) => ("archived", true.into()),
            Some(Meanwhile::ChangeNotesAfterList) => ("notes", "changed by hand".into()),
            _ => return,
        };
        for id in listed {
            if let Some(password) = self.passwords.get_mut(id) {
                self.behaviour.meanwhile = None;
                password.attributes.insert(attribute.to_owned(), value.clone());
            }
        }
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
