//! The encryption password and salt (E2–E5, E9).

use serde::{Deserialize, Serialize};

use super::registration::Registered;
use super::run::Made;
use super::{Finding, Run, Step, StepKind};
use crate::error::{Error, ErrorKind, Refusal};
use crate::escrow;
use crate::facts::{Agreement, Known, Opening, ROLE_TO_SEE_SECRETS, TaskFacts};
use crate::proofs::{Escrowable as _, Escrowed};
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
    /// The vault has both; people chose them, and an object of the bucket opens with them (E3a).
    KeepByHand,
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
        (Some(_), Some(_)) => return kept(seen.vault.pair_by_hand.as_ref(), findings),
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

/// Values that people chose are kept if an object of the bucket opens with them (E3a).
fn kept(by_hand: Option<&Opening>, findings: &mut Vec<Finding>) -> Result<SecretsPhase, Refusal> {
    const WHAT: &str = "the vault's encryption password or salt is not of the form of what is drawn";
    match by_hand {
        None => Ok(SecretsPhase::Keep),
        Some(Opening::Opens { object }) => {
            let what = format!("{WHAT}: people chose it. It is kept, since it opens {object}");
            findings.push(Finding::new(escrow::RULE, what));
            Ok(SecretsPhase::KeepByHand)
        }
        Some(Opening::Closed { why }) => Err(Refusal::data_at_risk(
            escrow::RULE,
            format!("{WHAT}, and it does not open what is in the bucket: {why}"),
            "Look through the vault's history for the value that does; nothing was changed",
        )),
        Some(Opening::Unproven { why }) => Err(Refusal::precondition(
            escrow::RULE,
            format!("{WHAT}, and nothing shows it to be the right one: {why}"),
            "If a task of the appliance uses it already, let the task run once and run again; else archive both records \
             and run again, and new ones are drawn",
        )),
    }
}

fn pushes_a_pool(seen: Known<'_>, task: &TaskFacts) -> bool {
    seen.backed_up.iter().any(|pool| cloud_sync::is_of_pool(&task.settings, pool))
}

/// A task whose pair is not known to be the vault's stops everything (E4).
fn agrees(task: &TaskFacts) -> Result<(), Refusal> {
    let named = format!("the Cloud Sync task of {} ({})", task.settings.path, task.id);
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
        Agreement::Unknowable => {
            let what = format!(
                "{named} hides its password and salt from this API key, so they cannot be compared with the vault's"
            );
            return Err(Refusal::precondition(
                "E4",
                what,
                format!("The API key is limited: {ROLE_TO_SEE_SECRETS}"),
            ));
        }
        Agreement::Unread => {
            let what = format!("the vault's record of the password and salt of {named} could not be read");
            return Err(Refusal::precondition("E4", what, "Let the vault's key read it, then run again"));
        }
    };
    let what = format!("{named} {what}");
    Err(Refusal::data_at_risk("E4", what, remedy))
}

impl SecretsPhase {
    pub(crate) fn describe(self) -> Step {
        match self {
            Self::Keep | Self::KeepByHand => Step::new("E4", StepKind::Keep, SUBJECT),
            Self::Complete => Step::new("E5", StepKind::Secret, SUBJECT)
                .detail("the missing half drawn and escrowed; the other kept"),
            Self::Mint => Step::new("E2", StepKind::Secret, SUBJECT)
                .detail("drawn, escrowed and read back before they are used"),
        }
    }

    fn kept(self) -> Option<Made> {
        match self {
            Self::Keep => Some(Made::Drawn),
            Self::KeepByHand => Some(Made::ByHand),
            Self::Complete | Self::Mint => None,
        }
    }

    /// The pair as the vault gives it back now, directly before it is used: found once more, whatever came meanwhile (E2).
    ///
    /// # Errors
    /// The vault holds several pairs, none, or another one than it held before.
    pub(crate) async fn found_again(
        self,
        run: &Run<'_>,
        before: &Escrowed<EncryptionSecrets>,
    ) -> Result<Escrowed<EncryptionSecrets>, Error> {
        let made = self.kept().unwrap_or(Made::Drawn);
        let now = run.recall::<EncryptionSecrets>(&run.scope.backup(), made).await?;
        if now.value().same_as(before.value()) {
            return Ok(now);
        }
        Err(ErrorKind::Stale { changed: format!("the vault's {SUBJECT}") }.into())
    }

    pub(crate) async fn apply(
        self,
        run: &mut Run<'_>,
        _registered: &Registered,
    ) -> Result<Escrowed<EncryptionSecrets>, Error> {
        let backup = run.scope.backup();
        if let Some(made) = self.kept() {
            run.unchanged(SUBJECT);
            return run.recall(&backup, made).await;
        }
        run.started(SUBJECT);
        let secrets = run.complete::<EncryptionSecrets>(backup).await?;
        run.done(SUBJECT, format!("escrowed and read back: {}", secrets.record().url));
        Ok(secrets)
    }
}
