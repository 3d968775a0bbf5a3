namespace PassthroughTools.Pci;

/// <summary>Where an address was written: that decides whether its numbers are decimal or hexadecimal.</summary>
public enum PciAddressNotation
{
    /// <summary><c>ssss:bb:dd.f</c> or <c>bb:dd.f</c> in hexadecimal: esxcli, lspci (4.x writes <c>02:00.00</c>), the vSphere API's HostPciDevice.id.</summary>
    Hexadecimal,

    /// <summary>
    /// vmkernel and vmware logs: <c>000:008:00.0</c> and <c>008:00.1</c> (three-digit bus or segment) are decimal, <c>0000:af:00.0</c> and
    /// <c>af:00.0</c> are hexadecimal. That three digits mean decimal is inferred from the same form in a .vmx and in esx.conf.
    /// Any other shape is an address only where both bases agree.
    /// </summary>
    Log,

    /// <summary><c>pciPassthruN.id</c> of a .vmx: decimal, <c>00000:026:01.2</c>, <c>130:00.0</c> or <c>0:66:0.0</c>.</summary>
    Vmx,

    /// <summary>esxcli's Parent and Dependent Device: decimal, <c>PCI 0:174:0:0</c>.</summary>
    EsxcliParent,

    /// <summary><c>/etc/vmware/esx.conf</c>: decimal, <c>000:11.0</c> (bus:device.function) or <c>0000:00:31.2</c>.</summary>
    EsxConf,

    /// <summary>The words of a vSphere API fault: decimal, <c>97:0.0</c>.</summary>
    ApiFault,
}
