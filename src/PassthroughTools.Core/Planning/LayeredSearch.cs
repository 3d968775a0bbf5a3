namespace PassthroughTools.Planning;

/// <summary>How a group was treated: the option of each unit by its place in the group.</summary>
internal sealed record GroupChoice(int Type, int Count, int[] Options);

/// <summary>What a search found.</summary>
/// <param name="Cost">Least cost found, or null.</param>
/// <param name="Choices">Choices that have it.</param>
/// <param name="IsComplete">True when nothing was left out: the cost is the least there is, or there is none within the target.</param>
internal sealed record SearchResult(long? Cost, IReadOnlyList<GroupChoice> Choices, bool IsComplete);

/// <summary>Costs that depend on what was chosen before, such as VMs that several classes share.</summary>
internal interface ITagger
{
    /// <summary>Tag before anything is chosen, and the cost of what is not open to choice.</summary>
    int Start(ReducedModel model, out long cost);

    /// <summary>Tag after a choice, and what the choice adds to the cost.</summary>
    int Step(int tag, int type, int option, out long cost);
}

/// <summary>
/// Dynamic programming over sums: takes the groups one after the other and keeps every distinct sum of the bounded figures with its least
/// cost, as long as it breaks no cap. Like devices and like VMs collapse by themselves, as their order makes no difference to a sum.
/// With more states than the width, the most promising are kept and the result is marked incomplete.
/// </summary>
internal sealed class LayeredSearch
{
    private readonly ReducedModel _model;
    private readonly ITagger? _tagger;
    private readonly WorkMeter _meter;
    private readonly int _width;
    private readonly long[] _caps;
    private readonly long _target;
    private readonly int _keys;
    private readonly int _columns;
    private readonly List<int> _traceParents = [-1];
    private readonly List<int> _traceChoices = [-1];
    private readonly long[] _row;
    private StateTable _states;
    private StateTable _branch;
    private StateTable _spare;
    private StateTable _merged;
    private bool _complete = true;

    private LayeredSearch(ReducedModel model, long target, int width, ITagger? tagger, WorkMeter meter)
    {
        _model = model;
        _target = target;
        _width = width;
        _tagger = tagger;
        _meter = meter;

        // The tag is one more column of the key, without a cap of its own.
        var extra = tagger is null ? 0 : 1;
        _keys = model.Kept.Length + extra;
        _columns = model.Caps.Length + extra;
        _caps = new long[_columns];
        for (var c = 0; c < _columns; c++) _caps[c] = c < model.Kept.Length ? model.Caps[c] : c < _keys ? long.MaxValue : model.Caps[c - extra];
        _row = new long[_columns];
        _states = new StateTable(_keys, _columns);
        _branch = new StateTable(_keys, _columns);
        _spare = new StateTable(_keys, _columns);
        _merged = new StateTable(_keys, _columns);
    }

    /// <param name="model">What to search.</param>
    /// <param name="target">The cost that the model was reduced for.</param>
    /// <param name="blocks">Groups by type and number; the groups of a block are treated alike.</param>
    /// <param name="width">Most states kept.</param>
    /// <param name="tagger">Costs that depend on earlier choices.</param>
    /// <param name="meter">Counts the steps.</param>
    internal static SearchResult Run(ReducedModel model, long target, IReadOnlyList<(int Type, int Count)> blocks, int width, ITagger? tagger, WorkMeter meter)
    {
        var search = new LayeredSearch(model, target, width, tagger, meter);
        if (tagger is not null)
        {
            search._row[search._keys - 1] = tagger.Start(model, out var cost);
            search._row[search._keys] = cost;
            if (cost > search._caps[search._keys]) return new SearchResult(null, [], true);
        }

        search._states.Add(search._row, 0, -1);
        foreach (var (type, count) in blocks)
        {
            if (!search.Take(type, count)) return new SearchResult(null, [], false);
            if (search._states.Count == 0) break;
        }

        return search.Best(blocks);
    }

    private bool Take(int type, int count)
    {
        var alternatives = _model.Types[type].Alternatives;
        _merged.Clear();
        for (var a = 0; a < alternatives.Count; a++)
        {
            var alternative = alternatives[a];
            Expand(_states, _branch, [alternative.Row], count, alternatives.Count > 1 ? a : -1, -1, null);
            foreach (var unit in alternative.Units)
            {
                var rows = unit.Choices.ConvertAll(choice => choice.Row).ToArray();
                if (!Expand(_branch, _spare, rows, count, 0, type, unit)) return false;
                (_branch, _spare) = (_spare, _branch);
            }

            if (alternatives.Count == 1)
            {
                (_states, _branch) = (_branch, _states);
                return true;
            }

            for (var i = 0; i < _branch.Count; i++) _merged.Add(_branch.Rows.AsSpan(i * _columns, _columns), _branch.Traces[i], -1);
        }

        (_states, _merged) = (_merged, _states);
        Thin(_states);
        return true;
    }

