//! Replication tasks and their jobs.

use super::{End, EndState, ReplicationState, missing};
use crate::ids::{JobId, ReplicationId, SnapshotTaskId};
use crate::port_error::{PortError, PortErrorKind};
use crate::ports::memory::{Handed, JobRecord, refused};
use crate::ports::{
    DestinationKey, JobState, LastReplication, Layer, ReplicationSettings, ReplicationTask, SentSnapshots,
    Way,
};
use crate::proofs::Bound;

impl EndState {
    fn task(&mut self, attempted: &str, id: &ReplicationId) -> Result<&mut ReplicationState, PortError> {
        self.tasks.iter_mut().find(|found| found.id == *id).ok_or_else(|| missing(attempted, id))
    }

    /// How a task's last run went.
    fn last(&self, task: &ReplicationState) -> LastReplication {
        if let Some(why) = &task.on_hold {
            return LastReplication::OnHold(why.clone());
        }
        let Some((job, sent)) = &task.last else { return LastReplication::Never };
        match self.jobs.iter().find(|found| found.id == *job).map(JobRecord::state) {
            Some(JobState::Running | JobState::Waiting) => LastReplication::Running(Some(job.clone())),
            Some(JobState::Failed(reason)) => LastReplication::Failed(reason),
            Some(JobState::Aborted) => LastReplication::Failed("it was aborted".to_owned()),
            Some(JobState::Succeeded) | None => LastReplication::Succeeded(sent.clone()),
        }
    }

    pub(super) fn shown_task(&self, task: &ReplicationState) -> ReplicationTask {
        ReplicationTask {
            id: task.id.clone(),
            enabled: task.enabled,
            settings: task.settings.clone(),
            allows_from_scratch: task.allows_from_scratch,
            last: self.last(task),
        }
    }

    /// What its release does not have.
    pub(super) fn supports(&self, settings: &ReplicationSettings) -> Result<(), PortError> {
        const ATTEMPTED: &str = "end.offers";
        let lacking = [(settings.sudo, "sudo"), (settings.layer == Layer::Inherit, "encryption_inherit")];
        match lacking.iter().find(|(asked, _)| *asked && self.is_core) {
            Some((_, field)) => {
                let answer = format!("{} has no {field}", self.system.version);
                Err(PortError::new(PortErrorKind::Unsupported, ATTEMPTED, answer))
            }
            None => Ok(()),
        }
    }
}

impl EndState {
    /// Snapshot tasks are bound where they are, by a task that sends.
    fn may_be_bound(&self, settings: &ReplicationSettings) -> Result<(), PortError> {
        let SentSnapshots::OfTasks(ids) = &settings.snapshots else { return Ok(()) };
        let is_there = |id: &SnapshotTaskId| self.snapshot_tasks.iter().any(|task| task.id == *id);
        if settings.way == Way::Pull || !ids.iter().all(is_there) {
            let why = "periodic_snapshot_tasks: This snapshot task does not exist, or the task fetches";
            return Err(refused("end.put_replication", why));
        }
        Ok(())
    }
}

impl End {
    /// Saves a task, disabled. What the run will refuse is saved all the same, as the appliance does.
    pub(super) async fn put(
        &self,
        existing: Option<&ReplicationId>,
        settings: &ReplicationSettings,
        key: Option<Bound<'_, DestinationKey>>,
    ) -> Result<ReplicationId, PortError> {
        const ATTEMPTED: &str = "end.put_replication";
        self.world
            .write(ATTEMPTED, |state| {
                let key = key.map(|key| key.expose().secret.expose().to_owned());
                let end = state.end_mut(self.side);
                end.supports(settings)?;
                if matches!(settings.layer, Layer::Own { .. }) != key.is_some() {
                    let why =
                        "encryption_key: This property is required when remote dataset encryption is enabled";
                    return Err(refused(ATTEMPTED, why));
                }
                end.may_be_bound(settings)?;
                let is_taken = end.tasks.iter().any(|found| {
                    Some(&found.id) != existing
                        && found.settings.as_ref().is_ok_and(|held| held.name == settings.name)
                });
                if is_taken {
                    return Err(refused(ATTEMPTED, "name: Object with this name already exists"));
                }
                let mut saved = settings.clone();
                if let Some(spoil) = end.saves_wrongly {
                    spoil(&mut saved);
                }
                let id = match existing {
                    Some(id) => id.clone(),
                    None => ReplicationId::new(end.next_id()),
                };
                let made = ReplicationState {
                    id: id.clone(),
                    enabled: false,
                    settings: Ok(saved),
                    allows_from_scratch: false,
                    key: key.clone(),
                    last: None,
                    on_hold: None,
                };
                match existing {
                    Some(id) => {
                        let held = end.task(ATTEMPTED, id)?;
                        *held = ReplicationState { last: held.last.take(), ..made };
                    }
                    None => end.tasks.push(made),
                }
                state.handed.extend(key.map(Handed::ToAppliance));
                Ok(id)
            })
            .await
    }

    pub(super) async fn enable(&self, id: &ReplicationId) -> Result<(), PortError> {
        self.write("end.enable_replication", |end| {
            end.task("end.enable_replication", id)?.enabled = true;
            Ok(())
        })
        .await
    }

    /// Runs a task. What it does is done at once; its job ends later.
    pub(super) async fn start(&self, id: &ReplicationId) -> Result<JobId, PortError> {
        const ATTEMPTED: &str = "end.run_replication";
        self.world
            .write(ATTEMPTED, |state| {
                let end = state.end_mut(self.side);
                let task = end.task(ATTEMPTED, id)?.clone();
                if !task.enabled {
                    return Err(refused(ATTEMPTED, "Task is not enabled"));
                }
                if matches!(end.last(&task), LastReplication::Running(_) | LastReplication::OnHold(_)) {
                    return Err(refused(ATTEMPTED, "Task is already running or on hold"));
                }
                let (end, sent) = match state.replicate(self.side, &task) {
                    Ok(sent) => (JobState::Succeeded, sent),
                    Err(why) => (JobState::Failed(why), None),
                };
                let started = state.now;
                let here = state.end_mut(self.side);
                let id = JobId::new(here.next_id());
                let (looks_left, description) = (here.looks_per_job, "Sending".to_owned());
                let job = JobRecord { id: id.clone(), looks_left, end, started, finished: None, description };
                here.jobs.push(job);
                here.task(ATTEMPTED, &task.id)?.last = Some((id.clone(), sent));
                Ok(id)
            })
            .await
    }
}
