using CsCheck;
using PassthroughTools.Guests;
using PassthroughTools.Journal;
using PassthroughTools.Registry;
using PassthroughTools.Vmx;

namespace PassthroughTools.Tests.Guests;

public sealed class GuestTests
{
    private const string Device = @"PCI\VEN_10DF&DEV_F100&SUBSYS_F10010DF&REV_03\4&7540f0b5&0&00B8";
    private const string KeyPath = @"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\" + Device + @"\Device Parameters\Interrupt Management\MessageSignaledInterruptProperties";

    private static readonly SettingTarget Supported = new() { Kind = GuestRegistryActuator.KindName, Container = "guest://remoting/web01", Key = KeyPath + @"\MSISupported" };

    private static string Items(string items) => "{\"os\":\"Windows\",\"items\":[" + items + "]}";

    private static PassthruException Fails(FakeGuest guest) => Assert.Throws<PassthruException>(() => new Guest(guest).ReadSettings());

    private static string Error(string id) => "{\"error\":\"" + id + "\",\"text\":\"x\"}";

    [Fact]
    public void Whatever_a_name_holds_the_request_is_letters_digits_and_a_few_signs() => Gen.String.Sample(name =>
    {
        if (name.Any(char.IsSurrogate)) return;
        var text = new GuestRequest("state", [[name, "'; & $(calc) `n \u202e\n", null]]).Encode(0, 0, "web01");
        Assert.Matches(@"\A[A-Za-z0-9+/=|,-]+\z", text);
    });

    [Fact]
    public void A_name_that_is_no_valid_text_is_refused() =>
        Assert.Equal("GuestRequestInvalid", Assert.Throws<PassthruException>(() => new GuestRequest("state", [["\ud800"]]).Encode(0, 0, "web01")).ErrorId);

    [Fact]
    public void Noise_around_the_answer_and_broken_lines_do_no_harm()
    {
        var guest = new FakeGuest(Items("")) { Spoil = text => "WARNUNG: äöü\r\n" + string.Join("\r\n", text.Chunk(80).Select(chunk => new string(chunk))) + "\r\nFertig.\r\n" };
        Assert.Empty(new Guest(guest).ReadSettings().Settings);
    }

    [Fact]
    public void A_long_answer_comes_in_parts_where_the_output_is_limited()
    {
        var device = "{\"model\":\"VEN_10DF&DEV_F100\",\"instance\":\"4&1\",\"version\":\"2.7\",\"class\":\"SCSIAdapter\",\"present\":true,\"code\":\"0\",\"reboot\":null,\"written\":null,\"boot\":null,\"path\":null,\"support\":\"5\",\"maximum\":\"32\",\"values\":[[\"\",\"DeviceDesc\",[1,\"" + new string('x', 40000) + "\"]]]}";
        var guest = new FakeGuest(Items(device)) { Spoil = text => text[..Math.Min(text.Length, 10000)] };
        var setting = Assert.Single(new Guest(guest).ReadSettings().Settings);
        Assert.Equal((40000, "2.7", true, null, 32, GuestInterruptSupport.LineBased | GuestInterruptSupport.MsiX, "web01"),
            (setting.Device!.Length, setting.DriverVersion, setting.IsPresent, setting.RestartPending, setting.InterruptMessageMaximum, setting.InterruptSupport, setting.VM));
    }

