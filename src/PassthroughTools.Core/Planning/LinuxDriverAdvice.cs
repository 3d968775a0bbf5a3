namespace PassthroughTools.Planning;

/// <summary>How a Linux guest's driver is told to ask for fewer vectors. Advice only: nothing here edits a Linux guest.</summary>
public static class LinuxDriverAdvice
{
    /// <summary>Advice for a VM's devices of one vendor, in words.</summary>
    /// <param name="vm">Virtual machine.</param>
    /// <param name="vendor">Vendor identifier of the devices.</param>
    public static string For(string vm, ushort? vendor)
    {
        var parameter = vendor switch
        {
            0x10df => "lpfc: lpfc_use_msi=0 (INTx) or 1 (MSI), lpfc_irq_chann and lpfc_hdw_queue for fewer MSI-X vectors",
            0x1077 => "qla2xxx: ql2xenablemsix=2 (MSI) or 0 (INTx)",
            0x1000 => "mpt3sas (mpt2sas): max_msix_vectors=N, or msix_disable=1",
            0x15b3 => "mlx4: msi_x=N; mlx5: NUM_PF_MSIX in the adapter's firmware (mlxconfig)",
            0x8086 => "i40e, ice and nvme follow the number of CPUs: give the VM fewer vCPUs; ice has devlink's msix_vec_per_pf_max from kernel 6.14 on",
            _ => "the driver's own parameter; many drivers follow the number of vCPUs",
        };
        return FormattableString.Invariant($"{vm} (Linux) is not edited here. Its drivers can be told to ask for less: {parameter}. pci=nomsi takes MSI from the whole guest and is the last resort.");
    }
}
