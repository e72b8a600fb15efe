//! What every connection to one appliance is opened with.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_core::{Call as HttpCall, Disposition, Endpoint, Method, Operation, RawHttp, RetryPolicy, Wait};
use tokio_rustls::TlsConnector;

use crate::config::Config;
use crate::error::{Error, ErrorKind};
use crate::scram::Stretched;
use crate::transport::{Link, Protocol};
use crate::trust;

/// Answers larger than this are not read. The longest known are lists of ten thousand snapshots or files, of one or two MiB; as a tree of
/// values an answer may take twenty times its length.
pub(crate) const ANSWER_LIMIT: usize = 16 << 20;

/// Why a download is not given out although the session may have it (TrueNAS middleware 25.10, `apps/file_app.py`).
const NO_TOKEN: &str = "status 401: what is downloaded is given out once, within five minutes, and to the address that asked for it; \
    has this machine several ways to the appliance?";

pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Opens connections to one appliance, always under the same trust.
pub(crate) struct Dialer {
    pub(crate) config: Config,
    pub(crate) http: RawHttp,
    pub(crate) tls: TlsConnector,
    /// What proving the API key took to compute, for the next log-in.
    pub(crate) stretched: Mutex<Option<Stretched>>,
}

/// A connection before anybody has logged in.
pub(crate) struct Opened {
    pub(crate) link: Link,
    pub(crate) protocol: Protocol,
    /// What binds a proof to the appliance's certificate, where it has one that can.
    pub(crate) binding: Option<Vec<u8>>,
}

impl Dialer {
    pub(crate) fn new(config: Config) -> Result<Self, Error> {
        let tls = trust::tls(&config.trust)?;
        let address = config.address.clone();
        let endpoint = Endpoint::parse("address", &address.http_origin())
            .map_err(|refused| {
                let kind = ErrorKind::InvalidRequest { reason: refused.why };
                Error::new("address", address.to_string(), kind)
            })?
            .user_agent(None, "truenas-client", env!("CARGO_PKG_VERSION"))
            .local_network(tls.clone(), move |ip| address.permits(ip));
        let http = RawHttp::new("truenas", &endpoint, &config.options)
            .map_err(|cause| Error::http(config.address.to_string(), cause))?;
        Ok(Self { config, http, tls: TlsConnector::from(Arc::new(tls)), stretched: Mutex::default() })
    }

    /// Fetches what an address of the appliance holds, under the same trust; the body follows as a stream.
    pub(crate) async fn fetch(
        &self,
        operation: Operation,
        path: &str,
        subject: &str,
    ) -> Result<http_core::Response, Error> {
        let url = format!("{}{path}", self.config.address.http_origin());
        let call =
            HttpCall::new(operation, Method::Get, url).single_attempt(self.config.options.policy().deadline);
        let fetched = self.http.send_raw(call, |head, _| Disposition::by_status(head)).await;
        fetched.map_err(|cause| match cause.kind() {
            // It carries no other credential than the token in its address.
            http_core::ErrorKind::CredentialsRejected => {
                let kind =
                    ErrorKind::Rejected { errno: 401, errname: "HTTP".into(), reason: NO_TOKEN.into() };
                Error::new(operation.name(), subject, kind)
            }
            _ => Error::http(subject, cause),
        })
    }

    /// How long connecting may take: no longer than a call, of which it is a part.
    pub(crate) fn connect_limit(&self) -> Duration {
        self.config.options.connect_limit().min(self.config.options.policy().deadline)
    }

    pub(crate) fn subject(&self) -> String {
        self.config.address.to_string()
    }

    /// Tells whoever listens that after `pause`, `spent` after the first attempt, another will be made.
    pub(crate) fn tell(
        &self,
        error: &Error,
        attempts: u32,
        policy: RetryPolicy,
        times: (Duration, Duration),
    ) {
        self.say((error.operation(), error.kind()), attempts, policy, times);
    }

    /// The same of a wait for another reason than an error.
    pub(crate) fn say(
        &self,
        (operation, why): (&'static str, &dyn std::fmt::Display),
        attempts: u32,
        policy: RetryPolicy,
        (pause, spent): (Duration, Duration),
    ) {
        let wait = Wait::new("truenas", operation, attempts + 1, why)
            .on(Some(self.subject()))
            .lasting(pause, policy.deadline.saturating_sub(spent));
        let bounded = policy.attempts < u32::MAX;
        self.config.options.observer().tell(&if bounded { wait.of(policy.attempts) } else { wait });
    }
}

/// A message that was not read to its end.
pub(crate) fn answer_too_long() -> ErrorKind {
    ErrorKind::NotUnderstood { path: format!("byte {ANSWER_LIMIT}, beyond which no message is read") }
}

pub(crate) fn unreachable(operation: &'static str, subject: String, cause: impl Into<Cause>) -> Error {
    Error::new(operation, subject, ErrorKind::Unreachable).with_source(cause)
}
