namespace PassthroughTools.Tests;

/// <summary>Paths as they are mistyped, left empty, or given where something else is wanted.</summary>
public sealed class PathTests : IClassFixture<ModuleSession>, IDisposable
{
    private readonly ModuleSession _session;
    private readonly WorkFolder _work = new();

    public PathTests(ModuleSession session)
    {
        _session = session;
        _session.SetLocation(Repository.Root);
    }

    public void Dispose()
    {
        _session.SetLocation(Repository.Root);
        _work.Dispose();
    }

    [Theory]
    [InlineData("Get-PassthruEvidence ''")]
    [InlineData("Test-HostVectorBudget ''")]
    [InlineData("New-PassthruRemediationPlan ''")]
    [InlineData("Invoke-PassthruRemediation '' -WhatIf -PassThru")]
    [InlineData("Compare-PassthruEvidence '' .")]
    [InlineData("Find-PassthruHost '' -VM win01")]
    [InlineData("Test-HostVectorBudget . -WithVM ''")]
    [InlineData("Set-VMPassthruMsiMode '' -Mode IoApic -WhatIf", "vms/win01")]
    [InlineData("Get-VMPassthruMsiMode ''", "vms/win01")]
    public void An_empty_text_is_not_the_current_folder(string script, string folder = "")
    {
        _session.SetLocation(Path.Combine(Repository.Root, "samples", "lpe12000-outage", folder));
        var result = _session.Run(script);
        Assert.Empty(result.Output);
        Assert.Equal(["InputNotFound"], result.ErrorIds);
    }

    [Theory]
    [InlineData("Get-PassthruCollector Env:/collect.sh")]
    [InlineData("Export-PassthruEvidence samples/lpe12000-mixed Env:/copy")]
    [InlineData("Export-PassthruEvidence samples/lpe12000-mixed $args[0] -Redact -MapPath Env:/map.csv")]
    [InlineData("New-PassthruSupportBundle samples/lpe12000-mixed Env:/bundle.zip")]
    [InlineData("New-PassthruSupportBundle samples/lpe12000-mixed $args[0] -JournalPath Env:/journal")]
    [InlineData("Get-PassthruRemediation -JournalPath Env:/journal")]
    [InlineData("Get-PassthruEvidence -HostName nowhere.invalid -Destination Env:/copy")]
    public void What_is_no_place_for_a_file_is_refused(string script) =>
        Assert.Equal(["InputNotInFileSystem"], _session.Run(script, _work["copy.zip"]).ErrorIds);

    [Theory]
    [InlineData("Get-GuestMsiSetting samples/lpe12000-outage/vms/win01")]
    [InlineData("ConvertFrom-Vmx -Path samples/lpe12000-outage/vms/win01")]
    [InlineData("ConvertFrom-EsxcliPciList -LiteralPath samples/lpe12000-outage")]
    public void A_folder_is_not_a_file_that_may_not_be_read(string script) => Assert.Equal(["InputIsFolder"], _session.Run(script).ErrorIds);

    [Theory]
    [InlineData("ConvertFrom-Vmx samples/lpe12000-outage/vms/win01/win01.vmx")]
    [InlineData("ConvertFrom-VsishVectorList samples/lpe12000-outage/vsish-vectorList.txt")]
    [InlineData("'samples/lpe12000-outage/esxcli-hardware-pci-list.txt' | ConvertFrom-EsxcliPciList")]
    public void The_name_of_a_file_is_not_its_text(string script) => Assert.Equal(["InputIsPath"], _session.Run(script).ErrorIds);

    [Fact]
    public void A_script_to_a_folder_that_is_not_there_names_the_folder()
    {
        var result = _session.Run("Get-PassthruCollector $args[0]", _work["none/collect.sh"]);
        Assert.Equal(["InputNotFound"], result.ErrorIds);
        Assert.Equal(_work["none"], result.Errors[0].TargetObject);
    }

    [Fact]
    public void The_logs_of_evidence_are_those_in_its_folder() =>
        Assert.Equal(
            _session.Run("Get-PassthruLogEvent samples/lpe12000-outage").ThrowIfFailed().Output.Select(found => found["Line"]),
            _session.Run("Get-PassthruEvidence samples/lpe12000-outage | Get-PassthruLogEvent").ThrowIfFailed().Output.Select(found => found["Line"]));
}
