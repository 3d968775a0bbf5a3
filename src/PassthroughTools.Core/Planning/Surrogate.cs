namespace PassthroughTools.Planning;

/// <summary>
/// A non-negative combination of a stage's bounds. Every plan that keeps the bounds keeps the combination, so what breaks it can be
/// discarded; with the multipliers of the Lagrangian dual it is as strong as the linear relaxation. All in integers: rounding the
/// multipliers makes it weaker, never wrong.
/// </summary>
/// <param name="Weights">Weight of each bounded figure.</param>
/// <param name="CostWeight">Weight of the cost.</param>
internal sealed record Surrogate(long[] Weights, long CostWeight)
{
    /// <summary>The same for the next stage, where the cost has become the last of the bounded figures.</summary>
    internal Surrogate Next() => new([.. Weights, CostWeight], 0);
}
