//! The 26 items, each with its evidence.

mod facts;
mod items;

use super::{Report, coverage};
use crate::error::Error;
use crate::ports::Views;
use crate::site::Site;

/// Gathers the facts, then judges each item by them.
pub(super) async fn evaluate(site: &Site, views: &Views) -> Result<Report, Error> {
    let facts = facts::Facts::gather(site, views).await?;
    let coverage = facts.pools.iter().flat_map(|pool| coverage::gaps(&pool.name, &pool.datasets)).collect();
    Ok(Report { items: items::judge(site, &facts), proofs: facts.proofs.unwrap_or_default(), coverage })
}
