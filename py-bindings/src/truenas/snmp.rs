//! SNMP.

use pyo3::prelude::*;
use truenas_client::Client as Nas;
use truenas_client::snmp as there;

use super::failure::Failure;
use super::hidden::{Hidden, Redactable};
use super::shown::{Shown, found, of_word, with, words};
use crate::errors;
use crate::held::Held;
use crate::twins::twins;
use crate::values::value_class;

words!(there::Authentication, there::Privacy);

found! {
    /// The SNMP service's settings.
    SnmpConfig of there::SnmpConfig {
        /// Where the appliance is installed, in words.
        location: String,
        /// Whom to contact, in words or as an address.
        contact: String,
        /// The community of versions 1 and 2c; with version 3 only it is absent.
        community: Redactable = (Redactable::Absent),
        /// Further lines of the daemon's configuration, as a person wrote them: they can let others in beside the user.
        further: Redactable = (Redactable::Absent),
        /// Whether traps are sent.
        traps: bool,
        /// Whether version 3 is on.
        v3: bool,
        /// The version 3 user, empty when there is none.
        v3_username: String,
        /// How the user is authenticated; none when it is not.
        v3_authentication: Option<String> = None,
        /// The user's password.
        v3_password: Redactable = (Redactable::Absent),
        /// How messages are encrypted; none when they are not.
        v3_privacy: Option<String> = None,
        /// The passphrase of the encryption.
        v3_privpassphrase: Redactable = (Redactable::Absent),
    }
}

value_class! {
    in "dtc.truenas";
    /// The two secrets of SNMP version 3.
    SnmpSecrets {
        /// The password of its user.
        password: Hidden,
        /// The passphrase that messages are encrypted with.
        passphrase: Hidden,
    }
}

impl SnmpSecrets {
    fn given(&self) -> there::SnmpSecrets {
        there::SnmpSecrets::new(self.password.given(), self.passphrase.given())
    }
}

value_class! {
    in "dtc.truenas";
    /// What to change about SNMP. With the three members of version 3, which go together, versions 1 and 2 are off.
    UpdateSnmp {
        /// The user of version 3.
        v3_username: Option<String> = None,
        /// How its messages are authenticated.
        v3_authentication: Option<String> = None,
        /// How its messages are encrypted.
        v3_privacy: Option<String> = None,
        /// Where the appliance stands.
        location: Option<String> = None,
        /// Whom to turn to.
        contact: Option<String> = None,
        /// Whether it sends traps.
        traps: Option<bool> = None,
    }
}

impl UpdateSnmp {
    pub(crate) fn given(&self) -> PyResult<there::UpdateSnmp> {
        let request = there::UpdateSnmp::new();
        let request = match (&self.v3_username, &self.v3_authentication, &self.v3_privacy) {
            (None, None, None) => request,
            (Some(user), Some(authentication), Some(privacy)) => request.v3_only(
                user,
                &of_word("authentication", authentication)?,
                &of_word("privacy", privacy)?,
            ),
            _ => {
                let remedy = "give v3_username, v3_authentication and v3_privacy together";
                return Err(errors::argument("version 3", "", "is incomplete", remedy));
            }
        };
        Ok(with! { request, self;
            location as it => location(it),
            contact as it => contact(it),
            traps as it => traps((*it).into()),
        })
    }
}

twins! {
    /// SNMP.
    "Snmp" in "dtc.truenas" and "dtc.truenas.aio", Failure: Snmp / AioSnmp(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// The settings as they are.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "snmp.config"
        fn config() -> SnmpConfig = |nas| {
            Ok(nas.snmp().config().await?.shown())
        }

        /// Changes settings; with secrets, both are set. The service has to be started separately.
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when the answer is lost (doing it again is harmless); ``validation``, ``unauthorized``.
        #[pyo3(signature = (changes, secrets = None, *, timeout = None))]
        Write "snmp.update"
        fn update(changes: UpdateSnmp, secrets: Option<SnmpSecrets>) -> SnmpConfig = |nas| {
            Ok(nas.snmp().update(&changes.given()?, secrets.as_ref().map(SnmpSecrets::given).as_ref()).await?.shown())
        }
    }
}
