//! Time-outs, retries and the read-only rail of a client.

use std::time::Duration;

use crate::resolver::NameResolver;
use crate::retry::RetryPolicy;
use crate::wait::{Wait, WaitObserver};

/// Time-outs, retries, and whether the client may change anything; the defaults suit a service on the Internet.
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) connect_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) minimum_rate: u32,
    pub(crate) observer: WaitObserver,
    pub(crate) resolver: NameResolver,
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
    /// 15 seconds to connect, 60 without a byte, 256 bytes a second, [`RetryPolicy::default`], nobody who is told of waits, full
    /// access.
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_mins(1),
            minimum_rate: 256,
            observer: WaitObserver::default(),
            resolver: NameResolver::default(),
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

    /// Gives up an attempt whose answer comes more slowly than this, measured over the idle time-out.
    pub fn minimum_rate(mut self, bytes_per_second: u32) -> Self {
        self.minimum_rate = bytes_per_second;
        self
    }

    /// Calls `listener` before every wait for another attempt.
    pub fn on_wait(mut self, listener: impl Fn(&Wait) + Send + Sync + 'static) -> Self {
        self.observer = WaitObserver::new(listener);
        self
    }

    /// Resolves names by `resolver` instead of by this machine's system.
    pub fn resolver(mut self, resolver: NameResolver) -> Self {
        self.resolver = resolver;
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

    /// Who is told of waits, for loops of a client's own.
    pub fn observer(&self) -> &WaitObserver {
        &self.observer
    }

    /// How names are resolved, for connections of a client's own.
    pub fn names(&self) -> &NameResolver {
        &self.resolver
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
/// `connect_timeout`, `idle_timeout`, `minimum_rate`, `on_wait`, `resolver` and `read_only`, with `is_read_only`. Belongs into an `impl`
/// block.
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

        /// Gives up an attempt whose answer comes more slowly than this, measured over the idle time-out.
        pub fn minimum_rate(mut self, bytes_per_second: u32) -> Self {
            self.$field = self.$field.minimum_rate(bytes_per_second);
            self
        }

        /// Calls `listener` before every wait for another attempt: what is waited for, which attempt, until when. It must not block.
        pub fn on_wait(
            mut self,
            listener: impl ::std::ops::Fn(&$crate::Wait) + ::std::marker::Send + ::std::marker::Sync + 'static,
        ) -> Self {
            self.$field = self.$field.on_wait(listener);
            self
        }

        /// Resolves names by `resolver` instead of by this machine's system, as where several networks have names of their own.
        pub fn resolver(mut self, resolver: $crate::NameResolver) -> Self {
            self.$field = self.$field.resolver(resolver);
            self
        }

        /// Makes a client that only reads: every call that is not declared a read fails with `ErrorKind::ReadOnly` before anything
        /// is sent. The module `operations` lists which are reads. Logging in is one.
        pub fn read_only(mut self) -> Self {
            self.$field = self.$field.read_only();
            self
        }

        /// Whether a client of it only reads.
        pub fn is_read_only(&self) -> bool {
            self.$field.access() == $crate::Access::ReadOnly
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x7_the_default_budgets() {
        let Options { connect_timeout, idle_timeout, minimum_rate, policy, .. } = Options::default();
        assert_eq!((connect_timeout, idle_timeout), (Duration::from_secs(15), Duration::from_mins(1)));
        assert_eq!((minimum_rate, policy.attempts, policy.deadline), (256, 6, Duration::from_mins(5)));
        assert_eq!(crate::budget::ANSWER, 16 * 1024 * 1024);
    }
}
