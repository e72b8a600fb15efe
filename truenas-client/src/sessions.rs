//! Who is logged in to the appliance, and tokens to log in with.

use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::call::Call;
use crate::config::Token;
use crate::operations;
use crate::query::Query;
use crate::redactable::Redactable;
use crate::{Client, Error, ErrorKind};

impl Client {
    /// Who is logged in to the appliance.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions { client: self }
    }
}

/// Calls about sessions and tokens.
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a> {
    client: &'a Client,
}

impl Sessions<'_> {
    /// Everybody who is logged in now, this connection included.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self) -> Result<Vec<Session>, Error> {
        self.client.select(operations::AUTH_SESSIONS, &Query::new()).await
    }

    /// Makes a token that logs in as this user for a while. Whoever has it may do all that this user may: a read-only client makes none.
    ///
    /// # Errors
    /// `Unsupported` for a condition that the release cannot hold to; `OutcomeUnknown` when the answer is lost: a token that nobody knows
    /// then expires by itself.
    pub async fn make_token(&self, token: &NewToken) -> Result<Token, Error> {
        let seconds = token.lasts.as_secs().max(1);
        let params =
            [json!(seconds), json!({}), json!(token.origin == Origin::Same), json!(token.uses == Uses::One)];
        let made = self.client.carry_out(Call::new(operations::AUTH_GENERATE_TOKEN, params)).await?;
        match made {
            Redactable::Clear(token) => Ok(token),
            Redactable::Redacted | Redactable::Absent => Err(Error::new(
                operations::AUTH_GENERATE_TOKEN.name(),
                self.client.subject(),
                ErrorKind::NotUnderstood { path: ".".into() },
            )),
        }
    }
}

/// A token to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    origin: Origin,
    uses: Uses,
    lasts: Duration,
}

/// From where a token may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Same,
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Uses {
    One,
    Many,
}

impl NewToken {
    /// A token for use from this machine's own address, within ten minutes. Unsupported on CORE, whose tokens can be used from anywhere.
    pub fn for_this_address() -> Self {
        Self { origin: Origin::Same, uses: Uses::Many, lasts: Duration::from_mins(10) }
    }

    /// A token for use from any address, within ten minutes: for another appliance to log in with.
    pub fn for_any_address() -> Self {
        Self { origin: Origin::Any, ..Self::for_this_address() }
    }

    /// Once only. Unsupported before 25.04.
    pub fn once(mut self) -> Self {
        self.uses = Uses::One;
        self
    }

    /// For how long after its last use, in whole seconds.
    pub fn lasting(mut self, time: Duration) -> Self {
        self.lasts = time;
        self
    }
}

/// Somebody who is logged in (TrueNAS middleware 13.3 to 26, `auth.sessions`). What a release does not say is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Session {
    /// Its identifier.
    pub id: String,
    /// Whether it is this connection.
    #[serde(default)]
    pub current: bool,
    /// Whether the appliance made it for itself.
    #[serde(default)]
    pub internal: bool,
    /// The address that it comes from.
    #[serde(default)]
    pub origin: Option<String>,
    /// What it was logged in with.
    pub credentials: LoggedInWith,
    /// Who it is.
    #[serde(default, rename = "credentials_data")]
    pub who: Who,
    /// When it began.
    #[serde(default, deserialize_with = "crate::ejson::moment")]
    pub created_at: Option<SystemTime>,
    /// Whether it came over TLS, from 25.04 on.
    #[serde(default)]
    pub secure_transport: Option<bool>,
}

/// Who is logged in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Who {
    /// The user's name, from 24.10 on.
    pub username: Option<String>,
    /// The API key, where it was one.
    pub api_key: Option<KeyOfSession>,
}

/// The API key that somebody logged in with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct KeyOfSession {
    /// Its number.
    pub id: crate::ApiKeyId,
    /// Its name.
    pub name: String,
}

/// What somebody logged in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum LoggedInWith {
    /// The appliance's own programs.
    UnixSocket,
    /// A password.
    LoginPassword,
    /// A password and a one-time code.
    LoginTwofactor,
    /// A password for one use.
    LoginOnetimePassword,
    /// An API key.
    ApiKey,
    /// A token.
    Token,
    /// The other controller of a pair.
    TruenasNode,
    /// Something of a newer or older release.
    #[serde(untagged)]
    Unknown(String),
}
