//! Secrets from a simulated Connect server, and everything that keeps one from being read.

use dtc_adapters::{ErrorKind, OnePassword, OnePasswordFailure, SecretReader, SecretSource};
use safe_text::SecretString;
use simulator::connect::{DEFAULT_VAULT, Filters, Item, Settings};
use simulator::{Fault, Simulator};

use super::{by_connect, failures, read, source};

/// The way to the simulated server.
fn way(sim: &Simulator) -> OnePassword {
    let at = &sim.addresses().connect;
    by_connect(&at.url, &at.token)
}

/// A server with the keys of an MSP in it.
async fn served() -> Simulator {
    let sim = Simulator::builder().seed(11).start().await.unwrap();
    let b2 = Item::new("Backblaze B2").field("application key", "K005backblaze").empty_field("note");
    sim.connect().file(&b2.field_in("test", "application key", "K005tested").field("b2 id", "0051"));
    sim.connect().file(&Item::login("IT Glue", "msp", "ITG.the-key-of-the-msp"));
    sim
}

fn at(item: &str) -> String {
    format!("op://{DEFAULT_VAULT}/{item}")
}

#[tokio::test]
async fn e7_secrets_are_read_by_name_and_each_once() {
    let sim = served().await;
    let (b2, itglue) = (source(&at("Backblaze B2/test/application key")), source(&at("IT Glue/password")));
    let given = SecretSource::value("given");
    let reader = SecretReader::new(way(&sim));
    let wanted =
        [(&b2, "B2's key"), (&given, "a value"), (&itglue, "the vault's key"), (&b2, "B2's key again")];
    let found = reader.read_all(wanted).await.unwrap();
    let found: Vec<&str> = found.iter().map(SecretString::expose_secret).collect();
    assert_eq!(found, ["K005tested", "given", "ITG.the-key-of-the-msp", "K005tested"]);
    assert_eq!(sim.faults().requests(), 6, "one was read twice");
    assert!(sim.transcript().writes().is_empty());
}

#[tokio::test]
async fn e7_every_secret_that_is_missing_is_named_with_its_reason() {
    let sim = served().await;
    let theirs = sim.connect().add_vault("Theirs");
    let secrets = [
        (format!("op://{theirs}/Mail/password"), "forbidden"),
        ("op://Theirs/Mail/password".to_owned(), "missing"),
        (at("Absent/password"), "missing"),
        (at("Backblaze B2/absent"), "missing"),
        (at("Backblaze B2/application key"), "ambiguous"),
        (at("Backblaze B2/note"), "empty"),
        (at("Backblaze B2/b2 id?attribute=otp"), "not by Connect"),
    ];
    let sources: Vec<SecretSource> = secrets.iter().map(|(text, _)| source(text)).collect();
    let wanted: [_; 7] = std::array::from_fn(|at| (&sources[at], secrets[at].1));
    let error = SecretReader::new(way(&sim)).read_all(wanted).await.unwrap_err();
    assert_eq!(failures(&error).len(), 7, "{error}");
    for (name, failure) in failures(&error) {
        let is_it = match name {
            "forbidden" => matches!(failure, OnePasswordFailure::Forbidden { .. }),
            "missing" => matches!(failure, OnePasswordFailure::NotFound(_)),
            "ambiguous" => matches!(failure, OnePasswordFailure::Ambiguous(_)),
            "empty" => *failure == OnePasswordFailure::NoValue,
            _ => *failure == OnePasswordFailure::NotByConnect("attribute=otp"),
        };
        assert!(is_it && failure.remedy().is_some(), "{name}: {failure}");
    }
    assert_eq!(error.code(), "DTC-SECRET-MISSING");
    assert!(error.remedy().is_some_and(|remedy| remedy.matches("correct the reference").count() == 1));
}

/// Of two things with one name, nobody knows which is meant.
#[tokio::test]
async fn e7_what_is_there_twice_is_refused_and_what_is_archived_is_not_there() {
    let sim = served().await;
    let again = sim.connect().file(&Item::login("IT Glue", "msp", "ITG.another"));
    assert!(matches!(read(&way(&sim), &at("IT Glue/password")).await, Err(OnePasswordFailure::Ambiguous(_))));
    let by_id = at(&format!("{again}/password"));
    assert_eq!(read(&way(&sim), &by_id).await.as_deref(), Ok("ITG.another"));
    sim.connect().archive(&again);
    assert_eq!(read(&way(&sim), &at("IT Glue/password")).await.as_deref(), Ok("ITG.the-key-of-the-msp"));
    assert!(matches!(read(&way(&sim), &by_id).await, Err(OnePasswordFailure::NotFound(_))));
    let twin = sim.connect().add_vault(DEFAULT_VAULT);
    let both = sim.connect().add_token(&[sim.connect().vault_id().to_owned(), twin]);
    let both = by_connect(&sim.addresses().connect.url, &both);
    assert!(matches!(read(&both, &at("IT Glue/password")).await, Err(OnePasswordFailure::Ambiguous(_))));
}

/// A server that does not tell capitals from small letters answers with more than it was asked for.
#[tokio::test]
async fn e7_capitals_make_no_second_name() {
    let settings = Settings::default().filters(Filters::IgnoringCase);
    let sim = Simulator::builder().connect_server("main", settings).start().await.unwrap();
    sim.connect().file(&Item::login("mail", "msp", "first"));
    let name = format!("op://{}/MAIL/Password", DEFAULT_VAULT.to_lowercase());
    assert_eq!(read(&way(&sim), &name).await.as_deref(), Ok("first"));
    sim.connect().file(&Item::login("Mail", "msp", "second"));
    assert!(matches!(read(&way(&sim), &name).await, Err(OnePasswordFailure::Ambiguous(_))));
}

