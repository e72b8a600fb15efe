//! Answers that are not quite what they were when this crate was written: words that nobody knew, null, and members that nobody asked for.

use std::collections::BTreeMap;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde_json::Value;
use simulator::truenas::Release;
use truenas_client::snapshots::ListSnapshots;
use truenas_client::{Client, DatasetId, Error, ErrorKind, Query};

use super::long_run;
use super::proxy::Proxy;

type Read = fn(&Client) -> BoxFuture<'_, Result<(), Error>>;

macro_rules! reads {
    ($(|$client:ident| $call:expr;)*) => {
        &[$(|$client| async move { $call.await.map(drop) }.boxed()),*]
    };
}

const READS: &[Read] = reads! {
    |nas| nas.pools().list();
    |nas| nas.datasets().list();
    |nas| async { nas.snapshots().list(&ListSnapshots::new(DatasetId::new("pool0"))).await };
    |nas| nas.snapshot_tasks().list();
    |nas| nas.cloud_credentials().list();
    |nas| nas.cloud_syncs().list();
    |nas| nas.services().list();
    |nas| nas.interfaces().list();
    |nas| async { nas.snmp().config().await };
    |nas| async { nas.system().info().await };
    |nas| async { nas.system().general().await };
    |nas| nas.users().list();
    |nas| nas.groups().list();
    |nas| nas.api_keys().list();
    |nas| nas.sessions().list();
    |nas| nas.alerts().list();
    |nas| nas.alerts().categories();
    |nas| async { nas.jobs().list(&Query::new()).await };
};

/// Every place in a value: an object's members and a list's items, from the outside in.
fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    let mut within = |name: &str, value: &Value| {
        let name = name.replace('~', "~0").replace('/', "~1");
        let at = format!("{at}/{name}");
        all.push(at.clone());
        places(value, &at, all);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| within(name, value)),
        // One row of a list stands for all.
        Value::Array(items) => items.iter().take(1).for_each(|value| within("0", value)),
        _ => {}
    }
}

fn add_everywhere(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(add_everywhere),
        Value::Object(members) => {
            members.values_mut().for_each(add_everywhere);
            // A set or a moment is known by its one member.
            if !members.keys().any(|name| name.starts_with('$')) {
                members.insert("member_of_a_newer_release".to_owned(), serde_json::json!({"a": [1]}));
            }
        }
        _ => {}
    }
}

/// A word in capitals is one of a list that may grow.
fn is_word(value: &Value) -> bool {
    let is_capital = |b: u8| b.is_ascii_uppercase() || b == b'_' || b.is_ascii_digit();
    value.as_str().is_some_and(|text| {
        text.len() > 1 && !text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(is_capital)
    })
}

/// An answer to a read, which can be read again with another result.
struct Answer<'a> {
    release: Release,
    proxy: &'a Proxy,
    client: &'a Client,
    read: Read,
    method: String,
    result: Value,
}

impl Answer<'_> {
    async fn changed(&self, change: impl Fn(&mut Value) + Send + 'static) -> Result<(), Error> {
        self.proxy.change(&self.method, change);
        (self.read)(self.client).await
    }

    /// Reads it again with another value in one place.
    async fn with(&self, place: &str, value: Value) -> Result<(), Error> {
        let place = place.to_owned();
        self.changed(move |result| {
            if let Some(found) = result.pointer_mut(&place) {
                *found = value.clone();
            }
        })
        .await
    }

    fn places(&self) -> Vec<String> {
        let mut all = Vec::new();
        places(&self.result, "", &mut all);
        all
    }
}

/// Every answer that a client reads, on every release.
async fn each_answer(mut test: impl AsyncFnMut(Answer<'_>)) {
    for release in Release::ALL {
        let (sim, proxy) = Proxy::before(release).await;
        let client = proxy.client(&sim).await.unwrap();
        long_run(&sim, &client).await;
        sim.truenas().raise_alert("VolumeStatus", "Pool pool0 is degraded");
        for read in READS {
            proxy.leave_alone();
            read(&client).await.unwrap();
            let (method, result) = proxy.last();
            let (proxy, client) = (&proxy, &client);
            test(Answer { release, proxy, client, read: *read, method, result }).await;
        }
        sim.stop().await;
    }
}

/// A list is changed all over at once, so that no call is hidden behind the one before.
#[tokio::test]
async fn members_that_nobody_knows_are_passed_over_in_every_answer() {
    each_answer(async |answer| {
        let read = answer.changed(add_everywhere).await;
        read.unwrap_or_else(|error| panic!("{} {}: {error}", answer.release, answer.method));
    })
    .await;
}

#[tokio::test]
async fn words_that_nobody_knows_are_kept_in_every_answer() {
    each_answer(async |answer| {
        for place in answer.places().iter().filter(|place| answer.result.pointer(place).is_some_and(is_word))
        {
            let read = answer.with(place, "WORD_OF_A_NEWER_RELEASE".into()).await;
            read.unwrap_or_else(|error| panic!("{} {} {place}: {error}", answer.release, answer.method));
        }
    })
    .await;
}

/// Null where there was something is nothing, or is named by its place; it never ends the client.
#[tokio::test]
async fn null_in_any_place_of_any_answer_is_nothing_or_is_named_by_its_place() {
    let mut tried = BTreeMap::<Release, usize>::new();
    each_answer(async |answer| {
        for place in [String::new()].into_iter().chain(answer.places()) {
            *tried.entry(answer.release).or_default() += 1;
            if let Err(error) = answer.with(&place, Value::Null).await {
                let ErrorKind::NotUnderstood { path } = error.kind() else {
                    panic!("{} {} {place}: {error:?}", answer.release, answer.method)
                };
                assert!(!path.is_empty() && error.to_string().contains(path), "{error}");
            }
        }
    })
    .await;
    for release in Release::ALL {
        assert!(tried[&release] > 200, "{release}: only {} places", tried[&release]);
    }
}
