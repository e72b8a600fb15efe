//! How a client reaches an appliance and logs in.

use pyo3::prelude::*;
use truenas_client::{
    Address, ApiKey, Config, Credentials, OneTimeCode, Password, Sha256Fingerprint, Token, Trust,
};

use super::failure::Failure;
use crate::b2::{Wait, listening};
use crate::errors;
use crate::listener::Listener;
use crate::rt::Timeout;
use crate::secret::AnySecret;
use crate::service::{Settings, configured};

/// What Python says of the log-in.
pub(super) struct Login {
    pub(super) api_key: Option<AnySecret>,
    pub(super) user: Option<String>,
    pub(super) password: Option<AnySecret>,
    pub(super) one_time_code: Option<AnySecret>,
    pub(super) token: Option<AnySecret>,
}

impl Login {
    fn credentials(&self) -> PyResult<Credentials> {
        let text = |secret: &AnySecret| secret.text().to_owned();
        match (&self.api_key, &self.user, &self.password, &self.token) {
            (Some(key), user, None, None) if self.one_time_code.is_none() => {
                Ok(Credentials::ApiKey { user: user.clone(), key: ApiKey::from(text(key)) })
            }
            (None, Some(user), Some(password), None) => {
                let code = self.one_time_code.as_ref();
                Ok(Credentials::Password {
                    user: user.clone(),
                    password: Password::from(text(password)),
                    one_time_code: code.map(|code| OneTimeCode::from(text(code))),
                })
            }
            (None, None, None, Some(token)) if self.one_time_code.is_none() => {
                Ok(Credentials::Token(Token::from(text(token))))
            }
            _ => {
                let remedy = "give api_key (best with user), or user and password, or token";
                Err(errors::argument("log-in", "", "is incomplete, or of several kinds", remedy))
            }
        }
    }
}

/// Which certificate the appliance may show.
pub(super) fn trust(fingerprint: Option<&str>, certificate: Option<String>) -> PyResult<Trust> {
    match (fingerprint, certificate) {
        (None, None) => Ok(Trust::System),
        (Some(text), None) => {
            Ok(Trust::Fingerprint(text.parse::<Sha256Fingerprint>().map_err(Failure::from)?))
        }
        (None, Some(pem)) => {
            let trust = Trust::Certificate(pem);
            trust.check().map_err(Failure::from)?;
            Ok(trust)
        }
        (Some(_), Some(_)) => {
            let remedy = "give fingerprint, or certificate";
            Err(errors::argument("trust", "", "is of two kinds", remedy))
        }
    }
}

/// The time-outs of a connection, and who is told of waits.
pub(super) struct Waits {
    pub(super) connect_timeout: Option<Timeout>,
    pub(super) idle_timeout: Option<Timeout>,
    pub(super) minimum_rate: Option<u32>,
    pub(super) on_wait: Option<Listener<Wait>>,
}

pub(super) fn config(
    address: &str,
    login: &Login,
    trust: Trust,
    settings: Settings,
    waits: Waits,
) -> PyResult<Config> {
    let address: Address = address.parse().map_err(Failure::Appliance)?;
    let mut config = configured!(Config::new(address, login.credentials()?).trust(trust), settings);
    if let Some(limit) = waits.connect_timeout {
        config = config.connect_timeout(limit.get());
    }
    if let Some(limit) = waits.idle_timeout {
        config = config.idle_timeout(limit.get());
    }
    if let Some(rate) = waits.minimum_rate {
        config = config.minimum_rate(rate);
    }
    Ok(match waits.on_wait {
        Some(listener) => listening!(config, listener),
        None => config,
    })
}
