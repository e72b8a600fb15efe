//! Groups.

use pyo3::prelude::*;
use truenas_client::groups as there;
use truenas_client::{Client as Nas, GroupId, UserId};

use super::failure::Failure;
use super::query::Query;
use super::shown::{Shown, choices, found, with};
use super::users::IdMap;
use crate::held::Held;
use crate::twins::twins;
use crate::values::{Many, Nothing, value_class};

choices! {
    members, "choice for members": there::Members { "delete" => Delete, "keep" => Keep }
}

fn ids(users: &[i64]) -> Vec<UserId> {
    users.iter().copied().map(UserId::new).collect()
}

fn texts(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

found! {
    /// A local group (TrueNAS middleware 13.3 to 26, ``group.query``). What a release does not say is ``None``, or empty.
    Group of there::Group {
        /// Its row.
        id: i64,
        /// The number that the system knows it by.
        gid: i64,
        /// Its name.
        name: String,
        /// Whether it is the system's own.
        builtin: bool,
        /// Whether its name cannot be changed.
        immutable: Option<bool> = None,
        /// Whether it is this appliance's own, and not of a directory service.
        local: Option<bool> = None,
        /// Whether it stands for a user as well; up to 25.04.
        id_type_both: Option<bool> = None,
        /// Whether shares of SMB can name it.
        smb: bool,
        /// Its security identifier, where SMB can name it.
        sid: Option<String> = None,
        /// What its members may run as root with their passwords.
        sudo_commands: Vec<String>,
        /// What they may run as root without.
        sudo_commands_nopasswd: Vec<String>,
        /// What its members may do by the API, from 24.10 on.
        roles: Vec<String>,
        /// Who is in it.
        users: Vec<i64>,
        /// Which group it is within containers, from 25.04 on.
        userns_idmap: Option<IdMap> = None,
    }
}

value_class! {
    in "dtc.truenas";
    /// A new group.
    CreateGroup {
        /// Its name.
        name: String,
        /// The number that the system knows it by; the next one that is free by default.
        gid: Option<i64> = None,
        /// Whether shares of SMB can name it; off by default.
        smb: Option<bool> = None,
        /// Who is in it.
        users: Option<Vec<i64>> = None,
        /// What its members may run as root with their passwords: programs by their paths, or ``ALL``.
        sudo: Option<Vec<String>> = None,
        /// What its members may run as root without a password.
        sudo_without_password: Option<Vec<String>> = None,
    }
}

impl CreateGroup {
    pub(crate) fn given(&self) -> PyResult<there::CreateGroup> {
        let request = there::CreateGroup::new(&self.name);
        let request = with! { request, self;
            gid as it => gid(*it),
            smb as it => smb((*it).into()),
            users as it => users(ids(it)),
            sudo as it => sudo(it),
            sudo_without_password as it => sudo_without_password(it),
        };
        Ok(request)
    }
}

value_class! {
    in "dtc.truenas";
    /// What to change about a group.
    UpdateGroup {
        /// Another name.
        name: Option<String> = None,
        /// Whether shares of SMB can name it.
        smb: Option<bool> = None,
        /// Exactly these users are in it.
        users: Option<Vec<i64>> = None,
        /// What its members may run as root with their passwords.
        sudo: Option<Vec<String>> = None,
        /// What its members may run as root without a password.
        sudo_without_password: Option<Vec<String>> = None,
    }
}

impl UpdateGroup {
    pub(crate) fn given(&self) -> PyResult<there::UpdateGroup> {
        let request = there::UpdateGroup::new();
        let request = with! { request, self;
            name as it => name(it),
            smb as it => smb((*it).into()),
            users as it => users(&ids(it)),
            sudo as it => sudo(&texts(it)),
            sudo_without_password as it => sudo_without_password(&texts(it)),
        };
        Ok(request)
    }
}

twins! {
    /// Local groups.
    "Groups" in "dtc.truenas" and "dtc.truenas.aio", Failure: Groups / AioGroups(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Every local group, those that the system has of itself among them.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "group.query"
        fn list() -> Many<Group> = |nas| {
            Ok(nas.groups().list().await?.shown())
        }

        /// The groups that a query finds.
        ///
        /// Errors by their ``kind``: Those of every reading call; ``invalid_request`` when the query breaks a rule.
        #[pyo3(signature = (query, *, timeout = None))]
        Read "group.query"
        fn find(query: Query) -> Many<Group> = |nas| {
            Ok(nas.groups().find(&query.given()?).await?.shown())
        }

        /// One group.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "group.query"
        fn get(id: i64) -> Group = |nas| {
            Ok(nas.groups().get(GroupId::new(id)).await?.shown())
        }

        /// One group by name.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (name, *, timeout = None))]
        Read "group.query"
        fn named(name: String) -> Group = |nas| {
            Ok(nas.groups().named(&name).await?.shown())
        }

        /// Adds a group.
        ///
        /// Errors by their ``kind``: ``outcome_unknown`` when the answer is lost: look before creating again; ``validation`` (a name that is taken),
        /// ``unauthorized``.
        #[pyo3(signature = (group, *, timeout = None))]
        Write "group.create"
        fn create(group: CreateGroup) -> i64 = |nas| {
            Ok(nas.groups().create(&group.given()?).await?.shown())
        }

        /// Changes a group.
        ///
        /// Errors by their ``kind``: As ``create``, and ``not_found``.
        #[pyo3(signature = (id, changes, *, timeout = None))]
        Write "group.update"
        fn update(id: i64, changes: UpdateGroup) -> Nothing = |nas| {
            Ok(nas.groups().update(GroupId::new(id), &changes.given()?).await?.shown())
        }

        /// Deletes a group.
        ///
        /// Errors by their ``kind``: ``rejected`` for a group of the system's; ``not_found``, ``outcome_unknown``, ``unauthorized``.
        #[pyo3(signature = (id, members, *, timeout = None))]
        Write "group.delete"
        fn delete(id: i64, members: String) -> Nothing = |nas| {
            Ok(nas.groups().delete(GroupId::new(id), self::members(&members)?).await?.shown())
        }
    }
}
