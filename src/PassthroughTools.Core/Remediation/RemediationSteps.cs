using System.Globalization;
using PassthroughTools.Guests;
using PassthroughTools.Journal;
using PassthroughTools.Planning;
using PassthroughTools.Registry;
using PassthroughTools.Vim;
using PassthroughTools.Vmx;

namespace PassthroughTools.Remediation;

/// <summary>From the steps of a plan to those of a run: what is where now, in the spelling of its place.</summary>
/// <param name="actuators">Who reads which kind of setting.</param>
/// <param name="power">Names the brackets of live VMs; null where there are none.</param>
internal sealed class RemediationSteps(IReadOnlyList<ISettingActuator> actuators, VMPowerCycle? power)
{
    private readonly Dictionary<VimTarget, string> _brackets = [];

    /// <summary>Steps of a run.</summary>
    /// <param name="plan">Plan.</param>
    /// <exception cref="PassthruException">A file is not there, a guest or a server can't be asked.</exception>
    public List<RunStep> Of(RemediationPlan plan)
    {
        var steps = new List<RunStep>();
        var documents = new Dictionary<string, RegDocument>(StringComparer.Ordinal);
        var created = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var step in plan.Steps)
        {
            if (GuestTarget.IsGuest(step.Container))
            {
                steps.AddRange(GuestRunSteps.For(step, created).Select(one => one with { Barrier = BracketOf(step) }));
                continue;
            }

            if (VimTarget.TryParse(step.Container) is { } vm)
            {
                steps.Add(Live(step, vm));
                continue;
            }

            if (!File.Exists(step.Container)) throw RemediationOutcomeErrors.NotApplicable.For(plan, plan.HostName, step.Container);
            if (step.Kind == SettingKind.Vmx)
            {
                steps.Add(new RunStep
                {
                    Target = Target(VmxFileActuator.KindName, step, step.Key),
                    Value = Value(step.NewValue),
                    Expected = Expected(step, VmxDocument.Load(step.Container)),
                });
                continue;
            }

            if (!documents.TryGetValue(step.Container, out var document)) documents[step.Container] = document = RegDocument.Load(step.Container);
            steps.AddRange(MissingKeys(step, document, created));
            steps.Add(new RunStep
            {
                Target = Target(RegFileActuator.KindName, step, step.Key),
                Value = Dword(step.NewValue),
                Expected = Expected(step, document),
            });
        }

        return steps;
    }

    private RunStep Live(RemediationStep step, VimTarget vm)
    {
        var target = new SettingTarget { Kind = VimSettingActuator.KindName, Container = vm.ToString(), Key = step.Key, Display = Display(step) };
        var actuator = actuators.FirstOrDefault(each => each.Kind == target.Kind) ?? throw JournalErrors.ActuatorMissing.For(target, target, target.Kind);

        // In the server's own spelling: true and TRUE are the same value to the plan.
        var now = actuator.Read(target);
        var isSame = string.Equals(now.Text, step.OldValue, StringComparison.OrdinalIgnoreCase);
        return new RunStep { Target = target, Value = Value(step.NewValue), Expected = isSame ? now : Value(step.OldValue), Barrier = BracketOf(step) };
    }

    /// <summary>One bracket for all steps of a VM, so that it goes down once.</summary>
    private string? BracketOf(RemediationStep step)
    {
        if (power is null || VimTarget.TryParse(step.VMPlace) is not { } vm) return null;
        if (!_brackets.TryGetValue(vm, out var name)) _brackets[vm] = name = power.NameFor(vm);
        return name;
    }

    private static SettingValue Value(string? text) => text is null ? SettingValue.Absent : SettingValue.Of(text);

    private static string Display(RemediationStep step) => step.Device is { } device ? step.VM + " " + device : step.VM;

    /// <summary>A key that is created is a step of its own, so that undo removes it again and the file has its old bytes.</summary>
    private static IEnumerable<RunStep> MissingKeys(RemediationStep step, RegDocument document, HashSet<string> created)
    {
        var parts = step.Key.Split('\\');
        for (var n = 1; n < parts.Length; n++)
        {
            var key = string.Join("\\", parts.Take(n));
            if (document.ContainsKey(key) || !parts.Take(n).Contains("Enum", StringComparer.OrdinalIgnoreCase) || !created.Add(step.Container + "|" + key)) continue;
            yield return new RunStep { Target = Target(RegFileActuator.KindName, step, key + "\\"), Value = SettingValue.Of(RegFileActuator.KeyExists), Expected = SettingValue.Absent };
        }
    }

    /// <summary>What the plan saw, in the file's own spelling: <c>true</c> and <c>TRUE</c> are the same value to the plan.</summary>
    private static SettingValue Expected(RemediationStep step, VmxDocument document)
    {
        if (step.OldValue is not { } old) return SettingValue.Absent;
        return SettingValue.Of(document.Get(step.Key) is { } text && string.Equals(text, old, StringComparison.OrdinalIgnoreCase) ? text : old);
    }

    /// <summary>What the plan saw. A number that is kept in another type is the same value to the plan; the journal keeps it exactly.</summary>
    private static SettingValue Expected(RemediationStep step, RegDocument document)
    {
        if (step.OldValue is null) return SettingValue.Absent;
        var cut = step.Key.LastIndexOf('\\');
        var data = document.GetValue(step.Key.Substring(0, cut), step.Key.Substring(cut + 1));
        var isSame = data is not null && (data.AsNumber()?.ToString(CultureInfo.InvariantCulture) ?? data.AsText()) == step.OldValue;
        return isSame ? RegFileActuator.ValueOf(data) : Dword(step.OldValue);
    }

    private static SettingTarget Target(string kind, RemediationStep step, string key) => new()
    {
        Kind = kind, Container = Path.GetFullPath(step.Container), Key = key, Display = Display(step),
    };

    private static SettingValue Dword(string? number) =>
        number is null ? SettingValue.Absent : RegFileActuator.ValueOf(RegData.Dword(uint.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture)));
}
