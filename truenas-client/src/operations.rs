//! Every operation that this crate sends, by its name on 25.10, and what repeating it would do: the middleware's methods, and two requests
//! by HTTP. Older releases are asked for the same by other names, and what takes one call there may take several; a read stays one.
//!
//! Of those that may look otherwise: logging in and subscribing to events change nothing but the session. `core.download` starts a
//! job, but one that only reads the file that `filesystem.get` then fetches, and `core.job_download_logs` lets a job's log be fetched.
//! `cloudsync.credentials.verify` has the appliance log in to the cloud and list buckets; nothing is stored. All of these are reads.

http_core::operations! {
    Read {
        API_VERSIONS = "api/versions",
        LOG_IN = "auth.login",
        LOG_IN_WITH_KEY = "auth.login_with_api_key",
        LOG_IN_WITH_TOKEN = "auth.login_with_token",
        LOG_IN_WITH_TOKEN_ON_CORE = "auth.token",
        LOG_IN_EXTENDED = "auth.login_ex",
        LOG_IN_MECHANISMS = "auth.mechanism_choices",
        AUTH_ME = "auth.me",
        CORE_SUBSCRIBE = "core.subscribe",
        CORE_GET_JOBS = "core.get_jobs",
        CORE_DOWNLOAD = "core.download",
        CORE_JOB_DOWNLOAD_LOGS = "core.job_download_logs",
        FILESYSTEM_GET = "filesystem.get",
        FILESYSTEM_LISTDIR = "filesystem.listdir",
        FILESYSTEM_STAT = "filesystem.stat",
        CLOUDSYNC_QUERY = "cloudsync.query",
        CLOUDSYNC_CREDENTIALS_QUERY = "cloudsync.credentials.query",
        CLOUDSYNC_CREDENTIALS_VERIFY = "cloudsync.credentials.verify",
        INTERFACE_QUERY = "interface.query",
        POOL_QUERY = "pool.query",
        POOL_DATASET_QUERY = "pool.dataset.query",
        POOL_SNAPSHOT_QUERY = "pool.snapshot.query",
        POOL_SNAPSHOTTASK_QUERY = "pool.snapshottask.query",
        SERVICE_QUERY = "service.query",
        SNMP_CONFIG = "snmp.config",
        SYSTEM_INFO = "system.info",
        SYSTEM_VERSION = "system.version",
        SYSTEM_GENERAL_CONFIG = "system.general.config",
        ZFS_RESOURCE_QUERY = "zfs.resource.query",
    }
    Idempotent {}
    // Some of these could be repeated, but none is: whoever gets `OutcomeUnknown` looks first.
    NonIdempotent {
        CLOUDSYNC_CREATE = "cloudsync.create",
        CLOUDSYNC_UPDATE = "cloudsync.update",
        CLOUDSYNC_SYNC = "cloudsync.sync",
        CLOUDSYNC_ABORT = "cloudsync.abort",
        CLOUDSYNC_CREDENTIALS_CREATE = "cloudsync.credentials.create",
        CLOUDSYNC_CREDENTIALS_UPDATE = "cloudsync.credentials.update",
        CLOUDSYNC_CREDENTIALS_DELETE = "cloudsync.credentials.delete",
        CORE_JOB_ABORT = "core.job_abort",
        FILESYSTEM_MKDIR = "filesystem.mkdir",
        POOL_DATASET_UPDATE = "pool.dataset.update",
        POOL_SNAPSHOTTASK_CREATE = "pool.snapshottask.create",
        POOL_SNAPSHOTTASK_UPDATE = "pool.snapshottask.update",
        SERVICE_CONTROL = "service.control",
        SERVICE_UPDATE = "service.update",
        SNMP_UPDATE = "snmp.update",
    }
}
