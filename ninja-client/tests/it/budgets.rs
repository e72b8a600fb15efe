//! Lists that a tenant never ends.

use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::TryStreamExt as _;
use ninja_client::{Error, ErrorKind, FieldName, Scope};
use serde_json::{Value, json};
use wiremock::{Request, ResponseTemplate};

use crate::{asked, ok, queries, tenant};

const REPORT: &str = "/v2/queries/scoped-custom-fields";
const ORGANIZATIONS: &str = "/v2/organizations";

/// Answers with page 0, 1, 2 … as long as somebody asks.
fn without_end(page: impl Fn(u32) -> Value + Send + Sync) -> impl Fn(&Request) -> ResponseTemplate {
    let asked = AtomicU32::new(0);
    move |_: &Request| ok(&page(asked.fetch_add(1, Ordering::Relaxed)))
}

/// How many pages of a list were asked for, and what it ended in.
async fn organizations(page: impl Fn(u32) -> Value + Send + Sync + 'static) -> (usize, Error) {
    let (server, client) = tenant().await;
    asked("GET", ORGANIZATIONS).respond_with(without_end(page)).mount(&server).await;
    let error = client.organizations().list().try_collect::<Vec<_>>().await.unwrap_err();
    (queries(&server, ORGANIZATIONS).await.len(), error)
}

async fn report(page: impl Fn(u32) -> Value + Send + Sync + 'static) -> (usize, Error) {
    let (server, client) = tenant().await;
    asked("GET", REPORT).respond_with(without_end(page)).mount(&server).await;
    let fields = [FieldName::new("deviceGuid").unwrap()];
    let rows = client.custom_fields().report(&[Scope::Device], &fields);
    let error = rows.try_collect::<Vec<_>>().await.unwrap_err();
    (queries(&server, REPORT).await.len(), error)
}

fn row(id: u32) -> Value {
    json!({ "scope": "NODE", "entityId": id, "fields": { "deviceGuid": "3C1E" } })
}

fn cursor(number: u32) -> Value {
    json!({ "name": format!("c{number}"), "offset": number, "count": 1, "expires": 1.5 })
}

#[tokio::test]
async fn x7_ever_new_rows_end_at_a_hundred_thousand() {
    let page = |number: u32| {
        let rows = number * 10_000..(number + 1) * 10_000;
        json!({ "cursor": cursor(number), "results": rows.map(row).collect::<Vec<_>>() })
    };
    let (pages, error) = report(page).await;
    assert_eq!((pages, error.kind()), (11, ErrorKind::NotUnderstood));
    assert!(error.to_string().contains("more than 100000 entries"), "{error}");
}

#[tokio::test]
async fn x7_ever_new_cursors_to_the_same_rows_end_after_a_hundred_pages() {
    let same = |number| json!({ "cursor": cursor(number), "results": [row(1), row(2)] });
    let (pages, error) = report(same).await;
    assert_eq!((pages, error.kind()), (101, ErrorKind::NotUnderstood));
    assert!(error.to_string().contains("brought nothing new"), "{error}");
}

#[tokio::test]
async fn x7_large_rows_end_at_32_mib_in_all() {
    let name = "x".repeat(4 << 20);
    let (pages, error) = organizations(move |number| json!([{ "id": number, "name": name }])).await;
    assert_eq!((pages, error.kind()), (8, ErrorKind::NotUnderstood));
    assert_eq!(error.attempts(), 1);
}
