//! Rows of lists: what is kept of them, and what one that is not as promised does to the others.

use futures_util::{StreamExt as _, TryStreamExt as _};
use itglue_client::{Client, Config, ConfigurationFilter, Error, ErrorKind, OrganizationId, Password};
use serde_json::{Value, json};
use wiremock::ResponseTemplate;
use wiremock::matchers::query_param;

use crate::{KEY, account, answer, asked, configuration, organization, page, password};

/// The names of a list's rows, or why there is none.
async fn listed(rows: &[Value]) -> Vec<Result<String, Error>> {
    let (server, client) = account().await;
    asked("GET", "/configurations").respond_with(page(rows, None)).mount(&server).await;
    let list = client.configurations().list(&ConfigurationFilter::new());
    list.map(|row| row.map(|found| found.name)).collect().await
}

#[tokio::test]
async fn one_row_that_is_not_understood_does_not_fail_its_page() {
    let rows = [
        configuration("1", json!({ "name": "first" })),
        configuration("22", json!({ "name": null })),
        configuration("33", json!({ "organization-id": "none" })),
        json!({ "type": "configurations" }),
        json!(null),
        configuration("9", json!({ "name": "last" })),
    ];
    let found = listed(&rows).await;
    let names: Vec<&str> = found.iter().flatten().map(String::as_str).collect();
    assert_eq!(names, ["first", "last"]);
    let errors: Vec<&Error> = found.iter().filter_map(|row| row.as_ref().err()).collect();
    assert!(errors.iter().all(|error| error.kind() == ErrorKind::NotUnderstood));
    let subjects: Vec<Option<&str>> = errors.iter().map(|error| error.subject()).collect();
    assert_eq!(subjects, [Some("22"), Some("33"), Some("without an id"), Some("without an id")]);
}

#[tokio::test]
async fn x7_a_row_with_an_endless_id_is_named_by_its_beginning() {
    let rows = [json!({ "id": "9".repeat(100_000) }), json!({ "id": ["x".repeat(100_000)] })];
    for found in listed(&rows).await {
        let error = found.unwrap_err();
        assert!(error.subject().unwrap().len() <= 120 && error.to_string().len() < 600, "{error}");
    }
}

#[tokio::test]
async fn what_is_not_known_of_a_row_is_kept_but_for_passwords() {
    let (server, client) = account().await;
    let row = configuration("1", json!({ "installed-by": "someone", "warranty": { "until": 2030 } }));
    asked("GET", "/configurations").respond_with(page(&[row], None)).mount(&server).await;
    let found = client.configurations().of_device(&itglue_client::RmmDevice::ninja_one(1)).await.unwrap();
    assert_eq!(
        (&found[0].more["installed-by"], &found[0].more["warranty"]["until"]),
        (&json!("someone"), &json!(2030))
    );
    assert!(!found[0].more.contains_key("hostname"), "{:?}", found[0].more);

    let row = password("1", json!({ "otp-secret": "JBSWY3DPEHPK3PXP", "notes": "n" }));
    asked("GET", "/passwords").respond_with(page(&[row], None)).mount(&server).await;
    let list = client.passwords().list(OrganizationId::new(4_107_000_000_000_113));
    let found: Vec<Password> = list.try_collect().await.unwrap();
    assert!(!format!("{found:?}").contains("JBSWY3"), "{found:?}");
}

#[tokio::test]
async fn ids_beyond_a_float_are_read_as_text_and_as_numbers() {
    let (server, client) = account().await;
    let huge = 9_007_199_254_740_993_u64;
    let rows = [
        configuration("9007199254740993", json!({ "organization-id": huge })),
        configuration("9007199254740995", json!({ "organization-id": "9007199254740993" })),
    ];
    asked("GET", "/configurations").respond_with(page(&rows, None)).mount(&server).await;
    let filter = ConfigurationFilter::new().organization(OrganizationId::new(huge));
    let found: Vec<u64> =
        client.configurations().list(&filter).map_ok(|it| it.id.get()).try_collect().await.unwrap();
    assert_eq!(found, [huge, huge + 2]);
}

fn numbered(rows: &[Value], next: Option<u32>, total: u64) -> ResponseTemplate {
    answer(200, &json!({ "data": rows, "meta": { "next-page": next, "total-count": total } }))
}

