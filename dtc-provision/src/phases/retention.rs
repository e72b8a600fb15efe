//! The bucket's default retention (B2).

use serde::{Deserialize, Serialize};

use super::bucket::act_on;
use super::run::reads_back;
use super::{Finding, Run, Step, StepKind};
use crate::error::{Error, ErrorKind, Refusal};
use crate::facts::{self, Known};
use crate::ports::{Bucket, Retention};
use crate::proofs::consent::{Act, ComplianceLock, Question};
use crate::standard::retention::{self, Judgement, RETENTION};

const SUBJECT: &str = "default retention";

/// What happens to the bucket's default retention.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum RetentionPhase {
    /// It is at least as it should be.
    Keep,
    /// It is set; what is uploaded under it nobody can delete before its time.
    Set {
        /// What it will be.
        retention: Retention,
        /// What is consented to.
        act: Act,
    },
}

/// A bucket whose retention was read back: no key for it exists before.
pub(crate) struct LockedBucket(pub(super) Bucket);

pub(crate) fn plan(seen: Known<'_>, findings: &mut Vec<Finding>) -> RetentionPhase {
    let held = seen.store.bucket.as_ref().and_then(|found| found.bucket.retention);
    match retention::judge(held) {
        Judgement::Equal => RetentionPhase::Keep,
        Judgement::Longer => {
            findings.push(Finding::new(
                "B2",
                format!(
                    "the bucket's default retention is {}, longer than the standard's {}; left as it is",
                    retention::describe(held),
                    RETENTION
                ),
            ));
            RetentionPhase::Keep
        }
        Judgement::Weaker => {
            let act = act_on::<ComplianceLock>(seen, RETENTION.terms());
            RetentionPhase::Set { retention: RETENTION, act }
        }
    }
}

impl RetentionPhase {
    pub(crate) fn describe(&self) -> Step {
        match self {
            Self::Keep => Step::new("B2", StepKind::Keep, SUBJECT),
            Self::Set { retention, .. } => Step::new("B2", StepKind::Irreversible, SUBJECT)
                .detail(format!("{retention}, for every version from its upload")),
        }
    }

    pub(crate) fn question(&self) -> Option<Question> {
        match self {
            Self::Set { act, .. } => Some(Question::of::<ComplianceLock>(act)),
            Self::Keep => None,
        }
    }

    pub(crate) async fn apply(&self, run: &mut Run<'_>, bucket: Bucket) -> Result<LockedBucket, Error> {
        let Self::Set { retention, act } = self else {
            run.unchanged(SUBJECT);
            return Ok(LockedBucket(bucket));
        };
        run.started(SUBJECT);
        let consent = run.consent::<ComplianceLock>(act)?;
        is_of_the_location(run, &bucket).await?;
        run.ports.object_store.lock_bucket(&bucket, *retention, consent).await?;
        let read = run.ports.object_store.bucket(&bucket.name).await?;
        let Some(locked) = read else { return Err(reads_back(SUBJECT, "the bucket is gone")) };
        if !retention::differences(locked.retention).is_empty() {
            return Err(reads_back(SUBJECT, retention::describe(locked.retention)));
        }
        run.done(SUBJECT, format!("{retention}, read back"));
        Ok(LockedBucket(locked))
    }
}

/// The last check before what cannot be undone: the bucket is named after the location, and the location's UUID is now
/// what it was when the plan was made (B2). It is read from the location itself, not from a report.
async fn is_of_the_location(run: &Run<'_>, bucket: &Bucket) -> Result<(), Error> {
    let (site, scope) = (run.site, run.scope);
    let wanted = scope.location_uuid;
    if bucket.name != scope.bucket_name || bucket.name.location() != wanted {
        let what = format!("the bucket {} is not the one of location {wanted}", bucket.name);
        return Err(Refusal::blocked("B2", what, "This is a defect; nothing was locked").into());
    }
    let field = &site.fields.location;
    let text = run.ports.inventory.location_field(&scope.organization.id, &scope.location.id, field).await?;
    match facts::location_uuid(site, &scope.location, text.as_ref()) {
        Ok(now) if now.into_inner() == wanted => Ok(()),
        _ => Err(ErrorKind::Stale { changed: format!("the location's UUID in NinjaOne ({field})") }.into()),
    }
}
