//! What datasets are made, changed and unlocked with.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use truenas_client::DatasetId;
use truenas_client::datasets as there;

use super::failure::Failure;
use super::hidden::Hidden;
use super::shown::{choices, taken_away, with};
use crate::errors;
use crate::values::value_class;

pub(crate) fn user_property(name: &str) -> PyResult<there::UserPropertyName> {
    Ok(there::UserPropertyName::new(name).map_err(Failure::from)?)
}

choices! {
    share_type, "share type": there::ShareType {
        "GENERIC" => Generic, "SMB" => Smb, "MULTIPROTOCOL" => Multiprotocol, "NFS" => Nfs, "APPS" => Apps,
    }
}

value_class! {
    in "dtc.truenas";
    /// What a dataset becomes encrypted by: a key, a passphrase, or without either a key that the appliance draws and keeps (``export_key`` shows
    /// it).
    NewKey {
        /// This key of 64 hexadecimal digits, which the appliance keeps.
        key: Option<Hidden> = None,
        /// This passphrase, which the appliance does not keep: after a restart the dataset is locked.
        passphrase: Option<Hidden> = None,
    }
}

impl NewKey {
    pub(crate) fn given(&self) -> PyResult<there::NewKey> {
        match (&self.key, &self.passphrase) {
            (None, None) => Ok(there::NewKey::Generated),
            (Some(key), None) => Ok(there::NewKey::Hex(key.given())),
            (None, Some(passphrase)) => Ok(there::NewKey::Passphrase(passphrase.given())),
            (Some(_), Some(_)) => Err(both()),
        }
    }
}

fn both() -> PyErr {
    errors::argument("key", "", "is both a key and a passphrase", "give one of them")
}

value_class! {
    in "dtc.truenas";
    /// A dataset with what opens it: its key, or its passphrase.
    KeyOf {
        /// Which dataset.
        dataset: String,
        /// Its key of 64 hexadecimal digits.
        key: Option<Hidden> = None,
        /// Its passphrase.
        passphrase: Option<Hidden> = None,
        /// Whether it opens the datasets below as well, as after a replication that sent dataset by dataset. Not on CORE.
        for_children: bool = false,
    }
}

impl KeyOf {
    fn given(&self) -> PyResult<there::KeyOf> {
        let dataset = DatasetId::new(&self.dataset);
        let key = match (&self.key, &self.passphrase) {
            (Some(key), None) => there::KeyOf::key(dataset, key.given()),
            (None, Some(passphrase)) => there::KeyOf::passphrase(dataset, passphrase.given()),
            (Some(_), Some(_)) => return Err(both()),
            (None, None) => {
                let remedy = "give its key or its passphrase";
                return Err(errors::argument("key of the dataset", &self.dataset, "is not given", remedy));
            }
        };
        Ok(if self.for_children { key.for_children() } else { key })
    }
}

pub(crate) fn keys_of(keys: &[KeyOf]) -> PyResult<Vec<there::KeyOf>> {
    keys.iter().map(KeyOf::given).collect()
}

value_class! {
    in "dtc.truenas";
    /// How datasets are unlocked: with the keys that the appliance keeps, and what is given besides.
    UnlockDatasets {
        /// Keys that are given.
        keys: Option<Vec<KeyOf>> = None,
        /// Whether all datasets below are unlocked too, as far as there are keys for them.
        recursive: bool = false,
        /// Whether what is in the way at a mount point is renamed. Otherwise the dataset is not unlocked. Not on CORE.
        rename_obstacles: bool = false,
        /// Whether shares and tasks of the datasets stay off. Otherwise they are started.
        leave_attachments_off: bool = false,
    }
}

impl UnlockDatasets {
    pub(crate) fn given(&self) -> PyResult<there::UnlockDatasets> {
        let mut request = there::UnlockDatasets::new();
        for key in keys_of(self.keys.as_deref().unwrap_or_default())? {
            request = request.with(key);
        }
        if self.recursive {
            request = request.recursive();
        }
        if self.rename_obstacles {
            request = request.rename_obstacles();
        }
        Ok(if self.leave_attachments_off { request.leave_attachments_off() } else { request })
    }
}

