//! IT Glue: records, their values, and what is noted on them.

use dtc_provision::PortErrorKind;
use dtc_provision::ids::{KeyId, RecordId, RecordRef, VaultOrganizationId};
use dtc_provision::ports::{
    MintAccount, NewRecord, NoteText, Record, RecordContext, RecordIdentity, RecordNote,
};
use dtc_provision::proofs::{Escrowable as _, Slot, ValueCheck};
use dtc_provision::secret::ApplicationKey;

use super::outside::Outside;
use super::{bucket_name, device, kind, pool};

contract!(
    e6_an_organisation_is_found_by_its_exact_name,
    e1a_a_record_reads_back_as_it_was_created,
    e4_a_replaced_value_stays_as_a_version,
    k3_the_account_of_mints_leaves_everything_else,
    v6_an_operational_backup_is_noted_once,
    e6_a_record_is_one_organisations,
    x1c_a_label_that_does_not_fit_is_refused_beforehand,
);

const SLOTS: [Slot; 5] = [
    Slot::ApplicationKey,
    Slot::EncryptionPassword,
    Slot::EncryptionSalt,
    Slot::SnmpPassword,
    Slot::SnmpPassphrase,
];

/// The check in a new record, and in one whose value was replaced.
const FIRST_CHECK: &str = "0011223344556677";
const SECOND_CHECK: &str = "8899aabbccddeeff";

async fn organization(world: &impl Outside, name: &str) -> VaultOrganizationId {
    let mut found = world.ports().vault.organizations(name).await.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    let found = found.remove(0);
    assert_eq!(found.name, name);
    found.id
}

fn new_record(slot: Slot) -> NewRecord {
    let bucket = slot.is_of_a_bucket().then(bucket_name);
    NewRecord {
        identity: RecordIdentity { slot, device: device(), bucket, dataset: None },
        user_name: Some("first".to_owned()),
        check: Some(ValueCheck::new(FIRST_CHECK)),
        context: RecordContext {
            location: "Main Street".parse().unwrap(),
            host_name: NoteText::new("nas.example.net").unwrap(),
            management_address: NoteText::new("192.0.2.10").unwrap(),
            created: "2026-11-01T02:00:00Z".parse().unwrap(),
            device: None,
        },
    }
}

async fn create(world: &impl Outside, organization: &VaultOrganizationId, slot: Slot) -> RecordRef {
    let value = format!("value of the {slot}").into();
    world.ports().vault.create(organization, &new_record(slot), &value).await.unwrap()
}

/// The one record of ours with this id.
async fn listed(world: &impl Outside, organization: &VaultOrganizationId, id: &RecordId) -> Record {
    let records = world.ports().vault.records(organization).await.unwrap();
    let mut found = records.into_iter().filter(|found| found.reference.id == *id);
    let only = found.next().unwrap();
    assert_eq!(found.count(), 0);
    only
}

/// The user name and value of a record. An application key's secret is put together from both.
async fn value(world: &impl Outside, organization: &VaultOrganizationId, id: &RecordId) -> (String, String) {
    let stored = world.ports().secrets.read(organization, id).await.unwrap();
    let key = ApplicationKey::assemble(vec![stored]).unwrap();
    (key.id.to_string(), key.secret.expose().to_owned())
}

async fn e6_an_organisation_is_found_by_its_exact_name(world: &impl Outside) {
    organization(world, world.client()).await;
    let part = &world.client()[1..];
    for wrong in [part, &world.client().to_uppercase(), "nobody"] {
        assert_eq!(world.ports().vault.organizations(wrong).await.unwrap(), [], "{wrong}");
    }
}

async fn e1a_a_record_reads_back_as_it_was_created(world: &impl Outside) {
    let organization = organization(world, world.client()).await;
    assert_eq!(world.ports().vault.records(&organization).await.unwrap(), []);
    for slot in SLOTS {
        let reference = create(world, &organization, slot).await;
        assert!(reference.url.starts_with("https://"), "{reference:?}");
        let location = slot.is_of_a_bucket().then(|| "Main Street".parse().unwrap());
        let expected = Record {
            reference: reference.clone(),
            slot,
            device: Some(device()),
            dataset: None,
            bucket: slot.is_of_a_bucket().then(bucket_name),
            user_name: Some("first".to_owned()),
            check: Some(ValueCheck::new(FIRST_CHECK)),
            location,
            mints: MintAccount::default(),
            operational: false,
        };
        assert_eq!(listed(world, &organization, &reference.id).await, expected);
        let read = value(world, &organization, &reference.id).await;
        assert_eq!(read, ("first".to_owned(), format!("value of the {slot}")));
        assert_eq!(world.earlier_versions(&reference.id), 0);
    }
    assert_eq!(world.ports().vault.records(&organization).await.unwrap().len(), SLOTS.len());
}

