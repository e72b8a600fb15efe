//! A call as data: what to ask of a service, buildable and testable without a client.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use zeroize::Zeroize as _;

use crate::body::{Body, ByteStream};
use crate::budget::{self, ReadBudget};
use crate::operation::Operation;
use crate::redact;
use crate::retry::RetryPolicy;

/// The HTTP verbs that services here use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the verbs say it")]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

/// `value` as JSON, which is overwritten when the last holder of it is gone.
///
/// The connection's own buffers, and those of TLS, are not ours and are not overwritten.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn overwritten_json(value: &impl Serialize) -> Result<Bytes, serde_json::Error> {
    // Measured first: a buffer that grows leaves copies of its beginning behind.
    let mut length = Length(0);
    serde_json::to_writer(&mut length, value)?;
    let mut json = Overwritten(Vec::with_capacity(length.0));
    serde_json::to_writer(&mut json.0, value)?;
    Ok(Bytes::from_owner(json))
}

/// Bytes of a request, which can hold secrets: overwritten when they are dropped.
struct Overwritten(Vec<u8>);

impl AsRef<[u8]> for Overwritten {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Overwritten {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
        #[cfg(test)]
        tests::dropped(&self.0);
        // What lies beyond the end of the text as well.
        self.0.zeroize();
    }
}

/// Counts what is written.
struct Length(usize);

impl std::io::Write for Length {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// One call to a service: operation, target, body, and how it may be repeated.
pub struct Call {
    pub(crate) operation: Operation,
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) area: &'static str,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    pub(crate) subject: Option<String>,
    pub(crate) policy: Option<RetryPolicy>,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) longest_answer: u64,
    pub(crate) budget: Option<ReadBudget>,
    pub(crate) defect: Option<String>,
}

impl Call {
    /// A call of `operation` at `target`: a path below the base URL that the service's `authorize` sets, already
    /// percent-encoded, or an absolute URL.
    pub fn new(operation: Operation, method: Method, target: impl Into<String>) -> Self {
        Self {
            operation,
            method,
            target: target.into(),
            area: "",
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: Body::Empty,
            subject: None,
            policy: None,
            idle_timeout: None,
            longest_answer: budget::ANSWER,
            budget: None,
            defect: None,
        }
    }

    /// Names what the call acts on, for errors: an id or a name, never a secret.
    pub fn subject(mut self, subject: impl fmt::Display) -> Self {
        self.subject = Some(subject.to_string());
        self
    }

    /// Marks which of a service's several base URLs the target belongs to; read back by [`crate::RequestBuilder::area`].
    pub fn area(mut self, area: &'static str) -> Self {
        self.area = area;
        self
    }

    /// Adds a query parameter.
    pub fn query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Adds a header; its value may be logged only if its name is on the allow-list.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.insert_header(name, value, false);
        self
    }

    /// Adds a header whose value is a secret: never shown in any text.
    pub fn secret_header(mut self, name: &str, value: &str) -> Self {
        self.insert_header(name, value, true);
        self
    }

    /// Sends `value` as JSON.
    pub fn json(mut self, value: &impl Serialize) -> Self {
        if let Ok(json) = overwritten_json(value) {
            self.body = Body::Bytes(json);
            return self.header("content-type", "application/json");
        }
        self.defect = Some("its request cannot be written as JSON".to_owned());
        self
    }

    /// Sends `fields` as an HTML form, as OAuth token endpoints want it.
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        // Percent-encoding makes three bytes of one at most: the text grows nowhere and leaves no copy of itself behind.
        let most: usize = fields.iter().map(|(name, value)| 3 * (name.len() + value.len()) + 2).sum();
        let text = String::with_capacity(most);
        let text = url::form_urlencoded::Serializer::new(text).extend_pairs(fields).finish();
        self.body = Body::Bytes(Bytes::from_owner(Overwritten(text.into_bytes())));
        self.header("content-type", "application/x-www-form-urlencoded")
    }

    /// Sends these bytes; the caller sets `content-type`.
    pub fn bytes(mut self, content: Bytes) -> Self {
        self.body = Body::Bytes(content);
        self
    }

    /// Sends `length` bytes read from the stream that `open` makes; each attempt opens it anew.
    pub fn stream(
        mut self,
        length: u64,
        open: impl Fn() -> ByteStream<std::io::Error> + Send + Sync + 'static,
    ) -> Self {
        self.body = Body::Stream { length, open: Box::new(open) };
        self
    }

    /// Uses this policy instead of the client's for this call.
    pub fn policy(mut self, policy: RetryPolicy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// Uses this idle time-out instead of the client's, and moves the call's deadline back by the same time: for operations
    /// during which the service sends nothing until they are done.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = Some(limit);
        self
    }

    /// Reads at most this many bytes of an answer that is to be decoded, instead of 16 MiB; a longer one is not understood, and not
    /// asked for again.
    pub fn longest_answer(mut self, bytes: u64) -> Self {
        self.longest_answer = bytes;
        self
    }

    /// Reads no more of the answer than is left of this budget, and draws its length on it.
    pub fn within(mut self, budget: &ReadBudget) -> Self {
        self.budget = Some(budget.clone());
        self
    }

    /// Makes one attempt, which must end within `deadline`.
    pub fn single_attempt(self, deadline: Duration) -> Self {
        self.policy(RetryPolicy { attempts: 1, deadline, ..RetryPolicy::default() })
    }

    fn insert_header(&mut self, name: &str, value: &str, secret: bool) {
        match header(name, value, secret) {
            Ok((name, value)) => {
                self.headers.insert(name, value);
            }
            Err(defect) => self.defect = Some(defect),
        }
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &self.operation.name())
            .field("idempotency", &self.operation.idempotency())
            .field("method", &self.method)
            .field("target", &redact::target(&self.target))
            .field("headers", &redact::Headers(&self.headers))
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

