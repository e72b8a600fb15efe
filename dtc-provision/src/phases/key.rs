//! The application key, and keys of ours whose secret was lost (K1–K4).

use serde::{Deserialize, Serialize};

use super::retention::LockedBucket;
use super::run::Made;
use super::{Finding, Run, Step, StepKind};
use crate::error::Error;
use crate::escrow;
use crate::facts::{BucketFacts, Known};
use crate::ids::KeyId;
use crate::ports::{Bucket, Key, KeySpec, MintAccount, RecordNote};
use crate::proofs::consent::{Act, DeleteOrphanKey, Question};
use crate::proofs::{Escrowed, Slot};
use crate::secret::{ApplicationKey, EncryptionSecrets};
use crate::site::{KeyProfile, Site};
use crate::standard::{self, Setting};

const SUBJECT: &str = "application key";

/// What happens to the application key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum KeyPhase {
    /// The vault has it and the store knows it.
    Keep {
        /// Its id.
        key: KeyId,
    },
    /// The vault has it and the store knows it; the intent noted before its mint is removed, which a run that ended in
    /// between did not do.
    ClearIntent {
        /// Its id.
        key: KeyId,
    },
    /// It is minted and escrowed.
    Mint {
        /// What it will be.
        spec: KeySpec,
        /// The key that the vault holds, whose record it gets.
        replaces: Option<KeyId>,
        /// What the procedure lists and the service refuses.
        dropped: Vec<String>,
    },
}

/// A key of ours whose secret was lost: inert, and deleted only with consent (K3).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Orphan {
    /// Its id.
    pub key: KeyId,
    /// What is consented to.
    pub act: Act,
}

pub(crate) fn plan(site: &Site, seen: Known<'_>, findings: &mut Vec<Finding>) -> (KeyPhase, Vec<Orphan>) {
    let Some(bucket) = &seen.store.bucket else { return (mint(site, seen), Vec::new()) };
    let orphans = orphans(seen, bucket);
    strangers(seen, bucket, &orphans, findings);
    let Some((_, id)) = &seen.vault.key else { return (mint(site, seen), orphans) };
    let reason = match bucket.listed_keys().iter().find(|key| key.id == *id) {
        Some(key) => {
            let differences = standard::key::differences(key, &bucket.bucket.id);
            match differences.first().map(|differs| differs.setting) {
                None => {
                    profile(site, key, findings);
                    let key = id.clone();
                    let settled = seen.vault.mints.keys_before_mint.is_none();
                    let phase = if settled { KeyPhase::Keep { key } } else { KeyPhase::ClearIntent { key } };
                    return (phase, orphans);
                }
                Some(Setting::KeyCapabilities) => {
                    let lacking = standard::key::lacking(&key.capabilities).join(", ");
                    let what = format!(
                        "the escrowed key {id} may not {lacking}, and so backs up nothing: a new one is minted"
                    );
                    ("K2", what)
                }
                Some(_) => ("K1", format!("the escrowed key {id} reaches further than this bucket")),
            }
        }
        None => ("K3", format!("the escrowed key {id} is gone from B2: a new one is minted")),
    };
    findings.push(Finding::new(reason.0, reason.1));
    (mint(site, seen), orphans)
}

fn mint(site: &Site, seen: Known<'_>) -> KeyPhase {
    KeyPhase::Mint {
        replaces: seen.vault.key.as_ref().map(|(_, id)| id.clone()),
        spec: KeySpec {
            name: seen.place.bucket_name.clone(),
            capabilities: site.key_profile.capabilities().iter().map(|&name| name.to_owned()).collect(),
        },
        dropped: match site.key_profile {
            KeyProfile::Procedure => standard::key::REFUSED_CAPABILITIES.map(str::to_owned).to_vec(),
            KeyProfile::AppendOnly => Vec::new(),
        },
    }
}

/// Keys of ours whose secret was lost between mint and escrow: absent from the intent, present afterwards, and
/// referred to by nobody (K3, K4).
fn orphans(seen: Known<'_>, bucket: &BucketFacts) -> Vec<Orphan> {
    let MintAccount { keys_before_mint, orphaned_keys } = &seen.vault.mints;
    let lost = |key: &&Key| {
        let after_intent = keys_before_mint.as_ref().is_some_and(|before| !before.contains(&key.id));
        (after_intent || orphaned_keys.contains(&key.id))
            && key.name == seen.place.bucket_name.as_str()
            && key.buckets == [bucket.bucket.id.clone()]
            && !is_referenced(seen, &key.id)
    };
    let orphan = |key: &Key| {
        let terms =
            [("bucket", seen.place.bucket_name.to_string()), ("account", seen.store.account.id.to_string())];
        Orphan { key: key.id.clone(), act: Act::of::<DeleteOrphanKey>(key.id.as_str(), terms) }
    };
    bucket.listed_keys().iter().filter(lost).map(orphan).collect()
}

/// Whether a vault record or a credential on the appliance refers to a key (K4).
fn is_referenced(seen: Known<'_>, key: &KeyId) -> bool {
    let on_appliance = seen.credentials.iter().any(|credential| credential.key_id.as_ref() == Some(key));
    on_appliance || seen.vault.referenced.contains(key)
}

