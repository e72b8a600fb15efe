//! Event notifications: the rules of a bucket, and what a webhook receives.

use std::sync::Arc;

use b2_client::notifications::{self as b2, EventType};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;

use super::failure::Failure;
use super::settings::name_of;
use crate::crypt::{Secret, not_pickled};
use crate::errors;
use crate::secret::AnySecret;
use crate::values::{Time, value_class};

/// An event notification rule of a bucket, as the service has it. Its secrets are not shown.
#[pyclass(frozen, module = "dtc.b2")]
pub(crate) struct NotificationRule(Arc<b2::NotificationRule>);

#[pymethods]
impl NotificationRule {
    /// The name of the rule, unique in the bucket.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// The events that are sent, such as ``"b2:ObjectCreated:*"``.
    #[getter]
    fn event_types(&self) -> Vec<String> {
        self.0.event_types.iter().map(name_of).collect()
    }

    /// Whether the rule is enabled.
    #[getter]
    fn is_enabled(&self) -> bool {
        self.0.is_enabled
    }

    /// Whether the service has suspended the rule.
    #[getter]
    fn is_suspended(&self) -> bool {
        self.0.is_suspended
    }

    /// Why the service has suspended the rule.
    #[getter]
    fn suspension_reason(&self) -> Option<&str> {
        self.0.suspension_reason.as_deref()
    }

    /// The prefix of the file names whose events are sent; empty for all files.
    #[getter]
    fn object_name_prefix(&self) -> &str {
        &self.0.object_name_prefix
    }

    /// The maximum number of events in one request to the webhook.
    #[getter]
    fn max_events_per_batch(&self) -> Option<u32> {
        self.0.max_events_per_batch
    }

    /// The URL of the webhook.
    #[getter]
    fn url(&self) -> &str {
        &self.0.target_configuration.url
    }

    /// The secret that requests to the webhook are signed with; ``None`` if they are not signed.
    #[getter]
    fn signing_secret(&self) -> Option<Secret> {
        self.0.target_configuration.signing_secret.as_ref().map(|secret| Secret::of(secret.expose()))
    }

    /// The names of the headers that are added to requests, with their values.
    #[getter]
    fn custom_headers(&self) -> Vec<(String, Secret)> {
        let headers = self.0.target_configuration.custom_headers.iter();
        headers.map(|header| (header.name().to_owned(), Secret::of(header.expose()))).collect()
    }

    fn __repr__(&self) -> String {
        let (name, state) = (&self.0.name, if self.0.is_enabled { "enabled" } else { "disabled" });
        format!("<NotificationRule {name:?}, {state}>")
    }

    #[expect(
        clippy::unused_self,
        reason = "Python calls it on the rule, which does not give its secrets away"
    )]
    fn __reduce__(&self) -> PyResult<(&'static str,)> {
        Err(not_pickled())
    }
}

impl NotificationRule {
    pub(super) fn of(rule: b2::NotificationRule) -> Self {
        Self(Arc::new(rule))
    }
}

/// An event notification rule to be set. ``name`` has 6 to 63 characters, ``url`` is an ``https`` URL, and a rule takes up to ten headers.
#[pyclass(frozen, module = "dtc.b2")]
pub(crate) struct SetNotificationRule {
    name: String,
    event_types: Vec<String>,
    url: String,
    object_name_prefix: String,
    is_enabled: bool,
    max_events_per_batch: Option<u32>,
    signing_secret: Option<AnySecret>,
    custom_headers: Vec<(String, AnySecret)>,
}

