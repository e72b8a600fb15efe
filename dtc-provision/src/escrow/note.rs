//! A note on a record, proven like the record itself: a vault that drops the rest of the notes, or archives the record,
//! leaves a secret that the next run cannot find.

use std::time::Duration;

use super::find;
use crate::error::{Error, ErrorKind};
use crate::ids::{RecordRef, VaultOrganizationId};
use crate::ports::{Ports, Record, RecordNote, Waits};
use crate::proofs::{SecretIdentity, Slot};

/// Notes something on the record of a slot, and looks for the record as the next run will: it is the only one of its
/// identity, says what was noted, and everything else in it is what it was, its value among it.
///
/// # Errors
/// There is no such record or several, or the vault does not give back what was noted.
pub(crate) async fn note<I: SecretIdentity>(
    ports: &Ports,
    organization: &VaultOrganizationId,
    (slot, of): (Slot, &I),
    note: &RecordNote,
) -> Result<RecordRef, Error> {
    let before = found(ports, organization, slot, of).await?;
    let before = before.ok_or_else(|| ErrorKind::Stale { changed: format!("the vault's {slot} is gone") })?;
    let expected = noted(before.clone(), note);
    if expected == before && matches!(note, RecordNote::Mints(_)) {
        return Ok(before.reference);
    }
    let id = &before.reference.id;
    let held = ports.secrets.read(organization, id).await?;
    ports.vault.note(organization, id, note).await?;
    let Waits { vault_read_back, poll_interval, .. } = ports.waits;
    let mut waited = Duration::ZERO;
    loop {
        let reason = match found(ports, organization, slot, of).await? {
            None => "after a note on it, the record does not come back under its identity",
            Some(now) if now != expected => {
                "after a note on it, the record says something else than what was noted"
            }
            Some(now) => {
                let (user_name, value) = held.parts();
                if ports.secrets.read(organization, id).await?.holds(user_name, value) {
                    return Ok(now.reference);
                }
                "after a note on it, the record holds another value"
            }
        };
        if waited >= vault_read_back {
            let record = Some(before.reference.clone());
            return Err(ErrorKind::NotEscrowed { slot, reason: reason.to_owned(), record }.into());
        }
        tokio::time::sleep(poll_interval).await;
        waited += poll_interval;
    }
}

async fn found<I: SecretIdentity>(
    ports: &Ports,
    organization: &VaultOrganizationId,
    slot: Slot,
    of: &I,
) -> Result<Option<Record>, Error> {
    let records = ports.vault.records(organization).await?;
    Ok(find(&records, slot, of)?.cloned())
}

/// The record as it has to be after the note.
fn noted(mut record: Record, note: &RecordNote) -> Record {
    match note {
        RecordNote::Mints(account) => record.mints = account.clone(),
        RecordNote::Operational { .. } => record.operational = true,
    }
    record
}
