//! What goes wrong with an appliance, on every release where it can: the right kind of error, in a sentence that a technician can act on, within
//! the time that the caller gave, and a line for whoever waits.
//!
//! What does not depend on the release stands with the client: a proxy that speaks HTTP/2 only, one that blocks sockets, silence, floods.

mod answers;
mod cut;
mod proxy;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use simulator::Simulator;
use simulator::truenas::Release;
use truenas_client::jobs::JobState;
use truenas_client::{
    ApiKey, Client, CloudSyncId, Config, Credentials, Error, ErrorKind, JobId, Method, OneTimeCode, Password,
};

use crate::appliance_accounts::{config, connected, key, simulated};
use proxy::Proxy;

const JSON_RPC: [Release; 3] = [Release::Scale25_04, Release::Scale25_10, Release::Community26];

/// What whoever waits is told, line by line.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl Heard {
    fn by(&self, config: Config) -> Config {
        let lines = Arc::clone(&self.0);
        config.on_wait(move |wait| lines.lock().unwrap().push(wait.to_string()))
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

fn named_key(sim: &Simulator, key: String) -> Credentials {
    Credentials::api_key_of(sim.truenas().user_name(), ApiKey::new(key))
}

fn password(sim: &Simulator, code: Option<&str>) -> Credentials {
    let (user, password) = (sim.truenas().user_name(), Password::new(sim.truenas().password()));
    Credentials::Password { user, password, one_time_code: code.map(OneTimeCode::new) }
}

/// The error of a log-in that is not to be tried again, and comes soon.
async fn refused(sim: &Simulator, credentials: Credentials) -> Error {
    let began = Instant::now();
    let error = Client::connect(config(sim, credentials)).await.unwrap_err();
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert!(!error.is_retryable() && error.attempts() <= 1, "{error:?}");
    error
}

#[tokio::test]
async fn a_wrong_key_is_rejected_and_the_sentence_says_what_it_may_be() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        for credentials in [
            Credentials::api_key(ApiKey::new(format!("1-{}", "x".repeat(64)))),
            named_key(&sim, format!("1-{}", "x".repeat(64))),
            named_key(&sim, "99-unknown".into()),
        ] {
            let error = refused(&sim, credentials).await;
            assert_eq!(*error.kind(), ErrorKind::CredentialsRejected, "{release}");
            assert!(error.to_string().contains("wrong, expired or revoked"), "{error}");
        }
        sim.stop().await;
    }
}

/// Where the release tells them from a wrong one: by the call that names the user.
#[tokio::test]
async fn a_revoked_and_an_expired_key_are_distinguished_from_a_wrong_one_where_the_release_does() {
    for release in Release::ALL {
        for spoil in
            [simulator::truenas::Handle::revoke_api_keys, simulator::truenas::Handle::expire_api_keys]
        {
            let sim = simulated(release).await;
            spoil(sim.truenas());
            let alone = refused(&sim, key(&sim)).await;
            assert_eq!(*alone.kind(), ErrorKind::CredentialsRejected, "{release}");
            let named = refused(&sim, named_key(&sim, sim.truenas().api_key())).await;
            if release >= Release::Scale25_04 {
                assert_eq!(*named.kind(), ErrorKind::CredentialsExpired, "{release}");
                assert!(named.to_string().contains("make a new one there"), "{named}");
            } else {
                assert_eq!(*named.kind(), ErrorKind::CredentialsRejected, "{release}");
            }
            sim.stop().await;
        }
    }
}

#[tokio::test]
async fn a_one_time_code_that_is_asked_for_is_named_and_one_that_is_given_is_taken() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        sim.truenas().require_otp(Some("123456"));
        let error = refused(&sim, password(&sim, None)).await;
        if release >= Release::Scale25_04 {
            assert_eq!(*error.kind(), ErrorKind::OneTimeCodeRequired, "{release}");
            assert!(error.to_string().contains("or use an API key"), "{error}");
        } else {
            // The older call does not say why it says no.
            assert_eq!(*error.kind(), ErrorKind::CredentialsRejected, "{release}");
        }
        Client::connect(config(&sim, password(&sim, Some("123456")))).await.unwrap();
        sim.stop().await;
    }
}

#[tokio::test]
async fn the_standby_controller_names_the_active_one() {
    for release in JSON_RPC {
        let sim = simulated(release).await;
        sim.truenas().redirect_logins(&["https://192.0.2.20"]);
        let error = refused(&sim, named_key(&sim, sim.truenas().api_key())).await;
        assert_eq!(
            *error.kind(),
            ErrorKind::Standby { urls: vec!["https://192.0.2.20".into()] },
            "{release}"
        );
        assert!(error.to_string().contains("log in to the active one: https://192.0.2.20"), "{error}");
        sim.stop().await;
    }
}

