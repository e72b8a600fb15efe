//! V6: completion is a private note, once, and found again by its marker.

use dtc_adapters::connections::HaloConnection;
use dtc_provision::PortErrorKind;
use dtc_provision::ids::TicketId;
use dtc_provision::ports::TicketNote;
use dtc_tests::TestBed;
use halo_client::{ErrorKind, NoteOutcome, Noted, OutcomeId, PrivateNote};
use simulator::halo::{CLIENT_GUID_FIELD, ClosedTickets, Kind, Settings};
use simulator::{Fault, Moment};

use super::{client, simulation, ticket};

const MARKER: &str = "[run 7]";

fn note(sim: &simulator::Simulator) -> PrivateNote {
    PrivateNote::new(ticket(sim), NoteOutcome::Id(OutcomeId::new(7)), "[run 7]\nproven & done <1>")
}

#[tokio::test]
async fn v6_a_note_is_there_once_whatever_becomes_of_its_answer() {
    for fault in [None, Some(Fault::DropConnection), Some(Fault::Html(502)), Some(Fault::TruncateBody)] {
        let sim = simulation(Settings::default()).await;
        let halo = client(&sim);
        if let Some(fault) = fault.clone() {
            sim.faults().on("halo", "add_actions").after_effect(fault);
        }
        let added = halo.actions().add_once(&note(&sim), MARKER).await.unwrap();
        assert!(matches!(added, Noted::Added(_)), "{fault:?}");
        let again = halo.actions().add_once(&note(&sim), MARKER).await.unwrap();
        assert!(matches!(again, Noted::AlreadyThere(_)), "{fault:?}");
        let notes = sim.halo().notes(sim.halo().ticket_id());
        assert_eq!(notes.len(), 1, "{fault:?}");
        assert!(notes[0].is_private && notes[0].outcome == "Internal Note", "{notes:?}");
        assert_eq!(sim.halo().mails(), 0);
    }
}

#[tokio::test]
async fn v6_a_note_that_did_not_arrive_is_not_sent_twice_in_one_call() {
    let sim = simulation(Settings::default()).await;
    let halo = client(&sim);
    sim.faults().on("halo", "add_actions").before_effect(Fault::DropConnection);
    let error = halo.actions().add_once(&note(&sim), MARKER).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown, "{error}");
    assert_eq!(sim.halo().notes(sim.halo().ticket_id()), []);
    halo.actions().add_once(&note(&sim), MARKER).await.unwrap();
    assert_eq!(sim.halo().notes(sim.halo().ticket_id()).len(), 1);
}

#[tokio::test]
async fn v6_a_note_that_halopsa_loses_or_shows_to_the_customer_is_an_error() {
    let sim = simulation(Settings::default()).await;
    let halo = client(&sim);
    sim.halo().drop_actions(1);
    let error = halo.actions().add_once(&note(&sim), MARKER).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotStored, "{error}");
    sim.halo().publish_actions(1);
    let error = halo.actions().add_once(&note(&sim), MARKER).await.unwrap_err();
    assert!(error.to_string().contains("not hidden from the customer"), "{error}");
}

#[tokio::test]
async fn v6_a_closed_ticket_refuses_a_note_or_is_opened_by_it() {
    let sim = simulation(Settings::default()).await;
    let halo = client(&sim);
    sim.halo().close(sim.halo().ticket_id());
    let error = halo.actions().add_once(&note(&sim), MARKER).await.unwrap_err();
    assert!(error.kind() == ErrorKind::Rejected && error.to_string().contains("closed"), "{error}");
    sim.halo().closed_tickets(ClosedTickets::Reopen);
    halo.actions().add_once(&note(&sim), MARKER).await.unwrap();
    assert_eq!(halo.tickets().get(ticket(&sim)).await.unwrap().has_been_closed, Some(false));
}

fn plain(halo: HaloConnection) -> HaloConnection {
    halo
}

/// The bed's client has this UUID in NinjaOne.
fn guid(bed: &TestBed) -> String {
    let ninja = bed.sim.ninja();
    let entity = simulator::ninja::Entity::Organization(ninja.organization_id());
    ninja.field(entity, "dtcOrgGuid").unwrap().as_str().unwrap().to_owned()
}

fn hold_client(bed: &TestBed, guid: &str) {
    let halo = bed.sim.halo();
    halo.set_field(Kind::Client, halo.client_id(), CLIENT_GUID_FIELD, guid);
}

