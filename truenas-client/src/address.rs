use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use http_core::NameResolver;
use url::{Host, Url};

use crate::error::{Error, ErrorKind};

/// Where an appliance answers: `wss://host[:port]`, `https://host[:port]` or a bare host.
///
/// `ws://` and `http://` are refused except to this very machine: TrueNAS revokes an API key that reaches it in clear (TrueNAS
/// middleware 25.10, `plugins/auth.py`). Link-local addresses are refused by any spelling, cloud metadata services among them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    host: Host<String>,
    port: u16,
    secure: bool,
}

impl Address {
    /// The host as written, an IPv6 address in brackets.
    pub fn host(&self) -> String {
        self.host.to_string()
    }

    /// The port; 443 when none was given.
    pub fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn is_secure(&self) -> bool {
        self.secure
    }

    /// `https://host:port`, or `http://` to this machine.
    pub(crate) fn http_origin(&self) -> String {
        format!("{}://{}:{}", if self.secure { "https" } else { "http" }, self.host, self.port)
    }

    pub(crate) fn socket_url(&self, path: &str) -> String {
        format!("{}://{}:{}{path}", if self.secure { "wss" } else { "ws" }, self.host, self.port)
    }

    /// The host as TLS and the resolver want it, without brackets.
    pub(crate) fn bare_host(&self) -> String {
        match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(ip) => ip.to_string(),
            Host::Ipv6(ip) => ip.to_string(),
        }
    }

    /// Whether this machine may connect to an address that the name resolves to.
    pub(crate) fn permits(&self, ip: IpAddr) -> bool {
        !is_refused(ip) && (self.secure || ip.is_loopback())
    }

    /// Asks the resolver, and drops every address that must not be connected to.
    pub(crate) async fn resolve(&self, names: &NameResolver) -> std::io::Result<Vec<SocketAddr>> {
        names.look_up(&self.bare_host(), self.port, |ip| self.permits(ip)).await
    }

    fn ip(&self) -> Option<IpAddr> {
        match self.host {
            Host::Domain(_) => None,
            Host::Ipv4(ip) => Some(ip.into()),
            Host::Ipv6(ip) => Some(ip.into()),
        }
    }

    fn is_this_machine(&self) -> bool {
        match &self.host {
            Host::Domain(name) => name == "localhost",
            _ => self.ip().is_some_and(|ip| ip.is_loopback()),
        }
    }
}

impl FromStr for Address {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = |reason| {
            Err(Error::new("address", text_without_userinfo(text), ErrorKind::InvalidRequest { reason }))
        };
        let full = match text.parse::<Ipv6Addr>() {
            Ok(ip) => format!("https://[{ip}]"),
            Err(_) if text.contains("://") => text.to_owned(),
            Err(_) => format!("https://{text}"),
        };
        let Ok(url) = Url::parse(&full) else {
            return refuse("it is no host, and no wss:// or https:// address");
        };
        let secure = match url.scheme() {
            "wss" | "https" => true,
            "ws" | "http" => false,
            _ => return refuse("only wss:// and https:// lead to a TrueNAS appliance"),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("credentials do not belong in an address");
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return refuse("give the host and the port only, without a path");
        }
        // `Url` reads the host of ws and wss by the same rules as http and https: numbers become addresses.
        let (Some(host), Some(port)) = (url.host().map(|h| h.to_owned()), url.port_or_known_default()) else {
            return refuse("it names no host");
        };
        let address = Self { host, port, secure };
        if address.ip().is_some_and(is_refused) || address.host() == "metadata.google.internal" {
            return refuse(
                "link-local, metadata, multicast and unspecified addresses are never connected to",
            );
        }
        if !secure && !address.is_this_machine() {
            return refuse("without TLS the appliance would revoke the API key: use wss:// or https://");
        }
        Ok(address)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// Addresses that no TrueNAS appliance can have, but where a request could do harm.
fn is_refused(ip: IpAddr) -> bool {
    let ip = ip.to_canonical();
    let named = match ip {
        IpAddr::V4(v4) => v4.is_link_local() || v4.is_broadcast() || v4.octets() == [100, 100, 100, 200],
        IpAddr::V6(v6) => {
            v6.is_unicast_link_local() || v6 == Ipv6Addr::new(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254)
        }
    };
    named || ip.is_unspecified() || ip.is_multicast()
}

/// An address can be mistyped with a password in it; an error must not repeat that.
fn text_without_userinfo(text: &str) -> String {
    text.rsplit('@').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_that_lead_to_an_appliance() {
        for (text, shown) in [
            ("nas", "nas:443"),
            ("nas.example.net:8443", "nas.example.net:8443"),
            ("wss://nas", "nas:443"),
            ("https://10.0.0.5/", "10.0.0.5:443"),
            ("2001:db8::5", "[2001:db8::5]:443"),
            ("wss://[2001:db8::5]:444", "[2001:db8::5]:444"),
            ("ws://127.0.0.1:6000", "127.0.0.1:6000"),
            ("http://[::1]", "[::1]:80"),
            ("ws://localhost", "localhost:80"),
        ] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn plain_text_is_refused_except_to_this_machine() {
        for text in
            ["ws://nas", "http://10.0.0.5", "ws://localhost.example.net", "http://127.0.0.1.example.net"]
        {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }

    #[test]
    fn metadata_and_link_local_are_refused_in_every_spelling() {
        for text in [
            "169.254.169.254",
            "https://169.254.1.1:443",
            "wss://0xa9fea9fe",
            "https://2852039166",
            "wss://2852039166",
            "[fe80::1]",
            "[::ffff:169.254.169.254]",
            "[fd00:ec2::254]",
            "100.100.100.200",
            "metadata.google.internal",
            "0.0.0.0",
            "[::]",
            "224.0.0.1",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }

    #[test]
    fn credentials_and_paths_do_not_belong_in_an_address() {
        let error = "https://root:hunter2@nas".parse::<Address>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"));
        for text in ["https://nas/ui", "nas?x=1", "ftp://nas", "", "https://"] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
