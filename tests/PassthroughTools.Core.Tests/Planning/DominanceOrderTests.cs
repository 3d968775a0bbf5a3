using CsCheck;
using PassthroughTools.Planning;

namespace PassthroughTools.Tests.Planning;

public sealed class DominanceOrderTests
{
    private const int Columns = 5;
    private const int Tag = 3;

    private static readonly Gen<long[]> Rows = Gen.Select(Gen.Long[0, 3], Gen.Long[0, 12], Gen.Long[0, 30], Gen.Long[0, 1], Gen.Long[0, 40])
        .Select((a, b, c, tag, cost) => new[] { a, b, c, tag, cost }).Array[60, 120].Select(rows => rows.SelectMany(row => row).ToArray());

    [Fact]
    public void What_is_left_out_has_a_better_among_what_stays() => Rows.Sample(rows =>
    {
        var kept = Order(rows).ToHashSet();
        return Enumerable.Range(0, rows.Length / Columns).All(state => kept.Contains(state) || kept.Any(better => NoWorse(rows, better, state)));
    });

    [Fact]
    public void Of_states_that_agree_in_the_narrow_columns_only_the_best_stay() => Rows.Sample(rows =>
    {
        var kept = Order(rows);
        return !kept.Any(state => kept.Any(better => better != state && rows[better * Columns] == rows[state * Columns] && NoWorse(rows, better, state)));
    });

    // Column 0 is the narrow one; rows that happen to vary in too few columns are no test of the order.
    private static int[] Order(long[] rows) =>
        DominanceOrder.Of(rows, rows.Length / Columns, Columns, Columns, Tag)?.NotDominated() ?? [.. Enumerable.Range(0, rows.Length / Columns).Where(i => !Enumerable.Range(0, i).Any(j => NoWorse(rows, j, i)))];

    private static bool NoWorse(long[] rows, int a, int b) =>
        rows[(a * Columns) + Tag] == rows[(b * Columns) + Tag] && Enumerable.Range(0, Columns).All(c => rows[(a * Columns) + c] <= rows[(b * Columns) + c]);
}
