//! The client: one connection, the calls over it, and what is asked again.

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use http_core::{Access, Obstacle, RetryPolicy};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard, broadcast};
use tokio::time::{Instant, sleep, timeout_at};

use crate::call::Call;
use crate::config::Config;
use crate::dialect::{Caller, Dialect, Feature, Release, Route, Support, Version};
use crate::dialer::{Dialer, answer_too_long};
use crate::error::{Error, ErrorKind};
use crate::operations;
use crate::refusal;
use crate::suspects::{Company, Suspects};
use crate::transport::{Event, Link, NoAnswer, Refusal};

/// An appliance, logged in to. Clones share one connection, which is opened again when it is lost.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    dialer: Dialer,
    dialect: Dialect,
    link: Mutex<Option<Link>>,
    /// Held by whoever starts a task, where only one may be started at a time.
    starts: Mutex<()>,
    suspects: Suspects,
}

impl Client {
    /// Finds out which release the appliance is, connects in the newest way that both know, and logs in. Temporary failures are tried
    /// again, for as long as connecting may take.
    ///
    /// # Errors
    /// Before any credential was sent: `PinMismatch`, `Untrusted`, `NotTrueNas`, `SocketBlocked`, `AddressNotAllowed`, `Unsupported` (an
    /// appliance that is too old, or so new that it dropped every interface known here), `Unreachable`. After that:
    /// `CredentialsRejected`, `CredentialsExpired`, `OneTimeCodeRequired`, `ApiAccessDenied`, `Standby`, `NotProven`.
    pub async fn connect(config: Config) -> Result<Self, Error> {
        let dialer = Dialer::new(config)?;
        let (dialect, link) = first_link(&dialer).await?;
        tracing::debug!(host = %dialer.config.address, release = %dialect.describe(), "connected");
        let (link, suspects, starts) = (Mutex::new(Some(link)), Suspects::default(), Mutex::default());
        Ok(Self(Arc::new(Shared { dialer, dialect, link, starts, suspects })))
    }

    /// The appliance's release, as it was found when connecting.
    pub fn release(&self) -> Release {
        self.0.dialect.release()
    }

    /// The version of the interface that the connection is pinned to; none before 25.04, which had no versions.
    pub fn version(&self) -> Option<&Version> {
        self.0.dialect.version()
    }

    /// Whether the appliance offers a feature through this connection. Calling what it does not offer fails with
    /// [`ErrorKind::Unsupported`], and names the same way out.
    pub fn supports(&self, feature: Feature) -> Support {
        self.0.dialect.supports(feature)
    }

