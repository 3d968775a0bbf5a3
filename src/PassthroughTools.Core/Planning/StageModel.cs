namespace PassthroughTools.Planning;

/// <summary>A figure that a stage of the search minimises or bounds.</summary>
internal enum PlanMetric
{
    /// <summary>Vectors missing over all pools.</summary>
    Shortfall,

    /// <summary>VMs changed.</summary>
    VMs,

    /// <summary>Devices without MSI.</summary>
    Lost,

    /// <summary>Vectors taken away.</summary>
    Taken,

    /// <summary>Sum of squares of the vectors taken away.</summary>
    Unevenness,
}

/// <summary>An option as a row of figures.</summary>
internal sealed class Choice(long[] row, int option)
{
    internal long[] Row { get; } = row;

    /// <summary>Index of the option in the unit.</summary>
    internal int Option { get; } = option;
}

/// <summary>The options of one unit that are still considered.</summary>
internal sealed class UnitRows(int position, List<Choice> choices)
{
    /// <summary>Place of the unit in its group.</summary>
    internal int Position { get; } = position;

    internal List<Choice> Choices { get; set; } = choices;
}

/// <summary>One way to treat a whole group: leave the VM alone, or change it. What it costs by itself, and what its units may do then.</summary>
internal sealed class Alternative(long[] row, List<UnitRows> units)
{
    internal long[] Row { get; } = row;

    internal List<UnitRows> Units { get; set; } = units;

    /// <summary>Units with a single option left.</summary>
    internal List<(int Position, int Option)> Fixed { get; } = [];
}

/// <summary>Groups with the same units, so that only their number matters.</summary>
internal sealed class GroupType(int[] members, List<Alternative> alternatives)
{
    internal int[] Members { get; } = members;

    internal List<Alternative> Alternatives { get; set; } = alternatives;

    internal int Count => Members.Length;
}

/// <summary>
/// One stage: minimise one metric while pools and the metrics of earlier stages stay within their caps. Each row holds the bounded
/// figures first and the cost last.
/// </summary>
internal sealed class StageModel
{
    private StageModel(long[] caps, bool soft, List<GroupType> types, int[][] groups)
    {
        Caps = caps;
        IsSoft = soft;
        Types = types;
        Groups = groups;
    }

    /// <summary>Caps of the bounded figures.</summary>
    internal long[] Caps { get; }

    internal int Dimensions => Caps.Length;

    /// <summary>True when the caps may be overdrawn and the cost is by how much.</summary>
    internal bool IsSoft { get; }

    internal List<GroupType> Types { get; }

    /// <summary>Units of each group.</summary>
    internal int[][] Groups { get; }

    /// <summary>True when groups are VMs and it is open which are changed.</summary>
    internal bool CountsVMs { get; init; }

    /// <summary>True when options differ in more than their rows show, so that none may be left out for being dearer.</summary>
    internal bool HasHiddenCosts { get; init; }