/// A header as the wire wants it, or a sentence that names the header and not its value.
pub(crate) fn header(name: &str, value: &str, secret: bool) -> Result<(HeaderName, HeaderValue), String> {
    let bad = || format!("header {name:?} cannot be written on the wire");
    let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
    let mut value = HeaderValue::from_str(value).map_err(|_| bad())?;
    value.set_sensitive(secret);
    Ok((key, value))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use serde_json::Value;

    use super::*;
    use crate::operation::Idempotency;

    const OPERATION: Operation = Operation::new("op", Idempotency::Read);

    thread_local! {
        /// What was dropped on this thread since it was last looked at.
        static DROPPED: RefCell<Vec<Vec<u8>>> = const { RefCell::new(Vec::new()) };
    }

    /// Makes the body of a request.
    type Make<'a> = &'a dyn Fn() -> Body;

    /// Notes what a request's bytes are when they are dropped.
    pub(super) fn dropped(bytes: &[u8]) {
        DROPPED.with_borrow_mut(|dropped| dropped.push(bytes.to_vec()));
    }

    #[test]
    fn e8_a_request_is_overwritten_when_the_last_holder_of_it_is_gone() {
        let secret = Value::from("hunter2".repeat(100));
        let fields = [("client_secret", secret.as_str().unwrap()), ("grant_type", "a b&c")];
        let makes: [(&str, Make<'_>); 3] = [
            ("JSON by itself", &|| Body::Bytes(overwritten_json(&secret).unwrap())),
            ("a call's JSON", &|| Call::new(OPERATION, Method::Post, "p").json(&secret).body),
            ("a form", &|| Call::new(OPERATION, Method::Post, "p").form(&fields).body),
        ];
        DROPPED.take();
        for (what, make) in makes {
            let Body::Bytes(bytes) = make() else { panic!("{what} is bytes") };
            let (len, copy) = (bytes.len(), bytes.clone());
            assert!(bytes.windows(7).any(|part| part == b"hunter2"), "{what}");
            drop(bytes);
            assert_eq!(DROPPED.take(), Vec::<Vec<u8>>::new(), "{what} is still held");
            drop(copy);
            assert_eq!(DROPPED.take(), [vec![0; len]], "{what}");
        }
    }

    #[test]
    fn e8_debug_shows_no_query_no_body_and_no_unlisted_header() {
        let call = Call::new(OPERATION, Method::Post, "https://h.example/p?token=hunter2")
            .query("password", "hunter2")
            .secret_header("authorization", "hunter2")
            .header("x-anything", "hunter2")
            .header("range", "bytes=0-1")
            .json(&"hunter2");
        let text = format!("{call:?}");
        assert!(!text.contains("hunter2"), "{text}");
        assert!(text.contains("bytes=0-1") && text.contains("authorization"), "{text}");
    }

    #[test]
    fn e8_a_header_that_cannot_be_written_is_reported_without_its_value() {
        let call = Call::new(OPERATION, Method::Get, "x").secret_header("a", "hunter2\n");
        assert_eq!(call.defect.as_deref(), Some("header \"a\" cannot be written on the wire"));
    }
}
