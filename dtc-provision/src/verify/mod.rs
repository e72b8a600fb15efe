//! The procedure's checklist, evaluated by reading the live systems (V5).

mod checklist;
mod coverage;
mod evidence;
mod item;
mod recover;
mod report;
mod until;

use std::future::Future;

use futures_util::FutureExt as _;

use crate::error::Error;
use crate::facts::{Fact, Observation, Unread};
use crate::port_error::PortError;
use crate::ports::Views;
use crate::site::Site;

pub use checklist::{Check, checklist};
pub use item::{Item, ItemId, Verdict};
pub use recover::{PoolProof, Proof, Sample};
pub use report::Report;

/// [`verify`] as long as there is time: when `over` resolves, nothing more is asked and nothing is waited for, and what was
/// not answered until then is not checkable.
///
/// # Errors
/// As [`verify`]; also where the time was over before there was anything to hold an item against.
pub async fn verify_until(
    site: &Site,
    views: &Views,
    over: impl Future<Output = ()> + Send + 'static,
) -> Result<Report, Error> {
    verify(site, &until::until(views, &over.boxed().shared())).await
}

/// Evaluates every item by reading the live systems; writes nothing.
///
/// # Errors
/// Where the appliance, its client and location cannot be determined at all: without them there is nothing to hold an
/// item against. Whatever else fails is an item's verdict.
pub async fn verify(site: &Site, views: &Views) -> Result<Report, Error> {
    Ok(verify_with_ticket(site, views).await?.0)
}

/// [`verify`], with what is in the way of a note on the ticket: whatever the ticket's item says, the note is not written then.
///
/// # Errors
/// As [`verify`].
pub(crate) async fn verify_with_ticket(
    site: &Site,
    views: &Views,
) -> Result<(Report, Option<Unread>), Error> {
    let evidence = evidence::Evidence::gather(site, views).await;
    let seen = &evidence.seen;
    let needed = [seen.place.unread(), seen.system.unread(), seen.pools.unread(), seen.identity.unread()];
    let root_cause = |unread: &&Unread| !matches!(unread, Unread::Needs { .. });
    if let Some(unread) = needed.into_iter().flatten().find(root_cause) {
        return Err(unread.error().into());
    }
    let report = Report {
        items: checklist::evaluate(&evidence),
        coverage: coverage::of(&evidence),
        proofs: evidence.proofs.ok().cloned().unwrap_or_default(),
        unread: failed_calls(seen),
    };
    let refused = seen.ticket.as_ref().and_then(Fact::unread).filter(|why| matches!(why, Unread::Refused(_)));
    Ok((report, refused.cloned()))
}

fn failed_calls(seen: &Observation) -> Vec<PortError> {
    let mut failed: Vec<PortError> = Vec::new();
    for unread in seen.unread() {
        if let Unread::Port(error) = unread
            && !failed.iter().any(|known| (known.service(), known.kind()) == (error.service(), error.kind()))
        {
            failed.push(error.clone());
        }
    }
    failed
}
