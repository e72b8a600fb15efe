//! What a pool must be for its task to copy it (C5).

use crate::error::Refusal;
use crate::ports::{Dataset, DatasetKind, Pool};

/// A pool whose datasets can all be read. A locked or unmounted child looks like an empty directory, and a sync would
/// hide its whole tree (C5).
pub(crate) fn everything_readable(pool: &Pool) -> Result<(), Refusal> {
    if pool.datasets.is_empty() {
        return Err(Refusal::precondition(
            "C5",
            format!(
                "the appliance shows no dataset of pool {}: it is not imported, or it is locked",
                pool.name
            ),
            "Import and unlock it first",
        ));
    }
    let unreadable =
        |dataset: &&Dataset| dataset.kind == DatasetKind::Filesystem && (dataset.locked || !dataset.mounted);
    let Some(dataset) = pool.datasets.iter().find(unreadable) else { return Ok(()) };
    let (state, remedy) = if dataset.locked { ("locked", "Unlock") } else { ("not mounted", "Mount") };
    Err(Refusal::precondition(
        "C5",
        format!(
            "the dataset {} is {state}: it looks empty, and a sync would hide its whole tree in the bucket",
            dataset.name
        ),
        format!("{remedy} it first"),
    ))
}
