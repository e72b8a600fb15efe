//! The resources of IT Glue that keeping secrets needs: organisations, configurations, password categories, and passwords.
//!
//! ```
//! use futures_util::TryStreamExt as _;
//! use itglue_client::{ApiKey, Client, Config, CreatePassword, PasswordValue};
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
//! let request = CreatePassword::new(client.id, "Front desk printer").username("admin").notes("second floor");
//! let record = vault.passwords().create(&request, &PasswordValue::new("correct horse battery staple")).await?;
//! let stored = vault.passwords().reveal(record.id).await?;
//! println!("{} of {} records; see {:?}", stored.record.name, records.len(), stored.record.page);
//! # assert_eq!((stored.value.expose(), records.len()), ("correct horse battery staple", 1));
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```
//!
//! # What it does not do
//!
//! It deletes nothing (archive instead), holds no opinion on labels and notes, and does not look for what it is about to create:
//! IT Glue has no unique names and no idempotency keys, so that is the caller's to do.
//!
//! # Invariants
//!
//! - A value is only ever in a [`PasswordValue`], and only [`Passwords::reveal`] reads one. No list shows it, as IT Glue has it.
//! - A create is sent at most once. When its answer is lost the error is [`ErrorKind::OutcomeUnknown`]: look before creating again.
//! - No error, span or `Debug` text holds a value, the API key, a body or a query.

mod client;
mod config;
mod configurations;
mod error;
mod ids;
mod json_api;
pub mod operations;
mod organizations;
mod password_categories;
mod passwords;
mod secret;
mod service;

pub use client::Client;
pub use config::{Config, Region};
pub use configurations::{Configuration, Configurations, RmmDevice};
pub use error::{Error, ErrorKind};
pub use ids::{ConfigurationId, OrganizationId, PasswordCategoryId, PasswordId};
pub use organizations::{Organization, Organizations};
pub use password_categories::{PasswordCategories, PasswordCategory};
pub use passwords::{CreatePassword, Notes, Password, Passwords, Revealed, UpdatePassword};
pub use secret::{ApiKey, PasswordValue};

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<Client>();
    shareable::<Error>();
};
