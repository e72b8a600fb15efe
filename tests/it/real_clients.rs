//! The clients that people use, driven as they drive them, against the simulated B2: it must be such that no client can tell.

mod b2_cli;
mod b2_cli_locks;
mod cli;
mod coverage;
mod file_names;
mod rclone;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Once;

use data_encoding::HEXLOWER;
use dtc_tests::recorded;
use serde_json::Value;
use simulator::{DEFAULT_ID, Simulator, b2};
use tempfile::TempDir;
use tokio::runtime::{self, Runtime};

/// The smallest part that B2 takes. Here it is also what the account recommends, so that a few megabytes make a large file.
const PART: usize = 5_000_000;

/// A simulated B2, and a folder for what clients bring and fetch.
struct World {
    sim: Simulator,
    folder: TempDir,
    _runtime: Runtime,
}

impl World {
    fn new() -> Self {
        Self::of(b2::Settings::default())
    }

    fn of(settings: b2::Settings) -> Self {
        let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let settings = settings.part_sizes(PART as u64, PART as u64);
        let sim = runtime
            .block_on(recorded(Simulator::builder().b2_account(DEFAULT_ID, settings)).start())
            .unwrap();
        Self { sim, folder: tempfile::tempdir().unwrap(), _runtime: runtime }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The path as an argument.
    fn at(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Writes a file and returns its path as an argument.
    fn file(&self, name: &str, bytes: &[u8]) -> String {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), bytes).unwrap();
        self.at(name)
    }

    /// Makes a private bucket, past the sockets.
    fn bucket(&self, name: &str) -> String {
        let request = serde_json::json!({"bucketName": name, "bucketType": "allPrivate"});
        text(&self.sim.b2().call("b2_create_bucket", request).unwrap()["bucketId"])
    }

    /// The newest version of a name that has content.
    fn version(&self, bucket: &str, name: &str) -> Value {
        let versions = self.sim.b2().versions(bucket).into_iter();
        let found = versions.filter(|version| version["action"] == "upload").find(|v| v["fileName"] == name);
        found.unwrap_or_else(|| panic!("there is no {name} in {bucket}: {:?}", self.rows(bucket)))
    }

    /// Every version of a bucket as `action name`, the newest first within a name.
    fn rows(&self, bucket: &str) -> Vec<String> {
        let row = |version: &Value| format!("{} {}", text(&version["action"]), text(&version["fileName"]));
        self.sim.b2().versions(bucket).iter().map(row).collect()
    }

    /// How often an operation was granted so far.
    fn granted(&self, operation: &str) -> usize {
        let lines = self.sim.transcript().lines().into_iter();
        lines.filter(|line| line.operation == operation && line.json()["status"].as_u64() < Some(300)).count()
    }
}

/// What a client printed, and whether it was content.
#[derive(Debug)]
struct Ended {
    well: bool,
    out: String,
    errors: String,
}

/// Runs a client to its end, with `input` on its standard input.
fn run(command: &mut Command, input: &[u8]) -> Ended {
    // A loopback address never goes by a proxy.
    let command = command.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1");
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child =
        piped.spawn().unwrap_or_else(|error| panic!("{}: {error}", command.get_program().display()));
    let mut pipe = child.stdin.take().unwrap();
    std::thread::scope(|scope| {
        // Whoever does not read its input ends the pipe; that is no failure.
        scope.spawn(move || pipe.write_all(input));
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Ended { well: output.status.success(), out: text(output.stdout), errors: text(output.stderr) }
    })
}

/// Says past the capture of the test runner, and once for each reason, why nothing is tried.
fn skipped(said: &Once, why: &str) {
    said.call_once(|| {
        let _ = std::io::stderr().write_all(format!("\nSKIPPED: {why}\n").as_bytes());
    });
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// Bytes in which no piece is like another.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// A folder's files by path, each with its content.
fn tree(folder: &Path) -> String {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    let mut listed = String::new();
    for path in found {
        let name = path.strip_prefix(folder).unwrap().display().to_string();
        writeln!(listed, "{name}: {}", HEXLOWER.encode(&fs::read(path).unwrap())).unwrap();
    }
    listed
}
