//! What a dataset is made or changed with.

use serde::Serialize;
use serde_json::{Value, json};

use super::{NewKey, UserPropertyName};
use crate::call::Changes;
use crate::{DatasetId, ErrorKind, Switch};

/// A switch as settings write it.
fn word(switch: Switch) -> &'static str {
    if switch.is_on() { "ON" } else { "OFF" }
}

/// A setting of a dataset that is changed: none for the parent's.
fn or_inherited(value: Option<impl Into<Value>>) -> Value {
    value.map_or_else(|| "INHERIT".into(), Into::into)
}

/// Settings that a parent's can be inherited for, of a new dataset and of one that is changed.
macro_rules! inherited {
    (
        texts: [$($(#[$word_doc:meta])* $word_name:ident;)*]
        switches: [$($(#[$switch_doc:meta])* $switch_name:ident;)*]
        numbers: [$($(#[$number_doc:meta])* $number_name:ident;)*]
    ) => {
        /// Settings of a new dataset; what is not set is its parent's.
        impl CreateDataset {
            $($(#[$word_doc])*
            pub fn $word_name(self, value: &str) -> Self {
                self.set(stringify!($word_name), value)
            })*
            $($(#[$switch_doc])*
            pub fn $switch_name(self, value: Switch) -> Self {
                self.set(stringify!($switch_name), word(value))
            })*
            $($(#[$number_doc])*
            pub fn $number_name(self, value: u32) -> Self {
                self.set(stringify!($number_name), value)
            })*
        }

        /// Settings of a dataset; none makes one the parent's again.
        impl UpdateDataset {
            $($(#[$word_doc])*
            pub fn $word_name(self, value: Option<&str>) -> Self {
                self.set(stringify!($word_name), or_inherited(value))
            })*
            $($(#[$switch_doc])*
            pub fn $switch_name(self, value: Option<Switch>) -> Self {
                self.set(stringify!($switch_name), or_inherited(value.map(word)))
            })*
            $($(#[$number_doc])*
            pub fn $number_name(self, value: Option<u32>) -> Self {
                self.set(stringify!($number_name), or_inherited(value))
            })*
        }
    };
}

inherited! {
    texts: [
    /// How it is compressed, such as `LZ4`, `ZSTD` or `OFF`.
    compression;
    /// How blocks are checked, such as `ON` or `SHA256`.
    checksum;
    /// When what is written is really written: `STANDARD`, `ALWAYS` or `DISABLED`.
    sync;
    /// Whether equal blocks are kept once: `ON`, `VERIFY` or `OFF`.
    deduplication;
    /// The greatest length of a block, such as `128K`; of file systems only.
    recordsize;
    /// Whether the directory of the snapshots is shown: `VISIBLE` or `HIDDEN`.
    snapdir;
    /// What kind of access control lists its files have: `NFSV4`, `POSIX` or `OFF`; of file systems only. CORE has other words.
    acltype;
    /// What becomes of such a list when a file's mode is changed: `PASSTHROUGH`, `RESTRICTED` or `DISCARD`; of file systems only.
    aclmode;
    ]
    switches: [
    /// Whether it cannot be written to.
    readonly;
    /// Whether programs in it can be run.
    exec;
    /// Whether reading a file is noted in it; of file systems only.
    atime;
    ]
    numbers: [
    /// How often each block is kept, 1 to 3.
    copies;
    /// Blocks up to this many bytes go to the special devices.
    special_small_block_size;
    ]
}

/// Settings of the dataset alone, in bytes.
macro_rules! sizes {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        /// Sizes, in bytes; 0 for none.
        impl CreateDataset {
            $($(#[$doc])*
            pub fn $name(self, bytes: u64) -> Self {
                self.set(stringify!($name), bytes)
            })*
        }

        /// Sizes, in bytes; 0 for none.
        impl UpdateDataset {
            $($(#[$doc])*
            pub fn $name(self, bytes: u64) -> Self {
                self.set(stringify!($name), bytes)
            })*
        }
    };
}

sizes! {
    /// The most that it and what is below it may hold; of file systems only, and from 25.10 on at least 1 GiB.
    quota;
    /// The most that it may hold by itself; of file systems only, and from 25.10 on at least 1 GiB.
    refquota;
    /// What is kept for it and what is below it.
    reservation;
    /// What is kept for it by itself.
    refreservation;
}

/// What a file system is laid out for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum ShareType {
    /// Nothing in particular.
    Generic,
    /// Windows shares.
    Smb,
    /// NFS and Windows shares of the same files; not on CORE.
    Multiprotocol,
    /// NFS; not on CORE.
    Nfs,
    /// Apps; not on CORE.
    Apps,
}

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
#[derive(Debug)]
pub struct CreateDataset {
    id: DatasetId,
    settings: Changes,
    properties: Vec<(UserPropertyName, String)>,
    key: Option<NewKey>,
}

impl CreateDataset {
    /// A file system.
    pub fn file_system(id: DatasetId) -> Self {
        let settings = Changes::default().set("type", "FILESYSTEM");
        Self { id, settings, properties: Vec::new(), key: None }
    }

    /// A volume of so many bytes, a multiple of its blocks' length. Cloud sync never sees what is in it.
    pub fn volume(id: DatasetId, bytes: u64) -> Self {
        let settings = Changes::default().set("type", "VOLUME").set("volsize", bytes);
        Self { id, settings, properties: Vec::new(), key: None }
    }

    /// Encrypted by a key of its own. By default it is encrypted as its parent is, or not, as its parent is not.
    pub fn encrypted(mut self, key: NewKey) -> Self {
        self.key = Some(key);
        self
    }

    /// With a user property. On CORE it is set after the dataset was made, in a call of its own.
    pub fn user_property(mut self, name: &UserPropertyName, value: &str) -> Self {
        self.properties.push((name.clone(), value.to_owned()));
        self
    }

    /// A text about it.
    pub fn comments(self, text: &str) -> Self {
        self.set("comments", text)
    }

    /// What it is laid out for; nothing in particular by default.
    pub fn share_type(self, share_type: ShareType) -> Self {
        self.set("share_type", json!(share_type))
    }

    /// Whether names that differ in case only are different, as they are by default; of file systems only.
    pub fn case_sensitive(self, sensitive: Switch) -> Self {
        self.set("casesensitivity", if sensitive.is_on() { "SENSITIVE" } else { "INSENSITIVE" })
    }

    /// With whatever parents are missing; not on CORE.
    pub fn with_ancestors(self) -> Self {
        self.set("create_ancestors", true)
    }

    /// The length of a volume's blocks, such as `16K`.
    pub fn volblocksize(self, length: &str) -> Self {
        self.set("volblocksize", length)
    }

    /// A volume that takes only what is written to it.
    pub fn sparse(self) -> Self {
        self.set("sparse", true)
    }

    fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.settings = self.settings.set(name, value);
        self
    }

    pub(super) fn id(&self) -> &DatasetId {
        &self.id
    }

    pub(super) fn check(&self) -> Result<(), ErrorKind> {
        self.key.as_ref().map_or(Ok(()), NewKey::check)?;
        self.properties.iter().try_for_each(|(name, _)| on_a_root_only(&self.id, name))
    }

    pub(super) fn body(&self) -> Value {
        let body = self.settings.clone().set("name", self.id.as_str());
        let body = match &self.key {
            Some(key) => body
                .set("encryption", true)
                .set("inherit_encryption", false)
                // Neither algorithm nor rounds: 26 takes no algorithm, and fewer rounds than others begin with.
                .set("encryption_options", key.options()),
            None => body,
        };
        let properties: Vec<Value> = self
            .properties
            .iter()
            .map(|(name, value)| json!({"key": name.as_str(), "value": value}))
            .collect();
        if properties.is_empty() { body.body() } else { body.set("user_properties", properties).body() }
    }
}

/// What to change about a dataset.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UpdateDataset {
    settings: Changes,
    properties: Vec<(UserPropertyName, Option<String>)>,
}

impl UpdateDataset {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets one user property, and leaves the others as they are.
    pub fn user_property(mut self, name: &UserPropertyName, value: &str) -> Self {
        self.properties.push((name.clone(), Some(value.to_owned())));
        self
    }

    /// Removes one user property, and leaves the others as they are. What a parent sets shows again.
    pub fn without_user_property(mut self, name: &UserPropertyName) -> Self {
        self.properties.push((name.clone(), None));
        self
    }

    /// A text about it.
    pub fn comments(self, text: &str) -> Self {
        self.set("comments", text)
    }

    /// A volume's size, which only grows.
    pub fn volsize(self, bytes: u64) -> Self {
        self.set("volsize", bytes)
    }

    fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.settings = self.settings.set(name, value);
        self
    }

    pub(super) fn check(&self, id: &DatasetId) -> Result<(), ErrorKind> {
        let set = self.properties.iter().filter(|(_, value)| value.is_some());
        set.map(|(name, _)| name).try_for_each(|name| on_a_root_only(id, name))
    }

    /// `user_properties_update` touches the named properties only; the field `user_properties` would delete all others.
    pub(super) fn body(&self) -> Value {
        let change = |(name, value): &(UserPropertyName, Option<String>)| match value {
            Some(value) => json!({"key": name.as_str(), "value": value}),
            None => json!({"key": name.as_str(), "remove": true}),
        };
        let changes: Vec<Value> = self.properties.iter().map(change).collect();
        if changes.is_empty() {
            return self.settings.body();
        }
        self.settings.clone().set("user_properties_update", changes).body()
    }
}

/// The device GUID names a pool's device: on another dataset it would name every dataset below it.
fn on_a_root_only(id: &DatasetId, name: &UserPropertyName) -> Result<(), ErrorKind> {
    if name.is_of_roots_only() && !id.is_root() {
        let reason = "the device GUID is set on a pool's root dataset only: what lies below inherits it";
        return Err(ErrorKind::InvalidRequest { reason });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datasets::{DatasetKey, Passphrase};

    fn id(text: &str) -> DatasetId {
        DatasetId::new(text)
    }

    #[test]
    fn a_dataset_is_asked_for_with_what_was_set_and_nothing_else() {
        let plain = CreateDataset::file_system(id("tank/a")).body();
        assert_eq!(plain, json!({"type": "FILESYSTEM", "name": "tank/a"}));
        let disk = CreateDataset::volume(id("tank/vm"), 1 << 30).sparse().volblocksize("64K").body();
        assert_eq!(
            disk,
            json!({"type": "VOLUME", "name": "tank/vm", "volsize": 1 << 30, "sparse": true, "volblocksize": "64K"})
        );
        let tag = UserPropertyName::new("com.example:tag").unwrap();
        let full = CreateDataset::file_system(id("tank/b")).readonly(Switch::On).quota(2 << 30).copies(2);
        let full = full.user_property(&tag, "1").encrypted(NewKey::Passphrase(Passphrase::new("eight char")));
        assert_eq!(
            full.body(),
            json!({"type": "FILESYSTEM", "name": "tank/b", "readonly": "ON", "quota": 2_u64 << 30, "copies": 2,
                "user_properties": [{"key": "com.example:tag", "value": "1"}], "encryption": true,
                "inherit_encryption": false, "encryption_options": {"passphrase": "eight char"}})
        );
    }

    #[test]
    fn a_change_names_what_it_changes_and_inherits_by_none() {
        let tag = UserPropertyName::new("com.example:tag").unwrap();
        let changes = UpdateDataset::new().compression(None).atime(Some(Switch::Off)).quota(0);
        assert_eq!(changes.body(), json!({"compression": "INHERIT", "atime": "OFF", "quota": 0}));
        let changes = UpdateDataset::new().user_property(&tag, "1");
        assert_eq!(
            changes.body(),
            json!({"user_properties_update": [{"key": "com.example:tag", "value": "1"}]})
        );
        let changes = UpdateDataset::new().without_user_property(&tag);
        assert_eq!(
            changes.body(),
            json!({"user_properties_update": [{"key": "com.example:tag", "remove": true}]})
        );
    }

    #[test]
    fn i3_the_device_guid_is_set_on_a_root_dataset_only() {
        let guid = UserPropertyName::new("com.dtctoday:device-guid").unwrap();
        let other = UserPropertyName::new("com.dtctoday:other").unwrap();
        for (dataset, name, taken) in [
            ("tank", &guid, true),
            ("tank/a", &guid, false),
            ("tank/a", &other, true),
            ("tank", &other, true),
        ] {
            let set = UpdateDataset::new().user_property(name, "1").check(&id(dataset));
            assert_eq!(set.is_ok(), taken, "{dataset} {name}");
            let made = CreateDataset::file_system(id(dataset)).user_property(name, "1").check();
            assert_eq!(made.is_ok(), taken, "{dataset} {name}");
        }
        assert!(UpdateDataset::new().without_user_property(&guid).check(&id("tank/a")).is_ok(), "it may go");
    }

    #[test]
    fn a_key_that_cannot_be_one_is_refused_before_it_is_sent() {
        let hex = "0123456789abcdefABCDEF0123456789abcdefABCDEF0123456789abcdef0123";
        for (key, taken) in [
            (NewKey::Generated, true),
            (NewKey::Hex(DatasetKey::new(hex)), true),
            (NewKey::Hex(DatasetKey::new(&hex[1..])), false),
            (NewKey::Hex(DatasetKey::new(format!("g{}", &hex[1..]))), false),
            (NewKey::Passphrase(Passphrase::new("eight ch")), true),
            (NewKey::Passphrase(Passphrase::new("seven c")), false),
            (NewKey::Passphrase(Passphrase::new("äöüßäöü")), false),
        ] {
            let shown = format!("{key:?}");
            assert_eq!(
                CreateDataset::file_system(id("tank/a")).encrypted(key).check().is_ok(),
                taken,
                "{shown}"
            );
        }
    }
}
