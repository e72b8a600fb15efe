//! Key pairs and connections as the appliance holds them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::{CONNECTION, HostKey, MOST_CHARACTERS, PAIR, PrivateKey};
use crate::redactable::Redactable;
use crate::{KeyPairId, SshConnectionId};

/// An entry of the keychain.
#[derive(Debug)]
#[non_exhaustive]
pub enum KeychainEntry {
    /// A key pair.
    KeyPair(KeyPair),
    /// A connection.
    Connection(SshConnection),
    /// An entry of a kind that this crate does not know.
    Unknown {
        /// Its number.
        id: i64,
        /// Its name.
        name: String,
        /// Its kind, by the appliance's name of it.
        kind: String,
    },
}

impl<'de> Deserialize<'de> for KeychainEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Any {
            id: i64,
            #[serde(default)]
            name: String,
            #[serde(rename = "type")]
            kind: String,
        }
        fn read<T: serde::de::DeserializeOwned, E: serde::de::Error>(value: Value) -> Result<T, E> {
            // Not the decoder's own words: they can repeat a value.
            serde_json::from_value(value).map_err(|_| E::custom("no entry of the keychain"))
        }
        let value = Value::deserialize(deserializer)?;
        match value["type"].as_str() {
            Some(PAIR) => read(value).map(Self::KeyPair),
            Some(CONNECTION) => read(value).map(Self::Connection),
            _ => {
                let Any { id, name, kind } = read(value)?;
                Ok(Self::Unknown { id, name, kind })
            }
        }
    }
}

/// An SSH key pair.
#[derive(Debug)]
#[non_exhaustive]
pub struct KeyPair {
    /// Its number.
    pub id: KeyPairId,
    /// Its name.
    pub name: String,
    /// The public half, in one line; none when the appliance hides it.
    pub public_key: Option<String>,
    /// The private half, if the appliance shows it.
    pub private_key: Redactable<PrivateKey>,
}

impl<'de> Deserialize<'de> for KeyPair {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Keys {
            private_key: Redactable<PrivateKey>,
            public_key: Option<String>,
        }
        let row = Row::<KeyPairId, Keys>::deserialize(deserializer)?;
        let keys = match row.attributes {
            Shown::Clear(keys) => keys,
            Shown::Hidden(_) => Keys { private_key: Redactable::Redacted, public_key: None },
        };
        let public_key = keys.public_key.map(|key| key.trim().to_owned()).filter(|key| !key.is_empty());
        Ok(Self { id: row.id, name: row.name, public_key, private_key: keys.private_key })
    }
}

#[derive(Deserialize)]
struct Row<I, A> {
    id: I,
    name: String,
    attributes: Shown<A>,
}

/// 24.10 hides attributes as a whole (TrueNAS middleware 24.10, `plugins/keychain.py`).
#[derive(Deserialize)]
#[serde(untagged)]
enum Shown<A> {
    Clear(A),
    Hidden(serde::de::IgnoredAny),
}

/// A connection to another appliance by SSH.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SshConnection {
    /// Its number.
    pub id: SshConnectionId,
    /// Its name.
    pub name: String,
    /// Where it leads; none when the appliance hides it.
    pub target: Option<SshTarget>,
}

impl<'de> Deserialize<'de> for SshConnection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let row = Row::<SshConnectionId, Value>::deserialize(deserializer)?;
        let target = match row.attributes {
            Shown::Clear(Value::Object(fields)) => Some(
                serde_json::from_value(Value::Object(fields))
                    .map_err(|_| serde::de::Error::custom("no target of an SSH connection"))?,
            ),
            Shown::Clear(_) | Shown::Hidden(_) => None,
        };
        Ok(Self { id: row.id, name: row.name, target })
    }
}

/// Where a connection leads, and how it logs in there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SshTarget {
    /// The other side's name or address.
    pub host: String,
    /// The port of its SSH service.
    #[serde(default = "ssh_port")]
    pub port: u16,
    /// Who logs in there.
    #[serde(default = "root")]
    pub username: String,
    /// With which key pair.
    pub private_key: KeyPairId,
    /// The host keys that the other side may show, each in a line.
    pub remote_host_key: String,
    /// For how many seconds connecting is tried.
    #[serde(default = "ten")]
    pub connect_timeout: u32,
    /// Settings that this crate does not know, kept and sent back: the appliance replaces the target as a whole.
    #[serde(flatten)]
    other: Other,
}

