//! Who may log in by SSH, and the service that lets them in.

use std::time::Duration;

use dtc_provision::PortError;
use dtc_provision::ids::UserId;
use dtc_provision::ports::{AccessGrant, EndUser, SshServer, ZFS};
use futures_util::future::try_join;
use truenas_client::services::{ServiceName, ServiceState};
use truenas_client::users::{UpdateUser, User};
use truenas_client::{Client, ErrorKind, Switch};

use super::keychain::host_key;
use crate::error::{Attempt as _, parsed};

/// A service starts within seconds.
const LIMIT: Duration = Duration::from_mins(2);
/// The number of the user who may do everything.
const ROOT: i64 = 0;

pub(super) async fn user(client: &Client, name: &str) -> Result<Option<EndUser>, PortError> {
    match client.users().named(name).await {
        Ok(found) => Ok(Some(seen(found))),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error).attempting(format_args!("look at the user {name}")),
    }
}

/// CORE does not tell whose key it is: there it is root's.
pub(super) async fn own_home(client: &Client) -> Result<Option<String>, PortError> {
    match client.system().me().await {
        Ok(me) => Ok(me.home),
        Err(error) if matches!(error.kind(), ErrorKind::Unsupported { .. }) => Ok(None),
        Err(error) => Err(error).attempting("look at the user of the API key"),
    }
}

fn seen(found: User) -> EndUser {
    let keys = found.sshpubkey.unwrap_or_default();
    EndUser {
        id: UserId::new(found.id.to_string()),
        name: found.username,
        is_root: found.uid == ROOT,
        locked: found.locked,
        home: found.home,
        public_keys: keys.lines().filter(|key| !key.trim().is_empty()).map(str::to_owned).collect(),
        sudo: found.sudo_commands_nopasswd,
    }
}

pub(super) async fn ssh_server(client: &Client) -> Result<SshServer, PortError> {
    let (services, ssh) = (client.services(), client.ssh());
    let found = try_join(services.get(&ServiceName::Ssh), ssh.config()).await;
    let (service, config) = found.attempting("look at the appliance's SSH service")?;
    Ok(SshServer {
        running: service.state == ServiceState::Running,
        autostart: service.autostart,
        port: config.tcpport,
        host_keys: config.host_keys().map(host_key).collect(),
    })
}

/// The user first: a service that runs and lets nobody in is no wider than before.
pub(super) async fn grant(client: &Client, grant: &AccessGrant) -> Result<(), PortError> {
    let user = &grant.user;
    if let Some(changes) = changes(grant) {
        let id = parsed(user.id.as_str(), "a user").map(truenas_client::UserId::new)?;
        let updated = client.users().update(id, &changes).await;
        updated.attempting(format_args!("let a public key log in as {}", user.name))?;
    }
    let (services, ssh) = (client.services(), ServiceName::Ssh);
    let service = services.get(&ssh).await.attempting("look at the appliance's SSH service")?;
    if !service.autostart {
        let set = services.set_autostart(&ssh, Switch::On).await;
        set.attempting("have the SSH service start with the appliance")?;
    }
    if service.state != ServiceState::Running {
        services.start(&ssh, LIMIT).await.attempting("start the SSH service")?;
    }
    Ok(())
}

/// What has to change about the user; nothing where it has everything.
fn changes(grant: &AccessGrant) -> Option<UpdateUser> {
    let (user, key) = (&grant.user, grant.public_key.trim());
    let has_key = user.public_keys.iter().any(|held| is_same(held, key));
    let has_sudo = user.sudo.iter().any(|command| command == ZFS || command == "ALL");
    let mut changes = None;
    let mut change = |with: &dyn Fn(UpdateUser) -> UpdateUser| {
        changes = Some(with(changes.take().unwrap_or_default()));
    };
    if let Some(within) = &grant.home_within {
        change(&|changes| changes.home_within(within));
    }
    if !has_key {
        let keys: Vec<&str> = user.public_keys.iter().map(String::as_str).chain([key]).collect();
        change(&|changes| changes.ssh_public_key(Some(&keys.join("\n"))));
    }
    if grant.sudo && !has_sudo {
        let commands: Vec<&str> = user.sudo.iter().map(String::as_str).chain([ZFS]).collect();
        change(&|changes| changes.sudo_without_password(&commands));
    }
    changes
}

/// Whether two lines are one key, whatever the comment.
fn is_same(one: &str, other: &str) -> bool {
    let bare = |line: &str| line.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>();
    bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(keys: &[&str], sudo: &[&str]) -> AccessGrant {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let user = EndUser {
            id: UserId::new("7"),
            name: "repl".into(),
            is_root: false,
            locked: false,
            home: "/mnt/tank/home/repl".into(),
            public_keys: owned(keys),
            sudo: owned(sudo),
        };
        AccessGrant { user, public_key: "ssh-rsa AAAA dtc\n".into(), home_within: None, sudo: true }
    }

    #[test]
    fn r1_what_a_user_has_is_kept_and_what_is_missing_is_added() {
        let added = changes(&grant(&["ssh-rsa BBBB theirs"], &["/usr/bin/ls"])).unwrap();
        let sent = serde_json::to_value(added).unwrap();
        assert_eq!(sent["sshpubkey"], "ssh-rsa BBBB theirs\nssh-rsa AAAA dtc");
        assert_eq!(sent["sudo_commands_nopasswd"], serde_json::json!(["/usr/bin/ls", ZFS]));
        assert!(changes(&grant(&["ssh-rsa AAAA another comment"], &["ALL"])).is_none());
        let homeless = AccessGrant { home_within: Some("/mnt/tank/home".into()), ..grant(&[], &[ZFS]) };
        let sent = serde_json::to_value(changes(&homeless).unwrap()).unwrap();
        assert_eq!((&sent["home"], &sent["home_create"]), (&"/mnt/tank/home".into(), &true.into()));
        assert_eq!(sent.get("sudo_commands_nopasswd"), None);
    }
}
