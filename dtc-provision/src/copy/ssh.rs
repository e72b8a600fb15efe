//! A server that is reached over SSH, known by its host key alone.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A folder on a server, over SSH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SshDestination {
    /// Who logs in; whoever runs the program unless given.
    pub user: Option<String>,
    /// The server's name or address.
    pub host: String,
    /// SSH's port.
    pub port: u16,
    /// The folder there.
    pub path: String,
    /// The key that the server must show.
    pub host_key: HostKey,
    /// The file of the private key that logs in; those of the user's agent unless given.
    pub identity: Option<PathBuf>,
}

/// A server's public key, as `ssh-keyscan` prints it behind the name.
///
/// ```
/// use dtc_provision::copy::HostKey;
///
/// let key: HostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGxhdGVyIGlzIG5ldmVyIGFuZCBub3cgaXMgYSBrZXk=".parse()?;
/// assert_eq!(key.known_host("backup.example", 22), format!("backup.example {key}"));
/// assert_eq!(key.known_host("192.0.2.7", 2222), format!("[192.0.2.7]:2222 {key}"));
/// assert!("backup.example ssh-ed25519 AAAA".parse::<HostKey>().is_err());
/// # Ok::<(), dtc_provision::copy::NotADestination>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostKey {
    kind: String,
    key: String,
}

/// A text that names no place to carry a copy to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotADestination {
    /// Not a host key.
    #[error(
        "a host key is its type and its base64, such as \"ssh-ed25519 AAAA…\"; ssh-keyscan -t ed25519 HOST prints it behind the name"
    )]
    HostKey,
    /// rsync's own protocol.
    #[error(
        "{0:?} is rsync's own protocol, which encrypts nothing on the way and knows no host key: use user@host:/path"
    )]
    RsyncProtocol(String),
    /// A user, host or path that SSH or rsync would take for something else.
    #[error("{text:?} has {what} that would be taken for something else")]
    Part {
        /// The text.
        text: String,
        /// Which part.
        what: &'static str,
    },
    /// Neither `user@host:/path` nor an absolute path.
    #[error("{0:?} is neither user@host:/path nor an absolute path")]
    Shape(String),
}

/// Types of host keys that OpenSSH still accepts.
const KINDS: [&str; 7] = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "ssh-rsa",
];

impl FromStr for HostKey {
    type Err = NotADestination;

    fn from_str(text: &str) -> Result<Self, NotADestination> {
        let mut words = text.split_ascii_whitespace();
        // What may stand behind it is a comment.
        let (Some(kind), Some(key)) = (words.next(), words.next()) else {
            return Err(NotADestination::HostKey);
        };
        let is_base64 = key.len() >= 16
            && key.starts_with("AAAA")
            && key.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'/' | b'='));
        if !KINDS.contains(&kind) || !is_base64 {
            return Err(NotADestination::HostKey);
        }
        Ok(Self { kind: kind.to_owned(), key: key.to_owned() })
    }
}

impl HostKey {
    /// The line of a `known_hosts` file that pins it.
    pub fn known_host(&self, host: &str, port: u16) -> String {
        match port {
            22 => format!("{host} {self}"),
            port => format!("[{host}]:{port} {self}"),
        }
    }

    /// Its type, such as `ssh-ed25519`.
    pub fn kind(&self) -> &str {
        &self.kind
    }
}

impl fmt::Display for HostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.key)
    }
}

/// A user, a host and a path, of `user@host:/path`.
pub(super) struct Parts {
    pub(super) user: Option<String>,
    pub(super) host: String,
    pub(super) path: String,
}

/// Takes `user@host:/path` apart; `None` for an absolute path.
pub(super) fn parts(text: &str) -> Result<Option<Parts>, NotADestination> {
    if text.starts_with("rsync://")
        || text.contains("::") && !text.starts_with(['[', '/']) && !text.contains("@[")
    {
        return Err(NotADestination::RsyncProtocol(text.to_owned()));
    }
    if std::path::Path::new(text).is_absolute() {
        return Ok(None);
    }
    let shape = || NotADestination::Shape(text.to_owned());
    let (user, rest) = match text.split_once('@') {
        Some((user, rest)) => (Some(user), rest),
        None => (None, text),
    };
    let (host, path) = match rest.strip_prefix('[') {
        Some(address) => address.split_once("]:").ok_or_else(shape)?,
        None => rest.split_once(':').ok_or_else(shape)?,
    };
    let refused = |what| Err(NotADestination::Part { text: text.to_owned(), what });
    if user.is_some_and(|user| !is_word(user, "._-+$")) {
        return refused("a user");
    }
    if !is_word(host, ".-:_%") {
        return refused("a host");
    }
    if path.is_empty() || path.starts_with('-') || path.contains(char::is_control) {
        return refused("a path");
    }
    Ok(Some(Parts { user: user.map(str::to_owned), host: host.to_owned(), path: path.to_owned() }))
}

/// Whether a text can be nothing but a name: it begins with no `-`, by which it would be an option.
fn is_word(text: &str, signs: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || signs.contains(c))
}

impl SshDestination {
    /// The server, as `ssh` is told it.
    pub fn login(&self) -> String {
        match &self.user {
            Some(user) => format!("{user}@{}", self.host),
            None => self.host.clone(),
        }
    }

    /// The folder as `rsync` is told it, ending with a slash.
    pub fn place(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let user = self.user.as_ref().map(|user| format!("{user}@")).unwrap_or_default();
        format!("{user}{host}:{}/", self.path.trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn y2_a_place_is_a_server_or_a_path_and_never_an_option() {
        let parsed = |text: &str| {
            parts(text)
                .map(|parts| parts.map(|Parts { user, host, path }| (user.unwrap_or_default(), host, path)))
        };
        let server = |user: &str, host: &str, path: &str| {
            Ok(Some((user.to_owned(), host.to_owned(), path.to_owned())))
        };
        assert_eq!(parsed("me@nas.local:/mnt/b"), server("me", "nas.local", "/mnt/b"));
        assert_eq!(parsed("nas:b c"), server("", "nas", "b c"));
        assert_eq!(parsed("me@[2001:db8::1]:/b"), server("me", "2001:db8::1", "/b"));
        assert_eq!(parsed("/mnt/usb"), Ok(None));
        for text in ["rsync://nas/b", "nas::module", "me@nas::module"] {
            assert!(matches!(parsed(text), Err(NotADestination::RsyncProtocol(_))), "{text}");
        }
        for text in [
            "-oProxyCommand=x:/b",
            "me@-x:/b",
            "-x@nas:/b",
            "a b@nas:/b",
            "nas:",
            "nas:-x",
            "nas:/b\n",
            "na s:/b",
        ] {
            assert!(matches!(parsed(text), Err(NotADestination::Part { .. })), "{text}");
        }
        for text in ["b", "mnt/usb", "", "me@nas"] {
            assert!(matches!(parsed(text), Err(NotADestination::Shape(_))), "{text}");
        }
    }

    #[test]
    fn y2_a_host_key_is_a_type_and_a_key() {
        for text in [
            "",
            "ssh-ed25519",
            "ssh-dss AAAAB3NzaC1kc3MAAACB",
            "ssh-ed25519 key",
            "@cert-authority ssh-ed25519 AAAAC3NzaC1lZDI1",
        ] {
            assert!(text.parse::<HostKey>().is_err(), "{text}");
        }
        let key: HostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 root@nas".parse().unwrap();
        assert_eq!(key.to_string(), "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5");
    }
}
