# What can be judged without running it. Part of build.ps1.

# Reads every script with the engine's own parser and returns what is wrong.
function scriptFindings {
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
            elseif ($bare -and $name -match '^[A-Za-z]+-[A-Za-z]+$' -and -not $known.Contains($name) -and -not (findProgram $name)) {
                $findings.Add("$line '$name' is no command of the bare engine or of this module.")
            }
        }
    }

    $findings
}

# Judges the scripts, then lets the compiler's analyzers judge the rest.
function analyze {
    $findings = @(scriptFindings)
    foreach ($finding in $findings) { say $finding }
    if ($findings.Count -gt 0) { stop "$($findings.Count) findings in scripts." }
    say "Scripts: no findings."
    run 'dotnet' @('build', $solution, '--configuration', $Configuration, '--verbosity', 'quiet', '-nologo', '-warnaserror')
    say "Sources: no findings."
}

function scripts {
    findFiles $root '*.ps*1' |
        Where-Object { $_ -match '\.(ps1|psm1)$' -and [System.IO.Path]::GetRelativePath($root, "$_") -notmatch "(^|[\\/])(bin|obj|out|\.git)[\\/]" }
}
