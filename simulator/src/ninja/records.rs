//! What the operations of the catalogue do: records that are listed, made, changed and removed, and what is only accepted.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::catalogue::{self, Entry};
use super::device::Assigned;
use super::fields::{ApiPermission, Definition, FieldType};
use super::filter::Filter;
use super::query::Query;
use super::state::{Approval, NewDevice, Tenant};

/// The records of each kind, by their ids.
pub(super) type Records = BTreeMap<&'static str, BTreeMap<String, Value>>;

/// A request of an operation of the catalogue.
#[derive(Debug)]
pub(super) struct Request<'a> {
    pub(super) entry: &'static Entry,
    pub(super) values: Vec<(&'static str, &'a str)>,
    pub(super) query: &'a Query,
    pub(super) body: Value,
}

/// How deep the answers are filled in.
const DEPTH: u32 = 3;

/// The records that a tenant begins with: one of each kind, two alerts.
pub(super) fn seeds() -> Records {
    let seed = |kind, shape, id: Value| {
        let mut record = catalogue::sample(shape, 1);
        let key = if shape == "Alert" { "uid" } else { "id" };
        record[key] = id.clone();
        (kind, BTreeMap::from([(id.as_str().map_or_else(|| id.to_string(), str::to_owned), record)]))
    };
    Records::from([
        seed("contact", "Contact", json!(41)),
        seed("technician", "Technician", json!(31)),
        seed("end-user", "EndUser", json!(32)),
        seed("policy", "Policy", json!(40)),
        seed(
            "condition",
            "CustomFieldPolicyConditionResponse",
            json!("e0463b9c-15f7-49ad-b8d2-36a7c5e1f098"),
        ),
        seed(
            "event-condition",
            "WindowsEventPolicyConditionResponse",
            json!("e0463b9c-15f7-49ad-b8d2-36a7c5e1f098"),
        ),
        seed("alert", "Alert", json!("c0ffee00-0d1b-4b6f-9a55-6a3d0f7b2f10")),
    ])
}

impl Tenant {
    /// Serves a request whose token and query were checked.
    pub(super) fn catalogued(&mut self, request: &Request<'_>) -> Result<Answer, Answer> {
        self.placed(&request.values)?;
        let Request { entry, values, .. } = request;
        let (action, kind) = entry.action;
        let id = values.last().map_or("", |(_, id)| *id);
        let body = match action {
            "list" => self.records.get(kind).map(|all| all.values().cloned().collect()),
            "get" => Some(self.record(kind, id)?.clone()),
            "update" => Some(self.update_record(kind, id, &request.body)?),
            "create" => Some(self.create_record(kind, request)),
            "delete" => {
                self.record(kind, id)?;
                self.records.entry(kind).or_default().remove(id);
                None
            }
            "sample" => Some(sampled(entry.answer, values)),
            "activities" => Some(activities(request.query)?),
            "end-user-fields" => {
                Some(self.record("end-user-fields", id).cloned().unwrap_or_else(|_| json!({})))
            }
            "accept" => None,
            _ => self.ruled(request)?,
        };
        if entry.status != 200 || entry.answer.is_empty() {
            return Ok(Answer { status: entry.status, body: None });
        }
        Ok(Answer::ok(body.unwrap_or_else(|| catalogue::sample(entry.answer, DEPTH))))
    }

