using System.Formats.Tar;
using System.Text;
using PassthroughTools.Evidence.Archives;
using static PassthroughTools.Tests.Archives.TestArchives;

namespace PassthroughTools.Tests.Archives;

public sealed class HostileArchiveTests : IDisposable
{
    private readonly TestArchives _make = new();

    public void Dispose() => _make.Dispose();

    private static string Refused(string path, ArchiveLimits? limits = null, Func<string, bool>? wanted = null) =>
        Assert.Throws<PassthruException>(() => ArchiveEvidenceSource.Open(path, wanted ?? (_ => true), limits, TestContext.Current.CancellationToken).Dispose()).ErrorId;

    [Theory]
    [InlineData("../evil.txt")]
    [InlineData("a/../../evil.txt")]
    [InlineData("a/..")]
    [InlineData("/etc/passwd")]
    [InlineData("C:/evil.txt")]
    [InlineData("c:evil.txt")]
    [InlineData("..\\evil.txt")]
    [InlineData("a\\..\\evil.txt")]
    public void A_tar_path_that_leads_out_is_refused_even_when_nobody_wants_it(string path) =>
        Assert.Equal("ArchivePathTraversal", Refused(_make.Raw(Entry(path, "x")), wanted: _ => false));

    [Theory]
    [InlineData("../evil.txt")]
    [InlineData("..\\..\\evil.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\evil.txt")]
    public void A_zip_path_that_leads_out_is_refused(string path) => Assert.Equal("ArchivePathTraversal", Refused(_make.Zip((path, "x", 0))));

    [Fact]
    public void A_zero_character_in_a_path_is_refused() =>
        Assert.Equal("ArchivePathTraversal", Refused(_make.Raw(Pax("path", "a.txt\0.exe"), Entry("a.txt", "x"))));

    [Fact]
    public void A_pax_path_that_leads_out_is_refused() =>
        Assert.Equal("ArchivePathTraversal", Refused(_make.Raw(Pax("path", "../../evil.txt"), Entry("a.txt", "x"))));

    [Fact]
    public void A_GNU_long_path_that_leads_out_is_refused() =>
        Assert.Equal("ArchivePathTraversal", Refused(_make.Raw(Entry("././@LongLink", "/etc/passwd\0", 'L'), Entry("a.txt", "x"))));

    [Theory]
    [InlineData('2', "/etc/shadow")]
    [InlineData('2', "../../../etc/shadow")]
    [InlineData('1', "etc/shadow")]
    [InlineData('2', "")]
    [InlineData('3', "")]
    [InlineData('4', "")]
    [InlineData('6', "")]
    [InlineData('S', "")]
    [InlineData('Z', "")]
    public void A_wanted_path_that_is_no_file_is_refused(char type, string link) =>
        Assert.Equal("ArchiveLinkRefused", Refused(_make.Raw(Entry("e/a.txt", type: type, link: link)), wanted: path => path.EndsWith("a.txt", StringComparison.Ordinal)));

    [Fact]
    public void A_wanted_path_that_links_to_itself_is_refused() =>
        Assert.Equal("ArchiveLinkRefused", Refused(_make.Raw(Entry("e/a.txt", type: '2', link: "a.txt"))));

    [Fact]
    public void A_wanted_symbolic_link_in_a_zip_is_refused() =>
        Assert.Equal("ArchiveLinkRefused", Refused(_make.Zip(("a.txt", "/etc/shadow", unchecked((int)0xa1ff0000)))));

