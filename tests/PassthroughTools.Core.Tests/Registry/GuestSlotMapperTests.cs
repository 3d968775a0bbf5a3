using PassthroughTools.Pci;
using PassthroughTools.Registry;
using PassthroughTools.Vmx;

namespace PassthroughTools.Tests.Registry;

public sealed class GuestSlotMapperTests
{
    [Fact]
    public void One_instance_and_one_slot_with_the_same_identifiers_belong_together()
    {
        var match = Assert.Single(GuestSlotMapper.Map([Guest(3)], [Slot(2)]).Slots);
        Assert.Equal(GuestSlotCertainty.Certain, match.Certainty);
        Assert.Equal(2, match.Setting?.Slot);
    }

    [Fact]
    public void Instances_with_the_same_settings_are_interchangeable()
    {
        var map = GuestSlotMapper.Map([Guest(3), Guest(11)], [Slot(0), Slot(1)]);
        Assert.All(map.Slots, match => Assert.True(match is { AreSettingsCertain: true, Setting: null, Certainty: GuestSlotCertainty.Interchangeable }));
    }

    [Fact]
    public void Instances_with_different_settings_are_taken_in_the_order_of_their_buses()
    {
        var map = GuestSlotMapper.Map([Guest(11, limit: 8), Guest(3, limit: 4)], [Slot(0), Slot(1)]);
        Assert.Equal([4, 8], map.Slots.Select(match => match.Setting?.MessageNumberLimit));
        Assert.All(map.Slots, match => Assert.True(match is { AreSettingsCertain: false, Certainty: GuestSlotCertainty.Inferred }));
    }

    [Fact]
    public void Slots_whose_places_contradict_their_numbers_are_ambiguous() =>
        All(GuestSlotCertainty.Ambiguous, [Guest(3, limit: 4), Guest(11, limit: 8)], [Slot(0, place: 192), Slot(1, place: 160)]);

    [Fact]
    public void Instances_without_a_location_are_ambiguous() =>
        All(GuestSlotCertainty.Ambiguous, [Guest(null, limit: 4), Guest(11, limit: 8)], [Slot(0), Slot(1)]);

    [Fact]
    public void Leftover_instances_with_other_settings_make_a_slot_ambiguous() =>
        All(GuestSlotCertainty.Ambiguous, [Guest(3, limit: 4), Guest(11, limit: 8)], [Slot(0)]);

    [Fact]
    public void Leftover_instances_with_the_same_settings_do_no_harm() =>
        All(GuestSlotCertainty.Interchangeable, [Guest(3), Guest(11)], [Slot(0)]);

    [Fact]
    public void Fewer_instances_than_slots_are_ambiguous() => All(GuestSlotCertainty.Ambiguous, [Guest(3)], [Slot(0), Slot(1)]);

    [Fact]
    public void Settings_that_could_not_be_read_are_not_the_same() =>
        All(GuestSlotCertainty.Ambiguous, [Guest(3) with { Unreadable = ["MSISupported"] }, Guest(null)], [Slot(0), Slot(1)]);

    [Fact]
    public void A_slot_that_does_not_name_its_device_makes_the_others_less_certain()
    {
        var map = GuestSlotMapper.Map([Guest(3)], [Slot(0), new PassthruSlot { Slot = 1, Kind = PassthruSlotKind.Unknown }]);
        Assert.Equal([GuestSlotCertainty.Inferred, GuestSlotCertainty.None], map.Slots.Select(match => match.Certainty));
    }

    [Fact]
    public void A_virtual_function_does_not_make_the_others_less_certain()
    {
        var map = GuestSlotMapper.Map([Guest(3)], [Slot(0), new PassthruSlot { Slot = 28, Kind = PassthruSlotKind.SriovVf }]);
        Assert.Equal(GuestSlotCertainty.Certain, map.Slots[0].Certainty);
    }

    [Fact]
    public void A_slot_that_is_not_present_gets_no_device()
    {
        var map = GuestSlotMapper.Map([Guest(3)], [Slot(0) with { Present = false }]);
        Assert.Equal(GuestSlotCertainty.None, Assert.Single(map.Slots).Certainty);
        Assert.Single(map.Unmatched);
    }

    [Fact]
    public void Emulated_devices_belong_to_no_slot()
    {
        var emulated = Guest(0) with { VendorId = 0x15ad, DeviceId = 0x07a0 };
        var map = GuestSlotMapper.Map([Guest(3), emulated], [Slot(0)]);
        Assert.Same(emulated, Assert.Single(map.Unmatched));
    }

