//! Carries one call to an HTTP service and back: authorises it, sends it, judges the answer, waits and tries again where that
//! is safe, and decodes what came back. The service clients of this workspace are written on top of it; what differs between
//! services is one implementation of [`Service`].
//!
//! ```
//! use http_core::{Call, Disposition, Draft, Error, Idempotency, Method, Options, RawHttp, ResponseHead, Service, ServiceClient};
//! struct Weather { base: url::Url }
//! impl Service for Weather {
//!     const NAME: &'static str = "weather";
//!     type Session = String;
//!     async fn open_session(&self, _http: &RawHttp) -> Result<String, Error> { Ok("token".into()) }
//!     fn authorize(&self, session: &String, draft: &mut Draft<'_>) {
//!         draft.base(&self.base).secret_header("authorization", &format!("Bearer {session}"));
//!     }
//!     fn classify(&self, head: &ResponseHead, _body: &[u8]) -> Disposition { Disposition::by_status(head) }
//! }
//! let base = url::Url::parse("https://weather.example/api").unwrap();
//! let client = ServiceClient::new(Weather { base: base.clone() }, &Options::new("docs/0.1").endpoint(&base)).unwrap();
//! let today = client.send::<Vec<u32>>(Call::new("list_days", Idempotency::Read, Method::Get, "days").query("from", "today"));
//! # drop(today);
//! ```
//!
//! # Invariants of the loop
//!
//! - Whether a call may be repeated is declared by the operation ([`Idempotency`]), never guessed from its verb. A call that must
//!   happen at most once and whose answer was lost ends as [`ErrorKind::OutcomeUnknown`] and is not repeated.
//! - One renewal of the session per call; many callers that meet an expired session cause one renewal; a refusal after it is final.
//! - A call never outlives its deadline, waiting included; a `Retry-After` that ends behind the deadline ends the call at once.
//! - Redirects are never followed, bodies never transparently decoded, and answers that are decoded are bounded (16 MiB).
//! - No error, span or `Debug` text holds a body, a query string or the value of a header that is not on the allow-list.
//!
//! # What it does not do
//!
//! It knows no particular service, keeps no cache, and starts no task of its own.

mod attempt;
mod body;
mod call;
mod client;
mod decode;
mod draft;
mod error;
mod options;
mod pages;
mod redact;
mod response;
mod retry;
mod service;
mod session;
mod span;

pub use body::ByteStream;
pub use call::{Call, Idempotency, Method};
pub use client::{RawHttp, ServiceClient};
pub use decode::decode;
pub use draft::Draft;
pub use error::{Error, ErrorKind, ServiceError};
pub use options::{Options, is_loopback};
pub use pages::{Page, RepeatedCursor, pages};
pub use redact::without_query;
pub use response::{Response, ResponseHead};
pub use retry::RetryPolicy;
pub use service::{Disposition, Effect, Service};

const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<Call>();
    shareable::<Error>();
    shareable::<RawHttp>();
};
