//! Every operation of the public API (2.0.9-draft, 310 of them), and what repeating each would do.
//!
//! A read changes nothing and hands out no right: signed addresses, installers and the address of a dashboard are read by GET, and are
//! declared as changes all the same, because whoever holds such an address may use it later. A POST is never repeated when its answer is
//! lost, unless it only reads.
//!
//! Which operation has which method; [`crate::Client::call`] sends any of them, with types of the caller's.
#![doc = include_str!("operations/table.md")]

use http_core::{Idempotency, Operation};

use crate::api_operation::ApiOperation;

mod assets;
mod backup;
mod billing;
mod checklists;
mod custom_fields;
mod devices;
mod documents;
mod knowledge;
mod organizations;
mod people;
mod policies;
mod reports;
mod tabs;
mod tenant;
mod ticketing;

pub use assets::*;
pub use backup::*;
pub use billing::*;
pub use checklists::*;
pub use custom_fields::*;
pub use devices::*;
pub use documents::*;
pub use knowledge::*;
pub use organizations::*;
pub use people::*;
pub use policies::*;
pub use reports::*;
pub use tabs::*;
pub use tenant::*;
pub use ticketing::*;

/// Asks for a token: a read, since logging in changes nothing.
pub(crate) const REQUEST_TOKEN: Operation = Operation::new("request_token", Idempotency::Read);

/// Every operation, area by area.
pub fn all() -> impl Iterator<Item = ApiOperation> {
    [
        assets::ALL,
        backup::ALL,
        billing::ALL,
        checklists::ALL,
        custom_fields::ALL,
        devices::ALL,
        documents::ALL,
        knowledge::ALL,
        organizations::ALL,
        people::ALL,
        policies::ALL,
        reports::ALL,
        tabs::ALL,
        tenant::ALL,
        ticketing::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}
