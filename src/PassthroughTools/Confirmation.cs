using System.Management.Automation;

namespace PassthroughTools;

/// <summary>ShouldProcess for cmdlets that must tell a refusal from -WhatIf, since the latter has a projection to write.</summary>
internal static class Confirmation
{
    /// <summary>Asks as ShouldProcess(target, action) does, in the same words.</summary>
    /// <param name="cmdlet">The cmdlet that asks.</param>
    /// <param name="target">What is changed.</param>
    /// <param name="action">How it is changed.</param>
    public static Answer Ask(this PSCmdlet cmdlet, string target, string action)
    {
        var words = $"Performing the operation \"{action}\" on target \"{target}\".";
        if (cmdlet.ShouldProcess(words, "Are you sure you want to perform this action?\n" + words, "Confirm", out var reason)) return Answer.Yes;
        return reason.HasFlag(ShouldProcessReason.WhatIf) ? Answer.WhatIf : Answer.No;
    }
}

/// <summary>What came of asking.</summary>
internal enum Answer
{
    /// <summary>Not to be done.</summary>
    No,

    /// <summary>To be done.</summary>
    Yes,

    /// <summary>To be shown only.</summary>
    WhatIf,
}
