//! The request of one attempt, to which the service adds its base URL and its authorisation just before it is sent.

use reqwest::header::{CONTENT_LENGTH, HeaderMap};
use url::Url;

use crate::body::Progress;
use crate::call::{self, Call, Method};
use crate::redact;

/// The request of one attempt, handed to [`crate::Service::authorize`] for its base URL and its authorisation.
pub struct RequestBuilder<'a> {
    call: &'a Call,
    base: Option<Url>,
    headers: HeaderMap,
    defect: Option<String>,
}

impl<'a> RequestBuilder<'a> {
    pub(crate) fn new(call: &'a Call) -> Self {
        Self { call, base: None, headers: call.headers.clone(), defect: call.defect.clone() }
    }

    /// The operation's name.
    pub fn operation(&self) -> &'static str {
        self.call.operation.name()
    }

    /// Which of the service's base URLs the call named; empty where it named none.
    pub fn area(&self) -> &'static str {
        self.call.area
    }

    /// Whether the call brings an absolute URL, so that no base applies.
    pub fn is_absolute(&self) -> bool {
        is_absolute(&self.call.target)
    }

    /// Puts the call's path below this URL; an absolute target stays as it is.
    pub fn base(&mut self, base: &Url) -> &mut Self {
        self.base = Some(base.clone());
        self
    }

    /// Sets a header of this attempt.
    pub fn header(&mut self, name: &str, value: &str) -> &mut Self {
        self.insert(name, value, false)
    }

    /// Sets a header whose value is a secret: never shown in any text.
    pub fn secret_header(&mut self, name: &str, value: &str) -> &mut Self {
        self.insert(name, value, true)
    }

    /// Refuses to send the call, saying why; no secret in the sentence.
    pub fn refuse(&mut self, why: impl Into<String>) -> &mut Self {
        self.defect = Some(why.into());
        self
    }

    fn insert(&mut self, name: &str, value: &str, secret: bool) -> &mut Self {
        match call::header(name, value, secret) {
            Ok((name, value)) => {
                self.headers.insert(name, value);
            }
            Err(defect) => self.defect = Some(defect),
        }
        self
    }

    /// The request as the wire wants it, or why it cannot be sent.
    pub(crate) fn build(self, progress: &Progress) -> Result<reqwest::Request, String> {
        let url = self.url()?;
        if let Some(defect) = self.defect {
            return Err(defect);
        }
        let mut request = reqwest::Request::new(method(self.call.method), url);
        *request.headers_mut() = self.headers;
        if let Some(body) = self.call.body.open(progress) {
            request.headers_mut().insert(CONTENT_LENGTH, self.call.body.len().into());
            *request.body_mut() = Some(body);
        } else if matches!(self.call.method, Method::Post | Method::Put | Method::Patch) {
            request.headers_mut().insert(CONTENT_LENGTH, 0.into());
        }
        Ok(request)
    }

    fn url(&self) -> Result<Url, String> {
        let target = &self.call.target;
        let unusable = || format!("{:?} is not a usable address", redact::target(target));
        let mut url = if is_absolute(target) {
            Url::parse(target).map_err(|_| unusable())?
        } else {
            let base = self.base.as_ref().ok_or_else(unusable)?;
            let path = target.trim_start_matches('/');
            let joined = format!("{}/{path}", base.as_str().trim_end_matches('/'));
            let url = Url::parse(&joined).map_err(|_| unusable())?;
            // A URL parser folds `.` and `..`: a name holding such a segment would reach something else.
            if !url.path().ends_with(path.split(['?', '#']).next().unwrap_or(path)) {
                return Err(format!("{:?} holds a segment that no URL can carry", redact::target(target)));
            }
            url
        };
        if !self.call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.call.query);
        }
        Ok(url)
    }
}

impl std::fmt::Debug for RequestBuilder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestBuilder")
            .field("call", self.call)
            .field("headers", &redact::Headers(&self.headers))
            .finish_non_exhaustive()
    }
}

fn is_absolute(target: &str) -> bool {
    target.starts_with("https://") || target.starts_with("http://")
}

fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Head => reqwest::Method::HEAD,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Patch => reqwest::Method::PATCH,
        Method::Delete => reqwest::Method::DELETE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Idempotency, Operation};

    fn url(base: &str, target: &str) -> Result<String, String> {
        let call =
            Call::new(Operation::new("op", Idempotency::Read), Method::Get, target).query("a b", "c&d");
        let mut request = RequestBuilder::new(&call);
        request.base(&Url::parse(base).unwrap());
        request.url().map(String::from)
    }

    #[test]
    fn a_path_goes_below_the_base_and_keeps_its_escapes() {
        assert_eq!(
            url("https://h.example/v1/", "/a%2Fb/c").unwrap(),
            "https://h.example/v1/a%2Fb/c?a+b=c%26d"
        );
        assert_eq!(url("https://h.example", "x").unwrap(), "https://h.example/x?a+b=c%26d");
    }

    #[test]
    fn a_path_that_a_url_parser_would_fold_is_refused() {
        for path in ["file/bucket/a/../b", "file/bucket/%2e%2e/b", "file/bucket/./b"] {
            assert!(url("https://h.example", path).is_err(), "{path}");
        }
    }
}
