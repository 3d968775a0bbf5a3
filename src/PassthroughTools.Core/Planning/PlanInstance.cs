using System.Numerics;

namespace PassthroughTools.Planning;

/// <summary>An option of a unit, in figures only.</summary>
internal sealed class UnitOption
{
    internal required int[] Use { get; init; }

    internal bool ChangesVM { get; init; }

    internal int Lost { get; init; }

    internal int Taken { get; init; }

    /// <summary>Sum of the squares of the vectors taken away, device by device: small where the loss is spread evenly.</summary>
    internal long Unevenness { get; init; }

    /// <summary>VMs changed, one bit each; only for even share, where a unit spans VMs.</summary>
    internal BigInteger ChangedVMs { get; init; }

    /// <summary>Option of each device of the unit.</summary>
    internal required PlanOption[] Source { get; init; }
}

/// <summary>
/// The problem in canonical order: what decides together is a unit (a device, or all like devices for even share), what shares a reboot
/// is a group (a VM). The order comes from names only, so the order of the input can't influence the plan.
/// </summary>
internal sealed class PlanInstance
{
    private PlanInstance(PlanProblem problem)
    {
        Problem = problem;
        PoolOrder = [.. Enumerable.Range(0, problem.Pools.Count).OrderBy(i => problem.Pools[i].Name, StringComparer.Ordinal)];
        Available = [.. PoolOrder.Select(i => problem.Pools[i].Available)];
    }

    internal PlanProblem Problem { get; }

    /// <summary>Index in the problem of each pool in canonical order.</summary>
    internal int[] PoolOrder { get; }

    internal int[] Available { get; }

    /// <summary>Options of each unit, in order of preference among equals.</summary>
    internal UnitOption[][] Units { get; private set; } = [];

    /// <summary>Devices of each unit.</summary>
    internal PlanDevice[][] Devices { get; private set; } = [];

    /// <summary>Units of each group, like units adjacent.</summary>
    internal int[][] Groups { get; private set; } = [];

    /// <summary>Number of the kind of each unit: units of a kind have the same options.</summary>
    internal int[] UnitKind { get; private set; } = [];

    /// <summary>How many VMs each bit of <see cref="UnitOption.ChangedVMs"/> stands for.</summary>
    internal int[] SetWeights { get; private set; } = [];

    internal static PlanInstance Create(PlanProblem problem)
    {
        var instance = new PlanInstance(problem);
        var devices = problem.Devices.OrderBy(d => d.VM, StringComparer.Ordinal).ThenBy(d => d.Id, StringComparer.Ordinal).ToArray();
        if (problem.Objective == PlanObjective.EvenShare) instance.MakeClasses(devices);
        else instance.MakeDevices(devices);
        return instance;
    }

    private IEnumerable<PlanOption> Ordered(PlanDevice device) => device.Options
        .Where(option => PlanValidation.Allows(Problem.Objective, option.Action))
        .OrderBy(option => option.Action).ThenByDescending(option => option.Limit ?? 0);

    private int[] UseOf(PlanOption option) => [.. PoolOrder.Select(pool => option.Use[pool])];

    private void MakeDevices(PlanDevice[] devices)
    {
        Devices = [.. devices.Select(device => new[] { device })];
        Units =
        [
            .. devices.Select(device => Ordered(device).Select(option => new UnitOption
            {
                Use = UseOf(option),
                ChangesVM = option.ChangesVM,
                Lost = option.LosesMsi ? 1 : 0,
                Taken = option.VectorsTakenAway,
                Unevenness = (long)option.VectorsTakenAway * option.VectorsTakenAway,
                Source = [option],
            }).ToArray()),
        ];
        UnitKind = KindsOf(Units);
        Groups =
        [
            .. Enumerable.Range(0, devices.Length).GroupBy(i => devices[i].VM, StringComparer.Ordinal)
                .Select(vm => vm.OrderBy(i => UnitKind[i]).ThenBy(i => i).ToArray()),
        ];
    }

    private void MakeClasses(PlanDevice[] devices)
    {
        var classes = devices.GroupBy(device => device.LikeKey, StringComparer.Ordinal).Select(like => like.ToArray()).ToArray();
        var bits = new VMBits(classes);
        SetWeights = bits.Weights;
        Devices = classes;
        Units = [.. classes.Select(like => CombineLike(like, bits))];
        UnitKind = [.. Enumerable.Range(0, classes.Length)];
        Groups = [.. Enumerable.Range(0, classes.Length).Select(i => new[] { i })];
    }

