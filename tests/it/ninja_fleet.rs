//! The NinjaOne client against a simulation that was written without it: every typed operation, a fleet of ten thousand devices, log-ins,
//! checked custom fields, and what goes wrong.

#[path = "../../ninja-client/tests/every/mod.rs"]
#[expect(dead_code, reason = "what a call looks like on the wire is for the tests of the client itself")]
pub(crate) mod every;

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use ninja_client::shapes::NewFieldDefinition;
use ninja_client::{
    Client, ClientId, ClientSecret, Config, Device, DeviceFilter, DeviceId, Entity, ErrorKind, FieldName,
    FieldOwner, FieldPatch, FieldValue, Grant, LocationId, Login, OrganizationId, Parameters, Region, Scope,
    TokenScope,
};
use simulator::ninja::{self as console, ApiPermission, Clearing, UnknownFields};
use simulator::truenas::{ApplianceSize, Release};
use simulator::{DEFAULT_ID, Fault, Simulator};

const GUID: &str = "0195f3a2-7c41-7d3e-9b20-5a61c8e4f7d9";

pub(crate) fn builder() -> simulator::Builder {
    let small = simulator::truenas::Settings { size: ApplianceSize::Tiny, ..Default::default() };
    Simulator::builder().seed(23).truenas(DEFAULT_ID, Release::Scale25_10, small)
}

pub(crate) async fn simulation() -> Simulator {
    builder().start().await.unwrap()
}

pub(crate) fn config(at: &console::Address) -> Config {
    let (id, secret) = (ClientId::new(&at.client_id), ClientSecret::new(&at.client_secret));
    let config = Config::new(Region::Us, id, secret).base_url(&at.url);
    config.attempts(3).backoff(Duration::ZERO, Duration::ZERO)
}

pub(crate) fn client(sim: &Simulator) -> Client {
    Client::new(config(&sim.addresses().ninja)).unwrap()
}

pub(crate) fn name(name: &str) -> FieldName {
    FieldName::new(name).unwrap()
}

/// A tenant for each call, since some calls remove what others need. `NINJAONE_TRANSCRIPT` keeps the transcript, to be held against the
/// specification.
#[tokio::test]
async fn every_typed_operation_is_answered_by_a_tenant_that_knows_no_client() {
    let rows = every::all();
    let mut wanted = builder();
    for row in &rows {
        wanted = wanted.ninja_tenant(row.operation.name(), console::Settings::default());
    }
    if let Some(file) = std::env::var_os("NINJAONE_TRANSCRIPT") {
        wanted = wanted.transcript_file(file);
    }
    let sim = wanted.start().await.unwrap();
    let mut refused = Vec::new();
    for row in &rows {
        let id = row.operation.name();
        let (tenant, at) = (sim.ninja_tenant(id).unwrap(), sim.addresses().ninja_tenant(id).unwrap());
        let ids = every::Ids {
            organization: OrganizationId::new(tenant.organization_id()),
            location: LocationId::new(tenant.location_id()),
            device: DeviceId::new(tenant.devices()[1].0),
            ..Default::default()
        };
        if let Err(error) = (row.send)(Client::new(config(at)).unwrap(), ids).await {
            refused.push(error.to_string());
        }
    }
    assert!(refused.is_empty(), "{} of {}:\n{}", refused.len(), rows.len(), refused.join("\n"));
}

#[tokio::test]
async fn ten_thousand_devices_in_five_hundred_organisations_are_read_to_the_last() {
    let settings = console::Settings::default().fleet(500, 20);
    let sim = builder().ninja_tenant("fleet", settings).start().await.unwrap();
    let at = sim.addresses().ninja_tenant("fleet").unwrap();
    let client = Client::new(config(at)).unwrap();
    let devices: Vec<Device> = client.devices().list_where(&DeviceFilter::new()).try_collect().await.unwrap();
    let ids: BTreeSet<DeviceId> = devices.iter().map(|device| device.id).collect();
    assert_eq!((devices.len(), ids.len()), (10_005, 10_005));
    assert_eq!(client.organizations().list().count().await, 503);
    assert_eq!(client.locations().list_all().count().await, 504);
    assert_eq!(
        client.organizations().find("Practice 7").await.unwrap().len(),
        2,
        "a name says not whose it is"
    );
    let disks: Vec<_> = client.reports().disks(&Parameters::new()).try_collect().await.unwrap();
    assert_eq!(disks.len(), 10_005);

    let last = devices.last().unwrap();
    let guid = format!("{{00000000-0000-4000-8000-{:012X}}}", last.id.get());
    let tenant = sim.ninja_tenant("fleet").unwrap();
    tenant.set_field(console::Entity::Device(last.id.get()), "deviceGuid", guid.as_str());
    let plain = |value: &FieldValue| value.as_text().map(|text| text.trim_matches(['{', '}']).to_lowercase());
    let wanted = plain(&FieldValue::Text(guid));
    let before = sim.faults().requests();
    let found = client
        .custom_fields()
        .find_by_field(&[Scope::Device], &name("deviceGuid"), |value| plain(value) == wanted)
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].entity, Entity::Device(last.id));
    assert_eq!(
        sim.faults().requests() - before,
        12,
        "one report, a thousand rows a page, and not a call a device"
    );
}

