//! The address of a service: the one place where it is checked, and where HTTP clients are built.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::options::Options;
use crate::redact;
use crate::resolver::NameResolver;

/// Where a service is, and how a client introduces itself there: an `https` address, or plain `http` to this machine only.
///
/// ```
/// use http_core::Endpoint;
///
/// assert!(Endpoint::parse("base URL", "https://api.example").is_ok());
/// assert!(Endpoint::parse("base URL", "http://127.0.0.1:8080").unwrap().is_loopback());
/// let error = Endpoint::parse("base URL", "http://api.example").unwrap_err();
/// assert!(error.to_string().starts_with("base URL \"http://api.example\" is plain http"));
/// ```
#[derive(Clone)]
pub struct Endpoint {
    url: Url,
    user_agent: String,
    local_network: Option<LocalNetwork>,
}

/// How an appliance on a local network is reached.
#[derive(Clone)]
struct LocalNetwork {
    tls: rustls::ClientConfig,
    allowed: Allowed,
}

/// Says which of the addresses that a name resolves to may be connected to.
type Allowed = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// An address that no client is built for; the text names the address, without anything secret in it, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} {address:?} {why}")]
#[non_exhaustive]
pub struct InvalidEndpoint {
    /// Which setting it is: `base URL`.
    pub what: &'static str,
    /// The address without user information, query and fragment.
    pub address: String,
    /// Which rule it breaks, and what to do.
    pub why: &'static str,
}

impl Endpoint {
    /// Checks an address. `what` names the setting that it comes from, for errors.
    ///
    /// # Errors
    /// When it is not an `https` address with a host, or plain `http` to a host other than this machine, or holds user information,
    /// a query or a fragment.
    pub fn parse(what: &'static str, text: &str) -> Result<Self, InvalidEndpoint> {
        let refuse = |why| Err(InvalidEndpoint { what, address: redact::address(text), why });
        let Ok(url) = Url::parse(text) else {
            return refuse("is not a URL; write https://, then the host");
        };
        match url.scheme() {
            "https" if url.has_host() => {}
            "http" if is_loopback(&url) => {}
            "http" => {
                return refuse(
                    "is plain http, over which no secret is sent except to this machine; use https",
                );
            }
            _ => return refuse("is not an https address; use https"),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("holds user information; credentials have settings of their own");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return refuse("holds a query or a fragment; give scheme, host and path only");
        }
        Ok(Self { url, user_agent: String::new(), local_network: None })
    }

    /// Introduces the client as `package/version (operating system)`, after the calling `product` where there is one.
    pub fn user_agent(mut self, product: Option<&str>, package: &str, version: &str) -> Self {
        let own = format!("{package}/{version} ({})", std::env::consts::OS);
        self.user_agent = product.map_or(own.clone(), |product| format!("{product} {own}"));
        self
    }

    /// For an appliance on a local network: these TLS settings, HTTP/1.1 only, never through a proxy, and a connection only to
    /// addresses that `allowed` accepts, whatever its name resolves to.
    pub fn local_network(
        mut self,
        tls: rustls::ClientConfig,
        allowed: impl Fn(IpAddr) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.local_network = Some(LocalNetwork { tls, allowed: Arc::new(allowed) });
        self
    }

    /// The address.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The address of a path below this one.
    pub fn join(&self, path: &str) -> String {
        format!("{}/{}", self.url.as_str().trim_end_matches('/'), path.trim_start_matches('/'))
    }

    /// Whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }

    pub(crate) fn http_client(&self, options: &Options) -> Result<reqwest::Client, reqwest::Error> {
        let loopback = self.is_loopback();
        let mut builder = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .connect_timeout(options.connect_timeout)
            // Shorter than the services' own limits, so that a call seldom meets a connection that is just being closed.
            .pool_idle_timeout(Duration::from_secs(20))
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .https_only(!loopback);
        let allowed = self.local_network.as_ref().map(|local| Arc::clone(&local.allowed));
        builder = builder.dns_resolver(Resolver { names: options.resolver.clone(), allowed });
        if let Some(local) = &self.local_network {
            builder = builder.tls_backend_preconfigured(local.tls.clone()).http1_only();
        }
        if loopback || self.local_network.is_some() { builder.no_proxy().build() } else { builder.build() }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("url", &self.url.as_str())
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

/// Whether the URL's host is this machine: `localhost`, `127.0.0.0/8` or `::1`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Resolves names for HTTP clients, without the addresses that must not be connected to.
struct Resolver {
    names: NameResolver,
    allowed: Option<Allowed>,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, allowed) = (self.names.clone(), self.allowed.clone());
        Box::pin(async move {
            let is_allowed = |ip| allowed.as_ref().is_none_or(|allowed| allowed(ip));
            let kept = names.look_up(name.as_str(), 0, is_allowed).await?;
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_decided_by_the_host_alone() {
        for (url, expected) in [
            ("http://localhost:1", true),
            ("http://127.9.0.1/", true),
            ("http://[::1]/", true),
            ("http://localhost.example/", false),
            ("http://10.0.0.1/", false),
            ("http://user@example.org:80/localhost", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }

    #[test]
    fn e8_only_https_and_this_machine_are_accepted() {
        for url in ["https://h.example", "https://h.example/v1/", "http://127.0.0.1:1", "http://localhost:8"]
        {
            assert!(Endpoint::parse("base URL", url).is_ok(), "{url}");
        }
        for (url, rule) in [
            ("http://h.example", "plain http"),
            ("http://10.0.0.1", "plain http"),
            ("http://127.0.0.1.example", "plain http"),
            ("ftp://h.example", "not an https address"),
            ("mailto:a@h.example", "not an https address"),
            ("h.example", "not a URL"),
            ("", "not a URL"),
            ("https://me@h.example", "user information"),
            ("http://me:pw@127.0.0.1", "user information"),
            ("https://h.example?key=1", "query"),
            ("https://h.example#key", "fragment"),
        ] {
            let error = Endpoint::parse("base URL", url).unwrap_err();
            assert!(error.why.contains(rule), "{url}: {error}");
        }
    }

    #[test]
    fn e8_a_refused_address_is_named_without_its_secrets() {
        for url in [
            "https://me:hunter2@h.example/v1",
            "http://h.example/v1?token=hunter2",
            "https://h.example#hunter2",
            "me:hunter2@h.example",
            "https://me:hunter2@:99999",
        ] {
            let error = Endpoint::parse("realm", url).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
        let error = Endpoint::parse("realm", "ftp://h.example/v1").unwrap_err();
        assert_eq!(error.to_string(), "realm \"ftp://h.example/v1\" is not an https address; use https");
    }

    #[test]
    fn the_user_agent_names_the_product_before_the_package() {
        let agent = |product| {
            let endpoint = Endpoint::parse("base URL", "https://h.example").unwrap();
            endpoint.user_agent(product, "shop-client", "1.2").user_agent
        };
        assert!(agent(None).starts_with("shop-client/1.2 ("));
        assert!(agent(Some("tool/3")).starts_with("tool/3 shop-client/1.2 ("));
    }
}