#[tokio::test]
async fn an_address_that_is_not_on_the_list_learns_where_to_add_it() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        sim.truenas().refuse_addresses();
        let error = refused(&sim, key(&sim)).await;
        assert_eq!(*error.kind(), ErrorKind::AddressNotAllowed, "{release}");
        assert!(error.to_string().contains("Allowed IP Addresses"), "{error}");
        sim.stop().await;
    }
}

#[tokio::test]
async fn a_certificate_that_changed_stops_the_next_connection_before_any_credential() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let found = sim.truenas().change_certificate().unwrap();
        sim.truenas().restart();
        let error = nas.ping().await.unwrap_err();
        let ErrorKind::PinMismatch { found: shown, .. } = error.kind() else {
            panic!("{release}: {error:?}")
        };
        assert_eq!(shown.to_string().replace(':', "").to_lowercase(), found, "{release}");
        assert!(error.to_string().contains("check it there and pin the new one"), "{error}");
        sim.stop().await;
    }
}

/// A cloud sync of the first pool, which lasts an hour unless something ends it.
async fn long_run(sim: &Simulator, nas: &Client) -> truenas_client::Job<Value> {
    let at = &sim.addresses().b2;
    // It may be there already.
    let _ = sim.b2().call("b2_create_bucket", json!({"bucketName": "a-bucket", "bucketType": "allPrivate"}));
    let credential = sim.truenas().add_credential("bucket", &at.key_id, &at.application_key);
    let task = sim.truenas().add_cloud_sync(&json!({
        "path": "/mnt/pool0/docs", "credentials": credential, "attributes": {"bucket": "a-bucket", "folder": "x"},
    }));
    sim.truenas().delay_runs(Duration::from_hours(1));
    let job = nas.cloud_syncs().run(CloudSyncId::new(task)).await.unwrap();
    nas.jobs().attach(job.id())
}

#[tokio::test]
async fn a_box_that_reboots_while_a_job_runs_is_waited_for_and_the_job_is_gone() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let heard = Heard::default();
        let nas = Client::connect(heard.by(config(&sim, key(&sim)))).await.unwrap();
        let job = long_run(&sim, &nas).await;
        let stored = job.store().await.unwrap();
        let waits = tokio::spawn({
            let job = nas.jobs().attach_stored::<Value>(&stored);
            async move { job.wait(Duration::from_mins(5)).await }
        });
        while job.status().await.unwrap().state != JobState::Running {
            tokio::task::yield_now().await;
        }
        sim.truenas().shut_down();
        while !heard.lines().iter().any(|line| line.contains("attempt 3")) {
            tokio::task::yield_now().await;
        }
        sim.truenas().boot();
        let error = waits.await.unwrap().unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::JobVanished { job: stored.id }, "{release}");
        assert!(error.to_string().contains("look at what it was to do"), "{error}");
        let line = heard.lines().into_iter().next().unwrap();
        assert!(line.starts_with("truenas ") && line.contains("given up after"), "{line}");
        // Another job has its number now, one of the boot, and is not taken for it.
        let next = long_run(&sim, &nas).await;
        assert!(next.id() > stored.id, "{release}");
        let again = nas.jobs().attach_stored::<Value>(&stored).status().await.unwrap_err();
        assert_eq!(*again.kind(), ErrorKind::JobVanished { job: stored.id }, "{release}");
        sim.stop().await;
    }
}

#[tokio::test]
async fn a_job_that_fails_is_aborted_or_outlasts_the_waiting_has_an_error_of_its_own() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let job = long_run(&sim, &nas).await;
        let outlasted = job.wait(Duration::from_millis(50)).await.unwrap_err();
        assert_eq!(*outlasted.kind(), ErrorKind::JobUnfinished { job: job.id() }, "{release}");
        assert!(outlasted.to_string().contains("can be followed again"), "{outlasted}");
        connected(&sim).await.jobs().attach::<Value>(job.id()).abort().await.unwrap();
        let aborted = job.wait(Duration::from_mins(1)).await.unwrap_err();
        assert_eq!(*aborted.kind(), ErrorKind::JobAborted { job: job.id() }, "{release}");
        sim.truenas().delay_runs(Duration::ZERO);
        sim.truenas().fail_runs(Some("bucket is full"));
        let job = nas.cloud_syncs().run(CloudSyncId::new(1)).await.unwrap();
        let failed = job.wait(Duration::from_mins(1)).await.unwrap_err();
        let ErrorKind::JobFailed { reason, .. } = failed.kind() else { panic!("{release}: {failed:?}") };
        assert!(
            reason.contains("bucket is full") && failed.to_string().contains(reason),
            "{release}: {failed}"
        );
        let unknown =
            nas.jobs().attach::<Value>(JobId::new(9_999)).wait(Duration::from_mins(1)).await.unwrap_err();
        assert!(matches!(unknown.kind(), ErrorKind::JobVanished { .. }), "{release}: {unknown:?}");
        sim.stop().await;
    }
}

