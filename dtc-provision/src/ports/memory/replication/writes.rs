//! What an end is told to do.

use async_trait::async_trait;
use dtc_naming::DatasetName;

use super::{DatasetState, End, EndState, missing};
use crate::ids::{JobId, KeyPairId, ReplicationId, SshConnectionId};
use crate::port_error::PortError;
use crate::ports::memory::{Handed, refused};
use crate::ports::{
    AccessGrant, ConnectionSpec, DestinationKey, EndConnection, EndKeyPair, EndUser, HostKeyTrust, Opening,
    ReplicationEnd, ReplicationSettings, Unlocked, ZFS,
};
use crate::proofs::Bound;
use crate::proofs::consent::{Consent, GrantReplicationAccess};
use crate::secret::{DatasetKey, DatasetKeyFormat};

impl EndState {
    fn user_mut(&mut self, attempted: &str, user: &EndUser) -> Result<&mut EndUser, PortError> {
        self.users.iter_mut().find(|found| found.id == user.id).ok_or_else(|| missing(attempted, &user.name))
    }

    /// Keys and connections stand in one keychain, where each name is there once.
    fn may_be_named(&self, attempted: &str, name: &str) -> Result<(), PortError> {
        if self.key_pairs.contains_key(name) || self.connections.contains_key(name) {
            return Err(refused(attempted, "name: Object with this name already exists"));
        }
        Ok(())
    }

    /// Unloads the keys of an encryption root and of those below it.
    fn unload(&mut self, top: &DatasetName) {
        let below = self.datasets.iter_mut().filter(|found| found.name == *top || found.name.is_below(top));
        for key in below.filter_map(|found| found.key.as_mut()) {
            key.is_loaded = false;
        }
    }

    /// Loads the key of one encryption root; why it stays locked.
    fn load(&mut self, root: &DatasetName, text: &str) -> Result<(), String> {
        let is_below_locked =
            std::iter::successors(root.parent(), DatasetName::parent).any(|name| self.is_locked(&name));
        if is_below_locked {
            return Err(format!("a dataset above {root} is locked"));
        }
        let key = self.dataset_mut(root.as_str()).and_then(|found| found.key.as_mut());
        let key = key.ok_or("it is no encryption root")?;
        if key.text != text {
            return Err("Invalid Key".to_owned());
        }
        key.is_loaded = true;
        // The appliance keeps a key that opened something, and never a passphrase.
        key.is_stored |= key.format == DatasetKeyFormat::Hex;
        Ok(())
    }
}

impl End {
    /// Loads keys, those above first. Those of the vault are on record as handed over.
    async fn load_all(
        &self,
        dataset: &DatasetName,
        mut given: Vec<(DatasetName, String)>,
        of_vault: bool,
    ) -> Result<Unlocked, PortError> {
        const ATTEMPTED: &str = "end.unlock";
        given.sort();
        self.world
            .write(ATTEMPTED, |state| {
                let end = state.end_mut(self.side);
                if !end.is_locked(dataset) {
                    return Err(refused(ATTEMPTED, format!("id: {dataset} dataset is not locked")));
                }
                let mut unlocked = Unlocked::default();
                for (root, text) in &given {
                    match end.load(root, text) {
                        Ok(()) => unlocked.unlocked.push(root.to_string()),
                        Err(why) => drop(unlocked.failed.insert(root.to_string(), why)),
                    }
                }
                let handed = given.into_iter().filter(|_| of_vault);
                state.handed.extend(handed.map(|(_, text)| Handed::ToAppliance(text)));
                Ok(unlocked)
            })
            .await
    }

