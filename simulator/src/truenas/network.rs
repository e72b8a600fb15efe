//! The appliance's network interface.

use serde_json::{Value, json};

use super::call::{Call, Method};
use super::query::QUERY;
use super::refusal::Outcome;
use super::release::Release;
use super::shape::{Field, Kind};

const OPTIONS: Field = Field::or(
    "options",
    Kind::Object(&[
        Field::or("ipv4", Kind::Bool, "true"),
        Field::or("ipv6", Kind::Bool, "true"),
        Field::or("ipv6_link_local", Kind::Bool, "false"),
        Field::or("loopback", Kind::Bool, "false"),
        Field::or("any", Kind::Bool, "false"),
        Field::or("static", Kind::Bool, "false"),
        Field::or("interfaces", Kind::List(&Kind::Filled), "[]"),
    ]),
    "{}",
)
.formerly("ips");

pub(super) const METHODS: &[Method] = &[
    Method::read("interface.query", QUERY, |call| call.query(vec![interface(call)])),
    Method::read("interface.ip_in_use", &[OPTIONS], in_use),
];

fn interface(call: &Call) -> Value {
    let (address, mac) = (&call.nas.settings.address, &call.nas.settings.mac_address);
    let alias = json!({"type": "INET", "address": address, "netmask": 24});
    let mut interface = json!({
        "id": "enp1s0", "name": "enp1s0", "fake": false, "type": "PHYSICAL", "description": "",
        "ipv4_dhcp": true, "ipv6_auto": false, "mtu": null, "aliases": [alias],
        "state": {
            "name": "enp1s0", "orig_name": "enp1s0", "description": "enp1s0", "mtu": 1500, "cloned": false,
            "flags": ["UP", "RUNNING"], "nd6_flags": [], "capabilities": [], "link_state": "LINK_STATE_UP",
            "media_type": "Ethernet", "media_subtype": "1000baseT", "active_media_type": "Ethernet",
            "active_media_subtype": "1000Mb/s Twisted Pair", "supported_media": [], "media_options": null,
            "link_address": mac, "permanent_link_address": mac, "hardware_link_address": mac,
            "aliases": [alias, {"type": "LINK", "address": mac}],
        },
    });
    if call.rules.models > Release::Core13_3 {
        interface["state"]["rx_queues"] = 1.into();
        interface["state"]["tx_queues"] = 1.into();
    }
    interface
}

fn in_use(call: &Call) -> Outcome {
    let options = call.object(0);
    let mut found = Vec::new();
    if options["ipv4"] == true {
        found.push(json!({"type": "INET", "address": call.nas.settings.address, "netmask": 24}));
    }
    if options["loopback"] == true {
        found.push(json!({"type": "INET", "address": "127.0.0.1", "netmask": 8}));
    }
    Ok(found.into())
}
