using System.Text;
using CsCheck;
using PassthroughTools.Logs;
using PassthroughTools.Pci;

namespace PassthroughTools.Tests.Logs;

public sealed class LogReaderTests
{
    private static readonly Gen<string> s_line = Gen.Frequency(
        (2, Gen.Select(Gen.OneOf([.. LogLineWriter.Prefixes.Values]), Gen.OneOf([.. LogLineWriter.Messages.Values])).Select((before, said) => before.Text + said.Text)),
        (1, LogLines.OneOf([.. LogLineWriter.Decoys])),
        (1, Gen.Int[0, 100_000].Select(counter => $"TSC: {counter} cpu0:1)BootConfig: 705: x")),
        (1, Gen.Select(Gen.Int[0, 300], Gen.Char['a', 'z']).Select((count, letter) => new string(letter, count))));

    private static readonly Gen<string> s_log = Gen.Select(s_line.Array[0, 40], LogLines.OneOf("\n", "\r\n"), Gen.Bool)
        .Select((lines, end, isEnded) => string.Join(end, lines) + (isEnded ? end : ""));

    [Fact]
    public void Events_do_not_depend_on_where_blocks_end() =>
        Gen.Select(s_log, Gen.Int[1, 400], Gen.Int[16, 600], Gen.Bool, Gen.Bool).Sample((log, readLength, maxLine, isScalar, readsAhead) =>
        {
            var content = LogLines.Bytes(log);
            var small = new LogReaderSettings { ReadLength = readLength, MaxLine = maxLine, IsScalar = isScalar, ReadsAhead = readsAhead };
            List<string> told = [], expectedTold = [];
            var found = LogLines.Read(content, settings: small, onDiagnostic: one => told.Add(one.ToString()));
            var whole = new LogReaderSettings { MaxLine = maxLine, ReadsAhead = false };
            var expected = LogLines.Read(content, settings: whole, onDiagnostic: one => expectedTold.Add(one.ToString()));
            Assert.Equal(expected.Select(LogLines.Describe), found.Select(LogLines.Describe));
            Assert.Equal(expectedTold, told); // the number of cut lines is in the words
        });

    [Fact]
    public void Blocks_read_side_by_side_are_put_in_order()
    {
        using var folder = new TemporaryFolder();
        Gen.Select(s_log.Array[1, 20], Gen.Int[64, 2000], Gen.Int[16, 600]).Sample(
            (logs, readLength, maxLine) =>
            {
                var content = LogLines.Bytes(string.Concat(logs));
                var path = folder.Write("vmkernel.log", content);
                var settings = new LogReaderSettings { ReadLength = readLength, MaxLine = maxLine };
                var found = LogReader.Read(() => LogSource.Open(path), "x", LogQuery.All, settings, null, null, default).Select(LogLines.Describe);
                Assert.Equal(LogLines.Read(content, settings: settings).Select(LogLines.Describe), found);
            },
            threads: 1);
    }

    [Fact]
    public void Files_and_piped_lines_yield_the_same_events() =>
        s_log.Sample(log =>
        {
            var parser = new LogLineParser(LogQuery.All);
            var piped = Text.TextFile.SplitLines(log).SelectMany(parser.Read).Select(LogLines.Describe);
            Assert.Equal(LogLines.Read(log).Select(LogLines.Describe), piped);
        });

