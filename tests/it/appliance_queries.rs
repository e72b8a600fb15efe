//! Whatever can be said with the query builder is taken by a simulated appliance of every release, and means what it says.

use futures_util::TryStreamExt as _;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use simulator::truenas::Release;
use tokio::runtime::Runtime;
use truenas_client::{Client, ErrorKind, Filter, Method, Order, Query};

use crate::appliance_accounts::{connected, simulated};

const SERVICES: Method = Method::reads("service.query");
const FIELDS: [&str; 3] = ["id", "service", "enable"];

/// A filter, and what it means.
#[derive(Clone, Debug)]
enum Meaning {
    AtLeast(i64),
    Is(i64),
    BeginsWith(String),
    Any(Vec<Meaning>),
    All(Vec<Meaning>),
}

impl Meaning {
    fn filter(&self) -> Filter {
        match self {
            Self::AtLeast(id) => Filter::at_least("id", *id),
            Self::Is(id) => Filter::equals("id", *id),
            Self::BeginsWith(text) => Filter::starts_with("service", text.as_str()),
            Self::Any(all) => Filter::any(all.iter().map(Self::filter)),
            Self::All(all) => Filter::all(all.iter().map(Self::filter)),
        }
    }

    fn holds(&self, row: &Value) -> bool {
        let id = row["id"].as_i64().unwrap();
        match self {
            Self::AtLeast(least) => id >= *least,
            Self::Is(other) => id == *other,
            Self::BeginsWith(text) => row["service"].as_str().unwrap().starts_with(text),
            Self::Any(all) => all.iter().any(|one| one.holds(row)),
            Self::All(all) => all.iter().all(|one| one.holds(row)),
        }
    }

    /// How deep its alternatives nest, of which the appliance takes three.
    fn depth(&self) -> usize {
        let deepest = |all: &[Self]| all.iter().map(Self::depth).max().unwrap_or_default();
        match self {
            Self::Any(all) => 1 + deepest(all),
            Self::All(all) => deepest(all),
            _ => 0,
        }
    }
}

fn meanings() -> impl Strategy<Value = Meaning> {
    let one = prop_oneof![
        (0..12_i64).prop_map(Meaning::AtLeast),
        (0..12_i64).prop_map(Meaning::Is),
        "[a-z]{0,1}".prop_map(Meaning::BeginsWith),
    ];
    one.prop_recursive(5, 16, 3, |inner| {
        let several = prop::collection::vec(inner, 1..4);
        prop_oneof![several.clone().prop_map(Meaning::Any), several.prop_map(Meaning::All)]
    })
}

/// Filters, which fields, and by which they are sorted.
type Asked = (Vec<Meaning>, Vec<&'static str>, Option<&'static str>);

fn asked() -> impl Strategy<Value = Asked> {
    let order = prop::option::of(prop::sample::select(&FIELDS[..]));
    (prop::collection::vec(meanings(), 0..3), prop::sample::subsequence(&FIELDS[..], 0..=3), order)
}

async fn holds(client: &Client, all: &[Value], (filters, fields, order): Asked) {
    let mut query = filters.iter().fold(Query::new(), |query, one| query.filter(one.filter()));
    if !fields.is_empty() {
        query = query.select(fields.clone());
    }
    if let Some(field) = order {
        query = query.order_by(Order::descending(field));
    }
    let found = client.query::<Value>(SERVICES, &query).await;
    let is_too_deep = filters.iter().any(|filter| filter.depth() > 3);
    let is_unsorted = order.is_some_and(|field| !fields.is_empty() && !fields.contains(&field));
    if is_too_deep || is_unsorted {
        let error = found.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidRequest { .. }), "{query:?}: {error:?}");
        return;
    }
    let meant: Vec<&Value> = all.iter().filter(|row| filters.iter().all(|one| one.holds(row))).collect();
    let found = found.unwrap_or_else(|error| panic!("{query:?}: {error:?}"));
    assert_eq!(found.len(), meant.len(), "{query:?}");
    assert_eq!(client.count(SERVICES, &query).await.unwrap(), meant.len() as u64, "{query:?}");
    let rows: Vec<Value> = client.rows(SERVICES, query.clone().limit(3)).try_collect().await.unwrap();
    assert_eq!(rows.len(), meant.len(), "{query:?}");
    for row in rows.iter().chain(&found) {
        for field in FIELDS {
            assert_eq!(
                row.get(field).is_some(),
                fields.is_empty() || fields.contains(&field),
                "{query:?}: {row}"
            );
        }
    }
    match client.first::<Value>(SERVICES, &query).await {
        Ok(first) => assert_eq!(first, found[0], "{query:?}"),
        Err(error) => assert!(error.is_not_found() && meant.is_empty(), "{query:?}: {error:?}"),
    }
}

#[test]
fn every_query_that_can_be_said_is_taken_by_every_release_and_means_what_it_says() {
    let runtime = Runtime::new().unwrap();
    for release in Release::ALL {
        let (sim, client) = runtime.block_on(async {
            let sim = simulated(release).await;
            let client = connected(&sim).await;
            (sim, client)
        });
        let all: Vec<Value> = runtime.block_on(client.query(SERVICES, &Query::new())).unwrap();
        assert!(all.len() > 2, "{release}: {all:?}");
        let config = Config { cases: 40, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
        let run = runner.run(&asked(), |asked| {
            runtime.block_on(holds(&client, &all, asked));
            Ok(())
        });
        run.unwrap_or_else(|error| panic!("{release}: {error}"));
        runtime.block_on(sim.stop());
    }
}

/// Rows that nothing tells apart are all given, a page at a time.
#[tokio::test]
async fn rows_that_look_alike_are_all_given() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let client = connected(&sim).await;
        let query = Query::new().select(["enable"]).order_by(Order::ascending("enable")).limit(1);
        let rows: Vec<Value> = client.rows(SERVICES, query.clone()).try_collect().await.unwrap();
        assert_eq!(rows.len() as u64, client.count(SERVICES, &query).await.unwrap(), "{release}");
        assert!(rows.len() > 2, "{release}: {rows:?}");
        sim.stop().await;
    }
}
