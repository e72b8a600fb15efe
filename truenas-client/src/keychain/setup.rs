//! Setting a connection up: what the appliance is asked for.

use serde_json::{Value, json};

use super::SshTarget;
use crate::{KeyPairId, OneTimeCode, Password, Switch, Token};

/// Another appliance that is to let this one in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SemiAutomatic {
    url: String,
    username: String,
    sudo: Switch,
    verify_certificate: Switch,
    connect_timeout: u32,
}

impl SemiAutomatic {
    /// The appliance at this URL, such as `https://nas02.example.net`. SSH will log in as root; its certificate is verified.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            username: "root".to_owned(),
            sudo: Switch::Off,
            verify_certificate: Switch::On,
            connect_timeout: 10,
        }
    }

    /// Who SSH logs in as; root by default. The user needs a home.
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.username = username.into();
        self
    }

    /// Whether that user may run `zfs` as root from then on; off by default.
    pub fn sudo(mut self, sudo: Switch) -> Self {
        self.sudo = sudo;
        self
    }

    /// Whether the other one's certificate has to be signed by somebody whom this one trusts; on by default. An appliance's own is not:
    /// off, whoever answers at the URL is believed. CORE cannot verify.
    pub fn verify_certificate(mut self, verify: Switch) -> Self {
        self.verify_certificate = verify;
        self
    }

    /// For how many seconds connecting is tried; ten by default.
    pub fn connect_timeout(mut self, seconds: u32) -> Self {
        self.connect_timeout = seconds;
        self
    }

    pub(super) fn body(&self, login: &PeerLogin<'_>) -> Value {
        let mut body = json!({
            "url": self.url, "username": self.username, "sudo": self.sudo.is_on(),
            "verify_ssl": self.verify_certificate.is_on(), "connect_timeout": self.connect_timeout,
        });
        match login {
            PeerLogin::Token(token) => body["token"] = token.expose().into(),
            PeerLogin::Password { username, password, code } => {
                body["admin_username"] = (*username).into();
                body["password"] = password.expose().into();
                if let Some(code) = code {
                    body["otp_token"] = code.expose().into();
                }
            }
        }
        body
    }
}

/// How the appliance logs in to the other one, once.
#[derive(Debug)]
#[non_exhaustive]
pub enum PeerLogin<'a> {
    /// By a token that the other one has given out: not bound to an address, since it is this appliance that redeems it.
    Token(&'a Token),
    /// By an administrator's password.
    Password {
        /// The administrator's name.
        username: &'a str,
        /// Its password.
        password: &'a Password,
        /// A one-time code, where one is asked for.
        code: Option<&'a OneTimeCode>,
    },
}

/// Which key pair a new connection uses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyChoice {
    /// A new one, of this name.
    Generate(String),
    /// One of the keychain.
    Existing(KeyPairId),
}

/// A key pair and a connection, to be set up in one call.
#[derive(Debug)]
pub struct NewConnection<'a> {
    name: String,
    pub(super) key: KeyChoice,
    way: Way<'a>,
}

#[derive(Debug)]
enum Way<'a> {
    Manual(&'a SshTarget),
    SemiAutomatic(&'a SemiAutomatic, &'a PeerLogin<'a>),
}

impl<'a> NewConnection<'a> {
    /// A connection that leads to this target; the target's own key pair does not count.
    pub fn manual(name: impl Into<String>, key: KeyChoice, target: &'a SshTarget) -> Self {
        Self { name: name.into(), key, way: Way::Manual(target) }
    }

    /// A connection to an appliance that is asked to let this one in.
    pub fn semi_automatic(
        name: impl Into<String>,
        key: KeyChoice,
        peer: &'a SemiAutomatic,
        login: &'a PeerLogin<'a>,
    ) -> Self {
        Self { name: name.into(), key, way: Way::SemiAutomatic(peer, login) }
    }

    pub(super) fn check(&self) -> Result<(), &'static str> {
        match &self.way {
            Way::Manual(target) => target.check(),
            Way::SemiAutomatic(..) => Ok(()),
        }
    }

    pub(super) fn body(&self) -> Value {
        let key = match &self.key {
            KeyChoice::Generate(name) => json!({"generate_key": true, "name": name}),
            KeyChoice::Existing(id) => json!({"generate_key": false, "existing_key_id": id.get()}),
        };
        let mut body = json!({"connection_name": self.name, "private_key": key});
        match &self.way {
            Way::Manual(target) => {
                body["setup_type"] = "MANUAL".into();
                body["manual_setup"] = json!({
                    "host": target.host, "port": target.port, "username": target.username,
                    "remote_host_key": target.remote_host_key, "connect_timeout": target.connect_timeout,
                });
            }
            Way::SemiAutomatic(peer, login) => {
                body["setup_type"] = "SEMI-AUTOMATIC".into();
                body["semi_automatic_setup"] = peer.body(login);
            }
        }
        body
    }
}
