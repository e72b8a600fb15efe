//! What a client waits for between two attempts, told to whoever shows it to people.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A call has failed for now and is going to be made again. Its text says which call, why, which attempt follows when, and until when
/// it is tried; no secret is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// The service, by its short name: `b2`, `truenas`, `ninja` or `itglue`.
    pub service: &'static str,
    /// The operation.
    pub operation: &'static str,
    /// The number of the attempt that follows: 2 or more.
    pub attempt: u32,
    /// How long until then.
    pub pause: Duration,
    /// How long from now until the call is given up at the latest.
    pub given_up_in: Duration,
    pub(crate) text: String,
}

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whoever is told; nobody by default.
#[derive(Clone, Default)]
pub(crate) struct Listener(Option<Arc<Callback>>);

type Callback = dyn Fn(&Waiting) + Send + Sync;

impl Listener {
    pub(crate) fn new(listener: impl Fn(&Waiting) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }

    pub(crate) fn tell(&self, waiting: &Waiting) {
        if let Some(listener) = &self.0 {
            listener(waiting);
        }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Listener(..)" } else { "Listener(none)" })
    }
}
