//! Verification, then documentation: nothing is called operational unproven (V6).

use super::{FirstRunResult, Run, secrets};
use crate::error::{Error, ErrorKind};
use crate::escrow::{Escrowed, STATUS, Slot};
use crate::plan::{FirstRunPhase, completion_marker};
use crate::ports::TicketNote;
use crate::secret::ApplicationKey;
use crate::verify::{Report, TICKET_ITEM, Verdict, verify};

/// When the backup was found operational, in notes.
const OPERATIONAL_SINCE: &str = "Operational Since";
/// The first run's end and size, in notes.
const FIRST_BACKUP: &str = "First Backup";

/// Verifies everything, and writes it down where it holds.
pub(super) async fn verify_and_document(
    run: &mut Run<'_>,
    first_runs: &[FirstRunResult],
    key: &Escrowed<ApplicationKey>,
) -> Result<Option<Report>, Error> {
    let plan = run.plan;
    if plan.pools.iter().any(|pool| pool.first_run == FirstRunPhase::Scheduled) {
        return Ok(None);
    }
    run.started("verification");
    let mut report = verify(&plan.site, &run.ports.views()).await?;
    if plan.documentation.ticket {
        judge_ticket(&mut report, Verdict::NotCheckable, "it is told once everything else holds");
    }
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
        let failed = vec![format!("nothing is called operational unproven: {unproven}")];
        return Err(ErrorKind::VerificationFailed { failed, data_at_risk: false }.into());
    }
    run.done("verification", report.summary());
    if plan.documentation.record {
        record_operational(run, first_runs).await?;
    }
    if plan.documentation.ticket {
        tell_ticket(run, first_runs, key).await?;
        judge_ticket(&mut report, Verdict::Pass, "the note was written");
    }
    Ok(Some(report))
}

/// The ticket's item is what this step makes true after it was verified.
fn judge_ticket(report: &mut Report, verdict: Verdict, evidence: &str) {
    if let Some(item) = report.items.iter_mut().find(|item| item.number == TICKET_ITEM) {
        item.verdict = verdict;
        evidence.clone_into(&mut item.evidence);
    }
}

async fn record_operational(run: &mut Run<'_>, first_runs: &[FirstRunResult]) -> Result<(), Error> {
    let record = secrets::record(run, Slot::ApplicationKey).await?;
    let mut notes = record.notes.clone();
    notes.set(STATUS, "operational");
    notes.set(OPERATIONAL_SINCE, &run.ports.clock.now().strftime("%FT%TZ").to_string());
    for result in first_runs {
        notes.set(&format!("{FIRST_BACKUP} {}", result.pool), &told(result));
    }
    run.ports.vault.annotate(&run.plan.vault_organization.id, &record.reference.id, &notes).await?;
    run.done("vault record", format!("operational: {}", record.reference.url));
    Ok(())
}

/// The note: what V6 lists, and no secret (E8).
async fn tell_ticket(
    run: &mut Run<'_>,
    first_runs: &[FirstRunResult],
    key: &Escrowed<ApplicationKey>,
) -> Result<(), Error> {
    let plan = run.plan;
    let Some(ticket) = &plan.site.ticket else { return Ok(()) };
    let marker = completion_marker(plan.location_uuid, Some(plan.identity.guid));
    let mut lines = vec![
        "TrueNAS Cloud Backup is operational (TrueNAS Cloud Sync Provisioning SOP).".to_owned(),
        format!("Bucket: {}", plan.bucket_name),
        format!("Device GUID: {}", plan.identity.guid),
    ];
    lines
        .extend(first_runs.iter().map(|result| format!("First backup of {}: {}", result.pool, told(result))));
    lines.push(format!("Vault record: {}", key.record().url));
    let note = TicketNote { marker, lines };
    if run.ports.tickets.note(ticket, &note.marker).await?.is_none() {
        run.ports.tickets.add_note(ticket, &note).await?;
    }
    run.done("ticket", format!("{ticket} told"));
    Ok(())
}

fn told(result: &FirstRunResult) -> String {
    match result.finished {
        Some(finished) => format!("{} ({})", finished.strftime("%FT%TZ"), result.summary),
        None => result.summary.clone(),
    }
}
