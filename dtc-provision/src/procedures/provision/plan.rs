//! What will be done: data, made from an observation by pure functions.
//!
//! A plan holds no secret. It can be printed, saved, compared and reviewed; it leaves no choice to whoever applies it.

use dtc_naming::{DeviceGuid, PoolName};
use serde::{Deserialize, Serialize};

use super::format::PlanFormat;
use super::rights;
use crate::error::{Error, Refusal};
use crate::facts::{Known, Observation};
use crate::phases::bucket::{self, BucketPhase};
use crate::phases::credential::{self, CredentialPhase};
use crate::phases::document::{self, DocumentationPhase};
use crate::phases::first_run::{self, FirstRunPhase};
use crate::phases::identity::{self, IdentityPhase};
use crate::phases::key::{self, KeyPhase, Orphan};
use crate::phases::reach;
use crate::phases::retention::{self, RetentionPhase};
use crate::phases::secrets::{self, SecretsPhase};
use crate::phases::snapshots::{self, SnapshotPhase};
use crate::phases::snmp::{self, SnmpPhase};
use crate::phases::tasks::{self, TaskPhase};
use crate::phases::{Finding, Scope, Step, StepKind};
use crate::ports::{CloudSyncSpec, Pool, SnapshotTaskSettings};
use crate::proofs::consent::Question;
use crate::site::Site;
use crate::standard::{self, cloud_sync, snapshot_task};

/// Values a plan may have to invent. Given from outside, so that planning stays deterministic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fresh {
    /// The Device GUID, should the appliance have none (I5).
    pub device_guid: DeviceGuid,
}

impl Fresh {
    /// With this Device GUID, should the appliance have none.
    pub fn new(device_guid: DeviceGuid) -> Self {
        Self { device_guid }
    }
}

/// What will be done, in the order of X1a.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Plan {
    /// The format it is saved in.
    pub format: PlanFormat,
    /// What the operator wants.
    pub site: Site,
    /// What was invented for it.
    pub fresh: Fresh,
    /// The appliance, the location and the bucket that it is about.
    #[serde(flatten)]
    pub scope: Scope,
    /// The bucket.
    pub bucket: BucketPhase,
    /// The bucket's retention.
    pub retention: RetentionPhase,
    /// The Device GUID.
    pub identity: IdentityPhase,
    /// SNMP.
    pub snmp: SnmpPhase,
    /// Encryption password and salt.
    pub secrets: SecretsPhase,
    /// The application key.
    pub key: KeyPhase,
    /// Keys of ours whose secret was lost (K3).
    pub orphans: Vec<Orphan>,
    /// The credential on the appliance.
    pub credential: CredentialPhase,
    /// A Cloud Sync task, a snapshot task and a first run for each pool.
    pub pools: Vec<PoolPhase>,
    /// Vault record and ticket.
    pub documentation: DocumentationPhase,
    /// What is not as it should be and is left alone.
    pub findings: Vec<Finding>,
}

/// One pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PoolPhase {
    /// The pool.
    pub pool: PoolName,
    /// What its task will be (C2).
    pub spec: CloudSyncSpec,
    /// What happens to its task.
    pub task: TaskPhase,
    /// What its snapshot task will be (Z1).
    pub snapshots: SnapshotTaskSettings,
    /// What happens to its snapshot task.
    pub snapshot_task: SnapshotPhase,
    /// Its first run (V1).
    pub first_run: FirstRunPhase,
}

/// Plans, from what is wanted and what is so.
///
/// # Errors
/// A fact that is unread, or a rule that stops the work: nothing is planned then. What else stops it is in
/// [`Error::also`].
pub fn plan(site: &Site, seen: &Observation, fresh: Fresh) -> Result<Plan, Error> {
    let seen = seen.known()?;
    let mut findings = Vec::new();
    let mut refusals = Refusals::default();
    let bucket = refusals.collect(bucket::plan(site, seen, &mut findings));
    let retention = retention::plan(seen, &mut findings);
    let identity = identity::plan(site, seen, fresh.device_guid, &mut findings);
    let snmp = refusals.collect(snmp::plan(seen, &mut findings));
    let writable = refusals.collect(seen.vault.refuses.clone().map_or(Ok(()), Err));
    let pools_readable = refusals.collect(everything_readable(seen));
    let secrets = refusals.collect(secrets::plan(seen, &mut findings));
    let (key, orphans) = key::plan(site, seen, &mut findings);
    let may = bucket
        .as_ref()
        .map_or(Ok(()), |bucket| rights::in_store(&seen.store.account, bucket, &retention, &key));
    let may = refusals.collect(may);
    let credential = credential::plan(seen, &key);
    let alone = refusals.collect(reach::plan(seen, identity.guid, &mut findings));
    let pools = refusals.collect(pools(site, seen, identity.guid, &credential, &mut findings));
    let possible = writable.and(pools_readable).and(may).and(alone);
    let (Some(bucket), Some(snmp), Some(()), Some(secrets), Some(pools)) =
        (bucket, snmp, possible, secrets, pools)
    else {
        return Err(refusals.error());
    };
    let scheduled = pools.iter().any(|pool| pool.first_run == FirstRunPhase::Scheduled);
    Ok(Plan {
        format: PlanFormat::default(),
        site: site.clone(),
        fresh,
        scope: Scope::of(seen, identity.guid),
        bucket,
        retention,
        identity,
        snmp,
        secrets,
        key,
        orphans,
        credential,
        pools,
        documentation: document::plan(seen, scheduled),
        findings,
    })
}

