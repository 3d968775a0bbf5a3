using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using PassthroughTools.Evidence;
using PassthroughTools.Guests;

namespace PassthroughTools.Commands;

/// <summary>Tests whether the Fibre Channel ports of running guests are logged in; against an earlier reading, whether all that were still are.</summary>
[Cmdlet(VerbsDiagnostic.Test, "GuestFabricLogin", DefaultParameterSetName = LocalSet)]
[OutputType(typeof(GuestFabricTest), typeof(bool))]
[SuppressMessage("Performance", "CA1819", Justification = "PowerShell binds arrays.")]
public sealed class TestGuestFabricLoginCommand : GuestCmdlet
{
    private bool _isGood = true;

    /// <summary>Ports as Get-GuestFabricLogin wrote them before; those that were logged in must be so. All ports of the guest when left out.</summary>
    [Parameter]
    public GuestFabricPort[]? Reference { get; set; }

    /// <summary>Writes one Boolean for all guests.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var done = 0;
        var asked = 0;
        ForEachGuest(guest =>
        {
            asked++;
            var ports = guest.ReadFabric();
            if (ports.Count == 0 && Reference is null) WriteError(GuestErrors.NoFabricPorts.For(guest.Name, guest.Name).ToErrorRecord());
            var test = GuestFabricTest.Of(guest.Name, ports, Reference is null ? null : [.. Reference.Where(port => string.Equals(port.VM, guest.Name, StringComparison.OrdinalIgnoreCase))]);
            _isGood &= test.IsLoggedIn;
            done++;
            if (!Quiet) WriteObject(test);
        });
        _isGood &= done > 0 && done == asked && done == Count;
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (Quiet) WriteObject(_isGood);
    }

    /// <summary>Guests that were named: one that can't be asked is not logged in.</summary>
    private int Count => ParameterSetName switch { SessionSet => Session.Length, ComputerSet => ComputerName.Length, VMSet => VM.Length, _ => 1 };
}
