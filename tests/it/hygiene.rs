//! E8: with every secret known, nothing that our processes print, log, plan, journal or report holds one.

mod canary;
mod echo;
mod itglue_secrets;
mod marked;
mod ninja_secrets;
mod one_password;

use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, LazyLock, Mutex};

use dtc_provision::ports::Waits;
use dtc_tests::{TestBed, consent};
use simulator::{Fault, Simulator};
use tracing_subscriber::fmt::MakeWriter;

use canary::Canaries;

/// Takes whatever is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Everything a program of ours could print of a run: plans, journals, reports, debug forms, errors and their causes.
async fn output_of(bed: &TestBed) -> String {
    let mut output = String::new();
    let mut add = |what: &dyn std::fmt::Debug| {
        let _ = writeln!(output, "{what:?}\n{what:#?}");
    };
    let seen = bed.observe().await;
    add(&(&seen, serde_json::to_string(&seen).unwrap()));
    add(&(&bed.ports, bed.connections()));
    let plan = match bed.plan().await {
        Ok(plan) => plan,
        // What keeps a plan from being made keeps a report from it, too.
        Err(error) => {
            add(&(
                error.to_string(),
                &error,
                error.also(),
                bed.verify().await.map(|report| report.summary()),
            ));
            return output;
        }
    };
    add(&(&plan, serde_json::to_string(&plan).unwrap(), plan.steps(), plan.questions(), consent(&plan)));
    let applied = bed.apply().await;
    add(&(
        &applied,
        serde_json::to_string(&applied.journal.iter().map(|(_, e)| e).collect::<Vec<_>>()).unwrap(),
    ));
    if let Err(error) = &applied.outcome {
        add(&(error.to_string(), error.kind()));
        let mut source = std::error::Error::source(error);
        while let Some(beneath) = source {
            add(&(beneath.to_string(), beneath));
            source = beneath.source();
        }
    }
    let views = bed.ports.appliance.clone();
    add(&(views.cloud_syncs().await, views.cloud_credentials().await, views.snmp().await));
    if let Ok(report) = bed.verify().await {
        add(&(&report, serde_json::to_string(&report).unwrap(), report.summary()));
    }
    output += &bed.ticket();
    output
}

/// Every secret there is in this world by now: the vault's, the services', and every token they handed out.
fn canaries(sim: &Simulator) -> Canaries {
    let at = sim.addresses();
    let mut canaries = Canaries::default();
    canaries.add("B2's provisioning key", &at.b2.application_key);
    canaries.add("the appliance's API key", &at.truenas.api_key);
    canaries.add("NinjaOne's client secret", &at.ninja.client_secret);
    canaries.add("IT Glue's API key", &at.itglue.api_key);
    canaries.add("HaloPSA's client secret", &at.halo.client_secret);
    for record in sim.itglue().records() {
        canaries.add(&record.name, &record.value);
    }
    let keys = sim.b2().keys();
    let key_ids = keys.iter().filter_map(|key| Some(key["applicationKeyId"].as_str()?.to_owned()));
    let public: Vec<String> = key_ids.chain([sim.b2().account_id()]).collect();
    for line in sim.transcript().lines() {
        let reply = &line.json()["reply"];
        for name in ["authorizationToken", "access_token", "applicationKey"] {
            if let Some(token) = reply[name].as_str() {
                canaries.add_token(&format!("{name} of {}", line.operation), token, &public);
            }
        }
    }
    canaries
}

/// A second subscriber, which logs nowhere. As long as there is only one, whether a place in the code logs at all is decided by the thread that
/// comes there first, and the other tests' threads log nothing.
static SECOND: LazyLock<tracing::Dispatch> = LazyLock::new(|| {
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
    tracing::Dispatch::new(subscriber.with_writer(std::io::sink).finish())
});

/// Logs everything at TRACE, as long as the guard lives.
fn logging_to(log: &Log) -> tracing::subscriber::DefaultGuard {
    LazyLock::force(&SECOND);
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::set_default(subscriber)
}

/// The whole path logged at TRACE: from nothing, over faults at every kind of call, to a second, empty plan.
#[tokio::test]
async fn e8_nothing_printed_or_logged_holds_a_secret() {
    let log = Log::default();
    let guard = logging_to(&log);
    let mut bed = TestBed::builder(51).tickets_in_halo(|halo| halo).start().await;
    let mut output = String::new();
    // Whatever goes wrong is printed, too: a lost answer, a refusal that quotes the request, an expired token.
    for (service, operation) in [
        ("itglue", "create_password"),
        ("b2", "b2_create_key"),
        ("truenas", "cloudsync.credentials.create"),
        ("halo", "add_actions"),
    ] {
        bed.sim.faults().on(service, operation).nth(1).after_effect(Fault::DropConnection);
        output += &output_of(&bed).await;
        bed.sim.faults().clear();
        bed.ports = bed.connect().await.unwrap();
    }
    bed.sim
        .faults()
        .on("truenas", "cloudsync.create")
        .nth(1)
        .before_effect(Fault::refuse(400, "EINVAL", "no"));
    bed.sim.faults().on("b2", "*").nth(3).before_effect(Fault::ExpireToken);
    output += &output_of(&bed).await;
    bed.sim.faults().clear();
    bed.provision().await;
    output += &output_of(&bed).await;
    drop(guard);

    let logged = log.0.lock().unwrap().clone();
    assert!(logged.len() > 10_000, "nothing was logged: {} bytes", logged.len());
    let canaries = canaries(&bed.sim);
    canaries.assert_absent("the output", output.as_bytes());
    canaries.assert_absent("the log at TRACE", &logged);
    println!(
        "{} secrets sought in {} bytes printed and {} bytes logged",
        canaries.len(),
        output.len(),
        logged.len()
    );
}

