//! Events about rows of a collection, with what changed of them.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::sync::broadcast;

/// So many events wait for a watcher that is slow; then it is told that it missed some.
const WAITING: usize = 1024;

/// A row was added, changed or removed. Its `Debug` names the fields and shows none: they can hold secrets.
#[derive(Clone, PartialEq)]
pub(crate) struct RowEvent {
    pub(crate) collection: String,
    pub(crate) what: What,
    pub(crate) id: Value,
    /// The row, or the part of it that changed; none of one that is gone.
    pub(crate) fields: Option<Map<String, Value>>,
}

impl fmt::Debug for RowEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.fields.as_ref().map(|fields| fields.keys().collect::<Vec<_>>());
        f.debug_struct("RowEvent")
            .field("collection", &self.collection)
            .field("what", &self.what)
            .field("id", &self.id)
            .field("fields", &names)
            .finish()
    }
}

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum What {
    Added,
    Changed,
    Removed,
}

/// An event as both protocols word it: the legacy one as a message, JSON-RPC as the parameters of a notification.
#[derive(Deserialize)]
pub(super) struct WireEvent {
    msg: What,
    #[serde(default)]
    collection: String,
    #[serde(default)]
    id: Value,
    #[serde(default)]
    fields: Option<Map<String, Value>>,
}

impl From<WireEvent> for RowEvent {
    fn from(wire: WireEvent) -> Self {
        Self { collection: wire.collection, what: wire.msg, id: wire.id, fields: wire.fields }
    }
}

/// Whoever watches a collection over one connection.
#[derive(Debug, Default)]
pub(super) struct Watchers(Mutex<HashMap<String, broadcast::Sender<Arc<RowEvent>>>>);

impl Watchers {
    /// Events of a collection from now on; whether somebody watches it already.
    pub(super) fn join(&self, collection: &str) -> (broadcast::Receiver<Arc<RowEvent>>, bool) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = all.get(collection) {
            return (sender.subscribe(), true);
        }
        let (sender, receiver) = broadcast::channel(WAITING);
        all.insert(collection.to_owned(), sender);
        (receiver, false)
    }

    /// Hands an event on. What nobody watches is dropped.
    pub(super) fn tell(&self, event: RowEvent) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = all.get(&event.collection) {
            // Nobody listening any more is no error.
            let _ = sender.send(Arc::new(event));
        }
    }

    /// Ends a collection's events, or every one's: whoever watched learns that by the end of the channel.
    pub(super) fn end(&self, collection: Option<&str>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match collection {
            Some(collection) => drop(all.remove(collection)),
            None => all.clear(),
        }
    }
}
