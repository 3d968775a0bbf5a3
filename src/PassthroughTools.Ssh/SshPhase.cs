namespace PassthroughTools.Ssh;

/// <summary>What a connection is doing: named in errors and in the progress.</summary>
internal static class SshPhase
{
    public const string Connect = "connecting";
    public const string Handshake = "handshake";
    public const string Authenticate = "authentication";

    public static string Command(string text) => "command '" + text + "'";
}
