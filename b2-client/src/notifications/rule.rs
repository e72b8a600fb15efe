//! Event notification rules, as they are read and as they are set.

use serde::{Deserialize, Deserializer, Serialize};

use super::{CustomHeader, EventType, SigningSecret};
use crate::bucket_ref::BucketRef;
use crate::members::Other;

/// An event notification rule of a bucket.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotificationRule {
    /// The name of the rule, unique in the bucket.
    pub name: String,
    /// The events that are sent.
    pub event_types: Vec<EventType>,
    /// Whether the rule is enabled.
    pub is_enabled: bool,
    /// Whether the service has suspended the rule.
    #[serde(default)]
    pub is_suspended: bool,
    /// Why the service has suspended the rule.
    #[serde(default)]
    pub suspension_reason: Option<String>,
    /// The prefix of the file names whose events are sent; empty for all files.
    #[serde(default)]
    pub object_name_prefix: String,
    /// The maximum number of events in one request to the webhook.
    #[serde(default)]
    pub max_events_per_batch: Option<u32>,
    /// Where events are sent to.
    pub target_configuration: NotificationTarget,
    /// Members that this crate does not know, kept and sent back.
    #[serde(flatten)]
    other: Other,
}

/// Where a rule sends its events to.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotificationTarget {
    /// The type of target: `webhook`.
    pub target_type: String,
    /// The URL of the webhook.
    pub url: String,
    /// The secret that requests to the webhook are signed with; `None` if they are not signed.
    #[serde(rename = "hmacSha256SigningSecret", default)]
    pub signing_secret: Option<SigningSecret>,
    /// The headers that are added to requests.
    #[serde(default, deserialize_with = "or_none")]
    pub custom_headers: Vec<CustomHeader>,
    /// Members that this crate does not know, kept and sent back.
    #[serde(flatten)]
    other: Other,
}

fn or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<CustomHeader>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// An event notification rule to be set. Converting it from a [`NotificationRule`] keeps all settings, including the secrets
/// and those that this crate does not know.
#[derive(Debug)]
pub struct SetNotificationRule {
    name: String,
    event_types: Vec<EventType>,
    object_name_prefix: String,
    is_enabled: bool,
    max_events_per_batch: Option<u32>,
    target: NotificationTarget,
    other: Other,
}

impl From<NotificationRule> for SetNotificationRule {
    fn from(rule: NotificationRule) -> Self {
        Self {
            name: rule.name,
            event_types: rule.event_types,
            object_name_prefix: rule.object_name_prefix,
            is_enabled: rule.is_enabled,
            max_events_per_batch: rule.max_events_per_batch,
            target: rule.target_configuration,
            other: rule.other,
        }
    }
}

impl SetNotificationRule {
    /// An enabled rule for these events on all files. `name` has 6 to 63 characters; `url` is an `https` URL.
    pub fn new(
        name: impl Into<String>,
        event_types: impl IntoIterator<Item = EventType>,
        url: impl Into<String>,
    ) -> Self {
        let target = NotificationTarget {
            target_type: "webhook".to_owned(),
            url: url.into(),
            signing_secret: None,
            custom_headers: Vec::new(),
            other: Other::default(),
        };
        Self {
            name: name.into(),
            event_types: event_types.into_iter().collect(),
            object_name_prefix: String::new(),
            is_enabled: true,
            max_events_per_batch: None,
            target,
            other: Other::default(),
        }
    }

    /// Replaces the events that are sent.
    pub fn event_types(mut self, events: impl IntoIterator<Item = EventType>) -> Self {
        self.event_types = events.into_iter().collect();
        self
    }

