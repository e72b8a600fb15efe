//! rclone, in every version that appliances ship and the newest.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Once;

use b2_client::files::Sha1;
use dtc_tests::{Engine, engines};
use serde_json::{Value, json};

use super::{Ended, PART, World, noise, run, skipped, text, tree};

/// What a backup needs, and what nobody can delete with.
const LEAST: [&str; 4] = ["listBuckets", "listFiles", "readFiles", "writeFiles"];

static SAID: Once = Once::new();

/// An rclone with a key.
pub(super) struct Rclone {
    program: PathBuf,
    variables: Vec<(&'static str, String)>,
}

impl Rclone {
    /// The same, with more in its environment.
    pub(super) fn with(&self, more: &[(&'static str, &str)]) -> Self {
        let more = more.iter().map(|(name, value)| (*name, (*value).to_owned()));
        Self {
            program: self.program.clone(),
            variables: self.variables.iter().cloned().chain(more).collect(),
        }
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Ended {
        let mut command = Command::new(&self.program);
        run(command.args(arguments).envs(self.variables.iter().map(|(name, value)| (name, value))), b"")
    }

    pub(super) fn ok(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert!(ended.well, "{} {arguments:?}: {}", self.program.display(), ended.errors);
        ended.out
    }

    fn refused(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert!(!ended.well, "{} {arguments:?} was granted: {}", self.program.display(), ended.out);
        ended.errors
    }

    /// The second number of its version.
    fn minor(&self) -> u32 {
        self.ok(&["version"]).split('.').nth(1).unwrap().parse().unwrap()
    }
}

/// A key for one bucket, minted through a version of the interface.
fn restricted(world: &World, version: u8, bucket: &str, capabilities: &[&str]) -> Value {
    let mut request = json!({"keyName": "for-rclone", "capabilities": capabilities});
    let id = world.sim.b2().bucket(bucket).unwrap()["bucketId"].clone();
    if version >= 4 {
        request["bucketIds"] = json!([id]);
    } else {
        request["bucketId"] = id;
    }
    world.sim.b2().call_version(version, "b2_create_key", request).unwrap()
}

/// Every rclone with this key, each keeping to itself and failing at once.
fn rclones(world: &World, key: &Value) -> Vec<Rclone> {
    let found = engines().into_iter().filter_map(|engine| match engine {
        Engine::Rclone(program) => Some(program),
        Engine::Own => None,
    });
    let variables = [
        ("RCLONE_CONFIG", world.at("there-is-none")),
        ("RCLONE_RETRIES", "1".to_owned()),
        ("RCLONE_LOW_LEVEL_RETRIES", "2".to_owned()),
        ("RCLONE_CONFIG_B2_TYPE", "b2".to_owned()),
        ("RCLONE_CONFIG_B2_ACCOUNT", text(&key["applicationKeyId"])),
        ("RCLONE_CONFIG_B2_KEY", text(&key["applicationKey"])),
        ("RCLONE_CONFIG_B2_ENDPOINT", world.sim.addresses().b2.url.clone()),
    ];
    let found: Vec<_> = found.map(|program| Rclone { program, variables: variables.to_vec() }).collect();
    if found.is_empty() {
        skipped(&SAID, "no rclone; `cargo xtask rclone` installs three and prints the variables to set");
    }
    found
}

/// A world with a bucket, and every rclone with the least of keys for it.
pub(super) fn with_least(bucket: &str) -> (World, Vec<Rclone>) {
    let world = World::new();
    world.bucket(bucket);
    let rclones = rclones(&world, &restricted(&world, 3, bucket, &LEAST));
    (world, rclones)
}

/// A world with a bucket, and every rclone with a key that may also delete.
fn with_deletion(bucket: &str) -> (World, Vec<Rclone>) {
    let world = World::new();
    world.bucket(bucket);
    let key = restricted(&world, 3, bucket, &[&LEAST[..], &["deleteFiles"]].concat());
    let rclones = rclones(&world, &key);
    (world, rclones)
}

/// Names and sizes that are hard to get right.
fn odd_files(world: &World) {
    for (name, content) in [
        ("up/plain", &b"plain"[..]),
        ("up/Archive/empty", b""),
        ("up/other/a b+c%20;'(1)&=#.txt", b"names"),
        ("up/\u{dc}n\u{ef}/\u{e7}o.de", &noise(10_000)),
    ] {
        world.file(name, content);
    }
}

#[test]
fn rclone_copies_both_ways_and_finds_no_difference() {
    let (world, rclones) = with_least("copied");
    odd_files(&world);
    for (number, rclone) in rclones.iter().enumerate() {
        let (there, down) = (format!("b2:copied/{number}"), format!("down-{number}"));
        rclone.ok(&["copy", &world.at("up"), &there]);
        rclone.ok(&["check", &world.at("up"), &there]);
        rclone.ok(&["copy", &there, &world.at(&down)]);
        assert_eq!(tree(&world.path(&down)), tree(&world.path("up")));
        world.file("up/one-more", b"x");
        assert!(rclone.refused(&["check", &world.at("up"), &there]).contains("1 differences"));
        fs::remove_file(world.path("up/one-more")).unwrap();
    }
}

#[test]
fn rclone_lists_and_syncs_past_short_and_empty_pages() {
    let world = World::of(simulator::b2::Settings::default().short_pages());
    world.bucket("short-pages");
    for number in 0..30 {
        world.file(&format!("up/{}/{number:02}", number / 10), b"x");
    }
    for (number, rclone) in rclones(&world, &restricted(&world, 3, "short-pages", &LEAST)).iter().enumerate()
    {
        let there = format!("b2:short-pages/{number}");
        rclone.ok(&["sync", &world.at("up"), &there]);
        rclone.ok(&["check", &world.at("up"), &there]);
        assert_eq!(rclone.ok(&["lsf", "-R", "--files-only", &there]).lines().count(), 30);
        assert_eq!(rclone.ok(&["lsf", &there]), "0/\n1/\n2/\n");
    }
}

#[test]
fn rclone_sync_hides_what_is_gone_and_every_version_stays() {
    let (world, rclones) = with_least("synced");
    for (number, rclone) in rclones.iter().enumerate() {
        let there = format!("b2:synced/{number}");
        for (name, content) in [("up/stays", "1"), ("up/changes", "before"), ("up/goes", "3")] {
            world.file(name, content.as_bytes());
        }
        rclone.ok(&["sync", &world.at("up"), &there]);
        world.file("up/changes", b"after that");
        fs::remove_file(world.path("up/goes")).unwrap();
        rclone.ok(&["sync", &world.at("up"), &there]);
        rclone.ok(&["check", &world.at("up"), &there]);
        let listed = rclone.ok(&["lsf", &there]);
        assert_eq!(listed, "changes\nstays\n");
        let own = format!("{number}/");
        let rows: Vec<_> = world.rows("synced").into_iter().filter(|row| row.contains(&own)).collect();
        let expected = ["upload changes", "upload changes", "hide goes", "upload goes", "upload stays"];
        assert_eq!(rows, expected.map(|row| row.replace(' ', &format!(" {own}"))));
    }
}

#[test]
fn rclone_sends_large_files_in_parts_and_reports_their_sha1() {
    let (world, rclones) = with_least("in-parts");
    let mut sums = BTreeSet::new();
    for (name, content) in [("large", noise(2 * PART + 2_000_000)), ("small", noise(1000))] {
        world.file(&format!("up/{name}"), &content);
        sums.insert(format!("{}  {name}", Sha1::of(&content).to_hex()));
    }
    for (number, rclone) in rclones.iter().enumerate() {
        let there = format!("b2:in-parts/{number}");
        let before = world.granted("b2_upload_part");
        // In rclone's units 5M is more than the 5 MB that B2 asks for.
        rclone.ok(&["copy", "--b2-chunk-size", "5M", "--b2-upload-cutoff", "6M", &world.at("up"), &there]);
        assert_eq!(world.granted("b2_upload_part") - before, 3, "two of 5 MiB, and the rest");
        let listed = rclone.ok(&["sha1sum", &there]);
        assert_eq!(listed.lines().map(str::to_owned).collect::<BTreeSet<_>>(), sums);
        rclone.ok(&["check", "--download", &world.at("up"), &there]);
    }
}

#[test]
fn rclone_copies_within_the_service_whole_and_by_parts() {
    let (world, rclones) = with_least("within");
    world.file("up/large", &noise(2 * PART + 2_000_000));
    for (number, rclone) in rclones.iter().enumerate() {
        let (from, to) = (format!("b2:within/{number}/from"), format!("b2:within/{number}/to"));
        rclone.ok(&["copy", &world.at("up"), &from]);
        let (copies, parts) = (world.granted("b2_copy_file"), world.granted("b2_copy_part"));
        rclone.ok(&["copyto", &format!("{from}/large"), &format!("{to}/whole")]);
        assert_eq!((world.granted("b2_copy_file") - copies, world.granted("b2_copy_part") - parts), (1, 0));
        let parted = ["--b2-copy-cutoff", "6M", "--b2-chunk-size", "5M"];
        rclone.ok(&[&["copyto"], &parted[..], &[&format!("{from}/large"), &format!("{to}/parts")]].concat());
        assert!(world.granted("b2_copy_part") - parts >= 2, "{}", rclone.program.display());
        let read = |name: &str| world.sim.b2().read("within", &format!("{number}/{name}")).unwrap();
        assert!(read("to/whole") == read("from/large") && read("to/parts") == read("from/large"));
    }
}

#[test]
fn rclone_cleanup_leaves_the_newest_of_what_is_not_hidden() {
    let (world, rclones) = with_deletion("cleaned");
    let bucket = world.sim.b2().bucket("cleaned").unwrap()["bucketId"].clone();
    for rclone in rclones {
        for content in ["first", "second"] {
            rclone.ok(&["copyto", &world.file("up", content.as_bytes()), "b2:cleaned/twice"]);
        }
        rclone.ok(&["copyto", &world.file("up", b"x"), "b2:cleaned/gone"]);
        rclone.ok(&["deletefile", "b2:cleaned/gone"]);
        let start = json!({"bucketId": bucket, "fileName": "begun", "contentType": "b2/x-auto"});
        let begun = world.sim.b2().call("b2_start_large_file", start).unwrap();
        assert_eq!(world.rows("cleaned").len(), 5);
        rclone.ok(&["cleanup", "b2:cleaned"]);
        assert_eq!(world.rows("cleaned"), ["start begun", "upload twice"], "a day is not over");
        // The younger ones do not wait for the day when told so.
        if rclone.minor() >= 70 {
            rclone.ok(&["backend", "cleanup", "b2:cleaned", "-o", "max-age=0s"]);
        } else {
            world.sim.b2().call("b2_cancel_large_file", json!({"fileId": begun["fileId"]})).unwrap();
        }
        assert_eq!(world.rows("cleaned"), ["upload twice"]);
        rclone.ok(&["deletefile", "--b2-hard-delete", "b2:cleaned/twice"]);
        assert!(world.rows("cleaned").is_empty());
    }
}

#[test]
fn every_rclone_takes_a_restricted_key_minted_through_version_3() {
    let (world, rclones) = with_least("old-world");
    world.sim.b2().put("old-world", "file", b"x").unwrap();
    for rclone in rclones {
        assert_eq!(rclone.ok(&["lsf", "b2:old-world"]), "file\n");
        assert_eq!(rclone.ok(&["cat", "b2:old-world/file"]), "x");
        let more = rclone.refused(&["deletefile", "--b2-hard-delete", "b2:old-world/file"]);
        assert!(more.contains("401"), "{more}");
    }
}

#[test]
fn rclone_before_1_73_is_refused_with_a_restricted_key_minted_through_version_4() {
    let world = World::new();
    world.bucket("new-world");
    world.sim.b2().put("new-world", "file", b"x").unwrap();
    for rclone in rclones(&world, &restricted(&world, 4, "new-world", &LEAST)) {
        if rclone.minor() >= 73 {
            assert_eq!(rclone.ok(&["lsf", "b2:new-world"]), "file\n");
        } else {
            let refused = rclone.refused(&["lsf", "b2:new-world"]);
            assert!(refused.contains("not currently supported on API version number 1"), "{refused}");
        }
    }
}
