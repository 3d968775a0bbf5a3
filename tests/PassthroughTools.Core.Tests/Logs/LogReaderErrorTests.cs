using System.Formats.Tar;
using PassthroughTools.Logs;
using PassthroughTools.Pci;

namespace PassthroughTools.Tests.Logs;

public sealed class LogReaderErrorTests
{
    [Fact]
    public void A_missing_file_is_named() => Assert.Equal("InputNotFound", Fail("/no/such/folder/vmkernel.log").ErrorId);

    [Fact]
    public void A_folder_is_no_log()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("InputUnreadable", Fail(folder.Path).ErrorId);
    }

    [Fact]
    public void A_read_that_fails_midway_fails_after_the_events_before_it()
    {
        var found = new List<PassthruLogEvent>();
        var stream = new EndlessStream(LogLines.Bytes(LogLines.Sample(5000, 1)), 3, new IOException("the share is gone"));
        var failure = Assert.Throws<PassthruException>(() => Collect(found, stream));
        Assert.Equal("InputUnreadable", failure.ErrorId);
        Assert.Equal(3, found.Count);
    }

    [Fact]
    public void A_truncated_gzip_gives_its_events_and_a_warning()
    {
        var whole = LogLines.Gzip(LogLines.Bytes(LogLines.Sample(2000, 5, 1999)));
        var told = new List<LogDiagnostic>();
        var found = LogLines.Read(whole[..(whole.Length / 2)], onDiagnostic: told.Add);
        Assert.Equal(5, Assert.Single(found).Line);
        Assert.Equal(("LogTruncated", true), (Assert.Single(told).ErrorId, told[0].IsLoss));
    }

    [Fact]
    public void The_half_line_that_a_truncated_gzip_ends_with_is_no_message()
    {
        // Cut after "numVectors: 3" of "numVectors: 32", at the end of a stored block, the events must not say 3.
        var log = LogLines.Bytes("VMKPCIPassthru: 2500: BDF = 008:00.1 intrType = 4 numVectors: 3");
        byte[] stored = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0, (byte)log.Length, 0, (byte)~log.Length, 0xFF, .. log];
        Assert.Empty(LogLines.Read(stored));
    }

    [Fact]
    public void A_damaged_gzip_fails_after_the_events_before_the_damage()
    {
        var content = LogLines.Bytes(LogLines.Sample(20_000, 5, 19_999));
        var damaged = LogLines.Gzip(content);
        Array.Fill(damaged, (byte)0xFF, damaged.Length / 2, 100);
        var found = new List<PassthruLogEvent>();
        var failure = Assert.Throws<PassthruException>(() =>
        {
            Collect(found, new MemoryStream(damaged));
        });
        Assert.Equal("LogCorrupt", failure.ErrorId);
        Assert.Equal(5, Assert.Single(found).Line);
    }

    [Fact]
    public void Anything_behind_the_gzip_data_is_an_error() =>
        Assert.Equal("LogCorrupt", Fail([.. LogLines.Gzip("x"u8.ToArray()), .. "more"u8]).ErrorId);

    [Fact]
    public void A_program_is_no_log() => Assert.Equal("LogBinary", Fail(typeof(LogReader).Assembly.Location).ErrorId);

    [Fact]
    public void Random_bytes_are_no_log()
    {
        var noise = new byte[100_000];
        new Random(1).NextBytes(noise);
        Assert.Equal("LogBinary", Fail(noise).ErrorId);
        Assert.Equal("LogBinary", Fail(LogLines.Gzip(noise)).ErrorId);
    }

    [Fact]
    public void A_file_of_zeros_is_no_log() => Assert.Equal("LogBinary", Fail(new byte[500_000]).ErrorId);

    [Fact]
    public void A_support_bundle_is_not_mistaken_for_a_log()
    {
        var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "var/log/vmkernel.log") { DataStream = new MemoryStream(LogLines.Bytes(LogLines.Sample(500, 3))) });
        }

        var failure = Fail(LogLines.Gzip(tar.ToArray()));
        Assert.Equal("LogBinary", failure.ErrorId);
        Assert.Contains("tar", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_closed_after_reading_it_in_part()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("vmkernel.log", LogLines.Bytes(LogLines.Sample(20_000, 1)));
        _ = LogReader.Read(path, LogQuery.All, cancellationToken: TestContext.Current.CancellationToken).First();
        using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    private static void Collect(List<PassthruLogEvent> found, Stream stream)
    {
        foreach (var one in LogReader.Read(stream, "x", LogQuery.All)) found.Add(one);
    }

    private static PassthruException Fail(byte[] content) => Assert.Throws<PassthruException>(() => LogLines.Read(content));

    private static PassthruException Fail(string path) => Assert.Throws<PassthruException>(() => LogReader.Read(path, LogQuery.All).ToList());
}