    /// <summary>Adds each of the rows to each of the states.</summary>
    private bool Expand(StateTable from, StateTable to, long[][] rows, int count, int firstChoice, int type, UnitRows? unit)
    {
        to.Clear();
        if (!_meter.Spend((long)from.Count * rows.Length)) return false;
        var deltas = Array.ConvertAll(rows, row => DeltaOf(row, count));
        for (var i = 0; i < from.Count; i++)
        {
            var state = from.Rows.AsSpan(i * _columns, _columns);
            for (var d = 0; d < deltas.Length; d++)
            {
                if (!Add(state, deltas[d])) continue;
                if (_tagger is not null && unit is not null)
                {
                    _row[_keys - 1] = _tagger.Step((int)state[_keys - 1], type, unit.Choices[d].Option, out var cost);
                    _row[_keys] += cost;
                    if (_row[_keys] > _caps[_keys]) continue;
                }

                to.Add(_row, from.Traces[i], firstChoice < 0 ? -1 : firstChoice + d);
            }
        }

        Thin(to);
        if (firstChoice >= 0) Trace(to);
        return true;
    }

    private void Thin(StateTable table)
    {
        if (!_model.IsSoft) table.RemoveDominated(_tagger is not null);
        _complete &= !table.Truncate(_width, _caps);
    }

    private long[] DeltaOf(long[] row, int count)
    {
        var delta = new long[_columns];
        var kept = _model.Kept.Length;
        for (var c = 0; c < row.Length; c++) delta[c < kept ? c : c + _keys - kept] = row[c] * count;
        return delta;
    }

    private bool Add(ReadOnlySpan<long> state, long[] delta)
    {
        // Surrogates stand last and prune most.
        for (var c = _columns - 1; c >= 0; c--)
        {
            var sum = state[c] + delta[c];
            if (sum > _caps[c]) return false;
            _row[c] = sum;
        }

        return !_model.IsSoft || Overdraft(_row) <= _target;
    }

    private long Overdraft(ReadOnlySpan<long> row)
    {
        var over = 0L;
        for (var c = 0; c < _model.SoftCaps.Length; c++) over += Math.Max(row[c] - _model.SoftCaps[c], 0);
        return over;
    }

    private void Trace(StateTable table)
    {
        for (var i = 0; i < table.Count; i++)
        {
            _traceParents.Add(table.Traces[i]);
            _traceChoices.Add(table.Choices[i]);
            table.Traces[i] = _traceParents.Count - 1;
        }
    }

    private SearchResult Best(IReadOnlyList<(int Type, int Count)> blocks)
    {
        var best = -1;
        var least = long.MaxValue;
        for (var i = 0; i < _states.Count; i++)
        {
            var row = _states.Rows.AsSpan(i * _columns, _columns);
            var cost = _model.IsSoft ? Overdraft(row) : row[_keys];
            if (cost >= least) continue;
            least = cost;
            best = i;
        }

        return best < 0
            ? new SearchResult(null, [], _complete)
            : new SearchResult((_model.IsSoft ? 0 : _model.CostBase) + least, Decode(_states.Traces[best], blocks), _complete);
    }

    private List<GroupChoice> Decode(int trace, IReadOnlyList<(int Type, int Count)> blocks)
    {
        var path = new Stack<int>();
        for (; trace > 0; trace = _traceParents[trace]) path.Push(_traceChoices[trace]);

        var result = new List<GroupChoice>(blocks.Count);
        foreach (var (type, count) in blocks)
        {
            var alternatives = _model.Types[type].Alternatives;
            var alternative = alternatives[alternatives.Count > 1 ? path.Pop() : 0];
            var options = new int[alternative.Units.Count + alternative.Fixed.Count];
            foreach (var (position, option) in alternative.Fixed) options[position] = option;
            foreach (var unit in alternative.Units) options[unit.Position] = unit.Choices[path.Pop()].Option;
            result.Add(new GroupChoice(type, count, options));
        }

        return result;
    }
}
