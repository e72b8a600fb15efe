//! Encrypted copies without an appliance: a folder is encrypted into a catalogue, and the catalogue is carried to a server (Y2).
//!
//! ```
//! use dtc_provision::copy::{self, CopyJob, Kept, Runner};
//! use dtc_provision::Error;
//! use dtc_provision::secret::EncryptionSecrets;
//!
//! async fn copied(job: &CopyJob, secrets: EncryptionSecrets, runner: &dyn Runner) -> Result<(), Error> {
//!     copy::plan(job, &secrets)?;
//!     let kept = Kept::by_operator(job, secrets)?;
//!     let report = copy::run(job, &kept, runner).await;
//!     println!("{} encrypted, {:?}", report.encryption.written, report.outcome());
//!     Ok(())
//! }
//! ```
//!
//! Two orders are held by types. Nothing is encrypted without a [`Kept`]: the pair is in the vault, where the job names an organisation
//! (E2), or it is the operator's own to keep. Nothing is carried without an [`Encrypted`], which only a first step gives that ended and left
//! nothing out.

mod fetch;
mod job;
mod kept;
mod long_names;
mod plan;
mod run;
mod runner;
mod scratch;
mod ssh;
mod unfinished;
mod vault;

pub use fetch::{Catalogue, catalogue_of};
pub use job::{CopyJob, Destination, Engine, EscrowPlace};
pub use kept::{Kept, KeptBy};
pub use long_names::is_too_long_for_rclone;
pub use plan::{CopyPlan, keys, plan};
pub use run::{RunReport, dry_run, run};
pub use runner::{
    Encrypted, Encryption, FailedPath, RunMode, Runner, StepFailure, StepFailureKind, Transfer,
};
pub use scratch::{Checked, Scratch};
pub use ssh::{HostKey, NotADestination, SshDestination};
pub use unfinished::{UNFINISHED, is_unfinished};
pub use vault::{
    CopyIdentity, CopyRecord, CopySlot, CopyVault, CopyVaultView, EscrowState, escrow, escrowed,
};
