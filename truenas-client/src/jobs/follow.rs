//! Following a job: events say when to look, and looking now and then makes up for events that were lost.

use std::time::Duration;

use futures_util::{Stream, stream};
use http_core::RetryPolicy;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep};

use super::Entry;
use super::identity::Identity;
use crate::transport::Event;
use crate::{Client, Error, ErrorKind, JobId, JobStatus};

/// The first look comes soon, since most jobs are short: after twice the first backoff of the configuration, half a second by
/// default. The later ones are as far apart as this.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long the appliance may be out of reach before following ends: a reboot fits in.
const OUT_OF_REACH: Duration = Duration::from_mins(5);

/// Every change of every job: events name the jobs, and each is looked at when its event comes.
pub(super) fn changes(client: Client) -> impl Stream<Item = Result<JobStatus, Error>> + Send {
    let state = Some((client, None));
    stream::unfold(state, |state| async move {
        let (client, mut events) = state?;
        let (mut tries, first_try) = (0, Instant::now());
        loop {
            let shown = next_change(&client, &mut events).await;
            match shown {
                Ok(Some(status)) => return Some((Ok(status), Some((client, events)))),
                Ok(None) => {}
                Err(error) if error.is_retryable() && first_try.elapsed() < OUT_OF_REACH => {
                    tries += 1;
                    pause_before_another(&client, &error, tries, first_try).await;
                }
                Err(error) => return Some((Err(error), None)),
            }
        }
    })
}

/// The state of the job that the next event is about; none when the event says nothing.
async fn next_change(
    client: &Client,
    events: &mut Option<Receiver<Event>>,
) -> Result<Option<JobStatus>, Error> {
    let Some(open) = events else {
        *events = Some(client.job_events().await?);
        return Ok(None);
    };
    match open.recv().await {
        Ok(Event { id: Some(id), .. }) => match Identity::of_number(JobId::new(id)).look(client).await {
            Ok(entry) => Ok(Some(entry.status())),
            // It is forgotten already, or nothing of ours.
            Err(error) if matches!(error.kind(), ErrorKind::JobVanished { .. }) => Ok(None),
            Err(error) => Err(error),
        },
        Ok(_) | Err(RecvError::Lagged(_)) => Ok(None),
        Err(RecvError::Closed) => {
            *events = None;
            Ok(None)
        }
    }
}

/// Waits until the appliance is asked again, and says so.
async fn pause_before_another(client: &Client, error: &Error, tries: u32, first_try: Instant) {
    let policy = client.policy().deadline(OUT_OF_REACH);
    let pause = policy.random_backoff(tries);
    client.dialer().tell(
        error,
        tries,
        RetryPolicy { attempts: u32::MAX, ..policy },
        (pause, first_try.elapsed()),
    );
    sleep(pause).await;
}

pub(super) struct Follower {
    client: Client,
    identity: Identity,
    events: Option<Receiver<Event>>,
    seen: Option<Entry>,
    pause: Duration,
}

impl Follower {
    pub(super) fn new(client: Client, identity: Identity) -> Self {
        let pause = client.policy().base_delay * 2;
        Self { client, identity, events: None, seen: None, pause }
    }

    /// Every change until the last; after an error or the end, nothing.
    pub(super) fn statuses(self) -> impl Stream<Item = Result<JobStatus, Error>> + Send {
        stream::unfold(Some(self), |follower| async move {
            let mut follower = follower?;
            if follower.seen.as_ref().is_some_and(|entry| entry.state.is_final()) {
                return None;
            }
            match follower.change().await {
                Ok(entry) => Some((Ok(entry.status()), Some(follower))),
                Err(error) => Some((Err(error), None)),
            }
        })
    }

    pub(super) async fn last(&mut self) -> Result<Entry, Error> {
        loop {
            let entry = self.change().await?;
            if entry.state.is_final() {
                return Ok(entry);
            }
        }
    }

    /// Waits until the state of the job differs from the one seen last.
    async fn change(&mut self) -> Result<Entry, Error> {
        loop {
            if self.seen.is_some() {
                self.pause().await;
            }
            let now = self.look().await?;
            if self.seen.as_ref() != Some(&now) {
                self.seen = Some(now.clone());
                return Ok(now);
            }
        }
    }

    /// Subscribes before it looks, so that no change falls between the two.
    async fn look(&mut self) -> Result<Entry, Error> {
        let first_try = Instant::now();
        let mut tries = 0;
        loop {
            let looked = match self.subscribe().await {
                Ok(()) => self.identity.look(&self.client).await,
                Err(error) => Err(error),
            };
            match looked {
                Err(error) if error.is_retryable() && first_try.elapsed() < OUT_OF_REACH => {
                    tries += 1;
                    pause_before_another(&self.client, &error, tries, first_try).await;
                }
                outcome => return outcome,
            }
        }
    }

    /// A connection that was lost took its subscription with it.
    async fn subscribe(&mut self) -> Result<(), Error> {
        if self.events.is_none() {
            self.events = Some(self.client.job_events().await?);
        }
        Ok(())
    }

    /// Until an event about this job, or until it is time to look anyway.
    async fn pause(&mut self) {
        let Some(events) = &mut self.events else { return sleep(self.pause).await };
        tokio::select! {
            () = sleep(self.pause) => self.pause = (self.pause * 2).min(LONGEST_PAUSE),
            open = about(events, self.identity.id) => if !open {
                self.events = None;
            },
        }
    }
}

/// Waits for an event about a job; false when there will be no more.
async fn about(events: &mut Receiver<Event>, id: JobId) -> bool {
    loop {
        match events.recv().await {
            Ok(event) if event.collection == "core.get_jobs" && event.id == Some(id.get()) => return true,
            Ok(_) => {}
            // Some were missed, perhaps ours.
            Err(RecvError::Lagged(_)) => return true,
            Err(RecvError::Closed) => return false,
        }
    }
}
