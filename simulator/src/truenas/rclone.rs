//! The real rclone, started as the appliance starts it: the same configuration file, the same flags.
//!
//! Two things differ: paths point at the simulation's directories, and the address of the simulated B2 comes by an
//! environment variable, so that the configuration file is what the appliance writes
//! (TrueNAS middleware 25.10, `plugins/cloud_sync.py`).

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use tempfile::NamedTempFile;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::Command;

use super::arguments;
use super::jobs::Job;
use super::nas::Nas;
use super::plan::Plan;

/// Lines of rclone's log that a failed job shows.
const LAST_LINES: usize = 5;
/// Lines of it that are kept at all.
const KEPT_LINES: usize = 200;

/// Runs a task; the error is the end of rclone's log.
pub(super) async fn run(nas: &Nas, job: &Job, plan: &Plan, program: &Path) -> Result<(), String> {
    let arguments = plan.arguments();
    let arguments = arguments::allowed(&arguments)?;
    let config = file(nas, &config_text(plan)?)?;
    let filters = file(nas, &(plan.filter_lines(nas.release).join("\n") + "\n"))?;
    let mut command = command(nas, program);
    command.arg("--config").arg(config.path()).args(flags(plan)).arg("--filter-from").arg(filters.path());
    command.args(arguments).arg(plan.mode().verb());
    if plan.is("create_empty_src_dirs") {
        command.arg("--create-empty-src-dirs");
    }
    if plan.text("direction") == "PULL" {
        command.arg(remote(plan)).arg(&plan.source);
    } else {
        command.arg(&plan.source).arg(remote(plan));
    }
    let mut child = command.spawn().map_err(|e| format!("cannot start rclone: {e}"))?;
    let log = match child.stderr.take() {
        Some(stderr) => follow(job, stderr).await,
        None => Vec::new(),
    };
    let status = child.wait().await.map_err(|e| format!("rclone was lost: {e}"))?;
    job.log(&log.join("\n"));
    if status.success() {
        return Ok(());
    }
    let mut text = log[log.len().saturating_sub(LAST_LINES)..].join("\n");
    // The appliance names every exit code but the usual one.
    match status.code() {
        Some(1) => {}
        Some(code) => text = format!("{text}\nrclone failed with exit code {code}"),
        None => text = format!("{text}\nrclone was killed"),
    }
    Err(text)
}

