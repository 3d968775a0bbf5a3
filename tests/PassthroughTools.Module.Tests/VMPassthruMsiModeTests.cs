namespace PassthroughTools.Tests;

/// <summary>Get- and Set-VMPassthruMsiMode as a user meets them.</summary>
public sealed class VMPassthruMsiModeTests(ModuleSession session) : IClassFixture<ModuleSession>, IDisposable
{
    private const string Two =
        """
        displayName = "db one"
        pciPassthru0.id = "00000:008:00.0"
        pciPassthru0.present = "TRUE"
        pciPassthru1.id = "00000:008:00.1"
        pciPassthru1.present = "TRUE"
        pciPassthru1.msiEnabled = "TRUE"

        """;

    private const string VirtualFunction = "pciPassthru28.pfId = \"00000:024:00.0\"\npciPassthru28.present = \"TRUE\"\n";

    private readonly WorkFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_entry_of_a_vmx_is_a_record()
    {
        var result = session.Run("Get-VMPassthruMsiMode $args[0]", Vmx(Two + VirtualFunction)).ThrowIfFailed();
        Assert.Equal([0, 1, 28], result.Output.Select(entry => (int)entry["Slot"]!));
        Assert.Equal(["Default", "Msi", "Default"], result.Output.Select(entry => entry.Get<string>("Mode")));
        Assert.Equal([null, true, null], result.Output.Select(entry => (bool?)entry["MsiEnabled"]));
        Assert.Equal(["0000:08:00.0", "0000:08:00.1", null], result.Output.Select(entry => entry["Device"]?.ToString()));
        Assert.Equal(["Passthrough", "Passthrough", "SriovVf"], result.Output.Select(entry => entry.Get<string>("Kind")));
        Assert.All(result.Output, entry => Assert.Equal("db one", entry["VM"]));
        Assert.All(result.Output, entry => Assert.Equal(_folder["db.vmx"], entry["Path"]));
        Assert.Equal("PassthroughTools.Vmx.VMPassthruMsiMode", result.Output[0].TypeName);
    }

    [Theory]
    [InlineData("Get-VMPassthruMsiMode -VM $args[0]")]
    [InlineData("Get-VMPassthruMsiMode -Path ($args[1] + '/*.vmx')")]
    [InlineData("Get-VMPassthruMsiMode -Path $args[1]")]
    [InlineData("Get-VMPassthruMsiMode -LiteralPath $args[0]")]
    [InlineData("$args[0] | Get-VMPassthruMsiMode")]
    [InlineData("$args[1] | Get-VMPassthruMsiMode")]
    [InlineData("[System.IO.FileInfo]$args[0] | Get-VMPassthruMsiMode")]
    [InlineData("$ExecutionContext.InvokeProvider.Item.Get($args[0]) | Get-VMPassthruMsiMode")] // as Get-Item gives it
    [InlineData("ConvertFrom-Vmx -Path $args[0] | Get-VMPassthruMsiMode")]
    [InlineData("(Get-VMPassthruMsiMode $args[0])[0] | Get-VMPassthruMsiMode -Slot 0, 1")]
    [InlineData("[pscustomobject]@{ VmxPath = $args[0] } | Get-VMPassthruMsiMode")]
    [InlineData("[pscustomobject]@{ Path = $args[0] } | Get-VMPassthruMsiMode")]
    public void A_VM_is_whatever_names_its_vmx(string script)
    {
        var result = session.Run(script, Vmx(Two), _folder.Path).ThrowIfFailed();
        Assert.Equal([0, 1], result.Output.Select(entry => (int)entry["Slot"]!));
    }

    [Fact]
    public void A_record_brings_its_own_slot() =>
        Assert.Equal(1, session.Run("(Get-VMPassthruMsiMode $args[0])[1] | Get-VMPassthruMsiMode", Vmx(Two)).ThrowIfFailed().Single["Slot"]);

    [Fact]
    public void The_VMs_of_the_evidence_are_read_from_their_files()
    {
        var result = session.Run("(Get-PassthruEvidence samples/lpe12000-outage).VMs | Get-VMPassthruMsiMode").ThrowIfFailed();
        Assert.Equal(8, result.Output.Count);
        Assert.All(result.Output, entry => Assert.Equal("IoApic", entry.Get<string>("Mode")));
    }

