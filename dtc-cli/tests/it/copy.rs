//! `dtc copy`: with the real rsync, over a real sshd on loopback, and with our engine and the real rclone.

mod bad_input;
mod bed;
#[cfg(feature = "demo")]
mod escrowed;
mod stopped;
mod targets;

use std::fs;

use serde_json::json;

use self::bed::{Bed, engines};

/// Y2, Y3: every way that a copy goes, for each engine: dry, for real, nothing left to do, checked, lost and fetched again.
#[test]
fn y2_a_folder_is_encrypted_and_carried_and_comes_back() {
    if !bed::has_rsync() {
        return;
    }
    for engine in engines() {
        let bed = Bed::new(&engine, "to = \"server\"\n");
        fs::create_dir(bed.path("server")).unwrap();
        bed.round_trip();
    }
}

/// The same over SSH, with a pinned host key.
#[test]
fn y2_a_catalogue_is_carried_over_ssh_to_the_server_that_shows_the_pinned_key() {
    let Some(server) = bed::Sshd::start() else { return };
    for engine in engines().into_iter().take(1) {
        let bed = Bed::new(&engine, &server.job("server"));
        bed.set_server(server.path("server"));
        bed.round_trip();
    }
    let known = std::env::temp_dir();
    let left = fs::read_dir(known).unwrap().flatten().filter(|entry| {
        let is_ours = entry.file_name().to_string_lossy().starts_with("dtc-copy-");
        is_ours
            && entry.path().join("known_hosts").metadata().is_ok_and(|file| {
                let port = format!("]:{} ", server.port);
                file.is_file()
                    && fs::read_to_string(entry.path().join("known_hosts"))
                        .is_ok_and(|text| text.contains(&port))
            })
    });
    assert_eq!(left.count(), 0, "a file of host keys was left behind");
}

/// The server that shows another key gets nothing.
#[test]
fn y2_a_server_with_another_host_key_is_sent_nothing() {
    let Some(server) = bed::Sshd::start() else { return };
    let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7l3cUdzBAQcmTp0dC1MMdPcn0fOpJmL4kYVb8m2nXx";
    let bed = Bed::new("own", &server.job("server").replace(&server.host_key, other));
    let said = bed.said(&["run", "--json"]).ended(5).json();
    assert_eq!(
        (&said["code"], &said["transfer"]["failure"]["kind"]),
        (&json!("DTC-COPY-HOST"), &json!("wrong_host"))
    );
    assert!(!server.path("server").exists());
    // The catalogue is there, and what is missing is said to be.
    let checked = bed.said(&["check", "--json"]).ended(5).json();
    assert_eq!(checked["passed"], true);
}

/// Y1: the mapping is shown as rclone shows it.
#[test]
fn y1_the_mapping_is_shown_in_rclones_words() {
    let bed = Bed::new("own", "");
    bed.said(&["run"]).ended(0);
    let said = bed.said(&["plan", "--mapping"]).ended(0);
    let lines: Vec<&str> = said.err.lines().filter(|line| line.contains("Encrypts to")).collect();
    assert!(lines.iter().any(|line| line.starts_with("deep/über.dat: Encrypts to \"")), "{lines:?}");
    let Some(rclone) = bed::rclone() else { return };
    let output = bed.rclone(&rclone).args(["ls", "e:", "--crypt-show-mapping"]).output().unwrap();
    let theirs = String::from_utf8_lossy(&output.stderr).into_owned();
    for line in lines {
        assert!(theirs.contains(line), "{line}: {theirs}");
    }
}

/// What rclone encrypted, our engine goes on with, and the other way round; names, contents and times are the same.
#[test]
fn y2_engines_take_turns() {
    let Some(rclone) = bed::rclone() else { return };
    let bed = Bed::new(&rclone, "");
    bed.said(&["run"]).ended(0);
    for engine in ["own", &rclone] {
        bed.write_job(engine, "");
        let again = bed.said(&["run", "--json"]).ended(0).json();
        assert_eq!(again["encryption"]["written"], 0, "{engine}: {again}");
        bed.write("source/new.txt", engine.as_bytes());
        let changed = bed.said(&["run", "--json"]).ended(0).json();
        assert_eq!(changed["encryption"]["written"], 1, "{engine}: {changed}");
        bed.said(&["check"]).ended(0);
    }
}

