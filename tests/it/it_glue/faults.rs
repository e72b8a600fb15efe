//! What the service does wrong, or refuses, and what the client makes of it.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use itglue_client::{Client, Error, ErrorKind, Password, PasswordId, PasswordValue, UpdatePassword};
use simulator::Fault;
use simulator::itglue::PasswordAccess;

use super::{Desk, SECRET, config};

async fn categories(client: &Client) -> Result<usize, Error> {
    client.password_categories().list().await.map(|found| found.len())
}

#[tokio::test]
async fn x6_a_revoked_key_is_not_a_missing_right() {
    let desk = Desk::open().await;
    let made = desk.client.passwords().create(&desk.request(), &PasswordValue::new(SECRET)).await.unwrap();
    desk.itglue().password_access(PasswordAccess::Withheld);
    let withheld = desk.client.passwords().reveal(made.id).await.unwrap_err();
    assert_eq!(withheld.kind(), ErrorKind::Unauthorized);
    assert!(withheld.to_string().contains("Password Access"), "{withheld}");
    assert!(desk.client.passwords().get(made.id).await.is_ok(), "all else is shown");
    desk.itglue().revoke_key();
    let revoked = desk.client.passwords().reveal(made.id).await.unwrap_err();
    assert_eq!((revoked.kind(), revoked.status()), (ErrorKind::CredentialsRejected, Some(403)));
    assert!(revoked.to_string().contains("90 days"), "{revoked}");
}

#[tokio::test]
async fn x6_a_redirect_is_not_followed_and_says_where_it_leads() {
    let desk = Desk::open().await;
    desk.itglue().redirect_requests(1);
    let error = categories(&desk.client).await.unwrap_err();
    assert_eq!((error.kind(), error.status(), error.attempts()), (ErrorKind::NotUnderstood, Some(301), 1));
    assert!(error.to_string().contains("app.itglue.example/login"), "{error}");
    assert_eq!(categories(&desk.client).await.unwrap(), 3);
}

#[tokio::test]
async fn x6_a_page_in_place_of_an_answer_is_named() {
    for (status, kind) in [(200, ErrorKind::NotUnderstood), (403, ErrorKind::NotUnderstood)] {
        let desk = Desk::open().await;
        desk.sim.faults().on("itglue", "list_password_categories").before_effect(Fault::Html(status));
        let error = categories(&desk.client).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status}");
        assert!(error.to_string().contains("a page, and no answer of IT Glue's API"), "{error}");
    }
    // A gateway that gives up is asked again.
    let desk = Desk::open().await;
    desk.sim.faults().on("itglue", "list_password_categories").times(2).before_effect(Fault::Html(504));
    assert_eq!(categories(&desk.client).await.unwrap(), 3);
}

#[tokio::test]
async fn x7_the_limit_is_waited_for_as_the_service_says() {
    let desk = Desk::open().await;
    for retry_after in [Some(0), None] {
        desk.itglue().retry_after(retry_after);
        desk.itglue().limit_requests(1);
        assert_eq!(categories(&desk.client).await.unwrap(), 3);
        let error = categories(&desk.client).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (ErrorKind::RateLimited, 3, true));
        // Five minutes later the window is open again.
        desk.sim.clock().advance(Duration::from_secs(301));
        assert_eq!(categories(&desk.client).await.unwrap(), 3);
    }
}

/// A wait that ends after the call's deadline is not begun: the error says how long, and the budget knows.
#[tokio::test]
async fn x7_a_wait_that_is_too_long_ends_the_call_at_once() {
    let desk = Desk::open().await;
    desk.itglue().retry_after(Some(290));
    desk.itglue().limit_requests(0);
    let client = Client::new(config(&desk.sim).deadline(Duration::from_mins(1))).unwrap();
    let error = categories(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::RateLimited, 1));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(290)));
    assert_eq!((client.budget().remaining(), desk.client.budget().remaining()), (0, 0));
    assert!(client.budget().refilled_in() > Duration::from_secs(200));
}

#[tokio::test]
async fn x7_the_budget_counts_every_request_of_every_client_with_the_key() {
    let desk = Desk::open().await;
    let other = Client::new(config(&desk.sim)).unwrap();
    let before = desk.client.budget().remaining();
    categories(&desk.client).await.unwrap();
    desk.sim.faults().on("itglue", "list_password_categories").before_effect(Fault::Html(504));
    categories(&other).await.unwrap();
    assert_eq!((before - desk.client.budget().remaining(), before), (3, 3000));
    assert_eq!(other.budget().remaining(), desk.client.budget().remaining());
    assert_eq!(desk.sim.faults().requests(), 3);
}

#[tokio::test]
async fn e8_no_refusal_shows_the_key_or_a_value() {
    let desk = Desk::open().await;
    let key = desk.sim.addresses().itglue.api_key.clone();
    let made = desk.client.passwords().create(&desk.request(), &PasswordValue::new("v")).await.unwrap();
    let mut errors = Vec::new();
    for status in [400, 401, 403, 404, 422, 500] {
        let value = PasswordValue::new(SECRET);
        desk.sim.faults().echo();
        for operation in ["create_password", "update_password"] {
            let refused = Fault::refuse(status, "Refused", "no");
            desk.sim.faults().on("itglue", operation).times(3).before_effect(refused);
        }
        errors.push(desk.client.passwords().create(&desk.request(), &value).await.unwrap_err());
        let replaced = desk.client.passwords().replace_value(made.id, &UpdatePassword::new(), &value).await;
        errors.push(replaced.unwrap_err());
        assert!(desk.sim.faults().echoed() >= 2, "{status}");
        desk.sim.faults().clear();
    }
    for error in errors {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        for text in [error.to_string(), format!("{error:?}"), cause] {
            assert!(!text.contains("hunter2") && !text.contains(&key), "{text}");
        }
    }
}

#[tokio::test]
async fn x6_a_connection_that_breaks_is_tried_again_for_what_may_be_repeated() {
    let desk = Desk::open().await;
    let made = desk.client.passwords().create(&desk.request(), &PasswordValue::new("v")).await.unwrap();
    for operation in ["list_passwords", "get_password", "update_password"] {
        for fault in [Fault::DropConnection, Fault::TruncateBody] {
            desk.sim.faults().on("itglue", operation).after_effect(fault);
        }
    }
    let listed: Vec<Password> =
        desk.client.passwords().list(desk.organization()).try_collect().await.unwrap();
    assert!(listed.iter().any(|it| it.id == made.id));
    assert_eq!(desk.client.passwords().reveal(made.id).await.unwrap().value.expose(), "v");
    desk.client.passwords().update(made.id, &UpdatePassword::new().notes("n")).await.unwrap();
    let missing = desk.client.passwords().get(PasswordId::new(7)).await.unwrap_err();
    assert_eq!((missing.kind(), missing.status()), (ErrorKind::NotFound, Some(404)));
}
