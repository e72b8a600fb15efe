//! The bucket (B1, B3–B5).

use serde::{Deserialize, Serialize};

use super::run::reads_back_equal;
use super::{Finding, Run, Step, StepKind};
use crate::error::{Error, ErrorKind, Refusal};
use crate::facts::Known;
use crate::port_error::PortErrorKind;
use crate::ports::{Bucket, BucketSettings, BucketSpec};
use crate::proofs::consent::{Act, ChangeBucketSettings, ConsentKind, Question, Term};
use crate::site::Site;
use crate::standard::{self, Compare, Difference, Setting};

/// What happens to the bucket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum BucketPhase {
    /// It is as it should be.
    Keep {
        /// The bucket.
        bucket: Bucket,
    },
    /// It does not exist.
    Create {
        /// What it will be.
        spec: BucketSpec,
    },
    /// It exists and differs.
    Change {
        /// The bucket as it is.
        bucket: Bucket,
        /// What its settings will be.
        to: BucketSettings,
        /// What changes.
        differences: Vec<Difference>,
        /// What is consented to.
        act: Act,
    },
}

pub(crate) fn plan(
    site: &Site,
    seen: Known<'_>,
    findings: &mut Vec<Finding>,
) -> Result<BucketPhase, Refusal> {
    let to = standard::bucket::settings();
    let Some(found) = &seen.store.bucket else {
        head_room(site, seen)?;
        let spec = BucketSpec { name: seen.place.bucket_name.clone(), settings: to };
        return Ok(BucketPhase::Create { spec });
    };
    let bucket = found.bucket.clone();
    let differences = bucket.settings.differences(&to);
    if differences.is_empty() {
        return Ok(BucketPhase::Keep { bucket });
    }
    findings.extend(differences.iter().filter_map(|difference| finding(difference.setting)));
    let mut terms = vec![("changes", standard::listed(&differences))];
    terms.extend(bucket.settings.terms_of_change(&to));
    let act = act_on::<ChangeBucketSettings>(seen, terms);
    Ok(BucketPhase::Change { bucket, to, differences, act })
}

/// What a difference has allowed meanwhile, which changing the setting does not undo.
fn finding(setting: Setting) -> Option<Finding> {
    let what = match setting {
        Setting::ObjectLock => {
            "object lock is off: it can be enabled, but versions already there stay deletable until they are replaced"
        }
        Setting::Visibility => "the bucket is public: whoever knows its name reads what lies in it",
        Setting::Lifecycle => {
            "the bucket has other lifecycle rules: what they have deleted meanwhile is gone"
        }
        _ => return None,
    };
    Some(Finding::new("B3", what))
}

/// Room for one more bucket is checked before anything is created (B5).
fn head_room(site: &Site, seen: Known<'_>) -> Result<(), Refusal> {
    let account = &seen.store.account;
    if account.buckets < site.bucket_limit {
        return Ok(());
    }
    Err(Refusal::precondition(
        "B5",
        format!("the account {} holds {} buckets of {}", account.id, account.buckets, site.bucket_limit),
        "Have Backblaze raise the limit, then set `bucket_limit` in the site file",
    ))
}

/// An act on this location's bucket.
pub(super) fn act_on<K: ConsentKind>(seen: Known<'_>, terms: impl IntoIterator<Item = Term>) -> Act {
    let place = [
        ("bucket", seen.place.bucket_name.to_string()),
        ("location", seen.place.location_uuid.to_string()),
        ("account", seen.store.account.id.to_string()),
    ];
    Act::of::<K>(seen.place.bucket_name.as_str(), place.into_iter().chain(terms))
}

impl BucketPhase {
    pub(crate) fn describe(&self) -> Step {
        match self {
            Self::Keep { bucket } => Step::new("B1", StepKind::Keep, subject(bucket.name.as_str())),
            Self::Create { spec } => Step::new("B1", StepKind::Create, subject(spec.name.as_str()))
                .detail(standard::bucket::words(&spec.settings)),
            Self::Change { bucket, differences, act, .. } => {
                let irreversible = ChangeBucketSettings::is_irreversible(act);
                let kind = if irreversible { StepKind::Irreversible } else { StepKind::Change };
                Step::new("B3", kind, subject(bucket.name.as_str())).differences(differences)
            }
        }
    }

    pub(crate) fn question(&self) -> Option<Question> {
        match self {
            Self::Change { act, .. } => Some(Question::of::<ChangeBucketSettings>(act)),
            Self::Keep { .. } | Self::Create { .. } => None,
        }
    }

    pub(crate) async fn apply(&self, run: &mut Run<'_>) -> Result<Bucket, Error> {
        let step = subject(run.scope.bucket_name.as_str());
        match self {
            Self::Keep { bucket } => {
                run.unchanged(&step);
                Ok(bucket.clone())
            }
            Self::Create { spec } => {
                run.started(&step);
                let bucket = create(run, spec).await?;
                run.done(&step, "created");
                Ok(bucket)
            }
            Self::Change { bucket, to, act, .. } => {
                run.started(&step);
                let consent = run.consent::<ChangeBucketSettings>(act)?;
                let changed = run.ports.object_store.change_bucket(bucket, to, consent).await?;
                reads_back_equal(&step, &changed.settings.differences(to))?;
                run.done(&step, "changed and read back");
                Ok(changed)
            }
        }
    }
}

fn subject(name: &str) -> String {
    format!("bucket {name}")
}

/// Creates the bucket. Its name is unique in the world: after a lost answer, or when it is taken, a look tells whether
/// it is ours.
async fn create(run: &Run<'_>, spec: &BucketSpec) -> Result<Bucket, Error> {
    let store = &run.ports.object_store;
    let error = match store.create_bucket(spec).await {
        Ok(bucket) => return Ok(bucket),
        Err(error) => error,
    };
    if !matches!(error.kind(), PortErrorKind::Conflict | PortErrorKind::OutcomeUnknown) {
        return Err(error.into());
    }
    match store.bucket(&spec.name).await? {
        Some(bucket) if bucket.settings.differences(&spec.settings).is_empty() => Ok(bucket),
        Some(_) => Err(ErrorKind::Stale { changed: format!("the bucket {}", spec.name) }.into()),
        None if error.kind() == PortErrorKind::OutcomeUnknown => Err(error.into()),
        None => Err(Refusal::precondition(
            "B3",
            format!(
                "the bucket {} exists in another account; its name comes from the location {:?}, UUID {}",
                spec.name, run.scope.location.name, run.scope.location_uuid
            ),
            "Check the location's UUID in NinjaOne: another location or company uses the same one",
        )
        .into()),
    }
}
