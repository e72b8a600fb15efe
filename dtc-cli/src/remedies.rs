//! What to do about a service's failure: with the fields of the site file that it is about.

use std::fmt;

use dtc_adapters::connections::{Inventory, Tickets, Vault};
use dtc_adapters::{Connections, SecretSource};
use dtc_provision::{PortErrorKind, Service};

/// Where a service's address and key stand.
pub(crate) struct Remedies {
    /// The field with the address, and what it says.
    address: String,
    /// The field with the key, and where the key itself came from.
    key: String,
    /// The field with the folder, where the service is one.
    folder: Option<String>,
}

impl Remedies {
    /// Those of a service of this site.
    pub(crate) fn of(connections: &Connections, service: Service) -> Self {
        let Inventory::NinjaOne(ninja) = &connections.inventory else { return Self::unknown() };
        let Vault::ItGlue(itglue) = &connections.vault else { return Self::unknown() };
        let (b2, nas) = (&connections.object_store, &connections.appliance);
        match service {
            Service::ObjectStore => Self {
                folder: None,
                address: b2.url.as_deref().map_or_else(
                    || "[b2] url (not given: Backblaze's own address)".to_owned(),
                    |url| format!("[b2] url = {url:?}"),
                ),
                key: key(
                    format_args!("[b2] key_id = {:?} with application_key", b2.key_id),
                    &b2.application_key,
                ),
            },
            Service::Appliance => Self {
                folder: None,
                address: format!("[truenas] url = {:?}", nas.url),
                key: key("[truenas] api_key", &nas.api_key),
            },
            Service::Inventory => Self {
                folder: None,
                address: format!("[ninjaone] url = {:?}", ninja.url),
                key: key(
                    format_args!("[ninjaone] client_id = {:?} with client_secret", ninja.client_id),
                    &ninja.client_secret,
                ),
            },
            Service::Vault => Self {
                folder: None,
                address: format!("[itglue] url = {:?}", itglue.url),
                key: key("[itglue] api_key", &itglue.api_key),
            },
            Service::Tickets => match &connections.tickets {
                Tickets::Files(files) => {
                    let folder = format!("[tickets] directory = {:?}", files.directory.display().to_string());
                    Self { folder: Some(folder), ..Self::unknown() }
                }
                Tickets::Halo(halo) => Self {
                    folder: None,
                    address: format!("[tickets.halo] url = {:?}", halo.url),
                    key: key(
                        format_args!("[tickets.halo] client_id = {:?} with client_secret", halo.client_id),
                        &halo.client_secret,
                    ),
                },
                _ => Self::unknown(),
            },
        }
    }

    fn unknown() -> Self {
        Self {
            address: "the address in the site file".to_owned(),
            key: "the key in the site file".to_owned(),
            folder: None,
        }
    }

    /// What to do about a failure of this kind.
    pub(crate) fn for_kind(&self, kind: PortErrorKind) -> Option<String> {
        let Self { address, key, folder } = self;
        if let Some(folder) = folder {
            return for_folder(kind, folder);
        }
        Some(match kind {
            PortErrorKind::Unreachable => {
                format!("check {address} and the way there (network, firewall, proxy), then run again")
            }
            PortErrorKind::CredentialsRejected => format!("check {key}"),
            PortErrorKind::Unauthorized => {
                format!("give the key what the answer says it lacks, or use another: {key}")
            }
            PortErrorKind::NotUnderstood => {
                format!(
                    "check {address}: something else than the service may answer there, such as a proxy or another port"
                )
            }
            PortErrorKind::WrongMachine => format!(
                "make sure that the appliance at {address} is the right one; only then put its certificate into the site \
                 file, as fingerprint or certificate_file"
            ),
            _ => return anywhere(kind).map(str::to_owned),
        })
    }
}

/// What to do about a failure of this kind in the folder of tickets.
fn for_folder(kind: PortErrorKind, folder: &str) -> Option<String> {
    Some(match kind {
        PortErrorKind::Unreachable => {
            format!("check that the disk or share is there, and answers: {folder}; then run again")
        }
        PortErrorKind::Unauthorized => {
            format!("let the user that runs this write there, or name another folder: {folder}")
        }
        PortErrorKind::AccountLimit => {
            format!("make room there, or name another folder: {folder}; then run again")
        }
        PortErrorKind::NotFound | PortErrorKind::Refused | PortErrorKind::NotUnderstood => {
            format!("look at the folder, or name another: {folder}")
        }
        _ => return anywhere(kind).map(str::to_owned),
    })
}

