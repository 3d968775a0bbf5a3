using System.Formats.Tar;
using System.Text;
using CsCheck;
using PassthroughTools.Evidence.Archives;

namespace PassthroughTools.Tests.Archives;

public sealed class ArchiveEvidenceSourceTests : IDisposable
{
    private readonly TestArchives _make = new();

    public void Dispose() => _make.Dispose();

    private static ArchiveEvidenceSource Open(string path, Func<string, bool>? wanted = null, ArchiveLimits? limits = null) =>
        ArchiveEvidenceSource.Open(path, wanted ?? (_ => true), limits, TestContext.Current.CancellationToken);

    private static string Content(IEvidenceFileSource source, string path)
    {
        using var reader = new StreamReader(source.Open(source.Entries.Single(entry => entry.Path == path)));
        return reader.ReadToEnd();
    }

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Pax)]
    public void Every_tar_format_is_read(TarEntryFormat format)
    {
        using var source = Open(_make.Write("a.tar", TestArchives.Tar(format, ("esx/a.txt", "one"), ("esx/b/c.log", new string('x', 100_000)))));
        Assert.Equal(["a.txt", "b/c.log"], source.Entries.Select(entry => entry.Path));
        Assert.Equal("one", Content(source, "a.txt"));
        Assert.Equal(100_000, Content(source, "b/c.log").Length);
        Assert.Empty(source.Warnings);
    }

    [Theory]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Pax)]
    public void Long_and_foreign_names_are_read(TarEntryFormat format)
    {
        var path = "esx/" + new string('a', 90) + "/" + new string('b', 50) + "/" + (format == TarEntryFormat.Ustar ? "u" : "ü") + ".txt";
        using var source = Open(_make.Write("a.tar", TestArchives.Tar(format, (path, "one"))));
        Assert.Equal(path["esx/".Length..], Assert.Single(source.Entries).Path);
    }

    [Fact]
    public void What_the_framework_writes_is_read_back()
    {
        var name = Gen.Char["abc.-_ "].Array[1, 40].Select(chars => new string(chars).Trim('.', ' ')).Where(text => text.Length > 0);
        var file = Gen.Select(name.Array[1, 4].Select(parts => string.Join('/', parts)), Gen.String[Gen.Char.AlphaNumeric, 0, 3000]);
        Gen.Select(file.Array[1, 8], Gen.OneOf(Gen.Const(TarEntryFormat.Ustar), Gen.Const(TarEntryFormat.Gnu), Gen.Const(TarEntryFormat.Pax)), Gen.Bool).Sample(
            (files, format, zip) =>
            {
                var distinct = files.Where(pair => pair.Item1.Length <= 90).DistinctBy(pair => pair.Item1).Select(pair => ("root/" + pair.Item1, pair.Item2)).ToArray();
                if (distinct.Length == 0) return;
                var bytes = TestArchives.Tar(format, distinct);
                var path = _make.Write(Guid.NewGuid() + ".tgz", zip ? TestArchives.Gzip(bytes) : bytes);
                using var source = Open(path);
                Assert.Equal(
                    distinct.OrderBy(pair => pair.Item1, StringComparer.Ordinal).Select(pair => (pair.Item1["root/".Length..], pair.Item2)),
                    source.Entries.Select(entry => (entry.Path, Content(source, entry.Path))));
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public void Only_wanted_files_are_unpacked()
    {
        using var source = Open(_make.Tgz(("esx/a.txt", "one"), ("esx/b.bin", "two")), path => path.EndsWith(".txt", StringComparison.Ordinal));
        Assert.Equal("a.txt", Assert.Single(source.Entries).Path);
        Assert.Single(Directory.GetFiles(source.TemporaryFolder));
    }

    [Fact]
    public void The_folder_that_all_lies_in_is_named_and_left_out_of_paths()
    {
        using var source = Open(_make.Tgz(("esx-h1-2026/a.txt", "one"), ("esx-h1-2026/b/c.txt", "two")));
        Assert.Equal("esx-h1-2026", source.RootName);
    }

    [Fact]
    public void Where_files_lie_in_several_folders_paths_are_whole()
    {
        using var source = Open(_make.Tgz(("./h1/a.txt", "one"), ("./h2/a.txt", "two")));
        Assert.Equal((null, "h1/a.txt"), (source.RootName, source.Entries[0].Path));
    }

    [Fact]
    public void The_unpacked_files_are_gone_after_use()
    {
        var source = Open(_make.Tgz(("esx/a.txt", "one")));
        Assert.True(Directory.Exists(source.TemporaryFolder));
        source.Dispose();
        Assert.False(Directory.Exists(source.TemporaryFolder));
    }

    [Fact]
    public void The_unpacked_files_are_for_this_user_only()
    {
        using var source = Open(_make.Tgz(("esx/a.txt", "one")));
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows has no modes.");
        else Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(source.TemporaryFolder));
    }

    [Fact]
    public void A_local_file_keeps_the_ending_that_readers_go_by()
    {
        using var source = Open(_make.Tgz(("esx/vmkernel.0.log.gz", "one")));
        Assert.EndsWith(".log.gz", source.Entries[0].LocalPath, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_of_another_source_is_refused()
    {
        using var source = Open(_make.Tgz(("esx/a.txt", "one")));
        Assert.Equal("EvidenceFileUnknown", Assert.Throws<PassthruException>(() => source.Open(new EvidenceFileEntry { Path = "../x", LocalPath = "/etc/hostname" })).ErrorId);
    }

    [Fact]
    public void Pieces_are_joined_by_number_whatever_their_order()
    {
        using var source = Open(_make.Tgz(("esx/c/x.txt.FRAG-00002", "C"), ("esx/c/x.txt.FRAG-00000", "A"), ("esx/c/x.txt.FRAG-00001", "B"), ("esx/y.txt", "")));
        Assert.Equal("ABC", Content(source, "c/x.txt"));
        Assert.Equal(3, source.Entries[0].Length);
    }

    [Fact]
    public void A_file_whose_piece_is_missing_is_left_out_with_a_warning()
    {
        using var source = Open(_make.Tgz(("esx/c/x.txt.FRAG-00000", "A"), ("esx/c/x.txt.FRAG-00002", "C")));
        Assert.Empty(source.Entries);
        Assert.Single(source.Warnings);
    }

    [Fact]
    public void A_whole_file_wins_over_its_pieces()
    {
        using var source = Open(_make.Tgz(("esx/x.txt.FRAG-00000", "A"), ("esx/x.txt", "whole")));
        Assert.Equal("whole", Content(source, "x.txt"));
    }

    [Fact]
    public void Of_two_files_with_one_path_the_first_is_read_with_a_warning()
    {
        using var source = Open(_make.Raw(TestArchives.Entry("e/a.txt", "first"), TestArchives.Entry("e/./a.txt", "second")));
        Assert.Equal("first", Content(source, "a.txt"));
        Assert.Single(source.Warnings);
    }

    [Fact]
    public void A_link_to_another_wanted_file_is_passed_over_with_a_warning()
    {
        using var source = Open(_make.Raw(
            TestArchives.Entry("esx/var/log/vmkernel.log", type: '2', link: "/var/run/log/vmkernel.log"),
            TestArchives.Entry("esx/var/run/log/vmkernel.log", "x")), VmSupportLayout.IsWanted);
        Assert.Equal("var/run/log/vmkernel.log", Assert.Single(source.Entries).Path);
        Assert.Single(source.Warnings);
    }

    [Fact]
    public void Links_and_devices_that_nobody_wants_are_passed_over()
    {
        using var source = Open(
            _make.Raw(TestArchives.Entry("e/bin", type: '2', link: "/bin"), TestArchives.Entry("e/dev/null", type: '3'), TestArchives.Entry("e/a.txt", "x")),
            path => path.EndsWith(".txt", StringComparison.Ordinal));
        Assert.Single(source.Entries);
    }

    [Fact]
    public void A_size_in_base_256_is_read()
    {
        var size = new string([(char)0x80, .. new char[10], (char)5]);
        using var source = Open(_make.Raw(TestArchives.Entry("a.txt", "12345", size: size)));
        Assert.Equal(5, source.Entries[0].Length);
    }

    [Fact]
    public void Times_that_GNU_tar_keeps_in_place_of_the_prefix_are_no_part_of_the_path()
    {
        using var source = Open(_make.Raw(TestArchives.Entry("a.txt", "x", gnu: true)));
        Assert.Equal((null, "a.txt"), (source.RootName, Assert.Single(source.Entries).Path));
    }

    [Fact]
    public void An_archive_that_ends_between_two_entries_without_an_end_mark_is_read_with_a_warning()
    {
        using var source = Open(_make.Write("raw.tar", TestArchives.Entry("a.txt", "x")));
        Assert.Single(source.Entries);
        Assert.Single(source.Warnings);
    }

    [Fact]
    public void A_zip_is_read_backslashes_of_old_Compress_Archive_included()
    {
        using var source = Open(_make.Zip(("host\\a.txt", "one", 0), ("host\\vms\\v\\v.vmx", "two", 0)));
        Assert.Equal(("host", "a.txt", "vms/v/v.vmx"), (source.RootName, source.Entries[0].Path, source.Entries[1].Path));
    }

    [Fact]
    public void Text_is_read_as_lines_from_any_source()
    {
        using var source = Open(_make.Tgz(("esx/a.txt", "one\r\ntwo\n")));
        Assert.Equal(["one", "two"], source.ReadAllLines(source.Entries[0]));
    }

    [Fact]
    public void Cancelling_stops_and_cleans_up()
    {
        using var stop = new CancellationTokenSource();
        using var folder = new PrivateFolder();
        Assert.Throws<OperationCanceledException>(() => ArchiveEvidenceSource.Open(
            _make.Tgz(("esx/a.txt", "one"), ("esx/b.txt", "two")),
            path =>
            {
                stop.Cancel();
                return true;
            },
            null,
            folder,
            stop.Token));
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public void Damaged_archives_are_read_or_refused()
    {
        var good = TestArchives.Tar(TarEntryFormat.Pax, ("esx/" + new string('n', 120) + ".txt", "one"), ("esx/commands/x.txt.FRAG-00000", "two"), ("esx/b/c.log", new string('x', 2000)));
        Gen.Select(Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[1, 8], Gen.Int[0, good.Length], Gen.Bool).Sample(
            (edits, cut, zip) =>
            {
                var bytes = good.ToArray();
                foreach (var (at, value) in edits) bytes[at] = value;
                if (cut % 3 == 0) bytes = bytes[..cut];
                if (zip && bytes.Length > 0)
                {
                    bytes = TestArchives.Gzip(bytes);
                    bytes[Math.Min(bytes.Length - 1, 12 + (cut % 200))] ^= (byte)edits[0].Item2;
                }

                try
                {
                    using var source = Open(_make.Write(Guid.NewGuid() + ".tgz", bytes), limits: new ArchiveLimits { MaximumTotalBytes = 1 << 20 });
                }
                catch (PassthruException)
                {
                    // What can't be read is refused by name.
                }
            },
            iter: 500);
    }
}
