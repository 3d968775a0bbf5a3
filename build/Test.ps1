# The test programs, what they need, and their counts. Part of build.ps1.

$inCI = $env:CI -eq 'true'

# What the tests start or compare with: a command, or a path where it is a library, and the Debian package that brings it.
$tools = @(
    @{ Command = 'busybox'; Package = 'busybox'; For = 'the shell of ESXi, which the collector is tried in' }
    @{ Command = 'sshd'; Package = 'openssh-server'; For = 'the server that answers as an ESXi host does' }
    @{ Command = 'ssh-keygen'; Package = 'openssh-client'; For = 'the keys of the SSH tests' }
    @{ Command = 'lspci'; Package = 'pciutils'; For = 'the oracle of the config-space reader' }
    @{ Command = 'wine'; Package = 'wine'; For = 'the registry of a Windows guest' }
    @{ Command = 'wineserver'; Package = 'wine64'; For = 'the registry of a Windows guest' }
    @{ Command = 'chromium'; Package = 'chromium'; For = 'the browser that the report is looked at with' }
    @{ Command = 'go'; Package = 'golang-go'; For = 'the vSphere server of the tests' }
    @{ Path = '/usr/share/gocode/src/github.com/vmware/govmomi/simulator'; Package = 'golang-github-vmware-govmomi-dev'; For = 'the vSphere server of the tests' }
)

function isInstalled([hashtable] $Tool) {
    if ($Tool.Command) { return [bool](findProgram $Tool.Command) }
    [System.IO.Directory]::Exists($Tool.Path) -or [System.IO.File]::Exists($Tool.Path)
}

function installTools {
    $missing = @($tools | Where-Object { -not (isInstalled $_) })
    if ($missing.Count -eq 0) { return }
    $packages = @($missing | ForEach-Object { $_.Package })
    $mayInstall = -not $NoInstall -and [Environment]::UserName -eq 'root' -and (findProgram 'apt-get')
    if ($mayInstall) {
        say "Installing $packages"
        $env:DEBIAN_FRONTEND = 'noninteractive'
        & apt-get -qq update
        & apt-get -qq install --yes --no-install-recommends @packages
        $missing = @($missing | Where-Object { -not (isInstalled $_) })
    }

    foreach ($tool in $missing) {
        $name = if ($tool.Command) { $tool.Command } else { $tool.Path }
        $text = "'$name' is not installed ($($tool.For)); the Debian package is $($tool.Package)."
        if ($inCI) { stop "$text Under CI nothing may be left out." }
        $PSCmdlet.WriteWarning("$text Tests that need it are skipped.")
    }
}

# Runs one test project and returns its counts, taken from the result file that the runner wrote, never from its output.
function testProject([string] $Name, [string] $Results) {
    $assembly = [System.IO.Path]::Combine($root, 'tests', $Name, 'bin', $Configuration, 'net10.0', "$Name.dll")
    $file = [System.IO.Path]::Combine($Results, "$Name.xml")
    if (-not [System.IO.File]::Exists($assembly)) {
        say "FAILED $Name was not built: it is not part of PassthroughTools.sln."
        return @{ Passed = 0; Failed = 1; Skipped = 0 }
    }

    $code = if ($Coverage -and $covered[$Name]) { runCovered $Name $assembly $file }
    else {
        & dotnet exec $assembly -noLogo -noColor -noAutoReporters -reporter silent -result-xml $file | ForEach-Object { say $_ }
        $LASTEXITCODE
    }
    $assemblies = $null
    if ([System.IO.File]::Exists($file)) {
        try { $assemblies = ([xml][System.IO.File]::ReadAllText($file)).SelectNodes('/assemblies/assembly') }
        catch { say "FAILED $Name left a result file that can't be read: $_" }
    }

    if (-not $assemblies -or $assemblies.Count -eq 0) {
        say "FAILED $Name ended with exit code $code and left no results."
        return @{ Passed = 0; Failed = 1; Skipped = 0 }
    }

    $counts = @{ Passed = 0; Failed = 0; Skipped = 0 }
    $seconds = 0.0
    foreach ($node in $assemblies) {
        $counts.Passed += [int]$node.GetAttribute('passed')
        $counts.Failed += [int]$node.GetAttribute('failed') + [int]$node.GetAttribute('errors')
        $counts.Skipped += [int]$node.GetAttribute('skipped')
        $seconds += [double]$node.GetAttribute('time')
        foreach ($test in $node.SelectNodes('.//test[@result="Fail"]')) {
            say "FAILED $($test.GetAttribute('name'))"
            say (indent $test.SelectSingleNode('failure/message').InnerText)
            say (indent $test.SelectSingleNode('failure/stack-trace').InnerText)
        }

        foreach ($problem in $node.SelectNodes('.//errors/error')) {
            say "FAILED $($problem.GetAttribute('type')): $($problem.GetAttribute('name'))"
            say (indent $problem.SelectSingleNode('failure/message').InnerText)
        }

        foreach ($test in $node.SelectNodes('.//test[@result="Skip"]')) {
            say "skipped $($test.GetAttribute('name')): $($test.SelectSingleNode('reason').InnerText)"
        }
    }

    if ($code -ne 0 -and $counts.Failed -eq 0) {
        say "FAILED $Name ended with exit code $code although no test failed."
        $counts.Failed = 1
    }

    say ('{0}: {1} passed, {2} failed, {3} skipped in {4:0.0} s' -f $Name, $counts.Passed, $counts.Failed, $counts.Skipped, $seconds)
    $counts
}

function indent([string] $Text) { '    ' + ($Text.Trim() -replace '\r?\n', "`n    ") }

function test {
    installTools
    build
    $results = [System.IO.Path]::Combine($out, 'test-results')
    foreach ($folder in $results, [System.IO.Path]::Combine($out, 'coverage')) {
        if ([System.IO.Directory]::Exists($folder)) { [System.IO.Directory]::Delete($folder, $true) }
    }
    $null = [System.IO.Directory]::CreateDirectory($results)
    if ($Coverage) { run 'dotnet' @('restore', [System.IO.Path]::Combine($root, 'tests', 'Coverage.proj'), '--verbosity', 'quiet', '-nologo') }

    $names = findFiles ([System.IO.Path]::Combine($root, 'tests')) '*.Tests.csproj' |
        ForEach-Object { [System.IO.Path]::GetFileNameWithoutExtension($_) } | Where-Object { $_ -like $Project }
    $names = [string[]]@($names)
    [Array]::Sort($names, [StringComparer]::Ordinal)
    $all = @(foreach ($name in $names) { testProject $name $results }) + @(if ('Pester' -like $Project) { testPester $results })
    $total = @{ Passed = 0; Failed = 0; Skipped = 0 }
    foreach ($counts in $all) {
        foreach ($key in 'Passed', 'Failed', 'Skipped') { $total[$key] += $counts[$key] }
    }

    $missed = if ($Coverage) {
        $last = @($names | Where-Object { $covered[$_] })[-1]
        if ($last) { @(coverageGate "$(coverageReport $last).cobertura.xml") }
    }
    foreach ($gate in $missed) { say "FAILED coverage: $gate." }
    $findings = @(scriptFindings)
    foreach ($finding in $findings) { say "FAILED script: $finding" }

    $ran = $total.Passed + $total.Failed
    if ($ran -eq 0) { say "No test ran (-Project '$Project')." }
    say ('{0} passed, {1} failed, {2} skipped' -f $total.Passed, $total.Failed, $total.Skipped)
    if ($total.Failed -gt 0 -or $ran -eq 0 -or $missed -or $findings) { exit 1 }
}