    private static GuestMsiSetting Live(string facts, string values = "", IReadOnlyList<PassthruSlot>? slots = null)
    {
        var all = new Dictionary<string, string> { ["version"] = "null", ["class"] = "null", ["present"] = "true", ["code"] = "\"0\"", ["reboot"] = "false", ["written"] = "null", ["boot"] = "null", ["path"] = "null", ["support"] = "null", ["maximum"] = "null" };
        foreach (var fact in facts.Split(';', StringSplitOptions.RemoveEmptyEntries)) all[fact.Split('=')[0]] = fact.Split('=')[1];
        var device = "{\"model\":\"VEN_10DF&DEV_F100\",\"instance\":\"4&1\"," + string.Concat(all.Select(pair => $"\"{pair.Key}\":{pair.Value},")) + "\"values\":[" + values + "]}";
        return Assert.Single(new Guest(new FakeGuest(Items(device))) { FindSlots = () => slots }.ReadSettings().Settings);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("code=\"14\"", true)]
    [InlineData("reboot=true", true)]
    [InlineData("reboot=true;written=\"133000000000000000\";boot=\"133000000000000001\"", true)]
    [InlineData("written=\"133000000000000000\";boot=\"133000000000000001\"", false)]
    [InlineData("written=\"133000000000000000\";boot=\"133000000000000001\";reboot=null", false)]
    [InlineData("written=\"133000000000000001\";boot=\"133000000000000001\"", null)]
    [InlineData("written=\"133000000000000002\";boot=\"133000000000000001\"", null)]
    [InlineData("written=\"133000000000000000\";boot=\"133000000000000001\";code=null", null)]
    [InlineData("written=\"133000000000000000\";boot=\"133000000000000001\";present=false", null)]
    [InlineData("written=\"0\";boot=\"133000000000000001\"", null)]
    [InlineData("code=\"14\";present=false", null)]
    public void A_restart_is_pending_when_Windows_says_so_and_not_when_all_was_written_before_the_start(string facts, bool? pending) => Assert.Equal(pending, Live(facts).RestartPending);

    [Theory]
    [InlineData(true, GuestDriftStatus.InPlace)]
    [InlineData(null, GuestDriftStatus.InPlace)]
    [InlineData(false, GuestDriftStatus.DeviceMissing)]
    public void A_setting_of_a_device_that_was_taken_away_is_not_in_place_though_its_key_is_there(bool? present, GuestDriftStatus status)
    {
        var guest = new FakeGuest(Items("[4,\"AAAAAA==\"]"));
        guest.Answers.Enqueue(Items("[4,\"AAAAAA==\"]"));
        var device = Device.Split('\\');
        guest.Answers.Enqueue(Items($"{{\"model\":\"{device[1]}\",\"instance\":\"{device[2]}\",\"version\":null,\"class\":null,\"present\":{(present is { } known ? (known ? "true" : "false") : "null")},\"code\":null,\"reboot\":null,\"written\":null,\"boot\":null,\"path\":null,\"support\":null,\"maximum\":null,\"values\":[]}}"));
        var step = new PassthroughTools.Planning.RemediationStep
        {
            VM = "web01", Action = PassthroughTools.Planning.PlanAction.MsiOff, Kind = PassthroughTools.Planning.SettingKind.GuestRegistry, Container = Supported.Container, Key = Supported.Key,
            OldValue = "1", NewValue = "0", Reason = "",
        };
        Assert.Equal(status, Assert.Single(GuestDrift.Of([step], [new GuestRegistryActuator(guest)])).Status);
    }

    [Theory]
    [InlineData("[[\"\",null,[1,\"x\"]]]")]
    [InlineData("[[\"\"]]")]
    [InlineData("7")]
    public void Half_a_device_is_a_damaged_answer(string values)
    {
        var device = "{\"model\":\"VEN_10DF&DEV_F100\",\"instance\":\"4&1\",\"values\":" + values + "}";
        Assert.Equal("GuestAnswerDamaged", Fails(new FakeGuest(Items(device))).ErrorId);
    }

    [Fact]
    public void When_the_keys_were_written_is_told() =>
        Assert.Equal(new DateTimeOffset(2023, 11, 29, 4, 0, 0, TimeSpan.Zero), Live($"written=\"{new DateTimeOffset(2023, 11, 29, 4, 0, 0, TimeSpan.Zero).ToFileTime()}\"").SettingsWritten);

    [Fact]
    public void A_device_of_a_running_guest_is_in_the_slot_whose_place_it_has()
    {
        var setting = Live("path=\"PCIROOT(0)#PCI(1600)#PCI(0000)\"", slots: [new PassthruSlot { Slot = 4, VendorId = 0x10df, DeviceId = 0xf100, GuestPath = "16.0/00.0" }]);
        Assert.Equal(("16.0/00.0", 4), (setting.BusPath, setting.Slot));
    }

