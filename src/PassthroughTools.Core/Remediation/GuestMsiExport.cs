using PassthroughTools.IO;
using PassthroughTools.Registry;

namespace PassthroughTools.Remediation;

/// <summary>An export of a guest's <c>Enum\PCI</c> that changes are made from. The export itself is never written.</summary>
public sealed class GuestMsiExport
{
    private readonly byte[] _bytes;

    private GuestMsiExport(string path, byte[] bytes)
    {
        (Path, _bytes) = (path, bytes);
        Document = RegDocument.Parse(bytes, path);
        Settings = GuestMsiReader.Read(Document);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its content.</summary>
    public RegDocument Document { get; }

    /// <summary>The settings of every device instance in it.</summary>
    public IReadOnlyList<GuestMsiSetting> Settings { get; }

    /// <summary>Reads an export.</summary>
    /// <param name="path">File.</param>
    /// <exception cref="PassthruException"><see cref="InputErrors"/>, or as <see cref="GuestMsiReader.Read(RegDocument, string?)"/>.</exception>
    public static GuestMsiExport Open(string path)
    {
        FileStamp.Read(path, out var bytes);
        return new GuestMsiExport(path, bytes);
    }

    /// <summary>What one device's change comes to: the values that differ, and warnings.</summary>
    /// <param name="change">Change.</param>
    /// <exception cref="PassthruException">As <see cref="GuestMsiWriter.BuildChange"/>.</exception>
    public GuestMsiChangeSet Plan(GuestMsiChange change) => GuestMsiWriter.BuildChange(Document, [change]);

    /// <summary>Puts values of several plans, all or some, into one script and its inverse.</summary>
    /// <param name="steps">Values to write.</param>
    public GuestMsiChangeSet Combine(IReadOnlyList<GuestMsiStep> steps)
    {
        var script = RegDocument.Create();
        foreach (var step in steps)
        {
            if (step.NewValue is { } value) script.SetValue(step.KeyPath, step.Name, value);
            else script.MarkValueDeleted(step.KeyPath, step.Name);
        }

        return new GuestMsiChangeSet { Steps = steps, Change = script, Inverse = script.Inverse(Document) };
    }

    /// <summary>The settings as an import of the change would leave them.</summary>
    /// <param name="changes">Change.</param>
    public IReadOnlyList<GuestMsiSetting> Project(GuestMsiChangeSet changes)
    {
        var copy = RegDocument.Parse(_bytes, Path);
        copy.Apply(changes.Change);
        return GuestMsiReader.Read(copy);
    }
}
