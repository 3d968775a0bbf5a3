using PassthroughTools.IO;
using PassthroughTools.Journal;
using PassthroughTools.Vmx;

namespace PassthroughTools.Remediation;

/// <summary>
/// Reads and writes keys of .vmx files. A value's canonical text is the value itself. Writing the prior value again gives the prior bytes where the
/// key was changed or added in between; a key that was removed comes back beside the keys of its device, wherever its line stood.
/// </summary>
/// <param name="operations">File operations; the real ones when null.</param>
public sealed class VmxFileActuator(IFileOperations? operations = null) : ISettingActuator, ILeftoverRemover
{
    /// <summary>Kind of setting.</summary>
    public const string KindName = "vmx-file";

    /// <inheritdoc/>
    public string Kind => KindName;

    /// <inheritdoc/>
    public SettingValue Read(SettingTarget target) => Value(VmxFileEditor.Open(target.Container).Document, target);

    /// <inheritdoc/>
    public void Write(SettingTarget target, SettingValue newValue, SettingValue expected) => VmxFileEditor.Edit(
        target.Container,
        document =>
        {
            var now = Value(document, target);
            if (now != expected) throw JournalErrors.SettingChanged.For(target, target, now, expected);
            if (newValue.Text is { } text) document.Set(target.Key, text);
            else document.Remove(target.Key);
        },
        operations);

    /// <inheritdoc/>
    public void RemoveLeftovers(string container) => AtomicFile.RemoveLeftovers(Path.GetDirectoryName(Path.GetFullPath(container))!, operations);

    private static SettingValue Value(VmxDocument document, SettingTarget target) =>
        document.Get(target.Key) is { } text ? SettingValue.Of(text) : SettingValue.Absent;
}
