//! Whose backup it is, and where the secrets are that read and open it.

use std::path::PathBuf;

use clap::Args;
use dtc_adapters::{SavedSecrets, SecretSource, SiteFile, connect_saved, connect_views, read_saved_record};
use dtc_naming::DeviceGuid;
use dtc_provision::bandwidth::MegabitsPerSecond;
use dtc_provision::restore::RestoreSource;

use crate::commands::crypt::remote::{Given, given, no_source};
use crate::failure::Failure;
use crate::screen::Screen;

/// The backup: that of a site, by the vault; or that of a saved record.
#[derive(Debug, Args)]
#[command(next_help_heading = "The backup")]
pub(super) struct Backup {
    /// The site file.
    #[arg(long, default_value = "site.toml", value_name = "FILE", conflicts_with = "record")]
    site: PathBuf,
    /// The appliance's Device GUID, where several back up into the location's bucket.
    #[arg(long, value_name = "GUID", conflicts_with = "record")]
    device: Option<DeviceGuid>,
    /// A vault record saved as text, where neither NinjaOne nor IT Glue is there: the lines Bucket Name, Device GUID and Username.
    #[arg(long, value_name = "FILE", requires_all = ["key", "password", "salt"])]
    record: Option<PathBuf>,
    /// Where the saved record's application key is: `env:NAME`, `file:PATH` or `op://vault/item/field`.
    #[arg(long, value_name = "SOURCE", value_parser = given, requires = "record")]
    key: Option<Given>,
    /// Where the saved encryption password is: `env:NAME`, `file:PATH` or `op://vault/item/field`.
    #[arg(long, value_name = "SOURCE", value_parser = given, requires = "record")]
    password: Option<Given>,
    /// Where the saved encryption salt is: `env:NAME`, `file:PATH` or `op://vault/item/field`.
    #[arg(long, value_name = "SOURCE", value_parser = given, requires = "record")]
    salt: Option<Given>,
    /// B2's address, with --record, where it is not Backblaze's own.
    #[arg(long, value_name = "URL", requires = "record")]
    b2_url: Option<String>,
}

/// A backup that can be read, and the line that it comes by, where that is known.
pub(super) struct Opened {
    pub(super) source: RestoreSource,
    pub(super) line: Option<MegabitsPerSecond>,
}

impl Backup {
    /// Finds the backup's key and pair. Nothing is written, there or here.
    pub(super) async fn open(&self, screen: &Screen) -> Result<Opened, Failure> {
        if let Some(path) = &self.record {
            let secrets = SavedSecrets {
                application_key: source(self.key.as_ref(), "--key")?,
                password: source(self.password.as_ref(), "--password")?,
                salt: source(self.salt.as_ref(), "--salt")?,
            };
            let record = read_saved_record(path)?;
            let source = connect_saved(record, secrets, self.b2_url.clone(), screen.waits()).await?;
            return Ok(Opened { source, line: None });
        }
        let file = SiteFile::read(&self.site)?;
        let connections = file.connections.on_wait(screen.waits());
        let at_site = |failure: Failure| failure.at(&connections);
        let views = connect_views(&connections, file.waits).await.map_err(|error| at_site(error.into()))?;
        let source = RestoreSource::from_vault(&file.site, &views, self.device).await;
        let source = source.map_err(|error| at_site(error.into()))?.with_names(file.names);
        Ok(Opened { source, line: Some(file.site.uplink_mbit) })
    }
}

fn source(given: Option<&Given>, option: &str) -> Result<SecretSource, Failure> {
    match given {
        Some(Given::Source(source)) => Ok(source.clone()),
        // Every backup of the standard has all three.
        Some(Given::None | Given::Unclear) | None => Err(no_source(option)),
    }
}
