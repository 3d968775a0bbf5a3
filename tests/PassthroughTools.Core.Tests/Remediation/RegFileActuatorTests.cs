using System.Text;
using CsCheck;
using PassthroughTools.CrashHost;
using PassthroughTools.IO;
using PassthroughTools.Journal;
using PassthroughTools.Registry;
using PassthroughTools.Remediation;
using PassthroughTools.Tests.IO;

namespace PassthroughTools.Tests.Remediation;

public sealed class RegFileActuatorTests : IDisposable
{
    private const string Key = @"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\PCI\VEN_10DF&DEV_F100\1";

    private readonly TestFolder _folder = new(inMemory: true);
    private readonly RegFileActuator _actuator = new();
    private readonly string _file;

    public RegFileActuatorTests() => _file = Export($"[{Key}]\r\n\"Value\"=dword:00000001\r\n\r\n[{Key}\\Sub]\r\n\r\n");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\"Value\"=\"text \\\"with\\\\marks\"", "hex(1):")]
    [InlineData("\"Value\"=dword:0000000a", "dword:0000000a")]
    [InlineData("\"Value\"=hex(4):01,02", "hex(4):01,02")]
    [InlineData("\"Value\"=hex:", "hex(3):")]
    [InlineData("\"Value\"=hex(b):01,00,00,00,00,00,00,00", "hex(b):01,00,00,00,00,00,00,00")]
    [InlineData("\"Value\"=hex(ffff000d):00,01", "hex(ffff000d):00,01")]
    [InlineData("\"Value\"=hex(0):", "hex(0):")]
    [InlineData("\"Value\"=hex(2):25,00,54,00,25,00,00,00", "hex(2):25,00,54,00,25,00,00,00")]
    [InlineData("\"Value\"=hex(7):61,00,00,00,00,00", "hex(7):61,00,00,00,00,00")]
    public void Any_type_is_restored_to_the_same_bytes(string line, string canonical)
    {
        var file = Export($"[{Key}]\r\n\"First\"=dword:00000000\r\n{line}\r\n\"Last\"=dword:00000000\r\n\r\n");
        var original = File.ReadAllBytes(file);
        var before = _actuator.Read(Value);
        Assert.StartsWith(canonical, before.Text, StringComparison.Ordinal);

        _actuator.Write(Value, Dword(7), before);
        Assert.Equal(Dword(7), _actuator.Read(Value));
        _actuator.Write(Value, before, Dword(7));

        Assert.Equal(original, File.ReadAllBytes(file));
    }

    [Fact]
    public void Any_data_goes_through_its_canonical_text() =>
        Gen.Select(Gen.UInt, Gen.Byte.Array[0, 200]).Sample((type, bytes) =>
        {
            var data = new RegData(type, bytes);
            _actuator.Write(Value, RegFileActuator.ValueOf(data), _actuator.Read(Value));
            Assert.Equal(data, RegDocument.Load(_file).GetValue(Key, "Value"));
        }, iter: 200, threads: 1);

    [Fact]
    public void A_value_that_is_removed_comes_back_with_its_type_and_content()
    {
        var before = _actuator.Read(Value);
        _actuator.Write(Value, SettingValue.Absent, before);
        Assert.True(_actuator.Read(Value).IsAbsent);
        _actuator.Write(Value, before, SettingValue.Absent);
        Assert.Equal(before, _actuator.Read(Value));
    }

    [Fact]
    public void A_key_that_was_created_is_removed_without_a_trace()
    {
        var original = File.ReadAllBytes(_file);
        _actuator.Write(At(Key + @"\Sub\New\"), SettingValue.Of(RegFileActuator.KeyExists), SettingValue.Absent);
        Assert.Equal(RegFileActuator.KeyExists, _actuator.Read(At(Key + @"\Sub\New\")).Text);
        _actuator.Write(At(Key + @"\Sub\New\"), SettingValue.Absent, SettingValue.Of(RegFileActuator.KeyExists));
        Assert.Equal(original, File.ReadAllBytes(_file));
    }

    [Theory]
    [InlineData("[{0}\\Sub]\r\n\"Foreign\"=\"x\"\r\n\r\n")]
    [InlineData("[{0}\\Sub]\r\n@=\"x\"\r\n\r\n")]
    [InlineData("[{0}\\Sub]\r\n\r\n[{0}\\Sub\\Foreign]\r\n\r\n")]
    public void A_key_that_is_not_empty_is_not_removed(string content)
    {
        Export(string.Format(null, content, Key));
        Refuses(JournalErrors.SettingChanged, () => _actuator.Write(At(Key + @"\Sub\"), SettingValue.Absent, SettingValue.Of(RegFileActuator.KeyExists)));
    }

    [Fact]
    public void A_value_that_is_not_as_expected_is_not_written() =>
        Refuses(JournalErrors.SettingChanged, () => _actuator.Write(Value, Dword(7), Dword(2)));

    [Fact]
    public void A_value_is_not_written_into_a_key_that_is_gone() =>
        Refuses(RemediationErrors.KeyMissing, () => _actuator.Write(At(Key + @"\Gone\Value"), Dword(7), SettingValue.Absent));

    [Fact]
    public void A_key_is_not_created_below_one_that_is_gone() =>
        Refuses(RemediationErrors.KeyMissing, () => _actuator.Write(At(Key + @"\Gone\New\"), SettingValue.Of(RegFileActuator.KeyExists), SettingValue.Absent));

    [Fact]
    public void A_file_that_changes_in_between_is_left_as_it_is_then()
    {
        var operations = new FaultyFileOperations(FileOperations.Default) { FaultAt = 1, Fault = () => Export($"[{Key}]\r\n\"Value\"=dword:00000009\r\n\r\n") };
        var exception = Assert.Throws<PassthruException>(() => new RegFileActuator(operations).Write(Value, Dword(7), Dword(1)));
        Assert.Equal(FileErrors.Changed.Id, exception.ErrorId);
        Assert.Equal(Dword(9), _actuator.Read(Value));
        Assert.Equal(["guest-pci.reg"], _folder.Names());
    }

    [Fact]
    public void What_is_no_export_does_not_read_as_absent()
    {
        _folder.Write("guest-pci.reg", "nothing of the kind");
        Refuses(RegErrors.NotReg, () => _actuator.Read(Value));
    }

    [Fact]
    public void A_value_without_a_key_is_refused() => Refuses(RegErrors.InvalidPath, () => _actuator.Read(At("Value")));

    [Fact]
    public void What_a_killed_write_left_is_removed()
    {
        _folder.Write(".passthru-000000-1-00000000.tmp", "half");
        File.SetLastWriteTimeUtc(_folder[".passthru-000000-1-00000000.tmp"], DateTime.UtcNow.AddDays(-2));
        ((ILeftoverRemover)_actuator).RemoveLeftovers(_file);
        Assert.Equal(["guest-pci.reg"], _folder.Names());
    }

    private static SettingValue Dword(uint number) => RegFileActuator.ValueOf(RegData.Dword(number));

    private SettingTarget Value => At(Key + @"\Value");

    private SettingTarget At(string key) => new() { Kind = RegFileActuator.KindName, Container = _file, Key = key };

    private string Export(string body)
    {
        var file = _folder["guest-pci.reg"];
        File.WriteAllBytes(file, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("Windows Registry Editor Version 5.00\r\n\r\n" + body)]);
        return file;
    }

    private void Refuses(ErrorDefinition error, Action action)
    {
        var before = File.ReadAllBytes(_file);
        Assert.Equal(error.Id, Assert.Throws<PassthruException>(action).ErrorId);
        Assert.Equal(before, File.ReadAllBytes(_file));
    }
}
