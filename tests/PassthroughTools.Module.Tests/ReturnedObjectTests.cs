namespace PassthroughTools.Tests;

/// <summary>What came back from a job, remoting or a file has properties and no methods; it is looked at all the same.</summary>
public sealed class ReturnedObjectTests(ModuleSession session) : IClassFixture<ModuleSession>
{
    private const string Outage = "samples/lpe12000-outage";

    [Theory]
    [InlineData("Test-HostVectorBudget " + Outage, "HostVectors Exceeds", "112 too few")]
    [InlineData("New-PassthruRemediationPlan " + Outage, "esx01.example.com: Fits", "win02 0000:0c:00.1: MessageNumberLimit (absent) -> 4")]
    [InlineData("Invoke-PassthruRemediation " + Outage + " -WhatIf -PassThru", "Projected", "esx01.example.com: Fits")]
    [InlineData("Get-PassthruFinding " + Outage, "PT1009", "MessageNumberLimit")]
    [InlineData("Get-PassthruLogEvent " + Outage + "/vmkernel.log", "2012-08-07 07:57:31.269", "VectorAllocationFailed")]
    public void It_reads_as_it_did(string command, params string[] parts)
    {
        // Jobs and remoting keep one level, Export-Clixml two.
        foreach (var depth in new[] { 1, 2 })
        {
            var text = session.Render($"[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize(@({command}), {depth + 1}))", 300);
            foreach (var part in parts) Assert.Contains(part, text, StringComparison.Ordinal);
        }
    }
}
