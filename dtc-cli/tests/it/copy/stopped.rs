//! Killed at every step, the same command goes on.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use serde_json::json;

use super::bed::{self, Bed, engines};

/// X3: killed while a program runs — before it did anything, after it did some, and before its end is seen — the next run ends in the same
/// place. The programs are the real ones, behind a script that says where it is and then waits to be killed with us.
#[test]
fn x3_killed_at_every_step_the_next_run_ends_in_the_same_place() {
    if !bed::has_rsync() {
        return;
    }
    for engine in engines() {
        for (step, when) in
            [("rclone", "before"), ("rclone", "after"), ("rsync", "before"), ("rsync", "after")]
        {
            if engine == "own" && step == "rclone" {
                continue;
            }
            let bed = Bed::new(&engine, "");
            fs::create_dir(bed.path("server")).unwrap();
            let real = if step == "rsync" { "rsync" } else { &engine };
            let stop = "echo here > reached; while kill -0 $PPID 2> /dev/null; do :; done; exit 1";
            let (before, after) = if when == "before" { (stop, "") } else { ("", stop) };
            let lines = format!(
                "#!/bin/sh\ncase \"$1\" in version|--version) exec {real} \"$@\";; esac\n{before}\n{real} \"$@\"\ncode=$?\n{after}\nexit $code\n"
            );
            bed.write("stand-in", lines.as_bytes());
            fs::set_permissions(bed.path("stand-in"), fs::Permissions::from_mode(0o755)).unwrap();
            let stand_in = bed.path("stand-in").display().to_string();
            let (rclone, rsync) = if step == "rsync" {
                (engine.clone(), format!("programs.rsync = {stand_in:?}\n"))
            } else {
                (stand_in, String::new())
            };
            bed.write_job(&rclone, &format!("to = \"server\"\n{rsync}"));
            let mut child =
                bed.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            while !bed.path("reached").exists() {
                assert!(child.try_wait().unwrap().is_none(), "{engine} {step} {when}: it has ended");
                std::thread::yield_now();
            }
            child.kill().unwrap();
            child.wait().unwrap();
            bed.write_job(&engine, "to = \"server\"\n");
            bed.said(&["run"]).ended(0);
            bed.said(&["check"]).ended(0);
            assert_eq!(
                bed::tree(&bed.path("catalogue")),
                bed::tree(&bed.path("server")),
                "{engine} {step} {when}"
            );
        }
    }
}

/// What a killed rclone left half written is removed by the next run, and a catalogue that was fetched in part is never taken for one.
#[test]
fn x3_half_files_are_cleared_up_and_half_catalogues_are_not_restored() {
    if !bed::has_rsync() {
        return;
    }
    for engine in engines() {
        let bed = Bed::new(&engine, "to = \"server\"\n");
        fs::create_dir(bed.path("server")).unwrap();
        bed.said(&["run"]).ended(0);
        if engine != "own" {
            let half = "x.bin.1a2b3c4d.partial";
            bed.write("half", b"half of it");
            let put =
                bed.rclone(&engine).args(["copyto"]).arg(bed.path("half")).arg(format!("e:{half}")).status();
            assert!(put.unwrap().success());
            assert_eq!(bed.files("catalogue"), 7);
            bed.said(&["run"]).ended(0);
            assert_eq!(bed.files("catalogue"), 6, "{engine}: the half file is still there");
        }
        // As a fetch leaves it that was killed: some files are there, beside the catalogue's place.
        fs::rename(bed.path("catalogue"), bed.path("catalogue.fetching")).unwrap();
        let (first, _) = bed::tree(&bed.path("catalogue.fetching")).remove(0);
        fs::remove_file(bed.path("catalogue.fetching").join(first)).unwrap();
        let back = bed.said(&["restore", "--to", "restored", "--json"]).ended(0).json();
        assert_eq!((&back["fetched"]["files"], &back["restored"]), (&json!(1), &json!(6)), "{back}");
        assert_eq!(bed::tree(&bed.path("restored")), bed::tree(&bed.path("source")));
    }
}

/// X3: a second run of a job, while one is under way, stops before it does anything.
#[test]
fn x3_two_runs_of_a_job_do_not_get_in_each_others_way() {
    let bed = Bed::new("own", "");
    bed.said(&["run"]).ended(0);
    bed.write("source/new.txt", b"new");
    let log = fs::File::options().append(true).open(bed.path("documents.log")).unwrap();
    log.lock().unwrap();
    let said = bed.said(&["run"]).ended(1);
    assert!(said.err.contains("in use by another run") && bed.files("catalogue") == 6, "{}", said.err);
    drop(log);
    bed.said(&["run"]).ended(0);
}