#[tokio::test]
async fn a_field_is_written_as_its_definition_allows_and_read_back() {
    let sim = simulation().await;
    let owner = FieldOwner::Organization(OrganizationId::new(sim.ninja().organization_id()));
    let fields = client(&sim).checked_fields().await.unwrap();
    let patch =
        |value: &str| FieldPatch::new().text(&name("siteContact"), value).text(&name("dtcOrgGuid"), GUID);
    let written = fields.set(owner, &patch("Ada & <b>\"Byron\"</b>'")).await.unwrap();
    assert_eq!((written.changed.as_slice(), written.unchanged.len()), ([name("siteContact")].as_slice(), 1));
    let writes = sim.transcript().writes().len();
    assert_eq!(fields.set(owner, &patch("Ada & <b>\"Byron\"</b>'")).await.unwrap().unchanged.len(), 2);
    assert_eq!(sim.transcript().writes().len(), writes, "what is there already is not sent");

    let clear = FieldPatch::new().clear(&name("siteContact"));
    sim.ninja().clearing(Clearing::Ignored);
    assert_eq!(fields.set(owner, &clear).await.unwrap().not_emptied, [name("siteContact")]);
    sim.ninja().clearing(Clearing::Honoured);
    assert_eq!(fields.set(owner, &clear).await.unwrap().changed, [name("siteContact")]);
}

#[tokio::test]
async fn what_a_definition_forbids_is_not_sent() {
    let sim = simulation().await;
    sim.ninja().set_api_permission("seats", ApiPermission::ReadOnly);
    sim.ninja().set_api_permission("contractStart", ApiPermission::None);
    let client = client(&sim);
    let fields = client.checked_fields().await.unwrap();
    let organization = FieldOwner::Organization(OrganizationId::new(sim.ninja().organization_id()));
    let location = FieldOwner::Location(
        OrganizationId::new(sim.ninja().organization_id()),
        LocationId::new(sim.ninja().location_id()),
    );
    let set = |field: &str, value: serde_json::Value| FieldPatch::new().set(&name(field), value);
    for (owner, patch, why) in [
        (organization, set("noSuchField", "x".into()), "no such field"),
        (location, set("dtcOrgGuid", GUID.into()), "not defined for the level LOCATION"),
        (organization, set("seats", 7.into()), "READ_ONLY"),
        (organization, set("contractStart", 7.into()), "NONE"),
        (organization, set("vaultPin", GUID.into()), "secure field"),
        (organization, set("managedBackup", "yes".into()), "type CHECKBOX"),
        (organization, set("dtcOrgGuid", 7.into()), "type TEXT"),
        (organization, set("services", serde_json::json!(["Backup"])), "type MULTI_SELECT"),
        (organization, set("dtcOrgGuid", "x".repeat(201).into()), "holds 200 characters, and this has 201"),
        (organization, set("dtcOrgGuid", "\u{1F5C4}".repeat(101).into()), "and this has 202"),
    ] {
        let error = fields.set(owner, &patch).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        assert!(error.to_string().contains(why), "{error}");
    }
    assert_eq!(sim.transcript().writes().len(), 0);
}

#[tokio::test]
async fn a_value_that_was_dropped_without_a_word_is_noticed() {
    let sim = simulation().await;
    let owner = FieldOwner::Organization(OrganizationId::new(sim.ninja().organization_id()));
    let fields = client(&sim).checked_fields().await.unwrap();
    // The definitions were read; now the field goes away, and the tenant ignores what it does not know.
    sim.ninja().undefine_field("siteContact");
    sim.ninja().unknown_fields(UnknownFields::Ignored);
    let error = fields.set(owner, &FieldPatch::new().text(&name("siteContact"), "Ada")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotStored, "{error}");
    assert!(error.to_string().contains("siteContact"), "{error}");
}

