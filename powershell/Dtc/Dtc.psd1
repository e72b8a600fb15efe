@{
    RootModule           = 'Dtc.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '5d0f3c1e-8a47-4b62-9c35-7e21d4a6b0f8'
    Author               = 'The authors of the DTC backup toolkit'
    Copyright            = 'MIT OR Apache-2.0'
    Description          = 'The commands of the program dtc as PowerShell functions: encrypted backups of TrueNAS appliances in Backblaze B2.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    FunctionsToExport    = @(
        'New-DtcSite',
        'Get-DtcPlan',
        'Invoke-DtcApply',
        'Test-DtcBackup',
        'Get-DtcName',
        'ConvertFrom-DtcName',
        'Get-TrueNASBucketName',
        'Invoke-DtcDemo',
        'Start-DtcSimulator',
        'Stop-DtcSimulator',
        'Get-DtcCatalogue',
        'Save-DtcCatalogueFile',
        'Test-DtcCatalogue',
        'Restore-DtcCatalogue',
        'ConvertFrom-DtcStoredPath',
        'ConvertTo-DtcStoredPath',
        'Get-DtcRestoreList',
        'Search-DtcRestoreList',
        'Restore-DtcFile',
        'Save-DtcRestoredFile',
        'Get-DtcRestoreHistory',
        'Get-DtcRestoreMoment',
        'Get-DtcLock',
        'Update-DtcLock',
        'Get-DtcReplicationTable',
        'Get-DtcReplicationPlan',
        'Invoke-DtcReplicationApply',
        'Test-DtcReplication',
        'Unlock-DtcReplication',
        'Get-DtcCopyPlan',
        'Invoke-DtcCopy',
        'Test-DtcCopy',
        'Restore-DtcCopy'
    )
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
}
