//! Binds the ports of provisioning to the real services: NinjaOne, Backblaze B2, IT Glue, a TrueNAS appliance, and
//! tickets in HaloPSA or in a directory. Reads the site file that says where they are.
//!
//! ```no_run
//! use dtc_adapters::{SiteFile, connect};
//! use dtc_provision::ports::Ports;
//! use std::path::Path;
//!
//! # async fn example() -> Result<Ports, dtc_adapters::Error> {
//! let file = SiteFile::read(Path::new("site.toml"))?;
//! connect(&file.connections, file.waits).await
//! # }
//! ```
//!
//! A program that has its own settings fills in [`Connections`] itself:
//!
//! ```no_run
//! use dtc_adapters::connections::{
//!     B2Connection, Connections, Inventory, ItGlueConnection, NinjaOneConnection, Trust, TrueNasConnection, Vault,
//! };
//! use dtc_adapters::{SecretSource, connect_views};
//! use dtc_provision::ports::{Views, Waits};
//!
//! # async fn example(fingerprint: String) -> Result<Views, dtc_adapters::Error> {
//! let environment = |name: &str| SecretSource::Environment(name.to_owned());
//! let connections = Connections::new(
//!     B2Connection::new("0051…", environment("B2_KEY")),
//!     TrueNasConnection::new("nas.example.net", environment("NAS_KEY")).trust(Trust::Fingerprint(fingerprint)),
//!     Inventory::NinjaOne(NinjaOneConnection::new("https://eu.ninjarmm.com", "…", environment("NINJA_SECRET"))),
//!     Vault::ItGlue(ItGlueConnection::new("https://api.itglue.com", environment("ITGLUE_KEY"))),
//! );
//! connect_views(&connections, Waits::default()).await // enough to plan and to verify
//! # }
//! ```
//!
//! # What it does not do
//!
//! It decides nothing: each function converts, calls, and converts back. What is to be done, in which order and with
//! whose consent is `dtc-provision`'s; how a service is spoken to, and what may be tried again, is its client's.
//!
//! # Invariants
//!
//! - A secret leaves its proof in the call that puts it to use, and nowhere else; none stands in an error.
//! - What a service hides or may not tell is an error or [`Redactable::Redacted`](dtc_provision::ports::Redactable), never "off"
//!   and never an empty value; a hidden value is never written back.
//! - Text from outside becomes a name of ours here, once, or the call fails and says which text.

mod appliance;
mod b2_clients;
mod calls;
mod checks;
mod clock_entropy;
mod connect;
mod connection_error;
pub mod connections;
pub mod copy;
mod error;
mod escrowed_clients;
pub mod files;
mod halo_tickets;
mod inventory;
mod nearest;
mod object_store;
mod one_password;
mod own_vault;
mod replication_end;
mod saved_record;
mod secret_source;
mod site_file;
mod source;
mod tickets;
mod timing;
mod toml_file;
mod vault;
mod version_store;
mod waiting;

pub use clock_entropy::{OsEntropy, SystemClock};
pub use connect::{
    connect, connect_copy_vault, connect_copy_vault_view, connect_end_views, connect_ends, connect_read_only,
    connect_views,
};
pub use connection_error::{Error, ErrorKind, Place};
pub use connections::Connections;
pub use nearest::decoding_problem;
pub use one_password::{Attribute, InvalidReference, OnePassword, OnePasswordFailure, SecretReference};
pub use own_vault::{ChangedSecret, ListedSecret, NewSecret, SecretStore, with_vault};
pub use saved_record::{SavedSecrets, connect_saved, read_saved_record};
pub use secret_source::{SecretReader, SecretSource};
pub use site_file::{SiteFile, SiteReplication};
#[doc(hidden)]
pub use tickets::{note_in, with_note};
#[doc(hidden)]
pub use vault::{noted, record_of};
pub use waiting::Waiting;

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<Connections>();
    shareable::<Error>();
    shareable::<SiteFile>();
};
