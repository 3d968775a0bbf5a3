BeforeDiscovery {
    # What an admin looks at, each as it comes.
    $views = @(
        @{ What = 'evidence'; Script = { Get-PassthruEvidence $Outage } }
        @{ What = 'a budget'; Script = { Test-HostVectorBudget -Path $Outage } }
        @{ What = 'a budget of a newer host'; Script = { Test-HostVectorBudget -Path ([System.IO.Path]::Combine($Samples, 'esxi8-cookies')) } }
        @{ What = 'capacities'; Script = { Get-HostVectorCapacity -Path $Outage } }
        @{ What = 'demands'; Script = { Get-PassthruVectorDemand -Path $Outage } }
        @{ What = 'the ledger'; Script = { Get-HostVectorLedger -Path ([System.IO.Path]::Combine($Samples, 'esxi8-cookies')) } }
        @{ What = 'findings'; Script = { Get-PassthruFinding -Path $Outage } }
        @{ What = 'log events'; Script = { Get-PassthruLogEvent -Path ([System.IO.Path]::Combine($Outage, 'vmkernel.log')) } }
        @{ What = 'maxima'; Script = { Test-PassthruConfigMaximum -Path $Outage } }
        @{ What = 'a plan'; Script = { New-PassthruRemediationPlan -Path $Outage } }
        @{ What = 'VM modes'; Script = { Get-VMPassthruMsiMode -Path ([System.IO.Path]::Combine($Outage, 'vms', 'win01', 'win01.vmx')) } }
        @{ What = 'guest settings'; Script = { Get-GuestMsiSetting -Path ([System.IO.Path]::Combine($Outage, 'vms', 'win01', 'guest-pci.reg')) } }
        @{ What = 'PCI devices'; Script = { ConvertFrom-EsxcliPciList -Path ([System.IO.Path]::Combine($Outage, 'esxcli-hardware-pci-list.txt')) } }
        @{ What = 'configuration spaces'; Script = { ConvertFrom-PciConfigSpace -Path ([System.IO.Path]::Combine($Outage, 'lspci-config.txt')) } }
        @{ What = 'kernel settings'; Script = { ConvertFrom-EsxcliKernelSetting -Path ([System.IO.Path]::Combine($Outage, 'esxcli-system-settings-kernel-list.txt')) } }
        @{ What = 'a vector list'; Script = { ConvertFrom-VsishVectorList -Path ([System.IO.Path]::Combine($Outage, 'vsish-vectorList.txt')) } }
        @{ What = 'a .vmx'; Script = { ConvertFrom-Vmx -Path ([System.IO.Path]::Combine($Outage, 'vms', 'win01', 'win01.vmx')) } }
        @{ What = 'a placement'; Script = { Find-PassthruHost -Path ([System.IO.Path]::Combine($Samples, 'lpe12000-mixed')) -VM lin01 } }
        @{ What = 'a comparison'; Script = { Compare-PassthruEvidence $Outage ([System.IO.Path]::Combine($Samples, 'lpe12000-mixed')) } }
        @{ What = 'errors'; Script = { Get-PassthruError } }
    )
}

BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    # What a value says that has nothing to say: a type's name, or a record's members.
    $Unreadable = 'PassthroughTools\.[A-Z]|System\.[A-Z][A-Za-z.]*[`\[]|\b[A-Z][A-Za-z]+ \{ [A-Z][A-Za-z]+ = '
}

Describe 'Display of <What>' -ForEach $views {
    It 'fits a window of <_> columns' -ForEach 80, 120 {
        $lines = (& $Script | Out-String -Width $_) -split '\r?\n' -replace '\x1b\[[0-9;]*m'
        ($lines -join '').Trim() | Should -Not -BeNullOrEmpty
        foreach ($line in $lines) { $line.Length | Should -BeLessOrEqual $_ -Because $line }
        $lines -match $Unreadable | Should -BeNullOrEmpty
    }

    It 'can be listed whole' {
        & $Script | Format-List * | Out-String -Width 200 | Should -Not -Match $Unreadable
    }

    It 'can be a table of any properties' {
        $first = @(& $Script)[0]
        $names = @($first.PSObject.Properties.Name)[0..2]
        @($first) | Format-Table $names | Out-String -Width 120 | Should -Match ([regex]::Escape($names[0]))
    }
}
