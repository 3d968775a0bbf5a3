using PassthroughTools.CrashHost;
using PassthroughTools.Evidence;
using PassthroughTools.IO;
using PassthroughTools.Journal;
using PassthroughTools.Remediation;
using PassthroughTools.Tests.IO;
using PassthroughTools.Vmx;

namespace PassthroughTools.Tests.Remediation;

public sealed class VmxFileEditorTests : IDisposable
{
    private const string Text = "displayName = \"db\"\npciPassthru0.id = \"00000:008:00.0\"\npciPassthru0.present = \"TRUE\"\n";

    private readonly TestFolder _folder = new();
    private readonly string _file;

    public VmxFileEditorTests() => _file = _folder.Write("db.vmx", Text);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_edit_reaches_the_file()
    {
        Assert.True(VmxFileEditor.Edit(_file, SetIoApic));
        Assert.Equal(Text + "pciPassthru0.msiEnabled = \"FALSE\"\n", File.ReadAllText(_file));
        Assert.Equal(["db.vmx"], _folder.Names());
    }

    [Fact]
    public void An_edit_that_changes_nothing_writes_nothing_even_where_the_VM_is_on()
    {
        _folder.Write("vm.json", "{ \"powerState\": \"poweredOn\" }");
        var operations = new FaultyFileOperations(FileOperations.Default);
        Assert.False(VmxFileEditor.Edit(_file, document => document.Set("pciPassthru0.present", "TRUE"), operations));
        Assert.Empty(operations.Log);
    }

    [Fact]
    public void A_VM_with_a_lock_file_is_refused()
    {
        _folder.Write("db.vmx.lck", "");
        Refuses(RemediationErrors.VMLocked);
    }

    [Fact]
    public void A_VM_with_a_lock_folder_is_refused()
    {
        Directory.CreateDirectory(_folder["db.vmx.lck"]);
        Refuses(RemediationErrors.VMLocked);
    }

    [Fact]
    public void A_VM_with_a_lock_of_NFS_beside_it_is_refused()
    {
        _folder.Write(".lck-3b00000000000000", "");
        Refuses(RemediationErrors.VMLocked);
    }

    [Fact]
    public void Another_files_lock_is_none()
    {
        _folder.Write("db.vmdk.lck", "");
        Assert.True(VmxFileEditor.Edit(_file, SetIoApic));
    }

    [Theory]
    [InlineData("poweredOn", "VMPoweredOn")]
    [InlineData("suspended", "VMSuspended")]
    [InlineData("asleep", "EvidenceJsonInvalid")]
    public void A_VM_that_is_not_known_to_be_off_is_refused(string state, string error)
    {
        _folder.Write("vm.json", $"{{ \"powerState\": \"{state}\" }}");
        Assert.Equal(error, Assert.Throws<PassthruException>(() => VmxFileEditor.Edit(_file, SetIoApic)).ErrorId);
        Assert.Equal(Text, File.ReadAllText(_file));
    }

    [Fact]
    public void A_VM_that_is_off_is_edited()
    {
        _folder.Write("vm.json", "{ \"powerState\": \"poweredOff\" }");
        Assert.True(VmxFileEditor.Edit(_file, SetIoApic));
    }

    [Fact]
    public void A_lock_that_appears_while_the_user_is_asked_is_seen()
    {
        var editor = VmxFileEditor.Open(_file);
        SetIoApic(editor.Document);
        _folder.Write("db.vmx.lck", "");
        Assert.Equal(RemediationErrors.VMLocked.Id, Assert.Throws<PassthruException>(() => editor.Save()).ErrorId);
    }

    [Fact]
    public void A_file_that_changed_since_it_was_read_is_left()
    {
        var editor = VmxFileEditor.Open(_file);
        SetIoApic(editor.Document);
        _folder.Write("db.vmx", Text + "memSize = \"1\"\n");
        Assert.Equal(FileErrors.Changed.Id, Assert.Throws<PassthruException>(() => editor.Save()).ErrorId);
        Assert.Equal(Text + "memSize = \"1\"\n", File.ReadAllText(_file));
    }

    [Theory]
    [InlineData("encryption.data = \"x\"\n")]
    [InlineData("encryption.keySafe = \"x\"\npciPassthru0.id = \"00000:008:00.0\"\n")]
    public void An_encrypted_file_is_refused_and_its_keys_are_not_taken_for_absent(string text)
    {
        _folder.Write("db.vmx", text);
        Refuses(VmxErrors.Encrypted);
        Assert.Equal(VmxErrors.Encrypted.Id, Assert.Throws<PassthruException>(() => new VmxFileActuator().Read(Target)).ErrorId);
    }

