//! What a copy job asks for.

use std::fmt;
use std::path::PathBuf;

use dtc_naming::JobName;
use rclone_crypt::{DirectoryNames, Keys, NameEncryption, Names};
use serde::{Deserialize, Serialize};

use super::ssh::{HostKey, NotADestination, Parts, SshDestination, parts};
use super::unfinished::is_unfinished;
use crate::bandwidth::{BytesPerSecond, MegabitsPerSecond};
use crate::ports::NoteText;

/// An encrypted copy: what is encrypted, into which folder, and where that is carried.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CopyJob {
    /// Its name, which the vault's label bears.
    pub name: JobName,
    /// The plain folder.
    pub source: PathBuf,
    /// The encrypted folder on this system.
    pub catalogue: PathBuf,
    /// Where the catalogue is carried, if anywhere.
    pub to: Option<Destination>,
    /// What encrypts.
    pub engine: Engine,
    /// How names are encrypted.
    pub names: NameEncryption,
    /// Whether the names of directories are encrypted, too.
    pub directories: DirectoryNames,
    /// Whether what is no longer in the source is deleted from the catalogue, and from there.
    pub delete: bool,
    /// How much of the line the second step may take.
    pub bandwidth: Option<MegabitsPerSecond>,
    /// Where the pair is escrowed; `None` where it is the operator's own to keep.
    pub escrow: Option<EscrowPlace>,
}

/// Where a catalogue is carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A folder on a disk that is mounted here. It must exist: one that is not mounted looks like a folder that is not there.
    Folder(PathBuf),
    /// A folder on a server.
    Ssh(SshDestination),
}

/// What encrypts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// The program rclone.
    #[default]
    Rclone,
    /// This software.
    Own,
}

/// Where a pair is escrowed (E2), and what identifies it there beside the job (E5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EscrowPlace {
    /// The vault organisation, by its exact name.
    pub organization: String,
    /// The system that the catalogue is on.
    pub host: NoteText,
}

impl CopyJob {
    /// A job that rclone encrypts, with rclone's usual names, and that is carried nowhere.
    pub fn new(name: JobName, source: impl Into<PathBuf>, catalogue: impl Into<PathBuf>) -> Self {
        Self {
            name,
            source: source.into(),
            catalogue: catalogue.into(),
            to: None,
            engine: Engine::default(),
            names: NameEncryption::Standard(rclone_crypt::NameEncoding::Base32),
            directories: DirectoryNames::Encrypted,
            delete: false,
            bandwidth: None,
            escrow: None,
        }
    }

    /// The names under the job's keys.
    pub fn names_under(&self, keys: &Keys) -> Names {
        Names::new(keys, self.names.clone(), self.directories)
    }

    /// The catalogue under the job's keys, without what a program has left unfinished in it.
    pub fn catalogue_under<'a>(&self, keys: &'a Keys, names: &'a Names) -> rclone_crypt::Catalogue<'a> {
        rclone_crypt::Catalogue::new(keys, names, &self.catalogue).passing_over(is_unfinished)
    }

    /// How many bytes a second the second step may take. A line is sold in bits: Mbit/s × 100 % × 1250 (C3).
    pub fn limit(&self) -> Option<BytesPerSecond> {
        self.bandwidth.map(|line| line.percent(100))
    }
}

impl Destination {
    /// Reads `user@host:/path` or an absolute path. A server needs its host key.
    ///
    /// # Errors
    /// A text of another form, rsync's own protocol, and a server without a host key.
    pub fn new(
        text: &str,
        host_key: Option<HostKey>,
        port: Option<u16>,
        identity: Option<PathBuf>,
    ) -> Result<Self, NotADestination> {
        let Some(Parts { user, host, path }) = parts(text)? else {
            return Ok(Self::Folder(text.into()));
        };
        let host_key = host_key.ok_or(NotADestination::HostKey)?;
        Ok(Self::Ssh(SshDestination { user, host, port: port.unwrap_or(22), path, host_key, identity }))
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => path.display().fmt(f),
            Self::Ssh(server) => f.write_str(&server.place()),
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rclone => "rclone",
            Self::Own => "dtc itself",
        })
    }
}
