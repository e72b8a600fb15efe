//! Which key, which realm, how patient.

use std::time::Duration;

use url::Url;

use crate::error::Error;
use crate::ids::KeyId;
use crate::secret::ApplicationKey;

/// What a [`crate::Client`] needs to know; checked in [`crate::Client::new`].
///
/// Defaults: Backblaze's production realm, six attempts with full jitter from one second doubling to 64, five minutes for a whole
/// call, 15 seconds to connect, 60 seconds without a byte before an attempt is given up; 20 minutes where the service copies, 10
/// where it joins a large file, during which it says nothing.
///
/// # Resources
/// A client keeps its connections open between calls (given up after 20 idle seconds); a clone is a pointer and shares them. An
/// answer that is decoded is at most 16 MiB; a listing holds one page of at most 1000 entries; a download holds one piece of what
/// the connection delivers; an upload from a stream holds (parts in parallel) × (part size), any other a few megabytes for each.
#[derive(Debug)]
pub struct Config {
    pub(crate) key: Option<(KeyId, ApplicationKey)>,
    pub(crate) realm: String,
    pub(crate) test_mode: Option<TestMode>,
    pub(crate) user_agent: Option<String>,
    pub(crate) retry: http_core::RetryPolicy,
    pub(crate) connect_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) copy_timeout: Duration,
}

/// A way in which the service can be asked to fail (reference: Backblaze, *Integration checklist*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TestMode {
    /// Some uploads fail as if their host were busy.
    FailSomeUploads,
    /// Some tokens expire early.
    ExpireSomeAccountAuthorizationTokens,
    /// Everything that counts against a cap is refused as if it were reached.
    ForceCapExceeded,
}

impl TestMode {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::FailSomeUploads => "fail_some_uploads",
            Self::ExpireSomeAccountAuthorizationTokens => "expire_some_account_authorization_tokens",
            Self::ForceCapExceeded => "force_cap_exceeded",
        }
    }
}

/// Backblaze's production realm (reference: `b2_authorize_account`).
const PRODUCTION: &str = "https://api.backblazeb2.com";

impl Config {
    /// A configuration for this key, in Backblaze's production realm.
    pub fn new(key_id: KeyId, application_key: ApplicationKey) -> Self {
        Self::of(Some((key_id, application_key)), PRODUCTION.to_owned())
    }

    /// A configuration without a key, for downloads from this address only: from public buckets, and by a
    /// [permission](crate::files::DownloadToken) that somebody gave, which knows the
    /// [address](crate::files::DownloadToken::download_url). Nothing logs in.
    pub fn anonymous(download_url: impl Into<String>) -> Self {
        Self::of(None, download_url.into())
    }

    fn of(key: Option<(KeyId, ApplicationKey)>, realm: String) -> Self {
        Self {
            key,
            realm,
            test_mode: None,
            user_agent: None,
            retry: http_core::RetryPolicy::default(),
            connect_timeout: Duration::from_secs(15),
            idle_timeout: Duration::from_mins(1),
            copy_timeout: Duration::from_mins(20),
        }
    }

    /// Authorises at this address instead. Plain `http` is accepted for loopback addresses only.
    pub fn realm(mut self, url: impl Into<String>) -> Self {
        self.realm = url.into();
        self
    }

    /// Puts the caller's product and version before this crate's in the user agent, as Backblaze asks of integrations.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// Makes at most this many attempts of a call that may be repeated.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.retry.attempts = attempts;
        self
    }

    /// Waits between attempts at most `first`, doubling up to `longest`; a random part of it each time.
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        (self.retry.base_delay, self.retry.max_delay) = (first, longest);
        self
    }

    /// Gives a whole call, pauses included, this long.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.retry.deadline = deadline;
        self
    }

    /// Gives up connecting after this long.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Gives up an attempt after this long without a byte in either direction.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = limit;
        self
    }

    /// Gives up a copy, or a part of one, after this long without an answer, and the finishing of a large file after half of it;
    /// their deadline lies so much later. The service says nothing until they are done (b2sdk waits 20 minutes for a copy).
    pub fn copy_timeout(mut self, limit: Duration) -> Self {
        self.copy_timeout = limit;
        self
    }

    /// Has the service fail now and then, to see how a program takes it. For tests.
    pub fn test_mode(mut self, mode: TestMode) -> Self {
        self.test_mode = Some(mode);
        self
    }

    pub(crate) fn parsed_realm(&self) -> Result<Url, Error> {
        let refused = |why: &str| Error::invalid("configuration", format!("realm {:?} {why}", self.realm));
        let url = Url::parse(&self.realm).map_err(|_| refused("is not a URL"))?;
        match url.scheme() {
            "https" if url.has_host() => Ok(url),
            "http" if http_core::is_loopback(&url) => Ok(url),
            "http" => {
                Err(refused("is plain http, over which no key is sent except to this machine; use https"))
            }
            _ => Err(refused("is not an https address")),
        }
    }

    pub(crate) fn options(&self, realm: &Url) -> http_core::Options {
        let own = concat!("b2-client/", env!("CARGO_PKG_VERSION"));
        let agent = match &self.user_agent {
            Some(product) => format!("{product} {own} ({})", std::env::consts::OS),
            None => format!("{own} ({})", std::env::consts::OS),
        };
        http_core::Options::new(agent)
            .endpoint(realm)
            .policy(self.retry)
            .connect_timeout(self.connect_timeout)
            .idle_timeout(self.idle_timeout)
    }
}
