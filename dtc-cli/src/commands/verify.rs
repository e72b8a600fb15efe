//! `dtc verify`: the checklist, with evidence.

use std::path::PathBuf;

use clap::Args;
use dtc_adapters::{Connections, SiteFile, connect_views};
use dtc_provision::{PortError, Report, verify_until};

use crate::deadline::Deadline;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::remedies::Remedies;
use crate::screen::{Line, STRONG, Screen};
use crate::view;
use crate::view::checklist::ReportDocument;

/// Check the live systems item by item, and open a sample of the backup. Writes nothing.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The site file.
    #[arg(long, default_value = "site.toml", value_name = "FILE")]
    site: PathBuf,
}

document! {
    /// What `dtc verify` prints.
    pub(crate) struct Verified<'a> {
        /// The organisation's name, as the site file has it.
        organization: &'a str,
        /// The location's name, as the site file has it.
        location: &'a str,
        /// The appliance's management address.
        management_address: &'a str,
        /// The report.
        #[serde(flatten)]
        report: ReportDocument<'a>,
    }
}

/// Verifies, as long as there is time, and shows what was found.
pub(crate) async fn run(arguments: Arguments, deadline: &Deadline, screen: &Screen) -> Result<Exit, Failure> {
    let file = SiteFile::read(&arguments.site)?;
    let connections = file.connections.on_wait(screen.waits());
    let at_site = |failure: Failure| failure.at(&connections);
    let connecting =
        async { connect_views(&connections, file.waits).await.map_err(|error| at_site(error.into())) };
    screen.begins(Phase::Connecting);
    let views = deadline.bound(connecting).await?;
    screen.begins(Phase::Verifying);
    let time = deadline.clone();
    let report = match verify_until(&file.site, &views, async move { time.passed().await }).await {
        Err(_) if deadline.is_over() => return Err(deadline.failure()),
        judged => judged.map_err(|error| at_site(error.into()))?,
    };
    let of = format!("{} / {}", file.site.organization, file.site.location);
    screen.say(Line::new().styled(STRONG, format!("Verification of {of}")));
    screen.say("");
    view::checklist::show(screen, &report);
    view::checklist::show_next(screen, &report, &arguments.site);
    let result = Verified {
        organization: &file.site.organization,
        location: &file.site.location,
        management_address: &connections.appliance.url,
        report: view::checklist::document(&report, &arguments.site),
    };
    Ok(match failure(&report, deadline) {
        None => screen.done(&result),
        Some(failure) => screen.ended(&with_remedies(failure, &report, &connections), &result),
    })
}

/// With what to do about each service that left something unread: the fields of the site file that it is about.
fn with_remedies(failure: Failure, report: &Report, connections: &Connections) -> Failure {
    let of = |error: &PortError| Remedies::of(connections, error.service()?).for_kind(error.kind());
    let mut remedies: Vec<String> = report.unread.iter().filter_map(of).collect();
    remedies.extend(failure.remedy.clone());
    if remedies.is_empty() { failure } else { failure.remedy(remedies.join("; ")) }
}

/// Why a verification does not end with 0. One whose time was over says so, whatever it has found until then.
fn failure(report: &Report, deadline: &Deadline) -> Option<Failure> {
    let found = view::checklist::failure(report)?;
    if !deadline.is_over() {
        return Some(found);
    }
    let late = deadline.failure();
    Some(match found.exit {
        Exit::DataAtRisk | Exit::Differs => Failure { also: Box::new([late.sentence]), ..found },
        _ => Failure { also: Box::new([found.sentence]), ..late },
    })
}
