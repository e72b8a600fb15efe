//! Values of which NinjaOne has a list, which grows.

crate::open_enum::open_enums! {
    /// Activity result, by NinjaOne's own names.
    ActivityResult {
        Success = "SUCCESS",
        Failure = "FAILURE",
        Unsupported = "UNSUPPORTED",
        Uncompleted = "UNCOMPLETED",
    }
    /// Activity type, by NinjaOne's own names.
    ActivityType {
        Actionset = "ACTIONSET",
        Action = "ACTION",
        Condition = "CONDITION",
        ConditionActionset = "CONDITION_ACTIONSET",
        ConditionAction = "CONDITION_ACTION",
        Antivirus = "ANTIVIRUS",
        PatchManagement = "PATCH_MANAGEMENT",
        Teamviewer = "TEAMVIEWER",
        Monitor = "MONITOR",
        System = "SYSTEM",
        Comment = "COMMENT",
        Shadowprotect = "SHADOWPROTECT",
        Imagemanager = "IMAGEMANAGER",
        HelpRequest = "HELP_REQUEST",
        SoftwarePatchManagement = "SOFTWARE_PATCH_MANAGEMENT",
        Splashtop = "SPLASHTOP",
        Cloudberry = "CLOUDBERRY",
        CloudberryBackup = "CLOUDBERRY_BACKUP",
        ScheduledTask = "SCHEDULED_TASK",
        Rdp = "RDP",
        Scripting = "SCRIPTING",
        Security = "SECURITY",
        RemoteTools = "REMOTE_TOOLS",
        Virtualization = "VIRTUALIZATION",
        Psa = "PSA",
        Mdm = "MDM",
        NinjaRemote = "NINJA_REMOTE",
        NinjaQuickConnect = "NINJA_QUICK_CONNECT",
        NinjaNetworkDiscovery = "NINJA_NETWORK_DISCOVERY",
        NinjaBackup = "NINJA_BACKUP",
        NinjaTicketing = "NINJA_TICKETING",
        KnowledgeBase = "KNOWLEDGE_BASE",
        RelatedItem = "RELATED_ITEM",
        ClientChecklist = "CLIENT_CHECKLIST",
        ChecklistTemplate = "CHECKLIST_TEMPLATE",
        Documentation = "DOCUMENTATION",
        MicrosoftIntune = "MICROSOFT_INTUNE",
        DynamicPolicy = "DYNAMIC_POLICY",
    }
    /// Api permission, by NinjaOne's own names.
    ApiPermission {
        None = "NONE",
        ReadOnly = "READ_ONLY",
        WriteOnly = "WRITE_ONLY",
        ReadWrite = "READ_WRITE",
    }
    /// Channel type, by NinjaOne's own names.
    ChannelType {
        Email = "EMAIL",
        MetaChannel = "META_CHANNEL",
        PagerDuty = "PAGER_DUTY",
        Slack = "SLACK",
        Sms = "SMS",
        MicrosoftTeams = "MICROSOFT_TEAMS",
        Webhook = "WEBHOOK",
        Other = "OTHER",
    }
    /// Chassis type, by NinjaOne's own names.
    ChassisType {
        Unknown = "UNKNOWN",
        Desktop = "DESKTOP",
        Laptop = "LAPTOP",
        Mobile = "MOBILE",
    }
    /// Conversion status, by NinjaOne's own names.
    ConversionStatus {
        FullyDecrypted = "FULLY_DECRYPTED",
        FullyEncrypted = "FULLY_ENCRYPTED",
        EncryptionInProgress = "ENCRYPTION_IN_PROGRESS",
        DecryptionInProgress = "DECRYPTION_IN_PROGRESS",
        EncryptionPaused = "ENCRYPTION_PAUSED",
        DecryptionPaused = "DECRYPTION_PAUSED",
        Unknown = "UNKNOWN",
    }
    /// Credential type, by NinjaOne's own names.
    CredentialType {
        Snmpv12c = "SNMPV12C",
        Snmpv3 = "SNMPV3",
        TelnetSsh = "TELNET_SSH",
        NetworkLocation = "NETWORK_LOCATION",
        EncryptionKey = "ENCRYPTION_KEY",
        Basic = "BASIC",
        Snmpv1 = "SNMPV1",
        Snmpv2 = "SNMPV2",
    }
    /// Date rule, by NinjaOne's own names.
    DateRule {
        None = "NONE",
        Include = "INCLUDE",
        Exclude = "EXCLUDE",
        PastDatesOnly = "PAST_DATES_ONLY",
        FutureDatesOnly = "FUTURE_DATES_ONLY",
        Range = "RANGE",
    }
    /// How far a definition of the old kind reaches.
    DefinitionReach {
        NodeGlobal = "NODE_GLOBAL",
        NodeRole = "NODE_ROLE",
        NodeClass = "NODE_CLASS",
    }
    /// What kind of entity has a custom field.
    DefinitionScope {
        Node = "NODE",
        EndUser = "END_USER",
        Location = "LOCATION",
        Organization = "ORGANIZATION",
    }
    /// Encryption method, by NinjaOne's own names.
    EncryptionMethod {
        None = "NONE",
        Aes128WithDiffuser = "AES_128_WITH_DIFFUSER",
        Aes256WithDiffuser = "AES_256_WITH_DIFFUSER",
        Aes128 = "AES_128",
        Aes256 = "AES_256",
        HardwareEncryption = "HARDWARE_ENCRYPTION",
        XtsAes128 = "XTS_AES_128",
        XtsAes256 = "XTS_AES_256",
        Unknown = "UNKNOWN",
    }
    /// End user permission, by NinjaOne's own names.
    EndUserPermission {
        Hidden = "HIDDEN",
        EditableOptional = "EDITABLE_OPTIONAL",
        EditableRequired = "EDITABLE_REQUIRED",
        ReadOnly = "READ_ONLY",
    }
    /// Field entity type, by NinjaOne's own names.
    FieldEntityType {
        User = "USER",
        Node = "NODE",
        Ticket = "TICKET",
        Document = "DOCUMENT",
    }
    /// Field operator, by NinjaOne's own names.
    FieldOperator {
        Equals = "EQUALS",
        NotEquals = "NOT_EQUALS",
        LessThan = "LESS_THAN",
        LessOrEqualThan = "LESS_OR_EQUAL_THAN",
        GreaterThan = "GREATER_THAN",
        GreaterOrEqualThan = "GREATER_OR_EQUAL_THAN",
        IsNotNull = "IS_NOT_NULL",
        Contains = "CONTAINS",
        ContainsNone = "CONTAINS_NONE",
        ContainsAny = "CONTAINS_ANY",
    }
    /// Field type, by NinjaOne's own names.
    FieldType {
        Dropdown = "DROPDOWN",
        MultiSelect = "MULTI_SELECT",
        Checkbox = "CHECKBOX",
        Text = "TEXT",
        TextMultiline = "TEXT_MULTILINE",
        TextEncrypted = "TEXT_ENCRYPTED",
        Numeric = "NUMERIC",
        Decimal = "DECIMAL",
        Date = "DATE",
        DateTime = "DATE_TIME",
        Time = "TIME",
        Attachment = "ATTACHMENT",
        NodeDropdown = "NODE_DROPDOWN",
        NodeMultiSelect = "NODE_MULTI_SELECT",
        ClientDropdown = "CLIENT_DROPDOWN",
        ClientMultiSelect = "CLIENT_MULTI_SELECT",
        ClientLocationDropdown = "CLIENT_LOCATION_DROPDOWN",
        ClientLocationMultiSelect = "CLIENT_LOCATION_MULTI_SELECT",
        ClientDocumentDropdown = "CLIENT_DOCUMENT_DROPDOWN",
        ClientDocumentMultiSelect = "CLIENT_DOCUMENT_MULTI_SELECT",
        Email = "EMAIL",
        Phone = "PHONE",
        IpAddress = "IP_ADDRESS",
        Wysiwyg = "WYSIWYG",
        Url = "URL",
        Monetary = "MONETARY",
        Identifier = "IDENTIFIER",
        Totp = "TOTP",
    }
    /// Health status, by NinjaOne's own names.
    HealthStatus {
        Unknown = "UNKNOWN",
        Healthy = "HEALTHY",
        NeedsAttention = "NEEDS_ATTENTION",
        Unhealthy = "UNHEALTHY",
    }
    /// Identifier assignment, by NinjaOne's own names.
    IdentifierAssignment {
        NewAssetsOnly = "NEW_ASSETS_ONLY",
        NewAndExistingAssets = "NEW_AND_EXISTING_ASSETS",
    }
    /// Identifier scope, by NinjaOne's own names.
    IdentifierScope {
        None = "NONE",
        Global = "GLOBAL",
        Organization = "ORGANIZATION",
    }
    /// Identifier type, by NinjaOne's own names.
    IdentifierType {
        Custom = "CUSTOM",
        Sequence = "SEQUENCE",
    }
    /// Installation status, by NinjaOne's own names.
    InstallationStatus {
        Requested = "REQUESTED",
        DownloadStarted = "DOWNLOAD_STARTED",
        Downloaded = "DOWNLOADED",
        DownloadFailed = "DOWNLOAD_FAILED",
        InstallStarted = "INSTALL_STARTED",
        Installed = "INSTALLED",
        InstallFailed = "INSTALL_FAILED",
        UninstallRequested = "UNINSTALL_REQUESTED",
        UninstallFailed = "UNINSTALL_FAILED",
        Uninstalled = "UNINSTALLED",
    }
    /// Installer type, by NinjaOne's own names.
    InstallerType {
        WindowsMsi = "WINDOWS_MSI",
        WindowsArm64Msi = "WINDOWS_ARM64_MSI",
        MacDmg = "MAC_DMG",
        MacPkg = "MAC_PKG",
        LinuxDeb = "LINUX_DEB",
        LinuxRpm = "LINUX_RPM",
        LinuxArm64Deb = "LINUX_ARM64_DEB",
        LinuxArmv7aDeb = "LINUX_ARMV7A_DEB",
        LinuxArm64Rpm = "LINUX_ARM64_RPM",
        LinuxArmv7aRpm = "LINUX_ARMV7A_RPM",
    }
    /// Invitation status, by NinjaOne's own names.
    InvitationStatus {
        Registered = "REGISTERED",
        Pending = "PENDING",
        Expired = "EXPIRED",
    }
    /// IP address kind, by NinjaOne's own names.
    IpAddressKind {
        All = "ALL",
        Ipv4 = "IPV4",
        Ipv6 = "IPV6",
    }
    /// Job status, by NinjaOne's own names.
    JobStatus {
        StartRequested = "START_REQUESTED",
        Started = "STARTED",
        InProcess = "IN_PROCESS",
        Completed = "COMPLETED",
        CancelRequested = "CANCEL_REQUESTED",
        Cancelled = "CANCELLED",
        WaitingForUserResponse = "WAITING_FOR_USER_RESPONSE",
        Triggered = "TRIGGERED",
        Reset = "RESET",
        Acknowledged = "ACKNOWLEDGED",
        Disabled = "DISABLED",
    }
    /// Lock status, by NinjaOne's own names.
    LockStatus {
        Unknown = "UNKNOWN",
        Unlocked = "UNLOCKED",
        Locked = "LOCKED",
    }
    /// Maintenance feature, by NinjaOne's own names.
    MaintenanceFeature {
        Alerts = "ALERTS",
        Patching = "PATCHING",
        Avscans = "AVSCANS",
        Tasks = "TASKS",
    }
    /// Maintenance status, by NinjaOne's own names.
    MaintenanceStatus {
        Pending = "PENDING",
        InMaintenance = "IN_MAINTENANCE",
        Failed = "FAILED",
    }
    /// Node approval mode, by NinjaOne's own names.
    NodeApprovalMode {
        Automatic = "AUTOMATIC",
        Manual = "MANUAL",
        Reject = "REJECT",
    }
    /// Notification action, by NinjaOne's own names.
    NotificationAction {
        None = "NONE",
        Send = "SEND",
    }
    /// Priority, by NinjaOne's own names.
    Priority {
        None = "NONE",
        Low = "LOW",
        Medium = "MEDIUM",
        High = "HIGH",
    }
    /// Protection status, by NinjaOne's own names.
    ProtectionStatus {
        Unprotected = "UNPROTECTED",
        Protected = "PROTECTED",
        Unknown = "UNKNOWN",
        Pending = "PENDING",
    }
    /// Run as, by NinjaOne's own names.
    RunAs {
        System = "SYSTEM",
        LoggedOnUser = "LOGGED_ON_USER",
        LocalAdmin = "LOCAL_ADMIN",
        DomainAdmin = "DOMAIN_ADMIN",
        PreferredCredentialMac = "PREFERRED_CREDENTIAL_MAC",
        PreferredCredentialLinux = "PREFERRED_CREDENTIAL_LINUX",
    }
    /// Script permission, by NinjaOne's own names.
    ScriptPermission {
        None = "NONE",
        ReadOnly = "READ_ONLY",
        WriteOnly = "WRITE_ONLY",
        ReadWrite = "READ_WRITE",
    }
    /// Script type, by NinjaOne's own names.
    ScriptType {
        Action = "ACTION",
        Script = "SCRIPT",
    }
    /// Service action, by NinjaOne's own names.
    ServiceAction {
        Start = "START",
        Pause = "PAUSE",
        Stop = "STOP",
        Restart = "RESTART",
    }
    /// Service start, by NinjaOne's own names.
    ServiceStart {
        AutoStart = "AUTO_START",
        AutoStartDelayed = "AUTO_START_DELAYED",
        BootStart = "BOOT_START",
        DemandStart = "DEMAND_START",
        Disabled = "DISABLED",
        SystemStart = "SYSTEM_START",
    }
    /// Service state, by NinjaOne's own names.
    ServiceState {
        Unknown = "UNKNOWN",
        Stopped = "STOPPED",
        StartPending = "START_PENDING",
        Running = "RUNNING",
        StopPending = "STOP_PENDING",
        PausePending = "PAUSE_PENDING",
        Paused = "PAUSED",
        ContinuePending = "CONTINUE_PENDING",
    }
    /// Severity, by NinjaOne's own names.
    Severity {
        None = "NONE",
        Minor = "MINOR",
        Moderate = "MODERATE",
        Major = "MAJOR",
        Critical = "CRITICAL",
    }
    /// Technician permission, by NinjaOne's own names.
    TechnicianPermission {
        None = "NONE",
        Editable = "EDITABLE",
        ReadOnly = "READ_ONLY",
    }
    /// Text condition, by NinjaOne's own names.
    TextCondition {
        Contains = "CONTAINS",
        NotContains = "NOT_CONTAINS",
    }
    /// Text include, by NinjaOne's own names.
    TextInclude {
        All = "ALL",
        Any = "ANY",
    }
    /// By which way a value was set.
    UpdateSource {
        Api = "API",
        User = "USER",
        Script = "SCRIPT",
        System = "SYSTEM",
    }
    /// User type, by NinjaOne's own names.
    UserType {
        Technician = "TECHNICIAN",
        EndUser = "END_USER",
    }
    /// Variable source, by NinjaOne's own names.
    VariableSource {
        Literal = "LITERAL",
        Other = "OTHER",
    }
    /// Variable type, by NinjaOne's own names.
    VariableType {
        Checkbox = "CHECKBOX",
        Date = "DATE",
        Datetime = "DATETIME",
        Decimal = "DECIMAL",
        Integer = "INTEGER",
        Ipaddress = "IPADDRESS",
        Dropdown = "DROPDOWN",
        Text = "TEXT",
        Other = "OTHER",
    }
    /// What kind of device NinjaOne regards it as; there is none for storage.
    NodeClass {
        WindowsServer = "WINDOWS_SERVER",
        WindowsWorkstation = "WINDOWS_WORKSTATION",
        LinuxWorkstation = "LINUX_WORKSTATION",
        Mac = "MAC",
        Android = "ANDROID",
        Aosp = "AOSP",
        AppleIos = "APPLE_IOS",
        AppleIpados = "APPLE_IPADOS",
        VmwareVmHost = "VMWARE_VM_HOST",
        VmwareVmGuest = "VMWARE_VM_GUEST",
        HypervVmmHost = "HYPERV_VMM_HOST",
        HypervVmmGuest = "HYPERV_VMM_GUEST",
        LinuxServer = "LINUX_SERVER",
        MacServer = "MAC_SERVER",
        CloudMonitorTarget = "CLOUD_MONITOR_TARGET",
        NmsSwitch = "NMS_SWITCH",
        NmsRouter = "NMS_ROUTER",
        NmsFirewall = "NMS_FIREWALL",
        NmsPrivateNetworkGateway = "NMS_PRIVATE_NETWORK_GATEWAY",
        NmsPrinter = "NMS_PRINTER",
        NmsScanner = "NMS_SCANNER",
        NmsDialManager = "NMS_DIAL_MANAGER",
        NmsWap = "NMS_WAP",
        NmsIpsla = "NMS_IPSLA",
        NmsComputer = "NMS_COMPUTER",
        NmsVmHost = "NMS_VM_HOST",
        NmsAppliance = "NMS_APPLIANCE",
        NmsOther = "NMS_OTHER",
        NmsServer = "NMS_SERVER",
        NmsPhone = "NMS_PHONE",
        NmsVirtualMachine = "NMS_VIRTUAL_MACHINE",
        NmsNetworkManagementAgent = "NMS_NETWORK_MANAGEMENT_AGENT",
        UnmanagedDevice = "UNMANAGED_DEVICE",
        ManagedDevice = "MANAGED_DEVICE",
    }
    /// Whether a technician has approved a device.
    ApprovalStatus {
        Pending = "PENDING",
        Staged = "STAGED",
        Approved = "APPROVED",
        Decommissioned = "DECOMMISSIONED",
    }
    /// What to do with pending devices.
    ApprovalMode {
        Approve = "APPROVE",
        Reject = "REJECT",
    }
    /// How a device restarts.
    RebootMode {
        Normal = "NORMAL",
        Forced = "FORCED",
    }
}
