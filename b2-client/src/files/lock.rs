//! Retention and legal holds on versions of files.

use std::fmt;

use http_core::Idempotency;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Files, Governance};
use crate::buckets::RetentionMode;
use crate::error::Error;
use crate::ids::{FileId, UnixMillis};
use crate::names::FileName;
use crate::service::call;

/// Until when a version cannot be deleted, and how firmly. `Default` is no retention.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileRetention {
    /// None.
    #[default]
    None,
    /// It cannot be deleted before `until`.
    Until {
        /// How firmly it holds.
        mode: RetentionMode,
        /// The end of the protection.
        until: UnixMillis,
    },
}

impl FileRetention {
    /// Protection that nobody can shorten or remove.
    pub fn compliance(until: UnixMillis) -> Self {
        Self::Until { mode: RetentionMode::Compliance, until }
    }

    /// Protection that a key with `bypassGovernance` can shorten or remove.
    pub fn governance(until: UnixMillis) -> Self {
        Self::Until { mode: RetentionMode::Governance, until }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    mode: Option<RetentionMode>,
    retain_until_timestamp: Option<UnixMillis>,
}

impl Serialize for FileRetention {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (mode, retain_until_timestamp) = match self.clone() {
            Self::None => (None, None),
            Self::Until { mode, until } => (Some(mode), Some(until)),
        };
        Wire { mode, retain_until_timestamp }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FileRetention {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::<Wire>::deserialize(deserializer)? {
            Some(Wire { mode: Some(mode), retain_until_timestamp: Some(until) }) => {
                Self::Until { mode, until }
            }
            _ => Self::None,
        })
    }
}

/// Whether a legal hold protects a version, without an end of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum LegalHold {
    /// It does.
    On,
    /// It does not.
    #[default]
    Off,
    /// A state newer than this crate.
    #[serde(untagged)]
    Unknown(String),
}

impl LegalHold {
    /// The state as the wire writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Unknown(state) => state,
        }
    }
}

impl fmt::Display for LegalHold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Update<'a> {
    file_name: &'a FileName,
    file_id: &'a FileId,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_retention: Option<&'a FileRetention>,
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_hold: Option<&'a LegalHold>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bypass_governance: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Retained {
    file_retention: FileRetention,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Held {
    legal_hold: LegalHold,
}

impl Files<'_> {
    /// Changes until when a version is protected. Compliance can only be lengthened; governance can be shortened or removed with
    /// [`Governance::Bypass`]. Count the end from the service's clock, such as a version's upload time or
    /// [`service_time`](crate::Client::service_time): a wrong clock here makes it too short or far too long.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Locked`] for a change that the present protection forbids, [`crate::ErrorKind::LockConflict`] in a
    /// bucket without object lock, [`crate::ErrorKind::NotFound`], [`crate::ErrorKind::Unauthorized`].
    pub async fn update_retention(
        &self,
        name: &FileName,
        id: &FileId,
        retention: &FileRetention,
        governance: Governance,
    ) -> Result<FileRetention, Error> {
        let request = Update {
            file_name: name,
            file_id: id,
            file_retention: Some(retention),
            legal_hold: None,
            bypass_governance: governance.flag(),
        };
        let call = call("b2_update_file_retention", Idempotency::Idempotent, &request);
        let answer: Retained = self.client.send(call.subject(format!("file {:?}", name.as_str()))).await?;
        Ok(answer.file_retention)
    }

    /// Sets or lifts a version's legal hold.
    ///
    /// # Errors
    /// [`crate::ErrorKind::LockConflict`] in a bucket without object lock, [`crate::ErrorKind::NotFound`],
    /// [`crate::ErrorKind::Unauthorized`].
    pub async fn update_legal_hold(
        &self,
        name: &FileName,
        id: &FileId,
        hold: &LegalHold,
    ) -> Result<LegalHold, Error> {
        let request = Update {
            file_name: name,
            file_id: id,
            file_retention: None,
            legal_hold: Some(hold),
            bypass_governance: None,
        };
        let call = call("b2_update_file_legal_hold", Idempotency::Idempotent, &request);
        let answer: Held = self.client.send(call.subject(format!("file {:?}", name.as_str()))).await?;
        Ok(answer.legal_hold)
    }
}
