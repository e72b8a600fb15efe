//! What the demo has made, and how to look at it.

use dtc_adapters::files::{FileError, write_new};
use dtc_provision::{Plan, Report};

use super::simulated_site::SimulatedSite;
use crate::failure::Failure;
use crate::interrupt;
use crate::screen::{Line, QUIET, STRONG, Screen};
use crate::view::{bytes, count};

/// Shows what is in each service now.
pub(super) fn show(screen: &Screen, simulated: &SimulatedSite, plan: &Plan, report: &Report) {
    let simulator = &simulated.simulator;
    let objects = simulator.b2().versions(plan.scope.bucket_name.as_str()).len();
    let size = report.proofs.iter().map(|proof| proof.bytes).fold(0, u64::saturating_add);
    let place = |service: &str, what: String| {
        screen.paragraph(Line::from("  ").styled(STRONG, format!("{service:<13}")), 15, QUIET, &what);
    };
    place(
        "Backblaze B2",
        format!(
            "bucket {}: {}, {}",
            plan.scope.bucket_name,
            count(objects, "object", "objects"),
            bytes(size)
        ),
    );
    let folders: Vec<&str> =
        plan.pools.iter().map(|pool| pool.spec.settings.target.folder.as_str()).collect();
    place("", format!("in {}", folders.join(" and ")));
    let (tasks, snapshots) = (simulator.truenas().cloud_syncs().len(), simulator.truenas().snapshots().len());
    place(
        "TrueNAS",
        format!(
            "{}: {}, {}, {}",
            plan.scope.host_name,
            count(simulator.truenas().credentials().len(), "cloud credential", "cloud credentials"),
            count(tasks, "Cloud Sync task", "Cloud Sync tasks"),
            count(snapshots, "snapshot", "snapshots")
        ),
    );
    place("NinjaOne", format!("{} = {}", plan.site.fields.device, plan.identity.guid));
    let ours = simulator.itglue().client_records();
    for (number, record) in ours.iter().filter(|record| record.name.starts_with("TrueNAS")).enumerate() {
        let is_noted = record.notes.lines().any(|line| line == "Status: operational");
        let name = if is_noted { format!("{}, operational", record.name) } else { record.name.clone() };
        place(if number == 0 { "IT Glue" } else { "" }, name);
    }
    if let Some(ticket) = &plan.site.ticket {
        let notes = simulator.halo().notes(simulator.halo().ticket_id());
        let private = notes.iter().filter(|note| note.is_private).count();
        let text: String = notes.iter().map(|note| note.text.as_str()).collect();
        let is_secret = |value: &str| !value.is_empty() && text.contains(value);
        let holds_secret = ours.iter().any(|record| is_secret(&record.value));
        let what = match (text.contains("Vault record: https://"), holds_secret) {
            (true, false) => "with the vault record's address and no secret",
            (false, false) => "without the vault record's address",
            (_, true) => "with a secret in it",
        };
        place(
            "HaloPSA",
            format!("ticket {ticket}: {}, {what}", count(private, "private note", "private notes")),
        );
    }
}

/// Says how to look at it all, and serves until interrupted.
pub(super) async fn keep(screen: &Screen, simulated: &SimulatedSite) -> Result<(), Failure> {
    let ending = interrupt::requested();
    let site = write_site(simulated)
        .map_err(|error| Failure::error("cannot write the demo's site file").caused_by(error))?;
    let addresses = simulated.simulator.addresses();
    screen.heading("To look at it, in another terminal");
    screen.say("");
    for (name, value) in [
        ("DTC_B2_APPLICATION_KEY", &addresses.b2.application_key),
        ("DTC_TRUENAS_API_KEY", &addresses.truenas.api_key),
        ("DTC_NINJAONE_CLIENT_SECRET", &addresses.ninja.client_secret),
        ("DTC_ITGLUE_API_KEY", &addresses.itglue.api_key),
        ("DTC_HALO_CLIENT_SECRET", &addresses.halo.client_secret),
    ] {
        screen.say(environment(name, value));
    }
    for command in ["plan", "verify"] {
        screen.say(format!("dtc {command} --site {site}"));
    }
    screen.say("");
    screen.say(Line::new().styled(QUIET, "test values, of these simulators only"));
    screen.say(Line::new().styled(STRONG, "Everything keeps running until Ctrl-C."));
    ending.await;
    Ok(())
}

#[cfg(windows)]
fn environment(name: &str, value: &str) -> String {
    format!("$env:{name} = '{value}'")
}

#[cfg(not(windows))]
fn environment(name: &str, value: &str) -> String {
    format!("export {name}='{value}'")
}

/// A site file for the demo's simulators, in its folder.
fn write_site(simulated: &SimulatedSite) -> Result<String, FileError> {
    let addresses = simulated.simulator.addresses();
    let site = &simulated.site;
    let ticket =
        site.ticket.as_ref().map(|ticket| format!("ticket = {:?}\n", ticket.as_str())).unwrap_or_default();
    let pool = site.identity_pool.as_ref();
    let pool = pool.map(|pool| format!("identity_pool = {:?}\n", pool.as_str())).unwrap_or_default();
    let text = format!(
        "[site]\norganization = {:?}\nlocation = {:?}\nuplink_mbit = {}\n{pool}{ticket}\n\
         [b2]\nurl = {:?}\nkey_id = {:?}\napplication_key = \"env:DTC_B2_APPLICATION_KEY\"\n\n\
         [truenas]\nurl = {:?}\nfingerprint = {:?}\napi_key = \"env:DTC_TRUENAS_API_KEY\"\n\n\
         [ninjaone]\nurl = {:?}\nclient_id = {:?}\nclient_secret = \"env:DTC_NINJAONE_CLIENT_SECRET\"\n\n\
         [itglue]\nurl = {:?}\napi_key = \"env:DTC_ITGLUE_API_KEY\"\n\n\
         [tickets.halo]\nurl = {:?}\nclient_id = {:?}\nclient_secret = \"env:DTC_HALO_CLIENT_SECRET\"\nclient_field = {:?}\n",
        site.organization,
        site.location,
        site.uplink_mbit.get(),
        addresses.b2.url,
        addresses.b2.key_id,
        addresses.truenas.url,
        addresses.truenas.fingerprint,
        addresses.ninja.url,
        addresses.ninja.client_id,
        addresses.itglue.url,
        addresses.halo.url,
        addresses.halo.client_id,
        simulator::halo::CLIENT_GUID_FIELD,
    );
    let path = simulated.folder().join("site.toml");
    write_new(&path, &text)?;
    Ok(path.display().to_string())
}
