//! The cloud credential on the appliance (C1).

use serde::{Deserialize, Serialize};

use super::key::KeyPhase;
use super::{Run, Step, StepKind};
use crate::error::{Error, Refusal};
use crate::facts::{Agreement, Known};
use crate::ids::CredentialId;
use crate::ports::{CredentialSpec, CredentialVerdict};
use crate::proofs::{Bound, Escrowed};
use crate::secret::ApplicationKey;

/// How often a key that was just minted is tried before it counts as refused: new keys take seconds to be known
/// everywhere.
const VERIFY_ATTEMPTS: u32 = 4;

/// What happens to the credential.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum CredentialPhase {
    /// It holds the vault's key.
    Keep {
        /// Its id.
        id: CredentialId,
    },
    /// It does not exist.
    Create,
    /// It holds another key.
    Replace {
        /// Its id.
        id: CredentialId,
    },
}

pub(crate) fn plan(seen: Known<'_>, key: &KeyPhase) -> CredentialPhase {
    let Some(found) = seen.credential() else { return CredentialPhase::Create };
    let id = found.id.clone();
    let escrowed = match key {
        KeyPhase::Keep { key } | KeyPhase::ClearIntent { key } => Some(key),
        KeyPhase::Mint { .. } => None,
    };
    let same_id = escrowed.is_some() && found.key_id.as_ref() == escrowed;
    match found.key {
        Agreement::Same | Agreement::Unknowable if same_id => CredentialPhase::Keep { id },
        _ => CredentialPhase::Replace { id },
    }
}

impl CredentialPhase {
    /// The credential on the appliance, where there is one already.
    pub(crate) fn existing(&self) -> Option<&CredentialId> {
        match self {
            Self::Keep { id } | Self::Replace { id } => Some(id),
            Self::Create => None,
        }
    }

    pub(crate) fn describe(&self, name: &str) -> Step {
        let name = format!("cloud credential {name}");
        match self {
            Self::Keep { .. } => Step::new("C1", StepKind::Keep, name),
            Self::Create => {
                Step::new("C1", StepKind::Create, name).detail("tried by the appliance before it is saved")
            }
            Self::Replace { .. } => Step::new("C1", StepKind::Change, name)
                .detail("to the vault's key, tried by the appliance before it is saved"),
        }
    }

    pub(crate) async fn apply(
        &self,
        run: &mut Run<'_>,
        key: &Escrowed<ApplicationKey>,
    ) -> Result<CredentialId, Error> {
        let step = format!("cloud credential {}", run.scope.bucket_name);
        if let Self::Keep { id } = self {
            run.unchanged(&step);
            return Ok(id.clone());
        }
        run.started(&step);
        let spec = CredentialSpec { bucket: run.scope.bucket_name.clone(), device: run.scope.device_guid };
        let credential = key.for_use(&spec)?;
        verified(run, credential).await?;
        let id = run.ports.appliance.put_cloud_credential(self.existing(), credential).await?;
        run.done(&step, "verified by the appliance and saved");
        Ok(id)
    }
}

/// The appliance logs in with the key before the key is saved (C1).
async fn verified(run: &Run<'_>, credential: Bound<'_, CredentialSpec>) -> Result<(), Error> {
    let mut reason = String::new();
    for _ in 0..VERIFY_ATTEMPTS {
        match run.ports.appliance.verify_cloud_credential(credential).await? {
            CredentialVerdict::Valid => return Ok(()),
            CredentialVerdict::Invalid(words) => reason = words,
        }
        tokio::time::sleep(run.ports.waits.poll_interval).await;
    }
    let lower = reason.to_ascii_lowercase();
    let remedy = if lower.contains("api version") {
        "The key was made for a newer API than the appliance's rclone speaks; a key minted through v3 works (K2a)"
    } else if lower.contains("unauthorized") || lower.contains("bad_auth_token") || lower.contains("401") {
        "The appliance refused the escrowed key: it is wrong, revoked, or scoped to another bucket. To have a new one \
         minted, archive its record in the vault and run again"
    } else {
        "See whether the appliance reaches Backblaze: name resolution, route, firewall"
    };
    let what = format!("the appliance could not use the key {}: {reason}", credential.expose().id);
    Err(Refusal::precondition("C1", what, remedy).into())
}
