//! Escrow before use (E2): secrets are drawn, written into the vault, read back, and only then proven.

mod draw;
mod find;

use std::fmt;
use std::time::Duration;

use futures_util::future::try_join_all;
use secrecy::SecretString;

use crate::error::{Error, ErrorKind};
use crate::ids::{RecordRef, VaultOrganizationId};
use crate::port_error::{PortError, PortErrorKind};
use crate::ports::{NewRecord, Ports, Record, RecordContext, Vault, VaultSecrets, Waits};
use crate::proofs::{Escrowable, Escrowed, Minted, Slot, StoredSecret};

pub use draw::Drawn;
pub(crate) use find::{escrowed_keys, find, identity};

/// Where an appliance's secrets are escrowed, and what new records say beside them.
#[derive(Clone, Debug)]
pub struct EscrowContext {
    /// The client's organisation in the vault (E6).
    pub organization: VaultOrganizationId,
    /// What new records say.
    pub record: RecordContext,
}

/// A secret that did not reach the vault: handed back, unused.
#[derive(Debug)]
pub struct NotEscrowed<T> {
    /// The secret.
    pub secret: Minted<T>,
    /// Why.
    pub why: Error,
}

/// Writes the secret's records, reads them back, and compares.
///
/// A slot that already holds the same value is left alone; one that holds another is replaced only where that is
/// allowed. After a lost answer the vault is looked at, never written again blindly.
///
/// # Errors
/// The secret is handed back, with what the vault did instead.
pub async fn escrow<T: Escrowable>(
    secret: Minted<T>,
    ports: &Ports,
    context: &EscrowContext,
    identity: T::Identity,
) -> Result<Escrowed<T>, NotEscrowed<T>> {
    let mut first = None;
    for (&slot, (user_name, value)) in T::SLOTS.iter().zip(secret.value().parts()) {
        let write = Write { ports, context, slot, user_name, value };
        match write.fill(&identity, T::REPLACEABLE).await {
            Ok(record) => drop(first.get_or_insert(record)),
            Err(why) => return Err(NotEscrowed { secret, why }),
        }
    }
    let Some(record) = first else {
        let why = PortError::new(PortErrorKind::NotUnderstood, "escrow a secret", "it has no slots");
        return Err(NotEscrowed { secret, why: why.into() });
    };
    Ok(secret.attested(record, identity))
}

/// Draws what the vault does not hold yet of a secret; what it holds is kept (E4, E5).
///
/// # Errors
/// When the vault or the operating system's generator fails.
pub async fn complete<T: Drawn>(
    ports: &Ports,
    organization: &VaultOrganizationId,
    identity: &T::Identity,
) -> Result<Minted<T>, Error> {
    let records = ports.vault.records(organization).await?;
    let mut found = Vec::new();
    for &slot in T::SLOTS {
        found.push(match find(&records, slot, identity)? {
            Some(record) => ports.secrets.read(organization, &record.reference.id).await?,
            None => T::draw(slot, ports.entropy.as_ref())?,
        });
    }
    assembled(found).map(Minted::new)
}

/// What the vault holds of a secret, all of it, as a proof (E4: found, not made again).
///
/// # Errors
/// When the vault fails, or holds a slot twice.
pub async fn recall<T: Escrowable>(
    ports: &Ports,
    organization: &VaultOrganizationId,
    identity: &T::Identity,
) -> Result<Option<Escrowed<T>>, Error> {
    let records = ports.vault.records(organization).await?;
    recall_from(ports.secrets.as_ref(), organization, identity, &records).await
}

/// [`recall`], where the organisation's records are at hand.
pub(crate) async fn recall_from<T: Escrowable>(
    secrets: &dyn VaultSecrets,
    organization: &VaultOrganizationId,
    identity: &T::Identity,
    records: &[Record],
) -> Result<Option<Escrowed<T>>, Error> {
    let mut found = Vec::new();
    for &slot in T::SLOTS {
        let Some(record) = find(records, slot, identity)? else { return Ok(None) };
        found.push(&record.reference);
    }
    let Some(&first) = found.first() else { return Ok(None) };
    let parts = try_join_all(found.iter().map(|record| secrets.read(organization, &record.id))).await?;
    Ok(Some(Minted::new(assembled(parts)?).attested(first.clone(), identity.clone())))
}