#[tokio::test]
async fn a_list_that_ends_before_its_total_is_incomplete() {
    for (total, is_whole) in [(3, true), (2, true), (4, false)] {
        let (server, client) = account().await;
        let rows = [organization("1", "A"), organization("2", "A")];
        let (first, second) =
            (numbered(&rows, Some(2), total), numbered(&[organization("3", "A")], None, total));
        for (number, answered) in [("1", first), ("2", second)] {
            let asked = asked("GET", "/organizations").and(query_param("page[number]", number));
            asked.respond_with(answered).mount(&server).await;
        }
        let found = client.organizations().find("A").await;
        assert_eq!(found.is_ok(), is_whole, "{found:?}");
        if let Err(error) = found {
            assert_eq!(error.kind(), ErrorKind::NotUnderstood);
            assert!(error.to_string().contains("4 rows, and 3 came"), "{error}");
        }
    }
}

/// A list that changes while it is read shows a row twice, or not at all: twice is once, and what may be missing is an error.
#[tokio::test]
async fn e5_a_list_that_changes_while_it_is_read_shows_no_row_twice_and_hides_none() {
    let row = |id: &str| organization(id, "A");
    let [a, b, c] = ["1", "2", "3"].map(row);
    for (first, second, expected) in [
        // A row came in before the second page, and moved the last one of the first onto it.
        (([&a, &b], 3), (vec![&b, &c], 3), Ok(vec![1, 2, 3])),
        (([&a, &b], 3), (vec![&b, &c], 4), Err("4 rows, and 3 came")),
        // A row went away, and another one moved from the second page onto the first.
        (([&a, &b], 4), (vec![&c], 3), Err("had 4 rows, and has 3")),
        (([&a, &b], 3), (vec![], 2), Err("had 3 rows, and has 2")),
        (([&a, &a], 2), (vec![], 2), Err("2 rows, and 1 came")),
    ] {
        let (server, client) = account().await;
        let first = numbered(&first.0.map(Clone::clone), Some(2), first.1);
        let rows: Vec<Value> = second.0.into_iter().cloned().collect();
        let second = numbered(&rows, None, second.1);
        for (number, answered) in [("1", first), ("2", second)] {
            let asked = asked("GET", "/organizations").and(query_param("page[number]", number));
            asked.respond_with(answered).mount(&server).await;
        }
        match (client.organizations().find("A").await, expected) {
            (Ok(found), Ok(ids)) => assert_eq!(found.iter().map(|it| it.id.get()).collect::<Vec<_>>(), ids),
            (Err(error), Err(why)) => {
                assert_eq!(error.kind(), ErrorKind::NotUnderstood);
                assert!(error.to_string().contains(why), "{error}");
            }
            (found, expected) => panic!("{found:?}, and not {expected:?}"),
        }
    }
}

/// The rows of another organisation, where the service ignores the filter, are nobody's business.
#[tokio::test]
async fn e6_a_filter_that_the_service_ignores_shows_nothing_of_others() {
    let (server, client) = account().await;
    let other = |kind: &str, id: &str, more: Value| {
        let mut row = crate::named(kind, id);
        row["attributes"].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        row
    };
    for (at, kind) in
        [("/locations", "locations"), ("/contacts", "contacts"), ("/configurations", "configurations")]
    {
        let rows = [other(kind, "1", json!({ "organization-id": 6 })), other(kind, "2", json!({}))];
        asked("GET", at).respond_with(page(&rows, None)).mount(&server).await;
    }
    let five = OrganizationId::new(5);
    let locations: Vec<_> = client.locations().list(five).try_collect().await.unwrap();
    let contacts: Vec<_> = client.contacts().list(five).try_collect().await.unwrap();
    let filter = ConfigurationFilter::new().organization(five);
    let configurations: Vec<_> = client.configurations().list(&filter).try_collect().await.unwrap();
    assert_eq!((locations.len(), contacts.len(), configurations.len()), (1, 1, 1));
}

#[tokio::test]
async fn clients_of_one_key_share_its_budget_and_a_refusal_exhausts_it() {
    let (server, client) = account().await;
    let config = Config::new(itglue_client::ApiKey::new(KEY)).base_url(server.uri());
    let other = Client::new(config).unwrap();
    asked("GET", "/password_categories").respond_with(page(&[], None)).mount(&server).await;
    client.password_categories().list().await.unwrap();
    assert_eq!((client.budget().remaining(), other.budget().remaining()), (2999, 2999));
    let limited = ResponseTemplate::new(429).insert_header("retry-after", "200");
    asked("GET", "/organizations").respond_with(limited).mount(&server).await;
    let brief = Config::new(itglue_client::ApiKey::new(KEY)).base_url(server.uri());
    let brief = Client::new(brief.deadline(std::time::Duration::from_mins(1))).unwrap();
    let error = brief.organizations().find("A").await;
    assert!(error.is_err_and(|error| error.kind() == ErrorKind::RateLimited));
    assert_eq!(other.budget().remaining(), 0);
    assert!(other.budget().refilled_in().as_secs() > 100);
}
