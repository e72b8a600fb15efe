//! Files and datasets, changed without the API.

use std::fs;
use std::path::PathBuf;

use super::Handle;
use crate::error::{Error, ErrorKind};
use crate::truenas::state::{Dataset, Key, KeyFormat, MountState, State};

impl Handle {
    /// Returns the real place of a path on the appliance, such as `/mnt/pool0/docs`; `None` outside the pools.
    pub fn real_path(&self, path: &str) -> Option<PathBuf> {
        self.nas.disk.real(path)
    }

    /// Writes a file on the appliance and any directory that it needs.
    ///
    /// # Errors
    ///
    /// When the path is outside the pools or cannot be written.
    pub fn write_file(&self, path: &str, contents: &[u8]) -> Result<(), Error> {
        let failed = || Error::new(ErrorKind::Storage, format!("cannot write {path} on the appliance"));
        let real = self.nas.disk.real(path).ok_or_else(failed)?;
        let write = || {
            if let Some(parent) = real.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&real, contents)
        };
        write().map_err(|e: std::io::Error| failed().caused_by(e))?;
        let mut state = self.nas.state();
        let dataset = state.dataset_of(path).map(str::to_owned);
        if let Some(dataset) = dataset.and_then(|name| state.datasets.get_mut(&name)) {
            dataset.is_written = true;
        }
        Ok(())
    }

    /// Removes a file from the appliance.
    ///
    /// # Errors
    ///
    /// When it is not there.
    pub fn remove_file(&self, path: &str) -> Result<(), Error> {
        let failed = || Error::new(ErrorKind::Storage, format!("cannot remove {path} from the appliance"));
        let real = self.nas.disk.real(path).ok_or_else(failed)?;
        fs::remove_file(real).map_err(|e| failed().caused_by(e))
    }

    /// Adds a child dataset with an empty file system.
    ///
    /// # Errors
    ///
    /// When its directory cannot be made.
    pub fn add_dataset(&self, name: &str) -> Result<(), Error> {
        let failed = |e| Error::new(ErrorKind::Storage, format!("cannot add dataset {name}")).caused_by(e);
        fs::create_dir_all(self.nas.disk.mounts().join(name)).map_err(failed)?;
        let dataset = Dataset { is_written: true, ..Dataset::default() };
        self.nas.state().datasets.insert(name.to_owned(), dataset);
        Ok(())
    }

    /// Encrypts a dataset with a passphrase, what inherits from it included, as if it had been made so.
    ///
    /// # Errors
    ///
    /// When there is no such dataset.
    pub fn encrypt_dataset(&self, name: &str, passphrase: &str) -> Result<(), Error> {
        let key = Key { format: KeyFormat::Passphrase, text: passphrase.to_owned(), is_stored: false };
        find(&mut self.nas.state(), name)?.key = Some(key);
        Ok(())
    }

    /// Encrypts a dataset with a key of 64 hexadecimal digits that the appliance keeps, as if it had been made so.
    ///
    /// # Errors
    ///
    /// When there is no such dataset.
    pub fn encrypt_dataset_by_key(&self, name: &str, key: &str) -> Result<(), Error> {
        let key = Key { format: KeyFormat::Hex, text: key.to_owned(), is_stored: true };
        find(&mut self.nas.state(), name)?.key = Some(key);
        Ok(())
    }

    /// Encrypts a dataset, if it is not, and locks it: its mount point looks empty.
    ///
    /// # Errors
    ///
    /// When there is no such dataset, or its files cannot be put away.
    pub fn lock_dataset(&self, name: &str) -> Result<(), Error> {
        if find(&mut self.nas.state(), name)?.key.is_none() {
            self.encrypt_dataset(name, "the passphrase of a test")?;
        }
        self.put_away(name, MountState::Locked)
    }

    /// Unmounts a dataset: its mount point looks empty.
    ///
    /// # Errors
    ///
    /// When there is no such dataset, or its files cannot be put away.
    pub fn unmount_dataset(&self, name: &str) -> Result<(), Error> {
        self.put_away(name, MountState::Unmounted)
    }

    /// Unlocks and mounts a dataset again.
    ///
    /// # Errors
    ///
    /// When there is no such dataset, or its files cannot be brought back.
    pub fn restore_dataset(&self, name: &str) -> Result<(), Error> {
        let mut state = self.nas.state();
        let dataset = find(&mut state, name)?;
        if dataset.mount_state != MountState::Mounted {
            let failed = |e| Error::new(ErrorKind::Storage, format!("cannot restore {name}")).caused_by(e);
            self.nas.disk.show(name).map_err(failed)?;
        }
        dataset.mount_state = MountState::Mounted;
        Ok(())
    }

    fn put_away(&self, name: &str, mount_state: MountState) -> Result<(), Error> {
        let mut state = self.nas.state();
        let dataset = find(&mut state, name)?;
        if dataset.mount_state == MountState::Mounted && !dataset.is_volume {
            let failed = |e| Error::new(ErrorKind::Storage, format!("cannot hide {name}")).caused_by(e);
            self.nas.disk.hide(name).map_err(failed)?;
        }
        dataset.mount_state = mount_state;
        Ok(())
    }

    /// Sets a user property on a dataset itself.
    ///
    /// # Errors
    ///
    /// When there is no such dataset.
    pub fn set_user_property(&self, dataset: &str, name: &str, value: &str) -> Result<(), Error> {
        let mut state = self.nas.state();
        find(&mut state, dataset)?.user_properties.insert(name.to_owned(), value.to_owned());
        Ok(())
    }

    /// Removes a user property from a dataset itself.
    ///
    /// # Errors
    ///
    /// When there is no such dataset.
    pub fn remove_user_property(&self, dataset: &str, name: &str) -> Result<(), Error> {
        find(&mut self.nas.state(), dataset)?.user_properties.remove(name);
        Ok(())
    }

    /// Returns a user property as the dataset shows it, its own or inherited.
    pub fn user_property(&self, dataset: &str, name: &str) -> Option<String> {
        self.nas.state().user_properties(dataset).get(name).map(|(value, _)| (*value).to_owned())
    }
}

fn find<'a>(state: &'a mut State, name: &str) -> Result<&'a mut Dataset, Error> {
    let missing = || Error::new(ErrorKind::Storage, format!("the appliance has no dataset {name}"));
    state.datasets.get_mut(name).ok_or_else(missing)
}
