//! From an address to a connection that is logged in.

use std::sync::Arc;
use std::time::Duration;

use http_core::{
    Call as HttpCall, Disposition, Endpoint, ErrorKind as HttpErrorKind, Method, RawHttp, ResponseHead,
    RetryPolicy, ServiceError, Wait,
};
use rustls_pki_types::ServerName;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::{Error as WsError, protocol::WebSocketConfig};

use crate::call::Call;
use crate::config::{Config, Credentials};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::operations;
use crate::refusal;
use crate::transport::{Link, NoAnswer, Protocol, Refusal, Stream};
use crate::trust;

/// Answers larger than this are not read. The longest known are lists of ten thousand snapshots or files, of one or two MiB; as a tree of
/// values an answer may take twenty times its length.
const ANSWER_LIMIT: usize = 16 << 20;

/// The list of versions is a few hundred bytes long, and whatever answers there has shown no credential.
const VERSIONS_LIMIT: u64 = 64 << 10;

/// How long a limit on log-ins is waited for. The appliance takes twenty log-ins a minute from an address, and counts anew after it
/// (TrueNAS middleware 25.10, `utils/rate_limit`).
pub(crate) const LOGIN_LIMIT: Duration = Duration::from_secs(90);

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Opens connections to one appliance, always under the same trust.
pub(crate) struct Dialer {
    pub(crate) config: Config,
    http: RawHttp,
    tls: TlsConnector,
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
        Ok(Self { config, http, tls: TlsConnector::from(Arc::new(tls)) })
    }

    /// Fetches what an address of the appliance holds, under the same trust; the body follows as a stream.
    pub(crate) async fn fetch(&self, path: &str, subject: &str) -> Result<http_core::Response, Error> {
        let url = format!("{}{path}", self.config.address.http_origin());
        let call = HttpCall::new(operations::FILESYSTEM_GET, Method::Get, url)
            .single_attempt(self.config.options.policy().deadline);
        let fetched = self.http.send_raw(call, |head, _| Disposition::by_status(head)).await;
        fetched.map_err(|cause| Error::http(subject, cause))
    }

    fn subject(&self) -> String {
        self.config.address.to_string()
    }

    /// Asks, without logging in, which interfaces the appliance offers.
    pub(crate) async fn dialect(&self) -> Result<Dialect, Error> {
        let operation = operations::API_VERSIONS;
        let url = format!("{}/api/versions", self.config.address.http_origin());
        let call = HttpCall::new(operation, Method::Get, url)
            .single_attempt(self.config.options.connect_limit())
            .longest_answer(VERSIONS_LIMIT);
        let offered: Vec<String> = match Box::pin(self.http.send(call, of_versions)).await {
            Ok(offered) => offered,
            Err(cause) if cause.kind() == HttpErrorKind::NotFound => Vec::new(),
            // Whatever answered there is not the middleware, or not yet.
            Err(cause) if cause.refusal().is_some() => {
                return Err(unreachable(operation.name(), self.subject(), cause));
            }
            Err(cause) => return Err(Error::http(self.subject(), cause)),
        };
        Dialect::choose(&self.subject(), &offered)
    }

    /// Connects and logs in. A limit on log-ins is waited for until it ends, since whoever asks a second later is refused again.
    pub(crate) async fn link(&self, dialect: &Dialect) -> Result<Link, Error> {
        let started = Instant::now();
        let policy = RetryPolicy { attempts: u32::MAX, ..self.config.options.policy() }.deadline(LOGIN_LIMIT);
        let mut attempts = 0;
        loop {
            attempts += 1;
            let error = match self.link_once(dialect).await {
                Err(error) if *error.kind() == ErrorKind::RateLimited => error,
                Err(error) if attempts > 1 => return Err(error.tried(attempts, started.elapsed())),
                outcome => return outcome,
            };
            // Without a random part: the appliance counts the minute from the first log-in, however often it is asked meanwhile.
            let pause = Some(policy.backoff(attempts, u64::MAX));
            let Some(pause) = policy.next_backoff(attempts, pause, started.elapsed()) else {
                return Err(error.tried(attempts, started.elapsed()));
            };
            tracing::warn!(attempts, %error, "logging in again");
            self.tell(&error, attempts, policy, (pause, started.elapsed()));
            sleep(pause).await;
        }
    }

    /// Tells whoever listens that after `pause`, `spent` after the first attempt, another will be made.
    pub(crate) fn tell(
        &self,
        error: &Error,
        attempts: u32,
        policy: RetryPolicy,
        (pause, spent): (Duration, Duration),
    ) {
        let wait = Wait::new("truenas", error.operation(), attempts + 1, error.kind())
            .on(Some(self.subject()))
            .lasting(pause, policy.deadline.saturating_sub(spent));
        let bounded = policy.attempts < u32::MAX;
        self.config.options.observer().tell(&if bounded { wait.of(policy.attempts) } else { wait });
    }

    /// Connects, upgrades and logs in, all within the time for connecting.
    async fn link_once(&self, dialect: &Dialect) -> Result<Link, Error> {
        let opening = async {
            let link = self.open(dialect).await?;
            self.log_in(&link, dialect).await?;
            Ok(link)
        };
        let limit = self.config.options.connect_limit();
        let late = |_| unreachable("connect", self.subject(), "not connected in time");
        timeout(limit, opening).await.map_err(late)?
    }

    async fn open(&self, dialect: &Dialect) -> Result<Link, Error> {
        let fail = |e: Cause| Error::transport("connect", self.subject(), e);
        let stream = self.dial().await.map_err(fail)?;
        let limits = WebSocketConfig::default()
            .max_message_size(Some(ANSWER_LIMIT))
            .max_frame_size(Some(ANSWER_LIMIT));
        let protocol = Protocol::JsonRpc;
        let url = self.config.address.socket_url(&protocol.path(dialect.version()));
        match tokio_tungstenite::client_async_with_config(url, stream, Some(limits)).await {
            Ok((socket, _)) => Ok(Link::start(socket, protocol)),
            // The status only: neither a redirect's target nor a body is of use.
            Err(WsError::Http(response)) => {
                let status = response.status().as_u16();
                Err(unreachable(
                    "connect",
                    self.subject(),
                    format!("HTTP status {status} instead of a WebSocket"),
                ))
            }
            Err(error) => Err(fail(Box::new(error))),
        }
    }

    async fn dial(&self) -> Result<Box<dyn Stream>, Cause> {
        let addresses = self.config.address.resolve().await?;
        let tcp = TcpStream::connect(&*addresses).await?;
        tcp.set_nodelay(true)?;
        if !self.config.address.is_secure() {
            return Ok(Box::new(tcp));
        }
        let name = ServerName::try_from(self.config.address.bare_host())?;
        Ok(Box::new(self.tls.connect(name, tcp).await?))
    }

    async fn log_in(&self, link: &Link, dialect: &Dialect) -> Result<(), Error> {
        let Credentials::ApiKey(key) = &*self.config.credentials;
        let call = Call::new(operations::LOG_IN, [key.expose().into()]);
        let kind = match link.exchange(call.method(), &call.params).await {
            Ok(Ok(Value::Bool(true))) => return Ok(()),
            // At the strictest authentication level keys are not accepted at all.
            Ok(Err(refusal @ (Refusal::Busy | Refusal::Call { .. }))) => {
                refusal::kind(&call, &dialect.version().to_string(), refusal)
            }
            Ok(Ok(_) | Err(_)) => ErrorKind::CredentialsRejected,
            Err(NoAnswer::AnswerTooLong) => answer_too_long(),
            Err(NoAnswer::NotSent | NoAnswer::Unanswered | NoAnswer::TooLong { .. }) => {
                ErrorKind::Unreachable
            }
        };
        Err(Error::new(call.method(), self.subject(), kind))
    }
}

/// What the answer about versions means: 25.04 and newer list them. The web server of older releases sends every page that it does
/// not know to the interface for people, or shows that interface.
fn of_versions(head: &ResponseHead, body: &[u8]) -> Disposition {
    let to_people = head.status() == 302 && head.header("location").is_some_and(|to| to.ends_with("/ui/"));
    let for_people = head.is_success() && body.trim_ascii_start().starts_with(b"<");
    if to_people || for_people {
        return Disposition::Fail(ServiceError::new(head).kind(HttpErrorKind::NotFound));
    }
    Disposition::by_status(head)
}

/// A message that was not read to its end.
pub(crate) fn answer_too_long() -> ErrorKind {
    ErrorKind::NotUnderstood { path: format!("byte {ANSWER_LIMIT}, beyond which no message is read") }
}

fn unreachable(operation: &'static str, subject: String, cause: impl Into<Cause>) -> Error {
    Error::new(operation, subject, ErrorKind::Unreachable).with_source(cause)
}