fn ssh_port() -> u16 {
    22
}

fn root() -> String {
    "root".to_owned()
}

fn ten() -> u32 {
    10
}

/// Settings by name. `Debug` shows the names only, as the values may be secrets.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
struct Other(Map<String, Value>);

impl fmt::Debug for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl SshTarget {
    /// Root at port 22 of a host, which has to show this key.
    pub fn new(host: impl Into<String>, key_pair: KeyPairId, host_key: &HostKey) -> Self {
        Self {
            host: host.into(),
            port: ssh_port(),
            username: root(),
            private_key: key_pair,
            remote_host_key: host_key.to_string(),
            connect_timeout: ten(),
            other: Other::default(),
        }
    }

    /// The port of the other side's SSH service, 22 by default.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Who logs in there; root by default.
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.username = username.into();
        self
    }

    /// For how many seconds connecting is tried; ten by default.
    pub fn connect_timeout(mut self, seconds: u32) -> Self {
        self.connect_timeout = seconds;
        self
    }

    /// The host keys that the other side may show.
    pub fn host_keys(&self) -> impl Iterator<Item = HostKey> {
        self.remote_host_key.lines().filter_map(|line| line.parse().ok())
    }

    /// What the appliance would refuse, or take and fail with later.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        if self.host.trim().is_empty() || self.host.contains(char::is_whitespace) {
            return Err("a connection leads to a host, by name or address");
        }
        if self.port == 0 {
            return Err("a port is a number from 1 to 65535");
        }
        let mut lines = self.remote_host_key.lines().filter(|line| !line.trim().is_empty()).peekable();
        let is_key = lines.peek().is_some() && lines.all(|line| line.parse::<HostKey>().is_ok());
        if !is_key || self.remote_host_key.chars().count() > MOST_CHARACTERS {
            return Err("a connection names the other side's host key: one line, of at most 1024 characters");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDfsqvEEMMSAqlhjBgoeFJoa1yFO2zSeoxo2gkGZFDrF";

    fn target() -> SshTarget {
        SshTarget::new("nas02", KeyPairId::new(3), &KEY.parse().unwrap())
    }

    #[test]
    fn a_target_that_was_read_keeps_what_is_not_known() {
        let read = json!({"host": "nas02", "private_key": 3, "remote_host_key": KEY, "cipher": "FAST"});
        let target: SshTarget = serde_json::from_value(read).unwrap();
        let written = serde_json::to_value(&target).unwrap();
        assert_eq!((&written["cipher"], &written["port"]), (&json!("FAST"), &json!(22)));
        assert_eq!(written["username"], "root");
    }

    #[test]
    fn a_target_without_a_host_or_a_host_key_is_refused() {
        assert_eq!(target().check(), Ok(()));
        let with = |change: fn(&mut SshTarget)| {
            let mut target = target();
            change(&mut target);
            target
        };
        for wrong in [
            with(|it| it.host = String::new()),
            with(|it| it.host = "nas 02".into()),
            with(|it| it.port = 0),
            with(|it| it.remote_host_key = String::new()),
            with(|it| it.remote_host_key = "nonsense".into()),
            with(|it| it.remote_host_key = [KEY; 13].join("\n")),
        ] {
            assert!(wrong.check().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn whatever_is_hidden_of_an_entry_it_is_still_listed() {
        for (entry, id) in [
            (json!({"id": 1, "name": "a", "type": PAIR, "attributes": "********"}), 1),
            (
                json!({"id": 2, "name": "a", "type": PAIR, "attributes": {"private_key": "********", "public_key": "x"}}),
                2,
            ),
            (json!({"id": 3, "name": "a", "type": CONNECTION, "attributes": "********"}), 3),
            (json!({"id": 4, "name": "a", "type": "NEWER", "attributes": {"x": [1]}}), 4),
        ] {
            let found = match serde_json::from_value(entry).unwrap() {
                KeychainEntry::KeyPair(pair) => {
                    assert!(pair.private_key.is_redacted());
                    pair.id.get()
                }
                KeychainEntry::Connection(connection) => {
                    assert_eq!(connection.target, None);
                    connection.id.get()
                }
                KeychainEntry::Unknown { id, .. } => id,
            };
            assert_eq!(found, id);
        }
    }
}
