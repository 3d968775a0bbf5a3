# Builds, tests, packages and checks the project. Runs in pwsh and in our own shell alike, so it uses the language, .NET and the
# engine's own commands only:
#     dotnet run --project src/PassthroughTools.Shell -- -File build.ps1 -Task Test
[CmdletBinding()]
param(
    # What to do, in this order. Test and Package build first.
    [ValidateSet('Build', 'Test', 'Package', 'Analyze', 'Clean')]
    [string[]] $Task = 'Build',

    # Debug or Release. Our own shell runs from its Debug build unless told otherwise, so Release leaves its files alone.
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # Test projects to run, by wildcard.
    [string] $Project = '*',

    # Install nothing, whatever is missing.
    [switch] $NoInstall
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$out = [System.IO.Path]::Combine($root, 'out')
$solution = [System.IO.Path]::Combine($root, 'PassthroughTools.sln')
$inCI = $env:CI -eq 'true'

# What the tests start or compare with: a command and the Debian package that brings it.
$tools = @(
    @{ Command = 'busybox'; Package = 'busybox'; For = 'the shell of ESXi, which the collector is tried in' }
    @{ Command = 'sshd'; Package = 'openssh-server'; For = 'the server that answers as an ESXi host does' }
    @{ Command = 'ssh-keygen'; Package = 'openssh-client'; For = 'the keys of the SSH tests' }
    @{ Command = 'lspci'; Package = 'pciutils'; For = 'the oracle of the config-space reader' }
)

function say([string] $Text) { $Host.UI.WriteLine($Text) }

# Ends the script with a message and no position: the reader is no author of it.
function stop([string] $Text) {
    $Host.UI.WriteErrorLine("build.ps1: $Text")
    exit 1
}

function run([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { stop "'$Program $Arguments' ended with exit code $LASTEXITCODE." }
}

function findProgram([string] $Name) {
    # A server's program is often in a folder that only root's PATH has.
    $folders = @($env:PATH -split [System.IO.Path]::PathSeparator) + '/usr/sbin', '/sbin', '/usr/local/sbin'
    foreach ($folder in $folders) {
        if (-not $folder) { continue }
        foreach ($extension in '', '.exe') {
            $file = [System.IO.Path]::Combine($folder, $Name + $extension)
            if ([System.IO.File]::Exists($file)) { return $file }
        }
    }
}

function installTools {
    $missing = @($tools | Where-Object { -not (findProgram $_.Command) })
    if ($missing.Count -eq 0) { return }
    $packages = @($missing | ForEach-Object { $_.Package })
    $mayInstall = -not $NoInstall -and [Environment]::UserName -eq 'root' -and (findProgram 'apt-get')
    if ($mayInstall) {
        say "Installing $packages"
        $env:DEBIAN_FRONTEND = 'noninteractive'
        & apt-get -qq update
        & apt-get -qq install --yes --no-install-recommends @packages
        $missing = @($missing | Where-Object { -not (findProgram $_.Command) })
    }

    foreach ($tool in $missing) {
        $text = "'$($tool.Command)' is not installed ($($tool.For)); the Debian package is $($tool.Package)."
        if ($inCI) { stop "$text Under CI nothing may be left out." }
        $PSCmdlet.WriteWarning("$text Tests that need it are skipped.")
    }
}

function build {
    run 'dotnet' @('build', $solution, '--configuration', $Configuration, '--verbosity', 'quiet', '-nologo')
    say "Built: $([System.IO.Path]::Combine($out, 'PassthroughTools'))"
}

# Runs one test project and returns its counts, taken from the result file that the runner wrote, never from its output.
function testProject([string] $Name, [string] $Results) {
    $assembly = [System.IO.Path]::Combine($root, 'tests', $Name, 'bin', $Configuration, 'net10.0', "$Name.dll")
    $file = [System.IO.Path]::Combine($Results, "$Name.xml")
    if (-not [System.IO.File]::Exists($assembly)) {
        say "FAILED $Name was not built: it is not part of PassthroughTools.sln."
        return @{ Passed = 0; Failed = 1; Skipped = 0 }
    }

    & dotnet exec $assembly -noLogo -noColor -noAutoReporters -reporter silent -result-xml $file | ForEach-Object { say $_ }
    $code = $LASTEXITCODE
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

function testPester {
    $folder = [System.IO.Path]::Combine($root, 'tests', 'Pester')
    if (-not [System.IO.Directory]::Exists($folder)) { return }
    if (-not (Get-Command -Name Invoke-Pester -ErrorAction Ignore)) {
        say "Pester is not installed here: tests/Pester was not run."
        return
    }

    $result = Invoke-Pester -Path $folder -PassThru
    say ('Pester: {0} passed, {1} failed, {2} skipped' -f $result.PassedCount, $result.FailedCount, $result.SkippedCount)
    @{ Passed = $result.PassedCount; Failed = $result.FailedCount; Skipped = $result.SkippedCount }
}

function test {
    installTools
    build
    $results = [System.IO.Path]::Combine($out, 'test-results')
    if ([System.IO.Directory]::Exists($results)) { [System.IO.Directory]::Delete($results, $true) }
    $null = [System.IO.Directory]::CreateDirectory($results)

    $names = [System.IO.Directory]::GetFiles([System.IO.Path]::Combine($root, 'tests'), '*.Tests.csproj', 'AllDirectories') |
        ForEach-Object { [System.IO.Path]::GetFileNameWithoutExtension($_) } | Where-Object { $_ -like $Project }
    $names = [string[]]@($names)
    [Array]::Sort($names, [StringComparer]::Ordinal)
    $all = @(foreach ($name in $names) { testProject $name $results }) + @(testPester)
    $total = @{ Passed = 0; Failed = 0; Skipped = 0 }
    foreach ($counts in $all) {
        foreach ($key in 'Passed', 'Failed', 'Skipped') { $total[$key] += $counts[$key] }
    }

    $ran = $total.Passed + $total.Failed
    if ($ran -eq 0) { say "No test ran (-Project '$Project')." }
    say ('{0} passed, {1} failed, {2} skipped' -f $total.Passed, $total.Failed, $total.Skipped)
    if ($total.Failed -gt 0 -or $ran -eq 0) { exit 1 }
}

# The same input gives the same bytes: sorted names, one time stamp, no attributes of this machine.
function package {
    build
    $stage = [System.IO.Path]::Combine($out, 'PassthroughTools')
    $manifest = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($stage, 'PassthroughTools.psd1'))
    $version = [regex]::Match($manifest, "(?m)^\s*ModuleVersion\s*=\s*'([^']+)'").Groups[1].Value
    $zip = [System.IO.Path]::Combine($out, "PassthroughTools-$version.zip")
    $stamp = [DateTimeOffset]::new(1980, 1, 1, 0, 0, 0, [TimeSpan]::Zero)
    $files = [System.IO.Directory]::GetFiles($stage, '*', 'AllDirectories')
    [Array]::Sort($files, [StringComparer]::Ordinal)
    $stream = [System.IO.File]::Create($zip)
    try {
        $archive = [System.IO.Compression.ZipArchive]::new($stream, 'Create')
        try {
            foreach ($file in $files) {
                $name = 'PassthroughTools/' + [System.IO.Path]::GetRelativePath($stage, $file).Replace('\', '/')
                $entry = $archive.CreateEntry($name, 'Optimal')
                $entry.LastWriteTime = $stamp
                $entry.ExternalAttributes = 0x81A4 -shl 16 # a plain file that its owner may write and all may read
                $content = [System.IO.File]::ReadAllBytes($file)
                $target = $entry.Open()
                try { $target.Write($content, 0, $content.Length) } finally { $target.Dispose() }
            }
        }
        finally { $archive.Dispose() }
    }
    finally { $stream.Dispose() }

    $hash = [Convert]::ToHexString([System.Security.Cryptography.SHA256]::HashData([System.IO.File]::ReadAllBytes($zip))).ToLowerInvariant()
    say "Packaged: $zip"
    say "SHA-256: $hash"
}

# Reads every script with the engine's own parser, then lets the compiler's analyzers judge the rest.
function analyze {
    $findings = [System.Collections.Generic.List[string]]::new()
    $aliases = @{}
    Get-Command -CommandType Alias | ForEach-Object { $aliases[$_.Name] = $_.Definition }
    $engine = [psobject].Assembly.GetTypes()
    $verbs = @($engine | Where-Object { $_.IsPublic -and $_.Name -clike 'Verbs*' } | ForEach-Object { $_.GetFields() } | ForEach-Object { $_.GetValue($null) })

    # What a bare engine has: the commands of its own assembly.
    $known = [System.Collections.Generic.HashSet[string]]::new([StringComparer]::OrdinalIgnoreCase)
    foreach ($type in $engine) {
        foreach ($cmdlet in $type.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)) {
            $null = $known.Add("$($cmdlet.VerbName)-$($cmdlet.NounName)")
        }
    }

    $ours = [regex]::Matches([System.IO.File]::ReadAllText([System.IO.Path]::Combine($root, 'PassthroughTools.psd1')), "'([A-Z][A-Za-z]+-[A-Za-z]+)'")
    foreach ($match in $ours) { $null = $known.Add($match.Groups[1].Value) }
    # The module's own script commands call cmdlets that are not exported.
    foreach ($file in [System.IO.Directory]::EnumerateFiles([System.IO.Path]::Combine($root, 'src/PassthroughTools/Commands/Internal'), '*.cs')) {
        $cmdlet = [regex]::Match([System.IO.File]::ReadAllText($file), '\[Cmdlet\(Verbs[A-Za-z]+\.([A-Za-z]+), "([A-Za-z]+)"')
        if ($cmdlet.Success) { $null = $known.Add("$($cmdlet.Groups[1].Value)-$($cmdlet.Groups[2].Value)") }
    }
    # Found before they are called.
    $optional = 'Invoke-Pester'

    foreach ($file in scripts) {
        $where = [System.IO.Path]::GetRelativePath($root, $file).Replace('\', '/')
        $tokens = $null
        $errors = $null
        $tree = [System.Management.Automation.Language.Parser]::ParseFile($file, [ref]$tokens, [ref]$errors)
        foreach ($problem in $errors) { $findings.Add("${where}:$($problem.Extent.StartLineNumber): $($problem.Message)") }

        $functions = @($tree.FindAll({ $args[0] -is [System.Management.Automation.Language.FunctionDefinitionAst] }, $true))
        foreach ($function in $functions) {
            $verb, $noun = $function.Name -split '-', 2
            if ($noun -and $verb -notin $verbs) { $findings.Add("${where}:$($function.Extent.StartLineNumber): '$verb' in '$($function.Name)' is not an approved verb.") }
        }

        # A Pester test runs where Pester does, in a full PowerShell.
        $bare = $where -notlike 'tests/Pester/*'
        foreach ($command in $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true)) {
            $name = $command.GetCommandName()
            if (-not $name) { continue }
            $line = "${where}:$($command.Extent.StartLineNumber):"
            if ($functions.Name -contains $name) { continue }
            if ($aliases.ContainsKey($name)) { $findings.Add("$line '$name' is an alias of '$($aliases[$name])'; write it out.") }
            elseif ($bare -and $name -match '^[A-Za-z]+-[A-Za-z]+$' -and $name -notin $optional -and -not $known.Contains($name) -and -not (findProgram $name)) {
                $findings.Add("$line '$name' is no command of the bare engine or of this module.")
            }
        }
    }

    foreach ($finding in $findings) { say $finding }
    if ($findings.Count -gt 0) { stop "$($findings.Count) findings in scripts." }
    say "Scripts: no findings."
    run 'dotnet' @('build', $solution, '--configuration', $Configuration, '--verbosity', 'quiet', '-nologo', '-warnaserror')
    say "Sources: no findings."
}

function scripts {
    [System.IO.Directory]::EnumerateFiles($root, '*.ps*1', 'AllDirectories') |
        Where-Object { $_ -match '\.(ps1|psm1)$' -and [System.IO.Path]::GetRelativePath($root, "$_") -notmatch "(^|[\\/])(bin|obj|out|\.git)[\\/]" }
}

function clean {
    run 'dotnet' @('clean', $solution, '--configuration', $Configuration, '--verbosity', 'quiet', '-nologo')
    if ([System.IO.Directory]::Exists($out)) { [System.IO.Directory]::Delete($out, $true) }
}

foreach ($step in $Task) {
    switch ($step) {
        'Build' { build }
        'Test' { test }
        'Package' { package }
        'Analyze' { analyze }
        'Clean' { clean }
    }
}
