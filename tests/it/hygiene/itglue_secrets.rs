//! E8: no secret of IT Glue is in anything that is logged at TRACE or shown, also where IT Glue repeats what it was sent.

use std::error::Error;
use std::fmt::{Debug, Write as _};
use std::time::Duration;

use itglue_client::{
    ApiKey, Attachable, Client, Config, CreatePassword, OrganizationId, PasswordValue, RecordIdentity,
    UpdatePassword,
};
use simulator::{Fault, Simulator};

use super::canary::Canaries;
use super::echo::described;
use super::{Log, logging_to};

/// Each is stored, and read back.
const VALUES: [&str; 3] = ["K005f6sQx&T9wLmZ2rVb8", "p<ss \"w\u{f6}rd' 4711-hunter", "x7Q!kT2v+Lm9/Zr4=Wb6"];
/// What is attached.
const FILE: &str = "-----BEGIN KEY----- 5yT0pQ8sVb3";

/// Takes down whatever a call came to, as programs print it.
fn add<T: Debug, E: Error + 'static>(output: &mut String, ended: Result<T, E>) -> Option<T> {
    match ended {
        Ok(made) => {
            let _ = writeln!(output, "{made:?}\n{made:#?}");
            Some(made)
        }
        Err(error) => {
            output.push_str(&described(&error));
            None
        }
    }
}

/// Every call that carries a value, or shows one.
async fn calls(client: &Client, organization: OrganizationId, label: &str, output: &mut String) {
    let passwords = client.passwords();
    let lines = RecordIdentity::new([("Serial Number", label)]).unwrap();
    let request = CreatePassword::new(organization, label).username("msp");
    for value in VALUES.map(PasswordValue::new) {
        add(output, passwords.upsert_with_proof(&lines, &request, &value).await);
    }
    let value = PasswordValue::new(VALUES[0]);
    let Some(made) = add(output, passwords.create_nested(&request, &value).await) else { return };
    add(
        output,
        passwords.replace_value(made.id, &UpdatePassword::new(), &PasswordValue::new(VALUES[1])).await,
    );
    add(output, passwords.reveal(made.id).await);
    add(output, passwords.reveal_in(organization, made.id).await);
    for version in add(output, passwords.versions(made.id).await).unwrap_or_default() {
        add(output, passwords.reveal_version(made.id, version.id).await);
    }
    let at = Attachable::Password(made.id);
    add(output, client.attachments().create(at, "key.pem", FILE.as_bytes()).await);
    add(output, client.attachments().list(at).await);
}

#[tokio::test]
async fn e8_no_secret_of_it_glue_is_logged_or_shown() {
    let log = Log::default();
    let guard = logging_to(&log);
    let sim = Simulator::builder().seed(56).start().await.unwrap();
    let at = sim.addresses().itglue.clone();
    let mut canaries = Canaries::default();
    canaries.add("the API key", &at.api_key);
    canaries.add("the file", FILE);
    for (number, value) in VALUES.iter().enumerate() {
        canaries.add(&format!("value {number}"), value);
    }
    let organization = OrganizationId::new(sim.itglue().organization_id());
    let config = Config::new(ApiKey::new(at.api_key.as_str())).base_url(&at.url).attempts(2);
    let config = config.backoff(Duration::ZERO, Duration::ZERO).rate_limit_backoff(Duration::ZERO);
    let client = Client::new(config).unwrap();
    let (mut output, mut echoed) = (format!("{client:?}"), 0);
    for operation in
        ["list_passwords", "create_password", "update_password", "get_password", "create_attachment", "none"]
    {
        for status in [400, 401, 403, 404, 422, 429, 503] {
            sim.faults().clear();
            sim.faults().echo();
            let refused = Fault::refuse(status, "refused", "no");
            sim.faults().on("itglue", operation).times(2).before_effect(refused);
            calls(&client, organization, &format!("{operation} {status}"), &mut output).await;
            echoed += sim.faults().echoed();
        }
    }
    drop(guard);
    let logged = log.0.lock().unwrap().clone();
    assert!(echoed > 50 && logged.len() > 10_000, "nothing was repeated ({echoed}), or logged");
    canaries.assert_absent("the output", output.as_bytes());
    canaries.assert_absent("the log at TRACE", &logged);
}
