//! Local users.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::call::{Call, Changes};
use crate::config::Password;
use crate::error::ErrorKind;
use crate::operations;
use crate::query::Query;
use crate::redactable::Redactable;
use crate::{ApiKeyId, Client, Error, GroupId, Switch, UserId};

http_core::secret_types! {
    /// The hash of a user's password, for the system or for SMB: as good as the password to whoever searches it.
    PasswordHash;
}

impl Client {
    /// The appliance's local users.
    pub fn users(&self) -> Users<'_> {
        Users { client: self }
    }
}

/// Calls about users.
#[derive(Clone, Copy, Debug)]
pub struct Users<'a> {
    client: &'a Client,
}

impl Users<'_> {
    /// Every local user, those that the system has of itself among them.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self) -> Result<Vec<User>, Error> {
        self.find(&Query::new()).await
    }

    /// The users that a query finds.
    ///
    /// # Errors
    /// Those of every reading call; `InvalidRequest` when the query breaks a rule.
    pub async fn find(&self, query: &Query) -> Result<Vec<User>, Error> {
        self.client.select(operations::USER_QUERY, query).await
    }

    /// One user.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn get(&self, id: UserId) -> Result<User, Error> {
        self.client.one_of(operations::USER_QUERY, "id", id.get()).await
    }

    /// One user by name.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn named(&self, name: &str) -> Result<User, Error> {
        self.client.one_of(operations::USER_QUERY, "username", name).await
    }

    /// Adds a user. Up to 24.10 the appliance answers with a number only, and the user is read after it.
    ///
    /// # Errors
    /// `InvalidRequest` before anything is sent, where the request breaks a rule that every release has; `OutcomeUnknown` when the
    /// answer is lost, also that of the reading: look before creating again; `Validation` (a name that is taken, a home that is not on a pool),
    /// `Unauthorized`; `Unsupported` for what the release lacks.
    pub async fn create(&self, user: &CreateUser, password: &UserPassword<'_>) -> Result<User, Error> {
        user.check(password).map_err(|reason| self.refused(operations::USER_CREATE, reason))?;
        let call = Call::new(operations::USER_CREATE, [user.body(password)]);
        self.client.carry_out(call).await
    }

    /// Changes a user.
    ///
    /// # Errors
    /// As [`create`](Self::create), and `NotFound`.
    pub async fn update(&self, id: UserId, changes: &UpdateUser) -> Result<User, Error> {
        let call = Call::new(operations::USER_UPDATE, [id.get().into(), changes.0.body()]);
        self.client.carry_out(call).await
    }

    /// Sets a user's password.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn set_password(&self, id: UserId, password: &Password) -> Result<User, Error> {
        let body = json!({"password": password.expose()});
        self.client.carry_out(Call::new(operations::USER_UPDATE, [id.get().into(), body])).await
    }

    /// Deletes a user, and with it its group where nobody else is in that. Its home stays, and its API keys let nobody in any more.
    ///
    /// # Errors
    /// `Rejected` for a user of the system's; `NotFound`, `OutcomeUnknown`, `Unauthorized`.
    pub async fn delete(&self, id: UserId, group: Leftover) -> Result<(), Error> {
        let options = json!({"delete_group": group == Leftover::Delete});
        self.client
            .carry_out::<Value>(Call::new(operations::USER_DELETE, [id.get().into(), options]))
            .await
            .map(drop)
    }

    /// The shells that a user in these groups may have: name by path. CORE offers the same to everybody.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn shell_choices(&self, groups: &[GroupId]) -> Result<BTreeMap<String, String>, Error> {
        let groups: Vec<i64> = groups.iter().map(|group| group.get()).collect();
        self.client.carry_out(Call::new(operations::USER_SHELL_CHOICES, [json!(groups)])).await
    }

    /// The first number that no user has. By the time that it is used somebody else may have it: left out of a request, the appliance
    /// chooses one itself.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn next_uid(&self) -> Result<i64, Error> {
        self.client.carry_out(Call::new(operations::USER_GET_NEXT_UID, [])).await
    }

    fn refused(self, operation: http_core::Operation, reason: &'static str) -> Error {
        Error::new(operation.name(), self.client.subject(), ErrorKind::InvalidRequest { reason })
    }
}

