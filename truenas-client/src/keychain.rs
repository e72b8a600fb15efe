//! The keychain: SSH key pairs, and connections to other appliances that log in with them.

mod entry;
mod host_key;
mod setup;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::call::Call;
use crate::operations;
use crate::query::Query;
use crate::{Client, Error, ErrorKind, KeyPairId, SshConnectionId};

pub use entry::{KeyPair, KeychainEntry, SshConnection, SshTarget};
pub use host_key::{HostKey, MOST_CHARACTERS};
pub use setup::{KeyChoice, NewConnection, PeerLogin, SemiAutomatic};

http_core::secret_types! {
    /// A private SSH key, whole: in OpenSSH's format or PEM, and not encrypted, which the appliance refuses.
    PrivateKey;
}

const PAIR: &str = "SSH_KEY_PAIR";
const CONNECTION: &str = "SSH_CREDENTIALS";

impl Client {
    /// The appliance's SSH key pairs and connections.
    pub fn keychain(&self) -> Keychain<'_> {
        Keychain { client: self }
    }
}

/// Calls about the keychain.
#[derive(Clone, Copy, Debug)]
pub struct Keychain<'a> {
    client: &'a Client,
}

/// What one entry of the keychain is named by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeychainRef {
    /// A key pair.
    KeyPair(KeyPairId),
    /// A connection.
    Connection(SshConnectionId),
}

impl KeychainRef {
    fn get(self) -> i64 {
        match self {
            Self::KeyPair(id) => id.get(),
            Self::Connection(id) => id.get(),
        }
    }
}

impl From<KeyPairId> for KeychainRef {
    fn from(id: KeyPairId) -> Self {
        Self::KeyPair(id)
    }
}

impl From<SshConnectionId> for KeychainRef {
    fn from(id: SshConnectionId) -> Self {
        Self::Connection(id)
    }
}

/// What becomes of whatever uses an entry that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InUse {
    /// The deletion is refused.
    Refuse,
    /// Connections that use a key pair are deleted with it, and replication tasks that use either are disabled.
    Cascade,
}

