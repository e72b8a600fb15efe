//! The keychain: SSH key pairs, and connections to other appliances.

use pyo3::prelude::*;
use serde_json::{Value, json};
use truenas_client::keychain as there;
use truenas_client::{Client as Nas, KeyPairId, SshConnectionId};

use super::failure::Failure;
use super::hidden::{Hidden, OtherSettings, Redactable};
use super::peers::{PeerLogin, SemiAutomatic, key_choice};
use super::shown::{Shown, found, of_json};
use crate::errors;
use crate::held::Held;
use crate::twins::twins;
use crate::values::{Many, Nothing, value_class};

impl Shown<String> for there::Unbind {
    fn shown(self) -> String {
        match self {
            Self::Delete => "delete".to_owned(),
            Self::Disable => "disable".to_owned(),
            Self::Unknown(word) => word,
            // A word that is added later.
            _ => String::new(),
        }
    }
}

value_class! {
    in "dtc.truenas";
    /// The public key that an SSH service shows.
    HostKey {
        /// Kind and key, as in ``known_hosts``: ``ssh-ed25519 AAAA…``.
        text: String,
    }

    /// What kind of key it is, such as ``ssh-ed25519``.
    #[getter]
    fn kind(&self) -> PyResult<String> {
        Ok(self.given()?.kind().to_owned())
    }

    /// How people compare it: ``SHA256:…``.
    fn fingerprint(&self) -> PyResult<String> {
        Ok(self.given()?.fingerprint())
    }
}

impl Shown<HostKey> for there::HostKey {
    fn shown(self) -> HostKey {
        HostKey { text: self.to_string() }
    }
}

impl HostKey {
    fn given(&self) -> PyResult<there::HostKey> {
        Ok(self.text.parse::<there::HostKey>().map_err(Failure::from)?)
    }
}

found! {
    /// An SSH key pair.
    KeyPair of there::KeyPair {
        /// Its number.
        id: i64,
        /// Its name.
        name: String,
        /// The public half, in one line; none when the appliance hides it.
        public_key: Option<String> = None,
        /// The private half, if the appliance shows it.
        private_key: Redactable = (Redactable::Absent),
    }
}

found! {
    /// A key pair that the appliance made and did not keep.
    GeneratedKeyPair of there::GeneratedKeyPair {
        /// The private half.
        private_key: Hidden,
        /// The public half, in one line.
        public_key: String,
    }
}

found! {
    /// A connection to another appliance by SSH.
    SshConnection of there::SshConnection {
        /// Its number.
        id: i64,
        /// Its name.
        name: String,
        /// Where it leads; none when the appliance hides it.
        target: Option<SshTarget> = None,
    }
}

value_class! {
    in "dtc.truenas";
    /// An entry of a kind that this version does not know.
    UnknownEntry {
        /// Its number.
        id: i64,
        /// Its name.
        name: String,
        /// Its kind, in the appliance's word.
        kind: String,
    }
}

/// An entry of the keychain.
#[derive(IntoPyObject)]
pub(crate) enum KeychainEntry {
    KeyPair(KeyPair),
    Connection(SshConnection),
    Unknown(UnknownEntry),
}

impl Shown<KeychainEntry> for there::KeychainEntry {
    fn shown(self) -> KeychainEntry {
        match self {
            Self::KeyPair(pair) => KeychainEntry::KeyPair(pair.shown()),
            Self::Connection(connection) => KeychainEntry::Connection(connection.shown()),
            Self::Unknown { id, name, kind, .. } => KeychainEntry::Unknown(UnknownEntry { id, name, kind }),
            // A kind that is added later.
            _ => KeychainEntry::Unknown(UnknownEntry { id: 0, name: String::new(), kind: String::new() }),
        }
    }
}

value_class! {
    in "dtc.truenas";
    /// Where a connection leads: another appliance's SSH service.
    SshTarget {
        /// The other side's name or address.
        host: String,
        /// The number of the key pair that it logs in with.
        private_key: i64,
        /// The host keys that the other side may show, each in a line: ``str(key)`` of ``HostKey.text``.
        remote_host_key: String,
        /// The port of the other side's SSH service.
        port: u16 = 22,
        /// Who logs in.
        username: String = ("root".to_owned()),
        /// For how many seconds connecting is tried.
        connect_timeout: u32 = 10,
        /// Settings that this version does not know, of a target that was read: they are sent back.
        other: Option<OtherSettings> = None,
    }

    /// The host keys that the other side may show.
    fn host_keys(&self) -> PyResult<Vec<HostKey>> {
        Ok(self.given()?.host_keys().map(Shown::shown).collect())
    }
}

impl Shown<SshTarget> for there::SshTarget {
    fn shown(self) -> SshTarget {
        let known = ["host", "port", "username", "private_key", "remote_host_key", "connect_timeout"];
        let other = OtherSettings::beside(&known, &self);
        SshTarget {
            host: self.host,
            private_key: self.private_key.get(),
            remote_host_key: self.remote_host_key,
            port: self.port,
            username: self.username,
            connect_timeout: self.connect_timeout,
            other,
        }
    }
}

