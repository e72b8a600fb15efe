//! Who else may read, change or replace a file.

use std::fs::Metadata;
use std::path::Path;

use super::error::FileError;

/// What a file is kept from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// It holds a secret: nobody but its owner may open it.
    Secret,
    /// It says what is done: everybody may read it, and not everybody may change it.
    Settings,
}

/// Refuses a file that others may read or change, or put another one in the place of. `opened` is of the file that will be
/// read.
#[cfg(unix)]
pub(super) fn check(path: &Path, opened: &Metadata, guard: Guard) -> Result<(), FileError> {
    use super::error::FileErrorKind;
    use std::os::unix::fs::MetadataExt as _;
    let refused = |kind| Err(FileError::new(path, kind));
    if let Some(kind) = breach(opened.mode(), opened.uid(), guard, &Users::now()) {
        return refused(kind);
    }
    for folder in folders(path) {
        let Ok(seen) = std::fs::metadata(&folder) else { continue };
        let mode = seen.mode() & 0o7777;
        if may_be_replaced_in(mode) {
            return refused(FileErrorKind::Replaceable { folder, mode });
        }
    }
    Ok(())
}

/// There is no mode to look at.
#[cfg(not(unix))]
pub(super) fn check(_: &Path, _: &Metadata, _: Guard) -> Result<(), FileError> {
    Ok(())
}

/// Who runs the program.
#[cfg(unix)]
struct Users {
    effective: u32,
    /// Who became root by `sudo`.
    before_sudo: Option<u32>,
}

#[cfg(unix)]
impl Users {
    fn now() -> Self {
        let before_sudo = std::env::var("SUDO_UID").ok().and_then(|id| id.parse().ok());
        Self { effective: rustix::process::geteuid().as_raw(), before_sudo }
    }

    fn trust(&self, owner: u32) -> bool {
        owner == self.effective || owner == 0 || (self.effective == 0 && self.before_sudo == Some(owner))
    }
}

/// What is wrong with a file of this mode and owner. A group may change settings: where every user has a group of their
/// own, editors make files so.
#[cfg(unix)]
fn breach(mode: u32, owner: u32, guard: Guard, users: &Users) -> Option<super::error::FileErrorKind> {
    use super::error::FileErrorKind::{Alterable, Exposed, OthersFile};
    let mode = mode & 0o7777;
    match guard {
        Guard::Secret if mode & 0o077 != 0 => Some(Exposed { mode }),
        _ if mode & 0o002 != 0 => Some(Alterable { mode }),
        _ if !users.trust(owner) => Some(OthersFile { owner }),
        _ => None,
    }
}

/// Everybody may write to a folder of this mode; with the sticky bit only whoever owns a file may replace it.
#[cfg(unix)]
fn may_be_replaced_in(mode: u32) -> bool {
    mode & 0o1002 == 0o002
}

/// Every folder above the file, by the path that was given and by the path without links.
#[cfg(unix)]
fn folders(path: &Path) -> std::collections::BTreeSet<std::path::PathBuf> {
    let given = std::path::absolute(path);
    let resolved = std::fs::canonicalize(path);
    let paths = [given, resolved].into_iter().flatten();
    paths.flat_map(|path| path.ancestors().skip(1).map(Path::to_owned).collect::<Vec<_>>()).collect()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::files::FileErrorKind;

    #[test]
    fn e7_what_others_may_read_or_change_is_refused() {
        let me = Users { effective: 1000, before_sudo: None };
        let judged = |mode, owner, guard| match breach(mode, owner, guard, &me) {
            None => "good",
            Some(FileErrorKind::Exposed { .. }) => "exposed",
            Some(FileErrorKind::Alterable { .. }) => "alterable",
            Some(FileErrorKind::OthersFile { .. }) => "another's",
            Some(other) => panic!("{other}"),
        };
        for (mode, owner, secret, settings) in [
            (0o600, 1000, "good", "good"),
            (0o400, 1000, "good", "good"),
            (0o600, 0, "good", "good"),
            (0o600, 1001, "another's", "another's"),
            (0o640, 1000, "exposed", "good"),
            (0o644, 1000, "exposed", "good"),
            (0o604, 1000, "exposed", "good"),
            (0o660, 1000, "exposed", "good"),
            (0o664, 1001, "exposed", "another's"),
            (0o666, 1000, "exposed", "alterable"),
            (0o602, 1000, "exposed", "alterable"),
            (0o777, 0, "exposed", "alterable"),
            (0o100_600, 1000, "good", "good"),
        ] {
            assert_eq!(judged(mode, owner, Guard::Secret), secret, "{mode:o} {owner}");
            assert_eq!(judged(mode, owner, Guard::Settings), settings, "{mode:o} {owner}");
        }
    }

    #[test]
    fn e7_root_trusts_whoever_became_root() {
        for (effective, before_sudo, owner, trusted) in [
            (0, Some(1000), 1000, true),
            (0, Some(1000), 1001, false),
            (0, None, 1000, false),
            (0, None, 0, true),
            (1000, Some(1001), 1001, false),
            (1000, None, 0, true),
        ] {
            assert_eq!(Users { effective, before_sudo }.trust(owner), trusted, "{effective} {owner}");
        }
    }

    #[test]
    fn e7_a_folder_that_everybody_may_write_to_needs_the_sticky_bit() {
        for (mode, replaceable) in
            [(0o755, false), (0o777, true), (0o1777, false), (0o770, false), (0o702, true), (0o2777, true)]
        {
            assert_eq!(may_be_replaced_in(mode), replaceable, "{mode:o}");
        }
    }
}
