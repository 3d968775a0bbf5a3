using System.Management.Automation;
using System.Management.Automation.Runspaces;
using PassthroughTools.Guests;
using PassthroughTools.PowerCli;
using PassthroughTools.Vim;
using PassthroughTools.Vmx;

namespace PassthroughTools;

/// <summary>Ways to guests from a cmdlet: by what the user gave, or by what a plan or a journal names.</summary>
internal sealed class GuestTransports(PSCmdlet cmdlet, PSSession[]? sessions, PSCredential? credential, PSCredential? guestCredential) : IGuestTransports
{
    /// <summary>The machine itself.</summary>
    public static IGuestTransport Local() => new LocalTransport();

    /// <summary>An open session.</summary>
    public static IGuestTransport Of(PSSession session) => new RemotingTransport(session.ComputerName ?? session.Name, session, null);

    /// <summary>A computer.</summary>
    public IGuestTransport Of(string computer) => new RemotingTransport(computer, null, credential);

    /// <summary>A VM: an object of PowerCLI, or a name that Invoke-VMScript resolves.</summary>
    /// <exception cref="PassthruException"><see cref="GuestErrors.PowerCliMissing"/>.</exception>
    public IGuestTransport OfVM(PSObject vm)
    {
        var name = vm.BaseObject as string ?? Property(vm, "Name")?.ToString() ?? vm.ToString();
        Require(ToolsTransport.Command, name);
        var id = vm.BaseObject as string ?? Property(vm, "Id")?.ToString();
        return new ToolsTransport(vm, string.IsNullOrEmpty(id) ? name : id!, name, Family(vm), guestCredential);
    }

    /// <summary>The slots of a VM, from the configuration that comes with the object.</summary>
    /// <param name="vm">An object of PowerCLI, or a name.</param>
    /// <returns>Null where there is no configuration.</returns>
    public static IReadOnlyList<PassthruSlot>? SlotsOf(PSObject vm) =>
        vm.BaseObject is not string && new PowerCliData(vm).Data("ExtensionData.Config") is { } config ? VimSlots.Read(config) : null;

    /// <inheritdoc/>
    public IGuestTransport Find(GuestTarget target)
    {
        switch (target.Route)
        {
            case GuestRoute.Local:
                return string.Equals(target.Name, Environment.MachineName, StringComparison.OrdinalIgnoreCase) ? Local() : throw GuestErrors.TargetUnknown.For(target, target);
            case GuestRoute.Remoting:
                var session = sessions?.FirstOrDefault(each => string.Equals(each.ComputerName ?? each.Name, target.Name, StringComparison.OrdinalIgnoreCase));
                return session is not null ? Of(session) : Of(target.Name);
            default:
                const string Identifier = "VirtualMachine-";
                if (!target.Name.StartsWith(Identifier, StringComparison.Ordinal)) return OfVM(PSObject.AsPSObject(target.Name));
                Require("Get-VM", target.Name);
                using (var shell = PowerShell.Create(RunspaceMode.CurrentRunspace))
                {
                    var found = shell.AddCommand("Get-VM").AddParameter("Id", target.Name).AddParameter("ErrorAction", "SilentlyContinue").Invoke();
                    return found.Count == 1 ? OfVM(found[0]) : throw GuestErrors.TargetUnknown.For(target, target);
                }
        }
    }

    private void Require(string command, string guest)
    {
        if (cmdlet.InvokeCommand.GetCommand(command, CommandTypes.Cmdlet | CommandTypes.Function | CommandTypes.Alias) is null)
            throw GuestErrors.PowerCliMissing.For(guest, guest, command);
    }

    private static GuestFamily Family(PSObject vm)
    {
        var reported = Property(vm, "ExtensionData", "Guest", "GuestFamily")?.ToString();
        if (reported == "windowsGuest") return GuestFamily.Windows;
        if (reported == "linuxGuest") return GuestFamily.Linux;
        return GuestFamilies.FromGuestOS((Property(vm, "GuestId") ?? Property(vm, "ExtensionData", "Config", "GuestId"))?.ToString());
    }

    private static object? Property(PSObject item, params string[] path)
    {
        object? value = item;
        foreach (var name in path) value = value is null ? null : PSObject.AsPSObject(value).Properties[name]?.Value;
        return value;
    }
}
