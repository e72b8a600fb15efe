//! What is sent to a Connect server, request by request.

use dtc_adapters::OnePasswordFailure;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::{by_connect, read};

const VAULT: &str = "vault0vault0vault0vault0va";
const ITEM: &str = "item00item00item00item00it";
const TOKEN: &str = "connect-token-of-the-test";

fn answer(request: &Request) -> ResponseTemplate {
    let path = request.url.path();
    let body = match path.strip_prefix("/v1/vaults").unwrap_or_default().split('/').count() {
        // A server that does not filter at all.
        1 => json!([{"id": VAULT, "name": "msp infrastructure"}, {"id": ITEM, "name": "another"}]),
        3 => json!([
            {"id": "archived0archived0archived0", "title": "Backblaze B2", "state": "ARCHIVED"},
            {"id": ITEM, "title": "Backblaze B2", "vault": {"id": VAULT}, "category": "OF_A_LATER_YEAR"},
        ]),
        _ => json!({
            "id": ITEM, "title": "Backblaze B2", "vault": {"id": VAULT},
            "sections": [{"id": "section1", "label": "test"}],
            "fields": [
                {"id": "f1", "type": "CONCEALED", "label": "application key", "value": "K005value"},
                {"id": "f2", "label": "id", "value": "K001value", "section": {"id": "section1"}},
            ],
        }),
    };
    ResponseTemplate::new(200).set_body_json(body)
}

/// Method, path and filter of every request, after what is the same for all was checked.
async fn requests(server: &MockServer) -> Vec<(String, String)> {
    let received = server.received_requests().await.unwrap();
    let seen = received.iter().map(|request| {
        assert_eq!((request.method.as_str(), request.body.len()), ("GET", 0));
        let header = |name: &str| request.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(header("authorization"), Some(format!("Bearer {TOKEN}")));
        assert!(header("user-agent").unwrap().starts_with("dtc/"));
        let query: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
        let filter = match query.as_slice() {
            [] => String::new(),
            [(name, filter)] if name == "filter" => filter.clone(),
            other => panic!("{other:?}"),
        };
        (request.url.path().to_owned(), filter)
    });
    seen.collect()
}

#[tokio::test]
async fn e7_a_secret_is_three_reads_and_one_where_ids_are_given() {
    let items = format!("/v1/vaults/{VAULT}/items");
    let whole = format!("{items}/{ITEM}");
    let names = ["name eq \"MSP Infrastructure\"", "title eq \"Backblaze B2\""];
    let by_names = [("/v1/vaults", names[0]), (&items, names[1]), (&whole, "")];
    for (path, sent, value) in [
        ("MSP Infrastructure/Backblaze B2/application key", &by_names[..], "K005value"),
        ("MSP Infrastructure/Backblaze B2/test/id", &by_names, "K001value"),
        (&format!("{VAULT}/Backblaze B2/f1"), &by_names[1..], "K005value"),
        (&format!("{VAULT}/{ITEM}/section1/f2"), &by_names[2..], "K001value"),
        (&format!("MSP Infrastructure/{ITEM}/f1"), &[by_names[0], by_names[2]], "K005value"),
    ] {
        let server = MockServer::start().await;
        Mock::given(any()).respond_with(answer).mount(&server).await;
        let way = by_connect(&server.uri(), TOKEN);
        assert_eq!(read(&way, &format!("op://{path}")).await.as_deref(), Ok(value), "{path}");
        let sent: Vec<_> =
            sent.iter().map(|(path, filter)| ((*path).to_owned(), (*filter).to_owned())).collect();
        assert_eq!(requests(&server).await, sent, "{path}");
    }
}

/// An address with a path, and one that ends with a slash.
#[tokio::test]
async fn e7_the_address_may_have_a_path() {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(|request: &Request| {
            let is_there = request.url.path() == format!("/behind/v1/vaults/{VAULT}/items/{ITEM}");
            let item = json!({"fields": [{"id": "f", "value": "found"}]});
            ResponseTemplate::new(if is_there { 200 } else { 404 }).set_body_json(item)
        })
        .mount(&server)
        .await;
    for end in ["/behind", "/behind/"] {
        let way = by_connect(&format!("{}{end}", server.uri()), TOKEN);
        assert_eq!(read(&way, &format!("op://{VAULT}/{ITEM}/f")).await.as_deref(), Ok("found"), "{end}");
    }
}

/// What the documentation does not promise is no secret, whatever it is.
#[tokio::test]
async fn e7_an_answer_that_makes_no_sense_is_no_secret() {
    let reference = format!("op://{VAULT}/{ITEM}/f");
    for body in [
        json!([]),
        json!({"fields": {}}),
        json!({"fields": [{"id": "f", "value": 7}]}),
        json!({"fields": [{"id": "f"}]}),
        json!({"fields": [{"id": "f", "value": "a"}, {"id": "F", "value": "b"}]}),
        json!({"state": "ARCHIVED", "fields": [{"id": "f", "value": "a"}]}),
        // Another item than the one that was asked for, or one of another vault.
        json!({"id": VAULT, "fields": [{"id": "f", "value": "another's"}]}),
        json!({"id": ITEM, "vault": {"id": ITEM}, "fields": [{"id": "f", "value": "another's"}]}),
        json!({"fields": null, "sections": null}),
        Value::Null,
        json!("f"),
    ] {
        let server = MockServer::start().await;
        let template = ResponseTemplate::new(200).set_body_json(&body);
        Mock::given(any()).respond_with(template).mount(&server).await;
        let refused = read(&by_connect(&server.uri(), TOKEN), &reference).await;
        assert!(refused.is_err(), "{body}: {refused:?}");
    }
    // Of two rows with the name, one without an id is one of the two.
    let server = MockServer::start().await;
    let rows = json!([{"name": "v"}, {"id": VAULT, "name": "V"}]);
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(rows)).mount(&server).await;
    let refused = read(&by_connect(&server.uri(), TOKEN), "op://v/i/f").await;
    assert!(matches!(refused, Err(OnePasswordFailure::Ambiguous(_))), "{refused:?}");
    // What is not there may be null.
    let server = MockServer::start().await;
    let item = json!({"sections": null, "fields": [{"id": "f", "value": "found"}]});
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(item)).mount(&server).await;
    assert_eq!(read(&by_connect(&server.uri(), TOKEN), &reference).await.as_deref(), Ok("found"));
    // An id that would lead elsewhere is not put into a path.
    for id in ["../../activity", "short", "vault0vault0vault0vault0v/"] {
        let server = MockServer::start().await;
        let rows = ResponseTemplate::new(200).set_body_json(json!([{"id": id, "name": "v"}]));
        Mock::given(any()).respond_with(rows).mount(&server).await;
        assert!(read(&by_connect(&server.uri(), TOKEN), "op://v/i/f").await.is_err(), "{id}");
        assert_eq!(requests(&server).await.len(), 1, "{id}");
    }
}