#[pymethods]
impl SetNotificationRule {
    #[new]
    #[pyo3(signature = (
        name, event_types, url, *, object_name_prefix = String::new(), is_enabled = true, max_events_per_batch = None,
        signing_secret = None, custom_headers = Vec::new()
    ))]
    #[allow(clippy::too_many_arguments, reason = "Python passes them by their names")]
    fn new(
        name: String,
        event_types: Vec<String>,
        url: String,
        object_name_prefix: String,
        is_enabled: bool,
        max_events_per_batch: Option<u32>,
        signing_secret: Option<AnySecret>,
        custom_headers: Vec<(String, AnySecret)>,
    ) -> Self {
        Self {
            name,
            event_types,
            url,
            object_name_prefix,
            is_enabled,
            max_events_per_batch,
            signing_secret,
            custom_headers,
        }
    }

    fn __repr__(&self) -> String {
        format!("<SetNotificationRule {:?}>", self.name)
    }

    #[expect(
        clippy::unused_self,
        reason = "Python calls it on the rule, which does not give its secrets away"
    )]
    fn __reduce__(&self) -> PyResult<(&'static str,)> {
        Err(not_pickled())
    }
}

fn event_type(name: &str) -> PyResult<EventType> {
    serde_json::from_value(name.into())
        .map_err(|_| errors::argument("event type", name, "is unknown", "use one of the service's"))
}

impl SetNotificationRule {
    pub(super) fn wire(&self) -> PyResult<b2::SetNotificationRule> {
        let events = self.event_types.iter().map(|name| event_type(name)).collect::<PyResult<Vec<_>>>()?;
        let mut rule = b2::SetNotificationRule::new(self.name.as_str(), events, self.url.as_str())
            .object_name_prefix(self.object_name_prefix.as_str());
        if !self.is_enabled {
            rule = rule.disabled();
        }
        if let Some(events) = self.max_events_per_batch {
            rule = rule.max_events_per_batch(events);
        }
        if let Some(secret) = &self.signing_secret {
            rule = rule.signing_secret(b2::SigningSecret::new(secret.text()));
        }
        for (name, value) in &self.custom_headers {
            rule = rule.custom_header(b2::CustomHeader::new(name.as_str(), value.text()));
        }
        Ok(rule)
    }
}

value_class! {
    /// An event in a request to a webhook.
    Event {
        /// The account's id.
        account_id: String,
        /// The bucket's id.
        bucket_id: String,
        /// The bucket's name.
        bucket_name: String,
        /// The id of the event.
        event_id: String,
        /// When it happened.
        event_timestamp: Time,
        /// What happened, such as ``"b2:ObjectCreated:Upload"``.
        event_type: String,
        /// The version of the event's form.
        event_version: u32,
        /// The name of the rule that it matched.
        matched_rule_name: String,
        /// The file's name.
        object_name: String,
        /// The file's length in bytes, where it has one.
        object_size: Option<u64> = None,
        /// The id of the file's version.
        object_version_id: Option<String> = None,
    }
}

/// Reads the events of a request to a webhook, after its signature was checked. ``signature`` is the header
/// ``X-Bz-Event-Notification-Signature``, ``body`` the body as it was received.
#[pyfunction]
#[pyo3(signature = (body, *, secret, signature))]
#[expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]
pub(crate) fn verify_notification(
    body: PyBackedBytes,
    secret: AnySecret,
    signature: &str,
) -> PyResult<Vec<Event>> {
    let secret = b2::SigningSecret::new(secret.text());
    let notification =
        b2::Notification::verify_and_parse(&secret, signature, &body).map_err(Failure::from)?;
    let event = |event: b2::Event| Event {
        account_id: event.account_id.to_string(),
        bucket_id: event.bucket_id.to_string(),
        bucket_name: event.bucket_name.to_string(),
        event_id: event.event_id,
        event_timestamp: Time(event.event_timestamp.get()),
        event_type: name_of(&event.event_type),
        event_version: event.event_version,
        matched_rule_name: event.matched_rule_name,
        object_name: event.object_name.to_string(),
        object_size: event.object_size,
        object_version_id: event.object_version_id.map(|id| id.to_string()),
    };
    Ok(notification.events.into_iter().map(event).collect())
}
