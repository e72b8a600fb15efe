//! Serves the operations from the tenant's state.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::Answer;
use super::catalogue::{self, Entry};
use super::fields::{Definition, Entity, Inherit};
use super::filter::Filter;
use super::oauth::Application;
use super::query::Query;
use super::records::Request;
use super::report::Reports;
use super::route::{FieldOwner, Route};
use super::state::{Approval, Device, Location, Organization, Tenant};
use crate::request::Access;

/// One tenant behind its API.
#[derive(Debug)]
pub(super) struct Api {
    pub(super) tenant: Tenant,
    pub(super) application: Application,
    pub(super) reports: Reports,
}

/// A request as it came off the wire.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) route: Route,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) authorization: Option<&'a str>,
    pub(super) content_type: Option<&'a str>,
    pub(super) body: &'a [u8],
}

impl Api {
    /// Answers a request, with all its effects.
    pub(super) fn serve(&mut self, asked: &Asked<'_>, now: Timestamp) -> Answer {
        let answer = self.try_serve(asked, now).unwrap_or_else(|refusal| refusal);
        let reads = asked.route != Route::Token && asked.route.access() == Access::Read;
        if self.tenant.behaviour.blind && reads && answer.status == 200 {
            return without_rights(asked.route, &answer);
        }
        answer
    }

    fn try_serve(&mut self, asked: &Asked<'_>, now: Timestamp) -> Result<Answer, Answer> {
        if asked.route == Route::Token {
            let form = form(asked)?;
            return self.application.token(&form, now);
        }
        self.application.admit(asked.authorization, asked.route.access(), now)?;
        if asked.route == Route::Unknown {
            return Err(Answer::not_found());
        }
        if let Route::Catalogued(place) = asked.route {
            return self.catalogued(asked, place, now);
        }
        let query = Query::parse(asked.query, asked.route.parameters())?;
        let tenant = &self.tenant;
        let cap = tenant.behaviour.page_cap;
        match asked.route {
            Route::Organizations
            | Route::OrganizationsDetailed
            | Route::Organization(_)
            | Route::OrganizationLocations(_)
            | Route::Locations => self.places(asked.route, &query),
            Route::OrganizationDevices(id) => {
                found(tenant, Entity::Organization(id))?;
                let filter = self.filter(&format!("org = {id}"))?;
                query.page(self.devices(&filter).map(|it| (it.id, it.to_json())), cap)
            }
            Route::Devices | Route::DevicesDetailed => {
                let filter = self.filter(query.get("df").unwrap_or_default())?;
                let show =
                    if asked.route == Route::Devices { Device::to_json } else { Device::to_json_detailed };
                query.page(self.devices(&filter).map(|it| (it.id, show(it))), cap)
            }
            Route::Device(id) => tenant
                .devices
                .get(&id)
                .map(|it| Answer::ok(it.to_json_detailed()))
                .ok_or_else(Answer::not_found),
            Route::PatchDevice(id) => self.patch_device(id, &json_body(asked)?),
            Route::Search => self.search(&query),
            Route::Definitions => self.definitions(&query),
            Route::Fields(owner) => {
                self.owned(owner)?;
                let inherit = if query.flag("withInheritance")? { Inherit::Yes } else { Inherit::No };
                Ok(Answer::ok(tenant.fields(owner.entity, inherit).into()))
            }
            Route::PatchFields(owner) => {
                self.owned(owner)?;
                self.tenant.patch_fields(owner.entity, &json_body(asked)?)?;
                Ok(Answer::empty())
            }
            Route::ScopedReport => self.reports.next(tenant, &query, now),
            Route::Token | Route::Catalogued(_) | Route::Unknown => Err(Answer::not_found()),
        }
    }

    fn catalogued(&mut self, asked: &Asked<'_>, place: usize, now: Timestamp) -> Result<Answer, Answer> {
        let entry = Entry::at(place).ok_or_else(Answer::not_found)?;
        let query = Query::parse(asked.query, &entry.query)?;
        let body = if entry.body.is_empty() { Value::Null } else { json_body(asked)? };
        if !entry.body.is_empty() {
            catalogue::check(entry.body, &body)?;
        }
        if entry.action.0 == "report" {
            let filter = self.filter(query.get("df").unwrap_or_default())?;
            let tenant = &self.tenant;
            return self
                .reports
                .page(entry.name, &query, now, || Ok(tenant.report_rows(entry.answer, &filter)));
        }
        if entry.action.0 == "definitions" {
            let tenant = &self.tenant;
            return self.reports.definitions(&query, now, || Ok(tenant.definition_rows()));
        }
        self.filter(query.get("df").unwrap_or_default())?;
        let path =
            asked.path.strip_prefix("/api").filter(|rest| rest.starts_with("/v2/")).unwrap_or(asked.path);
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        self.tenant.catalogued(&Request { entry, values: entry.values(&segments), query: &query, body })
    }

