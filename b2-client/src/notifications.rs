//! Event notifications: rules on a bucket, and the webhook's side of them.

use std::fmt;

use http_core::Idempotency;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::buckets::Buckets;
use crate::error::{Error, ErrorKind};
use crate::ids::{AccountId, BucketId, FileId, UnixMillis};
use crate::names::{BucketName, FileName};
use crate::service::call;

/// A kind of event, as the service names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are the service's own")]
pub enum EventType {
    #[serde(rename = "b2:ObjectCreated:*")]
    ObjectCreated,
    #[serde(rename = "b2:ObjectCreated:Upload")]
    ObjectCreatedUpload,
    #[serde(rename = "b2:ObjectCreated:MultipartUpload")]
    ObjectCreatedMultipartUpload,
    #[serde(rename = "b2:ObjectCreated:Copy")]
    ObjectCreatedCopy,
    #[serde(rename = "b2:ObjectCreated:Replica")]
    ObjectCreatedReplica,
    #[serde(rename = "b2:ObjectCreated:MultipartReplica")]
    ObjectCreatedMultipartReplica,
    #[serde(rename = "b2:ObjectDeleted:*")]
    ObjectDeleted,
    #[serde(rename = "b2:ObjectDeleted:Delete")]
    ObjectDeletedDelete,
    #[serde(rename = "b2:ObjectDeleted:LifecycleRule")]
    ObjectDeletedLifecycleRule,
    #[serde(rename = "b2:HideMarkerCreated:*")]
    HideMarkerCreated,
    #[serde(rename = "b2:HideMarkerCreated:Hide")]
    HideMarkerCreatedHide,
    #[serde(rename = "b2:HideMarkerCreated:LifecycleRule")]
    HideMarkerCreatedLifecycleRule,
    /// A kind newer than this crate.
    #[serde(untagged)]
    Unknown(String),
}

/// A secret with which the service signs what it sends: 32 letters and digits. `Debug` shows its type only.
pub struct SigningSecret(SecretString);

impl SigningSecret {
    /// Takes the secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into().into())
    }

    /// The secret itself.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Checks a webhook's signature over the body exactly as it arrived, before anything is read from it. `header` is the value
    /// of `X-Bz-Event-Notification-Signature`; the comparison takes the same time wherever they differ.
    pub fn verifies(&self, header: &str, body: &[u8]) -> bool {
        let claimed = header.strip_prefix("v1=").unwrap_or_default();
        let Ok(claimed) = data_encoding::HEXLOWER_PERMISSIVE.decode(claimed.as_bytes()) else { return false };
        let expected = hmac_sha256(self.0.expose_secret().as_bytes(), body);
        claimed.len() == expected.len()
            && claimed.iter().zip(expected).fold(0, |all, (a, b)| all | (a ^ b)) == 0
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret")
    }
}

/// HMAC with SHA-256 (RFC 2104).
fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = [0; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize().into()
}

/// A rule as the service has it; its signing secret is not read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotificationRule {
    /// The rule's name, unique in the bucket.
    pub name: String,
    /// What it is told about.
    pub event_types: Vec<EventType>,
    /// Whether it is in force.
    pub is_enabled: bool,
    /// Whether the service has stopped it.
    #[serde(default)]
    pub is_suspended: bool,
    /// Why the service has stopped it.
    #[serde(default)]
    pub suspension_reason: Option<String>,
    /// The start of the names that it is told about.
    #[serde(default)]
    pub object_name_prefix: String,
    /// How many events come in one request at most.
    #[serde(default)]
    pub max_events_per_batch: Option<u32>,
    /// Where they are sent.
    pub target_configuration: NotificationTarget,
}

/// Where a rule sends its events.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotificationTarget {
    /// The kind of target: `webhook`.
    pub target_type: String,
    /// The address.
    pub url: String,
}

/// A rule to be set: events on names that begin like this are sent to this `https` address. The signing secret is an argument
/// of [`Buckets::set_notification_rules`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetNotificationRule {
    name: String,
    event_types: Vec<EventType>,
    url: String,
    object_name_prefix: String,
    is_enabled: bool,
    max_events_per_batch: Option<u32>,
}

