//! Which account and which key, time-outs and retries.

use std::time::Duration;

use http_core::{Endpoint, Options};

use crate::budget::Budget;
use crate::error::Error;
use crate::secret::ApiKey;

/// Where an account is hosted (IT Glue's developer pages: one host per region).
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
/// Defaults: North America; eight attempts of a call that may be repeated with backoff from one second to 64, within seven minutes,
/// since IT Glue's limit (3000 requests) is counted over five; after a 429 without `Retry-After`, a minute's backoff; 15 seconds to
/// connect, 60 without a byte.
#[derive(Debug)]
pub struct Config {
    pub(crate) api_key: ApiKey,
    pub(crate) options: Options,
    pub(crate) rate_limit_backoff: Duration,
    base_url: String,
}

impl Config {
    /// A configuration for this key, in North America.
    pub fn new(api_key: ApiKey) -> Self {
        Self {
            api_key,
            options: Options::default().attempts(8).deadline(Duration::from_mins(7)),
            rate_limit_backoff: Duration::from_mins(1),
            base_url: Region::NorthAmerica.base_url().to_owned(),
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

    /// Waits this long after a 429 that does not say how long.
    pub fn rate_limit_backoff(mut self, wait: Duration) -> Self {
        self.rate_limit_backoff = wait;
        self
    }

    http_core::option_setters!(options);

    /// The budget that every client of this key at this address shares.
    pub(crate) fn budget(&self, endpoint: &Endpoint) -> Budget {
        Budget::of(&(endpoint.url().as_str(), self.api_key.expose()))
    }

    pub(crate) fn endpoint(&self) -> Result<Endpoint, Error> {
        let endpoint = Endpoint::parse("base URL", &self.base_url)
            .map_err(|refused| Error::invalid("configure", refused.to_string()))?;
        Ok(endpoint.user_agent(None, "itglue-client", env!("CARGO_PKG_VERSION")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn e8_plain_http_is_for_this_machine_only() {
        let parsed = |url: &str| Config::new(ApiKey::new("k")).base_url(url).endpoint();
        assert!(parsed("http://127.0.0.1:8080").is_ok());
        assert!(parsed("https://api.example").is_ok());
        for url in ["http://api.itglue.com", "ftp://api.itglue.com", "api.itglue.com", "http://10.0.0.1"] {
            assert_eq!(parsed(url).unwrap_err().kind(), ErrorKind::InvalidRequest, "{url}");
        }
        for region in [Region::NorthAmerica, Region::Europe, Region::Australia] {
            let config = Config::new(ApiKey::new("k")).region(region);
            assert_eq!(config.endpoint().unwrap().url().scheme(), "https");
        }
    }
}
