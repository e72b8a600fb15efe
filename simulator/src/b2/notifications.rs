//! Event notification rules: kept, and checked as the service checks them.

use serde_json::{Value, json};

use super::answer::Answer;
use super::fields::only;
use super::refusal::{Refusal, Result};
use super::state::{Call, State};

const EVENTS: &[&str] = &[
    "b2:ObjectCreated:*",
    "b2:ObjectCreated:Upload",
    "b2:ObjectCreated:MultipartUpload",
    "b2:ObjectCreated:Copy",
    "b2:ObjectCreated:Replica",
    "b2:ObjectCreated:MultipartReplica",
    "b2:ObjectCreated:Hide",
    "b2:ObjectDeleted:*",
    "b2:ObjectDeleted:Delete",
    "b2:ObjectDeleted:LifecycleRule",
    "b2:HideMarkerCreated:*",
    "b2:HideMarkerCreated:Hide",
    "b2:HideMarkerCreated:LifecycleRule",
];

const MOST_RULES: usize = 25;
const MOST_HEADERS: usize = 10;

impl State {
    pub(crate) fn notification_rules(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("readBucketNotifications")?;
        let bucket = self.bucket(call, call.fields.text("bucketId")?)?;
        Ok(Answer::of(&json!({
            "bucketId": bucket.id, "eventNotificationRules": bucket.notifications,
        })))
    }

    pub(crate) fn set_notification_rules(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("writeBucketNotifications")?;
        let bucket = self.bucket_mut(call, call.fields.text("bucketId")?)?;
        let Some(Value::Array(rules)) = call.fields.value("eventNotificationRules") else {
            return Err(Refusal::bad_request("eventNotificationRules must be a list"));
        };
        if rules.len() > MOST_RULES {
            return Err(Refusal::bad_request("more than 25 notification rules"));
        }
        let rules = rules.iter().map(read_rule).collect::<Result<Vec<_>>>()?;
        for (place, rule) in rules.iter().enumerate() {
            rules[..place].iter().try_for_each(|other| apart(rule, other))?;
        }
        bucket.notifications = rules;
        Ok(Answer::of(&json!({
            "bucketId": bucket.id, "eventNotificationRules": bucket.notifications,
        })))
    }
}

/// Refuses two rules of one name, and two for the same events of the same files (which code answers the latter is not recorded).
fn apart(rule: &Value, other: &Value) -> Result<()> {
    let text = |rule: &Value, field: &str| rule[field].as_str().unwrap_or_default().to_owned();
    if text(rule, "name") == text(other, "name") {
        return Err(Refusal::bad_request(format!(
            "two notification rules of the name {}",
            text(rule, "name")
        )));
    }
    let (here, there) = (text(rule, "objectNamePrefix"), text(other, "objectNamePrefix"));
    let (mine, theirs) = (event_types(rule.get("eventTypes")), event_types(other.get("eventTypes")));
    let same = |kind: &&str| theirs.iter().any(|known| covers_alike(kind, known));
    if (here.starts_with(&there) || there.starts_with(&here)) && mine.iter().any(same) {
        return Err(Refusal::new(400, "event_type_overlap", "two notification rules for the same events"));
    }
    Ok(())
}

/// The part of an event type before its last colon.
fn category(kind: &str) -> &str {
    kind.rsplit_once(':').map_or(kind, |(category, _)| category)
}

fn covers_alike(one: &str, other: &str) -> bool {
    one == other || (category(one) == category(other) && (one.ends_with(":*") || other.ends_with(":*")))
}

