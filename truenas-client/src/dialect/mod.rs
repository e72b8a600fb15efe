//! Everything that depends on an appliance's release, and nothing else does. Resources speak one canonical form, the names and shapes
//! of 25.10. A row of `rows` says what another release calls it, how its shape differs, or that it is missing; what takes more than a
//! row is a small file here.

mod accounts;
mod choice;
mod cloud_syncs;
mod credentials;
mod datasets;
mod feature;
mod files;
mod keychain;
mod release;
mod replications;
mod rows;
mod services;
mod snapshots;
mod ssh;
mod steps;
mod version;

use serde_json::Value;

use crate::call::{Call, overwrite};
use crate::error::ErrorKind;
pub(crate) use accounts::ROOT;
pub use feature::{Feature, Support};
pub use release::Release;
use rows::Change;
pub(crate) use steps::{Caller, Steps};
pub use version::Version;

/// Characters in one message to a release of 24.04 or newer; a longer one closes the connection (TrueNAS middleware 24.10 to 26,
/// `utils/limits.py`; of 24.04 it is not known, and assumed).
const MESSAGE_LIMIT: usize = 65_536;
/// CORE has no limit of its own; its HTTP library closes the connection over a message longer than this (aiohttp, `web.WebSocketResponse`).
const MESSAGE_LIMIT_OF_CORE: usize = 4 << 20;

/// The interface that one appliance is spoken to by.
#[derive(Clone, Debug)]
pub(crate) struct Dialect {
    release: Release,
    /// The release whose names and shapes are spoken: the appliance's own, or an older one that it translates.
    spoken: Release,
    version: Option<Version>,
    is_newest: bool,
}

/// How a canonical call reaches an appliance.
pub(crate) enum Route {
    /// As it is.
    Direct,
    /// As another call; its answer is put into the canonical shape by [`restore`](Self::restore).
    Changed {
        /// What is sent.
        wire: Wire,
        /// Makes the canonical answer of what was answered.
        restore: fn(Value) -> Value,
    },
    /// As several calls.
    Steps(Steps),
}

/// A call in the words of one release.
pub(crate) struct Wire {
    pub(crate) method: &'static str,
    /// Overwritten when it is dropped: they hold secrets.
    pub(crate) params: Vec<Value>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.params.iter_mut().for_each(overwrite);
    }
}

/// How errors name an appliance by the versions that it offers.
fn named(offered: &[String]) -> String {
    match offered {
        [] => "an appliance that lists no version".to_owned(),
        offered => safe_text::safe(&format!("an appliance that lists {}", offered.join(", "))).into_owned(),
    }
}

impl Dialect {
    /// For an appliance that offers these versions. An error that names them, when none of them is known here.
    pub(crate) fn of_versions(offered: &[String]) -> Result<Self, ErrorKind> {
        let versions: Vec<Version> = offered.iter().filter_map(|text| text.parse().ok()).collect();
        let choice = choice::choose(&versions).ok_or_else(|| ErrorKind::Unsupported {
            feature: "every version of the interface that this crate knows",
            release: named(offered),
            instead: Some("update whichever is older: the appliance to 25.04 or newer, or this program"),
        })?;
        let choice::Choice { release, spoken, version, is_newest } = choice;
        Ok(Self { release, spoken, version: Some(version), is_newest })
    }

    /// For an appliance that lists no versions, by its own text. An error that names it, when it is too old, or so new that it has versions:
    /// the legacy socket of those speaks in parts as 24.10 did (TrueNAS middleware 25.04 to 26, `api/base/server/legacy_api_method.py`).
    pub(crate) fn without_versions(text: &str) -> Result<Self, ErrorKind> {
        let dialect = Self::of_text(text)?;
        if dialect.release < Release::V25_04 {
            return Ok(dialect);
        }
        let found = format!(
            "{} answers at /websocket, and its list at /api/versions does not come through",
            dialect.release
        );
        Err(ErrorKind::SocketBlocked { found })
    }

    fn of_text(text: &str) -> Result<Self, ErrorKind> {
        match Release::of_text(text) {
            Some(release) => Ok(Self { release, spoken: release, version: None, is_newest: true }),
            None => Err(ErrorKind::Unsupported {
                feature: "an interface that this crate knows",
                release: safe_text::safe(text).into_owned(),
                instead: Some(
                    "CORE 13.0, SCALE 24.04 and whatever is newer are spoken to; update the appliance",
                ),
            }),
        }
    }

    pub(crate) fn release(&self) -> Release {
        self.release
    }