#[tokio::test]
async fn a_field_that_was_defined_is_there_for_values_and_gone_with_them() {
    let sim = simulation().await;
    let client = client(&sim);
    let mut new =
        NewFieldDefinition::new("Rack".into(), "rack".into()).kind(ninja_client::shapes::FieldType::Text);
    new = new.api_permission(ninja_client::shapes::ApiPermission::ReadWrite);
    client.field_definitions().create(&new).await.unwrap();
    assert_eq!(client.field_definitions().create(&new).await.unwrap_err().kind(), ErrorKind::Rejected);
    let owner = FieldOwner::Device(DeviceId::new(sim.ninja().devices()[1].0));
    let fields = client.checked_fields().await.unwrap();
    fields.set(owner, &FieldPatch::new().text(&name("rack"), "B7")).await.unwrap();
    client.field_definitions().delete_with_all_values(&name("rack")).await.unwrap();
    assert_eq!(client.field_definitions().get(&name("rack")).await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_person_logs_in_and_the_refresh_token_goes_on() {
    let sim = simulation().await;
    let at = &sim.addresses().ninja;
    let scopes = [TokenScope::Monitoring, TokenScope::OfflineAccess];
    let login =
        Login::begin(&at.url, ClientId::new(&at.client_id), None, &scopes, (0, "/back")).await.unwrap();
    let back = sim.ninja().log_in(login.url()).unwrap();
    let (grant, ()) = tokio::join!(login.wait(Duration::from_mins(1)), visit(&back));
    let client = Client::new(Config::of(Region::Us, grant.unwrap()).base_url(&at.url)).unwrap();
    assert_eq!(client.organizations().list().count().await, 3);
    for _ in 0..2 {
        sim.ninja().expire_tokens();
        assert_eq!(client.organizations().find("Harbour Dental Group").await.unwrap().len(), 1);
    }
    let id = OrganizationId::new(sim.ninja().organization_id());
    let patch = FieldPatch::new().text(&name("siteContact"), "Ada");
    let error = client.organizations().set_custom_fields(id, &patch).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized, "the person granted reading only");

    let token = client.refresh_token().unwrap();
    let again = |token: &str| {
        let token = ninja_client::RefreshToken::new(token.to_owned());
        let grant = Grant::RefreshToken { id: ClientId::new(&at.client_id), secret: None, token };
        Client::new(Config::of(Region::Us, grant).base_url(&at.url)).unwrap()
    };
    assert_eq!(again(token.expose()).organizations().list().count().await, 3);
    let error = again(token.expose()).organizations().find("x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CredentialsRejected, "a refresh token is good once: {error}");
}

/// What a browser does when it is led back to a port of this machine.
async fn visit(url: &str) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let (host, target) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    stream.write_all(format!("GET /{target} HTTP/1.1\r\nhost: {host}\r\n\r\n").as_bytes()).await.unwrap();
    stream.read_to_end(&mut Vec::new()).await.unwrap();
}

#[tokio::test]
async fn a_scope_that_was_not_granted_gets_no_token_at_all() {
    let sim = simulation().await;
    let config = config(&sim.addresses().ninja).scopes(&[TokenScope::Monitoring, TokenScope::Control]);
    let error = Client::new(config).unwrap().organizations().find("x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ScopeNotGranted, "{error}");
}

#[tokio::test]
async fn a_throttled_read_is_repeated_and_a_throttled_change_is_not() {
    let sim = simulation().await;
    let client = client(&sim);
    let devices = || client.devices();
    sim.faults().on("ninja", "list_device_disks").before_effect(Fault::Html(403));
    let device = DeviceId::new(sim.ninja().devices()[1].0);
    assert_eq!(devices().disks(device).await.unwrap().len(), 1);
    sim.faults().on("ninja", "decommission_device").after_effect(Fault::DropConnection);
    let error = devices().decommission(device).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::OutcomeUnknown, 1), "{error}");
    let status = devices().get(device).await.unwrap().device.approval_status;
    assert_eq!(status, ninja_client::ApprovalStatus::Decommissioned, "it had happened");
}

#[tokio::test]
async fn a_device_that_moved_is_found_where_it_is_now() {
    let sim = simulation().await;
    let client = client(&sim);
    let (id, _) = sim.ninja().devices()[1];
    let organization = sim.ninja().add_organization("Harbour Dental Group");
    let location = sim.ninja().add_location(organization, "Main Office");
    sim.ninja().move_device(id, organization, location);
    let of = async |organization: i32| -> Vec<Device> {
        client.devices().list(OrganizationId::new(organization)).try_collect().await.unwrap()
    };
    assert!(of(sim.ninja().organization_id()).await.iter().all(|device| device.id.get() != id));
    assert_eq!(of(organization).await[0].id.get(), id);
}

