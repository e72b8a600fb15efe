//! Users.

use std::collections::BTreeMap;

use pyo3::prelude::*;
use truenas_client::users as there;
use truenas_client::{Client as Nas, GroupId, Password, UserId};

use super::failure::Failure;
use super::hidden::{Hidden, Redactable};
use super::query::Query;
use super::shown::{Shown, choices, found, taken_away, with};
use crate::errors;
use crate::held::Held;
use crate::twins::twins;
use crate::values::{Many, Nothing, Time, value_class};

choices! {
    leftover, "choice for the group": there::Leftover { "delete" => Delete, "keep" => Keep }
}

/// Who somebody is within a container: another number, ``DIRECT`` for the same, or a word of a newer release.
#[derive(Clone, PartialEq, Eq, Hash, FromPyObject, IntoPyObject)]
pub(crate) enum IdMap {
    Number(u32),
    Named(String),
}

impl Shown<IdMap> for there::IdMap {
    fn shown(self) -> IdMap {
        match self {
            Self::Number(number) => IdMap::Number(number),
            Self::Named(word) => IdMap::Named(word),
            // A form that is added later.
            _ => IdMap::Named(String::new()),
        }
    }
}

fn ids(groups: &[i64]) -> Vec<GroupId> {
    groups.iter().copied().map(GroupId::new).collect()
}

