using System.Security.Cryptography;
using System.Text;

namespace PassthroughTools.Guests;

/// <summary>
/// One request to a guest script. Every text goes as Base64 of its UTF-8, so that what is put into the script is made of letters, digits and
/// <c>+ / = | , -</c> only: no shell and no PowerShell sees anything in it, whatever the names are.
/// </summary>
internal sealed class GuestRequest(string operation, IReadOnlyList<IReadOnlyList<string?>> items)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=|,-";
    private const int NonceLength = 16;

    /// <summary>Operation of the script.</summary>
    public string Operation => operation;

    /// <summary>Marks the answer as this request's.</summary>
    public string Nonce { get; } = NewNonce();

    /// <summary>The request as it stands in the script.</summary>
    /// <param name="offset">First character of the answer that is wanted.</param>
    /// <param name="size">How many; 0 for all.</param>
    /// <param name="guest">For the message.</param>
    /// <exception cref="PassthruException"><see cref="GuestErrors.RequestInvalid"/> for a lone surrogate, which UTF-8 can't hold.</exception>
    public string Encode(int offset, int size, string guest)
    {
        var text = string.Join("|", new[] { Nonce, operation, Number(offset), Number(size) }.Concat(items.Select(item => string.Join(",", item.Select(part => Encode(part, guest))))));
        return text.All(character => Alphabet.IndexOf(character) >= 0) ? text : throw GuestErrors.RequestInvalid.For(null, guest, text);
    }

    private static string Encode(string? text, string guest)
    {
        if (text is null) return "-";
        try
        {
            return Convert.ToBase64String(new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text));
        }
        catch (EncoderFallbackException e)
        {
            throw GuestErrors.RequestInvalid.Because(e, text, guest, text);
        }
    }

    private static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string NewNonce()
    {
        var bytes = new byte[NonceLength];
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(bytes);
        return BitConverter.ToString(bytes).Replace("-", "").ToLowerInvariant();
    }
}
