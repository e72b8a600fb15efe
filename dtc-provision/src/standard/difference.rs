//! What differs from the standard, setting by setting, in words (C4).

use std::fmt;

use serde::{Deserialize, Serialize};

/// A setting that the standard states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "each is the setting that its name says; `name` has the words")]
pub enum Setting {
    Visibility,
    ObjectLock,
    DefaultEncryption,
    Lifecycle,
    Retention,
    KeyReach,
    KeyCapabilities,
    Description,
    Direction,
    TransferMode,
    Path,
    Bucket,
    Folder,
    Schedule,
    SnapshotBeforeRun,
    FollowSymlinks,
    PreScript,
    PostScript,
    Exclude,
    Include,
    EmptyDirectories,
    ChunkSize,
    FastList,
    Encryption,
    FilenameEncryption,
    Transfers,
    Bandwidth,
    Arguments,
    Enabled,
    Credential,
    EncryptionSecrets,
    Dataset,
    Recursive,
    Lifetime,
    NamingSchema,
    HoursOfDay,
    EmptySnapshots,
    SnmpVersion3,
    SnmpCommunity,
    SnmpFurtherAccess,
    SnmpAuthentication,
    SnmpPrivacy,
    StartsAutomatically,
    Running,
}

impl Setting {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Visibility => "visibility",
            Self::ObjectLock => "object lock",
            Self::DefaultEncryption => "default encryption",
            Self::Lifecycle => "lifecycle",
            Self::Retention => "default retention",
            Self::KeyReach => "reach of the application key",
            Self::KeyCapabilities => "capabilities of the application key",
            Self::Description => "description",
            Self::Direction => "direction",
            Self::TransferMode => "transfer mode",
            Self::Path => "path",
            Self::Bucket => "bucket",
            Self::Folder => "folder",
            Self::Schedule => "schedule",
            Self::SnapshotBeforeRun => "snapshot before each run",
            Self::FollowSymlinks => "follow symbolic links",
            Self::PreScript => "script before a run",
            Self::PostScript => "script after a run",
            Self::Exclude => "excluded",
            Self::Include => "taken alone",
            Self::EmptyDirectories => "empty directories",
            Self::ChunkSize => "upload chunk size",
            Self::FastList => "--fast-list",
            Self::Encryption => "remote encryption",
            Self::FilenameEncryption => "filename encryption",
            Self::Transfers => "parallel transfers",
            Self::Bandwidth => "bandwidth limits",
            Self::Arguments => "further rclone arguments",
            Self::Enabled => "schedule enabled",
            Self::Credential => "cloud credential",
            Self::EncryptionSecrets => "encryption password and salt",
            Self::Dataset => "dataset",
            Self::Recursive => "recursive",
            Self::Lifetime => "snapshots kept",
            Self::NamingSchema => "naming schema",
            Self::HoursOfDay => "hours of the day",
            Self::EmptySnapshots => "empty snapshots",
            Self::SnmpVersion3 => "SNMPv3",
            Self::SnmpCommunity => "v1/v2c community",
            Self::SnmpFurtherAccess => "further SNMP access",
            Self::SnmpAuthentication => "SNMPv3 authentication",
            Self::SnmpPrivacy => "SNMPv3 privacy",
            Self::StartsAutomatically => "starts with the appliance",
            Self::Running => "service",
        }
    }
}

/// One setting that differs from the standard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Difference {
    /// Which setting.
    pub setting: Setting,
    /// What it is, in words.
    pub is: String,
    /// What it should be, in words.
    pub should_be: String,
}

impl Difference {
    pub(crate) fn new(setting: Setting, is: impl fmt::Display, should_be: impl fmt::Display) -> Self {
        Self { setting, is: is.to_string(), should_be: should_be.to_string() }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}, should be {}", self.setting.name(), self.is, self.should_be)
    }
}

/// Differences in one line.
pub(crate) fn listed(differences: &[Difference]) -> String {
    differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Settings that can be held against the standard's.
pub trait Compare {
    /// Every setting that is not as it should be.
    fn differences(&self, should_be: &Self) -> Vec<Difference>;
}

/// Collects the settings that differ, each in its own words.
#[derive(Default)]
pub(super) struct Comparison(Vec<Difference>);

impl Comparison {
    /// Compares one setting; `words` says what a value means.
    pub(super) fn of<T: PartialEq + ?Sized, W: fmt::Display>(
        mut self,
        setting: Setting,
        is: &T,
        should_be: &T,
        words: impl Fn(&T) -> W,
    ) -> Self {
        if is != should_be {
            self.0.push(Difference::new(setting, words(is), words(should_be)));
        }
        self
    }

    /// Compares one switch.
    pub(super) fn switch(
        self,
        setting: Setting,
        is: bool,
        should_be: bool,
        words: impl Fn(bool) -> &'static str,
    ) -> Self {
        self.of(setting, &is, &should_be, |on| words(*on))
    }

    pub(super) fn end(self) -> Vec<Difference> {
        self.0
    }
}

/// A switch, in words.
pub(crate) fn on_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// A switch that is a question, in words.
pub(crate) fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// A list, in words.
pub(crate) fn list<T: fmt::Display>(items: &[T]) -> String {
    if items.is_empty() {
        return "nothing".to_owned();
    }
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A setting, and a change to it alone.
    pub(in crate::standard) type Row<T> = (Setting, fn(&mut T));

    /// Each change alone gives one difference, which names the setting and says two different things of it.
    pub(in crate::standard) fn assert_each_is_named<T: Compare + Clone>(standard: &T, rows: &[Row<T>]) {
        assert_eq!(standard.differences(standard), []);
        for (setting, change) in rows {
            let mut is = standard.clone();
            change(&mut is);
            let differences = is.differences(standard);
            let [only] = differences.as_slice() else { panic!("{setting:?}: {differences:?}") };
            assert_eq!(only.setting, *setting);
            assert!(only.is != only.should_be, "{setting:?}: {only}");
        }
    }
}
