//! E8: while a secret lives, no text that is shown holds it, in whatever spelling a service repeats it.
#![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

mod disguises;

use proptest::prelude::*;
use safe_text::{REDACTED, SecretString, json, lines, printable, redact, safe};

use disguises::{disguises, obscured};

/// Secrets as services make them and as people choose them.
const SECRETS: [&str; 9] = [
    "K003/Wn+qT0lZ9vF4rB7yXcD1eG2hJ",
    r#"a"quoted\ <secret> & 100% of it's"#,
    "hunter2",
    "correct horse battery staple",
    r"p%K2{!rM}x:Tq9?c^Zs8<w@L&3n*vB#f",
    "ITG.0123456789abcdef.ABC-_",
    "päßwörd № 1 😀",
    "%41%42+\\n+&amp;",
    "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
];

/// Texts that a secret is found in.
fn around(text: &str) -> Vec<String> {
    vec![
        text.to_owned(),
        format!("before {text} after"),
        format!("{{\"error\": \"{text}\"}}"),
        format!("Authorization: Basic {text}\r\nHost: a"),
        format!("'{text}': nothing of the kind"),
    ]
}

#[test]
fn e8_a_live_secret_is_hidden_in_every_disguise() {
    for secret in SECRETS {
        let live = SecretString::from(secret);
        for (disguise, spelled) in disguises(secret) {
            for text in around(&spelled) {
                let hidden = redact(&text);
                assert!(hidden.contains(REDACTED), "{secret:?} as {disguise} is shown: {text}");
                assert!(!hidden.contains(&spelled), "{secret:?} as {disguise} is shown: {hidden}");
                assert_eq!(redact(&hidden), hidden, "hidden twice");
            }
        }
        drop(live);
    }
}

/// What rclone's configuration holds is another text each time.
#[test]
fn e8_an_obscured_secret_is_hidden() {
    for secret in SECRETS {
        let _live = SecretString::from(secret);
        for iv in [[0; 16], [7; 16], [0xfb; 16]] {
            let text = obscured(secret, iv);
            assert_eq!(redact(&format!("password = {text}\n")), "password = [redacted]\n");
        }
        assert!(!redact(&obscured("another secret of somebody", [1; 16])).contains(REDACTED));
    }
}

/// `user:key` is encoded as a whole: whatever its neighbours, nothing of the base64 text stays.
#[test]
fn e8_a_secret_within_a_base64_text_is_hidden_at_every_alignment() {
    for secret in SECRETS {
        let _live = SecretString::from(secret);
        for before in ["", "u", "us", "use:", "0041a7c1ba5c0000000000001:"] {
            for after in ["", "\n", " and", " and more"] {
                let text = format!("{before}{secret}{after}");
                for encoding in [data_encoding::BASE64, data_encoding::BASE64URL_NOPAD] {
                    let hidden = format!("Basic {}.", encoding.encode(text.as_bytes()));
                    assert_eq!(redact(&hidden), "Basic [redacted].", "{text}");
                }
            }
        }
    }
}

#[test]
fn e8_a_secret_that_the_service_cut_off_is_hidden() {
    let _live = SecretString::from("K003/Wn+qT0lZ9vF4rB7yXcD1eG2hJ");
    for (text, shown) in [
        ("bad key K003/Wn+", "bad key [redacted]"),
        ("bad key K003/Wn+qT0lZ9vF4…", "bad key [redacted]…"),
        ("bad key 'K003/Wn+qT0lZ9vF4...'", "bad key '[redacted]...'"),
        ("bad key K003%2FWn%2BqT0", "bad key [redacted]"),
        ("bad key K003/Wn", "bad key K003/Wn"),
        ("K003/Wn+qT0 and so on", "K003/Wn+qT0 and so on"),
    ] {
        assert_eq!(redact(text), shown);
    }
}

/// As terminals, mail and certificates break lines: anywhere, in place of a blank, with or without indentation.
#[test]
fn e8_a_secret_that_is_broken_over_lines_is_hidden() {
    for secret in SECRETS.iter().filter(|secret| secret.chars().count() > 12) {
        let _live = SecretString::from(*secret);
        let encoded = data_encoding::BASE64.encode(secret.as_bytes());
        for spelled in [*secret, &encoded, &secret.replace('\'', "'\"'\"'")] {
            for (at, _) in spelled.char_indices().skip(1) {
                let (one, other) = spelled.split_at(at);
                for between in ["\n", "\r\n", "\n    ", " \n\t", "\u{2028}"] {
                    let text = format!("key {one}{between}{other}.");
                    // A blank at the break may be the secret's own, or be made by it.
                    if !(one.ends_with(' ') || other.starts_with(' ')) {
                        assert_eq!(lines(&text), "key [redacted].", "{text:?}");
                        assert_eq!(safe(&text), "key [redacted].", "{text:?}");
                    }
                }
                let other = other.strip_prefix(' ').or_else(|| one.ends_with(' ').then_some(other));
                if let Some(other) = other {
                    let text = format!("key {}\n  {other}.", one.trim_end());
                    assert_eq!(lines(&text), "key [redacted].", "{text:?}");
                }
            }
        }
    }
}

