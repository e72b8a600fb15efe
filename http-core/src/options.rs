//! How connections are made: time-outs, user agent, who may be spoken to in plain text.

use std::time::Duration;

use url::{Host, Url};

use crate::retry::RetryPolicy;

/// How a client connects and how long it is patient; the defaults suit a service on the Internet.
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) user_agent: String,
    pub(crate) connect_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) policy: RetryPolicy,
    pub(crate) loopback: bool,
}

impl Options {
    /// Options for a client that calls itself `user_agent` (product, slash, version).
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self {
            user_agent: user_agent.into(),
            connect_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_mins(1),
            policy: RetryPolicy::default(),
            loopback: false,
        }
    }

    /// Fits the options to the service's address: for a loopback host no proxy and plain `http` allowed, otherwise `https` only.
    pub fn endpoint(mut self, url: &Url) -> Self {
        self.loopback = is_loopback(url);
        self
    }

    /// Gives up connecting after this long (default 15 seconds).
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Gives up an attempt in which neither side has sent a byte for this long (default 60 seconds).
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = limit;
        self
    }

    /// Uses this retry policy for every call that brings none of its own.
    pub fn policy(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    pub(crate) fn build(&self) -> Result<reqwest::Client, reqwest::Error> {
        let builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .connect_timeout(self.connect_timeout)
            // Shorter than the services' own limits, so that a call seldom meets a connection that is just being closed.
            .pool_idle_timeout(Duration::from_secs(20))
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .https_only(!self.loopback);
        if self.loopback { builder.no_proxy().build() } else { builder.build() }
    }
}

/// Whether the URL's host is this machine: `localhost`, `127.0.0.0/8` or `::1`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_decided_by_the_host_alone() {
        for (url, expected) in [
            ("http://localhost:1", true),
            ("http://127.9.0.1/", true),
            ("http://[::1]/", true),
            ("http://localhost.example/", false),
            ("http://10.0.0.1/", false),
            ("http://user@example.org:80/localhost", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }
}
