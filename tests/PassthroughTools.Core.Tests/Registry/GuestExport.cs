using System.Text;
using PassthroughTools.Registry;

namespace PassthroughTools.Tests.Registry;

/// <summary>Exports of a guest with one adapter.</summary>
internal static class GuestExport
{
    public const string InstanceId = @"PCI\VEN_10DF&DEV_F100&SUBSYS_F10010DF&REV_03\4&1f7dbc9f&0&00A8";

    public const string Key = @"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Enum\" + InstanceId;

    public const string MsiKey = Key + @"\Device Parameters\Interrupt Management\MessageSignaledInterruptProperties";

    public static RegDocument Raw(string text) =>
        RegDocument.Parse([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(("Windows Registry Editor Version 5.00\n\n" + text).ReplaceLineEndings("\r\n"))], "guest.reg");

    public static RegDocument Parse(string instance = "", string? msi = null, string? affinity = null, string more = "")
    {
        var text = $"[{Key}]\n{instance}\n\n[{Key}\\Device Parameters]\n\n";
        if (msi is not null || affinity is not null) text += $"[{Key}\\Device Parameters\\Interrupt Management]\n\n";
        if (affinity is not null) text += $"[{Key}\\Device Parameters\\Interrupt Management\\Affinity Policy]\n{affinity}\n\n";
        if (msi is not null) text += $"[{MsiKey}]\n{msi}\n\n";
        return Raw(text + more);
    }

    public static PassthruException Refused(string errorId, Action action)
    {
        var exception = Assert.Throws<PassthruException>(action);
        Assert.Equal(errorId, exception.ErrorId);
        return exception;
    }
}
