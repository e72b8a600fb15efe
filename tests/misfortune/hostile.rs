//! Text from the services that a terminal would obey, that nobody sees, or that would be lines of its own: whatever shows or keeps it
//! holds none of it, and still says what was said.

use std::fs;
use std::process::Command;

use dtc_tests::TestBed;
use simulator::Fault;
use simulator::halo::{CLIENT_GUID_FIELD, Kind};
use simulator::ninja::Entity;

use crate::program::Ended;
use crate::table::{faults, side_by_side};
use crate::world::{Misfortune, World};

/// It ends its line, begins a heading of a ticket, turns the direction of reading, clears the screen, and holds what has no width; of what
/// can be seen, the first word and the last say that it was shown.
const HOSTILE: &str =
    "zebra\u{202e}\u{2028}\n## [b]\n\u{200b}\u{e0041}\u{61c}\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}1mquagga";

/// Who says it, and what makes him.
type Said = (&'static str, fn(&World));

fn refuses(world: &World, service: &str, operation: &str, status: u16, code: &str) {
    let refusal = Fault::refuse(status, code, HOSTILE);
    world.bed.sim.faults().on(service, operation).times(u64::MAX).before_effect(refusal);
}

const OF_A_NEW_SITE: [Said; 12] = [
    ("a refusal of B2", |w| refuses(w, "b2", "b2_list_buckets", 400, "bad_request")),
    ("a refusal of B2 for want of a right", |w| refuses(w, "b2", "b2_create_bucket", 403, "access_denied")),
    ("the code of a refusal", |w| refuses(w, "b2", "b2_list_buckets", 400, HOSTILE)),
    ("a refusal of the appliance", |w| refuses(w, "truenas", "pool.query", 400, "EFAULT")),
    ("a refusal of a write of the appliance", |w| refuses(w, "truenas", "snmp.update", 400, "EFAULT")),
    ("a refusal of the vault", |w| refuses(w, "itglue", "create_password", 422, HOSTILE)),
    ("an identifier of the inventory", |w| {
        let ninja = w.bed.sim.ninja();
        ninja.set_field(Entity::Location(ninja.location_id()), "dtcLocationGuid", HOSTILE);
    }),
    ("a property of a dataset", |w| {
        w.bed.sim.truenas().set_user_property("pool0", "com.dtctoday:device-guid", HOSTILE).unwrap();
    }),
    ("a refusal of HaloPSA", |w| refuses(w, "halo", "get_ticket", 400, "bad_request")),
    ("a refusal of a note", |w| refuses(w, "halo", "add_actions", 400, "bad_request")),
    ("what HaloPSA holds of the ticket's client", |w| {
        let halo = w.bed.sim.halo();
        halo.set_member(Kind::Client, halo.client_id(), "name", HOSTILE);
        halo.set_field(Kind::Client, halo.client_id(), CLIENT_GUID_FIELD, HOSTILE);
    }),
    ("why the appliance does not reach B2", |w| w.bed.sim.truenas().fail_verification(Some(HOSTILE))),
];

const OF_A_BACKUP: [Said; 3] = [
    ("a task's description", |w| {
        let id = w.bed.sim.truenas().cloud_syncs()[0]["id"].as_i64().unwrap();
        let changed = serde_json::json!({ "description": HOSTILE });
        assert!(w.bed.sim.truenas().change_cloud_sync(id, &changed));
    }),
    ("a task's folder", |w| {
        let task = &w.bed.sim.truenas().cloud_syncs()[0];
        let mut attributes = task["attributes"].clone();
        attributes["folder"] = HOSTILE.into();
        let changed = serde_json::json!({ "attributes": attributes });
        assert!(w.bed.sim.truenas().change_cloud_sync(task["id"].as_i64().unwrap(), &changed));
    }),
    ("a refusal of a download", |w| refuses(w, "b2", "b2_download_file_by_id", 400, HOSTILE)),
];

/// Every way in which a run shows or keeps something.
const RUNS: [&str; 6] = [
    "plan",
    "plan --json",
    "verify",
    "verify --json",
    "apply --consent consent.json --journal journal.jsonl --wait 2s",
    "apply --consent consent.json --journal journal.jsonl --wait 2s --json",
];

/// Whether a text can be shown as it is, and no line of it is one that the service wrote.
fn is_tame(text: &str) -> bool {
    text.split('\n').all(|line| {
        safe_text::printable(line.trim_end_matches('\r')) == line.trim_end_matches('\r')
            && !line.trim_start().starts_with("## [b]")
    })
}

/// Runs all, and says what was shown or kept that should not be; that nothing of it was said anywhere as well.
fn held(world: &World, who: &str) {
    let shown = std::sync::Mutex::new(String::new());
    let secrets = world.secrets();
    let run = |command: &&str| {
        let folder = world.folder(Misfortune::None);
        let mut program: Command = world.command(command, folder.path(), Misfortune::None);
        let ended = Ended::of(&mut program);
        let journal = fs::read_to_string(folder.path().join("journal.jsonl")).unwrap_or_default();
        let ticket = world.bed.ticket();
        let mut wrong = faults(&ended, ended.code, &[], &secrets);
        if ended.code < 0 || ended.code == 3 {
            wrong.push(format!("exit {}", ended.code));
        }
        for (where_, text) in [
            ("output", &ended.out),
            ("standard error", &ended.err),
            ("journal", &journal),
            ("ticket", &ticket),
        ] {
            if !is_tame(text) {
                wrong.push(format!(
                    "{who}: the {where_} holds what a terminal obeys or nobody sees: {text:?}"
                ));
            }
        }
        if command.contains("--json") && serde_json::from_str::<serde_json::Value>(&ended.out).is_err() {
            wrong.push(format!("{who}: standard output is no document"));
        }
        if journal.lines().any(|line| serde_json::from_str::<serde_json::Value>(line).is_err()) {
            wrong.push(format!("{who}: a line of the journal is no document"));
        }
        let mut all = shown.lock().unwrap();
        for text in [&ended.out, &ended.err, &journal, &ticket] {
            all.push_str(text);
        }
        drop(all);
        (ended, wrong)
    };
    // What only looks runs together; of what writes, one after the other.
    for together in [&RUNS[..4], &RUNS[4..5], &RUNS[5..]] {
        side_by_side(together, run);
    }
    let shown = shown.into_inner().unwrap();
    assert!(shown.contains("zebra"), "{who}: nothing of it was shown, which proves nothing: {shown}");
}

#[test]
fn e8_nothing_that_a_service_says_of_a_new_site_is_obeyed_by_a_terminal() {
    for (who, prepare) in OF_A_NEW_SITE {
        let world = World::fresh_with_halo(111);
        prepare(&world);
        held(&world, who);
    }
}

#[test]
fn e8_nothing_that_a_service_says_of_a_backup_is_obeyed_by_a_terminal() {
    for (who, prepare) in OF_A_BACKUP {
        let world = World::provisioned(112);
        prepare(&world);
        held(&world, who);
    }
}

/// The words of a run come by events and by its job, and end what follows it.
#[test]
fn e8_nothing_that_a_run_says_of_itself_is_obeyed_by_a_terminal() {
    let world = World::fresh(113);
    world.bed.sim.truenas().fail_runs(Some(HOSTILE));
    held(&world, "why a run failed");
}

/// The name stands in labels, notes and tickets, which can bear none of it.
#[test]
fn e8_a_host_name_is_shown_and_written_nowhere_as_it_is() {
    let world =
        World::of(TestBed::builder(114).appliance(|appliance| appliance.host_name = HOSTILE.to_owned()));
    held(&world, "the appliance's host name");
    let records = world.bed.sim.itglue().client_records();
    let written = records.iter().flat_map(|record| [&record.name, &record.username]);
    let untamed: Vec<&String> = written.filter(|text| !is_tame(text)).collect();
    assert!(untamed.is_empty(), "{untamed:?}");
}
