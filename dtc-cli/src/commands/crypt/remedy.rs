//! What to do about files that could not be restored: some need only another run, and some come to the same however often it is run.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::io;

use rclone_crypt::{Error, ErrorKind, Failed};

/// Why a file was not restored, by what is done about it; in the order in which people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// The object is damaged, or not encrypted under these secrets.
    Object,
    /// Something is there that is not replaced.
    InTheWay,
    /// A file, or a link, has the name of a folder.
    FileAndFolder,
    /// Two files have one name on this disk.
    OneName,
    /// Two stored files decode to one path.
    OnePath,
    /// The disk cannot hold the name.
    Name,
    /// The disk, or who runs the program, can be put right.
    Again,
}

/// What to do about these failures, each kind once.
pub(super) fn remedies(failed: &[Failed]) -> String {
    let kinds: BTreeSet<Kind> = failed.iter().map(|failed| Kind::of(&failed.error)).collect();
    let remedies: Vec<&str> = kinds.into_iter().map(Kind::remedy).collect();
    remedies.join("; ")
}

impl Kind {
    fn of(error: &Error) -> Self {
        match error.kind() {
            _ if error.is_content_error() => Self::Object,
            ErrorKind::Occupied { what: "a folder" } => Self::FileAndFolder,
            ErrorKind::Occupied { .. } => Self::InTheWay,
            ErrorKind::SameName { .. } => Self::OneName,
            ErrorKind::SamePath { .. } => Self::OnePath,
            _ => Self::of_disk(error),
        }
    }

    fn of_disk(error: &Error) -> Self {
        use io::ErrorKind::{AlreadyExists, InvalidFilename, InvalidInput, IsADirectory, NotADirectory};
        let beneath = error.source().and_then(|source| source.downcast_ref::<io::Error>());
        match beneath.map(io::Error::kind) {
            Some(NotADirectory | AlreadyExists | IsADirectory) => Self::FileAndFolder,
            Some(InvalidFilename | InvalidInput) => Self::Name,
            _ => Self::Again,
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            Self::Object => {
                "a file that is damaged or does not open comes back by another copy only: check password and salt if nothing opens, else fetch the \
                 object again, or an older version of it"
            }
            Self::InTheWay => {
                "what is in the way is never replaced: move it away and restore once more, or restore into another folder"
            }
            Self::FileAndFolder => {
                "a file and a folder cannot have one name: if both are in the backup, write the one that is missing elsewhere, file by file, by dtc crypt \
                 cat FOLDER PATH > FILE; if what is there is none of the backup's, move it away and restore once more"
            }
            Self::OneName => {
                "files that have one name on this disk do not fit into one folder: write the others elsewhere, by dtc crypt cat FOLDER PATH > FILE, or \
                 restore onto a disk that tells such names apart"
            }
            Self::OnePath => {
                "of two stored files with one plain path rclone writes only one: look at each by its stored name, by dtc crypt cat FOLDER/STORED > FILE, and \
                 find out what wrote the other"
            }
            Self::Name => {
                "this disk cannot hold the name: write the file elsewhere under another one, by dtc crypt cat FOLDER PATH > FILE"
            }
            Self::Again => {
                "put right what each failure names, such as a full disk or a permission, then run this again: it goes on, and what is restored stays"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// X8: only what another run can mend is told to be run again.
    #[test]
    fn x8_only_what_another_run_helps_says_to_run_it_again() {
        let name = PathBuf::from("a");
        for (kind, expected) in [
            (ErrorKind::TooShort { len: 3 }, Kind::Object),
            (ErrorKind::BadMagic, Kind::Object),
            (ErrorKind::TruncatedBlock { block: 1, len: 3 }, Kind::Object),
            (ErrorKind::FailedBlock { block: 0 }, Kind::Object),
            (ErrorKind::WrongLength { expected: 1, found: 2 }, Kind::Object),
            (ErrorKind::Differs { at: None }, Kind::Object),
            (ErrorKind::WrongKeys { tried: 1, first: name.clone() }, Kind::Object),
            (ErrorKind::Occupied { what: "a file" }, Kind::InTheWay),
            (ErrorKind::Occupied { what: "a folder" }, Kind::FileAndFolder),
            (ErrorKind::SameName { other: name.clone() }, Kind::OneName),
            (ErrorKind::SamePath { other: name.clone() }, Kind::OnePath),
            (ErrorKind::File { action: "read", path: name }, Kind::Again),
            (ErrorKind::Write { what: "file" }, Kind::Again),
        ] {
            let error = Error::from(kind);
            assert_eq!(Kind::of(&error), expected, "{error}");
            let again = expected.remedy().contains("run this again");
            assert_eq!(again, expected == Kind::Again, "{error}");
        }
    }
}
