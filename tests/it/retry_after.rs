//! X7: whatever wait a service asks for, its answers do not have every attempt made at once, and none is waited for without an end.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use halo_client::ApplicationId;
use http_core::{MemoryAnswer, answer_in_memory};
use itglue_client::ApiKey;
use ninja_client::{ClientId, ClientSecret, Region};
use tokio::time::Instant;

const NOW: &str = "Sun, 29 Nov 2026 08:00:00 GMT";
/// Waits that ask for nothing that could be kept: the usual backoff is.
const AS_USUAL: [Option<&str>; 11] = [
    None,
    Some("0"),
    Some("000"),
    Some("-1"),
    Some("-9223372036854775808"),
    Some("0.5"),
    Some("soon"),
    Some("99999999999999999999"),
    Some("Thu, 01 Jan 1970 00:00:00 GMT"),
    Some(NOW),
    Some("Fri, 31 Dec 9999 23:59:59 GMT"),
];

/// What came of a call that is always refused with this status and this wait: requests, and how long it took.
struct Ended {
    requests: u32,
    took: Duration,
    asked: Option<Duration>,
}

/// Answers every request in memory while the call is made; a log-in is let in.
async fn ended<T, E>(
    status: u16,
    retry_after: Option<&str>,
    call: impl Future<Output = Result<T, E>>,
    asked: fn(&E) -> Option<Duration>,
) -> Ended {
    let requests = Rc::new(Cell::new(0));
    let counted = requests.clone();
    let mut headers = vec![("date".to_owned(), NOW.to_owned())];
    headers.extend(retry_after.map(|asked| ("retry-after".to_owned(), asked.to_owned())));
    let _in_memory = answer_in_memory(move |_, path| {
        if path.contains("token") {
            let body = r#"{"access_token": "t", "token_type": "Bearer", "expires_in": 3600}"#;
            return MemoryAnswer { status: 200, body: body.into(), ..MemoryAnswer::default() };
        }
        counted.set(counted.get() + 1);
        MemoryAnswer { status, headers: headers.clone(), ..MemoryAnswer::default() }
    });
    let started = Instant::now();
    let Err(error) = call.await else { panic!("{retry_after:?}: it succeeded") };
    Ended { requests: requests.get(), took: started.elapsed(), asked: asked(&error) }
}

async fn ninjaone(status: u16, retry_after: Option<&str>) -> Ended {
    let config =
        ninja_client::Config::new(Region::Us, ClientId::new("app-1"), ClientSecret::new("not-a-secret"));
    let client = ninja_client::Client::new(config.base_url("http://127.0.0.1:9")).unwrap();
    let devices = client.devices();
    ended(status, retry_after, devices.search("nas"), ninja_client::Error::retry_after).await
}

async fn it_glue(retry_after: Option<&str>) -> Ended {
    let config = itglue_client::Config::new(ApiKey::new("ITG.not-a-key")).base_url("http://127.0.0.1:9");
    let client = itglue_client::Client::new(config).unwrap();
    let categories = client.password_categories();
    ended(429, retry_after, categories.list(), itglue_client::Error::retry_after).await
}

async fn halopsa(retry_after: Option<&str>) -> Ended {
    let (id, secret) = (ApplicationId::new("app-1"), halo_client::ClientSecret::new("not-a-secret"));
    let client =
        halo_client::Client::new(halo_client::Config::new("http://127.0.0.1:9", id, secret)).unwrap();
    let statuses = client.statuses();
    ended(429, retry_after, statuses.list(), halo_client::Error::retry_after).await
}

#[tokio::test(start_paused = true)]
async fn x7_a_wait_of_nothing_or_without_end_keeps_the_usual_backoff() {
    for status in [429, 503] {
        for asked in AS_USUAL {
            let Ended { requests, took, asked: said } = ninjaone(status, asked).await;
            assert_eq!((requests, said), (6, None), "{status} {asked:?}");
            // Six attempts, between which five backoffs of at most 1, 2, 4, 8 and 16 seconds are chosen at random.
            let (least, most) = (Duration::from_millis(100), Duration::from_secs(31));
            assert!((least..=most).contains(&took), "{status} {asked:?}: {took:?}");
        }
    }
}

/// The windows of IT Glue and HaloPSA are five minutes: answers of too many requests are waited for a minute each, if they ask for nothing
/// else.
#[tokio::test(start_paused = true)]
async fn x7_a_limit_is_waited_for_as_long_as_its_window_wants() {
    for asked in AS_USUAL {
        for (service, ended) in [("IT Glue", it_glue(asked).await), ("HaloPSA", halopsa(asked).await)] {
            let Ended { requests, took, .. } = ended;
            let least = Duration::from_mins(1) * (requests - 1);
            assert!((2..=8).contains(&requests) && took >= least, "{service} {asked:?}");
            let window = Duration::from_mins(5)..Duration::from_mins(7);
            assert!(window.contains(&took), "{service} {asked:?}: {requests} in {took:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn x7_a_wait_that_can_be_kept_is_kept() {
    let Ended { requests, took, asked } = ninjaone(503, Some("7")).await;
    assert_eq!((requests, asked), (6, Some(Duration::from_secs(7))));
    assert!((Duration::from_secs(35)..Duration::from_mins(1)).contains(&took), "{took:?}");
    let until = Some("Sun, 29 Nov 2026 08:00:07 GMT");
    assert!(ninjaone(503, until).await.took >= Duration::from_secs(35));
    // One that ends behind the call's deadline is told, and not waited for.
    for (asked, seconds) in [("3600", 3600), ("86400", 86_400), ("Sun, 29 Nov 2026 09:00:00 GMT", 3600)] {
        let Ended { requests, took, asked: said } = ninjaone(429, Some(asked)).await;
        assert_eq!(
            (requests, took, said),
            (1, Duration::ZERO, Some(Duration::from_secs(seconds))),
            "{asked}"
        );
    }
}
