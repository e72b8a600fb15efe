//! The ids that an appliance issues, each a type of its own.

http_core::id_types! {
    /// An API key; the key itself begins with it.
    ApiKeyId: i64;
    /// A stored cloud credential.
    CloudCredentialId: i64;
    /// A cloud sync task.
    CloudSyncId: i64;
    /// An SSH key pair in the keychain.
    KeyPairId: i64;
    /// An SSH connection in the keychain.
    SshConnectionId: i64;
    /// A replication task.
    ReplicationId: i64;
    /// A periodic snapshot task.
    SnapshotTaskId: i64;
    /// A local group's row; not the number that the system knows it by.
    GroupId: i64;
    /// A local user's row; not the number that the system knows it by.
    UserId: i64;
    /// A job. Jobs live in the middleware's memory: after a restart of the appliance the number means nothing.
    JobId: i64;
    /// A pool's row on this appliance; after an export and import it is another.
    PoolId: i64;
    /// A dataset's full name, `pool/parent/child`; of a pool's root dataset, the pool's name.
    DatasetId: String;
}

impl DatasetId {
    /// Whether this is the root dataset of its pool.
    pub fn is_root(&self) -> bool {
        !self.as_str().contains('/')
    }
}
