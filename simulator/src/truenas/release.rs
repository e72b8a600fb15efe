//! The releases of TrueNAS that the simulator knows, and what differs between them.

/// A release of TrueNAS. A release that is not here is not simulated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Release {
    /// TrueNAS SCALE 25.10, Community Edition: JSON-RPC over a WebSocket.
    #[default]
    Scale25_10,
}

impl Release {
    /// Returns the version as `system.version_short` gives it, such as `25.10.1`.
    pub fn version(self) -> &'static str {
        match self {
            Self::Scale25_10 => "25.10.1",
        }
    }

    /// Returns the API versions that this release serves, as `/api/versions` lists them.
    pub fn api_versions(self) -> &'static [&'static str] {
        match self {
            Self::Scale25_10 => &["v25.04.0", "v25.04.1", "v25.04.2", "v25.10.0", "v25.10.1"],
        }
    }
}
