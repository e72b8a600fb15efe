use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::{Mutex, broadcast};
use tokio::time::{Instant, sleep, timeout};

use crate::call::{Call, Effect};
use crate::config::Config;
use crate::connect::Dialer;
use crate::dialect::{Dialect, Feature, Support, Version};
use crate::error::{Error, ErrorKind, FieldError};
use crate::transport::{Event, Link, Lost, Protocol, Refusal};

/// How often a call is asked again when that can do nothing twice.
const ATTEMPTS: u32 = 4;

/// A box, logged in to. Clones share one connection, which is opened again when it is lost.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    dialer: Dialer,
    dialect: Dialect,
    link: Mutex<Option<Link>>,
}

impl Client {
    /// Asks the box which interfaces it offers, connects to the newest of 25.10, and logs in. What passes is tried again, for as
    /// long as one attempt may take.
    ///
    /// # Errors
    /// `PinMismatch` and `Untrusted` (no credential was sent), `NotAuthenticated`, `Unsupported` (the box is older than 25.10, or
    /// so new that it dropped that interface), `Disconnected`.
    pub async fn connect(config: Config) -> Result<Self, Error> {
        let dialer = Dialer::new(config)?;
        let (dialect, link) = first_link(&dialer).await?;
        tracing::debug!(host = %dialer.config.address, version = %dialect.version(), "connected");
        Ok(Self(Arc::new(Shared { dialer, dialect, link: Mutex::new(Some(link)) })))
    }

    /// The interface version that the connection is pinned to. A box's own release is in [`system`](Self::system).
    pub fn version(&self) -> &Version {
        self.0.dialect.version()
    }

    /// Whether the box offers a feature through this connection.
    pub fn supports(&self, feature: Feature) -> Support {
        self.0.dialect.supports(feature)
    }

    pub(crate) fn dialer(&self) -> &Dialer {
        &self.0.dialer
    }

    /// The live connection, or a new one. While one caller connects, the others wait for it.
    async fn link(&self) -> Result<Link, Error> {
        let mut current = self.0.link.lock().await;
        if let Some(link) = current.as_ref().filter(|link| link.is_alive()) {
            return Ok(link.clone());
        }
        // The old one's task ends with its last handle.
        *current = None;
        let link = self.0.dialer.link(&self.0.dialect).await?;
        tracing::info!(host = %self.0.dialer.config.address, "connected again");
        *current = Some(link.clone());
        Ok(link)
    }

    pub(crate) async fn job_events(&self) -> Result<broadcast::Receiver<Event>, Error> {
        Ok(self.link().await?.job_events().await)
    }

    /// Carries one call out and reads its answer.
    pub(crate) async fn call<T: DeserializeOwned>(&self, call: Call) -> Result<T, Error> {
        let answer = self.send(&call).await?;
        serde_path_to_error::deserialize(answer).map_err(|e| {
            // The path only: the decoder's own words can repeat a value.
            Error::new(call.method, self.subject(), ErrorKind::NotUnderstood { path: e.path().to_string() })
        })
    }

    #[tracing::instrument(name = "truenas", skip_all, fields(rpc.method = call.method, server.address = %self.0.dialer.config.address))]
    async fn send(&self, call: &Call) -> Result<Value, Error> {
        call.refuse_redacted()?;
        let (mut attempt, mut logged_in_again) = (0, false);
        loop {
            attempt += 1;
            let error = match self.attempt(call).await {
                Err(error) if may_ask_again(error.kind()) && attempt < ATTEMPTS => error,
                // A refusal after that is final, and so is one of the log-in itself.
                Err(error) if is_logged_out(&error, call) && !logged_in_again => {
                    tracing::info!("logging in again");
                    logged_in_again = true;
                    continue;
                }
                outcome => return outcome,
            };
            let delay = backoff(attempt);
            tracing::warn!(attempt, delay_ms = delay.as_millis(), %error, "asking again");
            sleep(delay).await;
        }
    }

