//! Storing a secret once, and proving it (E2, E5), whatever the vault and other runs do meanwhile.

use std::time::Duration;

use itglue_client::{
    Client, ConfigurationId, CreatePassword, ErrorKind, PasswordCategoryId, RecordIdentity, UpsertOutcome,
};
use simulator::itglue::{Alteration, ListNotes, Meanwhile, PasswordAccess};
use simulator::{Fault, Simulator};

use super::{Desk, GUID, SECRET, config, identity};

#[tokio::test]
async fn e5_a_record_is_made_once_and_then_left_alone() {
    for notes in [ListNotes::Absent, ListNotes::Shown, ListNotes::Null] {
        let desk = Desk::open().await;
        desk.itglue().list_notes(notes);
        let made = desk.upsert().await.unwrap();
        assert_eq!((made.outcome, made.is_placed_as_asked), (UpsertOutcome::Created, true));
        let stored = desk.itglue().record(made.record.id.get()).unwrap();
        assert_eq!((stored.value.as_str(), stored.username.as_str()), (SECRET, "key id"));
        assert_eq!(stored.notes, identity().to_string());
        let again = desk.upsert().await.unwrap();
        assert_eq!((again.outcome, again.record.id), (UpsertOutcome::Unchanged, made.record.id));
        assert_eq!(desk.writes(), (1, 0));
        assert_eq!(desk.itglue().record(made.record.id.get()).unwrap().versions.len(), 0);
    }
}

#[tokio::test]
async fn e4_only_what_differs_is_changed_and_the_version_before_is_kept() {
    let desk = Desk::open().await;
    let made = desk.upsert_as(&desk.request().notes("rack 4"), "before").await.unwrap();
    let id = made.record.id;
    // Notes that the request does not speak of stay, and so does a category that somebody chose.
    let category = desk.itglue().backup_category_id();
    desk.itglue().set_attribute(id.get(), "password-category-id", category);
    let changed = desk.upsert_as(&desk.request().username("next key"), SECRET).await.unwrap();
    assert_eq!((changed.outcome, changed.record.id), (UpsertOutcome::Updated, id));
    assert_eq!(changed.record.category_id, Some(PasswordCategoryId::new(category)));
    let stored = desk.itglue().record(id.get()).unwrap();
    assert!(stored.notes.ends_with("rack 4"), "{}", stored.notes);
    assert_eq!(
        (stored.username.as_str(), stored.value.as_str(), stored.versions.len()),
        ("next key", SECRET, 1)
    );
    // The value stays where only its user name differs: it is no new value.
    let renamed = desk.upsert_as(&desk.request().username("third"), SECRET).await.unwrap();
    assert_eq!(renamed.record.value_updated_at, changed.record.value_updated_at);
    assert_eq!(desk.writes(), (1, 2));
    let versions = desk.client.passwords().versions(id).await.unwrap();
    assert_eq!(versions.len(), 2);
    let first = desk.client.passwords().reveal_version(id, versions[1].id).await.unwrap();
    assert_eq!((first.value.expose(), first.record.username.as_deref()), ("before", Some("key id")));
}

#[tokio::test]
async fn e5_two_appliances_share_a_label_and_not_a_record() {
    let desk = Desk::open().await;
    let ours = desk.upsert().await.unwrap();
    let other = RecordIdentity::new([("Device GUID", "another"), ("Bucket Name", "another")]).unwrap();
    let value = itglue_client::PasswordValue::new("theirs");
    let theirs = desk.client.passwords().upsert_with_proof(&other, &desk.request(), &value).await.unwrap();
    assert_eq!(theirs.outcome, UpsertOutcome::Created);
    assert_ne!(ours.record.id, theirs.record.id);
    assert_eq!(desk.itglue().record(ours.record.id.get()).unwrap().value, SECRET);
    assert_eq!(desk.upsert().await.unwrap().outcome, UpsertOutcome::Unchanged);
}

#[tokio::test]
async fn e5_a_label_is_part_of_the_identity_unless_the_caller_says_otherwise() {
    let desk = Desk::open().await;
    let made = desk.upsert().await.unwrap();
    let renamed =
        CreatePassword::new(desk.organization(), "TrueNAS Cloud Backup — Branch").username("key id");
    let lines = identity().under_any_label();
    let value = itglue_client::PasswordValue::new(SECRET);
    let found = desk.client.passwords().upsert_with_proof(&lines, &renamed, &value).await.unwrap();
    assert_eq!((found.outcome, found.record.id), (UpsertOutcome::Updated, made.record.id));
    assert_eq!(found.record.name, "TrueNAS Cloud Backup — Branch");
    assert_eq!(
        desk.upsert().await.unwrap().outcome,
        UpsertOutcome::Created,
        "the old label is another record's"
    );
}

