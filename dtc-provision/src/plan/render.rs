//! A plan as a person reads it: one step a line, in the order it is applied.

use serde::Serialize;

use super::{
    BucketPhase, CredentialPhase, FirstRunPhase, InInventory, KeyPhase, OnPool, Plan, PoolPhase,
    RetentionPhase, SecretsPhase, SnapshotPhase, TaskPhase,
};

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Nothing.
    Keep,
    /// It makes something new.
    Create,
    /// It changes something.
    Change,
    /// It cannot be undone.
    Irreversible,
    /// It makes or puts away a secret.
    Secret,
    /// It runs something.
    Run,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The rules it follows.
    pub rule: &'static str,
    /// What it does.
    pub mark: Mark,
    /// To what.
    pub subject: String,
    /// How, a line each.
    pub details: Vec<String>,
}

impl Step {
    fn new(rule: &'static str, mark: Mark, subject: impl Into<String>) -> Self {
        Self { rule, mark, subject: subject.into(), details: Vec::new() }
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.details.push(detail.into());
        self
    }
}

impl Plan {
    /// Every step, in the order it is applied (X1a).
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = vec![self.bucket_step(), self.retention_step(), self.property_step()];
        steps.extend(self.identity.remove_from.iter().map(|removal| {
            Step::new("I6", Mark::Irreversible, format!("Device GUID property on {}", removal.pool))
                .detail("removed, if consented to")
        }));
        steps.extend([self.snmp_step(), self.field_step(), self.secrets_step(), self.key_step()]);
        steps.extend(self.orphans.iter().map(|orphan| {
            Step::new("K3", Mark::Irreversible, format!("orphaned key {}", orphan.key))
                .detail("deleted, if consented to; inert as it is")
        }));
        steps.push(self.credential_step());
        steps.extend(self.pools.iter().map(task_step));
        steps.extend(self.pools.iter().map(snapshot_step));
        steps.extend(self.pools.iter().map(run_step));
        steps.push(self.documentation_step());
        steps
    }

    fn bucket_step(&self) -> Step {
        let name = format!("bucket {}", self.bucket_name);
        match &self.bucket {
            BucketPhase::Keep { .. } => Step::new("B1", Mark::Keep, name),
            BucketPhase::Create { .. } => Step::new("B1", Mark::Create, name)
                .detail("private, object lock on, SSE-B2, hidden versions deleted after 30 days"),
            BucketPhase::Change { differences, .. } => {
                let step = Step::new("B3", Mark::Irreversible, name);
                differences.iter().fold(step, |step, difference| step.detail(difference.to_string()))
            }
        }
    }

    fn retention_step(&self) -> Step {
        let name = "default retention";
        match &self.retention {
            RetentionPhase::Keep => Step::new("B2", Mark::Keep, name),
            RetentionPhase::Set { retention, .. } => Step::new("B2", Mark::Irreversible, name)
                .detail(format!("compliance, {} days, for every version from its upload", retention.days)),
        }
    }

    fn property_step(&self) -> Step {
        let name = format!("Device GUID {} on pool {}", self.identity.guid, self.identity.pool);
        match &self.identity.on_pool {
            OnPool::Keep => Step::new("I3", Mark::Keep, name),
            OnPool::Set => Step::new("I5", Mark::Create, name),
            OnPool::Rewrite { from, .. } => {
                Step::new("I5", Mark::Irreversible, name).detail(format!("was {from}; NinjaOne wins"))
            }
        }
    }

    fn snmp_step(&self) -> Step {
        let mark = match (self.snmp.escrow, self.snmp.configure || self.snmp.start) {
            (true, _) => Mark::Secret,
            (false, true) => Mark::Change,
            (false, false) => return Step::new("S1", Mark::Keep, "SNMPv3"),
        };
        let mut step = Step::new("S1", mark, "SNMPv3");
        if self.snmp.escrow {
            step = step.detail("user, password and passphrase drawn and escrowed before they are set");
        }
        if self.snmp.configure {
            step = step.detail("v3 only, SHA and AES, community empty");
        }
        if self.snmp.start {
            step = step.detail("service started, now and at every boot");
        }
        step
    }

    fn field_step(&self) -> Step {
        let name = format!("Device GUID in NinjaOne ({})", self.site.fields.device);
        match &self.identity.in_inventory {
            InInventory::Keep { .. } => Step::new("I5", Mark::Keep, name),
            InInventory::Set { device } => {
                Step::new("I5", Mark::Change, name).detail(format!("on device {device}"))
            }
            InInventory::Await => Step::new("S3", Mark::Change, name)
                .detail("once a person has added the box to NMS: no API can"),
        }
    }

    fn secrets_step(&self) -> Step {
        let name = "encryption password and salt";
        match self.secrets {
            SecretsPhase::Keep => Step::new("E4", Mark::Keep, name),
            SecretsPhase::Complete => Step::new("E5", Mark::Secret, name)
                .detail("the missing half drawn and escrowed; the other kept"),
            SecretsPhase::Mint => Step::new("E2", Mark::Secret, name)
                .detail("drawn, escrowed and read back before they are used"),
        }
    }

    fn key_step(&self) -> Step {
        let name = "application key, restricted to the bucket";
        match &self.key {
            KeyPhase::Keep { key } => Step::new("K1", Mark::Keep, format!("{name} ({key})")),
            KeyPhase::Settle { key } => Step::new("K3", Mark::Change, format!("{name} ({key})"))
                .detail("escrowed already; the intent noted before its mint is struck out"),
            KeyPhase::Mint { spec, dropped } => {
                let step = Step::new("K1", Mark::Secret, name)
                    .detail(format!("may {}", spec.capabilities.join(", ")));
                match dropped.as_slice() {
                    [] => step,
                    dropped => step.detail(format!(
                        "without {}: B2 refuses them on a restricted key",
                        dropped.join(", ")
                    )),
                }
            }
        }
    }

    fn credential_step(&self) -> Step {
        let name = format!("cloud credential {}", self.bucket_name);
        match &self.credential {
            CredentialPhase::Keep { .. } => Step::new("C1", Mark::Keep, name),
            CredentialPhase::Create => {
                Step::new("C1", Mark::Create, name).detail("tried by the box before it is saved")
            }
            CredentialPhase::Replace { .. } => Step::new("C1", Mark::Change, name)
                .detail("to the vault's key, tried by the box before it is saved"),
        }
    }

    fn documentation_step(&self) -> Step {
        let mut step = Step::new("V6", Mark::Keep, "verification and documentation");
        if self.documentation.record {
            step = step.detail("vault record marked operational, if everything verifies");
        }
        if self.documentation.ticket {
            step = step.detail("ticket told, if everything verifies");
        }
        if !step.details.is_empty() {
            step.mark = Mark::Run;
        }
        step
    }
}

