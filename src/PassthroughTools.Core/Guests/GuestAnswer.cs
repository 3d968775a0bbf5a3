using System.Globalization;
using System.Text;

namespace PassthroughTools.Guests;

/// <summary>
/// A part of an answer, out of whatever was printed around it: <c>PTG1:nonce:total:offset:length:sha1-of-the-whole:part:nonce:END</c>. The part has no
/// white space, so lines that were broken on the way are joined again; what is missing or changed is found by length and checksum.
/// </summary>
/// <param name="Total">Length of the whole answer.</param>
/// <param name="Offset">Where the part begins.</param>
/// <param name="Hash">SHA-1 of the whole answer.</param>
/// <param name="Part">The part.</param>
internal sealed record GuestAnswer(int Total, int Offset, string Hash, string Part)
{
    private const string Magic = "PTG1:";
    private const string End = ":END";
    private const int HeaderFields = 4;
    private const int ExcerptLength = 200;

    /// <summary>Reads the answer to a request.</summary>
    /// <param name="output">All that was printed.</param>
    /// <param name="nonce">Of the request.</param>
    /// <param name="guest">For messages.</param>
    /// <exception cref="PassthruException">
    /// <see cref="GuestErrors.NoAnswer"/>, <see cref="GuestErrors.AnswerTruncated"/>, <see cref="GuestErrors.AnswerDamaged"/>,
    /// <see cref="GuestErrors.ConstrainedLanguage"/> or <see cref="GuestErrors.ExecutionPolicy"/>.
    /// </exception>
    public static GuestAnswer Parse(string output, string nonce, string guest)
    {
        var text = Compact(output);
        var start = text.LastIndexOf(Magic + nonce + ":", StringComparison.Ordinal);
        if (start < 0) throw Foreign(output, guest);
        var at = start + Magic.Length + nonce.Length + 1;
        if (Mode(text, at) is { } mode) throw GuestErrors.ConstrainedLanguage.For(null, guest, mode);
        var numbers = new string[HeaderFields];
        for (var i = 0; i < HeaderFields; i++)
        {
            var colon = text.IndexOf(':', at);
            if (colon < 0) throw GuestErrors.AnswerTruncated.For(null, guest, "it ends in its header");
            numbers[i] = text.Substring(at, colon - at);
            at = colon + 1;
        }

        if (!Number(numbers[0], out var total) || !Number(numbers[1], out var offset) || !Number(numbers[2], out var length) || offset + length > total)
            throw GuestErrors.AnswerDamaged.For(null, guest, "its header makes no sense");
        if (text.Length - at < length) throw Cut(text.Length - at, length, guest);
        var part = text.Substring(at, length);
        var close = ":" + nonce + End;
        var tail = text.Substring(at + length, Math.Min(close.Length, text.Length - at - length));
        if (tail != close) throw close.StartsWith(tail, StringComparison.Ordinal) ? Cut(length, length, guest) : GuestErrors.AnswerDamaged.For(null, guest, "its end is not where its length says");
        return new GuestAnswer(total, offset, numbers[3], part);
    }

    /// <summary>Puts the parts together.</summary>
    /// <param name="parts">Parts in order.</param>
    /// <param name="guest">For messages.</param>
    /// <exception cref="PassthruException"><see cref="GuestErrors.AnswerDamaged"/>.</exception>
    public static string Join(IReadOnlyList<GuestAnswer> parts, string guest)
    {
        var whole = string.Concat(parts.Select(part => part.Part));
        return whole.Length == parts[0].Total && string.Equals(GuestScripts.Hash(whole), parts[0].Hash, StringComparison.OrdinalIgnoreCase)
            ? whole
            : throw GuestErrors.AnswerDamaged.For(null, guest, "its checksum is another");
    }

    private static PassthruException Cut(int have, int length, string guest) =>
        GuestErrors.AnswerTruncated.For(null, guest, FormattableString.Invariant($"{have} of {length} characters came"));

    private static string? Mode(string text, int at)
    {
        const string Language = "language:";
        if (string.CompareOrdinal(text, at, Language, 0, Language.Length) != 0) return null;
        var end = text.IndexOf(':', at + Language.Length);
        return end < 0 ? "a restricted" : text.Substring(at + Language.Length, end - at - Language.Length);
    }

    /// <summary>What a shell that does not run the script says; the identifiers are not localised, the sentences are.</summary>
    private static PassthruException Foreign(string output, string guest)
    {
        if (Has("about_Execution_Policies") || Has("PSSecurityException")) return GuestErrors.ExecutionPolicy.For(null, guest);
        if (Has("ScriptsNotAllowed") || Has("NotSupportedInDataSection") || Has("MethodInvocationNotSupportedInConstrainedLanguage") || Has("TypeNotSupportedInConstrained"))
            return GuestErrors.ConstrainedLanguage.For(null, guest, "a restricted language");
        var excerpt = output.Trim();
        return GuestErrors.NoAnswer.For(null, guest, excerpt.Length == 0 ? "(nothing)" : excerpt.Length > ExcerptLength ? excerpt.Substring(0, ExcerptLength) + " …" : excerpt);
        bool Has(string word) => output.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;
    }

    private static bool Number(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string Compact(string output)
    {
        var result = new StringBuilder(output.Length);
        foreach (var character in output)
        {
            if (character > ' ' && character is not ('\u00a0' or '\ufeff')) result.Append(character);
        }

        return result.ToString();
    }
}
