//! The releases of TrueNAS that the simulator knows, and what differs between them.
//!
//! From TrueNAS middleware TN-13.3-U1.2, TS-24.10.2.4, TS-25.04.2.6, TS-25.10 and stable/26.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// A release of TrueNAS, ordered by age. A release that is not here is not simulated.
///
/// ```
/// use simulator::truenas::Release;
///
/// let release: Release = "13.3".parse()?;
/// assert!(release < Release::default() && release.to_string() == "13.3");
/// # Ok::<(), simulator::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Release {
    /// TrueNAS CORE 13.3: the legacy socket only.
    Core13_3,
    /// TrueNAS SCALE 24.10: the legacy socket only.
    Scale24_10,
    /// TrueNAS 25.04: JSON-RPC beside the legacy socket.
    Scale25_04,
    /// TrueNAS 25.10: JSON-RPC beside the legacy socket.
    #[default]
    Scale25_10,
    /// TrueNAS 26, Community Edition: JSON-RPC beside the legacy socket, and logins by SCRAM.
    Community26,
}

impl Release {
    /// Every release that is simulated, the oldest first.
    pub const ALL: [Self; 5] =
        [Self::Core13_3, Self::Scale24_10, Self::Scale25_04, Self::Scale25_10, Self::Community26];

    /// Returns the full version, such as `25.10.1`.
    pub fn version(self) -> &'static str {
        match self {
            Self::Core13_3 => "13.3-U1.2",
            Self::Scale24_10 => "24.10.2.4",
            Self::Scale25_04 => "25.04.2.6",
            Self::Scale25_10 => "25.10.1",
            Self::Community26 => "26.0.0",
        }
    }

    /// Returns the version as `system.version` and `system.info` word it.
    pub fn version_text(self) -> String {
        let family = if self == Self::Scale24_10 { "SCALE-" } else { "" };
        format!("TrueNAS-{family}{}", self.version())
    }

    /// Returns the API versions that this release serves, as `/api/versions` lists them: none before 25.04, which
    /// answers that path with a redirection to the web interface.
    pub fn api_versions(self) -> &'static [&'static str] {
        match self {
            Self::Core13_3 | Self::Scale24_10 => &[],
            Self::Scale25_04 => &["v25.04.0", "v25.04.1", "v25.04.2"],
            Self::Scale25_10 => &["v25.04.0", "v25.04.1", "v25.04.2", "v25.10.0", "v25.10.1"],
            Self::Community26 => &[
                "v25.04.0", "v25.04.1", "v25.04.2", "v25.10.0", "v25.10.1", "v25.10.2", "v25.10.3",
                "v25.10.4", "v25.10.5", "v26.0.0",
            ],
        }
    }

    pub(super) fn product_type(self) -> &'static str {
        match self {
            Self::Core13_3 => "CORE",
            Self::Scale24_10 | Self::Scale25_04 => "SCALE",
            Self::Scale25_10 | Self::Community26 => "COMMUNITY_EDITION",
        }
    }

    pub(super) fn speaks_json_rpc(self) -> bool {
        !self.api_versions().is_empty()
    }

    /// The release that an API version belongs to.
    pub(super) fn of_api_version(version: &str) -> Option<Self> {
        let family = version.strip_prefix('v')?.rsplit_once('.')?.0;
        family.parse().ok()
    }
}

/// `13.3`, `24.10`, `25.04`, `25.10` or `26.0`.
impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Core13_3 => "13.3",
            Self::Scale24_10 => "24.10",
            Self::Scale25_04 => "25.04",
            Self::Scale25_10 => "25.10",
            Self::Community26 => "26.0",
        })
    }
}

impl FromStr for Release {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let known = || Self::ALL.map(|release| release.to_string()).join(", ");
        Self::ALL.into_iter().find(|release| release.to_string() == text).ok_or_else(|| {
            Error::new(
                ErrorKind::Setup,
                format!("there is no simulated TrueNAS {text:?}: there are {}", known()),
            )
        })
    }
}

/// How a client speaks to the appliance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Interface {
    /// The legacy socket, `/websocket`.
    Legacy,
    /// JSON-RPC in the newest version that the release has.
    Newest,
    /// JSON-RPC in an older version, whose models are those of this release.
    Older(Release),
}

impl Interface {
    /// Finds what a path leads to.
    pub(super) fn at(path: &str, release: Release) -> Option<Self> {
        if path == "/websocket" {
            return Some(Self::Legacy);
        }
        let version = path.strip_prefix("/api/")?;
        let versions = release.api_versions();
        if !versions.is_empty() && (version == "current" || versions.last() == Some(&version)) {
            return Some(Self::Newest);
        }
        let older = versions.iter().find(|known| **known == version)?;
        Release::of_api_version(older).map(Self::Older)
    }

    /// The release whose models an appliance of `release` uses for a method over this interface. Over the legacy socket of
    /// a release that has JSON-RPC, cloud credentials are those of 24.10 and everything else is the newest.
    pub(super) fn models(self, release: Release, method: &str) -> Release {
        match self {
            Self::Legacy if release.speaks_json_rpc() && method.starts_with("cloudsync.credentials.") => {
                Release::Scale24_10
            }
            Self::Legacy | Self::Newest => release,
            Self::Older(models) => models,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_read_as_it_is_written() {
        for release in Release::ALL {
            assert_eq!(release.to_string().parse::<Release>().ok(), Some(release));
        }
        for wrong in ["", "13", "25.10.1", "27.0", " 25.10"] {
            assert!(wrong.parse::<Release>().is_err(), "{wrong}");
        }
        assert!(Release::ALL.is_sorted());
    }

    #[test]
    fn a_path_leads_to_an_interface_or_nowhere() {
        use Release::{Community26, Core13_3, Scale24_10, Scale25_04, Scale25_10};
        for (release, path, interface) in [
            (Core13_3, "/websocket", Some(Interface::Legacy)),
            (Core13_3, "/api/current", None),
            (Scale24_10, "/api/v24.10.0", None),
            (Scale25_04, "/api/v25.04.2", Some(Interface::Newest)),
            (Scale25_04, "/api/v25.04.0", Some(Interface::Older(Scale25_04))),
            (Scale25_10, "/api/current", Some(Interface::Newest)),
            (Scale25_10, "/api/v25.10.0", Some(Interface::Older(Scale25_10))),
            (Scale25_10, "/api/v26.0.0", None),
            (Community26, "/api/v25.04.1", Some(Interface::Older(Scale25_04))),
            (Community26, "/websocket", Some(Interface::Legacy)),
        ] {
            assert_eq!(Interface::at(path, release), interface, "{release} {path}");
        }
    }
}
