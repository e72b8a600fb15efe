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
//! Each misuse below stands beside a use that differs in the one thing that is wrong with it. An `Escrowed` cannot be made by hand, only
//! handed on:
//!
//! ```compile_fail,E0308
//! use dtc_provision::{proofs::Escrowed, secret::EncryptionSecrets};
//!
//! fn forge(secrets: EncryptionSecrets) -> Escrowed<EncryptionSecrets> {
//!     Escrowed::from(secrets)
//! }
//! ```
//!
//! ```
//! use dtc_provision::{proofs::Escrowed, secret::EncryptionSecrets};
//!
//! fn hand_on(secrets: Escrowed<EncryptionSecrets>) -> Escrowed<EncryptionSecrets> {
//!     Escrowed::from(secrets)
//! }
//! ```
//!
//! A `Minted` is not accepted in its place:
//!
//! ```compile_fail,E0599
//! use dtc_provision::{ports::{Ports, SnmpSpec}, proofs::Minted, secret::SnmpSecrets};
//!
//! async fn too_soon(ports: &Ports, spec: &SnmpSpec, secrets: Minted<SnmpSecrets>) {
//!     let _ = ports.appliance.put_snmp(secrets.for_use(spec).unwrap()).await;
//! }
//! ```
//!
//! ```
//! use dtc_provision::{ports::{Ports, SnmpSpec}, proofs::Escrowed, secret::SnmpSecrets};
//!
//! async fn in_time(ports: &Ports, spec: &SnmpSpec, secrets: Escrowed<SnmpSecrets>) {
//!     let _ = ports.appliance.put_snmp(secrets.for_use(spec).unwrap()).await;
//! }
//! ```
//!
//! Nobody looks into a `Minted`:
//!
//! ```compile_fail,E0599
//! use dtc_provision::{ports::CloudSyncSpec, proofs::{Bound, Minted}, secret::EncryptionSecrets};
//!
//! fn peek<'a>(secrets: &'a Minted<EncryptionSecrets>) -> &'a EncryptionSecrets {
//!     secrets.expose()
//! }
//! ```
//!
//! ```
//! use dtc_provision::{ports::CloudSyncSpec, proofs::{Bound, Minted}, secret::EncryptionSecrets};
//!
//! fn put<'a>(secrets: &'a Bound<'a, CloudSyncSpec>) -> &'a EncryptionSecrets {
//!     secrets.expose()
//! }
//! ```
//!
//! Nor into an `Escrowed` that is not bound to a use:
//!
//! ```compile_fail,E0599
//! use dtc_provision::{ports::CloudSyncSpec, proofs::{Bound, Escrowed}, secret::EncryptionSecrets};
//!
//! fn peek<'a>(secrets: &'a Escrowed<EncryptionSecrets>) -> &'a EncryptionSecrets {
//!     secrets.expose()
//! }
//! ```
//!
//! ```
//! use dtc_provision::{ports::CloudSyncSpec, proofs::{Bound, Escrowed}, secret::EncryptionSecrets};
//!
//! fn put<'a>(secrets: &'a Bound<'a, CloudSyncSpec>) -> &'a EncryptionSecrets {
//!     secrets.expose()
//! }
//! ```
//!
//! The secret of one kind is not bound to the use of another:
//!
//! ```compile_fail,E0271
//! use dtc_provision::{ports::SnmpSpec, proofs::Escrowed, secret::{EncryptionSecrets, SnmpSecrets}};
//!
//! fn mixed_up(secrets: &Escrowed<EncryptionSecrets>, spec: &SnmpSpec) {
//!     let _ = secrets.for_use(spec);
//! }
//! ```
//!
//! ```
//! use dtc_provision::{ports::SnmpSpec, proofs::Escrowed, secret::{EncryptionSecrets, SnmpSecrets}};
//!
//! fn bound(secrets: &Escrowed<SnmpSecrets>, spec: &SnmpSpec) {
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
pub use identity::{Backup, DatasetOf, SecretIdentity};
pub use slot::{Escrowable, Slot, StoredSecret};
pub use value_check::ValueCheck;

pub(crate) use bound::sealed::Sealed as SealedUse;
