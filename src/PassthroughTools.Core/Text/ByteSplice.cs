namespace PassthroughTools.Text;

/// <summary>
/// The one difference between two versions of a file: at <see cref="Offset"/> these bytes became those. A journal that keeps it can undo an
/// edit to the same bytes, which setting the old value again can't promise (position, quoting and spacing of a removed line are not in its value).
/// </summary>
/// <param name="Offset">First byte that differs.</param>
/// <param name="Removed">Bytes of the earlier version.</param>
/// <param name="Inserted">Bytes of the later version.</param>
/// <param name="Length">Length of the later version.</param>
public sealed record ByteSplice(int Offset, IReadOnlyList<byte> Removed, IReadOnlyList<byte> Inserted, int Length)
{
    /// <summary>Finds the difference; null when the versions are equal.</summary>
    /// <param name="before">Earlier version.</param>
    /// <param name="after">Later version.</param>
    public static ByteSplice? Between(byte[] before, byte[] after)
    {
        var shorter = Math.Min(before.Length, after.Length);
        var start = 0;
        while (start < shorter && before[start] == after[start]) start++;
        if (start == before.Length && start == after.Length) return null;
        var end = 0;
        while (end < shorter - start && before[before.Length - 1 - end] == after[after.Length - 1 - end]) end++;
        return new ByteSplice(
            start,
            new ArraySegment<byte>(before, start, before.Length - end - start).ToArray(),
            new ArraySegment<byte>(after, start, after.Length - end - start).ToArray(),
            after.Length);
    }

    /// <summary>Gives the earlier version back, if the later one is what <paramref name="current"/> holds at this place.</summary>
    /// <param name="current">Content now.</param>
    /// <returns>The earlier version; null when the file's length or the bytes at this place have changed since.</returns>
    public byte[]? Undo(byte[] current)
    {
        if (current.Length != Length || Offset < 0 || Offset + Inserted.Count > current.Length) return null;
        for (var i = 0; i < Inserted.Count; i++)
        {
            if (current[Offset + i] != Inserted[i]) return null;
        }

        return [.. current.Take(Offset), .. Removed, .. current.Skip(Offset + Inserted.Count)];
    }
}
