namespace PassthroughTools.Shell;

/// <summary>Entry point of <c>passthru</c>.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        // The engine would report its start to its maker. It must be told before its first type is touched.
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        InvariantEnglish.Use();
        return Session.Run(args);
    }
}
