using System.Globalization;
using PassthroughTools.Evidence;

namespace PassthroughTools.Vim;

/// <summary>Asks hosts how many passthrough devices they give to one VM (<c>VirtualPCIControllerOption.numPCIPassthroughDevices</c>).</summary>
internal sealed class VimLimitReader(IVimSession session)
{
    private const string Browser = "environmentBrowser";
    private const string Parent = "parent";
    private readonly Dictionary<ManagedObject, ManagedObject> _browsers = [];

    /// <summary>Finds out whom to ask about hosts; a constant number of requests.</summary>
    /// <param name="hosts">Hosts.</param>
    /// <param name="cancellation">Stops between pages.</param>
    public void Prepare(IReadOnlyList<ManagedObject> hosts, CancellationToken cancellation)
    {
        var parents = new Dictionary<ManagedObject, ManagedObject>();
        foreach (var host in session.Retrieve(hosts, [Parent], cancellation))
        {
            if (host.Properties.Reference(Parent) is { } parent) parents[host.Reference] = parent;
        }

        var browsers = new Dictionary<ManagedObject, ManagedObject>();
        foreach (var kind in parents.Values.Distinct().GroupBy(parent => parent.Type, StringComparer.Ordinal))
        {
            foreach (var parent in session.Retrieve([.. kind], [Browser], cancellation))
            {
                if (parent.Properties.Reference(Browser) is { } browser) browsers[parent.Reference] = browser;
            }
        }

        foreach (var pair in parents)
        {
            if (browsers.TryGetValue(pair.Value, out var browser)) _browsers[pair.Key] = browser;
        }
    }

    /// <summary>Adds what a host answers to its evidence; where it does not, a warning.</summary>
    /// <param name="host">Host.</param>
    /// <param name="evidence">Evidence.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public HostEvidence Add(ManagedObject host, HostEvidence evidence, CancellationToken cancellation)
    {
        if (!_browsers.TryGetValue(host, out var browser)) return evidence;
        try
        {
            var option = session.QueryConfigOption(browser, host, cancellation);
            var most = (option?.List("hardwareOptions.virtualDeviceOption") ?? []).Where(each => each.TypeName == "VirtualPCIControllerOption")
                .Select(each => each.Number("numPCIPassthroughDevices.max")).FirstOrDefault(number => number is > 0);
            return most is > 0 and <= int.MaxValue ? evidence with { VMLimit = new PassthruVMLimit((int)most, Hardware(option?.Text("version"))) } : evidence;
        }
        catch (PassthruException e)
        {
            return evidence with { Warnings = [.. evidence.Warnings, e.Message] };
        }
    }

    private static int? Hardware(string? version) =>
        version?.StartsWith("vmx-", StringComparison.OrdinalIgnoreCase) == true && int.TryParse(version.Substring(4), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
