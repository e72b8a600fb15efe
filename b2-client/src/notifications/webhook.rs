//! The receiving end: what a webhook is sent.

use serde::Deserialize;

use super::{EventType, SigningSecret};
use crate::error::{Error, ErrorKind};
use crate::ids::{AccountId, BucketId, FileId, UnixMillis};
use crate::names::{BucketName, FileName};

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
    use super::super::signing::hmac_sha256;
    use super::*;

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
