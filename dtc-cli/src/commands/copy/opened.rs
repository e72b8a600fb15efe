//! A job with its pair; and what looks at both before anything is done.

use std::path::PathBuf;

use clap::Args;
use dtc_adapters::connect_copy_vault_view;
use dtc_adapters::copy::{CopyRunner, JobFile, RunLog, Step};
use dtc_provision::copy::{self, CopyJob, EscrowState};
use dtc_provision::secret::EncryptionSecrets;
use rclone_crypt::Keys;

use crate::events::Phase;
use crate::failure::Failure;
use crate::screen::Screen;

/// Which copy it is.
#[derive(Debug, Args)]
pub(super) struct Job {
    /// The job file: what is copied, where to, and where its secrets are.
    #[arg(long, value_name = "FILE")]
    job: PathBuf,
}

/// A job with its pair.
pub(crate) struct Opened {
    pub(crate) file: JobFile,
    pub(crate) job: CopyJob,
    pub(crate) secrets: EncryptionSecrets,
}

impl Job {
    /// Reads the job file, and the pair from where it says.
    pub(super) async fn open(&self) -> Result<Opened, Failure> {
        let file = JobFile::read(&self.job)?;
        let (job, secrets) = file.open().await?;
        Ok(Opened { file, job, secrets })
    }
}

impl Opened {
    /// What carries the steps out, and tells when each begins.
    pub(crate) fn runner<'a>(&'a self, log: Option<&'a RunLog>, screen: &Screen) -> CopyRunner<'a> {
        runner(&self.file, &self.job, log, screen)
    }

    /// The keys, and the catalogue's names under them.
    pub(super) fn keys(&self) -> Result<(std::sync::Arc<Keys>, rclone_crypt::Names), Failure> {
        let keys = copy::keys(&self.secrets)?;
        let names = self.job.names_under(&keys);
        Ok((keys, names))
    }

    /// How many files the catalogue holds, and how many plain bytes they have.
    pub(super) fn plain_length(
        &self,
        keys: &Keys,
        names: &rclone_crypt::Names,
    ) -> Result<(usize, u64), Failure> {
        let entries = self.job.catalogue_under(keys, names).listing()?.entries;
        Ok((entries.len(), entries.iter().map(|entry| entry.plain_len).fold(0, u64::saturating_add)))
    }

    /// How the pair stands in the vault; `None` where it is the operator's own to keep. Writes nothing.
    pub(crate) async fn escrowed(&self, screen: &Screen) -> Result<Option<EscrowState>, Failure> {
        let Some(vault) = &self.file.vault else { return Ok(None) };
        screen.begins(Phase::Observing);
        let vault = connect_copy_vault_view(vault, screen.waits()).await?;
        Ok(Some(copy::escrowed(&self.job, &self.secrets, vault.as_ref()).await?))
    }
}

/// What carries the steps out, and tells when each begins.
pub(crate) fn runner<'a>(
    file: &'a JobFile,
    job: &'a CopyJob,
    log: Option<&'a RunLog>,
    screen: &Screen,
) -> CopyRunner<'a> {
    let screen = screen.clone();
    CopyRunner::new(job, &file.programs, log, move |step| {
        screen.begins(match step {
            Step::Transferring => Phase::Transferring,
            Step::Fetching => Phase::Fetching,
            _ => Phase::Encrypting,
        });
    })
}