fn read_rule(rule: &Value) -> Result<Value> {
    let known = [
        "name",
        "eventTypes",
        "isEnabled",
        "isSuspended",
        "suspensionReason",
        "objectNamePrefix",
        "maxEventsPerBatch",
        "targetConfiguration",
    ];
    let map = only(rule, "eventNotificationRule", &known)?;
    let text = |field: &str| map.get(field).and_then(Value::as_str);
    let name = text("name").unwrap_or_default();
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !(6..=63).contains(&name.len()) || !plain || name.starts_with("b2-") {
        return Err(Refusal::bad_request("a notification rule's name has 6 to 63 letters, digits and '-'"));
    }
    if !map.get("isEnabled").is_some_and(Value::is_boolean) || text("objectNamePrefix").is_none() {
        return Err(Refusal::bad_request("a notification rule needs isEnabled and objectNamePrefix"));
    }
    check_events(map.get("eventTypes"))?;
    let batch = map.get("maxEventsPerBatch").and_then(Value::as_i64).unwrap_or(1);
    if !(1..=50).contains(&batch) {
        return Err(Refusal::bad_request("maxEventsPerBatch must be 1 to 50"));
    }
    let target = read_target(map.get("targetConfiguration").unwrap_or(&Value::Null))?;
    Ok(json!({
        "name": name, "eventTypes": map.get("eventTypes"), "isEnabled": map.get("isEnabled"),
        "isSuspended": false, "suspensionReason": "", "objectNamePrefix": text("objectNamePrefix"),
        "maxEventsPerBatch": batch, "targetConfiguration": target,
    }))
}

fn event_types(types: Option<&Value>) -> Vec<&str> {
    let types = types.and_then(Value::as_array).into_iter().flatten();
    types.map(|kind| kind.as_str().unwrap_or_default()).collect()
}

fn check_events(types: Option<&Value>) -> Result<()> {
    let types = event_types(types);
    if types.is_empty() {
        return Err(Refusal::new(400, "event_types_empty", "a rule needs at least one event type"));
    }
    for (place, kind) in types.iter().enumerate() {
        if !EVENTS.contains(kind) {
            return Err(Refusal::new(400, "event_type_invalid", format!("no such event type: {kind}")));
        }
        if types[..place].iter().any(|other| covers_alike(kind, other)) {
            return Err(Refusal::new(400, "event_type_overlap", format!("{kind} is covered twice")));
        }
        if category(kind) != category(types[0]) {
            return Err(Refusal::new(400, "event_type_categories", "a rule has events of one category"));
        }
    }
    Ok(())
}

/// Checks a target, and shows what it does not set as null.
fn read_target(target: &Value) -> Result<Value> {
    check_target(target)?;
    let mut target = target.clone();
    for unset in ["hmacSha256SigningSecret", "customHeaders"] {
        if let Value::Object(members) = &mut target {
            members.entry(unset).or_insert(Value::Null);
        }
    }
    Ok(target)
}

fn check_target(target: &Value) -> Result<()> {
    let known = ["targetType", "url", "hmacSha256SigningSecret", "customHeaders"];
    let map = only(target, "targetConfiguration", &known)?;
    if map.get("targetType").and_then(Value::as_str) != Some("webhook") {
        return Err(Refusal::bad_request("targetType must be webhook"));
    }
    if !map.get("url").and_then(Value::as_str).is_some_and(|url| url.starts_with("https://")) {
        return Err(Refusal::bad_request("the webhook's url must be https"));
    }
    let secret = map.get("hmacSha256SigningSecret").and_then(Value::as_str);
    if secret.is_some_and(|text| text.len() != 32 || !text.bytes().all(|b| b.is_ascii_alphanumeric())) {
        return Err(Refusal::bad_request("hmacSha256SigningSecret must be 32 letters and digits"));
    }
    match map.get("customHeaders") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::Array(headers)) if headers.len() <= MOST_HEADERS => {
            headers.iter().try_for_each(check_header)
        }
        _ => Err(Refusal::bad_request("customHeaders must be a list of at most 10")),
    }
}

fn check_header(header: &Value) -> Result<()> {
    let map = only(header, "customHeader", &["name", "value"])?;
    let filled = |field: &str| map.get(field).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    if filled("name") && filled("value") {
        return Ok(());
    }
    Err(Refusal::bad_request("a custom header needs a name and a value"))
}