    [Theory]
    [InlineData("-Device 08:00.1", new[] { 1 })]
    [InlineData("-Device 0000:08:00.1, 0000:08:00.0", new[] { 0, 1 })]
    [InlineData("-Slot 1", new[] { 1 })]
    [InlineData("-Slot 0, 1 -Device 0000:08:00.0", new[] { 0 })]
    public void Device_and_slot_narrow(string filter, int[] slots)
    {
        var result = session.Run("Get-VMPassthruMsiMode $args[0] " + filter, Vmx(Two)).ThrowIfFailed();
        Assert.Equal(slots, result.Output.Select(entry => (int)entry["Slot"]!));
    }

    [Theory]
    [InlineData("FALSE", "IoApic", false)]
    [InlineData("perhaps", "Unknown", null)]
    public void The_value_is_shown_as_what_it_asks_for(string value, string mode, bool? isEnabled)
    {
        var result = session.Run("Get-VMPassthruMsiMode $args[0] -Slot 1", Vmx(Two.Replace("msiEnabled = \"TRUE\"", $"msiEnabled = \"{value}\"", StringComparison.Ordinal))).ThrowIfFailed();
        Assert.Equal(mode, result.Single.Get<string>("Mode"));
        Assert.Equal(isEnabled, result.Single["MsiEnabled"]);
        Assert.Equal(mode == "Unknown", result.Warnings.Count > 0);
    }

    [Fact]
    public void One_bad_VM_is_one_error_and_the_others_come_through()
    {
        var encrypted = _folder.Write("encrypted/x.vmx", "encryption.data = \"x\"\n");
        Directory.CreateDirectory(_folder["none"]);
        _folder.Write("two/a.vmx", Two);
        _folder.Write("two/b.vmx", Two);
        var result = session.Run(
            "42, $args[0], $args[1], $args[2], 'none.vmx', ('a = \"b\"' | ConvertFrom-Vmx), $args[3] | Get-VMPassthruMsiMode",
            encrypted, _folder["none"], _folder["two"], Vmx(Two));
        Assert.Equal(["VMNotRecognized", "VmxEncrypted", "VMWithoutVmx", "VMAmbiguousVmx", "InputNotFound", "VMVmxUnknown"], result.ErrorIds);
        Assert.Equal(2, result.Output.Count);
    }

    [Fact]
    public void A_slot_that_a_VM_has_not_is_an_error() =>
        Assert.Equal(["VmxSlotNotFound"], session.Run("Get-VMPassthruMsiMode $args[0] -Slot 7", Vmx(Two)).ErrorIds);

    [Fact]
    public void A_device_that_no_VM_has_is_an_error_and_one_that_some_VM_has_is_none()
    {
        var other = _folder.Write("other/o.vmx", "pciPassthru0.id = \"00000:009:00.0\"\npciPassthru0.present = \"TRUE\"\n");
        Assert.Single(session.Run("$args[0], $args[1] | Get-VMPassthruMsiMode -Device 0000:09:00.0", Vmx(Two), other).ThrowIfFailed().Output);
        Assert.Equal(["VMDeviceNotFound"], session.Run("$args[0], $args[1] | Get-VMPassthruMsiMode -Device 0000:0a:00.0", Vmx(Two), other).ErrorIds);
    }

    [Fact]
    public void A_mode_is_set_and_nothing_else_changes()
    {
        var result = session.Run("Set-VMPassthruMsiMode $args[0] -Device 0000:08:00.1 -Mode IoApic", Vmx(Two)).ThrowIfFailed();
        Assert.Empty(result.Output);
        Assert.Equal(Two.Replace("msiEnabled = \"TRUE\"", "msiEnabled = \"FALSE\"", StringComparison.Ordinal), File.ReadAllText(_folder["db.vmx"]));
        Assert.Equal(["db.vmx"], _folder.Names());
    }

    [Fact]
    public void Default_removes_the_key()
    {
        session.Run("Set-VMPassthruMsiMode $args[0] -Mode Default", Vmx(Two)).ThrowIfFailed();
        Assert.Equal(Two.Replace("pciPassthru1.msiEnabled = \"TRUE\"\n", "", StringComparison.Ordinal), File.ReadAllText(_folder["db.vmx"]));
    }

    [Fact]
    public void A_whole_VM_is_set_without_its_virtual_functions()
    {
        var result = session.Run("Set-VMPassthruMsiMode $args[0] -Mode Msi -PassThru", Vmx(Two + VirtualFunction)).ThrowIfFailed();
        Assert.Equal([0, 1], result.Output.Select(entry => (int)entry["Slot"]!));
        Assert.All(result.Output, entry => Assert.Equal("Msi", entry.Get<string>("Mode")));
        Assert.Equal(["Msi", "Msi", "Default"], session.Run("Get-VMPassthruMsiMode $args[0]", _folder["db.vmx"]).Output.Select(entry => entry.Get<string>("Mode")));
    }