async fn e4_a_replaced_value_stays_as_a_version(world: &impl Outside) {
    let organization = organization(world, world.client()).await;
    let id = create(world, &organization, Slot::ApplicationKey).await.id;
    let before = listed(world, &organization, &id).await;
    world.mark(&id, "the day shift");
    let check = ValueCheck::new(SECOND_CHECK);
    let vault = &world.ports().vault;
    vault.replace(&organization, &id, Some("second"), &"new value".into(), Some(&check)).await.unwrap();
    assert_eq!(value(world, &organization, &id).await, ("second".to_owned(), "new value".to_owned()));
    let after = listed(world, &organization, &id).await;
    assert_eq!(after, Record { user_name: Some("second".to_owned()), check: Some(check), ..before });
    assert_eq!(world.earlier_versions(&id), 1);
    vault.replace(&organization, &id, None, &"newest value".into(), None).await.unwrap();
    assert_eq!(value(world, &organization, &id).await, ("second".to_owned(), "newest value".to_owned()));
    assert_eq!(listed(world, &organization, &id).await, Record { check: None, ..after });
    assert_eq!(world.earlier_versions(&id), 2);
    assert_eq!(world.marked(&id).as_deref(), Some("the day shift"));
}

async fn k3_the_account_of_mints_leaves_everything_else(world: &impl Outside) {
    let organization = organization(world, world.client()).await;
    let id = create(world, &organization, Slot::EncryptionPassword).await.id;
    let before = listed(world, &organization, &id).await;
    world.mark(&id, "the day shift");
    let keys = |ids: &[&str]| ids.iter().map(|id| KeyId::new(*id)).collect::<Vec<_>>();
    let accounts = [
        MintAccount { keys_before_mint: Some(keys(&["005a", "005b"])), orphaned_keys: keys(&["005c"]) },
        MintAccount { keys_before_mint: Some(keys(&[])), orphaned_keys: keys(&[]) },
        MintAccount { keys_before_mint: None, orphaned_keys: keys(&["005c", "005d"]) },
        MintAccount::default(),
    ];
    for account in accounts {
        let note = RecordNote::Mints(account.clone());
        world.ports().vault.note(&organization, &id, &note).await.unwrap();
        let noted = listed(world, &organization, &id).await;
        assert_eq!(noted, Record { mints: account, ..before.clone() });
        let written = world.written();
        world.ports().vault.note(&organization, &id, &note).await.unwrap();
        assert_eq!(world.written(), written, "an equal note was written again");
    }
    assert_eq!(world.marked(&id).as_deref(), Some("the day shift"));
    let read = value(world, &organization, &id).await;
    assert_eq!(read, ("first".to_owned(), "value of the encryption password".to_owned()));
}

async fn v6_an_operational_backup_is_noted_once(world: &impl Outside) {
    let organization = organization(world, world.client()).await;
    let id = create(world, &organization, Slot::ApplicationKey).await.id;
    let before = listed(world, &organization, &id).await;
    world.mark(&id, "the day shift");
    let note = RecordNote::Operational {
        since: "2026-11-02T03:04:05Z".parse().unwrap(),
        first_backups: vec![(pool(), NoteText::new("12 files").unwrap())],
    };
    world.ports().vault.note(&organization, &id, &note).await.unwrap();
    assert_eq!(listed(world, &organization, &id).await, Record { operational: true, ..before });
    let written = world.written();
    world.ports().vault.note(&organization, &id, &note).await.unwrap();
    assert_eq!(world.written(), written, "an equal note was written again");
    assert_eq!(world.marked(&id).as_deref(), Some("the day shift"));
}

async fn e6_a_record_is_one_organisations(world: &impl Outside) {
    let ours = organization(world, world.client()).await;
    let other = organization(world, world.other_client()).await;
    let id = create(world, &ours, Slot::EncryptionPassword).await.id;
    let note =
        RecordNote::Mints(MintAccount { keys_before_mint: Some(Vec::new()), ..MintAccount::default() });
    let ports = world.ports();
    for (organization, id) in [(&other, &id), (&ours, &RecordId::new("999999"))] {
        assert_eq!(kind(ports.secrets.read(organization, id).await), PortErrorKind::NotFound);
        assert_eq!(kind(ports.vault.note(organization, id, &note).await), PortErrorKind::NotFound);
    }
    assert_eq!(listed(world, &ours, &id).await.mints, MintAccount::default());
    let others = ports.vault.records(&other).await.unwrap();
    assert!(others.iter().all(|found| found.reference.id != id), "{others:?}");
}

async fn x1c_a_label_that_does_not_fit_is_refused_beforehand(world: &impl Outside) {
    let vault = &world.ports().vault;
    let mut context = new_record(Slot::EncryptionPassword).context;
    let written = world.written();
    let ours = organization(world, world.client()).await;
    assert_eq!(vault.refuses(&ours, &context).await.unwrap(), None);
    context.location = "x".repeat(300).parse().unwrap();
    let why = vault.refuses(&ours, &context).await.unwrap().unwrap();
    assert!(why.contains("characters"), "{why}");
    assert_eq!(world.written(), written);
}
