//! The appliance as a test reads and changes it, without its API.

mod access;
mod files;
mod services;
mod tasks;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

pub use self::services::ServiceState;
pub use self::tasks::Job;
use super::certificate::Certificate;
use super::nas::Nas;
use super::release::Release;
use super::settings::Engine;
use super::state::Row;
use crate::error::Error;

/// Reads and changes an appliance without its API. Clones are the same appliance.
#[derive(Clone)]
pub struct Handle {
    nas: Arc<Nas>,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("truenas::Handle")
    }
}

impl Handle {
    pub(super) fn new(nas: Arc<Nas>) -> Self {
        Self { nas }
    }

    /// Returns what runs the appliance's cloud sync tasks: a proof against the appliance's own engine is not independent.
    pub fn engine(&self) -> Engine {
        self.nas.engine()
    }

    /// Returns the API key of a full administrator.
    pub fn api_key(&self) -> String {
        self.key(1)
    }

    /// Returns an API key that may only read, and to whom secrets show as asterisks; on CORE, where every API key is
    /// root's, a second one of root.
    pub fn read_only_api_key(&self) -> String {
        self.key(2)
    }

    fn key(&self, id: i64) -> String {
        let state = self.nas.state();
        let found = state.keys.iter().find(|key| key.id == id);
        found.map(|key| key.text.clone()).unwrap_or_default()
    }

    /// Returns the appliance's release.
    pub fn release(&self) -> Release {
        self.nas.release
    }

    /// Forgets the calls that were made before a login, so that tests can log in as often as they like.
    pub fn reset_login_limit(&self) {
        self.nas.anonymous_calls.reset();
    }

    /// Makes every idle WebSocket idle for this much longer; see
    /// [`Settings::idle_limit`](crate::truenas::Settings::idle_limit).
    pub fn pass_idle_time(&self, time: Duration) {
        self.nas.idle_clock.advance(time);
    }

    /// Returns the appliance's host name.
    pub fn host_name(&self) -> String {
        self.nas.state().host_name.clone()
    }

    /// Returns the address that the appliance says it has.
    pub fn address(&self) -> String {
        self.nas.settings.address.clone()
    }

    /// Returns the appliance's hardware address.
    pub fn mac_address(&self) -> String {
        self.nas.settings.mac_address.clone()
    }

    /// Sets the appliance's time zone, by its IANA name.
    pub fn set_time_zone(&self, name: &str) {
        name.clone_into(&mut self.nas.state().time_zone);
    }

    /// Gives the appliance another certificate, as a reinstallation does; returns its fingerprint.
    ///
    /// # Errors
    ///
    /// When no certificate can be made.
    pub fn change_certificate(&self) -> Result<String, Error> {
        let new = Certificate::make()?;
        let fingerprint = new.fingerprint().to_owned();
        *self.nas.certificate() = new;
        Ok(fingerprint)
    }

    /// Returns the SHA-256 of the present certificate.
    pub fn fingerprint(&self) -> String {
        self.nas.certificate().fingerprint().to_owned()
    }

    /// Returns the present certificate as PEM.
    pub fn certificate_pem(&self) -> String {
        self.nas.certificate().pem().to_owned()
    }
}

/// Puts fields into a row, unchecked; `false` when there is no row.
fn change(row: Option<&mut Row>, fields: &Value) -> bool {
    let Some((row, fields)) = row.zip(fields.as_object()) else {
        return false;
    };
    row.extend(fields.clone());
    true
}
