using System.Globalization;
using PassthroughTools.Evidence;
using PassthroughTools.Text;

namespace PassthroughTools.Vectors;

/// <summary>Which pools a host has, by its version, and how large each is.</summary>
internal static class CapacityCalculator
{
    private const int LastVector = 0xF0;
    private const int FirstVector = 0x20;
    private const int DefaultFirstMsixVector = 0x70;
    private const int HighestFirstMsixVector = 0x90;
    private const int DocumentedCpus = 32;
    private const int MostHostVectors = 256;
    private const int MostCookies = 4096;
    private const string MsixDocument = "vSphere Networking: SR-IOV and the number of interrupt vectors";

    /// <summary>The pools that apply, each with its capacity; empty where the version is unknown.</summary>
    /// <param name="host">Evidence.</param>
    public static IReadOnlyList<(InterruptPool Pool, Figure Capacity)> Compute(HostEvidence host)
    {
        if (host.Version is not { } version) return [];
        if (!version.IsAtLeast(6, 0)) return [(InterruptPool.HostVectors, HostVectors(host))];
        var pools = new List<(InterruptPool, Figure)> { (InterruptPool.MsixVectors, MsixVectors(host)) };
        if (HasGlobalPool(host)) pools.Add((InterruptPool.GlobalVectors, GlobalVectors(host)));
        pools.Add((InterruptPool.InterruptCookies, Cookies(host)));
        return pools;
    }

    /// <summary>True for the versions in which INTx and MSI come out of a host-wide range of their own (KB 313395).</summary>
    /// <param name="host">Evidence.</param>
    public static bool HasGlobalPool(HostEvidence host) =>
        host.Version is { } version && ((version.IsAtLeast(7, 0, 1) && !version.IsAtLeast(8, 0, 1)) || IsGlobalPoolDoubtful(host));

    /// <summary>True where the pool is there for sure, so that MSI takes nothing from the pool of MSI-X.</summary>
    /// <param name="host">Evidence.</param>
    public static bool IsGlobalPoolSure(HostEvidence host) => HasGlobalPool(host) && !IsGlobalPoolDoubtful(host);

    /// <summary>True where the update decides whether the pool exists, and is not known: then it is shown, and can't prove anything exceeded.</summary>
    /// <param name="host">Evidence.</param>
    public static bool IsGlobalPoolDoubtful(HostEvidence host) => host.Version is { Major: 7 or 8, Minor: 0, IsUpdateKnown: false };

    private static Figure HostVectors(HostEvidence host)
    {
        if (host.VectorList is { } list)
        {
            // A list that was written twice, or one that holds more than the pool that the documents of 5.5 give, proves no more for that.
            var reliedOn = Math.Min(list.Count - list.DuplicateCount, MostHostVectors);
            var words = FormattableString.Invariant($"{Wording.Count(list.Count, "entry", "entries")} in the host's vector list, each taken as one vector; what an entry stands for is not documented.");
            if (reliedOn < list.Count) words += FormattableString.Invariant($" Only {reliedOn} are relied on: {list.DuplicateCount} are repeated, and a host of 5.5 has {MostHostVectors} at the most.");
            return Figure.Of(list.Count, Provenance.Inferred, words, new SourceReference("vsish /hardware/interrupts/vectorList/", null, Wording.Count(list.Count, "entry", "entries")))
                with { Minimum = reliedOn };
        }

        var source = new SourceReference("vSphere 5.5 troubleshooting: virtual functions and interrupt vectors");
        if (host.Version!.IsAtLeast(5, 5)) return Figure.Of(MostHostVectors, Provenance.Documented, "256 interrupt vectors a host.", source);

        // The one list of a 5.0 host that is known had 170 entries.
        return Figure.Of(MostHostVectors, Provenance.Assumed, "256 interrupt vectors a host, as documented for 5.5; an earlier host may have fewer, and its vector list was not given.", source)
            with { Minimum = null };
    }