    /// Replaces the URL of the webhook.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.target.url = url.into();
        self
    }

    /// Sends only events of files whose names begin with `prefix`.
    pub fn object_name_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.object_name_prefix = prefix.into();
        self
    }

    /// Enables the rule.
    pub fn enabled(mut self) -> Self {
        self.is_enabled = true;
        self
    }

    /// Disables the rule.
    pub fn disabled(mut self) -> Self {
        self.is_enabled = false;
        self
    }

    /// Sets the maximum number of events in one request: 1 to 50.
    pub fn max_events_per_batch(mut self, events: u32) -> Self {
        self.max_events_per_batch = Some(events);
        self
    }

    /// Signs requests with this secret.
    pub fn signing_secret(mut self, secret: SigningSecret) -> Self {
        self.target.signing_secret = Some(secret);
        self
    }

    /// Adds a header to requests, replacing a header of the same name. A rule can have at most ten.
    pub fn custom_header(mut self, header: CustomHeader) -> Self {
        self.target.custom_headers.retain(|other| !other.name().eq_ignore_ascii_case(header.name()));
        self.target.custom_headers.push(header);
        self
    }

    fn wire(&self) -> WireRule<'_> {
        let headers = self.target.custom_headers.iter();
        let headers = headers.map(|header| WireHeader {
            name: header.name(),
            value: header.expose(),
            other: header.other(),
        });
        WireRule {
            name: &self.name,
            event_types: &self.event_types,
            is_enabled: self.is_enabled,
            object_name_prefix: &self.object_name_prefix,
            max_events_per_batch: self.max_events_per_batch,
            target_configuration: WireTarget {
                target_type: &self.target.target_type,
                url: &self.target.url,
                hmac_sha256_signing_secret: self.target.signing_secret.as_ref().map(SigningSecret::expose),
                custom_headers: headers.collect(),
                other: &self.target.other,
            },
            other: &self.other,
        }
    }

    fn fault(&self) -> Option<String> {
        let Self { name, target, .. } = self;
        if !(6..=63).contains(&name.len()) {
            return Some(format!("the notification rule name {name:?} is not 6 to 63 characters long"));
        }
        if self.event_types.is_empty() {
            return Some(format!("the notification rule {name:?} has no event type"));
        }
        if !target.url.starts_with("https://") {
            return Some(format!("the URL of the notification rule {name:?} is not an https URL"));
        }
        if self.max_events_per_batch.is_some_and(|events| !(1..=50).contains(&events)) {
            return Some(format!("the notification rule {name:?} must send 1 to 50 events in one request"));
        }
        if target.custom_headers.len() > 10 {
            return Some(format!("the notification rule {name:?} has more than 10 headers"));
        }
        let signable = |text: &str| text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let secret = target.signing_secret.as_ref()?;
        (!signable(secret.expose())).then(|| "a signing secret must be 32 letters and digits".to_owned())
    }
}

/// Returns which rule of the service the list breaks.
pub(super) fn fault(rules: &[SetNotificationRule]) -> Option<String> {
    if rules.len() > 25 {
        return Some(format!("a bucket may have at most 25 notification rules, not {}", rules.len()));
    }
    rules.iter().find_map(SetNotificationRule::fault)
}

/// A rule in a JSON request body; exists only while the request is being serialised.
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
    #[serde(flatten)]
    other: &'a Other,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireTarget<'a> {
    target_type: &'a str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hmac_sha256_signing_secret: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    custom_headers: Vec<WireHeader<'a>>,
    #[serde(flatten)]
    other: &'a Other,
}

#[derive(Serialize)]
struct WireHeader<'a> {
    name: &'a str,
    value: &'a str,
    #[serde(flatten)]
    other: &'a Other,
}

/// The request body that sets all rules of a bucket.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SetRules<'a> {
    #[serde(flatten)]
    bucket: &'a BucketRef,
    event_notification_rules: Vec<WireRule<'a>>,
}

impl<'a> SetRules<'a> {
    pub(super) fn new(bucket: &'a BucketRef, rules: &'a [SetNotificationRule]) -> Self {
        let event_notification_rules = rules.iter().map(SetNotificationRule::wire).collect();
        Self { bucket, event_notification_rules }
    }
}
