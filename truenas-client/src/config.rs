use std::sync::Arc;
use std::time::Duration;

use crate::address::Address;
use crate::secret::secret_type;
use crate::trust::Trust;

secret_type!(
    /// A TrueNAS API key, `<id>-<64 characters>`.
    ApiKey
);

/// How to log in.
#[derive(Debug)]
#[non_exhaustive]
pub enum Credentials {
    /// An API key; it acts with the rights of the user it belongs to.
    ApiKey(ApiKey),
}

/// Everything needed to reach one box.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) address: Address,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) trust: Trust,
    pub(crate) connect_timeout: Duration,
    pub(crate) call_timeout: Duration,
}

impl Config {
    /// Names a box and how to log in to it. The box's certificate must be one that this machine trusts, unless
    /// [`trust`](Self::trust) says otherwise.
    pub fn new(address: Address, credentials: Credentials) -> Self {
        Self {
            address,
            credentials: Arc::new(credentials),
            trust: Trust::System,
            connect_timeout: Duration::from_secs(15),
            call_timeout: Duration::from_mins(2),
        }
    }

    /// Which certificate the box may show; by default what this machine's store vouches for.
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    /// How long connecting, the TLS handshake and the upgrade may take together; 15 seconds by default.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long one call may wait for its answer; two minutes by default, since verifying a cloud credential on a dead network
    /// takes the box most of one. Following a job is not bound by it.
    pub fn call_timeout(mut self, limit: Duration) -> Self {
        self.call_timeout = limit;
        self
    }
}
