namespace PassthroughTools;

/// <summary>Errors about objects of vSphere servers that were piped in or named.</summary>
public static class LiveErrors
{
    /// <summary>Several servers are connected, and the object does not say which it is from.</summary>
    public static readonly ErrorDefinition ServerAmbiguous = new(
        "VSphereServerAmbiguous", ErrorKind.InvalidArgument,
        "'{0}' does not tell its server, and {1} servers are connected.",
        "Choose one with -Server.");

    /// <summary>A host's record that came back from another session holds nothing to read the host from again.</summary>
    public static readonly ErrorDefinition CannotRebuild = new(
        "EvidenceNotRebuildable", ErrorKind.InvalidData,
        "'{0}' is evidence that was serialised, and can't be turned back: neither its server nor its folder is known here.",
        "Run the next cmdlet where the evidence was read, or send the folder (Export-PassthruEvidence) instead of the object.");

    /// <summary>A command of PowerCLI is needed and is not there.</summary>
    public static readonly ErrorDefinition PowerCliMissing = new(
        "PowerCliNotInstalled", ErrorKind.NotInstalled,
        "PowerCLI's command {0} is not to be found.",
        "Install it with 'Install-Module VCF.PowerCLI' or 'Install-Module VMware.PowerCLI' and connect with Connect-VIServer; or connect with Connect-PassthruVIServer, which needs no PowerCLI.");

    /// <summary>PowerCLI lacks a type or a member that it had.</summary>
    public static readonly ErrorDefinition PowerCliUnknown = new(
        "PowerCliUnknown", ErrorKind.InvalidOperation,
        "PowerCLI's {0} has no {1}, which is needed for {2}.",
        "This version of PowerCLI is not known here. Connect with Connect-PassthruVIServer instead.");
}
