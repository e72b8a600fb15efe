//! What all services of one simulation share. Every service uses this module; it knows none of them.

use std::path::PathBuf;
use std::sync::Arc;

use crate::clock::Clock;
use crate::gate::Gate;
use crate::random::Random;
use crate::tasks::Tasks;
use crate::transcript::Transcript;

/// The id of a service's only instance where the builder was given none.
pub const DEFAULT_ID: &str = "main";

/// One gate, one transcript, one clock, one seed.
#[derive(Debug, Clone)]
pub(crate) struct Core {
    pub(crate) gate: Gate,
    pub(crate) transcript: Transcript,
    pub(crate) clock: Clock,
    pub(crate) tasks: Tasks,
    /// The rclone that appliances run; without one they use the simulator's own engine.
    pub(crate) rclone: Option<PathBuf>,
    pub(crate) seed: u64,
}

impl Core {
    /// Returns a seeded source of identifiers for one part of one instance.
    ///
    /// Another instance has other values, and which instances there are beside it changes nothing.
    pub(crate) fn random(&self, part: &str, instance: &str) -> Random {
        if instance == DEFAULT_ID {
            return Random::new(self.seed, part);
        }
        Random::new(self.seed, &format!("{part}\0{instance}"))
    }
}

/// An instance of a service that answers.
#[derive(Debug)]
pub(crate) struct Started<H, A> {
    /// Its id, as the builder has it.
    pub(crate) id: Arc<str>,
    /// What a test sees and changes it by.
    pub(crate) handle: H,
    /// Where it answers.
    pub(crate) address: A,
}
