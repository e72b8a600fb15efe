//! The one gate that every request of every service passes: counting, faults, crashes.

use std::time::Duration;

use crate::fault::{Decision, Fault, Faults, Moment};

/// How long an answer that was handed to the socket takes to be on it.
const FLUSHED: Duration = Duration::from_millis(2);

/// Who sent a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A program under test: counted, and cut when a fault says so.
    Client,
    /// The appliance's own traffic (its rclone): neither counted nor cut.
    Box,
}

impl Origin {
    /// Tells the appliance's traffic by its user agent: rclone's begins with `rclone/`.
    pub(crate) fn of_user_agent(user_agent: Option<&str>) -> Self {
        match user_agent {
            Some(agent) if agent.starts_with("rclone/") => Self::Box,
            _ => Self::Client,
        }
    }
}

/// A request as the gate sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// The service: `b2`, `truenas`, `ninja`, `itglue`.
    pub(crate) service: &'static str,
    /// The operation, as faults name it.
    pub(crate) operation: &'a str,
    /// Who sent it.
    pub(crate) origin: Origin,
}

/// The gate; one per simulator, shared by all services.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gate {
    faults: Faults,
}

/// A request inside the gate: before its effect, until [`leave`](Self::leave).
#[derive(Debug)]
#[must_use = "a request that entered must leave, so that faults after its effect can happen"]
pub(crate) struct Entry {
    faults: Faults,
    origin: Origin,
    decision: Decision,
}

/// How a request leaves: with its answer, or with a fault in the answer's place.
#[derive(Debug)]
pub(crate) struct Exit {
    /// What happens instead of the answer (or, for `TruncateBody`, to it); `None` sends it as it is.
    pub(crate) fault: Option<Fault>,
    /// To be dropped when the answer has been handed to the socket, or the connection has been cut.
    pub(crate) delivered: Delivered,
}

/// Tells, when dropped, that the answer is on the wire: the moment of a crash after the answer.
#[derive(Debug, Default)]
pub(crate) struct Delivered {
    announce: Option<Faults>,
}

impl Drop for Delivered {
    fn drop(&mut self) {
        let Some(faults) = self.announce.take() else {
            return;
        };
        // hyper lets go of a body just before it flushes it; the client shall have the answer before it is told.
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(async move {
                tokio::time::sleep(FLUSHED).await;
                faults.announce();
            })),
            Err(_) => faults.announce(),
        }
    }
}

impl Gate {
    pub(crate) fn new(faults: Faults) -> Self {
        Self { faults }
    }

    /// Counts the request and decides what happens before its effect. Stalls have passed when this returns.
    pub(crate) async fn enter(&self, seen: Seen<'_>) -> Entry {
        let mut decision = match seen.origin {
            Origin::Client => self.faults.decide(&seen),
            Origin::Box => Decision::default(),
        };
        let delay = self.faults.delay();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        stall(&mut decision.before).await;
        Entry { faults: self.faults.clone(), origin: seen.origin, decision }
    }
}

impl Entry {
    /// Returns the fault that takes the place of the effect: `DropConnection`, `Refuse`, `Html` are the whole
    /// answer; with `ExpireToken` the service invalidates the request's token and then goes on as usual.
    /// Never `Stall`.
    pub(crate) fn before(&self) -> Option<&Fault> {
        self.decision.before.first()
    }

    /// Decides, after the effect, what becomes of the answer.
    pub(crate) async fn leave(mut self) -> Exit {
        stall(&mut self.decision.after).await;
        let mut delivered = Delivered::default();
        let mut fault = self.decision.after.drain(..).next();
        match self.decision.crash.take() {
            Some(Moment::AfterAnswer) => {
                self.faults.die();
                delivered.announce = Some(self.faults.clone());
            }
            Some(_) => {
                self.faults.die();
                self.faults.announce();
                fault = Some(Fault::DropConnection);
            }
            None if self.origin == Origin::Client && self.faults.is_dead() => {
                fault = Some(Fault::DropConnection);
            }
            None => {}
        }
        Exit { fault, delivered }
    }
}

impl Drop for Entry {
    /// The client hung up by itself while its request was being served: the crash has happened all the same.
    fn drop(&mut self) {
        if self.decision.crash.take().is_some() {
            self.faults.die();
            self.faults.announce();
        }
    }
}

async fn stall(faults: &mut Vec<Fault>) {
    let mut kept = Vec::with_capacity(faults.len());
    for fault in faults.drain(..) {
        match fault {
            Fault::Stall(time) => tokio::time::sleep(time).await,
            other => kept.push(other),
        }
    }
    *faults = kept;
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEN: Seen<'_> = Seen { service: "b2", operation: "b2_create_key", origin: Origin::Client };

    #[tokio::test]
    async fn a_rule_strikes_its_nth_request_only() {
        let faults = Faults::default();
        let gate = Gate::new(faults.clone());
        faults.on("b2", "b2_create_key").nth(2).after_effect(Fault::DropConnection);
        for expected in [None, Some(Fault::DropConnection), None] {
            let entry = gate.enter(SEEN).await;
            assert_eq!(entry.before(), None);
            assert_eq!(entry.leave().await.fault, expected);
        }
        assert_eq!(faults.requests(), 3);
    }

    #[tokio::test]
    async fn after_a_crash_nothing_of_the_client_passes_and_the_box_does() {
        for moment in [Moment::BeforeEffect, Moment::AfterEffect, Moment::AfterAnswer] {
            let faults = Faults::default();
            let gate = Gate::new(faults.clone());
            faults.crash_at(2, moment);
            assert_eq!(gate.enter(SEEN).await.leave().await.fault, None);
            let second = gate.enter(SEEN).await;
            assert_eq!(second.before().is_some(), moment == Moment::BeforeEffect);
            let exit = second.leave().await;
            assert_eq!(exit.fault.is_none(), moment == Moment::AfterAnswer);
            drop(exit);
            faults.crashed().await;
            let third = gate.enter(SEEN).await;
            assert_eq!(third.before(), Some(&Fault::DropConnection));
            drop(third);
            let boxed = Seen { origin: Origin::Box, ..SEEN };
            assert_eq!(gate.enter(boxed).await.before(), None);
            faults.clear();
            assert_eq!(gate.enter(SEEN).await.before(), None);
        }
    }
}