    pub(crate) fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }

    /// Whether it is the same interface, to be spoken to in the same words.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        let of = |it: &Self| (it.release, it.spoken, it.version.clone(), it.is_newest);
        of(self) == of(other)
    }

    /// How errors name the interface: `TrueNAS 25.10, spoken to by v25.10.5`.
    pub(crate) fn describe(&self) -> String {
        match &self.version {
            Some(version) => format!("{}, spoken to by {version}", self.release),
            None => self.release.to_string(),
        }
    }

    pub(crate) fn supports(&self, feature: Feature) -> Support {
        feature.on(self.spoken)
    }

    /// The longest message that the appliance accepts, in characters.
    pub(crate) fn message_limit(&self) -> usize {
        if self.spoken < Release::Scale24_04 { MESSAGE_LIMIT_OF_CORE } else { MESSAGE_LIMIT }
    }

    /// Whether keys can log in by proof, without being sent.
    pub(crate) fn has_scram(&self) -> bool {
        self.spoken >= Release::V26
    }

    /// Whether all starts of cloud syncs share one lock: an older version than the appliance's newest has their options filled in
    /// before the lock is chosen, and the lock's name is made of the last parameter (TrueNAS middleware 13.3 to 27, `plugins/cloud_sync.py`
    /// and `api/base/server/legacy_api_method.py`).
    pub(crate) fn starts_share_a_lock(&self) -> bool {
        !self.is_newest
    }

    /// How a call reaches the appliance.
    pub(crate) fn route(&self, call: &Call) -> Result<Route, ErrorKind> {
        let changed = |method, translate: fn(&mut Wire) -> Result<(), Feature>, restore| {
            let mut wire = Wire { method, params: call.params.clone() };
            translate(&mut wire).map_err(|lacking| self.lacks(lacking))?;
            Ok(Route::Changed { wire, restore })
        };
        match rows::change(call.method(), self.spoken) {
            None | Some(Change::Nothing) => Ok(Route::Direct),
            Some(Change::Rename(name)) => changed(name, |_| Ok(()), |answer| answer),
            Some(Change::Shape { translate, restore }) => changed(call.method(), translate, restore),
            Some(Change::Steps(steps)) => Ok(Route::Steps(steps)),
            Some(Change::Absent(feature)) => Err(self.lacks(feature)),
        }
    }

    /// Refuses what the release lacks.
    pub(crate) fn require(&self, feature: Feature) -> Result<(), ErrorKind> {
        match self.supports(feature) {
            Support::Yes => Ok(()),
            Support::No { .. } => Err(self.lacks(feature)),
        }
    }

    /// What a call that needs such a feature fails with.
    pub(crate) fn lacks(&self, feature: Feature) -> ErrorKind {
        let row = feature.row();
        ErrorKind::Unsupported { feature: row.name, release: self.describe(), instead: Some(row.instead) }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// The dialect of a release, as its appliance would be recognised.
    pub(crate) fn of(text: &str) -> Dialect {
        if text.starts_with('v') {
            Dialect::of_versions(&text.split(' ').map(str::to_owned).collect::<Vec<_>>()).unwrap()
        } else {
            Dialect::of_text(text).unwrap()
        }
    }

    #[test]
    fn what_no_version_or_release_is_known_of_is_unsupported_by_name() {
        for offered in [&[][..], &["v24.10.0"], &["v25.04.2", "v28.0.0"], &["odd"]] {
            let offered: Vec<String> = offered.iter().map(ToString::to_string).collect();
            let ErrorKind::Unsupported { release, .. } = Dialect::of_versions(&offered).unwrap_err() else {
                unreachable!()
            };
            assert_eq!(release, named(&offered));
            assert!(offered.iter().all(|version| release.contains(version)), "{release}");
        }
        for text in ["TrueNAS-12.0-U8", "TrueNAS-SCALE-23.10.2", "x"] {
            let ErrorKind::Unsupported { release, .. } = Dialect::of_text(text).unwrap_err() else {
                unreachable!()
            };
            assert_eq!(release, text);
        }
    }

    #[test]
    fn the_length_of_a_message_depends_on_the_release() {
        for (text, limit) in [
            ("TrueNAS-13.0-U6", 4 << 20),
            ("TrueNAS-13.3-U1.2", 4 << 20),
            ("TrueNAS-SCALE-24.04.2", 65_536),
            ("TrueNAS-SCALE-24.10.2", 65_536),
            ("v25.10.5", 65_536),
        ] {
            assert_eq!(of(text).message_limit(), limit, "{text}");
        }
    }

    #[test]
    fn only_a_version_that_is_not_the_appliances_newest_makes_starts_share_a_lock() {
        assert!(
            !of("TrueNAS-13.3-U1.2").starts_share_a_lock() && !of("v25.04.2 v25.10.5").starts_share_a_lock()
        );
        assert!(of("v25.10.5 v26.0.0 v27.0.0").starts_share_a_lock());
    }

    #[test]
    fn a_newer_appliance_is_named_with_what_it_is_spoken_to_by() {
        assert_eq!(of("v25.10.5 v27.0.0").describe(), "a TrueNAS newer than 26, spoken to by v25.10.5");
        assert_eq!(of("TrueNAS-13.3-U1.2").describe(), "TrueNAS CORE 13.3");
    }

    #[test]
    fn a_call_that_no_row_names_goes_out_as_it_is() {
        let call = Call::new(crate::operations::POOL_QUERY, [json!([]), json!({})]);
        for text in ["TrueNAS-13.0-U6", "TrueNAS-SCALE-24.10.2", "v25.04.2", "v25.10.5", "v26.0.0"] {
            assert!(matches!(of(text).route(&call), Ok(Route::Direct)), "{text}");
        }
    }
}
