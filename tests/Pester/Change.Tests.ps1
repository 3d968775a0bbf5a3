BeforeAll { . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1')) }

Describe 'WhatIf' {
    It 'writes nothing and outputs nothing' {
        $journal = [System.IO.Path]::Combine("$TestDrive", 'journal')
        Invoke-PassthruRemediation -Path $Outage -JournalPath $journal -WhatIf | Should -BeNullOrEmpty
        [System.IO.Directory]::Exists($journal) | Should -BeFalse
    }

    It 'shows what would be with -PassThru' {
        $journal = [System.IO.Path]::Combine("$TestDrive", 'journal')
        @(Invoke-PassthruRemediation -Path $Outage -JournalPath $journal -WhatIf -PassThru).Count | Should -Be 1
        [System.IO.Directory]::Exists($journal) | Should -BeFalse
    }

    It 'follows $WhatIfPreference' {
        $journal = [System.IO.Path]::Combine("$TestDrive", 'journal')
        $WhatIfPreference = $true
        try { Invoke-PassthruRemediation -Path $Outage -JournalPath $journal }
        finally { $WhatIfPreference = $false }
        [System.IO.Directory]::Exists($journal) | Should -BeFalse
    }

    It 'writes no file: <Command>' -ForEach @(
        @{ Command = 'Export-PassthruReport'; Script = { Export-PassthruReport -Path $Outage -Destination $target -WhatIf } }
        @{ Command = 'Export-PassthruEvidence'; Script = { Export-PassthruEvidence -Path $Outage -Destination $target -WhatIf } }
        @{ Command = 'New-PassthruSupportBundle'; Script = { New-PassthruSupportBundle -Path $Outage -Destination $target -WhatIf } }
        @{ Command = 'Get-PassthruCollector'; Script = { Get-PassthruCollector -Destination $target -WhatIf } }
        @{ Command = 'Set-GuestMsiSetting'; Script = { Set-GuestMsiSetting -Path ([System.IO.Path]::Combine($Outage, 'vms', 'win01', 'guest-pci.reg')) -Device '10df:f100' -MessageNumberLimit 4 -Destination $target -WhatIf } }
    ) {
        $target = [System.IO.Path]::Combine("$TestDrive", 'target')
        $ErrorActionPreference = 'Stop'
        & $Script | Should -BeNullOrEmpty
        Test-Path $target | Should -BeFalse
    }

    It 'leaves a .vmx alone' {
        $file = [System.IO.Path]::Combine("$TestDrive", 'win01.vmx')
        Copy-Item ([System.IO.Path]::Combine($Outage, 'vms', 'win01', 'win01.vmx')) $file
        $before = (Get-FileHash $file).Hash
        Set-VMPassthruMsiMode -Path $file -Mode Msi -WhatIf
        (Get-FileHash $file).Hash | Should -Be $before
    }
}

Describe 'Remediation' {
    It 'is applied, found in the journal, and undone to the same bytes' {
        $work = [System.IO.Path]::Combine("$TestDrive", 'copy')
        $journal = [System.IO.Path]::Combine("$TestDrive", 'runs')
        Copy-Sample 'lpe12000-outage' $work
        $before = Get-ChildItem $work -Recurse -File | ForEach-Object { (Get-FileHash $_.FullName).Hash }
        $result = Invoke-PassthruRemediation -Path $work -JournalPath $journal -Confirm:$false -PassThru
        "$((Test-HostVectorBudget -Path $work).Verdict)" | Should -Be 'Fits'
        $run = Get-PassthruRemediation -JournalPath $journal
        $run.RunId | Should -Be $result.RunId
        $undone = $run | Undo-PassthruRemediation -Confirm:$false -PassThru
        "$($undone.State)" | Should -Be 'Undone'
        Get-ChildItem $work -Recurse -File | ForEach-Object { (Get-FileHash $_.FullName).Hash } | Should -Be $before
    }

    It 'is found and undone by what came back from Export-Clixml' {
        $work = [System.IO.Path]::Combine("$TestDrive", 'clixml')
        $journal = [System.IO.Path]::Combine("$TestDrive", 'clixml-runs')
        $file = [System.IO.Path]::Combine("$TestDrive", 'run.xml')
        Copy-Sample 'lpe12000-outage' $work
        Invoke-PassthruRemediation -Path $work -JournalPath $journal -Confirm:$false
        Get-PassthruRemediation -JournalPath $journal | Export-Clixml $file
        "$((Import-Clixml $file | Undo-PassthruRemediation -Confirm:$false -PassThru).State)" | Should -Be 'Undone'
    }
}
