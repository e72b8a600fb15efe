//! The wire form of every operation: verb, path, query, body; and what is read of the answer.

use futures_util::TryStreamExt as _;
use halo_client::{
    AssetId, Client, CustomerId, Error, FieldName, FieldPatch, NoteOutcome, OutcomeId, PrivateNote, ReportId,
    SiteId, StatusId, TicketFilter, TicketId, TicketPatch, operations,
};
use serde_json::{Value, json};

use crate::{action, actions, answer, asked, calls, tenant};

/// A row: the operation, the requests that it makes, each with the answer to it.
struct Row {
    operation: &'static str,
    requests: Vec<Request>,
}

/// Verb, target, body, and what is answered.
type Request = (&'static str, String, Value, Value);

const PAGE: &str = "pageinate=true&page_size=100&page_no=1";

fn read(operation: &'static str, target: &str, body: Value) -> Row {
    Row { operation, requests: vec![("GET", target.to_owned(), Value::Null, body)] }
}

/// A write, and the reading back of what it wrote.
fn write(operation: &'static str, to: &str, id: u64, sent: Value, shown: Value) -> Row {
    let back = format!("{to}/{id}?includedetails=true");
    let requests = vec![("POST", to.to_owned(), sent, shown.clone()), ("GET", back, Value::Null, shown)];
    Row { operation, requests }
}

fn list(plural: &str, row: &Value) -> Value {
    let mut body = json!({ "record_count": 1, "page_no": 1 });
    body[plural] = json!([row]);
    body
}

fn fields() -> Value {
    json!([{ "name": "CFGuid", "value": "g" }])
}

fn ticket() -> Value {
    json!({ "id": 1001, "summary": "S", "client_id": 5, "client_name": "Harbour", "site_id": 6, "status_id": 9,
        "tickettype_id": 1, "hasbeenclosed": false, "customfields": fields() })
}

fn client() -> Value {
    json!({ "id": 5, "name": "Harbour", "inactive": false, "customfields": fields() })
}

fn asset() -> Value {
    json!({ "id": 8, "inventory_number": "nas-01", "client_id": 5, "site_id": 6, "customfields": fields() })
}

fn lists() -> Vec<Row> {
    let site = json!({ "id": 6, "name": "Main", "client_id": 5 });
    let of_client = |path: &str| format!("{path}?client_id=5&{PAGE}");
    let statuses = json!([{ "id": 9, "name": "Closed" }, { "name": "no id" }]);
    let outcomes = json!([{ "id": 7, "outcome": "Internal Note" }]);
    let actions_of = "/api/Actions?count=50&excludesys=true&includehtmlnote=true&ticket_id=1001";
    let tickets = format!("/api/Tickets?client_id=5&open_only=true&search=nas&{PAGE}");
    vec![
        read("list_tickets", &tickets, list("tickets", &ticket())),
        read("list_actions", actions_of, actions(&[action(1, "n")])),
        read("list_customers", &format!("/api/Client?search=Harbour&{PAGE}"), list("clients", &client())),
        read("list_sites", &of_client("/api/Site"), list("sites", &site)),
        read("list_statuses", "/api/Status", statuses),
        read("list_outcomes", "/api/Outcome?ticket_id=1001", outcomes),
        read("list_assets", &of_client("/api/Asset"), list("assets", &asset())),
    ]
}

fn records() -> Vec<Row> {
    let site = json!({ "id": 6, "name": "Main", "client_id": 5, "customfields": [] });
    let report = json!({ "id": 3, "report": { "rows": [{ "Client": "Harbour" }] } });
    vec![
        read("get_ticket", "/api/Tickets/1001?includedetails=true", ticket()),
        read("get_customer", "/api/Client/5?includedetails=true", client()),
        read("get_site", "/api/Site/6?includedetails=true", site),
        read("get_asset", "/api/Asset/8?includedetails=true", asset()),
        read("run_report", "/api/Report/3?includedetails=true&loadreport=true", report),
    ]
}

fn writes() -> Vec<Row> {
    let note = json!([{ "ticket_id": 1001, "outcome_id": 7, "note": "[m] text", "hiddenfromuser": true, "sendemail": false,
        "timetaken": 0.25, "who": "W", "important": true, "new_status": 9 }]);
    let change = |id: u64| json!([{ "id": id, "customfields": fields() }]);
    let of_ticket = json!([{ "id": 1001, "status_id": 9, "customfields": fields() }]);
    let requests = vec![("POST", "/api/Actions".to_owned(), note, action(2, "[m] text"))];
    vec![
        write("update_ticket", "/api/Tickets", 1001, of_ticket, ticket()),
        write("update_customer", "/api/Client", 5, change(5), client()),
        write("update_asset", "/api/Asset", 8, change(8), asset()),
        Row { operation: "add_action", requests },
    ]
}

fn rows() -> Vec<Row> {
    [lists(), records(), writes()].into_iter().flatten().collect()
}

/// Makes the operation's call, and looks at what is read of the answer.
pub(crate) async fn call(client: &Client, operation: &str) -> Result<(), Error> {
    let (ticket, customer) = (TicketId::new(1001), CustomerId::new(5));
    let fields = || FieldPatch::new().text(&FieldName::new("CFGuid").unwrap(), "g");
    match operation {
        "list_tickets" => {
            let filter = TicketFilter::all().customer(customer).open_only().search("nas");
            let found: Vec<_> = client.tickets().list(filter).try_collect().await?;
            assert!(found.iter().all(|ticket| ticket.others.contains_key("tickettype_id")));
        }
        "get_ticket" => assert_eq!(client.tickets().get(ticket).await?.status, Some(StatusId::new(9))),
        "list_actions" => {
            let found = client.actions().newest(ticket, 50).await?;
            assert!(found.iter().all(|action| action.holds("n") && action.is_private == Some(true)));
        }
        "list_customers" => drop(client.customers().find("Harbour").await?),
        "get_customer" => {
            let found = client.customers().get(customer).await?;
            assert_eq!(found.custom_fields.text(&FieldName::new("CFGuid").unwrap()), Some("g"));
        }
        "list_sites" => drop(client.sites().of(customer).await?),
        "get_site" => assert_eq!(client.sites().get(SiteId::new(6)).await?.customer, Some(customer)),
        "list_statuses" => assert_eq!(client.statuses().list().await?.len(), 1),
        "list_outcomes" => assert_eq!(client.outcomes().of(ticket).await?[0].name, "Internal Note"),
        "list_assets" => drop(client.assets().list(Some(customer)).try_collect::<Vec<_>>().await?),
        "get_asset" => assert_eq!(client.assets().get(AssetId::new(8)).await?.tag.as_deref(), Some("nas-01")),
        "run_report" => assert_eq!(client.reports().run(ReportId::new(3)).await?[0]["Client"], "Harbour"),
        "update_ticket" => {
            let patch = TicketPatch::new().status(StatusId::new(9)).custom_fields(fields());
            client.tickets().update(ticket, &patch).await?;
        }
        "update_customer" => drop(client.customers().update(customer, &fields()).await?),
        "update_asset" => drop(client.assets().update(AssetId::new(8), &fields()).await?),
        "add_action" => {
            let note = PrivateNote::new(ticket, NoteOutcome::Id(OutcomeId::new(7)), "[m] text");
            client
                .actions()
                .add(&note.time_taken(0.25).who("W").important().then_status(StatusId::new(9)))
                .await?;
        }
        unknown => unreachable!("operation {unknown} has no row in this test"),
    }
    Ok(())
}

/// What every operation but those of logging in has.
pub(crate) fn with_rows() -> impl Iterator<Item = &'static str> {
    let log_in = ["discover", "request_token"];
    operations::READS.iter().chain(operations::WRITES).copied().filter(move |name| !log_in.contains(name))
}

