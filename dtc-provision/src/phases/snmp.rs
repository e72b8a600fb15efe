//! SNMPv3 (S1, S2).

use serde::{Deserialize, Serialize};

use super::identity::GuidOnPool;
use super::run::Made;
use super::{Finding, Run, Step, StepKind};
use crate::error::{Error, Refusal};
use crate::escrow;
use crate::facts::{Agreement, Known};
use crate::ids::RecordRef;
use crate::ports::SnmpSpec;
use crate::secret::SnmpSecrets;
use crate::standard::{self, Compare, Difference, Setting};

const SUBJECT: &str = "SNMPv3";

/// What happens to the SNMP service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is so or not, whatever the others are")]
pub struct SnmpPhase {
    /// Whether the vault lacks any of its secrets.
    pub escrow: bool,
    /// Whether people chose what the vault holds; it is the appliance's own (E3a).
    pub by_hand: bool,
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

pub(crate) fn plan(seen: Known<'_>, findings: &mut Vec<Finding>) -> Result<SnmpPhase, Refusal> {
    let escrow = seen.vault.snmp_password.is_none() || seen.vault.snmp_passphrase.is_none();
    let hidden = seen.snmp.secrets == Agreement::Unknowable;
    if hidden {
        findings.push(Finding::new(
            "S2",
            "the appliance hides its SNMP secrets: whether they are the vault's is unknown",
        ));
    }
    let by_hand = seen.vault.snmp_by_hand;
    if by_hand {
        kept(seen.snmp.secrets, findings)?;
    }
    let agreed = seen.snmp.secrets == Agreement::Same || hidden;
    let differences = seen.snmp.settings.differences(&standard::snmp::SETTINGS);
    let (down, mut misconfigured): (Vec<_>, Vec<_>) =
        differences.iter().partition(|difference| standard::snmp::is_about_running(difference));
    // Lines that a person wrote are not removed: what they are for, only a person knows.
    misconfigured.retain(|difference| difference.setting != Setting::SnmpFurtherAccess);
    if seen.snmp.settings.further_access {
        let what = "the auxiliary parameters of the SNMP service let others in beside the user, by communities or users of their own: \
                    remove those lines on the appliance (System › Services › SNMP)";
        findings.push(Finding::to_decide("S1", what));
    }
    Ok(SnmpPhase {
        escrow,
        by_hand,
        configure: escrow || !agreed || !misconfigured.is_empty(),
        start: !down.is_empty(),
        differences,
    })
}

/// Values that people chose are kept if they are the appliance's own (E3a).
fn kept(on_appliance: Agreement, findings: &mut Vec<Finding>) -> Result<(), Refusal> {
    const WHAT: &str = "the vault's SNMPv3 user, password or passphrase is not of the form of what is drawn";
    if on_appliance == Agreement::Same {
        let what = format!("{WHAT}: people chose it. It is kept, since it is the appliance's own");
        findings.push(Finding::new(escrow::RULE, what));
        return Ok(());
    }
    let (what, remedy) = if on_appliance == Agreement::Unknowable {
        (
            "and the appliance hides its own, so that they cannot be compared",
            "Log in with a key of a full administrator",
        )
    } else {
        (
            "and it is not the appliance's own",
            "Archive both records and run again, and new ones are drawn and set; nothing was changed",
        )
    };
    Err(Refusal::precondition(escrow::RULE, format!("{WHAT}, {what}"), remedy))
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
            run.recall::<SnmpSecrets>(&device, if self.by_hand { Made::ByHand } else { Made::Drawn }).await?
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
