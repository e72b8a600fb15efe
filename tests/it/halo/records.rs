//! Tickets, clients, sites, assets and their custom fields; rights, filters, pages, and the limit of requests.

use futures_util::TryStreamExt as _;
use halo_client::{
    AssetId, Client, CustomerId, ErrorKind, FieldName, FieldPatch, ReportId, StatusId, Ticket, TicketFilter,
    TicketPatch,
};
use simulator::Fault;
use simulator::halo::{CLIENT_GUID_FIELD, FieldKind, Kind, Paging, Settings};

use super::{CLIENT, client, config, customer, simulation, ticket};

const GUID: &str = "0195f3a2-7c41-7d3e-9b20-5a61c8e4f7d9";

fn field() -> FieldName {
    FieldName::new(CLIENT_GUID_FIELD).unwrap()
}

async fn tickets(client: &Client, filter: TicketFilter) -> Result<Vec<Ticket>, halo_client::Error> {
    client.tickets().list(filter).try_collect().await
}

#[tokio::test]
async fn a_client_is_found_by_its_exact_name_and_its_field_is_written_and_read_back() {
    let sim = simulation(Settings::default()).await;
    let halo = client(&sim);
    let found = halo.customers().find(CLIENT).await.unwrap();
    assert_eq!(found.iter().map(|found| found.id).collect::<Vec<_>>(), [customer(&sim)]);
    assert!(found[0].custom_fields.is_empty(), "lists show none");
    let patch = FieldPatch::new().text(&field(), GUID).option(&FieldName::new("CFBackupTier").unwrap(), 2);
    let written = halo.customers().update(customer(&sim), &patch).await.unwrap();
    assert_eq!(written.custom_fields.text(&field()), Some(GUID));
    assert_eq!(sim.halo().field(Kind::Client, sim.halo().client_id(), CLIENT_GUID_FIELD).unwrap(), GUID);
    let cleared = halo.customers().update(customer(&sim), &FieldPatch::new().clear(&field())).await.unwrap();
    assert_eq!(cleared.custom_fields.text(&field()), None);
    assert_eq!(cleared.name.as_deref(), Some(CLIENT), "nothing else was touched");
    sim.halo().add_client(CLIENT);
    assert_eq!(halo.customers().find(CLIENT).await.unwrap().len(), 2, "a person decides");
    assert_eq!(halo.customers().find("Nobody").await.unwrap(), []);
}

#[tokio::test]
async fn what_halopsa_drops_without_a_word_is_an_error() {
    let sim = simulation(Settings::default()).await;
    let (halo, unknown) = (client(&sim), FieldName::new("CFNobodyDefinedIt").unwrap());
    sim.halo().define_field(Kind::Client, CLIENT_GUID_FIELD, FieldKind::Text(20));
    for patch in [
        FieldPatch::new().text(&unknown, "x"),
        FieldPatch::new().text(&field(), GUID),
        FieldPatch::new().option(&FieldName::new("CFBackupTier").unwrap(), 9),
    ] {
        let error = halo.customers().update(customer(&sim), &patch).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotStored, "{patch:?}: {error}");
    }
    let patch = TicketPatch::new().status(StatusId::new(77));
    let error = halo.tickets().update(ticket(&sim), &patch).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotStored, "{error}");
    let nobody = halo.customers().update(CustomerId::new(999), &FieldPatch::new().text(&field(), "x")).await;
    assert!(nobody.unwrap_err().is_not_found());
}

#[tokio::test]
async fn tickets_sites_assets_statuses_and_outcomes_are_read() {
    let sim = simulation(Settings::default()).await;
    let halo = client(&sim);
    let found = halo.tickets().get(ticket(&sim)).await.unwrap();
    assert_eq!((found.customer, found.customer_name.as_deref()), (Some(customer(&sim)), Some(CLIENT)));
    assert_eq!((found.has_been_closed, found.status), (Some(false), Some(StatusId::new(1))));
    let of_client = tickets(&halo, TicketFilter::all().customer(customer(&sim)).open_only()).await.unwrap();
    assert_eq!(of_client.iter().map(|it| it.id).collect::<Vec<_>>(), [ticket(&sim)]);
    let statuses = halo.statuses().list().await.unwrap();
    let closed = statuses.iter().find(|status| status.name == "Closed").unwrap().id;
    let updated = halo.tickets().update(ticket(&sim), &TicketPatch::new().status(closed)).await.unwrap();
    assert_eq!((updated.has_been_closed, updated.status), (Some(true), Some(closed)));
    let sites = halo.sites().of(customer(&sim)).await.unwrap();
    assert_eq!(halo.sites().get(sites[0].id).await.unwrap().name.as_deref(), Some("Main Office"));
    let assets: Vec<_> = halo.assets().list(Some(customer(&sim))).try_collect().await.unwrap();
    let id: AssetId = assets[0].id;
    let asset = halo.assets().update(id, &FieldPatch::new().text(&field(), GUID)).await.unwrap();
    assert_eq!((asset.tag.as_deref(), asset.site), (Some("nas-01"), Some(sites[0].id)));
    assert_eq!(halo.assets().get(id).await.unwrap(), asset);
    let outcomes = halo.outcomes().of(ticket(&sim)).await.unwrap();
    let names: Vec<&str> = outcomes.iter().map(|outcome| outcome.name.as_str()).collect();
    assert_eq!(names, ["Email User", "Internal Note"], "those that the agent may run");
}