    /// Asks the appliance for a sign of life: that it is there, and that this connection is logged in.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn ping(&self) -> Result<(), Error> {
        self.carry_out::<Value>(Call::new(operations::CORE_PING, [])).await.map(drop)
    }

    /// Only one task is started at a time where starts share a lock: on an appliance whose starts all do, and with options everywhere.
    pub(crate) async fn turn_to_start(&self, has_options: bool) -> Option<MutexGuard<'_, ()>> {
        if has_options || self.0.dialect.starts_share_a_lock() {
            Some(self.0.starts.lock().await)
        } else {
            None
        }
    }

    /// Whether the appliance's release has what a call asks for.
    pub(crate) fn offers(&self, call: &Call) -> bool {
        self.0.dialect.route(call).is_ok()
    }

    pub(crate) fn dialect(&self) -> &Dialect {
        &self.0.dialect
    }

    /// Refuses what the release lacks.
    pub(crate) fn require(&self, feature: Feature) -> Result<(), ErrorKind> {
        self.0.dialect.require(feature)
    }

    pub(crate) fn dialer(&self) -> &Dialer {
        &self.0.dialer
    }

    /// The live connection, or a new one, made by `until`. While one caller connects, the others wait for it.
    async fn link(&self, until: Instant) -> Result<Link, Error> {
        let mut current = self.0.link.lock().await;
        if let Some(link) = current.as_ref().filter(|link| link.is_alive()) {
            return Ok(link.clone());
        }
        // The old one's task ends with its last handle.
        *current = None;
        let link = self.another_link(until).await?;
        *current = Some(link.clone());
        Ok(link)
    }

    /// A new connection to the same interface. What answers is asked again which versions it offers: it may have been updated.
    async fn another_link(&self, until: Instant) -> Result<Link, Error> {
        let dialer = &self.0.dialer;
        let found = dialer.probe().await?;
        let (dialect, link) = dialer.link(&found, until).await?;
        if !dialect.is_same_as(&self.0.dialect) {
            let changed = ErrorKind::Unsupported {
                feature: "the interface that this client was made for",
                release: dialect.describe(),
                instead: Some("the appliance was updated: connect anew"),
            };
            return Err(Error::new("connect", self.subject(), changed));
        }
        tracing::info!(host = %dialer.config.address, "connected again");
        Ok(link)
    }

    /// The live connection, or a new one.
    pub(crate) async fn live_link(&self) -> Result<Link, Error> {
        let until = self.deadline();
        timeout_at(until, self.link(until)).await.map_err(|_| self.0.dialer.late())?
    }

    /// What a refused subscription to a collection means.
    pub(crate) fn meaning(&self, collection: &Call, refusal: Refusal) -> ErrorKind {
        refusal::kind(collection, &self.0.dialect.describe(), refusal)
    }

    pub(crate) async fn job_events(&self) -> Result<broadcast::Receiver<Event>, Error> {
        Ok(self.live_link().await?.job_events(self.deadline()).await)
    }

    /// Carries one call out and reads its answer.
    pub(crate) async fn carry_out<T: DeserializeOwned>(&self, call: Call) -> Result<T, Error> {
        let answer = self.perform(&call).await?;
        serde_path_to_error::deserialize(answer).map_err(|e| {
            // The path only: the decoder's own words can repeat a value.
            Error::new(call.method(), self.subject(), ErrorKind::NotUnderstood { path: e.path().to_string() })
        })
    }

    /// Refuses what may not be sent at all.
    pub(crate) fn permit(&self, call: &Call) -> Result<(), Error> {
        if self.0.dialer.config.options.access() == Access::ReadOnly && !call.operation.is_read() {
            return Err(Error::new(call.method(), self.subject(), ErrorKind::ReadOnly));
        }
        call.refuse_redacted()
    }

    /// Where every call enters: a read-only client refuses here what is not declared a read. From here on it is in the words of the
    /// appliance's release.
    async fn perform(&self, call: &Call) -> Result<Value, Error> {
        let failed = |kind| Error::new(call.method(), self.subject(), kind);
        self.permit(call)?;
        match self.0.dialect.route(call).map_err(failed)? {
            Route::Direct => self.send(call).await,
            Route::Changed { wire, restore } => {
                self.repeat(call, wire.method, &wire.params).await.map(restore)
            }
            Route::Steps(steps) => Box::pin(steps.run(self, call)).await,
        }
    }

    /// Sends a call in the words that it has.
    pub(crate) async fn send(&self, call: &Call) -> Result<Value, Error> {
        self.repeat(call, call.method(), &call.params).await
    }

    #[tracing::instrument(name = "truenas", skip_all, fields(rpc.method = method, server.address = %self.0.dialer.config.address))]
    async fn repeat(&self, call: &Call, method: &str, params: &[Value]) -> Result<Value, Error> {
        let (policy, started) = (self.policy(), Instant::now());
        let deadline = started + policy.deadline;
        let (mut attempts, mut logged_in_again, mut limited) = (0, false, None);
        let mut company = Company::Others;
        loop {
            attempts += 1;
            let sent = self.attempt(call, (method, params), company, deadline).await;
            let error = match sent {
                Err((error, next)) if may_ask_again(&error) => {
                    company = next;
                    error
                }
                // A refusal after that is final, and so is one of the log-in itself.
                Err((error, _)) if is_logged_out(&error, call) && !logged_in_again => {
                    tracing::info!("logging in again");
                    logged_in_again = true;
                    continue;
                }
                outcome => return outcome.map_err(|(error, _)| error.tried(attempts, started.elapsed())),
            };
            let Some(backoff) = policy.next_backoff(attempts, None, started.elapsed()) else {
                // The limit took the time, and not the attempt that it left no time for.
                let error = limited.filter(|_| Instant::now() >= deadline).unwrap_or(error);
                return Err(error.tried(attempts, started.elapsed()));
            };
            tracing::warn!(attempts, backoff_ms = backoff.as_millis(), %error, "asking again");
            self.dialer().tell(&error, attempts, policy, (backoff, started.elapsed()));
            limited = Some(error).filter(|error| *error.kind() == ErrorKind::RateLimited).or(limited);
            sleep(backoff).await;
        }
    }

    /// One attempt; of one that failed also in whose company the next is to be made.
    async fn attempt(
        &self,
        call: &Call,
        words: (&str, &[Value]),
        company: Company,
        until: Instant,
    ) -> Result<Value, (Error, Company)> {
        let late = |_| (Error::new(call.method(), self.subject(), ErrorKind::Unreachable), company);
        if company == Company::Others {
            let link = timeout_at(until, self.link(until)).await.map_err(late)?;
            return self
                .exchange(call, words, (&link.map_err(|error| (error, company))?, company), until)
                .await;
        }
        let mut turn = timeout_at(until, self.0.suspects.turn()).await.map_err(late)?;
        let link = if let Some(link) = turn.link() {
            link
        } else {
            let opened = timeout_at(until, self.another_link(until)).await.map_err(late)?;
            turn.keep(opened.map_err(|error| (error, company))?)
        };
        self.exchange(call, words, (&link, company), until).await
    }

    async fn exchange(
        &self,
        call: &Call,
        (method, params): (&str, &[Value]),
        (link, company): (&Link, Company),
        until: Instant,
    ) -> Result<Value, (Error, Company)> {
        let failed = |kind| Error::new(call.method(), self.subject(), kind);
        let limit = self.0.dialect.message_limit();
        let mut next = company;
        let kind = match link.exchange(method, params, limit, until).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(refusal)) => {
                let kind = refusal::kind(call, &self.0.dialect.describe(), refusal);
                if kind == ErrorKind::CredentialsRejected {
                    link.log_out();
                }
                kind
            }
            Err(NoAnswer::TooLong { characters }) => ErrorKind::TooLong { characters, limit },
            Err(NoAnswer::NotAllowed) => ErrorKind::AddressNotAllowed,
            Err(NoAnswer::NotSent | NoAnswer::NotUnderstood) => ErrorKind::Unreachable,
            Err(NoAnswer::Unanswered | NoAnswer::AnswerTooLong { .. }) if !call.operation.is_read() => {
                ErrorKind::OutcomeUnknown
            }
            Err(NoAnswer::Unanswered) => {
                next = Company::None;
                ErrorKind::Unreachable
            }
            // Whose answer it was is not known: what waited beside it is sent once more, alone.
            Err(NoAnswer::AnswerTooLong { alone: false }) if company == Company::Others => {
                return Err((failed(ErrorKind::Unreachable).with_source(ANOTHERS), Company::None));
            }
            Err(NoAnswer::AnswerTooLong { .. }) => answer_too_long(),
        };
        Err((failed(kind), next))
    }

    /// When a call that begins now is given up.
    pub(crate) fn deadline(&self) -> Instant {
        Instant::now() + self.policy().deadline
    }

    /// How calls are repeated.
    pub(crate) fn policy(&self) -> RetryPolicy {
        self.0.dialer.config.options.policy()
    }

    pub(crate) fn subject(&self) -> String {
        self.0.dialer.config.address.to_string()
    }
}

