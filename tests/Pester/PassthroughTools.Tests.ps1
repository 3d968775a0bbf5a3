# Acceptance suite for machines with pwsh and Pester 5 or later. Needs a build (out/PassthroughTools) and no network.
#     Invoke-Pester tests/Pester
BeforeAll {
    $script:Root = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..'))
    $script:Manifest = [System.IO.Path]::Combine($script:Root, 'out', 'PassthroughTools', 'PassthroughTools.psd1')
    $script:Outage = [System.IO.Path]::Combine($script:Root, 'samples', 'lpe12000-outage')
    Import-Module $script:Manifest -Force
}

Describe 'Import' {
    It 'has a valid manifest' {
        (Test-ModuleManifest $script:Manifest).Name | Should -Be 'PassthroughTools'
    }

    It 'exports what the manifest lists' {
        $listed = (Test-ModuleManifest $script:Manifest).ExportedCommands.Keys | Sort-Object
        (Get-Module PassthroughTools).ExportedCommands.Keys | Sort-Object | Should -Be $listed
    }

    It 'uses approved verbs' {
        foreach ($command in Get-Command -Module PassthroughTools) { (Get-Verb $command.Verb) | Should -Not -BeNullOrEmpty -Because $command.Name }
    }
}

Describe 'Help' {
    It 'has an about topic' {
        Get-Help about_PassthroughTools | Out-String | Should -Match 'vector'
    }

    It 'has a synopsis and examples for every command' {
        foreach ($command in Get-Command -Module PassthroughTools) {
            $help = Get-Help $command.Name -Full
            $help.Synopsis | Should -Not -BeNullOrEmpty -Because $command.Name
            @($help.examples.example).Count | Should -BeGreaterThan 0 -Because $command.Name
        }
    }
}

Describe 'Samples' {
    It 'judges <Sample> as <Verdict>' -TestCases @(
        @{ Sample = 'lpe12000-outage'; Verdict = 'Exceeds' }
        @{ Sample = 'esxi8-cookies'; Verdict = 'Exceeds' }
        @{ Sample = 'lookalikes'; Verdict = 'Fits' }
    ) {
        $budget = Test-HostVectorBudget -Path ([System.IO.Path]::Combine($script:Root, 'samples', $Sample))
        "$($budget.Verdict)" | Should -Be $Verdict
    }

    It 'plans a change after which the outage fits' {
        $plan = New-PassthruRemediationPlan -Path $script:Outage
        $plan.IsFeasible | Should -BeTrue
        "$($plan.After.Verdict)" | Should -Be 'Fits'
    }

    It 'writes a report' {
        $file = [System.IO.Path]::Combine("$TestDrive", 'report.html')
        Export-PassthruReport -Path $script:Outage -Destination $file
        [System.IO.File]::ReadAllText($file) | Should -Match 'esx01.example.com'
    }
}

Describe 'WhatIf' {
    It 'writes nothing and outputs nothing' {
        $journal = [System.IO.Path]::Combine("$TestDrive", 'journal')
        Invoke-PassthruRemediation -Path $script:Outage -JournalPath $journal -WhatIf | Should -BeNullOrEmpty
        [System.IO.Directory]::Exists($journal) | Should -BeFalse
    }

    It 'shows what would be with -PassThru' {
        $journal = [System.IO.Path]::Combine("$TestDrive", 'journal')
        @(Invoke-PassthruRemediation -Path $script:Outage -JournalPath $journal -WhatIf -PassThru).Count | Should -Be 1
        [System.IO.Directory]::Exists($journal) | Should -BeFalse
    }
}

Describe 'Errors' {
    It 'gives <Id>' -TestCases @(
        @{ Id = 'InputNotFound'; Script = { Get-PassthruEvidence -Path '/nowhere/at/all' -ErrorAction Stop } }
        @{ Id = 'HostNotRecognized'; Script = { 12 | Test-HostVectorBudget -ErrorAction Stop } }
    ) {
        $caught = $null
        try { & $Script } catch { $caught = $_ }
        ($caught.FullyQualifiedErrorId -split ',')[0] | Should -Be $Id
    }
}

Describe 'Pipeline by property name' {
    It 'reads the path of an object' {
        $item = [pscustomobject]@{ LiteralPath = $script:Outage }
        "$(($item | Get-PassthruEvidence).HostName)" | Should -Be 'esx01.example.com'
    }

    It 'undoes the runs that the journal lists' {
        $work = [System.IO.Path]::Combine("$TestDrive", 'copy')
        foreach ($file in [System.IO.Directory]::GetFiles($script:Outage, '*', 'AllDirectories')) {
            $target = $work + $file.Substring($script:Outage.Length)
            $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($target))
            [System.IO.File]::Copy($file, $target)
        }
        $journal = [System.IO.Path]::Combine("$TestDrive", 'undo')
        $null = Invoke-PassthruRemediation -Path $work -JournalPath $journal -Confirm:$false
        $undone = Get-PassthruRemediation -JournalPath $journal | Undo-PassthruRemediation -Confirm:$false -PassThru
        "$($undone.State)" | Should -Be 'Undone'
    }
}
