//! Activities, jobs and alerts.

use crate::field_value::Json;
use crate::ids::{ActivityId, DeviceId, Uid, UserId};
use crate::members::Members;
use crate::shapes::device::Device;
use crate::shapes::values::{ActivityResult, ActivityType, HealthStatus, JobStatus, Priority, Severity};
use crate::time::Timestamp;

crate::shape::shapes! {
    /// An activity (`Activity`).
    Activity {
        must { id: ActivityId = "id" }
        may {
            activity_time: Timestamp = "activityTime",
            device_id: DeviceId = "deviceId",
            severity: Severity = "severity",
            priority: Priority = "priority",
            series_uid: Uid = "seriesUid",
            activity_type: ActivityType = "activityType",
            status_code: String = "statusCode",
            status: String = "status",
            activity_result: ActivityResult = "activityResult",
            source_config_uid: Uid = "sourceConfigUid",
            source_name: String = "sourceName",
            subject: String = "subject",
            user_id: UserId = "userId",
            message: String = "message",
            kind: String = "type",
            data: Members = "data",
        }
    }
    /// An alert (`Alert`).
    Alert {
        may {
            uid: Uid = "uid",
            device_id: DeviceId = "deviceId",
            message: String = "message",
            create_time: Timestamp = "createTime",
            update_time: Timestamp = "updateTime",
            source_type: String = "sourceType",
            source_config_uid: Uid = "sourceConfigUid",
            source_name: String = "sourceName",
            subject: String = "subject",
            user_id: UserId = "userId",
            psa_ticket_id: Json = "psaTicketId",
            ticket_template_id: i32 = "ticketTemplateId",
            data: Members = "data",
            device: Device = "device",
            priority: String = "priority",
            severity: String = "severity",
            condition_name: String = "conditionName",
            condition_health_status: HealthStatus = "conditionHealthStatus",
            use_global_health_status: bool = "useGlobalHealthStatus",
        }
    }
    /// A job (`Job`).
    Job {
        may {
            uid: Uid = "uid",
            device_id: DeviceId = "deviceId",
            message: String = "message",
            create_time: Timestamp = "createTime",
            update_time: Timestamp = "updateTime",
            source_type: String = "sourceType",
            source_config_uid: Uid = "sourceConfigUid",
            source_name: String = "sourceName",
            subject: String = "subject",
            user_id: UserId = "userId",
            psa_ticket_id: Json = "psaTicketId",
            ticket_template_id: i32 = "ticketTemplateId",
            data: Members = "data",
            device: Device = "device",
            job_status: JobStatus = "jobStatus",
            job_result: ActivityResult = "jobResult",
            job_type: ActivityType = "jobType",
        }
    }
}