/// Keys of the bucket that nobody here knows are reported, and never offered for deletion (K3).
fn strangers(seen: Known<'_>, bucket: &BucketFacts, orphans: &[Orphan], findings: &mut Vec<Finding>) {
    let known =
        |key: &&Key| is_referenced(seen, &key.id) || orphans.iter().any(|orphan| orphan.key == key.id);
    for key in bucket.listed_keys().iter().filter(|key| !known(key)) {
        let what =
            format!("the key {} reaches the bucket and no vault record of this client holds it", key.id);
        findings.push(Finding::new("K3", what));
    }
}

/// Says where a key may do other things than its profile has it do (K2).
fn profile(site: &Site, key: &Key, findings: &mut Vec<Finding>) {
    let wanted = site.key_profile.capabilities();
    let more: Vec<&str> =
        key.capabilities.iter().map(String::as_str).filter(|name| !wanted.contains(name)).collect();
    let fewer: Vec<&str> =
        wanted.iter().copied().filter(|name| !key.capabilities.iter().any(|held| held == name)).collect();
    if !more.is_empty() {
        findings.push(Finding::new("K2", format!("the key {} may also {}", key.id, more.join(", "))));
    }
    if !fewer.is_empty() {
        findings.push(Finding::new("K2", format!("the key {} may not {}", key.id, fewer.join(", "))));
    }
}

impl KeyPhase {
    pub(crate) fn describe(&self) -> Step {
        let name = "application key, restricted to the bucket";
        match self {
            Self::Keep { key } => Step::new("K1", StepKind::Keep, format!("{name} ({key})")),
            Self::ClearIntent { key } => Step::new("K3", StepKind::Change, format!("{name} ({key})"))
                .detail("escrowed already; the intent noted before its mint is removed"),
            Self::Mint { spec, dropped, .. } => {
                let step = Step::new("K1", StepKind::Secret, name)
                    .detail(format!("may {}", spec.capabilities.join(", ")));
                match dropped.as_slice() {
                    [] => step,
                    dropped => step.detail(format!(
                        "without {}: B2 refuses them on a restricted key",
                        dropped.join(", ")
                    )),
                }
            }
        }
    }

    pub(crate) async fn apply(
        &self,
        run: &mut Run<'_>,
        orphans: &[Orphan],
        bucket: &LockedBucket,
        _encryption: &Escrowed<EncryptionSecrets>,
    ) -> Result<Escrowed<ApplicationKey>, Error> {
        let backup = run.scope.backup();
        match self {
            Self::Keep { .. } => run.unchanged(SUBJECT),
            Self::ClearIntent { key } => {
                run.started(SUBJECT);
                note(run, None, orphans).await?;
                run.done(SUBJECT, format!("{key} is escrowed; the intent before its mint is removed"));
            }
            Self::Mint { spec, replaces, .. } => {
                run.started(SUBJECT);
                let key = mint_and_escrow(run, &bucket.0, spec, replaces.as_ref(), orphans).await?;
                let said = format!("{} minted, escrowed and read back: {}", key.key_id(), key.record().url);
                run.done(SUBJECT, said);
                return Ok(key);
            }
        }
        run.recall(&backup, Made::Drawn).await
    }
}

/// Notes which keys there are, mints one more, escrows it, and removes the note (K3).
async fn mint_and_escrow(
    run: &Run<'_>,
    bucket: &Bucket,
    spec: &KeySpec,
    replaces: Option<&KeyId>,
    orphans: &[Orphan],
) -> Result<Escrowed<ApplicationKey>, Error> {
    let of_bucket = |key: &Key| key.buckets.contains(&bucket.id) || key.name == bucket.name.as_str();
    let mut before: Vec<KeyId> =
        run.ports.object_store.keys().await?.into_iter().filter(of_bucket).map(|key| key.id).collect();
    before.sort();
    note(run, Some(before), orphans).await?;
    let minted = run.ports.object_store.create_key(bucket, spec).await?;
    let backup = run.scope.backup();
    let key = match replaces {
        None => run.escrow(minted, backup).await?,
        Some(held) => run.escrow_in_place_of(held, minted, backup).await?,
    };
    note(run, None, orphans).await?;
    Ok(key)
}

/// Keeps the account of mints in the encryption password's record. What is known to be an orphan stays noted.
async fn note(run: &Run<'_>, keys_before_mint: Option<Vec<KeyId>>, orphans: &[Orphan]) -> Result<(), Error> {
    let orphaned_keys = orphans.iter().map(|orphan| orphan.key.clone()).collect();
    let note = RecordNote::Mints(MintAccount { keys_before_mint, orphaned_keys });
    let of = (Slot::EncryptionPassword, &run.scope.backup());
    escrow::note(run.ports, &run.scope.vault_organization.id, of, &note).await.map(drop)
}

impl Orphan {
    pub(crate) fn describe(&self) -> Step {
        Step::new("K3", StepKind::Irreversible, self.subject())
            .detail("deleted, if consented to; inert as it is")
    }

    pub(crate) fn question(&self) -> Question {
        Question::of::<DeleteOrphanKey>(&self.act)
    }

    /// Deletes the key, if that was consented to (K3).
    pub(crate) async fn apply(&self, run: &mut Run<'_>) -> Result<(), Error> {
        let step = self.subject();
        match run.take::<DeleteOrphanKey>(&self.act) {
            Some(consent) => {
                run.ports.object_store.delete_key(&self.key, consent).await?;
                run.done(&step, "deleted");
            }
            None => run.withheld.push(step),
        }
        Ok(())
    }

    fn subject(&self) -> String {
        format!("orphaned key {}", self.key)
    }
}
