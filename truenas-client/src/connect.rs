//! From an address to a connection that is logged in.

use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rustls_pki_types::ServerName;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::tungstenite::{Error as WsError, protocol::WebSocketConfig};

use crate::address::Address;
use crate::config::{Config, Credentials};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind};
use crate::transport::{Link, Lost, Protocol, Refusal, Stream};
use crate::trust;

/// Answers larger than this are not read: a list of a hundred thousand snapshots fits.
const ANSWER_LIMIT: usize = 64 << 20;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Opens connections to one box, always under the same trust.
pub(crate) struct Dialer {
    pub(crate) config: Config,
    pub(crate) http: reqwest::Client,
    tls: TlsConnector,
}

impl Dialer {
    pub(crate) fn new(config: Config) -> Result<Self, Error> {
        let tls = trust::tls(&config.trust)?;
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .http1_only()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .dns_resolver(GuardedResolver(config.address.clone()))
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.call_timeout)
            .build()
            .map_err(|e| {
                Error::transport("connect", config.address.to_string(), Box::new(e.without_url()))
            })?;
        Ok(Self { config, http, tls: TlsConnector::from(Arc::new(tls)) })
    }

    fn subject(&self) -> String {
        self.config.address.to_string()
    }

    /// Asks, without logging in, which interfaces the box offers.
    pub(crate) async fn dialect(&self) -> Result<Dialect, Error> {
        const OPERATION: &str = "api/versions";
        let fail = |e: reqwest::Error| Error::transport(OPERATION, self.subject(), Box::new(e.without_url()));
        let url = format!("{}/api/versions", self.config.address.http_origin());
        let response = self.http.get(url).timeout(self.config.connect_timeout).send().await.map_err(fail)?;
        let offered = match response.status().as_u16() {
            200 => response.json::<Vec<String>>().await.map_err(|_| {
                Error::new(OPERATION, self.subject(), ErrorKind::NotUnderstood { path: ".".into() })
            })?,
            // Before 25.04 there is no such page.
            404 => Vec::new(),
            status => return Err(disconnected(OPERATION, self.subject(), format!("HTTP status {status}"))),
        };
        Dialect::choose(&self.subject(), &offered)
    }

    /// Connects, upgrades and logs in, all within the time for connecting.
    pub(crate) async fn link(&self, dialect: &Dialect) -> Result<Link, Error> {
        let opening = async {
            let link = self.open(dialect).await?;
            self.log_in(&link).await?;
            Ok(link)
        };
        let limit = self.config.connect_timeout;
        let late = |_| disconnected("connect", self.subject(), "not connected in time");
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
                Err(disconnected(
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

    async fn log_in(&self, link: &Link) -> Result<(), Error> {
        const METHOD: &str = "auth.login_with_api_key";
        let Credentials::ApiKey(key) = &*self.config.credentials;
        let error = |kind| Err(Error::new(METHOD, self.subject(), kind));
        match link.exchange(METHOD, &[key.expose().into()]).await {
            Ok(Ok(Value::Bool(true))) => Ok(()),
            Ok(Err(Refusal::Busy)) => error(ErrorKind::RateLimited),
            // At the strictest authentication level keys are not taken at all; the box's words could repeat the key.
            Ok(Err(Refusal::Call { errno, errname, reason })) => {
                let reason = reason.replace(key.expose(), "[hidden]");
                error(crate::client::kind_of(errno, errname, reason))
            }
            Ok(Ok(_) | Err(_)) => error(ErrorKind::NotAuthenticated),
            Err(Lost::NotSent | Lost::Unanswered | Lost::TooLong { .. }) => error(ErrorKind::Disconnected),
        }
    }
}

fn disconnected(operation: &'static str, subject: String, cause: impl Into<Cause>) -> Error {
    Error::new(operation, subject, ErrorKind::Disconnected).with_source(cause)
}

/// Gives the HTTP client the same addresses that the socket would dial.
struct GuardedResolver(Address);

impl Resolve for GuardedResolver {
    fn resolve(&self, _name: Name) -> Resolving {
        let address = self.0.clone();
        Box::pin(async move { Ok(Box::new(address.resolve().await?.into_iter()) as Addrs) })
    }
}
