function Invoke-PassthruRemediation {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High', DefaultParameterSetName = 'VMHost')]
    [OutputType('PassthroughTools.Remediation.RemediationResult')]
    param(
        # Evidence, a budget, a plan, the path of an evidence folder, or a host of a connected server, by name or as PowerCLI object.
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ParameterSetName = 'VMHost')]
        [Alias('InputObject', 'Evidence')]
        [object] $VMHost,

        [Parameter(Mandatory, ParameterSetName = 'Path')]
        [SupportsWildcards()]
        [string[]] $Path,

        [Parameter(Mandatory, ParameterSetName = 'Plan')]
        [object] $Plan,

        [Parameter(Mandatory, ParameterSetName = 'Resume')]
        [ArgumentCompleter({ & "$PSScriptRoot/Scripts/CompleteRun.ps1" @args })]
        [string] $Resume,

        [Parameter(ParameterSetName = 'VMHost')]
        [Parameter(ParameterSetName = 'Path')]
        [ValidateSet('FewestReboots', 'EvenShare', 'MsiOff')]
        [string] $Prefer = 'FewestReboots',

        [Parameter(ParameterSetName = 'VMHost')]
        [Parameter(ParameterSetName = 'Path')]
        [ValidateRange(0, 1000000)]
        [int] $Headroom = 0,

        [Parameter(ParameterSetName = 'VMHost')]
        [Parameter(ParameterSetName = 'Path')]
        [SupportsWildcards()]
        [ArgumentCompleter({ & "$PSScriptRoot/Scripts/CompleteVM.ps1" @args })]
        [string[]] $ExcludeVM,

        [Parameter(ParameterSetName = 'VMHost')]
        [Parameter(ParameterSetName = 'Path')]
        [string[]] $ExcludeDevice,

        [Parameter(ParameterSetName = 'VMHost')]
        [Parameter(ParameterSetName = 'Path')]
        [ValidateRange(1, 2048)]
        [int] $MinimumPerDevice = 1,

        [Parameter(ParameterSetName = 'VMHost')]
        [Parameter(ParameterSetName = 'Path')]
        [switch] $IncludePoweredOff,

        # Connections to ask for live hosts; all when left out.
        [Parameter(ParameterSetName = 'VMHost')]
        [object[]] $Server,

        # Running guests: open sessions, an account for remoting, an account for VMware Tools.
        [object[]] $Session,

        [pscredential] $Credential,

        [pscredential] $GuestCredential,

        [ValidateRange(1, 86400)]
        [int] $ShutdownTimeoutSec = 600,

        [ValidateRange(1, 86400)]
        [int] $StartTimeoutSec = 600,

        # Most VMs that are down, or on their way down or up, at one time.
        [ValidateRange(1, 64)]
        [int] $ThrottleLimit = 1,

        [Alias('Journal')]
        [ValidateNotNullOrEmpty()]
        [string] $JournalPath,

        # Under -WhatIf: writes the projected result. Otherwise the result is written anyway.
        [switch] $PassThru
    )

    begin { . "$PSScriptRoot/Scripts/Remediation.ps1" }
    process { remediate }
}