#[tokio::test]
async fn more_calls_at_once_than_the_appliance_takes_are_all_answered() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let calls = (0..41).map(|_| async { nas.pools().list().await });
        for answer in join_all(calls).await {
            assert_eq!(answer.unwrap().len(), 2, "{release}");
        }
        sim.stop().await;
    }
}

/// Twenty log-ins a minute, from 24.10 on: the next waits, says so, and is let in when the minute is over.
#[tokio::test]
async fn more_log_ins_than_the_appliance_takes_in_a_minute_wait_and_say_so() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        for _ in 0..20 {
            connected(&sim).await;
        }
        let heard = Heard::default();
        let nas = sim.truenas().clone();
        let lines = heard.clone();
        let config = config(&sim, key(&sim)).on_wait(move |wait| {
            lines.0.lock().unwrap().push(wait.to_string());
            if wait.attempt == 4 {
                nas.reset_login_limit();
            }
        });
        Client::connect(config).await.unwrap();
        let lines = heard.lines();
        if release == Release::Core13_3 {
            assert_eq!(lines, [""; 0]);
        } else {
            assert_eq!(lines.len(), 3, "{release}: {lines:?}");
            assert!(lines[0].contains("no more calls or log-ins for now"), "{}", lines[0]);
        }
        sim.stop().await;
    }
}

/// Keeps the paused time of a test from moving by itself while the test waits for sockets.
struct StillTime(
    #[expect(dead_code, reason = "its end is what the thread waits for")] std::sync::mpsc::Sender<()>,
);

impl StillTime {
    fn new() -> Self {
        let (held, until_dropped) = std::sync::mpsc::channel();
        tokio::task::spawn_blocking(move || until_dropped.recv());
        Self(held)
    }
}

/// Lets each wait that a call tells of pass, and no other time; gives the outcome and how long the call took.
async fn waited_out<T>(
    waits: &mut tokio::sync::mpsc::UnboundedReceiver<Duration>,
    call: impl Future<Output = T>,
) -> (T, Duration) {
    let began = tokio::time::Instant::now();
    tokio::pin!(call);
    loop {
        tokio::select! {
            outcome = &mut call => return (outcome, began.elapsed()),
            // The caller sleeps since it told of the wait. Timers go off at whole milliseconds.
            Some(pause) = waits.recv() => tokio::time::advance(pause + Duration::from_millis(1)).await,
        }
    }
}

/// The wait ends with the caller's time, and not with the appliance's minute.
#[tokio::test(start_paused = true)]
async fn a_limit_on_log_ins_is_waited_for_no_longer_than_the_caller_gave() {
    let _still = StillTime::new();
    let deadline = Duration::from_millis(200);
    for release in [Release::Scale24_10, Release::Scale25_04, Release::Scale25_10, Release::Community26] {
        let sim = simulated(release).await;
        let (tell, mut waits) = tokio::sync::mpsc::unbounded_channel();
        let config = |tell: &tokio::sync::mpsc::UnboundedSender<Duration>| {
            let tell = tell.clone();
            config(&sim, key(&sim)).deadline(deadline).on_wait(move |wait| tell.send(wait.pause).unwrap())
        };
        let nas = Client::connect(config(&tell)).await.unwrap();
        for _ in 0..19 {
            connected(&sim).await;
        }
        // The last pause that would end in time is made, and the next, of 20 ms, is not.
        let in_time = Duration::from_millis(180)..=Duration::from_millis(201);
        let (outcome, took) = waited_out(&mut waits, Client::connect(config(&tell))).await;
        let error = outcome.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::RateLimited, "{release}: {error:?}");
        assert!(in_time.contains(&took), "{release}: {took:?}");
        // The same for a connection that is made again for a call.
        sim.truenas().restart();
        let (outcome, took) = waited_out(&mut waits, nas.ping()).await;
        let error = outcome.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::RateLimited, "{release}: {error:?}");
        assert!(in_time.contains(&took), "{release}: {took:?}");
        sim.stop().await;
    }
}

