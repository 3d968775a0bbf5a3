@{
    RootModule        = 'PassthroughTools.EmptyModule.dll'
    ModuleVersion     = '1.0.0'
    GUID              = 'a1b6a4cf-51b0-4f0c-9a3c-5a5d5f2d0c11'
    FunctionsToExport = @()
    CmdletsToExport   = @('Get-Nothing')
    VariablesToExport = @()
    AliasesToExport   = @()
}
