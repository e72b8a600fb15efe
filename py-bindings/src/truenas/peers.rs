//! Another appliance that is to let this one in.

use pyo3::prelude::*;
use truenas_client::keychain as there;
use truenas_client::{KeyPairId, OneTimeCode, Password, Token};

use super::hidden::Hidden;
use super::shown::with;
use crate::errors;
use crate::values::value_class;

value_class! {
    in "dtc.truenas";
    /// Another appliance that is to let this one in.
    SemiAutomatic {
        /// Its URL, such as ``https://nas02.example.net``.
        url: String,
        /// Who SSH logs in as; root by default. The user needs a home.
        username: Option<String> = None,
        /// Whether that user may run ``zfs`` as root from then on; off by default.
        sudo: Option<bool> = None,
        /// Whether the other one's certificate has to be signed by somebody whom this one trusts; on by default. An appliance's own is not:
        /// off, whoever answers at the URL is believed. CORE cannot verify.
        verify_certificate: Option<bool> = None,
        /// For how many seconds connecting is tried; ten by default.
        connect_timeout: Option<u32> = None,
    }
}

impl SemiAutomatic {
    pub(crate) fn given(&self) -> there::SemiAutomatic {
        let request = there::SemiAutomatic::new(&self.url);
        let request = with! { request, self;
            username as it => username(it),
            sudo as it => sudo((*it).into()),
            verify_certificate as it => verify_certificate((*it).into()),
            connect_timeout as it => connect_timeout(*it),
        };
        request
    }
}

value_class! {
    in "dtc.truenas";
    /// How the appliance logs in to the other one, once: by a token that the other one has given out, or by an administrator's name and password.
    PeerLogin {
        /// A token that is not bound to an address.
        token: Option<Hidden> = None,
        /// The administrator's name.
        username: Option<String> = None,
        /// Its password.
        password: Option<Hidden> = None,
        /// A one-time code, where one is asked for.
        code: Option<Hidden> = None,
    }
}

/// The same, as the crate has it.
pub(super) struct Login {
    token: Option<Token>,
    username: Option<String>,
    password: Option<Password>,
    code: Option<OneTimeCode>,
}

impl PeerLogin {
    pub(super) fn given(&self) -> Login {
        Login {
            token: self.token.as_ref().map(Hidden::given),
            username: self.username.clone(),
            password: self.password.as_ref().map(Hidden::given),
            code: self.code.as_ref().map(Hidden::given),
        }
    }
}

impl Login {
    pub(super) fn login(&self) -> PyResult<there::PeerLogin<'_>> {
        match (&self.token, &self.username, &self.password) {
            (Some(token), None, None) => Ok(there::PeerLogin::Token(token)),
            (None, Some(username), Some(password)) => {
                Ok(there::PeerLogin::Password { username, password, code: self.code.as_ref() })
            }
            _ => {
                let remedy = "give token, or username and password";
                Err(errors::argument("login", "", "is incomplete, or of two kinds", remedy))
            }
        }
    }
}

/// Which key pair a connection uses: a new one of this name, or one of the keychain.
pub(super) fn key_choice(generate: Option<String>, existing: Option<i64>) -> PyResult<there::KeyChoice> {
    match (generate, existing) {
        (Some(name), None) => Ok(there::KeyChoice::Generate(name)),
        (None, Some(id)) => Ok(there::KeyChoice::Existing(KeyPairId::new(id))),
        _ => Err(errors::argument("key pair", "", "is none, or two", "give generate, or key_pair")),
    }
}