    /// Organisations and locations.
    fn places(&self, route: Route, query: &Query) -> Result<Answer, Answer> {
        let tenant = &self.tenant;
        let cap = tenant.behaviour.page_cap;
        let organizations = tenant.organizations.values();
        match route {
            Route::Organizations => query.page(organizations.map(|it| (it.id, it.to_json())), cap),
            Route::OrganizationsDetailed => {
                query.page(organizations.map(|it| (it.id, self.detailed(it))), cap)
            }
            Route::Organization(id) => {
                let organization = tenant.organizations.get(&id).ok_or_else(Answer::not_found)?;
                Ok(Answer::ok(self.detailed(organization)))
            }
            Route::OrganizationLocations(id) => {
                found(tenant, Entity::Organization(id))?;
                Ok(Answer::ok(tenant.locations_of(id).map(Location::to_json).collect()))
            }
            _ => query.page(tenant.locations.values().map(|it| (it.id, it.to_json_with_organization())), cap),
        }
    }

    fn filter(&self, text: &str) -> Result<Filter, Answer> {
        Filter::parse(text, &self.tenant.groups).map_err(|text| Answer::failure(400, &text))
    }

    fn devices(&self, filter: &Filter) -> impl Iterator<Item = &Device> {
        self.tenant.devices.values().filter(|device| filter.shows(device))
    }

    /// An organisation with its locations and policies (`OrganizationDetailed` in the API's schema).
    fn detailed(&self, organization: &Organization) -> Value {
        let mut shown = organization.to_json();
        shown["locations"] = self.tenant.locations_of(organization.id).map(Location::to_json).collect();
        shown["policies"] = json!([{ "nodeRoleId": 211, "policyId": 40 }]);
        shown["settings"] = json!({});
        shown
    }

    fn owned(&self, owner: FieldOwner) -> Result<(), Answer> {
        found(&self.tenant, owner.entity)?;
        match (owner.entity, owner.organization) {
            (Entity::Location(id), Some(organization))
                if self.tenant.locations.get(&id).is_some_and(|it| it.organization != organization) =>
            {
                Err(Answer::not_found())
            }
            _ => Ok(()),
        }
    }

    fn search(&self, query: &Query) -> Result<Answer, Answer> {
        let text = query.get("q").unwrap_or_default().to_lowercase();
        let limit = usize::try_from(query.number("limit")?.unwrap_or(10))
            .map_err(|_| Answer::failure(400, "limit must not be negative"))?;
        let hits = self.tenant.devices.values().filter(|it| it.about.approval == Approval::Approved);
        let hits = hits.filter_map(|device| {
            let about = &device.about;
            let names = [("displayName", &about.display_name), ("systemName", &about.system_name)];
            let addresses = about.ip_addresses.iter().map(|address| ("ipAddress", address));
            let (attribute, value) = names
                .into_iter()
                .chain(addresses)
                .find(|(_, value)| !text.is_empty() && value.to_lowercase().contains(&text))?;
            let mut shown = device.to_json();
            shown["score"] = 1.into();
            shown["matchAttr"] = attribute.into();
            shown["matchAttrValue"] = value.as_str().into();
            Some(shown)
        });
        let devices: Vec<Value> = hits.take(limit).collect();
        Ok(Answer::ok(json!({ "query": query.get("q").unwrap_or_default(), "devices": devices })))
    }

    fn definitions(&self, query: &Query) -> Result<Answer, Answer> {
        let scopes = query.scopes()?;
        let asked = |field: &Definition| field.scopes.iter().any(|scope| scopes.have(scope));
        let shown = self.tenant.definitions.iter().filter(|(_, it)| asked(it));
        Ok(Answer::ok(shown.map(|(name, it)| it.to_json(name)).collect()))
    }

    fn patch_device(&mut self, id: i32, patch: &Value) -> Result<Answer, Answer> {
        let device = self.tenant.devices.get(&id).ok_or_else(Answer::not_found)?;
        let patched = device.patched(patch)?;
        let location = self.tenant.locations.get(&patched.about.location);
        if location.is_none_or(|location| location.organization != patched.about.organization) {
            return Err(Answer::failure(400, "INVALID_VALUE: locationId is not of this organization"));
        }
        self.tenant.devices.insert(id, patched);
        Ok(Answer::empty())
    }
}

/// What an application gets that may ask, and see nothing: lists without rows, and nothing of what it names by its id.
fn without_rights(route: Route, answer: &Answer) -> Answer {
    let mut body = answer.body.clone().unwrap_or_default();
    if body.is_array() {
        return Answer::ok(json!([]));
    }
    if matches!(route, Route::Fields(_)) {
        return Answer::ok(json!({}));
    }
    for list in ["results", "devices", "activities"] {
        if body[list].is_array() {
            body[list] = json!([]);
            if let Some(count) = body.pointer_mut("/cursor/count") {
                *count = 0.into();
            }
            return Answer::ok(body);
        }
    }
    Answer::not_found()
}

fn found(tenant: &Tenant, entity: Entity) -> Result<(), Answer> {
    if tenant.exists(entity) { Ok(()) } else { Err(Answer::not_found()) }
}

fn json_body(asked: &Asked<'_>) -> Result<Value, Answer> {
    if !asked.content_type.is_some_and(|kind| kind.starts_with("application/json")) {
        return Err(Answer::failure(415, "HTTP 415 Unsupported Media Type"));
    }
    serde_json::from_slice(asked.body).map_err(|_| Answer::failure(400, "The body is no JSON."))
}

fn form(asked: &Asked<'_>) -> Result<Vec<(String, String)>, Answer> {
    if !asked.content_type.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        return Err(Answer::failure(415, "HTTP 415 Unsupported Media Type"));
    }
    Ok(url::form_urlencoded::parse(asked.body).into_owned().collect())
}
