//! The report over custom fields of every scope, behind a cursor that lives on the server.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::answer::Answer;
use super::fields::{Entity, Inherit};
use super::query::Query;
use super::state::Tenant;

/// The reports that are being read.
#[derive(Debug, Default)]
pub(super) struct Reports {
    open: BTreeMap<String, Report>,
    started: u64,
    /// Whether a report begins anew where it ends, under a position that goes on growing.
    pub(super) endless: bool,
}

#[derive(Debug)]
struct Report {
    rows: Vec<Value>,
    offset: usize,
    served: usize,
    expires: Timestamp,
}

const LIFE: SignedDuration = SignedDuration::from_mins(10);

impl Reports {
    /// Starts a report, or goes on with the one that the query's cursor names.
    pub(super) fn next(&mut self, tenant: &Tenant, query: &Query, now: Timestamp) -> Result<Answer, Answer> {
        query.flag("showSecureValues")?;
        self.page("scoped", query, now, || rows(tenant, query))
    }

    /// Starts a report of these rows, or goes on with the one that the query's cursor names.
    pub(super) fn page(
        &mut self,
        kind: &str,
        query: &Query,
        now: Timestamp,
        rows: impl FnOnce() -> Result<Vec<Value>, Answer>,
    ) -> Result<Answer, Answer> {
        self.next_page((kind, "cursor"), (10, 1000, 10_000), query, now, rows)
    }

    /// Starts the list of all definitions, or goes on with the one that the query's cursor names.
    pub(super) fn definitions(
        &mut self,
        query: &Query,
        now: Timestamp,
        rows: impl FnOnce() -> Result<Vec<Value>, Answer>,
    ) -> Result<Answer, Answer> {
        self.next_page(("definitions", "cursorName"), (5, 50, 500), query, now, rows)
    }

    fn next_page(
        &mut self,
        (kind, parameter): (&str, &str),
        (least, usual, most): (i32, i32, i32),
        query: &Query,
        now: Timestamp,
        rows: impl FnOnce() -> Result<Vec<Value>, Answer>,
    ) -> Result<Answer, Answer> {
        let size = query.number("pageSize")?.unwrap_or(usual);
        if !(least..=most).contains(&size) {
            return Err(Answer::failure(400, &format!("pageSize must be between {least} and {most}")));
        }
        let name = if let Some(name) = query.get(parameter) {
            name.to_owned()
        } else {
            self.started += 1;
            let name = format!("{kind}-{}", self.started);
            let report = Report { rows: rows()?, offset: 0, served: 0, expires: now + LIFE };
            self.open.insert(name.clone(), report);
            name
        };
        let report = self
            .open
            .get_mut(&name)
            .filter(|report| now < report.expires)
            .ok_or_else(|| Answer::failure(400, "The cursor is unknown or has expired"))?;
        let from = report.offset;
        let upto = report.rows.len().min(from.saturating_add(usize::try_from(size).unwrap_or(usize::MAX)));
        let served = report.served;
        report.served += upto - from;
        report.offset = if self.endless && upto == report.rows.len() { 0 } else { upto };
        Ok(Answer::ok(json!({
            "cursor": { "name": name, "offset": served, "count": upto - from, "expires": report.expires.as_second() },
            "results": report.rows[from..upto],
        })))
    }
}

fn rows(tenant: &Tenant, query: &Query) -> Result<Vec<Value>, Answer> {
    let scopes = query.scopes()?;
    let fields: Option<Vec<&str>> = query.get("fields").map(|names| names.split(',').collect());
    let entities = (tenant.organizations.keys().map(|id| Entity::Organization(*id)))
        .chain(tenant.locations.keys().map(|id| Entity::Location(*id)))
        .chain(tenant.devices.keys().map(|id| Entity::Device(*id)));
    let mut rows = Vec::new();
    for entity in entities.filter(|entity| scopes.have(entity.scope())) {
        let mut values = tenant.fields(entity, Inherit::No);
        values.retain(|name, _| fields.as_ref().is_none_or(|wanted| wanted.contains(&name.as_str())));
        if !values.is_empty() {
            rows.push(json!({ "scope": entity.scope(), "entityId": entity.id(), "fields": values }));
        }
    }
    Ok(rows)
}