/// 500 clients with 10 000 tickets: every page is read, and nothing comes twice, however the pages come.
#[tokio::test]
async fn a_fleet_is_listed_whole_or_not_at_all() {
    let sim = simulation(Settings::default().size(497, 9_500)).await;
    let halo = client(&sim);
    let clients: Vec<_> = halo.customers().list().try_collect().await.unwrap();
    assert_eq!(clients.len(), 500);
    let all = tickets(&halo, TicketFilter::all()).await.unwrap();
    assert_eq!(all.len(), 10_000);
    let open = tickets(&halo, TicketFilter::all().open_only()).await.unwrap();
    assert!(open.len() < all.len() && open.iter().all(|ticket| ticket.has_been_closed == Some(false)));
    sim.halo().paging(Paging::WholeEachTime);
    assert_eq!(tickets(&halo, TicketFilter::all()).await.unwrap().len(), 10_000);
    sim.halo().paging(Paging::FirstPageAgain);
    let error = tickets(&halo, TicketFilter::all()).await.unwrap_err();
    assert!(
        error.kind() == ErrorKind::NotUnderstood && error.to_string().contains("100 of 10000"),
        "{error}"
    );
    let few = halo.sites().of(customer(&sim)).await.unwrap();
    assert_eq!(few.len(), 1, "a list of one page is whole all the same");
}

#[tokio::test]
async fn a_filter_that_is_ignored_ends_the_list() {
    let sim = simulation(Settings::default()).await;
    let halo = client(&sim);
    sim.halo().ignore_parameter("client_id");
    let filter = TicketFilter::all().customer(customer(&sim));
    assert_eq!(tickets(&halo, filter).await.unwrap_err().kind(), ErrorKind::FilterIgnored);
    let sites = halo.sites().of(customer(&sim)).await;
    assert_eq!(sites.unwrap_err().kind(), ErrorKind::FilterIgnored);
    sim.halo().ignore_parameter("search");
    let found = halo.customers().find(CLIENT).await.unwrap();
    assert_eq!(found.len(), 1, "names are compared here, too");
}

#[tokio::test]
async fn missing_rights_look_like_nothing_there_and_writes_are_refused() {
    let sim = simulation(Settings::default()).await;
    let halo = client(&sim);
    for right in ["read:customers", "edit:customers", "read:tickets"] {
        sim.halo().take_right(right);
    }
    assert_eq!(halo.customers().find(CLIENT).await.unwrap(), []);
    assert_eq!(tickets(&halo, TicketFilter::all()).await.unwrap(), []);
    assert!(halo.tickets().get(ticket(&sim)).await.unwrap_err().is_not_found());
    let error = halo.customers().update(customer(&sim), &FieldPatch::new().text(&field(), "x")).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Unauthorized);
    sim.halo().give_rights();
    // What the agent may do, the token must allow as well.
    let narrow = Client::new(config(&sim).scope("read:tickets")).unwrap();
    assert_eq!(narrow.tickets().get(ticket(&sim)).await.unwrap().customer, Some(customer(&sim)));
    assert_eq!(narrow.customers().find(CLIENT).await.unwrap(), []);
    let unknown = Client::new(config(&sim).scope("read:everything")).unwrap();
    assert_eq!(unknown.statuses().list().await.unwrap_err().kind(), ErrorKind::CredentialsRejected);
}

