//! Escrow before use (E2): secrets are drawn, written into the vault, read back, and only then proven.
//!
//! The proof after a write asks what the next run will ask: which live records there are, and which one of them has the
//! identity. What is found is judged before it is kept or used (E3a).

mod draw;
mod find;
mod judge;
mod note;
mod write;

use dtc_naming::LocationName;
use futures_util::future::try_join_all;
use jiff::Timestamp;

use self::judge::Judged;
use self::write::Write;
use crate::error::{Error, ErrorKind, Refusal};
use crate::ids::{DeviceId, KeyId, RecordRef, VaultOrganizationId};
use crate::port_error::{PortError, PortErrorKind};
use crate::ports::{NoteText, Ports, Record, RecordContext, VaultSecrets};
use crate::proofs::{Backup, Escrowable, Escrowed, Minted, SecretIdentity, Slot, StoredSecret};
use crate::secret::ApplicationKey;

pub use draw::Drawn;
pub(crate) use draw::draw_hex;
pub(crate) use find::{escrowed_keys, find, identity};
pub(crate) use judge::{RULE, made_by_hand};
pub(crate) use note::note;

/// Where an appliance's secrets are escrowed, and what new records say beside them.
#[derive(Clone, Debug)]
pub struct EscrowContext {
    /// The client's organisation in the vault (E6).
    pub organization: VaultOrganizationId,
    /// What new records say.
    pub record: RecordContext,
}

/// What a new record says beside its secret, or which word of it no record can bear.
pub(crate) fn record_context(
    location: &LocationName,
    [host_name, management_address]: [&str; 2],
    created: Timestamp,
    device: Option<DeviceId>,
) -> Result<RecordContext, Refusal> {
    let text = |what: &str, text: &str| {
        NoteText::new(text).map_err(|error| {
            let remedy = "Correct it on the appliance or in the site file";
            Refusal::precondition(
                "X1c",
                format!("no vault record can bear the appliance's {what}: {error}"),
                remedy,
            )
        })
    };
    Ok(RecordContext {
        location: location.clone(),
        host_name: text("host name", host_name)?,
        management_address: text("management address", management_address)?,
        created,
        device,
    })
}

/// A secret that did not reach the vault: handed back, unused.
#[derive(Debug)]
pub struct NotEscrowed<T> {
    /// The secret.
    pub secret: Minted<T>,
    /// Why.
    pub why: Error,
}

/// Writes the secret's records and proves each one: found by its identity as the next run will find it, it is the only
/// one, and bears its label and its value.
///
/// A slot that already holds the same value is left alone; one that holds another stays as it is, and the secret is not
/// escrowed. After a lost answer the vault is looked at, never written again blindly.
///
/// # Errors
/// The secret is handed back, with what the vault did instead.
pub async fn escrow<T: Escrowable>(
    secret: Minted<T>,
    ports: &Ports,
    context: &EscrowContext,
    identity: T::Identity,
) -> Result<Escrowed<T>, NotEscrowed<T>> {
    match written(&secret, ports, context, &identity, None).await {
        Ok(record) => Ok(secret.attested(record, identity)),
        Err(why) => Err(NotEscrowed { secret, why }),
    }
}

/// [`escrow`] of an application key in place of the one that the vault is known to hold, and of no other: one that came there
/// meanwhile is somebody's who uses it. The vault keeps the version before.
///
/// # Errors
/// As [`escrow`], also where the vault holds another key by now.
pub async fn escrow_in_place_of(
    replaced: &KeyId,
    secret: Minted<ApplicationKey>,
    ports: &Ports,
    context: &EscrowContext,
    identity: Backup,
) -> Result<Escrowed<ApplicationKey>, NotEscrowed<ApplicationKey>> {
    match written(&secret, ports, context, &identity, Some(replaced)).await {
        Ok(record) => Ok(secret.attested(record, identity)),
        Err(why) => Err(NotEscrowed { secret, why }),
    }
}

