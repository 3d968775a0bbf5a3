using CsCheck;
using PassthroughTools.Pci;

namespace PassthroughTools.Tests.Pci;

public sealed class PciAddressTests
{
    private static readonly Gen<PciAddress> Address =
        Gen.Select(Gen.Int[0, 0xffff], Gen.Int[0, 0xff], Gen.Int[0, 0x1f], Gen.Int[0, 7], (segment, bus, device, function) => new PciAddress(segment, bus, device, function));

    [Theory]
    [InlineData(PciAddressNotation.Hexadecimal, "0000:08:00.0", 0, 8, 0, 0)]
    [InlineData(PciAddressNotation.Hexadecimal, "0000:AF:1F.7", 0, 0xaf, 0x1f, 7)]
    [InlineData(PciAddressNotation.Hexadecimal, "af:00.1", 0, 0xaf, 0, 1)]
    [InlineData(PciAddressNotation.Hexadecimal, "02:00.00", 0, 2, 0, 0)]
    [InlineData(PciAddressNotation.Hexadecimal, " 0001:10:02.3 ", 1, 0x10, 2, 3)]
    [InlineData(PciAddressNotation.Log, "000:008:00.0", 0, 8, 0, 0)]
    [InlineData(PciAddressNotation.Log, "000:175:31.7", 0, 175, 31, 7)]
    [InlineData(PciAddressNotation.Log, "008:00.1", 0, 8, 0, 1)]
    [InlineData(PciAddressNotation.Log, "000:10:00.0", 0, 10, 0, 0)]
    [InlineData(PciAddressNotation.Log, "130:00.1", 0, 130, 0, 1)]
    [InlineData(PciAddressNotation.Log, "00000:013:00.0", 0, 13, 0, 0)]
    [InlineData(PciAddressNotation.Log, "0000:af:00.0", 0, 0xaf, 0, 0)]
    [InlineData(PciAddressNotation.Log, "0000:10:00.0", 0, 0x10, 0, 0)]
    [InlineData(PciAddressNotation.Log, "10:00.0", 0, 0x10, 0, 0)]
    [InlineData(PciAddressNotation.Log, "0:8:0.0", 0, 8, 0, 0)]
    [InlineData(PciAddressNotation.Vmx, "00000:026:01.2", 0, 26, 1, 2)]
    [InlineData(PciAddressNotation.Vmx, "00000:013:00.0", 0, 13, 0, 0)]
    [InlineData(PciAddressNotation.Vmx, "06:00.0", 0, 6, 0, 0)]
    [InlineData(PciAddressNotation.Vmx, "12:00.0", 0, 12, 0, 0)]
    [InlineData(PciAddressNotation.Vmx, "130:00.0", 0, 130, 0, 0)]
    [InlineData(PciAddressNotation.Vmx, "0:66:0.0", 0, 66, 0, 0)]
    [InlineData(PciAddressNotation.EsxcliParent, "PCI 0:174:0:0", 0, 174, 0, 0)]
    [InlineData(PciAddressNotation.EsxcliParent, "PCI 0:175:0:2", 0, 175, 0, 2)]
    [InlineData(PciAddressNotation.EsxConf, "000:11.0", 0, 0, 11, 0)]
    [InlineData(PciAddressNotation.EsxConf, "0000:00:31.2", 0, 0, 31, 2)]
    [InlineData(PciAddressNotation.ApiFault, "97:0.0", 0, 97, 0, 0)]
    public void An_address_is_read_in_the_base_of_its_source(PciAddressNotation notation, string text, int segment, int bus, int device, int function)
    {
        Assert.True(PciAddress.TryParse(text, notation, out var address));
        Assert.Equal(new PciAddress(segment, bus, device, function), address);
    }

    [Theory]
    [InlineData(PciAddressNotation.Hexadecimal, null)]
    [InlineData(PciAddressNotation.Hexadecimal, "")]
    [InlineData(PciAddressNotation.Hexadecimal, "08")]
    [InlineData(PciAddressNotation.Hexadecimal, "08:00")]
    [InlineData(PciAddressNotation.Hexadecimal, ":00.0")]
    [InlineData(PciAddressNotation.Hexadecimal, ":08:00.0")]
    [InlineData(PciAddressNotation.Hexadecimal, "0000:08:00.")]
    [InlineData(PciAddressNotation.Hexadecimal, "0:0000:08:00.0")]
    [InlineData(PciAddressNotation.Hexadecimal, "0000:0g:00.0")]
    [InlineData(PciAddressNotation.Hexadecimal, "000:008:00.0")] // three-digit bus: a decimal notation
    [InlineData(PciAddressNotation.Hexadecimal, "00000:08:00.0")] // five-digit segment: a .vmx
    [InlineData(PciAddressNotation.Hexadecimal, "0000:08:00.8")]
    [InlineData(PciAddressNotation.Hexadecimal, "0000:08:20.0")]
    [InlineData(PciAddressNotation.Log, "000:0af:00.0")]
    [InlineData(PciAddressNotation.Log, "256:00.0")]
    [InlineData(PciAddressNotation.Log, "97:0.0")] // two digits without the usual two of the device: 97 or 0x97
    [InlineData(PciAddressNotation.Log, "vf_name")]
    [InlineData(PciAddressNotation.Vmx, "0000:0d:00.0")]
    [InlineData(PciAddressNotation.Vmx, "00000:256:00.0")]
    [InlineData(PciAddressNotation.Vmx, "00000:013:32.0")]
    [InlineData(PciAddressNotation.Vmx, "65536:013:00.0")]
    [InlineData(PciAddressNotation.EsxcliParent, "PCI 174:0:0")]
    [InlineData(PciAddressNotation.EsxcliParent, "PCI 0:174:0.0")]
    [InlineData(PciAddressNotation.EsxConf, "000:1f.0")]
    [InlineData(PciAddressNotation.ApiFault, "6a:0.0")]
    public void What_is_no_address_in_its_notation_is_refused(PciAddressNotation notation, string? text) =>
        Assert.False(PciAddress.TryParse(text, notation, out _));