/// What is gone from the source goes only where the job says so, and never all at once.
#[test]
fn y2_what_has_no_source_is_deleted_only_where_the_job_says_so() {
    if !bed::has_rsync() {
        return;
    }
    for engine in engines() {
        let bed = Bed::new(&engine, "to = \"server\"\n");
        fs::create_dir(bed.path("server")).unwrap();
        bed.said(&["run"]).ended(0);
        fs::remove_file(bed.path("source/a.txt")).unwrap();
        let kept = bed.said(&["run", "--json"]).ended(0).json();
        assert_eq!((&kept["encryption"]["removed"], bed.files("server")), (&json!(0), 6), "{engine}: {kept}");
        bed.write_job(&engine, "to = \"server\"\ndelete = true\n");
        assert_eq!(bed.said(&["plan", "--json"]).ended(0).json()["stale"].as_array().unwrap().len(), 1);
        let dry = bed.said(&["run", "--dry-run", "--json"]).ended(0).json();
        assert_eq!(
            (&dry["encryption"]["removed"], bed.files("catalogue")),
            (&json!(1), 6),
            "{engine}: {dry}"
        );
        let gone = bed.said(&["run", "--json"]).ended(0).json();
        assert_eq!(
            (&gone["encryption"]["removed"], &gone["transfer"]["removed"]),
            (&json!(1), &json!(1)),
            "{gone}"
        );
        assert_eq!((bed.files("catalogue"), bed.files("server")), (5, 5));
        // A disk that is not mounted.
        fs::rename(bed.path("source"), bed.path("elsewhere")).unwrap();
        fs::create_dir(bed.path("source")).unwrap();
        let said = bed.said(&["run"]).ended(6);
        assert!(said.err.contains("not mounted") && bed.files("server") == 5, "{said:?}");
    }
}

/// A remote of rclone's own configuration, encrypted and over an alias.
#[test]
fn y2_rclones_own_configuration_is_read() {
    let Some(rclone) = bed::rclone() else { return };
    let bed = Bed::new("own", "");
    let password = rclone_crypt::obscure(bed::PASSWORD).unwrap();
    let salt = rclone_crypt::obscure(bed::SALT).unwrap();
    let text = format!(
        "[disk]\ntype = alias\nremote = {}\n\n[demoEncrypted]\ntype = crypt\nremote = disk:catalogue\npassword = {}\npassword2 = {}\n",
        bed.path("").display(),
        password.expose(),
        salt.expose()
    );
    bed.write_secret("rclone.conf", &text);
    let set =
        ["config", "encryption", "set", "--password-command", "printf geheim", "--config", "rclone.conf"];
    let output = std::process::Command::new(&rclone).args(set).current_dir(bed.path("")).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let job = "name = \"Documents\"\nsource = \"source\"\nengine = \"own\"\nremote = \"demoEncrypted:\"\nconfig = \"rclone.conf\"\n";
    bed.write("documents.toml", job.as_bytes());
    let without = bed.said(&["run"]).ended(4);
    assert!(without.err.contains("RCLONE_CONFIG_PASS"), "{without:?}");
    for (given, code) in [("geheim?", 3), ("geheim", 0)] {
        let mut command = bed.command(&["run"]);
        command.env("RCLONE_CONFIG_PASS", given);
        crate::program::Said::by(&mut command).ended(code);
    }
    let output = std::process::Command::new(&rclone)
        .args(["check", "source", "demoEncrypted:", "--download", "--config", "rclone.conf"])
        .env("RCLONE_CONFIG_PASS", "geheim")
        .current_dir(bed.path(""))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}
