//! Every typed operation against a mock of the specification that nobody here wrote: see `tests/prism.sh`.

use ninja_client::{AccessToken, Client, Config, Grant, Region};
use std::time::Duration;

use crate::every::{self, Ids};

/// What the mock takes, and then fails to answer by itself: it cannot write the array that stands under `*/*` there.
const NOT_ANSWERED: [&str; 1] = ["set_organization_policies"];

/// Whatever the mock refuses, or answers in a way that is not understood, is a fault of the client's.
#[tokio::test]
async fn a_mock_of_the_specification_refuses_no_typed_operation() {
    let Ok(url) = std::env::var("NINJAONE_MOCK") else {
        println!("skipped: NINJAONE_MOCK names no mock");
        return;
    };
    let (mut sent, mut read, mut refused) = (0, 0, Vec::new());
    for row in every::all() {
        let grant = Grant::AccessToken(AccessToken::new("a-token".to_owned()));
        let config = Config::of(Region::Us, grant).base_url(&url).attempts(1);
        let config = config.backoff(Duration::ZERO, Duration::ZERO);
        let answer = (row.send)(Client::new(config).unwrap(), Ids::default()).await;
        sent += 1;
        match answer {
            Ok(_) => read += 1,
            Err(error) if error.status() == Some(500) && NOT_ANSWERED.contains(&error.operation()) => {
                println!("{error}");
            }
            Err(error) => refused.push(error.to_string()),
        }
    }
    println!("{sent} operations sent, {read} answers read, {} refused", refused.len());
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
