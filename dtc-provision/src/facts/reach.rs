//! Tasks that are no pool's own and reach what the pools' tasks have written (C2).

use dtc_naming::{BucketName, FolderPath};

use super::appliance::{CredentialFacts, TaskFacts};
use crate::ports::Key;
use crate::standard::key::CHANGING_CAPABILITIES;
use crate::standard::target;

/// What tells whether a task reaches a pool's folder and may change what stands there.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) bucket: &'a BucketName,
    /// The pools' folders, of this appliance.
    pub(crate) folders: &'a [FolderPath],
    pub(crate) credentials: &'a [CredentialFacts],
    /// The bucket's keys, as far as they could be listed.
    pub(crate) keys: &'a [Key],
}

/// A task that reaches what is not its own.
pub(crate) struct Reach {
    /// Whether it may change what stands there.
    pub(crate) harms: bool,
    /// Which task, where it reaches and what it does there.
    pub(crate) said: String,
}

impl Surroundings<'_> {
    /// Whether a task that is no pool's own reaches a pool's folder, or another appliance's. One that is disabled counts: a click enables
    /// or starts it.
    pub(crate) fn reach(self, task: &TaskFacts) -> Option<Reach> {
        let settings = &task.settings;
        let place = target::lies(&settings.target, self.bucket, self.folders)?;
        let state = if task.enabled { "enabled" } else { "disabled" };
        let named = format!(
            "the Cloud Sync task {} ({} {}, {}, {state}) reaches {}, {place}",
            task.id, settings.direction, settings.transfer_mode, settings.path, settings.target
        );
        let harm = target::harm(settings);
        Some(match harm {
            Some(_) if self.may_only_read(task) => {
                Reach { harms: false, said: format!("{named}: its key may only read") }
            }
            Some(harm) => Reach { harms: true, said: format!("{named}: {harm}") },
            None => Reach { harms: false, said: format!("{named}: it reads there, and changes nothing") },
        })
    }

    /// Whether a task's key is known and may change nothing in the bucket. A key that is not listed, such as one of the whole account, may.
    fn may_only_read(self, task: &TaskFacts) -> bool {
        let credential = self.credentials.iter().find(|found| found.id == task.credential);
        let id = credential.and_then(|found| found.key_id.as_ref());
        let key = self.keys.iter().find(|key| Some(&key.id) == id);
        key.is_some_and(|key| {
            !key.capabilities.iter().any(|held| CHANGING_CAPABILITIES.contains(&held.as_str()))
        })
    }
}
