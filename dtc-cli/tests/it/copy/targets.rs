//! Targets that take no more, and copies of many files.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::bed::{self, Bed, Sshd, engines};

/// A small disk, or one that takes nothing. It is gone when this is dropped.
struct Disk<'a>(&'a Path);

impl<'a> Disk<'a> {
    /// Mounts one; `None` where only root may.
    fn mount(at: &'a Path, options: &str) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(at);
        mount.output().is_ok_and(|output| output.status.success()).then_some(Self(at))
    }
}

impl Drop for Disk<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

/// Full, and read-only, here and on a server: what was carried is whole, what is missing is named, and the next run does the rest.
#[test]
fn x8_a_destination_that_takes_no_more_keeps_what_it_has_and_the_rest_is_named() {
    let Some(server) = Sshd::start() else { return };
    for (number, (options, word)) in [
        ("size=128k", "No space left"),
        ("ro", "Read-only"),
        ("size=128k", "No space left"),
        ("ro", "Read-only"),
    ]
    .into_iter()
    .enumerate()
    {
        let bed = Bed::new("own", "to = \"server\"\n");
        if number > 1 {
            let folder = format!("disk-{number}");
            bed.set_server(server.path(&folder));
            bed.write_job("own", &server.job(&folder));
        }
        let folder = bed.server();
        let Some(disk) = Disk::mount(&folder, options) else { return };
        let ran = bed.said(&["run", "--json"]);
        let (carried, catalogue) = (bed::tree(&folder), bed::tree(&bed.path("catalogue")));
        drop(disk);
        let ran = ran.ended(7).json();
        assert!(!ran["transfer"]["missing"].as_array().unwrap().is_empty(), "{ran}");
        let message = ran["error"]["message"].as_str().unwrap();
        // rsync itself loses its last words at times.
        assert!(message.contains(word) || message.contains("full or read-only disk"), "{word}: {ran}");
        let is_whole =
            |file: &(String, Vec<u8>)| file.0.contains(".rsync-partial") || catalogue.contains(file);
        assert!(carried.iter().all(is_whole), "a half file stands under its name");
        assert_eq!(carried.is_empty(), options == "ro", "{word}");
        bed.said(&["run"]).ended(0);
        assert_eq!(bed::tree(&folder), catalogue);
    }
}

/// The disk of the catalogue is full, or takes nothing: rsync does not begin.
#[test]
fn x8_a_catalogue_on_a_disk_that_takes_no_more_is_carried_nowhere() {
    for engine in engines().into_iter().filter(|_| bed::has_rsync()) {
        for (options, word) in [("size=128k", "space"), ("ro", "read-only")] {
            let bed = Bed::new(&engine, "to = \"server\"\n");
            fs::create_dir(bed.path("server")).unwrap();
            let catalogue = bed.path("catalogue");
            let Some(disk) = Disk::mount(&catalogue, options) else { return };
            let ran = bed.said(&["run", "--json"]).ended(7).json();
            drop(disk);
            assert!(ran.to_string().to_lowercase().contains(word), "{engine}: {ran}");
            assert_eq!(
                (&ran["transfer_withheld"], bed.files("server")),
                (&json!(true), 0),
                "{engine}: {ran}"
            );
            bed.said(&["run"]).ended(0);
            bed.said(&["check"]).ended(0);
        }
    }
}

/// 10⁵ files, of which a usual run has fewer: encrypted, carried, checked, found done.
#[test]
fn y2_many_files_are_copied_in_one_run() {
    let count = if std::env::var_os("DTC_DEEP").is_some() { 100_000 } else { 1_000 };
    for engine in engines().into_iter().take(2).filter(|_| bed::has_rsync()) {
        let bed = Bed::new(&engine, "to = \"server\"\n");
        fs::create_dir(bed.path("server")).unwrap();
        for number in 0..count {
            bed.write(&format!("source/many/{}/{number}.txt", number % 100), number.to_string().as_bytes());
        }
        let ran = bed.said(&["run", "--json"]).ended(0).json();
        let all = count + 6;
        assert_eq!(
            (&ran["encryption"]["written"], &ran["transfer"]["files"]),
            (&json!(all), &json!(all)),
            "{engine}"
        );
        let again = bed.said(&["run", "--json"]).ended(0).json();
        assert_eq!(
            (&again["encryption"]["written"], &again["transfer"]["files"]),
            (&json!(0), &json!(0)),
            "{engine}"
        );
        assert_eq!(bed.said(&["check", "--json"]).ended(0).json()["same"], json!(all), "{engine}");
    }
}