/// What becomes of a group that nobody is in any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leftover {
    /// It is deleted as well.
    Delete,
    /// It stays.
    Keep,
}

/// A local user (TrueNAS middleware 13.3 to 26, `user.query`). What a release does not say is `None`, or empty.
#[derive(Debug, Deserialize)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of the appliance's own row")]
pub struct User {
    /// Its row.
    pub id: UserId,
    /// The number that the system knows it by.
    pub uid: i64,
    /// Its name.
    pub username: String,
    /// What people call it.
    #[serde(default)]
    pub full_name: String,
    /// Its home directory; `/var/empty` or `/nonexistent` for none.
    #[serde(default)]
    pub home: String,
    /// Its shell, by its path.
    #[serde(default)]
    pub shell: String,
    /// Its first group.
    #[serde(default)]
    pub group: PrimaryGroup,
    /// The other groups that it is in.
    #[serde(default)]
    pub groups: Vec<GroupId>,
    /// Where mail to it goes.
    #[serde(default)]
    pub email: Option<String>,
    /// Whether it cannot log in at all.
    #[serde(default)]
    pub locked: bool,
    /// Whether no password lets it in.
    #[serde(default)]
    pub password_disabled: bool,
    /// Whether it may log in by SSH with its password. CORE has one setting for everybody, and says nothing here.
    #[serde(default)]
    pub ssh_password_enabled: Option<bool>,
    /// The keys that it logs in by SSH with, one a line.
    #[serde(default)]
    pub sshpubkey: Option<String>,
    /// What it may run as root with its password; `ALL` for anything.
    #[serde(default)]
    pub sudo_commands: Vec<String>,
    /// What it may run as root without.
    #[serde(default)]
    pub sudo_commands_nopasswd: Vec<String>,
    /// Whether it may use shares of SMB.
    #[serde(default)]
    pub smb: bool,
    /// Whether it is the system's own.
    #[serde(default)]
    pub builtin: bool,
    /// Whether its name, home and group cannot be changed.
    #[serde(default)]
    pub immutable: Option<bool>,
    /// Whether it is this appliance's own, and not of a directory service.
    #[serde(default)]
    pub local: Option<bool>,
    /// Whether it stands for a group as well; up to 25.04.
    #[serde(default)]
    pub id_type_both: Option<bool>,
    /// Its security identifier, where it uses SMB.
    #[serde(default)]
    pub sid: Option<String>,
    /// What its groups let it do by the API, from 24.10 on.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Its API keys, from 25.04 on.
    #[serde(default)]
    pub api_keys: Vec<ApiKeyId>,
    /// Whether it logs in with a one-time code besides.
    #[serde(default)]
    pub twofactor_auth_configured: Option<bool>,
    /// Whether it has to choose another password when it logs in next.
    #[serde(default)]
    pub password_change_required: Option<bool>,
    /// When its password was set.
    #[serde(default, deserialize_with = "crate::ejson::moment")]
    pub last_password_change: Option<std::time::SystemTime>,
    /// How many days ago that was.
    #[serde(default)]
    pub password_age: Option<i64>,
    /// Who it is within containers, from 25.04 on.
    #[serde(default)]
    pub userns_idmap: Option<IdMap>,
    /// Whether it may use web shares, from 26 on.
    #[serde(default)]
    pub webshare: Option<bool>,
    /// The hash of its password.
    #[serde(default)]
    pub unixhash: Redactable<PasswordHash>,
    /// The hash of its password for SMB.
    #[serde(default)]
    pub smbhash: Redactable<PasswordHash>,
    /// The password that the appliance made for it: in the answer to the call that asked for one, and never again.
    #[serde(default)]
    pub password: Redactable<Password>,
}

/// The first group of a user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PrimaryGroup {
    /// Its row.
    pub id: Option<GroupId>,
    /// The number that the system knows it by.
    #[serde(rename = "bsdgrp_gid")]
    pub gid: Option<i64>,
    /// Its name.
    #[serde(rename = "bsdgrp_group")]
    pub name: Option<String>,
}