fn status(bed: &TestBed) -> i64 {
    let halo = bed.sim.halo();
    halo.member(Kind::Ticket, halo.ticket_id(), "status_id").unwrap().as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_completion_is_one_private_note_and_the_ticket_stays_open() {
    let with_field = |halo: HaloConnection| halo.client_field(CLIENT_GUID_FIELD);
    let bed = TestBed::builder(61).tickets_in_halo(with_field).start().await;
    // HaloPSA may hold it in another spelling.
    hold_client(&bed, &format!("{{{}}}", guid(&bed).to_uppercase()));
    bed.provision().await;
    bed.provision().await;
    let notes = bed.sim.halo().notes(bed.sim.halo().ticket_id());
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].is_private && notes[0].text.starts_with("[dtc backup "), "{notes:?}");
    assert!(notes[0].text.contains("Vault record: https://"), "{notes:?}");
    assert_eq!((bed.sim.halo().mails(), status(&bed)), (0, 1));
    let report = bed.verify().await.unwrap();
    assert!(report.passed(), "{}", report.summary());
    // A note that somebody deleted is missed, and written anew.
    bed.sim.halo().clear_notes(bed.sim.halo().ticket_id());
    let report = bed.verify().await.unwrap();
    assert!(!report.passed() && report.summary().contains("1 failed"), "{}", report.summary());
    bed.provision().await;
    assert_eq!(bed.sim.halo().notes(bed.sim.halo().ticket_id()).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_the_ticket_is_closed_only_where_the_site_file_says_so() {
    let closing = |halo: HaloConnection| halo.close_status("Closed").outcome("7");
    let bed = TestBed::builder(62).tickets_in_halo(closing).start().await;
    // The outcome has a status of its own in mind.
    bed.sim.halo().outcome_sets(7, Some(21));
    bed.provision().await;
    assert_eq!((bed.ticket().matches("[dtc backup").count(), status(&bed)), (1, 9));
    // What is documented on a closed ticket is documented.
    bed.provision().await;
    let report = bed.verify().await.unwrap();
    assert!(report.passed(), "{}", report.summary());
    assert_eq!(bed.ticket().matches("[dtc backup").count(), 1);
}

/// X1c: what cannot be documented in the end is not begun.
#[tokio::test(flavor = "multi_thread")]
async fn x1c_a_ticket_that_takes_no_note_is_refused_before_anything_is_written() {
    let with_field = |halo: HaloConnection| halo.client_field(CLIENT_GUID_FIELD).close_status("Done");
    let mut bed = TestBed::builder(63).tickets_in_halo(with_field).start().await;
    let halo = bed.sim.halo().clone();
    let (ticket, named) = (halo.ticket_id(), bed.site.ticket.clone());
    let mut refusals = Vec::new();
    let mut refused = async |bed: &TestBed, says: &str| {
        let error = bed.plan().await.map(drop).unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(text.contains(says), "{says}: {text}");
        refusals.push(text);
    };
    halo.close(ticket);
    refused(&bed, "it has been closed").await;
    halo.set_member(Kind::Ticket, ticket, "hasbeenclosed", false);
    refused(&bed, "shows nothing in CFDtcClientGuid").await;
    hold_client(&bed, "c0ffee00-7c41-4d3e-9b20-5a61c8e4f7d9");
    refused(&bed, "whose CFDtcClientGuid is").await;
    hold_client(&bed, &guid(&bed));
    halo.allow_outcome(7, false);
    refused(&bed, "may not run the outcome \"Internal Note\" on it, only: Email User").await;
    halo.allow_outcome(7, true);
    refused(&bed, "no status \"Done\"").await;
    for (number, says) in [("999", "no such ticket"), ("T-1001", "by number")] {
        bed.site.ticket = Some(TicketId::new(number));
        refused(&bed, says).await;
    }
    bed.site.ticket = named;
    halo.take_right("read:tickets");
    refused(&bed, "no such ticket").await;
    assert_eq!(bed.sim.transcript().writes().len(), 0, "something was written");
}

/// Between the look at the ticket and the note lies a first run, which may take days (E6).
#[tokio::test(flavor = "multi_thread")]
async fn e6_a_ticket_that_is_another_clients_meanwhile_gets_no_note() {
    let with_field = |halo: HaloConnection| halo.client_field(CLIENT_GUID_FIELD);
    let bed = TestBed::builder(66).tickets_in_halo(with_field).start().await;
    hold_client(&bed, &guid(&bed));
    let halo = bed.sim.halo().clone();
    let ticket = halo.ticket_id();
    let other = halo.add_client("Harbour Dental Laboratory");
    let plan = bed.plan().await.unwrap();
    let consents = dtc_tests::consent(&plan);
    let current = plan.against(&bed.observe().await).unwrap();
    halo.set_member(Kind::Ticket, ticket, "client_id", other);
    let ended = dtc_provision::apply(current, consents, &bed.ports, &mut Vec::new()).await;
    let error = ended.map(drop).unwrap_err().to_string();
    assert!(error.contains("\"Harbour Dental Laboratory\" shows nothing in CFDtcClientGuid"), "{error}");
    assert_eq!(halo.notes(ticket), []);
    halo.set_member(Kind::Ticket, ticket, "client_id", halo.client_id());
    bed.provision().await;
    assert_eq!(halo.notes(ticket).len(), 1);
}

/// An instance may list an outcome that it then denies: the run says so, and the next one documents what was done.
#[tokio::test(flavor = "multi_thread")]
async fn v6_an_outcome_that_is_listed_and_denied_is_reported_and_the_next_run_documents() {
    let bed = TestBed::builder(67).tickets_in_halo(plain).start().await;
    bed.sim.halo().list_denied_outcomes(true);
    bed.sim.halo().allow_outcome(7, false);
    let error = bed.apply().await.outcome.map(drop).unwrap_err().to_string();
    assert!(error.contains("You do not have access to this Action at the moment"), "{error}");
    assert_eq!(bed.ticket(), "");
    bed.sim.halo().allow_outcome(7, true);
    bed.provision().await;
    assert_eq!(bed.ticket().matches("[dtc backup").count(), 1);
}

/// What the customer sees is not how completion is documented, in whatever run, until somebody has hidden it.
#[tokio::test(flavor = "multi_thread")]
async fn v6_a_note_that_the_customer_sees_is_reported_by_every_run() {
    let bed = TestBed::builder(68).tickets_in_halo(plain).start().await;
    bed.sim.halo().publish_actions(1);
    let error = bed.apply().await.outcome.map(drop).unwrap_err().to_string();
    assert!(error.contains("hide it by hand"), "{error}");
    let error = bed.plan().await.map(drop).unwrap_err().to_string();
    assert!(error.contains("hide it by hand"), "{error}");
    assert_eq!(bed.ticket().matches("[dtc backup").count(), 1, "and it is not written again");
    let report = bed.verify().await.unwrap();
    assert!(!report.passed(), "{}", report.summary());
}

/// The process is killed at the note, before its effect, after it, and after its answer: then there is one note in the end.
#[tokio::test(flavor = "multi_thread")]
async fn v6_a_process_that_is_killed_at_the_note_leaves_one_in_the_end() {
    for moment in [Moment::BeforeEffect, Moment::AfterEffect, Moment::AfterAnswer] {
        let mut bed = TestBed::builder(64).tickets_in_halo(plain).start().await;
        bed.sim.faults().crash_on("halo", "add_actions", 1, moment);
        let ended = {
            let crashed = bed.sim.faults().crashed();
            tokio::select! {
                applied = bed.apply() => applied.outcome.map(drop).map_err(|error| error.to_string()),
                () = crashed => Ok(()),
            }
        };
        assert!(ended.is_ok() || moment != Moment::AfterAnswer, "{ended:?}");
        let there = bed.ticket().matches("[dtc backup").count();
        assert_eq!(there, usize::from(moment != Moment::BeforeEffect), "{moment:?}");
        bed.sim.faults().clear();
        bed.ports = bed.connect().await.unwrap();
        bed.provision().await;
        assert_eq!(bed.ticket().matches("[dtc backup").count(), 1, "{moment:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_a_denied_outcome_and_a_lost_note_are_reported_by_the_port() {
    let bed = TestBed::builder(65).tickets_in_halo(plain).start().await;
    let named = bed.site.ticket.clone().unwrap();
    let tickets = &bed.ports.tickets;
    let note = TicketNote { marker: MARKER.to_owned(), lines: vec!["a\u{202e}b".to_owned()] };
    bed.sim.halo().allow_outcome(7, false);
    let error = tickets.add_note(&named, &note).await.unwrap_err();
    assert_eq!(error.kind(), PortErrorKind::Refused, "{error}");
    bed.sim.halo().allow_outcome(7, true);
    bed.sim.faults().on("halo", "add_actions").before_effect(Fault::DropConnection);
    let error = tickets.add_note(&named, &note).await.unwrap_err();
    assert_eq!(error.kind(), PortErrorKind::OutcomeUnknown, "{error}");
    tickets.add_note(&named, &note).await.unwrap();
    assert!(tickets.note(&named, MARKER).await.unwrap().is_some());
    assert!(!bed.ticket().contains('\u{202e}'), "{}", bed.ticket());
    // A ticket of another number is another ticket.
    let other = TicketId::new((bed.sim.halo().ticket_id() + 1).to_string());
    assert_eq!(tickets.note(&other, MARKER).await.unwrap(), None);
}
