//! No other task reaches what the pools' tasks write (C2).

use dtc_naming::{DeviceGuid, FolderPath, PoolName};

use super::Finding;
use crate::error::Refusal;
use crate::facts::{Known, Reach, Surroundings, TaskFacts};
use crate::standard::cloud_sync;

/// Nothing is enabled beside a task that changes what it would write: which of the two is wanted, somebody must decide. One that only
/// reads there is said to.
pub(crate) fn plan(seen: Known<'_>, guid: DeviceGuid, findings: &mut Vec<Finding>) -> Result<(), Refusal> {
    let of_pool = |pool: &PoolName| FolderPath::compute(guid, pool);
    let folders: Vec<FolderPath> = seen.backed_up.iter().map(of_pool).collect();
    let around = Surroundings {
        bucket: &seen.place.bucket_name,
        folders: &folders,
        credentials: seen.credentials,
        keys: seen.store.bucket.as_ref().map_or(&[], |found| found.listed_keys()),
    };
    let is_own =
        |task: &TaskFacts| seen.backed_up.iter().any(|pool| cloud_sync::is_of_pool(&task.settings, pool));
    let reaches = seen.tasks.iter().filter(|task| !is_own(task)).filter_map(|task| around.reach(task));
    let (harmful, harmless): (Vec<Reach>, Vec<Reach>) = reaches.partition(|reach| reach.harms);
    findings.extend(harmless.into_iter().map(|reach| Finding::new("C2", reach.said)));
    if harmful.is_empty() {
        return Ok(());
    }
    let said: Vec<String> = harmful.into_iter().map(|reach| reach.said).collect();
    Err(Refusal::blocked(
        "C2",
        said.join("; "),
        "Each pool's folder has one task that writes to it: on the appliance, delete the other task, or point it to another bucket. \
         Nothing was changed",
    ))
}
