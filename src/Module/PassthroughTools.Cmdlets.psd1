# The binary half of the module, which differs by edition. It is a manifest of its own so that the module's manifest is nothing but data,
# for tools that do not run it. Staging puts the version in.
@{
    ModuleVersion     = '{version}'
    # -like and not -eq: the engine needs no dynamic binder for it, and import is a tenth faster.
    NestedModules     = if ($PSEdition -like 'Core') {
        # The second is no file on purpose: it is asked for by name, and the loader answers (docs/decisions/011).
        'net8.0/PassthroughTools.Loader.{version}.dll', 'PassthroughTools.Commands.dll'
    }
    else {
        'netstandard2.0/PassthroughTools.Loader.{version}.dll', 'netstandard2.0/PassthroughTools.dll'
    }
    FunctionsToExport = @()
    CmdletsToExport   = '*'
    VariablesToExport = @()
    AliasesToExport   = @()
}
