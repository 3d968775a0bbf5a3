@{
    RootModule           = 'PassthroughTools.psm1'
    NestedModules        = @('bin/PassthroughTools.Cmdlets.psd1')
    ModuleVersion        = '0.1.0'
    GUID                 = '6f0f3f0e-6f5c-4c8e-9a55-5c6e4e1b7d21'
    Author               = 'The PassthroughTools authors'
    CompanyName          = 'Community'
    Copyright            = '(c) The PassthroughTools authors. MIT licence.'
    Description          = 'Computes, predicts and repairs the interrupt-vector budget of ESXi hosts that pass PCI devices through to VMs (VMDirectPath I/O).'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    DotNetFrameworkVersion = '4.7.2'
    FormatsToProcess     = @('PassthroughTools.Format.ps1xml')
    FunctionsToExport    = @('Invoke-PassthruRemediation')
    CmdletsToExport      = @(
        'Compare-PassthruEvidence'
        'Connect-PassthruVIServer'
        'ConvertFrom-EsxcliKernelSetting'
        'ConvertFrom-EsxcliPciList'
        'ConvertFrom-LspciTable'
        'ConvertFrom-PciConfigSpace'
        'ConvertFrom-Vmx'
        'ConvertFrom-VsishVectorList'
        'Disconnect-PassthruVIServer'
        'Export-PassthruEvidence'
        'Export-PassthruReport'
        'Find-PassthruHost'
        'Get-GuestFabricLogin'
        'Get-GuestMsiSetting'
        'Get-HostVectorCapacity'
        'Get-HostVectorLedger'
        'Get-PassthruCollector'
        'Get-PassthruError'
        'Get-PassthruEvidence'
        'Get-PassthruFinding'
        'Get-PassthruLogEvent'
        'Get-PassthruRemediation'
        'Get-PassthruVectorDemand'
        'Get-PassthruVIServer'
        'Get-VMPassthruMsiMode'
        'New-PassthruRemediationPlan'
        'New-PassthruSupportBundle'
        'Set-GuestMsiSetting'
        'Set-VMPassthruMsiMode'
        'Test-GuestFabricLogin'
        'Test-GuestMsiSetting'
        'Test-HostVectorBudget'
        'Test-PassthruConfigMaximum'
        'Undo-PassthruRemediation'
    )
    VariablesToExport    = @()
    AliasesToExport      = @()
    # build.ps1 -Task Package fills in the files and the release notes, these from CHANGELOG.md.
    FileList             = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('VMware', 'vSphere', 'ESXi', 'Passthrough', 'VMDirectPath', 'PCI', 'MSI-X', 'Interrupt', 'PSEdition_Desktop', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://licenses.nuget.org/MIT'
            ProjectUri   = 'https://www.powershellgallery.com/packages/PassthroughTools'
            ReleaseNotes = ''
        }
    }
}