    [Fact]
    public void A_slot_whose_device_the_guest_does_not_know_gets_none() => All(GuestSlotCertainty.None, [], [Slot(0)]);

    [Fact]
    public void The_same_place_on_both_sides_is_certain_whatever_the_order()
    {
        var numbered = GuestSlotMapper.Number([At("a", "16.0/00.0", 4), At("b", "15.0/00.0", 8)], [Slot(0) with { GuestPath = "15.0/00.0" }, Slot(1) with { GuestPath = "16.0/00.0" }]);
        Assert.Equal([1, 0], numbered.Select(setting => setting.Slot));
        Assert.All(numbered, setting => Assert.Contains("pciSlotNumber", setting.SlotNote));
    }

    [Fact]
    public void Places_that_contradict_each_other_name_no_slot_even_for_one_device_and_one_slot()
    {
        var setting = Assert.Single(GuestSlotMapper.Number([At("a", "16.0/00.0")], [Slot(0) with { GuestPath = "15.0/00.0" }]));
        Assert.Equal((null, true), (setting.Slot, setting.SlotNote!.Contains("places", StringComparison.Ordinal)));
    }

    [Fact]
    public void Two_slots_with_one_place_name_nothing() =>
        Assert.All(GuestSlotMapper.Number([At("a", "16.0/00.0", 4), At("b", "15.0/00.0", 8)], [Slot(0) with { GuestPath = "16.0/00.0" }, Slot(1) with { GuestPath = "16.0/00.0" }]), setting => Assert.Null(setting.Slot));

    [Fact]
    public void A_place_that_another_kind_of_device_has_names_nothing()
    {
        var other = Slot(1) with { DeviceId = 0xe200, GuestPath = "16.0/00.0" };
        Assert.Null(Assert.Single(GuestSlotMapper.Number([At("a", "16.0/00.0")], [Slot(0) with { GuestPath = "15.0/00.0" }, other])).Slot);
    }

    [Fact]
    public void A_device_that_is_gone_does_not_take_the_place_of_the_one_that_is_there()
    {
        var numbered = GuestSlotMapper.Number([At("gone", "16.0/00.0") with { IsPresent = false }, At("here", "16.0/00.0")], [Slot(3) with { GuestPath = "16.0/00.0" }]);
        Assert.Equal([null, 3], numbered.Select(setting => setting.Slot));
    }

    [Fact]
    public void A_slot_whose_own_number_is_a_guess_names_none() =>
        Assert.Null(Assert.Single(GuestSlotMapper.Number([At("a", "16.0/00.0")], [Slot(0) with { GuestPath = "16.0/00.0", IsSlotInferred = true }])).Slot);

    [Fact]
    public void Without_slots_nothing_is_said_of_them()
    {
        var setting = Assert.Single(GuestSlotMapper.Number([At("a", "16.0/00.0")], null));
        Assert.Equal((null, null), (setting.Slot, setting.SlotNote));
    }

    [Fact]
    public void Instances_of_one_kind_that_can_not_be_told_apart_have_no_slot_and_the_reason()
    {
        var numbered = GuestSlotMapper.Number([Guest(3), Guest(11)], [Slot(0), Slot(1)]);
        Assert.All(numbered, setting => Assert.Equal((null, "2 instances in the guest and 2 slots have 10df:f100, all with the same settings"), (setting.Slot, setting.SlotNote)));
    }

    private static GuestMsiSetting At(string instance, string path, int? limit = null) => Guest(null, limit) with { InstanceId = @"PCI\VEN_10DF&DEV_F100\" + instance, BusPath = path };

    private static void All(GuestSlotCertainty certainty, GuestMsiSetting[] settings, PassthruSlot[] slots)
    {
        var map = GuestSlotMapper.Map(settings, slots);
        Assert.All(map.Slots, match => Assert.Equal((certainty, null), (match.Certainty, match.Setting)));
    }

    private static GuestMsiSetting Guest(int? bus, int? limit = null) => new()
    {
        InstanceId = $@"PCI\VEN_10DF&DEV_F100\{bus}",
        VendorId = 0x10df,
        DeviceId = 0xf100,
        MessageNumberLimit = limit,
        GuestLocation = bus is { } number ? new PciAddress(0, number, 0, 0) : null,
    };

    private static PassthruSlot Slot(int number, int? place = null) =>
        new() { Slot = number, Kind = PassthruSlotKind.Passthrough, VendorId = 0x10df, DeviceId = 0xf100, PciSlotNumber = place };
}