value_class! {
    in "dtc.truenas";
    /// A new dataset.
    ///
    /// ```
    /// use truenas_client::DatasetId;
    /// use truenas_client::datasets::{CreateDataset, NewKey};
    ///
    /// let secret = CreateDataset::file_system(DatasetId::new("tank/secret")).encrypted(NewKey::Generated).compression("ZSTD");
    /// let disk = CreateDataset::volume(DatasetId::new("tank/vm"), 20 << 30).sparse();
    /// # let _ = (secret, disk);
    /// ```
    CreateDataset {
        /// Its full name: ``pool/parent/child``.
        id: String,
        /// How it is compressed, such as ``LZ4``, ``ZSTD`` or ``OFF``.
        compression: Option<String> = None,
        /// How blocks are checked, such as ``ON`` or ``SHA256``.
        checksum: Option<String> = None,
        /// When what is written is really written: ``STANDARD``, ``ALWAYS`` or ``DISABLED``.
        sync: Option<String> = None,
        /// Whether equal blocks are kept once: ``ON``, ``VERIFY`` or ``OFF``.
        deduplication: Option<String> = None,
        /// The greatest length of a block, such as ``128K``; of file systems only.
        recordsize: Option<String> = None,
        /// Whether the directory of the snapshots is shown: ``VISIBLE`` or ``HIDDEN``.
        snapdir: Option<String> = None,
        /// What kind of access control lists its files have: ``NFSV4``, ``POSIX`` or ``OFF``; of file systems only. CORE has other words.
        acltype: Option<String> = None,
        /// What becomes of such a list when a file's mode is changed: ``PASSTHROUGH``, ``RESTRICTED`` or ``DISCARD``; of file systems only.
        aclmode: Option<String> = None,
        /// Whether it cannot be written to.
        readonly: Option<bool> = None,
        /// Whether programs in it can be run.
        exec: Option<bool> = None,
        /// Whether reading a file is noted in it; of file systems only.
        atime: Option<bool> = None,
        /// How often each block is kept, 1 to 3.
        copies: Option<u32> = None,
        /// Blocks up to this many bytes go to the special devices.
        special_small_block_size: Option<u32> = None,
        /// The most that it and what is below it may hold; of file systems only, and from 25.10 on at least 1 GiB.
        quota: Option<u64> = None,
        /// The most that it may hold by itself; of file systems only, and from 25.10 on at least 1 GiB.
        refquota: Option<u64> = None,
        /// What is kept for it and what is below it.
        reservation: Option<u64> = None,
        /// What is kept for it by itself.
        refreservation: Option<u64> = None,
        /// A text about it.
        comments: Option<String> = None,
        /// What it is laid out for; nothing in particular by default.
        share_type: Option<String> = None,
        /// Whether names that differ in case only are different, as they are by default; of file systems only.
        case_sensitive: Option<bool> = None,
        /// The length of a volume's blocks, such as ``16K``.
        volblocksize: Option<String> = None,
        /// The size of a volume; without it a file system is made.
        volume_bytes: Option<u64> = None,
        /// Encrypted by a key of its own.
        encrypted: Option<NewKey> = None,
        /// User properties, by their names.
        user_properties: Option<BTreeMap<String, String>> = None,
        /// Whether missing parents are made too; not on CORE.
        with_ancestors: bool = false,
        /// Whether a volume takes only what is written to it.
        sparse: bool = false,
    }
}

impl CreateDataset {
    pub(crate) fn given(&self) -> PyResult<there::CreateDataset> {
        let request = match self.volume_bytes {
            Some(bytes) => there::CreateDataset::volume(DatasetId::new(&self.id), bytes),
            None => there::CreateDataset::file_system(DatasetId::new(&self.id)),
        };
        let request = with! { request, self;
            compression as it => compression(it),
            checksum as it => checksum(it),
            sync as it => sync(it),
            deduplication as it => deduplication(it),
            recordsize as it => recordsize(it),
            snapdir as it => snapdir(it),
            acltype as it => acltype(it),
            aclmode as it => aclmode(it),
            readonly as it => readonly((*it).into()),
            exec as it => exec((*it).into()),
            atime as it => atime((*it).into()),
            copies as it => copies(*it),
            special_small_block_size as it => special_small_block_size(*it),
            quota as it => quota(*it),
            refquota as it => refquota(*it),
            reservation as it => reservation(*it),
            refreservation as it => refreservation(*it),
            comments as it => comments(it),
            share_type as it => share_type(share_type(it)?),
            case_sensitive as it => case_sensitive((*it).into()),
            volblocksize as it => volblocksize(it),
        };
        let mut request = with! { request, self; encrypted as it => encrypted(it.given()?) };
        for (name, value) in self.user_properties.iter().flatten() {
            request = request.user_property(&user_property(name)?, value);
        }
        if self.with_ancestors {
            request = request.with_ancestors();
        }
        Ok(if self.sparse { request.sparse() } else { request })
    }
}

