using System.Diagnostics;
using PassthroughTools.IO;

namespace PassthroughTools.Tests.IO;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class UnixPermissionTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly string _file;

    public UnixPermissionTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix permissions");
        _file = _folder.Write("vm.vmx", "old");
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.SetGroup)]
    public void The_new_file_has_the_mode_of_the_old_one(UnixFileMode mode)
    {
        File.SetUnixFileMode(_file, mode);

        Replace();

        Assert.Equal(mode, File.GetUnixFileMode(_file));
    }

    [Fact]
    public void The_new_file_has_the_owner_of_the_old_one()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can give files away");
        Run("chown", "1234:2345", _file);

        Replace();

        Assert.Equal((1234u, 2345u), UnixFile.Owner(_file));
    }

    [Fact]
    public void The_new_file_has_the_extended_attributes_of_the_old_one()
    {
        Assert.SkipUnless(UnixFile.TrySetAttribute(_file, "user.comment", "kept"u8.ToArray()), "no extended attributes here");

        Replace();

        Assert.Equal("kept"u8.ToArray(), UnixFile.GetAttribute(_file, "user.comment"));
    }

    [Fact]
    public void The_new_file_has_the_access_control_list_of_the_old_one()
    {
        // Version 2; owner rw-, user 1234 rw-, group r--, mask rw-, others ---: entries of tag, permissions, id.
        byte[] acl =
        [
            2, 0, 0, 0,
            1, 0, 6, 0, 255, 255, 255, 255,
            2, 0, 6, 0, 0xD2, 4, 0, 0,
            4, 0, 4, 0, 255, 255, 255, 255,
            16, 0, 6, 0, 255, 255, 255, 255,
            32, 0, 0, 0, 255, 255, 255, 255,
        ];
        Assert.SkipUnless(UnixFile.TrySetAttribute(_file, "system.posix_acl_access", acl), "no access control lists here");

        Replace();

        Assert.Equal(acl, UnixFile.GetAttribute(_file, "system.posix_acl_access"));
    }

    [Fact]
    public void A_file_of_someone_else_is_refused_when_its_owner_can_not_be_kept()
    {
        // As another user who may write the file and the folder, but can't give files away.
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"), "needs root and setpriv");
        Run("chmod", "777", _folder.Path);
        Run("chmod", "666", _file);
        var host = CrashHostProcess.Path;

        var output = CrashHostProcess.Run("/usr/bin/setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", host, "replace", _file]);

        Assert.StartsWith(FileErrors.OwnerNotKept.Id, output, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(_file));
        Assert.Equal(["vm.vmx"], _folder.Names());
    }

    [Fact]
    public void A_file_that_the_user_may_not_write_is_refused_although_its_folder_is_writable()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists("/usr/bin/setpriv"), "needs root and setpriv");
        Run("chmod", "777", _folder.Path);
        Run("chmod", "644", _file);

        var output = CrashHostProcess.Run("/usr/bin/setpriv", ["--reuid", "65534", "--regid", "65534", "--clear-groups", CrashHostProcess.Path, "replace", _file]);

        Assert.StartsWith(FileErrors.AccessDenied.Id, output, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(_file));
    }

    public void Dispose() => _folder.Dispose();

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private void Replace() => AtomicFile.Replace(_file, "new"u8.ToArray(), FileStamp.Read(_file, out _));
}
