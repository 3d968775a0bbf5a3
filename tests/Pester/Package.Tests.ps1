BeforeDiscovery { $installer = [bool](Get-Command Save-PSResource -ErrorAction Ignore) }

# What an administrator does: a folder with the package is a feed, the module comes from there and nothing else of this repository is used.
Describe 'Package' -Skip:(-not $installer) {
    BeforeAll {
        $root = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..'))
        $outage = [System.IO.Path]::Combine($root, 'samples', 'lpe12000-outage')
        $stage = [System.IO.Path]::Combine($root, 'out', 'PassthroughTools')
        $feeds = @{}
        foreach ($name in 'made', 'published') {
            $folder = (New-Item -ItemType Directory -Path ([System.IO.Path]::Combine("$TestDrive", $name))).FullName
            $feeds[$name] = @{ Folder = $folder; Name = "passthru-$name-$PID" }
            Register-PSResourceRepository -Name $feeds[$name].Name -Uri $folder -Trusted
        }
        & ([System.IO.Path]::Combine($root, 'build.ps1')) -Task Package -NoBuild -Destination $feeds.made.Folder
        $modules = (New-Item -ItemType Directory -Path ([System.IO.Path]::Combine("$TestDrive", 'Modules'))).FullName
        Save-PSResource -Name PassthroughTools -Repository $feeds.made.Name -Path $modules -WarningVariable saving
    }

    AfterAll { foreach ($feed in $feeds.Values) { Unregister-PSResourceRepository -Name $feed.Name } }

    It 'is found with what the manifest says' {
        $found = Find-PSResource -Name PassthroughTools -Repository $feeds.made.Name
        $found.Version | Should -Be (Import-PowerShellDataFile ([System.IO.Path]::Combine($stage, 'PassthroughTools.psd1'))).ModuleVersion
        $found.Tags | Should -Contain 'ESXi'
        $found.ReleaseNotes | Should -Not -BeNullOrEmpty
    }

    It 'is installed without a warning, all files of the manifest and no others' {
        $saving | Should -BeNullOrEmpty
        $manifest = Get-ChildItem $modules -Recurse -Filter PassthroughTools.psd1
        $data = Test-ModuleManifest $manifest.FullName -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $there = Get-ChildItem $manifest.Directory -Recurse -File | ForEach-Object { $_.FullName } | Sort-Object
        $there | Should -Be ($data.FileList | Sort-Object)
    }

    It 'is imported by name; the sample is diagnosed, planned, tried and reported' {
        $report = [System.IO.Path]::Combine("$TestDrive", 'report.html')
        $journal = [System.IO.Path]::Combine("$TestDrive", 'journal')
        $job = Start-Job {
            $env:PSModulePath = $using:modules + [System.IO.Path]::PathSeparator + $env:PSModulePath
            $ErrorActionPreference = 'Stop'
            $budget = Test-HostVectorBudget -Path $using:outage
            (Get-Module PassthroughTools).ModuleBase
            "$($budget.Verdict)"
            $plan = New-PassthruRemediationPlan -VMHost $budget
            "$($plan.After.Verdict)"
            "$((Invoke-PassthruRemediation -Plan $plan -JournalPath $using:journal -WhatIf -PassThru).HostName)"
            $budget | Export-PassthruReport -Destination $using:report -IncludePlan
            "$((Get-Help Test-HostVectorBudget).Synopsis)"
        }
        try { $said = @($job | Receive-Job -Wait) }
        finally { $job | Remove-Job -Force }
        $said[0] | Should -BeLike "$modules*"
        $said[1..3] | Should -Be 'Exceeds', 'Fits', 'esx01.example.com'
        $said[4] | Should -Match '^[A-Z][a-z]+s '
        [System.IO.File]::ReadAllText($report) | Should -Match 'esx01.example.com'
        Test-Path $journal | Should -BeFalse
    }

    It 'has what publishing the module makes, and an icon' {
        Publish-PSResource -Path $stage -Repository $feeds.published.Name -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $names = foreach ($feed in $feeds.published, $feeds.made) {
            $archive = [System.IO.Compression.ZipFile]::OpenRead((Get-ChildItem $feed.Folder -Filter *.nupkg).FullName)
            try { , @($archive.Entries.FullName | Where-Object { $_ -notlike 'package/*' } | Sort-Object) }
            finally { $archive.Dispose() }
        }
        $names[1] | Where-Object { $_ -ne 'icon.png' } | Should -Be $names[0]
    }
}
