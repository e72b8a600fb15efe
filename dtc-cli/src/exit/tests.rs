mod codes;
mod files;

use std::collections::BTreeSet;

use dtc_provision::proofs::WrongUse;
use dtc_provision::{ErrorKind, PortError, PortErrorKind, Refusal};

use super::*;

fn code(kind: impl Into<ErrorKind>) -> u8 {
    Exit::from(&dtc_provision::Error::from(kind.into())).code()
}

fn port(kind: PortErrorKind) -> PortError {
    PortError::new(kind, "ask", "no")
}

#[test]
fn a_refusal_ends_as_its_stop_says() {
    let codes = [Refusal::precondition("I2", "a", "b"), Refusal::blocked("I8", "a", "b")].map(code);
    assert_eq!(codes, [4, 5]);
    assert_eq!(code(Refusal::data_at_risk("E4", "a", "b")), 6);
}

/// The variants of provisioning's `ErrorKind`, by name, as its source declares them.
fn declared() -> BTreeSet<&'static str> {
    let source = include_str!("../../../dtc-provision/src/error.rs");
    let body = source.split("pub enum ErrorKind {").nth(1).unwrap().split("\n}").next().unwrap();
    let variants = body.lines().filter_map(|line| line.strip_prefix("    "));
    let variants = variants.filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()));
    variants.map(|line| line.split([' ', ',', '(', '{']).next().unwrap()).collect()
}

#[test]
fn x6_an_error_ends_as_what_it_proves() {
    let text = String::new;
    let slot = dtc_provision::proofs::Slot::EncryptionSalt;
    let kinds = [
        (ErrorKind::WrongUse(WrongUse::new("the task", "one", "another")), 1),
        (ErrorKind::Stale { changed: text() }, 5),
        (ErrorKind::ConsentMissing { subject: text(), consequence: text() }, 5),
        (ErrorKind::NotEscrowed { slot, reason: text(), record: None }, 1),
        (ErrorKind::ReadBack { what: text(), difference: text() }, 1),
        (ErrorKind::FirstRunFailed { pool: text(), reason: text() }, 1),
        (ErrorKind::ReplicationFailed { name: text(), reason: text() }, 1),
        (ErrorKind::DeviceAwaited { remedy: text() }, 4),
        (ErrorKind::Unproven { why: text() }, 7),
        (ErrorKind::VerificationFailed { failed: Vec::new(), data_at_risk: true }, 6),
        (ErrorKind::VerificationFailed { failed: Vec::new(), data_at_risk: false }, 2),
    ];
    // Refusals and services have tables of their own.
    let mut named = BTreeSet::from(["Refused".to_owned(), "Port".to_owned()]);
    for (kind, expected) in kinds {
        let shown = format!("{kind:?}");
        named.insert(shown.split([' ', '(', '{']).next().unwrap().to_owned());
        assert_eq!(code(kind), expected, "{shown}");
    }
    assert_eq!(named.iter().map(String::as_str).collect::<BTreeSet<_>>(), declared());
}

#[test]
fn x6_a_service_ends_alike_before_and_after_connecting() {
    use PortErrorKind as P;
    for kind in P::ALL {
        let expected = match kind {
            P::WrongMachine => 5,
            P::Unreachable
            | P::RateLimited
            | P::CredentialsRejected
            | P::Unauthorized
            | P::AccountLimit
            | P::Unsupported => 4,
            P::NotFound | P::Conflict | P::Refused | P::OutcomeUnknown | P::Damaged | P::NotUnderstood => 1,
            other => panic!("{other:?} is new: what does it prove?"),
        };
        assert_eq!(code(port(kind)), expected, "{kind:?}");
        assert_eq!(Exit::from(&dtc_adapters::Error::from(port(kind))).code(), expected, "{kind:?}");
    }
}

/// X6: the table has every exit once, and no code twice.
#[test]
fn x6_every_exit_has_one_code_and_one_name() {
    let codes: BTreeSet<u8> = EXITS.iter().map(|row| row.1).collect();
    assert_eq!(codes, BTreeSet::from([0, 1, 2, 3, 4, 5, 6, 7, 130]));
    let names: BTreeSet<&str> = EXITS.iter().map(|row| row.2).collect();
    assert_eq!(names.len(), EXITS.len());
    for (exit, code, ..) in EXITS {
        assert_eq!(exit.code(), code, "{exit:?}");
    }
}

/// Done when 5: the README's table is the code's own, and Python's.
#[test]
fn x6_the_readme_and_python_repeat_the_table() {
    let readme = include_str!("../../../README.md");
    let rows = EXITS.iter().map(|(_, code, _, meaning)| format!("| {code} | {meaning} |\n"));
    let table: String = rows.collect();
    assert!(readme.contains(&table), "the README should hold these lines:\n{table}");
    let python = include_str!("../../../py-bindings/python/dtc/exit_codes.py");
    let members = EXITS.iter().map(|(_, code, name, meaning)| {
        format!("    {} = {code}\n    \"\"\"{meaning}\"\"\"\n", name.to_uppercase())
    });
    let members: String = members.collect();
    assert!(python.contains(&members), "exit_codes.py should hold these lines:\n{members}");
    assert!(EXITS.iter().all(|(_, code, _, meaning)| help().contains(&format!("{code:>3}  {meaning}"))));
}