impl SshTarget {
    pub(super) fn given(&self) -> PyResult<there::SshTarget> {
        let mut all = self.other.clone().map(|other| other.0).unwrap_or_default();
        let known = json!({
            "host": self.host, "port": self.port, "username": self.username, "private_key": self.private_key,
            "remote_host_key": self.remote_host_key, "connect_timeout": self.connect_timeout,
        });
        if let Value::Object(known) = known {
            all.extend(known);
        }
        of_json("SSH target", &self.host, Value::Object(all))
    }
}

/// What becomes of whatever uses an entry.
fn in_use(cascade: bool) -> there::InUse {
    if cascade { there::InUse::Cascade } else { there::InUse::Refuse }
}

found! {
    /// What uses an entry of the keychain.
    KeychainUse of there::KeychainUse {
        /// What it is, in the appliance's words.
        title: String,
        /// What deleting the entry with ``Cascade`` does to it.
        unbind_method: String,
    }
}

twins! {
    /// SSH key pairs, and connections to other appliances.
    "Keychain" in "dtc.truenas" and "dtc.truenas.aio", Failure: Keychain / AioKeychain(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Every key pair and connection.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "keychaincredential.query"
        fn list() -> Many<KeychainEntry> = |nas| {
            Ok(nas.keychain().list().await?.shown())
        }

        /// One key pair.
        ///
        /// Errors by their ``kind``: ``not_found``, also when it is no key pair; those of every reading call.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "keychaincredential.query"
        fn key_pair(id: i64) -> KeyPair = |nas| {
            Ok(nas.keychain().key_pair(KeyPairId::new(id)).await?.shown())
        }

        /// One connection.
        ///
        /// Errors by their ``kind``: ``not_found``, also when it is no connection; those of every reading call.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "keychaincredential.query"
        fn connection(id: i64) -> SshConnection = |nas| {
            Ok(nas.keychain().connection(SshConnectionId::new(id)).await?.shown())
        }

        /// Has the appliance make a new RSA key pair. It keeps neither half: ``create_key_pair`` does.
        ///
        /// Errors by their ``kind``: Those of every reading call; ``unauthorized`` for who may only read.
        #[pyo3(signature = (*, timeout = None))]
        Read "keychaincredential.generate_ssh_key_pair"
        fn generate() -> GeneratedKeyPair = |nas| {
            Ok(nas.keychain().generate().await?.shown())
        }

        /// Stores a private key under a name; its public half is derived by the appliance.
        ///
        /// Errors by their ``kind``: ``validation`` when the name is taken or the key is none, or encrypted; ``outcome_unknown`` when the answer is
        /// lost: look before creating again; ``redacted_secret``, ``unauthorized``.
        #[pyo3(signature = (name, key, *, timeout = None))]
        Write "keychaincredential.create"
        fn create_key_pair(name: String, key: Hidden) -> KeyPair = |nas| {
            Ok(nas.keychain().create_key_pair(&name, &key.given()).await?.shown())
        }

        /// Gives a key pair another name; both keys stay as they are.
        ///
        /// Errors by their ``kind``: As ``create_key_pair``, and ``not_found``.
        #[pyo3(signature = (id, name, *, timeout = None))]
        Write "keychaincredential.update"
        fn rename_key_pair(id: i64, name: String) -> KeyPair = |nas| {
            Ok(nas.keychain().rename_key_pair(KeyPairId::new(id), &name).await?.shown())
        }

        /// Replaces both keys of a pair; its public half is derived by the appliance. Other appliances that let the old one in do not know the
        /// new one.
        ///
        /// Errors by their ``kind``: As ``create_key_pair``, and ``not_found``.
        #[pyo3(signature = (id, key, *, timeout = None))]
        Write "keychaincredential.update"
        fn replace_key(id: i64, key: Hidden) -> KeyPair = |nas| {
            Ok(nas.keychain().replace_key(KeyPairId::new(id), &key.given()).await?.shown())
        }

        /// Stores a connection. The appliance does not look whether its key pair exists; this does, before anything is written.
        ///
        /// Errors by their ``kind``: ``invalid_request`` when there is no such key pair, or the host key is none or too long; ``validation`` when the
        /// name is taken; ``outcome_unknown`` when the answer is lost: look before creating again; ``unauthorized``.
        #[pyo3(signature = (name, target, *, timeout = None))]
        Write "keychaincredential.create"
        fn create_connection(name: String, target: SshTarget) -> SshConnection = |nas| {
            Ok(nas.keychain().create_connection(&name, &target.given()?).await?.shown())
        }

        /// Gives a connection another name.
        ///
        /// Errors by their ``kind``: As ``create_connection``, and ``not_found``.
        #[pyo3(signature = (id, name, *, timeout = None))]
        Write "keychaincredential.update"
        fn rename_connection(id: i64, name: String) -> SshConnection = |nas| {
            Ok(nas.keychain().rename_connection(SshConnectionId::new(id), &name).await?.shown())
        }

        /// Replaces where a connection leads, all of it. A target that was read keeps what this package does not know.
        ///
        /// Errors by their ``kind``: As ``create_connection``, and ``not_found``.
        #[pyo3(signature = (id, target, *, timeout = None))]
        Write "keychaincredential.update"
        fn redirect(id: i64, target: SshTarget) -> SshConnection = |nas| {
            Ok(nas.keychain().redirect(SshConnectionId::new(id), &target.given()?).await?.shown())
        }

        /// Deletes a key pair or a connection.
        ///
        /// Errors by their ``kind``: ``rejected`` while in use, unless it cascades; ``not_found``, ``outcome_unknown``, ``unauthorized``.
        #[pyo3(signature = (id, *, cascade = false, timeout = None))]
        Write "keychaincredential.delete"
        fn delete(id: i64, cascade: bool) -> Nothing = |nas| {
            Ok(nas.keychain().delete(KeyPairId::new(id), in_use(cascade)).await?.shown())
        }

        /// What uses a key pair or a connection.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "keychaincredential.used_by"
        fn used_by(id: i64) -> Many<KeychainUse> = |nas| {
            Ok(nas.keychain().used_by(KeyPairId::new(id)).await?.shown())
        }

        /// Has the appliance ask another one for its SSH host keys, for at most so many seconds. Whoever answers is believed: better take the keys
        /// from that appliance's own settings, where it can be asked (``host_keys``).
        ///
        /// Errors by their ``kind``: ``rejected`` when nobody answers there; ``not_understood`` when what came is no host key; those of every reading
        /// call.
        #[pyo3(signature = (host, port, seconds, *, timeout = None))]
        Read "keychaincredential.remote_ssh_host_key_scan"
        fn scan_host_keys(host: String, port: u16, seconds: u32) -> Many<HostKey> = |nas| {
            Ok(nas.keychain().scan_host_keys(&host, port, seconds).await?.shown())
        }

        /// Has the appliance log in to another one, which lets it in by SSH from then on, and stores the connection. The other one's SSH service is
        /// started, the key is added to its user's, and its user gets a shell (and with ``sudo`` the right to run ``zfs``): all that stays
        /// when a later step fails.
        ///
        /// Errors by their ``kind``: ``invalid_request`` when there is no such key pair; ``rejected`` with the appliance's words when the other one
        /// cannot be reached, shows a certificate that is not trusted, does not accept the login, or has no such user with a home; ``validation``
        /// when the name is taken; ``unsupported`` on CORE for what it does not know; ``outcome_unknown`` when the answer is lost; ``unauthorized``.
        #[pyo3(signature = (name, key_pair, peer, login, *, timeout = None))]
        Write "keychaincredential.remote_ssh_semiautomatic_setup"
        fn set_up_semi_automatically(
            name: String,
            key_pair: i64,
            peer: SemiAutomatic,
            login: PeerLogin,
        ) -> SshConnection = |nas| {
            let given = login.given();
            let (peer, key_pair) = (peer.given(), KeyPairId::new(key_pair));
            Ok(nas.keychain().set_up_semi_automatically(&name, key_pair, &peer, &given.login()?).await?.shown())
        }

        /// Makes or takes a key pair and stores a connection, in one call. A pair that was made for it is removed when the connection fails; what the
        /// other appliance has been changed to stays.
        ///
        /// Errors by their ``kind``: As ``create_connection`` and ``set_up_semi_automatically``; ``unsupported`` on
        /// CORE.
        #[pyo3(signature = (name, *, generate = None, key_pair = None, target = None, peer = None, login = None, timeout = None))]
        Write "keychaincredential.setup_ssh_connection"
        fn set_up(
            name: String,
            generate: Option<String>,
            key_pair: Option<i64>,
            target: Option<SshTarget>,
            peer: Option<SemiAutomatic>,
            login: Option<PeerLogin>,
        ) -> SshConnection = |nas| {
            let key = key_choice(generate, key_pair)?;
            match (target, peer, login) {
                (Some(target), None, None) => {
                    let target = target.given()?;
                    Ok(nas.keychain().set_up(&there::NewConnection::manual(name, key, &target)).await?.shown())
                }
                (None, Some(peer), Some(login)) => {
                    let (peer, given) = (peer.given(), login.given());
                    let login = given.login()?;
                    let new = there::NewConnection::semi_automatic(name, key, &peer, &login);
                    Ok(nas.keychain().set_up(&new).await?.shown())
                }
                _ => {
                    let remedy = "give target, or peer and login";
                    Err(errors::argument("connection", &name, "has no way, or two", remedy).into())
                }
            }
        }
    }
}
