# Diagnoses the sample outage, plans, applies the plan to a copy of the sample, shows the budget before and after, and undoes it.
# Uses only the engine's own commands and the module, so it runs in pwsh and in passthru.
param(
    [string] $Sample = [System.IO.Path]::Combine($PSScriptRoot, 'lpe12000-outage'),
    [ValidateSet('FewestReboots', 'EvenShare', 'MsiOff')]
    [string] $Prefer = 'FewestReboots'
)

$ErrorActionPreference = 'Stop'
$work = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), 'passthru-' + [guid]::NewGuid().ToString('n'))
$copy = [System.IO.Path]::Combine($work, 'host')
$journal = [System.IO.Path]::Combine($work, 'journal')

try {
    foreach ($file in [System.IO.Directory]::EnumerateFiles($Sample, '*', 'AllDirectories')) {
        $target = [System.IO.Path]::Combine($copy, [System.IO.Path]::GetRelativePath($Sample, $file))
        $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($target))
        [System.IO.File]::Copy($file, $target)
    }

    'What it would change:'
    New-PassthruRemediationPlan -Path $copy -Prefer $Prefer | Out-Default

    'Applying it to the copy:'
    $result = Invoke-PassthruRemediation -Path $copy -Prefer $Prefer -JournalPath $journal -Confirm:$false
    $result | Out-Default

    'Undoing it:'
    Undo-PassthruRemediation -RunId $result.RunId -JournalPath $journal -Confirm:$false -PassThru | Out-Default

    $differ = 0
    foreach ($file in [System.IO.Directory]::EnumerateFiles($Sample, '*', 'AllDirectories')) {
        $target = [System.IO.Path]::Combine($copy, [System.IO.Path]::GetRelativePath($Sample, $file))
        $before = [System.Convert]::ToBase64String([System.IO.File]::ReadAllBytes($file))
        if ($before -cne [System.Convert]::ToBase64String([System.IO.File]::ReadAllBytes($target))) { $differ++; "differs: $target" }
    }
    "Files that differ from the sample after the undo: $differ"
    if ($differ) { exit 1 }
}
finally {
    if ([System.IO.Directory]::Exists($work)) { [System.IO.Directory]::Delete($work, $true) }
}
