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
    /// A cloud sync makes empty directories on the other side.
    EmptyDirectories,
    /// A cloud sync takes only what its filters name.
    IncludeFilters,
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
pub(super) const FEATURES: [FeatureRow; 5] = [
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
];

impl Feature {
    pub(super) fn row(self) -> &'static FeatureRow {
        FEATURES.iter().find(|row| row.feature == self).unwrap_or(&FEATURES[0])
    }

    pub(super) fn on(self, release: Release) -> Support {
        let row = self.row();
        if release < row.since { Support::No { instead: row.instead } } else { Support::Yes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_has_its_own_row() {
        use Feature::{EmptyDirectories, IncludeFilters, JobLog, MakeDirectory, OwnRights};
        for feature in [OwnRights, JobLog, MakeDirectory, EmptyDirectories, IncludeFilters] {
            assert_eq!(feature.row().feature, feature);
            assert!(matches!(feature.on(Release::Core13_3), Support::No { instead } if !instead.is_empty()));
            assert_eq!(feature.on(Release::V26), Support::Yes);
        }
    }
}
