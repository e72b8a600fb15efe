//! `dtc replication init`.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use dtc_adapters::{SiteFile, connect_end_views};
use dtc_provision::ports::{Kept, Layer, ReplicationSettings, SentSnapshots, Way};
use dtc_provision::replication::{Replication, SCHEMA};
use dtc_provision::secret::DatasetKeyFormat;

use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::screen::Screen;

/// Print the table of a replication for the site file, as a task of an appliance has it. Writes nothing.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The task to start from.
    #[arg(long, value_name = "TASK")]
    like: String,
    /// The appliance that has it; that of the site file's `[truenas]` is called main.
    #[arg(long, value_name = "NAME", default_value = "main")]
    on: String,
    /// The other appliance, as the site file calls it.
    #[arg(long, value_name = "NAME")]
    with: Option<String>,
    /// The replication's name; TrueNAS's own default is the sources and the destination.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The site file.
    #[arg(long, default_value = "site.toml", value_name = "FILE")]
    site: PathBuf,
}

document! {
    /// What `dtc replication init` prints.
    pub(crate) struct Described<'a> {
        /// The task that it is like.
        like: &'a str,
        /// The table for the site file, as TOML.
        table: &'a str,
    }
}

/// Reads the task, and prints the table.
pub(super) async fn run(arguments: Arguments, screen: &Screen) -> Result<Exit, Failure> {
    let file = SiteFile::read(&arguments.site)?;
    let connections = file.connections.on_wait(screen.waits());
    let at_site = |failure: Failure| failure.at(&connections);
    screen.begins(Phase::Connecting);
    let ends = connect_end_views(&connections, &arguments.on, &arguments.on).await;
    let ends = ends.map_err(|error| at_site(error.into()))?;
    let found = ends.sender().replication(&arguments.like).await;
    let found = found.map_err(|error| at_site(dtc_provision::Error::from(error).into()))?;
    let Some(task) = found else {
        let sentence = format!("{} has no replication task {:?}", arguments.on, arguments.like);
        return Err(Failure::usage(sentence).remedy("name one as its list under Data Protection shows it"));
    };
    let settings = task.settings.map_err(|what| {
        Failure::new(
            Exit::Precondition,
            format!("the task {:?} has settings that no table of ours has: {what}", arguments.like),
        )
    })?;
    let table = table(&arguments, &settings);
    screen.say(&table);
    Ok(screen.done(&Described { like: &arguments.like, table: &table }))
}

fn table(arguments: &Arguments, settings: &ReplicationSettings) -> String {
    let other = arguments.with.clone().unwrap_or_else(|| "other".to_owned());
    let (from, to, direction) = match settings.way {
        Way::Push => (&arguments.on, &other, "push"),
        Way::Pull => (&other, &arguments.on, "pull"),
        Way::Local => (&arguments.on, &arguments.on, "local"),
    };
    let wizards = || Replication::default_name(&settings.sources, &settings.destination);
    let name = arguments.name.clone().unwrap_or_else(wizards);
    let sources: Vec<&str> = settings.sources.iter().map(dtc_naming::DatasetName::as_str).collect();
    let mut table = format!(
        "[[replication]]\nname = {name:?}\nfrom = {from:?}\nto = {to:?}\ndirection = {direction:?}\nsources = {sources:?}\ndestination = {:?}\n\
         recursive = {}\nproperties = {}\nencryption = {:?}\nkeep = {:?}\n",
        settings.destination.as_str(),
        settings.recursive,
        settings.properties,
        encryption(&settings.layer),
        kept(settings.kept),
    );
    if let Layer::Own { location, .. } = &settings.layer {
        let _ = writeln!(table, "key_location = {location:?}");
    }
    match &settings.snapshots {
        SentSnapshots::Named(schema) if schema == SCHEMA => {}
        SentSnapshots::Named(schema) => {
            let _ = writeln!(table, "schema = {schema:?}");
        }
        SentSnapshots::OfTasks(ids) => {
            let ids: Vec<&str> = ids.iter().map(dtc_provision::ids::SnapshotTaskId::as_str).collect();
            let _ = writeln!(table, "snapshot_tasks = [{}]", ids.join(", "));
        }
    }
    if let Some(schedule) = &settings.schedule {
        let _ = writeln!(table, "schedule = {:?}", schedule.as_str());
    }
    if settings.sudo {
        table.push_str("remote_user = \"\"  # the task logs in as another user than root: name it\n");
    }
    table
}

fn encryption(layer: &Layer) -> &'static str {
    match layer {
        Layer::None => "source",
        Layer::Inherit => "inherit",
        Layer::Own { format: DatasetKeyFormat::Hex, .. } => "key",
        Layer::Own { format: DatasetKeyFormat::Passphrase, .. } => "passphrase",
    }
}

fn kept(kept: Kept) -> String {
    match kept {
        Kept::LikeSource => "source".to_owned(),
        Kept::Days(days) => format!("{days} days"),
        Kept::Forever => "forever".to_owned(),
    }
}
