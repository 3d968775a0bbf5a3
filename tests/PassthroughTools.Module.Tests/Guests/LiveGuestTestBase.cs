using PassthroughTools.Tests.Guests;

namespace PassthroughTools.Tests;

/// <summary>Running Windows guests: real registries under Wine, the real engine in each, VMware Tools between.</summary>
public abstract class LiveGuestTestBase : IClassFixture<WineGuests>, IClassFixture<ModuleSession>, IDisposable
{
    private protected const string Hba = @"VEN_10DF&DEV_F100&SUBSYS_F10010DF&REV_03\";
    private protected const string Odd = @"VEN_1AF4&DEV_1000&SUBSYS_00011AF4&REV_00\3&1&0&18";
    private protected const string Hostile = "4&$(1+1)`n;'&%PATH%\u202Egnp&0";
    private protected const string Msi = @"\Device Parameters\Interrupt Management\MessageSignaledInterruptProperties";
    private const string Top = @"[HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\PCI\";

    private protected readonly WineGuests _wine;
    private protected readonly ModuleSession _session;
    private protected readonly WorkFolder _folder = new();
    private protected readonly ToolsStandIn _tools = new();

    private protected LiveGuestTestBase(WineGuests wine, ModuleSession session) => (_wine, _session) = (wine, session);

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected ModuleResult Run(string script, params object?[] arguments) => _session.Run(script, arguments);

    /// <summary>Guests with two ports each, one without any MSI key, and with a device whose values have odd types.</summary>
    private protected Dictionary<string, WineGuest> Guests(params string[] names)
    {
        foreach (var name in names)
        {
            var second = names.Length > 1 && name == names[1] ? Hostile : "4&2&0&00C0";
            _tools.Guests[name] = _wine.Create(
                "Windows Registry Editor Version 5.00\r\n\r\n"
                + Top + Hba + "4&1&0&00B8]\r\n\"DeviceDesc\"=\"@oem7.inf,%x%;Emulex LPe12000\"\r\n\"Class\"=\"SCSIAdapter\"\r\n\r\n"
                + Top + Hba + "4&1&0&00B8" + Msi + "]\r\n\"MSISupported\"=dword:00000001\r\n\r\n"
                + Top + Hba + second + "]\r\n\"DeviceDesc\"=\"\u202Eevil `$(x)\"\r\n\r\n"
                + (names.Length > 2 && name == names[2] ? "" : Top + Hba + second + Msi + "]\r\n\"MSISupported\"=dword:00000001\r\n\"MessageNumberLimit\"=hex(b):20,00,00,00,00,00,00,00\r\n\r\n")
                + Top + Odd + Msi + "]\r\n\"MSISupported\"=hex(0):01\r\n\"MessageNumberLimit\"=hex(5):00,00,00,04\r\n\"Other\"=hex(ffff0007):01,02,03,04\r\n\r\n");
        }

        _tools.Install(_session);
        return _tools.Guests;
    }
}
