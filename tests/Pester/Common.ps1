# What the test files share; each reads it in its BeforeAll. They need a build (out/PassthroughTools) and no network.
$Root = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..'))
$Manifest = [System.IO.Path]::Combine($Root, 'out', 'PassthroughTools', 'PassthroughTools.psd1')
$Samples = [System.IO.Path]::Combine($Root, 'samples')
$Outage = [System.IO.Path]::Combine($Samples, 'lpe12000-outage')
Import-Module $Manifest

# A copy of a sample, to change.
function Copy-Sample([string] $Name, [string] $Target) {
    $source = [System.IO.Path]::Combine($Samples, $Name)
    foreach ($file in [System.IO.Directory]::GetFiles($source, '*', 'AllDirectories')) {
        $copy = $Target + $file.Substring($source.Length)
        $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($copy))
        [System.IO.File]::Copy($file, $copy)
    }
}

# The error that a script ends with; fails where it ends without one.
function Get-Failure([scriptblock] $Script) {
    try { $null = & $Script }
    catch { return $_ }
    throw "'$Script' did not fail."
}