    /// <param name="instance">The problem.</param>
    /// <param name="cost">What to minimise.</param>
    /// <param name="limits">Metrics of earlier stages, and the caps that they left.</param>
    /// <param name="changed">For each group whether its VM is changed, where that is settled; null where it is open.</param>
    internal static StageModel Build(PlanInstance instance, PlanMetric cost, IReadOnlyList<(PlanMetric Metric, long Cap)> limits, bool[]? changed = null)
    {
        var pools = instance.Available.Length;
        var caps = new long[pools + limits.Count];
        for (var i = 0; i < caps.Length; i++)
        {
            caps[i] = i < pools ? instance.Available[i] : limits[i - pools].Cap;
            if (i >= pools && limits[i - pools].Metric == PlanMetric.VMs && changed is not null) caps[i] -= changed.Count(isChanged => isChanged);
        }

        // Without a charge for the VM every unit stands alone, and far more of them are alike.
        var charged = instance.Problem.Objective != PlanObjective.EvenShare && cost != PlanMetric.Shortfall && changed is null;
        int[][] groups = charged ? instance.Groups : [.. Enumerable.Range(0, instance.Units.Length).Select(i => new[] { i })];
        var quiet = new bool[instance.Units.Length];
        for (var group = 0; group < instance.Groups.Length && changed is not null; group++)
            foreach (var unit in instance.Groups[group]) quiet[unit] = !changed[group];

        var kinds = new Dictionary<int, List<Choice>>();
        var types = new Dictionary<string, (int First, List<int> Members)>(StringComparer.Ordinal);
        var order = new List<string>();
        for (var group = 0; group < groups.Length; group++)
        {
            var key = string.Join(",", groups[group].Select(unit => quiet[unit] ? ~instance.UnitKind[unit] : instance.UnitKind[unit]));
            if (!types.TryGetValue(key, out var type))
            {
                types.Add(key, type = (group, []));
                order.Add(key);
            }

            type.Members.Add(group);
        }

        List<Choice> Rows(int unit)
        {
            if (!kinds.TryGetValue(instance.UnitKind[unit], out var rows))
                kinds.Add(instance.UnitKind[unit], rows = [.. instance.Units[unit].Select((option, i) => new Choice(RowOf(option, pools, cost, limits), i))]);
            return rows;
        }

        var built = order.Select(key =>
        {
            var units = groups[types[key].First];
            return new GroupType([.. types[key].Members], charged
                ? Charged(instance, units, Rows, VMRow(caps.Length + 1, pools, cost, limits))
                : [new Alternative(new long[caps.Length + 1], [.. units.Select((unit, i) => new UnitRows(i, quiet[unit] ? Quiet(instance, unit, Rows(unit)) : Rows(unit)))])]);
        }).ToList();
        return new StageModel(caps, cost == PlanMetric.Shortfall, built, groups)
        {
            HasHiddenCosts = cost == PlanMetric.VMs && !charged,
            CountsVMs = charged,
        };
    }

    private static List<Alternative> Charged(PlanInstance instance, int[] units, Func<int, List<Choice>> rows, long[] vmRow)
    {
        var result = new List<Alternative>(2);
        var quiet = units.Select((unit, i) => new UnitRows(i, Quiet(instance, unit, rows(unit)))).ToList();
        if (quiet.TrueForAll(unit => unit.Choices.Count > 0)) result.Add(new Alternative(new long[vmRow.Length], quiet));
        if (Array.Exists(units, unit => Array.Exists(instance.Units[unit], option => option.ChangesVM)))
            result.Add(new Alternative(vmRow, [.. units.Select((unit, i) => new UnitRows(i, rows(unit)))]));
        return result;
    }

    /// <summary>Options that leave the VM as it is.</summary>
    private static List<Choice> Quiet(PlanInstance instance, int unit, List<Choice> choices) =>
        choices.FindAll(choice => !instance.Units[unit][choice.Option].ChangesVM);

    private static long[] RowOf(UnitOption option, int pools, PlanMetric cost, IReadOnlyList<(PlanMetric Metric, long Cap)> limits)
    {
        var row = new long[pools + limits.Count + 1];
        for (var i = 0; i < row.Length; i++)
            row[i] = i < pools ? option.Use[i] : Figure(option, i < row.Length - 1 ? limits[i - pools].Metric : cost);
        return row;
    }

    private static long[] VMRow(int columns, int pools, PlanMetric cost, IReadOnlyList<(PlanMetric Metric, long Cap)> limits)
    {
        var row = new long[columns];
        for (var i = 0; i < limits.Count; i++) row[pools + i] = limits[i].Metric == PlanMetric.VMs ? 1 : 0;
        row[columns - 1] = cost == PlanMetric.VMs ? 1 : 0;
        return row;
    }

    private static long Figure(UnitOption option, PlanMetric metric) => metric switch
    {
        PlanMetric.Lost => option.Lost,
        PlanMetric.Taken => option.Taken,
        PlanMetric.Unevenness => option.Unevenness,
        _ => 0,
    };
}
