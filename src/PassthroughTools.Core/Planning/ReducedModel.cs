namespace PassthroughTools.Planning;

/// <summary>
/// A stage for one target cost, made as small as it safely can be. Every column (bounded figure, cost, surrogate) becomes the excess over
/// the least that is possible, so it starts at zero and only grows; an option whose excess alone breaks a cap is gone, and so are columns
/// that can't bind. What is gone can't be part of a plan that costs the target or less.
/// </summary>
internal sealed class ReducedModel
{
    private readonly StageModel _stage;
    private readonly long[] _caps;
    private readonly long[] _softCaps;
    private readonly int _cost;

    private ReducedModel(StageModel stage, IReadOnlyList<Surrogate> surrogates, long target)
    {
        _stage = stage;
        _cost = stage.Dimensions;
        var columns = stage.Dimensions + 1 + surrogates.Count;
        _caps = new long[columns];
        for (var i = 0; i < _cost; i++) _caps[i] = stage.IsSoft ? stage.Caps[i] + target : stage.Caps[i];
        _caps[_cost] = target;
        _softCaps = (long[])stage.Caps.Clone();
        for (var k = 0; k < surrogates.Count; k++)
        {
            var cap = surrogates[k].CostWeight * target;
            for (var i = 0; i < _cost; i++) cap += surrogates[k].Weights[i] * stage.Caps[i];
            _caps[_cost + 1 + k] = cap;
        }

        Types =
        [
            .. stage.Types.Select(type => new GroupType(type.Members,
            [
                .. type.Alternatives.Select(alternative => new Alternative(
                    Extend(alternative.Row, surrogates),
                    [.. alternative.Units.Select(unit => new UnitRows(unit.Position, unit.Choices.ConvertAll(c => new Choice(Extend(c.Row, surrogates), c.Option))))])),
            ])),
        ];
        Shrink();
        if (IsImpossible) return;
        Compact();
    }

    internal List<GroupType> Types { get; }

    /// <summary>True when no plan can cost the target or less.</summary>
    internal bool IsImpossible { get; private set; }

    /// <summary>Stage dimensions that are still bounded, in the order of the rows' first columns.</summary>
    internal int[] Kept { get; private set; } = [];

    /// <summary>Caps of the rows' columns: kept dimensions, cost, surrogates.</summary>
    internal long[] Caps { get; private set; } = [];

    /// <summary>Soft caps of the kept dimensions.</summary>
    internal long[] SoftCaps { get; private set; } = [];

    internal bool IsSoft => _stage.IsSoft;

    /// <summary>Cost that no plan avoids; the rows' costs come on top.</summary>
    internal long CostBase { get; private set; }

    /// <summary>Greatest common divisor of all differences in cost.</summary>
    internal long CostStep { get; private set; } = 1;

    internal static ReducedModel Create(StageModel stage, IReadOnlyList<Surrogate> surrogates, long target) => new(stage, surrogates, target);

    private long[] Extend(long[] row, IReadOnlyList<Surrogate> surrogates)
    {
        var result = new long[_caps.Length];
        Array.Copy(row, result, row.Length);
        for (var k = 0; k < surrogates.Count; k++)
        {
            var sum = surrogates[k].CostWeight * row[_cost];
            for (var i = 0; i < _cost; i++) sum += surrogates[k].Weights[i] * row[i];
            result[_cost + 1 + k] = sum;
        }

        return result;
    }

    /// <summary>Turns columns into excesses and drops what can't be afforded, until nothing changes.</summary>
    private void Shrink()
    {
        do
        {
            foreach (var type in Types) Normalise(type);
            RoundCaps();
            IsImpossible = Array.Exists(_caps, cap => cap < 0) || (IsSoft && _softCaps.Sum(cap => Math.Max(-cap, 0)) > _caps[_cost]);
        }
        while (!IsImpossible && DropUnaffordable());
        if (IsImpossible) Types.Clear();
    }

    private void Normalise(GroupType type)
    {
        foreach (var alternative in type.Alternatives)
        {
            foreach (var unit in alternative.Units)
            {
                for (var c = 0; c < _caps.Length; c++)
                {
                    var least = unit.Choices[0].Row[c];
                    foreach (var choice in unit.Choices) least = Math.Min(least, choice.Row[c]);
                    if (least == 0) continue;
                    foreach (var choice in unit.Choices) choice.Row[c] -= least;
                    alternative.Row[c] += least;
                }
            }
        }

        for (var c = 0; c < _caps.Length; c++)
        {
            var least = type.Alternatives[0].Row[c];
            foreach (var alternative in type.Alternatives) least = Math.Min(least, alternative.Row[c]);
            if (least == 0) continue;
            foreach (var alternative in type.Alternatives) alternative.Row[c] -= least;
            _caps[c] -= least * type.Count;
            if (c < _cost) _softCaps[c] -= least * type.Count;
            else if (c == _cost) CostBase += least * type.Count;
        }
    }

