namespace PassthroughTools.Findings;

/// <summary>Every rule there is. Identifiers go by area: 1 a VM's configuration, 2 the host, 3 logs, 4 guests, 5 budget and evidence.</summary>
public static class FindingRules
{
    /// <summary>All rules by identifier.</summary>
    public static IReadOnlyList<FindingRule> All { get; } =
    [
        new("PT1001", "HexadecimalAddress", AddressRules.HexadecimalAddress),
        new("PT1002", "AmbiguousAddress", AddressRules.AmbiguousAddress),
        new("PT1003", "AddressNotOnHost", AddressRules.AddressNotOnHost),
        new("PT1004", "DeviceChanged", AddressRules.DeviceChanged),
        new("PT1005", "DeviceInSeveralVMs", AddressRules.DeviceInSeveralVMs),
        new("PT1006", "DuplicateKey", VMRules.DuplicateKey),
        new("PT1007", "MemoryNotReserved", VMRules.MemoryNotReserved),
        new("PT1008", "UndocumentedVectorKey", VMRules.UndocumentedVectorKey),
        new("PT1009", "MsiEnabledWithoutEffect", VMRules.MsiEnabledWithoutEffect),
        new("PT1010", "MsiEnabledNotNeeded", VMRules.MsiEnabledNotNeeded),
        new("PT1011", "PowerStateUnknown", VMRules.PowerStateUnknown),
        new("PT1012", "ConfigurationUnknown", VMRules.ConfigurationUnknown),
        new("PT2001", "InterruptRemappingOff", HostRules.InterruptRemappingOff),
        new("PT2002", "SettingPending", HostRules.SettingPending),
        new("PT2003", "HostMsiDisabled", HostRules.HostMsiDisabled),
        new("PT2004", "CookieLimitLow", HostRules.CookieLimitLow),
        new("PT2005", "FirstMsixVectorChanged", HostRules.FirstMsixVectorChanged),
        new("PT2006", "DeviceUnused", HostRules.DeviceUnused),
        new("PT2007", "OwnerPending", HostRules.OwnerPending),
        new("PT3001", "ZeroVectorMsiX", LogRules.ZeroVectorMsiX),
        new("PT3002", "InvalidVectorWithoutRemapping", LogRules.InvalidVectorWithoutRemapping),
        new("PT3003", "MmioLimitExceeded", LogRules.MmioLimitExceeded),
        new("PT4001", "LegacyMsiEnabled", GuestRules.LegacyMsiEnabled),
        new("PT4002", "MsiSupportedAbsent", GuestRules.MsiSupportedAbsent),
        new("PT4003", "MsiSupportedOff", GuestRules.MsiSupportedOff),
        new("PT4004", "LimitAboveHardware", GuestRules.LimitAboveHardware),
        new("PT4005", "LimitExceededInLog", GuestRules.LimitExceededInLog),
        new("PT4006", "StaleInstances", GuestRules.StaleInstances),
        new("PT4007", "MissingInstances", GuestRules.MissingInstances),
        new("PT4008", "UnequalInstances", GuestRules.UnequalInstances),
        new("PT5001", "LogStartsAfterBoot", BudgetRules.LogStartsAfterBoot),
        new("PT5002", "WithinMaximaYetExceeded", BudgetRules.WithinMaximaYetExceeded),
        new("PT5003", "VirtualFunctionsCounted", BudgetRules.VirtualFunctionsCounted),
    ];

    /// <summary>The rules whose identifier or name fits a pattern.</summary>
    /// <param name="pattern">Pattern as the user gave it, for the error.</param>
    /// <param name="matches">Tells whether a text fits the pattern.</param>
    /// <exception cref="PassthruException"><see cref="FindingErrors.UnknownId"/> when none fits.</exception>
    public static IReadOnlyList<FindingRule> Matching(string pattern, Func<string, bool> matches)
    {
        var found = All.Where(rule => matches(rule.Id) || matches(rule.Name)).ToList();
        return found.Count > 0 ? found : throw FindingErrors.UnknownId.For(pattern, pattern);
    }
}
