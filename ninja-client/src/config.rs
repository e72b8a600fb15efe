//! Which instance, which application, how patient.

use std::time::Duration;

use url::Url;

use crate::error::Error;
use crate::ids::ClientId;
use crate::region::Region;
use crate::secret::ClientSecret;

/// What a [`crate::Client`] needs to know; checked in [`crate::Client::new`].
///
/// The application is one for *API Services (machine-to-machine)* with the scopes `monitoring`, and `management` for writes; no
/// scope is asked for by name, since asking for one that was not granted fails every call (WYRE-AI/ninjaone-mcp issue 87).
#[derive(Debug)]
pub struct Config {
    pub(crate) client_id: ClientId,
    pub(crate) client_secret: ClientSecret,
    pub(crate) token_path: String,
    base_url: String,
    retry: http_core::RetryPolicy,
}

impl Config {
    /// A configuration for this application on this instance.
    pub fn new(region: Region, client_id: ClientId, client_secret: ClientSecret) -> Self {
        Self {
            client_id,
            client_secret,
            token_path: "/ws/oauth/token".to_owned(),
            base_url: region.base_url().to_owned(),
            retry: http_core::RetryPolicy::default(),
        }
    }

    /// Calls this address instead of a region's. Plain `http` is accepted for loopback addresses only.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Asks for tokens at this path; a few tenants are said to need `/oauth/token` (homotechsual/NinjaOne issue 39).
    pub fn token_path(mut self, path: impl Into<String>) -> Self {
        self.token_path = path.into();
        self
    }

    /// Makes at most this many attempts of a call (default six).
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.retry.attempts = attempts;
        self
    }

    /// Waits between attempts at most `first`, doubling up to `longest`; a random part of it each time.
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        (self.retry.base_delay, self.retry.max_delay) = (first, longest);
        self
    }

    /// Gives a whole call, pauses included, this long (default five minutes).
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
                Err(refused("is plain http, over which no secret is sent except to this machine; use https"))
            }
            _ => Err(refused("is not an https address")),
        }
    }

    pub(crate) fn options(&self, base_url: &Url) -> http_core::Options {
        let agent = format!("ninja-client/{} ({})", env!("CARGO_PKG_VERSION"), std::env::consts::OS);
        http_core::Options::new(agent).endpoint(base_url).policy(self.retry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        let config = || Config::new(Region::Eu, ClientId::new("id"), ClientSecret::new("secret"));
        assert_eq!(config().parsed_base_url().unwrap().as_str(), "https://eu.ninjarmm.com/");
        assert!(config().base_url("http://localhost:8080").parsed_base_url().is_ok());
        for url in
            ["http://app.ninjarmm.com", "ftp://app.ninjarmm.com", "app.ninjarmm.com", "http://10.0.0.1"]
        {
            assert_eq!(
                config().base_url(url).parsed_base_url().unwrap_err().kind(),
                ErrorKind::Invalid,
                "{url}"
            );
        }
        assert!(!format!("{:?}", config()).contains("secret\""));
    }
}
