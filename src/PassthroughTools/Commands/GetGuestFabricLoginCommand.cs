using System.Management.Automation;
using PassthroughTools.Evidence;

namespace PassthroughTools.Commands;

/// <summary>Gets the Fibre Channel ports of running guests and whether each is logged in to the fabric.</summary>
[Cmdlet(VerbsCommon.Get, "GuestFabricLogin", DefaultParameterSetName = LocalSet)]
[OutputType(typeof(GuestFabricPort))]
public sealed class GetGuestFabricLoginCommand : GuestCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachGuest(guest => WriteObject(guest.ReadFabric(), enumerateCollection: true));
}