/// A line end may be escaped like the rest.
#[test]
fn e8_a_secret_that_is_broken_over_lines_is_hidden_in_json() {
    for secret in SECRETS.iter().filter(|secret| secret.chars().count() > 12) {
        let _live = SecretString::from(*secret);
        let middle = secret.char_indices().nth(7).unwrap().0;
        let (one, other) = secret.split_at(middle);
        let document = serde_json::json!({ "said": format!("key {one}\n{other}.") }).to_string();
        for shown in [json(&document), safe(&document), safe(&serde_json::json!(document).to_string())] {
            assert!(shown.contains("key [redacted]."), "{shown}");
        }
    }
}

/// What stands in the lines beside it stays.
#[test]
fn e8_what_follows_a_secret_on_the_next_line_stays() {
    let _live = SecretString::from("Zk7/quite+a'long%secret");
    for spelled in
        [String::from("Zk7/quite+a'long%secret"), data_encoding::BASE64.encode(b"Zk7/quite+a'long%secret")]
    {
        let text = format!("first\n{spelled}\nHost: a\n");
        assert_eq!(lines(&text), "first\n[redacted]\nHost: a\n");
    }
    // A certificate's key in lines of another length.
    let key = "-----BEGIN KEY-----\nMIIabcdefghijklmnop\nqrstuvwxyz012345678\n-----END KEY-----\n";
    let _key = SecretString::from(key);
    let again = key.replace('\n', "").replace("jkl", "j\r\n  kl");
    assert_eq!(lines(&format!("key:\n  {again}\nend")), "key:\n  [redacted]\nend");
}

/// Ordinary words stay, even where somebody chose one as a password: a gap would tell which.
#[test]
fn e8_an_ordinary_word_is_not_hidden() {
    let _live = ["public", "truenas", "Password", ";", "a+b/c", ""].map(SecretString::from);
    let text = "the Password of truenas is not public; a+b/c";
    assert_eq!(redact(text), text);
}

#[test]
fn e8_a_secret_is_known_as_long_as_anybody_holds_it() {
    let text = "key Zk3-known-while-held";
    let (one, other) =
        (SecretString::from("Zk3-known-while-held"), SecretString::from("Zk3-known-while-held"));
    drop(one);
    assert_eq!(redact(text), "key [redacted]");
    drop(other);
    assert_eq!(redact(text), text);
}

#[test]
fn e8_a_secret_with_what_nobody_sees_in_it_is_hidden() {
    let _live = SecretString::from("Zk4-within-the-unseen");
    assert_eq!(safe("key Zk4-wi\u{200b}thin-\u{1b}[31mthe-\u{e0041}unseen."), "key [redacted].");
}

