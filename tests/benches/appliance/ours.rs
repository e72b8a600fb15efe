//! Programs with our client. They do nothing else, so they need no more threads than one.

use std::env;
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use truenas_client::{ApiKey, Client, Config, Credentials, ErrorKind, Trust};

use crate::process::{cpu, memory};

/// Calls that prepare what is measured.
const FIRST: u32 = 50;
/// Connections that are opened at once.
const OPENED_AT_ONCE: usize = 8;
/// How long a job may take; far more than it does.
const LIMIT: Duration = Duration::from_mins(2);

fn run(work: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work);
}

async fn connect() -> Client {
    let value = |name| env::var(name).unwrap();
    let key = Credentials::api_key(ApiKey::new(value("DTC_BENCH_KEY")));
    let trust = Trust::Fingerprint(value("DTC_BENCH_FINGERPRINT").parse().unwrap());
    Client::connect(Config::new(value("DTC_BENCH_URL").parse().unwrap(), key).trust(trust)).await.unwrap()
}

/// Prints the seconds that calls take, and those of the processor.
pub(crate) fn calls(number: u32, at_once: usize) {
    run(async {
        let nas = connect().await;
        ask(&nas, FIRST, at_once).await;
        let (started, used) = (Instant::now(), cpu());
        ask(&nas, number, at_once).await;
        println!("{} {}", started.elapsed().as_secs_f64(), cpu() - used);
    });
}

async fn ask(nas: &Client, number: u32, at_once: usize) {
    let asked = stream::iter(0..number).map(|_| async { nas.system().info().await });
    asked.buffer_unordered(at_once).try_for_each(|_| async { Ok(()) }).await.unwrap();
}

/// Starts the job of every task, and follows all of them to their ends.
pub(crate) fn jobs() {
    run(async {
        let nas = connect().await;
        let tasks = nas.cloud_syncs().list().await.unwrap();
        let (started, used) = (Instant::now(), cpu());
        let followed = tasks.iter().map(|task| {
            let nas = &nas;
            async move { nas.cloud_syncs().run(task.id).await.unwrap().wait(LIMIT).await }
        });
        let ends = futures_util::future::join_all(followed).await;
        for end in ends {
            let error = end.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::JobFailed { .. }), "{error}");
        }
        println!("{} {}", started.elapsed().as_secs_f64(), cpu() - used);
    });
}

/// Prints the KiB that an idle connection takes.
pub(crate) fn idle(connections: u32) {
    run(async {
        // What all connections share is there after the first.
        let first = connect().await;
        let before = memory();
        let opened = stream::iter(0..connections).map(|_| connect()).buffer_unordered(OPENED_AT_ONCE);
        let all: Vec<Client> = opened.collect().await;
        let each = (memory() - before) / f64::from(connections);
        assert_eq!(all.len(), connections as usize);
        drop(first);
        println!("{each:.0}");
    });
}