/// Who somebody is within a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum IdMap {
    /// Another number.
    Number(u32),
    /// `DIRECT`, for the same number, or a word of a newer release.
    Named(String),
}

/// How a new user's password comes about.
#[derive(Debug)]
#[non_exhaustive]
pub enum UserPassword<'a> {
    /// It is this.
    Set(&'a Password),
    /// No password lets it in: it logs in by SSH with a key, or not at all. Such a user cannot use SMB.
    None,
    /// The appliance makes one, from 25.04 on, and says it once, in the answer.
    Random,
}

/// A new user. Every field is sent that the release has, since the defaults differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CreateUser {
    username: String,
    full_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<i64>,
    group_create: Switch,
    groups: Vec<i64>,
    home: Option<String>,
    home_create: Switch,
    home_mode: Option<String>,
    shell: Option<String>,
    email: Option<String>,
    ssh_password_enabled: Switch,
    sshpubkey: Option<String>,
    sudo_commands: Vec<String>,
    sudo_commands_nopasswd: Vec<String>,
    smb: Switch,
    locked: Switch,
}

impl CreateUser {
    /// A user with a group of its own, no home and no rights, that cannot use SMB.
    pub fn new(username: impl Into<String>, full_name: impl Into<String>) -> Self {
        Self {
            username: username.into(),
            full_name: full_name.into(),
            uid: None,
            group: None,
            group_create: Switch::On,
            groups: Vec::new(),
            home: None,
            home_create: Switch::Off,
            home_mode: None,
            shell: None,
            email: None,
            ssh_password_enabled: Switch::Off,
            sshpubkey: None,
            sudo_commands: Vec::new(),
            sudo_commands_nopasswd: Vec::new(),
            smb: Switch::Off,
            locked: Switch::Off,
        }
    }

    /// The number that the system knows it by; the next one that is free by default.
    pub fn uid(mut self, uid: i64) -> Self {
        self.uid = Some(uid);
        self
    }

    /// An existing group as its first one, in place of one of its own.
    pub fn in_group(mut self, group: GroupId) -> Self {
        (self.group, self.group_create) = (Some(group.get()), Switch::Off);
        self
    }

    /// Other groups that it is in. From 24.10 on they decide what it may do by the API.
    pub fn groups(mut self, groups: impl IntoIterator<Item = GroupId>) -> Self {
        self.groups = groups.into_iter().map(GroupId::get).collect();
        self
    }

    /// A home that exists already, below `/mnt`.
    pub fn home(mut self, path: impl Into<String>) -> Self {
        (self.home, self.home_create) = (Some(path.into()), Switch::Off);
        self
    }

    /// A home of its name that the appliance makes in this directory, below `/mnt`.
    pub fn home_within(mut self, path: impl Into<String>) -> Self {
        (self.home, self.home_create) = (Some(path.into()), Switch::On);
        self
    }

    /// Who may do what in its home, in octal digits; `700` by default.
    pub fn home_mode(mut self, mode: impl Into<String>) -> Self {
        self.home_mode = Some(mode.into());
        self
    }

    /// Its shell, one of [`shell_choices`](Users::shell_choices).
    pub fn shell(mut self, path: impl Into<String>) -> Self {
        self.shell = Some(path.into());
        self
    }

    /// Where mail to it goes.
    pub fn email(mut self, address: impl Into<String>) -> Self {
        self.email = Some(address.into());
        self
    }

    /// Whether it may log in by SSH with its password; off by default. CORE has one setting for everybody.
    pub fn ssh_password(mut self, enabled: Switch) -> Self {
        self.ssh_password_enabled = enabled;
        self
    }

    /// The keys that it logs in by SSH with, one a line. They stand in its home, which must be on a pool.
    pub fn ssh_public_key(mut self, keys: impl Into<String>) -> Self {
        self.sshpubkey = Some(keys.into());
        self
    }

    /// What it may run as root with its password: programs by their paths, or `ALL`.
    pub fn sudo<T: Into<String>>(mut self, commands: impl IntoIterator<Item = T>) -> Self {
        self.sudo_commands = commands.into_iter().map(Into::into).collect();
        self
    }

