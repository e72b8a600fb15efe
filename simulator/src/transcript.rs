//! The record of what passed over the sockets, one JSON object a line.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use serde_json::{Value, json};

use crate::calls::Calls;
use crate::error::{Error, ErrorKind};
use crate::line::Line;
use crate::request::{Access, Origin, Request};

/// The most text that is kept in memory; older lines are forgotten first. A file keeps all.
const MEMORY: usize = 128 << 20;

/// A place in the transcript, taken with [`Transcript::mark`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(u64);

/// What passed over the simulators' sockets, in order.
///
/// A request that a fault cut before its effect is not in it. The three HTTP paths of a TrueNAS appliance (the list of
/// its API versions, the upgrade to a WebSocket, and downloads) are in memory only: the file holds what there are
/// published schemas for.
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
    /// How many starts and ends of requests have been numbered.
    moments: u64,
}

/// A request that has arrived: its place among all starts and ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival(u64);

/// A request in the transcript whose answer is not sent yet; dropping it notes that it is about to be.
#[derive(Debug)]
#[must_use = "a request ends when this is dropped"]
pub(crate) struct Unanswered {
    line: Arc<Line>,
    transcript: Transcript,
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        let moment = self.transcript.next_moment();
        // Nobody else ends this request.
        let _ = self.line.end.set(moment);
    }
}

/// One HTTP exchange, as it is recorded.
#[derive(Debug)]
pub(crate) struct HttpExchange<'a> {
    pub(crate) request: &'a Request<'a>,
    pub(crate) access: Access,
    pub(crate) verb: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    /// JSON request body; anything else is recorded as null.
    pub(crate) body: &'a [u8],
    pub(crate) status: u16,
    /// JSON answer on one line; `None` for raw bytes.
    pub(crate) reply: Option<&'a [u8]>,
    pub(crate) keep: Keep,
}

/// Where a line goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// To memory, and to the file if there is one.
    Everywhere,
    /// To memory only.
    InMemory,
}

/// One call of the TrueNAS middleware, as it is recorded.
#[derive(Debug)]
pub(crate) struct MiddlewareCall<'a> {
    pub(crate) instance: &'a Arc<str>,
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

    /// Returns the client's requests after `mark`, to be counted; [`Calls`] says what a request is.
    pub fn calls_since(&self, mark: Mark) -> Calls {
        Calls::new(self.since(mark))
    }

    /// Numbers the arrival of a request.
    pub(crate) fn arrival(&self) -> Arrival {
        Arrival(self.next_moment())
    }

    pub(crate) fn record_http(&self, arrival: Arrival, exchange: &HttpExchange<'_>) -> Unanswered {
        let query: serde_json::Map<String, Value> = url::form_urlencoded::parse(exchange.query.as_bytes())
            .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
            .collect();
        let body: Value = serde_json::from_slice(exchange.body).unwrap_or(Value::Null);
        let request = exchange.request;
        let head = json!({
            "service": request.service, "instance": request.instance, "verb": exchange.verb, "path": exchange.path,
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
        let line = Line {
            service: request.service,
            instance: request.instance.clone(),
            operation: request.operation.to_owned(),
            access: exchange.access,
            origin: request.origin,
            start: arrival.0,
            text,
            end: OnceLock::new(),
        };
        self.push(line, exchange.keep)
    }

    pub(crate) fn record_middleware(&self, arrival: Arrival, call: &MiddlewareCall<'_>) -> Unanswered {
        let mut json = json!({
            "service": "truenas", "instance": call.instance, "release": call.release, "transport": call.transport,
            "method": call.method, "params": call.params,
        });
        match call.outcome {
            Ok(result) => json["result"] = result.clone(),
            Err(error) => json["error"] = error.clone(),
        }
        let line = Line {
            service: "truenas",
            instance: Some(Arc::clone(call.instance)),
            operation: call.method.to_owned(),
            access: call.access,
            origin: Origin::Client,
            start: arrival.0,
            text: json.to_string(),
            end: OnceLock::new(),
        };
        self.push(line, Keep::Everywhere)
    }

    fn push(&self, line: Line, keep: Keep) -> Unanswered {
        let mut inner = self.inner();
        if let Some(file) = inner.file.as_mut().filter(|_| keep == Keep::Everywhere) {
            // One write a line, unbuffered: a killed process leaves whole lines. A full disk loses the file, not the run.
            let _ = file.write_all(format!("{}\n", line.text).as_bytes());
        }
        let line = Arc::new(line);
        inner.bytes += line.text.len();
        inner.lines.push_back(Arc::clone(&line));
        while inner.bytes > MEMORY {
            let Some(oldest) = inner.lines.pop_front() else {
                break;
            };
            inner.bytes -= oldest.text.len();
            inner.forgotten += 1;
        }
        drop(inner);
        Unanswered { line, transcript: self.clone() }
    }

    fn next_moment(&self) -> u64 {
        let mut inner = self.inner();
        inner.moments += 1;
        inner.moments
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(transcript: &Transcript, operation: &str, access: Access) -> Unanswered {
        let request =
            Request { service: "b2", instance: Some("main".into()), operation, origin: Origin::Client };
        let exchange = HttpExchange {
            request: &request,
            access,
            verb: "POST",
            path: "/b2api/v4/x",
            query: "a=1&b=%2F",
            body: b"{\"x\": \n1}",
            status: 200,
            reply: Some(b"{\"ok\":true}"),
            keep: Keep::Everywhere,
        };
        transcript.record_http(transcript.arrival(), &exchange)
    }

    #[test]
    fn a_mark_divides_reads_from_writes() {
        let transcript = Transcript::default();
        drop(exchange(&transcript, "first", Access::Write));
        let mark = transcript.mark();
        drop(exchange(&transcript, "second", Access::Read));
        drop(exchange(&transcript, "third", Access::Write));
        let since = transcript.since(mark);
        assert_eq!(since.len(), 2);
        assert_eq!(transcript.writes_since(mark).len(), 1);
        assert_eq!(transcript.writes().len(), 2);
        let json = since[0].json();
        assert_eq!(json["query"]["b"], "/");
        assert_eq!(json["body"]["x"], 1);
        assert_eq!(json["reply"]["ok"], true);
        assert_eq!(json["instance"], "main");
        assert!(!since[0].text.contains('\n'));
    }

    #[test]
    fn a_request_ends_when_its_answer_is_about_to_be_sent() {
        let transcript = Transcript::default();
        let first = exchange(&transcript, "first", Access::Read);
        let second = exchange(&transcript, "second", Access::Read);
        let lines = transcript.lines();
        assert_eq!(lines[0].end(), None);
        drop(second);
        drop(first);
        let third = exchange(&transcript, "third", Access::Read);
        let moments: Vec<_> = transcript.lines().iter().map(|line| (line.start, line.end())).collect();
        assert_eq!(moments, [(1, Some(4)), (2, Some(3)), (5, None)]);
        drop(third);
    }
}
