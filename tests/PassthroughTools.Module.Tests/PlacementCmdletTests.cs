namespace PassthroughTools.Tests;

/// <summary>Would a VM start on a host, and would the host's pools still hold?</summary>
public sealed class PlacementCmdletTests(ModuleSession session) : IClassFixture<ModuleSession>
{
    private const string Outage = "samples/lpe12000-outage";
    private const string Mixed = "samples/lpe12000-mixed";

    [Fact]
    public void A_VM_that_is_on_already_counts_once()
    {
        var budget = session.Run($"Test-HostVectorBudget {Mixed} -WithVM win01").ThrowIfFailed().Single;
        Assert.Equal(session.Run($"Test-HostVectorBudget {Mixed}").Single.Get<string>("Verdict"), budget.Get<string>("Verdict"));
        Assert.StartsWith("On here already", budget.Get<string[]>("Reasons")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void VMs_whose_devices_are_in_use_here_never_come_out_as_fitting()
    {
        var budget = session.Run($"Test-HostVectorBudget {Mixed} -WithVM {Outage}").ThrowIfFailed().Single;
        Assert.NotEqual("Fits", budget.Get<string>("Verdict"));
        Assert.Contains(budget.Get<string[]>("Reasons"), reason => reason.Contains("in use by", StringComparison.Ordinal));
        Assert.Contains("win01", budget.Get<string[]>("Reasons")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_nowhere_is_an_error_and_no_answer()
    {
        var result = session.Run($"Test-HostVectorBudget {Mixed} -WithVM nobody");
        Assert.Equal(["VSphereObjectNotFound"], result.ErrorIds);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Each_host_gets_a_row_with_what_stands_against_it()
    {
        var rows = session.Run($"Find-PassthruHost {Mixed}, samples/esxi8-cookies -VM lin01").ThrowIfFailed().Output;
        Assert.Equal(2, rows.Count);
        Assert.Equal(true, rows[0]["IsOn"]);
        Assert.NotEqual("Fits", rows[1].Get<string>("Verdict"));
        Assert.NotEmpty(rows[1].Get<string[]>("Reasons"));
        Assert.Single(session.Run($"Find-PassthruHost {Mixed}, samples/esxi8-cookies -VM lin01 -FitOnly").ThrowIfFailed().Output);
    }
}
