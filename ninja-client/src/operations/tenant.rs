//! What belongs to the tenant as a whole.

crate::api_operation::api_operations! {
    CONFIGURE_WEBHOOK = "configure_webhook", Idempotent Put "v2/webhook" [];
    DISABLE_WEBHOOK = "disable_webhook", Idempotent Delete "v2/webhook" [];
    RESET_ALERT = "reset_alert", Idempotent Delete "v2/alert/{uid}" [];
    RESET_ALERT_WITH_DATA = "reset_alert_with_data", NonIdempotent Post "v2/alert/{uid}/reset" [];
    LIST_GROUP_DEVICES = "list_group_devices", Read Get "v2/group/{id}/device-ids" [];
    LIST_JOBS = "list_jobs", Read Get "v2/jobs" ["jobType", "df", "lang", "tz"];
    LIST_ACTIVITIES = "list_activities", Read Get "v2/activities"
        ["class", "before", "after", "olderThan", "newerThan", "type", "status", "user", "seriesUid", "df", "pageSize", "lang", "tz", "sourceConfigUid"];
    LIST_ALERTS = "list_alerts", Read Get "v2/alerts" ["sourceType", "df", "lang", "tz"];
    LIST_SCRIPTS = "list_scripts", Read Get "v2/automation/scripts" ["lang"];
    LIST_ENABLED_NOTIFICATION_CHANNELS = "list_enabled_notification_channels", Read Get "v2/notification-channels/enabled"
        [];
    LIST_GROUPS = "list_groups", Read Get "v2/groups" [];
    LIST_NODE_ROLES = "list_node_roles", Read Get "v2/roles" [];
    LIST_NOTIFICATION_CHANNELS = "list_notification_channels", Read Get "v2/notification-channels" [];
    LIST_TASKS = "list_tasks", Read Get "v2/tasks" [];
    LIST_SOFTWARE_PRODUCTS = "list_software_products", Read Get "v2/software-products" [];
}
