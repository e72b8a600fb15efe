//! X6: what the operating system says of a file, by the part that the file plays.

use std::io;
use std::path::{Path, PathBuf};

use dtc_adapters::{ErrorKind as ConnectionErrorKind, SecretSource, SiteFile};

use crate::commands::plan;
use crate::consents;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::unwritten;

/// Every kind that an error of a file can have by name, and one without a name.
fn kinds() -> Vec<io::Error> {
    use io::ErrorKind as Io;
    let named = [
        Io::NotFound,
        Io::PermissionDenied,
        Io::ReadOnlyFilesystem,
        Io::StorageFull,
        Io::QuotaExceeded,
        Io::AlreadyExists,
        Io::ResourceBusy,
        Io::ExecutableFileBusy,
        Io::Deadlock,
        Io::NotADirectory,
        Io::IsADirectory,
        Io::DirectoryNotEmpty,
        Io::InvalidFilename,
        Io::InvalidInput,
        Io::InvalidData,
        Io::FileTooLarge,
        Io::NotSeekable,
        Io::TooManyLinks,
        Io::CrossesDevices,
        Io::Unsupported,
        Io::StaleNetworkFileHandle,
        Io::NetworkDown,
        Io::HostUnreachable,
        Io::NotConnected,
        Io::TimedOut,
        Io::WouldBlock,
        Io::Interrupted,
        Io::UnexpectedEof,
        Io::WriteZero,
        Io::OutOfMemory,
        Io::Other,
    ];
    named.into_iter().map(io::Error::from).chain([io::Error::from_raw_os_error(5)]).collect()
}

/// Whichever kind it is, it proves no more than that the file was not read.
#[test]
fn x6_a_file_that_the_system_does_not_give_ends_as_its_part_says() {
    let path = || PathBuf::from("f");
    for part in 0..3 {
        for source in kinds() {
            let shown = format!("{source:?}");
            let (kind, exit, code) = match part {
                0 => (
                    ConnectionErrorKind::SiteFileUnreadable { path: path(), source },
                    Exit::Usage,
                    "DTC-SITE-UNREADABLE",
                ),
                1 => (
                    ConnectionErrorKind::CertificateUnreadable { path: path(), source },
                    Exit::Precondition,
                    "DTC-CERTIFICATE-UNREADABLE",
                ),
                _ => {
                    let (problem, source) = ("the key cannot be read from f".to_owned(), Some(source));
                    let kind = ConnectionErrorKind::SecretMissing { problem, remedy: None, source };
                    (kind, Exit::Precondition, "DTC-SECRET-MISSING")
                }
            };
            let failure = Failure::from(dtc_adapters::Error::from(kind));
            assert_eq!((failure.exit, failure.scripts.code.as_str()), (exit, code), "{shown}");
            assert!(!failure.causes.is_empty(), "{shown}: what the system said is left out");
        }
    }
}

/// What a path can be instead of a file, as a system says it.
fn places(folder: &Path) -> Vec<(&'static str, PathBuf)> {
    let plain = folder.join("plain");
    std::fs::write(&plain, "x").unwrap();
    let places = [
        ("in a folder that is not there", folder.join("absent/file")),
        ("below a file", plain.join("file")),
        ("longer than a name can be", folder.join("x".repeat(300))),
    ];
    #[cfg(unix)]
    let places = {
        std::os::unix::fs::symlink("loop", folder.join("loop")).unwrap();
        [&places[..], &[("a link to itself", folder.join("loop"))]].concat()
    };
    places.into_iter().collect()
}

#[tokio::test]
async fn x6_a_file_that_cannot_be_there_ends_as_its_part_says() {
    let scratch = tempfile::tempdir().unwrap();
    for (what, path) in places(scratch.path()) {
        let secret = SecretSource::File(path.clone()).read("the key").await;
        let read: [(&str, Failure, Exit, &str); 4] = [
            ("a plan", plan::load(&path).unwrap_err(), Exit::Usage, "DTC-COMMAND-ARGUMENTS"),
            ("consents", consents::read(&path).unwrap_err(), Exit::Usage, "DTC-COMMAND-ARGUMENTS"),
            ("a site file", SiteFile::read(&path).unwrap_err().into(), Exit::Usage, "DTC-SITE-UNREADABLE"),
            ("a secret", secret.unwrap_err().into(), Exit::Precondition, "DTC-SECRET-MISSING"),
        ];
        for (part, failure, exit, code) in read {
            assert_eq!((failure.exit, failure.scripts.code.as_str()), (exit, code), "{part}, {what}");
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(failure.sentence.contains(name), "{part}, {what}: {}", failure.sentence);
        }
        let written = dtc_adapters::files::write_new(&path, "x").map_err(|error| unwritten("a plan", &error));
        assert_eq!(written.unwrap_err().exit, Exit::Usage, "a new file, {what}");
    }
}
