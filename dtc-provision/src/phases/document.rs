//! Documentation in vault and ticket, once everything is verified (V6).

use serde::{Deserialize, Serialize};

use super::{FirstRunResult, Run, Step, StepKind};
use crate::error::{Error, ErrorKind};
use crate::escrow;
use crate::facts::{Known, completion_marker};
use crate::ports::{NoteText, RecordNote, TicketNote};
use crate::proofs::{Escrowed, Slot};
use crate::secret::ApplicationKey;
use crate::verify::{ItemId, Report, Verdict, verify_with_ticket};

const SUBJECT: &str = "verification";

/// What is documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DocumentationPhase {
    /// Whether the vault record must be marked operational.
    pub record: bool,
    /// Whether the ticket must get its note.
    pub ticket: bool,
}

pub(crate) fn plan(seen: Known<'_>, scheduled: bool) -> DocumentationPhase {
    DocumentationPhase {
        record: !seen.vault.operational && !scheduled,
        ticket: seen.ticket == Some(false) && !scheduled,
    }
}

impl DocumentationPhase {
    pub(crate) fn describe(self) -> Step {
        let mut step = Step::new("V6", StepKind::Keep, "verification and documentation");
        if self.record {
            step = step.detail("vault record marked operational, if everything verifies");
        }
        if self.ticket {
            step = step.detail("ticket updated, if everything verifies");
        }
        if !step.details.is_empty() {
            step.kind = StepKind::Run;
        }
        step
    }

    /// Verifies everything, and documents it where it holds: nothing is called operational unproven. The one verdict comes
    /// after the last write.
    pub(crate) async fn apply(
        self,
        run: &mut Run<'_>,
        first_runs: &[FirstRunResult],
        key: &Escrowed<ApplicationKey>,
    ) -> Result<Report, Error> {
        run.started(SUBJECT);
        let (mut report, refused) = verify_with_ticket(run.site, &run.ports.views()).await?;
        if self.ticket || self.record {
            report.set(ItemId::TicketUpdated, Verdict::NotCheckable, "updated once everything else holds");
        }
        is_proven(&report)?;
        // Since it was planned the ticket may have been closed, or given to another client (E6).
        if let Some(refused) = refused.filter(|_| self.ticket) {
            return Err(refused.error().into());
        }
        if self.ticket || self.record {
            // The record comes last: as long as it does not say operational, an empty pool is no backup that is gone.
            let noted = if self.ticket { update_ticket(run, first_runs, key).await? } else { true };
            if self.record {
                mark_operational(run, first_runs).await?;
            }
            let (verdict, evidence) = match (&run.site.ticket, noted) {
                (None, _) => (Verdict::NotApplicable, "the site names no ticket"),
                (Some(_), true) => (Verdict::Pass, "the note is there"),
                (Some(_), false) => {
                    (Verdict::Fail, "the note was written, and is missing when it is read back")
                }
            };
            report.set(ItemId::TicketUpdated, verdict, evidence);
        }
        run.done(SUBJECT, report.summary());
        Ok(report)
    }
}

fn is_proven(report: &Report) -> Result<(), Error> {
    let failed: Vec<String> = report
        .items
        .iter()
        .filter(|item| item.verdict == Verdict::Fail)
        .map(|item| format!("{} {}: {}", item.number, item.title, item.evidence))
        .collect();
    if !failed.is_empty() {
        let data_at_risk = report.data_at_risk();
        return Err(ErrorKind::VerificationFailed { failed, data_at_risk }.into());
    }
    if let Some(unproven) = report.unproven() {
        return Err(ErrorKind::Unproven { why: unproven.to_owned() }.into());
    }
    Ok(())
}

async fn mark_operational(run: &mut Run<'_>, first_runs: &[FirstRunResult]) -> Result<(), Error> {
    let note = RecordNote::Operational {
        since: run.ports.clock.now(),
        first_backups: first_runs
            .iter()
            .map(|run| (run.pool.clone(), NoteText::shown(&describe(run))))
            .collect(),
    };
    let of = (Slot::ApplicationKey, &run.scope.backup());
    let record = escrow::note(run.ports, &run.scope.vault_organization.id, of, &note).await?;
    run.done("vault record", format!("operational: {}", record.url));
    Ok(())
}

/// The note: what V6 lists, and no secret (E8). Whether it is there afterwards.
async fn update_ticket(
    run: &mut Run<'_>,
    first_runs: &[FirstRunResult],
    key: &Escrowed<ApplicationKey>,
) -> Result<bool, Error> {
    let scope = run.scope;
    let Some(ticket) = &run.site.ticket else { return Ok(true) };
    let marker = completion_marker(scope.location_uuid, Some(scope.device_guid));
    let mut lines = vec![
        "TrueNAS Cloud Backup is operational (TrueNAS Cloud Sync Provisioning SOP).".to_owned(),
        format!("Bucket: {}", scope.bucket_name),
        format!("Device GUID: {}", scope.device_guid),
    ];
    lines.extend(first_runs.iter().map(|run| format!("First backup of {}: {}", run.pool, describe(run))));
    lines.push(format!("Vault record: {}", key.record().url));
    let note = TicketNote { marker, lines };
    if run.ports.tickets.note(ticket, &note.marker).await?.is_none() {
        run.ports.tickets.add_note(ticket, &note).await?;
    }
    run.done("ticket", format!("{ticket} updated"));
    Ok(run.ports.tickets.note(ticket, &note.marker).await?.is_some())
}

fn describe(result: &FirstRunResult) -> String {
    match result.finished {
        Some(finished) => format!("{} ({})", finished.strftime("%FT%TZ"), result.summary),
        None => result.summary.clone(),
    }
}
