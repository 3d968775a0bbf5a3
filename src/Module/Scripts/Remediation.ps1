# What Invoke-PassthruRemediation does; it runs this in its own scope, so its parameters are variables here.

# A function of a module sees the global preferences, not those of the script that calls it: there, -WhatIf set for all would change hosts.
# What was given is asked of the command: a script that is dot-sourced has bound parameters of its own, none.
$given = $PSCmdlet.MyInvocation.BoundParameters
foreach ($name in 'WhatIf', 'Confirm', 'ErrorAction', 'Warning', 'Verbose', 'Debug', 'Information', 'Progress') {
    if ($given.ContainsKey($name) -or $given.ContainsKey("${name}Action")) { continue }
    $theirs = $PSCmdlet.SessionState.PSVariable.Get("${name}Preference")
    if ($theirs) { $ExecutionContext.SessionState.PSVariable.Set("${name}Preference", $theirs.Value) }
}

$journal = @{}
if ($JournalPath) { $journal.JournalPath = $JournalPath }

# A budget is planned for as it was asked for, unless it is asked for otherwise here.
$planning = @{ Prefer = $Prefer; MinimumPerDevice = $MinimumPerDevice }
if ($given.ContainsKey('Headroom')) { $planning.Headroom = $Headroom }
if ($given.ContainsKey('IncludePoweredOff')) { $planning.IncludePoweredOff = $IncludePoweredOff }
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

function isPlan($Value) { [bool]($Value.PSObject.TypeNames -match '^(Deserialized[.])?PassthroughTools[.]Planning[.]RemediationPlan$') }

# A plan of another session has no steps any more. They follow from the host, and the plan's identifier from them.
function restorePlan($From) {
    if (-not (isPlan $From)) {
        Restore-PassthruPlan -Given $From @collect
        raise $problems
        return
    }
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

# Called for each input.
function remediate {
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
        'Plan' {
            foreach ($one in $Plan) { restorePlan $one }
            $problems = $null
        }
        'Path' {
            if ($guests.Count -eq 0) { New-PassthruRemediationPlan -Path $Path @planning @collect }
            else { collectGuests @{ Path = $Path } | New-PassthruRemediationPlan @planning @collect }
        }
        default {
            # Hosts that are given together are read together; a plan is carried out as it is.
            $hosts = @(foreach ($one in $VMHost) { if (-not (isPlan $one)) { $one } })
            foreach ($one in $VMHost) { if (isPlan $one) { restorePlan $one } }
            $problems = $null
            if ($hosts.Count) {
                if ($guests.Count -eq 0) { New-PassthruRemediationPlan -VMHost $hosts @source @planning @collect }
                else { collectGuests $hosts | New-PassthruRemediationPlan @planning @collect }
            }
        }
    }
    raise $problems

    foreach ($each in $plans) {
        $PSCmdlet.WriteVerbose("$($each.HostName): $($each.Before.Verdict), plan $($each.Id) with $($each.Steps.Count) changes, afterwards $($each.After.Verdict)")
        if (-not $each.IsFeasible -or $each.Steps.Count -eq 0) {
            # That nothing helps is an error under -WhatIf as well: silence would mean that nothing need be done.
            $result = Complete-PassthruRemediation -Plan $each -Projected:$WhatIfPreference @journal @collect
            if (-not $WhatIfPreference -or $PassThru) { $result }
            raise $problems
        }
        elseif ($WhatIfPreference) {
            # What a run on files would refuse is refused here as well; servers and running guests are not asked once more.
            if ($guests.Count -eq 0 -and -not ($each.Steps | Where-Object { $_.VMPlace })) {
                $null = Start-PassthruRun -Plan $each -Project @journal @collect
                raise $problems
                if ($problems.Count) { continue }
            }
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
                # What was counted for the plan is counted again, whoever made it.
                $counted = @($each.Before.Devices | Where-Object { $_.IsCounted -and "$($_.PowerState)" -in 'PoweredOff', 'Suspended' })
                $after = if ($fresh) { Test-HostVectorBudget -VMHost $fresh -Headroom $each.Headroom -IncludePoweredOff:($counted.Count -gt 0) @collect }
                raise $problems
                Complete-PassthruRemediation -Plan $each -Run $run -After $after @journal @collect
                raise $problems
            }
        }
    }
}
