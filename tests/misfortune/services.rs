//! Services that are away, refuse, lie or never end: `plan`, `apply` and `verify` against each kind.

use crate::proxy::{Harm, Meddling};
use crate::table::{Row, hold, row};
use crate::world::Service::{self, B2, HaloPsa, ItGlue, NinjaOne, TrueNas};
use crate::world::{Misfortune, World};

const ALL: [Service; 5] = [B2, TrueNas, NinjaOne, ItGlue, HaloPsa];
const OVER_HTTP: [Service; 4] = [B2, NinjaOne, ItGlue, HaloPsa];

/// The same harm to everything that a service is asked.
fn everything(service: Service, harm: Harm) -> Misfortune {
    Misfortune::Between(service, Meddling { on: "", harm })
}

/// What is wrong with a service, and how a run ends that cannot do without it, with what it says.
type Case = (fn(Service) -> Misfortune, i32, &'static [&'static str]);

/// No answer: what to do is about the way there.
const NO_WAY: &[&str] = &["DTC-SERVICE-UNREACHABLE", "and the way there (network, firewall, proxy)"];
/// Another answer: what to do is about what answers there.
const OTHER_PORT: &[&str] = &["DTC-SERVICE-NOT-UNDERSTOOD", "a proxy or another port"];

/// A service that cannot be reached or has no use for us.
const AWAY: [Case; 3] = [
    (Misfortune::Nobody, 4, &["DTC-SERVICE-UNREACHABLE", "127.0.0.1:1", "nothing listens"]),
    (Misfortune::NoSuchName, 4, &["DTC-SERVICE-UNREACHABLE", "the name nowhere.invalid", "url = "]),
    (Misfortune::OtherKey, 4, &["DTC-SERVICE-CREDENTIALS"]),
];

/// What can come over HTTP instead of an answer, or of the whole answer.
const BROKEN: [Case; 13] = [
    (|s| everything(s, Harm::Close), 4, NO_WAY),
    (|s| everything(s, Harm::Lose), 4, NO_WAY),
    (|s| everything(s, Harm::Cut), 4, NO_WAY),
    (|s| everything(s, Harm::Silence), 4, NO_WAY),
    (|s| everything(s, Harm::Drip), 4, NO_WAY),
    (|s| everything(s, Harm::Foreign), 4, NO_WAY),
    (|s| everything(s, Harm::Flood), 1, &["DTC-SERVICE-NOT-UNDERSTOOD", "longer than"]),
    (|s| everything(s, Harm::Garble), 1, OTHER_PORT),
    (|s| everything(s, Harm::Page(502)), 4, &["DTC-SERVICE-UNREACHABLE", "502"]),
    (|s| everything(s, Harm::Answer(500, "{}")), 4, &["DTC-SERVICE-UNREACHABLE", "500"]),
    (|s| everything(s, Harm::Answer(503, "{}")), 4, &["DTC-SERVICE-UNREACHABLE", "503"]),
    (
        |s| everything(s, Harm::Redirect("http://login.example/")),
        1,
        &["DTC-SERVICE-NOT-UNDERSTOOD", "login.example"],
    ),
    (|s| everything(s, Harm::Redirect("")), 1, OTHER_PORT),
];

/// A page for people, with a status that says nothing is wrong or that something is forbidden.
const PAGES: [Case; 2] = [
    (|s| everything(s, Harm::Page(200)), 1, OTHER_PORT),
    (|s| everything(s, Harm::Page(403)), 1, OTHER_PORT),
];

/// NinjaOne itself sends such pages when it throttles, so they are waited out first.
const PAGES_OF_NINJAONE: [Case; 2] = [
    (|s| everything(s, Harm::Page(200)), 4, &["DTC-SERVICE-UNREACHABLE", "a page instead of JSON"]),
    (|s| everything(s, Harm::Page(403)), 4, &["DTC-SERVICE-UNREACHABLE", "a page instead of JSON"]),
];

/// What can stand at the appliance's address, or between. Nothing of it can be read or changed unseen.
const BEFORE_TLS: [Case; 6] = [
    (|s| everything(s, Harm::Close), 4, NO_WAY),
    (|s| everything(s, Harm::Silence), 4, NO_WAY),
    (|s| everything(s, Harm::Foreign), 4, NO_WAY),
    (|s| everything(s, Harm::Page(400)), 4, NO_WAY),
    (|s| everything(s, Harm::Flood), 4, NO_WAY),
    (|s| everything(s, Harm::Cut), 4, NO_WAY),
];

/// What slows a service down or says things twice, and harms nothing.
const HARMLESS: [Harm; 2] = [Harm::Delay(30), Harm::Twice];

