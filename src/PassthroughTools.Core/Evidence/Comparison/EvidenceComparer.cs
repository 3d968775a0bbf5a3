using System.Globalization;
using PassthroughTools.Host;
using PassthroughTools.Vectors;

namespace PassthroughTools.Evidence.Comparison;

/// <summary>Says what changed between two collections of a host. What only one of them could read is named as a file and not taken for a change.</summary>
public static class EvidenceComparer
{
    /// <summary>Compares two collections.</summary>
    /// <param name="reference">The earlier one.</param>
    /// <param name="difference">The later one.</param>
    /// <returns>The differences by area and name; none when equal. When the evidence was collected, and what the logs say, is not compared.</returns>
    public static IReadOnlyList<EvidenceDifference> Compare(HostEvidence reference, HostEvidence difference)
    {
        var before = Facts.Of(reference);
        var after = Facts.Of(difference);
        var found = new List<EvidenceDifference>();
        foreach (var key in before.Keys.Concat(after.Keys.Where(key => !before.Has(key))))
        {
            var (was, isNow) = (before.Find(key), after.Find(key));
            var scope = (was ?? isNow)!.Scope;
            if (!before.Knows(scope) || !after.Knows(scope) || string.Equals(was?.Value, isNow?.Value, StringComparison.Ordinal)) continue;

            // A device that is gone is one difference, not one for each of its properties.
            if ((was ?? isNow)!.Parent is { } parent && before.Has((key.Area, parent)) != after.Has((key.Area, parent))) continue;
            found.Add(new EvidenceDifference
            {
                HostName = reference.HostName,
                Area = key.Area,
                Name = key.Name,
                Reference = was?.Value,
                Difference = isNow?.Value,
                Change = was?.Value is null ? EvidenceChange.Added : isNow?.Value is null ? EvidenceChange.Removed : EvidenceChange.Changed,
            });
        }

        return [.. found.OrderBy(each => each.Area).ThenBy(each => each.Name, StringComparer.OrdinalIgnoreCase)];
    }

    private sealed record Fact(string Scope, string? Parent, string? Value);

    /// <summary>All that is compared of one collection, flat. A scope is what one file tells: a collection without the file knows nothing of it.</summary>
    private sealed class Facts
    {
        private const string Always = "";
        private readonly Dictionary<(EvidenceArea Area, string Name), Fact> _facts = [];
        private readonly HashSet<string> _scopes = new(StringComparer.OrdinalIgnoreCase) { Always };

        public IEnumerable<(EvidenceArea Area, string Name)> Keys => _facts.Keys;

        public bool Knows(string scope) => _scopes.Contains(scope);

        public bool Has((EvidenceArea Area, string Name) key) => _facts.ContainsKey(key);

        public Fact? Find((EvidenceArea Area, string Name) key) => _facts.TryGetValue(key, out var fact) ? fact : null;

        public static Facts Of(HostEvidence host)
        {
            var facts = new Facts();
            facts.Add(EvidenceArea.Version, "ESXi", host.Version is { } version ? version + (version.Build is { } build ? Text($" build {build}") : "") : null);
            facts.Add(EvidenceArea.Version, "Logical CPUs", Text(host.LogicalCpus));
            facts.AddHost(host);
            facts.AddVMs(host);
            facts.AddBudget(host);
            foreach (var file in host.Files.Where(file => file.Status != EvidenceFileStatus.Missing)) facts.Add(EvidenceArea.File, file.Name, file.Status.ToString());
            return facts;
        }

        private void AddHost(HostEvidence host)
        {
            foreach (var setting in Scoped(host.KernelSettings, EvidenceLayout.KernelListName))
            {
                Add(EvidenceArea.Setting, setting.Name + " configured", Lower(setting.Configured), scope: EvidenceLayout.KernelListName);
                Add(EvidenceArea.Setting, setting.Name + " runtime", Lower(setting.Runtime), scope: EvidenceLayout.KernelListName);
            }

            foreach (var device in Scoped(host.PciDevices, EvidenceLayout.PciListName)) AddDevice(device);
            foreach (var device in Scoped(host.PassthruDevices, EvidenceLayout.PassthruListName))
                Add(EvidenceArea.Device, device.Address + " passthrough enabled", device.Enabled.ToString(), scope: EvidenceLayout.PassthruListName);
            foreach (var space in Scoped(host.ConfigSpaces, EvidenceLayout.ConfigSpaceName))
                Add(EvidenceArea.Device, space.Address + " MSI-X table size", Text(space.MsiXTableSize), scope: EvidenceLayout.ConfigSpaceName);
        }

