//! The SSH service's settings, and the host keys that it shows. Starting it is a matter of [`services`](crate::services).

use std::collections::BTreeMap;

use data_encoding::BASE64;
use serde::{Deserialize, Deserializer, Serialize};

use crate::call::{Call, Changes};
use crate::keychain::HostKey;
use crate::operations;
use crate::{Client, Error, ErrorKind, Switch};

impl Client {
    /// The SSH service's settings.
    pub fn ssh(&self) -> Ssh<'_> {
        Ssh { client: self }
    }
}

/// Calls about the SSH service.
#[derive(Clone, Copy, Debug)]
pub struct Ssh<'a> {
    client: &'a Client,
}

impl Ssh<'_> {
    /// The settings as they are.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn config(&self) -> Result<SshConfig, Error> {
        self.client.carry_out(Call::new(operations::SSH_CONFIG, [])).await
    }

    /// Changes settings. A service that runs reads them anew.
    ///
    /// # Errors
    /// `InvalidRequest` for port 0; `Unsupported` on CORE for groups; `OutcomeUnknown` when the answer is lost (doing it again is harmless);
    /// `Validation`, `Unauthorized`.
    pub async fn update(&self, changes: &UpdateSsh) -> Result<SshConfig, Error> {
        let operation = operations::SSH_UPDATE;
        let body = changes.0.body();
        if body["tcpport"] == 0 {
            let reason = "a port is a number from 1 to 65535";
            return Err(Error::new(
                operation.name(),
                self.client.subject(),
                ErrorKind::InvalidRequest { reason },
            ));
        }
        self.client.carry_out(Call::new(operation, [body])).await
    }

    /// The interfaces that the service can be bound to, by name, with what they are called.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn interface_choices(&self) -> Result<BTreeMap<String, String>, Error> {
        self.client.carry_out(Call::new(operations::SSH_INTERFACES, [])).await
    }
}

/// The SSH service's settings. Private host keys, which some releases send along, are not read.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the appliance's own form")]
pub struct SshConfig {
    /// The port that it listens at.
    pub tcpport: u16,
    /// The interfaces that it listens on; empty means all.
    #[serde(default)]
    pub bindiface: Vec<String>,
    /// Whether users may log in with their passwords.
    #[serde(default)]
    pub passwordauth: bool,
    /// The groups whose members may log in with their passwords all the same; none on CORE.
    #[serde(default)]
    pub password_login_groups: Vec<String>,
    /// Whether root may log in with a password: on CORE, the only release that has this.
    #[serde(default)]
    pub rootlogin: Option<bool>,
    /// Whether users may log in by Kerberos.
    #[serde(default)]
    pub kerberosauth: bool,
    /// Whether users may forward ports.
    #[serde(default)]
    pub tcpfwd: bool,
    /// Whether connections are compressed.
    #[serde(default)]
    pub compression: bool,
    /// How much SFTP logs, by sshd's name of it; empty means sshd's default.
    #[serde(default)]
    pub sftp_log_level: String,
    /// Under what SFTP logs, by syslog's name of it; empty means sshd's default.
    #[serde(default)]
    pub sftp_log_facility: String,
    /// The weak ciphers that are allowed all the same.
    #[serde(default)]
    pub weak_ciphers: Vec<String>,
    /// Further lines of sshd's configuration.
    #[serde(default)]
    pub options: String,
    /// The RSA host key.
    #[serde(default, rename = "host_rsa_key_pub", deserialize_with = "public")]
    pub rsa_host_key: Option<HostKey>,
    /// The ECDSA host key.
    #[serde(default, rename = "host_ecdsa_key_pub", deserialize_with = "public")]
    pub ecdsa_host_key: Option<HostKey>,
    /// The Ed25519 host key.
    #[serde(default, rename = "host_ed25519_key_pub", deserialize_with = "public")]
    pub ed25519_host_key: Option<HostKey>,
}

impl SshConfig {
    /// The host keys that the service shows, the shortest first. Whoever connects to this appliance needs one of them.
    pub fn host_keys(&self) -> impl Iterator<Item = &HostKey> {
        [&self.ed25519_host_key, &self.ecdsa_host_key, &self.rsa_host_key].into_iter().flatten()
    }
}

/// A key file in base64; what is no host key is none.
fn public<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<HostKey>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let file = text.and_then(|text| BASE64.decode(text.as_bytes()).ok());
    Ok(file.and_then(|file| String::from_utf8(file).ok()?.parse().ok()))
}

/// What to change about the SSH service.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct UpdateSsh(Changes);

impl UpdateSsh {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The port that it listens at.
    pub fn tcpport(self, port: u16) -> Self {
        Self(self.0.set("tcpport", port))
    }

    /// The interfaces that it listens on; none means all.
    pub fn bindiface<T: Into<String>>(self, interfaces: impl IntoIterator<Item = T>) -> Self {
        self.list("bindiface", interfaces)
    }

    /// Whether users may log in with their passwords.
    pub fn passwordauth(self, passwords: Switch) -> Self {
        Self(self.0.set("passwordauth", passwords.is_on()))
    }

    /// The groups whose members may log in with their passwords all the same.
    pub fn password_login_groups<T: Into<String>>(self, groups: impl IntoIterator<Item = T>) -> Self {
        self.list("password_login_groups", groups)
    }

    /// Whether users may log in by Kerberos.
    pub fn kerberosauth(self, kerberos: Switch) -> Self {
        Self(self.0.set("kerberosauth", kerberos.is_on()))
    }

    /// Whether users may forward ports.
    pub fn tcpfwd(self, forwarding: Switch) -> Self {
        Self(self.0.set("tcpfwd", forwarding.is_on()))
    }

    /// Whether connections are compressed.
    pub fn compression(self, compression: Switch) -> Self {
        Self(self.0.set("compression", compression.is_on()))
    }

    /// How much SFTP logs, such as `INFO`; empty means sshd's default.
    pub fn sftp_log_level(self, level: &str) -> Self {
        Self(self.0.set("sftp_log_level", level))
    }

    /// Under what SFTP logs, such as `AUTH`; empty means sshd's default.
    pub fn sftp_log_facility(self, facility: &str) -> Self {
        Self(self.0.set("sftp_log_facility", facility))
    }

    /// The weak ciphers that are allowed all the same: `AES128-CBC`, `NONE`.
    pub fn weak_ciphers<T: Into<String>>(self, ciphers: impl IntoIterator<Item = T>) -> Self {
        self.list("weak_ciphers", ciphers)
    }

    /// Further lines of sshd's configuration, all of them.
    pub fn options(self, lines: &str) -> Self {
        Self(self.0.set("options", lines))
    }

    fn list<T: Into<String>>(self, field: &str, items: impl IntoIterator<Item = T>) -> Self {
        let items: Vec<String> = items.into_iter().map(Into::into).collect();
        Self(self.0.set(field, items))
    }
}
