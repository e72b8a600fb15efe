//! Which replication of which site.

use std::path::PathBuf;

use clap::Args;
use dtc_adapters::{Connections, SecretReader, SiteFile, SiteReplication, connect_end_views, connect_views};
use dtc_provision::Site;
use dtc_provision::ports::{Views, Waits};
use dtc_provision::replication::{EndViews, Passphrases};

use crate::failure::Failure;
use crate::screen::Screen;

/// A replication of a site file.
#[derive(Debug, Args)]
pub(super) struct Chosen {
    /// The replication's name; may be left out where the site file has one only.
    #[arg(value_name = "NAME")]
    pub(super) name: Option<String>,
    /// The site file.
    #[arg(long, default_value = "site.toml", value_name = "FILE")]
    pub(super) site: PathBuf,
}

/// What the site file says of it.
pub(super) struct Read {
    pub(super) site: Site,
    pub(super) waits: Waits,
    pub(super) connections: Connections,
    pub(super) replication: SiteReplication,
}

impl Chosen {
    /// Reads the site file.
    pub(super) fn read(&self, screen: &Screen) -> Result<Read, Failure> {
        let file = SiteFile::read(&self.site)?;
        let replication = file.replication(self.name.as_deref())?.clone();
        let SiteFile { site, connections, waits, .. } = file;
        Ok(Read { site, waits, connections: connections.on_wait(screen.waits()), replication })
    }

    /// The command with another word, for this replication.
    pub(super) fn command(&self, word: &str) -> String {
        let name = self.name.as_ref().map(|name| format!(" {name:?}")).unwrap_or_default();
        format!("dtc replication {word}{name} --site {}", self.site.display())
    }
}

impl Read {
    /// Passphrases that people chose, from where the site file says they are.
    pub(super) async fn passphrases(&self) -> Result<Passphrases, Failure> {
        let reader = SecretReader::new(self.connections.one_password.clone());
        Ok(self.replication.read_passphrases(&reader).await?)
    }

    /// Views of both ends, and of the services.
    pub(super) async fn views(&self) -> Result<(Views, EndViews), Failure> {
        let wanted = &self.replication.wanted;
        let at_site = |error: dtc_adapters::Error| Failure::from(error).at(&self.connections);
        let views = connect_views(&self.connections, self.waits).await.map_err(at_site)?;
        let ends = connect_end_views(&self.connections, &wanted.from, &wanted.to).await.map_err(at_site)?;
        Ok((views, ends))
    }

    /// With what to do about it in this site file.
    pub(super) fn failed(&self, error: dtc_provision::Error) -> Failure {
        Failure::from(error).at(&self.connections)
    }
}
