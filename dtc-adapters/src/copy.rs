//! Encrypted copies without an appliance: the job file, and the programs that do the work (Y2).
//!
//! ```no_run
//! use dtc_adapters::copy::{CopyRunner, JobFile, RunLog};
//! use dtc_provision::copy::{self, Kept};
//! use std::path::Path;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let file = JobFile::read(Path::new("documents.toml"))?;
//! let (job, secrets) = file.open().await?;
//! copy::plan(&job, &secrets)?;
//! let kept = Kept::by_operator(&job, secrets)?;
//! let log = RunLog::open(&file.log)?;
//! let runner = CopyRunner::new(&job, &file.programs, Some(&log), |_| ());
//! let report = copy::run(&job, &kept, &runner).await;
//! # Ok(())
//! # }
//! ```

mod beside_rclone;
mod child;
mod job_file;
mod log;
mod own;
mod programs;
mod rclone;
mod rsync;
mod runner;
mod ssh;
mod unfinished;

pub use job_file::JobFile;
pub use log::{LOG, RunLog};
pub use programs::Programs;
pub use runner::{CopyRunner, Step};
