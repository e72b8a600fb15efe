//! From an address to a connection that is logged in.

use std::time::Duration;

use http_core::RetryPolicy;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_tungstenite::tungstenite::{Error as WsError, protocol::WebSocketConfig};

use crate::dialect::Dialect;
use crate::dialer::{ANSWER_LIMIT, Cause, Dialer, Opened, unreachable};
use crate::error::{Error, ErrorKind};
use crate::probe::Found;
use crate::transport::{Link, NoAnswer, Protocol, Stream};
use crate::{binding, login};

/// How long a limit on log-ins is waited for. The appliance takes twenty log-ins a minute from an address, and counts anew after it
/// (TrueNAS middleware 25.10, `utils/rate_limit`).
pub(crate) const LOGIN_LIMIT: Duration = Duration::from_secs(90);

/// Bytes that each connection holds for what comes in. Most answers are shorter, and whoever watches a fleet has thousands of connections that
/// wait; a longer answer is read in several pieces.
const READ_BUFFER: usize = 16 << 10;

impl Dialer {
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
            .read_buffer_size(READ_BUFFER)
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
        let binding = shown.and_then(|certificate| binding::of_certificate(certificate));
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
