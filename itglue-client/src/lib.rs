//! A client of IT Glue: organisations, configurations, passwords and their versions, flexible assets, locations, contacts, documents and
//! attachments; and a way to store a secret once and prove that it is stored.
//!
//! ```
//! use futures_util::TryStreamExt as _;
//! use itglue_client::{ApiKey, Client, Config, CreatePassword, PasswordValue, RecordIdentity};
//! # use itglue_client::UpsertOutcome;
//! # mod scripted { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/front_page/server.rs")); }
//! # async fn example() -> Result<(), itglue_client::Error> {
//! # let server = scripted::server().await;
//! # let base_url = server.uri();
//!
//! let config = Config::new(ApiKey::new("ITG.…"));
//! let vault = Client::new(config.base_url(base_url))?; // without a base URL: IT Glue in North America
//! let found = vault.organizations().find("Harbour Dental Group").await?;
//! let [client] = found.as_slice() else { return Ok(()) }; // none, or several of one name: a person decides
//! let records: Vec<_> = vault.passwords().list(client.id).try_collect().await?;
//! let value = PasswordValue::new("correct horse battery staple");
//! let request = CreatePassword::new(client.id, "Front desk printer").username("admin");
//! let identity = RecordIdentity::new([("Serial Number", "VNB3K12345")])?; // what it is known by, in its notes
//! let stored = vault.passwords().upsert_with_proof(&identity, &request, &value).await?; // a second run changes nothing
//! println!("{:?} {}, one of {}; see {:?}", stored.outcome, stored.record.name, records.len() + 1, stored.record.page);
//! println!("{} requests may follow at once", vault.budget().remaining());
//! # assert_eq!((stored.outcome, records.len()), (UpsertOutcome::Created, 1));
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```
//!
//! # What it does not do
//!
//! It deletes nothing (archive instead) and holds no opinion on labels and notes but for the lines that the caller names as an identity. Its
//! `create` does not look for what it is about to make: IT Glue has no unique names and no idempotency keys. [`Passwords::upsert_with_proof`]
//! looks. It neither lists documents nor downloads attachments, which IT Glue leaves to people who are logged in, and changes neither
//! organisations (those that a PSA synchronises refuse it) nor locations and contacts. IT Glue publishes no schema: the forms here follow its
//! developer pages and public clients of it, and nothing was tried against an account.
//!
//! # Invariants
//!
//! - A value is only ever in a [`PasswordValue`], and only [`Passwords::reveal`] reads one. No list shows it, as IT Glue has it.
//! - A record is never chosen among several of one identity, and no lost create is sent again unseen.
//! - The traits of a flexible asset are merged, never wiped: those that are not named are sent back as they were read.
//! - A create is sent again only where IT Glue turned it away at its limit of requests, or no connection came about. When its answer is
//!   lost the error is [`ErrorKind::OutcomeUnknown`]: look before creating again.
//! - The answer to a call for one record shows that record, by its id, or is not understood.
//! - No error, span or `Debug` text holds a value, the API key, a body or a query.

mod attachments;
mod budget;
mod client;
mod config;
mod configurations;
mod contacts;
mod documents;
mod error;
mod flexible_assets;
mod identity;
mod ids;
mod json_api;
mod locations;
pub mod operations;
mod organizations;
mod password_categories;
mod passwords;
mod secret;
mod service;
mod upsert;

pub use attachments::{Attachable, Attachment, Attachments, LARGEST_ATTACHMENT};
pub use budget::Budget;
pub use client::Client;
pub use config::{Config, Region};
pub use configurations::{
    Configuration, ConfigurationFilter, ConfigurationType, Configurations, CreateConfiguration, RmmDevice,
    UpdateConfiguration,
};
pub use contacts::{Contact, ContactEmail, ContactPhone, Contacts};
pub use documents::{Document, Documents};
pub use error::{Error, ErrorKind};
pub use flexible_assets::{FlexibleAsset, FlexibleAssetField, FlexibleAssetType, FlexibleAssets};
pub use identity::RecordIdentity;
pub use ids::{
    AttachmentId, ConfigurationId, ConfigurationTypeId, ContactId, DocumentId, FlexibleAssetFieldId,
    FlexibleAssetId, FlexibleAssetTypeId, LocationId, OrganizationId, PasswordCategoryId, PasswordId,
    PasswordVersionId, RmmCompanyId,
};
pub use locations::{Location, Locations};
pub use organizations::{Organization, Organizations, RmmCompany};
pub use password_categories::{PasswordCategories, PasswordCategory};
pub use passwords::{
    CreatePassword, Embedding, Notes, Password, PasswordFilter, PasswordVersion, Passwords, Revealed,
    UpdatePassword,
};
pub use secret::{ApiKey, PasswordValue};
pub use upsert::{UpsertOutcome, Upserted};

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<Client>();
    shareable::<Error>();
};
