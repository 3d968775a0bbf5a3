# What the tests cover, and the gate. Part of build.ps1.

# Whose coverage counts, with a module in the folder that is instrumented. Tests of processes run what is not.
$covered = @{
    'PassthroughTools.Core.Tests' = @{ Module = [System.IO.Path]::Combine($root, 'tests', 'PassthroughTools.Core.Tests', 'bin', $Configuration, 'net10.0', 'PassthroughTools.Core.dll') }
    'PassthroughTools.Module.Tests' = @{ Module = [System.IO.Path]::Combine($out, 'PassthroughTools', 'bin', 'net8.0', 'PassthroughTools.dll'); Staged = $true }
}

# Least percentages of lines and branches: overall, and where a mistake makes a wrong verdict or a lost setting.
$gates = @{
    '(all)' = 85, 75; 'Planning' = 95, 0; 'Journal' = 95, 0; 'Pci' = 95, 0; 'Logs' = 95, 0; 'Host' = 95, 0; 'Vmx' = 95, 0; 'Registry' = 95, 0
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
