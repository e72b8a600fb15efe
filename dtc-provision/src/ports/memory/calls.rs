//! The calls of a world: counted, watched, delayed and cut.

use std::time::Duration;

use super::{State, World, lock};
use crate::port_error::{PortError, PortErrorKind};

/// Whether a call can change anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It cannot.
    Read,
    /// It can.
    Write,
}

/// One call of a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Port and operation.
    pub name: &'static str,
    /// Whether it could change anything.
    pub access: Access,
    /// Whether the service did it.
    pub done: bool,
}

/// When a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Before the service does what it was asked.
    BeforeEffect,
    /// After it, so that only the answer is lost.
    AfterEffect,
}

/// Where a connection is cut, and whether the run lives on.
#[derive(Clone, Copy)]
pub(super) struct Switch {
    at: usize,
    moment: Moment,
    survives: bool,
}

impl World {
    /// Lets every call take this long before the service does what it was asked. Zero, as at the start, does not wait.
    pub fn set_latency(&self, latency: Duration) {
        *lock(&self.latency) = latency;
    }

    /// Shows every call and what is so after it, which may be changed: things happen meanwhile.
    pub fn watch(&self, watcher: impl FnMut(&mut State, &Call) + Send + 'static) {
        *lock(&self.watcher) = Some(Box::new(watcher));
    }

    /// Ends the run at the `n`th call from now, the next being 0: that call and all after it fail until
    /// [`revive`](Self::revive).
    pub fn kill_at(&self, n: usize, moment: Moment) {
        self.cut(n, moment, false);
    }

    /// Loses the answer of the `n`th call from now, the next being 0; the calls after it succeed again.
    pub fn lose_at(&self, n: usize, moment: Moment) {
        self.cut(n, moment, true);
    }

    fn cut(&self, n: usize, moment: Moment, survives: bool) {
        let mut state = self.lock();
        state.switch = Some(Switch { at: state.log.len() + n, moment, survives });
    }

    /// Answers again, and forgets where to cut.
    pub fn revive(&self) {
        let mut state = self.lock();
        (state.dead, state.switch) = (false, None);
    }

    /// How many calls there were.
    pub fn calls(&self) -> usize {
        self.lock().log.len()
    }

    /// How many calls there were that could change anything.
    pub fn writes(&self) -> usize {
        self.lock().log.iter().filter(|call| call.access == Access::Write).count()
    }

    /// Every call, in order.
    pub fn log(&self) -> Vec<Call> {
        self.lock().log.clone()
    }

    /// One call of a port: the only way in, so that each can be delayed and cut.
    pub(super) async fn call<T>(
        &self,
        name: &'static str,
        access: Access,
        effect: impl FnOnce(&mut State) -> Result<T, PortError> + Send,
    ) -> Result<T, PortError> {
        let latency = *lock(&self.latency);
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        if self.lock().silent.contains(name) {
            std::future::pending::<()>().await;
        }
        let (answer, call) = self.lock().call(name, access, effect);
        if let Some(watcher) = lock(&self.watcher).as_mut() {
            watcher(&mut self.lock(), &call);
        }
        answer
    }

    pub(super) async fn read<T>(
        &self,
        name: &'static str,
        effect: impl FnOnce(&mut State) -> Result<T, PortError> + Send,
    ) -> Result<T, PortError> {
        self.call(name, Access::Read, effect).await
    }

    pub(super) async fn write<T>(
        &self,
        name: &'static str,
        effect: impl FnOnce(&mut State) -> Result<T, PortError> + Send,
    ) -> Result<T, PortError> {
        self.call(name, Access::Write, effect).await
    }
}

impl State {
    fn call<T>(
        &mut self,
        name: &'static str,
        access: Access,
        effect: impl FnOnce(&mut Self) -> Result<T, PortError>,
    ) -> (Result<T, PortError>, Call) {
        self.now += jiff::SignedDuration::from_secs(1);
        let number = self.log.len();
        let switch = self.switch.filter(|switch| switch.at == number);
        let before = switch.is_some_and(|switch| switch.moment == Moment::BeforeEffect);
        let done = !self.dead && !before;
        let away = self.store.away && name.starts_with("store.");
        let answer = match self.failing.get(name) {
            Some(&kind) if done => Err(PortError::new(kind, name, "it fails as it was told to")),
            _ if done && !away => effect(self),
            _ => Err(unreachable(name)),
        };
        let answer = match switch {
            // Whoever sent a request and got no answer does not know whether it arrived.
            Some(switch) if switch.survives || switch.moment == Moment::AfterEffect => {
                Err(PortError::new(PortErrorKind::OutcomeUnknown, name, "the connection was cut"))
            }
            _ => answer,
        };
        self.dead |= switch.is_some_and(|switch| !switch.survives);
        let call = Call { name, access, done };
        self.log.push(call.clone());
        (answer, call)
    }
}

fn unreachable(attempted: &str) -> PortError {
    PortError::new(PortErrorKind::Unreachable, attempted, "no answer")
}
