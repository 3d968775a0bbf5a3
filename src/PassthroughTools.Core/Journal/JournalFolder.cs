namespace PassthroughTools.Journal;

/// <summary>Where journals live when nobody says otherwise.</summary>
public static class JournalFolder
{
    private const string UnixName = "passthroughtools";

    /// <summary>
    /// <c>%ProgramData%\PassthroughTools\Journal</c> on Windows; <c>/var/lib/passthroughtools</c> for root elsewhere, else
    /// <c>$XDG_STATE_HOME/passthroughtools</c> or <c>~/.local/state/passthroughtools</c>.
    /// </summary>
    public static string Default => Path.DirectorySeparatorChar == '\\'
        ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "PassthroughTools", "Journal")
        : ForUnix(IsRoot, Environment.GetEnvironmentVariable("XDG_STATE_HOME"), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    internal static string ForUnix(bool isRoot, string? stateHome, string home)
    {
        if (isRoot) return "/var/lib/" + UnixName;

        // The XDG specification says that a relative path is to be ignored.
        var root = stateHome is ['/', ..] ? stateHome : Path.Combine(home, ".local", "state");
        return Path.Combine(root, UnixName);
    }

#if NET8_0_OR_GREATER
    private static bool IsRoot => Environment.IsPrivilegedProcess;
#else
    private static bool IsRoot => Environment.UserName == "root";
#endif
}
