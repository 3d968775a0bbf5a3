using System.Diagnostics;
using System.Text;
using PassthroughTools.CrashHost;
using PassthroughTools.IO;

namespace PassthroughTools.Tests.IO;

public sealed class AtomicFileTests : IDisposable
{
    private static readonly byte[] New = Encoding.UTF8.GetBytes("new content\n");

    private readonly TestFolder _folder = new();
    private readonly string _file;

    public AtomicFileTests() => _file = _folder.Write("vm.vmx", "old content\n");

    [Fact]
    public void A_file_gets_its_new_content_and_nothing_else_is_left_in_the_folder()
    {
        var stamp = AtomicFile.Replace(_file, New, Stamp());

        Assert.Equal(New, File.ReadAllBytes(_file));
        Assert.Equal(FileStamp.Of(New), stamp);
        Assert.Equal(["vm.vmx"], _folder.Names());
    }

    [Fact]
    public void A_reader_that_has_the_old_file_open_goes_on_reading_the_old_content()
    {
        // True of a rename; a file that is overwritten in place would show the reader a mixture.
        using var reader = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        AtomicFile.Replace(_file, New, Stamp());

        Assert.Equal("old content\n", new StreamReader(reader).ReadToEnd());
    }

    [Fact]
    public void A_file_that_is_written_bit_by_bit_appears_whole_with_the_permissions_of_the_old_one()
    {
        var operations = new FaultyFileOperations(FileOperations.Default);
        Assert.Equal(New.Length, AtomicFile.Write(_file, WriteBytes, overwrite: true, operations));

        Assert.Equal(New, File.ReadAllBytes(_file));
        Assert.Equal(["create", "chmod", "flush", "replace", "syncdir"], operations.Log.Select(entry => entry.Split(' ')[0]).Where(entry => entry != "write"));
        Assert.Equal(New.Length, AtomicFile.Write(_file + "2", WriteBytes, overwrite: true));
        Assert.Equal(["vm.vmx", "vm.vmx2"], _folder.Names());
    }

    [Fact]
    public void A_file_that_may_not_be_overwritten_is_left_alone()
    {
        Assert.Equal(FileErrors.Exists.Id, Assert.Throws<PassthruException>(() => AtomicFile.Write(_file, WriteBytes, overwrite: false)).ErrorId);
        Assert.Equal("old content\n", File.ReadAllText(_file));
    }