/// A server that tells capitals from small letters has what is asked for all the same.
#[tokio::test]
async fn e7_capitals_make_no_second_name_where_the_server_thinks_so() {
    let sim = Simulator::builder().connect_server("main", Settings::default()).start().await.unwrap();
    sim.connect().file(&Item::login("mail", "msp", "first"));
    let name = format!("op://{}/MAIL/Password", DEFAULT_VAULT.to_uppercase());
    assert_eq!(read(&way(&sim), &name).await.as_deref(), Ok("first"));
    assert_eq!(sim.faults().requests(), 5, "the vaults and the items were listed twice each");
    sim.connect().file(&Item::login("Mail", "msp", "second"));
    assert!(matches!(read(&way(&sim), &name).await, Err(OnePasswordFailure::Ambiguous(_))));
    // Written as it is there, it is the one that the server finds.
    assert_eq!(read(&way(&sim), &at("Mail/password")).await.as_deref(), Ok("second"));
    let absent = read(&way(&sim), &at("Post/password")).await;
    assert!(matches!(absent, Err(OnePasswordFailure::NotFound(_))), "{absent:?}");
}

#[tokio::test]
async fn e7_each_refusal_of_the_server_has_its_own_reason() {
    let sim = served().await;
    let text = at("IT Glue/password");
    let refuse = |status| Fault::refuse(status, "", "as it says");
    let on = |operation: &str, times, fault| {
        sim.faults().clear();
        sim.faults().on("connect", operation).times(times).before_effect(fault);
    };
    for operation in ["list_vaults", "list_items", "get_item"] {
        on(operation, 1, refuse(401));
        assert_eq!(read(&way(&sim), &text).await, Err(OnePasswordFailure::TokenRejected), "{operation}");
        on(operation, 1, refuse(403));
        assert!(matches!(read(&way(&sim), &text).await, Err(OnePasswordFailure::Forbidden { .. })));
        on(operation, 1, refuse(404));
        assert!(matches!(read(&way(&sim), &text).await, Err(OnePasswordFailure::NotFound(_))), "{operation}");
        on(operation, 1, refuse(400));
        let Err(OnePasswordFailure::Other(said)) = read(&way(&sim), &text).await else { panic!("400") };
        assert!(said.contains("as it says"), "{said}");
        // A proxy's page says nothing about the token.
        on(operation, 1, Fault::Html(403));
        assert!(matches!(read(&way(&sim), &text).await, Err(OnePasswordFailure::Other(_))), "{operation}");
        on(operation, 1, Fault::TruncateBody);
        assert!(read(&way(&sim), &text).await.is_ok(), "an answer that was cut off was not asked for again");
    }
    sim.faults().clear();
    sim.connect().revoke_token(&sim.addresses().connect.token);
    assert_eq!(read(&way(&sim), &text).await, Err(OnePasswordFailure::TokenRejected));
}

/// A token that is not accepted, or a server that is away, is met once; the other secrets say so, too.
#[tokio::test]
async fn e7_what_keeps_every_secret_from_being_read_is_met_once() {
    let sim = served().await;
    let (one, other) = (source(&at("IT Glue/password")), source(&at("Backblaze B2/b2 id")));
    sim.connect().revoke_token(&sim.addresses().connect.token);
    let error = SecretReader::new(way(&sim)).read_all([(&one, "one"), (&other, "other")]).await.unwrap_err();
    let rejected = &OnePasswordFailure::TokenRejected;
    assert_eq!(failures(&error), [("one", rejected), ("other", rejected)]);
    assert_eq!(sim.faults().requests(), 1);
    // Nothing is lost of what one secret alone lacks.
    let reader = SecretReader::new(by_connect("http://127.0.0.1:9", "connect-token"));
    let error = reader.read_all([(&one, "one"), (&source("env:DTC_TEST_UNSET"), "unset")]).await.unwrap_err();
    let ErrorKind::Secrets(errors) = error.kind() else { panic!("{error}") };
    assert!(matches!(
        errors[0].kind(),
        ErrorKind::OnePassword { failure: OnePasswordFailure::Unreachable(_), .. }
    ));
    assert!(matches!(errors[1].kind(), ErrorKind::SecretMissing { .. }), "{error}");
}

/// What 1Password holds is taken as it stands: nothing is cut off in silence.
#[tokio::test]
async fn e7_a_value_that_no_key_has_is_refused() {
    let sim = served().await;
    let item = sim.connect().file(&Item::new("Odd").field("key", "K005key"));
    let odd = source(&at("Odd/key"));
    for (value, said) in [
        ("K005key\n", "ends with a line end"),
        (" K005key", "begins with a space"),
        ("K005\nkey", "has 2 lines"),
    ] {
        assert!(sim.connect().set_value(&item, "key", value));
        let error = SecretReader::new(way(&sim)).read_all([(&odd, "the key")]).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::SecretUnusable { .. }), "{error:?}");
        assert!(error.to_string().contains(said) && !error.to_string().contains("K005"), "{error}");
        // Who wants it as it is gets it so.
        assert_eq!(read(&way(&sim), &at("Odd/key")).await.as_deref(), Ok(value));
    }
}
