# Loads the binary core that suits this PowerShell, apart from everyone else's dependencies. Import does nothing but define, and each
# statement here is paid for at every import.
$folder = "$PSScriptRoot/bin/$(if ($PSEdition -eq 'Core') { 'net8.0' } else { 'netstandard2.0' })"

# A loader of another copy of the module may be there already, after an update in a running session: it serves any folder.
if (-not ('PassthroughTools.Loader.ModuleLoader' -as [type])) {
    [void][System.Reflection.Assembly]::LoadFrom("$folder/PassthroughTools.Loader.dll")
}

# Twice, since the engine skips an assembly that it imported before (Import-Module -Force of this module) without giving us its
# cmdlets; importing what it then hands out does.
Import-Module -ModuleInfo (Import-Module -Assembly ([PassthroughTools.Loader.ModuleLoader]::Load($folder)) -PassThru)
