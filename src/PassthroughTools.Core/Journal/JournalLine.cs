using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PassthroughTools.IO;

namespace PassthroughTools.Journal;

/// <summary>
/// One line: a JSON object whose last member is a checksum over the line and the checksum of the line before. So a changed, missing, added or
/// moved line is noticed, and each line by itself stays plain JSON. This outer form is the same for all schemas.
/// </summary>
internal static class JournalLine
{
    /// <summary>Checksum before the first line.</summary>
    public const string NoSum = "";

    private const int SumDigits = 16;

    // An admin may have to read it: no need to escape '&' or 'ü', since it never goes into a web page.
    private static readonly JsonWriterOptions Legible = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly byte[] SumLabel = Encoding.ASCII.GetBytes(",\"sum\":\"");
    private static readonly byte[] End = Encoding.ASCII.GetBytes("\"}\n");

    /// <summary>Length of the checksum member with the closing brace and the line feed.</summary>
    private static int TailLength => SumLabel.Length + SumDigits + End.Length;

    /// <summary>Makes a line.</summary>
    /// <param name="previousSum">Checksum of the line before.</param>
    /// <param name="members">Writes the members.</param>
    /// <param name="sum">Checksum of the line.</param>
    public static byte[] Format(string previousSum, Action<Utf8JsonWriter> members, out string sum)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Legible))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        buffer.SetLength(buffer.Length - 1); // the closing brace comes after the checksum
        sum = Sum(previousSum, buffer.GetBuffer(), 0, (int)buffer.Length);
        buffer.Position = buffer.Length;
        buffer.Write(SumLabel, 0, SumLabel.Length);
        buffer.Write(Encoding.ASCII.GetBytes(sum), 0, SumDigits);
        buffer.Write(End, 0, End.Length);
        return buffer.ToArray();
    }

    /// <summary>Checks a line.</summary>
    /// <param name="bytes">Whole journal.</param>
    /// <param name="start">Where the line starts.</param>
    /// <param name="length">Its length with the line feed.</param>
    /// <param name="previousSum">Checksum of the line before.</param>
    /// <param name="sum">Checksum of the line.</param>
    public static bool Check(byte[] bytes, int start, int length, string previousSum, out string sum)
    {
        sum = "";
        var body = length - TailLength;
        if (body <= 0) return false;
        sum = Sum(previousSum, bytes, start, body);
        var tail = bytes.AsSpan(start + body, TailLength);
        return tail.StartsWith(SumLabel) && tail.EndsWith(End) && tail.Slice(SumLabel.Length, SumDigits).SequenceEqual(Encoding.ASCII.GetBytes(sum));
    }

    private static string Sum(string previousSum, byte[] bytes, int start, int length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(previousSum));
        hash.AppendData(bytes, start, length);
        return FileStamp.Hex(hash.GetHashAndReset(), SumDigits / 2);
    }
}
