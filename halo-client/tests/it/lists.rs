//! Lists: pages that repeat, filters that are ignored, rows that are odd.

use futures_util::{StreamExt as _, TryStreamExt as _};
use halo_client::{Client, Customer, CustomerId, ErrorKind, TicketFilter, TicketId};
use serde_json::{Value, json};
use wiremock::matchers::query_param;
use wiremock::{MockServer, ResponseTemplate};

use crate::{action, actions, answer, asked, calls, tenant};

fn clients(ids: std::ops::Range<u64>, total: Option<u64>) -> Value {
    let rows: Vec<Value> = ids.map(|id| json!({ "id": id, "name": "Harbour" })).collect();
    json!({ "record_count": total, "clients": rows })
}

async fn listed(client: &Client) -> Vec<Customer> {
    client.customers().list().try_collect().await.unwrap()
}

async fn pages(server: &MockServer, bodies: &[Value]) {
    for (number, body) in bodies.iter().enumerate() {
        let number = (number + 1).to_string();
        asked("GET", "/api/Client")
            .and(query_param("page_no", number))
            .respond_with(answer(body))
            .mount(server)
            .await;
    }
}

#[tokio::test]
async fn a_list_is_read_to_its_end() {
    let (server, client) = tenant().await;
    pages(&server, &[clients(0..100, Some(130)), clients(100..130, Some(130))]).await;
    assert_eq!(listed(&client).await.len(), 130);
    assert_eq!(calls(&server).await.len(), 2);
}

#[tokio::test]
async fn a_list_without_a_total_ends_with_a_page_that_brings_nothing_new() {
    let (server, client) = tenant().await;
    pages(&server, &[clients(0..100, None), clients(50..150, None), clients(0..0, None)]).await;
    let found = listed(&client).await;
    assert_eq!(found.len(), 150, "the pages overlap, and no client comes twice");
}

#[tokio::test]
async fn a_list_whose_pages_repeat_ends_and_brings_each_record_once() {
    for rows in [3, 100, 250] {
        let (server, client) = tenant().await;
        // The number of the page is ignored, and the total is that of the page.
        let body = clients(0..rows, Some(rows));
        asked("GET", "/api/Client").respond_with(answer(&body)).mount(&server).await;
        assert_eq!(listed(&client).await.len() as u64, rows);
        assert!(calls(&server).await.len() <= 2, "{rows}");
    }
}

#[tokio::test]
async fn a_list_of_which_only_the_first_page_is_shown_is_not_taken_for_the_whole() {
    let (server, client) = tenant().await;
    asked("GET", "/api/Client").respond_with(answer(&clients(0..100, Some(130)))).mount(&server).await;
    let error = client.customers().list().try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotUnderstood);
    assert!(error.to_string().contains("100 of 130"), "{error}");
}

/// Neither a page that is missing nor a list without pages that is cut off is taken for the end: what is left out may be what is looked for.
#[tokio::test]
async fn a_list_that_says_that_it_has_more_than_it_shows_is_not_taken_for_the_whole() {
    let (server, client) = tenant().await;
    pages(&server, &[clients(0..100, Some(130)), clients(0..0, Some(130))]).await;
    let error = client.customers().list().try_collect::<Vec<_>>().await.unwrap_err();
    assert!(error.kind() == ErrorKind::NotUnderstood && error.to_string().contains("100 of 130"), "{error}");
    let rows = json!([{ "id": 1, "name": "New" }, { "id": 9, "name": null }, { "id": 4, "name": 7 }]);
    for (total, is_whole) in [(Value::Null, true), (json!(3), true), (json!(4), false)] {
        let (server, client) = tenant().await;
        for (at, member) in [("/api/Status", "statuses"), ("/api/Outcome", "outcomes")] {
            let body = json!({ "record_count": total, member: rows });
            asked("GET", at).respond_with(answer(&body)).mount(&server).await;
        }
        let names =
            client.statuses().list().await.map(|all| all.into_iter().map(|it| it.name).collect::<Vec<_>>());
        let outcomes = client.outcomes().of(TicketId::new(1001)).await;
        assert_eq!((names.is_ok(), outcomes.is_ok()), (is_whole, is_whole), "{total}");
        // A status without a name is a status all the same.
        assert!(names.is_err() || names.unwrap() == ["New", "", ""]);
    }
}