/// Every case, with the services that it can befall.
fn cases() -> impl Iterator<Item = (Service, Case)> {
    let of = |services: &'static [Service], cases: &'static [Case]| {
        services.iter().flat_map(move |service| cases.iter().map(move |case| (*service, *case)))
    };
    of(&ALL, &AWAY)
        .chain(of(&OVER_HTTP, &BROKEN))
        .chain(of(&[B2, ItGlue, HaloPsa], &PAGES))
        .chain(of(&[NinjaOne], &PAGES_OF_NINJAONE))
        .chain(of(&[TrueNas], &BEFORE_TLS))
}

/// What cannot start says which service it was, by its table of the site file.
fn cannot_start(command: &'static str, (service, (misfortune, exit, says)): (Service, Case)) -> Row {
    let mut row = row(command, misfortune(service), exit, says);
    row.says.push(service.table());
    row
}

#[test]
fn x6_a_plan_that_cannot_start_says_which_service_it_was_and_what_to_do() {
    let world = World::fresh_with_halo(61);
    let mut rows: Vec<Row> = cases().map(|case| cannot_start("plan", case)).collect();
    let harmless = OVER_HTTP.iter().flat_map(|service| HARMLESS.map(|harm| everything(*service, harm)));
    rows.extend(harmless.map(|misfortune| row("plan", misfortune, 2, &["15 steps to do"])));
    rows.push(row("plan", everything(TrueNas, Harm::Delay(300)), 2, &["15 steps to do"]));
    rows.push(row("plan", Misfortune::None, 2, &["15 steps to do"]));
    hold(&world, &rows);
}

/// Nothing was written before: the world is as it was.
#[test]
fn x6_an_apply_that_cannot_start_writes_nothing() {
    let world = World::fresh_with_halo(62);
    let records = || world.bed.sim.itglue().client_records().len();
    let before = records();
    let rows: Vec<Row> = cases().map(|case| cannot_start("apply --consent consent.json", case)).collect();
    hold(&world, &rows);
    assert!(world.bed.sim.b2().buckets().is_empty(), "a bucket was made");
    assert!(world.bed.sim.truenas().cloud_syncs().is_empty(), "a task was made");
    assert_eq!(records(), before, "a record was made");
    assert_eq!(world.bed.ticket(), "", "a note was made");
}

/// What the inventory and the appliance do not say leaves nothing to verify; what the others do not say is not checked, and never 0.
#[test]
fn x6_a_verification_without_a_service_is_incomplete_or_has_nothing_to_hold_against() {
    let world = World::provisioned_with_halo(63);
    let mut rows: Vec<Row> = cases()
        .map(|(service, case)| match service {
            NinjaOne | TrueNas => cannot_start("verify", (service, case)),
            // What to do names the field of the site file with the address, whatever answers there.
            B2 | ItGlue | HaloPsa => {
                let mut row =
                    row("verify", case.0(service), 7, &["not checkable", "error[DTC-VERIFY-", "to do: "]);
                row.says.push(match service {
                    B2 => "[b2]",
                    ItGlue => "[itglue]",
                    _ => "[tickets.halo]",
                });
                row
            }
        })
        .collect();
    let harmless = OVER_HTTP.iter().flat_map(|service| HARMLESS.map(|harm| everything(*service, harm)));
    rows.extend(harmless.map(|misfortune| row("verify", misfortune, 0, &["26"])));
    rows.push(row("verify", Misfortune::None, 0, &["26"]));
    hold(&world, &rows);
}

/// X7: what was judged when the time is over is shown, and the rest is not checkable.
#[test]
fn x7_a_verification_out_of_time_shows_what_it_has_judged() {
    let world = World::provisioned(65);
    let silent = |on| Misfortune::Between(B2, Meddling { on, harm: Harm::Silence });
    let late = [
        "not done within",
        "--timeout",
        "not checkable",
        "before the time was over",
        "DTC-COMMAND-INCOMPLETE",
    ];
    hold(
        &world,
        &[
            row("verify --timeout 5s", silent("b2_download"), 7, &[&late[..], &["25 V3"]].concat()),
            row(
                "verify --timeout 5s --json",
                silent("b2_download"),
                7,
                &["\"verdict\":\"pass\"", "\"code\":\"DTC-COMMAND-INCOMPLETE\"", "before the time was over"],
            ),
            row("verify --timeout 5s", silent("b2_list_file_names"), 7, &late),
        ],
    );
}

/// X7: a list whose pages never end, or are the same one for ever, ends the run; without `--json`, too, what is said is short.
#[test]
fn x7_pages_that_never_end_are_not_read_for_ever() {
    let world = World::provisioned(64);
    let again = |service, on| Misfortune::Between(service, Meddling { on, harm: Harm::Again });
    hold(
        &world,
        &[
            row(
                "verify",
                again(NinjaOne, "/v2/organizations"),
                1,
                &["DTC-SERVICE-NOT-UNDERSTOOD", "ninjaone"],
            ),
            row("plan", again(NinjaOne, "/v2/organizations"), 1, &["DTC-SERVICE-NOT-UNDERSTOOD", "ninjaone"]),
            row("verify", again(ItGlue, "/passwords"), 7, &["not checkable"]),
        ],
    );
}