/// Lists what a credential can see, as the appliance does to verify it.
pub(super) async fn list_remote(nas: &Nas, program: &Path, account: &str, key: &str) -> Result<(), String> {
    if [account, key].iter().any(|value| value.contains(char::is_control)) {
        return Err("a value with a line end would become another line of rclone's configuration".to_owned());
    }
    let config = file(nas, &format!("[remote]\ntype = b2\naccount = {account}\nkey = {key}\n"))?;
    let mut command = command(nas, program);
    command.arg("--config").arg(config.path());
    command.args(["--contimeout", "15s", "--timeout", "30s", "lsjson", "remote:"]);
    let output = command.output().await.map_err(|e| format!("cannot start rclone: {e}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn command(nas: &Nas, program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("HOME", nas.disk.scratch()).env("RCLONE_B2_ENDPOINT", &nas.b2_url);
    // Windows programs find neither sockets nor random numbers without it.
    command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// Writes a file that only its owner may read.
fn file(nas: &Nas, text: &str) -> Result<NamedTempFile, String> {
    let write = || {
        let mut file = NamedTempFile::new_in(nas.disk.scratch())?;
        file.write_all(text.as_bytes())?;
        file.flush()?;
        Ok(file)
    };
    write().map_err(|e: std::io::Error| format!("cannot write rclone's files: {e}"))
}

/// The configuration file as the appliance writes it.
pub(super) fn config_text(plan: &Plan) -> Result<String, String> {
    let values = [plan.bucket(), plan.folder(), &plan.account, &plan.key];
    if values.iter().any(|value| value.contains(char::is_control)) {
        return Err("a value with a line end would become another line of rclone's configuration".to_owned());
    }
    let mut lines = Vec::new();
    if plan.is("encryption") {
        let obscured = |field: &str| {
            let hidden = rclone_crypt::obscure(plan.text(field)).map_err(|e| e.to_string())?;
            Ok::<_, String>(hidden.expose().to_owned())
        };
        let place = format!("{}/{}", plan.bucket(), plan.folder());
        lines.extend(["[encrypted]".to_owned(), "type = crypt".to_owned()]);
        lines.push(format!("remote = remote:{}", place.trim_end_matches('/')));
        let names = if plan.is("filename_encryption") { "standard" } else { "off" };
        lines.push(format!("filename_encryption = {names}"));
        lines.push(format!("password = {}", obscured("encryption_password")?));
        if !plan.text("encryption_salt").is_empty() {
            lines.push(format!("password2 = {}", obscured("encryption_salt")?));
        }
    }
    lines.extend(["[remote]".to_owned(), "type = b2".to_owned()]);
    lines.push(format!("account = {}", plan.account));
    lines.push(format!("key = {}", plan.key));
    for name in ["bucket", "folder", "fast_list"] {
        match plan.attribute(name) {
            Value::String(value) => lines.push(format!("{name} = {value}")),
            Value::Bool(value) => lines.push(format!("{name} = {value}")),
            _ => {}
        }
    }
    if let Some(size) = plan.attribute("chunk_size").as_i64() {
        lines.push(format!("chunk_size = {size}M"));
        if size > 200 {
            lines.push(format!("upload_cutoff = {size}M"));
        }
    }
    Ok(lines.join("\n") + "\n")
}

/// The flags between the configuration and the filters.
pub(super) fn flags(plan: &Plan) -> Vec<String> {
    let mut flags: Vec<String> = ["-v", "--stats", "1s"].map(str::to_owned).into();
    if plan.attribute("fast_list") == true {
        flags.push("--fast-list".to_owned());
    }
    if plan.is("follow_symlinks") {
        flags.push("-L".to_owned());
    }
    if let Some(transfers) = plan.field("transfers").as_i64() {
        flags.extend(["--transfers".to_owned(), transfers.to_string()]);
    }
    let slot = |slot: &Value| {
        let time = slot["time"].as_str().unwrap_or_default();
        match slot["bandwidth"].as_i64() {
            Some(bytes) => format!("{time},{bytes}b"),
            None => format!("{time},off"),
        }
    };
    let slots: Vec<String> = plan.field("bwlimit").as_array().into_iter().flatten().map(slot).collect();
    if !slots.is_empty() {
        flags.extend(["--bwlimit".to_owned(), slots.join(" ")]);
    }
    if plan.is_dry {
        flags.push("--dry-run".to_owned());
    }
    if let Some(size) = plan.attribute("chunk_size").as_i64().filter(|size| *size > 128) {
        flags.extend(["--multi-thread-cutoff".to_owned(), format!("{size}M")]);
    }
    flags
}

fn remote(plan: &Plan) -> String {
    if plan.is("encryption") {
        return "encrypted:/".to_owned();
    }
    format!("remote:{}/{}", plan.bucket(), plan.folder())
}

/// Reads rclone's log to its end and turns its statistics into progress.
async fn follow(job: &Job, log: impl AsyncRead + Unpin) -> Vec<String> {
    let mut lines = BufReader::new(log).split(b'\n');
    let mut kept = Vec::new();
    let mut stats = Stats::default();
    while let Ok(Some(line)) = lines.next_segment().await {
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        if stats.read(&line)
            && let Some((percent, description)) = stats.progress()
        {
            job.progress(percent, &description);
        }
        if !line.is_empty() {
            kept.push(line);
        }
        if kept.len() > KEPT_LINES {
            kept.remove(0);
        }
    }
    kept
}

/// What rclone last said of how far it is.
#[derive(Debug, Default)]
pub(super) struct Stats {
    bytes: Option<(u64, String)>,
    files: Option<u64>,
    checks: Option<(u64, String)>,
}

impl Stats {
    /// Reads a line of the log; `true` when it was one of the statistics.
    pub(super) fn read(&mut self, line: &str) -> bool {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("Transferred:") {
            let rest = rest.trim();
            match percent(rest) {
                // Bytes come with a speed, files without.
                Some(n) if rest.contains("/s") => self.bytes = Some((n, rest.to_owned())),
                Some(n) => self.files = Some(n),
                None => {}
            }
            return true;
        }
        if let Some(rest) = line.strip_prefix("Checks:") {
            let counts = rest.split(", ").next().unwrap_or_default().trim().to_owned();
            self.checks = percent(rest).map(|n| (n, counts));
            return true;
        }
        false
    }

    /// The least of the percentages, and their description.
    pub(super) fn progress(&self) -> Option<(u64, String)> {
        let (percent, text) = self.bytes.clone()?;
        let checked = self.checks.as_ref().map(|(n, _)| *n);
        let least = [self.files, checked].into_iter().flatten().fold(percent, u64::min);
        let text = match &self.checks {
            Some((_, counts)) => format!("{text}, checks: {counts}"),
            None => text,
        };
        Some((least, text))
    }
}

fn percent(text: &str) -> Option<u64> {
    text.split(", ").find_map(|part| part.trim().strip_suffix('%')?.parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plan(change: impl FnOnce(&mut Value)) -> Plan {
        let mut task = json!({
            "path": "/mnt/pool0", "encryption": true, "filename_encryption": false, "encryption_password": "p",
            "encryption_salt": "s", "transfers": null, "follow_symlinks": false,
            "attributes": {"bucket": "bucket", "folder": "/guid/pool0/", "fast_list": true, "chunk_size": 96},
            "bwlimit": [{"time": "00:00", "bandwidth": 10_000_000}, {"time": "08:00", "bandwidth": null}],
        });
        change(&mut task);
        Plan::of(task.as_object().cloned().unwrap(), "id", "key")
    }

    fn without_secrets(config: &str) -> Vec<&str> {
        config.lines().filter(|line| !line.starts_with("password")).collect()
    }

    #[test]
    fn the_configuration_is_what_the_appliance_writes() {
        let config = config_text(&plan(|_| ())).unwrap();
        let remote = [
            "[remote]",
            "type = b2",
            "account = id",
            "key = key",
            "bucket = bucket",
            "folder = /guid/pool0/",
            "fast_list = true",
            "chunk_size = 96M",
        ];
        let crypt =
            ["[encrypted]", "type = crypt", "remote = remote:bucket/guid/pool0", "filename_encryption = off"];
        assert_eq!(without_secrets(&config), [&crypt[..], &remote[..]].concat());
        let password = config.lines().find_map(|line| line.strip_prefix("password2 = ")).unwrap();
        assert_eq!(rclone_crypt::reveal(password).unwrap().expose(), "s");
        let plain = config_text(&plan(|task| task["encryption"] = false.into())).unwrap();
        assert_eq!(plain.lines().collect::<Vec<_>>(), remote);
        let saltless = config_text(&plan(|task| task["encryption_salt"] = "".into())).unwrap();
        assert!(!saltless.contains("password2"));
        let large = config_text(&plan(|task| task["attributes"]["chunk_size"] = 256.into())).unwrap();
        assert!(large.ends_with("chunk_size = 256M\nupload_cutoff = 256M\n"));
    }

    #[test]
    fn no_value_becomes_a_line_of_the_configuration() {
        for change in [
            |task: &mut Value| task["attributes"]["bucket"] = "b\nendpoint = http://192.0.2.1".into(),
            |task: &mut Value| task["attributes"]["folder"] = "f\r[other]".into(),
        ] {
            assert!(config_text(&plan(change)).is_err());
        }
    }

    #[test]
    fn c3_flags_carry_the_limit_in_bytes() {
        let all = flags(&plan(|task| task["transfers"] = 8.into()));
        let expected =
            "-v --stats 1s --fast-list --transfers 8 --bwlimit 00:00,10000000b 08:00,off".split(' ');
        assert_eq!(all.join(" ").split(' ').collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        let large = flags(&plan(|task| task["attributes"]["chunk_size"] = 256.into()));
        assert!(large.ends_with(&["--multi-thread-cutoff".to_owned(), "256M".to_owned()]));
    }

    /// rclone goes by the clock of the machine that it runs on, and shares a limit among the transfers of one run only.
    #[test]
    fn a_limit_is_each_runs_own_and_its_times_are_the_appliances() {
        let limited = |description: &str| flags(&plan(|task| task["description"] = description.into()));
        for run in [limited("one"), limited("two")] {
            let at = run.iter().position(|flag| flag == "--bwlimit").unwrap();
            assert_eq!(run[at + 1], "00:00,10000000b 08:00,off", "the whole of it, in the words of the task");
        }
    }

    #[test]
    fn progress_is_the_least_percentage() {
        let mut stats = Stats::default();
        assert!(stats.read("Transferred:   \t   12.500 MiB / 64 MiB, 20%, 12.500 MiB/s, ETA 4s"));
        assert!(stats.read("Checks:                 5 / 9, 55%"));
        assert!(stats.read("Transferred:            3 / 25, 12%"));
        assert!(!stats.read("Elapsed time:         1.0s"));
        let (percent, text) = stats.progress().unwrap();
        assert_eq!(percent, 12);
        assert_eq!(text, "12.500 MiB / 64 MiB, 20%, 12.500 MiB/s, ETA 4s, checks: 5 / 9");
        assert!(stats.read("Transferred:   \t          0 B / 0 B, -, 0 B/s, ETA -"));
    }
}
