#Requires -Version 5.1

# The commands of the program dtc as PowerShell functions. Nothing is decided here: each function starts 'dtc ... --json', and gives back the
# document that it prints. docs/powershell.md says how they end, and docs/schema what the documents hold.

Set-StrictMode -Version Latest
# An exception ends the function, and not the line alone.
$ErrorActionPreference = 'Stop'

# The program: what the environment variable DTC_PROGRAM names, or the first dtc on the PATH.
function Get-DtcProgram {
    [CmdletBinding()]
    [OutputType([string])]
    param()

    $named = [System.Environment]::GetEnvironmentVariable('DTC_PROGRAM')
    if (-not [string]::IsNullOrEmpty($named)) {
        return $named
    }
    $found = Get-Command -Name 'dtc' -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    if ($null -eq $found) {
        throw 'there is no program dtc on the PATH: put it there, or name it in the environment variable DTC_PROGRAM'
    }
    $found.Path
}

# An argument as a program on Windows reads it back: in quotation marks, with each backslash before a quotation mark doubled. Windows
# PowerShell 5.1 would leave out quotation marks, and read a backslash at the end as one of them.
function ConvertTo-DtcArgument {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory, Position = 0)]
        [AllowEmptyString()]
        [string]$Text
    )

    $inner = [regex]::Replace($Text, '(\\*)"', '$1$1\"')
    $inner = [regex]::Replace($inner, '(\\+)\z', '$1$1')
    '"' + $inner + '"'
}

# The program with these arguments, ready to be started: nobody is there to be asked, and all text is UTF-8. It shares the console, so that
# Ctrl-C reaches it.
function Get-DtcStartInfo {
    [CmdletBinding()]
    [OutputType([System.Diagnostics.ProcessStartInfo])]
    param(
        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string[]]$Argument
    )

    $start = New-Object -TypeName System.Diagnostics.ProcessStartInfo
    $start.FileName = Get-DtcProgram
    $quoted = foreach ($one in $Argument) { ConvertTo-DtcArgument -Text $one }
    $start.Arguments = $quoted -join ' '
    $start.WorkingDirectory = (Get-Location -PSProvider FileSystem).ProviderPath
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $start.StandardOutputEncoding = New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false
    $start.StandardErrorEncoding = New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false
    $start
}

# What a failed command says, as an error record: its id is the code of docs/errors.md, its category what the exit code means, and its target
# the whole document.
function ConvertTo-DtcErrorRecord {
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)]
        [psobject]$Document
    )

    $problem = $Document.error
    $lines = @($problem.message) + @($problem.causes) + @($problem.also)
    $text = ($lines | Where-Object -FilterScript { $_ }) -join '; '
    $exception = New-Object -TypeName System.InvalidOperationException -ArgumentList $text
    $exception.Data['ExitCode'] = $Document.exit_code
    $exception.Data['Verdict'] = $Document.verdict
    $exception.Data['Service'] = $problem.service
    $category = switch ($Document.verdict) {
        'differs' { 'InvalidResult' }
        'usage' { 'InvalidArgument' }
        'precondition' { 'ResourceUnavailable' }
        'decision' { 'PermissionDenied' }
        'data_at_risk' { 'InvalidData' }
        'incomplete' { 'OperationTimeout' }
        'interrupted' { 'OperationStopped' }
        default { 'NotSpecified' }
    }
    $record = New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception, $problem.code, $category, $Document
    if ($null -ne $problem.remedy) {
        $record.ErrorDetails = New-Object -TypeName System.Management.Automation.ErrorDetails -ArgumentList $text
        $record.ErrorDetails.RecommendedAction = $problem.remedy
    }
    $record
}

# The document that the program has printed. One that holds an error ends the function that asked for it.
function ConvertFrom-DtcOutput {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet]$Caller,

        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [AllowNull()]
        [string]$Text,

        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string]$Beside
    )

    if ([string]::IsNullOrEmpty($Text)) {
        $exception = New-Object -TypeName System.InvalidOperationException -ArgumentList "dtc has printed no document: $Beside"
        $record = New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception, 'DtcOutput', 'InvalidResult', $null
        $Caller.ThrowTerminatingError($record)
    }
    $document = ConvertFrom-Json -InputObject $Text
    if ($null -ne $document.PSObject.Properties['error']) {
        $Caller.ThrowTerminatingError((ConvertTo-DtcErrorRecord -Document $document))
    }
    $document
}

# Runs the program to its end, and gives back its document. What it says meanwhile is shown with -Verbose.
function Invoke-DtcProgram {
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet]$Caller,

        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string[]]$Argument
    )

    $process = [System.Diagnostics.Process]::Start((Get-DtcStartInfo -Argument (@('--json') + $Argument)))
    try {
        $process.StandardInput.Close()
        $said = $process.StandardError.ReadToEndAsync()
        $text = $process.StandardOutput.ReadToEnd()
        $process.WaitForExit()
        $beside = $said.Result.Trim()
    }
    finally {
        $process.Dispose()
    }
    if ($beside) {
        $Caller.WriteVerbose($beside)
    }
    ConvertFrom-DtcOutput -Caller $Caller -Text $text -Beside $beside
}

# Runs the program to its end, and writes what it prints to a new file, which is given back. What was written when it fails is removed.
function Save-DtcOutput {
    [CmdletBinding()]
    [OutputType([System.IO.FileInfo])]
    param(
        [Parameter(Mandatory)]
        [System.Management.Automation.PSCmdlet]$Caller,

        [Parameter(Mandatory)]
        [AllowEmptyString()]
        [string[]]$Argument,

        [Parameter(Mandatory)]
        [string]$Destination,

        [Parameter(Mandatory)]
        [string]$Path
    )

    $file = $Caller.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Destination)
    $stream = New-Object -TypeName System.IO.FileStream -ArgumentList $file, 'CreateNew', 'Write'
    $ended = $false
    try {
        $process = [System.Diagnostics.Process]::Start((Get-DtcStartInfo -Argument $Argument))
        try {
            $process.StandardInput.Close()
            $said = $process.StandardError.ReadToEndAsync()
            $process.StandardOutput.BaseStream.CopyTo($stream)
            $process.WaitForExit()
            $ended = $process.ExitCode -eq 0
            $beside = $said.Result.Trim()
        }
        finally {
            $process.Dispose()
        }
    }
    finally {
        $stream.Dispose()
        if (-not $ended) {
            Remove-Item -LiteralPath $file -Confirm:$false
        }
    }
    if (-not $ended) {
        $exception = New-Object -TypeName System.InvalidOperationException -ArgumentList $beside
        $record = New-Object -TypeName System.Management.Automation.ErrorRecord -ArgumentList $exception, 'DtcContent', 'ReadError', $Path
        $Caller.ThrowTerminatingError($record)
    }
    Get-Item -LiteralPath $file
}

# The options that say which encrypted folder it is, as far as they were given. What is no source of a secret may be the secret itself: it is
# neither shown nor handed on.
function Get-DtcRemoteArgument {
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        [Parameter(Mandatory)]
        [System.Collections.IDictionary]$Given
    )

    foreach ($name in 'PasswordSource', 'SaltSource') {
        if ($Given.ContainsKey($name) -and $Given[$name] -cnotmatch '\A(env:|file:|none\z)') {
            throw "-$name is given neither env:NAME nor file:PATH"
        }
    }
    if ($Given.ContainsKey('PasswordSource')) { '--password', $Given['PasswordSource'] }
    if ($Given.ContainsKey('SaltSource')) { '--salt', $Given['SaltSource'] }
    if ($Given.ContainsKey('NameEncryption')) { '--names', $Given['NameEncryption'] }
    if ($Given.ContainsKey('NameEncoding')) { '--encoding', $Given['NameEncoding'] }
    if ($Given.ContainsKey('Suffix')) { '--suffix', $Given['Suffix'] }
    if ($Given.ContainsKey('PlainDirectory') -and $Given['PlainDirectory']) { '--plain-directories' }
    if ($Given.ContainsKey('Timeout')) { '--timeout', $Given['Timeout'] }
}

