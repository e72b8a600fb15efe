//! Time-outs, retries and the read-only rail of a client.

use std::time::Duration;

use crate::retry::RetryPolicy;

/// Time-outs, retries, and whether the client may change anything; the defaults suit a service on the Internet.
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) connect_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) policy: RetryPolicy,
    pub(crate) access: Access,
}

/// What a client may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Every operation.
    Full,
    /// Operations declared [`Idempotency::Read`](crate::Idempotency::Read) only.
    ReadOnly,
}

impl Default for Options {
    /// 15 seconds to connect, 60 without a byte, [`RetryPolicy::default`], full access.
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_mins(1),
            policy: RetryPolicy::default(),
            access: Access::Full,
        }
    }
}

impl Options {
    /// Makes at most this many attempts of a call that may be repeated.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.policy.attempts = attempts;
        self
    }

    /// Waits between attempts at most `first`, doubling up to `longest`; a random part of it each time.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        (self.policy.base_delay, self.policy.max_delay) = (first, longest);
        self
    }

    /// Gives a whole call, backoff included, this long.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.policy.deadline = deadline;
        self
    }

    /// Gives up connecting after this long.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Gives up an attempt in which neither side has sent a byte for this long.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = limit;
        self
    }

    /// Refuses every call that is not declared a read with [`ErrorKind::ReadOnly`](crate::ErrorKind::ReadOnly), before anything is
    /// sent, logging in included. There is no way back to full access.
    pub fn read_only(mut self) -> Self {
        self.access = Access::ReadOnly;
        self
    }

    /// The retry policy, for loops of a client's own.
    pub fn policy(&self) -> RetryPolicy {
        self.policy
    }

    /// How long connecting may take.
    pub fn connect_limit(&self) -> Duration {
        self.connect_timeout
    }

    /// What the client may send.
    pub fn access(&self) -> Access {
        self.access
    }
}

/// Writes the setters that every client's `Config` has, over its field of type [`Options`]: `attempts`, `backoff`, `deadline`,
/// `connect_timeout`, `idle_timeout` and `read_only`. Belongs into an `impl` block.
#[macro_export]
macro_rules! option_setters {
    ($field:ident) => {
        /// Makes at most this many attempts of a call that may be repeated.
        pub fn attempts(mut self, attempts: u32) -> Self {
            self.$field = self.$field.attempts(attempts);
            self
        }

        /// Waits between attempts at most `first`, doubling up to `longest`; a random part of it each time.
        pub fn backoff(mut self, first: ::std::time::Duration, longest: ::std::time::Duration) -> Self {
            self.$field = self.$field.backoff(first, longest);
            self
        }

        /// Gives a whole call, backoff included, this long.
        pub fn deadline(mut self, deadline: ::std::time::Duration) -> Self {
            self.$field = self.$field.deadline(deadline);
            self
        }

        /// Gives up connecting after this long.
        pub fn connect_timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.$field = self.$field.connect_timeout(limit);
            self
        }

        /// Gives up an attempt after this long without a byte in either direction.
        pub fn idle_timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.$field = self.$field.idle_timeout(limit);
            self
        }

        /// Makes a client that only reads: every call that is not declared a read fails with `ErrorKind::ReadOnly` before anything
        /// is sent. The module `operations` lists which are reads. Logging in is one.
        pub fn read_only(mut self) -> Self {
            self.$field = self.$field.read_only();
            self
        }
    };
}
