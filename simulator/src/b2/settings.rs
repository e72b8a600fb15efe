//! A bucket's settings, read strictly.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::fields::only;
use super::refusal::{Refusal, Result};

/// The most lifecycle and CORS rules of a bucket.
const MOST_RULES: usize = 100;

/// A lifecycle rule; days are at least 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LifecycleRule {
    pub(crate) prefix: String,
    pub(crate) hide_after: Option<i64>,
    pub(crate) delete_after: Option<i64>,
    pub(crate) cancel_after: Option<i64>,
}

const PREFIX: &str = "fileNamePrefix";
const HIDE: &str = "daysFromUploadingToHiding";
const DELETE: &str = "daysFromHidingToDeleting";
const CANCEL: &str = "daysFromStartingToCancelingUnfinishedLargeFiles";

impl LifecycleRule {
    pub(crate) fn parse_all(value: &Value) -> Result<Vec<Self>> {
        let rules =
            list(value, "lifecycleRules", MOST_RULES)?.iter().map(Self::parse).collect::<Result<Vec<_>>>()?;
        for (place, rule) in rules.iter().enumerate() {
            if rules[..place].iter().any(|other| other.prefix == rule.prefix) {
                return Err(Refusal::bad_request(format!(
                    "two lifecycle rules for the prefix '{}'",
                    rule.prefix
                )));
            }
        }
        Ok(rules)
    }

    fn parse(value: &Value) -> Result<Self> {
        let map = only(value, "lifecycleRule", &[PREFIX, HIDE, DELETE, CANCEL])?;
        let Some(prefix) = map.get(PREFIX).and_then(Value::as_str) else {
            return Err(Refusal::bad_request("lifecycle rule needs fileNamePrefix"));
        };
        let rule = Self {
            prefix: prefix.to_owned(),
            hide_after: days(map, HIDE)?,
            delete_after: days(map, DELETE)?,
            cancel_after: days(map, CANCEL)?,
        };
        if rule.hide_after.or(rule.delete_after).or(rule.cancel_after).is_none() {
            return Err(Refusal::bad_request("lifecycle rule sets no number of days"));
        }
        Ok(rule)
    }

    pub(crate) fn json(&self) -> Value {
        json!({PREFIX: self.prefix, HIDE: self.hide_after, DELETE: self.delete_after, CANCEL: self.cancel_after})
    }
}

fn days(map: &Map<String, Value>, field: &str) -> Result<Option<i64>> {
    match map.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_i64() {
            Some(days) if days >= 1 => Ok(Some(days)),
            _ => Err(Refusal::bad_request(format!("{field} must be at least 1"))),
        },
    }
}

/// What a CORS rule can allow.
const CORS_OPERATIONS: [&str; 9] = [
    "b2_download_file_by_name",
    "b2_download_file_by_id",
    "b2_upload_file",
    "b2_upload_part",
    "s3_delete",
    "s3_get",
    "s3_head",
    "s3_post",
    "s3_put",
];

/// Reads the CORS rules; they are stored as they came.
pub(crate) fn parse_cors(value: &Value) -> Result<Vec<Value>> {
    let rules = list(value, "corsRules", MOST_RULES)?;
    for rule in rules {
        let known = [
            "corsRuleName",
            "allowedOrigins",
            "allowedOperations",
            "allowedHeaders",
            "exposeHeaders",
            "maxAgeSeconds",
        ];
        let map = only(rule, "corsRule", &known)?;
        let name = map.get("corsRuleName").and_then(Value::as_str).unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if !(6..=50).contains(&name.len()) || !name.chars().all(plain) {
            return Err(Refusal::bad_request("corsRuleName must be 6 to 50 letters, digits and '-'"));
        }
        let filled = |field| map.get(field).and_then(Value::as_array).is_some_and(|v| !v.is_empty());
        if !filled("allowedOrigins") || !filled("allowedOperations") {
            return Err(Refusal::bad_request("CORS rule needs allowedOrigins and allowedOperations"));
        }
        let listed = |field| map.get(field).and_then(Value::as_array).into_iter().flatten();
        let is_operation = |item: &Value| CORS_OPERATIONS.iter().any(|known| item == known);
        if !listed("allowedOperations").all(is_operation) {
            return Err(Refusal::bad_request("CORS rule allows an operation that there is not"));
        }
        let lists = ["allowedOrigins", "allowedHeaders", "exposeHeaders"];
        let is_list = |field: &&str| match map.get(*field) {
            None | Some(Value::Null) => true,
            Some(list) => list.as_array().is_some_and(|items| items.iter().all(Value::is_string)),
        };
        if !lists.iter().all(is_list) {
            return Err(Refusal::bad_request("CORS rule has a list that is none of strings"));
        }
        let age = map.get("maxAgeSeconds").and_then(Value::as_i64);
        if !age.is_some_and(|age| (0..=86_400).contains(&age)) {
            return Err(Refusal::bad_request("maxAgeSeconds must be 0 to 86400"));
        }
    }
    Ok(rules.to_vec())
}

