//! The connections to one service, and by what they are used.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::options::{Access, Options};
use crate::retry::RetryPolicy;
use crate::wait::WaitObserver;

/// Sends calls that carry their own address and authorisation: what a [`Service`](crate::Service) logs in with.
#[derive(Clone)]
pub struct RawHttp {
    pub(crate) client: reqwest::Client,
    pub(crate) service: &'static str,
    pub(crate) policy: RetryPolicy,
    pub(crate) idle_timeout: Duration,
    pub(crate) minimum_rate: u32,
    pub(crate) observer: WaitObserver,
    pub(crate) access: Access,
    /// Whether anything has answered yet: a service that did is waited for, an address where nothing ever did is given up soon.
    pub(crate) reached: Arc<AtomicBool>,
}

impl RawHttp {
    /// Connections to `endpoint`, for a service of this name.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] when TLS cannot be set up.
    pub fn new(service: &'static str, endpoint: &Endpoint, options: &Options) -> Result<Self, Error> {
        let client = endpoint.http_client(options).map_err(|cause| {
            Error::invalid_request(
                service,
                "connect",
                "TLS cannot be set up; are root certificates installed?",
            )
            .because(cause)
        })?;
        let Options { policy, idle_timeout, minimum_rate, access, .. } = *options;
        let (observer, reached) = (options.observer.clone(), Arc::default());
        Ok(Self { client, service, policy, idle_timeout, minimum_rate, observer, access, reached })
    }
}

impl fmt::Debug for RawHttp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawHttp")
            .field("service", &self.service)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
