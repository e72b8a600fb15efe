//! How calls travel. The socket's life is the same for every protocol that runs over a WebSocket; what a message looks like is not.

mod jsonrpc;
mod socket;

use serde_json::Value;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::dialect::Version;
use crate::error::FieldError;
pub(crate) use jsonrpc::fields;
pub(crate) use socket::{Link, NoAnswer, Stream};

/// The messages spoken over the socket.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Protocol {
    /// JSON-RPC 2.0, from 25.04.
    JsonRpc,
}

impl Protocol {
    /// The path at which the appliance offers it.
    pub(crate) fn path(self, version: &Version) -> String {
        match self {
            Self::JsonRpc => format!("/api/{version}"),
        }
    }

    /// The longest message that the appliance accepts, in characters.
    pub(crate) fn limit(self) -> usize {
        match self {
            Self::JsonRpc => jsonrpc::MESSAGE_LIMIT,
        }
    }

    fn encode(self, id: u64, method: &str, params: &[Value]) -> Utf8Bytes {
        match self {
            Self::JsonRpc => jsonrpc::encode(id, method, params),
        }
    }

    fn decode(self, text: &str) -> Incoming {
        match self {
            Self::JsonRpc => jsonrpc::decode(text),
        }
    }
}

/// What a message from the appliance says.
#[derive(Debug, PartialEq)]
pub(crate) enum Incoming {
    Answer { id: u64, outcome: Result<Value, Refusal> },
    Event(Event),
    Other,
}

/// Something changed that was subscribed to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) collection: &'static str,
    pub(crate) id: Option<i64>,
}

/// A refusal of the appliance, as the protocol words it.
#[derive(Debug, PartialEq)]
pub(crate) enum Refusal {
    Busy,
    NoSuchMethod,
    Invalid(Vec<FieldError>),
    Call { errno: i64, errname: String, reason: String },
    Malformed { code: i64 },
}
