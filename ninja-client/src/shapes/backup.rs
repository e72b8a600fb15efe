//! Backups.

use crate::ids::{DeviceId, LocationId, OrganizationId, Uid};
use crate::shapes::values::ActivityResult;
use crate::time::Timestamp;

crate::shape::shapes! {
    /// How a backup got into the cloud (`BackupApiUpsyncJobDto`).
    UpsyncJob {
        may {
            start_time: Timestamp = "startTime",
            end_time: Timestamp = "endTime",
            status: String = "status",
            files_uploaded: i64 = "filesUploaded",
            bytes_uploaded: i64 = "bytesUploaded",
        }
    }
    /// A backup job (`BackupJob`).
    BackupJob {
        may {
            job_id: String = "jobId",
            job_start_time: Timestamp = "jobStartTime",
            job_end_time: Timestamp = "jobEndTime",
            job_status: String = "jobStatus",
            destination: String = "destination",
            source_job_id: Uid = "sourceJobId",
            plan_guid: Uid = "planGuid",
            plan_name: String = "planName",
            plan_type: String = "planType",
            total_actual_storage_bytes: i64 = "totalActualStorageBytes",
            total_stored_bytes: i64 = "totalStoredBytes",
            files_uploaded: i64 = "filesUploaded",
            organization_id: OrganizationId = "organizationId",
            location_id: LocationId = "locationId",
            device_id: DeviceId = "deviceId",
            upsync_job: UpsyncJob = "upsyncJob",
        }
    }
    /// A backup usage (`BackupUsage`).
    BackupUsage {
        may {
            revisions_current_size: i64 = "revisionsCurrentSize",
            revisions_previous_size: i64 = "revisionsPreviousSize",
            revisions_deleted_size: i64 = "revisionsDeletedSize",
            local_file_folder_size: i64 = "localFileFolderSize",
            local_image_size: i64 = "localImageSize",
            local_image_v2_size: i64 = "localImageV2Size",
            cloud_file_folder_size: i64 = "cloudFileFolderSize",
            cloud_image_size: i64 = "cloudImageSize",
            cloud_image_v2_size: i64 = "cloudImageV2Size",
            cloud_network_share_size: i64 = "cloudNetworkShareSize",
            last_successful_backup_job: Timestamp = "lastSuccessfulBackupJob",
            last_failed_backup_job: Timestamp = "lastFailedBackupJob",
            revisions_total_size: i64 = "revisionsTotalSize",
            cloud_total_size: i64 = "cloudTotalSize",
            local_total_size: i64 = "localTotalSize",
        }
    }
    /// An integrity check (`LockhartIntegrityCheckJobCreationResponse`).
    IntegrityCheck {
        may {
            result: ActivityResult = "result",
            job_uid: Uid = "jobUid",
            device_id: DeviceId = "deviceId",
            plan_guid: Uid = "planGuid",
            plan_name: String = "planName",
            plan_type: String = "planType",
        }
    }
}

crate::shape::requests! {
    /// A bandwidth throttle (`BackupBandwidthThrottle`).
    BandwidthThrottle {
        may {
            enabled: bool = "enabled",
            work_hours_kbps: i32 = "workHoursKbps",
            non_work_hours_kbps: i32 = "nonWorkHoursKbps",
            work_hours_user_unit: String = "workHoursUserUnit",
            non_work_hours_user_unit: String = "nonWorkHoursUserUnit",
            work_schedule: WorkSchedule = "workSchedule",
        }
    }
    /// When the working hours are, which have a bandwidth of their own (`BackupBandwidthThrottleWorkSchedule`).
    WorkSchedule {
        may {
            end_hour: i32 = "endHour",
            end_minute: i32 = "endMinute",
            start_hour: i32 = "startHour",
            start_minute: i32 = "startMinute",
            week_days: Vec<String> = "weekDays",
        }
    }
    /// A bandwidth throttle setting (`DeviceBackupBandwidthThrottleSettingRequest`).
    BandwidthThrottleSetting {
        may {
            device_id: DeviceId = "deviceId",
            bandwidth_throttle: BandwidthThrottle = "bandwidthThrottle",
        }
    }
    /// What a new integrity check is made of (`LockhartIntegrityCheckJobCreationRequest`).
    NewIntegrityCheck {
        may {
            device_id: DeviceId = "deviceId",
            plan_uid: Uid = "planUid",
        }
    }
}