#[tokio::test]
async fn e5_two_records_of_one_identity_are_a_persons_to_sort_out() {
    let desk = Desk::open().await;
    let (organization, notes) = (desk.organization().get(), identity().to_string());
    let name = "TrueNAS Cloud Backup — Main Office";
    let ids = ["one", "two"].map(|value| desk.itglue().add_record(organization, name, "u", value, &notes));
    let error = desk.upsert().await.unwrap_err();
    assert_eq!((error.kind(), desk.writes()), (ErrorKind::Ambiguous, (0, 0)));
    let says = error.to_string();
    assert!(
        ids.iter().all(|id| says.contains(&id.to_string())) && says.contains("nothing was written"),
        "{says}"
    );
    // With one of them in the archive, the other is the one.
    desk.itglue().set_attribute(ids[0], "archived", true);
    let found = desk.upsert().await.unwrap();
    assert_eq!((found.record.id.get(), found.outcome), (ids[1], UpsertOutcome::Updated));
}

/// Records of another organisation, of other lines or of another label are not ours, whatever else of them is.
#[tokio::test]
async fn e6_no_record_of_another_organisation_is_taken() {
    let desk = Desk::open().await;
    let other = desk.itglue().add_organization("Harbour Dental Group");
    let name = "TrueNAS Cloud Backup — Main Office";
    let theirs = desk.itglue().add_record(other, name, "u", "theirs", &identity().to_string());
    let half = desk.itglue().add_record(
        desk.organization().get(),
        name,
        "u",
        "half",
        &format!("Device GUID: {GUID}"),
    );
    assert_eq!(desk.upsert().await.unwrap().outcome, UpsertOutcome::Created);
    for (id, value) in [(theirs, "theirs"), (half, "half")] {
        assert_eq!(desk.itglue().record(id).unwrap().value, value);
    }
}

#[tokio::test]
async fn e5_a_record_that_another_run_makes_at_the_same_time_is_seen() {
    let desk = Desk::open().await;
    desk.itglue().meanwhile(Meanwhile::CreateTheSame);
    let error = desk.upsert().await.unwrap_err();
    assert_eq!((error.kind(), desk.writes()), (ErrorKind::Ambiguous, (1, 0)));
    assert!(error.to_string().contains("was made by this run"), "{error}");
    assert_eq!(desk.upsert().await.unwrap_err().kind(), ErrorKind::Ambiguous);
    assert_eq!(desk.writes(), (1, 0));
}

/// Two programs that begin together: at the end there is one record, or one of them at least knows that there are two.
#[tokio::test]
async fn e5_two_runs_at_once_never_both_take_a_record_for_theirs_alone() {
    let desk = Desk::open().await;
    let other = Client::new(config(&desk.sim)).unwrap();
    let (lines, request) = (identity(), desk.request());
    let value = itglue_client::PasswordValue::new("of the other run");
    let (one, two) = tokio::join!(desk.upsert(), async {
        other.passwords().upsert_with_proof(&lines, &request, &value).await
    });
    let live = desk.itglue().client_records().iter().filter(|it| it.notes == lines.to_string()).count();
    let kinds = [one, two].map(|end| end.map(|it| it.record.id).map_err(|error| error.kind()));
    assert!(live == 1 || kinds.contains(&Err(ErrorKind::Ambiguous)), "{live} {kinds:?}");
    assert!(kinds.iter().filter(|end| end.is_ok()).count() < 2 || live == 1, "{live} {kinds:?}");
}

/// The answer to the write is lost after it had its effect.
#[tokio::test]
async fn x3_a_create_that_timed_out_after_the_write_is_found_and_not_repeated() {
    for fault in [Fault::DropConnection, Fault::Html(504), Fault::TruncateBody, Fault::Html(200)] {
        let desk = Desk::open().await;
        desk.sim.faults().on("itglue", "create_password").after_effect(fault.clone());
        let made = desk.upsert().await.unwrap();
        assert_eq!((made.outcome, desk.writes()), (UpsertOutcome::Created, (1, 0)), "{fault:?}");
        assert_eq!(desk.itglue().record(made.record.id.get()).unwrap().value, SECRET);
    }
}