    [Fact]
    public void A_file_that_lost_its_content_is_refused()
    {
        _folder.Write("db.vmx", "");
        Refuses(VmxErrors.NotVmx);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var exception = Assert.Throws<PassthruException>(() => VmxFileEditor.Open(_folder["none.vmx"]));
        Assert.Equal(InputErrors.NotFound.Id, exception.ErrorId);
    }

    [Fact]
    public void Permissions_are_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions");
#pragma warning disable CA1416 // skipped on Windows
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead;
        File.SetUnixFileMode(_file, Mode);
        VmxFileEditor.Edit(_file, SetIoApic);
        Assert.Equal(Mode, File.GetUnixFileMode(_file));
#pragma warning restore CA1416
    }

    [Fact]
    public void The_only_vmx_of_a_folder_is_found_and_a_vmxf_is_none()
    {
        _folder.Write("db.vmxf", "");
        Directory.CreateDirectory(_folder["folder.vmx"]);
        Assert.Equal(_file, VmxFileEditor.Locate(_folder.Path));
        Assert.Equal(_file, VmxFileEditor.Locate(_file));
    }

    [Fact]
    public void A_folder_with_two_vmx_files_is_ambiguous()
    {
        _folder.Write("other.vmx", Text);
        Assert.Equal(RemediationErrors.VmxAmbiguous.Id, Assert.Throws<PassthruException>(() => VmxFileEditor.Locate(_folder.Path)).ErrorId);
    }

    [Fact]
    public void A_folder_without_a_vmx_is_named()
    {
        File.Delete(_file);
        Assert.Equal(RemediationErrors.VmxMissing.Id, Assert.Throws<PassthruException>(() => VmxFileEditor.Locate(_folder.Path)).ErrorId);
    }

    [Theory]
    [InlineData("pciPassthru0.pfId = \"00000:024:00.0\"\n", false)]
    [InlineData("pciPassthru0.vgpu = \"grid\"\n", false)]
    [InlineData("pciPassthru0.allowedDevices = \"0x10de:0x20b5\"\n", true)]
    [InlineData("pciPassthru0.id = \"00000:024:00.0\"\n", true)]
    public void Only_whole_functions_can_be_set(string text, bool isSettable)
    {
        _folder.Write("db.vmx", text);
        var editor = VmxFileEditor.Open(_file);
        var slot = Assert.Single(editor.Document.Slots);
        if (isSettable) editor.RequireSettable(slot);
        else Assert.Equal(RemediationErrors.SlotNotSettable.Id, Assert.Throws<PassthruException>(() => editor.RequireSettable(slot)).ErrorId);
    }

    [Fact]
    public void The_actuator_refuses_a_value_that_is_not_as_expected()
    {
        var exception = Assert.Throws<PassthruException>(() => new VmxFileActuator().Write(Target, SettingValue.Of("FALSE"), SettingValue.Of("TRUE")));
        Assert.Equal(JournalErrors.SettingChanged.Id, exception.ErrorId);
        Assert.Equal(Text, File.ReadAllText(_file));
    }

    [Fact]
    public void The_actuator_removes_what_a_killed_write_left()
    {
        _folder.Write(".passthru-000000-1-00000000.tmp", "half");
        File.SetLastWriteTimeUtc(_folder[".passthru-000000-1-00000000.tmp"], DateTime.UtcNow.AddDays(-2));
        ((ILeftoverRemover)new VmxFileActuator()).RemoveLeftovers(_file);
        Assert.Equal(["db.vmx"], _folder.Names());
    }

    private SettingTarget Target => new() { Kind = VmxFileActuator.KindName, Container = _file, Key = "pciPassthru0.msiEnabled" };

    private static void SetIoApic(VmxDocument document) => document.SetMsiMode(0, PassthruMsiMode.IoApic);

    private void Refuses(ErrorDefinition error)
    {
        var before = _folder.Snapshot();
        Assert.Equal(error.Id, Assert.Throws<PassthruException>(() => VmxFileEditor.Edit(_file, SetIoApic)).ErrorId);
        Assert.Equal(before, _folder.Snapshot());
    }
}
