namespace PassthroughTools.Benchmarks;

/// <summary>The messages as one extended regular expression that grep -E, rg and .NET read alike: what an admin without the module would search for.</summary>
internal static class LogPattern
{
    private const string SourceLine = "([A-Za-z0-9_]+:)?[0-9]+: ";

    /// <summary>The alternation.</summary>
    public static string Text { get; } = string.Join('|',
        "IntrVector: " + SourceLine + "Out of interrupt vectors",
        "MSI: " + SourceLine + "Couldn't allocate a vector number [0-9]+ for device [^ ]+",
        "MSI: " + SourceLine + "[^ ]+ Allocated vector 0x[0-9a-f]+ on CPU [0-9]+ for index [0-9]+",
        "MSI: " + SourceLine + "[^ ]+ MSIX? interrupts numDesired [0-9]+, numRequired [0-9]+",
        "MSI: " + SourceLine + "control: 0x[0-9a-f]+, table size: [0-9]+",
        "MSI: " + SourceLine + "Disabling vector 0x[0-9a-f]+ index 0x[0-9a-f]+ on dev [^ ]+",
        "VMKPCIPassthru: " + SourceLine + "Failed to allocate [0-9]+ (MSIX?|INTx) vectors",
        "VMKPCIPassthru: " + SourceLine + "BDF = [^ ]+ intrType = [0-9]+ numVectors: [0-9]+",
        "VMK_PCI: " + SourceLine + "(device )?[^ ]+ failed to allocate [0-9]+ MSIX? vectors",
        "VMK_PCI: " + SourceLine + "(device )?[^ ]+ allocated [0-9]+ MSIX? interrupts?",
        "IntrCookie: " + SourceLine + "Freeing [0-9]+ cookie\\(s\\) for device [^ ]+",
        "IntrCookie: " + SourceLine + "Interrupt received on invalid vector \\(cpu [0-9]+, vector [0-9]+\\)",
        "Unable to find a free interrupt number",
        "failed to register interrupt",
        "Enable MSIX with zero vector programmed",
        "PCIPassthru: total number of pages needed \\([0-9]+\\) exceeds limit \\([0-9]+\\)",
        "PCIPassthru: Device [^ ]+ barIndex [0-9] type [0-9] realaddr 0x[0-9a-f]+ size [0-9]+",
        "PCIPassthru: [0-9]+: pcip[Dd]evInfo(\\(|: )0x[0-9a-f]+\\)? ?(allocated for |\\()[0-9a-f:.]+",
        "PCI passthru device [^ ]+ caused an IOMMU fault type [0-9]+",
        "IOMMU Fault IOMMU Unit",
        "Interrupt allocation failed with ",
        "MSIX enabled for dev ",
        "TSC: [0-9]+ cpu0:[0-9]+\\)");
}