fn task_step(phase: &PoolPhase) -> Step {
    let name = format!("Cloud Sync task {:?}", phase.spec.settings.description);
    match &phase.task {
        TaskPhase::Keep { .. } => Step::new("C2", Mark::Keep, name),
        TaskPhase::Create => Step::new("C2", Mark::Create, name)
            .detail(format!("{} → {}", phase.spec.settings.path, phase.spec.settings.folder))
            .detail(limits(phase))
            .detail("saved disabled, read back, then enabled"),
        TaskPhase::Change { differences, act, .. } => {
            let mark = if act.is_some() { Mark::Irreversible } else { Mark::Change };
            let step = Step::new("C4", mark, name);
            differences.iter().fold(step, |step, difference| step.detail(difference.to_string()))
        }
    }
}

fn limits(phase: &PoolPhase) -> String {
    let limits: Vec<String> = phase
        .spec
        .settings
        .bandwidth
        .iter()
        .map(|limit| match limit.limit {
            Some(bytes) => format!("{} {bytes}", limit.from),
            None => format!("{} unlimited", limit.from),
        })
        .collect();
    limits.join(", ")
}

fn snapshot_step(phase: &PoolPhase) -> Step {
    let name = format!("snapshots of {}", phase.pool);
    match &phase.snapshot_task {
        SnapshotPhase::Keep => Step::new("Z1", Mark::Keep, name),
        SnapshotPhase::Create => {
            Step::new("Z1", Mark::Create, name).detail("hourly, recursive, kept two weeks")
        }
        SnapshotPhase::Change { differences, .. } => {
            let step = Step::new("Z1a", Mark::Change, name);
            differences.iter().fold(step, |step, difference| step.detail(difference.to_string()))
        }
    }
}

fn run_step(phase: &PoolPhase) -> Step {
    let name = format!("first run of {}", phase.pool);
    match &phase.first_run {
        FirstRunPhase::Done => Step::new("V1", Mark::Keep, name),
        FirstRunPhase::Run => Step::new("V1", Mark::Run, name).detail("started now and followed to its end"),
        FirstRunPhase::Join { .. } => {
            Step::new("V1", Mark::Run, name).detail("under way, and followed to its end")
        }
        FirstRunPhase::Scheduled => {
            Step::new("V1", Mark::Run, name).detail("left to the task's own schedule")
        }
    }
}

/// The first step in which two plans differ, for telling why one is stale.
pub(super) fn first_change(planned: &Plan, now: &Plan) -> String {
    let (before, after) = (planned.steps(), now.steps());
    let differing = before.iter().zip(&after).find(|(before, after)| before != after);
    match differing {
        Some((before, after)) if before.subject == after.subject => {
            format!("{} is not what it was", before.subject)
        }
        Some((before, after)) => format!("{} became {}", before.subject, after.subject),
        None => "facts that its steps act on have changed".to_owned(),
    }
}
