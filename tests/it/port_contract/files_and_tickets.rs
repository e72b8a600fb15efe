//! The files that were backed up, what the appliance is, and the ticket.

use dtc_provision::PortErrorKind;
use dtc_provision::ids::TicketId;
use dtc_provision::ports::{FileFacts, TicketNote};
use futures_util::TryStreamExt as _;

use super::kind;
use super::outside::Outside;

contract!(
    v3_a_file_is_read_as_it_was_written,
    v3_a_file_that_changed_since_it_was_looked_at_is_an_error,
    v3_a_file_that_is_not_there_is_none,
    i9_an_appliance_says_how_others_know_it,
    v6_a_ticket_note_is_added_once,
);

const PATH: &str = "/mnt/pool0/docs/über.txt";

async fn content(world: &impl Outside, facts: &FileFacts) -> Result<Vec<u8>, dtc_provision::PortError> {
    let pieces: Vec<_> = world.ports().source.read(PATH, facts).await?.try_collect().await?;
    Ok(pieces.concat())
}

async fn v3_a_file_is_read_as_it_was_written(world: &impl Outside) {
    for written in [vec![7; 70_000], Vec::new()] {
        world.write_file(PATH, &written);
        let facts = world.ports().source.stat(PATH).await.unwrap().unwrap();
        assert_eq!(facts.size, written.len() as u64);
        assert_eq!(content(world, &facts).await.unwrap(), written);
    }
}

async fn v3_a_file_that_changed_since_it_was_looked_at_is_an_error(world: &impl Outside) {
    world.write_file(PATH, &[7; 3000]);
    let facts = world.ports().source.stat(PATH).await.unwrap().unwrap();
    for len in [2999, 3001] {
        world.write_file(PATH, &vec![7; len]);
        assert_eq!(kind(content(world, &facts).await), PortErrorKind::Unreachable, "{len}");
    }
}

async fn v3_a_file_that_is_not_there_is_none(world: &impl Outside) {
    let source = &world.ports().source;
    assert_eq!(source.stat("/mnt/pool0/docs/nothing").await.unwrap(), None);
    assert_eq!(source.stat("/mnt/pool0/docs").await.unwrap(), None, "a directory");
    world.write_file(PATH, b"x");
    let facts = source.stat(PATH).await.unwrap().unwrap();
    let read = source.read("/mnt/pool0/docs/nothing", &facts).await;
    assert_eq!(kind(read.map(drop)), PortErrorKind::NotFound);
}

async fn i9_an_appliance_says_how_others_know_it(world: &impl Outside) {
    let system = world.ports().appliance.system().await.unwrap();
    assert!(!system.host_name.is_empty() && !system.version.is_empty() && system.time_zone.contains('/'));
    assert!(!system.addresses.is_empty() && !system.management_address.is_empty(), "{system:?}");
    let lower = |mac: &String| mac.contains(':') && *mac == mac.to_lowercase();
    assert!(!system.macs.is_empty() && system.macs.iter().all(lower), "{system:?}");
    assert_eq!(world.ports().appliance.system().await.unwrap(), system);
}

async fn v6_a_ticket_note_is_added_once(world: &impl Outside) {
    let (tickets, ticket) = (&world.ports().tickets, TicketId::new("4711"));
    let note = |marker: &str, line: &str| TicketNote {
        marker: marker.to_owned(),
        lines: vec![line.to_owned(), "second line".to_owned()],
    };
    assert_eq!(tickets.note(&ticket, "[a]").await.unwrap(), None);
    tickets.add_note(&ticket, &note("[a]", "first")).await.unwrap();
    tickets.add_note(&ticket, &note("[b]", "other")).await.unwrap();
    tickets.add_note(&ticket, &note("[a]", "again")).await.unwrap();
    let first = tickets.note(&ticket, "[a]").await.unwrap().unwrap();
    assert!(first.contains("first") && first.contains("second line"), "{first}");
    assert!(!first.contains("again") && !first.contains("other"), "{first}");
    assert!(tickets.note(&ticket, "[b]").await.unwrap().unwrap().contains("other"));
    assert_eq!(tickets.note(&ticket, "[c]").await.unwrap(), None);
}
