//! What differs between services: opening a session, authorising a request, judging an answer.

use std::future::Future;

use crate::disposition::Disposition;
use crate::error::Error;
use crate::head::ResponseHead;
use crate::raw_http::RawHttp;
use crate::request_builder::RequestBuilder;

/// One HTTP service. One implementation per client; native async, no `dyn`.
pub trait Service: Send + Sync + 'static {
    /// The service's short name, for errors and spans: `"b2"`.
    const NAME: &'static str;

    /// What authorises a call: a token, base URLs, an expiry. Cloned for each call: keep it cheap (an `Arc`).
    type Session: Clone + Send + Sync;

    /// Logs in. Called at the first call and whenever a session has expired, by one caller at a time.
    fn open_session(&self, http: &RawHttp) -> impl Future<Output = Result<Self::Session, Error>> + Send;

    /// Whether a session expires so soon that it is renewed before the next call; never, unless the service says so. Where renewing
    /// fails, the call is made with the session as it is.
    fn is_due(&self, session: &Self::Session) -> bool {
        let _ = session;
        false
    }

    /// Adds the base URL and the authorisation to an attempt, just before it is sent.
    fn authorize(&self, session: &Self::Session, request: &mut RequestBuilder<'_>);

    /// Judges an answer. Not asked about answers of success whose body is to be streamed.
    fn classify(&self, head: &ResponseHead, body: &[u8]) -> Disposition;
}
