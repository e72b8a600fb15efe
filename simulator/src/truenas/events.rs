//! Events of the appliance, and the connections that receive them.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde_json::Value;

/// Something happened to an entry of a collection.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) what: What,
    pub(super) collection: &'static str,
    pub(super) id: Value,
    /// The entry, or the part of it that has changed; null for one that is gone.
    pub(super) fields: Value,
    /// The entry as whoever may not see secrets is shown it.
    pub(super) redacted: Value,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Added,
    Changed,
    Removed,
}

impl What {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Removed => "removed",
        }
    }
}

impl Event {
    /// An event without secrets.
    pub(super) fn new(what: What, collection: &'static str, id: impl Into<Value>, fields: Value) -> Self {
        Self { what, collection, id: id.into(), redacted: fields.clone(), fields }
    }
}

/// A connection that may have subscribed to events.
pub(super) trait Listener: fmt::Debug + Send + Sync {
    /// Passes the event on to the client if it has subscribed to it: before whatever is sent after this returns.
    fn hear(&self, event: &Event);

    /// Ends every subscription of the client, and tells it so.
    fn end_subscriptions(&self);
}

/// The connections that are open. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Events(Arc<Mutex<Vec<Weak<dyn Listener>>>>);

impl Events {
    /// Lets a connection hear events for as long as it lives.
    pub(super) fn join(&self, listener: Weak<dyn Listener>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(listener);
    }

    /// Announces an event to every connection.
    pub(super) fn publish(&self, event: &Event) {
        self.listeners().iter().for_each(|listener| listener.hear(event));
    }

    /// Ends every subscription of every connection.
    pub(super) fn end_subscriptions(&self) {
        self.listeners().iter().for_each(|listener| listener.end_subscriptions());
    }

    fn listeners(&self) -> Vec<Arc<dyn Listener>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|listener| listener.strong_count() > 0);
        all.iter().filter_map(Weak::upgrade).collect()
    }
}
