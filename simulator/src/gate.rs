//! The one gate that every request of every service passes: counting, faults, crashes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::Clock;
use crate::fault::{Decision, Fault, Faults, Moment};
use crate::request::{Origin, Request};

/// The gate; one per simulation, shared by all services.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gate {
    faults: Faults,
    clock: Clock,
}

/// A request inside the gate: before its effect, until [`leave`](Self::leave).
#[derive(Debug)]
#[must_use = "a request that entered must leave, so that faults after its effect can happen"]
pub(crate) struct Entry {
    faults: Faults,
    clock: Clock,
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

/// Announces, when dropped, a crash after the answer: by then the answer has been written.
#[derive(Debug, Default)]
pub(crate) struct Delivered {
    announce: Option<Faults>,
    after_flush: Option<AfterFlush>,
}

impl Delivered {
    /// Announces only once the connection has flushed what it was given: hyper drops a body before it writes its end.
    pub(crate) fn after_flush(mut self, after_flush: &AfterFlush) -> Self {
        self.after_flush = Some(after_flush.clone());
        self
    }
}

impl Drop for Delivered {
    fn drop(&mut self) {
        match (self.announce.take(), &self.after_flush) {
            (Some(faults), Some(after_flush)) => after_flush.add(faults),
            (Some(faults), None) => faults.announce(),
            (None, _) => {}
        }
    }
}

/// The crash that a connection announces after its next flush. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct AfterFlush(Arc<Mutex<Option<Faults>>>);

impl AfterFlush {
    fn add(&self, faults: Faults) {
        *self.waiting() = Some(faults);
    }

    pub(crate) fn announce(&self) {
        let waiting = self.waiting().take();
        if let Some(faults) = waiting {
            faults.announce();
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Option<Faults>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Gate {
    pub(crate) fn new(faults: Faults, clock: Clock) -> Self {
        Self { faults, clock }
    }

    /// The faults, for answers that depend on them.
    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Counts the request and decides what happens before its effect. Stalls have passed when this returns.
    pub(crate) async fn enter(&self, request: &Request<'_>) -> Entry {
        let mut decision = match request.origin {
            Origin::Client => self.faults.decide(request),
            Origin::Appliance => Decision::default(),
        };
        let delay = self.faults.delay();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        stall(&self.clock, &mut decision.before).await;
        Entry { faults: self.faults.clone(), clock: self.clock.clone(), origin: request.origin, decision }
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
        stall(&self.clock, &mut self.decision.after).await;
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

async fn stall(clock: &Clock, faults: &mut Vec<Fault>) {
    let mut kept = Vec::with_capacity(faults.len());
    for fault in faults.drain(..) {
        match fault {
            Fault::Stall(time) => clock.sleep(time).await,
            other => kept.push(other),
        }
    }
    *faults = kept;
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const REQUEST: Request<'_> =
        Request { service: "b2", instance: None, operation: "b2_create_key", origin: Origin::Client };

    #[tokio::test]
    async fn a_rule_strikes_its_nth_request_only() {
        let faults = Faults::default();
        let gate = Gate::new(faults.clone(), Clock::default());
        faults.on("b2", "b2_create_key").nth(2).after_effect(Fault::DropConnection);
        for expected in [None, Some(Fault::DropConnection), None] {
            let entry = gate.enter(&REQUEST).await;
            assert_eq!(entry.before(), None);
            assert_eq!(entry.leave().await.fault, expected);
        }
        assert_eq!(faults.requests(), 3);
    }

    #[tokio::test]
    async fn after_a_crash_nothing_of_the_client_passes_and_the_appliance_does() {
        for moment in [Moment::BeforeEffect, Moment::AfterEffect, Moment::AfterAnswer] {
            let faults = Faults::default();
            let gate = Gate::new(faults.clone(), Clock::default());
            faults.crash_at(2, moment);
            assert_eq!(gate.enter(&REQUEST).await.leave().await.fault, None);
            let second = gate.enter(&REQUEST).await;
            assert_eq!(second.before().is_some(), moment == Moment::BeforeEffect);
            let exit = second.leave().await;
            assert_eq!(exit.fault.is_none(), moment == Moment::AfterAnswer);
            drop(exit);
            faults.crashed().await;
            let third = gate.enter(&REQUEST).await;
            assert_eq!(third.before(), Some(&Fault::DropConnection));
            drop(third);
            let appliance = Request { origin: Origin::Appliance, ..REQUEST };
            assert_eq!(gate.enter(&appliance).await.before(), None);
            faults.clear();
            assert_eq!(gate.enter(&REQUEST).await.before(), None);
        }
    }

    #[tokio::test]
    async fn a_rule_concerns_every_instance_unless_it_names_one() {
        let faults = Faults::default();
        let gate = Gate::new(faults.clone(), Clock::default());
        let at = |instance: &str| Request { instance: Some(instance.into()), ..REQUEST };
        faults.on("b2", "*").at("second").before_effect(Fault::DropConnection);
        assert_eq!(gate.enter(&at("first")).await.before(), None);
        assert_eq!(gate.enter(&REQUEST).await.before(), None);
        assert_eq!(gate.enter(&at("second")).await.before(), Some(&Fault::DropConnection));
        faults.on("b2", "*").times(2).before_effect(Fault::DropConnection);
        for instance in ["first", "second"] {
            assert_eq!(gate.enter(&at(instance)).await.before(), Some(&Fault::DropConnection));
        }
    }

    #[tokio::test]
    async fn advancing_the_clock_ends_a_stall() {
        let (faults, clock) = (Faults::default(), Clock::default());
        let gate = Gate::new(faults.clone(), clock.clone());
        faults.on("b2", "*").before_effect(Fault::Stall(Duration::from_hours(1)));
        let entered = tokio::spawn(async move { gate.enter(&REQUEST).await.before().cloned() });
        tokio::task::yield_now().await;
        assert!(!entered.is_finished());
        clock.advance(Duration::from_hours(1));
        assert_eq!(entered.await.unwrap(), None);
    }
}
