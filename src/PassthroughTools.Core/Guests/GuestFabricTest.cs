using PassthroughTools.Evidence;

namespace PassthroughTools.Guests;

/// <summary>Whether a guest's Fibre Channel ports are logged in, and whether all that were logged in before still are.</summary>
public sealed record GuestFabricTest
{
    /// <summary>Virtual machine or computer.</summary>
    public string? VM { get; init; }

    /// <summary>True when there are ports, all that count are logged in and none is missing.</summary>
    public bool IsLoggedIn => Ports.Count > 0 && LoggedOut.Count == 0;

    /// <summary>Ports as they are now.</summary>
    public IReadOnlyList<GuestFabricPort> Ports { get; init; } = [];

    /// <summary>World-wide port names that should be logged in and are not, those that are gone included.</summary>
    public IReadOnlyList<string> LoggedOut { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{VM}: {(IsLoggedIn ? "logged in" : "not logged in")}";

    /// <summary>Judges ports.</summary>
    /// <param name="vm">Guest.</param>
    /// <param name="now">Ports as they are now.</param>
    /// <param name="before">Ports as they were: those that were logged in must be so; null to ask it of every port that is there.</param>
    public static GuestFabricTest Of(string? vm, IReadOnlyList<GuestFabricPort> now, IReadOnlyList<GuestFabricPort>? before = null)
    {
        var online = new HashSet<string>(now.Where(port => port.IsLoggedIn).Select(port => port.PortWwn), StringComparer.OrdinalIgnoreCase);
        var wanted = before is null ? now.Select(port => port.PortWwn) : before.Where(port => port.IsLoggedIn).Select(port => port.PortWwn);
        return new GuestFabricTest { VM = vm, Ports = now, LoggedOut = [.. wanted.Where(port => !online.Contains(port)).Distinct(StringComparer.OrdinalIgnoreCase)] };
    }

    /// <summary>The failure of a remediation after which ports are not logged in that were before; null when there is none.</summary>
    /// <param name="host">Host of the remediation.</param>
    /// <param name="runId">Run, for the undo command.</param>
    public PassthruException? LostAfter(string host, string runId) =>
        LoggedOut.Count == 0 ? null : GuestErrors.FabricLoginLost.For(this, host, VM + " " + string.Join(", ", LoggedOut), runId);
}
