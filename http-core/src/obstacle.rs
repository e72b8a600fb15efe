//! Why no connection was made, as far as it decides whether another attempt can succeed.

use std::error::Error as StdError;
use std::io;

/// Why no connection was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// The resolver says that the name does not exist.
    NoSuchName,
    /// The resolver could not say, for now.
    NotResolved,
    /// The name has only addresses that must not be connected to.
    NoAddress,
    /// Nothing listens at the port.
    PortClosed,
    /// The certificate is not one that the client trusts.
    Certificate,
    /// What listens at the port does not speak TLS.
    NotTls,
}

/// What Windows answers for a name that does not exist, or has no address: `WSAHOST_NOT_FOUND`, `WSANO_DATA`.
const NO_SUCH_HOST: [i32; 2] = [11001, 11004];
/// How our own resolver words that no name server answered.
pub(crate) const NO_NAME_SERVER: &str =
    "failed to lookup address information: no name server answered in time";
/// How our own resolver words that no address of a name may be connected to.
pub(crate) const NO_ADDRESS: &str = "the name leads to no address that may be connected to";
/// What Windows answers when no server knew: `WSATRY_AGAIN`.
const TRY_AGAIN: i32 = 11002;
/// How `getaddrinfo` words the same: glibc (two), macOS, musl.
const NO_SUCH_NAME: [&str; 4] =
    ["Name or service not known", "No address associated", "nodename nor servname", "Name does not resolve"];

impl Obstacle {
    /// The obstacle that an error, or whatever lies beneath it, tells of.
    pub fn of(error: &(dyn StdError + 'static)) -> Option<Self> {
        let own = error.downcast_ref::<rustls::Error>().and_then(Self::of_tls);
        own.or_else(|| error.downcast_ref::<io::Error>().and_then(Self::of_io))
            .or_else(|| error.source().and_then(Self::of))
    }

    fn of_tls(error: &rustls::Error) -> Option<Self> {
        match error {
            rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => {
                Some(Self::Certificate)
            }
            rustls::Error::InvalidMessage(_) => Some(Self::NotTls),
            _ => None,
        }
    }

    fn of_io(error: &io::Error) -> Option<Self> {
        if let Some(inner) = error.get_ref() {
            let inner: &(dyn StdError + 'static) = inner;
            if let Some(found) = Self::of(inner) {
                return Some(found);
            }
        }
        match (error.kind(), error.raw_os_error()) {
            (io::ErrorKind::ConnectionRefused, _) => Some(Self::PortClosed),
            (_, Some(code)) if NO_SUCH_HOST.contains(&code) => Some(Self::NoSuchName),
            (_, Some(TRY_AGAIN)) => Some(Self::NotResolved),
            _ => {
                let text = error.to_string();
                if text == NO_ADDRESS {
                    return Some(Self::NoAddress);
                }
                let lookup = text.contains("failed to lookup address information");
                let unknown = NO_SUCH_NAME.iter().any(|words| text.contains(words));
                lookup.then_some(if unknown { Self::NoSuchName } else { Self::NotResolved })
            }
        }
    }

    /// What it is, and what to look at.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoSuchName => "the name does not exist: is the address spelled right?",
            Self::NotResolved => "the name could not be resolved: is there a network, and a name server?",
            Self::NoAddress => "the name leads to no address that may be connected to: is it the right name?",
            Self::PortClosed => "nothing listens at that port: are the address and the port right?",
            Self::Certificate => {
                "its certificate is not trusted here: is it the right address, and this clock right?"
            }
            Self::NotTls => "what listens there does not speak TLS: is it the right port, or a proxy?",
        }
    }

    /// The same of this host, whose name stands in it where it is about a name.
    pub(crate) fn of_host(self, host: &str) -> String {
        match self.as_str().strip_prefix("the name ") {
            Some(rest) if !host.is_empty() => format!("the name {host} {rest}"),
            _ => self.as_str().to_owned(),
        }
    }

    /// Whether another attempt meets the same: what was found is wrong, however often it is looked at.
    pub fn is_permanent(self) -> bool {
        matches!(self, Self::NoSuchName | Self::NoAddress | Self::Certificate | Self::NotTls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x7_each_obstacle_is_known_by_what_lies_beneath() {
        let lookup = |why: &str| io::Error::other(format!("failed to lookup address information: {why}"));
        let bad = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        for (error, expected) in [
            (lookup("Name or service not known"), Some(Obstacle::NoSuchName)),
            (lookup("No address associated with hostname"), Some(Obstacle::NoSuchName)),
            (lookup("nodename nor servname provided, or not known"), Some(Obstacle::NoSuchName)),
            (lookup("Temporary failure in name resolution"), Some(Obstacle::NotResolved)),
            (io::Error::other(NO_NAME_SERVER), Some(Obstacle::NotResolved)),
            (io::Error::other(NO_ADDRESS), Some(Obstacle::NoAddress)),
            (io::ErrorKind::ConnectionRefused.into(), Some(Obstacle::PortClosed)),
            (io::Error::other(bad.clone()), Some(Obstacle::Certificate)),
            (io::Error::other(io::Error::other(bad)), Some(Obstacle::Certificate)),
            (
                io::Error::other(rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType)),
                Some(Obstacle::NotTls),
            ),
            (io::ErrorKind::TimedOut.into(), None),
            (io::ErrorKind::NetworkUnreachable.into(), None),
            (io::Error::other("anything"), None),
        ] {
            assert_eq!(Obstacle::of(&error), expected, "{error:?}");
            let about_a_name =
                matches!(expected, Some(Obstacle::NoSuchName | Obstacle::NotResolved | Obstacle::NoAddress));
            let said = expected.map(|it| it.of_host("nas.example.net")).unwrap_or_default();
            assert_eq!(said.starts_with("the name nas.example.net "), about_a_name, "{said}");
            // And beneath any number of others.
            assert_eq!(Obstacle::of(&io::Error::other(io::Error::other(error))), expected);
        }
    }
}