    [Fact]
    public void A_writer_that_fails_half_way_leaves_the_old_content_and_nothing_else()
    {
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(
            _file,
            stream =>
            {
                stream.Write(New, 0, 3);
                throw new InvalidOperationException();
            },
            overwrite: true));
        Assert.Equal("old content\n", File.ReadAllText(_file));
        Assert.Equal(["vm.vmx"], _folder.Names());
    }

    [Fact]
    public void The_stamp_is_length_and_sha256() =>
        Assert.Equal(new FileStamp(3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), FileStamp.Of("abc"u8.ToArray()));

    [Fact]
    public void The_same_content_is_not_written_again()
    {
        var operations = new FaultyFileOperations(FileOperations.Default);

        AtomicFile.Replace(_file, File.ReadAllBytes(_file), Stamp(), operations);

        Assert.Empty(operations.Log);
    }

    [Fact]
    public void The_order_of_operations_makes_each_step_durable_before_the_next()
    {
        var operations = new FaultyFileOperations(FileOperations.Default);

        AtomicFile.Replace(_file, New, Stamp(), operations);

        Assert.Equal(["create", "write", "chmod", "flush", "replace", "syncdir"], operations.Log.Select(entry => entry.Split(' ')[0]));
    }

    [Theory]
    [InlineData("other content of another length\n")]
    [InlineData("OLD content\n")] // the same length
    public void A_file_that_changed_since_it_was_read_is_left_alone(string now)
    {
        var stamp = Stamp();
        File.WriteAllText(_file, now);

        AssertRefused(FileErrors.Changed, stamp);
        Assert.Equal(now, File.ReadAllText(_file));
    }

    [Fact]
    public void A_file_that_changes_while_the_new_one_is_prepared_is_left_alone()
    {
        var operations = new FaultyFileOperations(FileOperations.Default)
        {
            FaultAt = 4,
            Fault = () => File.WriteAllText(_file, "meanwhile"),
        };

        AssertRefused(FileErrors.Changed, Stamp(), operations);
        Assert.Equal("meanwhile", File.ReadAllText(_file));
    }

    [Fact]
    public void A_file_that_is_gone_is_not_created_again()
    {
        var stamp = Stamp();
        File.Delete(_file);

        AssertRefused(FileErrors.Vanished, stamp);
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public void A_file_that_vanishes_while_the_new_one_is_prepared_is_not_created_again()
    {
        var operations = new FaultyFileOperations(FileOperations.Default) { FaultAt = 4, Fault = () => File.Delete(_file) };

        AssertRefused(FileErrors.Vanished, Stamp(), operations);
        Assert.Empty(_folder.Names());
    }

    [Fact]
    public void A_read_only_file_is_refused_even_for_root()
    {
        File.SetAttributes(_file, FileAttributes.ReadOnly);

        AssertRefused(FileErrors.ReadOnly, Stamp());
        Assert.Equal("old content\n", File.ReadAllText(_file));
        File.SetAttributes(_file, FileAttributes.Normal);
    }

    [Fact]
    public void A_symbolic_link_is_refused_and_stays_a_link()
    {
        var link = _folder["link.vmx"];
        File.CreateSymbolicLink(link, _file);

        var error = Assert.Throws<PassthruException>(() => AtomicFile.Replace(link, New, Stamp()));

        Assert.Equal(FileErrors.IsLink.Id, error.ErrorId);
        Assert.Equal(_file, new FileInfo(link).LinkTarget);
        Assert.Equal("old content\n", File.ReadAllText(_file));
    }

    [Fact]
    public void A_file_that_another_process_holds_exclusively_is_refused()
    {
        using var holder = new FileStream(_file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var stamp = new FileStamp(12, "");

        AssertRefused(FileErrors.InUse, stamp);
    }

    [Fact]
    public void A_new_file_never_overwrites_one_that_is_there()
    {
        var error = Assert.Throws<PassthruException>(() => AtomicFile.Create(_file, New));

        Assert.Equal(FileErrors.Exists.Id, error.ErrorId);
        Assert.Equal("old content\n", File.ReadAllText(_file));
    }

    [Fact]
    public void A_new_file_appears_with_all_of_its_content()
    {
        AtomicFile.Create(_folder["import.reg"], New);

        Assert.Equal(New, File.ReadAllBytes(_folder["import.reg"]));
        Assert.Equal(["import.reg", "vm.vmx"], _folder.Names());
    }

    [Theory]
    [InlineData(28, "FileDiskFull")]
    [InlineData(122, "FileDiskFull")] // quota
    [InlineData(30, "FileReadOnly")] // file system mounted read-only
    [InlineData(5, "FileWriteFailed")] // EIO
    public void A_failing_disk_leaves_the_original_and_no_temporary_file(int errno, string errorId)
    {
        for (var n = 1; n <= 5; n++)
        {
            var operations = new FaultyFileOperations(FileOperations.Default)
            {
                FaultAt = n,
                Point = FaultPoint.Half,
                Fault = () => throw new IOException("the disk says no", errno),
            };

            var error = Assert.Throws<PassthruException>(() => AtomicFile.Replace(_file, New, Stamp(), operations));

            Assert.Equal(errorId, error.ErrorId);
            Assert.Equal("old content\n", File.ReadAllText(_file));
            Assert.Equal(["vm.vmx"], _folder.Names());
        }
    }

    [Fact]
    public void A_refused_creation_is_told_as_access_denied()
    {
        var operations = new FaultyFileOperations(FileOperations.Default) { FaultAt = 1, Fault = () => throw new UnauthorizedAccessException("no") };

        AssertRefused(FileErrors.AccessDenied, Stamp(), operations);
    }

    [Fact]
    public void A_crash_at_any_operation_leaves_the_old_or_the_new_file_and_the_next_write_cleans_up()
    {
        var counter = new FaultyFileOperations(FileOperations.Default);
        AtomicFile.Replace(_file, New, Stamp(), counter);

        for (var n = 1; n <= counter.Count; n++)
        {
            foreach (var point in Enum.GetValues<FaultPoint>())
            {
                File.WriteAllText(_file, "old content\n");
                var operations = new FaultyFileOperations(FileOperations.Default) { FaultAt = n, Point = point };
                Assert.Throws<SimulatedCrashException>(() => AtomicFile.Replace(_file, New, Stamp(), operations));

                Assert.Contains(File.ReadAllText(_file), new[] { "old content\n", "new content\n" });
                Assert.All(_folder.Names(), name => Assert.True(name == "vm.vmx" || AtomicFile.IsTemporary(name)));

                AtomicFile.Replace(_file, "third\n"u8.ToArray(), Stamp());
                Assert.Equal(["vm.vmx"], _folder.Names());
            }
        }
    }

    [Fact]
    public void The_temporary_file_of_a_living_process_is_not_cleaned_away()
    {
        using var other = Process.Start(new ProcessStartInfo("sleep", "60"))!;
        try
        {
            // The name as the other process would make it.
            var operations = new FaultyFileOperations(FileOperations.Default) { FaultAt = 2 };
            Assert.Throws<SimulatedCrashException>(() => AtomicFile.Replace(_file, New, Stamp(), operations));
            var ours = _folder.Names().Single(AtomicFile.IsTemporary);
            var theirs = ours.Replace($"-{Environment.ProcessId}-", $"-{other.Id}-", StringComparison.Ordinal);
            File.Move(_folder[ours], _folder[theirs]);

            AtomicFile.Replace(_file, New, Stamp());
            Assert.Contains(theirs, _folder.Names());

            other.Kill();
            other.WaitForExit();
            AtomicFile.Replace(_file, "third"u8.ToArray(), Stamp());
            Assert.Equal(["vm.vmx"], _folder.Names());
        }
        finally
        {
            if (!other.HasExited) other.Kill();
        }
    }

    public void Dispose() => _folder.Dispose();

    private FileStamp Stamp() => FileStamp.Read(_file, out _);

    private static void WriteBytes(Stream stream)
    {
        foreach (var each in New) stream.Write([each], 0, 1);
    }

    private void AssertRefused(ErrorDefinition expected, FileStamp stamp, IFileOperations? operations = null)
    {
        var error = Assert.Throws<PassthruException>(() => AtomicFile.Replace(_file, New, stamp, operations));
        Assert.Equal(expected.Id, error.ErrorId);
        Assert.DoesNotContain(_folder.Names(), AtomicFile.IsTemporary);
    }
}
