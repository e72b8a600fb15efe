//! Every service repeats the whole request in every refusal, in every spelling by turns.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::process::{Command, Stdio};

use dtc_tests::TestBed;
use simulator::Fault;

use super::{Log, canaries, logging_to, output_of, write_consent, write_site};

/// Which calls are refused, in the order in which the path makes them: each round gets further than the one before.
const REFUSED: [(&str, &str, u16, &str); 18] = [
    ("b2", "b2_authorize_account", 400, "bad_request"),
    ("ninja", "token", 403, "access_denied"),
    ("truenas", "auth.login_with_api_key", 400, "EBUSY"),
    ("itglue", "*", 403, "forbidden"),
    ("b2", "b2_list_buckets", 400, "bad_request"),
    ("b2", "b2_create_bucket", 400, "duplicate_bucket_name"),
    ("truenas", "snmp.update", 400, "EINVAL"),
    ("itglue", "create_password", 422, "invalid"),
    ("b2", "b2_create_key", 400, "bad_request"),
    ("truenas", "cloudsync.credentials.verify", 400, "EFAULT"),
    ("truenas", "cloudsync.credentials.create", 400, "EINVAL"),
    ("truenas", "cloudsync.create", 400, "EEXIST"),
    ("halo", "token", 400, "invalid_client"),
    ("halo", "*", 403, "forbidden"),
    ("halo", "add_actions", 400, "denied"),
    ("truenas", "pool.query", 400, "EINVAL"),
    ("ninja", "*", 400, "FAILURE"),
    ("b2", "*", 401, "unauthorized"),
];

/// An error as programs print it: with what lies beneath, as text and as `Debug`.
pub(super) fn described(error: &(dyn Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |&error| error.source());
    chain.fold(String::new(), |mut text, error| {
        let _ = writeln!(text, "{error}\n{error:?}\n{error:#?}");
        text
    })
}

/// The end of a text, to be shown where a test fails.
fn last_of(text: &str) -> String {
    let lines: Vec<&str> = text.lines().rev().take(12).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}

/// The path, again and again, each time further, under services that repeat what they are sent.
#[tokio::test]
async fn e8_what_a_service_repeats_is_not_shown() {
    let log = Log::default();
    let guard = logging_to(&log);
    let mut bed = TestBed::builder(53).tickets_in_halo(|halo| halo).start().await;
    let mut output = String::new();
    for (service, operation, status, code) in REFUSED {
        bed.sim.truenas().reset_login_limit();
        bed.sim.faults().clear();
        bed.sim.faults().echo();
        bed.sim
            .faults()
            .on(service, operation)
            .times(u64::MAX)
            .before_effect(Fault::refuse(status, code, "no"));
        let round = match bed.connect().await {
            Ok(ports) => {
                bed.ports = ports;
                output_of(&bed).await
            }
            // The ports of the round before would not be refused.
            Err(error) => described(&error),
        };
        assert!(
            bed.sim.faults().echoed() > 0,
            "{service} {operation} was never refused: {}",
            last_of(&round)
        );
        output += &round;
    }
    // Each service asks to be left alone for a moment: what is said while waiting is logged.
    for (service, status) in [("b2", 429), ("ninja", 429), ("itglue", 503), ("halo", 503), ("truenas", 429)] {
        bed.sim.truenas().reset_login_limit();
        bed.sim.faults().clear();
        bed.sim.faults().echo();
        bed.ports = bed.connect().await.unwrap();
        bed.sim.faults().on(service, "*").nth(2).before_effect(Fault::refuse(
            status,
            "too_many_requests",
            "wait",
        ));
        output += &output_of(&bed).await;
    }
    drop(guard);
    let canaries = canaries(&bed.sim);
    canaries.assert_absent("the output", output.as_bytes());
    let logged = log.0.lock().unwrap().clone();
    canaries.assert_absent("the log at TRACE", &logged);
    assert!(output.contains("[redacted]"), "nothing was repeated at all");
    println!(
        "{} secrets sought in {} bytes printed and {} logged",
        canaries.len(),
        output.len(),
        logged.len()
    );
}

/// The real program with its log at TRACE, its journal and its JSON, under services that repeat what they are sent.
#[tokio::test(flavor = "multi_thread")]
async fn e8_the_program_shows_nothing_that_a_service_repeats() {
    let program = dtc_tests::program();
    let bed = TestBed::builder(54).start().await;
    let folder = tempfile::tempdir().unwrap();
    write_site(&bed.sim, folder.path());
    let run = |arguments: &[&str]| {
        bed.sim.truenas().reset_login_limit();
        let mut command = Command::new(&program);
        command.args(arguments).current_dir(folder.path()).env("RUST_LOG", "trace").stdin(Stdio::null());
        command.env("DTC_B2", &bed.sim.addresses().b2.application_key);
        tokio::task::block_in_place(|| command.output().unwrap())
    };
    let planned = run(&["plan", "--out", "plan.json"]);
    assert_eq!(planned.status.code(), Some(2), "{}", String::from_utf8_lossy(&planned.stderr));
    write_consent(folder.path());
    let apply = ["apply", "--consent", "consent.json", "--journal", "journal.jsonl", "--wait", "30s"];
    let (mut shown, mut codes) = (Vec::new(), BTreeSet::new());
    for (service, operation, status, code) in REFUSED {
        bed.sim.faults().clear();
        bed.sim.faults().echo();
        let refusal = Fault::refuse(status, code, "no");
        bed.sim.faults().on(service, operation).times(u64::MAX).before_effect(refusal);
        for output in [run(&apply), run(&[&apply[..], &["--json"]].concat()), run(&["verify", "--json"])] {
            codes.insert(output.status.code());
            shown.extend([output.stdout, output.stderr].concat());
        }
        assert!(bed.sim.faults().echoed() > 0, "{service} {operation} was never refused");
    }
    let canaries = canaries(&bed.sim);
    canaries.assert_absent("what the program printed", &shown);
    canaries.assert_absent("the journal", &std::fs::read(folder.path().join("journal.jsonl")).unwrap());
    assert!(String::from_utf8_lossy(&shown).contains("[redacted]"), "nothing was repeated at all");
    assert!(!codes.contains(&None) && codes.len() > 1, "{codes:?}");
}
