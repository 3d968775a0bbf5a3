BeforeAll { . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1')) }

Describe 'Jobs' {
    It 'runs in a job, and what comes back binds' {
        $job = Start-Job { Import-Module $args[0]; Test-HostVectorBudget -Path $args[1] } -ArgumentList $Manifest, $Outage
        try { $budget = $job | Receive-Job -Wait }
        finally { $job | Remove-Job -Force }
        "$($budget.Verdict)" | Should -Be 'Exceeds'
        "$((New-PassthruRemediationPlan -VMHost $budget).After.Verdict)" | Should -Be 'Fits'
    }

    It 'runs in a thread job' -Skip:(-not (Get-Command Start-ThreadJob -ErrorAction Ignore)) {
        $jobs = foreach ($sample in 'lpe12000-outage', 'lookalikes') {
            Start-ThreadJob { Import-Module $args[0]; Test-HostVectorBudget -Path $args[1] -WarningAction Ignore } -ArgumentList $Manifest, ([System.IO.Path]::Combine($Samples, $sample))
        }
        try { $verdicts = $jobs | Receive-Job -Wait | ForEach-Object { "$($_.Verdict)" } | Sort-Object }
        finally { $jobs | Remove-Job -Force }
        $verdicts | Should -Be 'Exceeds', 'Fits'
    }

    It 'runs in ForEach-Object -Parallel, with objects of this session' -Skip:($PSVersionTable.PSVersion.Major -lt 7) {
        $budgets = Get-ChildItem $Samples -Directory | Get-PassthruEvidence -WarningAction Ignore |
            ForEach-Object -ThrottleLimit 4 -Parallel { Import-Module $using:Manifest; $_ | Test-HostVectorBudget -WarningAction Ignore }
        $verdicts = $budgets | Sort-Object HostName | ForEach-Object { "$($_.HostName) $($_.Verdict)" }
        $verdicts | Should -Be ($budgets.Evidence | Test-HostVectorBudget -WarningAction Ignore | Sort-Object HostName | ForEach-Object { "$($_.HostName) $($_.Verdict)" })
        @($verdicts).Count | Should -Be 4
    }
}
