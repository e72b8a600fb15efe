//! One record written, and proven by what the next run will ask.

use std::fmt;
use std::time::Duration;

use safe_text::SecretString;

use super::judge::has_user_name;
use super::{EscrowContext, find, identity};
use crate::error::{Error, ErrorKind};
use crate::ids::{KeyId, RecordRef};
use crate::port_error::PortErrorKind;
use crate::ports::{NewRecord, Ports, Record, Vault, Waits};
use crate::proofs::{SecretIdentity, Slot, StoredSecret, ValueCheck};
use crate::standard::secrets::conforms;

/// One slot being brought to hold one value.
pub(super) struct Write<'a> {
    pub(super) ports: &'a Ports,
    pub(super) context: &'a EscrowContext,
    pub(super) slot: Slot,
    pub(super) user_name: Option<&'a str>,
    pub(super) value: &'a str,
    /// The key whose record may get this one instead.
    pub(super) replaces: Option<&'a KeyId>,
}

/// What was written, as the proof has to find it.
struct Written {
    /// The record; none where only its absence is known so far.
    record: Option<RecordRef>,
    /// What it is compared with beside its value.
    as_written: Option<AsWritten>,
}

/// What of a record was just written, and so must be there.
struct AsWritten {
    check: Option<ValueCheck>,
    /// Whether its label was written too, and not only its value.
    labelled: bool,
}

impl Write<'_> {
    /// Brings the slot to hold the value, and proves it.
    pub(super) async fn fill<I: SecretIdentity>(&self, of: &I) -> Result<Record, Error> {
        let organization = &self.context.organization;
        let records = self.vault().records(organization).await?;
        let written = match find(&records, self.slot, of)? {
            Some(found) => {
                let held = self.ports.secrets.read(organization, &found.reference.id).await?;
                let kept = held.holds(self.user_name, self.value);
                let as_written = if kept { None } else { Some(self.replace(of, found).await?) };
                Written { record: Some(found.reference.clone()), as_written }
            }
            None => self.create(of).await?,
        };
        self.prove(of, &written).await
    }

    async fn replace<I: SecretIdentity>(&self, of: &I, found: &Record) -> Result<AsWritten, Error> {
        let record = &found.reference;
        if self.replaces.is_none_or(|replaced| found.user_name.as_deref() != Some(replaced.as_str())) {
            let reason = "the vault already holds another value, which is not replaced";
            return Err(self.unescrowed(reason, Some(record.clone())));
        }
        let (value, check) = (SecretString::from(self.value), self.check(of));
        let organization = &self.context.organization;
        let replaced =
            self.vault().replace(organization, &record.id, self.user_name, &value, check.as_ref()).await;
        match replaced {
            // After a lost answer the proof shows whether it happened.
            Err(error) if error.kind() != PortErrorKind::OutcomeUnknown => Err(error.into()),
            Ok(()) | Err(_) => Ok(AsWritten { check, labelled: false }),
        }
    }

    /// Creates the slot's record. After a lost answer the proof looks for it: if it is there, it was created.
    async fn create<I: SecretIdentity>(&self, of: &I) -> Result<Written, Error> {
        let record = NewRecord {
            identity: identity(self.slot, of),
            user_name: self.user_name.map(str::to_owned),
            check: self.check(of),
            context: self.context.record.clone(),
        };
        let organization = &self.context.organization;
        let created = self.vault().create(organization, &record, &SecretString::from(self.value)).await;
        let reference = match created {
            Ok(reference) => Some(reference),
            Err(error) if error.kind() == PortErrorKind::OutcomeUnknown => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Written { record: reference, as_written: Some(AsWritten { check: record.check, labelled: true }) })
    }

    /// The check that stands beside a value of ours; beside what people chose there is none.
    fn check<I: SecretIdentity>(&self, of: &I) -> Option<ValueCheck> {
        let user_name = self.user_name.filter(|_| has_user_name(self.slot));
        conforms(self.slot, user_name, self.value)
            .then(|| ValueCheck::of(self.slot, of, user_name, self.value))
    }

    /// Looks for the record as the next run will, for as long as a vault may take to show what it was given (S27): the only
    /// live one of its identity, with its label, its check and its value.
    async fn prove<I: SecretIdentity>(&self, of: &I, written: &Written) -> Result<Record, Error> {
        let Waits { vault_read_back, poll_interval, .. } = self.ports.waits;
        let mut waited = Duration::ZERO;
        loop {
            let reason = match self.look(of, written).await? {
                Ok(record) => return Ok(record),
                Err(reason) => reason,
            };
            if waited >= vault_read_back {
                return Err(self.unescrowed(reason, written.record.clone()));
            }
            tokio::time::sleep(poll_interval).await;
            waited += poll_interval;
        }
    }

    /// One look: the record, or what is not so yet.
    async fn look<I: SecretIdentity>(
        &self,
        of: &I,
        written: &Written,
    ) -> Result<Result<Record, &'static str>, Error> {
        let organization = &self.context.organization;
        let records = self.vault().records(organization).await?;
        let Some(found) = find(&records, self.slot, of)? else {
            let lost = "the record does not come back under its identity: its label, its notes or its organisation are \
                        not what was written, or it was archived";
            let never = "the answer was lost and no such record exists";
            return Ok(Err(if written.record.is_some() { lost } else { never }));
        };
        if let Some(reason) =
            written.as_written.as_ref().and_then(|as_written| self.differs(found, as_written))
        {
            return Ok(Err(reason));
        }
        // A record just made may not show yet.
        let held: StoredSecret = match self.ports.secrets.read(organization, &found.reference.id).await {
            Ok(held) => held,
            Err(error) if error.kind() == PortErrorKind::NotFound => {
                return Ok(Err("it is listed, and cannot be read"));
            }
            Err(error) => return Err(error.into()),
        };
        if held.holds(self.user_name, self.value) {
            return Ok(Ok(found.clone()));
        }
        Ok(Err("it reads back as something else than what was written"))
    }

    /// What of a record that was just written is listed otherwise.
    fn differs(&self, found: &Record, as_written: &AsWritten) -> Option<&'static str> {
        let location = self.slot.is_of_a_bucket().then_some(&self.context.record.location);
        if as_written.labelled && found.location.as_ref() != location {
            return Some("its label is not the one that was written");
        }
        if found.check != as_written.check {
            return Some("its notes are not what was written");
        }
        let user_name = found.user_name.as_deref();
        self.user_name
            .is_some_and(|name| user_name != Some(name))
            .then_some("its user name is not what was written")
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
