//! Which instance and which application, time-outs and retries.

use std::time::Duration;

use http_core::{Endpoint, Options};

use crate::error::Error;
use crate::ids::ApplicationId;
use crate::secret::ClientSecret;

/// Where tokens are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Authority {
    /// `/auth` at the instance's own host.
    Own,
    /// Where the instance says.
    Discovered,
}

/// What a [`crate::Client`] needs to know; checked in [`crate::Client::new`].
///
/// The application logs in by *client credentials* and acts as an agent: what it may do is what its scopes **and** that agent's rights
/// permit, and a list that the agent may not see is empty rather than refused.
///
/// Defaults: the scope `all`; eight attempts of a call that may be repeated with backoff from one second to 60, within seven minutes,
/// since HaloPSA counts requests over a rolling window of five; after a 429 without `Retry-After`, a minute's wait; 15 seconds to
/// connect, 60 without a byte.
#[derive(Debug)]
pub struct Config {
    pub(crate) application: ApplicationId,
    pub(crate) secret: ClientSecret,
    pub(crate) tenant: Option<String>,
    pub(crate) scope: String,
    pub(crate) authority: Authority,
    pub(crate) options: Options,
    pub(crate) rate_limit_backoff: Duration,
    base_url: String,
}

impl Config {
    /// A configuration for this application on the instance at this address, such as `https://example.halopsa.com`. Plain `http` is
    /// accepted for loopback addresses only.
    pub fn new(base_url: impl Into<String>, application: ApplicationId, secret: ClientSecret) -> Self {
        let minute = Duration::from_mins(1);
        let options = Options::default().attempts(8).backoff(Duration::from_secs(1), minute);
        Self {
            application,
            secret,
            tenant: None,
            scope: "all".to_owned(),
            authority: Authority::Own,
            options: options.deadline(Duration::from_mins(7)),
            rate_limit_backoff: minute,
            base_url: base_url.into(),
        }
    }

    /// Names the tenant when asking for a token, as hosts that several tenants share want it. Other hosts want none.
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Asks for these scopes, separated by spaces, such as `read:tickets edit:tickets read:customers`.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = scope.into();
        self
    }

    /// Asks the instance where tokens are issued (`/api/authinfo`) instead of at its own `/auth`; the tenant that it names is sent to
    /// another host than the instance's own, unless [`tenant`](Self::tenant) says another.
    ///
    /// The secret then goes to the address that the instance names, over TLS.
    pub fn discover(mut self) -> Self {
        self.authority = Authority::Discovered;
        self
    }

    /// Waits this long after a 429 that does not say how long.
    pub fn rate_limit_backoff(mut self, wait: Duration) -> Self {
        self.rate_limit_backoff = wait;
        self
    }

    http_core::option_setters!(options);

    pub(crate) fn endpoint(&self) -> Result<Endpoint, Error> {
        let endpoint = Endpoint::parse("base URL", &self.base_url)
            .map_err(|refused| Error::invalid("configure", refused.to_string()))?;
        Ok(endpoint.user_agent(None, "halo-client", env!("CARGO_PKG_VERSION")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn e8_plain_http_is_for_this_machine_only() {
        let config = |url: &str| Config::new(url, ApplicationId::new("id"), ClientSecret::new("hunter2"));
        assert!(config("http://localhost:8080").endpoint().is_ok());
        assert!(config("https://example.halopsa.com/").endpoint().is_ok());
        for url in ["http://example.halopsa.com", "ftp://example.halopsa.com", "example.halopsa.com"] {
            assert_eq!(config(url).endpoint().unwrap_err().kind(), ErrorKind::InvalidRequest, "{url}");
        }
        assert!(!format!("{:?}", config("https://h.example")).contains("hunter2"));
    }
}