    private static Figure MsixVectors(HostEvidence host)
    {
        if (host.LogicalCpus is not (> 0 and int cpus)) return Figure.Unknown("The number of logical CPUs is not known.");
        var first = FirstMsixVector(host, out var setting);
        var perCpu = LastVector - first;
        var leastPerCpu = IsFirstMsixVectorOpen(host) ? LastVector - HighestFirstMsixVector : perCpu;
        var total = (int)Math.Min((long)perCpu * cpus, int.MaxValue);
        var isDefault = first == DefaultFirstMsixVector;
        var evidence = new List<SourceReference> { new(MsixDocument) };
        if (setting is not null) evidence.Add(setting);
        var words = FormattableString.Invariant($"{perCpu} MSI-X vectors on each of {cpus} logical CPUs (0x{first:x2} to 0xef)");
        if (cpus <= DocumentedCpus)
        {
            var isDocumented = cpus == DocumentedCpus && isDefault;
            words += isDocumented ? "." : "; the documents give 4096 for 32 CPUs.";
            if (leastPerCpu == perCpu) return Figure.Of(total, isDocumented ? Provenance.Documented : Provenance.Inferred, words, evidence);
            return Figure.Of(total, Provenance.Inferred, words + FormattableString.Invariant($" The running host's intrFirstMsixVector was not given: were it 0x90 (KB 313395), {leastPerCpu * cpus} would be left, and only they are relied on."), evidence)
                with { Minimum = leastPerCpu * cpus };
        }

        // Whether the total grows beyond 32 CPUs is not documented: only what 32 give is relied on.
        return new Figure
        {
            Value = total,
            Minimum = leastPerCpu * DocumentedCpus,
            Maximum = total,
            Provenance = Provenance.Assumed,
            Explanation = words + FormattableString.Invariant($"; an estimate: the documents stop at 32 CPUs{(leastPerCpu == perCpu ? "" : ", and the running host's intrFirstMsixVector was not given (0x90 at the most by KB 313395)")}, so only {leastPerCpu * DocumentedCpus} are relied on."),
            Evidence = evidence,
        };
    }

    /// <summary>True where the version has the setting and the evidence does not tell what the running host has: KB 313395 has admins raise it.</summary>
    /// <param name="host">Evidence.</param>
    public static bool IsFirstMsixVectorOpen(HostEvidence host)
    {
        FirstMsixVector(host, out var setting);
        return setting is null && (host.Version!.IsAtLeast(7, 0, 1) || host.Version is { Major: 7, IsUpdateKnown: false });
    }

    private static int FirstMsixVector(HostEvidence host, out SourceReference? reference)
    {
        reference = null;
        if (host.FindSetting("intrFirstMsixVector") is not { Runtime: { } text } || ParseNumber(text) is not (> FirstVector and < LastVector and int value))
            return DefaultFirstMsixVector;
        reference = SettingReference("intrFirstMsixVector", text);
        return value;
    }

    private static Figure GlobalVectors(HostEvidence host)
    {
        var first = FirstMsixVector(host, out var setting);
        if (IsGlobalPoolDoubtful(host))
        {
            return new Figure
            {
                Value = first - FirstVector,
                Minimum = first - FirstVector,
                Provenance = Provenance.Assumed,
                Explanation = "The pool exists from 7.0 U1 to 8.0, and which update this host has is not known: give the output of esxcli system version get.",
                Evidence = [new SourceReference("KB 313395")],
            };
        }

        return Figure.Of(first - FirstVector, Provenance.Inferred,
            FormattableString.Invariant($"x86 vectors 0x20 to 0x{first - 1:x2}, below intrFirstMsixVector; an upper bound, since the vmkernel takes some of them itself."),
            setting is null ? [new SourceReference("KB 313395")] : [new SourceReference("KB 313395"), setting])
            with { Maximum = IsFirstMsixVectorOpen(host) ? HighestFirstMsixVector - FirstVector : first - FirstVector };
    }

    private static Figure Cookies(HostEvidence host)
    {
        if (host.FindSetting("maxIntrCookies") is { Runtime: { } text } && ParseNumber(text) is { } runtime)
        {
            var figure = Figure.Of(runtime, Provenance.Measured, "maxIntrCookies of the running host.", SettingReference("maxIntrCookies", text));
            return runtime <= MostCookies ? figure
                : figure with { Minimum = MostCookies, Explanation = FormattableString.Invariant($"maxIntrCookies of the running host; ESXi takes {MostCookies} at the most (KB 312151), and only they are relied on.") };
        }

        var number = host.Version!.IsAtLeast(8, 0, 3) ? MostCookies : 1024;
        if (host.Version is { Major: 8, Minor: 0, IsUpdateKnown: false })
        {
            return new Figure
            {
                Value = 1024,
                Minimum = 1024,
                Maximum = 4096,
                Provenance = Provenance.Assumed,
                Explanation = "The default of maxIntrCookies is 1024 up to 8.0 U2 and 4096 from 8.0 U3 on; neither the update nor the host's own setting is known.",
                Evidence = [new SourceReference("default kernel settings by version")],
            };
        }

        return Figure.Of(number, Provenance.Documented,
            "The default of maxIntrCookies in this version; the host's own setting was not given, and it may have been raised (KB 312151).",
            new SourceReference("default kernel settings by version; KB 312151")) with { Maximum = MostCookies };
    }

    private static SourceReference SettingReference(string name, string value) =>
        new("esxcli system settings kernel list", null, name + " = " + value);

    /// <summary>Reads a decimal or 0x number.</summary>
    /// <param name="text">Text of a setting.</param>
    internal static int? ParseNumber(string text)
    {
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return int.TryParse(isHex ? text.Substring(2) : text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
