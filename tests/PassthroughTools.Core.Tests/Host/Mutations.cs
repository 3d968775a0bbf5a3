using System.Globalization;
using CsCheck;
using PassthroughTools.Text;

namespace PassthroughTools.Tests.Host;

/// <summary>Damages texts the way that copying, cutting and other locales do, and worse.</summary>
internal static class Mutations
{
    private static readonly string[] Scraps = ["", " ", "\t", "\r", "\n", "\0", ":", "0x", "-", "--", "99999999999999999999", "/", "é", "\ufeff", "]", "[root@h:~] ", "PCI ", "Address: ", "true", "_", new(' ', 3000), new('0', 500), new('/', 3000), new('@', 2000)];

    /// <summary>Reads 2000 damaged versions of the text; only the errors of the catalogue may come out.</summary>
    public static void Survive(string text, Action<IReadOnlyList<string>> read)
    {
        var edit = Gen.Select(Gen.Int[0, Math.Max(1, text.Length)], Gen.Int[0, 30], Gen.Int[0, Scraps.Length - 1].Select(i => Scraps[i]), Gen.Int[0, 3]);
        edit.Array[1, 6].Sample(
            edits =>
            {
                var damaged = edits.Aggregate(text, Apply);
                try
                {
                    read(TextFile.SplitLines(damaged));
                }
                catch (PassthruException)
                {
                    // What can't be read is refused by name.
                }
            },
            iter: 2000);
    }

    /// <summary>Runs the code under a culture whose numbers, signs and letter cases differ from the invariant ones.</summary>
    public static T InTurkish<T>(Func<T> code)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NegativeSign = "~";
            culture.NumberFormat.NumberGroupSeparator = ".";
            culture.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = culture;
            return code();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static string Apply(string text, (int At, int Length, string Scrap, int Kind) edit)
    {
        var at = Math.Min(edit.At, text.Length);
        var length = Math.Min(edit.Length, text.Length - at);
        return edit.Kind switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, edit.Scrap),
            2 => text[..at],
            _ => text.Insert(at, text.Substring(at, length)),
        };
    }
}