/// Every rule that stops the work, so that all of them are put right before the next try.
#[derive(Default)]
struct Refusals(Vec<Refusal>);

impl Refusals {
    fn collect<T>(&mut self, planned: Result<T, Refusal>) -> Option<T> {
        planned.map_err(|refusal| self.0.push(refusal)).ok()
    }

    fn error(self) -> Error {
        let mut refusals = self.0.into_iter();
        let first = refusals.next().unwrap_or_else(|| {
            Refusal::blocked("X1", "nothing could be planned", "This is a defect; nothing was changed")
        });
        Error::from(first).with_also(refusals.map(|refusal| refusal.to_string()).collect())
    }
}

fn everything_readable(seen: Known<'_>) -> Result<(), Refusal> {
    backed_up(seen).try_for_each(standard::pool::everything_readable)
}

/// The pools to back up.
fn backed_up(seen: Known<'_>) -> impl Iterator<Item = &Pool> {
    seen.pools.iter().filter(|pool| seen.backed_up.contains(&pool.name))
}

fn pools(
    site: &Site,
    seen: Known<'_>,
    guid: DeviceGuid,
    credential: &CredentialPhase,
    findings: &mut Vec<Finding>,
) -> Result<Vec<PoolPhase>, Refusal> {
    let mut phases = Vec::new();
    for pool in backed_up(seen) {
        tasks::coverage(pool, findings);
        let name = &pool.name;
        let spec = cloud_sync::spec(site, &seen.place.bucket_name, guid, name, seen.backed_up.len());
        let found = tasks::of_pool(seen, name)?;
        let task = tasks::plan(found, &spec, credential);
        let settings = snapshot_task::settings(name);
        phases.push(PoolPhase {
            first_run: first_run::plan(site, seen, name, found.filter(|_| !task.outdates_runs())),
            snapshot_task: snapshots::plan(seen, name, &settings, findings),
            pool: name.clone(),
            spec,
            task,
            snapshots: settings,
        });
    }
    Ok(phases)
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps().iter().all(|step| step.kind == StepKind::Keep)
    }

    /// The findings that somebody must decide about: with one of them a plan that has nothing to do is not as it should be.
    pub fn undecided(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.to_decide)
    }

    /// Every step, in the order it is applied (X1a).
    pub fn steps(&self) -> Vec<Step> {
        let mut steps =
            vec![self.bucket.describe(), self.retention.describe(), self.identity.describe_property()];
        steps.extend(self.identity.describe_removals());
        steps.extend([
            self.snmp.describe(),
            self.identity.describe_field(&self.site.fields.device),
            self.secrets.describe(),
            self.key.describe(),
        ]);
        steps.extend(self.orphans.iter().map(Orphan::describe));
        steps.push(self.credential.describe(self.scope.bucket_name.as_str()));
        steps.extend(self.pools.iter().map(|pool| pool.task.describe(&pool.spec)));
        steps.extend(self.pools.iter().map(|pool| pool.snapshot_task.describe(&pool.snapshots)));
        steps.extend(self.pools.iter().map(|pool| pool.first_run.describe(&pool.pool)));
        steps.push(self.documentation.describe());
        steps
    }

    /// What this plan asks before it is applied. Nothing else makes questions.
    pub fn questions(&self) -> Vec<Question> {
        let mut questions = Vec::new();
        questions.extend(self.retention.question());
        questions.extend(self.bucket.question());
        questions.extend(self.identity.questions());
        questions.extend(self.pools.iter().filter_map(|pool| pool.task.question()));
        questions.extend(self.orphans.iter().map(Orphan::question));
        questions
    }
}
