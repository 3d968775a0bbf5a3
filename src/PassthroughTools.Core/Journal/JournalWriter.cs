using PassthroughTools.IO;

namespace PassthroughTools.Journal;

/// <summary>Appends to a journal; each record is on the disk when <see cref="Append"/> returns.</summary>
internal sealed class JournalWriter : IDisposable
{
    private readonly IFileWriter _file;
    private string _sum;

    private JournalWriter(JournalDocument document, IFileWriter file)
    {
        Document = document;
        _file = file;
        _sum = document.LastSum;
    }

    /// <summary>The journal with all that was appended.</summary>
    public JournalDocument Document { get; }

    /// <summary>True after a failed append: the run must stop, for nothing may happen that is not written down first.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Creates a journal with its header and all prior values; the file appears whole or not at all.</summary>
    public static JournalWriter Create(string path, JournalHeader header, IReadOnlyList<PlannedStep> steps, IFileOperations operations)
    {
        using var content = new MemoryStream();
        Add(content, JournalLine.Format(JournalLine.NoSum, header.Write, out var sum));
        foreach (var step in steps) Add(content, JournalLine.Format(sum, step.Write, out sum));

        // What can't be read back exactly can't be undone: better to refuse now.
        var bytes = content.ToArray();
        var document = JournalDocument.Parse(path, bytes);
        for (var i = 0; i < steps.Count; i++)
        {
            if (document.Steps[i] != steps[i]) throw JournalErrors.ValueNotStorable.For(steps[i].Target, steps[i].Target);
        }

        AtomicFile.Create(path, bytes, ownerOnly: true, operations);
        return Open(document, operations);
    }

    /// <summary>Opens a journal to go on; an unfinished last line is cut off first.</summary>
    public static JournalWriter Open(JournalDocument document, IFileOperations operations)
    {
        try
        {
            return new(document, operations.OpenAppend(document.Path, document.ValidLength));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(e, document.Path);
        }
    }

    /// <summary>Writes a record down, durably.</summary>
    /// <param name="record">What is about to happen, or has happened.</param>
    public void Append(JournalEvent record)
    {
        var line = JournalLine.Format(_sum, record.Write, out var sum);
        IsBroken = true;
        try
        {
            _file.Write(line);
            _file.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.Translate(e, Document.Path);
        }

        IsBroken = false;
        _sum = sum;
        Document.Events.Add(record);
    }

    public void Dispose() => _file.Dispose();

    private static void Add(MemoryStream content, byte[] line) => content.Write(line, 0, line.Length);
}
