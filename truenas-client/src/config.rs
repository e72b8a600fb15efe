//! Which appliance, how to log in to it and which certificate it may show, time-outs and retries.

use std::sync::Arc;
use std::time::Duration;

use http_core::Options;

use crate::address::Address;
use crate::trust::Trust;

http_core::secret_types! {
    /// A TrueNAS API key, `<id>-<64 characters>`.
    ApiKey;
}

/// How to log in.
#[derive(Debug)]
#[non_exhaustive]
pub enum Credentials {
    /// An API key; it acts with the rights of the user it belongs to.
    ApiKey(ApiKey),
}

/// Everything needed to reach one appliance.
///
/// Defaults: 15 seconds for connecting, the TLS handshake, the upgrade and logging in together; two minutes for a whole call, since
/// verifying a cloud credential on a dead network takes the appliance most of one; four attempts of a call that may be repeated, with
/// backoff from a quarter of a second to 16; two minutes without a byte while a file is fetched. Following a job is not bound by the
/// deadline.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) address: Address,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) trust: Trust,
    pub(crate) options: Options,
}

impl Config {
    /// Names an appliance and how to log in to it. Its certificate must be one that this machine trusts, unless
    /// [`trust`](Self::trust) says otherwise.
    pub fn new(address: Address, credentials: Credentials) -> Self {
        let options = Options::default()
            .attempts(4)
            .backoff(Duration::from_millis(250), Duration::from_secs(16))
            .deadline(Duration::from_mins(2))
            .idle_timeout(Duration::from_mins(2));
        Self { address, credentials: Arc::new(credentials), trust: Trust::System, options }
    }

    /// Which certificate the appliance may show; by default what this machine's store accepts.
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    http_core::option_setters!(options);
}