/// Writes and proves one slot after the other, and gives back the record of the first.
async fn written<T: Escrowable>(
    secret: &Minted<T>,
    ports: &Ports,
    context: &EscrowContext,
    identity: &T::Identity,
    replaces: Option<&KeyId>,
) -> Result<RecordRef, Error> {
    let mut proven = Vec::new();
    for (&slot, (user_name, value)) in T::SLOTS.iter().zip(secret.value().parts()) {
        let write = Write { ports, context, slot, user_name, value, replaces };
        proven.push((slot, write.fill(identity).await?));
    }
    still_alone(ports, &context.organization, identity, &proven).await?;
    let first = proven.into_iter().next().map(|(_, record)| record.reference);
    first.ok_or_else(|| {
        PortError::new(PortErrorKind::NotUnderstood, "escrow a secret", "it has no slots").into()
    })
}

/// Looks once more whether each record is the only one of its identity and says what it said: a second run that looked before
/// ours was there has written its own by now, and both have to see it.
async fn still_alone<I: SecretIdentity>(
    ports: &Ports,
    organization: &VaultOrganizationId,
    of: &I,
    proven: &[(Slot, Record)],
) -> Result<(), Error> {
    let records = ports.vault.records(organization).await?;
    for (slot, record) in proven {
        if find(&records, *slot, of)? != Some(record) {
            let reason = "the record is gone or was changed meanwhile".to_owned();
            let record = Some(record.reference.clone());
            return Err(ErrorKind::NotEscrowed { slot: *slot, reason, record }.into());
        }
    }
    Ok(())
}

/// Draws what the vault does not hold yet of a secret; what it holds is kept (E4, E5).
///
/// # Errors
/// When the vault or the operating system's generator fails, or what the vault holds is not of the form of what is drawn
/// (E3a).
pub async fn complete<T: Drawn>(
    ports: &Ports,
    organization: &VaultOrganizationId,
    identity: &T::Identity,
) -> Result<Minted<T>, Error> {
    let records = ports.vault.records(organization).await?;
    let mut found = Vec::new();
    for &slot in T::SLOTS {
        found.push(match find(&records, slot, identity)? {
            Some(record) => {
                let held = ports.secrets.read(organization, &record.reference.id).await?;
                judge::drawn(record, slot, identity, &held)?;
                held
            }
            None => T::draw(slot, ports.entropy.as_ref())?,
        });
    }
    assembled(found).map(Minted::new)
}

/// What the vault holds of a secret, all of it, as a proof (E4: found, not made again).
///
/// # Errors
/// When the vault fails, holds a slot twice, or holds in one what is not what was written or cannot be a secret (E3a).
pub async fn recall<T: Escrowable>(
    ports: &Ports,
    organization: &VaultOrganizationId,
    identity: &T::Identity,
) -> Result<Option<Escrowed<T>>, Error> {
    let records = ports.vault.records(organization).await?;
    recall_from(ports.secrets.as_ref(), organization, identity, &records).await
}

/// [`recall`], where the organisation's records are at hand. Values that people chose are given back when the set is
/// whole: whoever uses them shows first that they may be kept ([`made_by_hand`]).
pub(crate) async fn recall_from<T: Escrowable>(
    secrets: &dyn VaultSecrets,
    organization: &VaultOrganizationId,
    identity: &T::Identity,
    records: &[Record],
) -> Result<Option<Escrowed<T>>, Error> {
    let mut found = Vec::new();
    for &slot in T::SLOTS {
        found.extend(find(records, slot, identity)?.map(|record| (slot, record)));
    }
    let Some(&(_, first)) = found.first() else { return Ok(None) };
    let read = found.iter().map(|(_, record)| secrets.read(organization, &record.reference.id));
    let parts = try_join_all(read).await?;
    let is_whole = found.len() == T::SLOTS.len();
    for ((slot, record), held) in found.iter().zip(&parts) {
        match judge::judge(record, *slot, identity, held) {
            Judged::Drawn => {}
            Judged::ByHand if is_whole => {}
            Judged::ByHand => return Err(judge::half_by_hand(record, *slot, identity).into()),
            Judged::Refused(refusal) => return Err(refusal.into()),
        }
    }
    if !is_whole {
        return Ok(None);
    }
    Ok(Some(Minted::new(assembled(parts)?).attested(first.reference.clone(), identity.clone())))
}

fn assembled<T: Escrowable>(parts: Vec<StoredSecret>) -> Result<T, Error> {
    T::assemble(parts).ok_or_else(|| {
        let attempted = format!("read the vault's {}", T::SLOTS[0]);
        PortError::new(PortErrorKind::NotUnderstood, attempted, "the record lacks its user name").into()
    })
}