#[tokio::test]
async fn x3_a_create_that_was_lost_before_the_write_is_not_repeated_unseen() {
    let desk = Desk::open().await;
    desk.sim.faults().on("itglue", "create_password").before_effect(Fault::DropConnection);
    let error = desk.upsert().await.unwrap_err();
    assert_eq!((error.kind(), desk.writes()), (ErrorKind::OutcomeUnknown, (1, 0)));
    assert!(error.to_string().contains("was looked for and has not appeared"), "{error}");
    // The next run looks again, and makes it.
    assert_eq!(desk.upsert().await.unwrap().outcome, UpsertOutcome::Created);
}

/// The lost create was ours, and the record that is found is another run's: its value is not ours.
#[tokio::test]
async fn x3_a_record_that_holds_another_value_is_no_proof_of_a_lost_create() {
    let desk = Desk::open().await;
    desk.itglue().corrupt_writes(1);
    desk.sim.faults().on("itglue", "create_password").after_effect(Fault::DropConnection);
    let error = desk.upsert().await.unwrap_err();
    assert_eq!((error.kind(), desk.writes()), (ErrorKind::NotProven, (1, 0)));
}

#[tokio::test]
async fn x3_a_change_that_was_lost_is_made_again() {
    let desk = Desk::open().await;
    desk.upsert_as(&desk.request(), "before").await.unwrap();
    desk.sim.faults().on("itglue", "update_password").after_effect(Fault::DropConnection);
    assert_eq!(desk.upsert().await.unwrap().outcome, UpsertOutcome::Updated);
    assert_eq!(desk.writes(), (1, 2));
}

#[tokio::test]
async fn e2_a_vault_that_alters_the_value_proves_nothing() {
    for alteration in [Alteration::OneCharacter, Alteration::MarkupEscaped, Alteration::LastCharacterDropped]
    {
        for existing in [false, true] {
            let desk = Desk::open().await;
            if existing {
                desk.upsert_as(&desk.request(), "before").await.unwrap();
            }
            desk.itglue().alter_writes(alteration, 1);
            let error = desk.upsert().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::NotProven, "{alteration:?}");
            let says = error.to_string();
            assert!(says.contains("keep the value") && says.contains("value"), "{says}");
            assert!(!says.contains("hunter2"), "{says}");
            // The next run sees that the record is wrong, and puts it right.
            assert_eq!(desk.upsert().await.unwrap().outcome, UpsertOutcome::Updated);
        }
    }
}

/// A copy that lags behind is read again; one that lags for longer than is waited for proves nothing.
#[tokio::test]
async fn e2_a_stale_read_is_not_taken_for_the_end() {
    for reads in [1, 2, 3, 5] {
        let desk = Desk::open().await;
        desk.itglue().stale_reads(reads);
        let made = desk.upsert().await.unwrap();
        assert_eq!((made.outcome, desk.writes()), (UpsertOutcome::Created, (1, 0)), "{reads}");
        desk.itglue().stale_reads(reads);
        let changed = desk.upsert_as(&desk.request(), "next").await.unwrap();
        assert_eq!((changed.outcome, changed.record.id), (UpsertOutcome::Updated, made.record.id), "{reads}");
    }
    let desk = Desk::open().await;
    desk.itglue().stale_reads(1000);
    let error = desk.upsert().await.unwrap_err();
    assert_eq!((error.kind(), desk.writes()), (ErrorKind::NotProven, (1, 0)));
}

#[tokio::test]
async fn e2_every_wait_for_a_stale_read_is_announced() {
    let sim = Simulator::builder().seed(12).start().await.unwrap();
    let waits = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let noted = std::sync::Arc::clone(&waits);
    let listener = move |wait: &_| noted.lock().unwrap().push(format!("{wait}"));
    let client = Client::new(config(&sim).on_wait(listener)).unwrap();
    sim.itglue().stale_reads(2);
    let request =
        CreatePassword::new(itglue_client::OrganizationId::new(sim.itglue().organization_id()), "N");
    let value = itglue_client::PasswordValue::new(SECRET);
    client.passwords().upsert_with_proof(&identity(), &request, &value).await.unwrap();
    let waits = waits.lock().unwrap();
    assert_eq!(waits.len(), 1, "{waits:?}");
    assert!(
        waits[0].contains("neither its search nor its id finds it") && !waits[0].contains("hunter2"),
        "{waits:?}"
    );
}

