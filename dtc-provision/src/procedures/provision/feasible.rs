//! Feasible before irreversible (X1c): what the appliance would refuse a later step for is looked at before the first write.

use super::plan::{Plan, PoolPhase};
use super::rights::lacking;
use crate::error::Error;
use crate::phases::credential::{self, CredentialPhase};
use crate::phases::{Step, StepKind};
use crate::ports::{Ports, Rights};

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
