//! What is not known for certain is not taken for nothing: a record that cannot be read, an answer that was lost, a proof that was kept
//! from being made.

use itglue_client::{Error, ErrorKind};
use simulator::Fault;
use simulator::itglue::Meanwhile;

use super::{Desk, SECRET, identity};

fn refused(status: u16) -> Fault {
    Fault::refuse(status, "Refused", "not now")
}

/// The live records that have the identity.
fn live(desk: &Desk) -> usize {
    desk.itglue().client_records().iter().filter(|it| it.notes.starts_with(&identity().to_string())).count()
}

/// A list shows the record without its notes, and a refusal keeps them from being read: whether it is ours is not known.
#[tokio::test]
async fn e5_a_record_that_cannot_be_read_is_not_passed_over_for_a_new_one() {
    for fault in
        [refused(401), refused(403), refused(422), Fault::Html(401), Fault::Html(404), Fault::Html(403)]
    {
        let desk = Desk::open().await;
        desk.upsert_as(&desk.request(), "before").await.unwrap();
        desk.sim.faults().on("itglue", "get_password").before_effect(fault.clone());
        let error = desk.upsert().await.unwrap_err();
        assert_eq!((live(&desk), desk.writes()), (1, (1, 0)), "{fault:?}: {error}");
        assert!(!error.to_string().contains("by this run"), "{error}");
    }
    // One that went away after it was listed is none.
    let desk = Desk::open().await;
    desk.upsert_as(&desk.request(), "before").await.unwrap();
    desk.sim.faults().on("itglue", "get_password").before_effect(refused(404));
    assert_eq!(desk.upsert().await.unwrap_err().kind(), ErrorKind::Ambiguous, "here it had not gone away");
}

/// The answer to the create is lost, and another run files the same: one of the two may be ours, and this is said.
#[tokio::test]
async fn x3_of_two_records_after_a_lost_create_it_is_not_said_that_none_was_made() {
    let desk = Desk::open().await;
    desk.itglue().meanwhile(Meanwhile::CreateTheSame);
    desk.sim.faults().on("itglue", "create_password").after_effect(Fault::DropConnection);
    let error = desk.upsert().await.unwrap_err();
    assert_eq!((error.kind(), live(&desk), desk.writes()), (ErrorKind::Ambiguous, 2, (1, 0)));
    let says = error.to_string();
    assert!(
        says.contains("this run may have made one of them") && !says.contains("nothing was written"),
        "{says}"
    );
}

/// A create whose answer was lost stays unknown where it cannot be looked for, whatever keeps it from being found.
#[tokio::test]
async fn x3_a_lost_create_that_cannot_be_looked_for_stays_unknown() {
    for (operation, nth, fault, why) in [
        ("list_passwords", 2, refused(403), "90 days"),
        ("list_passwords", 2, Fault::Html(403), "firewall or proxy"),
        ("get_password", 1, refused(401), "not of the organisation"),
    ] {
        let desk = Desk::open().await;
        desk.sim.faults().on("itglue", "create_password").after_effect(Fault::DropConnection);
        desk.sim.faults().on("itglue", operation).nth(nth).before_effect(fault);
        let error = desk.upsert().await.unwrap_err();
        assert_eq!((error.kind(), desk.writes()), (ErrorKind::OutcomeUnknown, (1, 0)), "{error}");
        let says = error.to_string();
        assert!(says.contains("it was looked for in vain") && says.contains(why), "{says}");
        assert_eq!((live(&desk), desk.upsert().await.is_ok()), (1, true), "the next run finds it");
    }
}

async fn kept_from_its_proof(desk: &Desk, operation: &str, nth: u64, fault: Fault) -> Error {
    desk.sim.faults().on("itglue", operation).nth(nth).before_effect(fault);
    desk.upsert().await.unwrap_err()
}

/// Whatever ends the proof after something was written, the error says that it was, and that the value is to be kept.
#[tokio::test]
async fn e2_an_error_after_the_write_says_that_something_was_written() {
    for (fault, kind) in [
        (refused(403), ErrorKind::CredentialsRejected),
        (refused(400), ErrorKind::Rejected),
        (Fault::Html(200), ErrorKind::NotUnderstood),
    ] {
        for (operation, nth) in [("list_passwords", 2), ("get_password", 1), ("get_password", 2)] {
            let desk = Desk::open().await;
            let error = kept_from_its_proof(&desk, operation, nth, fault.clone()).await;
            let says = error.to_string();
            assert_eq!((error.kind(), desk.writes()), (kind, (1, 0)), "{operation} {nth}: {says}");
            assert!(says.contains("was made by this run") && says.contains("keep the value"), "{says}");
            assert!(!says.contains(SECRET), "{says}");
        }
        // A record is read twice before it is changed: its notes, and its value.
        for (operation, nth) in [("list_passwords", 2), ("get_password", 3), ("get_password", 4)] {
            let desk = Desk::open().await;
            desk.upsert_as(&desk.request(), "before").await.unwrap();
            let error = kept_from_its_proof(&desk, operation, nth, fault.clone()).await;
            let says = error.to_string();
            assert_eq!((error.kind(), desk.writes()), (kind, (1, 1)), "{operation} {nth}: {says}");
            assert!(says.contains("was changed by this run") && says.contains("keep the value"), "{says}");
        }
    }
}
