//! Secrets out of 1Password that cannot be read, by either way: no service is asked for anything, and what to do is said.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use simulator::connect::{DEFAULT_VAULT, Item};
use tempfile::TempDir;

use crate::program::Ended;
use crate::proxy::{self, Harm, Meddling};
use crate::table::{faults, side_by_side};
use crate::world::{Misfortune, World};

/// The variables of the site file, and the items that its references name in their place.
const ITEMS: [(&str, &str); 5] = [
    ("TEST_B2", "B2"),
    ("TEST_BOX", "NAS"),
    ("TEST_NINJA", "NinjaOne"),
    ("TEST_VAULT", "IT Glue"),
    ("TEST_HALO", "HaloPSA"),
];

const HOST: &str = "OP_CONNECT_HOST";
const TOKEN: &str = "OP_CONNECT_TOKEN";
const ACCOUNT: &str = "OP_SERVICE_ACCOUNT_TOKEN";
/// A token of a service account, which is shown no more than any other secret.
const ACCOUNTS_TOKEN: &str = "ops_not-a-real-service-account-token";

/// What the environment says, and what is said of it.
#[derive(Debug)]
struct Case {
    variables: Vec<(&'static str, String)>,
    says: Vec<&'static str>,
}

fn case(variables: &[(&'static str, &str)], says: &[&'static str]) -> Case {
    let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Case { variables, says: says.to_vec() }
}

/// A world whose client's secrets are in 1Password.
fn filed() -> World {
    let world = World::fresh_with_halo(141);
    let (at, connect) = (world.bed.sim.addresses(), world.bed.sim.connect());
    for (item, secret) in [
        ("B2", &at.b2.application_key),
        ("NAS", &at.truenas.api_key),
        ("NinjaOne", &at.ninja.client_secret),
        ("IT Glue", &at.itglue.api_key),
        ("HaloPSA", &at.halo.client_secret),
    ] {
        connect.file(&Item::login(item, "msp", secret));
    }
    world
}

/// The operator's folder, whose site file names references.
fn folder(world: &World) -> TempDir {
    let folder = world.folder(Misfortune::None);
    let site = ITEMS.into_iter().fold(world.site(), |site, (variable, item)| {
        let reference = format!("\"op://{DEFAULT_VAULT}/{item}/password\"");
        site.replace(&format!("\"env:{variable}\""), &reference)
    });
    assert_eq!(site.matches("op://").count(), ITEMS.len());
    fs::write(folder.path().join("site.toml"), site).unwrap();
    folder
}

fn run(world: &World, case: &Case, exit: i32) -> (Ended, Vec<String>) {
    let folder = folder(world);
    let mut command = world.command("plan", folder.path(), Misfortune::None);
    for name in ITEMS.map(|(variable, _)| variable).into_iter().chain([HOST, TOKEN, ACCOUNT]) {
        command.env_remove(name);
    }
    command.envs(case.variables.iter().map(|(name, value)| (name, value)));
    let ended = Ended::of(&mut command);
    let mut secrets = world.secrets();
    secrets.extend([ACCOUNTS_TOKEN, "K005not-a-real-key"].map(str::to_owned));
    let wrong = faults(&ended, exit, &case.says, &secrets);
    (ended, wrong)
}

/// Every secret is named that cannot be read.
const ALL: [&str; 5] = [
    "DTC-SECRET-MISSING",
    "the application key of B2",
    "the API key of the appliance",
    "the API key of IT Glue",
    "the client secret of HaloPSA",
];

/// What stands between the program and the Connect server, and what is said of it.
const BETWEEN: [(Harm, &str); 13] = [
    (Harm::Close, "not reached"),
    (Harm::Lose, "not reached"),
    (Harm::Cut, "not reached"),
    (Harm::Foreign, "not reached"),
    (Harm::Silence, "the deadline of the call passed"),
    (Harm::Drip, "to do: "),
    (Harm::Flood, "longer than"),
    (Harm::Garble, "connect"),
    (Harm::Page(200), "connect"),
    (Harm::Page(403), "a page"),
    (Harm::Page(502), "not reached"),
    (Harm::Answer(500, "{}"), "not reached"),
    (Harm::Redirect("http://login.example/"), "login.example"),
];

/// By a Connect server.
fn by_connect(world: &World) -> Vec<Case> {
    let at = &world.bed.sim.addresses().connect;
    let (url, token) = (at.url.as_str(), at.token.as_str());
    let server: SocketAddr = url.trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
    let mut cases = vec![
        case(&[(HOST, "http://127.0.0.1:1"), (TOKEN, token)], &["not reached", "check OP_CONNECT_HOST"]),
        case(
            &[(HOST, "https://nowhere.invalid"), (TOKEN, token)],
            &["nowhere.invalid", "check OP_CONNECT_HOST"],
        ),
        case(&[(HOST, "http://192.0.2.1"), (TOKEN, token)], &["plain http", "correct OP_CONNECT_HOST"]),
        case(&[(HOST, url), (TOKEN, "another0123456789")], &["make a new token for the Connect server"]),
        case(&[(HOST, url)], &["OP_CONNECT_HOST is set, and OP_CONNECT_TOKEN is not"]),
        case(&[(TOKEN, token)], &["OP_CONNECT_TOKEN is set, and OP_CONNECT_HOST is not"]),
        case(&[(HOST, url), (TOKEN, token), (ACCOUNT, ACCOUNTS_TOKEN)], &["unset OP_SERVICE_ACCOUNT_TOKEN"]),
    ];
    for (harm, said) in BETWEEN {
        let between = format!("http://{}", proxy::before_http(server, Meddling { on: "", harm }));
        cases.push(case(&[(HOST, between.as_str()), (TOKEN, token)], &[said]));
    }
    cases
}

/// By the program `op`, for which another one stands.
fn by_op() -> Vec<Case> {
    let stand_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/one_password/program");
    let path = format!("{}:/usr/bin:/bin", stand_in.display());
    let behaving = |how: &str, text: &str, says: &[&'static str]| {
        let variables = [
            ("PATH", path.as_str()),
            ("OP_STAND_IN", how),
            ("OP_STAND_IN_TEXT", text),
            (ACCOUNT, ACCOUNTS_TOKEN),
        ];
        case(&variables, says)
    };
    vec![
        case(&[("PATH", "/nowhere")], &["install the 1Password command-line tool"]),
        behaving("refuse", "\"MSP\" isn't a vault in this account", &["correct the reference"]),
        behaving("refuse", "you are not currently signed in", &["op signin"]),
        behaving("refuse", "Too many requests, rate limit exceeded", &["ratelimit"]),
        behaving("repeat", "K005not-a-real-key", &["op failed: failed with"]),
        behaving("mute", "", &["op"]),
        behaving("hang", "", &["no answer came within 15 seconds"]),
        behaving("long", "", &["larger than a secret may be"]),
        behaving("bytes", "", &["no text"]),
        behaving("value", "", &["the field holds nothing"]),
    ]
}

#[cfg(unix)]
#[test]
fn e7_a_run_whose_secrets_1password_does_not_give_out_asks_no_service_and_says_what_to_do() {
    let world = filed();
    let services = || {
        let log = world.bed.sim.faults().request_log();
        log.iter().filter(|request| request.service != "connect").count()
    };
    let before = services();
    let mut cases = by_connect(&world);
    cases.extend(by_op());
    for case in &mut cases {
        case.says.extend(ALL);
    }
    side_by_side(&cases, |case| run(&world, case, 4));
    assert_eq!(services(), before, "a service was asked without its key");
    // With nothing in the way, the same site file is planned.
    let at = &world.bed.sim.addresses().connect;
    let whole = case(&[(HOST, at.url.as_str()), (TOKEN, at.token.as_str())], &["15 steps to do"]);
    side_by_side(&[whole], |case| run(&world, case, 2));
}
