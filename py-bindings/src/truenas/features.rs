//! What some releases lack.

use truenas_client::{Feature, Support as SupportThere};

use super::shown::{Shown, choices};
use crate::values::value_class;

choices! {
    feature, "feature": Feature {
        "own_rights" => OwnRights,
        "job_log" => JobLog,
        "make_directory" => MakeDirectory,
        "own_keys" => OwnKeys,
        "key_conversion" => KeyConversion,
        "keys_of_users" => KeysOfUsers,
        "expiring_keys" => ExpiringKeys,
        "key_allow_list" => KeyAllowList,
        "tokens_of_an_address" => TokensOfAnAddress,
        "single_use_tokens" => SingleUseTokens,
        "random_passwords" => RandomPasswords,
        "sudo_of_both_kinds" => SudoOfBothKinds,
        "ssh_password_of_user" => SshPasswordOfUser,
        "empty_directories" => EmptyDirectories,
        "include_filters" => IncludeFilters,
        "create_bucket" => CreateBucket,
        "one_call_ssh_setup" => OneCallSshSetup,
        "peer_login_options" => PeerLoginOptions,
        "ssh_password_groups" => SshPasswordGroups,
        "replication_options" => ReplicationOptions,
        "replication_once" => ReplicationOnce,
        "replication_unmounted" => ReplicationUnmounted,
        "any_case_filters" => AnyCaseFilters,
        "ancestors" => Ancestors,
        "dataset_overview" => DatasetOverview,
        "key_for_children" => KeyForChildren,
        "renamed_obstacles" => RenamedObstacles,
        "replication_keys" => ReplicationKeys,
        "retention_preview" => RetentionPreview,
        "removal_dates" => RemovalDates,
        "snapshot_limits" => SnapshotLimits,
        "snapshot_exclusions" => SnapshotExclusions,
        "snapshots_of_children" => SnapshotsOfChildren,
        "snapshot_holds" => SnapshotHolds,
        "renamed_snapshots" => RenamedSnapshots,
    }
}

value_class! {
    in "dtc.truenas";
    /// Whether an appliance offers a feature; it is true where it does.
    Support {
        /// Whether it does.
        is_supported: bool,
        /// What to do instead, where it does not.
        instead: Option<String> = None,
    }

    fn __bool__(&self) -> bool {
        self.is_supported
    }
}

impl Shown<Support> for SupportThere {
    fn shown(self) -> Support {
        match self {
            Self::Yes => Support { is_supported: true, instead: None },
            Self::No { instead, .. } => Support { is_supported: false, instead: Some(instead.to_owned()) },
            // An answer that is added later is not taken for yes.
            _ => Support { is_supported: false, instead: None },
        }
    }
}
