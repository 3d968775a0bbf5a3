BeforeAll { . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1')) }

Describe 'Import' {
    It 'has a valid manifest' {
        $warnings = $null
        (Test-ModuleManifest $Manifest -WarningVariable warnings).Name | Should -Be 'PassthroughTools'
        $warnings | Should -BeNullOrEmpty
    }

    It 'exports what the manifest lists' {
        $data = Import-PowerShellDataFile $Manifest
        $listed = @($data.CmdletsToExport) + @($data.FunctionsToExport) | Sort-Object
        (Get-Module PassthroughTools).ExportedCommands.Keys | Sort-Object | Should -Be $listed
    }

    It 'uses approved verbs' {
        $warnings = $null
        Import-Module $Manifest -Force -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        foreach ($command in Get-Command -Module PassthroughTools) { (Get-Verb $command.Verb) | Should -Not -BeNullOrEmpty -Because $command.Name }
    }

    It 'can be done twice' {
        Import-Module $Manifest
        Import-Module $Manifest
        @(Get-Module PassthroughTools).Count | Should -Be 1
        "$((Test-HostVectorBudget -Path $Outage).Verdict)" | Should -Be 'Exceeds'
    }

    It 'can be forced' {
        Import-Module $Manifest -Force
        "$((Test-HostVectorBudget -Path $Outage).Verdict)" | Should -Be 'Exceeds'
    }

    It 'works again after the module was removed, with objects from before' {
        $budget = Test-HostVectorBudget -Path $Outage
        Remove-Module PassthroughTools
        Get-Command Test-HostVectorBudget -ErrorAction Ignore -ListImported | Should -BeNullOrEmpty
        Import-Module $Manifest
        (New-PassthruRemediationPlan -VMHost $budget).IsFeasible | Should -BeTrue
    }

    It 'leaves no error and no variable behind' {
        $code = "`$before = (Get-Variable -Scope Global).Name; Import-Module '$Manifest'; `$Error.Count; @((Get-Variable -Scope Global).Name | Where-Object { `$_ -notin `$before -and `$_ -ne 'before' }).Count"
        $shell = [powershell]::Create()
        try { @($shell.AddScript($code).Invoke()) | Should -Be 0, 0 }
        finally { $shell.Dispose() }
    }
}

Describe 'Strict mode and preferences' {
    It 'analyses, plans and tries under the strictest' {
        Set-StrictMode -Version Latest
        $ErrorActionPreference = 'Stop'
        $budget = Test-HostVectorBudget -Path $Outage
        "$((New-PassthruRemediationPlan -VMHost $budget).After.Verdict)" | Should -Be 'Fits'
        $budget | Out-String | Should -Match 'EXCEEDS'
        $journal = [System.IO.Path]::Combine("$TestDrive", 'strict')
        "$((Invoke-PassthruRemediation -VMHost $budget -JournalPath $journal -WhatIf -PassThru).HostName)" | Should -Be 'esx01.example.com'
    }

    It 'is read by a transcript' {
        $file = [System.IO.Path]::Combine("$TestDrive", 'transcript.txt')
        $null = Start-Transcript $file
        try { Test-HostVectorBudget -Path $Outage | Out-Host }
        finally { $null = Stop-Transcript }
        [System.IO.File]::ReadAllText($file) | Should -Match '-112'
    }
}
