namespace PassthroughTools.Vim;

/// <summary>
/// Where sessions say what they ask of whom, for -Verbose. It belongs to a thread, as a session's members are called on the thread of the pipeline
/// that wants to know. No secret is ever traced: requests are named, not quoted.
/// </summary>
public static class VimTrace
{
    [ThreadStatic]
    private static Action<string>? _sink;

    /// <summary>Sends what this thread's sessions say to a sink until the result is disposed of.</summary>
    /// <param name="sink">Takes a line.</param>
    public static IDisposable To(Action<string> sink)
    {
        var former = _sink;
        _sink = sink;
        return new Restore(former);
    }

    /// <summary>Says a line.</summary>
    /// <param name="line">Line.</param>
    public static void Write(string line) => _sink?.Invoke(line);

    private sealed class Restore(Action<string>? former) : IDisposable
    {
        public void Dispose() => _sink = former;
    }
}