impl Caller for Client {
    fn send<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Value, Error>> {
        Box::pin(self.send(call))
    }

    fn perform<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Value, Error>> {
        Box::pin(self.perform(call))
    }

    fn dialect(&self) -> &Dialect {
        &self.0.dialect
    }

    fn subject(&self) -> String {
        self.subject()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("address", &self.0.dialer.config.address).finish_non_exhaustive()
    }
}

/// Why a call has no answer whose connection ended with a message that may have been another's.
const ANOTHERS: &str =
    "the connection was ended by a message that is longer than any that is read, while several calls waited";

/// The first connection to an appliance, tried again for as long as connecting may take.
async fn first_link(dialer: &Dialer) -> Result<(Dialect, Link), Error> {
    let policy = dialer.config.options.policy();
    let started = Instant::now();
    let (until, policy) = (started + policy.deadline, policy.deadline(dialer.connect_limit()));
    let mut attempts = 0;
    loop {
        attempts += 1;
        let opened = async {
            let found = dialer.probe().await?;
            dialer.link(&found, until).await
        };
        let error: Error = match timeout_at(until, opened).await {
            Ok(Ok(opened)) => return Ok(opened),
            Ok(Err(error)) => error,
            Err(_) => dialer.late(),
        };
        let backoff = policy.next_backoff(attempts, None, started.elapsed());
        match backoff.filter(|_| may_connect_again(&error, started.elapsed())) {
            Some(backoff) => {
                tracing::warn!(attempts, %error, "connecting again");
                dialer.tell(&error, attempts, policy, (backoff, started.elapsed()));
                sleep(backoff).await;
            }
            None => return Err(error.tried(attempts, started.elapsed())),
        }
    }
}

/// Whether the appliance forgot the session; the call was not carried out.
fn is_logged_out(error: &Error, call: &Call) -> bool {
    *error.kind() == ErrorKind::CredentialsRejected && error.operation() == call.method()
}

/// What may come right within the time for connecting: not a limit on log-ins, which was waited for, nor an address that leads nowhere.
fn may_connect_again(error: &Error, spent: Duration) -> bool {
    let may_pass = match error.source().and_then(Obstacle::of) {
        None => true,
        Some(found) => !found.is_permanent() && spent < Duration::from_secs(2),
    };
    *error.kind() == ErrorKind::Unreachable && may_pass
}

/// What was not carried out, or only reads, is sent again, unless the way to the appliance is wrong and stays so.
fn may_ask_again(error: &Error) -> bool {
    let may_pass = !error.source().and_then(Obstacle::of).is_some_and(Obstacle::is_permanent);
    matches!(error.kind(), ErrorKind::Unreachable | ErrorKind::RateLimited) && may_pass
}
