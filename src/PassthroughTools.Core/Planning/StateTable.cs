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

    /// <summary>Keeps the most promising states: those that have used least of what the surrogates leave. A little noise keeps ties diverse.</summary>
    /// <returns>True when states were dropped.</returns>
    internal bool Truncate(int limit, long[] caps)
    {
        if (Count <= limit) return false;
        var ranks = new double[Count];
        var order = new int[Count];
        for (var i = 0; i < Count; i++)
        {
            var row = Rows.AsSpan(i * columns, columns);
            var rank = (Hash(row) & 0xffff) / 65536.0 / 16;
            if (columns > keyColumns + 1) rank += row[columns - 1] / (caps[columns - 1] + 1.0);
            ranks[i] = rank;
            order[i] = i;
        }

        Array.Sort(ranks, order);
        var rows = new long[limit * columns];
        var traces = new int[limit];
        var choices = new int[limit];
        for (var i = 0; i < limit; i++)
        {
            Array.Copy(Rows, order[i] * columns, rows, i * columns, columns);
            traces[i] = Traces[order[i]];
            choices[i] = Choices[order[i]];
        }

        Rows = rows;
        Traces = traces;
        Choices = choices;
        Count = limit;

        // The slots are stale now, and nothing is added to a truncated table before it is cleared.
        return true;
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
