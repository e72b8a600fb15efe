//! A log-in by a person in a browser: authorisation code with PKCE (RFC 7636), which leads back to a port of this machine (RFC 8252).

use std::net::SocketAddr;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use http_core::Endpoint;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::error::Error;
use crate::grant::{Grant, TokenScope};
use crate::ids::ClientId;
use crate::secret::{AuthorizationCode, ClientSecret, CodeVerifier};

/// The name of this step in errors.
const LOG_IN: &str = "log_in";

/// The most of a request that is read: a browser sends far less.
const LONGEST: usize = 16 * 1024;

/// How long one connection may take to send its request.
const REQUEST: Duration = Duration::from_secs(10);

/// The most connections that are read at once.
const AT_ONCE: usize = 64;

/// A log-in that has begun: show its address to a person, then wait for the end.
#[derive(Debug)]
#[must_use = "a log-in that nobody waits for leads nowhere"]
pub struct Login {
    listener: TcpListener,
    id: ClientId,
    secret: Option<ClientSecret>,
    url: String,
    state: String,
    verifier: CodeVerifier,
    redirect_uri: String,
}

impl Login {
    /// Opens the port that the log-in leads back to. `base_url` is the instance's ([`crate::Region::base_url`]), `port` and `path` those of the
    /// redirect URI that the application was registered with: NinjaOne compares it letter by letter. Port 0 takes a free one.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] when the address or the path cannot be used, the port cannot be opened, or this machine gives no
    /// random bytes.
    pub async fn begin(
        base_url: &str,
        id: ClientId,
        secret: Option<ClientSecret>,
        scopes: &[TokenScope],
        (port, path): (u16, &str),
    ) -> Result<Self, Error> {
        let endpoint = Endpoint::parse("base URL", base_url).map_err(|error| refused(error.to_string()))?;
        if !(path.is_empty() || path.starts_with('/')) || path.contains(['?', '#', ' ']) {
            return Err(refused(format!("{path:?} is no path: that begins with a slash, and has no query")));
        }
        let opened = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port))).await;
        let listener = opened.map_err(|error| refused(format!("port {port} cannot be opened: {error}")))?;
        let at = listener.local_addr().map_err(|error| refused(error.to_string()))?;
        let redirect_uri = format!("http://127.0.0.1:{}{path}", at.port());
        let (state, verifier) = (random()?, random()?);
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
        let scopes: Vec<&str> = scopes.iter().copied().map(TokenScope::as_str).collect();
        let scopes = scopes.join(" ");
        let query = [
            ("response_type", "code"),
            ("client_id", id.as_str()),
            ("redirect_uri", &redirect_uri),
            ("scope", &scopes),
            ("state", &state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        // Without any scope named, a person grants all that the application may ask for.
        let query = query.into_iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> = query
            .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
            .collect();
        let url = format!("{}?{}", endpoint.join("/ws/oauth/authorize"), query.join("&"));
        Ok(Self { listener, id, secret, url, state, verifier: CodeVerifier::new(verifier), redirect_uri })
    }

    /// Where the person logs in.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the log-in leads back to.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Waits until the person has logged in. What does not carry this log-in's state came from elsewhere, and is not an end of it.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] when NinjaOne or the person refused, or nobody has logged in within `limit`.
    pub async fn wait(self, limit: Duration) -> Result<Grant, Error> {
        let heard = timeout(limit, self.heard()).await;
        let (mut stream, outcome) = heard.map_err(|_| refused("nobody has logged in".to_owned()))??;
        let said = match outcome {
            Ok(_) => "You are logged in. You can close this window.",
            Err(_) => "The log-in was refused. You can close this window.",
        };
        answer(&mut stream, "200 OK", said).await;
        let code = outcome.map_err(refused)?;
        let Self { id, secret, verifier, redirect_uri, .. } = self;
        Ok(Grant::AuthorizationCode { id, secret, code, verifier, redirect_uri })
    }

    /// The first request that ends this log-in. Connections are read side by side: browsers open some ahead, and send nothing on them.
    async fn heard(&self) -> Result<(TcpStream, Result<AuthorizationCode, String>), Error> {
        let mut opened = FuturesUnordered::new();
        loop {
            let (mut stream, target) = tokio::select! {
                accepted = self.listener.accept(), if opened.len() < AT_ONCE => {
                    let (stream, _) = accepted.map_err(|error| refused(error.to_string()))?;
                    opened.push(asked(stream));
                    continue;
                }
                Some(asked) = opened.next() => match asked {
                    Some(asked) => asked,
                    None => continue,
                },
            };
            match self.judge(&target) {
                Some(outcome) => return Ok((stream, outcome)),
                None => {
                    answer(&mut stream, "404 Not Found", "This is not the page that you are looking for.")
                        .await;
                }
            }
        }
    }

    /// What a request means to this log-in: nothing, its refusal, or its code.
    fn judge(&self, target: &str) -> Option<Result<AuthorizationCode, String>> {
        let (path, query) = target.split_once('?')?;
        let (_, own) = self.redirect_uri.split_once("://")?;
        if own.find('/').map_or("/", |at| &own[at..]) != path {
            return None;
        }
        let value = |name: &str| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            let found =
                pairs.filter(|(key, _)| *key == name).map(|(_, value)| value.replace('+', " ")).next()?;
            Some(percent_decode_str(&found).decode_utf8().ok()?.into_owned())
        };
        if value("state")? != self.state {
            return None;
        }
        let why = || value("error").map(|error| format!("NinjaOne ended the log-in with {error:?}"));
        match value("code") {
            Some(code) => Some(Ok(AuthorizationCode::new(code))),
            None => Some(Err(why().unwrap_or_else(|| "NinjaOne ended the log-in without a code".to_owned()))),
        }
    }
}

fn refused(why: String) -> Error {
    Error::invalid(LOG_IN, why)
}

/// 256 random bits as text.
fn random() -> Result<String, Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| refused("this machine gives no random bytes".to_owned()))?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

/// What a connection asks for, where it does so in time.
async fn asked(mut stream: TcpStream) -> Option<(TcpStream, String)> {
    let target = timeout(REQUEST, request_line(&mut stream)).await.ok()??;
    Some((stream, target))
}

/// The target of a GET request, once its head has come.
async fn request_line(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.windows(4).any(|part| part == b"\r\n\r\n") && head.len() < LONGEST {
        let mut piece = [0; 2048];
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => break,
            Ok(read) => head.extend_from_slice(&piece[..read]),
        }
    }
    let head = String::from_utf8(head).ok()?;
    let target = head.lines().next()?.strip_prefix("GET ")?.split(' ').next()?;
    Some(target.to_owned())
}

async fn answer(stream: &mut TcpStream, status: &str, text: &str) {
    let body = format!("<!DOCTYPE html><title>NinjaOne</title><p>{text}</p>");
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {length}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
    );
    // Whether the browser still listens does not matter to the log-in.
    let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
    let _ = stream.shutdown().await;
}
