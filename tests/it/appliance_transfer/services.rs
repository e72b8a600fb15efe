use simulator::truenas::Release;
use truenas_client::services::{ServiceName, ServiceState, Verb};
use truenas_client::{ErrorKind, Switch};

use super::{LIMIT, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_service_is_started_stopped_restarted_and_reloaded_on_every_release() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let services = world.client.services();
        let state = || async { services.get(&ServiceName::Ssh).await.unwrap().state };
        assert_eq!(state().await, ServiceState::Stopped, "{release}");
        services.start(&ServiceName::Ssh, LIMIT).await.unwrap();
        assert_eq!(state().await, ServiceState::Running, "{release}");
        assert!(!services.get(&ServiceName::Ssh).await.unwrap().pids.is_empty(), "{release}");
        services.restart(&ServiceName::Ssh, LIMIT).await.unwrap();
        services.reload(&ServiceName::Ssh, LIMIT).await.unwrap();
        services.control(Verb::Stop, &ServiceName::Ssh, LIMIT).await.unwrap();
        assert_eq!(state().await, ServiceState::Stopped, "{release}");
        services.start(&ServiceName::Ssh, LIMIT).await.unwrap();
        services.stop(&ServiceName::Ssh, LIMIT).await.unwrap();
        services.set_autostart(&ServiceName::Ssh, Switch::On).await.unwrap();
        assert!(services.get(&ServiceName::Ssh).await.unwrap().autostart, "{release}");
        let unknown = ServiceName::Unknown("nothing".to_owned());
        assert_eq!(*services.get(&unknown).await.unwrap_err().kind(), ErrorKind::NotFound, "{release}");
        assert!(services.list().await.unwrap().len() > 5, "{release}");
        let snmp = world.client.snmp().config().await.unwrap();
        assert!(!snmp.v3, "{release}");
    }
}
