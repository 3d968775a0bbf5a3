using System.Text;
using System.Text.RegularExpressions;
using PassthroughTools.Evidence;
using PassthroughTools.Text;

namespace PassthroughTools.Ssh;

/// <content>The VMs that pass a device through, or of which that can't be told.</content>
internal sealed partial class SshCollector
{
    private const long MostVmx = 4 << 20;
    private const int MostPassedOver = 100;
    private static readonly Regex PassesThrough = new(@"^\s*(pciPassthru|encryption\.data)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Multiline);
    private static readonly char[] NeverInNames = ['\\', '/', ':', '*', '?', '"', '<', '>', '|'];
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    private void TakeVMs()
    {
        using var output = new MemoryStream();
        _report(SshCommands.Inventory);
        var result = _connection.Run(SshCommands.Inventory, (buffer, count) => output.Write(buffer, 0, count), SshCommands.Inventory, _options.MaxAnswer);
        var lines = TextFile.SplitLines(Encoding.UTF8.GetString(output.ToArray()));
        if (result.ExitCode != 0 || !SshInventory.IsListing(lines))
        {
            // Without the folder the evidence has no word on VMs, which is not the same as that there are none.
            Note(result.ExitCode == 0 ? $"'{SshCommands.Inventory}' printed no listing." : Describe(SshCommands.Inventory, result));
            return;
        }

        Directory.CreateDirectory(Path.Combine(_folder, EvidenceLayout.VMFolder));
        var passedOver = new List<string>();
        foreach (var entry in SshInventory.Read(lines, passedOver)) TakeVM(entry);
        foreach (var line in passedOver.Take(MostPassedOver)) _protocol.Add(EvidenceLayout.PassedOver + line);
    }

    private void TakeVM(InventoryEntry entry)
    {
        var temporary = Path.Combine(_folder, "vmx.part");
        var vmx = entry.VmxPaths.FirstOrDefault(path => IsReadable(path, temporary));
        if (vmx is null)
        {
            // Which devices it uses is not known, so it must not be overlooked.
            var name = FormattableString.Invariant($"vm-{entry.Id}");
            Note($"VM {entry.Id}: its .vmx could not be read: {(entry.VmxPaths.Count > 0 ? entry.VmxPaths[0] : "")}");
            WriteVMJson(MakeFolder(name, entry.Id), entry with { GuestId = null }, name);
            return;
        }

        // Keys are ASCII in every encoding that a .vmx may have.
        if (!PassesThrough.IsMatch(Encoding.GetEncoding(28591).GetString(File.ReadAllBytes(temporary))))
        {
            File.Delete(temporary);
            _protocol.Add(FormattableString.Invariant($"VM {entry.Id}: passes no device through"));
            return;
        }

        var place = vmx.Substring(0, vmx.LastIndexOf('/'));
        var folder = MakeFolder(place.Substring(place.LastIndexOf('/') + 1), entry.Id);
        File.Move(temporary, Path.Combine(folder, SafeName(vmx.Substring(vmx.LastIndexOf('/') + 1), "vm.vmx")));
        _vmxPaths[Path.GetFileName(folder)] = vmx;
        WriteVMJson(folder, entry, null);
        if (_options.MaxLogSize > 0) TakeLogs(place, VMLayout.LogName, ListLogs(place, VMLayout.LogName, isNoted: true), folder);
    }

    private bool IsReadable(string path, string target)
    {
        File.Delete(target);
        if (path.Any(char.IsControl)) return false;
        return Write(target, SshCommands.Read(path), MostVmx, path).ExitCode == 0 || Discard(target);
    }

    private static bool Discard(string path)
    {
        File.Delete(path);
        return false;
    }

    private void WriteVMJson(string folder, InventoryEntry entry, string? name)
    {
        var answer = Ask(SshCommands.PowerState(entry.Id)) ?? "";
        var state = answer.IndexOf("Powered on", StringComparison.Ordinal) >= 0 ? "poweredOn"
            : answer.IndexOf("Powered off", StringComparison.Ordinal) >= 0 ? "poweredOff"
            : answer.IndexOf("uspended", StringComparison.Ordinal) >= 0 ? "suspended" : null;
        if (state is null) Note(FormattableString.Invariant($"VM {entry.Id}: its power state could not be read."));
        WriteJson(Path.Combine(folder, VMLayout.VMJsonName), writer =>
        {
            if (name is not null) writer.WriteString("name", name);
            if (state is not null) writer.WriteString("powerState", state);
            if (entry.GuestId is not null) writer.WriteString("guestId", entry.GuestId);
        });
    }

    private string MakeFolder(string name, int id)
    {
        var safe = SafeName(name, FormattableString.Invariant($"vm-{id}"));
        if (!_taken.Add(safe)) _taken.Add(safe = FormattableString.Invariant($"{safe}~{id}"));
        return Directory.CreateDirectory(Path.Combine(_folder, EvidenceLayout.VMFolder, safe)).FullName;
    }

    /// <summary>A name from the host as a name on any file system: it leads nowhere.</summary>
    private static string SafeName(string name, string fallback)
    {
        var safe = new string([.. name.Where(character => !char.IsControl(character)).Select(character => Array.IndexOf(NeverInNames, character) >= 0 ? '_' : character)]).TrimEnd(' ', '.');
        return safe.Length is 0 or > 200 ? fallback : safe;
    }
}
