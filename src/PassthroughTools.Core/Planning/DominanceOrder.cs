namespace PassthroughTools.Planning;

/// <summary>
/// States sorted by a number made of their columns, the narrow ones first: states that agree in these stand together, and the better of two
/// stands before the worse.
/// </summary>
internal sealed class DominanceOrder
{
    private const int WideColumns = 3;

    private readonly long[] _rows;
    private readonly int _stride;
    private readonly int[] _wide;
    private readonly int[] _narrow;
    private readonly int[] _order;

    private DominanceOrder(long[] rows, int stride, int[] narrow, int[] wide, int[] order)
    {
        _rows = rows;
        _stride = stride;
        _narrow = narrow;
        _wide = wide;
        _order = order;
    }

    /// <param name="rows">Rows of the states.</param>
    /// <param name="count">Number of states.</param>
    /// <param name="stride">Columns of a row.</param>
    /// <param name="compared">How many of its first columns are compared.</param>
    /// <param name="tag">Column in which states must agree, or -1.</param>
    /// <returns>Null when the columns don't fit into one number.</returns>
    internal static DominanceOrder? Of(long[] rows, int count, int stride, int compared, int tag)
    {
        var low = new long[compared];
        var range = new ulong[compared];
        for (var c = 0; c < compared; c++)
        {
            long least = rows[c], most = rows[c];
            for (var i = 1; i < count; i++)
            {
                var value = rows[(i * stride) + c];
                least = Math.Min(least, value);
                most = Math.Max(most, value);
            }

            low[c] = least;
            range[c] = (ulong)(most - least) + 1;
        }

        int[] byWidth = [.. Enumerable.Range(0, compared).Where(c => range[c] > 1).OrderBy(c => c == tag ? 0 : range[c])];
        var wideCount = Math.Min(WideColumns, Array.IndexOf(byWidth, tag) >= 0 ? byWidth.Length - 1 : byWidth.Length);
        var product = 1.0;
        foreach (var c in byWidth) product *= range[c];
        if (product > 9e18 || wideCount == 0) return null;

        var keys = new ulong[count];
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            var key = 0UL;
            foreach (var c in byWidth) key = (key * range[c]) + (ulong)(rows[(i * stride) + c] - low[c]);
            keys[i] = key;
            order[i] = i;
        }

        Array.Sort(keys, order);
        return new DominanceOrder(rows, stride, [.. byWidth.Take(byWidth.Length - wideCount)], [.. byWidth.Skip(byWidth.Length - wideCount)], order);
    }

    /// <summary>States that none before them in their run beats, in ascending order.</summary>
    internal int[] NotDominated()
    {
        // The last two columns of what is kept, the first ascending and the second descending.
        var stairs = new List<(long First, long Second)>();
        var kept = new List<int>(_order.Length);
        var previous = -1;
        foreach (var state in _order)
        {
            if (previous < 0 || !SameRun(previous, state)) stairs.Clear();
            previous = state;
            var second = _rows[(state * _stride) + _wide[_wide.Length - 1]];
            var first = _wide.Length > 1 ? _rows[(state * _stride) + _wide[_wide.Length - 2]] : 0;
            if (Climb(stairs, first, second)) kept.Add(state);
        }

        kept.Sort();
        return [.. kept];
    }

    /// <summary>Puts a pair among the stairs, unless one of them is no worse.</summary>
    private static bool Climb(List<(long First, long Second)> stairs, long first, long second)
    {
        int low = 0, high = stairs.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (stairs[middle].First <= first) low = middle + 1;
            else high = middle;
        }

        if (low > 0 && stairs[low - 1].Second <= second) return false;
        var end = low;
        while (end < stairs.Count && stairs[end].Second >= second) end++;
        if (low > 0 && stairs[low - 1].First == first) low--;
        if (end > low) stairs.RemoveRange(low, end - low);
        stairs.Insert(low, (first, second));
        return true;
    }

    private bool SameRun(int a, int b)
    {
        foreach (var c in _narrow)
            if (_rows[(a * _stride) + c] != _rows[(b * _stride) + c]) return false;
        return true;
    }
}
