//! A secret that the appliance may show, hide or lack.

use crate::proofs::Minted;

/// A secret on the appliance. What it shows can be compared and escrowed, and not read.
#[derive(Debug)]
pub enum Redactable<T> {
    /// The appliance shows it.
    Clear(Minted<T>),
    /// The appliance has it and hides it (`********`): unknown, never equal, never written back (C2a).
    Redacted,
    /// The appliance has none.
    Absent,
}