value_class! {
    in "dtc.truenas";
    /// What to change about a dataset.
    UpdateDataset {
        /// How it is compressed, such as ``LZ4``, ``ZSTD`` or ``OFF``.
        compression: Option<String> = None,
        /// How blocks are checked, such as ``ON`` or ``SHA256``.
        checksum: Option<String> = None,
        /// When what is written is really written: ``STANDARD``, ``ALWAYS`` or ``DISABLED``.
        sync: Option<String> = None,
        /// Whether equal blocks are kept once: ``ON``, ``VERIFY`` or ``OFF``.
        deduplication: Option<String> = None,
        /// The greatest length of a block, such as ``128K``; of file systems only.
        recordsize: Option<String> = None,
        /// Whether the directory of the snapshots is shown: ``VISIBLE`` or ``HIDDEN``.
        snapdir: Option<String> = None,
        /// What kind of access control lists its files have: ``NFSV4``, ``POSIX`` or ``OFF``; of file systems only. CORE has other words.
        acltype: Option<String> = None,
        /// What becomes of such a list when a file's mode is changed: ``PASSTHROUGH``, ``RESTRICTED`` or ``DISCARD``; of file systems only.
        aclmode: Option<String> = None,
        /// Whether it cannot be written to.
        readonly: Option<bool> = None,
        /// Whether programs in it can be run.
        exec: Option<bool> = None,
        /// Whether reading a file is noted in it; of file systems only.
        atime: Option<bool> = None,
        /// How often each block is kept, 1 to 3.
        copies: Option<u32> = None,
        /// Blocks up to this many bytes go to the special devices.
        special_small_block_size: Option<u32> = None,
        /// The most that it and what is below it may hold; of file systems only, and from 25.10 on at least 1 GiB.
        quota: Option<u64> = None,
        /// The most that it may hold by itself; of file systems only, and from 25.10 on at least 1 GiB.
        refquota: Option<u64> = None,
        /// What is kept for it and what is below it.
        reservation: Option<u64> = None,
        /// What is kept for it by itself.
        refreservation: Option<u64> = None,
        /// A text about it.
        comments: Option<String> = None,
        /// A volume's size, which only grows.
        volsize: Option<u64> = None,
        /// User properties to set; the others stay.
        user_properties: Option<BTreeMap<String, String>> = None,
        /// User properties to remove; what a parent sets shows again.
        without_user_properties: Option<Vec<String>> = None,
        /// Settings that become the parent's again, by their names.
        inherit: Option<Vec<String>> = None,
    }
}

impl UpdateDataset {
    pub(crate) fn given(&self) -> PyResult<there::UpdateDataset> {
        let request = there::UpdateDataset::new();
        let request = with! { request, self;
            compression as it => compression(Some(it)),
            checksum as it => checksum(Some(it)),
            sync as it => sync(Some(it)),
            deduplication as it => deduplication(Some(it)),
            recordsize as it => recordsize(Some(it)),
            snapdir as it => snapdir(Some(it)),
            acltype as it => acltype(Some(it)),
            aclmode as it => aclmode(Some(it)),
            readonly as it => readonly(Some((*it).into())),
            exec as it => exec(Some((*it).into())),
            atime as it => atime(Some((*it).into())),
            copies as it => copies(Some(*it)),
            special_small_block_size as it => special_small_block_size(Some(*it)),
            quota as it => quota(*it),
            refquota as it => refquota(*it),
            reservation as it => reservation(*it),
            refreservation as it => refreservation(*it),
            comments as it => comments(it),
            volsize as it => volsize(*it),
        };
        let mut request = request;
        for (name, value) in self.user_properties.iter().flatten() {
            request = request.user_property(&user_property(name)?, value);
        }
        for name in self.without_user_properties.iter().flatten() {
            request = request.without_user_property(&user_property(name)?);
        }
        inherited(request, self.inherit.as_deref())
    }
}

/// The settings that a parent's can be inherited for.
macro_rules! inheritable {
    ($($name:ident),*) => {
        /// The same change, with settings that become the parent's again.
        fn inherited(mut request: there::UpdateDataset, names: Option<&[String]>) -> PyResult<there::UpdateDataset> {
            for name in taken_away(names, &[$(stringify!($name)),*])? {
                request = match name {
                    $(stringify!($name) => request.$name(None),)*
                    _ => request,
                };
            }
            Ok(request)
        }
    };
}

inheritable!(
    compression,
    checksum,
    sync,
    deduplication,
    recordsize,
    snapdir,
    acltype,
    aclmode,
    readonly,
    exec,
    atime,
    copies,
    special_small_block_size
);
