//! Binds the ports of provisioning to the real services: NinjaOne, Backblaze B2, IT Glue, a TrueNAS box, and a
//! directory of tickets.
//!
//! ```no_run
//! use dtc_adapters::{B2Connection, Connections, ItGlueConnection, NinjaConnection, Trust, TrueNasConnection, connect};
//! use dtc_provision::ports::{Patience, Ports};
//!
//! # async fn example(secret: fn(&str) -> secrecy::SecretString) -> Result<Ports, dtc_provision::Error> {
//! connect(
//!     Connections {
//!         b2: B2Connection { realm: None, key_id: "0051…".into(), application_key: secret("b2") },
//!         truenas: TrueNasConnection { address: "nas.example.net".into(), trust: Trust::System, api_key: secret("box") },
//!         ninja: NinjaConnection {
//!             base_url: "https://eu.ninjarmm.com".into(),
//!             client_id: "…".into(),
//!             client_secret: secret("ninja"),
//!         },
//!         itglue: ItGlueConnection { base_url: "https://api.itglue.com".into(), api_key: secret("vault") },
//!         tickets: "tickets".into(),
//!     },
//!     Patience::default(),
//! )
//! .await
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
//! - What a service hides or may not tell is an error or [`Seen::Redacted`](dtc_provision::ports::Seen), never "off"
//!   and never an empty value; a hidden value is never written back.
//! - Text from outside becomes a name of ours here, once, or the call fails and says which text.

mod ambient;
mod appliance;
mod connect;
mod error;
mod inventory;
mod object_store;
mod source;
mod tickets;
mod vault;

pub use connect::{
    B2Connection, Connections, ItGlueConnection, NinjaConnection, Pauses, TrueNasConnection, Trust, connect,
    connect_with,
};

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<Connections>();
};