    [Theory]
    [InlineData("0000:08:00.x", "PciAddressInvalid")]
    [InlineData("000:008:00.0", "PciAddressInvalid")]
    [InlineData("0000:08:20.0", "PciAddressOutOfRange")]
    public void A_refusal_names_the_error_and_the_form_expected(string text, string errorId)
    {
        var error = Assert.Throws<PassthruException>(() => PciAddress.Parse(text));
        Assert.Equal((errorId, text), (error.ErrorId, error.Target));
        Assert.Contains("0000:af:00.0", error.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0000:0d:00.0", true)]
    [InlineData("0d:00.0", true)]
    [InlineData("0000:08:00.0", true)]
    [InlineData("00000:01a:00.0", true)]
    [InlineData("0000:08:1f.2", true)]
    [InlineData("00000:013:00.0", false)]
    [InlineData("06:00.0", false)]
    [InlineData("130:00.0", false)]
    [InlineData("0:66:0.0", false)]
    [InlineData("0000:130:00.0", false)]
    [InlineData("none", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_hexadecimal_id_in_a_vmx_is_told_from_a_decimal_one(string? text, bool expected) =>
        Assert.Equal(expected, PciAddress.LooksHexadecimalInVmx(text));

    [Fact]
    public void Every_notation_reads_back_what_was_written() => Address.Sample(address =>
    {
        Assert.Equal(address, PciAddress.Parse(address.ToString()));
        Assert.Equal(address, PciAddress.Parse(address.ToString().ToUpperInvariant()));
        Assert.Equal(address, PciAddress.Parse(address.ToString(), PciAddressNotation.Log));
        Assert.Equal(address, PciAddress.Parse(address.ToVmxString(), PciAddressNotation.Vmx));
        Assert.Equal(address, PciAddress.Parse(address.ToVmxString(), PciAddressNotation.Log));
        Assert.Equal(address, PciAddress.Parse(address.ToEsxConfString(), PciAddressNotation.EsxConf));
        Assert.Equal(address, PciAddress.Parse($"PCI {address.Segment}:{address.Bus}:{address.Device}:{address.Function}", PciAddressNotation.EsxcliParent));
        Assert.Equal(address with { Segment = 0 }, PciAddress.Parse($"{address.Bus}:{address.Device}.{address.Function}", PciAddressNotation.ApiFault));
        Assert.Equal(address with { Segment = 0 }, PciAddress.Parse($"{address.Bus:d3}:{address.Device:d2}.{address.Function}", PciAddressNotation.Log));
    });

    [Fact]
    public void A_written_vmx_id_never_looks_hexadecimal() =>
        Address.Sample(address => Assert.False(PciAddress.LooksHexadecimalInVmx(address.ToVmxString())));

    [Fact]
    public void Any_text_is_an_address_or_is_refused_without_an_exception() =>
        Gen.Select(Gen.String["0123456789abcdefgPCI:. "], Gen.Int[0, 5]).Sample((text, notation) =>
        {
            if (!PciAddress.TryParse(text, (PciAddressNotation)notation, out var address)) return;
            Assert.InRange(address.Segment, 0, 0xffff);
            Assert.InRange(address.Bus, 0, 0xff);
            Assert.InRange(address.Device, 0, 0x1f);
            Assert.InRange(address.Function, 0, 7);
        });

    [Fact]
    public void Addresses_order_as_their_printed_form_does() => Gen.Select(Address, Address).Sample((left, right) =>
    {
        Assert.Equal(Math.Sign(string.CompareOrdinal(left.ToString(), right.ToString())), Math.Sign(left.CompareTo(right)));
        Assert.Equal(left.CompareTo(right), left.CompareTo((object)right));
        Assert.Equal(left == right, left.CompareTo(right) == 0);
    });

    [Theory]
    [InlineData(0, 13, 0, 0, "00000:013:00.0", "0000:13:00.0", "0000:0d:00.0")]
    [InlineData(1, 175, 31, 7, "00001:175:31.7", "0001:175:31.7", "0001:af:1f.7")]
    public void An_address_prints_as_each_file_writes_it(int segment, int bus, int device, int function, string vmx, string esxConf, string text)
    {
        var address = new PciAddress(segment, bus, device, function);
        Assert.Equal((vmx, esxConf, text), (address.ToVmxString(), address.ToEsxConfString(), address.ToString()));
    }
}