    async fn attempt(&self, call: &Call) -> Result<Value, Error> {
        let link = self.link().await?;
        let limit = self.0.dialer.config.call_timeout;
        let kind = match timeout(limit, link.exchange(call.method, &call.params)).await {
            Ok(Ok(Ok(value))) => return Ok(value),
            Ok(Ok(Err(refusal))) => {
                let kind = self.told(call, refusal);
                if kind == ErrorKind::NotAuthenticated {
                    link.log_out();
                }
                kind
            }
            Ok(Err(Lost::NotSent)) => ErrorKind::Disconnected,
            Ok(Err(Lost::TooLong { characters })) => {
                ErrorKind::TooLong { characters, limit: Protocol::JsonRpc.limit() }
            }
            Ok(Err(Lost::Unanswered)) if call.effect == Effect::Reads => ErrorKind::Disconnected,
            Err(_late) if call.effect == Effect::Reads => ErrorKind::TimedOut,
            Ok(Err(Lost::Unanswered)) | Err(_) => ErrorKind::OutcomeUnknown,
        };
        Err(Error::new(call.method, self.subject(), kind))
    }

    /// The box's no in terms of the call, without the call's secrets.
    fn told(&self, call: &Call, refusal: Refusal) -> ErrorKind {
        match refusal {
            Refusal::Busy => ErrorKind::RateLimited,
            Refusal::NoSuchMethod => ErrorKind::Unsupported {
                feature: call.method,
                version: self.version().to_string(),
                instead: None,
            },
            Refusal::Invalid(fields) => {
                let scrubbed = |f: FieldError| FieldError { message: call.scrub(f.message), ..f };
                let fields: Vec<_> = fields.into_iter().map(scrubbed).collect();
                // A row that is not there has no field; a field can name something else that is not there.
                let row_is_missing = fields.iter().all(|f| f.errno == ENOENT && !f.attribute.contains('.'));
                if row_is_missing { ErrorKind::NotFound } else { ErrorKind::Validation { fields } }
            }
            Refusal::Call { errno, errname, reason } => kind_of(errno, errname, call.scrub(reason)),
            Refusal::Malformed { code } => ErrorKind::Refused {
                errno: code,
                errname: "JSON-RPC".into(),
                reason: "the message was not taken".into(),
            },
        }
    }

    pub(crate) fn subject(&self) -> String {
        self.0.dialer.config.address.to_string()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("address", &self.0.dialer.config.address).finish_non_exhaustive()
    }
}

/// The first connection to a box, tried again for as long as one attempt may take: a box that is dead is told after that.
async fn first_link(dialer: &Dialer) -> Result<(Dialect, Link), Error> {
    let start = Instant::now();
    let mut attempt = 0;
    loop {
        attempt += 1;
        let opened = async {
            let dialect = dialer.dialect().await?;
            let link = dialer.link(&dialect).await?;
            Ok((dialect, link))
        };
        let error: Error = match opened.await {
            Ok(opened) => return Ok(opened),
            Err(error) => error,
        };
        let in_time = start.elapsed() < dialer.config.connect_timeout;
        if !may_ask_again(error.kind()) || attempt == ATTEMPTS || !in_time {
            return Err(error);
        }
        tracing::warn!(attempt, %error, "connecting again");
        sleep(backoff(attempt)).await;
    }
}

/// Whether the box forgot the session; the call was not carried out.
fn is_logged_out(error: &Error, call: &Call) -> bool {
    *error.kind() == ErrorKind::NotAuthenticated && error.operation() == call.method
}

/// What was not carried out is sent again. What timed out is not: it has had its time.
fn may_ask_again(kind: &ErrorKind) -> bool {
    matches!(kind, ErrorKind::Disconnected | ErrorKind::RateLimited)
}

const ENOENT: i64 = 2;
const EACCES: i64 = 13;
const EBUSY: i64 = 16;
const EINVAL: i64 = 22;
const ENOTAUTHENTICATED: i64 = 207;

/// What an errno of a refused call means to a caller (TrueNAS middleware 25.10, `service_exception.py`).
pub(crate) fn kind_of(errno: i64, errname: String, reason: String) -> ErrorKind {
    match errno {
        ENOENT => ErrorKind::NotFound,
        EACCES => ErrorKind::NotAuthorized,
        ENOTAUTHENTICATED => ErrorKind::NotAuthenticated,
        EBUSY if reason.contains("Rate Limit") => ErrorKind::RateLimited,
        EINVAL if reason.contains("MatchNotFound") => ErrorKind::NotFound,
        _ => ErrorKind::Refused { errno, errname, reason },
    }
}

/// A wait before asking again: up to 0.25 s at first, doubling, drawn at random so that many callers do not come back together.
pub(crate) fn backoff(attempt: u32) -> Duration {
    let longest = 250_u64 << attempt.min(7).saturating_sub(1);
    let draw = getrandom::u64().unwrap_or(u64::MAX);
    Duration::from_millis(draw % longest + 1)
}
