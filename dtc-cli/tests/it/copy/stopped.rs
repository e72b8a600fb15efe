//! Killed at every step, the same command goes on.

use std::fs;
use std::process::{Child, Command, Stdio};

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

/// A run of a program that needs half a minute for a file, of which it has written some.
fn under_way(bed: &Bed, engine: &str, step: &str, job: &str) -> Child {
    bed.write("source/big.dat", &vec![7; 32 << 20]);
    fs::create_dir_all(bed.server()).unwrap();
    let (program, slowly, folder) = match step {
        "rclone" => (engine, "RCLONE_BWLIMIT=1M exec PROGRAM \"$@\"", bed.path("catalogue")),
        _ => ("rsync", "exec PROGRAM --bwlimit=1000 \"$@\"", bed.server()),
    };
    let lines = format!("case \"$1\" in *version) exec PROGRAM \"$1\";; esac\necho $$ > pid\n{slowly}");
    let slow = bed.script("slow", &lines.replace("PROGRAM", program));
    match step {
        "rclone" => bed.write_job(&slow, job),
        _ => bed.write_job(engine, &format!("{job}programs.rsync = {slow:?}\n")),
    }
    let mut run = bed.command(&["run", "--json"]);
    let mut child = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    while bed::longest(&folder) < 1_000_000 {
        assert!(child.try_wait().unwrap().is_none(), "{engine} {step}: it has ended");
        std::thread::yield_now();
    }
    child
}

fn kill(pid: &str) {
    assert!(Command::new("kill").args(["-9", pid.trim()]).status().unwrap().success(), "{pid}");
}

/// Waits until a program has ended. One that nobody has asked for its end yet has ended, too.
fn has_ended(pid: &str) {
    let state = || Command::new("ps").args(["-o", "stat=", "-p", pid.trim()]).output().unwrap().stdout;
    while state().first().is_some_and(|state| *state != b'Z') {
        std::thread::yield_now();
    }
}

/// What is in the catalogue and on the server is whole, and is all of it.
fn is_whole(bed: &Bed, engine: &str, job: &str) {
    bed.write_job(engine, job);
    bed.said(&["run"]).ended(0);
    bed.said(&["check"]).ended(0);
    assert_eq!(bed.files("catalogue"), 7, "{engine}");
    let carried: Vec<_> =
        bed::tree(&bed.server()).into_iter().filter(|(path, _)| !path.contains(".rsync-partial")).collect();
    assert_eq!(carried, bed::tree(&bed.path("catalogue")), "{engine}");
}

/// X3: rclone is killed while it writes. rsync does not begin, what is unfinished is taken for no file, and the next run does the rest.
#[test]
fn x3_unfinished_files_of_a_killed_rclone_are_cleared_up() {
    let job = "to = \"server\"\n";
    for engine in engines().into_iter().filter(|engine| engine != "own" && bed::has_rsync()) {
        let bed = Bed::new(&engine, "");
        let child = under_way(&bed, &engine, "rclone", job);
        kill(&fs::read_to_string(bed.path("pid")).unwrap());
        let ran = Said::of(child.wait_with_output().unwrap()).ended(7).json();
        assert_eq!(
            (&ran["encryption"]["failure"]["kind"], &ran["transfer_withheld"]),
            (&json!("killed"), &json!(true)),
            "{engine}: {ran}"
        );
        assert_eq!(bed.files("server"), 0);
        let written = bed.files("catalogue") - 1;
        let back = bed.said(&["restore", "--to", "restored", "--json"]).ended(0).json();
        assert_eq!(
            (&back["restored"], bed.files("restored")),
            (&json!(written), written),
            "{engine}: {back}"
        );
        let checked = bed.said(&["check", "--local", "--json"]).ended(2).json();
        assert_eq!(checked["extra"], json!([]), "{engine}: {checked}");
        is_whole(&bed, &engine, job);
    }
}

