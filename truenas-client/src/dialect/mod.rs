//! Everything that depends on an appliance's version, and nothing else does: which interface is pinned and what it offers.

mod version;

use crate::error::{Error, ErrorKind};
pub use version::Version;

/// The interface whose method names and shapes the resources use.
const CANONICAL: (u32, u32) = (25, 10);

/// A part of the interface that a caller can ask for before using it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Feature {
    /// User properties are read and written with the dataset itself.
    DatasetUserProperties,
    /// Snapshots are listed by `pool.snapshot.query`.
    PoolSnapshots,
    /// Services are started by a job.
    ServiceControl,
}

/// Whether an appliance offers a [`Feature`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Support {
    /// It does.
    Yes,
    /// It does not; what its release offers instead.
    No {
        /// What to do instead.
        instead: &'static str,
    },
}

struct Row {
    feature: Feature,
    since: (u32, u32),
    instead: &'static str,
}

/// When what appeared. TrueNAS middleware, the public methods of TN-13.3, TS-24.10, TS-25.04 and TS-25.10.
const TABLE: &[Row] = &[
    Row {
        feature: Feature::DatasetUserProperties,
        since: (24, 10),
        instead: "dataset user properties have methods of their own",
    },
    Row { feature: Feature::PoolSnapshots, since: (25, 10), instead: "snapshots are in the zfs namespace" },
    Row {
        feature: Feature::ServiceControl,
        since: (25, 10),
        instead: "services are started by a plain call",
    },
];

/// The interface that one appliance is spoken to by.
#[derive(Clone, Debug)]
pub(crate) struct Dialect {
    version: Version,
}

impl Dialect {
    /// Picks the newest interface of the canonical release among those that an appliance offers. A newer appliance translates it.
    pub(crate) fn choose(subject: &str, offered: &[String]) -> Result<Self, Error> {
        let versions = offered.iter().filter_map(|text| text.parse::<Version>().ok());
        let newest = versions.filter(|v| v.release() == CANONICAL).max();
        newest.map(|version| Self { version }).ok_or_else(|| {
            let version = if offered.is_empty() {
                "none of its interfaces is versioned".into()
            } else {
                offered.join(", ")
            };
            let kind = ErrorKind::Unsupported {
                feature: "the 25.10 interface",
                version,
                instead: Some(
                    "this crate needs TrueNAS 25.10, or a newer appliance that still offers that interface",
                ),
            };
            Error::new("api/versions", subject, kind)
        })
    }

    pub(crate) fn version(&self) -> &Version {
        &self.version
    }

    pub(crate) fn supports(&self, feature: Feature) -> Support {
        match TABLE.iter().find(|row| row.feature == feature && self.version.release() < row.since) {
            Some(row) => Support::No { instead: row.instead },
            None => Support::Yes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(offered: &[&str]) -> Result<Dialect, Error> {
        Dialect::choose("nas", &offered.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn the_newest_canonical_interface_is_pinned_even_on_a_newer_appliance() {
        let dialect = choose(&["v25.04.2", "v25.10.5", "v25.10.0", "v25.10.10", "v26.0.0", "odd"]).unwrap();
        assert_eq!(dialect.version().to_string(), "v25.10.10");
        assert_eq!(dialect.supports(Feature::PoolSnapshots), Support::Yes);
    }

    #[test]
    fn an_appliance_without_it_is_named_unsupported() {
        for offered in [&["v25.04.0", "v25.04.2"][..], &[]] {
            assert!(matches!(choose(offered).unwrap_err().kind(), ErrorKind::Unsupported { .. }));
        }
    }

    #[test]
    fn the_table_says_what_older_interfaces_lack() {
        let older = Dialect { version: "v25.04.2".parse().unwrap() };
        assert!(matches!(older.supports(Feature::ServiceControl), Support::No { .. }));
        assert_eq!(older.supports(Feature::DatasetUserProperties), Support::Yes);
    }
}
