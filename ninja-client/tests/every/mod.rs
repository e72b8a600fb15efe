//! One call of every typed operation, with what it looks like on the wire. The wire tests, the read-only test, the simulator's transcript and
//! the mock of the specification all send these.

mod custom_fields;
mod devices;
mod organizations;
mod reports;
mod tenant;

use std::future::Future;
use std::pin::Pin;

use futures_util::{Stream, TryStreamExt as _};
use ninja_client::{
    ApiOperation, Client, ContactId, DeviceId, Error, FieldName, FieldPatch, GroupId, LocationId, NodeRoleId,
    OrganizationId, PolicyId, Uid, UserId, UserRoleId,
};
use serde_json::Value;

/// What the calls act on.
#[derive(Clone, Debug)]
pub(crate) struct Ids {
    pub(crate) organization: OrganizationId,
    pub(crate) location: LocationId,
    pub(crate) device: DeviceId,
    pub(crate) policy: PolicyId,
    pub(crate) condition: Uid,
    pub(crate) node_role: NodeRoleId,
    pub(crate) group: GroupId,
    pub(crate) technician: UserId,
    pub(crate) end_user: UserId,
    pub(crate) contact: ContactId,
    pub(crate) user_role: UserRoleId,
    pub(crate) uid: Uid,
    pub(crate) alert: Uid,
    pub(crate) plan: Uid,
}

impl Default for Ids {
    /// The ids that the rows' paths and bodies show.
    fn default() -> Self {
        Self {
            organization: OrganizationId::new(2),
            location: LocationId::new(4),
            device: DeviceId::new(10),
            policy: PolicyId::new(40),
            condition: Uid::new("e0463b9c-15f7-49ad-b8d2-36a7c5e1f098"),
            node_role: NodeRoleId::new(211),
            group: GroupId::new(7),
            technician: UserId::new(31),
            end_user: UserId::new(32),
            contact: ContactId::new(41),
            user_role: UserRoleId::new(51),
            uid: Uid::new("7d8f1c5e-6a0b-4c3d-9e2f-1a2b3c4d5e6f"),
            alert: Uid::new("c0ffee00-0d1b-4b6f-9a55-6a3d0f7b2f10"),
            plan: Uid::new("5b1f6f0e-2d0a-4c57-9d7e-0f6a3c1b8e24"),
        }
    }
}

type Sent = Pin<Box<dyn Future<Output = Result<String, Error>> + Send>>;

/// One call: what it is on the wire, an answer that it can read, and how to send it; what it answers is shown as `Debug` shows it.
pub(crate) struct Row {
    pub(crate) operation: ApiOperation,
    pub(crate) path: &'static str,
    pub(crate) query: &'static str,
    pub(crate) body: Value,
    pub(crate) reply: Value,
    pub(crate) send: fn(Client, Ids) -> Sent,
}

macro_rules! rows {
    ($client:ident, $ids:ident; $(
        $operation:ident $path:literal $query:literal { $($body:tt)* } -> { $($reply:tt)* }
        $call:expr;
    )*) => {
        pub(super) fn rows() -> Vec<super::Row> {
            vec![$(super::Row {
                operation: ninja_client::operations::$operation,
                path: $path,
                query: $query,
                body: serde_json::json!($($body)*),
                reply: serde_json::json!($($reply)*),
                send: |$client, $ids| Box::pin(async move {
                    let _ = &$ids;
                    Ok(format!("{:?}", $call?))
                }),
            }),*]
        }
    };
}

pub(crate) use rows;

fn patch() -> Result<FieldPatch, Error> {
    Ok(FieldPatch::new().text(&FieldName::new("siteContact")?, "Ada"))
}

/// The first row of a list: what continues it has tests of its own.
async fn first<T>(list: impl Stream<Item = Result<T, Error>>) -> Result<Option<T>, Error> {
    std::pin::pin!(list).try_next().await
}

/// A call of every typed operation.
pub(crate) fn all() -> Vec<Row> {
    let areas =
        [organizations::rows(), devices::rows(), custom_fields::rows(), reports::rows(), tenant::rows()];
    areas.into_iter().flatten().collect()
}
