//! Who may log in, and restarts, as somebody at the appliance changes them.

use super::Handle;
use crate::truenas::users::User;

impl Handle {
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
            key.is_void = true;
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

    /// Restarts the appliance: every socket is cut, every job forgotten, and the numbers of jobs begin anew. Tokens and
    /// downloads are gone. What `cloudsync.query` shows as a task's last job stays.
    pub fn restart(&self) {
        let mut state = self.nas.state();
        state.tokens.clear();
        let last = std::mem::take(&mut state.task_jobs);
        for (task, job) in last {
            if let Some(job) = self.nas.jobs.get(job) {
                state.earlier_jobs.insert(task, job.entry().clone());
            }
        }
        drop(state);
        self.nas.jobs.forget();
        self.nas.downloads.forget();
        self.nas.restarts.send_modify(|count| *count += 1);
    }
}
