# A daily audit for a scheduled task: reads the evidence of all hosts, writes a report and metrics, and tells by its exit code how they fare.
# Runs in pwsh, in Windows PowerShell and in passthru:
#     passthru -NonInteractive -File samples/daily-audit.ps1 -Evidence /srv/evidence -OutputFolder /srv/audit
# Exit codes: 0 all fit; 1 the audit itself failed; 2 a host exceeds a pool; 3 a host is tight, or not enough is known of it.
param(
    # Evidence folders or archives, or a folder of such folders.
    [string[]] $Evidence = $PSScriptRoot,

    # Where report.html, report.json and passthru.prom go. The last may be the folder of node_exporter's textfile collector.
    [string] $OutputFolder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'passthru-audit'),
    [string] $MetricsFolder = $OutputFolder,

    # Vectors that should stay free in every pool.
    [int] $Headroom = 16
)

$ErrorActionPreference = 'Stop'
try {
    foreach ($folder in $OutputFolder, $MetricsFolder) { $null = [System.IO.Directory]::CreateDirectory($folder) }

    # A host that can't be read is an error of its own and keeps no other host from being audited.
    $problems = @()
    $budgets = @(Get-PassthruEvidence -Path $Evidence -ErrorAction SilentlyContinue -ErrorVariable problems -WarningAction SilentlyContinue |
            Test-HostVectorBudget -Headroom $Headroom)
    foreach ($problem in $problems) { "ERROR $($problem.FullyQualifiedErrorId): $problem" }
    if ($budgets.Count -eq 0) { 'ERROR no host was found.'; exit 1 }

    $budgets | Export-PassthruReport -Destination ([System.IO.Path]::Combine($OutputFolder, 'report.html')) -IncludePlan -Force
    $budgets | Export-PassthruReport -Destination ([System.IO.Path]::Combine($OutputFolder, 'report.json')) -IncludePlan -Force
    $budgets | Export-PassthruReport -Destination ([System.IO.Path]::Combine($MetricsFolder, 'passthru.prom')) -Format Prometheus -Force

    foreach ($budget in $budgets) { '{0,-8} {1}' -f $budget.Verdict, $budget.HostName }
    $verdicts = @($budgets | ForEach-Object { "$($_.Verdict)" })
    if ($problems.Count -gt 0) { exit 1 }
    if ($verdicts -contains 'Exceeds') { exit 2 }
    if ($verdicts -contains 'Tight' -or $verdicts -contains 'Unknown') { exit 3 }
    exit 0
}
catch {
    "ERROR $($_.FullyQualifiedErrorId): $_"
    exit 1
}