        private void AddDevice(EsxcliPciDevice device)
        {
            var name = device.Address.ToString();
            Add(EvidenceArea.Device, name, Text($"{device.VendorId:x4}:{device.DeviceId:x4} {device.DeviceName}").TrimEnd(), scope: EvidenceLayout.PciListName);
            void Property(string property, string? value) => Add(EvidenceArea.Device, name + " " + property, value, name, EvidenceLayout.PciListName);
            Property("configured owner", device.ConfiguredOwner.ToString());
            Property("current owner", device.CurrentOwner.ToString());
            Property("passthrough capable", device.PassthruCapable?.ToString());
            Property("vmkernel name", device.VMkernelName);
            Property("reset method", device.ResetMethod);
            if (device.ModuleName is { } module && !string.Equals(module, "None", StringComparison.OrdinalIgnoreCase)) Add(EvidenceArea.Driver, name, module, scope: EvidenceLayout.PciListName);
        }

        private void AddVMs(HostEvidence host)
        {
            foreach (var vm in Scoped(host.VMs, EvidenceLayout.VMFolder))
            {
                Add(EvidenceArea.VM, vm.Name, "present", scope: EvidenceLayout.VMFolder);
                Add(EvidenceArea.VM, vm.Name + " power state", vm.PowerState.ToString(), vm.Name, EvidenceLayout.VMFolder);
                Add(EvidenceArea.VM, vm.Name + " guest", vm.GuestOS, vm.Name, EvidenceLayout.VMFolder);
                Add(EvidenceArea.VM, vm.Name + " hardware version", Text(vm.HardwareVersion), vm.Name, EvidenceLayout.VMFolder);
                var scope = vm.Name + "/slots";
                foreach (var slot in Scoped(vm.Slots, scope))
                {
                    var name = Text($"{vm.Name} pciPassthru{slot.Slot}");
                    Add(EvidenceArea.Slot, name, slot.Address?.ToString() ?? slot.IdText ?? "no address", scope: scope);
                    Add(EvidenceArea.Slot, name + " present", slot.Present.ToString(), name, scope);
                    Add(EvidenceArea.Slot, name + " kind", slot.Kind.ToString(), name, scope);
                    Add(EvidenceArea.Slot, name + " device", Text($"{slot.VendorId:x4}:{slot.DeviceId:x4}"), name, scope);
                    Add(EvidenceArea.Slot, name + " msiEnabled", slot.MsiEnabled?.ToString(), name, scope);
                }

                scope = vm.Name + "/guest";
                foreach (var setting in Scoped(vm.GuestSettings, scope))
                {
                    var name = vm.Name + " " + setting.InstanceId;
                    Add(EvidenceArea.GuestSetting, name, setting.Device ?? "present", scope: scope);
                    Add(EvidenceArea.GuestSetting, name + " MSISupported", setting.MsiSupported?.ToString(), name, scope);
                    Add(EvidenceArea.GuestSetting, name + " MessageNumberLimit", Text(setting.MessageNumberLimit), name, scope);
                    Add(EvidenceArea.GuestSetting, name + " DevicePriority", Text(setting.DevicePriority), name, scope);
                    Add(EvidenceArea.GuestSetting, name + " DevicePolicy", Text(setting.AffinityPolicy), name, scope);
                }
            }
        }

        private void AddBudget(HostEvidence host)
        {
            var budget = BudgetCalculator.Compute(host);
            Add(EvidenceArea.Verdict, "Verdict", budget.Verdict.ToString());
            foreach (var pool in budget.Pools)
            {
                var name = pool.Pool.ToString();
                Add(EvidenceArea.Pool, name, pool.Verdict.ToString());
                Add(EvidenceArea.Pool, name + " capacity", Text(pool.Capacity), name);
                Add(EvidenceArea.Pool, name + " host use", Text(pool.HostUse), name);
                Add(EvidenceArea.Pool, name + " demand", Text(pool.Demand), name);
            }

            foreach (var device in budget.Devices)
            {
                var name = device.VM is null ? Text($"{device.Address}") : Text($"{device.VM} pciPassthru{device.Slot}");
                Add(EvidenceArea.Demand, name, Text($"{device.Demand?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} ({device.PhysicalMode}{(device.IsCounted ? "" : ", not counted")})"));
            }
        }

        private IEnumerable<T> Scoped<T>(IReadOnlyList<T>? items, string scope)
        {
            if (items is null) return [];
            _scopes.Add(scope);
            return items;
        }

        private void Add(EvidenceArea area, string name, string? value, string? parent = null, string scope = Always)
        {
            // An address, an instance or a name that is there twice is compared one by one, in order.
            var key = (area, name);
            for (var n = 2; _facts.ContainsKey(key); n++) key = (area, Text($"{name} ({n})"));
            _facts[key] = new Fact(scope, parent, value);
        }

        // ESXi 5.x prints "true" in one place and "TRUE" in another.
        private static string? Lower(string? text) => string.Equals(text, "true", StringComparison.OrdinalIgnoreCase) || string.Equals(text, "false", StringComparison.OrdinalIgnoreCase) ? text!.ToUpperInvariant() : text;

        private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);

        private static string Text(FormattableString text) => FormattableString.Invariant(text);
    }
}
