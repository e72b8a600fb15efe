//! `dtc crypt cat`: one file, opened.

use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::Args;
use rclone_crypt::{Catalogue, Decryptor, Keys, Names, PlainRange, decrypt_range, decrypted_len};

use super::given;
use super::remote::Remote;
use crate::deadline::Deadline;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt;
use crate::screen::Screen;
use crate::view::shown;

/// How much of a range is opened at a time.
const PIECE: u64 = 1 << 20;

/// Write one file's plain content to standard output, each block only after it was verified.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The encrypted folder; or one stored file, downloaded by itself.
    folder: PathBuf,
    /// The file's plain path in the folder.
    path: Option<PathBuf>,
    /// Begin at this byte; only the blocks that it takes are read.
    #[arg(long, default_value_t = 0, value_name = "BYTES")]
    offset: u64,
    /// Write no more than this many bytes.
    #[arg(long, value_name = "BYTES")]
    count: Option<u64>,
    #[command(flatten)]
    remote: Remote,
}

/// Opens the file, or a range of it.
pub(super) async fn run(arguments: Arguments, deadline: &Deadline, screen: &Screen) -> Result<Exit, Failure> {
    if screen.speaks_json() {
        return Err(Failure::usage("cat writes the file itself, which is no JSON document"));
    }
    match &arguments.path {
        Some(_) => given::folder(&arguments.folder)?,
        None => given::anything(&arguments.folder)?,
    }
    let keys = arguments.remote.keys(deadline, screen).await?;
    let file = stored_file(&arguments, &keys)?;
    let writing = tokio::task::spawn_blocking(move || match (arguments.offset, arguments.count) {
        (0, None) => whole(&keys, &file),
        (offset, count) => range(&keys, &file, offset, count.unwrap_or(u64::MAX)),
    });
    interrupt::until_interrupted(async {
        writing.await.map_err(|error| Failure::error("the work ended early").caused_by(error))?
    })
    .await
}

/// A stored file.
struct Stored {
    /// As people know it.
    shown: PathBuf,
    /// As it is opened: on Windows in the form in which every name can be.
    path: PathBuf,
}

fn stored_file(arguments: &Arguments, keys: &Keys) -> Result<Stored, Failure> {
    let folder = &arguments.folder;
    let Some(path) = &arguments.path else {
        if !folder.is_dir() {
            return Ok(Stored { shown: folder.clone(), path: folder.clone() });
        }
        let unnamed = Failure::usage(format!("{} is a folder: name a file in it", shown(folder)));
        return Err(unnamed.remedy("dtc crypt ls lists them"));
    };
    let plain = path.as_os_str().as_encoded_bytes();
    let separators = |byte: &u8| if cfg!(windows) && *byte == b'\\' { b'/' } else { *byte };
    Names::check_path(&plain.iter().map(separators).collect::<Vec<u8>>())?;
    let names = arguments.remote.names_under(keys);
    let name = Catalogue::new(keys, &names, folder).stored_path(path)?;
    let root = if cfg!(windows) { folder.canonicalize().ok() } else { None };
    let stored = Stored { shown: folder.join(&name), path: root.as_ref().unwrap_or(folder).join(name) };
    given::file(&stored.path, &stored.shown, &shown(path))?;
    Ok(stored)
}

fn whole(keys: &Keys, stored: &Stored) -> Result<Exit, Failure> {
    let named = |error| unopened(&stored.shown, error);
    let (file, plain_len) = opened(stored)?;
    let content = Decryptor::new(keys, BufReader::new(file)).map_err(named)?;
    let mut content = content.expect_len(plain_len);
    while let Some(block) = content.next_block().map_err(named)? {
        if let Some(exit) = written(block)? {
            return Ok(exit);
        }
    }
    Ok(Exit::Done)
}

fn range(keys: &Keys, stored: &Stored, offset: u64, count: u64) -> Result<Exit, Failure> {
    let (mut file, plain_len) = opened(stored)?;
    let stored_len = rclone_crypt::encrypted_len(plain_len);
    let end = offset.saturating_add(count).min(plain_len);
    let mut at = offset;
    loop {
        let named = |error| unopened(&stored.shown, error);
        let wanted = PlainRange::new(at, PIECE.min(end.saturating_sub(at)), stored_len).map_err(named)?;
        let piece = decrypt_range(keys, &wanted, |bytes| fetch(&mut file, &bytes)).map_err(named)?;
        if let Some(exit) = written(&piece)? {
            return Ok(exit);
        }
        at += piece.len() as u64;
        if at >= end {
            return Ok(Exit::Done);
        }
    }
}

fn opened(stored: &Stored) -> Result<(File, u64), Failure> {
    let failed = |error| {
        Failure::error(format!("cannot read {}", shown(&stored.shown)))
            .code("DTC-CRYPT-FAILED")
            .caused_by(error)
    };
    let file = File::open(&stored.path).map_err(failed)?;
    let stored_len = file.metadata().map_err(failed)?.len();
    Ok((file, decrypted_len(stored_len).map_err(|error| unopened(&stored.shown, error))?))
}

/// A failure of the encryption, with the stored file that it is about.
fn unopened(path: &Path, error: rclone_crypt::Error) -> Failure {
    Failure::from(error).about(path)
}

fn fetch(file: &mut File, bytes: &Range<u64>) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(bytes.start))?;
    let mut fetched = Vec::new();
    file.take(bytes.end - bytes.start).read_to_end(&mut fetched)?;
    Ok(fetched)
}

/// Writes to standard output. The end, if nobody reads it any more.
fn written(plain: &[u8]) -> Result<Option<Exit>, Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(plain).and_then(|()| out.flush()) {
        Ok(()) => Ok(None),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Some(Exit::Done)),
        Err(error) => Err(Failure::lost_output().caused_by(error)),
    }
}
