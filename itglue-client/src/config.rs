//! Which account, which key, how patient.

use std::time::Duration;

use url::Url;

use crate::error::Error;
use crate::secret::ApiKey;

/// Where an account lives (IT Glue's developer pages: one host per region).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Region {
    /// `https://api.itglue.com`
    NorthAmerica,
    /// `https://api.eu.itglue.com`
    Europe,
    /// `https://api.au.itglue.com`
    Australia,
}

impl Region {
    fn base_url(self) -> &'static str {
        match self {
            Self::NorthAmerica => "https://api.itglue.com",
            Self::Europe => "https://api.eu.itglue.com",
            Self::Australia => "https://api.au.itglue.com",
        }
    }
}

/// What a [`crate::Client`] needs to know; checked in [`crate::Client::new`].
///
/// Defaults: North America; eight attempts of a call that may be repeated, within seven minutes, since IT Glue's limit (3000
/// requests) is counted over five; after a 429 without `Retry-After`, a minute's pause.
#[derive(Debug)]
pub struct Config {
    pub(crate) api_key: ApiKey,
    base_url: String,
    retry: http_core::RetryPolicy,
    pub(crate) limit_pause: Duration,
}

impl Config {
    /// A configuration for this key, in North America.
    pub fn new(api_key: ApiKey) -> Self {
        Self {
            api_key,
            base_url: Region::NorthAmerica.base_url().to_owned(),
            retry: http_core::RetryPolicy::default().attempts(8).deadline(Duration::from_mins(7)),
            limit_pause: Duration::from_mins(1),
        }
    }

    /// The region of the account.
    pub fn region(mut self, region: Region) -> Self {
        region.base_url().clone_into(&mut self.base_url);
        self
    }

    /// Calls this address instead of a region's. Plain `http` is accepted for loopback addresses only.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
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

    /// Waits this long after a 429 that does not say how long.
    pub fn limit_pause(mut self, pause: Duration) -> Self {
        self.limit_pause = pause;
        self
    }

    /// Gives a whole call, pauses included, this long.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.retry.deadline = deadline;
        self
    }

    pub(crate) fn parsed_base_url(&self) -> Result<Url, Error> {
        let refused = |why: &str| Error::invalid("configure", format!("base URL {:?} {why}", self.base_url));
        let url = Url::parse(&self.base_url).map_err(|_| refused("is not a URL"))?;
        match url.scheme() {
            "https" if url.has_host() => Ok(url),
            "http" if http_core::is_loopback(&url) => Ok(url),
            "http" => {
                Err(refused("is plain http, over which no key is sent except to this machine; use https"))
            }
            _ => Err(refused("is not an https address")),
        }
    }

    pub(crate) fn options(&self, base_url: &Url) -> http_core::Options {
        let agent = format!("itglue-client/{} ({})", env!("CARGO_PKG_VERSION"), std::env::consts::OS);
        http_core::Options::new(agent).endpoint(base_url).policy(self.retry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        let parsed = |url: &str| Config::new(ApiKey::new("k")).base_url(url).parsed_base_url();
        assert!(parsed("http://127.0.0.1:8080").is_ok());
        assert!(parsed("https://api.example").is_ok());
        for url in ["http://api.itglue.com", "ftp://api.itglue.com", "api.itglue.com", "http://10.0.0.1"] {
            assert_eq!(parsed(url).unwrap_err().kind(), ErrorKind::Invalid, "{url}");
        }
        for region in [Region::NorthAmerica, Region::Europe, Region::Australia] {
            let config = Config::new(ApiKey::new("k")).region(region);
            assert_eq!(config.parsed_base_url().unwrap().scheme(), "https");
        }
    }
}
