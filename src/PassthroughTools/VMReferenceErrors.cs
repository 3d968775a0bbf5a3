namespace PassthroughTools;

/// <summary>Errors about what names a virtual machine.</summary>
public static class VMReferenceErrors
{
    /// <summary>The object is nothing that a virtual machine can be read from.</summary>
    public static readonly ErrorDefinition NotAVM = new(
        "VMNotRecognized", ErrorKind.InvalidArgument,
        "'{0}' ({1}) is neither a VM's record, nor the path of a .vmx, nor a VM of a vSphere server.",
        "Pipe a VM of Get-PassthruEvidence or PowerCLI, the output of ConvertFrom-Vmx or Get-VMPassthruMsiMode, or name a .vmx with -Path.");

    /// <summary>Several VMs have the name.</summary>
    public static readonly ErrorDefinition Ambiguous = new(
        "VMNameAmbiguous", ErrorKind.InvalidArgument,
        "Several VMs are called '{0}', on {1}; which is meant can't be told.",
        "Give the VM itself: one of the VMs of Get-PassthruEvidence, or PowerCLI's Get-VM. A pattern with wildcards stands for all that match.");

    /// <summary>The VM is known, its .vmx is not.</summary>
    public static readonly ErrorDefinition NoVmx = new(
        "VMVmxUnknown", ErrorKind.ObjectNotFound,
        "'{0}' was not read from a .vmx file.",
        "Add the VM's .vmx to its folder in the evidence, or name it with -Path.");
}
