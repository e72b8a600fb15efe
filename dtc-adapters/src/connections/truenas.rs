//! TrueNAS systems: where each answers, and which certificate it may show.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, de};

use crate::checks;
use crate::secret_source::SecretSource;

/// A TrueNAS system.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "TrueNasTable")]
#[non_exhaustive]
pub struct TrueNasConnection {
    /// `wss://host[:port]`, `https://host[:port]` or a bare host.
    pub url: String,
    /// Which certificate it may show.
    pub trust: Trust,
    /// An API key of a full administrator.
    pub api_key: SecretSource,
}

impl TrueNasConnection {
    /// The appliance at this address, whose certificate this machine's store vouches for.
    pub fn new(url: impl Into<String>, api_key: SecretSource) -> Self {
        Self { url: url.into(), trust: Trust::System, api_key }
    }

    /// Trusts this certificate instead.
    pub fn trust(mut self, trust: Trust) -> Self {
        self.trust = trust;
        self
    }

    pub(super) fn in_folder(self, folder: &Path) -> Self {
        let trust = match self.trust {
            Trust::CertificateFile(path) => Trust::CertificateFile(folder.join(path)),
            trust => trust,
        };
        Self { trust, api_key: self.api_key.in_folder(folder), ..self }
    }
}

/// Which certificate an appliance may show. There is no variant that accepts any.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trust {
    /// The one with this SHA-256, in 64 hexadecimal digits with or without colons: for self-signed certificates.
    Fingerprint(String),
    /// Those in this PEM text, as authorities or as the appliance's own.
    Certificate(String),
    /// Those in this PEM file, likewise.
    CertificateFile(PathBuf),
    /// What this machine's certificate store vouches for.
    System,
}

/// A table `[[appliance]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ApplianceTable {
    #[serde(deserialize_with = "checks::appliance_name")]
    name: String,
    #[serde(deserialize_with = "checks::appliance")]
    url: String,
    #[serde(default, deserialize_with = "checks::some_fingerprint")]
    fingerprint: Option<String>,
    certificate: Option<PathBuf>,
    api_key: SecretSource,
}

/// The tables `[[appliance]]`, by their names.
pub(super) fn others<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, TrueNasConnection>, D::Error> {
    let mut all = BTreeMap::new();
    for table in Vec::<ApplianceTable>::deserialize(deserializer)? {
        let ApplianceTable { name, url, fingerprint, certificate, api_key } = table;
        let appliance = TrueNasConnection::try_from(TrueNasTable { url, fingerprint, certificate, api_key });
        let appliance = appliance.map_err(de::Error::custom)?;
        if all.insert(name.clone(), appliance).is_some() {
            return Err(de::Error::custom(format!(
                "two appliances are called {name:?}; name one of them anew"
            )));
        }
    }
    Ok(all)
}

/// The table `[truenas]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrueNasTable {
    #[serde(deserialize_with = "checks::appliance")]
    url: String,
    #[serde(default, deserialize_with = "checks::some_fingerprint")]
    fingerprint: Option<String>,
    certificate: Option<PathBuf>,
    api_key: SecretSource,
}

impl TryFrom<TrueNasTable> for TrueNasConnection {
    type Error = &'static str;

    fn try_from(table: TrueNasTable) -> Result<Self, Self::Error> {
        let trust = match (table.fingerprint, table.certificate) {
            (Some(fingerprint), None) => Trust::Fingerprint(fingerprint),
            (None, Some(path)) => Trust::CertificateFile(path),
            (None, None) => Trust::System,
            (Some(_), Some(_)) => {
                return Err("it names both a fingerprint and a certificate; leave one of them out");
            }
        };
        Ok(Self { url: table.url, trust, api_key: table.api_key })
    }
}
