using System.IO.Compression;
using System.Text;

namespace PassthroughTools.Tests;

/// <summary>Get-PassthruLogEvent as a user meets it.</summary>
public sealed class GetPassthruLogEventTests : IClassFixture<ModuleSession>, IDisposable
{
    private const string Case =
        """
        2012-08-07T07:57:31.269Z cpu9:739725)WARNING: IntrVector: 290: Out of interrupt vectors
        2012-08-07T07:57:31.269Z cpu9:739725)MSI: 570: Couldn't allocate a vector number 16 for device 000:008:00.0
        2012-08-07T07:57:31.269Z cpu9:739725)VMKPCIPassthru: 2454: Failed to allocate 32 MSIX vectors
        2012-08-07T07:57:49.787Z cpu12:739725)VMKPCIPassthru: 2500: BDF = 008:00.1 intrType = 4 numVectors: 32
        2012-08-07T07:57:49.787Z cpu12:739725)WARNING: IntrVector: 290: Out of interrupt vectors

        """;

    private readonly ModuleSession _session;
    private readonly string _folder = Directory.CreateTempSubdirectory("passthru-logs-").FullName;

    public GetPassthruLogEventTests(ModuleSession session) => _session = session;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_log_is_read_by_path()
    {
        var result = _session.Run("Get-PassthruLogEvent $args[0]", Write("vmkernel.log", Case)).ThrowIfFailed();
        Assert.Equal(
            ["OutOfVectors", "VectorAllocationFailed", "PassthruAllocationFailed", "PassthruRequest", "OutOfVectors"],
            result.Output.Select(found => found.Get<string>("Kind")));
        Assert.Equal("0000:08:00.0", result.Output[1].Get<string>("Device"));
        Assert.Equal(2L, result.Output[1]["Line"]);
        Assert.Equal(Path.Combine(_folder, "vmkernel.log"), result.Output[1]["File"]);
        Assert.Equal(true, result.Output[1]["IsExhaustion"]);
        Assert.Equal(32, result.Output[3]["Vectors"]);
    }

    [Fact]
    public void A_folder_is_searched_and_rotations_are_read_in_order()
    {
        Write("vms/db/vmware.log", "2019-02-27T23:26:40.824Z| vmx| I125: PCIPassthru: total number of pages needed (9) exceeds limit (1), failing\n");
        Write("vmkernel.log", Case);
        WriteGzip("vmkernel.0.gz", Case);
        WriteGzip("vmkernel.1.gz", Case);
        Write("notes.txt", Case);
        var files = _session.Run("Get-PassthruLogEvent -Path $args[0]", _folder).ThrowIfFailed().Output.Select(found => Path.GetFileName(found.Get<string>("File")));
        Assert.Equal(["vmkernel.1.gz", "vmkernel.0.gz", "vmkernel.log", "vmware.log"], files.Distinct());
    }

    [Fact]
    public void Wildcards_are_resolved()
    {
        Write("vmkernel.log", Case);
        Write("vmkernel.1", Case);
        Assert.Equal(10, _session.Run("Get-PassthruLogEvent -Path $args[0]", Path.Combine(_folder, "vmk*")).ThrowIfFailed().Output.Count);
    }

    [Fact]
    public void A_literal_path_may_hold_brackets()
    {
        var path = Write("[old] vmkernel.log", Case);
        Assert.Equal(5, _session.Run("Get-PassthruLogEvent -LiteralPath $args[0]", path).ThrowIfFailed().Output.Count);
    }

    [Theory]
    [InlineData("$ExecutionContext.InvokeProvider.Item.Get($args[0]) | Get-PassthruLogEvent")] // as Get-Item and Get-ChildItem give it
    [InlineData("[System.IO.FileInfo]$args[0] | Get-PassthruLogEvent")]
    [InlineData("[pscustomobject]@{ Path = $args[0] } | Get-PassthruLogEvent")]
    public void A_file_object_is_read_as_a_file(string script)
    {
        var result = _session.Run(script, Write("vmkernel.log", Case)).ThrowIfFailed();
        Assert.Equal(5, result.Output.Count);
        Assert.Equal(Path.Combine(_folder, "vmkernel.log"), result.Output[0]["File"]);
    }

    [Fact]
    public void Lines_are_read_from_the_pipeline()
    {
        var result = _session.Run("$args[0] | Get-PassthruLogEvent", (object)Case.Split('\n')).ThrowIfFailed();
        Assert.Equal([1L, 2L, 3L, 4L, 5L], result.Output.Select(found => (long)found["Line"]!));
        Assert.Null(result.Output[0]["File"]);
    }

