using System.Diagnostics;

namespace PassthroughTools.Tests;

/// <summary>Ctrl+C and SIGTERM stop what runs. The signals are real ones, sent by <c>kill</c>.</summary>
public sealed class SignalTests
{
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_stops_the_pipeline(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no kill.");
        using var process = Passthru.Start(null, "-Command", "'ready'; while ($true) { [System.Threading.Thread]::Sleep(20) }; 'not reached'");
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Send(signal, process);
        var outcome = Passthru.Finish(process);
        Assert.Equal((exitCode, "", ""), (outcome.ExitCode, outcome.Output, outcome.Error));
    }

    [Fact]
    public async Task Cleanup_runs_when_a_signal_stops_the_pipeline()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no kill.");
        using var process = Passthru.Start(null, "-Command", "try { 'ready'; while ($true) { [System.Threading.Thread]::Sleep(20) } } finally { [Console]::WriteLine('cleaned up') }");
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Send("INT", process);
        Assert.Equal((130, "cleaned up\n"), (Passthru.Finish(process) is var outcome ? outcome.ExitCode : 0, outcome.Output));
    }

    [Fact]
    public async Task A_native_command_is_stopped_with_the_pipeline()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no kill.");
        using var process = Passthru.Start(null, "-Command", "'ready'; $null = sleep 600; 'not reached'");
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Send("INT", process);
        Assert.Equal((130, ""), (Passthru.Finish(process) is var outcome ? outcome.ExitCode : 0, outcome.Output));
    }

    [Fact]
    public async Task A_second_signal_does_not_wait_for_a_pipeline_that_will_not_stop()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no kill.");
        using var process = Passthru.Start(null, "-Command", "try { 'ready'; [System.Threading.Thread]::Sleep(600000) } finally { 'x' }");
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        Send("INT", process);
        // The first is taken note of when it is handled; until then another one may count as the first.
        while (!process.WaitForExit(200)) Send("INT", process);
        Assert.Equal(130, Passthru.Finish(process).ExitCode);
    }

    private static void Send(string signal, Process process)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString()]);
        kill.WaitForExit();
    }
}
