//! A connection that is cut at any call, before or after its effect: what reads is asked again, what changes something has an unknown outcome.

use std::sync::atomic::{AtomicU32, Ordering};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use simulator::truenas::Release;
use simulator::{Fault, Simulator};
use truenas_client::alerts::AlertLevel;
use truenas_client::api_keys::{CreateApiKey, UpdateApiKey};
use truenas_client::groups::{CreateGroup, Members, UpdateGroup};
use truenas_client::services::ServiceName;
use truenas_client::sessions::NewToken;
use truenas_client::snmp::UpdateSnmp;
use truenas_client::users::{CreateUser, UpdateUser, UserPassword};
use truenas_client::{ApiKeyId, Client, Error, ErrorKind, Password, Query, Switch};

use super::Heard;
use crate::appliance_accounts::{config, key, simulated};

type Calls = fn(&Client) -> BoxFuture<'_, Result<(), Error>>;

/// A name that nobody has.
fn fresh(start: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{start}{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

macro_rules! calls {
    ($(|$client:ident| $call:expr;)*) => {
        &[$(|$client| async move { $call.await.map(drop) }.boxed()),*]
    };
}

const CALLS: &[Calls] = calls! {
    |nas| nas.alerts().categories();
    |nas| async { nas.alerts().dismiss("u").await };
    |nas| async { assert!(nas.alerts().list().await?.iter().all(|it| it.level != AlertLevel::Info)); Ok::<_, Error>(()) };
    |nas| async { nas.alerts().restore("u").await };
    |nas| async { nas.api_keys().create(&CreateApiKey::full_access(fresh("k"))).await };
    |nas| async { nas.api_keys().update(ApiKeyId::new(2), &UpdateApiKey::new().name(&fresh("k"))).await };
    |nas| async { nas.api_keys().reset(ApiKeyId::new(2)).await };
    |nas| nas.api_keys().list();
    |nas| nas.cloud_credentials().list();
    |nas| nas.cloud_syncs().list();
    |nas| nas.datasets().list();
    |nas| async { nas.groups().create(&CreateGroup::new(fresh("g"))).await };
    |nas| async { let group = nas.groups().named("builtin_users").await?; nas.groups().update(group.id, &UpdateGroup::new().smb(Switch::On)).await };
    |nas| async { let id = nas.groups().create(&CreateGroup::new(fresh("g"))).await?; nas.groups().delete(id, Members::Keep).await };
    |nas| nas.groups().list();
    |nas| nas.interfaces().list();
    |nas| async { nas.jobs().list(&Query::new()).await };
    |nas| nas.ping();
    |nas| nas.pools().list();
    |nas| nas.services().list();
    |nas| async { nas.services().set_autostart(&ServiceName::Ssh, Switch::On).await };
    |nas| nas.sessions().list();
    |nas| async { nas.sessions().make_token(&NewToken::for_any_address()).await };
    |nas| nas.snapshot_tasks().list();
    |nas| async { nas.snmp().config().await };
    |nas| async { nas.snmp().update(&UpdateSnmp::new().location("rack 4"), None).await };
    |nas| async { nas.system().boot_id().await };
    |nas| async { nas.system().general().await };
    |nas| async { nas.system().host_id().await };
    |nas| async { nas.system().info().await };
    |nas| async { nas.system().is_ready().await };
    |nas| async { nas.system().product_type().await };
    |nas| async { nas.system().state().await };
    |nas| nas.users().list();
    |nas| async { nas.users().next_uid().await };
    |nas| async { nas.users().shell_choices(&[]).await };
    |nas| async { nas.users().create(&CreateUser::new(fresh("u"), "U"), &UserPassword::Set(&Password::new("p"))).await };
    |nas| async { let root = nas.users().named("root").await?; nas.users().update(root.id, &UpdateUser::new().email(Some("a@example.com"))).await };
};

/// The methods that a call sends, each once, and whether each is a write.
fn sent(sim: &Simulator, from: usize) -> Vec<(String, bool)> {
    let mut methods: Vec<(String, bool)> = Vec::new();
    for line in sim.transcript().lines().iter().skip(from).filter(|line| line.service == "truenas") {
        let is_log_in = line.operation.starts_with("auth.log") || line.operation == "system.version";
        if !is_log_in && !methods.iter().any(|(method, _)| *method == line.operation) {
            let is_write = truenas_client::operations::WRITES.contains(&&*line.operation);
            methods.push((line.operation.clone(), is_write));
        }
    }
    methods
}

#[tokio::test]
async fn a_connection_that_is_cut_at_any_call_is_made_again_or_leaves_an_unknown_outcome() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let heard = Heard::default();
        let nas = Client::connect(heard.by(config(&sim, key(&sim)))).await.unwrap();
        for call in CALLS {
            sim.truenas().reset_login_limit();
            let from = sim.transcript().lines().len();
            call(&nas).await.unwrap();
            for (method, is_write) in sent(&sim, from) {
                for after in [false, true] {
                    let rule = sim.faults().on("truenas", &method).nth(1);
                    if after {
                        rule.after_effect(Fault::DropConnection);
                    } else {
                        rule.before_effect(Fault::DropConnection);
                    }
                    let (outcome, lines) = (call(&nas).await, heard.lines().len());
                    sim.faults().clear();
                    let at = format!("{release} {method} {}", if after { "after" } else { "before" });
                    match outcome {
                        Ok(()) => assert!(!is_write && lines > 0, "{at}"),
                        Err(error) => {
                            assert!(is_write, "{at}: {error}");
                            assert_eq!(*error.kind(), ErrorKind::OutcomeUnknown, "{at}");
                            assert!(error.to_string().contains("look before trying again"), "{error}");
                        }
                    }
                    nas.ping().await.unwrap();
                }
            }
        }
        sim.stop().await;
    }
}