#[tokio::test]
async fn a_list_comes_in_an_object_or_as_an_array_and_one_odd_row_fails_nothing() {
    let odd = json!([{ "id": 1, "name": 7, "inactive": "no", "customfields": "none" }, 5, {}, { "id": "2", "name": "B" }]);
    for body in [odd.clone(), json!({ "record_count": 4, "clients": odd })] {
        let (server, client) = tenant().await;
        asked("GET", "/api/Client").respond_with(answer(&body)).mount(&server).await;
        let ids: Vec<i64> = listed(&client).await.iter().map(|found| found.id.get()).collect();
        assert_eq!(ids, [1, 2]);
    }
    for body in [json!({ "record_count": 4 }), json!({ "clients": 7 }), json!(5)] {
        let (server, client) = tenant().await;
        asked("GET", "/api/Client").respond_with(answer(&body)).mount(&server).await;
        let error = client.customers().list().try_collect::<Vec<_>>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotUnderstood, "{body}: {error}");
    }
}

#[tokio::test]
async fn only_a_name_that_is_exactly_the_same_is_found() {
    let (server, client) = tenant().await;
    let names = ["Harbour", "harbour", "Harbour Dental", "Harbour"];
    let rows: Vec<Value> =
        names.iter().enumerate().map(|(id, name)| json!({ "id": id, "name": name })).collect();
    asked("GET", "/api/Client").respond_with(answer(&json!(rows))).mount(&server).await;
    let found = client.customers().find("Harbour").await.unwrap();
    let ids: Vec<i64> = found.iter().map(|it| it.id.get()).collect();
    assert_eq!(ids, [0, 3], "both are returned, for a person to decide");
}

#[tokio::test]
async fn a_filter_that_halopsa_ignores_is_noticed_by_what_comes_back() {
    let (server, client) = tenant().await;
    let rows = |member: &str, value: Value| {
        let mut row = json!({ "id": 1, "client_id": 5 });
        row[member] = value;
        json!([{ "id": 7, "client_id": 5 }, row])
    };
    for (member, value) in
        [("client_id", json!(6)), ("client_id", Value::Null), ("hasbeenclosed", json!(true))]
    {
        let guard = asked("GET", "/api/Tickets")
            .respond_with(answer(&rows(member, value)))
            .mount_as_scoped(&server)
            .await;
        let filter = TicketFilter::all().customer(CustomerId::new(5)).open_only();
        let error = client.tickets().list(filter).try_collect::<Vec<_>>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FilterIgnored, "{error}");
        assert!(
            error.to_string().contains("client_id=5") && error.to_string().contains("ignored"),
            "{error}"
        );
        drop(guard);
    }
    for (at, member) in [("/api/Site", "sites"), ("/api/Asset", "assets")] {
        let body = json!({ member: rows("client_id", json!(6)) });
        asked("GET", at).respond_with(answer(&body)).mount(&server).await;
    }
    let five = CustomerId::new(5);
    assert_eq!(client.sites().of(five).await.unwrap_err().kind(), ErrorKind::FilterIgnored);
    let mut assets = Box::pin(client.assets().list(Some(five)));
    assert_eq!(assets.next().await.unwrap().unwrap_err().kind(), ErrorKind::FilterIgnored);
    let mut of_another = action(1, "n");
    of_another["ticket_id"] = json!(1002);
    asked("GET", "/api/Actions").respond_with(answer(&actions(&[of_another]))).mount(&server).await;
    let error = client.actions().find(TicketId::new(1001), "n").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FilterIgnored, "the note of another ticket is none of this one");
}

#[tokio::test]
async fn a_record_that_is_none_or_another_one_is_not_taken_for_the_one_asked_for() {
    for (body, kind) in [
        (Value::Null, ErrorKind::NotFound),
        (json!({}), ErrorKind::NotFound),
        (json!({ "id": 1002 }), ErrorKind::NotUnderstood),
        (json!({ "summary": "no id" }), ErrorKind::NotUnderstood),
        (json!([]), ErrorKind::NotUnderstood),
    ] {
        let (server, client) = tenant().await;
        asked("GET", "/api/Tickets/1001").respond_with(answer(&body)).mount(&server).await;
        let error = client.tickets().get(TicketId::new(1001)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{body}");
        assert!(error.to_string().contains("1001"), "{error}");
    }
    let (server, client) = tenant().await;
    asked("GET", "/api/Tickets/1001").respond_with(ResponseTemplate::new(200)).mount(&server).await;
    assert!(client.tickets().get(TicketId::new(1001)).await.unwrap_err().is_not_found());
}
