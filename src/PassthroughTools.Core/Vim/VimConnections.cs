namespace PassthroughTools.Vim;

/// <summary>The sessions of our own client in this process, newest last. Safe from any thread.</summary>
public static class VimConnections
{
    private static readonly object Gate = new();
    private static IVimSession[] _all = [];

    /// <summary>Open sessions, as they are now.</summary>
    public static IReadOnlyList<IVimSession> All => Volatile.Read(ref _all);

    /// <summary>Adds a session.</summary>
    /// <param name="session">Session.</param>
    public static void Add(IVimSession session)
    {
        lock (Gate) Volatile.Write(ref _all, [.. _all.Where(known => !ReferenceEquals(known, session)), session]);
    }

    /// <summary>Takes a session out; it is not closed by that.</summary>
    /// <param name="session">Session.</param>
    /// <returns>Whether it was there.</returns>
    public static bool Remove(IVimSession session)
    {
        lock (Gate)
        {
            var left = Array.FindAll(_all, known => !ReferenceEquals(known, session));
            var wasThere = left.Length < _all.Length;
            Volatile.Write(ref _all, left);
            return wasThere;
        }
    }
}
