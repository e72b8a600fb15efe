//! Lists that the account never ends.

use std::sync::atomic::{AtomicU32, Ordering};

use itglue_client::{Error, ErrorKind};
use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

use crate::{account, asked, page};

fn category(id: u32, name: &str) -> Value {
    json!({ "id": id.to_string(), "type": "password-categories", "attributes": { "name": name } })
}

/// How many pages were asked for of a list whose page number `n`, from 1, holds `rows(n)` and names the next, and what it ended in.
async fn ending(rows: impl Fn(u32) -> Vec<Value> + Send + Sync + 'static) -> (usize, Error) {
    let (server, client) = account().await;
    let number = AtomicU32::new(0);
    let respond = move |_: &Request| -> ResponseTemplate {
        let number = number.fetch_add(1, Ordering::Relaxed) + 1;
        page(&rows(number), Some(number + 1))
    };
    asked("GET", "/password_categories").respond_with(respond).mount(&server).await;
    let error = client.password_categories().list().await.unwrap_err();
    (server.received_requests().await.unwrap().len(), error)
}

#[tokio::test]
async fn x7_a_list_ends_whatever_the_service_says_comes_next() {
    let endless = |(pages, error): (usize, Error), expected: usize, why: &str| {
        assert_eq!((pages, error.kind()), (expected, ErrorKind::NotUnderstood), "{why}");
        assert!(error.to_string().contains(why), "{error}");
    };
    let new = |number: u32| (number * 5000..(number + 1) * 5000).map(|id| category(id, "C")).collect();
    endless(ending(new).await, 21, "more than 100000 entries");
    endless(ending(|_| vec![]).await, 100, "brought nothing new");
    endless(ending(|_| vec![category(1, "A"), category(2, "B")]).await, 101, "brought nothing new");
}

#[tokio::test]
async fn x7_large_rows_end_at_32_mib_in_all() {
    let name = "x".repeat(4 << 20);
    let (pages, error) = ending(move |number| vec![category(number, &name)]).await;
    assert_eq!((pages, error.kind(), error.attempts()), (8, ErrorKind::NotUnderstood, 1));
}