impl SetNotificationRule {
    /// An enabled rule of this name (6 to 63 characters) for these events on all names.
    pub fn new(
        name: impl Into<String>,
        event_types: impl IntoIterator<Item = EventType>,
        url: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            event_types: event_types.into_iter().collect(),
            url: url.into(),
            object_name_prefix: String::new(),
            is_enabled: true,
            max_events_per_batch: None,
        }
    }

    /// Tells about names that begin like this only.
    pub fn object_name_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.object_name_prefix = prefix.into();
        self
    }

    /// Keeps the rule without its being in force.
    pub fn disabled(mut self) -> Self {
        self.is_enabled = false;
        self
    }

    /// Sends at most so many events in one request: 1 to 50.
    pub fn max_events_per_batch(mut self, events: u32) -> Self {
        self.max_events_per_batch = Some(events);
        self
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireRule<'a> {
    name: &'a str,
    event_types: &'a [EventType],
    is_enabled: bool,
    object_name_prefix: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_events_per_batch: Option<u32>,
    target_configuration: WireTarget<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireTarget<'a> {
    target_type: &'static str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hmac_sha256_signing_secret: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SetRules<'a> {
    bucket_id: &'a BucketId,
    event_notification_rules: Vec<WireRule<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rules {
    event_notification_rules: Vec<NotificationRule>,
}

impl Buckets<'_> {
    /// The rules by which a bucket tells about its events.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthorized`] without `readBucketNotifications`, [`ErrorKind::NotFound`].
    pub async fn notification_rules(&self, id: &BucketId) -> Result<Vec<NotificationRule>, Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Get<'a> {
            bucket_id: &'a BucketId,
        }
        let call = call("b2_get_bucket_notification_rules", Idempotency::Read, &Get { bucket_id: id });
        let rules: Rules = self.client.send(call.subject(format!("bucket {id}"))).await?;
        Ok(rules.event_notification_rules)
    }

    /// Replaces all rules of a bucket; `secret`, where given, signs what all of them send.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthorized`] without `writeBucketNotifications` or where the account may not use notifications,
    /// [`ErrorKind::NotFound`], [`ErrorKind::InvalidRequest`].
    pub async fn set_notification_rules(
        &self,
        id: &BucketId,
        rules: &[SetNotificationRule],
        secret: Option<&SigningSecret>,
    ) -> Result<Vec<NotificationRule>, Error> {
        let operation = "b2_set_bucket_notification_rules";
        if let Some(why) = fault(rules, secret) {
            return Err(Error::invalid(operation, why).on(format_args!("bucket {id}")));
        }
        let event_notification_rules = rules
            .iter()
            .map(|rule| WireRule {
                name: &rule.name,
                event_types: &rule.event_types,
                is_enabled: rule.is_enabled,
                object_name_prefix: &rule.object_name_prefix,
                max_events_per_batch: rule.max_events_per_batch,
                target_configuration: WireTarget {
                    target_type: "webhook",
                    url: &rule.url,
                    hmac_sha256_signing_secret: secret.map(|secret| secret.0.expose_secret()),
                },
            })
            .collect();
        let request = SetRules { bucket_id: id, event_notification_rules };
        let call = call(operation, Idempotency::Idempotent, &request);
        let rules: Rules = self.client.send(call.subject(format!("bucket {id}"))).await?;
        Ok(rules.event_notification_rules)
    }
}

fn fault(rules: &[SetNotificationRule], secret: Option<&SigningSecret>) -> Option<String> {
    if rules.len() > 25 {
        return Some(format!("{} notification rules are more than the 25 a bucket may have", rules.len()));
    }
    let signable = |secret: &SigningSecret| {
        let text = secret.0.expose_secret();
        text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    if secret.is_some_and(|secret| !signable(secret)) {
        return Some("a signing secret is 32 letters and digits".to_owned());
    }
    rules.iter().find_map(|rule| {
        if !(6..=63).contains(&rule.name.len()) {
            return Some(format!("the rule name {:?} is not 6 to 63 characters long", rule.name));
        }
        if rule.event_types.is_empty() {
            return Some(format!("the rule {:?} names no event", rule.name));
        }
        (!rule.url.starts_with("https://")).then(|| format!("the rule {:?} has no https address", rule.name))
    })
}

/// What a webhook receives.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Notification {
    /// The events, of one rule.
    pub events: Vec<Event>,
}

/// Something that happened in a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Event {
    /// The account.
    pub account_id: AccountId,
    /// The bucket.
    pub bucket_id: BucketId,
    /// The bucket's name.
    pub bucket_name: BucketName,
    /// The event's own id; the same event may come more than once.
    pub event_id: String,
    /// When it happened.
    pub event_timestamp: UnixMillis,
    /// What happened.
    pub event_type: EventType,
    /// The version of the event's form.
    #[serde(default)]
    pub event_version: u32,
    /// The rule that told.
    pub matched_rule_name: String,
    /// The file.
    pub object_name: FileName,
    /// Its length in bytes; `None` where the event has none.
    #[serde(default)]
    pub object_size: Option<u64>,
    /// Its version; `None` where the event has none.
    #[serde(default)]
    pub object_version_id: Option<FileId>,
}

impl Notification {
    /// Checks a webhook's signature, then reads its body.
    ///
    /// # Errors
    /// [`ErrorKind::AccessDenied`] when the signature does not fit, [`ErrorKind::NotUnderstood`] when the body is not a
    /// notification.
    pub fn receive(secret: &SigningSecret, signature: &str, body: &[u8]) -> Result<Self, Error> {
        let operation = "event_notification";
        if !secret.verifies(signature, body) {
            return Err(Error::new(
                operation,
                ErrorKind::AccessDenied,
                "the signature does not fit the body",
            ));
        }
        http_core::decode(body).map_err(|why| Error::new(operation, ErrorKind::NotUnderstood, why))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        let case_2 = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex(&case_2), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        let case_6 = hmac_sha256(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert_eq!(hex(&case_6), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    }

    #[test]
    fn a_notification_is_read_only_under_its_signature() {
        let secret = SigningSecret::new("0123456789abcdef0123456789abcdef");
        let body = br#"{"events":[{"accountId":"a","bucketId":"b","bucketName":"bucket-one","eventId":"e","eventTimestamp":1,
            "eventType":"b2:ObjectCreated:Upload","eventVersion":1,"matchedRuleName":"rule-1","objectName":"x","objectSize":3}]}"#;
        let good =
            format!("v1={}", data_encoding::HEXLOWER.encode(&hmac_sha256(secret.expose().as_bytes(), body)));
        let read = Notification::receive(&secret, &good, body).unwrap();
        assert_eq!(read.events[0].event_type, EventType::ObjectCreatedUpload);
        for bad in ["", "v1=", "v1=00", &good.replace("v1=", "v2="), &good[..good.len() - 1]] {
            let error = Notification::receive(&secret, bad, body).unwrap_err();
            assert_eq!(*error.kind(), ErrorKind::AccessDenied, "{bad}");
        }
        let mut other = body.to_vec();
        other.push(b' ');
        assert!(!secret.verifies(&good, &other));
    }
}
