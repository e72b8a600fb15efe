//! Calls by name, and queries of any length.

use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use truenas_client::{Client, Error, ErrorKind, Filter, Method, Order, Query, operations};

use crate::nas::{CORE_13_3, Nas, Say};

const STATE: Method = Method::reads("system.state");
const SCRUB: Method = Method::changes("pool.scrub.run");

#[tokio::test]
async fn a_method_is_called_by_name_and_its_answer_is_typed() {
    let nas = Nas::start().await;
    nas.answers("system.state", json!("READY"));
    let client = nas.client().await;
    let state: String = client.call(STATE, &[(); 0]).await.unwrap();
    assert_eq!(state, "READY");
    let error = client.call::<u8>(STATE, &json!([])).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotUnderstood { .. }), "{error:?}");
    assert_eq!(nas.asked("system.state"), [json!([]), json!([])]);
    let error = client.call::<Value>(STATE, &json!({"named": 1})).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidRequest { .. }), "{error:?}");
}

#[tokio::test]
async fn what_reads_is_asked_again_and_what_changes_is_sent_once() {
    let nas = Nas::start().await;
    nas.on("system.state", [Say::HangUp, Say::Result(json!("READY"))]).on("pool.scrub.run", [Say::HangUp]);
    let client = nas.client().await;
    client.call::<String>(STATE, &json!([])).await.unwrap();
    let error = client.call::<Value>(SCRUB, &("tank", 35)).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (&ErrorKind::OutcomeUnknown, "pool.scrub.run"));
    assert_eq!(nas.asked_once("pool.scrub.run"), json!(["tank", 35]));
    let reading = Client::connect(nas.config().read_only()).await.unwrap();
    assert_eq!(*reading.call::<Value>(SCRUB, &("tank", 35)).await.unwrap_err().kind(), ErrorKind::ReadOnly);
    reading.call::<String>(STATE, &json!([])).await.unwrap();
    nas.asked_once("pool.scrub.run");
}

#[tokio::test]
async fn a_hidden_secrets_placeholder_is_not_sent_by_name_either() {
    let nas = Nas::start().await;
    let params = json!([3, {"attributes": {"private_key": "********"}}]);
    let method = Method::changes("keychaincredential.update");
    let error = nas.client().await.call::<Value>(method, &params).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::RedactedSecret { field: "private_key".into() });
    assert!(nas.asked("keychaincredential.update").is_empty());
}

/// Whoever calls by name may be wrong about the parameters, and an answer may be anything.
#[tokio::test]
async fn no_parameter_and_no_answer_of_any_method_ends_the_client() {
    for (release, nas, _) in crate::refusals::releases().await {
        let client = nas.client().await;
        for answer in [json!(null), json!("odd"), json!([7]), json!([{}]), json!({})] {
            *nas.script.otherwise.lock().unwrap() = Some(Say::Nonsense(answer));
            for name in operations::READS.iter().chain(operations::WRITES) {
                for params in [json!([]), json!([null]), json!([7, 7]), json!([{}, {}]), json!([[[7]], [7]])]
                {
                    match client.call::<Value>(Method::reads(name), &params).await {
                        Ok(_) => {}
                        Err(error) => assert!(!error.is_retryable(), "{release} {name} {params}: {error}"),
                    }
                }
            }
        }
    }
}

/// The names are those of 25.10, whoever calls them.
#[tokio::test]
async fn what_is_called_by_name_is_put_into_the_words_of_the_release() {
    let nas = Nas::older(CORE_13_3).await;
    nas.answers("zfs.snapshot.query", json!([{"name": "tank@a"}]));
    let query = Query::new().select(["name"]);
    let rows: Vec<Value> =
        nas.client().await.query(Method::reads("pool.snapshot.query"), &query).await.unwrap();
    assert_eq!(rows, [json!({"name": "tank@a"})]);
    let error = nas.client().await.call::<Value>(Method::reads("auth.me"), &json!([])).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unsupported { .. }), "{error:?}");
}

#[tokio::test]
async fn a_query_that_breaks_a_rule_is_not_sent() {
    let nas = Nas::start().await;
    let client = nas.client().await;
    let pools = Method::reads("pool.query");
    for rows in [0, 10_001] {
        let error = client.query::<Value>(pools, &Query::new().limit(rows)).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidRequest { .. }), "{error:?}");
    }
    assert!(nas.asked("pool.query").is_empty());
}

/// An appliance with so many rows.
async fn with_rows(count: usize) -> Nas {
    let nas = Nas::start().await;
    nas.script.compute("user.query", move |params, _| {
        let number = |name: &str| usize::try_from(params[1][name].as_u64().unwrap_or(0)).unwrap();
        let rows = (0..count).skip(number("offset")).take(number("limit")).map(|id| json!({"id": id}));
        Say::Result(rows.collect())
    });
    nas
}

