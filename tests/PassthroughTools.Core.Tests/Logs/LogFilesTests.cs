using PassthroughTools.Logs;

namespace PassthroughTools.Tests.Logs;

public sealed class LogFilesTests
{
    [Theory]
    [InlineData("vmkernel.log", true)]
    [InlineData("vmkernel.0.gz", true)]
    [InlineData("vmkernel.log.1", true)]
    [InlineData("vmkernel.log.gz", true)]
    [InlineData("vmkernel-2023-01-01.log", true)]
    [InlineData("vmkernel", true)]
    [InlineData("vmkernel.1", true)]
    [InlineData("vmkwarning.log", true)]
    [InlineData("vmkwarning.3.gz", true)]
    [InlineData("vmware.log", true)]
    [InlineData("vmware-12.log", true)]
    [InlineData("VMWARE.LOG", true)]
    [InlineData("vmkernel-zdump.1", false)]
    [InlineData("vmware.vmx", false)]
    [InlineData("hostd.log", false)]
    [InlineData("vmkernel.txt", false)]
    [InlineData("", false)]
    public void Log_names_are_told_from_others(string name, bool isLog) => Assert.Equal(isLog, LogFiles.IsLogName(name));

    [Fact]
    public void Rotations_come_in_the_order_in_which_they_were_written() =>
        Assert.Equal(
            ["/l/vmkernel.10.gz", "/l/vmkernel.2.gz", "/l/vmkernel.1.gz", "/l/vmkernel.0.gz", "/l/vmkernel.log"],
            LogFiles.InOrder(["/l/vmkernel.0.gz", "/l/vmkernel.1.gz", "/l/vmkernel.10.gz", "/l/vmkernel.2.gz", "/l/vmkernel.log"]));

    [Fact]
    public void Numbers_behind_a_dash_rise_with_time() =>
        Assert.Equal(
            ["vmware-2.log", "vmware-3.log", "vmware-10.log", "vmware.log"],
            LogFiles.InOrder(["vmware-10.log", "vmware-2.log", "vmware.log", "vmware-3.log"]));

    [Fact]
    public void Different_logs_stay_in_the_order_given() =>
        Assert.Equal(
            ["/b/vmkernel.1", "/b/vmkernel.log", "/a/vmkernel.log", "/a/notes.txt"],
            LogFiles.InOrder(["/b/vmkernel.log", "/a/vmkernel.log", "/b/vmkernel.1", "/a/notes.txt"]));

    [Fact]
    public void Folders_are_searched_to_the_bottom_but_not_in_circles()
    {
        using var folder = new TemporaryFolder();
        folder.Write("vmkernel.log", []);
        folder.Write("vmkernel.1.gz", []);
        folder.Write("readme.txt", []);
        folder.Write("vms/db/vmware.log", []);
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "vms", "loop"), folder.Path);
        Assert.Equal(
            ["vmkernel.1.gz", "vmkernel.log", "vms/db/vmware.log"],
            LogFiles.Find(folder.Path).Select(path => Path.GetRelativePath(folder.Path, path).Replace('\\', '/')));
    }

    [Fact]
    public void A_missing_folder_is_named() =>
        Assert.Equal("InputNotFound", Assert.Throws<PassthruException>(() => LogFiles.Find("/no/such/folder")).ErrorId);
}
