//! Buckets: list, create, update, delete.

use std::collections::BTreeMap;

use b2_client::BucketRef;
use b2_client::buckets::{CreateBucket, ListBuckets};
use pyo3::prelude::*;

use super::arguments::{AnyBucket, Change, bucket_name};
use super::failure::Failure;
use super::found::Bucket;
use super::handle::Handle;
use super::notifications::{NotificationRule, SetNotificationRule};
use super::requests::UpdateBucket;
use super::settings::{CorsRule, LifecycleRule, Replication, encryption, visibility};
use crate::twins::twins;
use crate::values::{Many, Nothing};

/// What a new bucket is to be like.
struct New {
    name: String,
    visibility: String,
    object_lock: bool,
    encryption: Option<String>,
    lifecycle_rules: Vec<LifecycleRule>,
    info: BTreeMap<String, String>,
    cors_rules: Vec<CorsRule>,
    replication: Option<Replication>,
}

impl New {
    fn wire(self) -> PyResult<CreateBucket> {
        let name = bucket_name(&self.name)?;
        let lifecycle = self.lifecycle_rules.iter().map(LifecycleRule::wire).collect::<PyResult<Vec<_>>>()?;
        let cors = self.cors_rules.iter().map(CorsRule::wire).collect::<PyResult<Vec<_>>>()?;
        let mut create = CreateBucket::new(name, visibility(&self.visibility)?)
            .lifecycle_rules(lifecycle)
            .cors_rules(cors)
            .bucket_info(self.info);
        if self.object_lock {
            create = create.object_lock();
        }
        if let Some(mode) = &self.encryption {
            create = create.encryption(encryption(mode)?);
        }
        if let Some(replication) = &self.replication {
            create = create.replication(replication.wire()?);
        }
        Ok(create)
    }
}

fn listed(bucket: Option<&AnyBucket>, visibilities: &[String], any: bool) -> PyResult<ListBuckets> {
    let mut request = ListBuckets::new();
    if let Some(bucket) = bucket {
        request = request.bucket(bucket.parse()?);
    }
    for name in visibilities {
        request = request.visibility(visibility(name)?);
    }
    Ok(if any { request.any_visibility() } else { request })
}

twins! {
    /// The buckets of an account.
    "Buckets" in "dtc.b2" and "dtc.b2.aio", Failure: Buckets / AioBuckets(Handle) {
        both {}
        blocking {}
        asyncio {}

        /// Lists buckets: one, those with one of these visibilities, or all that the key may access. One request, since the service does not
        /// page it; for a key that is restricted to buckets one for each.
        #[pyo3(signature = (*, bucket = None, visibilities = Vec::new(), any_visibility = false, timeout = None))]
        Read "b2_list_buckets"
        fn list(bucket: Option<AnyBucket>, visibilities: Vec<String>, any_visibility: bool) -> Many<Bucket> = |b2| {
            let request = listed(bucket.as_ref(), &visibilities, any_visibility)?;
            Ok(Many(b2.client.buckets().list(&request).await?.into_iter().map(Bucket::from).collect()))
        }

        /// Returns a bucket, or ``None`` if the account has no such bucket. One that was created seconds ago may not be found yet.
        #[pyo3(signature = (bucket, *, timeout = None))]
        Read "b2_list_buckets"
        fn get(bucket: AnyBucket) -> Option<Bucket> = |b2| {
            Ok(b2.client.buckets().get(bucket.parse()?).await?.map(Bucket::from))
        }

        /// Creates a bucket. The service takes a default retention only in ``update``. If an answer was lost, the bucket is looked up.
        ///
        /// ``Conflict`` where the name is taken, in this account or in another one.
        #[pyo3(signature = (
            name, *, visibility = String::from("allPrivate"), object_lock = false, encryption = None,
            lifecycle_rules = Vec::new(), info = BTreeMap::new(), cors_rules = Vec::new(), replication = None,
            timeout = None
        ))]
        Write "b2_create_bucket"
        fn create(
            name: String,
            visibility: String,
            object_lock: bool,
            encryption: Option<String>,
            lifecycle_rules: Vec<LifecycleRule>,
            info: BTreeMap<String, String>,
            cors_rules: Vec<CorsRule>,
            replication: Option<Replication>,
        ) -> Bucket = |b2| {
            let new = New {
                name, visibility, object_lock, encryption, lifecycle_rules, info, cors_rules, replication,
            };
            Ok(b2.client.buckets().create(&new.wire()?).await?.into())
        }

        /// Changes settings of a bucket. ``Conflict`` unless it has the revision that ``change`` asks for.
        #[pyo3(signature = (bucket, change, *, timeout = None))]
        Write "b2_update_bucket"
        fn update(bucket: AnyBucket, change: UpdateBucket) -> Bucket = |b2| {
            Ok(b2.client.buckets().update(&change.wire(bucket.parse()?)?).await?.into())
        }

        /// Reads a bucket, calls ``change`` with it, and sends what that returns on condition that nobody has changed the bucket meanwhile;
        /// else starts over, up to five times. ``change`` returns ``None`` where nothing is to be changed; what it raises ends the call.
        #[pyo3(signature = (bucket, change, *, timeout = None))]
        Write "b2_update_bucket"
        fn modify(bucket: AnyBucket, change: Change) -> Bucket = |b2| {
            let mut raised = None;
            let ask = |found: &b2_client::buckets::Bucket| {
                let wanted = change.call(Bucket::from(found.clone()));
                let wanted = wanted.and_then(|update| {
                    update.map(|update| update.wire(BucketRef::from(found.id.clone()))).transpose()
                });
                wanted.unwrap_or_else(|error| {
                    raised = Some(error);
                    None
                })
            };
            let bucket = b2.client.buckets().modify(bucket.parse()?, ask).await?;
            match raised {
                Some(error) => Err(Failure::Python(error)),
                None => Ok(bucket.into()),
            }
        }

        /// Deletes an empty bucket. ``Conflict`` while it holds any version of any file.
        #[pyo3(signature = (bucket, *, timeout = None))]
        Write "b2_delete_bucket"
        fn delete(bucket: AnyBucket) -> Nothing = |b2| {
            b2.client.buckets().delete(bucket.parse()?).await?;
            Ok(Nothing)
        }

        /// Returns the event notification rules of a bucket.
        #[pyo3(signature = (bucket, *, timeout = None))]
        Read "b2_get_bucket_notification_rules"
        fn notification_rules(bucket: AnyBucket) -> Many<NotificationRule> = |b2| {
            let rules = b2.client.buckets().notification_rules(bucket.parse()?).await?;
            Ok(Many(rules.into_iter().map(NotificationRule::of).collect()))
        }

        /// Replaces all event notification rules of a bucket, and returns the new ones.
        #[pyo3(signature = (bucket, rules, *, timeout = None))]
        Write "b2_set_bucket_notification_rules"
        fn set_notification_rules(
            bucket: AnyBucket,
            rules: Vec<Py<SetNotificationRule>>,
        ) -> Many<NotificationRule> = |b2| {
            let rules = rules.iter().map(|rule| rule.get().wire()).collect::<PyResult<Vec<_>>>()?;
            let rules = b2.client.buckets().set_notification_rules(bucket.parse()?, &rules).await?;
            Ok(Many(rules.into_iter().map(NotificationRule::of).collect()))
        }
    }
}
