use super::*;

/// Encrypted by `rclone config encryption set` 1.75.2, under the password `geheim`.
const SEALED: &str = "# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\n\
    grFQLfjsoLY+X/mwKXG3vIcn9O4t4zvitmJQHZkF3L6eEJbW/9ehizUeLVR9wjnIBsH6+uDY4MmMP4wvYNDNTCpl2sqTMtrEWu/IeDs6QYQDpejzGIBux+gv/\
    db2BNYI6XUcsaWEKnFRtc/7mD+WrM/zOKwYdg1vWO1diw0haLCHswXUp46kbdn9urEVwa3CFvm12zK6wZl09RAX6PkJTNKeMX/PvD2XFpyXx2XO7yxk9wdBWBJ3S\
    4r15SGinOFMm/oVeYHFOF18r5Fakq9n4AqHYKgtzPSMJaesPaB6ChJ9eRAfaZImKD2D+5V1i5wlCBwICg==";

/// `password`, obscured by rclone 1.75.2.
const OBSCURED: &str = "Pl8QuZYmRWNYAjt_R86PwBRqgQ7uWHoA";

fn remote(text: &str, name: &str) -> Result<CryptRemote, Error> {
    Config::parse(text, None)?.crypt_remote(name)
}

fn refusal(text: &str, name: &str) -> ConfigProblem {
    let error = remote(text, name).unwrap_err();
    assert!(!format!("{error} {error:?}").contains(OBSCURED), "{error}");
    match error.kind() {
        ErrorKind::Config(problem) => problem.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn y2_a_configuration_that_rclone_encrypted_is_opened_and_its_remotes_are_followed() {
    assert!(Config::is_encrypted(SEALED));
    let config = Config::parse(SEALED, Some(&ConfigPassword::new("geheim"))).unwrap();
    let found = config.crypt_remote("demoEncrypted:").unwrap();
    assert_eq!(found.folder, Path::new("/srv/copies/documents"));
    assert_eq!((found.password.expose(), found.salt.expose()), ("password", ""));
    assert_eq!(found.names, NameEncryption::Standard(NameEncoding::Base32));
    for (password, expected) in [
        (Some(ConfigPassword::new("Geheim")), ConfigProblem::WrongPassword),
        (None, ConfigProblem::PasswordMissing),
    ] {
        let error = Config::parse(SEALED, password.as_ref()).unwrap_err();
        assert_eq!(error.kind(), &ErrorKind::Config(expected));
    }
    let cut = &SEALED[..SEALED.len() - 300];
    let error = Config::parse(cut, Some(&ConfigPassword::new("geheim"))).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Config(_)), "{error}");
}

#[test]
fn y2_every_option_is_read_as_rclone_reads_it() {
    let with =
        |lines: &str| format!("; mine\n[s]\ntype = crypt\nremote: /srv/c\npassword = {OBSCURED}\n{lines}\n");
    let found = remote(&with(&format!("password2 = `{OBSCURED}`")), "s:").unwrap();
    assert_eq!(found.salt.expose(), "password");
    for (lines, names) in [
        ("filename_encryption = off", NameEncryption::Off(Suffix::bin())),
        ("filename_encryption = off\nsuffix = none", NameEncryption::Off(Suffix::new("none"))),
        ("filename_encryption = obfuscate", NameEncryption::Obfuscate),
        ("filename_encoding = base64", NameEncryption::Standard(NameEncoding::Base64)),
        ("filename_encoding = base32768", NameEncryption::Standard(NameEncoding::Base32768)),
        ("no_data_encryption = false\nshow_mapping = true", NameEncryption::Standard(NameEncoding::Base32)),
    ] {
        assert_eq!(remote(&with(lines), "s:").unwrap().names, names, "{lines}");
    }
    let plain = remote(&with("directory_name_encryption = false"), "s:documents").unwrap();
    assert_eq!(
        (plain.directories, plain.folder.as_path()),
        (DirectoryNames::Plain, Path::new("/srv/c/documents"))
    );
    let below = remote(&with(""), "s:documents").unwrap().folder;
    assert!(below.starts_with("/srv/c") && !below.ends_with("documents"), "{below:?}");
}

#[test]
fn y2_what_cannot_be_followed_is_named_and_no_password_is_repeated() {
    let crypt = |more: &str| format!("[s]\ntype = crypt\npassword = {OBSCURED}\n{more}\n");
    let at = |remote: &str| crypt(&format!("remote = {remote}"));
    assert!(matches!(refusal(&at("/c"), "t:"), ConfigProblem::Unknown { known, .. } if known == ["s"]));
    assert!(matches!(refusal(&at("/c"), "s"), ConfigProblem::NoRemote { .. }));
    assert!(matches!(refusal(&at("there/c"), "s:"), ConfigProblem::Relative { .. }));
    assert!(matches!(refusal(&at("s:c"), "s:"), ConfigProblem::NotLocal { kind, .. } if kind == "crypt"));
    assert!(
        matches!(refusal(&(at("b:bucket") + "[b]\ntype = b2\n"), "s:"), ConfigProblem::NotLocal { kind, .. } if kind == "b2")
    );
    assert!(matches!(refusal("[s]\ntype = b2\n", "s:"), ConfigProblem::NotCrypt { .. }));
    assert!(matches!(
        refusal(&(at("a:") + "[a]\ntype = alias\nremote = a:\n"), "s:"),
        ConfigProblem::NotLocal { .. }
    ));
    assert!(matches!(refusal(&crypt(""), "s:"), ConfigProblem::OptionMissing { option: "remote", .. }));
    let more = |more: &str| at("/c") + more + "\n";
    assert!(matches!(refusal(&more("no_data_encryption = true"), "s:"), ConfigProblem::Unsupported { .. }));
    assert!(matches!(refusal(&more("filename_encryption = none"), "s:"), ConfigProblem::Value { .. }));
    assert!(matches!(
        refusal("[s]\ntype = crypt\nremote = /c\npassword = hunter2\n", "s:"),
        ConfigProblem::NotObscured { option: "password", .. }
    ));
    assert_eq!(refusal("[s]\ntype = crypt\nhunter2\n", "s:"), ConfigProblem::Line { line: 3 });
    assert_eq!(remote(&at(":local:/srv/c"), "s:").unwrap().folder, Path::new("/srv/c"));
}
