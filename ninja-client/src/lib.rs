//! NinjaOne's public API v2: all of its 310 operations, 145 of them with types of their own.
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
//! # Which operations have methods
//!
//! | what | where | operations |
//! |---|---|---|
//! | organisations and locations, installers | [`Client::organizations`], [`Client::locations`] | 18 |
//! | devices: lists, search, changes, approval, patches, scripts, services, maintenance, owners, hardware | [`Client::devices`] | 40 |
//! | custom fields by definitions, and across the fleet | [`Client::field_definitions`], [`Client::checked_fields`], [`Client::custom_fields`] | 11 |
//! | technicians, end users, roles, contacts, policies | [`Client::users`], [`Client::contacts`], [`Client::policies`] | 32 |
//! | alerts, reports, backups, the tenant's lists | [`Client::alerts`], [`Client::reports`], [`Client::backups`], [`Client::tenant`] | 44 |
//! | billing, ticketing, documents, knowledge base, checklists, tabs, assets | [`Client::call`] | the other 165; [`operations`] has a row for each of the 310 |
//!
//! # What it does not do
//!
//! It knows no custom field by name (names are the caller's configuration), and adds no device to monitoring (NinjaOne has no call for it).
//!
//! # Invariants
//!
//! - A list is read to its end: the next page is asked for until one is empty, whatever size a page has.
//! - [`Devices::list`] lists pending devices too: NinjaOne hides them from a list that does not ask, and a device just added is often pending.
//! - A row that is not as promised does not take its page with it: in a stream it is an error of its own, after which others follow.
//! - A value of a kind that this crate does not know is kept and shown, never dropped.
//! - No error, span or `Debug` text holds the client secret, a token, a script's parameters, or a value to be set.

mod alerts;
mod api_operation;
mod ask;
mod backups;
mod calls;
mod checked_fields;
mod client;
mod config;
mod contacts;
mod custom_fields;
mod device_control;
mod device_filter;
mod device_inventory;
mod devices;
mod error;
mod field_definitions;
mod field_value;
mod grant;
mod ids;
mod locations;
mod login;
mod members;
mod open_enum;
pub mod operations;
mod organizations;
mod pages;
mod parameters;
mod policies;
mod region;
mod reports;
mod secret;
mod service;
mod shape;
pub mod shapes;
mod tenant;
mod time;
mod users;

pub use api_operation::ApiOperation;
pub use ask::Ask;
pub use checked_fields::{CheckedFields, FieldOwner, Written};
pub use client::Client;
pub use config::Config;
pub use custom_fields::{CustomFieldReports, Entity, EntityFields, FieldPatch, Scope};
pub use device_filter::DeviceFilter;
pub use devices::Devices;
pub use error::{Error, ErrorKind};
pub use field_definitions::FieldDefinitions;
pub use field_value::{CustomFields, FieldName, FieldValue, Json};
pub use grant::{Grant, TokenScope};
pub use ids::*;
pub use locations::Locations;
pub use login::Login;
pub use members::Members;
pub use organizations::Organizations;
pub use parameters::Parameters;
pub use region::Region;
pub use secret::*;
pub use shapes::{
    ApprovalStatus, Device, DeviceDetail, Location, NodeClass, Organization, OrganizationDetail,
};
pub use time::{Milliseconds, Timestamp};
pub use {
    alerts::Alerts, backups::Backups, contacts::Contacts, policies::Policies, reports::Reports,
    tenant::Tenant, users::Users,
};

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<Client>();
    shareable::<Error>();
};
