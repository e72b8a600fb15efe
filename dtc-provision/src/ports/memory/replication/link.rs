//! Who logs in to whom.

use super::{EndState, Side, State};
use crate::ids::SshConnectionId;
use crate::ports::{EndHostKey, EndUser, ReplicationSettings, ZFS};

impl EndState {
    /// What shows at its address.
    fn host_keys_at_address(&self) -> &[EndHostKey] {
        self.shown_in_between.as_deref().unwrap_or(&self.ssh.host_keys)
    }
}

impl State {
    /// The host keys that show at an address, seen from one of the appliances.
    pub(super) fn scanned(&self, from: Side, host: &str, port: u16) -> Result<Vec<EndHostKey>, String> {
        let other = self.end(from.other());
        if other.address != host || other.ssh.port != port || !other.ssh.running {
            return Err(format!("ssh-keyscan failed: {host}:{port}: Connection refused"));
        }
        Ok(other.host_keys_at_address().to_vec())
    }

    /// Logs in by a connection; whoever is logged in as.
    pub(super) fn log_in(&self, from: Side, connection: &SshConnectionId) -> Result<&EndUser, String> {
        let here = self.end(from);
        let held = here.connections.values().find(|found| found.id == *connection);
        let held = held.ok_or("Credential does not exist")?;
        let shown = self.scanned(from, &held.host, held.port)?;
        if !held.host_keys.iter().any(|known| shown.iter().any(|shown| shown.line == known.line)) {
            return Err(format!("host key verification failed for {}", held.host));
        }
        let pair = here.key_pairs.values().find(|pair| pair.id == held.key_pair);
        let public = &pair.ok_or("Private key does not exist")?.public_key;
        let user = self.end(from.other()).users.iter().find(|user| user.name == held.user);
        match user {
            Some(user) if !user.locked && user.public_keys.contains(public) => Ok(user),
            _ => Err(format!("Authentication failed for {}@{}", held.user, held.host)),
        }
    }

    /// Logs in for a run, and looks whether `zfs` may be run there.
    pub(super) fn may_run_zfs(&self, from: Side, task: &ReplicationSettings) -> Result<bool, String> {
        let Some(connection) = &task.connection else { return Ok(true) };
        let user = self.log_in(from, connection)?;
        if user.is_root {
            return Ok(true);
        }
        let may_sudo = user.sudo.iter().any(|command| command == ZFS || command == "ALL");
        if task.sudo && !may_sudo {
            return Err(format!(
                "Please configure passwordless sudo for user {} on the remote system",
                user.name
            ));
        }
        Ok(task.sudo)
    }
}
