//! Hardware of devices.

use crate::ids::DeviceId;
use crate::shapes::values::{ConversionStatus, EncryptionMethod, LockStatus, ProtectionStatus};
use crate::time::Timestamp;

crate::shape::shapes! {
    /// A computer system (`ComputerSystem`).
    ComputerSystem {
        may {
            name: String = "name",
            manufacturer: String = "manufacturer",
            model: String = "model",
            bios_serial_number: String = "biosSerialNumber",
            serial_number: String = "serialNumber",
            asset_serial_number: String = "assetSerialNumber",
            domain: String = "domain",
            domain_role: String = "domainRole",
            number_of_processors: i32 = "numberOfProcessors",
            total_physical_memory: i64 = "totalPhysicalMemory",
            virtual_machine: bool = "virtualMachine",
            chassis_type: String = "chassisType",
        }
    }
    /// A computer system of a device, in a report (`DeviceComputerSystem`).
    DeviceComputerSystem {
        may {
            name: String = "name",
            manufacturer: String = "manufacturer",
            model: String = "model",
            bios_serial_number: String = "biosSerialNumber",
            serial_number: String = "serialNumber",
            asset_serial_number: String = "assetSerialNumber",
            domain: String = "domain",
            domain_role: String = "domainRole",
            number_of_processors: i32 = "numberOfProcessors",
            total_physical_memory: i64 = "totalPhysicalMemory",
            virtual_machine: bool = "virtualMachine",
            chassis_type: String = "chassisType",
            device_id: DeviceId = "deviceId",
            timestamp: Timestamp = "timestamp",
        }
    }
    /// A disk drive of a device, in a report (`DeviceDiskDrive`).
    DeviceDiskDrive {
        may {
            bytes_per_sector: i32 = "bytesPerSector",
            description: String = "description",
            interface_type: String = "interfaceType",
            manufacturer: String = "manufacturer",
            media_type: String = "mediaType",
            model: String = "model",
            name: String = "name",
            partition_count: i32 = "partitionCount",
            serial_number: String = "serialNumber",
            size: i64 = "size",
            smart_capable: bool = "smartCapable",
            status: String = "status",
            device_id: DeviceId = "deviceId",
            timestamp: Timestamp = "timestamp",
        }
    }
    /// A network interface of a device, in a report (`DeviceNetworkInterfaces`).
    DeviceNetworkInterface {
        may {
            adapter_name: String = "adapterName",
            default_gateway: String = "defaultGateway",
            interface_type: String = "interfaceType",
            dns_host_name: String = "dnsHostName",
            dns_servers: String = "dnsServers",
            interface_index: String = "interfaceIndex",
            interface_name: String = "interfaceName",
            ip_address: Vec<String> = "ipAddress",
            link_speed: String = "linkSpeed",
            mac_address: Vec<String> = "macAddress",
            mtu: String = "mtu",
            status: String = "status",
            subnet_mask: String = "subnetMask",
            device_id: DeviceId = "deviceId",
        }
    }
    /// A processor of a device, in a report (`DeviceProcessor`).
    DeviceProcessor {
        may {
            architecture: String = "architecture",
            max_clock_speed: i64 = "maxClockSpeed",
            clock_speed: i64 = "clockSpeed",
            name: String = "name",
            num_cores: i32 = "numCores",
            num_logical_cores: i32 = "numLogicalCores",
            device_id: DeviceId = "deviceId",
            timestamp: Timestamp = "timestamp",
        }
    }
    /// A RAID controller of a device, in a report (`DeviceRAIDController`).
    DeviceRaidController {
        may {
            backup_battery_status: String = "backupBatteryStatus",
            battery_temperature: i32 = "batteryTemperature",
            bios_version: String = "biosVersion",
            cache_size: i64 = "cacheSize",
            controller_index: i32 = "controllerIndex",
            driver_name: String = "driverName",
            driver_version: String = "driverVersion",
            family: String = "family",
            firmware_version: String = "firmwareVersion",
            hardware_revision: String = "hardwareRevision",
            manufacturer: String = "manufacturer",
            manufacturing_date: Timestamp = "manufacturingDate",
            model: String = "model",
            physical_drive_count: i32 = "physicalDriveCount",
            slot: String = "slot",
            system_health_status: String = "systemHealthStatus",
            virtual_drive_count: i32 = "virtualDriveCount",
            device_id: DeviceId = "deviceId",
            timestamp: Timestamp = "timestamp",
        }
    }
    /// A RAID drive of a device, in a report (`DeviceRAIDDrive`).
    DeviceRaidDrive {
        may {
            controller_index: i32 = "controllerIndex",
            drive_group: String = "driveGroup",
            drive_id: String = "driveId",
            interface_type: String = "interfaceType",
            location: String = "location",
            media_type: String = "mediaType",
            model: String = "model",
            protection_info: String = "protectionInfo",
            self_encrypted: bool = "selfEncrypted",
            serial: String = "serial",
            size: i64 = "size",
            spun: bool = "spun",
            status: String = "status",
            device_id: DeviceId = "deviceId",
            timestamp: Timestamp = "timestamp",
        }
    }
    /// A volume of a device, in a report (`DeviceVolume`).
    DeviceVolume {
        may {
            name: String = "name",
            drive_letter: String = "driveLetter",
            label: String = "label",
            device_type: String = "deviceType",
            file_system: String = "fileSystem",
            auto_mount: bool = "autoMount",
            compressed: bool = "compressed",
            capacity: i64 = "capacity",
            free_space: i64 = "freeSpace",
            serial_number: String = "serialNumber",
            bit_locker: VolumeBitLockerStatus = "bitLockerStatus",
            device_id: DeviceId = "deviceId",
            timestamp: Timestamp = "timestamp",
        }
    }
    /// A disk drive (`DiskDrive`).
    DiskDrive {
        may {
            bytes_per_sector: i32 = "bytesPerSector",
            description: String = "description",
            interface_type: String = "interfaceType",
            manufacturer: String = "manufacturer",
            media_type: String = "mediaType",
            model: String = "model",
            name: String = "name",
            partition_count: i32 = "partitionCount",
            serial_number: String = "serialNumber",
            size: i64 = "size",
            smart_capable: bool = "smartCapable",
            status: String = "status",
        }
    }
    /// How much memory a device has (`Memory`).
    Memory {
        may {
            capacity: i64 = "capacity",
        }
    }
    /// A network interface (`NetworkInterface`).
    NetworkInterface {
        may {
            adapter_name: String = "adapterName",
            default_gateway: String = "defaultGateway",
            interface_type: String = "interfaceType",
            dns_host_name: String = "dnsHostName",
            dns_servers: String = "dnsServers",
            interface_index: String = "interfaceIndex",
            interface_name: String = "interfaceName",
            ip_address: Vec<String> = "ipAddress",
            link_speed: String = "linkSpeed",
            mac_address: Vec<String> = "macAddress",
            mtu: String = "mtu",
            status: String = "status",
            subnet_mask: String = "subnetMask",
        }
    }
    /// A processor (`Processor`).
    Processor {
        may {
            architecture: String = "architecture",
            max_clock_speed: i64 = "maxClockSpeed",
            clock_speed: i64 = "clockSpeed",
            name: String = "name",
            num_cores: i32 = "numCores",
            num_logical_cores: i32 = "numLogicalCores",
        }
    }
    /// A volume (`Volume`).
    Volume {
        may {
            name: String = "name",
            drive_letter: String = "driveLetter",
            label: String = "label",
            device_type: String = "deviceType",
            file_system: String = "fileSystem",
            auto_mount: bool = "autoMount",
            compressed: bool = "compressed",
            capacity: i64 = "capacity",
            free_space: i64 = "freeSpace",
            serial_number: String = "serialNumber",
            bit_locker: VolumeBitLockerStatus = "bitLockerStatus",
        }
    }
    /// The state of `BitLocker` on a volume (`VolumeBitLockerStatus`).
    VolumeBitLockerStatus {
        may {
            conversion_status: ConversionStatus = "conversionStatus",
            encryption_method: EncryptionMethod = "encryptionMethod",
            protection_status: ProtectionStatus = "protectionStatus",
            lock_status: LockStatus = "lockStatus",
            initialized_for_protection: bool = "initializedForProtection",
        }
    }
}