#[tokio::test]
async fn rows_come_a_page_at_a_time_in_one_order_and_each_once() {
    let users = Method::reads("user.query");
    for (count, pages) in [(0, 1), (1, 1), (6, 1), (7, 2), (14, 3), (20, 3)] {
        let nas = with_rows(count).await;
        let rows = nas
            .client()
            .await
            .rows::<Value>(users, Query::new().filter(Filter::above("id", -1_i64)).limit(7));
        let rows: Vec<Value> = rows.try_collect().await.unwrap();
        assert_eq!(rows, (0..count).map(|id| json!({"id": id})).collect::<Vec<_>>());
        let asked = nas.asked("user.query");
        assert_eq!(asked.len(), pages, "{count}");
        assert!(
            asked
                .iter()
                .all(|params| params[1]["order_by"] == json!(["id"]) && params[1].get("get").is_none())
        );
    }
    // By what the caller wants, a thousand at a time.
    let nas = with_rows(1001).await;
    let query = Query::new().order_by(Order::descending("id"));
    assert_eq!(nas.client().await.rows::<Value>(users, query).count().await, 1001);
    let options = nas.asked("user.query")[1][1].clone();
    assert_eq!(options, json!({"order_by": ["-id"], "limit": 1000, "offset": 1000}));
}

/// The appliance sorts what it has selected.
#[tokio::test]
async fn rows_of_selected_fields_are_sorted_by_an_id_that_is_not_shown() {
    let users = Method::reads("user.query");
    for (query, select, shown) in [
        (Query::new().select(["name"]), json!(["name", "id"]), json!({"name": "a", "number": 7})),
        (
            Query::new().select_as("id", "number"),
            json!([["id", "number"], "id"]),
            json!({"name": "a", "number": 7}),
        ),
        (
            Query::new().select(["id", "name"]),
            json!(["id", "name"]),
            json!({"id": 7, "name": "a", "number": 7}),
        ),
    ] {
        let nas = Nas::start().await;
        nas.answers("user.query", json!([{"id": 7, "name": "a", "number": 7}]));
        let rows: Vec<Value> = nas.client().await.rows(users, query).try_collect().await.unwrap();
        assert_eq!(rows, [shown]);
        assert_eq!(
            nas.asked_once("user.query")[1],
            json!({"select": select, "order_by": ["id"], "limit": 1000})
        );
    }
    let nas = Nas::start().await;
    let client = nas.client().await;
    let query = Query::new().select(["pool"]).order_by(Order::descending("id"));
    for refused in [
        client.first::<Value>(users, &query).await.unwrap_err(),
        client.query::<Value>(users, &query).await.unwrap_err(),
        client.rows::<Value>(users, query.clone()).try_collect::<Vec<_>>().await.unwrap_err(),
    ] {
        assert!(matches!(refused.kind(), ErrorKind::InvalidRequest { .. }), "{refused}");
    }
    assert!(nas.asked("user.query").is_empty());
    nas.answers("user.query", json!(3));
    assert_eq!(client.count(users, &query).await.unwrap(), 3, "a number has no order");
}

/// Without a field that tells rows apart, pages may be alike.
#[tokio::test]
async fn rows_that_look_alike_are_not_taken_for_a_page_that_is_repeated() {
    for page in [1, 2] {
        let nas = Nas::start().await;
        nas.script.compute("user.query", |params, _| {
            let number = |name: &str| usize::try_from(params[1][name].as_u64().unwrap_or(0)).unwrap();
            if params[1]["count"] == json!(true) {
                return Say::Result(json!(5));
            }
            let rows = (0..5).skip(number("offset")).take(number("limit"));
            Say::Result(rows.map(|_| json!({"pool": "tank"})).collect())
        });
        let query = Query::new().select(["pool"]).order_by(Order::ascending("pool")).limit(page);
        let rows = nas.client().await.rows::<Value>(Method::reads("user.query"), query);
        assert_eq!(rows.try_collect::<Vec<_>>().await.unwrap().len(), 5, "{page}");
    }
    // And one that is repeated without end is ended by their number.
    let nas = Nas::start().await;
    nas.script.compute("user.query", |params, _| {
        let is_count = params[1]["count"] == json!(true);
        Say::Result(if is_count { json!(5) } else { json!([{"pool": "tank"}]) })
    });
    let query = Query::new().select(["pool"]).order_by(Order::ascending("pool")).limit(1);
    let rows = nas.client().await.rows::<Value>(Method::reads("user.query"), query);
    let rows: Vec<Result<Value, Error>> = rows.collect().await;
    assert_eq!(rows.len(), 6);
    assert!(matches!(rows[5].as_ref().unwrap_err().kind(), ErrorKind::NotUnderstood { .. }));
}

/// An appliance that does not know `offset`, or whose rows do not stay, never ends.
#[tokio::test]
async fn x7_a_page_that_is_answered_again_ends_the_rows() {
    let nas = Nas::start().await;
    nas.answers("user.query", json!([{"id": 1}, {"id": 2}]));
    let rows = nas.client().await.rows::<Value>(Method::reads("user.query"), Query::new().limit(2));
    let rows: Vec<Result<Value, Error>> = rows.collect().await;
    assert_eq!(rows.len(), 3);
    assert!(matches!(rows[2].as_ref().unwrap_err().kind(), ErrorKind::NotUnderstood { .. }));
}
