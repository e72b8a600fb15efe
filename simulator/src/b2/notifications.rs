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
        bucket.notifications = rules.iter().map(read_rule).collect::<Result<_>>()?;
        Ok(Answer::of(&json!({
            "bucketId": bucket.id, "eventNotificationRules": bucket.notifications,
        })))
    }
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
    if !(6..=63).contains(&name.len()) {
        return Err(Refusal::bad_request("a notification rule's name has 6 to 63 characters"));
    }
    check_events(map.get("eventTypes"))?;
    let batch = map.get("maxEventsPerBatch").and_then(Value::as_i64).unwrap_or(1);
    if !(1..=50).contains(&batch) {
        return Err(Refusal::bad_request("maxEventsPerBatch must be 1 to 50"));
    }
    let target = map.get("targetConfiguration").unwrap_or(&Value::Null);
    check_target(target)?;
    Ok(json!({
        "name": name, "eventTypes": map.get("eventTypes"), "isEnabled": map.get("isEnabled").unwrap_or(&json!(true)),
        "isSuspended": false, "suspensionReason": "", "objectNamePrefix": text("objectNamePrefix").unwrap_or_default(),
        "maxEventsPerBatch": batch, "targetConfiguration": target,
    }))
}

fn check_events(types: Option<&Value>) -> Result<()> {
    let types = types.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let types: Vec<&str> = types.iter().map(|kind| kind.as_str().unwrap_or_default()).collect();
    if types.is_empty() {
        return Err(Refusal::new(400, "event_types_empty", "a rule needs at least one event type"));
    }
    for (place, kind) in types.iter().enumerate() {
        if !EVENTS.contains(kind) {
            return Err(Refusal::new(400, "event_type_invalid", format!("no such event type: {kind}")));
        }
        let family = kind.rsplit_once(':').map_or(*kind, |(family, _)| family);
        let whole = format!("{family}:*");
        let overlaps = |other: &&str| {
            let (other, kind) = (*other, *kind);
            other == kind || other == whole || (kind == whole && other.starts_with(family))
        };
        if types[..place].iter().any(overlaps) {
            return Err(Refusal::new(400, "event_type_overlap", format!("{kind} is covered twice")));
        }
    }
    Ok(())
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
        Some(Value::Array(headers)) if headers.len() > 10 => {
            Err(Refusal::bad_request("more than 10 customHeaders"))
        }
        _ => Ok(()),
    }
}