    [Fact]
    public void A_value_that_may_not_be_read_is_not_absent()
    {
        var setting = Live("", "[\"Device\\u0020Parameters\\\\Interrupt\\u0020Management\\\\MessageSignaledInterruptProperties\",\"MSISupported\",[-1,\"\"]]");
        Assert.Equal((null, "MSISupported"), (setting.MsiSupported, Assert.Single(setting.Unreadable)));
        Assert.Contains(setting.Warnings, warning => warning.Contains("could not be read", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(2, 2.0)]
    [InlineData(4, 10.0)]
    [InlineData(8, 4.0)]
    [InlineData(16, 8.0)]
    [InlineData(32, 16.0)]
    [InlineData(64, 32.0)]
    [InlineData(128, null)]
    [InlineData(512, null)]
    [InlineData(1024, null)]
    [InlineData(32768, null)]
    [InlineData(24, null)]
    [InlineData(0, null)]
    public void A_speed_code_that_the_sources_agree_on_is_a_speed_and_no_other(int code, double? speed)
    {
        var port = $"{{\"wwpn\":\"10:00:00:00:c9:00:00:01\",\"state\":\"2\",\"speed\":\"{code}\",\"id\":\"65536\",\"type\":\"5\",\"adapter\":\"x\"}}";
        Assert.Equal(speed, Assert.Single(new Guest(new FakeGuest(Items(port))).ReadFabric()).SpeedGbps);
    }

    [Theory]
    [InlineData("GuestAnswerTruncated", 100)]
    [InlineData("GuestAnswerTruncated", 45)]
    [InlineData("GuestNoAnswer", 0)]
    public void Half_an_answer_is_told_from_none(string id, int length) => Assert.Equal(id, Fails(new FakeGuest(Items("\"" + new string('x', 999) + "\"")) { Spoil = text => text[..length] }).ErrorId);

    [Fact]
    public void Every_cut_of_an_answer_is_noticed()
    {
        for (var length = 0; length < 140; length++)
        {
            var cut = length;
            var guest = new FakeGuest(Items("")) { Spoil = text => text[..Math.Min(cut, text.Length - 1)] };
            Assert.Contains(Fails(guest).ErrorId, (string[])["GuestAnswerTruncated", "GuestNoAnswer"]);
        }
    }

    [Fact]
    public void A_changed_letter_is_found_by_the_checksum() => Assert.Equal("GuestAnswerDamaged", Fails(new FakeGuest(Items("")) { Spoil = text => text.Replace("items", "itens") }).ErrorId);

    [Fact]
    public void An_answer_that_changes_between_its_parts_is_refused()
    {
        var guest = new FakeGuest(Items("1")) { AnswerSize = 10 };
        guest.Answers.Enqueue(Items("2"));
        Assert.Equal("GuestAnswerChanged", Fails(guest).ErrorId);
    }

    [Fact]
    public void An_answer_to_another_request_does_not_count() => Assert.Equal("GuestNoAnswer", Fails(new FakeGuest(Items("")) { Spoil = _ => "PTG1:00112233445566778899aabbccddeeff:2:0:2:x:{}:00112233445566778899aabbccddeeff:END" }).ErrorId);

    [Theory]
    [InlineData("GuestExecutionPolicy", "Die Datei kann nicht geladen werden ... about_Execution_Policies")]
    [InlineData("GuestConstrainedLanguage", "+ FullyQualifiedErrorId : ScriptsNotAllowed")]
    [InlineData("GuestConstrainedLanguage", "+ FullyQualifiedErrorId : ScriptBlockNotSupportedInDataSection")]
    [InlineData("GuestNoAnswer", "'powershell' is not recognized")]
    public void What_a_guest_says_instead_of_running_the_script_has_a_name(string id, string output) => Assert.Equal(id, Fails(new FakeGuest("") { Spoil = _ => output }).ErrorId);

    [Theory]
    [InlineData("NotPci", "GuestPathRefused")]
    [InlineData("NoDevice", "GuestDeviceNotFound")]
    [InlineData("NoKey", "GuestKeyMissing")]
    [InlineData("NotEmpty", "GuestKeyNotEmpty")]
    [InlineData("Changed", "GuestValueChanged")]
    [InlineData("BootDisk", "GuestBootDisk")]
    [InlineData("NoRestart", "GuestRestartFailed")]
    [InlineData("NoWmi", "GuestWmiMissing")]
    [InlineData("SecurityException", "GuestNotElevated")]
    [InlineData("UnauthorizedAccessException", "GuestNotElevated")]
    [InlineData("FileNotFoundException", "GuestScriptFailed")]
    public void A_failure_in_the_guest_has_a_name(string id, string error) => Assert.Equal(error, Fails(new FakeGuest(Error(id))).ErrorId);

    [Fact]
    public void A_Linux_guest_is_not_written() =>
        Assert.Equal("GuestWrongFamily", Assert.Throws<PassthruException>(() => new Guest(new FakeGuest("") { Family = GuestFamily.Linux }).RestartGuest()).ErrorId);

    [Theory]
    [InlineData("guest://local/x/y")]
    [InlineData("guest://smoke/x")]
    [InlineData("guest://local/")]
    [InlineData("/tmp/file.reg")]
    public void A_container_that_names_no_guest_is_refused(string text) => Assert.Equal("GuestTargetUnknown", Assert.Throws<PassthruException>(() => GuestTarget.Parse(text)).ErrorId);

    [Fact]
    public void A_guest_by_any_name_comes_back_from_its_text() => Gen.String.Sample(name =>
    {
        if (name.Length == 0 || name.Any(char.IsSurrogate)) return;
        var target = new GuestTarget(GuestRoute.Tools, name);
        Assert.Equal((name, target), (GuestTarget.Parse(target.ToString()).Name, GuestTarget.Parse(target.ToString())));
    });

    [Theory]
    [InlineData(@"HKEY_LOCAL_MACHINE\SOFTWARE\x\Device Parameters\y\MSISupported")]
    [InlineData(@"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\PCI\VEN_10DF&DEV_F100\4&1\Device Parameters\MSISupported")]
    [InlineData(@"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\PCI\VEN_10DF&DEV_F100\4&1\Device Parameters\Interrupt Management\MessageSignaledInterruptProperties\Other")]
    [InlineData(@"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\PCI\VEN_10DF&DEV_F100\..\Device Parameters\Interrupt Management\MessageSignaledInterruptProperties\MSISupported")]
    public void What_is_no_interrupt_setting_below_Enum_PCI_does_not_even_reach_the_guest(string key)
    {
        var guest = new FakeGuest(Items("null"));
        Assert.Equal("GuestPathRefused", Assert.Throws<PassthruException>(() => new GuestRegistryActuator(guest).Read(Supported with { Key = key })).ErrorId);
        Assert.Empty(guest.Requests);
    }

    [Fact]
    public void A_value_is_compared_and_written_by_one_request()
    {
        var guest = new FakeGuest(Items("[4,\"AAAAAA==\"]"));
        new GuestRegistryActuator(guest).Write(Supported, SettingValue.Of("dword:00000000"), SettingValue.Of("hex(1):31,00,00,00"));
        Assert.Single(guest.Requests);
        Assert.Equal([Device, @"Device Parameters\Interrupt Management\MessageSignaledInterruptProperties", "MSISupported", "4", "AAAAAA==", "1", "MQAAAA==", "[1,\"1\"]"], guest.Item(0));
    }

    [Theory]
    [InlineData("[-2,\"\"]")]
    [InlineData("[4,\"AAA=\"]")]
    public void A_type_that_could_not_be_put_back_is_not_changed(string value) =>
        Assert.Equal("GuestValueTypeUnsupported", Assert.Throws<PassthruException>(() => new GuestRegistryActuator(new FakeGuest(Items(value))).Read(Supported)).ErrorId);

    [Theory]
    [InlineData("[4,\"AQAAAA==\"]", "dword:00000001")]
    [InlineData("[1,\"1\"]", "hex(1):31,00,00,00")]
    [InlineData("[7,\"a\\u0000b\"]", "hex(7):61,00,00,00,62,00,00,00,00,00")]
    [InlineData("[3,\"AQ==\"]", "hex(3):01")]
    [InlineData("null", null)]
    public void The_type_of_a_value_is_kept(string value, string? text)
    {
        var read = new GuestRegistryActuator(new FakeGuest(Items(value))).Read(Supported);
        Assert.Equal(text, read.Text);
        if (text is not null) Assert.Equal(value, GuestValues.Write(PassthroughTools.Remediation.RegFileActuator.DataOf(text)));
    }

    [Fact]
    public void Someone_elses_change_is_named_and_left()
    {
        var guest = new FakeGuest(Items("[4,\"AgAAAA==\"]"));
        guest.Answers.Enqueue(Error("Changed"));
        var error = Assert.Throws<PassthruException>(() => new GuestRegistryActuator(guest).Write(Supported, SettingValue.Of("dword:00000000"), SettingValue.Absent));
        Assert.Equal("SettingChanged", error.ErrorId);
    }

    [Fact]
    public void A_write_whose_answer_was_lost_counts_when_the_value_is_there()
    {
        var number = 0;
        var guest = new FakeGuest(Items("[4,\"AAAAAA==\"]")) { Spoil = text => number++ == 0 ? text[..50] : text };
        new GuestRegistryActuator(guest).Write(Supported, SettingValue.Of("dword:00000000"), SettingValue.Absent);
        Assert.Equal(["write", "state"], guest.Requests.Select(request => request[1]));
    }

    [Fact]
    public void Encoded_as_PowerShell_takes_it_a_script_leaves_room_on_a_command_line_however_much_is_asked_for()
    {
        const int CommandLine = 8191; // of cmd.exe
        const int RestOfLine = 600;
        var items = string.Join("|", Enumerable.Repeat(new string('A', 700), 40));
        Assert.All(
            ((string[])["read", "write", "state", "restart", "fabric"]).SelectMany(operation => GuestScripts.Pack(operation, "00|" + operation + "|0|0|" + items, new string('0', 32), 2800)),
            stage => Assert.InRange(Convert.ToBase64String(System.Text.Encoding.Unicode.GetBytes(stage)).Length, 1, CommandLine - RestOfLine));
    }

    [Fact]
    public void A_packed_script_that_is_still_too_long_is_sent_in_stages()
    {
        foreach (var operation in (string[])["read", "write", "state", "restart", "fabric"])
        {
            var stages = GuestScripts.Pack(operation, new string('A', 500), "00", 2800);
            Assert.All(stages, stage => Assert.InRange(stage.Length, 1, 2800));
            Assert.InRange(stages.Count, 1, 2);
        }
    }

    [Fact]
    public void Ports_of_a_Windows_guest_are_logged_in_where_the_fabric_gave_an_address()
    {
        static string Port(int n, int state, int id, int type, int speed) => $"{{\"wwpn\":\"10:00:00:00:c9:00:00:0{n}\",\"state\":\"{state}\",\"speed\":\"{speed}\",\"id\":\"{id}\",\"type\":\"{type}\",\"adapter\":\"x\"}}";
        var ports = new Guest(new FakeGuest(Items(Port(1, 2, 65536, 5, 16) + "," + Port(2, 6, 0, 1, 0) + "," + Port(3, 2, 0, 1, 8) + "," + Port(4, 2, 1, 20, 8)))).ReadFabric();
        Assert.Equal([("Online", 8.0, true), ("Linkdown", null, false), ("Online", 4.0, false), ("Online", 4.0, false)], ports.Select(port => (port.State, port.SpeedGbps, port.IsLoggedIn)));
        var test = GuestFabricTest.Of("web01", [ports[1]], [ports[0], ports[1]]);
        Assert.Equal(["10:00:00:00:c9:00:00:01"], test.LoggedOut);
        Assert.Equal("GuestFabricLoginLost", test.LostAfter("esx01", "run")!.ErrorId);
        Assert.Contains("Undo-PassthruRemediation -RunId run", test.LostAfter("esx01", "run")!.Advice);
        Assert.True(GuestFabricTest.Of("web01", [ports[0]]).IsLoggedIn);
    }
}
