//! Getting it back: files of a backup, as of any moment that the bucket still holds, with nothing but the vault's record and B2.
//!
//! ```
//! use dtc_provision::restore::{self, GetOptions, RestoreSource, Selection};
//! use dtc_provision::{Error, Site, jiff::Timestamp, ports::Views};
//!
//! async fn back(site: &Site, views: &Views, now: Timestamp, at: Timestamp) -> Result<(), Error> {
//!     let source = RestoreSource::from_vault(site, views, None).await?;
//!     let wanted = vec!["pool0:offices/north".parse().expect("a pool and a path")];
//!     let tree = restore::tree(&source, &Selection::new(wanted, Default::default(), now).at(at)).await?;
//!     let report = restore::get(&source, &tree, &GetOptions::new("restored"), &|_| ()).await?;
//!     println!("{} files, {} bytes, {:?}", report.written, report.bytes, report.outcome());
//!     Ok(())
//! }
//! ```
//!
//! The appliance is not asked: it may be gone. Bytes are read with the appliance's own key and opened with its pair, which the vault
//! gives back to this crate alone; or with those of a [saved record](RestoreSource::from_record).

mod as_of;
mod attempt;
mod cat;
mod fetching;
mod get;
mod history;
mod instant;
mod jobs;
mod large;
mod older;
mod open;
mod report;
mod source;
mod tree;
mod when;
mod writing;

pub use as_of::{AsOf, Seen};
pub use cat::cat;
pub use get::{Foreseen, GetOptions, Progress, foresee, get};
pub use history::{FileVersion, FileVersionKind, LockedUntil, history};
pub use instant::{NotAnInstant, instant};
pub use report::{FailedFile, Failure, GetReport, OlderVersion, RenamedFile};
pub use source::{RestoreSource, Retained, SavedRecord};
pub use tree::{BackedUp, Moment, NotWanted, Selection, Tree, Wanted, tree};
pub use when::{Burst, History, when};