# The options that say whose backup it is, as far as they were given. What is no source of a secret may be the secret itself: it is neither
# shown nor handed on.
function Get-DtcBackupArgument {
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        [Parameter(Mandatory)]
        [System.Collections.IDictionary]$Given
    )

    foreach ($name in 'KeySource', 'PasswordSource', 'SaltSource') {
        if ($Given.ContainsKey($name) -and $Given[$name] -cnotmatch '\A(env:|file:|op://)') {
            throw "-$name is given neither env:NAME nor file:PATH nor op://vault/item/field"
        }
    }
    if ($Given.ContainsKey('Site')) { '--site', $Given['Site'] }
    if ($Given.ContainsKey('Device')) { '--device', $Given['Device'] }
    if ($Given.ContainsKey('Record')) { '--record', $Given['Record'] }
    if ($Given.ContainsKey('KeySource')) { '--key', $Given['KeySource'] }
    if ($Given.ContainsKey('PasswordSource')) { '--password', $Given['PasswordSource'] }
    if ($Given.ContainsKey('SaltSource')) { '--salt', $Given['SaltSource'] }
    if ($Given.ContainsKey('B2Url')) { '--b2-url', $Given['B2Url'] }
    if ($Given.ContainsKey('Timeout')) { '--timeout', $Given['Timeout'] }
}

function New-DtcSite {
    <#
    .SYNOPSIS
    Writes a commented site file to fill in.

    .DESCRIPTION
    Starts 'dtc init'. A file that exists already is left as it is, which is an error.

    .PARAMETER Site
    The file to write. Without it, site.toml in this folder.

    .EXAMPLE
    New-DtcSite -Site contoso\site.toml

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/init.json.
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([psobject])]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string]$Site = 'site.toml'
    )

    process {
        $arguments = @('init', '--site', $Site)
        if ($PSCmdlet.ShouldProcess($Site, 'write a site file')) {
            Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
        }
    }
}

function Get-DtcPlan {
    <#
    .SYNOPSIS
    Shows what would be done on an appliance, and writes nothing.

    .DESCRIPTION
    Starts 'dtc plan'. A plan with something to do is no error: its member empty is false.

    .PARAMETER Site
    The site file. Without it, site.toml in this folder.

    .PARAMETER Out
    Save the plan here, to be applied as it is.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    (Get-DtcPlan -Site contoso\site.toml).steps | Where-Object -Property kind -NE -Value keep

    .EXAMPLE
    Get-ChildItem -Filter *.toml | Get-DtcPlan

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/plan.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string]$Site = 'site.toml',

        [string]$Out,

        [string]$Timeout
    )

    process {
        $arguments = @('plan', '--site', $Site)
        if ($Out) { $arguments += '--out', $Out }
        if ($Timeout) { $arguments += '--timeout', $Timeout }
        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Invoke-DtcApply {
    <#
    .SYNOPSIS
    Does what the plan says, follows the first run, and verifies.

    .DESCRIPTION
    Starts 'dtc apply'. Acts that cannot be undone need a file of consents: nobody is asked. Run again, it does the rest.

    .PARAMETER Site
    The site file. Without it, site.toml in this folder.

    .PARAMETER Plan
    Apply this saved plan; refused if what it acts on has changed.

    .PARAMETER Consent
    The file of consents that were given before, for what cannot be undone.

    .PARAMETER RecordConsent
    Write down what is consented to, for a later run.

    .PARAMETER Journal
    Append everything that happens to this file, one JSON object a line.

    .PARAMETER Events
    Append what happens to this file as it happens, one JSON object a line.

    .PARAMETER Wait
    Wait this long for a person to add the appliance to NinjaOne, such as 30m.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    Invoke-DtcApply -Site contoso\site.toml -Consent consents.json -Wait 30m

    .EXAMPLE
    Invoke-DtcApply -WhatIf

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/apply.json.
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    [OutputType([psobject])]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string]$Site = 'site.toml',

        [string]$Plan,

        [string]$Consent,

        [string]$RecordConsent,

        [string]$Journal,

        [string]$Events,

        [string]$Wait,

        [string]$Timeout
    )

    process {
        $arguments = @('apply', '--site', $Site)
        if ($Plan) { $arguments += '--plan', $Plan }
        if ($Consent) { $arguments += '--consent', $Consent }
        if ($RecordConsent) { $arguments += '--record-consent', $RecordConsent }
        if ($Journal) { $arguments += '--journal', $Journal }
        if ($Events) { $arguments += '--events', $Events }
        if ($Wait) { $arguments += '--wait', $Wait }
        if ($Timeout) { $arguments += '--timeout', $Timeout }
        if ($PSCmdlet.ShouldProcess($Site, 'carry out the plan for this site')) {
            Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
        }
    }
}

function Test-DtcBackup {
    <#
    .SYNOPSIS
    Checks the live systems item by item, and opens a sample of the backup. Writes nothing.

    .DESCRIPTION
    Starts 'dtc verify'. Whatever is not as it should be ends it with an error, whose TargetObject is the report.

    .PARAMETER Site
    The site file. Without it, site.toml in this folder.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    (Test-DtcBackup -Site contoso\site.toml).counts

    .EXAMPLE
    try { Test-DtcBackup } catch { $_.TargetObject.failures }

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/verify.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string]$Site = 'site.toml',

        [string]$Timeout
    )

    process {
        $arguments = @('verify', '--site', $Site)
        if ($Timeout) { $arguments += '--timeout', $Timeout }
        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Get-DtcName {
    <#
    .SYNOPSIS
    Computes a name of the standard.

    .DESCRIPTION
    Starts 'dtc name'. Which name it is follows from the parameters: of a location its bucket, of a pool its task, of a device and a pool their folder, or with -Object the prefix of their objects, and of a record its label.

    .PARAMETER LocationUuid
    The location's UUID, in any spelling.

    .PARAMETER DeviceGuid
    The Device GUID, in any spelling.

    .PARAMETER Pool
    The pool's name.

    .PARAMETER Object
    The prefix of the pool's objects, in place of the folder.

    .PARAMETER TaskPool
    The pool whose Cloud Sync task is described.

    .PARAMETER Record
    What a vault record holds.

    .PARAMETER LocationName
    The location's name, which records for monitoring do not have.

    .EXAMPLE
    Get-DtcName -LocationUuid a1b2c3d4-e5f6-4071-8293-a4b5c6d7e8f9

    .EXAMPLE
    Get-DtcName -DeviceGuid 3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083 -Pool pool0

    .EXAMPLE
    Get-DtcName -Record encryption-password -LocationName 'Main Street'

    .OUTPUTS
    System.String. The name.
    #>
    [CmdletBinding(DefaultParameterSetName = 'Bucket')]
    [OutputType([string])]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Bucket', ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [string]$LocationUuid,

        [Parameter(Mandatory, ParameterSetName = 'Folder', ValueFromPipelineByPropertyName)]
        [string]$DeviceGuid,

        [Parameter(Mandatory, ParameterSetName = 'Folder', ValueFromPipelineByPropertyName)]
        [string]$Pool,

        [Parameter(ParameterSetName = 'Folder')]
        [switch]$Object,

        [Parameter(Mandatory, ParameterSetName = 'Task')]
        [string]$TaskPool,

        [Parameter(Mandatory, ParameterSetName = 'Label')]
        [ValidateSet('application-key', 'encryption-password', 'encryption-salt', 'nms', 'nms-privacy')]
        [string]$Record,

        [Parameter(ParameterSetName = 'Label', ValueFromPipelineByPropertyName)]
        [string]$LocationName
    )

    process {
        $arguments = switch ($PSCmdlet.ParameterSetName) {
            'Bucket' { @('name', 'bucket', $LocationUuid) }
            'Task' { @('name', 'task', $TaskPool) }
            'Label' { @('name', 'label', $Record) + @($LocationName | Where-Object -FilterScript { $_ }) }
            default {
                if ($Object) { @('name', 'object', $DeviceGuid, $Pool) } else { @('name', 'folder', $DeviceGuid, $Pool) }
            }
        }
        $document = Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
        $document.name
    }
}

