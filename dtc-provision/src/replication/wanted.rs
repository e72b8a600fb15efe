//! What the operator wants replicated.

use std::sync::Arc;

use dtc_naming::DatasetName;
use serde::{Deserialize, Serialize};

use crate::ids::SshConnectionId;
use crate::ports::{
    Kept, Layer, ReplicationEnd, ReplicationEndView, ReplicationSettings, SentSnapshots, Way,
};
use crate::schedule::Schedule;
use crate::secret::{DatasetKeyFormat, DatasetSecret};
use crate::standard::DEVICE_GUID_PROPERTY;

/// Where TrueNAS keeps a key itself.
pub const IN_DATABASE: &str = "$TrueNAS";
/// How snapshots are named unless it is said otherwise (Z1).
pub const SCHEMA: &str = "auto-%Y-%m-%d_%H-%M";

/// How the destination is to be encrypted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encryption {
    /// As the source is: an encrypted one is sent raw and opens with its own keys.
    AsSource,
    /// Not at all, whatever the source is.
    Clear,
    /// By the key of the dataset above it.
    Inherit,
    /// By a key of its own: 64 hexadecimal digits, which are given or drawn, and escrowed.
    Key {
        /// Where it is kept: [`IN_DATABASE`], or a path at the destination.
        location: String,
    },
    /// By a passphrase of its own, which is given or drawn, and escrowed.
    Passphrase {
        /// Where it is kept.
        location: String,
    },
}

/// One replication between two appliances, or within one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Replication {
    /// Its name: that of its task, key pair and connection.
    pub name: String,
    /// What the sending appliance is called in messages.
    pub from: String,
    /// What the receiving appliance is called in messages.
    pub to: String,
    /// Which appliance has the task.
    pub way: Way,
    /// What is sent.
    pub sources: Vec<DatasetName>,
    /// Where it goes.
    pub destination: DatasetName,
    /// Whether the datasets below the sources are sent too.
    pub recursive: bool,
    /// At which address the appliance with the task reaches the other one.
    pub host: Option<String>,
    /// Who is logged in there.
    pub remote_user: String,
    /// The fingerprint of the host key that the other one has to show, as OpenSSH writes it.
    pub host_key: Option<String>,
    /// Which snapshots are sent.
    pub snapshots: SentSnapshots,
    /// When it runs; without a schedule it is run by hand, or after each of its snapshot tasks.
    pub schedule: Option<Schedule>,
    /// How long snapshots are kept at the destination.
    pub kept: Kept,
    /// Whether properties are sent.
    pub properties: bool,
    /// How the destination is encrypted.
    pub encryption: Encryption,
}

impl Replication {
    /// A replication with every choice left to the standard: recursive, as the source is encrypted, by root, kept for ever, run by hand.
    pub fn new(
        name: impl Into<String>,
        way: Way,
        sources: impl IntoIterator<Item = DatasetName>,
        destination: DatasetName,
    ) -> Self {
        Self {
            name: name.into(),
            from: "the sending appliance".to_owned(),
            to: "the receiving appliance".to_owned(),
            way,
            sources: sources.into_iter().collect(),
            destination,
            recursive: true,
            host: None,
            remote_user: "root".to_owned(),
            host_key: None,
            snapshots: SentSnapshots::Named(SCHEMA.to_owned()),
            schedule: None,
            kept: Kept::Forever,
            properties: true,
            encryption: Encryption::AsSource,
        }
    }

    /// What TrueNAS's wizard calls a replication: its sources and its destination.
    pub fn default_name(sources: &[DatasetName], destination: &DatasetName) -> String {
        let sources: Vec<&str> = sources.iter().map(DatasetName::as_str).collect();
        format!("{} - {destination}", sources.join(","))
    }

    /// Of which kind the destination's own key is; `None` where it gets none.
    pub(super) fn own_key(&self) -> Option<DatasetKeyFormat> {
        match self.encryption {
            Encryption::Key { .. } => Some(DatasetKeyFormat::Hex),
            Encryption::Passphrase { .. } => Some(DatasetKeyFormat::Passphrase),
            Encryption::AsSource | Encryption::Clear | Encryption::Inherit => None,
        }
    }

    /// What the appliance that has the task is called, and the other one.
    pub(super) fn names(&self) -> (&str, &str) {
        match self.way {
            Way::Push | Way::Local => (&self.from, &self.to),
            Way::Pull => (&self.to, &self.from),
        }
    }

    /// Whether somebody logs in to another appliance.
    pub(super) fn is_remote(&self) -> bool {
        self.way != Way::Local
    }

