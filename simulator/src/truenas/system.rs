//! The appliance as a whole: version, name, time.

use serde_json::{Value, json};

use super::call::{Call, Method};
use super::refusal::Outcome;
use super::release::Release;
use super::session::Role;
use super::settings::PlainHttp;
use super::state::date;

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
    Method::read("alert.list", &[], alerts),
];

fn product_type(call: &Call) -> Outcome {
    Ok(call.nas.release.product_type().into())
}

fn alerts(call: &Call) -> Outcome {
    let state = call.nas.state();
    let alert = |(number, (klass, text)): (usize, &(&str, String))| {
        let id = format!("00000000-0000-4000-8000-{number:012}");
        json!({
            "uuid": id, "source": "", "klass": klass, "args": {}, "node": "Controller A", "key": number.to_string(),
            "datetime": call.nas.date(), "last_occurrence": call.nas.date(), "dismissed": false, "mail": null,
            "text": text, "id": id, "level": "WARNING", "formatted": text, "one_shot": true,
        })
    };
    Ok(state.alerts.iter().enumerate().map(alert).collect())
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

fn general(call: &Call) -> Outcome {
    let certificate: Value = json!({"id": 1, "name": "truenas_default"});
    Ok(json!({
        "id": 1, "ui_address": ["0.0.0.0"], "ui_v6address": ["::"], "ui_port": 80, "ui_httpsport": 443,
        "ui_httpsredirect": call.nas.settings.plain_http == PlainHttp::Redirected, "ui_httpsprotocols": ["TLSv1.2", "TLSv1.3"], "ui_x_frame_options": "SAMEORIGIN",
        "ui_consolemsg": true, "ui_allowlist": [], "ui_certificate": certificate, "kbdmap": "us",
        "timezone": call.nas.state().time_zone.clone(), "usage_collection": false, "usage_collection_is_set": true,
        "wizardshown": true, "ds_auth": false,
    }))
}
