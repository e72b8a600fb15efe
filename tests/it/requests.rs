//! The requests of an empty plan and of a verification: a table of them, and the most there may be.
//!
//! A request is one HTTP exchange or one RPC, logins included. The ticket is not counted; in these tests it is a file.

use std::time::Duration;

use dtc_adapters::connect_views;
use dtc_naming::DeviceGuid;
use dtc_provision::ports::{Views, Waits};
use dtc_provision::{Fresh, Plan, Report, observe, plan, verify};
use dtc_tests::TestBed;
use simulator::Calls;
use simulator::itglue::ListNotes;
use simulator::truenas::Release;

/// Requests that are sent together overlap when each takes this long.
const LATENCY: Duration = Duration::from_millis(100);
/// How often a depth is measured. Each figure is the depth or more, so the least of them counts.
const MEASUREMENTS: usize = 5;

const LISTING: (&str, &str) = ("b2", "b2_list_file_names");

/// The most requests there may be.
struct Most {
    requests: usize,
    listings_per_pool: usize,
    requests_per_object: usize,
}

/// The goals are 22 and 24 beside the listings and the objects. DESIGN.md says why they are not reached; these figures are.
const EMPTY_PLAN: Most = Most { requests: 37, listings_per_pool: 1, requests_per_object: 0 };
const EMPTY_PLAN_DEPTH: usize = 7;
/// For each pool two listings, and the header of one object that holds nothing else.
const VERIFICATION: Most = Most { requests: 38, listings_per_pool: 3, requests_per_object: 4 };
/// Saved where IT Glue's list of records holds their notes: one request for each record.
const NOTES: usize = 5;

impl Most {
    fn with(&self, pools: usize, objects: usize) -> usize {
        self.requests + self.listings_per_pool * pools + self.requests_per_object * objects
    }
}

/// Connects as a new process does, to read only.
async fn connected(bed: &TestBed) -> Views {
    connect_views(&bed.connections(), Waits::default()).await.unwrap()
}

async fn plan_again(bed: &TestBed) -> (Plan, Calls) {
    let mark = bed.sim.transcript().mark();
    let fresh = Fresh::new(DeviceGuid::from_random_bytes([7; 16]));
    let plan = plan(&bed.site, &observe(&bed.site, &connected(bed).await).await, fresh).unwrap();
    assert_nothing_written(bed, mark);
    (plan, bed.sim.transcript().calls_since(mark))
}

/// Views are read-only below the ports too, and neither planning nor verifying needs more.
#[track_caller]
fn assert_nothing_written(bed: &TestBed, mark: simulator::Mark) {
    let writes = bed.sim.transcript().writes_since(mark);
    assert!(writes.is_empty(), "{writes:?}");
}

async fn verify_again(bed: &TestBed) -> (Report, Calls) {
    let mark = bed.sim.transcript().mark();
    let report = verify(&bed.site, &connected(bed).await).await.unwrap();
    assert_nothing_written(bed, mark);
    (report, bed.sim.transcript().calls_since(mark))
}

/// Compares what was asked with a table of it, line by line: what is asked more or less often is noticed, not its sum alone.
#[track_caller]
fn assert_asked(calls: &Calls, table: &str) {
    let printed = calls.to_string();
    let counts: Vec<&str> = printed.lines().filter(|line| !line.contains(" in all, ")).collect();
    assert_eq!(counts, table.lines().collect::<Vec<_>>(), "change the table if this is meant");
}

fn chain(calls: &Calls) -> String {
    let line = |line: &simulator::Line| format!("{} {}", line.service, line.operation);
    calls.longest_chain().iter().map(|found| line(found)).collect::<Vec<_>>().join(" → ")
}

