function Invoke-PassthruRemediation {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High', DefaultParameterSetName = 'VMHost')]
    [OutputType('PassthroughTools.Remediation.RemediationResult')]
    param(
        # Evidence, a budget, a plan, or the path of an evidence folder.
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ParameterSetName = 'VMHost')]
        [Alias('InputObject', 'Evidence')]
        [object] $VMHost,

        [Parameter(Mandatory, ParameterSetName = 'Path')]
        [SupportsWildcards()]
        [string[]] $Path,

        [Parameter(Mandatory, ParameterSetName = 'Plan')]
        [object] $Plan,

        [Parameter(Mandatory, ParameterSetName = 'Resume')]
        [string] $Resume,

        [Parameter(ParameterSetName = 'VMHost')]
        [Parameter(ParameterSetName = 'Path')]
        [ValidateSet('FewestReboots', 'EvenShare', 'MsiOff')]
        [string] $Prefer = 'FewestReboots',

        [Parameter(ParameterSetName = 'VMHost')]
        [Parameter(ParameterSetName = 'Path')]
        [ValidateRange(0, 1000000)]
        [int] $Headroom = 0,

        [Parameter(ParameterSetName = 'VMHost')]
        [Parameter(ParameterSetName = 'Path')]
        [SupportsWildcards()]
        [string[]] $ExcludeVM,

        [Parameter(ParameterSetName = 'VMHost')]
        [Parameter(ParameterSetName = 'Path')]
        [string[]] $ExcludeDevice,

        [Parameter(ParameterSetName = 'VMHost')]
        [Parameter(ParameterSetName = 'Path')]
        [ValidateRange(1, 2048)]
        [int] $MinimumPerDevice = 1,

        [Parameter(ParameterSetName = 'VMHost')]
        [Parameter(ParameterSetName = 'Path')]
        [switch] $IncludePoweredOff,

        [Alias('Journal')]
        [ValidateNotNullOrEmpty()]
        [string] $JournalPath,

        # Under -WhatIf: writes the projected result. Otherwise the result is written anyway.
        [switch] $PassThru
    )

    begin {
        $journal = @{}
        if ($JournalPath) { $journal.JournalPath = $JournalPath }

        $planning = @{ Prefer = $Prefer; Headroom = $Headroom; MinimumPerDevice = $MinimumPerDevice; IncludePoweredOff = $IncludePoweredOff }
        if ($ExcludeVM) { $planning.ExcludeVM = $ExcludeVM }
        if ($ExcludeDevice) { $planning.ExcludeDevice = $ExcludeDevice }

    }

    process {
        if ($PSCmdlet.ParameterSetName -eq 'Resume') {
            $known = Get-PassthruRemediation -RunId $Resume @journal
            if ($known -and $PSCmdlet.ShouldProcess("$($known.HostName), run $Resume", 'resume')) {
                Start-PassthruRun -Resume $Resume @journal
            }
            return
        }

        $plans = switch ($PSCmdlet.ParameterSetName) {
            'Plan' { $Plan }
            'Path' { New-PassthruRemediationPlan -Path $Path @planning }
            default {
                if ($VMHost.PSObject.TypeNames -contains 'PassthroughTools.Planning.RemediationPlan') { $VMHost }
                else { New-PassthruRemediationPlan -VMHost $VMHost @planning }
            }
        }

        foreach ($each in $plans) {
            $PSCmdlet.WriteVerbose("$($each.HostName): $($each.Before.Verdict), plan $($each.Id) with $($each.Steps.Count) changes, afterwards $($each.After.Verdict)")
            if (-not $each.IsFeasible -or $each.Steps.Count -eq 0) {
                if (-not $WhatIfPreference -or $PassThru) { Complete-PassthruRemediation -Plan $each -Projected:$WhatIfPreference @journal }
                continue
            }

            if ($WhatIfPreference) {
                foreach ($step in $each.Steps) {
                    $old = if ($null -eq $step.OldValue) { '(absent)' } else { $step.OldValue }
                    $null = $PSCmdlet.ShouldProcess("$($each.HostName)/$($step.VM) $($step.Device), $($step.Key)", "$old -> $($step.NewValue)")
                }
                if ($PassThru) { Complete-PassthruRemediation -Plan $each -Projected @journal }
                continue
            }

            $what = "change $($each.Steps.Count) settings in $($each.VMs -join ', ') (plan $($each.Id))"
            if (-not $PSCmdlet.ShouldProcess($each.HostName, $what)) { continue }
            $run = Start-PassthruRun -Plan $each @journal
            if ($null -eq $run) { continue }
            $after = $each.Before.Evidence.Source | Test-HostVectorBudget -Headroom $each.Headroom -IncludePoweredOff:$IncludePoweredOff
            Complete-PassthruRemediation -Plan $each -Run $run -After $after @journal
        }
    }
}
