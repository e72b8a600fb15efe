//! What must be shown before something happens: that a secret is in the vault, that a person consented.
//!
//! A fresh secret is [`Minted`]; it can do one thing, be escrowed. What the vault was given *and gave back equal* is
//! [`Escrowed`] (E2), and carries the identity it was filed under. A port takes neither: it takes what
//! [`Escrowed::for_use`] gives for one particular use, and that fails where the secret belongs to another appliance or
//! bucket. A secret that the appliance shows is a `Minted` too: it can be compared and escrowed, never read.
//!
//! The right order compiles:
//!
//! ```
//! use dtc_naming::DeviceGuid;
//! use dtc_provision::escrow::{self, EscrowContext};
//! use dtc_provision::ports::{Ports, SnmpSpec};
//! use dtc_provision::proofs::Minted;
//! use dtc_provision::secret::SnmpSecrets;
//!
//! async fn in_order(ports: &Ports, context: &EscrowContext, device: DeviceGuid, secrets: Minted<SnmpSecrets>) {
//!     if let Ok(escrowed) = escrow::escrow(secrets, ports, context, device).await {
//!         if let Ok(bound) = escrowed.for_use(&SnmpSpec { device }) {
//!             let _ = ports.appliance.put_snmp(bound).await;
//!         }
//!     }
//! }
//! ```
//!
//! An `Escrowed` cannot be made by hand:
//!
//! ```compile_fail
//! use dtc_provision::{proofs::Escrowed, secret::EncryptionSecrets};
//!
//! fn forge(secrets: EncryptionSecrets) -> Escrowed<EncryptionSecrets> {
//!     Escrowed::from(secrets)
//! }
//! ```
//!
//! A `Minted` is not accepted in its place:
//!
//! ```compile_fail
//! use dtc_provision::{ports::{Ports, SnmpSpec}, proofs::Minted, secret::SnmpSecrets};
//!
//! async fn too_soon(ports: &Ports, spec: &SnmpSpec, secrets: Minted<SnmpSecrets>) {
//!     let _ = ports.appliance.put_snmp(secrets.for_use(spec).unwrap()).await;
//! }
//! ```
//!
//! Nobody looks into a `Minted`:
//!
//! ```compile_fail
//! use dtc_provision::{proofs::Minted, secret::EncryptionSecrets};
//!
//! fn peek(secrets: &Minted<EncryptionSecrets>) -> &EncryptionSecrets {
//!     secrets.expose()
//! }
//! ```
//!
//! Nor into an `Escrowed` that is not bound to a use:
//!
//! ```compile_fail
//! use dtc_provision::{proofs::Escrowed, secret::EncryptionSecrets};
//!
//! fn peek(secrets: &Escrowed<EncryptionSecrets>) -> &EncryptionSecrets {
//!     secrets.expose()
//! }
//! ```
//!
//! The secret of one kind is not bound to the use of another:
//!
//! ```compile_fail
//! use dtc_provision::{ports::SnmpSpec, proofs::Escrowed, secret::EncryptionSecrets};
//!
//! fn mixed_up(secrets: &Escrowed<EncryptionSecrets>, spec: &SnmpSpec) {
//!     let _ = secrets.for_use(spec);
//! }
//! ```

mod bound;
pub mod consent;
mod escrowed;
mod identity;
mod slot;
mod value_check;

pub use bound::{Bound, Use, WrongUse};
pub use escrowed::{Escrowed, Minted};
pub use identity::{Backup, SecretIdentity};
pub use slot::{Escrowable, Slot, StoredSecret};
pub use value_check::ValueCheck;

pub(crate) use bound::sealed::Sealed as SealedUse;
