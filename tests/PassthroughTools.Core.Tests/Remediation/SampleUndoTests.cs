using System.Globalization;
using System.Text;
using PassthroughTools.Journal;
using PassthroughTools.Planning;
using PassthroughTools.Registry;
using PassthroughTools.Remediation;
using PassthroughTools.Tests.IO;
using PassthroughTools.Vectors;
using PassthroughTools.Vmx;

namespace PassthroughTools.Tests.Remediation;

/// <summary>A plan that is applied to a copy of a sample and undone by another process's eyes leaves the same bytes.</summary>
public sealed class SampleUndoTests : IDisposable
{
    private const string MsiKey = @"\Device Parameters\Interrupt Management\MessageSignaledInterruptProperties\";

    private readonly TestFolder _folder = new(inMemory: true);

    public static TheoryData<string> Configurations => Samples.Named("*.vmx");

    public static TheoryData<string> Exports => Samples.Named("guest-pci.reg");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Configurations))]
    public void A_vmx_has_its_bytes_back(string sample) => ApplyAndUndoVmx(Samples.Text(sample));

    [Theory]
    [MemberData(nameof(Configurations))]
    public void A_vmx_with_CRLF_has_its_bytes_back(string sample) => ApplyAndUndoVmx(Samples.Text(sample).Replace("\n", "\r\n", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Configurations))]
    public void A_vmx_without_a_final_line_end_has_its_bytes_back(string sample) => ApplyAndUndoVmx(Samples.Text(sample).TrimEnd('\n'));

    [Theory]
    [MemberData(nameof(Configurations))]
    public void A_vmx_without_quotation_marks_and_blanks_has_its_bytes_back(string sample) =>
        ApplyAndUndoVmx(Samples.Text(sample).Replace(" = ", "=", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Exports))]
    public void An_export_has_its_bytes_back_whatever_was_there_before(string sample)
    {
        var original = Samples.Bytes(sample);
        var file = _folder["guest-pci.reg"];
        File.WriteAllBytes(file, original);
        var settings = GuestMsiReader.Read(RegDocument.Parse(original));
        var steps = settings.SelectMany(setting => new[]
        {
            Step(file, SettingKind.GuestRegistry, setting.KeyPath + MsiKey + "MSISupported", setting.MsiSupported is { } on ? (on ? "1" : "0") : null, setting.MsiSupported == false ? "1" : "0"),
            Step(file, SettingKind.GuestRegistry, setting.KeyPath + MsiKey + "MessageNumberLimit", setting.MessageNumberLimit?.ToString(CultureInfo.InvariantCulture), setting.MessageNumberLimit == 2 ? "4" : "2"),
        }).ToList();

        var run = Apply(steps);

        // Every case is in the samples: a value that is there, one that is not, a key that is not, and all keys down to it missing.
        Assert.Contains(settings, setting => setting.MsiSupported is not null);
        Assert.Contains(run.Steps, step => step.Target.Key.EndsWith(@"Properties\", StringComparison.Ordinal));
        Assert.Contains(run.Steps, step => step.Target.Key.EndsWith(@"Device Parameters\", StringComparison.Ordinal));
        Assert.All(GuestMsiReader.Read(RegDocument.Load(file)), setting => Assert.NotNull(setting.MessageNumberLimit));
        Undo(run);
        Assert.Equal(original, File.ReadAllBytes(file));
    }

    [Theory]
    [MemberData(nameof(Exports))]
    public void Every_kind_of_value_of_an_export_is_restored_as_it_was_written(string sample)
    {
        var original = Samples.Bytes(sample);
        var file = _folder["guest-pci.reg"];
        File.WriteAllBytes(file, original);
        var actuator = new RegFileActuator();
        var values = RegDocument.Parse(original).Keys.SelectMany(key => key.Values).Where(value => value.Name.Length > 0)
            .GroupBy(value => (value.Data!.Type, value.Data.Bytes.Count)).Select(group => group.First()).ToList();
        foreach (var value in values)
        {
            var target = new SettingTarget { Kind = RegFileActuator.KindName, Container = file, Key = value.KeyPath + "\\" + value.Name };
            var before = actuator.Read(target);
            var ours = SettingValue.Of("dword:00000abc");
            actuator.Write(target, ours, before);
            Assert.Equal(ours, actuator.Read(target));
            actuator.Write(target, before, ours);
            Assert.True(original.AsSpan().SequenceEqual(File.ReadAllBytes(file)), value.ToString());
        }
    }

    private static RemediationStep Step(string file, SettingKind kind, string key, string? old, string value) => new()
    {
        VM = "vm", Action = PlanAction.IoApic, Kind = kind, Container = file, Key = key, OldValue = old, NewValue = value, Reason = "test",
    };

    private void ApplyAndUndoVmx(string text)
    {
        var original = Encoding.ASCII.GetBytes(text);
        var file = _folder["vm.vmx"];
        File.WriteAllBytes(file, original);
        var before = VmxDocument.Parse(original);
        var steps = before.Slots.Select(slot =>
        {
            var key = FormattableString.Invariant($"pciPassthru{slot.Slot}.msiEnabled");
            return Step(file, SettingKind.Vmx, key, before.Get(key), slot.MsiEnabled == false ? "TRUE" : "FALSE");
        }).ToList();

        var run = Apply(steps);

        Assert.Equal(steps.Count, run.Written);
        var after = VmxDocument.Load(file);
        Assert.All(steps, step => Assert.Equal(step.NewValue, after.Get(step.Key)));
        Undo(run);
        Assert.Equal(original, File.ReadAllBytes(file));
    }

    private RunResult Apply(List<RemediationStep> steps)
    {
        var budget = new HostVectorBudget { HostName = "host", Verdict = BudgetVerdict.Unknown, Pools = [], Devices = [], Reasons = [] };
        var plan = new RemediationPlan { Id = "plan", HostName = "host", Before = budget, After = budget, Steps = steps };
        var run = new RemediationRunner(new JournalStore(_folder["journal"])).Apply(plan);
        Assert.Empty(run.Errors);
        Assert.Equal(RunState.Completed, run.State);
        return run;
    }

    private void Undo(RunResult run)
    {
        var undone = new RemediationRunner(new JournalStore(_folder["journal"])).Undo(run.RunId!);
        Assert.Empty(undone.Errors);
        Assert.Equal(RunState.Undone, undone.State);
    }
}