/// A canary that is there is found, in each of its disguises: the search can fail.
#[test]
fn e8_the_search_finds_every_disguise() {
    canary::finds_every_disguise();
}

/// The real program, its log at TRACE, with its journal, plan and consent files.
#[tokio::test(flavor = "multi_thread")]
async fn e8_the_program_prints_and_writes_no_secret() {
    let program = dtc_tests::program();
    let bed = TestBed::builder(52).waits(|waits| *waits = Waits::default()).start().await;
    let folder = tempfile::tempdir().unwrap();
    write_site(&bed.sim, folder.path());
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.args(arguments).current_dir(folder.path()).env("RUST_LOG", "trace").stdin(Stdio::null());
        command.env("RUST_BACKTRACE", "1").env("DTC_B2", &bed.sim.addresses().b2.application_key);
        command.output().unwrap()
    };
    let mut outputs: Vec<Output> = Vec::new();
    for arguments in [
        &["plan", "--out", "plan.json"][..],
        &["apply", "--journal", "journal.jsonl", "--wait", "30s"],
        &["apply", "--consent", "consent.json", "--journal", "journal.jsonl", "--wait", "30s", "--json"],
        &["verify", "-v"],
        &["verify", "--json"],
        &["plan", "--json"],
    ] {
        if arguments.contains(&"--consent") {
            write_consent(folder.path());
        }
        outputs.push(tokio::task::block_in_place(|| run(arguments)));
    }
    let codes: Vec<Option<i32>> = outputs.iter().map(|output| output.status.code()).collect();
    let last = String::from_utf8_lossy(&outputs[2].stderr).into_owned();
    assert_eq!(codes, [2, 5, 0, 0, 0, 0].map(Some), "{last}");
    let canaries = canaries(&bed.sim);
    for output in &outputs {
        canaries.assert_absent("standard output", &output.stdout);
        canaries.assert_absent("standard error at TRACE", &output.stderr);
    }
    for file in ["plan.json", "journal.jsonl", "consent.json"] {
        canaries.assert_absent(file, &std::fs::read(folder.path().join(file)).unwrap());
    }
}

/// A site file as a technician has it: secrets by name of a variable or a file.
fn write_site(sim: &Simulator, folder: &Path) {
    let at = sim.addresses();
    for (name, secret) in [
        ("truenas.key", &at.truenas.api_key),
        ("ninja.secret", &at.ninja.client_secret),
        ("itglue.key", &at.itglue.api_key),
        ("halo.secret", &at.halo.client_secret),
    ] {
        let file = folder.join(name);
        std::fs::write(&file, secret).unwrap();
        private(&file);
    }
    let site = format!(
        r#"
[site]
organization = "Harbour Dental Group"
location = "Main Office"
uplink_mbit = 10000
identity_pool = "pool0"
ticket = "{}"

[b2]
url = "{}"
key_id = "{}"
application_key = "env:DTC_B2"

[truenas]
url = "{}"
fingerprint = "{}"
api_key = "file:truenas.key"

[ninjaone]
url = "{}"
client_id = "{}"
client_secret = "file:ninja.secret"

[itglue]
url = "{}"
api_key = "file:itglue.key"

[tickets.halo]
url = "{}"
client_id = "{}"
client_secret = "file:halo.secret"
"#,
        at.halo.ticket,
        at.b2.url,
        at.b2.key_id,
        at.truenas.url,
        at.truenas.fingerprint,
        at.ninja.url,
        at.ninja.client_id,
        at.itglue.url,
        at.halo.url,
        at.halo.client_id,
    );
    std::fs::write(folder.join("site.toml"), site).unwrap();
}

#[cfg(unix)]
fn private(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
fn private(_: &Path) {}

/// The consent to what the saved plan asks, as `--consent` reads it.
fn write_consent(folder: &Path) {
    let plan: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("plan.json")).unwrap()).unwrap();
    let act = plan.pointer("/retention/act").or_else(|| plan.pointer("/plan/retention/act")).unwrap();
    let until = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
    let recorded = serde_json::json!([{"act": act, "valid_until": until.to_string()}]);
    std::fs::write(folder.join("consent.json"), recorded.to_string()).unwrap();
}
