//! A thousand tenants whose organisations, labels and identities collide: no write lands in another's record.

use std::collections::BTreeMap;

use dtc_tests::is_deep;
use itglue_client::{CreatePassword, OrganizationId, PasswordValue, UpsertOutcome};
use simulator::itglue::{ListNotes, Settings};

use super::{Desk, identity};

const TENANTS: u32 = 1000;
/// So many of them share a name.
const OF_ONE_NAME: u32 = 10;
const LABEL: &str = "TrueNAS Cloud Backup — Main Office";

/// Organisations of ten names each; every second one has a record of the same label and identity already.
async fn crowd() -> (Desk, Vec<u64>) {
    let desk = Desk::of(Settings::default().ids_above(1 << 53)).await;
    desk.itglue().limit_requests(usize::MAX);
    desk.itglue().list_notes(ListNotes::Shown);
    let name = |n: u32| format!("Client {}", n % (TENANTS / OF_ONE_NAME));
    let organizations: Vec<u64> = (0..TENANTS).map(|n| desk.itglue().add_organization(&name(n))).collect();
    for (n, organization) in organizations.iter().enumerate().filter(|(n, _)| n % 2 == 0) {
        let notes = identity().to_string();
        desk.itglue().add_record(*organization, LABEL, "key id", &format!("earlier {n}"), &notes);
    }
    (desk, organizations)
}

#[tokio::test]
async fn e6_of_a_thousand_tenants_none_gets_another_ones_secret() {
    let (desk, organizations) = crowd().await;
    let found = desk.client.organizations().find("Client 7").await.unwrap();
    assert_eq!(found.len(), OF_ONE_NAME as usize, "all of one name are shown, and none is chosen");
    let before: BTreeMap<u64, _> = desk.itglue().records().into_iter().map(|it| (it.id, it)).collect();
    let step = if is_deep() { 1 } else { 13 };
    let mut written = BTreeMap::new();
    for (n, organization) in organizations.iter().enumerate().step_by(step) {
        let request = CreatePassword::new(OrganizationId::new(*organization), LABEL).username("key id");
        let secret = format!("secret of tenant {n}");
        let value = PasswordValue::new(secret.as_str());
        let stored = desk.client.passwords().upsert_with_proof(&identity(), &request, &value).await.unwrap();
        let expected = if n % 2 == 0 { UpsertOutcome::Updated } else { UpsertOutcome::Created };
        assert_eq!((stored.outcome, stored.record.organization_id.get()), (expected, *organization));
        written.insert(stored.record.id.get(), (*organization, secret));
    }
    for record in desk.itglue().records() {
        match written.get(&record.id) {
            Some((organization, secret)) => {
                assert_eq!((record.organization, &record.value), (*organization, secret));
            }
            None => assert_eq!(before.get(&record.id), Some(&record), "nobody wrote to it"),
        }
    }
    assert_eq!(written.len(), organizations.len().div_ceil(step));
}
