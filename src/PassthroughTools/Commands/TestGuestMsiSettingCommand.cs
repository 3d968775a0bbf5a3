using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PassthroughTools.Guests;
using PassthroughTools.Planning;
using PassthroughTools.Remediation;

namespace PassthroughTools.Commands;

/// <summary>Tests whether guests' interrupt settings are still as a plan or a run made them; a driver update or another slot takes them back.</summary>
[Cmdlet(VerbsDiagnostic.Test, "GuestMsiSetting", DefaultParameterSetName = RunSet)]
[OutputType(typeof(GuestDrift), typeof(bool))]
[SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
public sealed class TestGuestMsiSettingCommand : JournalCmdlet
{
    private const string RunSet = "Run";
    private const string PlanSet = "Plan";

    private bool _isInPlace = true;

    /// <summary>Runs whose settings must stand.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = RunSet, ValueFromPipelineByPropertyName = true)]
    public string[] RunId { get; set; } = [];

    /// <summary>Plan whose settings must stand.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PlanSet, ValueFromPipeline = true)]
    public RemediationPlan? Plan { get; set; }

    /// <summary>Open sessions to the guests that are named there.</summary>
    [Parameter]
    public PSSession[]? Session { get; set; }

    /// <summary>Account for PowerShell remoting.</summary>
    [Parameter]
    public PSCredential? Credential { get; set; }

    /// <summary>Account in the guests, for VMware Tools.</summary>
    [Parameter]
    public PSCredential? GuestCredential { get; set; }

    /// <summary>Writes one Boolean for all.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IReadOnlyList<Journal.ISettingActuator> actuators =
            [new RegFileActuator(), new GuestRegistryActuator(new GuestTransports(this, Session, Credential, GuestCredential), null, StopToken)];
        if (Plan is not null) Guard(() => Write(GuestDrift.Of(Plan, actuators)), Plan);
        foreach (var id in RunId) Guard(() => Write(GuestDrift.Of(OpenJournal().Get(id), actuators)), id);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Quiet) WriteObject(_isInPlace);
    }

    private void Write(IEnumerable<GuestDrift> settings)
    {
        var any = false;
        foreach (var setting in settings)
        {
            any = true;
            _isInPlace &= setting.Status == GuestDriftStatus.InPlace;
            if (setting is { Status: GuestDriftStatus.Unknown, Problem: { } problem }) WriteError(problem.ToErrorRecord(setting));
            if (!Quiet) WriteObject(setting);
        }

        _isInPlace &= any;
    }
}