    [Fact]
    public void Records_are_set_from_the_pipeline_each_by_its_slot()
    {
        var result = session.Run("(Get-VMPassthruMsiMode $args[0])[0] | Set-VMPassthruMsiMode -Mode IoApic -PassThru", Vmx(Two)).ThrowIfFailed();
        Assert.Equal(0, result.Single["Slot"]);
        Assert.Equal(["IoApic", "Msi"], session.Run("Get-VMPassthruMsiMode $args[0]", _folder["db.vmx"]).Output.Select(entry => entry.Get<string>("Mode")));
    }

    [Fact]
    public void Several_records_of_one_VM_are_set_one_after_another()
    {
        session.Run("Get-VMPassthruMsiMode $args[0] | Set-VMPassthruMsiMode -Mode IoApic", Vmx(Two)).ThrowIfFailed();
        Assert.Equal(["IoApic", "IoApic"], session.Run("Get-VMPassthruMsiMode $args[0]", _folder["db.vmx"]).Output.Select(entry => entry.Get<string>("Mode")));
    }

    [Fact]
    public void Line_based_interrupts_come_with_a_warning_and_message_signalled_ones_without()
    {
        Assert.Single(session.Run("Set-VMPassthruMsiMode $args[0] -Mode IoApic", Vmx(Two)).ThrowIfFailed().Warnings);
        Assert.Empty(session.Run("Set-VMPassthruMsiMode $args[0] -Mode IoApic", _folder["db.vmx"]).ThrowIfFailed().Warnings); // all is so already
        Assert.Empty(session.Run("Set-VMPassthruMsiMode $args[0] -Mode Msi", _folder["db.vmx"]).ThrowIfFailed().Warnings);
    }

    [Fact]
    public void Nothing_is_written_where_nothing_differs()
    {
        var path = Vmx(Two);
        _folder.Write("vm.json", "{ \"powerState\": \"poweredOn\" }");
        var before = _folder.Fingerprint();
        var result = session.Run("Set-VMPassthruMsiMode $args[0] -Slot 1 -Mode Msi -PassThru", path).ThrowIfFailed();
        Assert.Equal("Msi", result.Single.Get<string>("Mode"));
        Assert.Equal(before, _folder.Fingerprint());
    }

    [Theory]
    [InlineData("Msi")]
    [InlineData("IoApic")]
    [InlineData("Default")]
    public void WhatIf_writes_nothing_and_outputs_nothing(string mode)
    {
        var path = Vmx(Two);
        _folder.MakeReadOnly();
        var before = _folder.Fingerprint();
        Assert.Empty(session.Run("Set-VMPassthruMsiMode $args[0] -Mode $args[1] -WhatIf", path, mode).ThrowIfFailed().Output);
        Assert.Equal(before, _folder.Fingerprint());
    }

    [Theory]
    [InlineData("-WhatIf")]
    [InlineData("-WhatIf -Confirm")]
    public void WhatIf_with_PassThru_outputs_the_projection(string parameters)
    {
        var path = Vmx(Two);
        _folder.MakeReadOnly();
        var before = _folder.Fingerprint();
        var result = session.Run("Set-VMPassthruMsiMode $args[0] -Mode IoApic -PassThru " + parameters, path).ThrowIfFailed();
        Assert.Equal(["IoApic", "IoApic"], result.Output.Select(entry => entry.Get<string>("Mode")));
        Assert.Equal(before, _folder.Fingerprint());
    }

    [Fact]
    public void The_preference_of_the_caller_counts_as_WhatIf()
    {
        var path = Vmx(Two);
        var before = _folder.Fingerprint();
        Assert.Empty(session.Run("$WhatIfPreference = $true; Set-VMPassthruMsiMode $args[0] -Mode Msi", path).ThrowIfFailed().Output);
        Assert.Equal(before, _folder.Fingerprint());
    }

