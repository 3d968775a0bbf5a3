namespace System.Runtime.CompilerServices;

/// <summary>Marks a setter as <c>init</c>.</summary>
internal static class IsExternalInit;

/// <summary>Marks a <c>required</c> member and the types that have one.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Field | AttributeTargets.Property, Inherited = false)]
internal sealed class RequiredMemberAttribute : Attribute;

/// <summary>Keeps compilers that don't know a feature away from what needs it.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
internal sealed class CompilerFeatureRequiredAttribute(string featureName) : Attribute
{
    public string FeatureName => featureName;

    public bool IsOptional { get; init; }
}
