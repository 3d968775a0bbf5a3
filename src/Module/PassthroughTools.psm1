# Loads the binary core that suits this PowerShell, apart from everyone else's dependencies. Import does nothing but define.
$folder = if ($PSVersionTable.PSEdition -eq 'Core') { 'net8.0' } else { 'netstandard2.0' }
$folder = [System.IO.Path]::Combine($PSScriptRoot, 'bin', $folder)

# A loader of another copy of the module may be there already: it serves any folder.
$loader = 'PassthroughTools.Loader.ModuleLoader' -as [type]
if (-not $loader) {
    $loader = [System.Reflection.Assembly]::LoadFrom([System.IO.Path]::Combine($folder, 'PassthroughTools.Loader.dll')).GetType('PassthroughTools.Loader.ModuleLoader')
}

# Twice, since the engine skips an assembly that it imported before (Import-Module -Force of this module) without giving us its
# cmdlets; importing what it then hands out does.
Import-Module -ModuleInfo (Import-Module -Assembly $loader::Load($folder) -PassThru)
