//! Who may log in, and restarts, as somebody at the appliance changes them.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Handle;
use crate::truenas::alerts;
use crate::truenas::users::User;

impl Handle {
    /// Returns the public keys that a user logs in by SSH with; none for one who cannot.
    pub fn ssh_keys_of(&self, user: &str) -> Vec<String> {
        self.nas.state().logins.get(user).map(|login| login.keys.clone()).unwrap_or_default()
    }

    /// Returns the name of the user whose API key [`api_key`](Self::api_key) is.
    pub fn user_name(&self) -> String {
        self.nas.state().users.first().map(|user| user.name.clone()).unwrap_or_default()
    }

    /// Returns that user's password.
    pub fn password(&self) -> String {
        self.nas.state().users.first().map(|user| user.password.clone()).unwrap_or_default()
    }

    /// Lets that user's password be asked for with this one-time password beside it; `None` asks for none.
    pub fn require_otp(&self, otp: Option<&str>) {
        self.change_user(|user| user.otp = otp.map(str::to_owned));
    }

    /// Takes from that user the right to use the API.
    pub fn deny_api_access(&self) {
        self.change_user(|user| user.has_access = false);
    }

    fn change_user(&self, change: impl FnOnce(&mut User)) {
        self.nas.state().users.first_mut().map(change);
    }

    /// Revokes every API key.
    pub fn revoke_api_keys(&self) {
        for key in &mut self.nas.state().keys {
            key.revoke("Revoked by a test");
        }
    }

    /// Makes the appliance the passive one of a pair: whoever logs in is sent to these addresses. An empty list makes it
    /// the active one again.
    pub fn redirect_logins(&self, addresses: &[&str]) {
        self.nas.state().redirects = addresses.iter().map(|&address| address.to_owned()).collect();
    }

    /// Takes the clients' address off the list of those that may use the appliance: their sockets are closed with 1008 as
    /// soon as they are open.
    pub fn refuse_addresses(&self) {
        self.nas.state().admits = false;
    }

    /// Ends every subscription to events, and tells its owner so.
    pub fn end_subscriptions(&self) {
        self.nas.events.end_subscriptions();
    }

    /// Restarts the appliance: every socket is cut, every job forgotten, and the numbers of jobs begin anew with the few
    /// that the boot makes by itself. Tokens and downloads are gone. What `cloudsync.query` shows as a task's last job stays.
    pub fn restart(&self) {
        self.nas.restart();
    }

    /// Restarts the appliance, and leaves it off: whoever connects finds the line cut, until [`boot`](Self::boot).
    pub fn shut_down(&self) {
        self.nas.is_down.store(true, Ordering::SeqCst);
        self.nas.restart();
    }

    /// Lets an appliance that is off be reached again.
    pub fn boot(&self) {
        self.nas.is_down.store(false, Ordering::SeqCst);
    }

    /// How long the appliance is off when it is restarted by its API, by the simulation's clock (default: no time).
    pub fn set_boot_time(&self, time: Duration) {
        self.nas.state().boot_time = time;
    }

    /// Lets every API key expire an hour ago.
    pub fn expire_api_keys(&self) {
        let now = self.nas.now();
        let past = now.checked_sub(jiff::SignedDuration::from_hours(1)).unwrap_or(now);
        self.nas.state().keys.iter_mut().for_each(|key| key.expire_at(past));
    }

    /// Raises an alert of a class, such as `VolumeStatus`, with this text.
    pub fn raise_alert(&self, class: &str, text: &str) {
        alerts::raise(&self.nas, class, text);
    }
}