    private UnitOption[] CombineLike(PlanDevice[] like, VMBits bits)
    {
        var byKey = like.Select(device => device.Options.ToDictionary(option => (option.Action, option.Limit))).ToArray();
        var combined = new List<UnitOption>();
        foreach (var option in Ordered(like[0]))
        {
            var key = (option.Action, option.Limit);
            if (!Array.TrueForAll(byKey, options => options.ContainsKey(key))) continue;
            var source = Array.ConvertAll(byKey, options => options[key]);
            combined.Add(new UnitOption
            {
                Use = [.. PoolOrder.Select(pool => source.Sum(o => o.Use[pool]))],
                ChangesVM = Array.Exists(source, o => o.ChangesVM),
                Lost = source.Count(o => o.LosesMsi),
                Taken = source.Sum(o => o.VectorsTakenAway),
                Unevenness = source.Sum(o => (long)o.VectorsTakenAway * o.VectorsTakenAway),
                ChangedVMs = bits.Of(like, source),
                Source = source,
            });
        }

        return combined.Count > 0 ? [.. combined] : throw PlanErrors.NoCommonOption.For(like, like[0].LikeKey);
    }

    private static int[] KindsOf(UnitOption[][] units)
    {
        var kinds = new Dictionary<UnitOption[], int>(new SameOptions());
        var result = new int[units.Length];
        for (var i = 0; i < units.Length; i++)
        {
            if (!kinds.TryGetValue(units[i], out var kind)) kinds.Add(units[i], kind = kinds.Count);
            result[i] = kind;
        }

        return result;
    }

    /// <summary>Units are of a kind when their options agree one by one, labels included.</summary>
    private sealed class SameOptions : IEqualityComparer<UnitOption[]>
    {
        public bool Equals(UnitOption[]? x, UnitOption[]? y)
        {
            if (x!.Length != y!.Length) return false;
            for (var i = 0; i < x.Length; i++)
            {
                UnitOption a = x[i], b = y[i];
                if (a.Source[0].Action != b.Source[0].Action || a.Source[0].Limit != b.Source[0].Limit || a.ChangesVM != b.ChangesVM ||
                    a.Lost != b.Lost || a.Taken != b.Taken || !a.Use.AsSpan().SequenceEqual(b.Use)) return false;
            }

            return true;
        }

        public int GetHashCode(UnitOption[] options)
        {
            var hash = options.Length;
            foreach (var option in options)
            {
                hash = unchecked((hash * 31) + option.Taken);
                foreach (var use in option.Use) hash = unchecked((hash * 31) + use);
            }

            return hash;
        }
    }

    /// <summary>Numbers the VMs; those that every class of like devices treats the same way share a bit.</summary>
    private sealed class VMBits
    {
        private readonly Dictionary<string, int> _bits = new(StringComparer.Ordinal);

        internal VMBits(PlanDevice[][] classes)
        {
            // What a VM looks like to the classes: which of its devices' options change it, class by class.
            var looks = new Dictionary<string, List<string>>(StringComparer.Ordinal);
            for (var i = 0; i < classes.Length; i++)
            {
                foreach (var vm in classes[i].GroupBy(device => device.VM, StringComparer.Ordinal))
                {
                    var changing = vm.SelectMany(device => device.Options).Where(option => option.ChangesVM)
                        .Select(option => $"{i}:{(int)option.Action}:{option.Limit}").Distinct(StringComparer.Ordinal).OrderBy(text => text, StringComparer.Ordinal);
                    if (!looks.TryGetValue(vm.Key, out var look)) looks.Add(vm.Key, look = []);
                    look.AddRange(changing);
                }
            }

            var weights = new List<int>();
            var byLook = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var (vm, look) in looks.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, string.Join(",", pair.Value))))
            {
                if (!byLook.TryGetValue(look, out var bit))
                {
                    byLook.Add(look, bit = weights.Count);
                    weights.Add(0);
                }

                weights[bit]++;
                _bits.Add(vm, bit);
            }

            Weights = [.. weights];
        }

        internal int[] Weights { get; }

        internal BigInteger Of(PlanDevice[] devices, PlanOption[] options)
        {
            var set = BigInteger.Zero;
            for (var i = 0; i < devices.Length; i++)
                if (options[i].ChangesVM) set |= BigInteger.One << _bits[devices[i].VM];
            return set;
        }
    }
}