#[tokio::test]
async fn e5_a_record_that_is_archived_meanwhile_is_an_error_of_its_own() {
    let desk = Desk::open().await;
    desk.itglue().meanwhile(Meanwhile::ArchiveAfterWrite);
    let created = desk.upsert().await.unwrap_err();
    assert_eq!((created.kind(), desk.writes()), (ErrorKind::Archived, (1, 0)));
    // Archived before anything begins, it is nobody's; another is made.
    let made = desk.upsert().await.unwrap();
    assert_eq!(made.outcome, UpsertOutcome::Created);
    desk.itglue().meanwhile(Meanwhile::ArchiveAfterWrite);
    let updated = desk.upsert_as(&desk.request(), "next").await.unwrap_err();
    assert_eq!((updated.kind(), desk.writes()), (ErrorKind::Archived, (2, 1)));
    assert!(updated.to_string().contains("restore it"), "{updated}");

    let desk = Desk::open().await;
    desk.itglue().list_notes(ListNotes::Shown);
    desk.upsert_as(&desk.request(), "before").await.unwrap();
    desk.itglue().meanwhile(Meanwhile::ArchiveAfterList);
    let found = desk.upsert().await.unwrap_err();
    assert_eq!((found.kind(), desk.writes()), (ErrorKind::Archived, (1, 0)));
}

#[tokio::test]
async fn e5_a_record_whose_notes_change_meanwhile_is_not_overwritten() {
    let desk = Desk::open().await;
    desk.itglue().list_notes(ListNotes::Shown);
    let made = desk.upsert_as(&desk.request(), "before").await.unwrap();
    desk.itglue().meanwhile(Meanwhile::ChangeNotesAfterList);
    let error = desk.upsert().await.unwrap_err();
    assert_eq!((error.kind(), desk.writes()), (ErrorKind::NotFound, (1, 0)));
    assert_eq!(desk.itglue().record(made.record.id.get()).unwrap().value, "before");
}

/// A key without *Password Access* is found out by reading where there is a record, and changes nothing.
#[tokio::test]
async fn e2_a_key_without_password_access_stores_nothing() {
    let desk = Desk::open().await;
    desk.upsert_as(&desk.request(), "before").await.unwrap();
    desk.itglue().password_access(PasswordAccess::Withheld);
    let error = desk.upsert().await.unwrap_err();
    assert_eq!((error.kind(), desk.writes()), (ErrorKind::Unauthorized, (1, 0)));
    assert!(error.to_string().contains("Password Access"), "{error}");
    let new = CreatePassword::new(desk.organization(), "Another");
    let error = desk.upsert_as(&new, SECRET).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.to_string().contains("[password]"), "{error}");
}

#[tokio::test]
async fn x6_a_key_that_is_revoked_in_the_middle_says_so() {
    let desk = Desk::open().await;
    desk.sim.faults().on("itglue", "get_password").after_effect(Fault::ExpireToken);
    let error = desk.upsert().await.unwrap_err();
    assert_eq!((error.kind(), desk.writes()), (ErrorKind::CredentialsRejected, (1, 0)));
    assert!(error.to_string().contains("90 days"), "{error}");
    desk.itglue().restore_key();
    assert_eq!(desk.upsert().await.unwrap().outcome, UpsertOutcome::Unchanged);
}

#[tokio::test]
async fn e1a_where_a_record_is_embedded_is_said_at_its_creation_or_never() {
    let desk = Desk::open().await;
    let device = ConfigurationId::new(desk.itglue().sync_device(77, "truenas"));
    let embedded = desk.request().embedded_in(device);
    let made = desk.upsert_as(&embedded, SECRET).await.unwrap();
    assert_eq!((made.record.configuration_id, made.is_placed_as_asked), (Some(device), true));
    // An earlier general record stays general, and this is reported.
    let general = CreatePassword::new(desk.organization(), "General");
    desk.upsert_as(&general, SECRET).await.unwrap();
    let again = desk.upsert_as(&general.clone().embedded_in(device), SECRET).await.unwrap();
    assert_eq!((again.outcome, again.is_placed_as_asked), (UpsertOutcome::Unchanged, false));
}

#[tokio::test]
async fn x6_a_limit_in_the_middle_is_waited_for() {
    let desk = Desk::open().await;
    desk.itglue().retry_after(Some(0));
    for operation in ["list_passwords", "create_password", "get_password"] {
        let limited = Fault::refuse(429, "429", "slow down");
        desk.sim.faults().on("itglue", operation).before_effect(limited);
    }
    assert_eq!(desk.upsert().await.unwrap().outcome, UpsertOutcome::Created);
    assert_eq!(desk.itglue().client_records().iter().filter(|it| it.value == SECRET).count(), 1);
    assert!(desk.client.budget().refilled_in() <= Duration::from_mins(5));
}
