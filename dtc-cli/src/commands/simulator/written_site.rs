//! A site file for simulated services, ready to be used.

use std::path::{Path, PathBuf};

use dtc_adapters::files::write_new;
use simulator::Simulator;
use simulator::halo::{CLIENT_GUID_FIELD, Kind};
use simulator::ninja::Entity;

use super::{LOCATION, ORGANIZATION};
use crate::failure::Failure;
use crate::files::unwritten;

/// Looks whether the site file can be written here, before anything is started or written beside it.
///
/// # Errors
/// A folder that is not there, and a file that is.
pub(super) fn check(file: &Path) -> Result<(), Failure> {
    if file.symlink_metadata().is_ok() {
        let sentence = format!("{} exists already, and is left as it is", file.display());
        return Err(Failure::usage(sentence)
            .code("DTC-FILE-WRONG")
            .remedy("name another file, or move that one away"));
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.is_dir() {
        return Ok(());
    }
    let sentence =
        format!("cannot write the site file {}: there is no folder {}", file.display(), folder.display());
    Err(Failure::usage(sentence)
        .code("DTC-FILE-WRONG")
        .remedy("make the folder first, or name a file in another one"))
}

/// Writes the site file, and each secret into a file beside it that only its owner reads. HaloPSA then holds the client's UUID, as after
/// a synchronisation.
///
/// # Errors
/// What exists already, or cannot be written.
pub(super) fn write(file: &Path, simulator: &Simulator) -> Result<(), Failure> {
    let (at, ninja, halo) = (simulator.addresses(), simulator.ninja(), simulator.halo());
    if let Some(uuid) = ninja.field(Entity::Organization(ninja.organization_id()), "dtcOrgGuid") {
        halo.set_field(Kind::Client, halo.client_id(), CLIENT_GUID_FIELD, uuid);
    }
    let secret = |name: &str, value: &str| {
        let mut path = file.as_os_str().to_owned();
        path.push(format!(".{name}"));
        let path = PathBuf::from(path);
        create(&path, value)?;
        // Seen from the site file's folder.
        Ok::<_, Failure>(format!("file:{}", path.file_name().unwrap_or_default().to_string_lossy()))
    };
    let text = format!(
        "# What one dtc simulator simulates; it answers as long as that one runs.\n\n\
         [site]\norganization = {ORGANIZATION:?}\nlocation = {LOCATION:?}\nuplink_mbit = 10000\nidentity_pool = \"pool0\"\nticket = \"{}\"\n\n\
         [b2]\nurl = {:?}\nkey_id = {:?}\napplication_key = {:?}\n\n\
         [truenas]\nurl = {:?}\nfingerprint = {:?}\napi_key = {:?}\n\n\
         [ninjaone]\nurl = {:?}\nclient_id = {:?}\nclient_secret = {:?}\n\n\
         [itglue]\nurl = {:?}\napi_key = {:?}\n\n\
         [tickets.halo]\nurl = {:?}\nclient_id = {:?}\nclient_secret = {:?}\nclient_field = {CLIENT_GUID_FIELD:?}\n\n\
         [waits]\npoll_interval = \"100ms\"\n",
        at.halo.ticket,
        at.b2.url,
        at.b2.key_id,
        secret("b2-application-key", &at.b2.application_key)?,
        at.truenas.url,
        at.truenas.fingerprint,
        secret("truenas-api-key", &at.truenas.api_key)?,
        at.ninja.url,
        at.ninja.client_id,
        secret("ninjaone-client-secret", &at.ninja.client_secret)?,
        at.itglue.url,
        secret("itglue-api-key", &at.itglue.api_key)?,
        at.halo.url,
        at.halo.client_id,
        secret("halo-client-secret", &at.halo.client_secret)?,
    );
    create(file, &text)
}

fn create(path: &Path, text: &str) -> Result<(), Failure> {
    write_new(path, text).map_err(|error| unwritten("a site file for the simulators", &error))
}
