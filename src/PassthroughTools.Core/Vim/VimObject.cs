namespace PassthroughTools.Vim;

/// <summary>A managed object as it was retrieved: some of its properties, or the reason why there are none.</summary>
/// <param name="Reference">Which object.</param>
/// <param name="Properties">What was asked for, as far as the server gave it.</param>
public sealed record VimObject(ManagedObject Reference, VimData Properties)
{
    /// <summary>
    /// Properties that the server refused, by the path that was asked for: <see cref="VimErrors.NoPermission"/>, <see cref="VimErrors.ObjectGone"/> …
    /// A property that is merely not set is in neither.
    /// </summary>
    public IReadOnlyDictionary<string, PassthruException> Refused { get; init; } = new Dictionary<string, PassthruException>();
}
