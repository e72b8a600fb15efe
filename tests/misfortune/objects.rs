//! Objects that cannot be fetched, or arrive as they should not: what a verification proves, and what it does not.

use crate::proxy::{Harm, Meddling};
use crate::table::{hold, row};
use crate::world::Service::B2;
use crate::world::{Misfortune, World};

fn download(harm: Harm) -> Misfortune {
    Misfortune::Between(B2, Meddling { on: "b2_download_file_by_id", harm })
}

fn call(on: &'static str, harm: Harm) -> Misfortune {
    Misfortune::Between(B2, Meddling { on, harm })
}

const CAP: &str = r#"{"status":403,"code":"download_cap_exceeded","message":"Cannot download file, download bandwidth or transaction (Class B) cap exceeded."}"#;
const DENIED: &str = r#"{"status":403,"code":"access_denied","message":"not allowed"}"#;
const BAD: &str = r#"{"status":400,"code":"bad_request","message":"no"}"#;
const GONE: &str = r#"{"status":404,"code":"not_found","message":"no"}"#;
const BUSY: &str = r#"{"status":503,"code":"service_unavailable","message":"no tomes available"}"#;
const BROKEN: &str = r#"{"status":500,"code":"internal_error","message":"no"}"#;
const NOTHING: &str = r#"{"files":[],"nextFileName":null}"#;
const NO_LONGER: &str = r#"{"status":401,"code":"unauthorized","message":"no"}"#;

#[test]
fn v3_what_cannot_be_fetched_is_not_checkable_and_never_data_at_risk() {
    let world = World::provisioned(71);
    let unproven = |misfortune, says: &[&'static str]| {
        row("verify", misfortune, 7, &[&["not checkable"], says].concat())
    };
    hold(
        &world,
        &[
            unproven(
                download(Harm::Answer(403, CAP)),
                &["raise it in Backblaze's console under Caps and Alerts"],
            ),
            unproven(download(Harm::Answer(403, DENIED)), &["access is denied"]),
            unproven(download(Harm::Answer(400, BAD)), &["breaks a rule of the service"]),
            unproven(download(Harm::Answer(404, GONE)), &["there is no such bucket, file or key"]),
            unproven(download(Harm::Answer(503, BUSY)), &["try again later"]),
            unproven(download(Harm::Answer(500, BROKEN)), &["try again later"]),
            unproven(download(Harm::Answer(401, NO_LONGER)), &["the key may not do this"]),
            unproven(download(Harm::Page(200)), &[]),
            unproven(download(Harm::Page(403)), &[]),
            unproven(download(Harm::Close), &[]),
            row("verify --timeout 5s", download(Harm::Silence), 7, &["--timeout"]),
            unproven(download(Harm::Redirect("http://login.example/")), &[]),
            unproven(call("b2_list_file", Harm::Answer(500, BROKEN)), &[]),
            unproven(call("b2_list_file", Harm::Answer(403, DENIED)), &[]),
            unproven(call("b2_list_buckets", Harm::Answer(500, BROKEN)), &[]),
            unproven(
                call("b2_list_file_names", Harm::Answer(200, NOTHING)),
                &["Its backup is gone, or the pool is empty", "pool0"],
            ),
            unproven(
                call("b2_list_file_names", Harm::Replace(r#""upload""#, r#""beamed""#)),
                &["rows are not understood", "beamed"],
            ),
            // Damage that stays however often it is fetched: it does not arrive whole.
            row("verify", download(Harm::Flip), 2, &["Not as it should be", "such as a proxy"]),
            row("verify --json", download(Harm::Answer(403, CAP)), 7, &["\"verdict\":\"incomplete\"", "cap"]),
            row("verify --json", download(Harm::Flip), 2, &["\"verdict\":\"differs\""]),
        ],
    );
}

/// What is stored is another thing than what was uploaded: its checksum says so each time it is fetched.
#[test]
fn v3_what_never_arrives_whole_fails_and_what_arrives_whole_and_does_not_open_is_data_at_risk() {
    let world = World::provisioned(72);
    let b2 = world.bed.sim.b2();
    let bucket = b2.buckets()[0]["bucketName"].as_str().unwrap().to_owned();
    let names: Vec<String> =
        b2.versions(&bucket).iter().map(|version| version["fileName"].as_str().unwrap().to_owned()).collect();
    for name in &names {
        b2.corrupt(&bucket, name);
    }
    hold(
        &world,
        &[
            row("verify", Misfortune::None, 2, &["Not as it should be"]),
            row("verify --json", Misfortune::None, 2, &["\"verdict\":\"differs\"", "DTC-RULE-V3"]),
        ],
    );
    for name in &names {
        b2.put(&bucket, name, &b"never encrypted, and longer than a header".repeat(9)).unwrap();
    }
    hold(
        &world,
        &[
            row("verify", Misfortune::None, 6, &["at risk"]),
            row(
                "verify --json",
                Misfortune::None,
                6,
                &["\"verdict\":\"data_at_risk\"", "DTC-VERIFY-DATA-AT-RISK"],
            ),
        ],
    );
}
