//! NinjaOne's answers, through every operation of the client.

use std::time::Duration;

use ninja_client::{
    Client, ClientId, ClientSecret, Config, DeviceId, FieldName, FieldPatch, LocationId, OrganizationId,
    Region, Scope,
};

use crate::engine::fuzz;
use crate::http::{Answer, Server, every, look_at};

const WORDS: [&str; 6] = ["<html>", "invalid_client", "resultCode", "errorMessage", "NaN", "cursor"];

const SCOPES: [Scope; 3] = [Scope::Organization, Scope::Location, Scope::Device];

fn field() -> FieldName {
    FieldName::new("dtcLocationGuid").unwrap()
}

async fn call(client: &Client, operation: &str) {
    let (organization, location, device) = (OrganizationId::new(1), LocationId::new(2), DeviceId::new(3));
    match operation {
        "organizations" | "token" => every(client.organizations().list()).await,
        "organizations-detailed" => every(client.organizations().list_detailed()).await,
        "organization" => look_at(client.organizations().get(organization).await),
        "locations" => look_at(client.locations().list(organization).await),
        "custom-fields" => {
            look_at(client.devices().custom_fields(device).await);
            look_at(client.locations().custom_fields(organization, location).await);
            look_at(client.organizations().custom_fields(organization).await);
        }
        "set-custom-fields" => {
            let patch = FieldPatch::new().text(&field(), "value");
            look_at(client.devices().set_custom_fields(device, &patch).await);
            look_at(client.locations().set_custom_fields(organization, location, &patch).await);
            look_at(client.organizations().set_custom_fields(organization, &patch).await);
        }
        "report" => every(client.custom_fields().report(&SCOPES, &[field()])).await,
        "devices" => every(client.devices().list(organization)).await,
        "devices-detailed" => every(client.devices().list_detailed(organization)).await,
        "device" => look_at(client.devices().get(device).await),
        "search" => look_at(client.devices().search("nas").await),
        other => panic!("the corpus holds {other}, which is no operation"),
    }
}

#[test]
fn x7_answers_of_ninjaone_are_understood_or_refused() {
    let server = Server::start("/ws/oauth/token");
    let token = Answer::ok(r#"{"access_token": "t", "token_type": "Bearer", "expires_in": 3600}"#);
    let config = Config::new(Region::Us, ClientId::new("app-1"), ClientSecret::new("not-a-secret"));
    let config = config.base_url(&server.url).attempts(1).backoff(Duration::ZERO, Duration::ZERO);
    let client = Client::new(config).unwrap();
    fuzz("ninja", &WORDS, |input| {
        let answer = Answer::with(input);
        if input.operation == "token" {
            let refused = Answer { status: 401, ..Answer::default() };
            server.log_in(answer);
            server.answer([refused, Answer::ok("[]")]);
        } else {
            server.log_in(token.clone());
            server.answer([answer]);
        }
        server.run(input, call(&client, input.operation));
    });
}
