//! The resources of HaloPSA that documenting work needs: tickets and their notes, customers, sites, assets, and their custom fields.
//!
//! ```
//! use halo_client::{ApplicationId, Client, ClientSecret, Config, NoteOutcome, Noted, OutcomeId, PrivateNote, TicketId};
//! # mod scripted { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/front_page/server.rs")); }
//! # async fn example() -> Result<(), halo_client::Error> {
//! # let server = scripted::server().await;
//! # let base_url = server.uri();
//!
//! // The base URL is the instance's own, as https://example.halopsa.com
//! let halo = Client::new(Config::new(base_url, ApplicationId::new("…"), ClientSecret::new("…")))?;
//! let ticket = halo.tickets().get(TicketId::new(1001)).await?;
//! println!("{:?} for {:?}, closed: {:?}", ticket.summary, ticket.customer_name, ticket.has_been_closed);
//! let text = "[backup of nas-01] The first backup is proven.";
//! let note = PrivateNote::new(ticket.id, NoteOutcome::Id(OutcomeId::new(7)), text);
//! match halo.actions().add_once(&note, "[backup of nas-01]").await? {
//!     Noted::AlreadyThere(action) => println!("noted before: {:?}", action.created),
//!     _ => println!("noted now"),
//! }
//! # server.verify().await;
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```
//!
//! # What it does not do
//!
//! It writes no note that a customer sees and sends no mail, closes no ticket by itself, creates no ticket, customer or asset, and deletes
//! nothing. Nothing is known of HaloPSA by a published schema: each instance serves its own, in which no operation says what it requires.
//! What this crate sends and reads stands on public clients and reports, and its tests on those alone.
//!
//! # Invariants
//!
//! - A note is sent at most once. When its answer is lost the error is [`ErrorKind::OutcomeUnknown`]: look for it before adding it again,
//!   as [`Actions::add_once`] does.
//! - Filters are checked on what comes back, since HaloPSA ignores parameters that it does not know: a row that does not satisfy one ends the
//!   list as [`ErrorKind::FilterIgnored`].
//! - A list whose pages repeat ends, and no record comes twice; one that says that it has more than it shows is an error. A row without an
//!   id is no record and is left out.
//! - What is changed is read back: HaloPSA drops fields that it does not know and answers with success.
//! - An empty list may mean that the agent, as which the application acts, may see nothing: HaloPSA does not say.
//! - No error, span or `Debug` text holds the client secret or a token.

mod actions;
mod assets;
mod client;
mod config;
mod customers;
mod error;
mod fields;
mod ids;
pub mod operations;
mod reports;
mod secret;
mod service;
mod settings;
mod sites;
mod tickets;
mod wire;

pub use actions::{Action, Actions, NoteOutcome, Noted, PrivateNote};
pub use assets::{Asset, Assets};
pub use client::Client;
pub use config::Config;
pub use customers::{Customer, Customers};
pub use error::{Error, ErrorKind};
pub use fields::{CustomFields, FieldName, FieldPatch};
pub use ids::{
    ActionId, ApplicationId, AssetId, CustomerId, OutcomeId, ReportId, SiteId, StatusId, TicketId,
};
pub use reports::Reports;
pub use secret::ClientSecret;
pub use settings::{Outcome, Outcomes, Status, Statuses};
pub use sites::{Site, Sites};
pub use tickets::{Ticket, TicketFilter, TicketPatch, Tickets};

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<Client>();
    shareable::<Error>();
};
