use crate::site_file::SiteFile;
use crate::{ErrorKind, nearest};
use std::path::Path;

/// The template with a line `key = value` in this table, and where the value stands.
fn with(table: &str, key: &str, value: &str) -> (String, (usize, usize)) {
    let (mut lines, mut place, mut within) = (Vec::new(), None, false);
    for line in SiteFile::TEMPLATE.lines() {
        let bare = line.trim_start_matches("# ");
        if bare.starts_with('[') {
            within = bare.split(']').next() == Some(&format!("[{table}"));
            // A table that is commented out is there only where it is meant.
            lines.push(if within { format!("[{table}]") } else { line.to_owned() });
            if within {
                lines.push(format!("{key} = {value}"));
                place = Some((lines.len(), key.len() + 4));
            }
        } else if !within || bare.split(" = ").next() != Some(key) {
            lines.push(line.to_owned());
        }
    }
    (lines.join("\n"), place.unwrap())
}

fn problem(table: &str, key: &str, value: &str) -> Option<String> {
    let (text, expected) = with(table, key, value);
    match SiteFile::parse(&text, Path::new("site.toml")) {
        Ok(_) => None,
        Err(error) => match error.into_kind() {
            ErrorKind::SiteFileInvalid { place, problem } => {
                assert_eq!(place.position, Some(expected), "{table}.{key} = {value}: {place} {problem}");
                assert_eq!(place.field, Some(format!("{table}.{key}")), "{value}: {problem}");
                Some(problem)
            }
            other => panic!("{other:?}"),
        },
    }
}

fn assert_refused(table: &str, key: &str, values: &[&str], says: &str) {
    for value in values {
        let problem = problem(table, key, value);
        assert!(problem.as_ref().is_some_and(|p| p.contains(says)), "{table}.{key} = {value}: {problem:?}");
        assert!(!problem.unwrap().contains("hunter2"), "{value} is repeated");
    }
}

fn assert_taken(table: &str, key: &str, values: &[&str]) {
    for value in values {
        assert_eq!(problem(table, key, value), None, "{table}.{key} = {value}");
    }
}

#[test]
fn x6_addresses_of_services_are_checked_where_they_stand() {
    for table in ["b2", "ninjaone", "itglue"] {
        assert_taken(
            table,
            "url",
            &[
                "\"https://api.example\"",
                "\"https://api.example:8443/\"",
                "\"http://127.0.0.1:80\"",
                "\"http://[::1]:1\"",
            ],
        );
        assert_refused(table, "url", &["\"http://api.example\"", "\"http://10.0.0.1\""], "plain http");
        assert_refused(
            table,
            "url",
            &[
                "\"\"",
                "\"api.example\"",
                "\"ftp://api.example\"",
                "\"https://\"",
                "\"file:///etc/passwd\"",
                "\"api.example:443\"",
            ],
            "write https://",
        );
        assert_refused(
            table,
            "url",
            &["\"https://me@api.example\"", "\"https://me:hunter2@api.example\""],
            "keys of their own",
        );
        assert_refused(
            table,
            "url",
            &[
                "\"https://api.example/v2\"",
                "\"https://api.example?hunter2\"",
                "\"https://api.example#a\"",
                "\"https://https://a\"",
            ],
            "path, a query",
        );
        assert_refused(
            table,
            "url",
            &[
                "\" https://api.example\"",
                "\"https://api.example\\n\"",
                "\"https:\\\\\\\\a\"",
                "\"https://api\\u200b.example\"",
            ],
            "invisible",
        );
        assert_refused(table, "url", &["\"https://api.example:0\""], "port 0");
        assert_refused(table, "url", &["5", "true", "[\"https://a\"]"], "invalid type");
    }
}

#[test]
fn x6_the_appliances_address_and_fingerprint_are_checked_where_they_stand() {
    assert_taken(
        "truenas",
        "url",
        &["\"nas.example\"", "\"wss://192.0.2.1:444\"", "\"https://nas\"", "\"2001:db8::1\""],
    );
    assert_refused(
        "truenas",
        "url",
        &[
            "\"\"",
            "\"ws://192.0.2.1\"",
            "\"ssh://nas\"",
            "\"root:hunter2@nas\"",
            "\"nas/ui\"",
            "\"nas?hunter2\"",
            "\"169.254.169.254\"",
        ],
        "this is no address",
    );
    assert_refused("truenas", "url", &["\"nas \"", "\"\\tnas\"", "\"na\\u202es\""], "invisible");
    let digits = "ab".repeat(32);
    let colons = vec!["AB"; 32].join(":");
    assert_taken("truenas", "fingerprint", &[&format!("\"{digits}\""), &format!("\"{colons}\"")]);
    assert_refused(
        "truenas",
        "fingerprint",
        &[
            "\"\"",
            "\"ab\"",
            &format!("\"{digits}ab\""),
            &format!("\"{}\"", "xy".repeat(32)),
            &format!("\" {digits}\""),
        ],
        "64 hexadecimal digits",
    );
}

