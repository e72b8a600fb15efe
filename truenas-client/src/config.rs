//! Which appliance, how to log in to it and which certificate it may show, time-outs and retries.

use std::sync::Arc;
use std::time::Duration;

use http_core::Options;

use crate::address::Address;
use crate::trust::Trust;

http_core::secret_types! {
    /// A TrueNAS API key, `<id>-<64 characters>`.
    ApiKey;
    /// The password of a user of the appliance.
    Password;
    /// A one-time code, valid once and for about a minute.
    OneTimeCode;
    /// A token of `auth.generate_token`.
    Token;
}

/// How to log in.
///
/// | credentials | 26 and newer | 25.04, 25.10 | before |
/// | --- | --- | --- | --- |
/// | API key with its user's name | by proof: the key is not sent, and the proof is bound to the certificate | `auth.login_ex` | `auth.login_with_api_key` |
/// | API key alone | `auth.login_with_api_key`, while it is offered | `auth.login_with_api_key` | `auth.login_with_api_key` |
/// | password, with a one-time code | `auth.login_ex` | `auth.login_ex` | `auth.login` |
/// | token | `auth.login_ex` | `auth.login_ex` | `auth.login_with_token`, `auth.token` on CORE |
#[derive(Debug)]
#[non_exhaustive]
pub enum Credentials {
    /// An API key; it acts with the rights of the user it belongs to, and on CORE with every right.
    ApiKey {
        /// The name of that user, where it is known. From release 27 on the appliance wants it.
        user: Option<String>,
        /// The key.
        key: ApiKey,
    },
    /// A user's name and password.
    Password {
        /// The name.
        user: String,
        /// The password.
        password: Password,
        /// The code that a user with two-factor authentication logs in with besides. It serves for one log-in: when the connection is
        /// lost, the next call fails with `OneTimeCodeRequired`.
        one_time_code: Option<OneTimeCode>,
    },
    /// A token that somebody who is logged in made. It expires, by default after ten minutes without a connection.
    Token(Token),
}

impl Credentials {
    /// An API key whose user's name is not known.
    pub fn api_key(key: ApiKey) -> Self {
        Self::ApiKey { user: None, key }
    }

    /// An API key and the name of the user that it belongs to.
    pub fn api_key_of(user: impl Into<String>, key: ApiKey) -> Self {
        Self::ApiKey { user: Some(user.into()), key }
    }
}

/// Everything needed to reach one appliance.
///
/// Defaults: 15 seconds for connecting, the TLS handshake, the upgrade and logging in together; two minutes for a whole call, since
/// verifying a cloud credential on a dead network takes the appliance most of one; four attempts of a call that may be repeated, with
/// backoff from a quarter of a second to 16; two minutes without a byte while a file is fetched. Connecting, and waiting for the appliance's
/// limit on log-ins, take no longer than a whole call may. Following a job is not bound by the deadline.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) address: Address,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) trust: Trust,
    pub(crate) options: Options,
}

impl Config {
    /// Names an appliance and how to log in to it. Its certificate must be one that this machine trusts, unless
    /// [`trust`](Self::trust) says otherwise.
    pub fn new(address: Address, credentials: Credentials) -> Self {
        let options = Options::default()
            .attempts(4)
            .backoff(Duration::from_millis(250), Duration::from_secs(16))
            .deadline(Duration::from_mins(2))
            .idle_timeout(Duration::from_mins(2));
        Self { address, credentials: Arc::new(credentials), trust: Trust::System, options }
    }

    /// Which certificate the appliance may show; by default what this machine's store accepts.
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    http_core::option_setters!(options);
}
