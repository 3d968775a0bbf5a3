using System.Text;
using PassthroughTools.Vmx;

namespace PassthroughTools.Tests.Vmx;

public sealed class VmxConfigurationTests
{
    [Theory]
    [InlineData("windows7srv-64", GuestFamily.Windows)]
    [InlineData("windows2019srv-64", GuestFamily.Windows)]
    [InlineData("windows9-64", GuestFamily.Windows)]
    [InlineData("winnetenterprise-64", GuestFamily.Windows)]
    [InlineData("longhorn-64", GuestFamily.Windows)]
    [InlineData("windows7Server64Guest", GuestFamily.Windows)]
    [InlineData("winLonghorn64Guest", GuestFamily.Windows)]
    [InlineData("rhel7-64", GuestFamily.Linux)]
    [InlineData("rhel6_64Guest", GuestFamily.Linux)]
    [InlineData("ubuntu-64", GuestFamily.Linux)]
    [InlineData("sles12-64", GuestFamily.Linux)]
    [InlineData("centos8_64Guest", GuestFamily.Linux)]
    [InlineData("other3xlinux-64", GuestFamily.Linux)]
    [InlineData("other26xLinux64Guest", GuestFamily.Linux)]
    [InlineData("oraclelinux7-64", GuestFamily.Linux)]
    [InlineData("vmware-photon-64", GuestFamily.Linux)]
    [InlineData("vmkernel65", GuestFamily.Other)]
    [InlineData("vmkernel6Guest", GuestFamily.Other)]
    [InlineData("freebsd-64", GuestFamily.Other)]
    [InlineData("darwin19_64Guest", GuestFamily.Other)]
    [InlineData("solaris11-64", GuestFamily.Other)]
    [InlineData("other-64", GuestFamily.Unknown)]
    [InlineData("otherGuest64", GuestFamily.Unknown)]
    [InlineData("", GuestFamily.Unknown)]
    [InlineData(null, GuestFamily.Unknown)]
    public void The_family_follows_from_the_guests_identifier(string? guestOS, GuestFamily family) =>
        Assert.Equal(family, GuestFamilies.FromGuestOS(guestOS));

    [Fact]
    public void A_configuration_says_what_the_file_says()
    {
        var configuration = From(
            """
            .encoding = "UTF-8"
            displayName = "SQL |22one|22"
            guestOS = "windows7srv-64"
            virtualHW.version = "8"
            memSize = "4096"
            sched.mem.min = "4096"
            uuid.bios = "56 4d"
            pciPassthru0.id = "008:00.0"
            """);
        Assert.Equal("SQL \"one\"", configuration.VM);
        Assert.Equal(GuestFamily.Windows, configuration.GuestFamily);
        Assert.Equal(8, configuration.HardwareVersion);
        Assert.Equal("56 4d", configuration.Uuid);
        Assert.Equal("4096", configuration.Settings["MEMSIZE"]);
        Assert.Equal(".encoding", configuration.Settings.Keys.Cast<string>().First());
        Assert.True(configuration.IsMemoryReserved);
        Assert.Single(configuration.Slots);
    }

    [Theory]
    [InlineData("memSize = \"4096\"\nsched.mem.min = \"2048\"", false)]
    [InlineData("memSize = \"4096\"\nsched.mem.pin = \"TRUE\"", true)]
    [InlineData("memSize = \"4096\"", null)]
    [InlineData("sched.mem.min = \"2048\"", null)]
    public void Whether_memory_is_reserved_is_known_or_unknown(string text, bool? expected) => Assert.Equal(expected, From(text).IsMemoryReserved);

    [Fact]
    public void A_file_without_a_display_name_is_called_by_its_file() => Assert.Equal("web01", From("memSize = \"1\"").VM);

    [Fact]
    public void What_the_tools_reported_stands_in_for_a_guest_called_other() =>
        Assert.Equal(GuestFamily.Linux, From("guestOS = \"other-64\"\nguestInfo.detailed.data = \"bitness='64' familyName='Linux' prettyName='x'\"").GuestFamily);

    [Fact]
    public void Contradicting_reports_of_the_guest_make_its_family_unknown()
    {
        var configuration = From("guestOS = \"windows9-64\"\nguestInfo.detailed.data = \"familyName='Linux'\"");
        Assert.Equal(GuestFamily.Unknown, configuration.GuestFamily);
        Assert.Single(configuration.Warnings);
    }

    [Fact]
    public void Of_a_contradicted_setting_nothing_is_concluded() => Assert.Null(From("memSize = \"1\"\nmemsize = \"2\"").MemoryMB);

    [Fact]
    public void An_encrypted_file_says_so()
    {
        var configuration = From("encryption.keySafe = \"x\"\nencryption.data = \"y\"");
        Assert.True(configuration.IsEncrypted);
        Assert.Single(configuration.Warnings);
    }

    private static VmxConfiguration From(string text) => VmxConfiguration.From(VmxDocument.Parse(Encoding.UTF8.GetBytes(text), "folder/web01.vmx"));
}
