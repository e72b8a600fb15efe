//! Event notifications: rules of a bucket, and the verification of what a webhook receives.
//!
//! ```no_run
//! use b2_client::notifications::SetNotificationRule;
//! use b2_client::{BucketName, Client};
//! # async fn example(b2: Client, bucket: BucketName) -> Result<(), b2_client::Error> {
//! // Setting replaces all rules. A rule that is converted from one that was read keeps its secret and headers.
//! let rules = b2.buckets().notification_rules(&bucket).await?;
//! let moved = rules.into_iter().map(|rule| SetNotificationRule::from(rule).url("https://new.example/hook"));
//! b2.buckets().set_notification_rules(&bucket, &moved.collect::<Vec<_>>()).await?;
//! # Ok(()) }
//! ```

mod rule;
mod signing;
mod webhook;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use rule::{NotificationRule, NotificationTarget, SetNotificationRule};
pub use signing::{CustomHeader, SigningSecret};
pub use webhook::{Event, Notification};

use crate::bucket_ids::FoundBucket;
use crate::bucket_ref::BucketRef;
use crate::buckets::Buckets;
use crate::error::Error;
use crate::operations;
use crate::service::call;

/// A type of event, named as in B2's API.
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
    /// A type that this crate does not know.
    #[serde(untagged)]
    Unknown(String),
}

impl fmt::Display for EventType {
    /// Formats as B2's API names it, such as `b2:ObjectCreated:Upload`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rules {
    event_notification_rules: Vec<NotificationRule>,
}

impl Buckets<'_> {
    /// Returns the event notification rules of a bucket.
    ///
    /// # Errors
    /// [`Unauthorized`](crate::ErrorKind::Unauthorized) without `readBucketNotifications`, [`NotFound`](crate::ErrorKind::NotFound).
    pub async fn notification_rules(
        &self,
        bucket: impl Into<BucketRef>,
    ) -> Result<Vec<NotificationRule>, Error> {
        let operation = operations::GET_BUCKET_NOTIFICATION_RULES;
        let get = |FoundBucket { bucket, .. }| async move {
            let rules: Rules = self.client.send(call(operation, &bucket).subject(&bucket)).await?;
            Ok(rules.event_notification_rules)
        };
        self.client.in_bucket(operation, &bucket.into(), get).await
    }

    /// Replaces all event notification rules of a bucket, and returns the new ones.
    ///
    /// # Errors
    /// [`Unauthorized`](crate::ErrorKind::Unauthorized) without `writeBucketNotifications` or where the account may not use
    /// notifications, [`NotFound`](crate::ErrorKind::NotFound), [`InvalidRequest`](crate::ErrorKind::InvalidRequest).
    pub async fn set_notification_rules(
        &self,
        bucket: impl Into<BucketRef>,
        rules: &[SetNotificationRule],
    ) -> Result<Vec<NotificationRule>, Error> {
        let (operation, bucket) = (operations::SET_BUCKET_NOTIFICATION_RULES, bucket.into());
        if let Some(why) = rule::fault(rules) {
            return Err(Error::invalid(operation.name(), why).on(&bucket));
        }
        let set = |FoundBucket { bucket, .. }| async move {
            let call = call(operation, &rule::SetRules::new(&bucket, rules)).subject(&bucket);
            let rules: Rules = self.client.send(call).await?;
            Ok(rules.event_notification_rules)
        };
        self.client.in_bucket(operation, &bucket, set).await
    }
}
