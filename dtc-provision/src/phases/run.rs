//! What every phase is given when it is applied.

use std::sync::{Mutex, PoisonError};

use crate::error::{Error, ErrorKind, Refusal};
use crate::escrow::{self, Drawn, EscrowContext, NotEscrowed};
use crate::ids::{DeviceId, KeyId};
use crate::journal::{Entry, Journal};
use crate::ports::Ports;
use crate::proofs::consent::{Act, Consent, ConsentKind, Consents};
use crate::proofs::{Backup, Escrowable, Escrowed, Minted};
use crate::secret::ApplicationKey;
use crate::site::Site;
use crate::standard::Difference;

use super::Scope;

/// One application of a procedure.
pub(crate) struct Run<'a> {
    pub(crate) site: &'a Site,
    pub(crate) scope: &'a Scope,
    pub(crate) ports: &'a Ports,
    /// The device in the inventory, once there is one.
    pub(crate) device: Option<DeviceId>,
    /// Steps whose consent was withheld, by what they were about.
    pub(crate) withheld: Vec<String>,
    consents: Consents,
    /// Never locked: it lets a run be shared between threads, though a journal cannot be.
    journal: Mutex<&'a mut dyn Journal>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        site: &'a Site,
        scope: &'a Scope,
        ports: &'a Ports,
        consents: Consents,
        journal: &'a mut dyn Journal,
    ) -> Self {
        Self {
            site,
            scope,
            ports,
            device: None,
            withheld: Vec::new(),
            consents,
            journal: Mutex::new(journal),
        }
    }

    pub(crate) fn record(&mut self, entry: &Entry) {
        let journal = self.journal.get_mut().unwrap_or_else(PoisonError::into_inner);
        journal.record(self.ports.clock.now(), entry);
    }

    pub(crate) fn started(&mut self, step: &str) {
        self.record(&Entry::Started { step: step.to_owned() });
    }

    pub(crate) fn done(&mut self, step: &str, result: impl Into<String>) {
        self.record(&Entry::Done { step: step.to_owned(), result: result.into() });
    }

    pub(crate) fn unchanged(&mut self, step: &str) {
        self.record(&Entry::Unchanged { step: step.to_owned() });
    }

    /// The consent to an act, taken out of those given; `None` when it was withheld.
    pub(crate) fn take<K: ConsentKind>(&mut self, act: &Act) -> Option<Consent<K>> {
        self.consents.take(act, self.ports.clock.now())
    }

    /// The consent to an act without which its step cannot be taken.
    pub(crate) fn consent<K: ConsentKind>(&mut self, act: &Act) -> Result<Consent<K>, Error> {
        self.take(act).ok_or_else(|| missing::<K>(act))
    }

    /// Where this appliance's secrets are escrowed.
    pub(crate) fn context(&self) -> Result<EscrowContext, Refusal> {
        let scope = self.scope;
        let known_by = [scope.host_name.as_str(), scope.management_address.as_str()];
        let (created, device) = (self.ports.clock.now(), self.device.clone());
        Ok(EscrowContext {
            organization: scope.vault_organization.id.clone(),
            record: escrow::record_context(&scope.location_name, known_by, created, device)?,
        })
    }

    /// Puts a minted secret into the vault, or fails with the secret unused.
    pub(crate) async fn escrow<T: Escrowable>(
        &self,
        minted: Minted<T>,
        identity: T::Identity,
    ) -> Result<Escrowed<T>, Error> {
        let escrowed = escrow::escrow(minted, self.ports, &self.context()?, identity).await;
        escrowed.map_err(|NotEscrowed { why, .. }| why)
    }

    /// Puts a minted key into the vault in place of the one that the plan found there, or fails with the key unused.
    pub(crate) async fn escrow_in_place_of(
        &self,
        replaced: &KeyId,
        minted: Minted<ApplicationKey>,
        backup: Backup,
    ) -> Result<Escrowed<ApplicationKey>, Error> {
        let context = self.context()?;
        let escrowed = escrow::escrow_in_place_of(replaced, minted, self.ports, &context, backup).await;
        escrowed.map_err(|NotEscrowed { why, .. }| why)
    }

    /// Draws what the vault lacks of a secret, and escrows it.
    pub(crate) async fn complete<T: Drawn>(&self, identity: T::Identity) -> Result<Escrowed<T>, Error> {
        let organization = &self.scope.vault_organization.id;
        let minted = escrow::complete(self.ports, organization, &identity).await?;
        self.escrow(minted, identity).await
    }

    /// What the vault holds already. Values that people chose are taken only where the plan found them in use (E3a).
    pub(crate) async fn recall<T: Escrowable>(
        &self,
        identity: &T::Identity,
        made: Made,
    ) -> Result<Escrowed<T>, Error> {
        let organization = &self.scope.vault_organization.id;
        let Some(held) = escrow::recall::<T>(self.ports, organization, identity).await? else {
            let what = format!("the vault no longer holds the {}", T::SLOTS[0]);
            let remedy = "Find the archived record in the vault and restore it";
            return Err(Refusal::data_at_risk("E4", what, remedy).into());
        };
        if escrow::made_by_hand(&held) && made == Made::Drawn {
            return Err(ErrorKind::Stale { changed: format!("the vault's {}", T::SLOTS[0]) }.into());
        }
        Ok(held)
    }
}

/// Who made a secret that the vault holds, as the plan found it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    /// It was drawn.
    Drawn,
    /// People chose it, and it is in use (E3a).
    ByHand,
}

/// The error for a consent that a step needs and that was not given.
pub(crate) fn missing<K: ConsentKind>(act: &Act) -> Error {
    ErrorKind::ConsentMissing { subject: act.subject.clone(), consequence: K::consequence(act) }.into()
}

/// The error for a write that reads back as something else.
pub(super) fn reads_back(what: impl Into<String>, difference: impl Into<String>) -> Error {
    ErrorKind::ReadBack { what: what.into(), difference: difference.into() }.into()
}

/// [`reads_back`], setting by setting; nothing is wrong where nothing differs.
pub(super) fn reads_back_equal(what: &str, differences: &[Difference]) -> Result<(), Error> {
    if differences.is_empty() {
        return Ok(());
    }
    Err(reads_back(what, crate::standard::listed(differences)))
}