/// X2: planning an appliance that is as it should be. It writes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn x2_an_empty_plan_takes_few_requests() {
    let bed = TestBed::new(61).await;
    bed.provision().await;
    bed.sim.faults().latency(LATENCY);
    let (plan, mut calls) = plan_again(&bed).await;
    assert!(plan.is_empty(), "{:?}", plan.steps());
    for _ in 1..MEASUREMENTS {
        if calls.longest_chain().len() > EMPTY_PLAN_DEPTH {
            calls = plan_again(&bed).await.1;
        }
    }
    println!("an empty plan\n{calls}\n{}", chain(&calls));
    assert_asked(&calls, include_str!("requests/empty_plan.txt"));
    let pools = plan.pools.len();
    assert_eq!(calls.count(LISTING.0, LISTING.1), pools, "one listing for each pool");
    let most = EMPTY_PLAN.with(pools, 0);
    assert!(calls.total() <= most, "{} requests, and {most} would do\n{calls}", calls.total());
    let depth = calls.longest_chain().len();
    assert!(depth <= EMPTY_PLAN_DEPTH, "{depth} round trips: {}", chain(&calls));
    bed.sim.itglue().list_notes(ListNotes::Shown);
    let total = plan_again(&bed).await.1.total();
    println!("{total} where IT Glue's list holds the notes of its records");
    assert!(total <= most - NOTES, "{total} requests");
}

/// V5, X2: verifying it. It writes nothing either.
#[tokio::test(flavor = "multi_thread")]
async fn v5_a_verification_takes_few_requests() {
    let bed = TestBed::new(62).await;
    bed.provision().await;
    let (report, calls) = verify_again(&bed).await;
    let opened = report.proofs.iter().map(|proof| proof.samples.len()).sum();
    println!("a verification that opens {opened} objects\n{calls}\n{}", chain(&calls));
    assert!(report.passed() && opened > 0, "{}", report.summary());
    assert_asked(&calls, include_str!("requests/verification.txt"));
    let most = VERIFICATION.with(report.proofs.len(), opened);
    assert!(calls.total() <= most, "{} requests, and {most} would do\n{calls}", calls.total());
}

/// What a run asked of the appliance, and what it asked of the other services.
fn parted(calls: &Calls) -> (Vec<String>, Vec<String>) {
    let counts = calls.to_string();
    let counts = counts.lines().filter(|line| !line.contains(" in all, ")).map(str::to_owned);
    counts.partition(|line| line.contains("  truenas  "))
}

/// The table of another release: an empty plan, then a verification, each of which asks the other services what it asks them on 25.10.
async fn assert_table_of(release: Release, table: &str) {
    let bed = TestBed::builder(63).release(release).start().await;
    bed.provision().await;
    let (plan, planned) = plan_again(&bed).await;
    assert!(plan.is_empty(), "{release}: {:?}", plan.steps());
    let (report, verified) = verify_again(&bed).await;
    assert!(report.passed(), "{release}: {}", report.summary());
    println!("{release}\n{planned}\n{verified}");
    let tables: Vec<&str> = table.split("\n\n").collect();
    let on_25_10 = [include_str!("requests/empty_plan.txt"), include_str!("requests/verification.txt")];
    for ((calls, table), on_25_10) in [planned, verified].iter().zip(tables).zip(on_25_10) {
        let (appliance, others) = parted(calls);
        assert_eq!(
            appliance,
            table.lines().collect::<Vec<_>>(),
            "{release}: change the table if this is meant"
        );
        let of_others: Vec<&str> = on_25_10.lines().filter(|line| !line.contains("  truenas  ")).collect();
        assert_eq!(others, of_others, "{release}");
    }
    bed.sim.stop().await;
}

/// X2: neither writes anything on the oldest release, and the appliance is asked no more than its table says.
#[tokio::test(flavor = "multi_thread")]
async fn x2_core_13_3_is_asked_what_its_table_says() {
    assert_table_of(Release::Core13_3, include_str!("requests/core_13_3.txt")).await;
}

/// X2: nor on the newest.
#[tokio::test(flavor = "multi_thread")]
async fn x2_community_26_is_asked_what_its_table_says() {
    assert_table_of(Release::Community26, include_str!("requests/community_26.txt")).await;
}