fn assembled<T: Escrowable>(parts: Vec<StoredSecret>) -> Result<T, Error> {
    T::assemble(parts).ok_or_else(|| {
        let attempted = format!("read the vault's {}", T::SLOTS[0]);
        PortError::new(PortErrorKind::NotUnderstood, attempted, "the record lacks its user name").into()
    })
}

/// One slot being brought to hold one value.
struct Write<'a> {
    ports: &'a Ports,
    context: &'a EscrowContext,
    slot: Slot,
    user_name: Option<&'a str>,
    value: &'a str,
}

impl Write<'_> {
    /// Brings the slot to hold the value, and proves it by reading it back.
    async fn fill<I: crate::proofs::SecretIdentity>(
        &self,
        of: &I,
        replaceable: bool,
    ) -> Result<RecordRef, Error> {
        let organization = &self.context.organization;
        let records = self.vault().records(organization).await?;
        let record = match find(&records, self.slot, of)? {
            Some(found) => {
                let reference = found.reference.clone();
                let held = self.ports.secrets.read(organization, &reference.id).await?;
                if !held.holds(self.user_name, self.value) {
                    self.replace(&reference, replaceable).await?;
                }
                reference
            }
            None => self.create(of).await?,
        };
        self.read_back(&record).await?;
        Ok(record)
    }

    async fn replace(&self, record: &RecordRef, replaceable: bool) -> Result<(), Error> {
        if !replaceable {
            let reason =
                "the vault already holds another value, and what decrypts a backup is never replaced";
            return Err(self.unescrowed(reason, Some(record.clone())));
        }
        let value = SecretString::from(self.value);
        let organization = &self.context.organization;
        match self.vault().replace(organization, &record.id, self.user_name, &value).await {
            Ok(()) => Ok(()),
            // The read that follows shows whether it happened.
            Err(error) if error.kind() == PortErrorKind::OutcomeUnknown => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Creates the slot's record. After a lost answer the vault is looked at: if the record is there, it was created.
    async fn create<I: crate::proofs::SecretIdentity>(&self, of: &I) -> Result<RecordRef, Error> {
        let record = NewRecord {
            identity: identity(self.slot, of),
            user_name: self.user_name.map(str::to_owned),
            context: self.context.record.clone(),
        };
        let organization = &self.context.organization;
        match self.vault().create(organization, &record, &SecretString::from(self.value)).await {
            Ok(record) => Ok(record),
            Err(error) if error.kind() == PortErrorKind::OutcomeUnknown => {
                let records = self.vault().records(organization).await?;
                let found = find(&records, self.slot, of)?.map(|record| record.reference.clone());
                let reason = "the answer was lost and no such record exists";
                found.ok_or_else(|| self.unescrowed(reason, None))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Reads the record until it holds the value, for as long as a vault may take to show what it was given (S27).
    async fn read_back(&self, record: &RecordRef) -> Result<(), Error> {
        let Waits { vault_read_back, poll_interval, .. } = self.ports.waits;
        let mut waited = Duration::ZERO;
        loop {
            // A record just made may not show yet.
            match self.ports.secrets.read(&self.context.organization, &record.id).await {
                Ok(held) if held.holds(self.user_name, self.value) => return Ok(()),
                Err(error) if error.kind() != PortErrorKind::NotFound => return Err(error.into()),
                Ok(_) | Err(_) => {}
            }
            if waited >= vault_read_back {
                let reason = "it reads back as something else than what was written";
                return Err(self.unescrowed(reason, Some(record.clone())));
            }
            tokio::time::sleep(poll_interval).await;
            waited += poll_interval;
        }
    }

    fn vault(&self) -> &dyn Vault {
        self.ports.vault.as_ref()
    }

    fn unescrowed(&self, reason: &str, record: Option<RecordRef>) -> Error {
        ErrorKind::NotEscrowed { slot: self.slot, reason: reason.to_owned(), record }.into()
    }
}

impl fmt::Debug for Write<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Write").field("slot", &self.slot).finish_non_exhaustive()
    }
}