/// A key's field, and where the key came from.
fn key(field: impl fmt::Display, source: &SecretSource) -> String {
    match source {
        SecretSource::Environment(name) => {
            format!("{field}, which came from the environment variable {name}")
        }
        SecretSource::File(path) => format!("{field}, which came from the file {}", path.display()),
        SecretSource::OnePassword(reference) => format!("{field}, which came from 1Password: {reference}"),
        _ => format!("{field}, which this program was given"),
    }
}

/// What to do about a failure of this kind, whichever site's it is.
pub(crate) fn anywhere(kind: PortErrorKind) -> Option<&'static str> {
    match kind {
        PortErrorKind::Unreachable => Some("check the address and the network, then run again"),
        PortErrorKind::RateLimited => {
            Some("wait some minutes, then run again; look for another program that uses the same key")
        }
        PortErrorKind::CredentialsRejected => Some("check the key"),
        PortErrorKind::Unauthorized => Some("give the key what the answer says it lacks"),
        PortErrorKind::AccountLimit => Some("put the account right as the answer says, then run again"),
        PortErrorKind::Unsupported => Some("do what the answer names instead, or update the appliance"),
        PortErrorKind::OutcomeUnknown => {
            Some("run again: it looks at what has happened before it does anything")
        }
        PortErrorKind::Conflict => Some("run again: somebody else has changed it in the meantime"),
        PortErrorKind::WrongMachine => {
            Some("make sure that it is the right appliance; only then put its certificate into the site file")
        }
        PortErrorKind::Damaged => {
            Some("run again; if it stays so, look for what changes data on the way, such as a proxy")
        }
        PortErrorKind::NotUnderstood => {
            Some("check that the service itself answers at the address, and no proxy")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dtc_adapters::SiteFile;
    use std::path::Path;

    #[test]
    fn every_service_names_its_fields_and_where_its_key_came_from() {
        let connections = SiteFile::parse(SiteFile::TEMPLATE, Path::new("site.toml")).unwrap().connections;
        for (service, table, variable) in [
            (Service::ObjectStore, "[b2]", "DTC_B2_APPLICATION_KEY"),
            (Service::Appliance, "[truenas]", "DTC_TRUENAS_API_KEY"),
            (Service::Inventory, "[ninjaone]", "DTC_NINJAONE_CLIENT_SECRET"),
            (Service::Vault, "[itglue]", "DTC_ITGLUE_API_KEY"),
        ] {
            let remedies = Remedies::of(&connections, service);
            let unreachable = remedies.for_kind(PortErrorKind::Unreachable).unwrap();
            assert!(unreachable.contains(&format!("{table} url")), "{unreachable}");
            let rejected = remedies.for_kind(PortErrorKind::CredentialsRejected).unwrap();
            assert!(rejected.contains(table) && rejected.contains(variable), "{rejected}");
        }
        let tickets = Remedies::of(&connections, Service::Tickets);
        for (kind, says) in [
            (PortErrorKind::Unauthorized, "let the user that runs this write there"),
            (PortErrorKind::AccountLimit, "make room there"),
            (PortErrorKind::Unreachable, "disk or share"),
            (PortErrorKind::NotFound, "look at the folder"),
            (PortErrorKind::Refused, "look at the folder"),
            (PortErrorKind::NotUnderstood, "look at the folder"),
        ] {
            let remedy = tickets.for_kind(kind).unwrap();
            assert!(remedy.contains("[tickets] directory") && remedy.contains(says), "{remedy}");
            assert!(!remedy.contains("key") && !remedy.contains("proxy"), "{remedy}");
        }
    }

    #[test]
    fn tickets_in_halopsa_name_its_fields() {
        let mut connections =
            SiteFile::parse(SiteFile::TEMPLATE, Path::new("site.toml")).unwrap().connections;
        let secret = SecretSource::Environment("DTC_HALO_CLIENT_SECRET".to_owned());
        let halo = dtc_adapters::connections::HaloConnection::new("https://h.example", "dtc", secret);
        connections.tickets = Tickets::Halo(halo);
        let remedies = Remedies::of(&connections, Service::Tickets);
        let unreachable = remedies.for_kind(PortErrorKind::Unreachable).unwrap();
        assert!(unreachable.contains("[tickets.halo] url = \"https://h.example\""), "{unreachable}");
        let rejected = remedies.for_kind(PortErrorKind::CredentialsRejected).unwrap();
        assert!(
            rejected.contains("[tickets.halo]") && rejected.contains("DTC_HALO_CLIENT_SECRET"),
            "{rejected}"
        );
    }

    /// Every kind that is not the fault of the program's own request says what to do.
    #[test]
    fn every_kind_that_a_person_can_do_something_about_says_what() {
        for kind in PortErrorKind::ALL {
            let says = anywhere(kind).is_some();
            assert_eq!(says, !matches!(kind, PortErrorKind::NotFound | PortErrorKind::Refused), "{kind:?}");
        }
    }
}
