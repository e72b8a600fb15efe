//! The appliance as one value: what its methods, its jobs and its sockets share.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
use serde_json::Value;
use tokio::sync::watch;

use super::call::{Sight, View};
use super::certificate::Certificate;
use super::derived::Derived;
use super::disk::Disk;
use super::downloads::Downloads;
use super::events::{Event, Events, What};
use super::jobs::Jobs;
use super::neighbours::Neighbours;
use super::release::Release;
use super::schedules::Schedules;
use super::session::AnonymousCalls;
use super::sessions::Sessions;
use super::settings::{Engine, Settings};
use super::ssh_keys;
use super::state::State;
use super::task_locks::TaskLocks;
use super::users::{By, Login};
use crate::clock::Clock;
use crate::core::Core;
use crate::random::Random;

/// How long a session lasts, however busy it is (level 1 of authenticator assurance).
const SESSION: SignedDuration = SignedDuration::from_hours(30 * 24);

/// One appliance.
#[derive(Debug)]
pub(super) struct Nas {
    pub(super) core: Core,
    /// Its id as an instance.
    pub(super) id: Arc<str>,
    pub(super) release: Release,
    pub(super) settings: Settings,
    pub(super) disk: Disk,
    pub(super) events: Events,
    /// How often the middleware has been restarted.
    pub(super) restarts: watch::Sender<u64>,
    pub(super) jobs: Jobs,
    pub(super) task_locks: TaskLocks,
    pub(super) downloads: Downloads,
    pub(super) derived: Derived,
    pub(super) anonymous_calls: AnonymousCalls,
    pub(super) sessions: Sessions,
    pub(super) schedules: Schedules,
    /// It is switched off: nobody gets through to it.
    pub(super) is_down: AtomicBool,
    pub(super) random: Random,
    /// Where Backblaze B2 is, for this appliance.
    pub(super) b2_url: String,
    /// The other appliances that it can reach.
    pub(super) neighbours: Neighbours,
    /// The keys that its SSH service shows.
    pub(super) host_keys: [String; 3],
    pub(super) started: Timestamp,
    /// The time that idle connections are measured by.
    pub(super) idle_clock: Clock,
    /// Whether SNMP runs and answers version 3.
    pub(super) answers_snmp: watch::Sender<bool>,
    state: Mutex<State>,
    certificate: Mutex<Certificate>,
}

impl Nas {
    pub(super) fn new(
        core: &Core,
        id: Arc<str>,
        release: Release,
        settings: Settings,
        disk: Disk,
        certificate: Certificate,
        b2_url: &str,
    ) -> Arc<Self> {
        let random = core.random("truenas", &id);
        let events = Events::default();
        let host_keys = ssh_keys::host_keys(&core.random("ssh", &id));
        Arc::new(Self {
            state: Mutex::new(State::new(release, &settings, &random)),
            core: core.clone(),
            id,
            release,
            settings,
            disk,
            jobs: Jobs::new(&events, release),
            events,
            restarts: watch::Sender::default(),
            task_locks: TaskLocks::default(),
            downloads: Downloads::default(),
            derived: Derived::default(),
            anonymous_calls: AnonymousCalls::default(),
            sessions: Sessions::default(),
            schedules: Schedules::default(),
            is_down: AtomicBool::new(false),
            random,
            b2_url: b2_url.to_owned(),
            neighbours: Neighbours::default(),
            host_keys,
            started: core.clock.now(),
            idle_clock: Clock::default(),
            answers_snmp: watch::Sender::new(false),
            certificate: Mutex::new(certificate),
        })
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn certificate(&self) -> MutexGuard<'_, Certificate> {
        self.certificate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.core.clock.now()
    }

    /// Whether the session of somebody who has logged in is over: its time is up, or the API key that it was begun with is
    /// no longer good. It is told so until it logs in again (TrueNAS middleware 25.04 to 26, `main.py`).
    pub(super) fn is_expired(&self, login: &Login) -> bool {
        if self.release < Release::Scale25_04 {
            return false;
        }
        let now = self.now();
        let is_void = |id: i64| {
            let state = self.state();
            state.keys.iter().find(|key| key.id == id).is_none_or(|key| key.is_void(now))
        };
        let is_over = login.at.checked_add(SESSION).is_ok_and(|end| end <= now);
        is_over || matches!(login.by, By::ApiKey { id, .. } if is_void(id))
    }

    /// Restarts: every socket is cut, every job, token and download forgotten. The jobs of the boot follow.
    pub(super) fn restart(&self) {
        let mut state = self.state();
        state.tokens.clear();
        state.boot_id = self.random.uuid();
        let last = std::mem::take(&mut state.task_jobs);
        for (task, job) in last {
            if let Some(job) = self.jobs.get(job) {
                state.earlier_jobs.insert(task, job.entry().clone());
            }
        }
        drop(state);
        self.jobs.forget();
        self.downloads.forget();
        self.restarts.send_modify(|count| *count += 1);
        self.jobs.boot(self.now());
    }

    /// Announces that a row was added, changed or removed: as whoever may write it sees it, and as others do.
    pub(super) fn announce(
        &self,
        what: What,
        collection: &'static str,
        id: impl Into<Value>,
        row: impl Fn(View) -> Option<Value>,
    ) {
        let shown = |sight| row(View { models: self.release, sight }).unwrap_or_default();
        let (fields, redacted) = (shown(Sight::Whole), shown(Sight::Redacted));
        self.events.publish(&Event { what, collection, id: id.into(), fields, redacted });
    }

    /// Notes whether SNMP answers, after something that it depends on has changed.
    pub(super) fn update_snmp(&self) {
        let state = self.state();
        let runs = state.services.iter().any(|service| service.name == "snmp" && service.is_running);
        self.answers_snmp.send_replace(runs && state.snmp["v3"] == true);
    }

    /// The time in the appliance's time zone.
    pub(super) fn local_time(&self) -> Zoned {
        let zone = TimeZone::get(&self.state().time_zone).unwrap_or(TimeZone::UTC);
        self.now().to_zoned(zone)
    }

    /// The moment as the middleware writes it.
    pub(super) fn date(&self) -> Value {
        super::state::date(self.now())
    }

    pub(super) fn engine(&self) -> Engine {
        match &self.core.rclone {
            Some(program) => Engine::Rclone(program.clone()),
            None => Engine::Own,
        }
    }
}