    /// What it may run as root without a password.
    pub fn sudo_without_password<T: Into<String>>(mut self, commands: impl IntoIterator<Item = T>) -> Self {
        self.sudo_commands_nopasswd = commands.into_iter().map(Into::into).collect();
        self
    }

    /// Whether it may use shares of SMB, for which it needs a password; off by default.
    pub fn smb(mut self, smb: Switch) -> Self {
        self.smb = smb;
        self
    }

    /// Whether it cannot log in; off by default.
    pub fn locked(mut self, locked: Switch) -> Self {
        self.locked = locked;
        self
    }

    fn body(&self, password: &UserPassword<'_>) -> Value {
        let mut body = json!(self);
        // What is not said is left to the release, whose homes and shells have other names.
        if let Some(fields) = body.as_object_mut() {
            fields.retain(|_, value| !value.is_null());
        }
        match password {
            UserPassword::Set(password) => body["password"] = password.expose().into(),
            UserPassword::None => body["password_disabled"] = true.into(),
            UserPassword::Random => body["random_password"] = true.into(),
        }
        body
    }

    /// What every release refuses, and some only once the user is half made (TrueNAS middleware 13.3 to 26, `plugins/account.py`).
    fn check(&self, password: &UserPassword<'_>) -> Result<(), &'static str> {
        if self.smb.is_on() && matches!(password, UserPassword::None) {
            return Err("a user without a password cannot use SMB");
        }
        let is_on_a_pool = self.home.as_deref().is_some_and(|home| home.starts_with("/mnt/"));
        if self.sshpubkey.is_some() && !is_on_a_pool {
            return Err("a user's SSH keys stand in its home: give it one below /mnt");
        }
        if self.home.as_deref().is_some_and(|home| !is_on_a_pool || home.contains(':')) {
            return Err("a home lies below /mnt, and has no colon in its path");
        }
        Ok(())
    }
}

/// What to change about a user. Its number cannot be changed from 25.04 on, so not at all here.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct UpdateUser(Changes);

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $kind:ty => $field:literal, $value:expr;)*) => {
        $($(#[$doc])*
        pub fn $name(self, value: $kind) -> Self {
            let value: Value = $value(value);
            Self(self.0.set($field, value))
        })*
    };
}

impl UpdateUser {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A home of its name that the appliance makes in this directory, below `/mnt`.
    pub fn home_within(self, path: &str) -> Self {
        Self(self.0.set("home", path).set("home_create", true))
    }

    setters! {
        /// Another name.
        username: &str => "username", Value::from;
        /// What people call it.
        full_name: &str => "full_name", Value::from;
        /// Another shell.
        shell: &str => "shell", Value::from;
        /// Where mail to it goes; none for nowhere.
        email: Option<&str> => "email", Value::from;
        /// Another first group.
        group: GroupId => "group", |group: GroupId| group.get().into();
        /// Exactly these other groups.
        groups: &[GroupId] => "groups", |groups: &[GroupId]| groups.iter().map(|group| Value::from(group.get())).collect();
        /// Another home, which is there already. What the old one holds is copied, except on a release that moves it.
        home: &str => "home", Value::from;
        /// Who may do what in its home, in octal digits.
        home_mode: &str => "home_mode", Value::from;
        /// The keys that it logs in by SSH with; none takes them away.
        ssh_public_key: Option<&str> => "sshpubkey", Value::from;
        /// Whether it may log in by SSH with its password.
        ssh_password: Switch => "ssh_password_enabled", |on: Switch| on.is_on().into();
        /// Whether no password lets it in.
        password_disabled: Switch => "password_disabled", |on: Switch| on.is_on().into();
        /// Whether it cannot log in.
        locked: Switch => "locked", |on: Switch| on.is_on().into();
        /// Whether it may use shares of SMB. To let it, its password has to be set anew.
        smb: Switch => "smb", |on: Switch| on.is_on().into();
        /// What it may run as root with its password.
        sudo: &[&str] => "sudo_commands", |commands: &[&str]| json!(commands);
        /// What it may run as root without.
        sudo_without_password: &[&str] => "sudo_commands_nopasswd", |commands: &[&str]| json!(commands);
    }
}
