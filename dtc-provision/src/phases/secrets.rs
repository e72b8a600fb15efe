//! The encryption password and salt (E2–E5, E9).

use serde::{Deserialize, Serialize};

use super::identity::Registered;
use super::{Finding, Run, Step, StepKind};
use crate::error::{Error, Refusal};
use crate::facts::{Agreement, Known, TaskFacts};
use crate::proofs::Escrowed;
use crate::secret::EncryptionSecrets;
use crate::standard::cloud_sync;

const SUBJECT: &str = "encryption password and salt";

/// What happens to the encryption password and salt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum SecretsPhase {
    /// The vault has both.
    Keep,
    /// The vault lacks the salt or the password; what it has is kept.
    Complete,
    /// The vault has neither.
    Mint,
}

/// What decrypts a backup that exists is never replaced (E4).
pub(crate) fn plan(seen: Known<'_>, findings: &mut Vec<Finding>) -> Result<SecretsPhase, Refusal> {
    for task in seen.tasks.iter().filter(|task| pushes_a_pool(seen, task)) {
        agrees(task)?;
    }
    for name in &seen.vault.misnamed {
        let what = format!(
            "a vault record is labelled with the location {:?}, and the location's name is {:?}: it is used as it is",
            name.as_str(),
            seen.place.location.name
        );
        findings.push(Finding::new("E5", what));
    }
    let phase = match (&seen.vault.password, &seen.vault.salt) {
        (Some(_), Some(_)) => return Ok(SecretsPhase::Keep),
        (None, None) => SecretsPhase::Mint,
        _ => SecretsPhase::Complete,
    };
    match seen.in_bucket.first() {
        None => Ok(phase),
        Some(pool) => Err(Refusal::data_at_risk(
            "E9",
            format!(
                "the bucket holds a backup of pool {pool}, and the vault lacks the password, the salt, or both: nobody can open it"
            ),
            "Find the archived records in the vault and restore them; nothing is written over that backup",
        )),
    }
}

fn pushes_a_pool(seen: Known<'_>, task: &TaskFacts) -> bool {
    seen.backed_up.iter().any(|pool| cloud_sync::is_of_pool(&task.settings, pool))
}

/// A task whose pair is not known to be the vault's stops everything (E4).
fn agrees(task: &TaskFacts) -> Result<(), Refusal> {
    let (what, remedy) = match task.secrets {
        Agreement::Same | Agreement::Absent => return Ok(()),
        Agreement::NotEscrowed => (
            "encrypts with a password that the vault does not know: if this appliance is lost, nobody can open the backup",
            "Escrow the appliance's password and salt first; nothing was changed",
        ),
        Agreement::Different => (
            "encrypts with another password or salt than the vault's",
            "Find out which pair opens what is in the bucket; neither was changed",
        ),
        Agreement::Unknowable => (
            "hides its password and salt, so they cannot be compared with the vault's",
            "Log in with a key of a full administrator",
        ),
    };
    let what = format!("the Cloud Sync task of {} ({}) {what}", task.settings.path, task.id);
    Err(Refusal::data_at_risk("E4", what, remedy))
}

impl SecretsPhase {
    pub(crate) fn describe(self) -> Step {
        match self {
            Self::Keep => Step::new("E4", StepKind::Keep, SUBJECT),
            Self::Complete => Step::new("E5", StepKind::Secret, SUBJECT)
                .detail("the missing half drawn and escrowed; the other kept"),
            Self::Mint => Step::new("E2", StepKind::Secret, SUBJECT)
                .detail("drawn, escrowed and read back before they are used"),
        }
    }

    pub(crate) async fn apply(
        self,
        run: &mut Run<'_>,
        _registered: &Registered,
    ) -> Result<Escrowed<EncryptionSecrets>, Error> {
        let backup = run.scope.backup();
        if self == Self::Keep {
            run.unchanged(SUBJECT);
            return run.recall(&backup).await;
        }
        run.started(SUBJECT);
        let secrets = run.complete::<EncryptionSecrets>(backup).await?;
        run.done(SUBJECT, format!("escrowed and read back: {}", secrets.record().url));
        Ok(secrets)
    }
}
