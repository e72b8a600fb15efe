//! `dtc replication unlock`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use dtc_adapters::{SecretSource, connect_ends, connect_views};
use dtc_provision::replication::{self, KeyFile};

use super::chosen::Chosen;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::{BAD, GOOD, Line, Screen};

/// Open the destination with the vault's keys: what arrived with the source's own keys, and children that arrived as encryption roots of their
/// own. The appliance that sent it is not asked.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    chosen: Chosen,
    /// Open it with a file of keys that was downloaded from an appliance, in place of the vault: the replication task's "Download encryption
    /// keys", or the source dataset's "Export Key". Only the appliance that was sent to is asked. On Unix nobody but its owner may read it.
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

document! {
    /// What `dtc replication unlock` prints.
    pub(crate) struct Opened<'a> {
        /// The replication's name.
        name: &'a str,
        /// Datasets that are open now.
        unlocked: &'a [String],
        /// Those that were open before.
        open_before: &'a [String],
        /// Those that are not open, and why.
        failed: &'a BTreeMap<String, String>,
    }
}

/// Reads a file of keys, which nobody but its owner may read.
async fn key_file(path: &Path) -> Result<KeyFile, Failure> {
    let text = SecretSource::File(path.to_owned()).read("the key file").await?;
    Ok(KeyFile::parse(&text).map_err(dtc_provision::Error::from)?)
}

/// Unlocks, and shows what came of it.
pub(super) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let read = arguments.chosen.read(screen)?;
    screen.begins(Phase::Connecting);
    let wanted = &read.replication.wanted;
    let at_site = |error: dtc_adapters::Error| Failure::from(error).at(&read.connections);
    let keys = match &arguments.key_file {
        Some(path) => Some(key_file(path).await?),
        None => None,
    };
    let to = || async { connect_ends(&read.connections, &wanted.to, &wanted.to).await.map_err(at_site) };
    let report = if let Some(keys) = keys {
        let to = to().await?.to;
        screen.begins(Phase::Applying);
        replication::unlock_by(wanted, &keys, to.as_ref()).await
    } else {
        // The appliance of [truenas] may be the one that is gone: views log in to it where it is asked, and it is not.
        let views = connect_views(&read.connections, read.waits).await.map_err(at_site)?;
        let to = to().await?.to;
        screen.begins(Phase::Applying);
        replication::unlock(&read.site, wanted, &views, to.as_ref()).await
    };
    let report = report.map_err(|error| read.failed(error))?;
    for name in &report.unlocked {
        screen.say(Line::new().styled(GOOD, "unlocked  ").plain(name));
    }
    for name in &report.open_before {
        screen.say(format!("was open  {name}"));
    }
    for (name, why) in &report.failed {
        screen.say(Line::new().styled(BAD, "locked    ").plain(format!("{name}: {why}")));
    }
    let document = Opened {
        name: &wanted.name,
        unlocked: &report.unlocked,
        open_before: &report.open_before,
        failed: &report.failed,
    };
    if report.failed.is_empty() {
        return Ok(screen.done(&document));
    }
    let sentence = format!("{} datasets are not open", report.failed.len());
    let failure = Failure::new(Exit::Incomplete, sentence).code("DTC-REPLICATION-LOCKED");
    let failure = failure.remedy("do as stands beside them, then unlock again; the others are open");
    Ok(screen.ended(&failure, &document))
}
