//! Every operation of B2 with every fault: one request of it fails, and the client succeeds all the same, or sends it only once and
//! says that the outcome is unknown and how to check it. The table of operations is compared with that of the simulated service.

mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use b2_client::{Client, Error, ErrorKind};
use futures_util::{StreamExt as _, stream};
use simulator::Fault;
use tracing::instrument::WithSubscriber as _;

use crate::b2_site::{Site, Traced, World, all_of};
use rows::{Row, Twice};

/// The number of operations that are tested concurrently. The cases of one operation run one after the other.
const SIDE_BY_SIDE: usize = 32;

/// The idle timeout of a client whose request is not answered. The clock is paused, so nobody waits for it.
const IDLE: Duration = Duration::from_secs(3);

/// When a request fails: before or after its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Window {
    Before,
    After,
}

/// What a fault means for a call that may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lasts {
    /// Repeating the request succeeds; whether the first one took effect is unknown.
    Unknown,
    /// Repeating the request succeeds; the first one did not take effect.
    TurnedAway,
    /// The answer is not one of the service; repeating the request does not help.
    Lasting,
    /// A proxy refused the request, which says nothing about the service.
    Refused,
}

struct Case {
    name: &'static str,
    window: Window,
    fault: Fault,
    lasts: Lasts,
}

fn busy(status: u16, code: &str, retry_after: Option<&str>) -> Fault {
    let (code, message) = (code.to_owned(), "not now".to_owned());
    Fault::Refuse { status, code, message, retry_after: retry_after.map(str::to_owned) }
}

/// All faults.
fn fault_cases() -> Vec<Case> {
    use Lasts::{Lasting, Refused, TurnedAway, Unknown};
    use Window::{After, Before};
    let slow = |after| busy(429, "too_many_requests", Some(after));
    let unavailable = || busy(503, "service_unavailable", None);
    let silence = || Fault::Stall(IDLE + Duration::from_mins(1));
    [
        ("cut", Before, Fault::DropConnection, Unknown),
        ("cut", After, Fault::DropConnection, Unknown),
        ("503", Before, unavailable(), Unknown),
        ("503", After, unavailable(), Unknown),
        ("503 with Retry-After", Before, busy(503, "service_unavailable", Some("0")), Unknown),
        ("500", Before, busy(500, "internal_error", None), Unknown),
        ("408", Before, busy(408, "request_timeout", None), Unknown),
        ("429, again in no seconds", Before, slow("0"), TurnedAway),
        ("429, again at a date", Before, slow("Fri, 20 Nov 2015 10:00:00 GMT"), TurnedAway),
        ("429, again at some time", Before, slow("in a while"), TurnedAway),
        ("expired token", Before, Fault::ExpireToken, TurnedAway),
        ("a proxy's page", Before, Fault::Html(502), Unknown),
        ("a proxy's page", After, Fault::Html(502), Unknown),
        ("a page that says 200", Before, Fault::Html(200), Lasting),
        ("a page that says 200", After, Fault::Html(200), Lasting),
        ("a proxy's 400", Before, Fault::Html(400), Refused),
        ("a proxy's 401", Before, Fault::Html(401), Refused),
        ("a proxy's 403", Before, Fault::Html(403), Refused),
        ("a proxy's 404", Before, Fault::Html(404), Refused),
        ("a proxy's 409", Before, Fault::Html(409), Refused),
        ("half an answer", After, Fault::TruncateBody, Unknown),
        ("silence", Before, silence(), Unknown),
        ("silence", After, silence(), Unknown),
    ]
    .map(|(name, window, fault, lasts)| Case { name, window, fault, lasts })
    .into()
}

/// The outcome of a call: its result in words, what the account holds of it, how often the operation was requested.
struct Outcome {
    result: Result<String, Error>,
    holds: Vec<String>,
    asked: usize,
}

async fn once(row: &Row, world: &World, client: &Client, number: usize, case: Option<&Case>) -> Outcome {
    let faults = world.sim.faults();
    faults.clear();
    if let Some(Case { window, fault, .. }) = case {
        let rule = faults.on("b2", row.operation);
        match window {
            Window::Before => rule.before_effect(fault.clone()),
            Window::After => rule.after_effect(fault.clone()),
        }
    }
    let own = match case.map(|case| &case.fault) {
        Some(Fault::Stall(_)) => {
            Some(Client::new(world.config().idle_timeout(IDLE).copy_timeout(IDLE)).unwrap())
        }
        _ => (row.operation == "b2_authorize_account").then(|| world.client()),
    };
    let site = Site { world, client: own.as_ref().unwrap_or(client), number };
    let result = (row.act)(site).await;
    Outcome { result, holds: site.holds(), asked: world.asked(row.operation) }
}

