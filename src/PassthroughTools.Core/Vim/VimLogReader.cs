using PassthroughTools.Evidence;
using PassthroughTools.Logs;

namespace PassthroughTools.Vim;

/// <summary>Reads a host's vmkernel log through the server, keeping the events only.</summary>
internal static class VimLogReader
{
    /// <summary>As with a folder: a log that repeats one message for days must not fill the memory.</summary>
    private const int MostEvents = 250_000;

    private const string Name = EvidenceLayout.VmkernelName + ".log";

    /// <summary>Adds the log's events to a host's evidence; where it can't be read, the reason.</summary>
    /// <param name="session">Session.</param>
    /// <param name="host">Host.</param>
    /// <param name="evidence">Evidence without a log.</param>
    /// <param name="mostLines">Newest lines to read; null for all.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static HostEvidence AddLog(IVimSession session, ManagedObject host, HostEvidence evidence, int? mostLines, CancellationToken cancellation)
    {
        var others = evidence.Files.Where(file => file.Name != Name);
        var events = new Queue<PassthruLogEvent>();
        var dropped = 0L;
        try
        {
            foreach (var entry in LogReader.Read(new LineStream(session.ReadLog(host, EvidenceLayout.VmkernelName, mostLines, cancellation)), Name, LogQuery.All, null, cancellation))
            {
                events.Enqueue(entry);
                if (events.Count <= MostEvents) continue;
                events.Dequeue();
                dropped++;
            }
        }
        catch (PassthruException e)
        {
            return evidence with
            {
                Files = [.. others, new EvidenceFile(Name, EvidenceFileStatus.Unreadable, e.Message)],
                Warnings = [.. evidence.Warnings, Name + ": " + e.Message],
            };
        }

        IReadOnlyList<string> warnings = dropped == 0 ? evidence.Warnings
            : [.. evidence.Warnings, FormattableString.Invariant($"{Name}: more than {MostEvents} events; the oldest {dropped} are not taken into account.")];
        return evidence with
        {
            LogEvents = [.. events],
            Files = [.. others, new EvidenceFile(Name, mostLines is null && dropped == 0 ? EvidenceFileStatus.Read : EvidenceFileStatus.Partial, "The log in use; its rotations are not to be had through the vSphere API.")],
            Warnings = warnings,
        };
    }
}
