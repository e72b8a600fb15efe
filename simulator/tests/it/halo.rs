//! HaloPSA over its socket.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulator::Simulator;
use simulator::halo::{ClosedTickets, Kind, Paging};

/// A tenant and somebody with a token.
struct Desk {
    sim: Simulator,
    http: reqwest::Client,
    token: String,
}

impl Desk {
    async fn open() -> Self {
        let sim = crate::simulation().start().await.unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut desk = Self { sim, http, token: String::new() };
        let (status, answer) = desk.log_in("", "all", |_| {}).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer["access_token"].as_str().unwrap().clone_into(&mut desk.token);
        desk
    }

    async fn log_in(
        &self,
        query: &str,
        scope: &str,
        change: fn(&mut Vec<(&str, String)>),
    ) -> (StatusCode, Value) {
        let at = &self.sim.addresses().halo;
        let mut form = vec![
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", at.client_id.clone()),
            ("client_secret", at.client_secret.clone()),
            ("scope", scope.to_owned()),
        ];
        change(&mut form);
        let form = url_encoded(&form);
        let request = self.http.post(format!("{}/auth/token{query}", at.url));
        let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
        read(request).await
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let request = self.http.request(method, format!("{}{path}", self.sim.addresses().halo.url));
        let mut request = request.header("authorization", format!("Bearer {}", self.token));
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        read(request).await
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.call(Method::GET, path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.call(Method::POST, path, Some(body)).await
    }

    fn ticket(&self) -> i64 {
        self.sim.halo().ticket_id()
    }
}

fn url_encoded(form: &[(&str, String)]) -> String {
    let pairs: Vec<String> = form.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

async fn read(request: reqwest::RequestBuilder) -> (StatusCode, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap())
}

#[tokio::test]
async fn only_the_application_gets_a_token_and_only_for_scopes_that_there_are() {
    let desk = Desk::open().await;
    for (query, scope, change) in [
        ("", "everything", (|_: &mut Vec<_>| {}) as fn(&mut Vec<(&str, String)>)),
        ("", "", |_| {}),
        ("?tenant=harbour", "all", |_| {}),
        ("", "all", |form| form[0].1 = "password".to_owned()),
        ("", "all", |form| form[1].1 = "another".to_owned()),
        ("", "all", |form| form[2].1 = "wrong".to_owned()),
    ] {
        let (status, answer) = desk.log_in(query, scope, change).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query} {scope}: {answer}");
    }
    let (_, info) = read(desk.http.get(format!("{}/api/authinfo", desk.sim.addresses().halo.url))).await;
    assert_eq!(info["auth_url"], format!("{}/auth", desk.sim.addresses().halo.url));
    let (status, _) = read(desk.http.get(format!("{}/api/Status", desk.sim.addresses().halo.url))).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    desk.sim.clock().advance(Duration::from_hours(1));
    assert_eq!(desk.call(Method::GET, "/api/Status", None).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_body_is_an_array_and_what_is_not_known_is_dropped() {
    let desk = Desk::open().await;
    let ticket = desk.ticket();
    for body in [json!({ "id": ticket, "summary": "x" }), json!([5]), json!("x")] {
        let (status, answer) = desk.post("/api/Tickets", body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{answer}");
    }
    let fields = json!([{ "name": "CFNobody", "value": "x" }, { "name": "CFDtcClientGuid", "value": "y" }, { "value": 1 }]);
    let change =
        json!([{ "id": ticket, "summary": "new", "nobody": 1, "status_id": 77, "customfields": fields }]);
    let (status, shown) = desk.post("/api/tickets", change).await;
    assert_eq!(
        (status, &shown["summary"], &shown["status_id"]),
        (StatusCode::CREATED, &json!("new"), &json!(1))
    );
    assert_eq!(shown["customfields"], json!([{ "name": "CFDtcClientGuid", "value": "y" }]));
    assert!(shown.get("nobody").is_none());
    let plain = desk.get(&format!("/api/Tickets/{ticket}")).await;
    assert!(plain.get("customfields").is_none(), "details are asked for");
    // Without an id it is a further ticket.
    let (_, further) = desk.post("/api/Tickets", json!([{ "summary": "another" }])).await;
    assert_ne!(further["id"], json!(ticket));
    assert_eq!(desk.post("/api/Tickets", json!([{ "id": 5 }])).await.0, StatusCode::NOT_FOUND);
    assert_eq!(desk.post("/api/Asset", json!([{}])).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_note_is_public_and_mailed_unless_it_says_otherwise() {
    let desk = Desk::open().await;
    let ticket = desk.ticket();
    let note = |more: Value| {
        let mut note = json!({ "ticket_id": ticket, "outcome_id": 7, "note": "a < b" });
        note.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([note])
    };
    let (status, shown) = desk.post("/api/Actions", note(json!({}))).await;
    assert_eq!((status, &shown["hiddenfromuser"]), (StatusCode::CREATED, &json!(false)));
    assert_eq!(desk.sim.halo().mails(), 1);
    desk.post("/api/Actions", note(json!({ "hiddenfromuser": true }))).await;
    assert_eq!(desk.sim.halo().mails(), 2, "a rule mails what does not say that it is not to be mailed");
    desk.post("/api/Actions", note(json!({ "hiddenfromuser": true, "sendemail": false, "new_status": 2 })))
        .await;
    assert_eq!((desk.sim.halo().mails(), desk.sim.halo().notes(ticket).len()), (2, 3));
    let newest = desk.get(&format!("/api/Actions?ticket_id={ticket}&count=2&excludesys=true")).await;
    assert_eq!((&newest["record_count"], &newest["actions"][0]["id"]), (&json!(3), &json!(3)));
    assert!(newest["actions"][0].get("note_html").is_none());
    let with_all = desk.get(&format!("/api/Actions?ticket_id={ticket}&includehtmlnote=true")).await;
    assert_eq!(
        with_all["actions"][0]["outcome"], "Status Changed",
        "the system's own are there unless excluded"
    );
    assert_eq!(with_all["actions"][1]["note_html"], "<p>a &lt; b</p>");
    for (wrong, says) in [
        (json!({ "outcome_id": 12 }), "do not have access to this Action"),
        (json!({ "outcome_id": 99 }), "valid outcome"),
        (json!({ "ticket_id": 1 }), "valid ticket_id"),
    ] {
        let (status, answer) = desk.post("/api/Actions", note(wrong)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(answer.to_string().contains(says), "{answer}");
    }
}

#[tokio::test]
async fn closed_tickets_refuse_notes_or_are_opened_by_them() {
    let desk = Desk::open().await;
    let ticket = desk.ticket();
    let note = || json!([{ "ticket_id": ticket, "outcome": "Internal Note", "note": "x" }]);
    desk.sim.halo().close(ticket);
    assert_eq!(desk.post("/api/Actions", note()).await.0, StatusCode::BAD_REQUEST);
    desk.sim.halo().closed_tickets(ClosedTickets::Reopen);
    assert_eq!(desk.post("/api/Actions", note()).await.0, StatusCode::CREATED);
    assert_eq!(desk.sim.halo().member(Kind::Ticket, ticket, "hasbeenclosed"), Some(json!(false)));
}

#[tokio::test]
async fn parameters_that_are_not_known_are_ignored_and_pages_may_repeat() {
    let desk = Desk::open().await;
    let all = desk.get("/api/Client").await;
    assert_eq!(desk.get("/api/client?clientname=Harbour").await, all);
    let found = desk.get("/api/Client?search=harbour").await;
    assert_eq!(found["record_count"], 2);
    let page = |number: u32| format!("/api/Client?pageinate=true&page_size=2&page_no={number}");
    let ids = |body: Value| {
        body["clients"].as_array().unwrap().iter().map(|it| it["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(desk.get(&page(2)).await).len(), 1);
    desk.sim.halo().paging(Paging::FirstPageAgain);
    assert_eq!(ids(desk.get(&page(2)).await), ids(desk.get(&page(1)).await));
    desk.sim.halo().paging(Paging::WholeEachTime);
    assert_eq!(ids(desk.get(&page(2)).await).len(), 3);
}

#[tokio::test]
async fn what_the_agent_may_not_see_is_not_there() {
    let desk = Desk::open().await;
    desk.sim.halo().take_right("read:tickets");
    desk.sim.halo().take_right("edit:tickets");
    let ticket = desk.ticket();
    for list in ["/api/Tickets".to_owned(), format!("/api/Actions?ticket_id={ticket}")] {
        assert_eq!(desk.get(&list).await["record_count"], 0, "{list}");
    }
    assert_eq!(desk.get(&format!("/api/Outcome?ticket_id={ticket}")).await, json!([]));
    assert_eq!(
        desk.call(Method::GET, &format!("/api/Tickets/{ticket}"), None).await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(desk.post("/api/Tickets", json!([{ "id": ticket }])).await.0, StatusCode::FORBIDDEN);
    assert_eq!(desk.get("/api/Client").await["record_count"], 3);
}

#[tokio::test]
async fn the_window_of_the_limit_rolls() {
    let desk = Desk::open().await;
    desk.sim.halo().limit_requests(2, None);
    desk.get("/api/Status").await;
    desk.sim.clock().advance(Duration::from_mins(3));
    desk.get("/api/Status").await;
    let (status, answer) = desk.call(Method::GET, "/api/Status", None).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer, "Rate Limit Reached - 2 Requests per rolling 5 minute window");
    desk.sim.clock().advance(Duration::from_mins(2));
    desk.get("/api/Status").await;
    assert_eq!(desk.call(Method::GET, "/api/Status", None).await.0, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn reports_fail_in_answers_of_success() {
    let desk = Desk::open().await;
    desk.sim.halo().define_report(1, Err("no such column".to_owned()));
    let failed = desk.get("/api/Report/1?loadreport=true").await;
    assert_eq!(failed["report"]["load_error"], "no such column");
    assert!(desk.get("/api/Report/1").await.get("report").is_none());
    assert_eq!(desk.call(Method::GET, "/api/Report/2", None).await.0, StatusCode::NOT_FOUND);
}
