# The acceptance suite in tests/Pester. It needs a full PowerShell, so it runs in a process of its own, whichever shell this is. Part of build.ps1.

# How to start pwsh: the one on the PATH, or what .config/dotnet-tools.json names; under CI always the latter, so that every run has the same. Nothing
# where there is neither.
function findPwsh {
    $installed = findProgram 'pwsh'
    if ($installed -and -not $inCI) { return @{ Program = $installed; Arguments = @() } }
    $said = & dotnet tool restore --tool-manifest ([System.IO.Path]::Combine($root, '.config', 'dotnet-tools.json')) 2>&1
    if ($LASTEXITCODE -eq 0) { return @{ Program = 'dotnet'; Arguments = 'tool', 'run', 'pwsh', '--' } }
    foreach ($line in $said) { say "    $line" }
}

# The manifest of the Pester that tests/Acceptance.proj restores; nothing where it can't.
function findPester {
    $restore = [System.IO.Path]::Combine($root, 'tests', 'Acceptance.proj')
    $said = & dotnet restore $restore --verbosity quiet -nologo 2>&1
    if ($LASTEXITCODE -eq 0) {
        $folder = & dotnet msbuild $restore -nologo -getProperty:PkgPester
        if ($LASTEXITCODE -eq 0 -and $folder) { return [System.IO.Path]::Combine("$folder".Trim(), 'tools', 'Pester.psd1') }
    }
    foreach ($line in $said) { say "    $line" }
}

# Runs the suite and returns its counts, taken from the result file that Pester wrote, never from its output.
function testPester([string] $Results) {
    $pwsh = findPwsh
    $pester = if ($pwsh) { findPester }
    if (-not $pwsh -or -not $pester) {
        $text = "tests/Pester: $(if ($pwsh) { 'Pester' } else { 'pwsh' }) could not be had."
        if ($inCI) { say "FAILED $text Under CI nothing may be left out."; return @{ Passed = 0; Failed = 1; Skipped = 0 } }
        say "skipped $text"
        return @{ Passed = 0; Failed = 0; Skipped = 1 }
    }

    $file = [System.IO.Path]::Combine($Results, 'Pester.xml')
    $arguments = $pwsh.Arguments + '-NoLogo', '-NoProfile', '-NonInteractive', '-File', [System.IO.Path]::Combine($root, 'tests', 'Pester', 'Run.ps1'), '-Pester', $pester, '-Result', $file
    $telemetry = $env:POWERSHELL_TELEMETRY_OPTOUT
    $location = $ExecutionContext.SessionState.Path.CurrentLocation.ProviderPath
    try {
        $env:POWERSHELL_TELEMETRY_OPTOUT = '1'
        # The tool's manifest is looked for from here upwards.
        $null = $ExecutionContext.SessionState.Path.SetLocation($root)
        # What -WhatIf says goes to the console whatever else is asked for, and tells nothing here.
        $said = @(& $pwsh.Program @arguments 2>&1)
        $code = $LASTEXITCODE
    }
    finally {
        $env:POWERSHELL_TELEMETRY_OPTOUT = $telemetry
        $null = $ExecutionContext.SessionState.Path.SetLocation($location)
    }
    $counts = pesterCounts $file $code
    if ($counts.Unexplained) { $said | ForEach-Object { say "    $_" } }
    $counts
}

# Counts from a result file in NUnit 3's form. Pester's exit code tells what no test case shows, such as a file that can't be read.
function pesterCounts([string] $File, [int] $Code) {
    $run = $null
    if ([System.IO.File]::Exists($File)) {
        try { $run = ([xml][System.IO.File]::ReadAllText($File)).SelectSingleNode('/test-run') }
        catch { say "FAILED Pester left a result file that can't be read: $_" }
    }
    if (-not $run) {
        say "FAILED Pester ended with exit code $Code and left no results."
        return @{ Passed = 0; Failed = 1; Skipped = 0; Unexplained = $true }
    }

    # A test that comes to no conclusion has not passed.
    $counts = @{ Passed = [int]$run.GetAttribute('passed'); Failed = [int]$run.GetAttribute('failed') + [int]$run.GetAttribute('inconclusive'); Skipped = [int]$run.GetAttribute('skipped') }
    foreach ($test in $run.SelectNodes('.//test-case[@result!="Passed"]')) {
        $skipped = $test.GetAttribute('result') -eq 'Skipped'
        $reason = $test.SelectSingleNode('failure/message|reason/message')
        say "$(if ($skipped) { 'skipped' } else { 'FAILED' }) $($test.GetAttribute('fullname'))"
        if ($reason) { say (indent $reason.InnerText) }
        $trace = $test.SelectSingleNode('failure/stack-trace')
        if ($trace) { say (indent $trace.InnerText) }
    }
    if ($counts.Passed + $counts.Failed -eq 0 -or ($Code -ne 0 -and $counts.Failed -eq 0)) {
        say "FAILED Pester ended with exit code $Code, $($counts.Passed) tests passed and none failed."
        $counts.Failed = 1
        $counts.Unexplained = $true
    }

    say ('Pester: {0} passed, {1} failed, {2} skipped in {3:0.0} s' -f $counts.Passed, $counts.Failed, $counts.Skipped, [double]$run.GetAttribute('duration'))
    $counts
}
