using PassthroughTools.Evidence.Archives;

namespace PassthroughTools.Tests.Archives;

public sealed class FolderEvidenceSourceTests : IDisposable
{
    private readonly TestArchives _make = new();

    public void Dispose() => _make.Dispose();

    private IEvidenceFileSource Open(Func<string, bool>? wanted = null, ArchiveLimits? limits = null) =>
        EvidenceFiles.Open(_make.Folder, wanted ?? (_ => true), limits, TestContext.Current.CancellationToken);

    [Fact]
    public void Wanted_files_are_listed_with_slashes()
    {
        _make.Write("a/b.txt", "one"u8.ToArray());
        _make.Write("c.bin", "two"u8.ToArray());
        using var source = Open(path => path.EndsWith(".txt", StringComparison.Ordinal));
        var entry = Assert.Single(source.Entries);
        Assert.Equal(("a/b.txt", 3L), (entry.Path, entry.Length));
        Assert.Equal(["one"], source.ReadAllLines(entry));
    }

    [Fact]
    public void Pieces_are_read_as_one_file()
    {
        _make.Write("x.txt.FRAG-00000", "A"u8.ToArray());
        _make.Write("x.txt.FRAG-00010", "K"u8.ToArray());
        for (var i = 1; i < 10; i++) _make.Write($"x.txt.FRAG-0000{i}", [(byte)('A' + i)]);
        using var source = Open();
        Assert.Equal(["ABCDEFGHIJK"], source.ReadAllLines(Assert.Single(source.Entries)));
    }

    [Fact]
    public void A_missing_piece_leaves_the_file_out_with_a_warning()
    {
        _make.Write("x.txt.FRAG-00000", "A"u8.ToArray());
        _make.Write("x.txt.FRAG-00003", "B"u8.ToArray());
        using var source = Open();
        Assert.Empty(source.Entries);
        Assert.Single(source.Warnings);
    }

    [Fact]
    public void Links_are_not_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making links needs a privilege");
        _make.Write("real/a.txt", "one"u8.ToArray());
        Directory.CreateSymbolicLink(Path.Combine(_make.Folder, "loop"), _make.Folder);
        File.CreateSymbolicLink(Path.Combine(_make.Folder, "b.txt"), "/etc/hostname");
        using var source = Open();
        Assert.Equal("real/a.txt", Assert.Single(source.Entries).Path);
        Assert.Equal(2, source.Warnings.Count);
    }

    [Fact]
    public void A_folder_with_too_many_files_is_refused()
    {
        for (var i = 0; i < 11; i++) _make.Write($"{i}.txt", []);
        Assert.Equal("ArchiveTooManyEntries", Assert.Throws<PassthruException>(() => Open(limits: new ArchiveLimits { MaximumEntries = 10 })).ErrorId);
    }

    [Fact]
    public void Folders_that_are_too_deep_are_refused()
    {
        _make.Write("a/b/c/d.txt", []);
        Assert.Equal("ArchivePathTooLong", Assert.Throws<PassthruException>(() => Open(limits: new ArchiveLimits { MaximumDepth = 2 })).ErrorId);
    }

    [Fact]
    public void A_missing_folder_is_not_found() =>
        Assert.Equal("InputNotFound", Assert.Throws<PassthruException>(() => FolderEvidenceSource.Open(Path.Combine(_make.Folder, "none"), _ => true, null, TestContext.Current.CancellationToken)).ErrorId);
}
