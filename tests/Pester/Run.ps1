# Runs the tests beside it and leaves their results in a file, which build.ps1 counts from. Without -Pester it takes the Pester that is installed.
#     pwsh -NoProfile -File tests/Pester/Run.ps1 -Result out/test-results/Pester.xml
param(
    # Name or manifest of Pester 5.5 or later.
    [string] $Pester = 'Pester',

    # Where the results go, in NUnit 3's form.
    [Parameter(Mandatory)]
    [string] $Result,

    # What is printed besides: None, Normal or Detailed.
    [string] $Verbosity = 'None'
)

# The tests inherit preferences: none is set here.
Import-Module $Pester -MinimumVersion 5.5 -ErrorAction Stop
$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.Exit = $true
$configuration.Output.Verbosity = $Verbosity
$configuration.TestResult.Enabled = $true
$configuration.TestResult.OutputFormat = 'NUnit3'
$configuration.TestResult.OutputPath = $Result
Invoke-Pester -Configuration $configuration
