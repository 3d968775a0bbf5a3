BeforeAll { . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1')) }

Describe 'Errors' {
    It 'are told apart by identifier and say what to do: <Id>' -ForEach @(
        @{ Id = 'InputNotFound'; Script = { Get-PassthruEvidence -Path '/nowhere/at/all' -ErrorAction Stop } }
        @{ Id = 'HostNotRecognized'; Script = { 12 | Test-HostVectorBudget -ErrorAction Stop } }
        @{ Id = 'RunNotFound'; Script = { Undo-PassthruRemediation -RunId 'none' -JournalPath "$TestDrive" -Confirm:$false -ErrorAction Stop } }
    ) {
        $caught = Get-Failure $Script
        ($caught.FullyQualifiedErrorId -split ',')[0] | Should -Be $Id
        $caught.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $caught.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
        (Get-PassthruError $Id).Advice | Should -Not -BeNullOrEmpty
    }

    It 'end nothing by themselves: the other hosts are answered' {
        $errors = $null
        $found = Get-PassthruEvidence -Path '/nowhere/at/all', $Outage -ErrorAction SilentlyContinue -ErrorVariable errors
        "$($found.HostName)" | Should -Be 'esx01.example.com'
        @($errors).Count | Should -Be 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'InputNotFound,*'
    }

    It 'end the script under $ErrorActionPreference Stop' {
        $caught = Get-Failure { $ErrorActionPreference = 'Stop'; Get-PassthruEvidence -Path '/nowhere/at/all'; 'went on' }
        $caught.FullyQualifiedErrorId | Should -BeLike 'InputNotFound,*'
    }

    It 'are not there where they are ignored' {
        $Error.Clear()
        Get-PassthruEvidence -Path '/nowhere/at/all' -ErrorAction Ignore | Should -BeNullOrEmpty
        $Error.Count | Should -Be 0
    }

    It 'are shown with their advice' {
        $shown = Get-PassthruEvidence -Path '/nowhere/at/all' -ErrorAction Continue 2>&1 | Out-String -Width 120
        $shown | Should -Match '/nowhere/at/all'
    }
}

Describe 'Warnings' {
    It 'are collected and can be silent' {
        $warnings = $null
        $null = Get-PassthruEvidence ([System.IO.Path]::Combine($Samples, 'lookalikes')) -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Match 'hexadecimal'
    }
}
