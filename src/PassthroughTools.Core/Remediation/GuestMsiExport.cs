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

    /// <summary>What a live guest answered, as if it were an export.</summary>
    internal GuestMsiExport(string guest, RegDocument document, IReadOnlyList<GuestMsiSetting> settings) =>
        (Path, Document, Settings, _bytes) = (guest, document, settings, document.ToBytes());

    /// <summary>The file, or the guest's name.</summary>
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

    /// <summary>What a change of several devices comes to, device by device.</summary>
    /// <param name="settings">Devices of <see cref="Settings"/>.</param>
    /// <param name="change">The change; its instance is not looked at.</param>
    /// <param name="problems">Gets what is refused, as <see cref="GuestMsiWriter.BuildChange"/> throws it; such a device has no plan.</param>
    public IReadOnlyList<GuestMsiPlan> Plan(IEnumerable<GuestMsiSetting> settings, GuestMsiChange change, ICollection<PassthruException> problems)
    {
        var plans = new List<GuestMsiPlan>();
        foreach (var setting in settings)
        {
            try
            {
                var planned = GuestMsiWriter.BuildChange(Document, [change with { InstanceId = setting.InstanceId }]);
                plans.Add(new GuestMsiPlan(setting, planned.Steps, planned.Warnings));
            }
            catch (PassthruException e)
            {
                problems.Add(e);
                if (e.Definition == GuestMsiErrors.InvalidChange) break; // it makes no sense for any device
            }
        }

        return plans;
    }

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

/// <summary>What a change comes to on one device.</summary>
/// <param name="Setting">The device as it is.</param>
/// <param name="Steps">Values that differ; none where all is as asked for.</param>
/// <param name="Warnings">What is valid only under a condition that the export doesn't tell.</param>
public sealed record GuestMsiPlan(GuestMsiSetting Setting, IReadOnlyList<GuestMsiStep> Steps, IReadOnlyList<string> Warnings);
