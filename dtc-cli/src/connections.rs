//! From a site file to ports.

use dtc_adapters::{B2Connection, Connections, ItGlueConnection, NinjaConnection, TrueNasConnection, Trust};
use dtc_provision::ports::{Patience, Ports};

use crate::exit::{Exit, Failure};
use crate::site_file::{SiteFile, TrueNas};

/// Reads the secrets that the file points at, and binds the ports.
///
/// # Errors
/// A secret that is missing or that others can read, before anything is sent; then what connecting meets.
pub(crate) async fn ports(file: &SiteFile, patience: Patience) -> Result<Ports, Failure> {
    let folder = &file.folder;
    let connections = Connections {
        b2: B2Connection {
            realm: file.b2.url.clone(),
            key_id: file.b2.key_id.clone(),
            application_key: file.b2.application_key.read("the application key of B2", folder)?,
        },
        truenas: TrueNasConnection {
            address: file.truenas.url.clone(),
            trust: trust(file, &file.truenas)?,
            api_key: file.truenas.api_key.read("the API key of the box", folder)?,
        },
        ninja: NinjaConnection {
            base_url: file.ninjaone.url.clone(),
            client_id: file.ninjaone.client_id.clone(),
            client_secret: file.ninjaone.client_secret.read("the client secret of NinjaOne", folder)?,
        },
        itglue: ItGlueConnection {
            base_url: file.itglue.url.clone(),
            api_key: file.itglue.api_key.read("the API key of IT Glue", folder)?,
        },
        tickets: folder.join(&file.tickets.directory),
    };
    Ok(dtc_adapters::connect(connections, patience).await?)
}

fn trust(file: &SiteFile, truenas: &TrueNas) -> Result<Trust, Failure> {
    match (&truenas.fingerprint, &truenas.certificate) {
        (Some(fingerprint), None) => Ok(Trust::Fingerprint(fingerprint.clone())),
        (None, Some(path)) => {
            let path = file.folder.join(path);
            std::fs::read_to_string(&path).map(Trust::Certificate).map_err(|error| {
                let sentence = format!("cannot read the box's certificate from {}", path.display());
                Failure::new(Exit::Precondition, sentence).caused_by(error)
            })
        }
        (None, None) => Ok(Trust::System),
        (Some(_), Some(_)) => {
            Err(Failure::usage("[truenas] names both a fingerprint and a certificate; leave one of them out"))
        }
    }
}
