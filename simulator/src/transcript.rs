//! The record of what passed over the sockets, one JSON object a line.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::error::{Error, ErrorKind};

/// The most text that is kept in memory; older lines are forgotten first. A file keeps all.
const MEMORY: usize = 128 << 20;

/// Whether a request could change anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It only looks.
    Read,
    /// It changes the service's state, or would if it were granted.
    Write,
}

/// One request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Line {
    /// The service: `b2`, `truenas`, `ninja` or `itglue`.
    pub service: &'static str,
    /// The operation, as faults name it.
    pub operation: String,
    /// Whether it reads or writes. Not part of the file.
    pub access: Access,
    /// The line as the file has it, without its end.
    pub text: String,
}

impl Line {
    /// Returns the line as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }
}

/// A place in the transcript, taken with [`Transcript::mark`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(u64);

/// What passed over the simulators' sockets, in order.
#[derive(Debug, Clone, Default)]
pub struct Transcript {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    lines: VecDeque<Arc<Line>>,
    forgotten: u64,
    bytes: usize,
    file: Option<File>,
}

/// One HTTP exchange, as it is recorded.
#[derive(Debug)]
pub(crate) struct HttpExchange<'a> {
    pub(crate) service: &'static str,
    pub(crate) operation: &'a str,
    pub(crate) access: Access,
    pub(crate) verb: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    /// JSON request body; anything else is recorded as null.
    pub(crate) body: &'a [u8],
    pub(crate) status: u16,
    /// JSON answer on one line; `None` for raw bytes.
    pub(crate) reply: Option<&'a [u8]>,
}

/// One call of the TrueNAS middleware, as it is recorded.
#[derive(Debug)]
pub(crate) struct MiddlewareCall<'a> {
    pub(crate) release: &'a str,
    pub(crate) transport: &'a str,
    pub(crate) method: &'a str,
    pub(crate) access: Access,
    pub(crate) params: &'a Value,
    pub(crate) outcome: Result<&'a Value, &'a Value>,
}

impl Transcript {
    pub(crate) fn to_file(path: &Path) -> Result<Self, Error> {
        let file = File::create(path).map_err(|source| {
            let what = format!("cannot create the transcript {}", path.display());
            Error::new(ErrorKind::Storage, what).caused_by(source)
        })?;
        let transcript = Self::default();
        transcript.inner().file = Some(file);
        Ok(transcript)
    }

    /// Returns the lines that are still in memory.
    pub fn lines(&self) -> Vec<Arc<Line>> {
        self.inner().lines.iter().cloned().collect()
    }

    /// Returns the lines that are not reads.
    pub fn writes(&self) -> Vec<Arc<Line>> {
        self.writes_since(Mark(0))
    }

    /// Returns the present end of the transcript.
    pub fn mark(&self) -> Mark {
        let inner = self.inner();
        Mark(inner.forgotten + inner.lines.len() as u64)
    }

    /// Returns the lines recorded after `mark`.
    pub fn since(&self, mark: Mark) -> Vec<Arc<Line>> {
        let inner = self.inner();
        let skip = usize::try_from(mark.0.saturating_sub(inner.forgotten)).unwrap_or(usize::MAX);
        inner.lines.iter().skip(skip).cloned().collect()
    }

    /// Returns the lines recorded after `mark` that are not reads.
    pub fn writes_since(&self, mark: Mark) -> Vec<Arc<Line>> {
        let mut lines = self.since(mark);
        lines.retain(|line| line.access == Access::Write);
        lines
    }

    pub(crate) fn record_http(&self, exchange: &HttpExchange<'_>) {
        let query: serde_json::Map<String, Value> = url::form_urlencoded::parse(exchange.query.as_bytes())
            .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
            .collect();
        let body: Value = serde_json::from_slice(exchange.body).unwrap_or(Value::Null);
        let head = json!({
            "service": exchange.service, "verb": exchange.verb, "path": exchange.path,
            "query": query, "body": body, "status": exchange.status,
        });
        // The answer is our own compact JSON; it goes in as it is instead of being read again.
        let mut text = head.to_string();
        text.pop();
        text.push_str(",\"reply\":");
        let reply = exchange.reply.and_then(|bytes| str::from_utf8(bytes).ok());
        text.push_str(reply.filter(|json| !json.is_empty()).unwrap_or("null"));
        text.push('}');
        text.shrink_to_fit();
        self.push(Line {
            service: exchange.service,
            operation: exchange.operation.to_owned(),
            access: exchange.access,
            text,
        });
    }

    pub(crate) fn record_middleware(&self, call: &MiddlewareCall<'_>) {
        let mut line = json!({
            "service": "truenas", "release": call.release, "transport": call.transport,
            "method": call.method, "params": call.params,
        });
        match call.outcome {
            Ok(result) => line["result"] = result.clone(),
            Err(error) => line["error"] = error.clone(),
        }
        self.push(Line {
            service: "truenas",
            operation: call.method.to_owned(),
            access: call.access,
            text: line.to_string(),
        });
    }

    fn push(&self, line: Line) {
        let mut inner = self.inner();
        if let Some(file) = &mut inner.file {
            // One write a line, unbuffered: a killed process leaves whole lines. A full disk loses the file, not the run.
            let _ = file.write_all(format!("{}\n", line.text).as_bytes());
        }
        inner.bytes += line.text.len();
        inner.lines.push_back(Arc::new(line));
        while inner.bytes > MEMORY {
            let Some(oldest) = inner.lines.pop_front() else {
                break;
            };
            inner.bytes -= oldest.text.len();
            inner.forgotten += 1;
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_divides_reads_from_writes() {
        let transcript = Transcript::default();
        let exchange = |operation, access| {
            transcript.record_http(&HttpExchange {
                service: "b2",
                operation,
                access,
                verb: "POST",
                path: "/b2api/v4/x",
                query: "a=1&b=%2F",
                body: b"{\"x\": \n1}",
                status: 200,
                reply: Some(b"{\"ok\":true}"),
            });
        };
        exchange("first", Access::Write);
        let mark = transcript.mark();
        exchange("second", Access::Read);
        exchange("third", Access::Write);
        let since = transcript.since(mark);
        assert_eq!(since.len(), 2);
        assert_eq!(transcript.writes_since(mark).len(), 1);
        assert_eq!(transcript.writes().len(), 2);
        let json = since[0].json();
        assert_eq!(json["query"]["b"], "/");
        assert_eq!(json["body"]["x"], 1);
        assert_eq!(json["reply"]["ok"], true);
        assert!(!since[0].text.contains('\n'));
    }
}
