//! What some releases lack altogether.

use super::Release;

/// Something that some releases do not offer. What every release offers in one form or another is not listed: it is translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Feature {
    /// The roles of the API key's user can be read.
    OwnRights,
    /// The whole log of a job can be fetched.
    JobLog,
    /// A directory can be made.
    MakeDirectory,
    /// The API keys of the user whose key this is can be listed.
    OwnKeys,
    /// What a client needs to prove an API key can be had in its place.
    KeyConversion,
    /// An API key has the rights of a user that is not root.
    KeysOfUsers,
    /// An API key expires.
    ExpiringKeys,
    /// An API key has a list of what it may call: on 24.x only.
    KeyAllowList,
    /// A token can be used from one address only.
    TokensOfAnAddress,
    /// A token can be used once only.
    SingleUseTokens,
    /// The appliance makes a user's password.
    RandomPasswords,
    /// Somebody may run some programs as root with a password, and others without.
    SudoOfBothKinds,
    /// Whether a password logs in by SSH is a setting of each user.
    SshPasswordOfUser,
    /// A cloud sync makes empty directories on the other side.
    EmptyDirectories,
    /// A cloud sync takes only what its filters name.
    IncludeFilters,
    /// A bucket can be made through the appliance.
    CreateBucket,
    /// An SSH connection is set up with its key pair in one call.
    OneCallSshSetup,
    /// Another appliance is asked to let this one in by somebody other than root, with a one-time code, with sudo, or over a verified certificate.
    PeerLoginOptions,
    /// Which groups may log in by SSH with a password.
    SshPasswordGroups,
    /// A replication uses sudo, picks snapshots by a regular expression, has its target inherit encryption, sets properties of its own, or keeps
    /// snapshots of different schedules for different times.
    ReplicationOptions,
    /// A replication is run without a task.
    ReplicationOnce,
    /// A replication without a task leaves what it sent unmounted.
    ReplicationUnmounted,
    /// A query compares texts whatever their case.
    AnyCaseFilters,
    /// A dataset is made with whatever parents are missing.
    Ancestors,
    /// The overview of all datasets, with what hangs on each.
    DatasetOverview,
    /// A key opens the datasets below as well.
    KeyForChildren,
    /// What is in the way of a mount point is renamed.
    RenamedObstacles,
    /// The keys of a replication's sources can be exported by the names of its targets.
    ReplicationKeys,
    /// What a change of a snapshot task means for its snapshots can be asked beforehand.
    RetentionPreview,
    /// Snapshots that lose their task keep the moments of their removal.
    RemovalDates,
    /// How many snapshots an appliance copes with.
    SnapshotLimits,
    /// A snapshot is taken of all datasets below but some.
    SnapshotExclusions,
    /// The snapshots of one name are removed of all datasets below.
    SnapshotsOfChildren,
    /// Snapshots can be held.
    SnapshotHolds,
    /// Snapshots can be renamed.
    RenamedSnapshots,
}

/// Whether an appliance offers a [`Feature`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Support {
    /// It does.
    Yes,
    /// It does not.
    No {
        /// What to do instead.
        instead: &'static str,
    },
}

pub(super) struct FeatureRow {
    feature: Feature,
    /// The first release that has it.
    pub(super) since: Release,
    /// What it is, to follow "does not offer".
    pub(super) name: &'static str,
    pub(super) instead: &'static str,
}

