using System.Management.Automation;
using PassthroughTools.Planning;
using PassthroughTools.PowerCli;

namespace PassthroughTools;

/// <summary>A plan, or one that came back from a file or another session. PowerShell converts to it by the constructor.</summary>
public sealed class PlanReference
{
    private const string Deserialized = "Deserialized.";

    /// <summary>Wraps the value that was given.</summary>
    /// <param name="value">A plan of New-PassthruRemediationPlan.</param>
    public PlanReference(object value) => Value = value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;

    /// <summary>The value, unwrapped.</summary>
    public object Value { get; }

    /// <summary>The steps that change settings of guests; of other steps nothing is wanted.</summary>
    /// <exception cref="PassthruException"><see cref="PlanReferenceErrors.NotAPlan"/> or <see cref="PlanReferenceErrors.StepsLost"/>.</exception>
    internal IReadOnlyList<RemediationStep> GuestSteps()
    {
        if (Value is RemediationPlan plan) return [.. plan.Steps.Where(step => step.Kind == SettingKind.GuestRegistry)];
        if (Value is not PSObject record || !record.TypeNames.Contains(Deserialized + typeof(RemediationPlan).FullName)) throw PlanReferenceErrors.NotAPlan.For(Value, Value, Value.GetType().Name);
        var steps = new List<RemediationStep>();
        foreach (var item in PowerCliData.Enumerate(record.Properties[nameof(RemediationPlan.Steps)]?.Value))
        {
            var step = PSObject.AsPSObject(item);
            if (Text(step, nameof(RemediationStep.Kind)) is not { } kind || !Enum.TryParse<SettingKind>(kind, out var parsed)) throw PlanReferenceErrors.StepsLost.For(Value, this);
            if (parsed != SettingKind.GuestRegistry) continue;
            steps.Add(new RemediationStep
            {
                VM = Text(step, nameof(RemediationStep.VM)) ?? "",
                Action = Enum.TryParse<PlanAction>(Text(step, nameof(RemediationStep.Action)), out var action) ? action : PlanAction.Keep,
                Kind = parsed,
                Container = Text(step, nameof(RemediationStep.Container)) ?? throw PlanReferenceErrors.StepsLost.For(Value, this),
                Key = Text(step, nameof(RemediationStep.Key)) ?? throw PlanReferenceErrors.StepsLost.For(Value, this),
                OldValue = Text(step, nameof(RemediationStep.OldValue)),
                NewValue = Text(step, nameof(RemediationStep.NewValue)),
                Reason = "",
            });
        }

        return steps;
    }

    /// <inheritdoc/>
    public override string ToString() => Value is PSObject record ? Text(record, nameof(RemediationPlan.Id)) ?? "" : Value.ToString() ?? "";

    private static string? Text(PSObject record, string name) => record.Properties[name]?.Value?.ToString();
}
