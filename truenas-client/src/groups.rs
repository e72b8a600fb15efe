//! Local groups.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::call::{Call, Changes};
use crate::operations;
use crate::query::Query;
use crate::users::IdMap;
use crate::{Client, Error, GroupId, Switch, UserId};

impl Client {
    /// The appliance's local groups.
    pub fn groups(&self) -> Groups<'_> {
        Groups { client: self }
    }
}

/// Calls about groups.
#[derive(Clone, Copy, Debug)]
pub struct Groups<'a> {
    client: &'a Client,
}

impl Groups<'_> {
    /// Every local group, those that the system has of itself among them.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self) -> Result<Vec<Group>, Error> {
        self.find(&Query::new()).await
    }

    /// The groups that a query finds.
    ///
    /// # Errors
    /// Those of every reading call; `InvalidRequest` when the query breaks a rule.
    pub async fn find(&self, query: &Query) -> Result<Vec<Group>, Error> {
        self.client.select(operations::GROUP_QUERY, query).await
    }

    /// One group.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn get(&self, id: GroupId) -> Result<Group, Error> {
        self.client.one_of(operations::GROUP_QUERY, "id", id.get()).await
    }

    /// One group by name.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn named(&self, name: &str) -> Result<Group, Error> {
        self.client.one_of(operations::GROUP_QUERY, "group", name).await
    }

    /// Adds a group.
    ///
    /// # Errors
    /// `OutcomeUnknown` when the answer is lost: look before creating again; `Validation` (a name that is taken), `Unauthorized`.
    pub async fn create(&self, group: &CreateGroup) -> Result<GroupId, Error> {
        self.client.carry_out(Call::new(operations::GROUP_CREATE, [json!(group)])).await
    }

    /// Changes a group.
    ///
    /// # Errors
    /// As [`create`](Self::create), and `NotFound`.
    pub async fn update(&self, id: GroupId, changes: &UpdateGroup) -> Result<(), Error> {
        let call = Call::new(operations::GROUP_UPDATE, [id.get().into(), changes.0.body()]);
        self.client.carry_out::<Value>(call).await.map(drop)
    }

    /// Deletes a group.
    ///
    /// # Errors
    /// `Rejected` for a group of the system's; `NotFound`, `OutcomeUnknown`, `Unauthorized`.
    pub async fn delete(&self, id: GroupId, members: Members) -> Result<(), Error> {
        let options = json!({"delete_users": members == Members::Delete});
        self.client
            .carry_out::<Value>(Call::new(operations::GROUP_DELETE, [id.get().into(), options]))
            .await
            .map(drop)
    }
}

/// What becomes of the users whose first group is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Members {
    /// They are deleted as well.
    Delete,
    /// They stay, and have another first group.
    Keep,
}

/// A local group (TrueNAS middleware 13.3 to 26, `group.query`). What a release does not say is `None`, or empty.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Group {
    /// Its row.
    pub id: GroupId,
    /// The number that the system knows it by.
    pub gid: i64,
    /// Its name.
    pub name: String,
    /// Whether it is the system's own.
    #[serde(default)]
    pub builtin: bool,
    /// Whether its name cannot be changed.
    #[serde(default)]
    pub immutable: Option<bool>,
    /// Whether it is this appliance's own, and not of a directory service.
    #[serde(default)]
    pub local: Option<bool>,
    /// Whether it stands for a user as well; up to 25.04.
    #[serde(default)]
    pub id_type_both: Option<bool>,
    /// Whether shares of SMB can name it.
    #[serde(default)]
    pub smb: bool,
    /// Its security identifier, where SMB can name it.
    #[serde(default)]
    pub sid: Option<String>,
    /// What its members may run as root with their passwords.
    #[serde(default)]
    pub sudo_commands: Vec<String>,
    /// What they may run as root without.
    #[serde(default)]
    pub sudo_commands_nopasswd: Vec<String>,
    /// What its members may do by the API, from 24.10 on.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Who is in it.
    #[serde(default)]
    pub users: Vec<UserId>,
    /// Which group it is within containers, from 25.04 on.
    #[serde(default)]
    pub userns_idmap: Option<IdMap>,
}

/// A new group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CreateGroup {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    gid: Option<i64>,
    smb: Switch,
    sudo_commands: Vec<String>,
    sudo_commands_nopasswd: Vec<String>,
    users: Vec<i64>,
}

impl CreateGroup {
    /// A group that nobody is in and that has no rights; shares of SMB cannot name it.
    pub fn new(name: impl Into<String>) -> Self {
        let (sudo_commands, sudo_commands_nopasswd) = (Vec::new(), Vec::new());
        Self {
            name: name.into(),
            gid: None,
            smb: Switch::Off,
            sudo_commands,
            sudo_commands_nopasswd,
            users: Vec::new(),
        }
    }

    /// The number that the system knows it by; the next one that is free by default.
    pub fn gid(mut self, gid: i64) -> Self {
        self.gid = Some(gid);
        self
    }

    /// Whether shares of SMB can name it; off by default.
    pub fn smb(mut self, smb: Switch) -> Self {
        self.smb = smb;
        self
    }

    /// Who is in it.
    pub fn users(mut self, users: impl IntoIterator<Item = UserId>) -> Self {
        self.users = users.into_iter().map(UserId::get).collect();
        self
    }

    /// What its members may run as root with their passwords: programs by their paths, or `ALL`.
    pub fn sudo<T: Into<String>>(mut self, commands: impl IntoIterator<Item = T>) -> Self {
        self.sudo_commands = commands.into_iter().map(Into::into).collect();
        self
    }

    /// What its members may run as root without a password.
    pub fn sudo_without_password<T: Into<String>>(mut self, commands: impl IntoIterator<Item = T>) -> Self {
        self.sudo_commands_nopasswd = commands.into_iter().map(Into::into).collect();
        self
    }
}

/// What to change about a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct UpdateGroup(Changes);

impl UpdateGroup {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another name.
    pub fn name(self, name: &str) -> Self {
        Self(self.0.set("name", name))
    }

    /// Whether shares of SMB can name it.
    pub fn smb(self, smb: Switch) -> Self {
        Self(self.0.set("smb", smb.is_on()))
    }

    /// Exactly these users are in it.
    pub fn users(self, users: &[UserId]) -> Self {
        let users: Vec<i64> = users.iter().map(|user| user.get()).collect();
        Self(self.0.set("users", users))
    }

    /// What its members may run as root with their passwords.
    pub fn sudo(self, commands: &[&str]) -> Self {
        Self(self.0.set("sudo_commands", json!(commands)))
    }

    /// What its members may run as root without a password.
    pub fn sudo_without_password(self, commands: &[&str]) -> Self {
        Self(self.0.set("sudo_commands_nopasswd", json!(commands)))
    }
}
