#Requires -Version 5.1
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0.0' }

# Run with: Invoke-Pester -Path powershell/tests. The program is the dtc on the PATH, or the one that DTC_PROGRAM names.

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module -Name (Join-Path -Path $PSScriptRoot -ChildPath '../Dtc/Dtc.psd1') -Force
}

Describe 'The module' {
    It 'exports functions and nothing else' {
        $module = Get-Module -Name 'Dtc'
        $module.ExportedAliases.Count | Should -Be 0
        $module.ExportedVariables.Count | Should -Be 0
        $module.ExportedFunctions.Keys | Should -Contain 'Get-DtcPlan'
    }

    It 'has approved verbs, help and an example for every function' {
        $approved = (Get-Verb).Verb
        foreach ($command in Get-Command -Module 'Dtc') {
            $command.Verb | Should -BeIn $approved
            $help = Get-Help -Name $command.Name -Full
            $help.Synopsis | Should -Not -BeNullOrEmpty
            @($help.Examples.Example).Count | Should -BeGreaterThan 0
        }
    }
}

Describe 'Arguments' {
    It 'reach the program as they are' -TestCases @(
        @{ Text = 'plain'; Quoted = '"plain"' }
        @{ Text = ''; Quoted = '""' }
        @{ Text = 'two words'; Quoted = '"two words"' }
        @{ Text = 'a "quoted" word'; Quoted = '"a \"quoted\" word"' }
        @{ Text = 'C:\folder\'; Quoted = '"C:\folder\\"' }
        @{ Text = 'C:\folder\"x'; Quoted = '"C:\folder\\\"x"' }
    ) {
        param($Text, $Quoted)
        InModuleScope -ModuleName 'Dtc' -Parameters @{ Text = $Text; Quoted = $Quoted } {
            param($Text, $Quoted)
            ConvertTo-DtcArgument -Text $Text | Should -BeExactly $Quoted
        }
    }

    It 'with quotation marks and backslashes come back in the name' {
        $name = 'a "b" \ c\'
        (Get-DtcName -Record 'encryption-password' -LocationName $name) | Should -Match ([regex]::Escape($name))
    }

    It 'and answers are UTF-8' {
        $name = 'Caf' + [char]0xE9
        (Get-DtcName -Record 'encryption-password' -LocationName $name) | Should -Match $name
    }

    It 'hold no secret itself' {
        $record = $null
        try { Get-DtcCatalogue -Folder '.' -PasswordSource 'the secret itself' } catch { $record = $_ }
        $record | Should -Not -BeNullOrEmpty
        $record.Exception.Message | Should -Not -Match 'the secret itself'
        $record.Exception.Message | Should -Match 'env:NAME'
    }
}

Describe 'Names' {
    It 'are those of the procedure' {
        $name = Get-TrueNASBucketName -LocationUuid 'a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9'
        $name | Should -BeExactly 'truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9'
        Get-DtcName -LocationUuid 'A1B2C3D4E5F670718293A4B5C6D7E8F9' | Should -BeExactly $name
        (ConvertFrom-DtcName -Name $name).location | Should -BeExactly 'a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9'
    }

    It 'of what is no UUID are refused' {
        foreach ($text in 'a1b2c3d4', 'not a uuid', 'a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8fz') {
            $record = $null
            try { Get-TrueNASBucketName -LocationUuid $text } catch { $record = $_ }
            $record.FullyQualifiedErrorId | Should -BeLike 'DTC-RULE-*,Get-TrueNASBucketName'
        }
    }

    It 'come from a pipeline' {
        $uuids = 'a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9', 'b1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9'
        @($uuids | Get-DtcName).Count | Should -Be 2
    }
}

Describe 'Errors' {
    It 'have the code, the category and the document' {
        $record = $null
        try { Get-DtcPlan -Site (Join-Path -Path $TestDrive -ChildPath 'absent.toml') } catch { $record = $_ }
        $record.FullyQualifiedErrorId | Should -BeLike 'DTC-*,Get-DtcPlan'
        $record.CategoryInfo.Category | Should -Be 'InvalidArgument'
        $record.Exception.Data['ExitCode'] | Should -Be 3
        $record.TargetObject.verdict | Should -Be 'usage'
        $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }
}

Describe 'A whole appliance' {
    BeforeAll {
        $site = Join-Path -Path $TestDrive -ChildPath 'site.toml'
        $simulator = Start-DtcSimulator -WithoutRclone -WriteSite $site
    }

    AfterAll {
        $simulator | Stop-DtcSimulator
    }

    It 'is planned, applied and proven' {
        $plan = Get-DtcPlan -Site $site
        $plan.empty | Should -BeFalse
        Invoke-DtcApply -Site $site -WhatIf
        (Get-DtcPlan -Site $site).counts.to_do | Should -Be $plan.counts.to_do

        { Invoke-DtcApply -Site $site } | Should -Throw -ErrorId 'DTC-CONSENT-MISSING,Invoke-DtcApply'
        $consents = Join-Path -Path $TestDrive -ChildPath 'consents.json'
        $text = ConvertTo-Json -InputObject @($plan.required_consents) -Depth 5
        [System.IO.File]::WriteAllText($consents, $text)
        (Invoke-DtcApply -Site $site -Consent $consents -Wait '1m').report.passed | Should -BeTrue
        (Test-DtcBackup -Site $site).passed | Should -BeTrue
        (Get-DtcPlan -Site $site).empty | Should -BeTrue
    }
}

Describe 'An encrypted folder' {
    It 'of another remote says what is wrong' {
        $folder = Join-Path -Path $TestDrive -ChildPath 'stored'
        New-Item -Path $folder -ItemType Directory | Out-Null
        [System.IO.File]::WriteAllText((Join-Path -Path $folder -ChildPath 'foreign.txt'), 'x')
        { Get-DtcCatalogue -Folder $folder } | Should -Throw -ErrorId 'DTC-CRYPT-FOREIGN,Get-DtcCatalogue'
    }

    It 'stores a path under its suffix' {
        (ConvertTo-DtcStoredPath -Path 'docs/letter.pdf').stored | Should -BeExactly 'docs/letter.pdf.bin'
        (ConvertFrom-DtcStoredPath -Path 'docs/letter.pdf.bin').plain | Should -BeExactly 'docs/letter.pdf'
    }
}