/// What is wrong with the outcome of a call under a fault; `good` is the outcome without a fault.
fn verdict(row: &Row, case: &Case, good: &Outcome, bad: &Outcome) -> Result<(), String> {
    let expected = good.result.as_ref().map_err(|error| format!("without a fault: {error:?}"))?;
    if row.twice == Twice::Never && case.lasts == Lasts::Unknown {
        return unknown(case, bad);
    }
    match &bad.result {
        // A download may be refused without a body, so that its status speaks.
        _ if case.lasts == Lasts::Refused && row.operation.starts_with("b2_download") => return Ok(()),
        Err(error) if case.lasts == Lasts::Refused => {
            let kind = matches!(error.kind(), ErrorKind::Unclassified { code, .. } if code.is_empty());
            // Parts are copied, and both versions of the API are asked for keys, at the same time.
            let once = bad.asked == 1 || matches!(row.operation, "b2_copy_part" | "b2_list_keys");
            return if kind && once { reported(error, &bad.holds) } else { Err(format!("{error:?}")) };
        }
        Ok(result) if case.lasts == Lasts::Refused => return Err(format!("it came to {result}")),
        Err(error) if case.lasts == Lasts::Lasting && *error.kind() == ErrorKind::NotUnderstood => {
            return not_understood(row, error, &bad.holds);
        }
        Err(error) => return Err(format!("{error:?}")),
        Ok(result) if result != expected => return Err(format!("{result} instead of {expected}")),
        Ok(_) => {}
    }
    let count = |lines: &[String]| -> BTreeMap<String, usize> {
        lines.iter().fold(BTreeMap::new(), |mut counted, line| {
            *counted.entry(line.clone()).or_default() += 1;
            counted
        })
    };
    let (mut before, mut after) = (count(&good.holds), count(&bad.holds));
    let lost = case.window == Window::After && case.lasts != Lasts::TurnedAway;
    if row.twice == Twice::MakesTwo && lost {
        // Two equal versions of one name, as the documentation says.
        if bad.holds.len() != good.holds.len() + 1 {
            return Err(format!("{} versions", bad.holds.len()));
        }
        before.values_mut().chain(after.values_mut()).for_each(|times| *times = 1);
    }
    if before == after { Ok(()) } else { Err(format!("{after:#?} instead of {before:#?}")) }
}

/// A call that must happen at most once was sent once, and says that the outcome is unknown and how to check it.
fn unknown(case: &Case, bad: &Outcome) -> Result<(), String> {
    let Err(error) = &bad.result else { return Err("it was sent again".to_owned()) };
    let says = error.to_string();
    if *error.kind() != ErrorKind::OutcomeUnknown || !says.contains("the list of") || bad.asked != 1 {
        return Err(format!("asked {} times: {error:?}", bad.asked));
    }
    let there = usize::from(case.window == Window::After);
    if bad.holds.len() == there { Ok(()) } else { Err(format!("it holds {:#?}", bad.holds)) }
}

/// The error contains the id of a large file that was left unfinished.
fn reported(error: &Error, holds: &[String]) -> Result<(), String> {
    let mut left =
        holds.iter().filter(|line| line.contains(r#""action":"start""#) && !line.contains("begun"));
    if left.next().is_none() || error.to_string().contains("unfinished large file") {
        return Ok(());
    }
    Err(format!("a large file is left behind, and all it says is {error:?}"))
}

/// The error of an answer that was not understood says how to check the outcome.
fn not_understood(row: &Row, error: &Error, holds: &[String]) -> Result<(), String> {
    if row.twice == Twice::Never && !error.to_string().contains("the list of") {
        return Err(format!("what to look at? {error:?}"));
    }
    if row.operation == "b2_finish_large_file" && !holds.is_empty() {
        return Err(format!("it is there all the same: {error:?}"));
    }
    reported(error, holds)
}

/// Tests one operation with all faults; returns the number of cases and the failed ones.
async fn tried(row: Row) -> (usize, Vec<String>) {
    let (world, log, cases) = (World::new().await, Traced::default(), fault_cases());
    let client = world.client();
    client.account().await.unwrap();
    let good = once(&row, &world, &client, 0, None).await;
    let (mut wrong, mut watched) = (Vec::new(), false);
    for (number, case) in cases.iter().enumerate() {
        let tried = once(&row, &world, &client, number + 1, Some(case));
        let bad = tried.with_subscriber(log.subscriber()).await;
        let label = format!("{}: {} {:?} its effect", row.operation, case.name, case.window);
        if bad.asked == 0 {
            wrong.push(format!("{label}: it was never asked"));
        }
        wrong.extend(verdict(&row, case, &good, &bad).err().map(|why| format!("{label}: {why}")));
        let mut text = log.take();
        watched |= text.contains("trying again") || text.contains("answered");
        text.extend(bad.result.err().map(|error| all_of(&error)));
        if world.secrets().iter().any(|secret| text.contains(secret)) {
            wrong.push(format!("{label}: a secret is written down"));
        }
    }
    assert!(watched, "{} was watched", row.operation);
    (cases.len(), wrong)
}

#[tokio::test(start_paused = true)]
async fn every_operation_survives_every_fault_or_says_how_to_check_its_outcome() {
    let rows = rows::all();
    let world = World::new().await;
    let known: BTreeSet<&str> = world.sim.b2().operations().collect();
    let tabled: BTreeSet<&str> = rows.iter().map(|row| row.operation).collect();
    assert_eq!(known, tabled, "every operation of the service has a row");
    let mut results = stream::iter(rows).map(|row| tokio::spawn(tried(row))).buffer_unordered(SIDE_BY_SIDE);
    let (mut cases, mut wrong) = (0, Vec::new());
    while let Some(result) = results.next().await {
        let (tried, failed) = result.unwrap();
        cases += tried;
        wrong.extend(failed);
    }
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
    println!("{} operations, {} kinds of fault, {cases} cases", known.len(), fault_cases().len());
}
