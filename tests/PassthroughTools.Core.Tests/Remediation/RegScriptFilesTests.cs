using PassthroughTools.CrashHost;
using PassthroughTools.IO;
using PassthroughTools.Registry;
using PassthroughTools.Remediation;
using PassthroughTools.Tests.IO;
using PassthroughTools.Tests.Registry;

namespace PassthroughTools.Tests.Remediation;

public sealed class RegScriptFilesTests : IDisposable
{
    private readonly TestFolder _folder = new(inMemory: true);
    private readonly string _export;

    public RegScriptFilesTests()
    {
        _export = _folder["guest-pci.reg"];
        File.WriteAllBytes(_export, GuestExport.Parse(msi: "\"MSISupported\"=dword:00000001").ToBytes());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_change_and_its_inverse_are_written()
    {
        var changes = Changes();
        Prepare("fix.reg").Write(changes);
        Assert.Equal(["fix.reg", "fix.undo.reg", "guest-pci.reg"], _folder.Names());
        Assert.Equal(changes.Change.ToBytes(), File.ReadAllBytes(_folder["fix.reg"]));
        Assert.Equal(changes.Inverse.ToBytes(), File.ReadAllBytes(_folder["fix.undo.reg"]));
    }

    [Fact]
    public void An_import_of_the_change_and_of_its_inverse_leads_back()
    {
        Prepare("fix.reg").Write(Changes());
        var guest = RegDocument.Load(_export);
        guest.Apply(RegDocument.Load(_folder["fix.reg"]));
        Assert.Equal((false, 16), Settings(guest));
        guest.Apply(RegDocument.Load(_folder["fix.undo.reg"]));
        Assert.Equal((true, null), Settings(guest));
        Assert.Equal(File.ReadAllBytes(_export), guest.ToBytes());
    }

    [Theory]
    [InlineData("fix.reg")]
    [InlineData("fix.undo.reg")]
    public void A_file_that_is_there_is_refused(string existing)
    {
        _folder.Write(existing, "theirs");
        Refuses(FileErrors.Exists, () => Prepare("fix.reg"));
    }

    [Fact]
    public void A_folder_in_the_way_is_refused_even_to_overwrite()
    {
        Directory.CreateDirectory(_folder["fix.reg"]);
        Refuses(FileErrors.Exists, () => Prepare("fix.reg", overwrite: true));
    }

    [Theory]
    [InlineData("guest-pci.reg", "guest-pci.reg")]
    [InlineData("GUEST-PCI.reg", "guest-pci.reg")]
    [InlineData("fix.reg", "fix.undo.reg")]
    public void The_export_is_never_overwritten(string destination, string export) =>
        Refuses(RemediationErrors.DestinationIsExport, () => RegScriptFiles.Prepare(_folder[destination], _folder[export], overwrite: true));

    [Fact]
    public void A_missing_folder_is_named() => Refuses(InputErrors.NotFound, () => Prepare(Path.Combine("none", "fix.reg")));

    [Fact]
    public void A_file_that_changed_since_it_was_looked_at_is_left()
    {
        _folder.Write("fix.reg", "old");
        _folder.Write("fix.undo.reg", "old undo");
        var files = Prepare("fix.reg", overwrite: true);
        _folder.Write("fix.reg", "theirs");
        Refuses(FileErrors.Changed, () => files.Write(Changes()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_full_disk_at_any_operation_leaves_both_files_as_they_were_or_both_new(bool overwrite)
    {
        if (overwrite)
        {
            _folder.Write("fix.reg", "old");
            _folder.Write("fix.undo.reg", "old undo");
        }

        var before = _folder.Snapshot();
        var counter = new FaultyFileOperations(FileOperations.Default);
        Prepare("fix.reg", overwrite).Write(Changes(), counter);
        var after = _folder.Snapshot();
        var renames = 0;
        for (var n = 1; n <= counter.Count; n++)
        {
            _folder.Restore(before);
            var operations = new FaultyFileOperations(FileOperations.Default) { FaultAt = n, Fault = () => throw new IOException("full", 28) };
            var exception = Assert.Throws<PassthruException>(() => Prepare("fix.reg", overwrite).Write(Changes(), operations));
            Assert.Equal(FileErrors.DiskFull.Id, exception.ErrorId);
            renames = operations.Log.Count(entry => entry.StartsWith("replace", StringComparison.Ordinal) || entry.StartsWith("move", StringComparison.Ordinal));

            // Only a flush of the folder can fail once a name is in place; the file is there then, whole.
            var isFlush = operations.Log[n - 1].StartsWith("syncdir", StringComparison.Ordinal);
            if (!isFlush) Assert.Equal(before, _folder.Snapshot());
            else Assert.All(_folder.Snapshot(), file => Assert.True(Same(before, file) || Same(after, file), file.Key));
        }

        Assert.True(renames > 0);
    }

    private static bool Same(Dictionary<string, byte[]> snapshot, KeyValuePair<string, byte[]> file) =>
        snapshot.TryGetValue(file.Key, out var content) && content.AsSpan().SequenceEqual(file.Value);

    private static (bool?, int?) Settings(RegDocument guest)
    {
        var setting = Assert.Single(GuestMsiReader.Read(guest));
        return (setting.MsiSupported, setting.MessageNumberLimit);
    }

    private GuestMsiChangeSet Changes()
    {
        var export = GuestMsiExport.Open(_export);
        var problems = new List<PassthruException>();
        var plans = export.Plan(export.Settings, new GuestMsiChange { InstanceId = "", MsiSupported = false, MessageNumberLimit = 16 }, problems);
        Assert.Empty(problems);
        return export.Combine([.. plans.SelectMany(plan => plan.Steps)]);
    }

    private RegScriptFiles Prepare(string destination, bool overwrite = false) => RegScriptFiles.Prepare(_folder[destination], _export, overwrite);

    private void Refuses(ErrorDefinition error, Action action)
    {
        var before = _folder.Snapshot();
        Assert.Equal(error.Id, Assert.Throws<PassthruException>(action).ErrorId);
        Assert.Equal(before, _folder.Snapshot());
    }
}
