//! SNMPv3 (S1, S2).

use serde::{Deserialize, Serialize};

use super::identity::GuidOnPool;
use super::{Finding, Run, Step, StepKind};
use crate::error::Error;
use crate::facts::{Agreement, Known};
use crate::ids::RecordRef;
use crate::ports::SnmpSpec;
use crate::secret::SnmpSecrets;
use crate::standard::{self, Compare, Difference};

const SUBJECT: &str = "SNMPv3";

/// What happens to the SNMP service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SnmpPhase {
    /// Whether the vault lacks any of its secrets.
    pub escrow: bool,
    /// Whether the appliance must be configured.
    pub configure: bool,
    /// Whether the service must be started, now and at boot.
    pub start: bool,
    /// What differs from the standard now.
    pub differences: Vec<Difference>,
}

/// SNMP answers with credentials that the vault holds.
pub(crate) struct Monitored {
    pub(super) record: RecordRef,
}

pub(crate) fn plan(seen: Known<'_>, findings: &mut Vec<Finding>) -> SnmpPhase {
    let escrow = seen.vault.snmp_password.is_none() || seen.vault.snmp_passphrase.is_none();
    let hidden = seen.snmp.secrets == Agreement::Unknowable;
    if hidden {
        findings.push(Finding::new(
            "S2",
            "the appliance hides its SNMP secrets: whether they are the vault's is unknown",
        ));
    }
    let agreed = seen.snmp.secrets == Agreement::Same || hidden;
    let differences = seen.snmp.settings.differences(&standard::snmp::SETTINGS);
    let (down, misconfigured): (Vec<_>, Vec<_>) =
        differences.iter().partition(|difference| standard::snmp::is_about_running(difference));
    SnmpPhase {
        escrow,
        configure: escrow || !agreed || !misconfigured.is_empty(),
        start: !down.is_empty(),
        differences,
    }
}

impl SnmpPhase {
    fn changes(&self) -> bool {
        self.escrow || self.configure || self.start
    }

    pub(crate) fn describe(&self) -> Step {
        if !self.changes() {
            return Step::new("S1", StepKind::Keep, SUBJECT);
        }
        let kind = if self.escrow { StepKind::Secret } else { StepKind::Change };
        let mut step = Step::new("S1", kind, SUBJECT);
        if self.escrow {
            step = step.detail("user, password and passphrase drawn and escrowed before they are set");
        }
        if self.configure {
            step = step.detail("v3 only, SHA and AES, community empty");
        }
        if self.start {
            step = step.detail("service started, now and at every boot");
        }
        step
    }

    pub(crate) async fn apply(&self, run: &mut Run<'_>, guid: &GuidOnPool) -> Result<Monitored, Error> {
        let device = guid.0;
        let secrets = if self.escrow {
            run.started(SUBJECT);
            run.complete::<SnmpSecrets>(device).await?
        } else {
            run.recall::<SnmpSecrets>(&device).await?
        };
        if self.configure {
            run.ports.appliance.put_snmp(secrets.for_use(&SnmpSpec { device })?).await?;
        }
        if self.start {
            run.ports.appliance.start_snmp().await?;
        }
        if self.changes() {
            run.done(SUBJECT, "v3 only, escrowed, running");
        } else {
            run.unchanged(SUBJECT);
        }
        Ok(Monitored { record: secrets.record().clone() })
    }
}
