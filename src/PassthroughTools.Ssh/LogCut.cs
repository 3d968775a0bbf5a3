using System.Globalization;
using System.Text;

namespace PassthroughTools.Ssh;

/// <summary>
/// Passes the end of a log on: what comes after so many bytes, without the line that the cut goes through, from the first line on that has a time and is
/// not too old.
/// </summary>
/// <param name="to">Where to.</param>
/// <param name="skip">Bytes to leave out.</param>
/// <param name="isCut">True to leave out the rest of a line that began before.</param>
/// <param name="since">Time of the first line to pass on, as logs begin with it (<see cref="Stamp"/>); null for any.</param>
internal sealed class LogCut(Stream to, long skip, bool isCut, string? since)
{
    private const int StampLength = 19;
    private readonly byte[] _head = new byte[StampLength];
    private long _skip = skip;
    private int _headLength;
    private bool _isInLine = isCut;
    private bool _passes = since is null;

    /// <summary>A time as a log's lines begin with it, without fractions.</summary>
    public static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Takes the next bytes.</summary>
    public void Write(byte[] buffer, int count)
    {
        var at = (int)Math.Min(_skip, count);
        _skip -= at;
        while (at < count)
        {
            if (_isInLine)
            {
                var end = Array.IndexOf(buffer, (byte)'\n', at, count - at);
                if (end < 0) return;
                at = end + 1;
                _isInLine = false;
            }
            else if (_passes)
            {
                to.Write(buffer, at, count - at);
                return;
            }
            else
            {
                var next = buffer[at++];
                _head[_headLength++] = next;
                if (_headLength < StampLength && next != '\n') continue;
                if (_headLength == StampLength && next != '\n' && IsLate())
                {
                    _passes = true;
                    to.Write(_head, 0, StampLength);
                }
                else
                {
                    _isInLine = next != '\n';
                }

                _headLength = 0;
            }
        }
    }

    private bool IsLate()
    {
        var text = Encoding.ASCII.GetString(_head);
        return text[4] == '-' && text[7] == '-' && text[10] == 'T' && text.Take(4).All(char.IsDigit) && string.CompareOrdinal(text, since) >= 0;
    }
}
