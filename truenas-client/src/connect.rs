//! From an address to a connection that is logged in.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_core::{Call as HttpCall, Disposition, Endpoint, Method, Operation, RawHttp, RetryPolicy, Wait};
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::{Error as WsError, protocol::WebSocketConfig};

use crate::config::Config;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::login::{self, Stretched};
use crate::probe::Found;
use crate::transport::{Link, NoAnswer, Protocol, Stream};
use crate::trust;

/// Answers larger than this are not read. The longest known are lists of ten thousand snapshots or files, of one or two MiB; as a tree of
/// values an answer may take twenty times its length.
const ANSWER_LIMIT: usize = 16 << 20;

/// How long a limit on log-ins is waited for. The appliance takes twenty log-ins a minute from an address, and counts anew after it
/// (TrueNAS middleware 25.10, `utils/rate_limit`).
pub(crate) const LOGIN_LIMIT: Duration = Duration::from_secs(90);

/// Why a download is not given out although the session may have it (TrueNAS middleware 25.10, `apps/file_app.py`).
const NO_TOKEN: &str = "status 401: what is downloaded is given out once, within five minutes, and to the address that asked for it; \
    has this machine several ways to the appliance?";

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Opens connections to one appliance, always under the same trust.
pub(crate) struct Dialer {
    pub(crate) config: Config,
    pub(crate) http: RawHttp,
    tls: TlsConnector,
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

    /// Connects and logs in. A limit on log-ins is waited for until it ends, since whoever asks a second later is refused again; but no longer
    /// than `until`, when the call is given up that the connection is for.
    pub(crate) async fn link(&self, found: &Found, until: Instant) -> Result<(Dialect, Link), Error> {
        let started = Instant::now();
        let deadline = LOGIN_LIMIT.min(until.saturating_duration_since(started));
        let policy = RetryPolicy { attempts: u32::MAX, ..self.config.options.policy() }.deadline(deadline);
        let mut attempts = 0;
        let mut limited: Option<Error> = None;
        loop {
            attempts += 1;
            let error = match timeout_at(until, self.link_once(found)).await {
                Ok(Err(error)) if *error.kind() == ErrorKind::RateLimited => error,
                Ok(Err(error)) if attempts > 1 => return Err(error.tried(attempts, started.elapsed())),
                Ok(outcome) => return outcome,
                // The limit took the time, and not the attempt that it left no time for.
                Err(_) => return Err(limited.unwrap_or_else(|| self.late())),
            };
            // Without a random part: the appliance counts the minute from the first log-in, however often it is asked meanwhile.
            let pause = Some(policy.backoff(attempts, u64::MAX));
            let Some(pause) = policy.next_backoff(attempts, pause, started.elapsed()) else {
                return Err(error.tried(attempts, started.elapsed()));
            };
            tracing::warn!(attempts, %error, "logging in again");
            self.tell(&error, attempts, policy, (pause, started.elapsed()));
            limited = Some(error.tried(attempts, started.elapsed()));
            sleep(pause).await;
        }
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

    /// Connects, upgrades and logs in, all within the time for connecting. Each attempt to log in has a connection of its own: after a failed
    /// one, 25.04 answers the next with an error of its own (TrueNAS middleware 25.04.2, PAM).
    async fn link_once(&self, found: &Found) -> Result<(Dialect, Link), Error> {
        let opening = async {
            let opened = self.open(found).await?;
            let dialect = login::log_in(self, &opened, found).await?;
            Ok((dialect, opened.link))
        };
        timeout(self.connect_limit(), opening).await.map_err(|_| self.late())?
    }

    /// The error of a connection that took too long.
    pub(crate) fn late(&self) -> Error {
        unreachable("connect", self.subject(), "not connected in time")
    }

    async fn open(&self, found: &Found) -> Result<Opened, Error> {
        let (protocol, path) = match found {
            Found::Versions(dialect) => {
                let version = dialect.version().map(ToString::to_string).unwrap_or_default();
                (Protocol::JsonRpc, format!("/api/{version}"))
            }
            Found::Older | Found::Doubtful => (Protocol::Legacy, "/websocket".to_owned()),
        };
        let fail = |kind| Error::new("connect", self.subject(), kind);
        let broken = |e: Cause| Error::transport("connect", self.subject(), e);
        let (stream, binding) = self.dial().await.map_err(broken)?;
        let limits = WebSocketConfig::default()
            .max_message_size(Some(ANSWER_LIMIT))
            .max_frame_size(Some(ANSWER_LIMIT));
        let url = self.config.address.socket_url(&path);
        let socket = match tokio_tungstenite::client_async_with_config(url, stream, Some(limits)).await {
            Ok((socket, _)) => socket,
            // The status only: neither a redirect's target nor a body is of use.
            Err(WsError::Http(response)) => {
                let status = response.status().as_u16();
                let found_there = format!("HTTP status {status} instead of a WebSocket");
                return Err(match (status, found) {
                    // A web server without the middleware behind it, for now.
                    (429 | 502..=504, _) => unreachable("connect", self.subject(), found_there),
                    (_, Found::Doubtful) => fail(ErrorKind::NotTrueNas),
                    _ => fail(ErrorKind::SocketBlocked { found: found_there }),
                });
            }
            Err(error) => return Err(broken(Box::new(error))),
        };
        let link = Link::start(socket, protocol).await.map_err(|why| fail(not_open(why)))?;
        Ok(Opened { link, protocol, binding })
    }

    async fn dial(&self) -> Result<(Box<dyn Stream>, Option<Vec<u8>>), Cause> {
        let addresses = self.config.address.resolve(self.config.options.names()).await?;
        let tcp = TcpStream::connect(&*addresses).await?;
        tcp.set_nodelay(true)?;
        if !self.config.address.is_secure() {
            return Ok((Box::new(tcp), None));
        }
        let name = ServerName::try_from(self.config.address.bare_host())?;
        let stream = self.tls.connect(name, tcp).await?;
        let shown = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
        let binding = shown.and_then(|certificate| login::binding(certificate));
        Ok((Box::new(stream), binding))
    }
}

/// Why a connection that was let through did not come to a log-in.
fn not_open(why: NoAnswer) -> ErrorKind {
    match why {
        NoAnswer::NotAllowed => ErrorKind::AddressNotAllowed,
        NoAnswer::NotUnderstood => ErrorKind::NotTrueNas,
        _ => ErrorKind::Unreachable,
    }
}

/// A message that was not read to its end.
pub(crate) fn answer_too_long() -> ErrorKind {
    ErrorKind::NotUnderstood { path: format!("byte {ANSWER_LIMIT}, beyond which no message is read") }
}

pub(crate) fn unreachable(operation: &'static str, subject: String, cause: impl Into<Cause>) -> Error {
    Error::new(operation, subject, ErrorKind::Unreachable).with_source(cause)
}