    [Fact]
    public void A_file_behind_a_linked_folder_lands_in_the_private_folder_only()
    {
        var outside = Path.Combine(_make.Folder, "outside");
        Directory.CreateDirectory(outside);
        using var source = ArchiveEvidenceSource.Open(
            _make.Raw(Entry("e/d", type: '2', link: outside), Entry("e/d/a.txt", "x")), path => path.EndsWith(".txt", StringComparison.Ordinal), null, TestContext.Current.CancellationToken);
        Assert.Empty(Directory.GetFiles(outside));
        Assert.StartsWith(source.TemporaryFolder, source.Entries[0].LocalPath, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_over_the_limit_is_refused() =>
        Assert.Equal("ArchiveFileTooLarge", Refused(_make.Tgz(("a.txt", new string('x', 1001))), new ArchiveLimits { MaximumFileBytes = 1000 }));

    [Fact]
    public void Joined_pieces_over_the_limit_are_refused() =>
        Assert.Equal("ArchiveFileTooLarge", Refused(
            _make.Tgz(("a.txt.FRAG-00000", new string('x', 600)), ("a.txt.FRAG-00001", new string('x', 600))), new ArchiveLimits { MaximumFileBytes = 1000 }));

    [Fact]
    public void Files_over_the_limit_together_are_refused() =>
        Assert.Equal("ArchiveTooLarge", Refused(_make.Tgz(("a.txt", new string('x', 600)), ("b.txt", new string('x', 600))), new ArchiveLimits { MaximumTotalBytes = 1000 }));

    [Fact]
    public void An_archive_over_the_limit_is_refused_though_nothing_of_it_is_wanted() =>
        Assert.Equal("ArchiveTooLarge", Refused(_make.Tgz(("a.bin", new string('x', 100_000))), new ArchiveLimits { MaximumArchiveBytes = 50_000 }, _ => false));

    [Fact]
    public void A_gzip_bomb_is_refused_though_nothing_of_it_is_wanted() =>
        Assert.Equal("ArchiveBomb", Refused(_make.Tgz(("a.bin", new string('x', 20_000_000))), new ArchiveLimits { RatioFloorBytes = 1_000_000, MaximumRatio = 100 }, _ => false));

    [Fact]
    public void A_zip_bomb_is_refused() =>
        Assert.Equal("ArchiveBomb", Refused(_make.Zip(("a.txt", new string('x', 20_000_000), 0)), new ArchiveLimits { RatioFloorBytes = 1_000_000, MaximumRatio = 100 }));

    [Fact]
    public void Too_many_tar_entries_are_refused() =>
        Assert.Equal("ArchiveTooManyEntries", Refused(_make.Tgz([.. Enumerable.Range(0, 11).Select(i => ($"{i}.txt", ""))]), new ArchiveLimits { MaximumEntries = 10 }, _ => false));

    [Fact]
    public void Too_many_zip_entries_are_refused() =>
        Assert.Equal("ArchiveTooManyEntries", Refused(_make.Zip([.. Enumerable.Range(0, 11).Select(i => ($"{i}.txt", "", 0))]), new ArchiveLimits { MaximumEntries = 10 }, _ => false));

    [Fact]
    public void A_path_that_is_too_long_is_refused() =>
        Assert.Equal("ArchivePathTooLong", Refused(_make.Raw(Pax("path", new string('a', 1025)), Entry("a.txt", "x"))));

    [Fact]
    public void A_path_that_is_too_deep_is_refused() =>
        Assert.Equal("ArchivePathTooLong", Refused(_make.Raw(Entry(string.Concat(Enumerable.Repeat("a/", 42)) + "b", "x"))));

    [Theory]
    [InlineData("77777777777\0")]
    [InlineData("00000002000\0")]
    public void A_size_beyond_the_end_is_an_incomplete_copy(string size) =>
        Assert.Equal("ArchiveTruncated", Refused(_make.Write("raw.tar", Entry("a.bin", "x", size: size)), wanted: _ => false));

    [Fact]
    public void A_gzip_that_is_cut_off_is_an_incomplete_copy()
    {
        var random = new Random(1);
        var bytes = Gzip(Tar(TarEntryFormat.Ustar, ("a.txt", new string([.. Enumerable.Range(0, 50_000).Select(_ => (char)random.Next('a', 'z'))]))));
        Assert.Contains(Refused(_make.Write("cut.tgz", bytes[..(bytes.Length / 2)])), new[] { "ArchiveTruncated", "ArchiveCorrupt" });
    }

    [Fact]
    public void A_zip_that_is_cut_off_is_damaged()
    {
        var bytes = File.ReadAllBytes(_make.Zip(("a.txt", new string('x', 5000), 0)));
        Assert.Equal("ArchiveCorrupt", Refused(_make.Write("cut.zip", bytes[..(bytes.Length - 30)])));
    }

    [Fact]
    public void A_wrong_checksum_is_damage()
    {
        var second = Entry("b.txt", "x");
        second[0] = (byte)'c';
        Assert.Equal("ArchiveCorrupt", Refused(_make.Raw(Entry("a.txt", "x"), second)));
    }

    [Fact]
    public void A_head_that_claims_gigabytes_of_names_is_damage() =>
        Assert.Equal("ArchiveCorrupt", Refused(_make.Raw(Entry("x", "", 'x', size: "77777777777\0"))));

    [Theory]
    [InlineData("")]
    [InlineData("just text, and not much of it")]
    public void Anything_else_is_not_recognized(string text) => Assert.Equal("ArchiveNotRecognized", Refused(_make.Write("x.tgz", Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void A_gzipped_log_is_not_recognized() =>
        Assert.Equal("ArchiveNotRecognized", Refused(_make.Write("vmkernel.0.gz", Gzip(Encoding.UTF8.GetBytes(new string('x', 2000))))));

    [Fact]
    public void A_missing_archive_is_not_found() => Assert.Equal("InputNotFound", Refused(Path.Combine(_make.Folder, "none.tgz")));

    [Fact]
    public void A_temporary_folder_that_can_not_be_written_is_an_error_of_its_own()
    {
        using var folder = new PrivateFolder();
        folder.Dispose();
        Assert.Equal("ArchiveExtractFailed", Assert.Throws<PassthruException>(() =>
            ArchiveEvidenceSource.Open(_make.Tgz(("a.txt", "x")), _ => true, null, folder, TestContext.Current.CancellationToken)).ErrorId);
    }

    [Fact]
    public void A_refused_archive_leaves_nothing_behind()
    {
        using var folder = new PrivateFolder();
        Assert.Throws<PassthruException>(() => ArchiveEvidenceSource.Open(
            _make.Raw(Entry("a.txt", "x"), Entry("../b.txt", "x")), _ => true, null, folder, TestContext.Current.CancellationToken));
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public void A_file_too_large_to_be_a_host_command_is_not_read_as_text()
    {
        using var source = EvidenceFiles.Open(_make.Tgz(("a.txt", new string('x', 2000))), _ => true, null, TestContext.Current.CancellationToken);
        Assert.Equal("ArchiveFileTooLarge", Assert.Throws<PassthruException>(() => source.ReadAllLines(source.Entries[0], 1000)).ErrorId);
    }
}
