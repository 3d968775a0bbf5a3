namespace PassthroughTools.Evidence;

/// <summary>Errors about evidence folders.</summary>
public static class EvidenceErrors
{
    /// <summary>The folder holds nothing that evidence consists of.</summary>
    public static readonly ErrorDefinition Empty = new(
        "EvidenceNotFound", ErrorKind.ObjectNotFound,
        "'{0}' holds no evidence of a host.",
        "A host's folder holds host.json, vmkernel.log, vsish-vectorList.txt, esxcli-hardware-pci-list.txt and the like, each as the command printed it; see about_PassthroughTools. A folder of such folders and a vm-support bundle are read as well.");

    /// <summary>A JSON file of the evidence is not what it should be.</summary>
    public static readonly ErrorDefinition BadJson = new(
        "EvidenceJsonInvalid", ErrorKind.InvalidData,
        "'{0}' is not a JSON object as expected: {1}",
        "Correct the file or remove it; host.json holds name, version, build, logicalCpus and collectedAt, vm.json holds name, powerState and guestId.");

    /// <summary>The file was written by a later version.</summary>
    public static readonly ErrorDefinition NewerSchema = new(
        "EvidenceSchemaNewer", ErrorKind.InvalidData,
        "'{0}' has schema version {1}; this version reads up to {2}.",
        "Update PassthroughTools.");
}
