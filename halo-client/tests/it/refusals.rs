//! What HaloPSA refuses, says in an answer of success, or drops without a word.

use halo_client::{
    AssetId, CustomerId, ErrorKind, FieldName, FieldPatch, ReportId, StatusId, TicketId, TicketPatch,
};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::{answer, asked, calls, tenant};

#[tokio::test]
async fn x6_each_refusal_has_its_kind_and_halopsas_words() {
    for (status, body, kind) in [
        (400, json!({ "message": "bad" }), ErrorKind::Rejected),
        (403, json!("bad"), ErrorKind::Unauthorized),
        (404, json!({ "error": "bad" }), ErrorKind::NotFound),
        (418, json!({ "Message": "bad" }), ErrorKind::Unclassified),
        (500, json!({ "error_description": "bad" }), ErrorKind::Unreachable),
    ] {
        let (server, client) = tenant().await;
        let refusal = ResponseTemplate::new(status).set_body_json(body);
        asked("GET", "/api/Status").respond_with(refusal).mount(&server).await;
        let error = client.statuses().list().await.unwrap_err();
        assert_eq!((error.kind(), error.status()), (kind, Some(status)));
        assert!(error.to_string().ends_with(": bad"), "{error}");
    }
}

#[tokio::test]
async fn x6_a_report_that_fails_with_an_answer_of_success_has_failed() {
    for (body, kind) in [
        (json!({ "error": "Invalid column name" }), ErrorKind::Rejected),
        (
            json!({ "id": 3, "report": { "load_error": "Invalid column name", "rows": [] } }),
            ErrorKind::Rejected,
        ),
        (json!({ "id": 3, "name": "not loaded" }), ErrorKind::NotUnderstood),
    ] {
        let (server, client) = tenant().await;
        asked("GET", "/api/Report/3").respond_with(answer(&body)).mount(&server).await;
        let error = client.reports().run(ReportId::new(3)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(kind != ErrorKind::Rejected || error.to_string().contains("Invalid column"), "{error}");
        assert_eq!(calls(&server).await.len(), 1);
    }
}

#[tokio::test]
async fn what_is_dropped_without_a_word_is_noticed_when_it_is_read_back() {
    let (server, client) = tenant().await;
    let field = FieldName::new("CFGuid").unwrap();
    let fields = FieldPatch::new().text(&field, "new");
    let shown =
        |id: u64| json!({ "id": id, "status_id": 1, "customfields": [{ "name": "CFGuid", "value": "old" }] });
    for (list, one, body) in [
        ("/api/Tickets", "/api/Tickets/1001", shown(1001)),
        ("/api/Client", "/api/Client/5", shown(5)),
        ("/api/Asset", "/api/Asset/8", shown(8)),
    ] {
        asked("POST", list).respond_with(answer(&body)).mount(&server).await;
        asked("GET", one).respond_with(answer(&body)).mount(&server).await;
    }
    let by_status = TicketPatch::new().status(StatusId::new(9));
    let by_field = TicketPatch::new().status(StatusId::new(1)).custom_fields(fields.clone());
    let ticket = TicketId::new(1001);
    for error in [
        client.tickets().update(ticket, &by_status).await.unwrap_err(),
        client.tickets().update(ticket, &by_field).await.unwrap_err(),
        client.customers().update(CustomerId::new(5), &fields).await.unwrap_err(),
        client.assets().update(AssetId::new(8), &fields).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::NotStored);
        assert!(error.to_string().contains("status") || error.to_string().contains("CFGuid"), "{error}");
    }
    client.tickets().update(ticket, &TicketPatch::new().status(StatusId::new(1))).await.unwrap();
}

#[tokio::test]
async fn x6_a_page_in_the_place_of_an_answer_is_not_taken_for_one() {
    let (server, client) = tenant().await;
    let page = ResponseTemplate::new(200).set_body_raw("<!DOCTYPE html><title>Sign in</title>", "text/html");
    asked("GET", "/api/Status").respond_with(page).mount(&server).await;
    let error = client.statuses().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotUnderstood);
    assert!(error.to_string().contains("a page"), "{error}");
    assert_eq!(calls(&server).await.len(), 1, "a page stays a page");
}

#[tokio::test]
async fn an_empty_list_is_no_error() {
    let (server, client) = tenant().await;
    let nothing: Value = json!({ "record_count": 0 });
    asked("GET", "/api/Client").respond_with(answer(&nothing)).mount(&server).await;
    assert!(client.customers().find("Harbour").await.unwrap().is_empty());
}
