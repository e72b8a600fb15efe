//! IT Glue's answers, through the operations of the client.

use std::time::Duration;

use itglue_client::{
    ApiKey, Client, Config, CreatePassword, OrganizationId, PasswordId, PasswordValue, RmmDevice,
    UpdatePassword,
};

use crate::engine::fuzz;
use crate::http::{Answer, Server, every, look_at};

const WORDS: [&str; 6] =
    ["next-page", "errors", "pointer", "attributes", "18446744073709551616", "Configuration"];

async fn call(client: &Client, operation: &str) {
    // As they stand in the corpus: the answer about another record is not read any further.
    let organization = OrganizationId::new(4_107_000_000_001_538);
    let password = PasswordId::new(4_107_000_000_008_470);
    match operation {
        "organizations" => look_at(client.organizations().find("Harbour Dental Group").await),
        "organization" => look_at(client.organizations().get(organization).await),
        "configurations" => look_at(client.configurations().of_device(&RmmDevice::ninja_one(7)).await),
        "categories" => look_at(client.password_categories().list().await),
        "passwords" => every(client.passwords().list(organization)).await,
        "password" => look_at(client.passwords().get(password).await),
        "revealed" => look_at(client.passwords().reveal(password).await),
        "created" => {
            let request = CreatePassword::new(organization, "label");
            look_at(client.passwords().create(&request, &PasswordValue::new("value")).await);
        }
        "updated" => look_at(client.passwords().update(password, &UpdatePassword::new().name("label")).await),
        "replaced" => {
            let (request, value) = (UpdatePassword::new(), PasswordValue::new("value"));
            look_at(client.passwords().replace_value(password, &request, &value).await);
        }
        other => panic!("the corpus holds {other}, which is no operation"),
    }
}

#[test]
fn x7_answers_of_it_glue_are_understood_or_refused() {
    let server = Server::start("there is no login");
    let config = Config::new(ApiKey::new("ITG.not-a-key")).base_url(&server.url).attempts(1);
    let config = config.backoff(Duration::ZERO, Duration::ZERO).rate_limit_backoff(Duration::ZERO);
    let client = Client::new(config).unwrap();
    fuzz("itglue", &WORDS, |input| {
        server.answer([Answer::with(input)]);
        server.run(input, call(&client, input.operation));
    });
}
