//! The appliances of one simulation, as they reach each other: by URL, and by SSH.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use serde_json::Value;
use url::Url;

use super::call;
use super::methods;
use super::nas::Nas;
use super::refusal::{Errno, Outcome, Refusal};
use super::release::Interface;
use super::session::{Channel, Session};
use super::settings::PlainHttp;
use super::ssh_keys;
use super::state::Row;

/// The appliances of one simulation, each with its port. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Neighbourhood(Arc<Mutex<Vec<Member>>>);

/// An appliance and its port.
type Member = (u16, Weak<Nas>);

/// The neighbourhood that an appliance has moved into.
#[derive(Debug, Default)]
pub(super) struct Neighbours(OnceLock<Neighbourhood>);

impl Neighbourhood {
    /// Lets an appliance be reached by the others, and reach them.
    pub(super) fn join(&self, nas: &Arc<Nas>, port: u16) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((port, Arc::downgrade(nas)));
        // An appliance moves in once.
        let _ = nas.neighbours.0.set(self.clone());
    }

    fn all(&self) -> Vec<(u16, Arc<Nas>)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter_map(|(port, nas)| Some((*port, nas.upgrade()?))).collect()
    }
}

impl Neighbours {
    fn all(&self) -> Vec<(u16, Arc<Nas>)> {
        self.0.get().map(Neighbourhood::all).unwrap_or_default()
    }
}

/// Whether a name or an address is this appliance's: one of its own, or this machine's, where all of them are.
fn is_called(nas: &Nas, host: &str) -> bool {
    is_this_machine(host) || host == nas.settings.address || host == nas.state().host_name
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Finds the appliance that answers at a URL. All are on this machine, so the port decides where it is given.
pub(super) fn at_url(nas: &Nas, url: &Url) -> Option<Arc<Nas>> {
    let host = url.host_str()?;
    let all = nas.neighbours.all();
    let mut hits = all.into_iter().filter(|(port, other)| {
        let has_port = url.port().map_or(!is_this_machine(host), |wanted| wanted == *port);
        let is_spoken = url.scheme() == "https" || other.settings.plain_http == PlainHttp::Served;
        has_port && is_spoken && is_called(other, host)
    });
    hits.next().map(|(_, nas)| nas)
}

/// A connection of one appliance to another's legacy socket.
pub(super) struct Conversation {
    peer: Arc<Nas>,
    session: Arc<Session>,
}

impl Conversation {
    pub(super) fn begin(nas: &Nas, peer: &Arc<Nas>) -> Self {
        let address = nas.settings.address.parse().unwrap_or(nas.settings.client_address);
        let channel = Channel { address, is_secure: true, end_point: Vec::new() };
        let session = Arc::new(Session::new(peer.random.uuid(), peer.release, Interface::Legacy, channel));
        Self { peer: Arc::clone(peer), session }
    }

    pub(super) async fn call(&self, method: &str, params: &[Value]) -> Outcome {
        let (method, rules) = methods::find(method, self.peer.release, Interface::Legacy)?;
        self.peer.anonymous_calls.check(&self.session, method.name)?;
        call::run(&self.peer, &self.session, method, rules, &Value::Null, params).await
    }
}

/// Where an SSH connection of this appliance leads to, and who it logs in as.
#[derive(Debug, Clone)]
pub(super) struct Shell {
    pub(super) nas: Arc<Nas>,
    pub(super) user: String,
}

/// Opens an SSH connection of the keychain: the other appliance's service has to run at that port, show the host key that is known, and
/// know the public key.
///
/// # Errors
/// In the words of the library that the middleware's replication uses (paramiko).
pub(super) fn open_shell(nas: &Nas, credential: i64) -> Result<Shell, NoShell> {
    let missing = || NoShell::Credential;
    let (connection, pair) = {
        let state = nas.state();
        let connection = state.keychain.get(credential).cloned().ok_or_else(missing)?;
        let pair = connection["attributes"]["private_key"].as_i64().and_then(|id| state.keychain.get(id));
        let pair = pair.cloned().ok_or_else(missing)?;
        (connection, pair)
    };
    shell(nas, &connection, &pair)
}

/// Why an SSH connection was not opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoShell {
    /// The connection, or the key pair that it names, is not in the keychain.
    Credential,
    /// The exception's class, and what it says.
    Refused(&'static str, String),
}

impl NoShell {
    /// As a call answers it: with an errno that also stands for a missing right (TrueNAS middleware 25.10, `plugins/zettarepl.py`).
    pub(super) fn refusal(self) -> Refusal {
        match self {
            Self::Credential => Refusal::failed(Errno::MISSING, "Credential does not exist"),
            Self::Refused(class, text) => {
                Refusal::failed(Errno::FORBIDDEN, format!("{class}({})", crate::python::repr(&text)))
            }
        }
    }

    /// As a job's failure says it.
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Credential => "Credential does not exist",
            Self::Refused(_, text) => text,
        }
    }
}

fn shell(nas: &Nas, connection: &Row, pair: &Row) -> Result<Shell, NoShell> {
    let attributes = &connection["attributes"];
    let text = |name: &str| attributes[name].as_str().unwrap_or_default();
    let (host, port) = (text("host"), attributes["port"].as_i64().unwrap_or(22));
    let answers = |other: &Arc<Nas>| {
        let state = other.state();
        let runs = state.services.iter().any(|service| service.name == "ssh" && service.is_running);
        runs && state.ssh["tcpport"] == port
    };
    let all = nas.neighbours.all().into_iter().map(|(_, other)| other);
    let reached: Vec<Arc<Nas>> = all.filter(|other| is_called(other, host) && answers(other)).collect();
    if reached.is_empty() {
        let text = format!("Unable to connect to port {port} on {host}");
        return Err(NoShell::Refused("NoValidConnectionsError", text));
    }
    let known: Vec<String> = text("remote_host_key").lines().map(ssh_keys::bare).collect();
    let is_known = |other: &&Arc<Nas>| other.host_keys.iter().any(|key| known.contains(key));
    let Some(peer) = reached.iter().find(is_known) else {
        let text = format!("Host key for server '{host}' does not match");
        return Err(NoShell::Refused("BadHostKeyException", text));
    };
    let (user, key) = (text("username").to_owned(), pair["attributes"]["public_key"].as_str());
    let key = ssh_keys::bare(key.unwrap_or_default());
    let lets_in = peer.state().logins.get(&user).is_some_and(|login| login.keys.contains(&key));
    if !lets_in {
        return Err(NoShell::Refused("AuthenticationException", "Authentication failed.".to_owned()));
    }
    Ok(Shell { nas: Arc::clone(peer), user })
}

/// The appliance whose SSH service answers there, for a look at its host keys.
pub(super) fn at_port(nas: &Nas, host: &str, port: i64) -> Option<Arc<Nas>> {
    let runs = |other: &Nas| {
        let state = other.state();
        state.ssh["tcpport"] == port
            && state.services.iter().any(|service| service.name == "ssh" && service.is_running)
    };
    // At this machine's own address, somebody else's first.
    let mut all: Vec<Arc<Nas>> = nas.neighbours.all().into_iter().map(|(_, other)| other).collect();
    all.sort_by_key(|other| *other.id == *nas.id);
    all.into_iter().find(|other| is_called(other, host) && runs(other))
}