#[test]
fn x6_names_time_zone_and_ticket_are_checked_where_they_stand() {
    let long = format!("\"{}\"", "x".repeat(256));
    for (table, key) in [
        ("site", "organization"),
        ("site", "location"),
        ("site", "vault_organization"),
        ("site", "device"),
        ("site.fields", "device"),
        ("b2", "key_id"),
        ("ninjaone", "client_id"),
        ("itglue", "category"),
    ] {
        assert_taken(table, key, &["\"a b\"", "\"Zahnärzte № 1 & Co.\"", "'1234'"]);
        assert_refused(
            table,
            key,
            &["\"\"", "\" a\"", "\"a \"", "\"a\\nb\"", "\"a\\u0000b\"", "\"a\\n\"", &long],
            "this name",
        );
    }
    assert_taken("site", "time_zone", &["\"America/New_York\"", "\"UTC\"", "\"Europe/Berlin\""]);
    assert_refused(
        "site",
        "time_zone",
        &["\"America/NewYork\"", "\"america/new_york\""],
        "mean America/New_York?",
    );
    assert_refused(
        "site",
        "time_zone",
        &["\"\"", "\"EST5EDT,M3.2.0\"", "\"/etc/passwd\"", "\"+02:00\""],
        "no time zone",
    );
    assert_taken("site", "ticket", &["\"T-1001\"", "\"#12_a.b\""]);
    assert_refused(
        "site",
        "ticket",
        &[
            "\"\"",
            "\"../../etc\"",
            "\"a/b\"",
            "\"a\\\\b\"",
            "\"C:x\"",
            "\".hidden\"",
            "\"a b\"",
            "\"CON\"",
            "\"nul.x\"",
            "\"a\\u0000\"",
            &long,
        ],
        "a ticket",
    );
}

#[test]
fn x6_a_name_that_is_not_known_is_answered_with_the_nearest() {
    for (table, key, meant) in [
        ("site", "organisation", "organization"),
        ("site", "time-zone", "time_zone"),
        ("site", "uplink_mbits", "uplink_mbit"),
        ("site.fields", "devise", "device"),
        ("b2", "aplication_key", "application_key"),
        ("truenas", "finger_print", "fingerprint"),
        ("ninjaone", "clientid", "client_id"),
        ("itglue", "API_KEY", "api_key"),
        ("waits", "poll_intervall", "poll_interval"),
        ("timeouts", "conect", "connect"),
        ("tickets", "Directory", "directory"),
    ] {
        let (text, (line, _)) = with(table, key, "\"x\"");
        let error = SiteFile::parse(&text, Path::new("site.toml")).unwrap_err().into_kind();
        let ErrorKind::SiteFileInvalid { place, problem } = error else { panic!("{error:?}") };
        assert_eq!(place.position, Some((line, 1)), "{problem}");
        assert!(problem.ends_with(&format!("; did you mean `{meant}`?")), "{table}.{key}: {problem}");
    }
    for (value, meant) in [("\"shedule\"", "scheduled"), ("\"NOW\"", "now")] {
        let (text, _) = with("site", "first_run", value);
        let error = SiteFile::parse(&text, Path::new("site.toml")).unwrap_err();
        assert!(error.to_string().ends_with(&format!("did you mean `{meant}`?")), "{error}");
    }
    let text = format!("{}\n[timeout]\ncall = \"1s\"\n", SiteFile::TEMPLATE);
    let error = SiteFile::parse(&text, Path::new("site.toml")).unwrap_err();
    assert!(error.to_string().ends_with("did you mean `timeouts`?"), "{error}");
    // What is like nothing gets no guess.
    let (text, _) = with("site", "zzzzzz", "1");
    assert!(!SiteFile::parse(&text, Path::new("s")).unwrap_err().to_string().contains("did you mean"));
    assert_eq!(nearest::nearest("x", ["abcdef"].into_iter()), None);
}