public sealed class LogQueryTests
{
    private const string Log =
        """
        2012-08-07T07:57:31.269Z cpu9:739725)WARNING: IntrVector: 290: Out of interrupt vectors
        2012-08-07T07:57:32.000Z cpu9:739725)VMKPCIPassthru: 2500: BDF = 008:00.1 intrType = 4 numVectors: 32
        2012-08-07T07:57:33.000Z cpu9:739725)VMK_PCI: 617: 0000:08:00.1: allocated 25 MSIX interrupts
        2012-08-07T07:57:34.000Z cpu9:739725)VMK_PCI: 617: 0000:09:00.0: allocated 25 MSIX interrupts
        Jan  9 20:40:49 groucho vmkernel: 0:00:00:02.483 cpu3:1024)VMK_PCI: 617: 0000:0a:00.0: allocated 2 MSIX interrupts
        """;

    private static readonly DateTimeOffset s_second = new(2012, 8, 7, 7, 57, 32, TimeSpan.Zero);

    [Fact]
    public void After_and_before_include_their_moment() =>
        Assert.Equal([2, 3], Lines(new LogQuery { After = s_second, Before = s_second.AddSeconds(1) }));

    [Fact]
    public void The_zone_of_a_time_is_honoured() =>
        Assert.Equal([3, 4], Lines(new LogQuery { After = s_second.AddTicks(1).ToOffset(TimeSpan.FromHours(2)) }));

    [Fact]
    public void Undated_events_outside_a_time_range_are_reported()
    {
        var told = new List<LogDiagnostic>();
        LogLines.Read(LogLines.Bytes(Log), new LogQuery { After = s_second }, onDiagnostic: told.Add);
        Assert.Equal(("LogUndatedSkipped", false), (Assert.Single(told).ErrorId, told[0].IsLoss));
    }

    [Fact]
    public void A_known_year_dates_syslog_stamps() =>
        Assert.Equal([1, 2, 3, 4, 5], Lines(new LogQuery { Year = 2012, After = new DateTimeOffset(2012, 1, 1, 0, 0, 0, TimeSpan.Zero) }));

    [Fact]
    public void Kinds_select() => Assert.Equal([1, 2], Lines(new LogQuery { Kinds = [LogEventKind.OutOfVectors, LogEventKind.PassthruRequest] }));

    [Fact]
    public void Devices_select_whatever_their_notation() => Assert.Equal([2, 3], Lines(new LogQuery { Devices = [new PciAddress(0, 8, 0, 1)] }));

    [Fact]
    public void Exhaustion_only_selects_proofs() => Assert.Equal([1], Lines(new LogQuery { ExhaustionOnly = true }));

    [Fact]
    public void Empty_filters_do_not_restrict() => Assert.Equal([1, 2, 3, 4, 5], Lines(new LogQuery { Kinds = [], Devices = [] }));

    private static IEnumerable<long> Lines(LogQuery query) => LogLines.Read(Log, query).Select(found => found.Line);
}
