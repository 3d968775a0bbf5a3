namespace PassthroughTools.Planning;

/// <summary>Turns "so many of these get that" into who gets what.</summary>
internal static class PlanLayout
{
    /// <summary>
    /// Among like VMs, and among like devices of a VM, the ones whose names come first get the later options (what changes most).
    /// </summary>
    internal static int[] Assign(PlanInstance instance, StageModel stage, ReducedModel model, IReadOnlyList<GroupChoice> choices)
    {
        var result = new int[instance.Units.Length];
        var byType = choices.ToLookup(choice => choice.Type);
        for (var t = 0; t < model.Types.Count; t++)
        {
            var type = model.Types[t];
            var configurations = new List<int[]>(type.Count);
            foreach (var choice in byType[t])
                for (var i = 0; i < choice.Count; i++) configurations.Add((int[])choice.Options.Clone());

            // A type that left nothing to choose was not searched.
            while (configurations.Count < type.Count)
            {
                var options = new int[type.Alternatives[0].Fixed.Count];
                foreach (var (position, option) in type.Alternatives[0].Fixed) options[position] = option;
                configurations.Add(options);
            }

            foreach (var configuration in configurations) SortLikeUnits(instance, stage.Groups[type.Members[0]], configuration);
            configurations.Sort(Compare);
            for (var i = 0; i < type.Count; i++)
            {
                var units = stage.Groups[type.Members[i]];
                for (var u = 0; u < units.Length; u++) result[units[u]] = configurations[i][u];
            }
        }

        return result;
    }

    private static void SortLikeUnits(PlanInstance instance, int[] units, int[] options)
    {
        for (var start = 0; start < units.Length;)
        {
            var end = start + 1;
            while (end < units.Length && instance.UnitKind[units[end]] == instance.UnitKind[units[start]]) end++;
            Array.Sort(options, start, end - start);
            Array.Reverse(options, start, end - start);
            start = end;
        }
    }

    private static int Compare(int[] a, int[] b)
    {
        for (var i = 0; i < a.Length; i++)
            if (a[i] != b[i]) return b[i].CompareTo(a[i]);
        return 0;
    }
}
