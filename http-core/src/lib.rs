//! Carries one call to an HTTP service and back: authorises it, sends it, judges the answer, waits and tries again where that
//! is safe, and decodes what came back. The service clients of this workspace are written on top of it; what differs between
//! services is one implementation of [`Service`].
//!
//! ```
//! use http_core::{Call, Disposition, Endpoint, Error, Method, Options, RawHttp, RequestBuilder, ResponseHead, Service, ServiceClient};
//! mod operations {
//!     http_core::operations! { Read { LIST_DAYS = "list_days" } Idempotent {} NonIdempotent {} }
//! }
//! struct Weather(Endpoint);
//! impl Service for Weather {
//!     const NAME: &'static str = "weather";
//!     type Session = String;
//!     async fn open_session(&self, _http: &RawHttp) -> Result<String, Error> { Ok("token".into()) }
//!     fn authorize(&self, session: &String, request: &mut RequestBuilder<'_>) {
//!         request.base(self.0.url()).secret_header("authorization", &format!("Bearer {session}"));
//!     }
//!     fn classify(&self, head: &ResponseHead, _body: &[u8]) -> Disposition { Disposition::by_status(head) }
//! }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let endpoint = Endpoint::parse("base URL", "https://weather.example/api")?.user_agent(None, "docs", "0.1");
//! let client = ServiceClient::new(Weather(endpoint.clone()), &endpoint, &Options::default().read_only())?;
//! let today = client.send::<Vec<u32>>(Call::new(operations::LIST_DAYS, Method::Get, "days").query("from", "today"));
//! # drop(today); let _ = (operations::READS, operations::WRITES);
//! # Ok(()) }
//! ```
//!
//! # A further service
//!
//! What every client needs is here: [`Endpoint`] checks the address and builds the connections, [`operations!`] declares what may be
//! called, [`secret_types!`] and [`id_types!`] write the types, [`Options`] and [`option_setters!`] make a `Config`, and
//! [`client_error!`] makes an error whose kinds have the names of [`ErrorKind`].
//!
//! # Invariants of the loop
//!
//! - Whether a call may be repeated is declared by the operation ([`Idempotency`]), never derived from its verb. A call that must
//!   happen at most once and whose answer was lost ends as [`ErrorKind::OutcomeUnknown`] and is not repeated.
//! - A read-only client refuses every call that is not declared a read before anything is sent: before a session is opened, and
//!   whatever the method that the call came by.
//! - One renewal of the session per call; many callers that meet an expired session cause one renewal; a refusal after it is final.
//! - A call never outlives its deadline, waiting included; a `Retry-After` that ends after the deadline ends the call at once.
//! - Redirects are never followed, and bodies never transparently decoded.
//! - Every answer that is decoded is bounded (16 MiB), every listing too ([`ListingLimits`], [`ReadBudget`]), and every body must come at
//!   a minimum rate.
//! - What cannot become right is not repeated: a name that does not exist, a certificate that is not trusted, a port that does not speak
//!   TLS, an answer that is too long. An address where nothing has answered yet is given up within two seconds; a service that has is waited for.
//! - Whoever waits for a further attempt tells of it first ([`Options::on_wait`]).
//! - No error, span or `Debug` text holds a body, a query string or the value of a header that is not on the allow-list; a service's
//!   words are shown without the secrets that live in this process, in whatever spelling it repeats them. What a call sends is
//!   overwritten when the call is dropped.
//!
//! # What it does not do
//!
//! It knows no particular service, keeps no cache, and starts no task of its own.

mod attempt;
mod body;
mod budget;
mod call;
mod client;
mod decode;
mod disposition;
mod endpoint;
mod error;
mod failure;
mod head;
mod ids;
#[cfg(feature = "memory-answers")]
mod memory;
mod obstacle;
mod operation;
mod options;
mod pages;
mod raw_http;
mod redact;
mod request_builder;
mod resolver;
mod response;
mod retry;
mod service;
mod session;
mod span;
mod wait;

pub use body::ByteStream;
pub use budget::ReadBudget;
pub use call::{Call, Method, overwritten_json};
pub use client::ServiceClient;
pub use decode::decode;
pub use disposition::{Disposition, Effect};
pub use endpoint::{Endpoint, InvalidEndpoint, is_loopback};
pub use error::{Error, ErrorKind, ServiceError};
pub use failure::Failure;
pub use head::ResponseHead;
#[doc(hidden)]
pub use ids::number_or_digits;
#[cfg(feature = "memory-answers")]
#[doc(hidden)]
pub use memory::{InMemory, MemoryAnswer, MemoryRequest, answer_in_memory, answer_requests_in_memory};
pub use obstacle::Obstacle;
pub use operation::{Idempotency, Operation};
pub use options::{Access, Options};
pub use pages::{EndlessListing, ListingLimits, Page, pages};
pub use raw_http::RawHttp;
pub use redact::without_query;
pub use request_builder::RequestBuilder;
pub use resolver::NameResolver;
pub use response::Response;
pub use retry::{LONGEST_ASKED, RetryPolicy};
pub use service::Service;
pub use wait::{Wait, WaitObserver};
// For the macros, so that a client needs no dependency for what they write.
pub use safe_text::secret_types;
#[doc(hidden)]
pub use {safe_text::Safe, serde};

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<(Call, Error, RawHttp)>();
};
