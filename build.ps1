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

    # Test projects to run, by wildcard; tests/Pester is 'Pester'.
    [string] $Project = '*',

    # Install no Debian package, whatever is missing.
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

# Every file below a folder. Links are not followed: the tests' Windows drives have one to the root of this machine.
function findFiles([string] $Folder, [string] $Pattern) {
    $options = [System.IO.EnumerationOptions]@{ RecurseSubdirectories = $true; AttributesToSkip = 'ReparsePoint' }
    [System.IO.Directory]::GetFiles($Folder, $Pattern, $options)
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

foreach ($part in 'Test', 'Pester', 'Coverage', 'Package', 'Analyze') { . ([System.IO.Path]::Combine($root, 'build', "$part.ps1")) }

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

function clean {
    run 'dotnet' @('clean', $solution, '--configuration', $Configuration, '--verbosity', 'quiet', '-nologo')
    if ([System.IO.Directory]::Exists($out)) { [System.IO.Directory]::Delete($out, $true) }
}

foreach ($step in $Task) {
    switch ($step) {
        'Build' { build }
        'Help' { help }
        'Test' { test }
        'Package' { pack }
        'Analyze' { analyze }
        'Clean' { clean }
    }
}
