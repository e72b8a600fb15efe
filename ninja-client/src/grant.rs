//! By which right a client asks for tokens.

use std::fmt;
use std::sync::Arc;

use crate::ids::ClientId;
use crate::secret::{AccessToken, AuthorizationCode, ClientSecret, CodeVerifier, RefreshToken};

/// What a token may be used for. Without any named, an application gets all that it was granted; one that was not granted fails every call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenScope {
    /// Reading.
    Monitoring,
    /// Every write of the public API.
    Management,
    /// Remote access; no operation of the public API needs it.
    Control,
    /// A refresh token; for log-ins by a person only.
    OfflineAccess,
}

impl TokenScope {
    /// The scope as NinjaOne writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monitoring => "monitoring",
            Self::Management => "management",
            Self::Control => "control",
            Self::OfflineAccess => "offline_access",
        }
    }
}

impl fmt::Display for TokenScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// By which right a client asks for tokens.
#[derive(Debug)]
#[non_exhaustive]
pub enum Grant {
    /// An application for *API Services (machine-to-machine)*: nobody logs in.
    ClientCredentials {
        /// The application.
        id: ClientId,
        /// Its secret.
        secret: ClientSecret,
    },
    /// A person has just logged in; from [`crate::Login::wait`]. Good for one token, and for more where that came with a refresh token.
    AuthorizationCode {
        /// The application.
        id: ClientId,
        /// Its secret; native applications have none.
        secret: Option<ClientSecret>,
        /// What the log-in ended with.
        code: AuthorizationCode,
        /// What proves that the log-in was begun here.
        verifier: CodeVerifier,
        /// Where the log-in led back to.
        redirect_uri: String,
    },
    /// A person has logged in before.
    RefreshToken {
        /// The application.
        id: ClientId,
        /// Its secret; native applications have none.
        secret: Option<ClientSecret>,
        /// What came with an earlier token.
        token: RefreshToken,
    },
    /// A token that somebody else asked for; when it has expired, every call fails.
    AccessToken(AccessToken),
}

impl Grant {
    /// The application, for errors.
    pub(crate) fn application(&self) -> &str {
        match self {
            Self::ClientCredentials { id, .. }
            | Self::AuthorizationCode { id, .. }
            | Self::RefreshToken { id, .. } => id.as_str(),
            Self::AccessToken(_) => "of the access token",
        }
    }

    /// The form that asks for a token, where one can be asked for; `newer` is the refresh token that came with the last one.
    pub(crate) fn form<'a>(
        &'a self,
        newer: Option<&'a Arc<RefreshToken>>,
    ) -> Option<Vec<(&'static str, &'a str)>> {
        let with = |id: &'a ClientId, secret: Option<&'a ClientSecret>| {
            let secret = secret.map(|secret| ("client_secret", secret.expose()));
            std::iter::once(("client_id", id.as_str())).chain(secret)
        };
        let mut form = match (self, newer) {
            (Self::ClientCredentials { .. }, _) => vec![("grant_type", "client_credentials")],
            (Self::AccessToken(_), _) => return None,
            (_, Some(token)) => vec![("grant_type", "refresh_token"), ("refresh_token", token.expose())],
            (Self::RefreshToken { token, .. }, None) => {
                vec![("grant_type", "refresh_token"), ("refresh_token", token.expose())]
            }
            (Self::AuthorizationCode { code, verifier, redirect_uri, .. }, None) => vec![
                ("grant_type", "authorization_code"),
                ("code", code.expose()),
                ("redirect_uri", redirect_uri),
                ("code_verifier", verifier.expose()),
            ],
        };
        match self {
            Self::ClientCredentials { id, secret } => form.extend(with(id, Some(secret))),
            Self::AuthorizationCode { id, secret, .. } | Self::RefreshToken { id, secret, .. } => {
                form.extend(with(id, secret.as_ref()));
            }
            Self::AccessToken(_) => {}
        }
        Some(form)
    }
}
