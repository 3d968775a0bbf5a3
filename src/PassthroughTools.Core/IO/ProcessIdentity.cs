using System.Diagnostics;
using System.Globalization;

namespace PassthroughTools.IO;

/// <summary>Names a process so that a later one with the same number is not taken for it.</summary>
/// <param name="Id">Process number.</param>
/// <param name="Start">When it started, in a form that does not move with the clock.</param>
/// <param name="Machine">Name of the machine that it runs on.</param>
internal sealed record ProcessIdentity(int Id, string Start, string Machine)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } = Own();

    /// <summary>Whether the process still runs; null when it belongs to another machine, so that nobody here can tell.</summary>
    public bool? IsAlive => Machine != Current.Machine ? null : StartOf(Id) == Start;

    /// <summary>Whether any process has the number now.</summary>
    /// <param name="id">Process number.</param>
    public static bool Exists(int id) => StartOf(id) is not null;

    private static ProcessIdentity Own()
    {
        using var process = Process.GetCurrentProcess();
        return new(process.Id, StartOf(process.Id) ?? "unknown", Environment.MachineName);
    }

    private static string? StartOf(int id)
    {
        try
        {
            // Linux: start in clock ticks since boot, plus the boot itself. Process.StartTime is derived from the wall clock there and drifts.
            var stat = $"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat";
            if (File.Exists("/proc/self/stat"))
            {
                if (!File.Exists(stat)) return null;
                var text = File.ReadAllText(stat);
                var fields = text.Substring(text.LastIndexOf(')') + 2).Split(' ');
                if (fields[0] is "Z" or "X") return null;
                return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim() + ":" + fields[19];
            }

            using var process = Process.GetProcessById(id);
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException)
        {
            return null;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or UnauthorizedAccessException)
        {
            return "hidden"; // it exists, and we may not look at it
        }
    }
}
