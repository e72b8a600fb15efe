//! Secrets: escrowed, read back, and only then put to use (E2, K3, S2).

use super::bucket::LockedBucket;
use super::identity::{GuidOnPool, Registered};
use super::{Run, take};
use crate::consent::{Consent, DeleteOrphanKey};
use crate::error::{Error, ErrorKind, Refusal};
use crate::escrow::{self, Escrowable, Escrowed, KEYS_BEFORE_MINT, Minted, NotEscrowed, ORPHANED_KEYS, Slot};
use crate::plan::{KeyPhase, SecretsPhase};
use crate::ports::{Bucket, KeyId, KeySpec, Notes, Record, RecordRef, SnmpSpec};
use crate::secret::{ApplicationKey, EncryptionSecrets, SnmpSecrets};

/// SNMP answers with credentials that the vault holds.
pub(super) struct SnmpUp {
    pub(super) record: RecordRef,
}

pub(super) async fn snmp(run: &mut Run<'_>, _guid: &GuidOnPool) -> Result<SnmpUp, Error> {
    let step = "SNMPv3";
    let phase = run.plan.snmp;
    let secrets = if phase.escrow {
        run.started(step);
        let key = run.record_key();
        let minted =
            Minted::<SnmpSecrets>::complete(run.ports.vault.as_ref(), &key, run.ports.entropy.as_ref())
                .await?;
        escrowed(run, minted).await?
    } else {
        recalled::<SnmpSecrets>(run).await?
    };
    if phase.configure {
        run.ports.appliance.put_snmp(&SnmpSpec, &secrets).await?;
    }
    if phase.start {
        run.ports.appliance.start_snmp().await?;
    }
    if phase.escrow || phase.configure || phase.start {
        run.done(step, "v3 only, escrowed, running");
    } else {
        run.unchanged(step);
    }
    Ok(SnmpUp { record: secrets.record().clone() })
}

pub(super) async fn encryption(
    run: &mut Run<'_>,
    _registered: &Registered,
) -> Result<Escrowed<EncryptionSecrets>, Error> {
    let step = "encryption password and salt";
    if run.plan.secrets == SecretsPhase::Keep {
        run.unchanged(step);
        return recalled(run).await;
    }
    run.started(step);
    let key = run.record_key();
    let minted =
        Minted::<EncryptionSecrets>::complete(run.ports.vault.as_ref(), &key, run.ports.entropy.as_ref())
            .await?;
    let secrets = escrowed(run, minted).await?;
    run.done(step, format!("escrowed and read back: {}", secrets.record().url));
    Ok(secrets)
}

pub(super) async fn key(
    run: &mut Run<'_>,
    bucket: &LockedBucket,
    encryption: &Escrowed<EncryptionSecrets>,
) -> Result<Escrowed<ApplicationKey>, Error> {
    let step = "application key";
    let spec = match &run.plan.key {
        KeyPhase::Keep { .. } => {
            run.unchanged(step);
            return recalled(run).await;
        }
        KeyPhase::Settle { key } => {
            run.started(step);
            settle(run, encryption).await?;
            run.done(step, format!("{key} is escrowed; the intent before its mint is struck out"));
            return recalled(run).await;
        }
        KeyPhase::Mint { spec, .. } => spec,
    };
    run.started(step);
    let key = mint(run, &bucket.0, spec, encryption).await?;
    run.done(step, format!("{} minted, escrowed and read back: {}", key.key_id(), key.record().url));
    Ok(key)
}

/// Writes down which keys there are, mints one more, escrows it, and strikes the intent out (K3).
async fn mint(
    run: &Run<'_>,
    bucket: &Bucket,
    spec: &KeySpec,
    encryption: &Escrowed<EncryptionSecrets>,
) -> Result<Escrowed<ApplicationKey>, Error> {
    let before = run.ports.object_store.keys(bucket).await?;
    let orphans = orphans(run);
    let intent = before.iter().map(|key| key.id.as_str()).collect::<Vec<_>>();
    annotate(run, encryption, |notes| {
        notes.set(KEYS_BEFORE_MINT, &listed(&intent));
        note_orphans(notes, &orphans);
    })
    .await?;
    let minted = run.ports.object_store.create_key(bucket, spec).await?;
    let key = escrowed(run, minted).await?;
    settle(run, encryption).await?;
    Ok(key)
}

