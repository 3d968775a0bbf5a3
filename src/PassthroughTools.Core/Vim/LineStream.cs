using System.Text;
using PassthroughTools.Logs;

namespace PassthroughTools.Vim;

/// <summary>Lines as a stream of UTF-8, taken from their source as they are read.</summary>
internal sealed class LineStream(IEnumerable<string> lines) : ReadOnlyStream
{
    private readonly IEnumerator<string> _lines = lines.GetEnumerator();
    private byte[] _line = [];
    private int _position;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        var copied = 0;
        while (copied < count)
        {
            if (_position == _line.Length)
            {
                if (!_lines.MoveNext()) break;
                _line = Encoding.UTF8.GetBytes(_lines.Current + "\n");
                _position = 0;
            }

            var part = Math.Min(count - copied, _line.Length - _position);
            Buffer.BlockCopy(_line, _position, buffer, offset + copied, part);
            _position += part;
            copied += part;
        }

        return copied;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _lines.Dispose();
        base.Dispose(disposing);
    }
}
