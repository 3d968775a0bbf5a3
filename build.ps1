# Builds, tests, packages and checks the project. Runs in pwsh and in our own shell alike, so it uses the language, .NET and the
# engine's own commands only:
#     dotnet run --project src/PassthroughTools.Shell -- -File build.ps1 -Task Test
[CmdletBinding()]
param(
    # What to do, in this order. Help, Test and Package build first.
    [ValidateSet('Build', 'Help', 'Test', 'Package', 'Analyze', 'Clean')]
    [string[]] $Task = 'Build',

    # Debug or Release. Our own shell runs from its Debug build unless told otherwise, so Release leaves its files alone.
    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    # Test projects to run, by wildcard.
    [string] $Project = '*',

    # Install nothing, whatever is missing.
    [switch] $NoInstall,

    # With Test: count what the tests of Core and of the module cover, print it and hold it against the gate.
    [switch] $Coverage,

    # Package what an earlier build staged.
    [switch] $NoBuild,

    # Folder for the package; out/package when left out. Any such folder is a feed for Register-PSResourceRepository.
    [string] $Destination
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$out = [System.IO.Path]::Combine($root, 'out')
$solution = [System.IO.Path]::Combine($root, 'PassthroughTools.sln')
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

# Whose coverage counts, with a module in the folder that is instrumented. Tests of processes run what is not.
$covered = @{
    'PassthroughTools.Core.Tests' = @{ Module = [System.IO.Path]::Combine($root, 'tests', 'PassthroughTools.Core.Tests', 'bin', $Configuration, 'net10.0', 'PassthroughTools.Core.dll') }
    'PassthroughTools.Module.Tests' = @{ Module = [System.IO.Path]::Combine($out, 'PassthroughTools', 'bin', 'net8.0', 'PassthroughTools.dll'); Staged = $true }
}

# Least percentages of lines and branches: overall, and where a mistake makes a wrong verdict or a lost setting.
$gates = @{
    '(all)' = 85, 75; 'Planning' = 95, 0; 'Journal' = 95, 0; 'Pci' = 95, 0; 'Logs' = 95, 0; 'Host' = 95, 0; 'Vmx' = 95, 0; 'Registry' = 95, 0
}

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

function build {
    run 'dotnet' @('build', $solution, '--configuration', $Configuration, '--verbosity', 'quiet', '-nologo')
    say "Built: $([System.IO.Path]::Combine($out, 'PassthroughTools'))"
}

# Brings the mechanical parts of docs/help up to the code, builds en-US from it, and stages it.
function help {
    build
    run 'dotnet' @('exec', [System.IO.Path]::Combine($root, 'src', 'PassthroughTools.Help', 'bin', $Configuration, 'net10.0', 'passthru-help.dll'))
    build
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

# Without a dot in the name: what follows one is taken for an extension and replaced.
function coverageReport([string] $Name) { [System.IO.Path]::Combine($out, 'coverage', $Name.Replace('.', '-')) }

# Runs a test program on instrumented assemblies (tests/Coverage.proj) and returns its exit code.
function runCovered([string] $Name, [string] $Assembly, [string] $File) {
    $report = coverageReport $Name
    $merge = @($covered.Keys | ForEach-Object { "$(coverageReport $_).json" } | Where-Object { [System.IO.File]::Exists($_) })
    $symbols = [System.IO.Path]::Combine($root, 'src', 'PassthroughTools', 'bin', $Configuration, 'net8.0')
    $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($report))
    $arguments = @('msbuild', [System.IO.Path]::Combine($root, 'tests', 'Coverage.proj'), '-nologo', '-verbosity:quiet', '-target:Cover', "-property:TestProgram=$Assembly",
        "-property:Arguments=-noLogo -noColor -noAutoReporters -reporter silent -result-xml $File", "-property:Instrument=$($covered[$Name].Module)", "-property:Report=$report",
        "-property:MergeWith=$($merge -join ',')")
    if ($covered[$Name].Staged) { $arguments += "-property:SymbolsFolder=$symbols" }
    & dotnet @arguments | ForEach-Object { say $_ }
    $exit = "$report.exit"
    if ([System.IO.File]::Exists($exit)) { [int][System.IO.File]::ReadAllText($exit).Trim() } else { 1 }
}

# Prints what was covered by area, and returns the gates that were missed. The last program's report holds the earlier ones'.
function coverageGate([string] $Report) {
    if (-not [System.IO.File]::Exists($Report)) { 'no coverage was collected'; return }
    $areas = [System.Collections.Generic.SortedDictionary[string, long[]]]::new([StringComparer]::Ordinal)
    foreach ($class in ([xml][System.IO.File]::ReadAllText($Report)).SelectNodes('//class')) {
        # PassthroughTools.Evidence.Archives.TarReader counts for Evidence.
        $parts = $class.GetAttribute('name').Split('.')
        $area = if ($parts.Count -gt 2) { $parts[1] } else { 'Common' }
        foreach ($key in $area, '(all)') {
            if (-not $areas.ContainsKey($key)) { $areas[$key] = [long[]]::new(4) }
            $sum = $areas[$key]
            foreach ($line in $class.SelectNodes('lines/line')) {
                $sum[1]++
                if ($line.GetAttribute('hits') -ne '0') { $sum[0]++ }
                if ($line.GetAttribute('condition-coverage') -match '[(]([0-9]+)/([0-9]+)[)]') { $sum[2] += [long]$Matches[1]; $sum[3] += [long]$Matches[2] }
            }
        }
    }

    say 'Coverage of Core and cmdlets, lines and branches:'
    foreach ($area in $areas.GetEnumerator()) {
        $line = 100.0 * $area.Value[0] / [Math]::Max(1, $area.Value[1])
        $branch = 100.0 * $area.Value[2] / [Math]::Max(1, $area.Value[3])
        say ('  {0,-14} {1,6:0.0} % of {2,6}   {3,6:0.0} % of {4,6}' -f $area.Key, $line, $area.Value[1], $branch, $area.Value[3])
        $wanted = $gates[$area.Key]
        if ($wanted -and $line -lt $wanted[0]) { '{0}: {1:0.0} % of the lines, {2} % wanted' -f $area.Key, $line, $wanted[0] }
        if ($wanted -and $branch -lt $wanted[1]) { '{0}: {1:0.0} % of the branches, {2} % wanted' -f $area.Key, $branch, $wanted[1] }
    }
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
    foreach ($folder in $results, [System.IO.Path]::Combine($out, 'coverage')) {
        if ([System.IO.Directory]::Exists($folder)) { [System.IO.Directory]::Delete($folder, $true) }
    }
    $null = [System.IO.Directory]::CreateDirectory($results)
    if ($Coverage) { run 'dotnet' @('restore', [System.IO.Path]::Combine($root, 'tests', 'Coverage.proj'), '--verbosity', 'quiet', '-nologo') }

    $names = [System.IO.Directory]::GetFiles([System.IO.Path]::Combine($root, 'tests'), '*.Tests.csproj', 'AllDirectories') |
        ForEach-Object { [System.IO.Path]::GetFileNameWithoutExtension($_) } | Where-Object { $_ -like $Project }
    $names = [string[]]@($names)
    [Array]::Sort($names, [StringComparer]::Ordinal)
    $all = @(foreach ($name in $names) { testProject $name $results }) + @(testPester)
    $total = @{ Passed = 0; Failed = 0; Skipped = 0 }
    foreach ($counts in $all) {
        foreach ($key in 'Passed', 'Failed', 'Skipped') { $total[$key] += $counts[$key] }
    }

    $missed = if ($Coverage) {
        $last = @($names | Where-Object { $covered[$_] })[-1]
        if ($last) { @(coverageGate "$(coverageReport $last).cobertura.xml") }
    }
    foreach ($gate in $missed) { say "FAILED coverage: $gate." }

    $ran = $total.Passed + $total.Failed
    if ($ran -eq 0) { say "No test ran (-Project '$Project')." }
    say ('{0} passed, {1} failed, {2} skipped' -f $total.Passed, $total.Failed, $total.Skipped)
    if ($total.Failed -gt 0 -or $ran -eq 0 -or $missed) { exit 1 }
}

# Makes the module's package as PowerShellGet and PSResourceGet publish and install it; docs/decisions/008 says what is in it and why. The same
# input gives the same bytes: sorted names, one time stamp, no attributes and no identifiers of this machine.
function package {
    if (-not $NoBuild) { build }
    $stage = [System.IO.Path]::Combine($out, 'PassthroughTools')
    $manifestFile = [System.IO.Path]::Combine($stage, 'PassthroughTools.psd1')
    if (-not [System.IO.File]::Exists($manifestFile)) { stop "'$stage' holds no module; build first." }
    $manifest = readManifest $manifestFile
    $data = $manifest.PrivateData.PSData
    $version = $manifest.ModuleVersion + $(if ($data.Prerelease) { '-' + $data.Prerelease })
    $notes = releaseNotes $manifest.ModuleVersion

    $content = [System.Collections.Generic.SortedDictionary[string, byte[]]]::new([StringComparer]::Ordinal)
    foreach ($file in [System.IO.Directory]::GetFiles($stage, '*', 'AllDirectories')) {
        $content[[System.IO.Path]::GetRelativePath($stage, $file).Replace('\', '/')] = [System.IO.File]::ReadAllBytes($file)
    }
    $content['icon.png'] = [System.IO.File]::ReadAllBytes([System.IO.Path]::Combine($root, 'docs', 'images', 'icon.png'))
    $content['PassthroughTools.psd1'] = utf8 (completeManifest ([System.IO.File]::ReadAllText($manifestFile)) @($content.Keys) $notes)

    $core = 'package/services/metadata/core-properties/PassthroughTools.psmdcp'
    $parts = [System.Collections.Generic.SortedDictionary[string, byte[]]]::new($content, [StringComparer]::Ordinal)
    $parts['PassthroughTools.nuspec'] = utf8 (nuspec $manifest $version $notes)
    $parts['[Content_Types].xml'] = utf8 (contentTypes $parts.Keys)
    $parts['_rels/.rels'] = utf8 ("<?xml version=`"1.0`" encoding=`"utf-8`"?>`n<Relationships xmlns=`"http://schemas.openxmlformats.org/package/2006/relationships`">`n" +
        "  <Relationship Type=`"http://schemas.microsoft.com/packaging/2010/07/manifest`" Target=`"/PassthroughTools.nuspec`" Id=`"R1`" />`n" +
        "  <Relationship Type=`"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties`" Target=`"/$core`" Id=`"R2`" />`n</Relationships>`n")
    $parts[$core] = utf8 ("<?xml version=`"1.0`" encoding=`"utf-8`"?>`n<coreProperties xmlns=`"http://schemas.openxmlformats.org/package/2006/metadata/core-properties`" " +
        "xmlns:dc=`"http://purl.org/dc/elements/1.1/`">`n  <dc:creator>$(xml $manifest.Author)</dc:creator>`n  <dc:description>$(xml $manifest.Description)</dc:description>`n" +
        "  <dc:identifier>PassthroughTools</dc:identifier>`n  <version>$version</version>`n</coreProperties>`n")

    $folder = if ($Destination) { [System.IO.Path]::GetFullPath($Destination) } else { [System.IO.Path]::Combine($out, 'package') }
    $null = [System.IO.Directory]::CreateDirectory($folder)
    $file = [System.IO.Path]::Combine($folder, "PassthroughTools.$version.nupkg")
    writeZip $file $parts
    $hash = [Convert]::ToHexString([System.Security.Cryptography.SHA256]::HashData([System.IO.File]::ReadAllBytes($file))).ToLowerInvariant()
    say "Packaged: $file"
    say "SHA-256: $hash"
}

function utf8([string] $Text) { , [System.Text.UTF8Encoding]::new($false).GetBytes($Text) }

function xml([string] $Text) { [System.Security.SecurityElement]::Escape($Text) }

function readManifest([string] $File) {
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($File, [ref]$null, [ref]$null)
    $tree.Find({ $args[0] -is [System.Management.Automation.Language.HashtableAst] }, $false).SafeGetValue()
}

# What CHANGELOG.md says of a version; of what is not released yet where it has no section of its own.
function releaseNotes([string] $Version) {
    $text = [System.IO.File]::ReadAllText([System.IO.Path]::Combine($root, 'CHANGELOG.md')).Replace("`r", '')
    foreach ($name in [regex]::Escape($Version), 'Unreleased') {
        $section = [regex]::Match($text, "(?ms)^## \[$name\][^\n]*\n(.*?)(?=^## |\z)")
        if ($section.Success) { return $section.Groups[1].Value.Trim() }
    }
    stop "CHANGELOG.md has no section for $Version and none for what is not released."
}

# The packaged manifest names every file and carries the release notes; the one in the sources can't know the files.
function completeManifest([string] $Text, [string[]] $Files, [string] $Notes) {
    $list = ($Files | ForEach-Object { "        '$($_.Replace("'", "''"))'" }) -join "`n"
    $Text = $Text.Replace("`r", '')
    foreach ($slot in "    FileList             = @()`n", "            ReleaseNotes = ''`n") {
        if (-not $Text.Contains($slot)) { stop "PassthroughTools.psd1 has no line '$($slot.Trim())' to fill in." }
    }
    $Text = $Text.Replace("    FileList             = @()`n", "    FileList             = @(`n$list`n    )`n")
    $Text.Replace("            ReleaseNotes = ''`n", "            ReleaseNotes = '$($Notes.Replace("'", "''"))'`n")
}

function nuspec([hashtable] $Manifest, [string] $Version, [string] $Notes) {
    $data = $Manifest.PrivateData.PSData
    $tags = @('PSModule') + $data.Tags
    if ($Manifest.CmdletsToExport) { $tags += 'PSIncludes_Cmdlet' }
    foreach ($name in $Manifest.CmdletsToExport) { $tags += "PSCmdlet_$name", "PSCommand_$name" }
    if ($Manifest.FunctionsToExport) { $tags += 'PSIncludes_Function' }
    foreach ($name in $Manifest.FunctionsToExport) { $tags += "PSFunction_$name", "PSCommand_$name" }

    $elements = @("<id>PassthroughTools</id>", "<version>$Version</version>", "<authors>$(xml $Manifest.Author)</authors>", "<owners>$(xml $Manifest.CompanyName)</owners>",
        '<requireLicenseAcceptance>false</requireLicenseAcceptance>', '<license type="expression">MIT</license>', "<licenseUrl>$(xml $data.LicenseUri)</licenseUrl>",
        '<icon>icon.png</icon>', "<projectUrl>$(xml $data.ProjectUri)</projectUrl>", "<description>$(xml $Manifest.Description)</description>",
        "<releaseNotes>$(xml $Notes)</releaseNotes>", "<copyright>$(xml $Manifest.Copyright)</copyright>", "<tags>$(xml ($tags -join ' '))</tags>")
    "<?xml version=`"1.0`" encoding=`"utf-8`"?>`n<package xmlns=`"http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd`">`n  <metadata>`n    " +
        ($elements -join "`n    ") + "`n  </metadata>`n</package>`n"
}

# Every part needs a type: by its extension, or by its name where it has none.
function contentTypes([string[]] $Names) {
    $known = @{ '.rels' = 'application/vnd.openxmlformats-package.relationships+xml'; '.psmdcp' = 'application/vnd.openxmlformats-package.core-properties+xml' }
    $extensions = [System.Collections.Generic.SortedSet[string]]::new([string[]]@('.rels', '.psmdcp'), [StringComparer]::Ordinal)
    $others = foreach ($name in $Names) {
        $extension = [System.IO.Path]::GetExtension($name)
        if ($extension) { $null = $extensions.Add($extension.ToLowerInvariant()) } else { $name }
    }
    $lines = @(foreach ($extension in $extensions) {
            $type = if ($known[$extension]) { $known[$extension] } else { 'application/octet' }
            "  <Default Extension=`"$($extension.Substring(1))`" ContentType=`"$type`" />"
        }) + @($others | Where-Object { $_ } | ForEach-Object { "  <Override PartName=`"/$_`" ContentType=`"application/octet`" />" })
    "<?xml version=`"1.0`" encoding=`"utf-8`"?>`n<Types xmlns=`"http://schemas.openxmlformats.org/package/2006/content-types`">`n$($lines -join "`n")`n</Types>`n"
}

function writeZip([string] $File, [System.Collections.Generic.SortedDictionary[string, byte[]]] $Parts) {
    $stamp = [DateTimeOffset]::new(1980, 1, 1, 0, 0, 0, [TimeSpan]::Zero)
    $stream = [System.IO.File]::Create($File)
    try {
        $archive = [System.IO.Compression.ZipArchive]::new($stream, 'Create')
        try {
            foreach ($part in $Parts.GetEnumerator()) {
                $entry = $archive.CreateEntry($part.Key, 'Optimal')
                $entry.LastWriteTime = $stamp
                $entry.ExternalAttributes = 0x81A4 -shl 16 # a plain file that its owner may write and all may read
                $target = $entry.Open()
                try { $target.Write($part.Value, 0, $part.Value.Length) } finally { $target.Dispose() }
            }
        }
        finally { $archive.Dispose() }
    }
    finally { $stream.Dispose() }
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
        'Help' { help }
        'Test' { test }
        'Package' { package }
        'Analyze' { analyze }
        'Clean' { clean }
    }
}
