//! X2: what a client declares a read changes nothing at the service, and a read-only client sends nothing else. The clients' tables are held
//! against the simulator's own lists of what changes something, which are written from the services' documentation.

use std::collections::BTreeSet;

use b2_client::operations as b2;
use dtc_tests::TestBed;
use serde_json::{Value, json};
use simulator::truenas::Release;
use truenas_client::{ApiKey, Client, Config, Credentials, ErrorKind, Method, Trust, operations as truenas};

#[test]
fn x2_no_operation_of_b2_that_is_declared_a_read_changes_anything() {
    let changing: BTreeSet<&str> = simulator::b2::changing().collect();
    assert!(changing.len() > 15, "{changing:?}");
    let wrong: Vec<_> = b2::READS.iter().filter(|read| changing.contains(*read)).collect();
    assert_eq!(wrong, [&""; 0]);
    // What the service changes, and what gives a right away, is no read of the client's.
    let unknown: Vec<_> = changing.iter().filter(|name| !b2::WRITES.contains(*name)).collect();
    assert_eq!(unknown, [&""; 0]);
    for right in ["b2_get_upload_url", "b2_get_upload_part_url", "b2_get_download_authorization"] {
        assert!(b2::WRITES.contains(&right), "{right}");
    }
}

#[test]
fn x2_no_method_of_an_appliance_that_is_declared_a_read_changes_anything() {
    for release in Release::ALL {
        let changing: BTreeSet<&str> = simulator::truenas::changing(release).collect();
        assert!(changing.len() > 15, "{release}: {changing:?}");
        let wrong: Vec<_> = truenas::READS.iter().filter(|read| changing.contains(*read)).collect();
        assert_eq!(wrong, [&""; 0], "{release}");
    }
}

/// A read-only client of the appliance refuses every operation of its own table that is no read, and every method that the appliance's
/// release says changes something, before anything is sent.
#[tokio::test(flavor = "multi_thread")]
async fn x2_a_read_only_client_of_an_appliance_sends_no_write() {
    for release in [Release::Core13_3, Release::Scale25_10, Release::Community26] {
        let bed = TestBed::builder(71).release(release).start().await;
        let nas = &bed.sim.addresses().truenas;
        let trust = Trust::Fingerprint(nas.fingerprint.parse().unwrap());
        let credentials = Credentials::api_key(ApiKey::new(&nas.api_key));
        let config = Config::new(nas.url.parse().unwrap(), credentials).trust(trust).read_only();
        let client = Client::connect(config).await.unwrap();
        let mark = bed.sim.transcript().mark();
        let writes: BTreeSet<&str> =
            truenas::WRITES.iter().copied().chain(simulator::truenas::changing(release)).collect();
        for name in writes {
            let error = client.call::<Value>(Method::changes(name), &json!([])).await.unwrap_err();
            assert_eq!(*error.kind(), ErrorKind::ReadOnly, "{release}: {name}");
        }
        assert_eq!(bed.sim.transcript().calls_since(mark).total(), 0, "{release}");
        bed.sim.stop().await;
    }
}
