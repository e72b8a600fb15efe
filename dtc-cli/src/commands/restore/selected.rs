//! Which files, as of when.

use clap::Args;
use dtc_provision::jiff::{Timestamp, Zoned};
use dtc_provision::restore::{self, RestoreSource, Selection, Tree, Wanted};
use rclone_crypt::Filter;

use super::endings::before_first;
use crate::events::Phase;
use crate::failure::Failure;
use crate::screen::{CHANGED, Line, QUIET, Screen};

/// Which files, as of when.
#[derive(Debug, Args)]
#[command(next_help_heading = "The files")]
pub(super) struct Selected {
    /// A pool, or a file or folder in one: POOL or POOL:PATH.
    #[arg(required = true, value_name = "POOL[:PATH]")]
    wanted: Vec<Wanted>,
    #[command(flatten)]
    moment: AsOf,
    /// Only files that match, by rclone's rules for paths in the pool; may be given several times.
    #[arg(long, value_name = "PATTERN")]
    include: Vec<String>,
    /// No files that match, by rclone's rules for paths in the pool; may be given several times.
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,
}

/// As of when.
#[derive(Debug, Args)]
pub(super) struct AsOf {
    /// As it stood then: 2026-11-27T03:00 in local time, with Z or an offset in another one, or '3 days ago'; else as it stands.
    #[arg(long, value_name = "WHEN", value_parser = instant)]
    at: Option<Timestamp>,
}

fn instant(text: &str) -> Result<Timestamp, String> {
    restore::instant(text, &Zoned::now()).map_err(|error| error.to_string())
}

impl Selected {
    /// Lists the files that stood then.
    pub(super) async fn tree(&self, source: &RestoreSource, screen: &Screen) -> Result<Tree, Failure> {
        let filter = Filter::of_patterns(&self.include, &self.exclude)?;
        self.moment.tree(self.wanted.clone(), filter, source, screen).await
    }
}

impl AsOf {
    /// Lists the files that stood then. The instant is said in UTC, since it may have been given in another time.
    pub(super) async fn tree(
        &self,
        wanted: Vec<Wanted>,
        filter: Filter,
        source: &RestoreSource,
        screen: &Screen,
    ) -> Result<Tree, Failure> {
        let selection = Selection::new(wanted, filter, Timestamp::now());
        let selection = match self.at {
            Some(at) => {
                screen.note(Line::new().styled(QUIET, format!("As of {at} (UTC).")));
                if at > Timestamp::now() {
                    let later = "by this computer's clock that is yet to come: this is what stands now";
                    screen.note(Line::new().styled(CHANGED, "note: ").plain(later));
                }
                selection.at(at)
            }
            None => selection,
        };
        screen.begins(Phase::Listing);
        let tree = restore::tree(source, &selection).await?;
        match before_first(&tree) {
            Some(failure) => Err(failure),
            None => Ok(tree),
        }
    }
}

/// The files that match one pattern, and no others.
pub(super) fn only(pattern: &str) -> Result<Filter, Failure> {
    Ok(Filter::of_patterns(&[pattern.to_owned()], &[])?)
}