fn texts(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

found! {
    /// A local user (TrueNAS middleware 13.3 to 26, ``user.query``). What a release does not say is ``None``, or empty.
    User of there::User {
        /// Its row.
        id: i64,
        /// The number that the system knows it by.
        uid: i64,
        /// Its name.
        username: String,
        /// What people call it.
        full_name: String,
        /// Its home directory; ``/var/empty`` or ``/nonexistent`` for none.
        home: String,
        /// Its shell, by its path.
        shell: String,
        /// Its first group.
        group: PrimaryGroup,
        /// The other groups that it is in.
        groups: Vec<i64>,
        /// Where mail to it goes.
        email: Option<String> = None,
        /// Whether it cannot log in at all.
        locked: bool,
        /// Whether no password lets it in.
        password_disabled: bool,
        /// Whether it may log in by SSH with its password. CORE has one setting for everybody, and says nothing here.
        ssh_password_enabled: Option<bool> = None,
        /// The keys that it logs in by SSH with, one a line.
        sshpubkey: Option<String> = None,
        /// What it may run as root with its password; ``ALL`` for anything.
        sudo_commands: Vec<String>,
        /// What it may run as root without.
        sudo_commands_nopasswd: Vec<String>,
        /// Whether it may use shares of SMB.
        smb: bool,
        /// Whether it is the system's own.
        builtin: bool,
        /// Whether its name, home and group cannot be changed.
        immutable: Option<bool> = None,
        /// Whether it is this appliance's own, and not of a directory service.
        local: Option<bool> = None,
        /// Whether it stands for a group as well; up to 25.04.
        id_type_both: Option<bool> = None,
        /// Its security identifier, where it uses SMB.
        sid: Option<String> = None,
        /// What its groups let it do by the API, from 24.10 on.
        roles: Vec<String>,
        /// Its API keys, from 25.04 on.
        api_keys: Vec<i64>,
        /// Whether it logs in with a one-time code besides.
        twofactor_auth_configured: Option<bool> = None,
        /// Whether it has to choose another password when it logs in next.
        password_change_required: Option<bool> = None,
        /// When its password was set.
        last_password_change: Option<Time> = None,
        /// How many days ago that was.
        password_age: Option<i64> = None,
        /// Who it is within containers, from 25.04 on.
        userns_idmap: Option<IdMap> = None,
        /// Whether it may use web shares, from 26 on.
        webshare: Option<bool> = None,
        /// The hash of its password.
        unixhash: Redactable = (Redactable::Absent),
        /// The hash of its password for SMB.
        smbhash: Redactable = (Redactable::Absent),
        /// The password that the appliance made for it: in the answer to the call that asked for one, and never again.
        password: Redactable = (Redactable::Absent),
    }
}

found! {
    /// The first group of a user.
    PrimaryGroup of there::PrimaryGroup {
        /// Its row.
        id: Option<i64> = None,
        /// The number that the system knows it by.
        gid: Option<i64> = None,
        /// Its name.
        name: Option<String> = None,
    }
}

value_class! {
    in "dtc.truenas";
    /// A new user. Every field is sent that the release has, since the defaults differ.
    CreateUser {
        /// Its name.
        username: String,
        /// What people call it.
        full_name: String,
        /// The number that the system knows it by; the next one that is free by default.
        uid: Option<i64> = None,
        /// An existing group as its first one, in place of one of its own.
        in_group: Option<i64> = None,
        /// Other groups that it is in. From 24.10 on they decide what it may do by the API.
        groups: Option<Vec<i64>> = None,
        /// A home that exists already, below ``/mnt``.
        home: Option<String> = None,
        /// A home of its name that the appliance makes in this directory, below ``/mnt``.
        home_within: Option<String> = None,
        /// Who may do what in its home, in octal digits; ``700`` by default.
        home_mode: Option<String> = None,
        /// Its shell, one of ``shell_choices``.
        shell: Option<String> = None,
        /// Where mail to it goes.
        email: Option<String> = None,
        /// Whether it may log in by SSH with its password; off by default. CORE has one setting for everybody.
        ssh_password: Option<bool> = None,
        /// The keys that it logs in by SSH with, one a line. They stand in its home, which must be on a pool.
        ssh_public_key: Option<String> = None,
        /// What it may run as root with its password: programs by their paths, or ``ALL``.
        sudo: Option<Vec<String>> = None,
        /// What it may run as root without a password.
        sudo_without_password: Option<Vec<String>> = None,
        /// Whether it may use shares of SMB, for which it needs a password; off by default.
        smb: Option<bool> = None,
        /// Whether it cannot log in; off by default.
        locked: Option<bool> = None,
    }
}

impl CreateUser {
    pub(crate) fn given(&self) -> PyResult<there::CreateUser> {
        let request = there::CreateUser::new(&self.username, &self.full_name);
        let request = with! { request, self;
            uid as it => uid(*it),
            in_group as it => in_group(GroupId::new(*it)),
            groups as it => groups(ids(it)),
            home as it => home(it),
            home_within as it => home_within(it),
            home_mode as it => home_mode(it),
            shell as it => shell(it),
            email as it => email(it),
            ssh_password as it => ssh_password((*it).into()),
            ssh_public_key as it => ssh_public_key(it),
            sudo as it => sudo(it),
            sudo_without_password as it => sudo_without_password(it),
            smb as it => smb((*it).into()),
            locked as it => locked((*it).into()),
        };
        Ok(request)
    }
}

value_class! {
    in "dtc.truenas";
    /// What to change about a user. Its number cannot be changed from 25.04 on, so not at all here.
    UpdateUser {
        /// Another name.
        username: Option<String> = None,
        /// What people call it.
        full_name: Option<String> = None,
        /// Another shell.
        shell: Option<String> = None,
        /// Where mail to it goes; none for nowhere.
        email: Option<String> = None,
        /// Another first group.
        group: Option<i64> = None,
        /// Exactly these other groups.
        groups: Option<Vec<i64>> = None,
        /// Another home, which is there already. What the old one holds is copied, except on a release that moves it.
        home: Option<String> = None,
        /// A home of its name that the appliance makes in this directory, below ``/mnt``.
        home_within: Option<String> = None,
        /// Who may do what in its home, in octal digits.
        home_mode: Option<String> = None,
        /// The keys that it logs in by SSH with; none takes them away.
        ssh_public_key: Option<String> = None,
        /// Whether it may log in by SSH with its password.
        ssh_password: Option<bool> = None,
        /// Whether no password lets it in.
        password_disabled: Option<bool> = None,
        /// Whether it cannot log in.
        locked: Option<bool> = None,
        /// Whether it may use shares of SMB. To let it, its password has to be set anew.
        smb: Option<bool> = None,
        /// What it may run as root with its password.
        sudo: Option<Vec<String>> = None,
        /// What it may run as root without.
        sudo_without_password: Option<Vec<String>> = None,
        /// What is taken away: ``email``, ``ssh_public_key``.
        without: Option<Vec<String>> = None,
    }
}

impl UpdateUser {
    pub(crate) fn given(&self) -> PyResult<there::UpdateUser> {
        let request = there::UpdateUser::new();
        let request = with! { request, self;
            username as it => username(it),
            full_name as it => full_name(it),
            shell as it => shell(it),
            email as it => email(Some(it)),
            group as it => group(GroupId::new(*it)),
            groups as it => groups(&ids(it)),
            home as it => home(it),
            home_within as it => home_within(it),
            home_mode as it => home_mode(it),
            ssh_public_key as it => ssh_public_key(Some(it)),
            ssh_password as it => ssh_password((*it).into()),
            password_disabled as it => password_disabled((*it).into()),
            locked as it => locked((*it).into()),
            smb as it => smb((*it).into()),
            sudo as it => sudo(&texts(it)),
            sudo_without_password as it => sudo_without_password(&texts(it)),
        };
        let gone = taken_away(self.without.as_deref(), &["email", "ssh_public_key"])?;
        let request = if gone.contains(&"email") { request.email(None) } else { request };
        Ok(if gone.contains(&"ssh_public_key") { request.ssh_public_key(None) } else { request })
    }
}

twins! {
    /// Local users.
    "Users" in "dtc.truenas" and "dtc.truenas.aio", Failure: Users / AioUsers(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Every local user, those that the system has of itself among them.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "user.query"
        fn list() -> Many<User> = |nas| {
            Ok(nas.users().list().await?.shown())
        }

        /// The users that a query finds.
        ///
        /// Errors by their ``kind``: Those of every reading call; ``invalid_request`` when the query breaks a rule.
        #[pyo3(signature = (query, *, timeout = None))]
        Read "user.query"
        fn find(query: Query) -> Many<User> = |nas| {
            Ok(nas.users().find(&query.given()?).await?.shown())
        }

        /// One user.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "user.query"
        fn get(id: i64) -> User = |nas| {
            Ok(nas.users().get(UserId::new(id)).await?.shown())
        }

        /// One user by name.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (name, *, timeout = None))]
        Read "user.query"
        fn named(name: String) -> User = |nas| {
            Ok(nas.users().named(&name).await?.shown())
        }

        /// Adds a user. Up to 24.10 the appliance answers with a number only, and the user is read after it.
        ///
        /// Errors by their ``kind``: ``invalid_request`` before anything is sent, where the request breaks a rule that every release has;
        /// ``outcome_unknown`` when the answer is lost, also that of the reading: look before creating again; ``validation`` (a name that is taken, a
        /// home that is not on a pool), ``unauthorized``; ``unsupported`` for what the release lacks.
        #[pyo3(signature = (user, password = None, *, random_password = false, timeout = None))]
        Write "user.create"
        fn create(user: CreateUser, password: Option<Hidden>, random_password: bool) -> User = |nas| {
            let password = password.map(|password| password.given::<Password>());
            let how = match (&password, random_password) {
                (Some(password), false) => there::UserPassword::Set(password),
                (None, false) => there::UserPassword::None,
                (None, true) => there::UserPassword::Random,
                (Some(_), true) => {
                    let problem = "is given, and to be made by the appliance";
                    return Err(errors::argument("password", "", problem, "give one of the two").into());
                }
            };
            Ok(nas.users().create(&user.given()?, &how).await?.shown())
        }

        /// Changes a user.
        ///
        /// Errors by their ``kind``: As ``create``, and ``not_found``.
        #[pyo3(signature = (id, changes, *, timeout = None))]
        Write "user.update"
        fn update(id: i64, changes: UpdateUser) -> User = |nas| {
            Ok(nas.users().update(UserId::new(id), &changes.given()?).await?.shown())
        }

        /// Sets a user's password.
        ///
        /// Errors by their ``kind``: As ``update``.
        #[pyo3(signature = (id, password, *, timeout = None))]
        Write "user.update"
        fn set_password(id: i64, password: Hidden) -> User = |nas| {
            Ok(nas.users().set_password(UserId::new(id), &password.given()).await?.shown())
        }

        /// Deletes a user, and with it its group where nobody else is in that. Its home stays, and its API keys let nobody in any more.
        ///
        /// Errors by their ``kind``: ``rejected`` for a user of the system's; ``not_found``, ``outcome_unknown``, ``unauthorized``.
        #[pyo3(signature = (id, group, *, timeout = None))]
        Write "user.delete"
        fn delete(id: i64, group: String) -> Nothing = |nas| {
            Ok(nas.users().delete(UserId::new(id), leftover(&group)?).await?.shown())
        }

        /// The shells that a user in these groups may have: name by path. CORE offers the same to everybody.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (groups, *, timeout = None))]
        Read "user.shell_choices"
        fn shell_choices(groups: Vec<i64>) -> BTreeMap<String, String> = |nas| {
            Ok(nas.users().shell_choices(&ids(&groups)).await?.shown())
        }

        /// The first number that no user has. By the time that it is used somebody else may have it: left out of a request, the appliance
        /// chooses one itself.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "user.get_next_uid"
        fn next_uid() -> i64 = |nas| {
            Ok(nas.users().next_uid().await?.shown())
        }
    }
}
