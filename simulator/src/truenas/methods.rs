//! Which methods a release offers, over which interface, and by which schemas it checks their arguments.

use super::call::Method;
use super::refusal::Refusal;
use super::release::{Interface, Release};
use super::shape::{Rules, Style};
use super::{
    accounts, alerts, api_keys, auth, bulk, cloudsync, cloudsync_more, credentials, dataset_keys, datasets,
    file_systems, filesystem, groups, job_methods, keychain, login, network, pools, replication, services,
    sessions, snapshot_changes, snapshot_tasks, snapshots, snmp, ssh, system, uploads, user_properties,
};
use crate::request::Access;

const TABLES: &[&[Method]] = &[
    auth::METHODS,
    login::METHODS,
    sessions::METHODS,
    accounts::METHODS,
    groups::METHODS,
    api_keys::METHODS,
    alerts::METHODS,
    job_methods::METHODS,
    bulk::METHODS,
    pools::METHODS,
    datasets::METHODS,
    dataset_keys::METHODS,
    user_properties::METHODS,
    credentials::METHODS,
    cloudsync::METHODS,
    cloudsync_more::METHODS,
    snapshot_tasks::METHODS,
    snapshots::METHODS,
    snapshot_changes::METHODS,
    snmp::METHODS,
    services::METHODS,
    ssh::METHODS,
    keychain::METHODS,
    replication::METHODS,
    system::METHODS,
    network::METHODS,
    filesystem::METHODS,
    uploads::METHODS,
    file_systems::METHODS,
];

/// The methods that have pydantic's schemas on 25.04 already, by the beginnings of their names. The others have the
/// older ones there, and are what a newer release does not offer under a version of 25.04.
const TYPED_ON_25_04: &[&str] = &[
    "alert.",
    "api_key.",
    "auth.",
    "cloudsync.credentials.",
    "core.ping",
    "core.set_options",
    "core.subscribe",
    "core.unsubscribe",
    "filesystem.",
    "group.",
    "keychaincredential.",
    "pool.dataset.details",
    "pool.dataset.snapshot_count",
    "pool.snapshottask.",
    "snmp.",
    "system.reboot",
    "user.",
];

/// The same on 24.10.
const TYPED_ON_24_10: &[&str] = &[
    "api_key.create",
    "api_key.delete",
    "api_key.update",
    "cloudsync.credentials.",
    "user.create",
    "user.get_instance",
    "user.query",
    "user.update",
];

/// The methods of a release that are no reads.
pub(super) fn changing(release: Release) -> impl Iterator<Item = &'static str> {
    let all = TABLES.iter().copied().flatten();
    let here = all.filter(move |method| method.since <= release && release <= method.until);
    here.filter(|method| method.access == Access::Write).map(|method| method.name)
}

/// Finds a method of an appliance of `release` as it is offered over an interface.
pub(super) fn find(
    name: &str,
    release: Release,
    interface: Interface,
) -> Result<(&'static Method, Rules), Refusal> {
    let all = || TABLES.iter().copied().flatten().filter(|method| method.name == name);
    let has = |method: &&Method, release| method.since <= release && release <= method.until;
    let missing = || match interface {
        Interface::Legacy => Refusal::no_legacy_method(name),
        Interface::Newest | Interface::Older(_) => Refusal::NoMethod,
    };
    all().find(|method| has(method, release)).ok_or_else(missing)?;
    let models = interface.models(release, name);
    // The models of an older version lack what was not there yet, and what had none.
    let is_offered = match interface {
        Interface::Older(older) if older < release => has_models(name, older),
        _ => true,
    };
    let found = all().find(|method| is_offered && has(method, models));
    let method = found.ok_or_else(|| Refusal::not_in_this_version(name))?;
    Ok((method, Rules { models, style: style(name, models) }))
}

fn has_models(name: &str, release: Release) -> bool {
    match release {
        Release::Scale25_04 => style(name, release) == Style::Strict && name != "auth.login_with_api_key",
        _ => true,
    }
}

fn style(name: &str, models: Release) -> Style {
    let is_typed = match models {
        Release::Core13_3 => false,
        Release::Scale24_10 => TYPED_ON_24_10.iter().any(|start| name.starts_with(start)),
        Release::Scale25_04 => TYPED_ON_25_04.iter().any(|start| name.starts_with(start)),
        Release::Scale25_10 | Release::Community26 => true,
    };
    if is_typed { Style::Strict } else { Style::Lenient }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Interface::{Legacy, Newest, Older};
    use Release::{Community26, Core13_3, Scale24_10, Scale25_04, Scale25_10};

    /// By which errno or code a method is refused; `None` where it is there.
    fn refused(name: &str, release: Release, interface: Interface) -> Option<i64> {
        let refusal = find(name, release, interface).err()?;
        let code = refusal.to_json()["code"].as_i64();
        code.filter(|code| *code != -32001).or(Some(i64::from(refusal.errno().number(release))))
    }

    #[test]
    fn a_method_is_there_where_the_schemas_of_the_release_have_it() {
        for (name, releases) in [
            ("core.ping", [true; 5]),
            ("auth.login_ex", [false, false, true, true, true]),
            ("auth.token", [true, false, false, false, false]),
            ("auth.login_with_token", [false, true, true, true, true]),
            ("auth.me", [false, true, true, true, true]),
            ("core.set_options", [false, false, true, true, true]),
            ("core.subscribe", [false, false, true, true, true]),
            ("cloudsync.get_instance", [false, true, true, true, true]),
            ("pool.dataset.userprop.query", [true, true, false, false, false]),
            ("zfs.snapshot.query", [true, true, true, false, false]),
            ("pool.snapshot.query", [false, false, false, true, true]),
            ("zfs.resource.snapshot.query", [false, false, false, false, true]),
            ("zfs.resource.query", [false, false, false, true, true]),
            ("service.start", [true, true, true, true, false]),
            ("service.control", [false, false, false, true, true]),
        ] {
            let found = Release::ALL.map(|release| find(name, release, Legacy).is_ok());
            assert_eq!(found, releases, "{name}");
        }
    }

    #[test]
    fn an_older_version_offers_what_had_models_then() {
        for (name, release, interface, code) in [
            ("cloudsync.credentials.query", Scale25_10, Older(Scale25_04), None),
            ("pool.snapshottask.create", Scale25_10, Older(Scale25_04), None),
            ("cloudsync.query", Scale25_10, Older(Scale25_04), Some(201)),
            ("system.info", Scale25_10, Older(Scale25_04), Some(201)),
            ("core.job_abort", Community26, Older(Scale25_04), Some(201)),
            ("service.control", Community26, Older(Scale25_04), Some(201)),
            ("auth.login_with_api_key", Scale25_10, Older(Scale25_04), Some(201)),
            ("auth.login_ex", Scale25_10, Older(Scale25_04), None),
            ("cloudsync.query", Scale25_04, Older(Scale25_04), None),
            ("cloudsync.query", Community26, Older(Scale25_10), None),
            ("zfs.resource.snapshot.query", Community26, Older(Scale25_10), Some(201)),
            // What is gone is gone in every version.
            ("service.start", Community26, Older(Scale25_10), Some(-32601)),
            ("pool.nonsense", Scale25_10, Newest, Some(-32601)),
            ("pool.nonsense", Core13_3, Legacy, Some(201)),
            ("auth.login_ex", Scale24_10, Legacy, Some(201)),
        ] {
            assert_eq!(refused(name, release, interface), code, "{release} {interface:?} {name}");
        }
    }
}
