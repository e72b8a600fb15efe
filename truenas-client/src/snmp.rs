//! The SNMP service's settings.

use serde::{Deserialize, Serialize};

use crate::call::{Call, Changes};
use crate::operations;
use crate::redactable::Redactable;
use crate::{Client, Error, Switch};

http_core::secret_types! {
    /// The password by which an SNMPv3 user is authenticated.
    AuthenticationPassword;
    /// The passphrase under which SNMPv3 messages are encrypted.
    PrivacyPassphrase;
    /// The community of SNMP 1 and 2c, the only secret of those versions.
    Community;
    /// Further lines of the daemon's configuration; they can hold communities and passwords.
    FurtherConfiguration;
}

impl Client {
    /// The SNMP service's settings.
    pub fn snmp(&self) -> Snmp<'_> {
        Snmp { client: self }
    }
}

/// Calls about SNMP.
#[derive(Clone, Copy, Debug)]
pub struct Snmp<'a> {
    client: &'a Client,
}

impl Snmp<'_> {
    /// The settings as they are.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn config(&self) -> Result<SnmpConfig, Error> {
        self.client.carry_out(Call::new(operations::SNMP_CONFIG, [])).await
    }

    /// Changes settings; with secrets, both are set. The service has to be started separately.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost (doing it again is harmless); `Validation`, `Unauthorized`.
    pub async fn update(
        &self,
        changes: &UpdateSnmp,
        secrets: Option<&SnmpSecrets>,
    ) -> Result<SnmpConfig, Error> {
        let hidden: Vec<(&str, &str)> = secrets.map(SnmpSecrets::fields).into_iter().flatten().collect();
        let body = hidden.iter().fold(changes.0.clone(), |body, (k, v)| body.set(k, *v)).body();
        let call = Call::new(operations::SNMP_UPDATE, [body]);
        self.client.carry_out(call).await
    }
}

/// The SNMP service's settings.
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct SnmpConfig {
    /// Where the appliance is installed, in words.
    pub location: String,
    /// Whom to contact, in words or as an address.
    pub contact: String,
    /// The community of versions 1 and 2c; with version 3 only it is absent.
    #[serde(default)]
    pub community: Redactable<Community>,
    /// Further lines of the daemon's configuration, as a person wrote them: they can let others in beside the user.
    #[serde(default, rename = "options")]
    pub further: Redactable<FurtherConfiguration>,
    /// Whether traps are sent.
    pub traps: bool,
    /// Whether version 3 is on.
    pub v3: bool,
    /// The version 3 user, empty when there is none.
    pub v3_username: String,
    /// How the user is authenticated; none when it is not.
    #[serde(rename = "v3_authtype", deserialize_with = "text")]
    pub v3_authentication: Option<Authentication>,
    /// The user's password.
    #[serde(default)]
    pub v3_password: Redactable<AuthenticationPassword>,
    /// How messages are encrypted; none when they are not.
    #[serde(rename = "v3_privproto", deserialize_with = "text")]
    pub v3_privacy: Option<Privacy>,
    /// The passphrase of the encryption.
    #[serde(default)]
    pub v3_privpassphrase: Redactable<PrivacyPassphrase>,
}

/// Reads a choice; empty text and null are none.
fn text<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.filter(|t| !t.is_empty());
    text.map(|t| T::deserialize(serde::de::value::StringDeserializer::new(t))).transpose()
}

/// How an SNMPv3 user is authenticated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Authentication {
    /// HMAC with SHA-1.
    Sha,
    /// HMAC with MD5.
    Md5,
    /// A choice of a newer release.
    #[serde(untagged)]
    Unknown(String),
}

/// How SNMPv3 messages are encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum Privacy {
    /// AES, 128 bits.
    Aes,
    /// DES.
    Des,
    /// A choice of a newer release.
    #[serde(untagged)]
    Unknown(String),
}

/// The secrets of the version 3 user.
#[derive(Debug)]
pub struct SnmpSecrets {
    password: AuthenticationPassword,
    passphrase: PrivacyPassphrase,
}

impl SnmpSecrets {
    /// Password and passphrase; the service wants eight characters or more of each.
    pub fn new(password: AuthenticationPassword, passphrase: PrivacyPassphrase) -> Self {
        Self { password, passphrase }
    }

    fn fields(&self) -> [(&'static str, &str); 2] {
        [("v3_password", self.password.expose()), ("v3_privpassphrase", self.passphrase.expose())]
    }
}

/// What to change about SNMP.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct UpdateSnmp(Changes);

impl UpdateSnmp {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Version 3 for this user (at most 20 characters), and no community: versions 1 and 2c are off.
    pub fn v3_only(self, username: &str, authentication: &Authentication, privacy: &Privacy) -> Self {
        let authentication = match authentication {
            Authentication::Sha => "SHA",
            Authentication::Md5 => "MD5",
            Authentication::Unknown(text) => text,
        };
        let privacy = match privacy {
            Privacy::Aes => "AES",
            Privacy::Des => "DES",
            Privacy::Unknown(text) => text,
        };
        let changes = self.0.set("community", "").set("v3", true).set("v3_username", username);
        Self(changes.set("v3_authtype", authentication).set("v3_privproto", privacy))
    }

    /// Where the appliance is installed, in words.
    pub fn location(self, location: &str) -> Self {
        Self(self.0.set("location", location))
    }

    /// Whom to contact, in words or as an address.
    pub fn contact(self, contact: &str) -> Self {
        Self(self.0.set("contact", contact))
    }

    /// Whether traps are sent.
    pub fn traps(self, traps: Switch) -> Self {
        Self(self.0.set("traps", traps.is_on()))
    }
}