impl Keychain<'_> {
    /// Every key pair and connection.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self) -> Result<Vec<KeychainEntry>, Error> {
        self.client.carry_out(Call::new(operations::KEYCHAIN_QUERY, Query::new().params())).await
    }

    /// One key pair.
    ///
    /// # Errors
    /// `NotFound`, also when it is no key pair; those of every reading call.
    pub async fn key_pair(&self, id: KeyPairId) -> Result<KeyPair, Error> {
        match self.find(id.get()).await? {
            Some(KeychainEntry::KeyPair(pair)) => Ok(pair),
            _ => Err(Self::not_found(&format!("key pair {id}"))),
        }
    }

    /// One connection.
    ///
    /// # Errors
    /// `NotFound`, also when it is no connection; those of every reading call.
    pub async fn connection(&self, id: SshConnectionId) -> Result<SshConnection, Error> {
        match self.find(id.get()).await? {
            Some(KeychainEntry::Connection(connection)) => Ok(connection),
            _ => Err(Self::not_found(&format!("SSH connection {id}"))),
        }
    }

    async fn find(&self, id: i64) -> Result<Option<KeychainEntry>, Error> {
        let query = Query::new().equals("id", id);
        let found: Vec<KeychainEntry> =
            self.client.carry_out(Call::new(operations::KEYCHAIN_QUERY, query.params())).await?;
        Ok(found.into_iter().next())
    }

    fn not_found(what: &str) -> Error {
        Error::new(operations::KEYCHAIN_QUERY.name(), what, ErrorKind::NotFound)
    }

    fn refused(self, call: http_core::Operation, reason: &'static str) -> Error {
        Error::new(call.name(), self.client.subject(), ErrorKind::InvalidRequest { reason })
    }

    /// Has the appliance make a new RSA key pair. It keeps neither half: [`create_key_pair`](Self::create_key_pair) does.
    ///
    /// # Errors
    /// Those of every reading call; `Unauthorized` for who may only read.
    pub async fn generate(&self) -> Result<GeneratedKeyPair, Error> {
        self.client.carry_out(Call::new(operations::KEYCHAIN_GENERATE, [])).await
    }

    /// Stores a private key under a name; its public half is derived by the appliance.
    ///
    /// # Errors
    /// `Validation` when the name is taken or the key is none, or encrypted; `OutcomeUnknown` when the answer is lost: look before creating
    /// again; `RedactedSecret`, `Unauthorized`.
    pub async fn create_key_pair(&self, name: &str, key: &PrivateKey) -> Result<KeyPair, Error> {
        let attributes = json!({"private_key": key.expose()});
        let body = json!({"name": name, "type": PAIR, "attributes": attributes});
        self.client.carry_out(Call::new(operations::KEYCHAIN_CREATE, [body])).await
    }

    /// Gives a key pair another name; both keys stay as they are.
    ///
    /// # Errors
    /// As [`create_key_pair`](Self::create_key_pair), and `NotFound`.
    pub async fn rename_key_pair(&self, id: KeyPairId, name: &str) -> Result<KeyPair, Error> {
        let params = [id.get().into(), json!({"name": name})];
        self.client.carry_out(Call::new(operations::KEYCHAIN_UPDATE, params)).await
    }

    /// Replaces both keys of a pair; its public half is derived by the appliance. Other appliances that let the old one in do not know the
    /// new one.
    ///
    /// # Errors
    /// As [`create_key_pair`](Self::create_key_pair), and `NotFound`.
    pub async fn replace_key(&self, id: KeyPairId, key: &PrivateKey) -> Result<KeyPair, Error> {
        let params = [id.get().into(), json!({"attributes": {"private_key": key.expose()}})];
        self.client.carry_out(Call::new(operations::KEYCHAIN_UPDATE, params)).await
    }

    /// Stores a connection. The appliance does not look whether its key pair exists; this does, before anything is written.
    ///
    /// # Errors
    /// `InvalidRequest` when there is no such key pair, or the host key is none or too long; `Validation` when the name is taken;
    /// `OutcomeUnknown` when the answer is lost: look before creating again; `Unauthorized`.
    pub async fn create_connection(&self, name: &str, target: &SshTarget) -> Result<SshConnection, Error> {
        self.check_target(operations::KEYCHAIN_CREATE, target).await?;
        let body = json!({"name": name, "type": CONNECTION, "attributes": target});
        self.client.carry_out(Call::new(operations::KEYCHAIN_CREATE, [body])).await
    }

    /// Gives a connection another name.
    ///
    /// # Errors
    /// As [`create_connection`](Self::create_connection), and `NotFound`.
    pub async fn rename_connection(&self, id: SshConnectionId, name: &str) -> Result<SshConnection, Error> {
        let params = [id.get().into(), json!({"name": name})];
        self.client.carry_out(Call::new(operations::KEYCHAIN_UPDATE, params)).await
    }

    /// Replaces where a connection leads, all of it. A target that was read keeps what this crate does not know.
    ///
    /// # Errors
    /// As [`create_connection`](Self::create_connection), and `NotFound`.
    pub async fn redirect(&self, id: SshConnectionId, target: &SshTarget) -> Result<SshConnection, Error> {
        self.check_target(operations::KEYCHAIN_UPDATE, target).await?;
        let params = [id.get().into(), json!({"attributes": target})];
        self.client.carry_out(Call::new(operations::KEYCHAIN_UPDATE, params)).await
    }

    async fn check_target(&self, call: http_core::Operation, target: &SshTarget) -> Result<(), Error> {
        target.check().map_err(|reason| self.refused(call, reason))?;
        self.check_pair(call, target.private_key).await
    }

    /// The appliance takes any number for a key pair's (TrueNAS middleware 25.10, `plugins/keychain.py`).
    async fn check_pair(&self, call: http_core::Operation, pair: KeyPairId) -> Result<(), Error> {
        self.client.permit(&Call::new(call, []))?;
        match self.find(pair.get()).await? {
            Some(KeychainEntry::KeyPair(_)) => Ok(()),
            _ => {
                Err(self
                    .refused(call, "there is no such key pair in the appliance's keychain: create it first"))
            }
        }
    }

    /// Deletes a key pair or a connection.
    ///
    /// # Errors
    /// `Rejected` while in use, unless it cascades; `NotFound`, `OutcomeUnknown`, `Unauthorized`.
    pub async fn delete(&self, entry: impl Into<KeychainRef>, in_use: InUse) -> Result<(), Error> {
        let options = json!({"cascade": in_use == InUse::Cascade});
        let call = Call::new(operations::KEYCHAIN_DELETE, [entry.into().get().into(), options]);
        self.client.carry_out::<Value>(call).await.map(drop)
    }

    /// What uses a key pair or a connection.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn used_by(&self, entry: impl Into<KeychainRef>) -> Result<Vec<KeychainUse>, Error> {
        self.client.carry_out(Call::new(operations::KEYCHAIN_USED_BY, [entry.into().get().into()])).await
    }

    /// Has the appliance ask another one for its SSH host keys, for at most so many seconds. Whoever answers is believed: better take the keys from
    /// that appliance's own settings, where it can be asked ([`SshConfig::host_keys`](crate::ssh::SshConfig::host_keys)).
    ///
    /// # Errors
    /// `Rejected` when nobody answers there; `NotUnderstood` when what came is no host key; those of every reading call.
    pub async fn scan_host_keys(&self, host: &str, port: u16, seconds: u32) -> Result<Vec<HostKey>, Error> {
        let body = json!({"host": host, "port": port, "connect_timeout": seconds});
        let found: String = self.client.carry_out(Call::new(operations::KEYCHAIN_SCAN, [body])).await?;
        let keys = found.lines().filter(|line| !line.trim().is_empty()).map(str::parse);
        let name = operations::KEYCHAIN_SCAN.name();
        keys.collect::<Result<Vec<HostKey>, Error>>()
            .map_err(|_| Error::new(name, host, ErrorKind::NotUnderstood { path: ".".into() }))
    }

    /// Has the appliance log in to another one, which lets it in by SSH from then on, and stores the connection. The other one's SSH service is
    /// started, the key is added to its user's, and its user gets a shell (and with `sudo` the right to run `zfs`): all that stays
    /// when a later step fails.
    ///
    /// # Errors
    /// `InvalidRequest` when there is no such key pair; `Rejected` with the appliance's words when the other one cannot be reached, shows a certificate
    /// that is not trusted, does not accept the login, or has no such user with a home; `Validation` when the name is taken; `Unsupported`
    /// on CORE for what it does not know; `OutcomeUnknown` when the answer is lost; `Unauthorized`.
    pub async fn set_up_semi_automatically(
        &self,
        name: &str,
        key_pair: KeyPairId,
        peer: &SemiAutomatic,
        login: &PeerLogin<'_>,
    ) -> Result<SshConnection, Error> {
        let operation = operations::KEYCHAIN_SEMI_AUTOMATIC;
        self.check_pair(operation, key_pair).await?;
        let mut body = peer.body(login);
        body["name"] = name.into();
        body["private_key"] = key_pair.get().into();
        self.client.carry_out(Call::new(operation, [body])).await
    }

    /// Makes or takes a key pair and stores a connection, in one call. A pair that was made for it is removed when the connection fails; what the
    /// other appliance has been changed to stays.
    ///
    /// # Errors
    /// As [`create_connection`](Self::create_connection) and [`set_up_semi_automatically`](Self::set_up_semi_automatically); `Unsupported` on
    /// CORE.
    pub async fn set_up(&self, new: &NewConnection<'_>) -> Result<SshConnection, Error> {
        let operation = operations::KEYCHAIN_SET_UP;
        new.check().map_err(|reason| self.refused(operation, reason))?;
        let call = Call::new(operation, [new.body()]);
        if let (KeyChoice::Existing(pair), true) = (&new.key, self.client.offers(&call)) {
            self.check_pair(operation, *pair).await?;
        }
        self.client.carry_out(call).await
    }
}

/// A key pair that the appliance made and did not keep.
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct GeneratedKeyPair {
    /// The private half.
    #[serde(deserialize_with = "private_key")]
    pub private_key: PrivateKey,
    /// The public half, in one line.
    pub public_key: String,
}

fn private_key<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PrivateKey, D::Error> {
    String::deserialize(deserializer).map(PrivateKey::from)
}

/// What uses an entry of the keychain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct KeychainUse {
    /// What it is, in the appliance's words.
    pub title: String,
    /// What deleting the entry with [`InUse::Cascade`] does to it.
    pub unbind_method: Unbind,
}

/// What becomes of something whose entry of the keychain is deleted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Unbind {
    /// It is deleted as well.
    Delete,
    /// It stays, disabled.
    Disable,
    /// What a newer release does.
    #[serde(untagged)]
    Unknown(String),
}