/// Serves one operation's rows.
pub(crate) async fn serve(server: &wiremock::MockServer, operation: &str) -> usize {
    let row = rows().into_iter().find(|row| row.operation == operation);
    let row = row.unwrap_or_else(|| unreachable!("operation {operation} has no row in this test"));
    for (verb, target, _, body) in &row.requests {
        let at = target.split('?').next().unwrap();
        asked(verb, at).respond_with(answer(body)).mount(server).await;
    }
    row.requests.len()
}

#[tokio::test]
async fn every_operation_goes_over_the_wire_as_halopsa_takes_it() {
    for operation in with_rows() {
        let (server, client) = tenant().await;
        serve(&server, operation).await;
        call(&client, operation).await.unwrap_or_else(|error| unreachable!("{operation}: {error}"));
        let row = rows().into_iter().find(|row| row.operation == operation).unwrap();
        let sent: Vec<(String, String, Value)> = calls(&server)
            .await
            .iter()
            .map(|request| {
                let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
                let body = serde_json::from_slice(&request.body).unwrap_or_default();
                (request.method.to_string(), format!("{}{query}", request.url.path()), body)
            })
            .collect();
        let wanted: Vec<_> = (row.requests.into_iter())
            .map(|(verb, target, sent, _)| (verb.to_owned(), target, sent))
            .collect();
        assert_eq!(sent, wanted, "{operation}");
    }
}

#[tokio::test]
async fn lists_without_a_filter_ask_for_everything() {
    let (server, client) = tenant().await;
    for (at, plural) in
        [("Tickets", "tickets"), ("Client", "clients"), ("Site", "sites"), ("Asset", "assets")]
    {
        let body = list(plural, &json!({ "id": 1 }));
        asked("GET", &format!("/api/{at}")).respond_with(answer(&body)).mount(&server).await;
    }
    assert_eq!(client.tickets().list(TicketFilter::all()).try_collect::<Vec<_>>().await.unwrap().len(), 1);
    assert_eq!(client.customers().list().try_collect::<Vec<_>>().await.unwrap().len(), 1);
    assert_eq!(client.sites().list().try_collect::<Vec<_>>().await.unwrap().len(), 1);
    assert_eq!(client.assets().list(None).try_collect::<Vec<_>>().await.unwrap().len(), 1);
    for request in calls(&server).await {
        assert_eq!(request.url.query(), Some(PAGE), "{}", request.url.path());
    }
}
