BeforeAll { . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1')) }

Describe 'Samples' {
    It 'judges <Sample> as <Verdict>' -ForEach @(
        @{ Sample = 'lpe12000-outage'; Verdict = 'Exceeds' }
        @{ Sample = 'lpe12000-mixed'; Verdict = 'Fits' }
        @{ Sample = 'esxi8-cookies'; Verdict = 'Exceeds' }
        @{ Sample = 'lookalikes'; Verdict = 'Fits' }
    ) {
        $budget = Test-HostVectorBudget -Path ([System.IO.Path]::Combine($Samples, $Sample))
        "$($budget.Verdict)" | Should -Be $Verdict
    }

    It 'plans a change after which the outage fits' {
        $plan = New-PassthruRemediationPlan -Path $Outage
        $plan.IsFeasible | Should -BeTrue
        "$($plan.After.Verdict)" | Should -Be 'Fits'
    }

    It 'writes a report in each format' {
        foreach ($format in 'Html', 'Json', 'Csv', 'Prometheus') {
            $file = [System.IO.Path]::Combine("$TestDrive", "report.$format")
            Export-PassthruReport -Path $Outage -Destination $file -Format $format
            [System.IO.File]::ReadAllText($file) | Should -Match 'esx01.example.com'
        }
    }
}

Describe 'Pipelines' {
    BeforeAll { $script:budgets = Get-ChildItem $Samples -Directory | Get-PassthruEvidence | Test-HostVectorBudget }

    It 'takes folders from Get-ChildItem' {
        @($budgets).Count | Should -Be 4
    }

    It 'answers Where-Object by verdict, as a name' {
        @($budgets | Where-Object Verdict -EQ 'Exceeds').Count | Should -Be 2
        @($budgets | Where-Object Verdict -In 'Fits', 'Tight').Count | Should -Be 2
    }

    It 'sorts hosts by what is short' {
        $sorted = $budgets | ForEach-Object { $_.Pools } | Sort-Object Headroom | Select-Object -ExpandProperty Headroom
        $sorted | Should -Be ($sorted | Sort-Object)
        $sorted | Should -Contain -112
    }

    It 'sorts devices by address, not by text' {
        $addresses = (Test-HostVectorBudget -Path $Outage).Devices | Sort-Object Address -Descending | ForEach-Object { "$($_.Address)" }
        $addresses[0] | Should -Be '0000:1a:00.1'
        $addresses[-1] | Should -Be '0000:05:00.0'
    }

    It 'groups demands by VM' {
        $groups = Get-PassthruVectorDemand -Path $Outage | Group-Object VM
        $groups.Name | Should -Be 'win01', 'win02', 'win03', 'win04'
        $groups | ForEach-Object { $_.Count } | Should -Be 2, 2, 2, 2
    }

    It 'adds up with Measure-Object' {
        (Get-PassthruVectorDemand -Path $Outage | Measure-Object Demand -Sum).Sum | Should -Be 256
    }

    It 'stops asking when Select-Object has enough, without an error' {
        $errors = $null
        @(Get-PassthruLogEvent -Path ([System.IO.Path]::Combine($Outage, 'vmkernel.log')) -ErrorVariable errors | Select-Object -First 2).Count | Should -Be 2
        $errors | Should -BeNullOrEmpty
    }

    It 'selects and renames' {
        $row = Get-PassthruVectorDemand -Path $Outage | Select-Object -First 1 VM, Demand, @{ Name = 'Pci'; Expression = { "$($_.Address)" } }
        "$($row.VM) $($row.Demand) $($row.Pci)" | Should -Be 'win01 32 0000:05:00.0'
    }

    It 'binds by property name' {
        "$(([pscustomobject]@{ LiteralPath = $Outage } | Get-PassthruEvidence).HostName)" | Should -Be 'esx01.example.com'
        "$(([pscustomobject]@{ PSPath = $Outage } | Get-PassthruEvidence).HostName)" | Should -Be 'esx01.example.com'
    }
}

Describe 'Data formats' {
    It 'makes JSON of a budget' {
        $budget = Test-HostVectorBudget -Path $Outage
        $json = $budget | Select-Object HostName, @{ Name = 'Verdict'; Expression = { "$($_.Verdict)" } }, Pools | ConvertTo-Json -Depth 3 -WarningAction SilentlyContinue
        $back = $json | ConvertFrom-Json
        "$($back.HostName) $($back.Verdict) $($back.Pools[0].Headroom)" | Should -Be 'esx01.example.com Exceeds -112'
    }

    It 'makes CSV with readable cells of <Command>' -ForEach @(
        @{ Command = 'demands'; Script = { Get-PassthruVectorDemand -Path $Outage } }
        @{ Command = 'findings'; Script = { Get-PassthruFinding -Path $Outage } }
        @{ Command = 'log events'; Script = { Get-PassthruLogEvent -Path ([System.IO.Path]::Combine($Outage, 'vmkernel.log')) } }
        @{ Command = 'the ledger'; Script = { Get-HostVectorLedger -Path ([System.IO.Path]::Combine($Samples, 'esxi8-cookies')) } }
        @{ Command = 'maxima'; Script = { Test-PassthruConfigMaximum -Path $Outage } }
        @{ Command = 'errors'; Script = { Get-PassthruError } }
    ) {
        $file = [System.IO.Path]::Combine("$TestDrive", 'rows.csv')
        $rows = @(& $Script)
        $rows | Export-Csv $file -NoTypeInformation
        $back = @(Import-Csv $file)
        $back.Count | Should -Be $rows.Count
        # The text of a type that says nothing of itself.
        foreach ($row in $back) { foreach ($cell in $row.PSObject.Properties) { $cell.Value | Should -Not -Match '^PassthroughTools\.|\{ [A-Z][A-Za-z]+ = ' -Because $cell.Name } }
    }

    It 'binds again what came back from Export-Clixml: <What>' -ForEach @(
        @{ What = 'evidence'; Script = { Get-PassthruEvidence $Outage } }
        @{ What = 'a budget'; Script = { Test-HostVectorBudget -Path $Outage } }
    ) {
        $file = [System.IO.Path]::Combine("$TestDrive", 'kept.xml')
        & $Script | Export-Clixml $file
        $again = Import-Clixml $file | Test-HostVectorBudget
        "$($again.HostName) $($again.Verdict)" | Should -Be 'esx01.example.com Exceeds'
    }
}
