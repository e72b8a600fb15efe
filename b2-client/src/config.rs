//! The configuration of a client.

use std::time::Duration;

use http_core::{Endpoint, Options};

use crate::error::Error;
use crate::ids::KeyId;
use crate::secret::ApplicationKey;

/// The configuration of a [`Client`](crate::Client). It is checked in [`Client::new`](crate::Client::new).
///
/// The defaults are: Backblaze's production realm; six attempts, with a backoff of one second that doubles up to 64 seconds, with full
/// jitter; a deadline of five minutes for a call; a connect timeout of 15 seconds; an idle timeout of 60 seconds. The service sends
/// nothing while it copies a file or finishes a large file, so these calls have longer time-outs: 20 and 10 minutes.
///
/// # Resources
/// A client keeps idle connections open for 20 seconds; clones share them. A decoded answer has at most 16 MiB. A listing buffers one
/// page of at most 1000 entries by default, a download one chunk of the connection. An upload from a stream buffers the parts in
/// progress, other uploads a few megabytes per part.
#[derive(Debug)]
pub struct Config {
    pub(crate) key: Option<(KeyId, ApplicationKey)>,
    pub(crate) realm: String,
    pub(crate) test_mode: Option<TestMode>,
    pub(crate) user_agent: Option<String>,
    pub(crate) options: Options,
    pub(crate) copy_timeout: Duration,
}

/// A failure that the service can be asked to simulate (reference: Backblaze, *Integration checklist*).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TestMode {
    /// Some uploads fail as if their host were busy.
    FailSomeUploads,
    /// Some authorization tokens expire early.
    ExpireSomeAccountAuthorizationTokens,
    /// Requests that count against a cap are refused as if it were reached.
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
    /// A configuration with this key, for Backblaze's production realm.
    pub fn new(key_id: KeyId, application_key: ApplicationKey) -> Self {
        Self::of(Some((key_id, application_key)), PRODUCTION.to_owned())
    }

    /// A configuration without a key, which can only download: from public buckets, and with a
    /// [download token](crate::files::DownloadToken), which contains the [URL](crate::files::DownloadToken::download_url) to pass here.
    /// The client does not log in.
    pub fn anonymous(download_url: impl Into<String>) -> Self {
        Self::of(None, download_url.into())
    }

    fn of(key: Option<(KeyId, ApplicationKey)>, realm: String) -> Self {
        Self {
            key,
            realm,
            test_mode: None,
            user_agent: None,
            options: Options::default(),
            copy_timeout: Duration::from_mins(20),
        }
    }

    /// Sets the URL of the realm to log in to. Plain `http` is accepted for loopback addresses only.
    pub fn realm(mut self, url: impl Into<String>) -> Self {
        self.realm = url.into();
        self
    }

    /// Sets the product and version of the program, which are put before this crate's in the user agent, as Backblaze requests of
    /// integrations.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    http_core::option_setters!(options);

    /// Sets the idle timeout of copies and copies of parts; that of finishing a large file is half of it. Their deadlines are extended by
    /// the same time. The service sends nothing until these calls are finished (b2sdk waits 20 minutes for a copy).
    pub fn copy_timeout(mut self, limit: Duration) -> Self {
        self.copy_timeout = limit;
        self
    }

    /// Asks the service to simulate failures, for tests.
    pub fn test_mode(mut self, mode: TestMode) -> Self {
        self.test_mode = Some(mode);
        self
    }

    pub(crate) fn endpoint(&self) -> Result<Endpoint, Error> {
        let endpoint = Endpoint::parse("realm", &self.realm)
            .map_err(|refused| Error::invalid("configuration", refused.to_string()))?;
        Ok(endpoint.user_agent(self.user_agent.as_deref(), "b2-client", env!("CARGO_PKG_VERSION")))
    }
}
