//! X7: a name that does not exist is looked up once by every client; one that cannot be resolved for now is looked up again.

use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use b2_client::buckets::ListBuckets;
use b2_client::{ApplicationKey, KeyId};
use http_core::NameResolver;
use itglue_client::ApiKey;
use ninja_client::{ClientId, ClientSecret, Region};
use truenas_client::{Address, Credentials, Sha256Fingerprint, Trust};

const NO_SUCH_NAME: &str = "failed to lookup address information: Name or service not known";
const NOT_FOR_NOW: &str = "failed to lookup address information: Temporary failure in name resolution";

/// How a call ended: look-ups, attempts, and everything that is said of it.
struct Ended {
    look_ups: u32,
    attempts: u32,
    text: String,
}

fn ended(look_ups: &AtomicU32, attempts: u32, error: &dyn Error) -> Ended {
    let mut text = error.to_string();
    let mut beneath = error.source();
    while let Some(error) = beneath {
        text = format!("{text}: {error}");
        beneath = error.source();
    }
    Ended { look_ups: look_ups.load(Ordering::Relaxed), attempts, text }
}

/// A resolver that answers every look-up with an error of these words, or with an address where nobody may connect to.
fn failing(words: Option<&'static str>) -> (NameResolver, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let resolver = NameResolver::new(move |name| {
        assert_eq!(name, "nowhere.example");
        count.fetch_add(1, Ordering::Relaxed);
        async move {
            match words {
                Some(words) => Err(std::io::Error::other(words)),
                None => Ok(vec![IpAddr::from([169, 254, 169, 254])]),
            }
        }
    });
    (resolver, asked)
}

async fn b2(words: &'static str) -> Ended {
    let (resolver, asked) = failing(Some(words));
    let config = b2_client::Config::new(KeyId::new("0051"), ApplicationKey::new("not-a-key"));
    let config = config.realm("https://nowhere.example").resolver(resolver);
    let client = b2_client::Client::new(config).unwrap();
    let error = client.buckets().list(&ListBuckets::new()).await.unwrap_err();
    ended(&asked, error.attempts(), &error)
}

async fn ninjaone(words: &'static str) -> Ended {
    let (resolver, asked) = failing(Some(words));
    let config =
        ninja_client::Config::new(Region::Us, ClientId::new("app-1"), ClientSecret::new("not-a-secret"));
    let config = config.base_url("https://nowhere.example").resolver(resolver);
    let client = ninja_client::Client::new(config).unwrap();
    let error = client.devices().search("nas").await.unwrap_err();
    ended(&asked, error.attempts(), &error)
}

async fn it_glue(words: &'static str) -> Ended {
    let (resolver, asked) = failing(Some(words));
    let config = itglue_client::Config::new(ApiKey::new("ITG.not-a-key"));
    let config = config.base_url("https://nowhere.example").resolver(resolver);
    let client = itglue_client::Client::new(config).unwrap();
    let error = client.password_categories().list().await.unwrap_err();
    ended(&asked, error.attempts(), &error)
}

async fn appliance(words: Option<&'static str>) -> Ended {
    let (resolver, asked) = failing(words);
    let address: Address = "nowhere.example".parse().unwrap();
    let credentials = Credentials::api_key(truenas_client::ApiKey::new("1-not-a-key"));
    let config = truenas_client::Config::new(address, credentials)
        .trust(Trust::Fingerprint(Sha256Fingerprint::new([7; 32])))
        .resolver(resolver);
    let error = truenas_client::Client::connect(config).await.unwrap_err();
    ended(&asked, error.attempts(), &error)
}

async fn every_client(words: &'static str) -> [(&'static str, Ended); 4] {
    [
        ("B2", b2(words).await),
        ("NinjaOne", ninjaone(words).await),
        ("IT Glue", it_glue(words).await),
        ("TrueNAS", appliance(Some(words)).await),
    ]
}

#[tokio::test(start_paused = true)]
async fn x7_every_client_looks_up_a_name_that_does_not_exist_once() {
    for (client, Ended { look_ups, attempts, text }) in every_client(NO_SUCH_NAME).await {
        assert_eq!(look_ups, 1, "{client}: {text}");
        assert!(attempts <= 1, "{client}: {attempts}");
        assert!(text.contains("the name nowhere.example does not exist"), "{client}: {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn x7_every_client_looks_up_again_what_could_not_be_resolved_for_now() {
    for (client, Ended { look_ups, attempts, text }) in every_client(NOT_FOR_NOW).await {
        assert!((2..=6).contains(&look_ups) && attempts == look_ups, "{client}: {look_ups}: {text}");
        assert!(text.contains("the name nowhere.example could not be resolved"), "{client}: {text}");
    }
}

/// A metadata service, wherever a name leads.
#[tokio::test(start_paused = true)]
async fn x7_an_appliances_name_that_leads_only_to_refused_addresses_is_looked_up_once() {
    let Ended { look_ups, text, .. } = appliance(None).await;
    assert_eq!(look_ups, 1, "{text}");
    assert!(text.contains("nowhere.example leads to no address that may be connected to"), "{text}");
}
