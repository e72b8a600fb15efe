//! How every client makes its calls, and whether it may write.

use crate::connections::{Backoff, Timeouts};
use crate::waiting::Listener;

/// How every client makes its calls, and whether it may write.
#[derive(Clone, Debug)]
pub(crate) struct Calls {
    pub(crate) access: Access,
    pub(crate) backoff: Option<Backoff>,
    pub(crate) timeouts: Timeouts,
    pub(crate) listener: Listener,
}

impl Calls {
    /// How long to wait after an answer of too many requests that does not say how long, where that is not left to the client.
    pub(crate) fn rate_limit(&self) -> Option<std::time::Duration> {
        self.backoff?.rate_limit
    }
}

/// What a client may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everything.
    Full,
    /// Reads only; any other call fails before anything is sent.
    ReadOnly,
}

/// The configuration of any client, with these calls: the clients' `Config` types share setters, but no trait.
macro_rules! configured {
    ($config:expr, $calls:expr) => {{
        let (mut config, calls): (_, &$crate::calls::Calls) = ($config, $calls);
        if let Some(backoff) = calls.backoff {
            config = config.backoff(backoff.first, backoff.longest);
        }
        if let Some(limit) = calls.timeouts.connect {
            config = config.connect_timeout(limit);
        }
        if let Some(limit) = calls.timeouts.idle {
            config = config.idle_timeout(limit);
        }
        if let Some(limit) = calls.timeouts.call {
            config = config.deadline(limit);
        }
        let listener = calls.listener.clone();
        config = config.on_wait(move |wait| {
            listener.tell(&$crate::waiting::Waiting {
                service: wait.service,
                operation: wait.operation,
                attempt: wait.attempt,
                pause: wait.pause,
                given_up_in: wait.given_up_in,
                text: wait.to_string(),
            });
        });
        if calls.access == $crate::calls::Access::ReadOnly {
            config = config.read_only();
        }
        config
    }};
}
pub(crate) use configured;
