//! NinjaOne's public API v2: organisations, locations, devices, and the custom fields of all three.
//!
//! ```
//! use ninja_client::{Client, ClientId, ClientSecret, Config, FieldName, FieldPatch, Region};
//! # mod scripted { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/front_page/server.rs")); }
//! # async fn example() -> Result<(), ninja_client::Error> {
//! # let server = scripted::server().await;
//! # let base_url = server.uri();
//!
//! let config = Config::new(Region::Us, ClientId::new("…"), ClientSecret::new("…"));
//! let ninja = Client::new(config.base_url(base_url))?; // without a base URL: NinjaOne in the region
//! let found = ninja.organizations().find("Harbour Dental Group").await?;
//! let [client] = found.as_slice() else { return Ok(()) }; // none, or several of one name: a person decides
//! for site in ninja.locations().list(client.id).await? {
//!     let fields = ninja.locations().custom_fields(client.id, site.id).await?;
//!     println!("{}: {:?}", site.name, fields.get(&FieldName::new("siteGuid")?));
//! }
//! let patch = FieldPatch::new().text(&FieldName::new("siteContact")?, "Ada");
//! ninja.organizations().set_custom_fields(client.id, &patch).await?;
//! # server.verify().await;
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```
//!
//! # What it does not do
//!
//! It knows no custom field by name (their names are the caller's configuration), adds no device to monitoring (NinjaOne has no
//! call for that), defines no field and deletes nothing.
//!
//! # Invariants
//!
//! - A list is read to its end: the next page is asked for until one is empty, whatever size a page has.
//! - Pending devices are listed too: NinjaOne hides them from a list that does not ask, and a device just added is often pending.
//! - A value of a kind that this crate does not know is kept and shown, never dropped.
//! - No error, span or `Debug` text holds the client secret or a token.

mod client;
mod config;
mod custom_fields;
mod devices;
mod error;
mod field_value;
mod ids;
mod locations;
pub mod operations;
mod organizations;
mod pages;
mod region;
mod secret;
mod service;

pub use client::Client;
pub use config::Config;
pub use custom_fields::{CustomFieldReports, CustomFields, Entity, EntityFields, FieldPatch, Scope};
pub use devices::{ApprovalStatus, Device, DeviceDetail, Devices, NodeClass};
pub use error::{Error, ErrorKind};
pub use field_value::{FieldName, FieldValue, Json};
pub use ids::{ClientId, DeviceId, LocationId, OrganizationId};
pub use locations::{Location, Locations};
pub use organizations::{Organization, OrganizationDetail, Organizations};
pub use region::Region;
pub use secret::ClientSecret;

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<Client>();
    shareable::<Error>();
};
