//! The proof that a pair is kept, without which nothing is encrypted with it (E2).

use std::fmt;

use super::job::CopyJob;
use crate::error::{Error, Refusal};
use crate::ids::RecordRef;
use crate::secret::EncryptionSecrets;

/// A pair of which it is shown who keeps it.
pub struct Kept {
    secrets: EncryptionSecrets,
    by: KeptBy,
}

/// Who keeps a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptBy {
    /// The vault: it was written, or found, and read back equal.
    Vault(Vec<RecordRef>),
    /// The operator. If the pair is lost, nobody can open the copy.
    Operator,
}

impl Kept {
    /// The pair of a job that names no vault organisation.
    ///
    /// # Errors
    /// A refusal for a job that names one: its pair is escrowed first (E2).
    pub fn by_operator(job: &CopyJob, secrets: EncryptionSecrets) -> Result<Self, Error> {
        if let Some(place) = &job.escrow {
            let what = format!(
                "the job {:?} names the vault organisation {:?}",
                job.name.as_str(),
                place.organization
            );
            return Err(Refusal::blocked("E2", what, "Escrow its password and salt there first").into());
        }
        Ok(Self { secrets, by: KeptBy::Operator })
    }

    /// The pair, which the vault was found to hold.
    pub(super) fn by_vault(secrets: EncryptionSecrets, records: Vec<RecordRef>) -> Self {
        Self { secrets, by: KeptBy::Vault(records) }
    }

    /// The pair itself.
    pub fn secrets(&self) -> &EncryptionSecrets {
        &self.secrets
    }

    /// Who keeps it.
    pub fn by(&self) -> &KeptBy {
        &self.by
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("by", &self.by).finish_non_exhaustive()
    }
}
