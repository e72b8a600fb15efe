//! The appliance as a whole: version, name, time.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;

use super::call::{Call, Method};
use super::jobs::Abort;
use super::refusal::Outcome;
use super::release::Release;
use super::session::Role;
use super::settings::PlainHttp;
use super::shape::{Field, INT, Kind};
use super::state::date;

/// How long an appliance goes on answering that has been told to restart.
const STOPPING: Duration = Duration::from_millis(50);
const OLD_DELAY: Field = Field::or("system-reboot", Kind::Object(&[Field::optional("delay", INT)]), "{}");
const DELAY: Field =
    Field::or("options", Kind::Object(&[Field::or("delay", Kind::Nullable(&INT), "null")]), "{}");
const SERIAL: &str = "A1-2345678";

pub(super) const METHODS: &[Method] = &[
    Method::read("system.version", &[], |call| Ok(call.nas.release.version_text().into())),
    Method::read("system.version_short", &[], |call| Ok(call.nas.release.version().into()))
        .since(Release::Scale24_10),
    Method::read("system.product_type", &[], product_type).by(Role::Anyone).until(Release::Core13_3),
    Method::read("system.product_type", &[], product_type).since(Release::Scale24_10),
    Method::read("system.state", &[], |_| Ok("READY".into())),
    Method::read("system.ready", &[], |_| Ok(true.into())),
    Method::read("system.host_id", &[], |_| Ok(format!("{:064x}", 0x0123_4567_89ab_u64).into())),
    Method::read("system.info", &[], info),
    Method::read("system.general.config", &[], general),
    Method::read("system.boot_id", &[], boot_id).until(Release::Core13_3),
    Method::read("system.boot_id", &[], boot_id).by(Role::Anyone).since(Release::Scale24_10),
    Method::write("system.reboot", &[OLD_DELAY], reboot).job().until(Release::Scale24_10),
    Method::write("system.reboot", &[Field::required("reason", Kind::Filled), DELAY], reboot)
        .job()
        .since(Release::Scale25_04),
];

fn product_type(call: &Call) -> Outcome {
    Ok(call.nas.release.product_type().into())
}

fn info(call: &Call) -> Outcome {
    let nas = &call.nas;
    let (host_name, time_zone) = {
        let state = nas.state();
        (state.host_name.clone(), state.time_zone.clone())
    };
    let up = nas.now().duration_since(nas.started).as_secs() + 86_400;
    Ok(json!({
        "version": nas.release.version_text(), "buildtime": {"$date": 1_762_300_000_000_i64},
        "hostname": host_name, "physmem": 64_u64 << 30, "model": "Intel(R) Xeon(R) E-2314 CPU @ 2.80GHz",
        "cores": 8, "physical_cores": 4, "loadavg": [0.12, 0.08, 0.05], "uptime": format!("{up}.0"),
        "uptime_seconds": up, "system_serial": SERIAL, "system_product": "TRUENAS-MINI-X+",
        "system_product_version": "1.0", "license": null, "boottime": date(nas.started),
        "datetime": nas.date(), "timezone": time_zone, "system_manufacturer": "iXsystems", "ecc_memory": true,
    }))
}

fn boot_id(call: &Call) -> Outcome {
    Ok(call.nas.state().boot_id.as_str().into())
}

/// Restarts the appliance once the time that is asked for has passed: its job is forgotten with all others.
fn reboot(call: &Call) -> Outcome {
    let options = call.params.iter().find(|param| param.is_object());
    let delay = options.and_then(|options| options["delay"].as_u64()).unwrap_or_default();
    let job = call.enter_job("", Abort::Refused, None);
    job.run();
    let nas = Arc::clone(&call.nas);
    let tasks = nas.core.tasks.clone();
    // No job's own work: a restart ends those.
    tasks.clone().spawn(async move {
        let restart = async {
            // The answer is out by then: the real one takes seconds to stop its services.
            nas.core.clock.sleep(Duration::from_secs(delay) + STOPPING).await;
            let boot_time = nas.state().boot_time;
            nas.is_down.store(!boot_time.is_zero(), Ordering::SeqCst);
            nas.restart();
            nas.core.clock.sleep(boot_time).await;
            nas.is_down.store(false, Ordering::SeqCst);
        };
        tokio::select! {
            () = restart => {}
            () = tasks.stopping() => {}
        }
    });
    Ok(job.id.into())
}

fn general(call: &Call) -> Outcome {
    let models = call.rules.models;
    let allowed = if call.nas.state().admits { json!([]) } else { json!(["198.51.100.0/24"]) };
    let mut config = json!({
        "id": 1, "ui_address": ["0.0.0.0"], "ui_v6address": ["::"], "ui_port": 80, "ui_httpsport": 443,
        "ui_httpsredirect": call.nas.settings.plain_http == PlainHttp::Redirected,
        "ui_httpsprotocols": ["TLSv1.2", "TLSv1.3"], "ui_x_frame_options": "SAMEORIGIN", "ui_consolemsg": true,
        "ui_allowlist": allowed, "kbdmap": "us", "timezone": call.nas.state().time_zone.clone(),
        "usage_collection": false, "usage_collection_is_set": true, "wizardshown": true, "ds_auth": false,
    });
    if models <= Release::Scale25_04 {
        config["language"] = "en".into();
    }
    if models >= Release::Community26 {
        config["ui_certificate"] = 1.into();
        config["ui_certificate_name"] = "truenas_default".into();
    } else {
        config["ui_certificate"] = json!({"id": 1, "name": "truenas_default"});
    }
    Ok(config)
}