function ConvertFrom-DtcName {
    <#
    .SYNOPSIS
    Says what a name says: a bucket, a folder, an object prefix, a task, a label or a UUID.

    .DESCRIPTION
    Starts 'dtc name parse'.

    .PARAMETER Name
    The name, as it stands in the service.

    .EXAMPLE
    ConvertFrom-DtcName -Name truenas-a1b2c3d4e5f640718293a4b5c6d7e8f9

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/name-parse.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [string]$Name
    )

    process {
        $arguments = @('name', 'parse', $Name)
        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Get-TrueNASBucketName {
    <#
    .SYNOPSIS
    Computes the bucket name of a location.

    .DESCRIPTION
    The procedure's own helper: the same parameter and the same answer. It starts 'dtc name bucket', and so refuses what is no UUID, of which the procedure's own makes a name that nobody should create.

    .PARAMETER LocationUuid
    The location's UUID, in any spelling.

    .EXAMPLE
    Get-TrueNASBucketName -LocationUuid "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9"

    .OUTPUTS
    System.String. The name.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [string]$LocationUuid
    )

    process {
        $arguments = @('name', 'bucket', $LocationUuid)
        $document = Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
        $document.name
    }
}

function Invoke-DtcDemo {
    <#
    .SYNOPSIS
    Provisions and proves a simulated appliance, in seconds and without any account.

    .DESCRIPTION
    Starts 'dtc demo', which ends its simulators.

    .PARAMETER Replication
    Show an encrypted replication between two appliances instead.

    .PARAMETER Copy
    Show an encrypted copy of a folder instead, carried by the real rsync.

    .PARAMETER Release
    The release of TrueNAS that the simulated appliance is of.

    .PARAMETER Transcript
    Write every request and its answer to this file, one JSON object a line.

    .PARAMETER Seed
    Make every identifier, secret and file from this number, so that they are the same again.

    .PARAMETER Rclone
    The rclone that the simulated appliance runs. Without it, the first on the PATH.

    .PARAMETER WithoutRclone
    Run backups with our own engine, even where there is an rclone.

    .EXAMPLE
    (Invoke-DtcDemo).report.counts

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/demo.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [switch]$Replication,

        [switch]$Copy,

        [ValidateSet('13.3', '24.10', '25.04', '25.10', '26.0')]
        [string]$Release,

        [string]$Transcript,

        [uint64]$Seed,

        [string]$Rclone,

        [switch]$WithoutRclone
    )

    process {
        $arguments = @('demo')
        if ($Replication) { $arguments += '--replication' }
        if ($Copy) { $arguments += '--copy' }
        if ($Release) { $arguments += '--release', $Release }
        if ($Transcript) { $arguments += '--transcript', $Transcript }
        if ($PSBoundParameters.ContainsKey('Seed')) { $arguments += '--seed', [string]$Seed }
        if ($Rclone) { $arguments += '--rclone', $Rclone }
        if ($WithoutRclone) { $arguments += '--without-rclone' }

        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Start-DtcSimulator {
    <#
    .SYNOPSIS
    Starts the simulated B2, TrueNAS, NinjaOne and IT Glue, and says where they answer.

    .DESCRIPTION
    Starts 'dtc simulator', which runs until Stop-DtcSimulator ends it. What is given back has the addresses, with test credentials, and the process.

    .PARAMETER Release
    The release of TrueNAS that the simulated appliance is of.

    .PARAMETER Transcript
    Write every request and its answer to this file, one JSON object a line.

    .PARAMETER Seed
    Make every identifier, secret and file from this number, so that they are the same again.

    .PARAMETER Rclone
    The rclone that the simulated appliance runs. Without it, the first on the PATH.

    .PARAMETER WithoutRclone
    Run backups with our own engine, even where there is an rclone.

    .PARAMETER WriteSite
    Write a site file for what is simulated, ready to be used, and its four secrets into files beside it.

    .PARAMETER DeviceAfter
    How long the simulated technician takes to add the appliance to NinjaOne, such as 10m.

    .EXAMPLE
    $simulator = Start-DtcSimulator -WriteSite site.toml; Get-DtcPlan; $simulator | Stop-DtcSimulator

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/simulator.json, and Process.
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([psobject])]
    param(
        [ValidateSet('13.3', '24.10', '25.04', '25.10', '26.0')]
        [string]$Release,

        [string]$Transcript,

        [uint64]$Seed,

        [string]$Rclone,

        [switch]$WithoutRclone,

        [string]$WriteSite,

        [string]$DeviceAfter
    )

    process {
        $arguments = @('simulator', '--json')
        if ($Release) { $arguments += '--release', $Release }
        if ($Transcript) { $arguments += '--transcript', $Transcript }
        if ($PSBoundParameters.ContainsKey('Seed')) { $arguments += '--seed', [string]$Seed }
        if ($Rclone) { $arguments += '--rclone', $Rclone }
        if ($WithoutRclone) { $arguments += '--without-rclone' }
        if ($WriteSite) { $arguments += '--write-site', $WriteSite }
        if ($DeviceAfter) { $arguments += '--device-after', $DeviceAfter }
        if ($PSCmdlet.ShouldProcess('this machine', 'start the simulators')) {
            $start = Get-DtcStartInfo -Argument $arguments
            # A console of its own: Ctrl-C ends what runs here, and not the simulators.
            $start.CreateNoWindow = $true
            $process = [System.Diagnostics.Process]::Start($start)
            $process.BeginErrorReadLine()
            $text = $process.StandardOutput.ReadLine()
            $document = ConvertFrom-DtcOutput -Caller $PSCmdlet -Text $text -Beside 'the simulators have not started'
            Add-Member -InputObject $document -NotePropertyName 'Process' -NotePropertyValue $process -PassThru
        }
    }
}

function Stop-DtcSimulator {
    <#
    .SYNOPSIS
    Ends simulators that Start-DtcSimulator has started.

    .DESCRIPTION
    Ends the process. What was simulated is gone with it.

    .PARAMETER Process
    The process, which stands in what Start-DtcSimulator gives back.

    .EXAMPLE
    $simulator | Stop-DtcSimulator

    .OUTPUTS
    None.
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([void])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipelineByPropertyName)]
        [System.Diagnostics.Process]$Process
    )

    process {
        if ($PSCmdlet.ShouldProcess("process $($Process.Id)", 'end the simulators')) {
            if (-not $Process.HasExited) {
                $Process.Kill()
                $Process.WaitForExit()
            }
            $Process.Dispose()
        }
    }
}

