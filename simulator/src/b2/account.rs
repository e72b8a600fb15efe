//! One account: its state behind a lock, and where the bytes of its files are.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::answer::Answer;
use super::body::Store;
use super::refusal::Result;
use super::state::{Call, State};
use crate::clock::Clock;

/// One account of the simulated service.
#[derive(Debug)]
pub(crate) struct Account {
    /// Its id as an instance; the service's own id of it is in the state.
    pub(crate) instance: Arc<str>,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    state: Mutex<State>,
}

impl Account {
    pub(crate) fn new(instance: Arc<str>, state: State, store: Store, clock: Clock) -> Self {
        Self { instance, store, clock, state: Mutex::new(state) }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries out an authorised request.
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<Answer> {
        match call.operation {
            "b2_copy_file" => self.copy_file(call),
            "b2_copy_part" => self.copy_part(call),
            _ => self.state().run(call),
        }
    }
}
