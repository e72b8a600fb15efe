//! What every phase is given when it is applied.

use crate::error::{Error, ErrorKind, Refusal};
use crate::escrow::{self, Drawn, EscrowContext, NotEscrowed};
use crate::ids::DeviceId;
use crate::journal::{Entry, Journal};
use crate::ports::{Ports, RecordContext};
use crate::proofs::consent::{Act, Consent, ConsentKind, Consents};
use crate::proofs::{Escrowable, Escrowed, Minted};
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
    journal: &'a mut dyn Journal,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        site: &'a Site,
        scope: &'a Scope,
        ports: &'a Ports,
        consents: Consents,
        journal: &'a mut dyn Journal,
    ) -> Self {
        Self { site, scope, ports, device: None, withheld: Vec::new(), consents, journal }
    }

    pub(crate) fn record(&mut self, entry: &Entry) {
        self.journal.record(self.ports.clock.now(), entry);
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
    pub(crate) fn context(&self) -> EscrowContext {
        let scope = self.scope;
        EscrowContext {
            organization: scope.vault_organization.id.clone(),
            record: RecordContext {
                location: scope.location_name.clone(),
                host_name: scope.host_name.clone(),
                management_address: scope.management_address.clone(),
                created: self.ports.clock.now(),
                device: self.device.clone(),
            },
        }
    }

    /// Puts a minted secret into the vault, or fails with the secret unused.
    pub(crate) async fn escrow<T: Escrowable>(
        &self,
        minted: Minted<T>,
        identity: T::Identity,
    ) -> Result<Escrowed<T>, Error> {
        let escrowed = escrow::escrow(minted, self.ports, &self.context(), identity).await;
        escrowed.map_err(|NotEscrowed { why, .. }| why)
    }

    /// Draws what the vault lacks of a secret, and escrows it.
    pub(crate) async fn complete<T: Drawn>(&self, identity: T::Identity) -> Result<Escrowed<T>, Error> {
        let organization = &self.scope.vault_organization.id;
        let minted = escrow::complete(self.ports, organization, &identity).await?;
        self.escrow(minted, identity).await
    }

    /// What the vault holds already.
    pub(crate) async fn recall<T: Escrowable>(&self, identity: &T::Identity) -> Result<Escrowed<T>, Error> {
        let organization = &self.scope.vault_organization.id;
        escrow::recall::<T>(self.ports, organization, identity).await?.ok_or_else(|| {
            let what = format!("the vault no longer holds the {}", T::SLOTS[0]);
            Refusal::data_at_risk("E4", what, "Find the archived record in the vault and restore it").into()
        })
    }
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