function Get-DtcCatalogue {
    <#
    .SYNOPSIS
    Lists the files of an encrypted folder: their sizes and their plain paths.

    .DESCRIPTION
    Starts 'dtc crypt ls'.

    .PARAMETER Folder
    The folder that the remote encrypts into, or a download of it.

    .PARAMETER PasswordSource
    Where the encryption password is: env:NAME or file:PATH. It is never an argument itself.

    .PARAMETER SaltSource
    Where the encryption salt is: env:NAME, file:PATH, or none.

    .PARAMETER NameEncryption
    How names are encrypted: off, standard or obfuscate. Without it, off, as TrueNAS has it.

    .PARAMETER NameEncoding
    How encrypted names are written: base32, base64 or base32768.

    .PARAMETER Suffix
    What files' names end in where names are not encrypted; none for nothing. Without it, .bin.

    .PARAMETER PlainDirectory
    Directories' names are left as they are.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    (Get-DtcCatalogue -Folder downloaded).files

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/crypt-ls.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [string]$Folder,

        [string]$PasswordSource,

        [string]$SaltSource,

        [ValidateSet('off', 'standard', 'obfuscate')]
        [string]$NameEncryption,

        [ValidateSet('base32', 'base64', 'base32768')]
        [string]$NameEncoding,

        [string]$Suffix,

        [switch]$PlainDirectory,

        [string]$Timeout
    )

    process {
        $arguments = @('crypt', 'ls') + @(Get-DtcRemoteArgument -Given $PSBoundParameters) + @('--', $Folder)
        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Save-DtcCatalogueFile {
    <#
    .SYNOPSIS
    Writes the plain content of one file of an encrypted folder to a file.

    .DESCRIPTION
    Starts 'dtc crypt cat'. Each block is written only after it was verified. A file that exists already is left as it is, which is an error; what was written when a block did not open is removed.

    .PARAMETER Folder
    The folder that the remote encrypts into, or a download of it.

    .PARAMETER Path
    The file's plain path in the folder.

    .PARAMETER Destination
    The file to write.

    .PARAMETER Offset
    Begin at this byte.

    .PARAMETER Count
    Write no more than this many bytes.

    .PARAMETER PasswordSource
    Where the encryption password is: env:NAME or file:PATH. It is never an argument itself.

    .PARAMETER SaltSource
    Where the encryption salt is: env:NAME, file:PATH, or none.

    .PARAMETER NameEncryption
    How names are encrypted: off, standard or obfuscate. Without it, off, as TrueNAS has it.

    .PARAMETER NameEncoding
    How encrypted names are written: base32, base64 or base32768.

    .PARAMETER Suffix
    What files' names end in where names are not encrypted; none for nothing. Without it, .bin.

    .PARAMETER PlainDirectory
    Directories' names are left as they are.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    Save-DtcCatalogueFile -Folder downloaded -Path docs/letter.pdf -Destination letter.pdf -PasswordSource env:RCLONE_PASSWORD -SaltSource file:salt

    .OUTPUTS
    System.IO.FileInfo. The file that was written.
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([System.IO.FileInfo])]
    param(
        [Parameter(Mandatory, Position = 0)]
        [string]$Folder,

        [Parameter(Mandatory, Position = 1, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [string]$Path,

        [Parameter(Mandatory, Position = 2)]
        [string]$Destination,

        [uint64]$Offset,

        [uint64]$Count,

        [string]$PasswordSource,

        [string]$SaltSource,

        [ValidateSet('off', 'standard', 'obfuscate')]
        [string]$NameEncryption,

        [ValidateSet('base32', 'base64', 'base32768')]
        [string]$NameEncoding,

        [string]$Suffix,

        [switch]$PlainDirectory,

        [string]$Timeout
    )

    process {
        $arguments = @('crypt', 'cat') + @(Get-DtcRemoteArgument -Given $PSBoundParameters)
        if ($PSBoundParameters.ContainsKey('Offset')) { $arguments += '--offset', [string]$Offset }
        if ($PSBoundParameters.ContainsKey('Count')) { $arguments += '--count', [string]$Count }
        $arguments += '--', $Folder, $Path
        if ($PSCmdlet.ShouldProcess($Destination, "write the content of $Path")) {
            Save-DtcOutput -Caller $PSCmdlet -Argument $arguments -Destination $Destination -Path $Path
        }
    }
}

function Test-DtcCatalogue {
    <#
    .SYNOPSIS
    Compares an encrypted folder with its source, every byte of it; writes nothing.

    .DESCRIPTION
    Starts 'dtc crypt check'. A difference ends it with an error, whose TargetObject names what differs.

    .PARAMETER Source
    What was encrypted.

    .PARAMETER Folder
    The folder that the remote encrypts into, or a download of it.

    .PARAMETER Exclude
    What the task leaves out, such as /Archive/**.

    .PARAMETER Events
    Append what happens to this file as it happens, one JSON object a line.

    .PARAMETER PasswordSource
    Where the encryption password is: env:NAME or file:PATH. It is never an argument itself.

    .PARAMETER SaltSource
    Where the encryption salt is: env:NAME, file:PATH, or none.

    .PARAMETER NameEncryption
    How names are encrypted: off, standard or obfuscate. Without it, off, as TrueNAS has it.

    .PARAMETER NameEncoding
    How encrypted names are written: base32, base64 or base32768.

    .PARAMETER Suffix
    What files' names end in where names are not encrypted; none for nothing. Without it, .bin.

    .PARAMETER PlainDirectory
    Directories' names are left as they are.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    Test-DtcCatalogue -Source D:\pool0 -Folder downloaded -PasswordSource file:password -SaltSource file:salt

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/crypt-check.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0)]
        [string]$Source,

        [Parameter(Mandatory, Position = 1, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [string]$Folder,

        [string[]]$Exclude = @(),

        [string]$Events,

        [string]$PasswordSource,

        [string]$SaltSource,

        [ValidateSet('off', 'standard', 'obfuscate')]
        [string]$NameEncryption,

        [ValidateSet('base32', 'base64', 'base32768')]
        [string]$NameEncoding,

        [string]$Suffix,

        [switch]$PlainDirectory,

        [string]$Timeout
    )

    process {
        $arguments = @('crypt', 'check') + @(Get-DtcRemoteArgument -Given $PSBoundParameters)
        foreach ($pattern in $Exclude) { $arguments += '--exclude', $pattern }
        if ($Events) { $arguments += '--events', $Events }
        $arguments += '--', $Source, $Folder
        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Restore-DtcCatalogue {
    <#
    .SYNOPSIS
    Decrypts an encrypted folder into another one.

    .DESCRIPTION
    Starts 'dtc crypt restore'. Nothing in the target is replaced. With -Compare, what came back is compared with the source. Run again, it does the rest.

    .PARAMETER Folder
    The folder that the remote encrypts into, or a download of it.

    .PARAMETER Target
    Where to write the plain files; it is made if it is not there.

    .PARAMETER Compare
    Compare what came back with this source, byte for byte.

    .PARAMETER Events
    Append what happens to this file as it happens, one JSON object a line.

    .PARAMETER PasswordSource
    Where the encryption password is: env:NAME or file:PATH. It is never an argument itself.

    .PARAMETER SaltSource
    Where the encryption salt is: env:NAME, file:PATH, or none.

    .PARAMETER NameEncryption
    How names are encrypted: off, standard or obfuscate. Without it, off, as TrueNAS has it.

    .PARAMETER NameEncoding
    How encrypted names are written: base32, base64 or base32768.

    .PARAMETER Suffix
    What files' names end in where names are not encrypted; none for nothing. Without it, .bin.

    .PARAMETER PlainDirectory
    Directories' names are left as they are.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    Restore-DtcCatalogue -Folder downloaded -Target restored -PasswordSource env:RCLONE_PASSWORD -SaltSource env:RCLONE_SALT

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/crypt-restore.json.
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [string]$Folder,

        [Parameter(Mandatory, Position = 1)]
        [string]$Target,

        [string]$Compare,

        [string]$Events,

        [string]$PasswordSource,

        [string]$SaltSource,

        [ValidateSet('off', 'standard', 'obfuscate')]
        [string]$NameEncryption,

        [ValidateSet('base32', 'base64', 'base32768')]
        [string]$NameEncoding,

        [string]$Suffix,

        [switch]$PlainDirectory,

        [string]$Timeout
    )

    process {
        $arguments = @('crypt', 'restore') + @(Get-DtcRemoteArgument -Given $PSBoundParameters)
        if ($Compare) { $arguments += '--compare', $Compare }
        if ($Events) { $arguments += '--events', $Events }
        $arguments += '--', $Folder, $Target
        if ($PSCmdlet.ShouldProcess($Target, "restore $Folder")) {
            Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
        }
    }
}

function ConvertFrom-DtcStoredPath {
    <#
    .SYNOPSIS
    Says the plain path of each stored path.

    .DESCRIPTION
    Starts 'dtc crypt decode' for each path. One that is refused ends it with an error.

    .PARAMETER Path
    Paths as they are stored, relative to the encrypted folder.

    .PARAMETER Directory
    They are directories' paths.

    .PARAMETER PasswordSource
    Where the encryption password is: env:NAME or file:PATH. It is never an argument itself.

    .PARAMETER SaltSource
    Where the encryption salt is: env:NAME, file:PATH, or none.

    .PARAMETER NameEncryption
    How names are encrypted: off, standard or obfuscate. Without it, off, as TrueNAS has it.

    .PARAMETER NameEncoding
    How encrypted names are written: base32, base64 or base32768.

    .PARAMETER Suffix
    What files' names end in where names are not encrypted; none for nothing. Without it, .bin.

    .PARAMETER PlainDirectory
    Directories' names are left as they are.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    'docs/letter.pdf.bin' | ConvertFrom-DtcStoredPath

    .OUTPUTS
    System.Management.Automation.PSObject. Each path and what came of it, from the document of docs/schema/crypt-decode.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [string[]]$Path,

        [switch]$Directory,

        [string]$PasswordSource,

        [string]$SaltSource,

        [ValidateSet('off', 'standard', 'obfuscate')]
        [string]$NameEncryption,

        [ValidateSet('base32', 'base64', 'base32768')]
        [string]$NameEncoding,

        [string]$Suffix,

        [switch]$PlainDirectory,

        [string]$Timeout
    )

    process {
        $arguments = @('crypt', 'decode') + @(Get-DtcRemoteArgument -Given $PSBoundParameters)
        if ($Directory) { $arguments += '--directories' }
        $arguments += @('--') + $Path
        $document = Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
        $document.paths
    }
}

function ConvertTo-DtcStoredPath {
    <#
    .SYNOPSIS
    Says what each plain path is stored as.

    .DESCRIPTION
    Starts 'dtc crypt encode' for each path. One that is refused ends it with an error.

    .PARAMETER Path
    Plain paths, relative to the encrypted folder, with / between their parts.

    .PARAMETER Directory
    They are directories' paths.

    .PARAMETER PasswordSource
    Where the encryption password is: env:NAME or file:PATH. It is never an argument itself.

    .PARAMETER SaltSource
    Where the encryption salt is: env:NAME, file:PATH, or none.

    .PARAMETER NameEncryption
    How names are encrypted: off, standard or obfuscate. Without it, off, as TrueNAS has it.

    .PARAMETER NameEncoding
    How encrypted names are written: base32, base64 or base32768.

    .PARAMETER Suffix
    What files' names end in where names are not encrypted; none for nothing. Without it, .bin.

    .PARAMETER PlainDirectory
    Directories' names are left as they are.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    'docs/letter.pdf' | ConvertTo-DtcStoredPath

    .OUTPUTS
    System.Management.Automation.PSObject. Each path and what came of it, from the document of docs/schema/crypt-encode.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [string[]]$Path,

        [switch]$Directory,

        [string]$PasswordSource,

        [string]$SaltSource,

        [ValidateSet('off', 'standard', 'obfuscate')]
        [string]$NameEncryption,

        [ValidateSet('base32', 'base64', 'base32768')]
        [string]$NameEncoding,

        [string]$Suffix,

        [switch]$PlainDirectory,

        [string]$Timeout
    )

    process {
        $arguments = @('crypt', 'encode') + @(Get-DtcRemoteArgument -Given $PSBoundParameters)
        if ($Directory) { $arguments += '--directories' }
        $arguments += @('--') + $Path
        $document = Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
        $document.paths
    }
}

function Get-DtcRestoreList {
    <#
    .SYNOPSIS
    Lists the files of a backup in the bucket, as of any moment that it still holds.

    .DESCRIPTION
    Starts 'dtc restore ls'. Reads no content.

    .PARAMETER Path
    Pools, or files and folders in them: POOL or POOL:PATH.

    .PARAMETER At
    As it stood then: 2026-11-27T03:00 in local time, with Z or an offset in another one, or '3 days ago'. Without it, as it stands.

    .PARAMETER Include
    Only files that match, by rclone's rules for paths in the pool.

    .PARAMETER Exclude
    No files that match, by rclone's rules for paths in the pool.

    .PARAMETER Site
    The site file. Without it, and without -Record, site.toml in this folder.

    .PARAMETER Device
    The appliance's Device GUID, where several back up into the location's bucket.

    .PARAMETER Record
    A vault record saved as text, where neither NinjaOne nor IT Glue is there.

    .PARAMETER KeySource
    Where the saved record's application key is: env:NAME, file:PATH or op://vault/item/field. It is never an argument itself.

    .PARAMETER PasswordSource
    Where the saved encryption password is, in the same way.

    .PARAMETER SaltSource
    Where the saved encryption salt is, in the same way.

    .PARAMETER B2Url
    B2's address, with -Record, where it is not Backblaze's own.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    (Get-DtcRestoreList -Path pool0 -At '3 days ago').files

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/restore-ls.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline)]
        [string[]]$Path,

        [string]$At,

        [string[]]$Include,

        [string[]]$Exclude,

        [string]$Site,

        [string]$Device,

        [string]$Record,

        [string]$KeySource,

        [string]$PasswordSource,

        [string]$SaltSource,

        [string]$B2Url,

        [string]$Timeout
    )

    process {
        $arguments = @('restore', 'ls') + @(Get-DtcBackupArgument -Given $PSBoundParameters)
        if ($At) { $arguments += '--at', $At }
        foreach ($one in $Include) { $arguments += '--include', $one }
        foreach ($one in $Exclude) { $arguments += '--exclude', $one }
        $arguments += @('--') + $Path
        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Search-DtcRestoreList {
    <#
    .SYNOPSIS
    Lists the files of a backup whose names match a pattern.

    .DESCRIPTION
    Starts 'dtc restore find'. Reads no content.

    .PARAMETER Pattern
    The pattern, by rclone's rules, such as *.docx.

    .PARAMETER Path
    Pools, or folders in them: POOL or POOL:PATH.

    .PARAMETER At
    As it stood then: 2026-11-27T03:00 in local time, with Z or an offset in another one, or '3 days ago'. Without it, as it stands.

    .PARAMETER Site
    The site file. Without it, and without -Record, site.toml in this folder.

    .PARAMETER Device
    The appliance's Device GUID, where several back up into the location's bucket.

    .PARAMETER Record
    A vault record saved as text, where neither NinjaOne nor IT Glue is there.

    .PARAMETER KeySource
    Where the saved record's application key is: env:NAME, file:PATH or op://vault/item/field. It is never an argument itself.

    .PARAMETER PasswordSource
    Where the saved encryption password is, in the same way.

    .PARAMETER SaltSource
    Where the saved encryption salt is, in the same way.

    .PARAMETER B2Url
    B2's address, with -Record, where it is not Backblaze's own.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    (Search-DtcRestoreList -Pattern *.docx -Path pool0).files

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/restore-find.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0)]
        [string]$Pattern,

        [Parameter(Mandatory, Position = 1, ValueFromPipeline)]
        [string[]]$Path,

        [string]$At,

        [string]$Site,

        [string]$Device,

        [string]$Record,

        [string]$KeySource,

        [string]$PasswordSource,

        [string]$SaltSource,

        [string]$B2Url,

        [string]$Timeout
    )

    process {
        $arguments = @('restore', 'find') + @(Get-DtcBackupArgument -Given $PSBoundParameters)
        if ($At) { $arguments += '--at', $At }
        $arguments += @('--', $Pattern) + $Path
        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Restore-DtcFile {
    <#
    .SYNOPSIS
    Fetches files of a backup, and decrypts them into a folder.

    .DESCRIPTION
    Starts 'dtc restore get'. Nothing in the folder is replaced. Run again, it does the rest.

    .PARAMETER Path
    Pools, or files and folders in them: POOL or POOL:PATH.

    .PARAMETER Destination
    The folder to restore into; it is made if it is not there.

    .PARAMETER At
    As it stood then: 2026-11-27T03:00 in local time, with Z or an offset in another one, or '3 days ago'. Without it, as it stands.

    .PARAMETER Include
    Only files that match, by rclone's rules for paths in the pool.

    .PARAMETER Exclude
    No files that match, by rclone's rules for paths in the pool.

    .PARAMETER DryRun
    Only say what would be done: how many files and bytes, and how long that takes at least.

    .PARAMETER Verify
    Compare files that are there already by their content too.

    .PARAMETER Parallel
    How many files to fetch at a time, at most 64.

    .PARAMETER Report
    Also write the closing report to this new file.

    .PARAMETER Events
    Append what happens to this file as it happens, one JSON object a line.

    .PARAMETER Site
    The site file. Without it, and without -Record, site.toml in this folder.

    .PARAMETER Device
    The appliance's Device GUID, where several back up into the location's bucket.

    .PARAMETER Record
    A vault record saved as text, where neither NinjaOne nor IT Glue is there.

    .PARAMETER KeySource
    Where the saved record's application key is: env:NAME, file:PATH or op://vault/item/field. It is never an argument itself.

    .PARAMETER PasswordSource
    Where the saved encryption password is, in the same way.

    .PARAMETER SaltSource
    Where the saved encryption salt is, in the same way.

    .PARAMETER B2Url
    B2's address, with -Record, where it is not Backblaze's own.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    Restore-DtcFile -Path pool0:offices -Destination restored -At 2026-11-27T03:00Z

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/restore-get.json.
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline)]
        [string[]]$Path,

        [Parameter(Mandatory, Position = 1)]
        [string]$Destination,

        [string]$At,

        [string[]]$Include,

        [string[]]$Exclude,

        [switch]$DryRun,

        [switch]$Verify,

        [int]$Parallel,

        [string]$Report,

        [string]$Events,

        [string]$Site,

        [string]$Device,

        [string]$Record,

        [string]$KeySource,

        [string]$PasswordSource,

        [string]$SaltSource,

        [string]$B2Url,

        [string]$Timeout
    )

    process {
        $arguments = @('restore', 'get') + @(Get-DtcBackupArgument -Given $PSBoundParameters)
        $arguments += '--to', $Destination
        if ($At) { $arguments += '--at', $At }
        foreach ($one in $Include) { $arguments += '--include', $one }
        foreach ($one in $Exclude) { $arguments += '--exclude', $one }
        if ($DryRun) { $arguments += '--dry-run' }
        if ($Verify) { $arguments += '--verify' }
        if ($Parallel) { $arguments += '--parallel', [string]$Parallel }
        if ($Report) { $arguments += '--report', $Report }
        if ($Events) { $arguments += '--events', $Events }
        $arguments += @('--') + $Path
        if ($PSCmdlet.ShouldProcess($Destination, "restore $Path")) {
            Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
        }
    }
}

function Save-DtcRestoredFile {
    <#
    .SYNOPSIS
    Writes the plain content of one file of a backup to a file.

    .DESCRIPTION
    Starts 'dtc restore cat'. Each block is written only after it was verified. A file that exists already is left as it is, which is an error; what was written when a block did not open is removed.

    .PARAMETER Path
    The file: POOL:PATH.

    .PARAMETER Destination
    The file to write.

    .PARAMETER At
    As it stood then: 2026-11-27T03:00 in local time, with Z or an offset in another one, or '3 days ago'. Without it, as it stands.

    .PARAMETER Site
    The site file. Without it, and without -Record, site.toml in this folder.

    .PARAMETER Device
    The appliance's Device GUID, where several back up into the location's bucket.

    .PARAMETER Record
    A vault record saved as text, where neither NinjaOne nor IT Glue is there.

    .PARAMETER KeySource
    Where the saved record's application key is: env:NAME, file:PATH or op://vault/item/field. It is never an argument itself.

    .PARAMETER PasswordSource
    Where the saved encryption password is, in the same way.

    .PARAMETER SaltSource
    Where the saved encryption salt is, in the same way.

    .PARAMETER B2Url
    B2's address, with -Record, where it is not Backblaze's own.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    Save-DtcRestoredFile -Path pool0:docs/letter.pdf -Destination letter.pdf

    .OUTPUTS
    System.IO.FileInfo. The file that was written.
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([System.IO.FileInfo])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline)]
        [string]$Path,

        [Parameter(Mandatory, Position = 1)]
        [string]$Destination,

        [string]$At,

        [string]$Site,

        [string]$Device,

        [string]$Record,

        [string]$KeySource,

        [string]$PasswordSource,

        [string]$SaltSource,

        [string]$B2Url,

        [string]$Timeout
    )

    process {
        $arguments = @('restore', 'cat') + @(Get-DtcBackupArgument -Given $PSBoundParameters)
        if ($At) { $arguments += '--at', $At }
        $arguments += '--', $Path
        if ($PSCmdlet.ShouldProcess($Destination, "write the content of $Path")) {
            Save-DtcOutput -Caller $PSCmdlet -Argument $arguments -Destination $Destination -Path $Path
        }
    }
}

function Get-DtcRestoreHistory {
    <#
    .SYNOPSIS
    Lists the versions of one file, the newest first.

    .DESCRIPTION
    Starts 'dtc restore history'. Says until when each is locked, and when it will go.

    .PARAMETER Path
    The file: POOL:PATH.

    .PARAMETER Site
    The site file. Without it, and without -Record, site.toml in this folder.

    .PARAMETER Device
    The appliance's Device GUID, where several back up into the location's bucket.

    .PARAMETER Record
    A vault record saved as text, where neither NinjaOne nor IT Glue is there.

    .PARAMETER KeySource
    Where the saved record's application key is: env:NAME, file:PATH or op://vault/item/field. It is never an argument itself.

    .PARAMETER PasswordSource
    Where the saved encryption password is, in the same way.

    .PARAMETER SaltSource
    Where the saved encryption salt is, in the same way.

    .PARAMETER B2Url
    B2's address, with -Record, where it is not Backblaze's own.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    (Get-DtcRestoreHistory -Path pool0:docs/letter.pdf).versions

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/restore-history.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline)]
        [string]$Path,

        [string]$Site,

        [string]$Device,

        [string]$Record,

        [string]$KeySource,

        [string]$PasswordSource,

        [string]$SaltSource,

        [string]$B2Url,

        [string]$Timeout
    )

    process {
        $arguments = @('restore', 'history') + @(Get-DtcBackupArgument -Given $PSBoundParameters)
        $arguments += '--', $Path
        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Get-DtcRestoreMoment {
    <#
    .SYNOPSIS
    Names the moments when a pool changed in ways that people do not work, such as by ransomware.

    .DESCRIPTION
    Starts 'dtc restore when'. Reads names, sizes and times of versions, and no content.

    .PARAMETER Pool
    The pool.

    .PARAMETER Site
    The site file. Without it, and without -Record, site.toml in this folder.

    .PARAMETER Device
    The appliance's Device GUID, where several back up into the location's bucket.

    .PARAMETER Record
    A vault record saved as text, where neither NinjaOne nor IT Glue is there.

    .PARAMETER KeySource
    Where the saved record's application key is: env:NAME, file:PATH or op://vault/item/field. It is never an argument itself.

    .PARAMETER PasswordSource
    Where the saved encryption password is, in the same way.

    .PARAMETER SaltSource
    Where the saved encryption salt is, in the same way.

    .PARAMETER B2Url
    B2's address, with -Record, where it is not Backblaze's own.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    (Get-DtcRestoreMoment -Pool pool0).bursts

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/restore-when.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline)]
        [string]$Pool,

        [string]$Site,

        [string]$Device,

        [string]$Record,

        [string]$KeySource,

        [string]$PasswordSource,

        [string]$SaltSource,

        [string]$B2Url,

        [string]$Timeout
    )

    process {
        $arguments = @('restore', 'when') + @(Get-DtcBackupArgument -Given $PSBoundParameters)
        $arguments += '--', $Pool
        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Get-DtcLock {
    <#
    .SYNOPSIS
    Lists until when the current versions in the location's bucket are locked.

    .DESCRIPTION
    Starts 'dtc locks status'. Writes nothing. Locks that end too soon are no error: the property kept says whether there are any.

    .PARAMETER Site
    The site file. Without it, site.toml in this folder.

    .PARAMETER KeepDays
    Each current version is to stay locked for so many days. Without it, 14.

    .PARAMETER ExtendDays
    To so many days from now a lock would be extended. Without it, 28.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    (Get-DtcLock -Site contoso\site.toml).folders | Format-Table -Property folder, versions, due, unlocked

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/locks-status.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string]$Site = 'site.toml',

        [string]$KeepDays,

        [string]$ExtendDays,

        [string]$Timeout
    )

    process {
        $arguments = @('locks', 'status', '--site', $Site)
        if ($KeepDays) { $arguments += '--keep-days', $KeepDays }
        if ($ExtendDays) { $arguments += '--extend-days', $ExtendDays }
        if ($Timeout) { $arguments += '--timeout', $Timeout }
        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Update-DtcLock {
    <#
    .SYNOPSIS
    Extends the locks of current versions that end too soon.

    .DESCRIPTION
    Starts 'dtc locks extend'. It needs a file of consents: nobody is asked. Run every night, it keeps every current version locked.

    .PARAMETER Site
    The site file. Without it, site.toml in this folder.

    .PARAMETER AtMost
    Extend versions of at most so many bytes in one run, such as 500GiB or 2TB.

    .PARAMETER Consent
    The file with the consent to these days and this size.

    .PARAMETER KeepDays
    Each current version stays locked for so many days from each run on. Without it, 14.

    .PARAMETER ExtendDays
    To so many days from now a lock is extended. Without it, 28.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    Update-DtcLock -Site contoso\site.toml -AtMost 2TB -Consent locks.json

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/locks-extend.json.
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    [OutputType([psobject])]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string]$Site = 'site.toml',

        [Parameter(Mandatory)]
        [string]$AtMost,

        [string]$Consent,

        [string]$KeepDays,

        [string]$ExtendDays,

        [string]$Timeout
    )

    process {
        $arguments = @('locks', 'extend', '--site', $Site, '--at-most', $AtMost)
        if ($Consent) { $arguments += '--consent', $Consent }
        if ($KeepDays) { $arguments += '--keep-days', $KeepDays }
        if ($ExtendDays) { $arguments += '--extend-days', $ExtendDays }
        if ($Timeout) { $arguments += '--timeout', $Timeout }
        if ($PSCmdlet.ShouldProcess($Site, 'extend the locks of current versions')) {
            Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
        }
    }
}

function Get-DtcReplicationTable {
    <#
    .SYNOPSIS
    Gives the table of a replication for the site file, as a task of an appliance has it.

    .DESCRIPTION
    Starts 'dtc replication init'. Writes nothing.

    .PARAMETER Like
    The task to start from.

    .PARAMETER On
    The appliance that has it. Without it, main: that of the site file.

    .PARAMETER With
    The other appliance, as the site file calls it.

    .PARAMETER As
    The replication's name. Without it, TrueNAS's own default.

    .PARAMETER Site
    The site file. Without it, site.toml in this folder.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    (Get-DtcReplicationTable -Like 'tank/data - backup/data' -With backup).table

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/replication-init.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0)]
        [string]$Like,

        [string]$On,

        [string]$With,

        [string]$As,

        [Parameter(ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string]$Site = 'site.toml',

        [string]$Timeout
    )

    process {
        $arguments = @('replication', 'init', '--site', $Site, '--like', $Like)
        if ($On) { $arguments += '--on', $On }
        if ($With) { $arguments += '--with', $With }
        if ($As) { $arguments += '--name', $As }
        if ($Timeout) { $arguments += '--timeout', $Timeout }
        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Get-DtcReplicationPlan {
    <#
    .SYNOPSIS
    Shows what would be done so that a replication works.

    .DESCRIPTION
    Starts 'dtc replication plan'. Writes nothing. A plan with something to do is no error.

    .PARAMETER Name
    The replication. Without it, the only one of the site file.

    .PARAMETER Site
    The site file. Without it, site.toml in this folder.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    (Get-DtcReplicationPlan offices -Site contoso\site.toml).steps | Format-Table -Property rule, kind, subject

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/replication-plan.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Position = 0)]
        [string]$Name,

        [Parameter(ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string]$Site = 'site.toml',

        [string]$Timeout
    )

    process {
        $arguments = @('replication', 'plan', '--site', $Site)
        if ($Timeout) { $arguments += '--timeout', $Timeout }
        if ($Name) { $arguments += '--', $Name }
        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Invoke-DtcReplicationApply {
    <#
    .SYNOPSIS
    Does what the plan of a replication says, follows its run, and proves that the destination opens.

    .DESCRIPTION
    Starts 'dtc replication apply'. Trusting a host key and letting an appliance log in need a file of consents: nobody is asked. Run again, it does the rest.

    .PARAMETER Name
    The replication. Without it, the only one of the site file.

    .PARAMETER Consent
    The file of consents that were given before.

    .PARAMETER RecordConsent
    Write down what is consented to, for a later run.

    .PARAMETER Journal
    Append everything that happens to this file, one JSON object a line.

    .PARAMETER Events
    Append what happens to this file as it happens, one JSON object a line.

    .PARAMETER Site
    The site file. Without it, site.toml in this folder.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    Invoke-DtcReplicationApply offices -Site contoso\site.toml -Consent consents.json

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/replication-apply.json.
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    [OutputType([psobject])]
    param(
        [Parameter(Position = 0)]
        [string]$Name,

        [string]$Consent,

        [string]$RecordConsent,

        [string]$Journal,

        [string]$Events,

        [Parameter(ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string]$Site = 'site.toml',

        [string]$Timeout
    )

    process {
        $arguments = @('replication', 'apply', '--site', $Site)
        if ($Consent) { $arguments += '--consent', $Consent }
        if ($RecordConsent) { $arguments += '--record-consent', $RecordConsent }
        if ($Journal) { $arguments += '--journal', $Journal }
        if ($Events) { $arguments += '--events', $Events }
        if ($Timeout) { $arguments += '--timeout', $Timeout }
        if ($Name) { $arguments += '--', $Name }
        if ($PSCmdlet.ShouldProcess($Site, 'carry out the plan of the replication')) {
            Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
        }
    }
}

function Test-DtcReplication {
    <#
    .SYNOPSIS
    Checks both ends of a replication: snapshots, their age, the keys in the vault, sampled files.

    .DESCRIPTION
    Starts 'dtc replication verify'. Writes nothing, and unlocks nothing.

    .PARAMETER Name
    The replication. Without it, the only one of the site file.

    .PARAMETER Site
    The site file. Without it, site.toml in this folder.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    (Test-DtcReplication offices).items | Format-Table -Property id, verdict, evidence

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/replication-verify.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Position = 0)]
        [string]$Name,

        [Parameter(ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string]$Site = 'site.toml',

        [string]$Timeout
    )

    process {
        $arguments = @('replication', 'verify', '--site', $Site)
        if ($Timeout) { $arguments += '--timeout', $Timeout }
        if ($Name) { $arguments += '--', $Name }
        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Unlock-DtcReplication {
    <#
    .SYNOPSIS
    Opens the destination of a replication with the keys that the vault holds.

    .DESCRIPTION
    Starts 'dtc replication unlock'. Datasets that stay locked make it fail, although the job of the appliance succeeds.

    .PARAMETER Name
    The replication. Without it, the only one of the site file.

    .PARAMETER Site
    The site file. Without it, site.toml in this folder.

    .PARAMETER KeyFile
    A file of keys that was downloaded from an appliance, in place of the vault.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    Unlock-DtcReplication offices -Site contoso\site.toml

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/replication-unlock.json.
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'Medium')]
    [OutputType([psobject])]
    param(
        [Parameter(Position = 0)]
        [string]$Name,

        [Parameter(ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string]$Site = 'site.toml',

        [ValidateNotNullOrEmpty()]
        [string]$KeyFile,

        [string]$Timeout
    )

    process {
        $arguments = @('replication', 'unlock', '--site', $Site)
        if ($KeyFile) { $arguments += '--key-file', $KeyFile }
        if ($Timeout) { $arguments += '--timeout', $Timeout }
        if ($Name) { $arguments += '--', $Name }
        if ($PSCmdlet.ShouldProcess($Site, 'unlock the destination of the replication')) {
            Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
        }
    }
}

function Get-DtcCopyPlan {
    <#
    .SYNOPSIS
    Says what a run of an encrypted copy would do, and writes nothing.

    .DESCRIPTION
    Starts 'dtc copy plan'. The destination is not asked.

    .PARAMETER Job
    The job file: what is copied, where to, and where its secrets are.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    (Get-DtcCopyPlan -Job documents.toml).changed

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/copy-plan.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string]$Job,

        [string]$Timeout
    )

    process {
        $arguments = @('copy', 'plan', '--job', $Job)
        if ($Timeout) { $arguments += '--timeout', $Timeout }
        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Invoke-DtcCopy {
    <#
    .SYNOPSIS
    Encrypts what is new or has changed, then carries the catalogue to its destination.

    .DESCRIPTION
    Starts 'dtc copy run'. rsync begins only if everything was encrypted. Run again, it does the rest.

    .PARAMETER Job
    The job file: what is copied, where to, and where its secrets are.

    .PARAMETER DryRun
    Let both programs say what they would do, and write nothing.

    .PARAMETER Events
    Append what happens to this file as it happens, one JSON object a line.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    Invoke-DtcCopy -Job documents.toml -DryRun

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/copy-run.json.
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string]$Job,

        [switch]$DryRun,

        [string]$Events,

        [string]$Timeout
    )

    process {
        $arguments = @('copy', 'run', '--job', $Job)
        if ($DryRun) { $arguments += '--dry-run' }
        if ($Events) { $arguments += '--events', $Events }
        if ($Timeout) { $arguments += '--timeout', $Timeout }
        if ($PSCmdlet.ShouldProcess($Job, 'encrypt and carry')) {
            Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
        }
    }
}

function Test-DtcCopy {
    <#
    .SYNOPSIS
    Decrypts the catalogue of a copy into a scratch folder and compares it with its source; compares the destination with the catalogue.

    .DESCRIPTION
    Starts 'dtc copy check'. The scratch folder is removed afterwards.

    .PARAMETER Job
    The job file: what is copied, where to, and where its secrets are.

    .PARAMETER Scratch
    The scratch folder; it must not be there yet. Without this, one beside the catalogue.

    .PARAMETER Local
    Leave the destination alone.

    .PARAMETER Events
    Append what happens to this file as it happens, one JSON object a line.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    (Test-DtcCopy -Job documents.toml).same

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/copy-check.json.
    #>
    [CmdletBinding()]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string]$Job,

        [string]$Scratch,

        [switch]$Local,

        [string]$Events,

        [string]$Timeout
    )

    process {
        $arguments = @('copy', 'check', '--job', $Job)
        if ($Scratch) { $arguments += '--scratch', $Scratch }
        if ($Local) { $arguments += '--local' }
        if ($Events) { $arguments += '--events', $Events }
        if ($Timeout) { $arguments += '--timeout', $Timeout }
        Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
    }
}

function Restore-DtcCopy {
    <#
    .SYNOPSIS
    Decrypts the catalogue of a copy into a folder; where it is gone, it is fetched from the destination first.

    .DESCRIPTION
    Starts 'dtc copy restore'. Nothing in the folder is replaced. Run again, it does the rest.

    .PARAMETER Job
    The job file: what is copied, where to, and where its secrets are.

    .PARAMETER Destination
    The folder to restore into; it is made if it is not there.

    .PARAMETER DryRun
    Only say what would be done.

    .PARAMETER Events
    Append what happens to this file as it happens, one JSON object a line.

    .PARAMETER Timeout
    Give up after this long, such as 90s or 2h.

    .EXAMPLE
    Restore-DtcCopy -Job documents.toml -Destination restored

    .OUTPUTS
    System.Management.Automation.PSObject. The document of docs/schema/copy-restore.json.
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([psobject])]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [Alias('FullName')]
        [ValidateNotNullOrEmpty()]
        [string]$Job,

        [Parameter(Mandatory, Position = 1)]
        [string]$Destination,

        [switch]$DryRun,

        [string]$Events,

        [string]$Timeout
    )

    process {
        $arguments = @('copy', 'restore', '--job', $Job)
        $arguments += '--to', $Destination
        if ($DryRun) { $arguments += '--dry-run' }
        if ($Events) { $arguments += '--events', $Events }
        if ($Timeout) { $arguments += '--timeout', $Timeout }
        if ($PSCmdlet.ShouldProcess($Destination, "restore $Job")) {
            Invoke-DtcProgram -Caller $PSCmdlet -Argument $arguments
        }
    }
}

Export-ModuleMember -Function @(
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