    [Fact]
    public void WhatIf_says_what_would_be_done_to_what()
    {
        var text = session.Render("Set-VMPassthruMsiMode $args[0] -Mode IoApic -WhatIf -WarningAction Ignore", 200, Vmx(Two));
        Assert.Contains("\"pciPassthru0.msiEnabled: (absent) -> FALSE\" on target \"db one pciPassthru0 (0000:08:00.0)\"", text, StringComparison.Ordinal);
        Assert.Contains("\"pciPassthru1.msiEnabled: TRUE -> FALSE\" on target \"db one pciPassthru1 (0000:08:00.1)\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_declined_stays_and_is_not_output()
    {
        var path = Vmx(Two);
        session.Choices.Enqueue(2); // no
        session.Choices.Enqueue(0); // yes
        var result = session.Run("Set-VMPassthruMsiMode $args[0] -Mode IoApic -Confirm -PassThru", path).ThrowIfFailed();
        Assert.Equal(1, result.Single["Slot"]);
        Assert.Equal(Two.Replace("msiEnabled = \"TRUE\"", "msiEnabled = \"FALSE\"", StringComparison.Ordinal), File.ReadAllText(path));
        Assert.Contains("pciPassthru0.msiEnabled: (absent) -> FALSE", session.Questions[^2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("db.vmx.lck", "", "VMLocked")]
    [InlineData(".lck-0001", "", "VMLocked")]
    [InlineData("vm.json", "{ \"powerState\": \"poweredOn\" }", "VMPoweredOn")]
    [InlineData("vm.json", "{ \"powerState\": \"suspended\" }", "VMSuspended")]
    [InlineData("vm.json", "{", "EvidenceJsonInvalid")]
    public void A_VM_that_is_in_use_is_refused_under_WhatIf_too(string name, string content, string error)
    {
        var path = Vmx(Two);
        _folder.Write(name, content);
        var before = _folder.Fingerprint();
        Assert.Equal([error], session.Run("Set-VMPassthruMsiMode $args[0] -Mode Msi -PassThru", path).ErrorIds);
        Assert.Equal([error], session.Run("Set-VMPassthruMsiMode $args[0] -Mode Msi -WhatIf", path).ErrorIds);
        Assert.Equal(before, _folder.Fingerprint());
    }

    [Fact]
    public void A_refused_VM_does_not_stop_the_next()
    {
        var locked = _folder.Write("locked/l.vmx", Two);
        _folder.Write("locked/l.vmx.lck", "");
        var result = session.Run("$args[0], $args[1] | Set-VMPassthruMsiMode -Mode Msi -PassThru", locked, Vmx(Two));
        Assert.Equal(["VMLocked"], result.ErrorIds);
        Assert.Equal(2, result.Output.Count);
    }

    [Theory]
    [InlineData("Set-VMPassthruMsiMode $args[0] -Slot 28 -Mode Msi")]
    [InlineData("(Get-VMPassthruMsiMode $args[0])[2] | Set-VMPassthruMsiMode -Mode Msi")]
    public void A_virtual_function_that_is_asked_for_is_refused(string script)
    {
        var path = Vmx(Two + VirtualFunction);
        var before = _folder.Fingerprint();
        Assert.Equal(["VmxSlotNotPassthrough"], session.Run(script, path).ErrorIds);
        Assert.Equal(before, _folder.Fingerprint());
    }

    [Fact]
    public void A_key_that_stands_there_twice_is_refused_and_the_file_stays()
    {
        var path = Vmx(Two + "pciPassthru1.msiEnabled = \"FALSE\"\n");
        var before = _folder.Fingerprint();
        Assert.Equal(["VmxDuplicateKey"], session.Run("Set-VMPassthruMsiMode $args[0] -Mode Msi", path).ErrorIds);
        Assert.Equal(before, _folder.Fingerprint());
    }

    [Fact]
    public void Unknown_is_no_mode_to_set() =>
        Assert.Equal(["VmxInvalidMsiMode"], session.Run("Set-VMPassthruMsiMode $args[0] -Mode Unknown", Vmx(Two)).ErrorIds);

    [Fact]
    public void A_read_only_file_is_refused()
    {
        var path = Vmx(Two);
        _folder.MakeReadOnly();
        var before = _folder.Fingerprint();
        Assert.Equal(["FileReadOnly"], session.Run("Set-VMPassthruMsiMode $args[0] -Mode Msi", path).ErrorIds);
        Assert.Equal(before, _folder.Fingerprint());
    }

    [Fact]
    public void Permissions_are_kept()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions");
#pragma warning disable CA1416 // skipped on Windows
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var path = Vmx(Two);
        File.SetUnixFileMode(path, Mode);
        session.Run("Set-VMPassthruMsiMode $args[0] -Mode Msi", path).ThrowIfFailed();
        Assert.Equal(Mode, File.GetUnixFileMode(path));
#pragma warning restore CA1416
    }

    private string Vmx(string text) => _folder.Write("db.vmx", text.ReplaceLineEndings("\n"));
}