    [Fact]
    public void Compressed_and_recoded_logs_yield_the_same_events() =>
        Gen.Select(s_log.Where(log => log.Length > 8), Gen.Int[0, 5]).Sample((log, form) =>
        {
            byte[] plain = LogLines.Bytes(log), content = form switch
            {
                0 => LogLines.Gzip(plain),
                1 => [.. LogLines.Gzip(plain[..(plain.Length / 2)]), .. LogLines.Gzip(plain[(plain.Length / 2)..])],
                2 => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(log)],
                3 => [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(log)],
                4 => LogLines.Gzip([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(log)]),
                _ => [.. Encoding.UTF8.GetPreamble(), .. plain],
            };
            Assert.Equal(LogLines.Read(plain).Select(LogLines.Describe), LogLines.Read(content).Select(LogLines.Describe));
        });

    [Fact]
    public void Utf16_without_a_byte_order_mark_is_recognised() =>
        Assert.Equal(3, Assert.Single(LogLines.Read(Encoding.Unicode.GetBytes(LogLines.Sample(5, 3)))).Line);

    [Fact]
    public void Line_numbers_are_exact_in_a_big_log()
    {
        int[] failures = [1, 2, 1000, 29_999, 30_000];
        Assert.Equal(failures.Select(line => (long)line), LogLines.Read(LogLines.Sample(30_000, failures)).Select(found => found.Line));
    }

    [Fact]
    public void A_line_of_ten_megabytes_is_cut_and_counted()
    {
        byte[] content = [.. LogLines.Bytes(LogLines.Sample(2, 1)), .. Enumerable.Repeat((byte)'x', 10 << 20), (byte)'\n', .. LogLines.Bytes(LogLines.Sample(2, 2))];
        var told = new List<LogDiagnostic>();
        Assert.Equal([1, 5], LogLines.Read(content, onDiagnostic: told.Add).Select(found => found.Line));
        Assert.Equal("LogLinesCut", Assert.Single(told).ErrorId);
        Assert.Contains("1 line(s)", told[0].Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_at_the_start_of_an_overlong_line_is_found()
    {
        var content = LogLines.Bytes("IntrVector: 290: Out of interrupt vectors" + new string('x', 200_000) + "\n" + LogLines.Sample(1, 1));
        Assert.Equal([1, 2], LogLines.Read(content).Select(found => found.Line));
    }

    [Fact]
    public void Zeros_from_a_crash_do_not_hide_the_line_behind_them()
    {
        foreach (var zeros in (int[])[1, 100, 5000, 300_000])
        {
            byte[] content = [.. LogLines.Bytes(LogLines.Sample(1000)), .. "2012-08-07T0"u8, .. new byte[zeros], .. LogLines.Bytes(LogLines.Sample(3, 1, 2))];
            var found = LogLines.Read(content);
            Assert.Equal(zeros > LogReaderSettings.Default.MaxLine ? [1002L] : [1001L, 1002L], found.Select(one => one.Line));
            Assert.All(found, one => Assert.Equal(LogLines.Time, one.Time));
        }
    }

    [Fact]
    public void Zeros_at_the_start_of_a_log_are_passed_over()
    {
        byte[] content = [.. new byte[200_000], (byte)'\n', .. LogLines.Bytes(LogLines.Sample(3, 2))];
        Assert.Equal(3, Assert.Single(LogLines.Read(content)).Line);
    }

    [Fact]
    public void Half_a_line_before_the_zeros_is_not_taken_for_a_message()
    {
        byte[] content = [.. LogLines.Bytes(LogLines.Sample(1000)), .. "VMKPCIPassthru: 2500: BDF = 008:00.1 intrType = 4 numVectors: 3"u8, .. new byte[4096], .. LogLines.Bytes(LogLines.Sample(1))];
        Assert.Empty(LogLines.Read(content));
    }

    [Fact]
    public void Empty_files_yield_nothing()
    {
        Assert.Empty(LogLines.Read(""));
        Assert.Empty(LogLines.Read(LogLines.Gzip([])));
        Assert.Empty(LogLines.Read("\n"));
        Assert.Empty(LogLines.Read("x"));
    }

    [Fact]
    public void An_event_carries_its_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("vmkwarning.log", LogLines.Bytes(LogLines.Sample(2, 2)));
        var found = Assert.Single(LogReader.Read(path, LogQuery.All, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal((path, 2L), (found.File, found.Line));
    }

    [Fact]
    public void The_first_event_is_given_before_the_rest_is_read()
    {
        var endless = new EndlessStream(LogLines.Bytes(LogLines.Sample(100, 1)));
        Assert.Equal(1, LogReader.Read(endless, "endless", LogQuery.All, null, TestContext.Current.CancellationToken).First().Line);
        Assert.True(endless.IsClosed);
    }

    [Fact]
    public void Reading_can_be_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var endless = new EndlessStream(LogLines.Bytes(LogLines.Sample(100, 1)));
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var found in LogReader.Read(endless, "endless", LogQuery.All, null, stop.Token)) stop.Cancel();
        });
    }

    [Fact]
    public void Progress_ends_at_the_length_of_the_file()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("vmkernel.log", LogLines.Bytes(LogLines.Sample(20_000)));
        var told = new List<LogProgress>();
        Assert.Empty(LogReader.Read(path, LogQuery.All, null, told.Add, TestContext.Current.CancellationToken));
        Assert.Equal((new FileInfo(path).Length, 20_000), (told[^1].Position, told[^1].Lines));
        Assert.Equal(told.OrderBy(one => one.Position), told);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_file()
    {
        var block = LogLines.Bytes(LogLines.Sample(5000, 1));
        long Allocated(int blocks)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal(blocks, LogReader.Read(new EndlessStream(block, blocks), "x", LogQuery.All, null, TestContext.Current.CancellationToken).Count());
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(1);
        // A few hundred events more, each of some hundred bytes; the text itself is 150 MB more.
        Assert.True(Allocated(400) - Allocated(4) < 2_000_000);
    }

    [Fact]
    public void Mutated_files_only_ever_fail_as_documented() =>
        Gen.Select(s_log, Gen.Int[0, 3], Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Array[1, 30], Gen.Int[0, 100_000]).Sample((log, form, changes, cut) =>
        {
            var content = LogLines.Bytes(log);
            if (form == 1) content = LogLines.Gzip(content);
            if (form == 2) content = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(log)];
            foreach (var (at, value) in changes)
            {
                if (content.Length > 0) content[at % content.Length] = value;
            }

            if (form == 3) content = content[..(content.Length == 0 ? 0 : cut % content.Length)];
            try
            {
                LogLines.Read(content);
            }
            catch (PassthruException e)
            {
                Assert.Contains(e.ErrorId, (string[])["LogBinary", "LogCorrupt"]);
            }
        });
}