/// Reads `bucketInfo`: up to ten strings.
pub(crate) fn parse_info(value: &Value) -> Result<BTreeMap<String, String>> {
    let info = strings(value, "bucketInfo", 10)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let bad = |name: &&String| name.is_empty() || name.len() > 50 || !name.chars().all(plain);
    match info.keys().find(bad) {
        Some(name) => Err(Refusal::bad_request(format!("bucketInfo has a bad name: {name}"))),
        None => Ok(info),
    }
}

/// Reads an object of up to `most` strings.
pub(crate) fn strings(value: &Value, kind: &str, most: usize) -> Result<BTreeMap<String, String>> {
    let Value::Object(map) = value else {
        return Err(Refusal::bad_request(format!("{kind} must be an object")));
    };
    if map.len() > most {
        return Err(Refusal::bad_request(format!("{kind} has more than {most} entries")));
    }
    let text = |(name, value): (&String, &Value)| match value {
        Value::String(text) => Ok((name.clone(), text.clone())),
        _ => Err(Refusal::bad_request(format!("{kind} {name} must be a string"))),
    };
    map.iter().map(text).collect()
}

/// Reads a replication configuration; both sides null is none.
pub(crate) fn parse_replication(value: &Value) -> Result<Option<Value>> {
    const SOURCE: &str = "asReplicationSource";
    const DESTINATION: &str = "asReplicationDestination";
    let map = only(value, "replicationConfiguration", &[SOURCE, DESTINATION])?;
    let side = |name: &str| map.get(name).filter(|side| !side.is_null());
    if let Some(source) = side(SOURCE) {
        let source = only(source, SOURCE, &["sourceApplicationKeyId", "replicationRules"])?;
        let rules = source.get("replicationRules").unwrap_or(&Value::Null);
        for rule in list(rules, "replicationRules", MOST_RULES)? {
            check_replication_rule(rule)?;
        }
    }
    if let Some(destination) = side(DESTINATION) {
        only(destination, DESTINATION, &["sourceToDestinationKeyMapping"])?;
    }
    if side(SOURCE).is_none() && side(DESTINATION).is_none() {
        return Ok(None);
    }
    Ok(Some(json!({SOURCE: side(SOURCE), DESTINATION: side(DESTINATION)})))
}

fn check_replication_rule(rule: &Value) -> Result<()> {
    let known = [
        "replicationRuleName",
        "destinationBucketId",
        "fileNamePrefix",
        "includeExistingFiles",
        "isEnabled",
        "priority",
    ];
    let map = only(rule, "replicationRule", &known)?;
    let priority = map.get("priority").and_then(Value::as_i64).unwrap_or(1);
    if !(1..=2_147_483_647).contains(&priority) {
        return Err(Refusal::bad_request("replication priority out of range"));
    }
    match map.get("destinationBucketId").and_then(Value::as_str) {
        Some(_) => Ok(()),
        None => Err(Refusal::bad_request("replication rule needs destinationBucketId")),
    }
}

fn list<'a>(value: &'a Value, kind: &str, most: usize) -> Result<&'a [Value]> {
    match value {
        Value::Array(items) if items.len() <= most => Ok(items),
        Value::Array(_) => Err(Refusal::bad_request(format!("more than {most} {kind}"))),
        _ => Err(Refusal::bad_request(format!("{kind} must be a list"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_of_no_days_or_zero_days_is_refused() {
        let rules = |rule: Value| LifecycleRule::parse_all(&json!([rule]));
        assert!(rules(json!({PREFIX: ""})).is_err());
        assert!(rules(json!({PREFIX: "", HIDE: null, DELETE: null})).is_err());
        assert!(rules(json!({PREFIX: "", DELETE: 0})).is_err());
        assert!(rules(json!({PREFIX: "", DELETE: 1})).is_ok());
        assert!(rules(json!({PREFIX: "", DELETE: 1, "days": 1})).is_err());
    }

    #[test]
    fn prefixes_are_distinct() {
        let twice = json!([{PREFIX: "a", DELETE: 1}, {PREFIX: "a", HIDE: 1}]);
        assert!(LifecycleRule::parse_all(&twice).is_err());
        let nested = json!([{PREFIX: "", DELETE: 1}, {PREFIX: "a", HIDE: 1}]);
        assert!(LifecycleRule::parse_all(&nested).is_ok());
    }
}
