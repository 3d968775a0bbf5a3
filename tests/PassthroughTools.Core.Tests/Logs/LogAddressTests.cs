using CsCheck;
using PassthroughTools.Logs;
using PassthroughTools.Pci;

namespace PassthroughTools.Tests.Logs;

public sealed class LogAddressTests
{
    [Theory]
    [InlineData("000:008:00.0", 0, 8, 0, 0)]
    [InlineData("008:00.1", 0, 8, 0, 1)]
    [InlineData("000:175:31.7", 0, 175, 31, 7)]
    [InlineData("001:010:00.0", 1, 10, 0, 0)]
    [InlineData("00000:026:01.2", 0, 26, 1, 2)]
    public void A_three_digit_bus_is_decimal(string text, int segment, int bus, int device, int function)
    {
        Assert.True(LogAddress.TryParse(text, out var address));
        Assert.Equal(new PciAddress(segment, bus, device, function), address);
    }

    [Theory]
    [InlineData("0000:af:00.0", 0, 0xaf, 0, 0)]
    [InlineData("0000:10:1f.2", 0, 0x10, 0x1f, 2)]
    [InlineData("ffff:FF:1F.7", 0xffff, 0xff, 0x1f, 7)]
    [InlineData("4b:00.0", 0, 0x4b, 0, 0)]
    public void A_two_digit_bus_is_hexadecimal(string text, int segment, int bus, int device, int function)
    {
        Assert.True(LogAddress.TryParse(text, out var address));
        Assert.Equal(new PciAddress(segment, bus, device, function), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("vf_name")]
    [InlineData("xxxx:xx:xx.x")]
    [InlineData("000:0af:00.0")]    // three digits that are not decimal
    [InlineData("000:256:00.0")]    // no such bus
    [InlineData("0000:af:20.0")]    // no such device
    [InlineData("000:008:32.0")]
    [InlineData("0000:af:00.8")]
    [InlineData("0000:af:00")]
    [InlineData("0000:af.0")]
    [InlineData("0:66:0.0")]        // hand-written in a .vmx; either base would be a guess
    [InlineData("97:0.0")]
    [InlineData("0000:af:00.0:")]
    [InlineData("1:0000:af:00.0")]
    [InlineData(" 0000:af:00.0")]
    [InlineData("pci#s00000321:00.01#0")]
    public void What_is_no_address_is_refused(string text) => Assert.False(LogAddress.TryParse(text, out _));

    [Fact]
    public void Every_address_survives_both_notations() =>
        Gen.Select(Gen.Int[0, 0xffff], Gen.Int[0, 255], Gen.Int[0, 31], Gen.Int[0, 7]).Sample((segment, bus, device, function) =>
        {
            var address = new PciAddress(segment, bus, device, function);
            Assert.True(LogAddress.TryParse(address.ToString(), out var hexadecimal));
            Assert.Equal(address, hexadecimal);
            Assert.True(LogAddress.TryParse($"{bus:d3}:{device:d2}.{function}", out var @decimal));
            Assert.Equal(address with { Segment = 0 }, @decimal);
        });

    [Fact]
    public void No_text_makes_it_throw() => Gen.String.Sample(text => { _ = LogAddress.TryParse(text, out _); });
}
