//! A call being put together, and sent.

use std::fmt;

use bytes::Bytes;
use http_core::{Call, ReadBudget, ServiceClient};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::api_operation::ApiOperation;
use crate::error::Error;
use crate::parameters::Parameters;
use crate::service::Ninja;

/// What a path or a query holds as it is. A space becomes `%20`: NinjaOne is not known to read `+` as one.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What is sent, files aside.
const JSON: &str = "application/json";

/// What is asked for: the specification names no type for some answers, which are JSON all the same.
const ACCEPTED: &str = "application/json, */*;q=0.5";

/// A call of one operation, from [`crate::Client::call`]: fill in its path from left to right, add what it takes, and send it.
#[must_use = "a call does nothing until it is sent"]
pub struct Ask {
    service: ServiceClient<Ninja>,
    operation: ApiOperation,
    filled: Vec<String>,
    query: Vec<(String, String)>,
    body: Option<Body>,
    budget: Option<ReadBudget>,
    flaw: Option<String>,
}

enum Body {
    Json(Result<Bytes, serde_json::Error>),
    Other(String, Bytes),
}

impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ask").field("operation", &self.operation.name()).finish_non_exhaustive()
    }
}

impl Ask {
    pub(crate) fn new(service: &ServiceClient<Ninja>, operation: ApiOperation) -> Self {
        let service = service.clone();
        Self {
            service,
            operation,
            filled: Vec::new(),
            query: Vec::new(),
            body: None,
            budget: None,
            flaw: None,
        }
    }

    /// Fills in the next pair of braces of the path.
    pub fn at(mut self, value: impl fmt::Display) -> Self {
        self.filled.push(value.to_string());
        self
    }

    /// Adds a query parameter, which the operation must have, once, and with a value.
    pub fn query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.query.push((name.into(), value.to_string()));
        self
    }

    /// Adds several.
    pub fn parameters(mut self, parameters: &Parameters) -> Self {
        self.flaw = self.flaw.or_else(|| parameters.flaw().map(str::to_owned));
        parameters.iter().fold(self, |ask, (name, value)| ask.query(name, value))
    }

    /// Sends `body` as JSON.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.body = Some(Body::Json(http_core::overwritten_json(body)));
        self
    }

    /// Sends these bytes, as for the five operations that take files as `multipart/form-data`.
    pub fn bytes(mut self, content_type: impl Into<String>, body: impl Into<Bytes>) -> Self {
        self.body = Some(Body::Other(content_type.into(), body.into()));
        self
    }

    pub(crate) fn operation(&self) -> ApiOperation {
        self.operation
    }

    pub(crate) fn within(mut self, budget: &ReadBudget) -> Self {
        self.budget = Some(budget.clone());
        self
    }

    /// Sends it and reads the answer.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] when the path is not filled in or the operation lacks a parameter, else any kind.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T, Error> {
        let (service, call) = self.into_call()?;
        Ok(service.send(call.header("accept", ACCEPTED)).await?)
    }

    /// Sends it, and does not look at what an answer of success holds.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn done(self) -> Result<(), Error> {
        let (service, call) = self.into_call()?;
        service.send_whole(call.header("accept", ACCEPTED)).await?;
        Ok(())
    }

    /// Sends it and returns the answer as it came, within 16 MiB: for downloads.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn download(self) -> Result<Bytes, Error> {
        let (service, call) = self.into_call()?;
        Ok(service.send_whole(call).await?.1)
    }

    fn into_call(self) -> Result<(ServiceClient<Ninja>, Call), Error> {
        let name = self.operation.name();
        if let Some(flaw) = self.flaw {
            return Err(Error::invalid(name, flaw));
        }
        let (path, subject) = filled(self.operation, &self.filled)?;
        let mut target = path;
        for (at, (key, value)) in self.query.iter().enumerate() {
            if !self.operation.query().contains(&key.as_str()) {
                return Err(Error::invalid(name, format!("it has no parameter {key:?}")));
            }
            if self.query[..at].iter().any(|(earlier, _)| earlier == key) {
                return Err(Error::invalid(name, format!("the parameter {key:?} was given twice")));
            }
            if value.is_empty() {
                let why = "has no value, which NinjaOne may take for no parameter at all, and answer or change more than was meant";
                return Err(Error::invalid(name, format!("the parameter {key:?} {why}")));
            }
            let value = utf8_percent_encode(value, ESCAPED);
            target = format!("{target}{}{key}={value}", if at == 0 { '?' } else { '&' });
        }
        let mut call = Call::new(self.operation.operation(), self.operation.method(), target);
        if !subject.is_empty() {
            call = call.subject(subject);
        }
        call = match self.body {
            None => call,
            Some(Body::Json(Ok(json))) => call.bytes(json).header("content-type", JSON),
            Some(Body::Json(Err(_))) => {
                return Err(Error::invalid(name, "its body cannot be written as JSON"));
            }
            Some(Body::Other(kind, bytes)) => call.bytes(bytes).header("content-type", &kind),
        };
        if let Some(budget) = &self.budget {
            call = call.within(budget);
        }
        Ok((self.service, call))
    }
}

/// The path with its braces filled in, and what the call acts on, for errors: `device 10`.
fn filled(operation: ApiOperation, values: &[String]) -> Result<(String, String), Error> {
    let (mut path, mut subject) = (Vec::new(), Vec::new());
    let (mut values, mut before) = (values.iter(), "");
    for segment in operation.path().split('/') {
        if !segment.starts_with('{') {
            path.push(segment.to_owned());
            before = segment;
            continue;
        }
        let value = values.next().filter(|value| !value.is_empty() && !value.chars().all(|c| c == '.'));
        let value = value.ok_or_else(|| {
            Error::invalid(operation.name(), format!("{segment} of its path is not filled in"))
        })?;
        path.push(utf8_percent_encode(value, ESCAPED).to_string());
        subject.push(format!(
            "{} {value}",
            before.replace("organization", "organisation").trim_end_matches('s')
        ));
    }
    if values.next().is_some() {
        return Err(Error::invalid(operation.name(), "its path has fewer places than were filled in"));
    }
    Ok((path.join("/"), subject.join(", ")))
}
