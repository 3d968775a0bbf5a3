function Invoke-PassthruRemediation {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High', DefaultParameterSetName = 'VMHost')]
    [OutputType('PassthroughTools.Remediation.RemediationResult')]
    param(
        # Evidence, a budget, a plan, the path of an evidence folder, or a host of a connected server, by name or as PowerCLI object.
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ParameterSetName = 'VMHost')]
        [Alias('InputObject', 'Evidence')]
        [object] $VMHost,

        [Parameter(Mandatory, ParameterSetName = 'Path')]
        [SupportsWildcards()]
        [string[]] $Path,

        [Parameter(Mandatory, ParameterSetName = 'Plan')]
        [object] $Plan,

        [Parameter(Mandatory, ParameterSetName = 'Resume')]
        [ArgumentCompleter({
            param($Command, $Parameter, $Word, $Tree, $Bound)
            $where = @{}
            if ($Bound.JournalPath) { $where.JournalPath = $Bound.JournalPath }
            (Get-PassthruRemediation -RunId "$Word*" @where -ErrorAction Ignore | Where-Object CanResume).RunId
        })]
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
        [ArgumentCompleter({
            param($Command, $Parameter, $Word, $Tree, $Bound)
            foreach ($path in @($Bound.Path) + $Bound.VMHost | Where-Object { $_ }) {
                (Get-PassthruEvidence $path -ErrorAction Ignore -WarningAction Ignore).VMs.Name | Where-Object { $_ -like "$Word*" } |
                    ForEach-Object { if ($_ -match '[^-.0-9A-Za-z_]') { "'" + $_.Replace("'", "''") + "'" } else { $_ } }
            }
        })]
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

        # Connections to ask for live hosts; all when left out.
        [Parameter(ParameterSetName = 'VMHost')]
        [object[]] $Server,

        # Running guests: open sessions, an account for remoting, an account for VMware Tools.
        [object[]] $Session,

        [pscredential] $Credential,

        [pscredential] $GuestCredential,

        [ValidateRange(1, 86400)]
        [int] $ShutdownTimeoutSec = 600,

        [ValidateRange(1, 86400)]
        [int] $StartTimeoutSec = 600,

        # Most VMs that are down, or on their way down or up, at one time.
        [ValidateRange(1, 64)]
        [int] $ThrottleLimit = 1,

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

        # The log tells what was asked for and refused.
        $source = @{ IncludeLog = $true }
        if ($Server) { $source.Server = $Server }
        $guests = @{}
        if ($Session) { $guests.Session = $Session }
        if ($Credential) { $guests.Credential = $Credential }
        if ($GuestCredential) { $guests.GuestCredential = $GuestCredential }
        $limits = @{ ShutdownTimeoutSec = $ShutdownTimeoutSec; StartTimeoutSec = $StartTimeoutSec; ThrottleLimit = $ThrottleLimit }

        # Errors of the inner commands are collected and raised as this command's own, so that $? and the exit code tell of them.
        $collect = @{ ErrorVariable = 'problems'; ErrorAction = 'SilentlyContinue' }
        function raise($Problems) { foreach ($problem in $Problems) { $PSCmdlet.WriteError($problem) } }

        # Evidence of a host with what its running guests say.
        function collectGuests($From) {
            $hosts = if ($From -is [hashtable]) { Get-PassthruEvidence @From @collect } else { Get-PassthruEvidence -VMHost $From @source @collect }
            raise $problems
            foreach ($each in $hosts) {
                Update-PassthruEvidence -InputObject $each @guests @collect
                raise $problems
            }
        }

        # A plan of another session has no steps any more. They follow from the host, and the plan's identifier from them.
        function restorePlan($From) {
            if ($From.PSObject.TypeNames -notcontains 'Deserialized.PassthroughTools.Planning.RemediationPlan') { return $From }
            $same = @{ Prefer = "$($From.Prefer)"; Headroom = $From.Headroom }
            $plans = if ($guests.Count -eq 0) { New-PassthruRemediationPlan -VMHost $From @source @same @collect }
            else { collectGuests $From | New-PassthruRemediationPlan @same @collect }
            raise $problems
            foreach ($each in $plans) {
                Restore-PassthruPlan -Given $From -Plan $each @collect
                raise $problems
            }
        }

        # A question that nobody can answer throws. That must end the command: a script would go on with its next statement.
        function ask([string] $Target, [string] $Action) {
            try { $PSCmdlet.ShouldProcess($Target, $Action) }
            catch {
                $cause = $_.Exception.InnerException
                $PSCmdlet.ThrowTerminatingError($(if ($cause -is [System.Management.Automation.IContainsErrorRecord]) { $cause.ErrorRecord } else { $_ }))
            }
        }
    }

    process {
        if ($PSCmdlet.ParameterSetName -eq 'Resume') {
            $known = Get-PassthruRemediation -RunId $Resume @journal @collect
            raise $problems
            if ($known -and (ask "$($known.HostName), run $Resume" 'resume')) {
                Start-PassthruRun -Resume $Resume @guests @limits @journal @collect
                raise $problems
            }
            return
        }

        $plans = switch ($PSCmdlet.ParameterSetName) {
            'Plan' { restorePlan $Plan; $problems = $null }
            'Path' {
                if ($guests.Count -eq 0) { New-PassthruRemediationPlan -Path $Path @planning @collect }
                else { collectGuests @{ Path = $Path } | New-PassthruRemediationPlan @planning @collect }
            }
            default {
                if ($VMHost.PSObject.TypeNames -match '^(Deserialized[.])?PassthroughTools[.]Planning[.]RemediationPlan$') { restorePlan $VMHost; $problems = $null }
                elseif ($guests.Count -eq 0) { New-PassthruRemediationPlan -VMHost $VMHost @source @planning @collect }
                else { collectGuests $VMHost | New-PassthruRemediationPlan @planning @collect }
            }
        }
        raise $problems

        foreach ($each in $plans) {
            $PSCmdlet.WriteVerbose("$($each.HostName): $($each.Before.Verdict), plan $($each.Id) with $($each.Steps.Count) changes, afterwards $($each.After.Verdict)")
            if (-not $each.IsFeasible -or $each.Steps.Count -eq 0) {
                if (-not $WhatIfPreference -or $PassThru) {
                    Complete-PassthruRemediation -Plan $each -Projected:$WhatIfPreference @journal @collect
                    raise $problems
                }
            }
            elseif ($WhatIfPreference) {
                foreach ($step in $each.Steps) {
                    $old = if ($null -eq $step.OldValue) { '(absent)' } else { $step.OldValue }
                    $null = ask "$($each.HostName)/$($step.VM) $($step.Device), $($step.Key)" "$old -> $($step.NewValue)"
                }
                if ($PassThru) {
                    Complete-PassthruRemediation -Plan $each -Projected @journal @collect
                    raise $problems
                }
            }
            elseif (ask $each.HostName "change $($each.Steps.Count) settings in $($each.VMs -join ', ') (plan $($each.Id))") {
                $run = Start-PassthruRun -Plan $each @guests @limits @journal @collect
                raise $problems
                if ($null -ne $run) {
                    $fresh = Update-PassthruEvidence -InputObject $each.Before.Evidence -Refresh @guests @collect
                    raise $problems
                    $after = if ($fresh) { Test-HostVectorBudget -VMHost $fresh -Headroom $each.Headroom -IncludePoweredOff:$IncludePoweredOff @collect }
                    raise $problems
                    Complete-PassthruRemediation -Plan $each -Run $run -After $after @journal @collect
                    raise $problems
                }
            }
        }
    }
}
