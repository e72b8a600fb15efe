//! The types that the macros write.

http_core::id_types! {
    /// A number.
    Wide: u64;
    /// A small number.
    Small: i32;
    /// A text.
    Text: String;
}

#[test]
fn a_number_is_read_from_a_number_and_from_digits_and_keeps_sixteen_of_them() {
    let wide = Wide::new(9_007_199_254_740_993);
    for json in ["9007199254740993", "\"9007199254740993\""] {
        assert_eq!(serde_json::from_str::<Wide>(json).unwrap(), wide);
    }
    assert_eq!(serde_json::to_string(&wide).unwrap(), "9007199254740993");
    assert_eq!(serde_json::from_str::<Small>("-1").unwrap(), Small::new(-1));
}

#[test]
fn what_is_no_id_is_refused_without_its_value() {
    for json in ["\"12a\"", "-1", "1.5", "null", "[]", "\"\""] {
        let error = serde_json::from_str::<Wide>(json).unwrap_err().to_string();
        assert!(error.contains("expected an id of digits") && !error.contains("12a"), "{json}: {error}");
    }
    assert!(serde_json::from_str::<Small>("3000000000").is_err());
    assert!(serde_json::from_str::<Text>("7").is_err());
}

#[test]
fn an_id_is_shown_bare_and_debugged_with_its_type() {
    let text = serde_json::from_str::<Text>("\"a\"").unwrap();
    assert_eq!((text.to_string(), format!("{text:?}")), ("a".into(), "Text(\"a\")".into()));
    assert_eq!((text.as_str(), Small::new(4).get()), ("a", 4));
    assert_eq!(format!("{} {:?} {:?}", Small::new(4), Small::new(4), Wide::new(5)), "4 Small(4) Wide(5)");
}

http_core::secret_types! {
    /// A key.
    Key;
}

#[test]
fn e8_debug_shows_the_type_only() {
    assert_eq!(
        format!("{:?} {:#?}", Key::new("hunter2"), Some(Key::new("hunter2"))),
        "Key Some(\n    Key,\n)"
    );
}

#[test]
fn secrets_are_compared_by_value_and_length() {
    let key = Key::new("hunter2");
    assert!(key.same_as(&Key::from("hunter2".to_owned())));
    for other in ["hunter3", "hunter", "hunter22", ""] {
        assert!(!key.same_as(&Key::new(other)), "{other}");
    }
}