fn too_many(retry_after: Option<&str>) -> Fault {
    let (code, message) = ("too_many_requests".to_owned(), "slow down".to_owned());
    Fault::Refuse { status: 429, code, message, retry_after: retry_after.map(str::to_owned) }
}

#[tokio::test]
async fn asked_to_slow_down_with_or_without_a_time_a_call_is_made_again() {
    let sim = simulation().await;
    let client = client(&sim);
    for retry_after in [Some("0"), None] {
        sim.faults().on("ninja", "list_groups").before_effect(too_many(retry_after));
        client.tenant().groups().await.unwrap();
    }
    sim.faults().on("ninja", "list_groups").times(3).before_effect(too_many(None));
    assert_eq!(client.tenant().groups().await.unwrap_err().kind(), ErrorKind::RateLimited);
}

#[tokio::test]
async fn a_token_that_is_taken_back_between_two_pages_is_renewed() {
    let sim = simulation().await;
    sim.ninja().limit_page_size(1);
    sim.faults().on("ninja", "list_devices").nth(3).before_effect(Fault::ExpireToken);
    let devices = client(&sim).devices().list_where(&DeviceFilter::new()).count().await;
    assert_eq!(devices, 5);
    let tokens = sim.faults().request_log().iter().filter(|request| request.operation == "token").count();
    assert_eq!(tokens, 2);
}

#[tokio::test]
async fn x7_a_report_that_never_ends_is_given_up() {
    let sim = simulation().await;
    sim.ninja().endless_reports();
    let client = client(&sim);
    let rows = client.reports().disks(&Parameters::new()).try_collect::<Vec<_>>().await;
    assert_eq!(rows.unwrap_err().kind(), ErrorKind::NotUnderstood);
    let found = client.custom_fields().find_by_field(&[Scope::Device], &name("deviceGuid"), |_| true).await;
    assert_eq!(found.unwrap_err().kind(), ErrorKind::NotUnderstood);
}

#[tokio::test]
async fn a_maintenance_is_written_in_milliseconds_and_read_in_seconds() {
    use ninja_client::shapes::MaintenanceSettings;
    use ninja_client::{Milliseconds, Timestamp};
    let sim = simulation().await;
    let (client, id) = (client(&sim), DeviceId::new(sim.ninja().devices()[1].0));
    let window = MaintenanceSettings::new()
        .start(Milliseconds::new(1_735_689_600_500))
        .end(Milliseconds::new(1_735_693_200_000));
    client.devices().set_maintenance(id, &window).await.unwrap();
    let shown = client.devices().get(id).await.unwrap().device.maintenance.unwrap();
    assert_eq!(shown.start, Some(Timestamp::new(1_735_689_600.5)));
    assert_eq!(shown.start.unwrap().milliseconds(), Some(Milliseconds::new(1_735_689_600_500)));
    client.devices().cancel_maintenance(id).await.unwrap();
    assert_eq!(client.devices().get(id).await.unwrap().device.maintenance, None);
}

#[tokio::test]
async fn a_device_waits_for_approval_unseen_until_the_filter_asks_for_it() {
    use ninja_client::ApprovalStatus;
    use ninja_client::shapes::{ApprovalMode, DeviceIds};
    let sim = simulation().await;
    let (client, tenant) = (client(&sim), sim.ninja());
    let waiting =
        console::NewDevice::new(tenant.organization_id(), tenant.location_id(), "truenas").pending();
    let id = DeviceId::new(tenant.add_device(waiting));
    let all = async |filter: DeviceFilter| -> Vec<DeviceId> {
        client.devices().list_where(&filter).map_ok(|device| device.id).try_collect().await.unwrap()
    };
    assert!(!all(DeviceFilter::new()).await.contains(&id));
    assert_eq!(all(DeviceFilter::new().approval(&ApprovalStatus::Pending)).await, [id]);
    client
        .devices()
        .decide_approval(ApprovalMode::Approve, &DeviceIds::new().devices(vec![id]))
        .await
        .unwrap();
    assert!(all(DeviceFilter::new()).await.contains(&id));
    assert_eq!(all(DeviceFilter::new().ids(&[id])).await, [id]);
    let nothing = client.devices().list_where(&DeviceFilter::new().ids(&[])).try_collect::<Vec<_>>().await;
    assert_eq!(
        nothing.unwrap_err().kind(),
        ErrorKind::InvalidRequest,
        "an empty choice is refused, and never everything"
    );
}
