//! `dtc simulator`, and a site whose services it simulates.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::program::{Said, dtc};
use crate::schema;

/// A simulator that runs, and a folder with a site file for it.
pub(crate) struct Services {
    simulator: Child,
    pub(crate) addresses: Value,
    pub(crate) folder: TempDir,
}

impl Services {
    /// Starts a simulator, with our own engine.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same, with a backup that has run once.
    pub(crate) fn backed_up() -> Self {
        let services = Self::start();
        let planned = Said::by(services.dtc().args(["plan", "--json"])).ended(2).json();
        let consents = planned["consents"].as_array().unwrap().iter();
        let acts: Vec<Value> = consents
            .map(|consent| json!({ "act": consent["act"], "valid_until": "2100-01-01T00:00:00Z" }))
            .collect();
        fs::write(services.file("consent.json"), json!(acts).to_string()).unwrap();
        Said::by(services.dtc().args(["apply", "--consent", "consent.json", "--wait", "1m"])).ended(0);
        services
    }

    /// The same as [`start`](Self::start), with further arguments.
    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut simulator = dtc(folder.path())
            .args(["simulator", "--without-rclone", "--transcript", "transcript.jsonl"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(simulator.stdout.take().unwrap()).read_line(&mut first).unwrap();
        assert!(first.starts_with("{\"schema\":1,\"version\":\""), "{first}");
        let addresses: Value = serde_json::from_str(&first).unwrap();
        schema::held("simulator", &addresses);
        let services = Self { simulator, addresses, folder };
        fs::write(services.folder.path().join("site.toml"), services.site()).unwrap();
        services
    }

    fn site(&self) -> String {
        let at = |service: &str, field: &str| self.addresses[service][field].as_str().unwrap().to_owned();
        format!(
            "[site]\norganization = \"Harbour Dental Group\"\nlocation = \"Main Office\"\nuplink_mbit = 10000\n\
             identity_pool = \"pool0\"\nticket = \"T-1\"\n\
             [b2]\nurl = {:?}\nkey_id = {:?}\napplication_key = \"env:TEST_B2\"\n\
             [truenas]\nurl = {:?}\nfingerprint = {:?}\napi_key = \"env:TEST_BOX\"\n\
             [ninjaone]\nurl = {:?}\nclient_id = {:?}\nclient_secret = \"env:TEST_NINJA\"\n\
             [itglue]\nurl = {:?}\napi_key = \"env:TEST_VAULT\"\n\
             [waits]\npoll_interval = \"10ms\"\n[backoff]\nfirst = \"5ms\"\nlongest = \"50ms\"\n",
            at("b2", "url"),
            at("b2", "key_id"),
            at("truenas", "url"),
            at("truenas", "fingerprint"),
            at("ninja", "url"),
            at("ninja", "client_id"),
            at("itglue", "url"),
        )
    }

    /// The program, with the secrets that the site file points at.
    pub(crate) fn dtc(&self) -> Command {
        let mut command = dtc(self.folder.path());
        for (variable, service, field) in [
            ("TEST_B2", "b2", "application_key"),
            ("TEST_BOX", "truenas", "api_key"),
            ("TEST_NINJA", "ninja", "client_secret"),
            ("TEST_VAULT", "itglue", "api_key"),
        ] {
            command.env(variable, self.addresses[service][field].as_str().unwrap());
        }
        command
    }

    /// The program, without the secrets.
    #[cfg(windows)]
    pub(crate) fn bare(&self) -> Command {
        dtc(self.folder.path())
    }

    /// A file beside the site file.
    pub(crate) fn file(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Services {
    fn drop(&mut self) {
        end(&mut self.simulator);
    }
}

/// Asks a program to end, and waits for it.
#[cfg(unix)]
pub(crate) fn end(program: &mut Child) {
    if program.try_wait().is_ok_and(|ended| ended.is_some()) {
        return;
    }
    signal(program, "TERM");
    let _ = program.wait();
}

/// Ends a program.
#[cfg(not(unix))]
pub(crate) fn end(program: &mut Child) {
    let _ = program.kill();
    let _ = program.wait();
}

/// Sends a signal.
#[cfg(unix)]
pub(crate) fn signal(program: &Child, name: &str) {
    Command::new("kill").args([format!("-{name}"), program.id().to_string()]).status().unwrap();
}

fn shape(value: &Value) -> Vec<String> {
    value
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(name, value)| match value.as_object() {
            Some(fields) => fields.keys().map(|field| format!("{name}.{field}")).collect(),
            None => vec![name.clone()],
        })
        .collect()
}

#[test]
fn the_simulators_first_line_is_one_object_with_every_address_and_credential() {
    let services = Services::start();
    assert_eq!(
        shape(&services.addresses),
        [
            "b2.application_key",
            "b2.key_id",
            "b2.url",
            "connect.token",
            "connect.url",
            "halo.client_id",
            "halo.client_secret",
            "halo.ticket",
            "halo.url",
            "itglue.api_key",
            "itglue.url",
            "location",
            "ninja.client_id",
            "ninja.client_secret",
            "ninja.url",
            "organization",
            "pools",
            "schema",
            "truenas.api_key",
            "truenas.fingerprint",
            "truenas.read_only_api_key",
            "truenas.release",
            "truenas.url",
            "version",
        ]
    );
    assert!(services.file("transcript.jsonl").exists());
}

#[cfg(unix)]
#[test]
fn the_simulator_ends_when_asked_to() {
    for name in ["TERM", "INT"] {
        let mut services = Services::start();
        signal(&services.simulator, name);
        assert!(services.simulator.wait().unwrap().success());
    }
}

const CREDENTIALS: [(&str, &str); 8] = [
    ("b2", "key_id"),
    ("b2", "application_key"),
    ("truenas", "api_key"),
    ("truenas", "read_only_api_key"),
    ("ninja", "client_secret"),
    ("itglue", "api_key"),
    ("halo", "client_secret"),
    ("connect", "token"),
];

#[test]
fn a_seed_makes_the_same_credentials_again_and_none_makes_others() {
    let start = |seed: &[&str]| Services::start_with(seed).addresses.clone();
    let (one, again) = (start(&["--seed", "7"]), start(&["--seed", "7"]));
    let (other, another) = (start(&[]), start(&[]));
    for (service, field) in CREDENTIALS {
        let of = |addresses: &Value| addresses[service][field].as_str().unwrap().to_owned();
        assert_eq!(of(&one), of(&again), "{service} {field}");
        assert!(of(&one) != of(&other) && of(&other) != of(&another), "{service} {field} can be guessed");
    }
}

#[test]
fn the_simulator_says_what_a_site_file_asks_for() {
    let addresses = Services::start().addresses.clone();
    assert_eq!(addresses["organization"], "Harbour Dental Group");
    assert_eq!(addresses["location"], "Main Office");
    assert_eq!(addresses["pools"], serde_json::json!(["pool0", "pool1"]));
}

#[test]
fn a_written_site_file_is_ready() {
    let services = Services::start_with(&["--write-site", "ready.toml"]);
    let folder = services.folder.path();
    let planned = dtc(folder).args(["plan", "--site", "ready.toml"]).output().unwrap();
    assert_eq!(planned.status.code(), Some(2), "{planned:?}");
    // The ticket is in HaloPSA, whose client is held to the organisation's UUID.
    let asked = fs::read_to_string(services.file("transcript.jsonl")).unwrap();
    for path in ["/api/Tickets/", "/api/Client/", "/api/Actions"] {
        assert!(asked.contains(path), "{path} was not asked");
    }
    let text = fs::read_to_string(folder.join("ready.toml")).unwrap();
    for (service, field) in CREDENTIALS.into_iter().filter(|(_, field)| *field != "key_id") {
        assert!(!text.contains(services.addresses[service][field].as_str().unwrap()), "{service} {field}");
    }
    #[cfg(unix)]
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        use std::os::unix::fs::PermissionsExt as _;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("ready.toml") {
            assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{name}");
        }
    }
    let again =
        dtc(folder).args(["simulator", "--without-rclone", "--write-site", "ready.toml"]).output().unwrap();
    assert_eq!(again.status.code(), Some(3), "{again:?}");
    assert_eq!(fs::read_to_string(folder.join("ready.toml")).unwrap(), text);
    let nowhere = ["simulator", "--without-rclone", "--write-site", "nowhere/ready.toml"];
    let said = crate::program::Said::by(dtc(folder).args(nowhere)).ended(3);
    assert!(
        said.err.contains("cannot write the site file nowhere/ready.toml: there is no folder nowhere"),
        "{said:?}"
    );
    assert!(said.err.contains("make the folder first") && !said.err.contains("application-key"), "{said:?}");
}

#[test]
fn the_release_of_the_appliance_is_chosen_and_printed() {
    assert_eq!(Services::start().addresses["truenas"]["release"], "25.10");
    assert_eq!(Services::start_with(&["--release", "13.3"]).addresses["truenas"]["release"], "13.3");
    let said = crate::program::run(&["simulator", "--release", "12"]).ended(3);
    assert!(said.err.contains("13.3, 24.10, 25.04, 25.10, 26.0") && said.out.is_empty(), "{said:?}");
}

#[test]
fn an_rclone_that_does_not_run_is_a_missing_precondition() {
    let said = crate::program::run(&["simulator", "--rclone", "nowhere/rclone"]).ended(3);
    assert!(said.err.contains("nowhere/rclone") && said.out.is_empty(), "{said:?}");
    assert!(!Path::new("nowhere").exists());
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("rclone");
    fs::write(&other, "not a program").unwrap();
    let named = other.to_str().unwrap();
    let said = crate::program::run(&["simulator", "--rclone", named]).ended(4);
    assert!(said.err.contains(named) && said.out.is_empty(), "{said:?}");
}