    [Fact]
    public void Lines_that_remember_their_file_are_still_lines()
    {
        // Get-Content attaches PSPath to every line, which must not be taken for a path to read.
        var script = "foreach ($line in $args[1]) { $line | ForEach-Object { $o = [psobject]$_; $o.psobject.Properties.Add([psnoteproperty]::new('PSPath', $args[0])); $o } }";
        var path = Write("vmkernel.log", Case);
        var result = _session.Run($"& {{ {script} }} $args[0] $args[1] | Get-PassthruLogEvent", path, Case.Split('\n')).ThrowIfFailed();
        Assert.Equal(5, result.Output.Count);
    }

    [Fact]
    public void A_text_of_many_lines_is_split() =>
        Assert.Equal(5, _session.Run("$args[0] | Get-PassthruLogEvent", Case).ThrowIfFailed().Output.Count);

    [Theory]
    [InlineData("-Kind PassthruRequest, VectorAllocationFailed", new[] { 2L, 4L })]
    [InlineData("-Device 0000:08:00.1", new[] { 4L })]
    [InlineData("-Device 008:00.1, 0000:08:00.0", new[] { 2L, 4L })]
    [InlineData("-ExhaustionOnly", new[] { 1L, 2L, 3L, 5L })]
    [InlineData("-After 2012-08-07T07:57:40Z", new[] { 4L, 5L })]
    [InlineData("-Before 2012-08-07T07:57:40Z", new[] { 1L, 2L, 3L })]
    [InlineData("-Kind OutOfVectors -After 2012-08-07T07:57:40Z", new[] { 5L })]
    public void Filters_select(string filter, long[] lines)
    {
        var result = _session.Run("Get-PassthruLogEvent $args[0] " + filter, Write("vmkernel.log", Case)).ThrowIfFailed();
        Assert.Equal(lines, result.Output.Select(found => (long)found["Line"]!));
    }

    [Fact]
    public void One_bad_file_is_one_error_and_the_rest_come_through()
    {
        var good = Write("vmkernel.log", Case);
        var truncated = Path.Combine(_folder, "vmkernel.0.gz");
        WriteGzip("vmkernel.0.gz", Case);
        File.WriteAllBytes(truncated, File.ReadAllBytes(truncated)[..^12]);
        File.WriteAllBytes(Path.Combine(_folder, "vmkernel.1"), new byte[5000]);
        var result = _session.Run("Get-PassthruLogEvent $args[0], /no/such/vmkernel.log, $args[1]", _folder, good);
        Assert.Equal(["InputNotFound", "LogBinary", "LogTruncated"], result.ErrorIds.Order());
        Assert.True(result.Output.Count >= 10);
        Assert.Null(result.Terminating);
    }

    [Fact]
    public void A_folder_without_logs_is_an_error() =>
        Assert.Equal(["LogNotFound"], _session.Run("Get-PassthruLogEvent $args[0]", _folder).ErrorIds);

    [Fact]
    public void A_device_that_is_no_address_is_refused() =>
        Assert.Equal(["LogDeviceInvalid"], _session.Run("Get-PassthruLogEvent $args[0] -Device 08.0", Write("vmkernel.log", Case)).ErrorIds);

    [Fact]
    public void Undated_events_outside_a_time_range_are_a_warning()
    {
        const string Line = "Jan  9 20:40:49 groucho vmkernel: 0:00:00:02.483 cpu1:1024)WARNING: IntrVector: 290: Out of interrupt vectors";
        Assert.Single(_session.Run("$args[0] | Get-PassthruLogEvent -After 2000-01-01", Line).ThrowIfFailed().Warnings);
        Assert.Single(_session.Run("$args[0] | Get-PassthruLogEvent -After 2000-01-01 -Year 2010", Line).ThrowIfFailed().Output);
    }

    [Fact]
    public void Events_read_well_in_100_columns()
    {
        var text = _session.Render("Get-PassthruLogEvent $args[0]", 100, Write("vmkernel.log", Case));
        var lines = text.Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 100, line));
        Assert.Contains(lines, line => line.StartsWith("! 2012-08-07 07:57:31.269Z", StringComparison.Ordinal) && line.EndsWith("vmkernel.log:2", StringComparison.Ordinal));
        Assert.Contains("16 of its vectors were granted", text.Replace("\n    ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Events_break_between_words_in_80_columns()
    {
        var lines = _session.Render("Get-PassthruLogEvent $args[0]", 80, Write("vmkernel.log", Case)).Split('\n');
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
        Assert.Contains("16 of its vectors were granted", string.Join(' ', lines.Select(line => line.Trim())), StringComparison.Ordinal);
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    private void WriteGzip(string name, string content)
    {
        using var gzip = new GZipStream(File.Create(Path.Combine(_folder, name)), CompressionLevel.Optimal);
        gzip.Write(Encoding.UTF8.GetBytes(content));
    }
}
