//! Answers calls in memory instead of over a network: for tests that give a client more answers than sockets carry in reasonable time.
//! Only code of the same process, on the same thread, can switch it on.

use std::cell::RefCell;

use bytes::Bytes;
use futures_util::future::{Either, ready};
use futures_util::stream;
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Request, Response};

/// What is answered to one request.
#[derive(Clone, Debug, Default)]
pub struct MemoryAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Names and values of headers; what no header may hold is left out.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// Whether the connection breaks before the body ends.
    pub is_cut: bool,
}

/// A request, as the network would get it.
#[derive(Clone, Copy, Debug)]
pub struct MemoryRequest<'a>(&'a Request);

impl MemoryRequest<'_> {
    /// Its method.
    pub fn method(&self) -> &str {
        self.0.method().as_str()
    }

    /// The path of its URL.
    pub fn path(&self) -> &str {
        self.0.url().path()
    }

    /// Names and values of its headers, and whether each is marked as a secret.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &[u8], bool)> {
        self.0.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes(), value.is_sensitive()))
    }
}

/// Answers a request.
type Answerer = Box<dyn Fn(MemoryRequest<'_>) -> MemoryAnswer>;

thread_local! {
    static ANSWERER: RefCell<Option<Answerer>> = const { RefCell::new(None) };
}

/// Until the result is dropped, what clients send on this thread is answered by `answer`, which gets method and path, and nothing reaches a
/// network.
#[must_use = "calls are answered in memory until it is dropped"]
pub fn answer_in_memory(answer: impl Fn(&str, &str) -> MemoryAnswer + 'static) -> InMemory {
    answer_requests_in_memory(move |request| answer(request.method(), request.path()))
}

/// As [`answer_in_memory`], by all there is of a request but its body.
#[must_use = "calls are answered in memory until it is dropped"]
pub fn answer_requests_in_memory(answer: impl Fn(MemoryRequest<'_>) -> MemoryAnswer + 'static) -> InMemory {
    ANSWERER.set(Some(Box::new(answer)));
    InMemory(())
}

/// While it lives, calls of its thread are answered in memory.
#[derive(Debug)]
pub struct InMemory(());

impl Drop for InMemory {
    fn drop(&mut self) {
        ANSWERER.set(None);
    }
}

/// Sends a request, unless this thread's calls are answered in memory.
pub(crate) fn execute(
    client: &reqwest::Client,
    request: Request,
) -> impl Future<Output = reqwest::Result<Response>> + use<> {
    match answered(&request) {
        Some(response) => Either::Left(ready(Ok(response))),
        None => Either::Right(client.execute(request)),
    }
}

fn answered(request: &Request) -> Option<Response> {
    let answer =
        ANSWERER.with_borrow(|answerer| answerer.as_ref().map(|answer| answer(MemoryRequest(request))))?;
    let cut = || Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof));
    let body = if answer.is_cut {
        reqwest::Body::wrap_stream(stream::iter([Ok(answer.body), cut()]))
    } else {
        answer.body.into()
    };
    let mut response = http::Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(answer.status).unwrap_or_default();
    for (name, value) in &answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    Some(response.into())
}
