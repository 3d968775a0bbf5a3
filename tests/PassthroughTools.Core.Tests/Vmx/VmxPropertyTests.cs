using CsCheck;
using PassthroughTools.Text;
using PassthroughTools.Vmx;

namespace PassthroughTools.Tests.Vmx;

public sealed class VmxPropertyTests
{
    private const int Iterations = 5_000;

    [Fact]
    public void Any_bytes_come_back_unchanged() =>
        VmxGen.Any.Sample(bytes => Assert.Equal(bytes, VmxDocument.Parse(bytes).ToBytes()), iter: Iterations);

    [Fact]
    public void Reading_anything_throws_nothing_but_our_errors() =>
        VmxGen.Any.Sample(
            bytes =>
            {
                var document = VmxDocument.Parse(bytes);
                _ = document.Slots.Count + document.Warnings.Count + document.DuplicateKeys.Count;
                Ours(() => VmxConfiguration.From(document));
            },
            iter: Iterations);

    [Fact]
    public void Setting_a_key_changes_no_other_setting() =>
        Gen.Select(VmxGen.Any, VmxGen.Key, VmxGen.Value).Sample(
            (bytes, key, value) =>
            {
                var document = VmxDocument.Parse(bytes);
                if (key == ".encoding" || !Ours(() => document.Set(key, value))) return;
                var again = VmxDocument.Parse(document.ToBytes());
                Assert.Equal(value, again.Get(key));
                Assert.Equal(Others(VmxDocument.Parse(bytes), key), Others(again, key));
            },
            iter: Iterations);

    [Fact]
    public void Setting_a_key_touches_one_line_at_most() =>
        Gen.Select(VmxGen.Any, VmxGen.Key, VmxGen.Value).Sample(
            (bytes, key, value) =>
            {
                var document = VmxDocument.Parse(bytes);
                var isNew = !document.Contains(key);
                if (!Ours(() => document.Set(key, value))) return;
                var before = Lines(bytes);
                var after = Lines(document.ToBytes());
                Assert.Equal(before.Count + (isNew ? 1 : 0), after.Count);
                var start = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
                Assert.Equal(before.Skip(start + (isNew ? 0 : 1)), after.Skip(start + 1));
            },
            iter: Iterations);

    [Fact]
    public void Removing_a_key_takes_out_exactly_its_line() =>
        Gen.Select(VmxGen.Any, VmxGen.Key).Sample(
            (bytes, key) =>
            {
                var document = VmxDocument.Parse(bytes);
                var line = document.Find(key) is [var entry, ..] ? entry.Line : 0;
                var removed = false;
                if (!Ours(() => removed = document.Remove(key))) return;
                var before = Lines(bytes);
                if (removed) before.RemoveAt(line - 1);

                // A last line that is empty and has no line end is no line at all.
                var endsOpen = ExactText.Parse(bytes, "\n").Lines is [.., { End: "" }];
                if (removed && endsOpen && before is [.., ""]) before.RemoveAt(before.Count - 1);
                Assert.Equal(before, Lines(document.ToBytes()));
            },
            iter: Iterations);

    [Fact]
    public void Putting_the_earlier_values_back_gives_the_earlier_bytes() =>
        Gen.Select(VmxGen.Any, Gen.Select(VmxGen.Key, VmxGen.Value, Gen.Bool).Array[1, 6]).Sample(
            (bytes, changes) =>
            {
                var document = VmxDocument.Parse(bytes);
                var undo = new Stack<(string Key, string? Value)>();
                foreach (var (key, value, remove) in changes)
                {
                    string? old = null;
                    if (!Ours(() => old = document.Get(key))) continue;
                    if (Ours(() => remove ? document.Remove(key) : document.Set(key, value))) undo.Push((key, old));
                }

                foreach (var (key, value) in undo)
                {
                    if (value is null) document.Remove(key);
                    else document.Set(key, value);
                }

                Assert.Equal(bytes, document.ToBytes());
            },
            iter: Iterations);

    [Fact]
    public void A_mode_set_in_one_session_and_taken_back_in_another_gives_the_earlier_bytes() =>
        Gen.Select(VmxGen.Any, Gen.OneOf<int>(0, 3, 17), Gen.OneOf<PassthruMsiMode>(PassthruMsiMode.Msi, PassthruMsiMode.IoApic)).Sample(
            (bytes, slot, mode) =>
            {
                var document = VmxDocument.Parse(bytes);
                if (document.GetMsiMode(slot) != PassthruMsiMode.Default || !Ours(() => document.SetMsiMode(slot, mode))) return;
                var later = VmxDocument.Parse(document.ToBytes());
                Assert.Equal(mode, later.GetMsiMode(slot));
                later.SetMsiMode(slot, PassthruMsiMode.Default);
                Assert.Equal(bytes.Length == 0 ? [] : bytes, later.ToBytes());
            },
            iter: Iterations);

    [Fact]
    public void A_splice_undoes_any_edit_byte_for_byte() =>
        Gen.Select(VmxGen.Any, VmxGen.Key, VmxGen.Value, Gen.Bool).Sample(
            (bytes, key, value, remove) =>
            {
                var document = VmxDocument.Parse(bytes);
                Ours(() => remove ? document.Remove(key) : document.Set(key, value));
                var after = document.ToBytes();
                var splice = ByteSplice.Between(bytes, after);
                Assert.Equal(bytes, splice is null ? after : splice.Undo(after));
            },
            iter: Iterations);

    /// <summary>True when the action succeeds, false when it is refused by the catalogue; anything else fails the test.</summary>
    private static bool Ours(Func<object?> action)
    {
        try
        {
            action();
            return true;
        }
        catch (PassthruException)
        {
            return false;
        }
    }

    private static List<(string, string)> Others(VmxDocument document, string key) =>
        [.. document.Entries.Where(entry => !entry.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Select(entry => (entry.Key, entry.Value))];

    private static List<string> Lines(byte[] bytes) => [.. ExactText.Parse(bytes, "\n").Lines.Select(line => line.Text)];
}
