//! How calls travel. The socket's life is the same for both protocols; what a message looks like is not.

mod jsonrpc;
mod legacy;
mod mended;
mod rows;
mod socket;

use serde::de::IgnoredAny;
use serde_json::Value;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::error::FieldError;
pub(crate) use rows::{RowEvent, What};
pub(crate) use socket::{Link, NoAnswer, Stream};

/// The one collection whose events are subscribed to.
const JOBS: &str = "core.get_jobs";
/// The call that subscribes to events; the legacy protocol has a message of its own for it.
const SUBSCRIBE: &str = "core.subscribe";

/// The messages spoken over the socket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Protocol {
    /// JSON-RPC 2.0, from 25.04.
    JsonRpc,
    /// The older protocol, which begins with a greeting. Every release has it, and before 25.04 there is no other.
    Legacy,
}

impl Protocol {
    /// What is sent before anything else, where something has to be; it is answered before anything else.
    fn greeting(self) -> Option<Utf8Bytes> {
        match self {
            Self::JsonRpc => None,
            Self::Legacy => Some(legacy::greeting()),
        }
    }

    fn encode(self, id: u64, method: &str, params: &[Value]) -> Utf8Bytes {
        match self {
            Self::JsonRpc => jsonrpc::encode(id, method, params),
            Self::Legacy => legacy::encode(id, method, params),
        }
    }

    fn decode(self, text: &str) -> Incoming {
        match self {
            Self::JsonRpc => jsonrpc::decode(text),
            Self::Legacy => legacy::decode(text),
        }
    }
}

/// What a message from the appliance says.
#[derive(Debug, PartialEq)]
pub(crate) enum Incoming {
    Answer {
        id: u64,
        outcome: Result<Value, Refusal>,
    },
    /// One of the calls was refused or answered, and it is not said which.
    Refused(Refusal),
    Event(Event),
    /// Something changed in another collection.
    Row(Box<RowEvent>),
    /// The greeting is accepted, or refused.
    Greeted(bool),
    /// There will be no more events about jobs.
    Unsubscribed,
    /// There will be no more events of another collection.
    Unwatched(String),
    /// Asks for this message in return.
    Ping(Utf8Bytes),
    Other,
}

/// What is no message of the protocol. What is not even JSON may be any call's answer.
fn no_message(text: &str) -> Incoming {
    match serde_json::from_str::<IgnoredAny>(text) {
        Ok(_) => Incoming::Other,
        Err(_) => Incoming::Refused(Refusal::Unreadable),
    }
}

/// Something changed that was subscribed to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) collection: &'static str,
    pub(crate) id: Option<i64>,
}

impl Event {
    /// Of jobs, which may be anybody's, the number alone is kept; of other collections the row, which is read from the message again.
    fn about(collection: &str, id: &Value, row: impl FnOnce() -> Option<rows::WireEvent>) -> Incoming {
        if collection == JOBS {
            return Incoming::Event(Self { collection: JOBS, id: id.as_i64() });
        }
        row().map_or(Incoming::Other, |wire| Incoming::Row(Box::new(wire.into())))
    }
}

/// A refusal of the appliance, as the protocol words it.
#[derive(Debug, PartialEq)]
pub(crate) enum Refusal {
    Busy,
    NoSuchMethod,
    Invalid(Vec<FieldError>),
    Call {
        errno: i64,
        errname: String,
        reason: String,
    },
    Malformed {
        code: i64,
    },
    /// The call was answered with what nobody can read.
    Unreadable,
}

/// The middleware's own error numbers (TrueNAS middleware 13.3 to 26, `service_exception.py`), and the names of the system's that it uses and
/// that Linux and FreeBSD number alike.
const NAMES: [(i64, &str); 19] = [
    (1, "EPERM"),
    (2, "ENOENT"),
    (5, "EIO"),
    (13, "EACCES"),
    (14, "EFAULT"),
    (16, "EBUSY"),
    (17, "EEXIST"),
    (20, "ENOTDIR"),
    (22, "EINVAL"),
    (28, "ENOSPC"),
    (30, "EROFS"),
    (201, "ENOMETHOD"),
    (202, "ESERVICESTARTFAILURE"),
    (203, "EALERTCHECKERUNAVAILABLE"),
    (204, "EREMOTENODEERROR"),
    (205, "EDATASETISLOCKED"),
    (206, "EINVALIDRRDTIMESTAMP"),
    (207, "ENOTAUTHENTICATED"),
    (208, "ESSLCERTVERIFICATIONERROR"),
];
const ENOMETHOD: i64 = 201;

/// The number of an error that the middleware names.
pub(crate) fn errno(name: &str) -> Option<i64> {
    NAMES.iter().find(|(_, known)| *known == name).map(|(number, _)| *number)
}

impl Refusal {
    /// The answer to the call with this id.
    fn of(self, id: Option<u64>) -> Incoming {
        match (id, self) {
            (Some(id), refusal) => Incoming::Answer { id, outcome: Err(refusal) },
            (None, Self::Unreadable) => Incoming::Other,
            (None, refusal) => Incoming::Refused(refusal),
        }
    }

    /// A refused call. Of a method that the version lacks, 25.10 says so by an error number (TrueNAS middleware 25.10,
    /// `api/base/server/legacy_api_method.py`), and so does the legacy protocol.
    fn call(errno: i64, errname: Option<String>, reason: Option<String>) -> Self {
        if errno == ENOMETHOD {
            return Self::NoSuchMethod;
        }
        let known = NAMES.iter().find(|(number, _)| *number == errno).map(|(_, name)| (*name).to_owned());
        let errname = errname.or(known).unwrap_or_else(|| errno.to_string());
        Self::Call { errno, errname, reason: reason.unwrap_or_default() }
    }
}
