//! What a webhook receives.

use serde::Deserialize;

use super::{EventType, SigningSecret};
use crate::error::{Error, ErrorKind};
use crate::ids::{AccountId, BucketId, FileId, UnixMillis};
use crate::names::{BucketName, FileName};

/// The body of a request to a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Notification {
    /// The events, all of one rule.
    pub events: Vec<Event>,
}

/// An event in a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Event {
    /// The account id.
    pub account_id: AccountId,
    /// The bucket id.
    pub bucket_id: BucketId,
    /// The bucket name.
    pub bucket_name: BucketName,
    /// The id of the event. The same event can be delivered more than once.
    pub event_id: String,
    /// When the event happened.
    pub event_timestamp: UnixMillis,
    /// The type of event.
    pub event_type: EventType,
    /// The version of the event format.
    #[serde(default)]
    pub event_version: u32,
    /// The name of the rule that matched.
    pub matched_rule_name: String,
    /// The file name.
    pub object_name: FileName,
    /// The length of the file in bytes; `None` for events that do not report it.
    #[serde(default)]
    pub object_size: Option<u64>,
    /// The version of the file; `None` for events that do not report it.
    #[serde(default)]
    pub object_version_id: Option<FileId>,
}

impl Notification {
    /// Verifies the signature of a request to a webhook, then parses its body.
    ///
    /// `signature` is the value of the header `X-Bz-Event-Notification-Signature`; `body` is the body as it was received.
    ///
    /// # Errors
    /// [`ErrorKind::AccessDenied`] when the signature is not valid, [`ErrorKind::NotUnderstood`] when the body is not a
    /// notification.
    pub fn verify_and_parse(secret: &SigningSecret, signature: &str, body: &[u8]) -> Result<Self, Error> {
        let operation = "event_notification";
        if !secret.verifies(signature, body) {
            return Err(Error::new(
                operation,
                ErrorKind::AccessDenied,
                "the signature is not valid for the body",
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
    fn a_notification_is_parsed_only_with_a_valid_signature() {
        let secret = SigningSecret::new("0123456789abcdef0123456789abcdef");
        let body = br#"{"events":[{"accountId":"a","bucketId":"b","bucketName":"bucket-one","eventId":"e","eventTimestamp":1,
            "eventType":"b2:ObjectCreated:Upload","eventVersion":1,"matchedRuleName":"rule-1","objectName":"x","objectSize":3}]}"#;
        let good =
            format!("v1={}", data_encoding::HEXLOWER.encode(&hmac_sha256(secret.expose().as_bytes(), body)));
        let read = Notification::verify_and_parse(&secret, &good, body).unwrap();
        assert_eq!(read.events[0].event_type, EventType::ObjectCreatedUpload);
        for bad in ["", "v1=", "v1=00", &good.replace("v1=", "v2="), &good[..good.len() - 1]] {
            let error = Notification::verify_and_parse(&secret, bad, body).unwrap_err();
            assert_eq!(*error.kind(), ErrorKind::AccessDenied, "{bad}");
        }
        let mut other = body.to_vec();
        other.push(b' ');
        assert!(!secret.verifies(&good, &other));
    }
}
