//! Secrets out of 1Password, read by its program `op` or from a Connect server. Nothing is ever written there (E7).

mod connect_server;
mod environment;
mod failure;
mod op;
mod reference;

use std::ffi::OsString;
use std::fmt;
use std::time::Duration;

use safe_text::SecretString;

pub use failure::OnePasswordFailure;
pub use reference::{Attribute, InvalidReference, SecretReference};

use connect_server::ConnectServer;
use environment::Environment;
use op::Op;

/// The variables that choose the way to 1Password, as its documentation names them.
const CONNECT_HOST: &str = "OP_CONNECT_HOST";
const CONNECT_TOKEN: &str = "OP_CONNECT_TOKEN";
const SERVICE_ACCOUNT_TOKEN: &str = "OP_SERVICE_ACCOUNT_TOKEN";

/// How secrets are read out of 1Password, as the environment says:
///
/// - `OP_CONNECT_HOST` and `OP_CONNECT_TOKEN`: from that Connect server, by HTTP. Plain `http` is accepted for this machine only,
///   since the answers hold secrets.
/// - neither: by the program `op`, found on the `PATH` and logged in to by `OP_SERVICE_ACCOUNT_TOKEN`, a session or the desktop
///   app. Its argument is the reference, never a secret; its standard input is closed; of the environment it is given the
///   variables that begin with `OP_`, and those by which a program finds its files and the network.
/// - one of the two, or both and `OP_SERVICE_ACCOUNT_TOKEN`: refused. `op` itself would choose one in silence.
///
/// A variable that is set and empty counts as not set.
///
/// ```
/// use dtc_adapters::{OnePassword, SecretReference};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let reference: SecretReference = "op://MSP Infrastructure/Backblaze B2/application key".parse()?;
/// let key = OnePassword::default().read(&reference).await?;
/// # drop(key); Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct OnePassword {
    environment: Environment,
    limit: Option<Duration>,
}

impl OnePassword {
    /// How long a secret is waited for unless [`limit`](Self::limit) says otherwise. `op` may wait for a person without end.
    pub const LIMIT: Duration = Duration::from_secs(15);

    /// Takes these variables for the environment, instead of this program's.
    pub fn environment<N: Into<OsString>, V: Into<OsString>>(
        mut self,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.environment = Environment::of(variables);
        self
    }

    /// Gives up a secret after this long, [`LIMIT`](Self::LIMIT) unless set.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Reads one secret, exactly as it stands in 1Password.
    ///
    /// # Errors
    /// Any [`OnePasswordFailure`].
    pub async fn read(&self, reference: &SecretReference) -> Result<SecretString, OnePasswordFailure> {
        self.open().read(reference).await
    }

    /// The way to 1Password, for several secrets.
    pub(crate) fn open(&self) -> OpenStore {
        OpenStore { way: self.way(), found: Vec::new() }
    }

    fn way(&self) -> Result<Way, OnePasswordFailure> {
        let limit = self.limit.unwrap_or(Self::LIMIT);
        let variable = |name| self.environment.text(name);
        match (variable(CONNECT_HOST)?, variable(CONNECT_TOKEN)?, variable(SERVICE_ACCOUNT_TOKEN)?) {
            (Some(_), Some(_), Some(_)) => Err(OnePasswordFailure::TwoWays),
            (Some(host), Some(token), None) => Ok(Way::Connect(ConnectServer::new(&host, &token, limit)?)),
            (Some(_), None, _) => {
                Err(OnePasswordFailure::HalfConnect { set: CONNECT_HOST, missing: CONNECT_TOKEN })
            }
            (None, Some(_), _) => {
                Err(OnePasswordFailure::HalfConnect { set: CONNECT_TOKEN, missing: CONNECT_HOST })
            }
            (None, None, _) => Ok(Way::Op(Op::new(&self.environment, limit)?)),
        }
    }
}

/// Shows no variable: some are secrets.
impl fmt::Debug for OnePassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnePassword").field("limit", &self.limit).finish_non_exhaustive()
    }
}

/// One of the two ways to 1Password.
enum Way {
    Op(Op),
    Connect(ConnectServer),
}

/// 1Password as one run of a program reads it: each secret once, and nothing more of a way that is closed.
pub(crate) struct OpenStore {
    way: Result<Way, OnePasswordFailure>,
    found: Vec<(SecretReference, SecretString)>,
}

/// Shows which secrets were read, and none of them.
impl fmt::Debug for OpenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.found.iter().map(|(reference, _)| reference)).finish()
    }
}

impl OpenStore {
    /// Reads a secret, unless it was read before. What keeps every secret from being read, as a program that does not answer, is met
    /// once; for the others it is only said.
    pub(crate) async fn read(
        &mut self,
        reference: &SecretReference,
    ) -> Result<SecretString, OnePasswordFailure> {
        if let Some((_, secret)) = self.found.iter().find(|(known, _)| known == reference) {
            return Ok(secret.clone());
        }
        let read = match &self.way {
            Ok(Way::Op(op)) => op.read(reference).await,
            Ok(Way::Connect(server)) => server.read(reference).await,
            Err(failure) => return Err(failure.clone()),
        };
        match &read {
            Ok(secret) => self.found.push((reference.clone(), secret.clone())),
            Err(failure) if failure.concerns_every_secret() => self.way = Err(failure.clone()),
            Err(_) => {}
        }
        read
    }
}
