//! Every operation of B2 in every weather: one thing goes wrong with one request of it, and our client comes through, or says that
//! nobody knows, what to look at, and has asked once. The table of operations is compared with the simulated service's own.

mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use b2_client::{Client, Error, ErrorKind};
use futures_util::{StreamExt as _, stream};
use simulator::Fault;
use tracing::instrument::WithSubscriber as _;

use crate::b2_site::{Site, Traced, World, all_of};
use rows::{Row, Twice};

/// Operations that are tried at a time; the cases of one operation follow one another.
const SIDE_BY_SIDE: usize = 32;

/// How long a client waits for a byte where there will be none; elsewhere a machine may be as slow as it likes.
const IDLE: Duration = Duration::from_secs(3);

/// When, within a request, it goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Window {
    Before,
    After,
}

/// What follows from it for a call that may be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lasts {
    /// Asking again mends it, and nobody knows whether it happened.
    Unknown,
    /// Asking again mends it, and it certainly did not happen.
    TurnedAway,
    /// It was no answer; asking again would not help.
    Lasting,
    /// Something on the way refused it, which says nothing about what the service has.
    Refused,
}

struct Trouble {
    name: &'static str,
    window: Window,
    fault: Fault,
    lasts: Lasts,
}

fn busy(status: u16, code: &str, retry_after: Option<&str>) -> Fault {
    let (code, message) = (code.to_owned(), "not now".to_owned());
    Fault::Refuse { status, code, message, retry_after: retry_after.map(str::to_owned) }
}

/// All that can go wrong.
fn troubles() -> Vec<Trouble> {
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
    .map(|(name, window, fault, lasts)| Trouble { name, window, fault, lasts })
    .into()
}

/// What a call came to: its result in words, what the account holds of it, how often the operation was asked.
struct Outcome {
    result: Result<String, Error>,
    holds: Vec<String>,
    asked: usize,
}

async fn once(
    row: &Row,
    world: &World,
    client: &Client,
    number: usize,
    trouble: Option<&Trouble>,
) -> Outcome {
    let faults = world.sim.faults();
    faults.clear();
    if let Some(Trouble { window, fault, .. }) = trouble {
        let rule = faults.on("b2", row.operation);
        match window {
            Window::Before => rule.before_effect(fault.clone()),
            Window::After => rule.after_effect(fault.clone()),
        }
    }
    let own = match trouble.map(|trouble| &trouble.fault) {
        Some(Fault::Stall(_)) => {
            Some(Client::new(world.config().idle_timeout(IDLE).copy_timeout(IDLE)).unwrap())
        }
        _ => (row.operation == "b2_authorize_account").then(|| world.client()),
    };
    let site = Site { world, client: own.as_ref().unwrap_or(client), number };
    let result = (row.act)(site).await;
    Outcome { result, holds: site.holds(), asked: world.asked(row.operation) }
}

/// What is wrong with how a call came through a trouble; `good` is what it comes to in good weather.
fn verdict(row: &Row, trouble: &Trouble, good: &Outcome, bad: &Outcome) -> Result<(), String> {
    let expected = good.result.as_ref().map_err(|error| format!("in good weather: {error:?}"))?;
    if row.twice == Twice::Never && trouble.lasts == Lasts::Unknown {
        return unknown(trouble, bad);
    }
    match &bad.result {
        // A download may be refused without a body, so that its status speaks.
        _ if trouble.lasts == Lasts::Refused && row.operation.starts_with("b2_download") => return Ok(()),
        Err(error) if trouble.lasts == Lasts::Refused => {
            let kind = matches!(error.kind(), ErrorKind::Unclassified { code, .. } if code.is_empty());
            let once = bad.asked == 1 || row.operation == "b2_copy_part";
            return if kind && once { reported(error, &bad.holds) } else { Err(format!("{error:?}")) };
        }
        Ok(result) if trouble.lasts == Lasts::Refused => return Err(format!("it came to {result}")),
        Err(error) if trouble.lasts == Lasts::Lasting && *error.kind() == ErrorKind::NotUnderstood => {
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
    let lost = trouble.window == Window::After && trouble.lasts != Lasts::TurnedAway;
    if row.twice == Twice::MakesTwo && lost {
        // Two equal versions of one name, as the documentation says.
        if bad.holds.len() != good.holds.len() + 1 {
            return Err(format!("{} versions", bad.holds.len()));
        }
        before.values_mut().chain(after.values_mut()).for_each(|times| *times = 1);
    }
    if before == after { Ok(()) } else { Err(format!("{after:#?} instead of {before:#?}")) }
}

/// A call that must happen at most once says that nobody knows, what to look at, and was sent once.
fn unknown(trouble: &Trouble, bad: &Outcome) -> Result<(), String> {
    let Err(error) = &bad.result else { return Err("it was sent again".to_owned()) };
    let says = error.to_string();
    if *error.kind() != ErrorKind::OutcomeUnknown || !says.contains("the list of") || bad.asked != 1 {
        return Err(format!("asked {} times: {error:?}", bad.asked));
    }
    let there = usize::from(trouble.window == Window::After);
    if bad.holds.len() == there { Ok(()) } else { Err(format!("it holds {:#?}", bad.holds)) }
}

/// A large file that was begun and is left behind is named in the error.
fn reported(error: &Error, holds: &[String]) -> Result<(), String> {
    let mut left =
        holds.iter().filter(|line| line.contains(r#""action":"start""#) && !line.contains("begun"));
    if left.next().is_none() || error.to_string().contains("unfinished large file") {
        return Ok(());
    }
    Err(format!("a large file is left behind, and all it says is {error:?}"))
}

/// What was not understood and may have happened says what to look at.
fn not_understood(row: &Row, error: &Error, holds: &[String]) -> Result<(), String> {
    if row.twice == Twice::Never && !error.to_string().contains("the list of") {
        return Err(format!("what to look at? {error:?}"));
    }
    if row.operation == "b2_finish_large_file" && !holds.is_empty() {
        return Err(format!("it is there all the same: {error:?}"));
    }
    reported(error, holds)
}

/// One operation in all weathers: what went wrong that should not have, and how many cases there were.
async fn tried(row: Row) -> (usize, Vec<String>) {
    let (world, log, troubles) = (World::new().await, Traced::default(), troubles());
    let client = world.client();
    client.account().await.unwrap();
    let good = once(&row, &world, &client, 0, None).await;
    let (mut wrong, mut watched) = (Vec::new(), false);
    for (number, trouble) in troubles.iter().enumerate() {
        let tried = once(&row, &world, &client, number + 1, Some(trouble));
        let bad = tried.with_subscriber(log.subscriber()).await;
        let case = format!("{}: {} {:?} its effect", row.operation, trouble.name, trouble.window);
        if bad.asked == 0 {
            wrong.push(format!("{case}: it was never asked"));
        }
        wrong.extend(verdict(&row, trouble, &good, &bad).err().map(|why| format!("{case}: {why}")));
        let mut text = log.take();
        watched |= text.contains("trying again") || text.contains("answered");
        text.extend(bad.result.err().map(|error| all_of(&error)));
        if world.secrets().iter().any(|secret| text.contains(secret)) {
            wrong.push(format!("{case}: a secret is written down"));
        }
    }
    assert!(watched, "{} was watched", row.operation);
    (troubles.len(), wrong)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_comes_through_every_fault_or_says_what_to_look_at() {
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
    println!("{} operations, {} kinds of fault, {cases} cases", known.len(), troubles().len());
}
