//! The bucket, and its retention read back (B1–B4).

use super::{Run, missing};
use crate::consent::{ChangeBucketSettings, ComplianceLock, Consent};
use crate::error::{Error, ErrorKind, PortErrorKind, Refusal};
use crate::plan::{BucketPhase, Difference, RetentionPhase};
use crate::ports::{Bucket, BucketSpec, Retention, RetentionMode};

/// A bucket whose retention was read back: no key for it exists before (F3 of the crash matrix).
pub(super) struct LockedBucket(pub(super) Bucket);

pub(super) async fn bucket(
    run: &mut Run<'_>,
    consent: Option<Consent<ChangeBucketSettings>>,
) -> Result<Bucket, Error> {
    let step = format!("bucket {}", run.plan.bucket_name);
    match &run.plan.bucket {
        BucketPhase::Keep { bucket } => {
            run.unchanged(&step);
            Ok(bucket.clone())
        }
        BucketPhase::Create { spec } => {
            run.started(&step);
            let bucket = create(run, spec).await?;
            run.done(&step, "created");
            Ok(bucket)
        }
        BucketPhase::Change { bucket, to, act, .. } => {
            run.started(&step);
            let consent = consent.ok_or_else(|| missing(act, "the bucket exists and would be changed"))?;
            let changed = run.ports.object_store.change_bucket(bucket, to, consent).await?;
            if changed.settings != *to {
                return Err(differs(&step, &changed.settings, to));
            }
            run.done(&step, "changed and read back");
            Ok(changed)
        }
    }
}

/// Creates the bucket. Its name is unique in the world: after a lost answer, or when it is taken, a look tells whether
/// it is ours.
async fn create(run: &Run<'_>, spec: &BucketSpec) -> Result<Bucket, Error> {
    let store = &run.ports.object_store;
    match store.create_bucket(spec).await {
        Ok(bucket) => Ok(bucket),
        Err(error) if matches!(error.kind(), PortErrorKind::Conflict | PortErrorKind::OutcomeUnknown) => {
            match store.bucket(&spec.name).await? {
                Some(bucket) if bucket.settings == spec.settings => Ok(bucket),
                Some(_) => Err(ErrorKind::Stale { changed: format!("the bucket {}", spec.name) }.into()),
                None if error.kind() == PortErrorKind::OutcomeUnknown => Err(error.into()),
                None => Err(Refusal::precondition(
                    "B3",
                    format!(
                        "the bucket {} exists in another account; its name comes from the location {:?}, UUID {}",
                        spec.name, run.plan.location.name, run.plan.location_uuid
                    ),
                    "Check the location's UUID in NinjaOne: another location or company uses the same one",
                )
                .into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn retention(
    run: &mut Run<'_>,
    bucket: Bucket,
    consent: Option<Consent<ComplianceLock>>,
) -> Result<LockedBucket, Error> {
    let step = "default retention";
    let RetentionPhase::Set { retention, act } = &run.plan.retention else {
        run.unchanged(step);
        return Ok(LockedBucket(bucket));
    };
    run.started(step);
    let consent = consent.ok_or_else(|| missing(act, "compliance retention would be set"))?;
    // A last look that the bucket about to be locked is this location's (B2).
    if bucket.name != run.plan.bucket_name || bucket.name.location() != run.plan.location_uuid {
        let what =
            format!("the bucket {} is not the one of location {}", bucket.name, run.plan.location_uuid);
        return Err(Refusal::blocked("B2", what, "This is a defect; nothing was locked").into());
    }
    run.ports.object_store.lock_bucket(&bucket, *retention, consent).await?;
    let locked = run.ports.object_store.bucket(&bucket.name).await?;
    match locked {
        Some(locked) if holds(locked.settings.retention, *retention) => {
            run.done(step, format!("compliance, {} days, read back", retention.days));
            Ok(LockedBucket(locked))
        }
        other => {
            let difference = match other.map(|bucket| bucket.settings.retention) {
                None => "the bucket is gone".to_owned(),
                Some(None) => "there is none".to_owned(),
                Some(Some(held)) => format!("{:?}, {} days", held.mode, held.days),
            };
            Err(ErrorKind::ReadBack { what: step.to_owned(), difference }.into())
        }
    }
}

fn holds(is: Option<Retention>, wanted: Retention) -> bool {
    is.is_some_and(|is| is.mode == RetentionMode::Compliance && is.days >= wanted.days)
}

/// The error for a write that reads back as something else.
pub(super) fn differs<T: serde::Serialize>(what: &str, is: &T, should_be: &T) -> Error {
    let fields: Vec<String> = Difference::list(is, should_be).iter().map(ToString::to_string).collect();
    ErrorKind::ReadBack { what: what.to_owned(), difference: fields.join("; ") }.into()
}
