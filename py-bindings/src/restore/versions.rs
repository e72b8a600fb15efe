//! The versions of a file, and the moments when a pool changed in ways that people do not work.

use dtc_provision::restore::{self, FileVersionKind, LockedUntil};

use crate::values::{Time, value_class};

value_class! {
    in "dtc.restore";
    /// A version of a file, or a mark that it was deleted.
    FileVersion {
        /// Its id.
        id: String,
        /// What it is: ``"content"``, ``"deleted"``, ``"unfinished"``.
        kind: String,
        /// Its plain size in bytes, of content that can be an encrypted file's.
        size: Option<u64> = None,
        /// When it was uploaded.
        uploaded: Time,
        /// When the file was modified that it is of, as the uploader noted it.
        modified: Option<Time> = None,
        /// When another version, or a mark, took its place; ``None`` for the one that stands.
        replaced: Option<Time> = None,
        /// Whether it can be deleted: ``"free"``, ``"until"`` a time, ``"held"`` until somebody lifts its legal hold, ``"not_shown"`` to the
        /// appliance's key.
        lock: String,
        /// Until when it cannot be deleted, where ``lock`` is ``"until"``.
        locked_until: Option<Time> = None,
        /// When the bucket's lifecycle deletes it at the earliest; ``None`` for one that stands, and where nothing deletes.
        goes: Option<Time> = None,
    }
}

impl From<restore::FileVersion> for FileVersion {
    fn from(version: restore::FileVersion) -> Self {
        let (lock, locked_until) = match version.locked {
            LockedUntil::Free => ("free", None),
            LockedUntil::Until(until) => ("until", Some(until.into())),
            LockedUntil::Held => ("held", None),
            _ => ("not_shown", None),
        };
        let kind = match version.kind {
            FileVersionKind::Content => "content",
            FileVersionKind::Deleted => "deleted",
            _ => "unfinished",
        };
        Self {
            id: version.id.as_str().to_owned(),
            kind: kind.to_owned(),
            size: version.size,
            uploaded: version.uploaded.into(),
            modified: version.modified.map(Time::from),
            replaced: version.replaced.map(Time::from),
            lock: lock.to_owned(),
            locked_until,
            goes: version.goes.map(Time::from),
        }
    }
}

value_class! {
    in "dtc.restore";
    /// A run of the backup that carried off changes which people do not make.
    Burst {
        /// When its first change was uploaded.
        began: Time,
        /// When its last change was uploaded.
        ended: Time,
        /// The last moment before it: the proposal for ``at``.
        before: Time,
        /// How many files stood before it.
        files: usize,
        /// How many of them it rewrote that are not rewritten all the time.
        rewritten: usize,
        /// How many it removed that did not turn up elsewhere.
        removed: usize,
        /// How many it removed that turned up beside themselves with something added to their names.
        renamed: usize,
        /// The ending that most of its new files have, where no file had it before.
        new_ending: Option<String> = None,
    }
}

impl From<restore::Burst> for Burst {
    fn from(burst: restore::Burst) -> Self {
        Self {
            began: burst.began.into(),
            ended: burst.ended.into(),
            before: burst.before.into(),
            files: burst.files,
            rewritten: burst.rewritten,
            removed: burst.removed,
            renamed: burst.renamed,
            new_ending: burst.new_ending,
        }
    }
}
