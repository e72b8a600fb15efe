//! Key pairs, and SSH connections to the other appliance.

use dtc_provision::PortError;
use dtc_provision::ids::{KeyPairId, SshConnectionId};
use dtc_provision::ports::{ConnectionSpec, EndConnection, EndHostKey, EndKeyPair};
use truenas_client::Client;
use truenas_client::keychain::{HostKey, KeyPair, KeychainEntry, SshConnection, SshTarget};
use truenas_client::replications::Side;

use crate::error::{Attempt as _, not_understood, parsed};

/// Seconds within which the other appliance has to answer: TrueNAS's own default.
const ANSWERS_WITHIN: u32 = 10;

pub(super) fn host_key(key: &HostKey) -> EndHostKey {
    EndHostKey { line: key.to_string(), fingerprint: key.fingerprint() }
}

pub(super) fn id(connection: &SshConnectionId) -> Result<truenas_client::SshConnectionId, PortError> {
    parsed(connection.as_str(), "an SSH connection").map(truenas_client::SshConnectionId::new)
}

async fn entries(client: &Client) -> Result<Vec<KeychainEntry>, PortError> {
    client.keychain().list().await.attempting("list the appliance's SSH keys and connections")
}

pub(super) async fn key_pair(client: &Client, name: &str) -> Result<Option<EndKeyPair>, PortError> {
    let found = entries(client).await?.into_iter().find_map(|entry| match entry {
        KeychainEntry::KeyPair(pair) if pair.name == name => Some(pair),
        _ => None,
    });
    found.as_ref().map(pair).transpose()
}

fn pair(found: &KeyPair) -> Result<EndKeyPair, PortError> {
    let hidden = || {
        let attempted = format!("read the SSH key pair {:?}", found.name);
        not_understood(attempted, "the appliance does not show its public key; give the API key that right")
    };
    let public_key = found.public_key.clone().ok_or_else(hidden)?;
    Ok(EndKeyPair { id: KeyPairId::new(found.id.to_string()), public_key })
}

/// The private half is made by the appliance and goes back to it: that is how its API has it.
pub(super) async fn create_key_pair(client: &Client, name: &str) -> Result<EndKeyPair, PortError> {
    let attempted = format!("make the SSH key pair {name:?}");
    let made = client.keychain().generate().await.attempting(&attempted)?;
    let kept = client.keychain().create_key_pair(name, &made.private_key).await.attempting(&attempted)?;
    let id = KeyPairId::new(kept.id.to_string());
    Ok(EndKeyPair { id, public_key: kept.public_key.unwrap_or(made.public_key) })
}

pub(super) async fn connection(client: &Client, name: &str) -> Result<Option<EndConnection>, PortError> {
    let found = entries(client).await?.into_iter().find_map(|entry| match entry {
        KeychainEntry::Connection(connection) if connection.name == name => Some(connection),
        _ => None,
    });
    found.map(|found| seen(&found)).transpose()
}

fn seen(found: &SshConnection) -> Result<EndConnection, PortError> {
    let hidden = || {
        let attempted = format!("read the SSH connection {:?}", found.name);
        not_understood(attempted, "the appliance does not show where it leads; give the API key that right")
    };
    let target = found.target.as_ref().ok_or_else(hidden)?;
    Ok(EndConnection {
        id: SshConnectionId::new(found.id.to_string()),
        host: target.host.clone(),
        port: target.port,
        user: target.username.clone(),
        key_pair: KeyPairId::new(target.private_key.to_string()),
        host_keys: target.host_keys().map(|key| host_key(&key)).collect(),
    })
}

pub(super) async fn scan(client: &Client, host: &str, port: u16) -> Result<Vec<EndHostKey>, PortError> {
    let found = client.keychain().scan_host_keys(host, port, ANSWERS_WITHIN).await;
    let found = found.attempting(format_args!("ask the SSH server at {host}:{port} for its host keys"))?;
    Ok(found.iter().map(host_key).collect())
}

pub(super) async fn reached(client: &Client, connection: &SshConnectionId) -> Result<Vec<String>, PortError> {
    let found = client.replications().list_datasets(Side::Ssh(id(connection)?)).await;
    let found = found.attempting("list the other appliance's datasets over the SSH connection")?;
    Ok(found.iter().map(ToString::to_string).collect())
}

pub(super) async fn create_connection(
    client: &Client,
    spec: &ConnectionSpec,
) -> Result<EndConnection, PortError> {
    let attempted = format!("make the SSH connection {:?} to {}:{}", spec.name, spec.host, spec.port);
    let pair = parsed(spec.key_pair.as_str(), "a key pair").map(truenas_client::KeyPairId::new)?;
    let key: HostKey = spec.host_key.line.parse().attempting(&attempted)?;
    let target = SshTarget::new(&spec.host, pair, &key).port(spec.port).username(&spec.user);
    let made = client.keychain().create_connection(&spec.name, &target).await.attempting(attempted)?;
    seen(&made)
}
