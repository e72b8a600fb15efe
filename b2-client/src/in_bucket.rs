//! Calls on a bucket: its id or name is looked up where a caller gave one and the call takes the other, and again when stale.

use std::slice;

use http_core::Operation;

use crate::account::Account;
use crate::bucket_ids::{FoundBucket, Known};
use crate::bucket_ref::{self, BucketRef};
use crate::client::Client;
use crate::error::{Error, ErrorKind};
use crate::ids::BucketId;
use crate::names::BucketName;

/// How recent an id is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The caller, the login or the service gave it for this call.
    Now,
    /// An earlier call brought it: the bucket may have been deleted and created again since.
    Earlier,
}

impl Client {
    /// Makes a call on a bucket, which `act` is given with its id. If a remembered id has become stale, looks it up and acts once more.
    ///
    /// `act` returns [`ErrorKind::NotFound`] only if it has had no effect.
    pub(crate) async fn in_bucket<T, F>(
        &self,
        operation: Operation,
        bucket: &BucketRef,
        act: impl Fn(FoundBucket) -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        self.in_buckets(operation, slice::from_ref(bucket), |mut found| act(found.swap_remove(0))).await
    }

    /// As [`in_bucket`](Self::in_bucket), for a call that names several buckets or none. `act` is given as many as there are.
    pub(crate) async fn in_buckets<T, F>(
        &self,
        operation: Operation,
        buckets: &[BucketRef],
        act: impl Fn(Vec<FoundBucket>) -> F,
    ) -> Result<T, Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        if self.read_only && !operation.is_read() && buckets.iter().any(|bucket| bucket.id().is_none()) {
            let text = ErrorKind::ReadOnly.to_string();
            return Err(Error::new(operation.name(), ErrorKind::ReadOnly, text).on(bucket_ref::list(buckets)));
        }
        let (found, origin) = self.with_ids(operation, buckets).await?;
        match act(found.clone()).await {
            Err(error) if origin == Origin::Earlier && is_about_the_bucket(&error) => {
                for stale in &found {
                    self.bucket_ids.forget(&stale.id);
                }
                let (again, _) = self.with_ids(operation, buckets).await?;
                if again == found { Err(error) } else { act(again).await }
            }
            other => other,
        }
    }

    async fn with_ids(
        &self,
        operation: Operation,
        buckets: &[BucketRef],
    ) -> Result<(Vec<FoundBucket>, Origin), Error> {
        let (mut found, mut origin) = (Vec::with_capacity(buckets.len()), Origin::Now);
        for bucket in buckets {
            if let Some(id) = bucket.id() {
                found.push(FoundBucket { id: id.clone(), bucket: bucket.clone() });
            } else if let Some(known) = self.bucket_ids.find(bucket) {
                origin = Origin::Earlier;
                found.push(known.found());
            } else {
                found.push(self.look_up(operation, bucket).await?.found());
            }
        }
        Ok((found, origin))
    }

    /// Returns the name of a bucket, which never changes.
    pub(crate) async fn name_of(
        &self,
        operation: Operation,
        bucket: &BucketRef,
    ) -> Result<BucketName, Error> {
        if let Some(name) = bucket.name() {
            return Ok(name.clone());
        }
        match self.bucket_ids.find(bucket) {
            Some(known) => Ok(known.name),
            None => Ok(self.look_up(operation, bucket).await?.name),
        }
    }

    /// Looks up what the caller did not give: in the login if the key is restricted to buckets, else with one request.
    async fn look_up(&self, operation: Operation, bucket: &BucketRef) -> Result<Known, Error> {
        let account = self.account().await.map_err(|error| other_way(error, bucket))?;
        if let Some(found) = allowed(&account, operation, bucket) {
            return found;
        }
        let _one_at_a_time = self.bucket_ids.looking.lock().await;
        if let Some(known) = self.bucket_ids.find(bucket) {
            return Ok(known);
        }
        let found = self.buckets().get(bucket).await.map_err(|error| other_way(error, bucket))?;
        found
            .map(|found| Known { id: found.id, name: found.name })
            .ok_or_else(|| not_found(operation, bucket))
    }
}

/// The bucket as the login of a restricted key describes it; `None` for an unrestricted key, whose login describes no bucket.
fn allowed(account: &Account, operation: Operation, bucket: &BucketRef) -> Option<Result<Known, Error>> {
    let own = account.allowed_buckets.as_ref()?;
    let mut named = own.iter().filter_map(|one| {
        let (id, name) = (one.id.clone(), one.name.clone()?);
        Some(Known { id, name })
    });
    let found = named.clone().find(|one| match (bucket.id(), bucket.name()) {
        (Some(id), _) => one.id == *id,
        (None, Some(name)) => one.name.is(name),
        (None, None) => false,
    });
    let is_deleted = |id: &BucketId| own.iter().any(|one| one.id == *id);
    Some(match (found, bucket.id()) {
        (Some(found), _) => Ok(found),
        (None, Some(id)) if is_deleted(id) => Err(not_found(operation, bucket)),
        (None, _) => {
            let own: Vec<BucketRef> = named.by_ref().map(|one| one.found().bucket).collect();
            let text = format!("the key is restricted to {}", bucket_ref::list(&own));
            let kind = ErrorKind::Unauthorized { missing: Vec::new() };
            Err(Error::new(operation.name(), kind, text).on(bucket))
        }
    })
}

fn not_found(operation: Operation, bucket: &BucketRef) -> Error {
    let text = "the account has no such bucket, or it was created seconds ago and is not visible yet";
    Error::new(operation.name(), ErrorKind::NotFound, text).on(bucket)
}

/// Says how the call can do without a lookup that this client may not make.
fn other_way(error: Error, bucket: &BucketRef) -> Error {
    match (error.kind(), bucket.id()) {
        (ErrorKind::Unauthorized { .. }, None) => {
            error.leaving("name the bucket by its id, which needs no lookup")
        }
        (ErrorKind::Unauthorized { .. } | ErrorKind::InvalidRequest, Some(_)) => {
            error.leaving("name the bucket by its name, which needs no lookup")
        }
        _ => error,
    }
}

/// Whether the service may not know the bucket. Codes that are about a file say that it knows the bucket.
fn is_about_the_bucket(error: &Error) -> bool {
    error.is_not_found() && !matches!(error.service_code(), Some("no_such_file" | "file_not_present"))
}