/// X3: we are killed while a program runs. It does not go on without us.
#[test]
fn x3_no_program_outlives_us() {
    let job = "to = \"server\"\n";
    for engine in engines().into_iter().take(2).filter(|_| bed::has_rsync()) {
        let step = if engine == "own" { "rsync" } else { "rclone" };
        let bed = Bed::new(&engine, "");
        let mut child = under_way(&bed, &engine, step, job);
        child.kill().unwrap();
        child.wait().unwrap();
        has_ended(&fs::read_to_string(bed.path("pid")).unwrap());
        assert_eq!(bed.files("server") > 0, step == "rsync");
        let whole =
            bed::tree(&bed.path("source")).into_iter().map(|(_, content)| content.len()).max().unwrap();
        let carried = bed::tree(&bed.path(if step == "rsync" { "server" } else { "catalogue" }));
        assert!(
            carried.iter().all(|(_, content)| content.len() < whole),
            "{engine}: it has gone on to the end"
        );
        is_whole(&bed, &engine, job);
    }
}

/// X3: rsync is killed midway, and the line to the server is cut midway: what was sent is kept, and no half file stands under its name.
#[test]
fn x3_an_rsync_that_is_killed_and_a_line_that_is_cut_leave_no_half_file_under_its_name() {
    let Some(server) = bed::Sshd::start() else { return };
    for (cut, over_ssh) in [("rsync", false), ("rsync", true), ("ssh", true)] {
        let bed = Bed::new("own", "");
        let folder = format!("server-{cut}");
        let job = if over_ssh { server.job(&folder) } else { "to = \"server\"\n".to_owned() };
        if over_ssh {
            bed.set_server(server.path(&folder));
        }
        let child = under_way(&bed, "own", "rsync", &job);
        let rsync = fs::read_to_string(bed.path("pid")).unwrap();
        let ssh = Command::new("pgrep").args(["-x", "ssh", "-P", rsync.trim()]).output().unwrap().stdout;
        kill(if cut == "ssh" { std::str::from_utf8(&ssh).unwrap() } else { &rsync });
        let said = Said::of(child.wait_with_output().unwrap());
        assert!([4, 7].contains(&said.code), "{cut}: {said:?}");
        let ran = said.json();
        assert!(ran["transfer"]["failure"]["remedy"].as_str().unwrap().contains("run again"), "{cut}: {ran}");
        let catalogue = bed::tree(&bed.path("catalogue"));
        for (path, content) in bed::tree(&bed.server()) {
            let same = catalogue.iter().find(|(stored, _)| *stored == path);
            assert!(
                same.is_none_or(|(_, whole)| *whole == content),
                "{cut}: half of {path} stands under its name"
            );
        }
        is_whole(&bed, "own", &job);
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
        // Those that rclone is not given are named by the plan.
        let planned = bed.said(&["plan", "--json"]).ended(0).json();
        let taken_over = planned["taken_over"].as_array().unwrap().len();
        assert_eq!(taken_over, if engine == "own" { 0 } else { 3 }, "{engine}: {planned}");
        let planned = bed.said(&["plan"]).ended(0);
        assert_eq!(planned.out.contains("by this program itself"), engine != "own", "{}", planned.out);
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

/// Y2: the server's disk is not mounted. An empty folder is not taken for the catalogue, and the next run fetches what is there then.
#[test]
fn y2_a_destination_without_a_file_is_not_taken_for_the_catalogue() {
    if !bed::has_rsync() {
        return;
    }
    let bed = Bed::new("own", "to = \"server\"\n");
    fs::create_dir(bed.path("server")).unwrap();
    bed.said(&["run"]).ended(0);
    fs::rename(bed.path("server"), bed.path("elsewhere")).unwrap();
    fs::create_dir_all(bed.path("server/lost+found")).unwrap();
    fs::remove_dir_all(bed.path("catalogue")).unwrap();
    for arguments in [&["restore", "--to", "restored", "--dry-run"][..], &["restore", "--to", "restored"]] {
        let said = bed.said(arguments).ended(4);
        assert!(said.err.contains("holds no file") && said.err.contains("not mounted"), "{}", said.err);
        assert!(!bed.path("catalogue").exists() && !bed.path("restored").exists());
    }
    fs::remove_dir_all(bed.path("server")).unwrap();
    fs::rename(bed.path("elsewhere"), bed.path("server")).unwrap();
    bed.said(&["restore", "--to", "restored"]).ended(0);
    assert_eq!(bed::tree(&bed.path("restored")), bed::tree(&bed.path("source")));
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
