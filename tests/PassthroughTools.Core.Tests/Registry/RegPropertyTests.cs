using CsCheck;
using PassthroughTools.Registry;

namespace PassthroughTools.Tests.Registry;

public sealed class RegPropertyTests
{
    private const int Iterations = 1_500;

    private static readonly Gen<(string Path, string Name, RegData Data, int Action)> Change =
        Gen.Select(RegGen.Path, RegGen.Name, RegGen.Data, Gen.Int[0, 3]);

    [Fact]
    public void Any_bytes_come_back_unchanged() =>
        RegGen.Any.Sample(bytes => Assert.Equal(bytes, RegDocument.Parse(bytes).ToBytes()), iter: Iterations);

    [Fact]
    public void Any_value_is_read_as_it_was_written() =>
        Gen.Select(RegGen.Path, RegGen.Name, RegGen.Data).Sample(
            (path, name, data) =>
            {
                var document = RegDocument.Create();
                document.SetValue(path, name, data);
                var again = RegDocument.Parse(document.ToBytes());
                Assert.Equal(data, again.GetValue(path.ToUpperInvariant(), name));
                Assert.Empty(again.Warnings);
            },
            iter: Iterations);

    [Fact]
    public void Reading_and_editing_anything_throws_nothing_but_our_errors() =>
        Gen.Select(RegGen.Any, RegGen.Any, Change).Sample(
            (bytes, script, change) =>
            {
                var document = RegDocument.Parse(bytes);
                Ours(() => Act(document, change));
                Ours(() => GuestMsiReader.Read(document));
                Ours(() => document.Apply(RegDocument.Parse(script)));
                Ours(() => RegDocument.Parse(script).Inverse(document));
            },
            iter: Iterations);

    [Fact]
    public void Setting_a_value_changes_no_other_value() =>
        Gen.Select(RegGen.Export, RegGen.Path, RegGen.Name, RegGen.Data).Sample(
            (document, path, name, data) =>
            {
                var before = State(document);
                document.SetValue(path, name, data);
                before[(path + "\\@" + name).ToUpperInvariant()] = data;
                Assert.Equal(before, State(RegDocument.Parse(document.ToBytes())));
            },
            iter: Iterations);

    [Fact]
    public void Putting_the_earlier_values_back_gives_the_earlier_bytes() =>
        Gen.Select(RegGen.Export, Change.Array[1, 6]).Sample(
            (document, changes) =>
            {
                var bytes = document.ToBytes();
                var undo = new Stack<Action>();
                foreach (var (path, name, data, action) in changes)
                {
                    var old = document.GetValue(path, name);
                    if (old is null && !document.ContainsKey(path)) continue;
                    if (action == 0 ? document.RemoveValue(path, name) : document.SetValue(path, name, data))
                        undo.Push(() => _ = old is null ? document.RemoveValue(path, name) : document.SetValue(path, name, old));
                }

                foreach (var step in undo) step();
                Assert.Equal(bytes, document.ToBytes());
            },
            iter: Iterations);

    [Fact]
    public void A_script_and_its_inverse_give_the_earlier_bytes() =>
        Gen.Select(RegGen.Export, Change.Array[1, 6]).Sample(
            (document, changes) =>
            {
                var bytes = document.ToBytes();
                var script = RegDocument.Create();
                foreach (var change in changes.Where(change => change.Action != 3)) Act(script, change);
                var inverse = script.Inverse(document);
                document.Apply(script);
                document.Apply(RegDocument.Parse(inverse.ToBytes()));
                Assert.Equal(bytes, document.ToBytes());
            },
            iter: Iterations);

    [Fact]
    public void A_script_that_deletes_keys_is_undone_in_another_session_value_for_value() =>
        Gen.Select(RegGen.Export, Change.Array[1, 6]).Sample(
            (document, changes) =>
            {
                var before = State(document);
                var keys = KeySet(document);
                var script = RegDocument.Create();
                foreach (var change in changes) Act(script, change);
                var inverse = script.Inverse(document);
                document.Apply(script);
                var later = RegDocument.Parse(document.ToBytes());
                later.Apply(inverse);
                Assert.Equal(before, State(later));
                Assert.Equal(keys, KeySet(later));
            },
            iter: Iterations);

    private static void Act(RegDocument document, (string Path, string Name, RegData Data, int Action) change)
    {
        switch (change.Action)
        {
            case 0: document.MarkValueDeleted(change.Path, change.Name); break;
            case 3: document.MarkKeyDeleted(change.Path); break;
            default: document.SetValue(change.Path, change.Name, change.Data); break;
        }
    }

    private static void Ours(Action action)
    {
        try
        {
            action();
        }
        catch (PassthruException)
        {
            // refused by the catalogue: as it should be
        }
    }

    private static SortedDictionary<string, RegData> State(RegDocument document)
    {
        var state = new SortedDictionary<string, RegData>(StringComparer.Ordinal);
        foreach (var value in document.Root.Subtree().SelectMany(node => node.Values).Select(lines => lines[^1]))
            state[(value.KeyPath + "\\@" + value.Name).ToUpperInvariant()] = value.Data!;
        return state;
    }

    private static SortedSet<string> KeySet(RegDocument document) =>
        new(document.Root.Subtree().Where(node => node.IsExplicit).Select(node => node.Path.ToUpperInvariant()), StringComparer.Ordinal);
}