    /// What the destination of one source is called: of several, each is below the destination by what follows the datasets that are above all
    /// of them (zettarepl, `replication/dataset_structure.py`).
    pub(super) fn target_of(&self, source: &DatasetName) -> DatasetName {
        if self.sources.len() < 2 {
            return self.destination.clone();
        }
        let parts = |name: &DatasetName| name.as_str().split('/').map(str::to_owned).collect::<Vec<_>>();
        let all: Vec<Vec<String>> = self.sources.iter().map(parts).collect();
        let shortest = all.iter().map(Vec::len).min().unwrap_or_default();
        let is_common = |at: &usize| all.iter().all(|one| one[*at] == all[0][*at]);
        let common = (0..shortest.saturating_sub(1)).take_while(is_common).count();
        let text = format!("{}/{}", self.destination, parts(source)[common..].join("/"));
        text.parse().unwrap_or_else(|_| self.destination.clone())
    }

    /// The settings that the task has to have.
    pub(super) fn settings(&self, connection: Option<SshConnectionId>) -> ReplicationSettings {
        let own = |format, location: &String| Layer::Own { format, location: location.clone() };
        ReplicationSettings {
            name: self.name.clone(),
            way: self.way,
            connection,
            sudo: self.is_remote() && self.remote_user != "root",
            sources: self.sources.clone(),
            destination: self.destination.clone(),
            recursive: self.recursive,
            properties: self.properties,
            excluded_properties: vec![DEVICE_GUID_PROPERTY.to_owned()],
            layer: match &self.encryption {
                Encryption::AsSource | Encryption::Clear => Layer::None,
                Encryption::Inherit => Layer::Inherit,
                Encryption::Key { location } => own(DatasetKeyFormat::Hex, location),
                Encryption::Passphrase { location } => own(DatasetKeyFormat::Passphrase, location),
            },
            snapshots: self.snapshots.clone(),
            schedule: self.schedule.clone(),
            kept: self.kept,
        }
    }
}

/// Keys and passphrases that people chose and give: of the sources, and for the destination.
#[derive(Debug, Default)]
pub struct Passphrases {
    /// The destination's own: its passphrase, or the digits of its key.
    pub destination: Option<DatasetSecret>,
    /// Of sources, by their encryption roots.
    pub sources: Vec<(DatasetName, DatasetSecret)>,
}

/// Both ends, writing.
#[derive(Clone)]
pub struct Ends {
    /// The appliance that sends.
    pub from: Arc<dyn ReplicationEnd>,
    /// The appliance that is sent to; the same of a local replication.
    pub to: Arc<dyn ReplicationEnd>,
}

/// Both ends, reading only.
#[derive(Clone)]
pub struct EndViews {
    pub(super) from: Arc<dyn ReplicationEndView>,
    pub(super) to: Arc<dyn ReplicationEndView>,
}

impl Ends {
    /// The same ends with every way to write left behind.
    pub fn views(&self) -> EndViews {
        EndViews { from: self.from.clone(), to: self.to.clone() }
    }

    /// The one that has the task.
    pub(super) fn runner(&self, way: Way) -> &dyn ReplicationEnd {
        match way {
            Way::Push | Way::Local => self.from.as_ref(),
            Way::Pull => self.to.as_ref(),
        }
    }

    /// The one that is logged in to.
    pub(super) fn remote(&self, way: Way) -> &dyn ReplicationEnd {
        match way {
            Way::Push | Way::Local => self.to.as_ref(),
            Way::Pull => self.from.as_ref(),
        }
    }
}

impl EndViews {
    /// Ends that only read.
    pub fn new(from: Arc<dyn ReplicationEndView>, to: Arc<dyn ReplicationEndView>) -> Self {
        Self { from, to }
    }

    /// The appliance that sends.
    pub fn sender(&self) -> &dyn ReplicationEndView {
        self.from.as_ref()
    }

    pub(super) fn runner(&self, way: Way) -> &dyn ReplicationEndView {
        match way {
            Way::Push | Way::Local => self.from.as_ref(),
            Way::Pull => self.to.as_ref(),
        }
    }

    pub(super) fn remote(&self, way: Way) -> &dyn ReplicationEndView {
        match way {
            Way::Push | Way::Local => self.to.as_ref(),
            Way::Pull => self.from.as_ref(),
        }
    }
}

impl std::fmt::Debug for Ends {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ends").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for EndViews {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EndViews").finish_non_exhaustive()
    }
}
