//! TrueNAS: the appliance itself.

use dtc_provision::ports::Rights;

use super::outside::Outside;

contract!(i9_an_appliance_is_known_by_its_addresses, x1c_what_the_keys_user_may_do_is_read);

async fn i9_an_appliance_is_known_by_its_addresses(world: &impl Outside) {
    let system = world.ports().appliance.system().await.unwrap();
    assert!(!system.host_name.is_empty() && !system.version.is_empty(), "{system:?}");
    assert!(!system.management_address.is_empty() && !system.time_zone.is_empty(), "{system:?}");
    assert!(system.addresses.iter().any(|address| address.parse::<std::net::IpAddr>().is_ok()), "{system:?}");
    let is_lower = |mac: &String| mac.len() == 17 && !mac.contains(|c: char| c.is_ascii_uppercase());
    assert!(!system.macs.is_empty() && system.macs.iter().all(is_lower), "{system:?}");
}

async fn x1c_what_the_keys_user_may_do_is_read(world: &impl Outside) {
    let written = world.written();
    assert_eq!(world.ports().appliance.rights().await.unwrap(), Rights::Full);
    assert_eq!(world.written(), written);
}
