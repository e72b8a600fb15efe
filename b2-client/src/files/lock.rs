//! Retention and legal holds of versions.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Files, Governance};
use crate::buckets::RetentionMode;
use crate::error::Error;
use crate::ids::{FileId, UnixMillis};
use crate::members::Members;
use crate::names::FileName;
use crate::operations;
use crate::service::call;
use crate::subject::Subject;

/// The retention of a version. The default is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileRetention {
    /// No retention.
    #[default]
    None,
    /// The version cannot be deleted before `until`.
    Until {
        /// Who can shorten or remove the retention.
        mode: RetentionMode,
        /// The end of the retention.
        until: UnixMillis,
    },
}

impl FileRetention {
    /// Retention in compliance mode, which nobody can shorten or remove.
    pub fn compliance(until: UnixMillis) -> Self {
        Self::Until { mode: RetentionMode::Compliance, until }
    }

    /// Retention in governance mode, which keys with `bypassGovernance` can shorten or remove.
    pub fn governance(until: UnixMillis) -> Self {
        Self::Until { mode: RetentionMode::Governance, until }
    }
}

#[derive(Serialize)]
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
    /// Only a mode that is stated as none is no retention.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = Members::of(deserializer)?;
        let states_mode = members.has("mode");
        let mode: Option<RetentionMode> = members.stated("mode").map_err(D::Error::custom)?;
        let until = members.stated("retainUntilTimestamp").map_err(D::Error::custom)?;
        match (mode, until) {
            (Some(RetentionMode::Unknown(none)), _) if none == "none" => Ok(Self::None),
            (Some(mode), Some(until)) => Ok(Self::Until { mode, until }),
            (None, None) if states_mode => Ok(Self::None),
            _ => Err(D::Error::custom("half a retention, expected mode and retainUntilTimestamp")),
        }
    }
}

/// A legal hold, which protects a version from deletion until it is removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum LegalHold {
    /// The version has a legal hold.
    On,
    /// The version has no legal hold.
    #[default]
    Off,
    /// A state that this crate does not know.
    #[serde(untagged)]
    Unknown(String),
}

impl LegalHold {
    /// Returns the state as B2's API names it: `on` or `off`.
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
    /// Changes the retention of a version and returns the new one.
    ///
    /// Retention in compliance mode can only be extended. Retention in governance mode can be shortened or removed with
    /// [`Governance::Bypass`]. Compute the end from the service's clock, such as the upload time of a version or
    /// [`service_time`](crate::Client::service_time), because the local clock may be wrong.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Locked`] for a change that the current retention forbids, [`crate::ErrorKind::LockConflict`] in a
    /// bucket without object lock, [`crate::ErrorKind::InvalidRequest`] for an end in the past, [`crate::ErrorKind::NotFound`],
    /// [`crate::ErrorKind::Unauthorized`].
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
        let call = call(operations::UPDATE_FILE_RETENTION, &request);
        let call = call.subject(Subject::file(name).with_id(id));
        let answer: Retained = self.client.send_needing(call, governance.needs()).await?;
        Ok(answer.file_retention)
    }

    /// Sets or removes the legal hold of a version and returns the new state.
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
        let call = call(operations::UPDATE_FILE_LEGAL_HOLD, &request);
        let answer: Held = self.client.send(call.subject(Subject::file(name).with_id(id))).await?;
        Ok(answer.legal_hold)
    }
}