    /// A home, and rights, of the user that is logged in as.
    async fn update_user(&self, grant: &AccessGrant) -> Result<(), PortError> {
        const ATTEMPTED: &str = "end.update_user";
        self.write(ATTEMPTED, |end| {
            let home = grant.home_within.as_ref().map(|within| format!("{within}/{}", grant.user.name));
            if let Some(within) = &grant.home_within {
                let name = within.strip_prefix("/mnt/").unwrap_or_default();
                if end.dataset(name).is_none() {
                    return Err(refused(ATTEMPTED, format!("user_update.home: {within} is on no dataset")));
                }
            }
            let user = end.user_mut(ATTEMPTED, &grant.user)?;
            let home = home.unwrap_or_else(|| user.home.clone());
            if !user.is_root && !home.starts_with("/mnt/") {
                let why = "user_update.sshpubkey: The home directory is not writable";
                return Err(refused(ATTEMPTED, why));
            }
            user.home = home;
            if !user.public_keys.contains(&grant.public_key) {
                user.public_keys.push(grant.public_key.clone());
            }
            if grant.sudo && !user.sudo.iter().any(|command| command == ZFS) {
                user.sudo.push(ZFS.to_owned());
            }
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl ReplicationEnd for End {
    async fn create_dataset(&self, dataset: &DatasetName) -> Result<(), PortError> {
        const ATTEMPTED: &str = "end.create_dataset";
        self.write(ATTEMPTED, |end| {
            if end.dataset(dataset.as_str()).is_some() {
                return Err(refused(ATTEMPTED, format!("{dataset} already exists")));
            }
            let parent = dataset.parent().and_then(|parent| end.dataset(parent.as_str()));
            let parent = parent.ok_or_else(|| refused(ATTEMPTED, "parent does not exist"))?;
            let encryption_root = parent.encryption_root.clone();
            end.add_dataset(DatasetState { encryption_root, ..DatasetState::new(dataset.clone()) });
            Ok(())
        })
        .await
    }

    async fn create_key_pair(&self, name: &str) -> Result<EndKeyPair, PortError> {
        const ATTEMPTED: &str = "end.create_key_pair";
        self.write(ATTEMPTED, |end| {
            end.may_be_named(ATTEMPTED, name)?;
            let id = end.next_id();
            let public_key = format!("ssh-rsa {}{id} {name}", end.address.replace('.', ""));
            let pair = EndKeyPair { id: KeyPairId::new(id), public_key };
            end.key_pairs.insert(name.to_owned(), pair.clone());
            Ok(pair)
        })
        .await
    }

    /// In as many calls as an appliance takes, so that a cut can leave a part of it.
    async fn grant_access(
        &self,
        grant: &AccessGrant,
        subject: &str,
        consent: Consent<GrantReplicationAccess>,
    ) -> Result<(), PortError> {
        consent.spend_on(subject, &[])?;
        self.update_user(grant).await?;
        self.write("end.enable_ssh", |end| {
            end.ssh.autostart = true;
            Ok(())
        })
        .await?;
        self.write("end.start_ssh", |end| {
            end.ssh.running = true;
            Ok(())
        })
        .await
    }

    async fn create_connection(
        &self,
        spec: &ConnectionSpec,
        trust: HostKeyTrust,
    ) -> Result<EndConnection, PortError> {
        const ATTEMPTED: &str = "end.create_connection";
        trust.spend_on(spec)?;
        self.write(ATTEMPTED, |end| {
            end.may_be_named(ATTEMPTED, &spec.name)?;
            let made = EndConnection {
                id: SshConnectionId::new(end.next_id()),
                host: spec.host.clone(),
                port: spec.port,
                user: spec.user.clone(),
                key_pair: spec.key_pair.clone(),
                host_keys: vec![spec.host_key.clone()],
            };
            end.connections.insert(spec.name.clone(), made.clone());
            Ok(made)
        })
        .await
    }

    async fn put_replication(
        &self,
        existing: Option<&ReplicationId>,
        settings: &ReplicationSettings,
        key: Option<Bound<'_, DestinationKey>>,
    ) -> Result<ReplicationId, PortError> {
        self.put(existing, settings, key).await
    }

    async fn enable_replication(&self, task: &ReplicationId) -> Result<(), PortError> {
        self.enable(task).await
    }

    async fn run_replication(&self, task: &ReplicationId) -> Result<JobId, PortError> {
        self.start(task).await
    }

    async fn unlock(
        &self,
        dataset: &DatasetName,
        keys: &[Bound<'_, Opening>],
    ) -> Result<Unlocked, PortError> {
        let given = keys.iter().map(|key| (key.spec().root.clone(), key.expose().secret.expose().to_owned()));
        self.load_all(dataset, given.collect(), true).await
    }

    async fn unlock_by(
        &self,
        dataset: &DatasetName,
        keys: &[(DatasetName, DatasetKey)],
    ) -> Result<Unlocked, PortError> {
        let given = keys.iter().map(|(root, key)| (root.clone(), key.secret.expose().to_owned()));
        self.load_all(dataset, given.collect(), false).await
    }

    async fn mark_opened(&self, root: &DatasetName, opened: bool) -> Result<(), PortError> {
        const ATTEMPTED: &str = "end.mark_opened";
        self.write(ATTEMPTED, |end| {
            let found = end.dataset_mut(root.as_str()).ok_or_else(|| missing(ATTEMPTED, root))?;
            found.opened_by_proof = opened;
            Ok(())
        })
        .await
    }

    async fn lock(&self, dataset: &DatasetName) -> Result<(), PortError> {
        const ATTEMPTED: &str = "end.lock";
        self.write(ATTEMPTED, |end| {
            let key = end.dataset(dataset.as_str()).and_then(|found| found.key.as_ref());
            match key {
                Some(key) if key.format == DatasetKeyFormat::Passphrase => {
                    end.unload(dataset);
                    Ok(())
                }
                Some(_) => Err(refused(
                    ATTEMPTED,
                    "id: Only datasets which are encrypted with passphrase can be locked",
                )),
                None => Err(refused(ATTEMPTED, "id: it is no encryption root")),
            }
        })
        .await
    }
}