    /// Refuses a path that names an organisation, a location, a device, an end user or a technician that does not exist.
    fn placed(&self, values: &[(&'static str, &str)]) -> Result<(), Answer> {
        for (before, value) in values {
            let number = || value.parse::<i32>().map_err(|_| Answer::not_found());
            let exists = match *before {
                "organization" => self.organizations.contains_key(&number()?),
                "location" | "locations" => self.locations.contains_key(&number()?),
                "device" => self.devices.contains_key(&number()?),
                "end-user" => self.record("end-user", value).is_ok(),
                "technician" => self.record("technician", value).is_ok(),
                _ => true,
            };
            if !exists {
                return Err(Answer::not_found());
            }
        }
        Ok(())
    }

    fn record(&self, kind: &str, id: &str) -> Result<&Value, Answer> {
        self.records.get(kind).and_then(|all| all.get(id)).ok_or_else(Answer::not_found)
    }

    fn update_record(&mut self, kind: &'static str, id: &str, change: &Value) -> Result<Value, Answer> {
        self.record(kind, id)?;
        let all = self.records.entry(kind).or_default();
        let record = all.entry(id.to_owned()).or_insert_with(|| json!({}));
        merge(record, change);
        Ok(record.clone())
    }

    fn create_record(&mut self, kind: &'static str, request: &Request<'_>) -> Value {
        let number = self.next_id();
        let is_text = kind.ends_with("condition");
        let id = if is_text { format!("00000000-0000-4000-8000-{number:012x}") } else { number.to_string() };
        let mut record = json!({ "id": if is_text { json!(id) } else { json!(number) } });
        merge(&mut record, &request.body);
        self.records.entry(kind).or_default().insert(id, record.clone());
        record
    }

    /// One row of a report for every device that the filter lets through.
    pub(super) fn report_rows(&self, shape: &str, filter: &Filter) -> Vec<Value> {
        let sample = catalogue::sample(shape, DEPTH);
        let row = sample["results"][0].clone();
        let rows = self.devices.values().filter(|it| filter.shows(it)).map(|device| {
            let mut row = row.clone();
            for (key, id) in [("deviceId", device.id), ("entityId", device.id)] {
                if let Some(member) = row.get_mut(key) {
                    *member = id.into();
                }
            }
            if row.get("organizationId").is_some() {
                row["organizationId"] = device.about.organization.into();
                row["locationId"] = device.about.location.into();
            }
            if row.get("systemName").is_some() {
                merge(&mut row, &device.to_json());
            }
            row
        });
        rows.collect()
    }

    /// Operations that change what has rules of its own.
    fn ruled(&mut self, request: &Request<'_>) -> Result<Option<Value>, Answer> {
        let (body, values) = (&request.body, &request.values);
        let number =
            |at: usize| values.get(at).and_then(|(_, id)| id.parse::<i32>().ok()).unwrap_or_default();
        let text = |key: &str| body[key].as_str().map(str::to_owned);
        match request.entry.action.0 {
            "webhook" => drop(self.records.entry("webhook").or_default().insert(String::new(), body.clone())),
            "unhook" => drop(self.records.remove("webhook")),
            "set-end-user-fields" => {
                let fields = self.records.entry("end-user-fields").or_default();
                merge(fields.entry(values[0].1.to_owned()).or_insert_with(|| json!({})), body);
            }
            "add-organization" => return self.new_organization(body).map(Some),
            "change-organization" => {
                if let Some(organization) = self.organizations.get_mut(&number(0)) {
                    organization.change(body);
                }
            }
            "add-location" => {
                let name = text("name").ok_or_else(|| Answer::failure(400, "INVALID_VALUE: name"))?;
                let id = self.add_location(number(0), &name);
                return Ok(self.changed_location(id, body));
            }
            "change-location" => {
                let found = self.locations.get(&number(1)).filter(|it| it.organization == number(0));
                let id = found.ok_or_else(Answer::not_found)?.id;
                return Ok(self.changed_location(id, body));
            }
            "maintain" => self.assigned(number(0), |set| set.maintenance = Some(maintenance(body)))?,
            "unmaintain" => self.assigned(number(0), |set| set.maintenance = None)?,
            "own" => {
                self.assigned(number(0), |set| set.owner = values.get(1).map(|(_, uid)| (*uid).to_owned()))?;
            }
            "disown" => self.assigned(number(0), |set| set.owner = None)?,
            "decommission" => {
                if let Some(device) = self.devices.get_mut(&number(0)) {
                    device.about.approval = Approval::Decommissioned;
                }
            }
            "groups" => {
                let group = |(id, (name, _)): (&i32, &(&str, &str))| json!({ "id": id, "name": name });
                return Ok(Some(self.groups.iter().map(group).collect()));
            }
            "group-devices" => {
                let (_, filter) = self.groups.get(&number(0)).ok_or_else(Answer::not_found)?;
                let filter =
                    Filter::parse(filter, &self.groups).map_err(|text| Answer::failure(400, &text))?;
                let shown = self.devices.values().filter(|it| filter.shows(it));
                return Ok(Some(shown.map(|it| it.id).collect()));
            }
            "approve" => self.decide(body, values[0].1)?,
            "stage" => return self.stage(body).map(Some),
            _ => return self.define(request),
        }
        Ok(None)
    }

    fn assigned(&mut self, device: i32, change: impl FnOnce(&mut Assigned)) -> Result<(), Answer> {
        change(&mut self.devices.get_mut(&device).ok_or_else(Answer::not_found)?.set);
        Ok(())
    }

    fn new_organization(&mut self, body: &Value) -> Result<Value, Answer> {
        let name = body["name"].as_str().ok_or_else(|| Answer::failure(400, "INVALID_VALUE: name"))?;
        let id = self.add_organization(name);
        let mut about = body.clone();
        for beside in ["locations", "policies"] {
            about.as_object_mut().map(|about| about.remove(beside));
        }
        let organization = self.organizations.get_mut(&id).ok_or_else(Answer::not_found)?;
        organization.change(&about);
        let mut shown = organization.to_json();
        let locations = body["locations"].as_array().into_iter().flatten();
        let locations = locations.filter_map(|it| {
            let location = self.add_location(id, it["name"].as_str()?);
            self.changed_location(location, it)
        });
        shown["locations"] = locations.collect();
        Ok(shown)
    }

    fn changed_location(&mut self, id: i32, change: &Value) -> Option<Value> {
        let location = self.locations.get_mut(&id)?;
        location.change(change);
        Some(location.to_json())
    }

    fn decide(&mut self, body: &Value, mode: &str) -> Result<(), Answer> {
        for id in body["devices"].as_array().into_iter().flatten().filter_map(Value::as_i64) {
            let id = i32::try_from(id).map_err(|_| Answer::not_found())?;
            match mode {
                "APPROVE" => {
                    self.devices.get_mut(&id).ok_or_else(Answer::not_found)?.about.approval =
                        Approval::Approved;
                }
                "REJECT" => drop(self.devices.remove(&id)),
                _ => return Err(Answer::not_found()),
            }
        }
        Ok(())
    }

    fn stage(&mut self, body: &Value) -> Result<Value, Answer> {
        let id = |key: &str| body[key].as_i64().and_then(|id| i32::try_from(id).ok()).unwrap_or_default();
        let (organization, location) = (id("orgId"), id("locationId"));
        if self.locations.get(&location).is_none_or(|it| it.organization != organization) {
            return Err(Answer::failure(400, "INVALID_VALUE: locationId is not of this organization"));
        }
        let device =
            NewDevice::new(organization, location, body["name"].as_str().unwrap_or_default()).staged();
        Ok(json!({ "nodeId": self.add_device(device, 0.0) }))
    }

    /// Definitions of custom fields: shown, made, changed, and removed with all values.
    fn define(&mut self, request: &Request<'_>) -> Result<Option<Value>, Answer> {
        let (body, name) = (&request.body, request.values.last().map(|(_, name)| *name));
        let single = !request.entry.body.starts_with('B') && request.entry.name != "delete_field_definitions";
        let bodies: Vec<&Value> = match &body["customFields"] {
            Value::Array(several) => several.iter().collect(),
            _ => vec![body],
        };
        let shown: Vec<Value> = match request.entry.action.0 {
            "definition" => vec![self.definition(name.unwrap_or_default())?],
            "define" => {
                let taken = |it: &&&Value| {
                    it["fieldName"].as_str().is_some_and(|name| self.definitions.contains_key(name))
                };
                if bodies.iter().any(|it| taken(&it)) {
                    return Err(Answer::failure(400, "FIELD_NAME_ALREADY_EXISTS"));
                }
                bodies.iter().map(|it| self.new_definition(it)).collect()
            }
            "redefine" => {
                let names =
                    bodies.iter().map(|it| name.or(it["fieldName"].as_str()).unwrap_or_default().to_owned());
                let names: Vec<String> = names.collect();
                names.iter().try_for_each(|name| self.definition(name).map(drop))?;
                for (name, body) in names.iter().zip(&bodies) {
                    if let (Some(field), Some(label)) =
                        (self.definitions.get_mut(name), body["label"].as_str())
                    {
                        label.clone_into(&mut field.label);
                    }
                }
                names.iter().map(|name| self.definition(name)).collect::<Result<_, _>>()?
            }
            _ => return self.undefine(name.map(str::to_owned), request.query).map(Some),
        };
        Ok(if single { shown.into_iter().next() } else { Some(shown.into()) })
    }

    fn undefine(&mut self, name: Option<String>, query: &Query) -> Result<Value, Answer> {
        let names: Vec<String> = match name {
            Some(name) => vec![name],
            None => query.get("fieldNames").unwrap_or_default().split(',').map(str::to_owned).collect(),
        };
        names.iter().try_for_each(|name| self.definition(name).map(drop))?;
        self.definitions.retain(|name, _| !names.contains(name));
        self.values.retain(|(_, name), _| !names.contains(name));
        Ok(json!(names))
    }

    pub(super) fn definition_rows(&self) -> Vec<Value> {
        self.definitions.iter().map(|(name, it)| it.to_json(name)).collect()
    }

    fn definition(&self, name: &str) -> Result<Value, Answer> {
        self.definitions.get(name).map(|it| it.to_json(name)).ok_or_else(Answer::not_found)
    }

    fn new_definition(&mut self, body: &Value) -> Value {
        let scopes = ["ORGANIZATION", "LOCATION", "NODE"];
        let asked = |scope: &&str| match body["definitionScope"].as_array() {
            Some(asked) => asked.iter().any(|it| it == scope),
            None => *scope == "NODE",
        };
        let definition = Definition {
            label: body["label"].as_str().unwrap_or_default().to_owned(),
            kind: FieldType::named(body["type"].as_str().unwrap_or("TEXT")),
            scopes: scopes.into_iter().filter(asked).collect(),
            permission: ApiPermission::named(body["apiPermission"].as_str().unwrap_or("NONE")),
        };
        let name = body["fieldName"].as_str().unwrap_or_default();
        let shown = definition.to_json(name);
        self.definitions.insert(name.to_owned(), definition);
        shown
    }
}

/// A sample of the answer that speaks of the device, the organisation and the location of the path.
fn sampled(shape: &str, values: &[(&'static str, &str)]) -> Value {
    let mut sample = catalogue::sample(shape, DEPTH);
    let rows: Vec<&mut Value> = match &mut sample {
        Value::Array(rows) => rows.iter_mut().collect(),
        one => vec![one],
    };
    for row in rows {
        for (before, value) in values {
            let (key, id) = (format!("{before}Id"), value.parse::<i32>());
            if let (Some(member), Ok(id)) = (row.get_mut(&key), id) {
                *member = id.into();
            }
        }
    }
    sample
}

/// A maintenance as devices show it: written in milliseconds, shown in seconds.
fn maintenance(settings: &Value) -> Value {
    let seconds = |key: &str| settings[key].as_f64().map(|at| at / 1000.0);
    json!({ "status": "PENDING", "start": seconds("start"), "end": seconds("end"), "reasonMessage": settings["reasonMessage"] })
}

/// Members of the change replace those of the record.
fn merge(record: &mut Value, change: &Value) {
    if let (Value::Object(record), Value::Object(change)) = (record, change) {
        record
            .extend(change.iter().map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>());
    }
}

/// The tenant's forty activities, from the newest to the oldest.
fn activities(query: &Query) -> Result<Value, Answer> {
    let number = |name| query.number(name).map(|it| it.map(i64::from));
    let (older, newer) = (number("olderThan")?.unwrap_or(i64::MAX), number("newerThan")?.unwrap_or(0));
    let size = usize::try_from(number("pageSize")?.unwrap_or(200)).unwrap_or_default();
    if !(10..=1000).contains(&size) {
        return Err(Answer::failure(400, "pageSize must be between 10 and 1000"));
    }
    let ids = (1..=40_i64).rev().filter(|id| *id < older && *id > newer).take(size);
    let rows = ids.map(|id| {
        let mut row = catalogue::sample("Activity", DEPTH);
        row["id"] = id.into();
        row
    });
    Ok(json!({ "lastActivityId": 40, "activities": rows.collect::<Vec<_>>() }))
}
