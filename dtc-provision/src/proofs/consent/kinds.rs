//! The kinds of acts that need consent: each is a type, its name in consent files, and what is said of it.

use super::act::{Act, Term};

mod sealed {
    pub trait Sealed {}
}

/// A kind of act that needs consent.
pub trait ConsentKind: sealed::Sealed {
    /// Its name in consent files.
    const NAME: &'static str;
    /// Whether the rest of a plan can be applied without it.
    const MAY_BE_WITHHELD: bool;
    /// What will be so afterwards, for the person who decides.
    fn consequence(act: &Act) -> String;
    /// Whether nothing brings back what was before.
    fn is_irreversible(_act: &Act) -> bool {
        true
    }
}

impl Act {
    /// An act of kind `K` on a subject, under these terms.
    pub(crate) fn of<K: ConsentKind>(
        subject: impl Into<String>,
        terms: impl IntoIterator<Item = Term>,
    ) -> Self {
        Self {
            kind: K::NAME.to_owned(),
            subject: subject.into(),
            terms: terms.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        }
    }
}

macro_rules! consent_kinds {
    ($($(#[$meta:meta])* $name:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Debug)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
    )+};
}

consent_kinds! {
    /// Setting compliance retention: nobody can shorten it for what is uploaded under it (B2).
    ComplianceLock;
    /// Changing settings of a bucket that exists already, enabling object lock included (B3).
    ChangeBucketSettings;
    /// Replacing a Device GUID: the folders move, the old ones stay (I5).
    RewriteDeviceGuid;
    /// Removing the Device GUID property from a pool (I6).
    RemoveProperty;
    /// Pointing a task at another bucket or folder; what lies in the old one stays there (C4, M1).
    RepointTask;
    /// Deleting an orphaned key (K3).
    DeleteOrphanKey;
    /// Trusting a host key that was not pinned before (R2).
    TrustHostKey;
    /// Letting one appliance log in to another for a replication (R1).
    GrantReplicationAccess;
    /// Extending the locks of current versions: nobody can shorten them (B2).
    ExtendLocks;
}

impl ConsentKind for ComplianceLock {
    const NAME: &'static str = "compliance-lock";
    const MAY_BE_WITHHELD: bool = false;

    fn consequence(act: &Act) -> String {
        let (bucket, days) = (act.term("bucket"), act.term("days"));
        format!(
            "whatever is uploaded to {bucket} cannot be deleted by anybody for {days} days, not even by Backblaze"
        )
    }
}

impl ConsentKind for ChangeBucketSettings {
    const NAME: &'static str = "change-bucket-settings";
    const MAY_BE_WITHHELD: bool = false;

    fn consequence(act: &Act) -> String {
        format!("the bucket exists and is changed: {}", act.term("changes"))
    }

    /// Object lock stays on for ever once it is; every other setting can be changed back.
    fn is_irreversible(act: &Act) -> bool {
        act.terms.contains_key("object_lock")
    }
}

impl ConsentKind for RewriteDeviceGuid {
    const NAME: &'static str = "rewrite-device-guid";
    const MAY_BE_WITHHELD: bool = false;

    fn consequence(act: &Act) -> String {
        format!(
            "the appliance's GUID changes from {} to {}: every folder path changes, everything is uploaded again, \
             and the old folder's data stays where it is",
            act.term("from"),
            act.term("to")
        )
    }
}

impl ConsentKind for RemoveProperty {
    const NAME: &'static str = "remove-property";
    const MAY_BE_WITHHELD: bool = true;

    fn consequence(act: &Act) -> String {
        format!("pool {} loses its Device GUID property", act.term("pool"))
    }

    /// The property can be set again.
    fn is_irreversible(_act: &Act) -> bool {
        false
    }
}

impl ConsentKind for RepointTask {
    const NAME: &'static str = "repoint-task";
    const MAY_BE_WITHHELD: bool = false;

    fn consequence(act: &Act) -> String {
        format!(
            "the task of {} points elsewhere: everything is uploaded again, the old folder stays",
            act.term("pool")
        )
    }
}

impl ConsentKind for DeleteOrphanKey {
    const NAME: &'static str = "delete-orphan-key";
    const MAY_BE_WITHHELD: bool = true;

    fn consequence(act: &Act) -> String {
        format!("the key {} is deleted; whoever uses it is locked out", act.subject)
    }
}

impl ConsentKind for ExtendLocks {
    const NAME: &'static str = "extend-locks";
    const MAY_BE_WITHHELD: bool = false;

    fn consequence(act: &Act) -> String {
        let (keep, extend, bytes) =
            (act.term("keep_days"), act.term("extend_days"), act.term("at_most_bytes"));
        format!(
            "in {}, the lock of each current version that ends within {keep} days is extended to {extend} days from now, in versions of at most \
             {bytes} bytes a run; nobody can delete them before, not even Backblaze, and what is deleted meanwhile is paid for until then",
            act.subject
        )
    }
}

impl ConsentKind for TrustHostKey {
    const NAME: &'static str = "trust-host-key";
    const MAY_BE_WITHHELD: bool = false;

    fn consequence(act: &Act) -> String {
        format!(
            "{} is taken for {}, whose SSH server shows the host key {}; whoever holds that key can pass for it",
            act.term("address"),
            act.term("appliance"),
            act.subject
        )
    }

    /// The connection can be deleted again.
    fn is_irreversible(_act: &Act) -> bool {
        false
    }
}

impl ConsentKind for GrantReplicationAccess {
    const NAME: &'static str = "grant-replication-access";
    const MAY_BE_WITHHELD: bool = false;

    fn consequence(act: &Act) -> String {
        let (from, rights) = (act.term("from"), act.term("rights"));
        format!("whoever holds the private key on {from} can log in as {}: {rights}", act.subject)
    }

    /// The rights can be taken away again.
    fn is_irreversible(_act: &Act) -> bool {
        false
    }
}