#[test]
fn e8_json_stays_json() {
    let _live = SecretString::from(r#"Zk5 "in" \json"#);
    let document =
        r#"{"a":"Zk5 \"in\" \\json","b\u202e":[1,true,null,"x\u202ey","\"\\",{"Zk5 \"in\" \\json":""}]}"#;
    assert_eq!(
        json(document),
        r#"{"a":"[redacted]","b\u202e":[1,true,null,"x\u202ey","\"\\",{"[redacted]":""}]}"#
    );
    for same in ["", "{}", r#"{"a":"\u00e4\n","b":"\\"}"#, "12", r#""not ended"#] {
        assert!(
            matches!(json(same), std::borrow::Cow::Borrowed(text) if text == same) || same.contains("\\n"),
            "{same}"
        );
    }
}

/// A secret is hidden in JSON although characters that nobody sees stand in it.
#[test]
fn e8_json_hides_a_secret_with_what_nobody_sees_in_it() {
    let _live = SecretString::from("Zk9-within-the-unseen");
    let document = "{\"name\":\"a\u{202e}b\",\"said\":\"key Zk9-wi\u{200b}thin-the-unseen.\"}";
    assert_eq!(json(document), r#"{"name":"a\u202eb","said":"key [redacted]."}"#);
}

#[test]
fn lines_stay_lines() {
    assert_eq!(lines("a\u{202e}\nb\tc\n\nd"), "a\nb c\n\nd");
    assert_eq!(lines("a\r\nb\n"), "a\nb\n");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Any secret of printable characters, in any disguise, between any texts.
    #[test]
    fn e8_any_secret_in_any_disguise_is_hidden(secret in "[!-~]{12,40}", before in "\\PC{0,12}", after in "[ \n]\\PC{0,12}") {
        let _live = SecretString::from(secret.as_str());
        for (disguise, spelled) in disguises(&secret) {
            let hidden = redact(&format!("{before} {spelled}{after}")).into_owned();
            prop_assert!(!hidden.contains(&spelled), "{disguise}: {hidden}");
        }
    }

    /// Any secret, in any disguise, with a line end anywhere in it: neither part of it is left.
    #[test]
    fn e8_any_secret_in_any_disguise_that_is_broken_over_lines_is_hidden(secret in "[!-~]{12,32}", at in 20..80_usize, between in "(\n|\r\n) {0,4}") {
        let _live = SecretString::from(secret.as_str());
        for (disguise, spelled) in disguises(&secret) {
            let at = (0..spelled.len()).find(|index| index * 100 >= at * spelled.len() && spelled.is_char_boundary(*index)).unwrap();
            let (one, other) = spelled.split_at(at);
            // A blank of the spelling's own goes with the line end that stands beside it; and the last sign of an encoded text, which holds a few bits,
            // may stay where it stands alone.
            if one.ends_with(' ') || other.starts_with(' ') || other.trim_end_matches('=').len() < 2 {
                continue;
            }
            let hidden = redact(&format!("before {one}{between}{other} after")).into_owned();
            prop_assert!(!hidden.contains(one) && !hidden.contains(other), "{disguise}: {hidden}");
        }
    }

    /// A text that holds no secret is given back as it is.
    #[test]
    fn e8_other_texts_stay(text in "\\PC{0,60}") {
        let _live = SecretString::from("Zk6-that-stands-nowhere");
        prop_assert_eq!(redact(&text), text.as_str());
    }

    /// A name is read from a JSON document as it was written into it, as a value and as a member's name, and no character of the document is unseen.
    #[test]
    fn e8_a_name_in_json_is_exact(name in any::<String>(), odd in "[\\\\\"\u{0}-\u{1f}\u{7f}-\u{9f}\u{ad}\u{200b}-\u{202e}\u{2066}\u{feff}\u{e000}\u{e0041}a]{0,12}") {
        for name in [name, odd] {
            let written = serde_json::json!({ "name": name, "list": [name], (name.as_str()): 1 }).to_string();
            let shown = json(&written);
            prop_assert_eq!(printable(&shown), &*shown);
            let read: serde_json::Value = serde_json::from_str(&shown).unwrap();
            prop_assert_eq!(&read, &serde_json::from_str::<serde_json::Value>(&written).unwrap());
            prop_assert!(read["name"].as_str() == Some(&name) || name == "name");
        }
    }

    /// Cleaning twice changes nothing more, and leaves nothing unseen.
    #[test]
    fn e8_what_is_printable_stays_so(text in any::<String>()) {
        let once = printable(&text).into_owned();
        prop_assert_eq!(printable(&once), once.as_str());
        prop_assert!(!once.chars().any(char::is_control));
    }
}

/// A report of 100 kB beside a thousand secrets takes milliseconds. The bound is wide: it tells a search that went quadratic.
#[test]
fn e8_the_search_is_fast_enough_for_a_fleet() {
    let live: Vec<_> =
        (0..1000).map(|number| SecretString::from(format!("K003-{number:04}-Wn+qT0lZ9vF4rB7yX"))).collect();
    let text = "a line of a report, as a verification has thousands of them\n".repeat(1700);
    let began = std::time::Instant::now();
    assert!(matches!(redact(&text), std::borrow::Cow::Borrowed(_)));
    println!("{} bytes beside {} secrets: {:?}", text.len(), live.len(), began.elapsed());
    assert!(began.elapsed().as_secs() < 5);
}

/// A text twice as long takes twice the time, also one that somebody made to take long. The bound is wide, as above.
#[test]
fn e8_the_search_takes_time_in_proportion_to_the_text() {
    let secret = "Zk8/aaaaaaaaaaaaaaaa'\"%$\\ aaaaaaaaaa";
    let _live = SecretString::from(secret);
    let encoded = data_encoding::BASE64_NOPAD.encode(secret.as_bytes());
    let longest = 1 << 18;
    for piece in [
        " ", "\n", " \n", "'", "\"", "%", "\\", "\\\n", "Zk8/aaaa", "A", "%25", "&amp;", "\\0", &encoded,
        "'\"'\"'", secret,
    ] {
        let text = piece.repeat(longest / piece.len());
        let began = std::time::Instant::now();
        let hidden = redact(&text).into_owned();
        println!("{piece:?}: {:?}", began.elapsed());
        assert!(began.elapsed().as_secs() < 20, "{piece:?}");
        assert!(!hidden.contains(secret));
    }
}
