//! Feasible before irreversible (X1c): what a later step would be refused for is looked at before the first write.

use super::plan::{Plan, PoolPhase};
use crate::error::{Error, Refusal};
use crate::phases::bucket::BucketPhase;
use crate::phases::credential::{self, CredentialPhase};
use crate::phases::key::KeyPhase;
use crate::phases::retention::RetentionPhase;
use crate::phases::{Step, StepKind};
use crate::ports::{Account, Ports, Rights};
use crate::standard::Setting;

/// Whether the provisioning key may do what the plan has it do in the store. A plan that changes nothing there needs nothing.
pub(super) fn in_store(
    account: &Account,
    bucket: &BucketPhase,
    retention: &RetentionPhase,
    key: &KeyPhase,
) -> Result<(), Refusal> {
    let mut needed = Vec::new();
    match bucket {
        BucketPhase::Keep { .. } => {}
        BucketPhase::Create { .. } => {
            needed.extend(["writeBuckets", "writeBucketEncryption", "writeBucketRetentions"]);
        }
        BucketPhase::Change { differences, .. } => {
            needed.push("writeBuckets");
            needed.extend(differences.iter().filter_map(|difference| match difference.setting {
                Setting::DefaultEncryption => Some("writeBucketEncryption"),
                Setting::ObjectLock => Some("writeBucketRetentions"),
                _ => None,
            }));
        }
    }
    if matches!(retention, RetentionPhase::Set { .. }) {
        needed.extend(["writeBuckets", "writeBucketRetentions"]);
    }
    if matches!(key, KeyPhase::Mint { .. }) {
        needed.push("writeKeys");
    }
    needed.retain(|name| !account.capabilities.iter().any(|held| held == name));
    needed.sort_unstable();
    needed.dedup();
    lacking("the provisioning key of B2", "capabilities", &needed, "Use a key of the account that has them")
}

/// Whether the appliance can do what the plan has it do: its API key's roles, and its way to the store.
pub(super) async fn on_appliance(plan: &Plan, ports: &Ports) -> Result<(), Error> {
    let needed = roles(plan);
    if !needed.is_empty()
        && let Rights::Roles(held) = ports.appliance.rights().await?
    {
        let missing: Vec<&str> =
            needed.into_iter().filter(|name| !held.iter().any(|role| role == name)).collect();
        lacking("the appliance's API key", "roles", &missing, "Use a key of a full administrator")?;
    }
    if !matches!(plan.credential, CredentialPhase::Keep { .. }) {
        credential::reaches_store(ports).await?;
    }
    Ok(())
}

/// The roles that the plan's steps need on the appliance, as 25.04 and later have them; 24.10 has no role for some of them, and
/// takes a full administrator's key only.
fn roles(plan: &Plan) -> Vec<&'static str> {
    let changes = |step: Step| step.kind != StepKind::Keep;
    let any = |changes: &dyn Fn(&PoolPhase) -> bool| plan.pools.iter().any(changes);
    let mut roles = Vec::new();
    let removals = plan.identity.describe_removals().into_iter().any(changes);
    if changes(plan.identity.describe_property()) || removals {
        roles.push("DATASET_WRITE");
    }
    if plan.snmp.configure {
        roles.push("SYSTEM_GENERAL_WRITE");
    }
    if plan.snmp.start {
        roles.push("SERVICE_WRITE");
    }
    let syncs =
        any(&|pool| changes(pool.task.describe(&pool.spec)) || changes(pool.first_run.describe(&pool.pool)));
    if syncs || !matches!(plan.credential, CredentialPhase::Keep { .. }) {
        roles.push("CLOUD_SYNC_WRITE");
    }
    if any(&|pool| changes(pool.snapshot_task.describe(&pool.snapshots))) {
        roles.push("SNAPSHOT_TASK_WRITE");
    }
    roles
}

fn lacking(whose: &str, what: &str, missing: &[&str], remedy: &str) -> Result<(), Refusal> {
    if missing.is_empty() {
        return Ok(());
    }
    let what = format!("{whose} lacks {what} that this plan needs: {}", missing.join(", "));
    Err(Refusal::precondition("X1c", what, format!("{remedy}; nothing was changed")))
}
