using System.Numerics;

namespace PassthroughTools.Planning;

/// <summary>
/// Counts the VMs that classes of like devices change together. The tag stands for the set of VMs counted so far, without those that no
/// later class can change: these need no memory, so states that differ in nothing else become one.
/// </summary>
internal sealed class UnionTagger : ITagger
{
    private readonly PlanInstance _instance;
    private readonly BigInteger[] _stillOpen;
    private readonly List<BigInteger> _sets = [];
    private readonly Dictionary<BigInteger, int> _numbers = [];
    private readonly Dictionary<(int Tag, int Type, int Option), (int Tag, long Cost)> _steps = [];

    internal UnionTagger(PlanInstance instance)
    {
        // Class n is taken n-th.
        _instance = instance;
        _stillOpen = new BigInteger[instance.Units.Length];
        var open = BigInteger.Zero;
        for (var i = _stillOpen.Length - 1; i >= 0; i--)
        {
            _stillOpen[i] = open;
            foreach (var option in instance.Units[i]) open |= option.ChangedVMs;
        }
    }

    /// <inheritdoc/>
    public int Start(ReducedModel model, out long cost)
    {
        var set = BigInteger.Zero;
        for (var i = 0; i < model.Types.Count; i++)
            foreach (var (_, option) in model.Types[i].Alternatives[0].Fixed) set |= _instance.Units[i][option].ChangedVMs;
        cost = Weight(set);
        return NumberOf(set);
    }

    /// <inheritdoc/>
    public int Step(int tag, int type, int option, out long cost)
    {
        if (!_steps.TryGetValue((tag, type, option), out var step))
        {
            var set = _sets[tag];
            var added = _instance.Units[type][option].ChangedVMs;
            var union = set | added;
            step = (NumberOf(union & _stillOpen[type]), Weight(union ^ set));
            _steps.Add((tag, type, option), step);
        }

        cost = step.Cost;
        return step.Tag;
    }

    private int NumberOf(BigInteger set)
    {
        if (_numbers.TryGetValue(set, out var number)) return number;
        _sets.Add(set);
        _numbers.Add(set, _sets.Count - 1);
        return _sets.Count - 1;
    }

    private long Weight(BigInteger set)
    {
        var weight = 0L;
        for (var bit = 0; !set.IsZero; bit++, set >>= 1)
            if (!set.IsEven) weight += _instance.SetWeights[bit];
        return weight;
    }
}
