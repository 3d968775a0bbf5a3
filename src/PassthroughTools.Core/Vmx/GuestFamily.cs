namespace PassthroughTools.Vmx;

/// <summary>Family of a guest's operating system: it decides who can change the driver's vectors, and how.</summary>
public enum GuestFamily
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Windows: the registry decides.</summary>
    Windows,

    /// <summary>Linux: driver parameters decide.</summary>
    Linux,

    /// <summary>Any other.</summary>
    Other,
}

/// <summary>Tells the family from a guest's identifier.</summary>
public static class GuestFamilies
{
    private static readonly string[] Windows = ["win", "longhorn", "whistler"];

    private static readonly string[] Linux =
    [
        "rhel", "redhat", "centos", "oraclelinux", "rocky", "alma", "fedora", "sles", "suse", "opensuse", "ubuntu", "debian", "asianux", "amazonlinux",
        "coreos", "vmware-photon", "vmwarephoton", "photon", "crxpod", "crxsys", "flatcar", "mandrake", "mandriva", "mint", "nld", "oes", "sjds", "turbolinux", "genericlinux",
    ];

    private static readonly string[] Others =
    [
        "vmkernel", "darwin", "freebsd", "solaris", "netware", "os2", "dos", "ecomstation", "unixware", "openserver",
    ];

    /// <summary>Family by <c>guestOS</c> of a .vmx (<c>windows7srv-64</c>) or the vSphere API's guestId (<c>windows7Server64Guest</c>).</summary>
    /// <param name="guestOS">Identifier; case does not matter.</param>
    /// <returns><see cref="GuestFamily.Unknown"/> also for "other", which an admin may choose for anything.</returns>
    public static GuestFamily FromGuestOS(string? guestOS)
    {
        var id = (guestOS ?? "").Trim().ToLowerInvariant();
        if (StartsWithAny(id, Windows)) return GuestFamily.Windows;
        if (StartsWithAny(id, Linux) || id.Contains("linux")) return GuestFamily.Linux;
        return StartsWithAny(id, Others) ? GuestFamily.Other : GuestFamily.Unknown;
    }

    /// <summary>Family by what VMware Tools reported (<c>guestInfo.detailed.data</c>, <c>guestOS.detailed.data</c>).</summary>
    /// <param name="detailedData">Words such as <c>familyName='Windows'</c>.</param>
    public static GuestFamily FromDetailedData(string? detailedData)
    {
        const string Mark = "familyname='";
        var text = (detailedData ?? "").ToLowerInvariant();
        var start = text.IndexOf(Mark, StringComparison.Ordinal);
        if (start < 0) return GuestFamily.Unknown;
        var name = text.Substring(start + Mark.Length);
        return name.StartsWith("windows", StringComparison.Ordinal) ? GuestFamily.Windows
            : name.StartsWith("linux", StringComparison.Ordinal) ? GuestFamily.Linux
            : GuestFamily.Unknown;
    }

    private static bool StartsWithAny(string id, string[] prefixes) => prefixes.Any(prefix => id.StartsWith(prefix, StringComparison.Ordinal));
}
