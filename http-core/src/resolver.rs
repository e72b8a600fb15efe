//! From a name to addresses.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::time::timeout;

use crate::obstacle;

/// How long resolving a name may take. A system asks its second name server after five seconds.
const RESOLVING: Duration = Duration::from_secs(6);

type Lookup = dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync;

/// How the names of services become addresses: by default as this machine's system does it, within six seconds. A clone asks the same.
///
/// ```
/// use http_core::{NameResolver, Options};
///
/// let inside = NameResolver::new(|name| async move {
///     match &*name {
///         "nas.example.net" => Ok(vec!["192.0.2.7".parse().unwrap()]),
///         _ => Err(std::io::Error::other("failed to lookup address information: Name or service not known")),
///     }
/// });
/// let options = Options::default().resolver(inside);
/// # drop(options);
/// ```
#[derive(Clone, Default)]
pub struct NameResolver(Option<Arc<Lookup>>);

impl NameResolver {
    /// Asks `lookup` instead of the system. Its errors are understood in the system's words: see [`Obstacle`](crate::Obstacle).
    pub fn new<F>(lookup: impl Fn(String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = io::Result<Vec<IpAddr>>> + Send + 'static,
    {
        Self(Some(Arc::new(move |name| lookup(name).boxed())))
    }

    /// The addresses that `name` has and that `allowed` accepts, each with this port: one look-up.
    ///
    /// # Errors
    /// What the look-up fails with; an error of its own where it takes longer than six seconds, and where no address is left.
    pub async fn look_up(
        &self,
        name: &str,
        port: u16,
        allowed: impl Fn(IpAddr) -> bool,
    ) -> io::Result<Vec<SocketAddr>> {
        let silent = |_| io::Error::other(obstacle::NO_NAME_SERVER);
        let found = timeout(RESOLVING, self.addresses(name, port)).await.map_err(silent)??;
        let kept: Vec<SocketAddr> = found.into_iter().filter(|address| allowed(address.ip())).collect();
        if kept.is_empty() { Err(io::Error::other(obstacle::NO_ADDRESS)) } else { Ok(kept) }
    }

    async fn addresses(&self, name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        match (&self.0, name.parse::<IpAddr>()) {
            (_, Ok(ip)) => Ok(vec![(ip, port).into()]),
            (Some(lookup), _) => {
                Ok(lookup(name.to_owned()).await?.into_iter().map(|ip| (ip, port).into()).collect())
            }
            (None, _) => Ok(tokio::net::lookup_host((name, port)).await?.collect()),
        }
    }
}

impl fmt::Debug for NameResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "NameResolver(..)" } else { "NameResolver(system)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::obstacle::Obstacle;

    #[tokio::test]
    async fn a_name_that_leads_only_to_refused_addresses_is_not_connected_to() {
        for resolver in [
            NameResolver::default(),
            NameResolver::new(|_| async { Ok(vec![IpAddr::from([127, 0, 0, 1]), [10, 0, 0, 1].into()]) }),
        ] {
            let kept = resolver.look_up("localhost", 80, |ip| ip.is_loopback()).await.unwrap();
            assert!(!kept.is_empty() && kept.iter().all(|it| it.ip().is_loopback() && it.port() == 80));
            let refused = resolver.look_up("localhost", 80, |_| false).await.unwrap_err();
            assert_eq!(Obstacle::of(&refused), Some(Obstacle::NoAddress));
        }
    }

    #[tokio::test]
    async fn an_address_is_looked_up_nowhere() {
        let resolver = NameResolver::new(|name| async move { panic!("{name}") });
        for (text, port) in [("192.0.2.1", 443), ("2001:db8::1", 8443)] {
            let found = resolver.look_up(text, port, |_| true).await.unwrap();
            assert_eq!(found, [SocketAddr::from((text.parse::<IpAddr>().unwrap(), port))]);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn x7_a_name_server_that_is_silent_is_given_up_after_six_seconds() {
        let began = tokio::time::Instant::now();
        let silent = NameResolver::new(|_| std::future::pending());
        let error = silent.look_up("nas.example.net", 443, |_| true).await.unwrap_err();
        assert_eq!((Obstacle::of(&error), began.elapsed()), (Some(Obstacle::NotResolved), RESOLVING));
    }
}
