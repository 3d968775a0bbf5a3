# The module's package. Part of build.ps1.

# Makes the module's package as PowerShellGet and PSResourceGet publish and install it; docs/decisions/008 says what is in it and why. The same
# input gives the same bytes: sorted names, one time stamp, no attributes and no identifiers of this machine.
function pack {
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
    $content['PassthroughTools.psd1'] = utf8 (completeManifest -Text ([System.IO.File]::ReadAllText($manifestFile)) -Files @($content.Keys) -Notes $notes)

    $core = 'package/services/metadata/core-properties/PassthroughTools.psmdcp'
    $parts = [System.Collections.Generic.SortedDictionary[string, byte[]]]::new($content, [StringComparer]::Ordinal)
    $parts['PassthroughTools.nuspec'] = utf8 (nuspec -Manifest $manifest -Version $version -Notes $notes)
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
