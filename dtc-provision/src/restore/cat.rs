//! One file, decrypted as it is fetched.

use std::io;

use super::attempt::Fault;
use super::open::{Sink, opened};
use super::source::RestoreSource;
use super::tree::BackedUp;
use super::writing::chain;
use crate::error::{Error, ErrorKind, Refusal};
use crate::port_error::{PortError, PortErrorKind};

/// Writes a file's plain bytes, each block after it was authenticated. What has been written cannot be taken back: a file that does not
/// arrive whole is fetched again only as long as nothing was written.
///
/// # Errors
/// It does not open, does not arrive whole or cannot be fetched; or `out` does not take it.
pub async fn cat(
    source: &RestoreSource,
    file: &BackedUp,
    out: &mut (dyn io::Write + Send),
) -> Result<u64, Error> {
    let keys = source.keys()?;
    let mut writing = Out { out, written: 0 };
    let what = format!("{}:{}", file.pool, file.shown());
    opened(source, &keys, &file.object, &mut writing).await.map_err(|fault| match fault {
        Fault::Closed(reason) => {
            let remedy = "Restore it as of an earlier day; `dtc restore history` lists its versions";
            Refusal::data_at_risk("V3", format!("{what}: {reason}"), remedy).into()
        }
        Fault::Damaged(reason) => {
            let attempted = format!("fetch {what}");
            ErrorKind::from(PortError::new(PortErrorKind::Damaged, attempted, reason)).into()
        }
        Fault::Unfetched(error) => source.explained(error, "readFiles"),
        Fault::Unwritten(error) => {
            let (kind, attempted) = (PortErrorKind::of_io(error.kind()), format!("write {what}"));
            ErrorKind::from(PortError::new(kind, attempted, chain(&error))).into()
        }
        Fault::Other(error) => error,
        Fault::Stopped => {
            let (attempted, answer) = (format!("fetch {what}"), "it was given up");
            ErrorKind::from(PortError::new(PortErrorKind::NotUnderstood, attempted, answer)).into()
        }
    })
}

/// An output that cannot begin anew.
struct Out<'a> {
    out: &'a mut (dyn io::Write + Send),
    written: u64,
}

impl Sink for Out<'_> {
    fn begin(&mut self) -> io::Result<()> {
        if self.written == 0 {
            return Ok(());
        }
        Err(io::Error::other(format!(
            "it did not arrive whole, and {} bytes of it are written",
            self.written
        )))
    }

    fn write(&mut self, plain: &[u8]) -> io::Result<()> {
        self.written += plain.len() as u64;
        self.out.write_all(plain)
    }
}
