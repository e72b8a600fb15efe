//! What may stand in a few places only: reading a secret, and asking which release an appliance runs.

use super::assert_none;
use super::functions::functions;
use super::tree::{Source, sources};

/// Where a secret may be read, and why. A path that ends with `/` is a folder.
const EXPOSE: [(&str, &str); 47] = [
    ("dtc-cli/src/commands/crypt/remote.rs", "derives the keys of an encrypted folder"),
    ("py-bindings/src/crypt/secret.rs", "holds Python's secrets, which are read where Python asks"),
    ("py-bindings/src/secret.rs", "passes a secret that Python gave on to a client"),
    ("py-bindings/src/provision/site.rs", "puts a secret that a script gave in the place of its reference"),
    (
        "py-bindings/src/b2/secrets.rs",
        "holds Python's keys and tokens of B2, which are read where Python asks",
    ),
    ("py-bindings/src/b2/keys.rs", "puts the secret of a new key into a class that hides it"),
    ("py-bindings/src/b2/notifications.rs", "puts the secrets of a rule into a class that hides them"),
    ("py-bindings/src/itglue/passwords.rs", "puts the value of a record into a class that hides it"),
    ("py-bindings/src/truenas/hidden.rs", "puts an appliance's secrets into a class that hides them"),
    ("dtc-adapters/src/", "converts between the ports' secrets and the clients'"),
    (
        "dtc-provision/src/proofs/slot.rs",
        "writes a secret into its slots of the vault, and compares what comes back",
    ),
    ("dtc-provision/src/escrow/", "assembles a secret from what the vault gives back"),
    ("dtc-provision/src/secret.rs", "derives the keys that open what is in the bucket (E3a, V3)"),
    ("dtc-provision/src/phases/credential.rs", "has the appliance verify the key, and names its id"),
    ("dtc-provision/src/ports/memory/", "plays the services that are given secrets; never shipped"),
    ("safe-text/src/secret.rs", "holds every secret"),
    ("b2-client/src/service.rs", "writes the authorisation header"),
    ("b2-client/src/config.rs", "holds the application key"),
    ("b2-client/src/notifications/rule.rs", "sends a rule's secrets back with the rule"),
    ("truenas-client/src/login.rs", "logs in"),
    ("truenas-client/src/config.rs", "holds the API key"),
    ("truenas-client/src/api_keys.rs", "sends a key to be converted"),
    ("truenas-client/src/cloud_credentials.rs", "sends the key to the appliance"),
    ("truenas-client/src/cloud_syncs.rs", "sends password and salt to the appliance"),
    ("truenas-client/src/users.rs", "sends the password of a user"),
    ("truenas-client/src/datasets/keys.rs", "sends keys and passphrases to the appliance"),
    ("truenas-client/src/filesystem/upload.rs", "sends the token that an upload is made with"),
    ("truenas-client/src/keychain.rs", "sends private keys to the appliance"),
    ("truenas-client/src/keychain/setup.rs", "sends the login of the other appliance"),
    ("truenas-client/src/replications/request.rs", "counts and sends the key of a target"),
    ("truenas-client/src/snmp.rs", "sends the passphrases to the appliance"),
    ("ninja-client/src/service.rs", "asks for a token, and sends it"),
    ("ninja-client/src/config.rs", "holds the client secret"),
    ("ninja-client/src/grant.rs", "writes the form that asks for a token"),
    ("ninja-client/src/shapes/", "sends a webhook's address and headers, and a script's parameters"),
    ("itglue-client/src/service.rs", "writes the API key's header"),
    ("itglue-client/src/config.rs", "holds the API key"),
    ("halo-client/src/service.rs", "asks for a token, and sends it"),
    ("itglue-client/src/passwords.rs", "writes the password of a record"),
    ("simulator/src/truenas/rclone.rs", "configures the appliance's rclone, as the appliance does"),
    (
        "dtc-provision/src/copy/vault.rs",
        "writes the pair of a copy into the vault, and compares what comes back",
    ),
    ("dtc-provision/src/replication/key_file.rs", "reads a file of keys that was downloaded"),
    ("py-bindings/src/provision/vault.rs", "hands the secrets to a vault of one's own"),
    ("rclone-crypt/src/key.rs", "derives the keys"),
    ("rclone-crypt/src/config.rs", "reveals the passwords of rclone's configuration"),
    ("rclone-crypt/src/config/", "opens an encrypted configuration"),
    ("rclone-crypt/src/obscure.rs", "obscures a password, and reveals one"),
];

/// Crates that know TrueNAS releases; in them, only the dialect decides by one.
const DIALECT: &str = "truenas-client/src/dialect/";
const RELEASE_AWARE: [&str; 2] = ["truenas-client/src/", "dtc-adapters/src/"];

fn may_read(path: &str) -> bool {
    EXPOSE.iter().any(|(place, _)| path == *place || (place.ends_with('/') && path.starts_with(place)))
}

fn read_elsewhere(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources {
        if may_read(&source.path) {
            continue;
        }
        for (number, line) in source.shipped_code().lines().enumerate() {
            if line.contains(".expose()") || line.contains("::expose)") {
                breaches.push(format!(
                    "{}:{}: a secret is read here: {}",
                    source.path,
                    number + 1,
                    line.trim()
                ));
            }
        }
    }
    breaches
}

