//! The box as one thing: what its methods, its jobs and its sockets share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::Value;

use super::auth::Patience;
use super::certificate::Certificate;
use super::disk::Disk;
use super::engine::Derived;
use super::filesystem::Downloads;
use super::jobs::Jobs;
use super::lanes::Lanes;
use super::state::State;
use super::{Engine, Settings};
use crate::random::Random;
use crate::simulator::Core;

/// The box.
#[derive(Debug)]
pub(super) struct Nas {
    pub(super) core: Core,
    pub(super) settings: Settings,
    pub(super) disk: Disk,
    pub(super) jobs: Jobs,
    pub(super) lanes: Lanes,
    pub(super) downloads: Downloads,
    pub(super) derived: Derived,
    pub(super) patience: Patience,
    pub(super) random: Random,
    /// Where Backblaze B2 is, for this box.
    pub(super) b2_url: String,
    pub(super) started: Timestamp,
    state: Mutex<State>,
    certificate: Mutex<Certificate>,
}

impl Nas {
    pub(super) fn new(
        core: &Core,
        settings: Settings,
        disk: Disk,
        certificate: Certificate,
        b2_url: &str,
    ) -> Arc<Self> {
        let random = core.random("truenas");
        Arc::new(Self {
            state: Mutex::new(State::new(&settings, &random)),
            core: core.clone(),
            settings,
            disk,
            jobs: Jobs::default(),
            lanes: Lanes::default(),
            downloads: Downloads::default(),
            derived: Derived::default(),
            patience: Patience::default(),
            random,
            b2_url: b2_url.to_owned(),
            started: core.clock.now(),
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

    /// The time on the box's wall.
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
