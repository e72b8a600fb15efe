//! Datasets, their keys and their files.

use std::collections::BTreeMap;

use dtc_naming::DatasetName;

use super::{DatasetState, EndState, FileState, RootKey};
use crate::ports::DatasetKind;

/// Where snapshots show below a dataset's directory.
const SNAPSHOTS: &str = ".zfs/snapshot/";

impl EndState {
    /// The dataset of this name.
    pub fn dataset(&self, name: &str) -> Option<&DatasetState> {
        self.datasets.iter().find(|found| found.name.as_str() == name)
    }

    /// The dataset of this name, to be changed.
    pub fn dataset_mut(&mut self, name: &str) -> Option<&mut DatasetState> {
        self.datasets.iter_mut().find(|found| found.name.as_str() == name)
    }

    /// The key that opens a dataset; `None` where it is not encrypted.
    pub fn key_of(&self, name: &DatasetName) -> Option<&RootKey> {
        let root = self.dataset(name.as_str())?.encryption_root.as_ref()?;
        self.dataset(root.as_str())?.key.as_ref()
    }

    /// Whether a dataset's key is missing.
    pub fn is_locked(&self, name: &DatasetName) -> bool {
        self.key_of(name).is_some_and(|key| !key.is_loaded)
    }

    /// Whether a dataset shows its files: below one that does not, none does.
    pub(super) fn is_mounted(&self, name: &DatasetName) -> bool {
        let mut at = Some(name.clone());
        while let Some(name) = at {
            let shows =
                self.dataset(name.as_str()).is_some_and(|found| found.mounted && !self.is_locked(&name));
            if !shows {
                return false;
            }
            at = name.parent();
        }
        true
    }

    /// The nearest dataset above a name.
    pub(super) fn above(&self, name: &DatasetName) -> Option<&DatasetState> {
        let above = std::iter::successors(name.parent(), DatasetName::parent);
        above.into_iter().find_map(|name| self.dataset(name.as_str()))
    }

    /// The datasets at and below a name.
    pub(super) fn at_and_below<'a>(
        &'a self,
        name: &'a DatasetName,
    ) -> impl Iterator<Item = &'a DatasetState> + 'a {
        self.datasets.iter().filter(move |found| found.name == *name || found.name.is_below(name))
    }

    /// Adds a dataset, in the order of names.
    pub fn add_dataset(&mut self, dataset: DatasetState) {
        let at = self.datasets.partition_point(|found| found.name < dataset.name);
        self.datasets.insert(at, dataset);
    }

    /// Every file that shows, by its path from `/mnt/`. Snapshots show where their dataset does.
    pub(super) fn file(&self, path: &str) -> Option<&FileState> {
        let path = path.strip_prefix("/mnt/")?;
        let holder = self
            .datasets
            .iter()
            .filter(|found| path.strip_prefix(found.name.as_str()).is_some_and(|rest| rest.starts_with('/')));
        let holder = holder.max_by_key(|found| found.name.as_str().len())?;
        if !self.is_mounted(&holder.name) {
            return None;
        }
        let rest = &path[holder.name.as_str().len() + 1..];
        match rest.strip_prefix(SNAPSHOTS).and_then(|rest| rest.split_once('/')) {
            Some((snapshot, rest)) => {
                holder.snapshots.iter().find(|found| found.name == snapshot)?.files.get(rest)
            }
            None => holder.files.get(rest),
        }
    }

    /// The paths of the files that show in a directory and in those below it.
    pub(super) fn files_in(&self, directory: &str) -> Vec<String> {
        let prefix = format!("{}/", directory.trim_end_matches('/'));
        let mut all = Vec::new();
        for dataset in self.datasets.iter().filter(|found| self.is_mounted(&found.name)) {
            let home = format!("/mnt/{}/", dataset.name);
            all.extend(dataset.files.keys().map(|path| format!("{home}{path}")));
            // The directory of snapshots is listed only where it is named.
            for snapshot in dataset.snapshots.iter().filter(|_| prefix.contains(SNAPSHOTS)) {
                let paths = snapshot.files.keys();
                all.extend(paths.map(|path| format!("{home}{SNAPSHOTS}{}/{path}", snapshot.name)));
            }
        }
        all.retain(|path| path.starts_with(&prefix));
        all
    }
}

impl DatasetState {
    /// An empty file system that is not encrypted.
    pub fn new(name: DatasetName) -> Self {
        Self {
            name,
            kind: DatasetKind::Filesystem,
            mounted: true,
            encryption_root: None,
            key: None,
            device_guid: None,
            opened_by_proof: false,
            files: BTreeMap::new(),
            snapshots: Vec::new(),
        }
    }

    /// The same dataset as an encryption root.
    #[must_use]
    pub fn encrypted_by(mut self, key: RootKey) -> Self {
        self.encryption_root = Some(self.name.clone());
        self.key = Some(key);
        self
    }
}
