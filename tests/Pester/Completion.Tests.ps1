BeforeAll {
    . ([System.IO.Path]::Combine($PSScriptRoot, 'Common.ps1'))
    function Complete([string] $Text) { (TabExpansion2 -inputScript $Text -cursorColumn $Text.Length).CompletionMatches.CompletionText }
}

Describe 'Tab completion' {
    It 'completes commands' {
        Complete 'Test-HostVec' | Should -Contain 'Test-HostVectorBudget'
    }

    It 'completes parameters' {
        Complete 'New-PassthruRemediationPlan -Exc' | Should -Be '-ExcludeVM', '-ExcludeDevice'
    }

    It 'completes values: <Text>' -ForEach @(
        @{ Text = 'New-PassthruRemediationPlan -Prefer '; Value = 'FewestReboots' }
        @{ Text = 'Invoke-PassthruRemediation -Prefer '; Value = 'FewestReboots' }
        @{ Text = 'Export-PassthruReport -Format '; Value = 'Prometheus' }
        @{ Text = 'Get-PassthruError '; Value = 'InputNotFound' }
    ) {
        Complete $Text | Should -Contain $Value
    }

    It 'completes VMs and devices of the evidence on the line' {
        Complete "New-PassthruRemediationPlan -Path '$Outage' -ExcludeVM " | Should -Be 'win01', 'win02', 'win03', 'win04'
        Complete "New-PassthruRemediationPlan -Path '$Outage' -ExcludeDevice " | Should -Contain '0000:05:00.0'
    }
}