/// By the public methods and schemas of TN-13.3, TS-24.10, TS-25.04, TS-25.10 and 26.0; of 24.04, by the notes of its release.
pub(super) const FEATURES: [FeatureRow; 35] = [
    FeatureRow {
        feature: Feature::OwnRights,
        since: Release::Scale24_04,
        name: "the roles of a key's user",
        instead: "an API key of CORE has every right",
    },
    FeatureRow {
        feature: Feature::JobLog,
        since: Release::Scale24_04,
        name: "the whole log of a job",
        instead: "the last lines are part of the job's status",
    },
    FeatureRow {
        feature: Feature::MakeDirectory,
        since: Release::Scale24_04,
        name: "making a directory",
        instead: "make a dataset, or the directory from a shell on the appliance",
    },
    FeatureRow {
        feature: Feature::OwnKeys,
        since: Release::V25_04,
        name: "the keys of one's own user, since its keys are nobody's",
        instead: "list all API keys",
    },
    FeatureRow {
        feature: Feature::KeyConversion,
        since: Release::V26,
        name: "logging in by proof of an API key",
        instead: "log in with the key itself",
    },
    FeatureRow {
        feature: Feature::KeysOfUsers,
        since: Release::V25_04,
        name: "an API key of a user",
        instead: "make one with every right, or on 24.x one with a list of what it may call",
    },
    FeatureRow {
        feature: Feature::ExpiringKeys,
        since: Release::V25_04,
        name: "an API key that expires",
        instead: "leave the date out, and delete the key when it is no longer needed",
    },
    FeatureRow {
        feature: Feature::KeyAllowList,
        since: Release::Scale24_04,
        name: "an API key with a list of what it may call",
        instead: "make one of a user that has only the rights it needs (25.04 and newer), or one with every right (CORE)",
    },
    FeatureRow {
        feature: Feature::TokensOfAnAddress,
        since: Release::Scale24_04,
        name: "a token that only one address can use",
        instead: "make one for any address that lasts for seconds only",
    },
    FeatureRow {
        feature: Feature::SingleUseTokens,
        since: Release::V25_04,
        name: "a token that can be used once only",
        instead: "make one that lasts for seconds only",
    },
    FeatureRow {
        feature: Feature::RandomPasswords,
        since: Release::V25_04,
        name: "a password that the appliance makes",
        instead: "make one here and set it",
    },
    FeatureRow {
        feature: Feature::SudoOfBothKinds,
        since: Release::Scale24_04,
        name: "sudo with a password for some programs and without for others",
        instead: "let all of them be run with a password, or all without",
    },
    FeatureRow {
        feature: Feature::SshPasswordOfUser,
        since: Release::Scale24_04,
        name: "a user of its own that logs in by SSH with its password",
        instead: "let everybody do so in the settings of the SSH service, or log in with a key",
    },
    FeatureRow {
        feature: Feature::EmptyDirectories,
        since: Release::Scale24_04,
        name: "a cloud sync that makes empty directories",
        instead: "leave it off, or update the appliance",
    },
    FeatureRow {
        feature: Feature::IncludeFilters,
        since: Release::Scale24_04,
        name: "a cloud sync with include filters",
        instead: "name what to leave out, or update the appliance",
    },
    FeatureRow {
        feature: Feature::CreateBucket,
        since: Release::Scale24_04,
        name: "making a bucket",
        instead: "make the bucket at its provider",
    },
    FeatureRow {
        feature: Feature::OneCallSshSetup,
        since: Release::Scale24_04,
        name: "setting an SSH connection up in one call",
        instead: "create the key pair first, then the connection",
    },
    FeatureRow {
        feature: Feature::PeerLoginOptions,
        since: Release::Scale24_04,
        name: "setting an SSH connection up as another administrator than root, with a one-time code or sudo, or with the certificate verified",
        instead: "log in there as root or by a token, without sudo and verification, or create the connection by hand",
    },
    FeatureRow {
        feature: Feature::SshPasswordGroups,
        since: Release::Scale24_04,
        name: "groups that may log in by SSH with a password",
        instead: "allow or forbid passwords for everybody",
    },
    FeatureRow {
        feature: Feature::ReplicationOptions,
        since: Release::Scale24_04,
        name: "a replication with sudo, a regular expression for names, inherited encryption, properties of its own, or several lifetimes",
        instead: "log in as root, name the snapshots by schema, give the target a key, and set properties and lifetimes on the target",
    },
    FeatureRow {
        feature: Feature::ReplicationOnce,
        since: Release::Scale24_04,
        name: "a replication without a task",
        instead: "create a task that does not run by itself, run it and delete it",
    },
    FeatureRow {
        feature: Feature::ReplicationUnmounted,
        since: Release::V25_10,
        name: "a replication without a task that leaves its target unmounted",
        instead: "let it be mounted, and unmount it afterwards",
    },
    FeatureRow {
        feature: Feature::AnyCaseFilters,
        since: Release::Scale24_04,
        name: "queries that do not distinguish capitals",
        instead: "name each spelling, or compare here",
    },
    FeatureRow {
        feature: Feature::Ancestors,
        since: Release::Scale24_04,
        name: "making the missing parents of a dataset",
        instead: "make the parents first, one after the other",
    },
    FeatureRow {
        feature: Feature::DatasetOverview,
        since: Release::Scale24_04,
        name: "the overview of all datasets",
        instead: "list the datasets, the snapshot tasks and the cloud syncs",
    },
    FeatureRow {
        feature: Feature::KeyForChildren,
        since: Release::Scale24_04,
        name: "a key that opens the datasets below as well",
        instead: "give the key of each dataset by its name",
    },
    FeatureRow {
        feature: Feature::RenamedObstacles,
        since: Release::Scale24_04,
        name: "renaming what is in the way of a mount point",
        instead: "empty the directory from a shell on the appliance",
    },
    FeatureRow {
        feature: Feature::ReplicationKeys,
        since: Release::Scale24_04,
        name: "the keys of a replication's sources",
        instead: "export the keys of the source datasets, and rename them to the targets",
    },
    FeatureRow {
        feature: Feature::RetentionPreview,
        since: Release::Scale24_04,
        name: "telling beforehand which snapshots a change would keep for good",
        instead: "list the snapshots and compare their names with the schema",
    },
    FeatureRow {
        feature: Feature::RemovalDates,
        since: Release::Scale24_04,
        name: "keeping the removal dates of snapshots",
        instead: "leave it off, and remove the snapshots later by hand",
    },
    FeatureRow {
        feature: Feature::SnapshotLimits,
        since: Release::Scale24_04,
        name: "how many snapshots it copes with",
        instead: "stay below 512 of a dataset and 10000 in all, as newer releases advise",
    },
    FeatureRow {
        feature: Feature::SnapshotExclusions,
        since: Release::Scale24_04,
        name: "a snapshot of all datasets below but some",
        instead: "snapshot the datasets one by one, or set up a snapshot task with exclusions",
    },
    FeatureRow {
        feature: Feature::SnapshotsOfChildren,
        since: Release::Scale24_04,
        name: "removing the snapshots of all datasets below",
        instead: "remove the snapshot of each dataset by its name",
    },
    FeatureRow {
        feature: Feature::SnapshotHolds,
        since: Release::Scale24_04,
        name: "holding a snapshot",
        instead: "clone the snapshot, or hold it by zfs hold from a shell on the appliance",
    },
    FeatureRow {
        feature: Feature::RenamedSnapshots,
        since: Release::V25_10,
        name: "renaming a snapshot",
        instead: "take a snapshot of the name that you want, or rename it by zfs rename from a shell on the appliance",
    },
];

impl Feature {
    pub(super) fn row(self) -> &'static FeatureRow {
        FEATURES.iter().find(|row| row.feature == self).unwrap_or(&FEATURES[0])
    }

    pub(super) fn on(self, release: Release) -> Support {
        let row = self.row();
        if release < row.since || (self == Self::KeyAllowList && release > Release::Scale24_10) {
            Support::No { instead: row.instead }
        } else {
            Support::Yes
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_has_its_own_row() {
        for FeatureRow { feature, .. } in FEATURES {
            assert_eq!(feature.row().feature, feature);
            assert_eq!(FEATURES.iter().filter(|row| row.feature == feature).count(), 1, "{feature:?}");
            assert!(matches!(feature.on(Release::Core13_3), Support::No { instead } if !instead.is_empty()));
            let is_gone = feature == Feature::KeyAllowList;
            assert_eq!(feature.on(Release::V26) == Support::Yes, !is_gone, "{feature:?}");
        }
    }
}
