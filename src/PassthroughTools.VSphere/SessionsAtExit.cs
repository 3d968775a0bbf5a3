namespace PassthroughTools.VSphere;

/// <summary>Ends the sessions that are still open when the process ends, all at once and within a few seconds.</summary>
internal static class SessionsAtExit
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);
    private static readonly HashSet<VSphereClient> Open = [];
    private static bool _isRegistered;

    public static void Add(VSphereClient client)
    {
        lock (Open)
        {
            Open.Add(client);
            if (_isRegistered) return;
            _isRegistered = true;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => CloseAll();
        }
    }

    public static void Remove(VSphereClient client)
    {
        lock (Open) Open.Remove(client);
    }

    /// <summary>Ends all sessions.</summary>
    public static void CloseAll()
    {
        VSphereClient[] left;
        lock (Open) left = [.. Open];
        Task.WaitAll([.. left.Select(client => Task.Run(() => client.Close(Limit)))], Limit);
    }
}