#[tokio::test]
async fn a_token_that_expires_is_renewed_and_a_revoked_application_is_said_so() {
    let sim = simulation(Settings::default()).await;
    let halo = client(&sim);
    halo.statuses().list().await.unwrap();
    sim.halo().expire_tokens();
    halo.statuses().list().await.unwrap();
    sim.faults().on("halo", "list_statuses").before_effect(Fault::ExpireToken);
    halo.statuses().list().await.unwrap();
    sim.halo().revoke_application(true);
    sim.halo().expire_tokens();
    let error = halo.statuses().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CredentialsRejected, "{error}");
}

#[tokio::test]
async fn a_tenant_is_named_where_the_host_wants_one_and_nowhere_else() {
    let sim = simulation(Settings::default().tenant("harbour")).await;
    client(&sim).statuses().list().await.unwrap();
    let wrong = Client::new(config(&sim).tenant("another")).unwrap();
    assert_eq!(wrong.statuses().list().await.unwrap_err().kind(), ErrorKind::CredentialsRejected);
    Client::new(config(&sim).discover()).unwrap().statuses().list().await.unwrap();
    let sim = simulation(Settings::default()).await;
    let needless = Client::new(config(&sim).tenant("harbour")).unwrap();
    assert_eq!(needless.statuses().list().await.unwrap_err().kind(), ErrorKind::CredentialsRejected);
    Client::new(config(&sim).discover()).unwrap().statuses().list().await.unwrap();
}

/// X7: the window rolls; the simulator's clock stands for the five minutes.
#[tokio::test]
async fn x7_the_limit_of_requests_is_met_and_is_over_after_five_minutes() {
    let sim = simulation(Settings::default()).await;
    let halo = client(&sim);
    sim.halo().limit_requests(2, None);
    for _ in 0..2 {
        halo.statuses().list().await.unwrap();
    }
    let error = halo.statuses().list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(error.to_string().contains("2 Requests per rolling 5 minute window"), "{error}");
    sim.clock().advance(std::time::Duration::from_secs(301));
    halo.statuses().list().await.unwrap();
    sim.halo().limit_requests(0, Some(3_000));
    let error = halo.statuses().list().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(std::time::Duration::from_mins(50)), "{error}");
}

#[tokio::test]
async fn x6_a_report_that_fails_says_so_in_an_answer_of_success() {
    let sim = simulation(Settings::default()).await;
    let halo = client(&sim);
    sim.halo().define_report(1, Ok(vec![serde_json::json!({ "Client": CLIENT, "Tickets": 3 })]));
    sim.halo().define_report(2, Err("Invalid column name 'Clinet'".to_owned()));
    assert_eq!(halo.reports().run(ReportId::new(1)).await.unwrap()[0]["Tickets"], 3);
    let error = halo.reports().run(ReportId::new(2)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.to_string().contains("Clinet"), "{error}");
    assert!(halo.reports().run(ReportId::new(3)).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn pages_cut_answers_and_lost_ones_are_no_answers() {
    let sim = simulation(Settings::default()).await;
    let halo = client(&sim);
    halo.statuses().list().await.unwrap();
    for fault in [Fault::Html(503), Fault::DropConnection, Fault::TruncateBody] {
        sim.faults().on("halo", "list_statuses").before_effect(fault);
        assert_eq!(halo.statuses().list().await.unwrap().len(), 4, "a read is made again");
    }
    sim.faults().on("halo", "list_statuses").before_effect(Fault::Html(200));
    assert_eq!(halo.statuses().list().await.unwrap_err().kind(), ErrorKind::NotUnderstood);
    // A write that sets a value is made again as well, and leaves the same state.
    sim.faults().on("halo", "write_clients").after_effect(Fault::DropConnection);
    let patch = FieldPatch::new().text(&field(), GUID);
    halo.customers().update(customer(&sim), &patch).await.unwrap();
}

#[tokio::test]
async fn x2_a_read_only_client_changes_nothing() {
    let sim = simulation(Settings::default()).await;
    let halo = Client::new(config(&sim).read_only()).unwrap();
    let patch = FieldPatch::new().text(&field(), GUID);
    let asset = AssetId::new(51);
    let status = TicketPatch::new().status(StatusId::new(9));
    for error in [
        halo.customers().update(customer(&sim), &patch).await.unwrap_err(),
        halo.assets().update(asset, &patch).await.unwrap_err(),
        halo.tickets().update(ticket(&sim), &status).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::ReadOnly, "{error}");
    }
    assert_eq!(sim.transcript().lines().len(), 0, "not even a token was asked for");
    halo.tickets().get(ticket(&sim)).await.unwrap();
    assert!(sim.transcript().writes().is_empty());
}
