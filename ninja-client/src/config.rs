//! Which instance and which application, time-outs and retries.

use http_core::{Endpoint, Options};

use crate::error::Error;
use crate::grant::{Grant, TokenScope};
use crate::ids::ClientId;
use crate::region::Region;
use crate::secret::ClientSecret;

/// What a [`crate::Client`] needs to know; checked in [`crate::Client::new`].
///
/// The application is one for *API Services (machine-to-machine)* with the scopes `monitoring`, and `management` for writes; no
/// scope is asked for unless [`scopes`](Self::scopes) names some, since asking for one that was not granted fails every call
/// (WYRE-AI/ninjaone-mcp issue 87).
///
/// Defaults: six attempts of a call with backoff from one second to 64, within five minutes; 15 seconds to connect, 60 without a
/// byte.
#[derive(Debug)]
pub struct Config {
    pub(crate) grant: Grant,
    pub(crate) scopes: Vec<TokenScope>,
    pub(crate) token_path: String,
    pub(crate) options: Options,
    base_url: String,
}

impl Config {
    /// A configuration for this application on this instance.
    pub fn new(region: Region, client_id: ClientId, client_secret: ClientSecret) -> Self {
        Self::of(region, Grant::ClientCredentials { id: client_id, secret: client_secret })
    }

    /// A configuration for whoever has this grant on this instance.
    pub fn of(region: Region, grant: Grant) -> Self {
        Self {
            grant,
            scopes: Vec::new(),
            token_path: "/ws/oauth/token".to_owned(),
            options: Options::default(),
            base_url: region.base_url().to_owned(),
        }
    }

    /// Calls this address instead of a region's. Plain `http` is accepted for loopback addresses only.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Asks for tokens of these scopes, and no more. Without this, tokens have every scope that the application was granted.
    pub fn scopes(mut self, scopes: &[TokenScope]) -> Self {
        self.scopes = scopes.to_vec();
        self
    }

    /// Asks for tokens at this path; a few tenants are said to need `/oauth/token` (homotechsual/NinjaOne issue 39).
    pub fn token_path(mut self, path: impl Into<String>) -> Self {
        self.token_path = path.into();
        self
    }

    http_core::option_setters!(options);

    pub(crate) fn endpoint(&self) -> Result<Endpoint, Error> {
        let endpoint = Endpoint::parse("base URL", &self.base_url)
            .map_err(|refused| Error::invalid("configure", refused.to_string()))?;
        Ok(endpoint.user_agent(None, "ninja-client", env!("CARGO_PKG_VERSION")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn e8_plain_http_is_for_this_machine_only() {
        let config = || Config::new(Region::Eu, ClientId::new("id"), ClientSecret::new("secret"));
        assert_eq!(config().endpoint().unwrap().url().as_str(), "https://eu.ninjarmm.com/");
        assert!(config().base_url("http://localhost:8080").endpoint().is_ok());
        for url in
            ["http://app.ninjarmm.com", "ftp://app.ninjarmm.com", "app.ninjarmm.com", "http://10.0.0.1"]
        {
            assert_eq!(
                config().base_url(url).endpoint().unwrap_err().kind(),
                ErrorKind::InvalidRequest,
                "{url}"
            );
        }
        assert!(!format!("{:?}", config()).contains("secret\""));
    }
}
