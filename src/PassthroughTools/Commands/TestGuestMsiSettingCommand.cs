using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PassthroughTools.Guests;
using PassthroughTools.Remediation;

namespace PassthroughTools.Commands;

/// <summary>Tests whether guests' interrupt settings are still as a plan or a run made them; a driver update or another slot takes them back.</summary>
[Cmdlet(VerbsDiagnostic.Test, "GuestMsiSetting")]
[OutputType(typeof(GuestDrift), typeof(bool))]
[SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
public sealed class TestGuestMsiSettingCommand : JournalCmdlet
{
    private const string RunSet = "Run";
    private const string PlanSet = "Plan";

    private bool _isInPlace = true;
    private bool _isAnyTested;

    /// <summary>Runs whose settings must stand.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = RunSet, ValueFromPipelineByPropertyName = true)]
    public string[] RunId { get; set; } = [];

    /// <summary>Plan whose settings must stand; one that was saved to a file does as well.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PlanSet, ValueFromPipeline = true)]
    public PlanReference? Plan { get; set; }

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
        if (ParameterSetName == PlanSet) Test(() => GuestDrift.Of(Plan!.GuestSteps(), actuators), Plan!.Value);
        else foreach (var id in RunId) Test(() => GuestDrift.Of(OpenJournal().Get(id), actuators), id);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Quiet) WriteObject(_isInPlace && _isAnyTested);
    }

    /// <summary>What can't be read to its end is not in place.</summary>
    private void Test(Func<IEnumerable<GuestDrift>> read, object target)
    {
        _isAnyTested = true;
        var isInPlace = false;
        Guard(
            () =>
            {
                var statuses = new List<GuestDriftStatus>();
                foreach (var setting in read())
                {
                    statuses.Add(setting.Status);
                    if (setting is { Status: GuestDriftStatus.Unknown, Problem: { } problem }) WriteError(problem.ToErrorRecord(setting));
                    if (!Quiet) WriteObject(setting);
                }

                isInPlace = statuses.Count > 0 && statuses.TrueForAll(status => status == GuestDriftStatus.InPlace);
            },
            target);
        _isInPlace &= isInPlace;
    }
}