#[tokio::test]
async fn a_request_of_70_kb_is_not_sent_where_the_appliance_would_hang_up() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let error = nas.alerts().dismiss(&"x".repeat(70_000)).await.unwrap_err();
        if release == Release::Core13_3 {
            // It takes longer messages, and refuses the text in it.
            assert!(matches!(error.kind(), ErrorKind::Validation { .. }), "{error:?}");
        } else {
            let ErrorKind::TooLong { characters, limit: 65_536 } = error.kind() else {
                panic!("{release}: {error:?}")
            };
            assert!(*characters > 70_000 && error.to_string().contains("65536"), "{error}");
            assert!(!sim.transcript().lines().iter().any(|line| line.operation == "alert.dismiss"));
        }
        nas.ping().await.unwrap();
        sim.stop().await;
    }
}

/// It is not read to its end; a write whose answer that may have been has an unknown outcome.
#[tokio::test]
async fn a_frame_of_70_mib_ends_the_call_and_not_the_client() {
    for release in Release::ALL {
        let (sim, proxy) = Proxy::before(release).await;
        let nas = proxy.client(&sim).await.unwrap();
        proxy.swell("alert.list", 70 << 20);
        let error = nas.alerts().list().await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::NotUnderstood { path } if path.contains("16777216")),
            "{error:?}"
        );
        proxy.swell("alert.restore", 70 << 20);
        let error = nas.alerts().restore("u").await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::OutcomeUnknown, "{release}");
        assert!(error.to_string().contains("look before trying again"), "{error}");
        proxy.leave_alone();
        nas.ping().await.unwrap();
        sim.stop().await;
    }
}

#[tokio::test]
async fn a_method_that_the_release_lacks_is_unsupported_by_name() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let error = nas.call::<Value>(Method::reads("pool.imaginary"), &[0; 0]).await.unwrap_err();
        let ErrorKind::Unsupported { feature: "pool.imaginary", release: named, .. } = error.kind() else {
            panic!("{release}: {error:?}")
        };
        assert!(named.starts_with("TrueNAS ") && error.to_string().contains("does not offer"), "{error}");
        assert!(!error.is_retryable());
        sim.stop().await;
    }
}

/// An appliance that is newer than this crate, and offers an older version beside its own.
#[tokio::test]
async fn a_newer_appliance_is_spoken_to_in_an_older_version() {
    let (sim, proxy) = Proxy::before(Release::Community26).await;
    proxy.rename_version("v26.0.0", "v99.0.0");
    let nas = proxy.client(&sim).await.unwrap();
    assert_eq!(nas.version().unwrap().to_string(), "v25.10.5");
    assert_eq!(nas.release(), truenas_client::Release::Newer);
    assert_eq!(nas.pools().list().await.unwrap().len(), 2);
    assert!(nas.users().named("root").await.unwrap().webshare.is_none(), "25.10 does not say it");
    // One start at a time, since they share a lock there; each is its own task's.
    let job = long_run(&sim, &nas).await;
    assert_eq!(job.status().await.unwrap().method, "cloudsync.sync");
    job.abort().await.unwrap();
    let error = nas.api_keys().convert(&ApiKey::new(sim.truenas().api_key())).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unsupported { instead: Some(_), .. }), "{error:?}");
    assert!(error.to_string().contains("spoken to by v25.10.5"), "{error}");
    sim.stop().await;
}

/// A pin does not look at dates, and a job is known by the appliance's own.
#[tokio::test]
async fn a_box_whose_clock_says_2019_is_used_like_any_other() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        sim.clock().turn_back(Duration::from_hours(24 * 365 * 7));
        let nas = connected(&sim).await;
        let job = long_run(&sim, &nas).await;
        let stored = job.store().await.unwrap();
        let age = stored.started.unwrap().elapsed().unwrap();
        assert!(age > Duration::from_hours(24 * 365 * 6), "{release}: {age:?}");
        assert_eq!(nas.jobs().attach_stored::<Value>(&stored).status().await.unwrap().id, job.id());
        job.abort().await.unwrap();
        let error = job.wait(Duration::from_mins(1)).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::JobAborted { .. }), "{release}: {error:?}");
        if release >= Release::Scale25_04 {
            // A day that is past here is yet to come there.
            let day = stored.started.unwrap() + Duration::from_hours(24);
            let key = truenas_client::api_keys::CreateApiKey::full_access("short").expires(day);
            nas.api_keys().create(&key).await.unwrap();
        }
        sim.stop().await;
    }
}
