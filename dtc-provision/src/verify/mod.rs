//! The procedure's checklist, evaluated by reading the live systems (V5).

mod checklist;
mod coverage;
mod evidence;
mod recover;
mod report;

use crate::error::Error;
use crate::facts::Unread;
use crate::ports::Views;
use crate::site::Site;

pub use checklist::{Check, ItemId, checklist};
pub use recover::{PoolProof, Proof, Sample};
pub use report::{Item, Report, Verdict};

/// Evaluates every item by reading the live systems; writes nothing.
///
/// # Errors
/// Where the appliance, its client and location cannot be determined at all: without them there is nothing to hold an
/// item against. Whatever else fails is an item's verdict.
pub async fn verify(site: &Site, views: &Views) -> Result<Report, Error> {
    let evidence = evidence::Evidence::gather(site, views).await;
    let seen = &evidence.seen;
    let needed = [seen.place.unread(), seen.system.unread(), seen.pools.unread(), seen.identity.unread()];
    let root_cause = |unread: &&Unread| !matches!(unread, Unread::Needs { .. });
    if let Some(unread) = needed.into_iter().flatten().find(root_cause) {
        return Err(unread.error().into());
    }
    Ok(Report {
        items: checklist::evaluate(&evidence),
        coverage: coverage::of(&evidence),
        proofs: evidence.proofs.ok().cloned().unwrap_or_default(),
    })
}
