//! Killed at every step, the same command goes on.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::json;

use super::bed::{self, Bed, engines};
use crate::program::Said;

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
                "case \"$1\" in version|--version) exec {real} \"$@\";; esac\n{before}\n{real} \"$@\"\ncode=$?\n{after}\nexit $code"
            );
            let stand_in = bed.script("stand-in", &lines);
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

/// X3: rclone is killed while it writes. rsync does not begin, and the next run removes what was half written and does the rest.
#[test]
fn x3_half_files_of_a_killed_rclone_are_cleared_up() {
    for engine in engines().into_iter().filter(|engine| engine != "own" && bed::has_rsync()) {
        let bed = Bed::new(&engine, "");
        bed.write("source/big.dat", &vec![7; 32 << 20]);
        fs::create_dir(bed.path("server")).unwrap();
        // It takes half a minute for the file.
        let lines = format!(
            "[ \"$1\" = version ] && exec {engine} version\necho $$ > pid\nRCLONE_BWLIMIT=1M exec {engine} \"$@\""
        );
        let slow = bed.script("slow-rclone", &lines);
        bed.write_job(&slow, "to = \"server\"\n");
        let child = bed.command(&["run", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.unwrap();
        while bed::longest(&bed.path("catalogue")) < 1_000_000 {
            assert!(child.try_wait().unwrap().is_none(), "{engine}: it has ended");
            std::thread::yield_now();
        }
        let pid = fs::read_to_string(bed.path("pid")).unwrap();
        assert!(Command::new("kill").args(["-9", pid.trim()]).status().unwrap().success());
        let ran = Said::of(child.wait_with_output().unwrap()).ended(7).json();
        assert_eq!(
            (&ran["encryption"]["failure"]["kind"], &ran["transfer_withheld"]),
            (&json!("killed"), &json!(true)),
            "{engine}: {ran}"
        );
        assert_eq!(bed.files("server"), 0);
        bed.write_job(&engine, "to = \"server\"\n");
        bed.said(&["run"]).ended(0);
        assert_eq!(bed.files("catalogue"), 7, "{engine}: the half file is still there");
        bed.said(&["check"]).ended(0);
    }
}

/// Names that are too long for rclone's own, whatever its version: two that differ only at the end, of the same length and time.
#[test]
fn y2_long_names_are_encrypted_with_every_rclone() {
    for engine in engines() {
        let bed = Bed::new(&engine, "");
        for (last, content) in [("a", b"one"), ("b", b"two")] {
            bed.write(&format!("source/long/{}{last}", "é".repeat(71)), content);
        }
        let ran = bed.said(&["run", "--json"]).ended(0).json();
        assert_eq!(ran["encryption"]["written"], 8, "{engine}: {ran}");
        bed.said(&["check"]).ended(0);
    }
}

/// A catalogue that was fetched in part is never taken for one.
#[test]
fn x3_half_catalogues_are_not_restored() {
    if !bed::has_rsync() {
        return;
    }
    for engine in engines() {
        let bed = Bed::new(&engine, "to = \"server\"\n");
        fs::create_dir(bed.path("server")).unwrap();
        bed.said(&["run"]).ended(0);
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