/// Elsewhere, a newtype's own `expose` is the only way to what `SecretString` keeps.
fn read_past_the_newtype(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources {
        let holds_newtype = functions(&source.masked).iter().any(|function| function.name == "expose");
        for (number, line) in source.shipped_code().lines().enumerate() {
            if line.contains("expose_secret") && !holds_newtype && !may_read(&source.path) {
                breaches.push(format!(
                    "{}:{}: reads past a newtype: {}",
                    source.path,
                    number + 1,
                    line.trim()
                ));
            }
        }
    }
    breaches
}

fn decided_by_version(sources: &[Source]) -> Vec<String> {
    let mut breaches = Vec::new();
    for source in sources {
        let aware = RELEASE_AWARE.iter().any(|folder| source.path.starts_with(folder));
        if !aware
            || source.path.starts_with(DIALECT)
            || source.path == format!("{}.rs", &DIALECT[..DIALECT.len() - 1])
        {
            continue;
        }
        for (number, line) in source.shipped_code().lines().enumerate() {
            if compares_versions(line) {
                breaches.push(format!(
                    "{}:{}: decides by version outside {DIALECT}: {}",
                    source.path,
                    number + 1,
                    line.trim()
                ));
            }
        }
    }
    breaches
}

/// Whether one side of a comparison, or what is matched on, is called a version or a release.
fn compares_versions(line: &str) -> bool {
    let names = |operand: &str| {
        let operand = operand.to_ascii_lowercase();
        operand.contains("version") || operand.contains("release")
    };
    let compared = [" < ", " > ", " <= ", " >= ", " == ", " != "].iter().any(|operator| {
        line.match_indices(operator).any(|(at, _)| {
            let left = line[..at].split_whitespace().next_back().unwrap_or_default();
            let right = line[at + operator.len()..].split_whitespace().next().unwrap_or_default();
            names(left) || names(right)
        })
    });
    let called =
        [".cmp(", ".partial_cmp(", ".at_least(", ".older_than(", ".newer_than("].iter().any(|method| {
            line.match_indices(method)
                .any(|(at, _)| names(line[..at].rsplit([' ', '(']).next().unwrap_or_default()))
        });
    let matched = line
        .split_once("match ")
        .or_else(|| line.split_once("matches!("))
        .is_some_and(|(_, matched)| names(matched.split(['{', ',']).next().unwrap_or_default()));
    compared || called || matched
}

#[test]
fn secrets_are_read_where_they_are_used() {
    assert_none(&read_elsewhere(&sources()));
}

#[test]
fn secrets_are_read_through_their_newtype() {
    assert_none(&read_past_the_newtype(&sources()));
}

#[test]
fn only_the_dialect_decides_by_version() {
    assert_none(&decided_by_version(&sources()));
}

#[test]
fn secrets_read_elsewhere_are_found() {
    let text = "fn f(key: &Key) -> &str {\n    key.expose()\n}\n#[cfg(test)]\nmod tests { fn g() { key.expose(); } }\n";
    let made_up = [
        Source::new("dtc-provision/src/plan.rs", text),
        Source::new("dtc-provision/src/escrow/mod.rs", text),
        Source::new("dtc-adapters/src/vault/notes.rs", text),
        Source::new("dtc-cli/tests/it/main.rs", text),
        Source::new("b2-client/src/files.rs", "let a = keys.iter().map(Key::expose).next(); // k.expose()"),
    ];
    let found = read_elsewhere(&made_up);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("dtc-provision/src/plan.rs:2:"));
}

#[test]
fn newtypes_passed_by_are_found() {
    let made_up = [
        Source::new(
            "x/src/a.rs",
            "use safe_text::SecretString;\nfn f(s: &SecretString) { g(s.expose_secret()) }",
        ),
        Source::new("x/src/b.rs", "impl Key { pub fn expose(&self) -> &str { self.0.expose_secret() } }"),
    ];
    assert_eq!(read_past_the_newtype(&made_up).len(), 1);
}

#[test]
fn decisions_by_version_are_found() {
    let deciding = [
        "if self.version >= Version::new(25, 4) {",
        "let new = client.version() < wanted;",
        "match self.dialect.version() {",
        "matches!(release, Release::V25_10)",
        "if box_version.cmp(&other).is_lt() {",
        "versions.retain(|offered| offered == pinned_version);",
    ];
    for line in deciding {
        let made_up = [Source::new("truenas-client/src/pools.rs", line)];
        assert_eq!(decided_by_version(&made_up).len(), 1, "{line}");
        assert_none(&decided_by_version(&[Source::new("truenas-client/src/dialect/rules.rs", line)]));
    }
    let harmless = [
        "pub fn version(&self) -> &Version {",
        "let versions: Vec<Version> = offered;",
        "// if version >= 25 {",
        "if name == \"version\" {",
        "match answer { Answer::Version(v) => v }",
    ];
    for line in harmless {
        assert_none(&decided_by_version(&[Source::new("truenas-client/src/pools.rs", line)]));
    }
}
