using System.Diagnostics;

namespace PassthroughTools.Tests.Ssh;

/// <summary>What this process has open, as the kernel counts it.</summary>
internal static class Open
{
    /// <summary>Our own and SSH.NET's threads, and sockets of ours that are connected or listening.</summary>
    public static (int Threads, int Sockets) Count() => (Threads(), Sockets());

    /// <summary>Waits for what may take a moment to end (a thread that was told to), and fails if it does not.</summary>
    public static void AssertNoneLeft((int Threads, int Sockets) before)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var now = Count();
            if (now.Threads <= before.Threads && now.Sockets <= before.Sockets) return;
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"Threads {before.Threads} -> {now.Threads}, sockets {before.Sockets} -> {now.Sockets}");
            Thread.Sleep(20);
        }
    }

    // Threads of the pool come and go as they like, so they are left out by the name that the runtime gives them.
    private static readonly string[] Pool = [".NET TP", ".NET Tiered", ".NET Timer"];

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Count(task =>
    {
        try
        {
            var name = File.ReadAllText(task + "/comm");
            return !Array.Exists(Pool, each => name.StartsWith(each, StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return false;
        }
    });

    private static int Sockets() => Directory.GetFiles("/proc/self/fd").Count(file =>
    {
        try
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true;
        }
        catch (IOException)
        {
            return false;
        }
    });
}