/// Strikes the intent out: the key it was for is escrowed. What is known to be an orphan stays noted.
async fn settle(run: &Run<'_>, encryption: &Escrowed<EncryptionSecrets>) -> Result<(), Error> {
    let orphans = orphans(run);
    annotate(run, encryption, |notes| {
        notes.remove(KEYS_BEFORE_MINT);
        note_orphans(notes, &orphans);
    })
    .await
}

fn orphans<'a>(run: &Run<'a>) -> Vec<&'a KeyId> {
    run.plan.orphans.iter().map(|orphan| &orphan.key).collect()
}

fn listed(ids: &[&str]) -> String {
    if ids.is_empty() { "none".to_owned() } else { ids.join(", ") }
}

fn note_orphans(notes: &mut Notes, orphans: &[&KeyId]) {
    if orphans.is_empty() {
        notes.remove(ORPHANED_KEYS);
    } else {
        let ids: Vec<&str> = orphans.iter().map(|id| id.as_str()).collect();
        notes.set(ORPHANED_KEYS, &listed(&ids));
    }
}

/// Changes the notes of the encryption password's record, which keeps the account of mints.
async fn annotate(
    run: &Run<'_>,
    _exists: &Escrowed<EncryptionSecrets>,
    change: impl FnOnce(&mut Notes),
) -> Result<(), Error> {
    let record = record(run, Slot::EncryptionPassword).await?;
    let mut notes = record.notes.clone();
    change(&mut notes);
    if notes != record.notes {
        let organization = &run.plan.vault_organization.id;
        run.ports.vault.annotate(organization, &record.reference.id, &notes).await?;
    }
    Ok(())
}

/// The record that fills a slot for this appliance.
pub(super) async fn record(run: &Run<'_>, slot: Slot) -> Result<Record, Error> {
    let records = run.ports.vault.records(&run.plan.vault_organization.id).await?;
    let found = escrow::find(&records, slot, &run.plan.subject())?.cloned();
    found.ok_or_else(|| ErrorKind::Stale { changed: format!("the vault's {slot} is gone") }.into())
}

/// Deletes each orphan whose deletion was consented to (K3).
pub(super) async fn delete_orphans(
    run: &mut Run<'_>,
    mut consents: Vec<Consent<DeleteOrphanKey>>,
    withheld: &mut Vec<String>,
) -> Result<(), Error> {
    for orphan in &run.plan.orphans {
        let step = format!("orphaned key {}", orphan.key);
        match take(&mut consents, &orphan.act, run.ports.clock.now()) {
            Some(consent) => {
                run.ports.object_store.delete_key(&orphan.key, consent).await?;
                run.done(&step, "deleted");
            }
            None => withheld.push(step),
        }
    }
    Ok(())
}

/// Puts a minted secret into the vault, or fails with the secret unused.
async fn escrowed<T: Escrowable>(run: &Run<'_>, minted: Minted<T>) -> Result<Escrowed<T>, Error> {
    let filing = run.filing()?;
    minted
        .escrow(run.ports.vault.as_ref(), &filing, &run.ports.patience)
        .await
        .map_err(|NotEscrowed { why, .. }| why)
}

/// What the vault holds already.
async fn recalled<T: Escrowable>(run: &Run<'_>) -> Result<Escrowed<T>, Error> {
    let found = escrow::recall::<T>(run.ports.vault.as_ref(), &run.record_key()).await?;
    found.ok_or_else(|| {
        let what = format!("the vault no longer holds the {}", T::SLOTS[0]);
        Refusal::data_at_risk("E4", what, "Find the archived record in IT Glue and restore it").into()
    })
}
