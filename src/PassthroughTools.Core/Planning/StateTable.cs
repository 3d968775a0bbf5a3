namespace PassthroughTools.Planning;

/// <summary>
/// Partial plans of one layer, one a key (the sums of the bounded figures), the cheapest of each. A row holds the key, the cost and the
/// surrogates; beside it stand the trace that leads back to the choices and the last choice made.
/// </summary>
internal sealed class StateTable(int keyColumns, int columns)
{
    private const int NoSlot = -1;

    private int[] _slots = NewSlots(256);
    private int _mask = 255;

    internal int Count { get; private set; }

    internal long[] Rows { get; private set; } = new long[128 * columns];

    /// <summary>Trace of the partial plan that a state continues, until the search gives the state its own.</summary>
    internal int[] Traces { get; private set; } = new int[128];

    internal int[] Choices { get; private set; } = new int[128];

    internal void Clear()
    {
        Count = 0;
        _slots.AsSpan().Fill(NoSlot);
    }

    /// <summary>Adds a state, unless one with its key is no dearer.</summary>
    internal void Add(ReadOnlySpan<long> row, int trace, int choice)
    {
        var slot = (int)Hash(row) & _mask;
        for (; _slots[slot] != NoSlot; slot = (slot + 1) & _mask)
        {
            var found = Rows.AsSpan(_slots[slot] * columns, columns);
            if (!found.Slice(0, keyColumns).SequenceEqual(row.Slice(0, keyColumns))) continue;
            if (row[keyColumns] >= found[keyColumns]) return;
            row.CopyTo(found);
            Traces[_slots[slot]] = trace;
            Choices[_slots[slot]] = choice;
            return;
        }

        if (Count == Traces.Length) GrowRows();
        row.CopyTo(Rows.AsSpan(Count * columns));
        Traces[Count] = trace;
        Choices[Count] = choice;
        _slots[slot] = Count++;
        if (Count * 2 > _slots.Length) GrowSlots();
    }

    /// <summary>
    /// Leaves out states that another is no worse than in any bounded figure and in cost. Finds those whose better agrees in all but the three
    /// widest columns; that is nearly all, and quick. The slots are stale afterwards: nothing may be added before the table is cleared.
    /// </summary>
    internal void RemoveDominated(bool hasTag)
    {
        if (Count < 64) return;
        var order = DominanceOrder.Of(Rows, Count, columns, keyColumns + 1, hasTag ? keyColumns - 1 : -1);
        if (order is not null) Keep(order.NotDominated());
    }

    /// <summary>Keeps the most promising states: those that have used least of what the surrogates leave. A little noise keeps ties diverse.</summary>
    /// <returns>True when states were dropped; the slots are stale then, as after <see cref="RemoveDominated"/>.</returns>
    internal bool Truncate(int limit, long[] caps)
    {
        if (Count <= limit) return false;
        var ranks = new double[Count];
        var order = new int[Count];
        for (var i = 0; i < Count; i++)
        {
            var row = Rows.AsSpan(i * columns, columns);
            ranks[i] = (Hash(row) & 0xffff) / 65536.0 / 16;
            if (columns > keyColumns + 1) ranks[i] += row[columns - 1] / (caps[columns - 1] + 1.0);
            order[i] = i;
        }

        SelectLeast(ranks, order, limit);
        Array.Sort(order, 0, limit);
        Keep(order.AsSpan(0, limit));
        return true;
    }

    /// <summary>Puts the least ranks first, in no order.</summary>
    private static void SelectLeast(double[] ranks, int[] order, int limit)
    {
        int low = 0, high = ranks.Length - 1;
        while (low < high)
        {
            var pivot = ranks[low + ((high - low) / 2)];
            int i = low, j = high;
            while (i <= j)
            {
                while (ranks[i] < pivot) i++;
                while (ranks[j] > pivot) j--;
                if (i > j) break;
                (ranks[i], ranks[j], order[i], order[j]) = (ranks[j], ranks[i], order[j], order[i]);
                i++;
                j--;
            }

            if (limit <= j + 1) high = j;
            else if (limit > i) low = i;
            else return;
        }
    }

    /// <summary>Keeps the states named, in ascending order.</summary>
    private void Keep(ReadOnlySpan<int> kept)
    {
        for (var i = 0; i < kept.Length; i++)
        {
            Array.Copy(Rows, kept[i] * columns, Rows, i * columns, columns);
            Traces[i] = Traces[kept[i]];
            Choices[i] = Choices[kept[i]];
        }

        Count = kept.Length;
    }

    private uint Hash(ReadOnlySpan<long> row)
    {
        var hash = 14695981039346656037UL;
        for (var i = 0; i < keyColumns; i++) hash = unchecked((hash ^ (ulong)row[i]) * 0x9E3779B97F4A7C15UL);
        return (uint)(hash >> 32);
    }

    private void GrowRows()
    {
        var size = Traces.Length * 2;
        var rows = new long[size * columns];
        Array.Copy(Rows, rows, Count * columns);
        int[] traces = new int[size], choices = new int[size];
        Array.Copy(Traces, traces, Count);
        Array.Copy(Choices, choices, Count);
        (Rows, Traces, Choices) = (rows, traces, choices);
    }

    private void GrowSlots()
    {
        _slots = NewSlots(_slots.Length * 2);
        _mask = _slots.Length - 1;
        for (var i = 0; i < Count; i++)
        {
            var slot = (int)Hash(Rows.AsSpan(i * columns, columns)) & _mask;
            while (_slots[slot] != NoSlot) slot = (slot + 1) & _mask;
            _slots[slot] = i;
        }
    }

    private static int[] NewSlots(int size)
    {
        var slots = new int[size];
        slots.AsSpan().Fill(NoSlot);
        return slots;
    }
}
