namespace PassthroughTools.Planning;

/// <summary>How a Linux guest's driver is told to ask for fewer vectors. Advice only: nothing here edits a Linux guest.</summary>
public static class LinuxDriverAdvice
{
    /// <summary>What to set for the devices of one vendor.</summary>
    /// <param name="vendor">Vendor identifier of the devices.</param>
    public static string Parameter(ushort? vendor) => vendor switch
    {
        0x10df => "lpfc: lpfc_use_msi=0 (INTx) or 1 (MSI), lpfc_irq_chann and lpfc_hdw_queue for fewer MSI-X vectors",
        0x1077 => "qla2xxx: ql2xenablemsix=2 (MSI) or 0 (INTx)",
        0x1000 => "mpt3sas (mpt2sas): max_msix_vectors=N, or msix_disable=1",
        0x15b3 => "mlx4: msi_x=N; mlx5: NUM_PF_MSIX in the adapter's firmware (mlxconfig)",
        0x8086 => "i40e, ice and nvme follow the number of CPUs: give the VM fewer vCPUs; ice has devlink's msix_vec_per_pf_max from kernel 6.14 on",
        _ => "the driver's own parameter; many drivers follow the number of vCPUs",
    };

    /// <summary>Advice for VMs whose devices need the same, in words.</summary>
    /// <param name="vms">Virtual machines.</param>
    /// <param name="parameter">What to set, as <see cref="Parameter"/> says.</param>
    public static string For(IEnumerable<string> vms, string parameter) =>
        FormattableString.Invariant($"Linux guests are not edited here ({string.Join(", ", vms)}). Their drivers can be told to ask for less: {parameter}. pci=nomsi takes MSI from the whole guest and is the last resort.");
}