    /// <summary>Caps go down to what sums of the rows can reach at all: with steps of 8, a cap of 21 is one of 16.</summary>
    private void RoundCaps()
    {
        for (var c = 0; c <= _cost; c++)
        {
            if (_caps[c] < 0 || (IsSoft && c < _cost)) continue;
            var step = 0L;
            foreach (var type in Types)
            {
                foreach (var alternative in type.Alternatives)
                {
                    step = Gcd(step, alternative.Row[c]);
                    foreach (var unit in alternative.Units)
                        foreach (var choice in unit.Choices) step = Gcd(step, choice.Row[c]);
                }
            }

            if (step > 1) _caps[c] -= _caps[c] % step;
            if (c == _cost) CostStep = Math.Max(step, 1);
        }
    }

    private static long Gcd(long a, long b)
    {
        while (b != 0) (a, b) = (b, a % b);
        return a;
    }

    private bool DropUnaffordable()
    {
        var dropped = false;
        foreach (var type in Types)
        {
            foreach (var alternative in type.Alternatives)
                foreach (var unit in alternative.Units)
                    dropped |= unit.Choices.RemoveAll(choice => !Affordable(alternative.Row, choice.Row)) > 0;

            dropped |= type.Alternatives.RemoveAll(a => !Affordable(a.Row, a.Row, 0) || a.Units.Exists(unit => unit.Choices.Count == 0)) > 0;
            if (type.Alternatives.Count > 0) continue;
            IsImpossible = true;
            return false;
        }

        return dropped;
    }

    private bool Affordable(long[] row, long[] more, int factor = 1)
    {
        for (var c = 0; c < _caps.Length; c++)
            if (row[c] + (factor * more[c]) > _caps[c]) return false;
        return true;
    }

    /// <summary>Leaves out dimensions that can't bind, then options and units that make no difference.</summary>
    private void Compact()
    {
        var kept = Enumerable.Range(0, _cost).Where(c => Most(c) > (IsSoft ? _softCaps[c] : _caps[c])).ToList();
        if (!IsSoft)
        {
            for (var i = kept.Count - 1; i >= 0; i--)
            {
                var candidate = kept[i];
                if (kept.Exists(other => other != candidate && Implies(other, candidate))) kept.RemoveAt(i);
            }
        }

        Kept = [.. kept];
        int[] columns = [.. kept, _cost, .. Enumerable.Range(_cost + 1, _caps.Length - _cost - 1).Where(c => Most(c) > _caps[c])];
        Caps = Array.ConvertAll(columns, c => _caps[c]);
        SoftCaps = Array.ConvertAll(Kept, c => _softCaps[c]);
        foreach (var type in Types)
        {
            type.Alternatives = type.Alternatives.ConvertAll(alternative =>
            {
                var compact = new Alternative(Pick(alternative.Row, columns), []);
                foreach (var unit in alternative.Units)
                {
                    var choices = unit.Choices.ConvertAll(choice => new Choice(Pick(choice.Row, columns), choice.Option));
                    if (!_stage.HasHiddenCosts) choices = Pareto(choices, kept.Count + 1);
                    if (choices.Count > 1) compact.Units.Add(new UnitRows(unit.Position, choices));
                    else Fix(compact, unit.Position, choices[0]);
                }

                return compact;
            });
        }
    }

    private static void Fix(Alternative alternative, int position, Choice choice)
    {
        alternative.Fixed.Add((position, choice.Option));
        for (var c = 0; c < choice.Row.Length; c++) alternative.Row[c] += choice.Row[c];
    }

    private static long[] Pick(long[] row, int[] columns) => Array.ConvertAll(columns, c => row[c]);

    private long Most(int column)
    {
        var total = 0L;
        foreach (var type in Types)
            total += type.Count * type.Alternatives.Max(a => a.Row[column] + a.Units.Sum(unit => unit.Choices.Max(choice => choice.Row[column])));
        return total;
    }

    /// <summary>True when keeping within one column's cap keeps within the other's: its rows are nowhere smaller and its cap is no larger.</summary>
    private bool Implies(int strong, int weak)
    {
        if (_caps[strong] > _caps[weak]) return false;
        foreach (var type in Types)
        {
            foreach (var alternative in type.Alternatives)
            {
                if (alternative.Row[strong] < alternative.Row[weak]) return false;
                foreach (var unit in alternative.Units)
                    foreach (var choice in unit.Choices)
                        if (choice.Row[strong] < choice.Row[weak]) return false;
            }
        }

        return true;
    }

    /// <summary>Leaves out what another option is no worse than in any of the first columns; of equals the first stays.</summary>
    private static List<Choice> Pareto(List<Choice> choices, int columns)
    {
        var result = new List<Choice>(choices.Count);
        for (var i = 0; i < choices.Count; i++)
        {
            var beaten = false;
            for (var j = 0; j < choices.Count && !beaten; j++)
                beaten = i != j && NoWorse(choices[j].Row, choices[i].Row, columns) && (j < i || !NoWorse(choices[i].Row, choices[j].Row, columns));
            if (!beaten) result.Add(choices[i]);
        }

        return result;
    }

    private static bool NoWorse(long[] row, long[] than, int columns)
    {
        for (var c = 0; c < columns; c++)
            if (row[c] > than[c]) return false;
        return true;
    }
}
