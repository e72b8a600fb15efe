//! A proof that the vault holds a secret, as Python holds it.

use dtc_provision::ports::Ports;
use dtc_provision::proofs::{Backup, Escrowable, Escrowed as Proof, SecretIdentity as _};
use dtc_provision::secret::{ApplicationKey, EncryptionSecrets, SnmpSecrets};
use dtc_provision::{Error, Plan, escrow};
use pyo3::prelude::*;

use crate::crypt::not_pickled;

enum Kind {
    Key(Proof<ApplicationKey>),
    Encryption(Proof<EncryptionSecrets>),
    Snmp(Proof<SnmpSecrets>),
}

/// A proof that the vault holds a secret, and whose it is. It is handed out, and not made; nothing reads the secret through it.
#[pyclass(frozen, module = "dtc.provision")]
pub(crate) struct Escrowed(Kind);

macro_rules! each {
    ($self:ident, $proof:ident => $value:expr) => {
        match &$self.0 {
            Kind::Key($proof) => $value,
            Kind::Encryption($proof) => $value,
            Kind::Snmp($proof) => $value,
        }
    };
}

#[pymethods]
impl Escrowed {
    /// Which secret: ``"application_key"``, ``"encryption_secrets"`` or ``"snmp_secrets"``.
    #[getter]
    fn kind(&self) -> &'static str {
        match self.0 {
            Kind::Key(_) => "application_key",
            Kind::Encryption(_) => "encryption_secrets",
            Kind::Snmp(_) => "snmp_secrets",
        }
    }

    /// The id of the vault's record.
    #[getter]
    fn record_id(&self) -> &str {
        each!(self, proof => proof.record().id.as_str())
    }

    /// The page that shows the record.
    #[getter]
    fn url(&self) -> &str {
        each!(self, proof => &proof.record().url)
    }

    /// The appliance that it belongs to.
    #[getter]
    fn device_guid(&self) -> String {
        each!(self, proof => proof.identity().device().to_string())
    }

    /// The bucket that it belongs to; ``None`` for what is the appliance's alone.
    #[getter]
    fn bucket_name(&self) -> Option<String> {
        each!(self, proof => proof.identity().bucket().map(ToString::to_string))
    }

    fn __repr__(&self) -> String {
        format!("<Escrowed {} in record {}>", self.kind(), self.record_id())
    }

    #[expect(clippy::unused_self, reason = "Python calls it on the proof, which does not leave the process")]
    fn __reduce__(&self) -> PyResult<(&'static str,)> {
        Err(not_pickled())
    }
}

/// Everything of the plan's appliance and bucket that the vault holds, as proofs.
pub(super) async fn recall(plan: &Plan, ports: &Ports) -> Result<Vec<Escrowed>, Error> {
    let (scope, organization) = (&plan.scope, &plan.scope.vault_organization.id);
    let backup = Backup { bucket: scope.bucket_name.clone(), device: scope.device_guid };
    let key = found(ports, organization, &backup, Kind::Key).await?;
    let encryption = found(ports, organization, &backup, Kind::Encryption).await?;
    let snmp = found(ports, organization, &scope.device_guid, Kind::Snmp).await?;
    Ok([key, encryption, snmp].into_iter().flatten().collect())
}

async fn found<T: Escrowable>(
    ports: &Ports,
    organization: &dtc_provision::ids::VaultOrganizationId,
    identity: &T::Identity,
    kind: fn(Proof<T>) -> Kind,
) -> Result<Option<Escrowed>, Error> {
    Ok(escrow::recall(ports, organization, identity).await?.map(|proof| Escrowed(kind(proof))))
}
