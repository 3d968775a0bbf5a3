using System.Text;
using System.Xml;

namespace PassthroughTools.VSphere;

/// <summary>Reads elements of an answer as they stream in. Names and short values, most of which repeat, are kept once an answer.</summary>
internal sealed class VimElementReader
{
    private const string SchemaInstance = "http://www.w3.org/2001/XMLSchema-instance";
    private const int GreatestDepth = 64;
    private const int Short = 48;
    private readonly XmlReader _xml;
    private readonly char[] _buffer = new char[Short + 1];

    private VimElementReader(XmlReader xml) => _xml = xml;

    /// <summary>Opens a reader on an answer: no DTD, nothing fetched.</summary>
    /// <param name="stream">Answer.</param>
    /// <param name="mostCharacters">Most characters of it.</param>
    public static XmlReader Open(Stream stream, long mostCharacters) => XmlReader.Create(stream, new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = mostCharacters,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        NameTable = new NameTable(),
        // Logs hold control characters, which servers send as they are or as references.
        CheckCharacters = false,
    });

    /// <summary>Reads the element that the reader stands on, and moves past it.</summary>
    /// <param name="xml">Reader on the start of an element.</param>
    public static VimElement Read(XmlReader xml) => new VimElementReader(xml).Read(0);

    private VimElement Read(int depth)
    {
        if (depth > GreatestDepth) throw new XmlException($"more than {GreatestDepth} elements within each other");
        var name = _xml.LocalName;
        var type = _xml.GetAttribute("type", SchemaInstance) is { } qualified ? _xml.NameTable.Add(WithoutPrefix(qualified)) : "";
        var referenceType = _xml.GetAttribute("type") is { } reference ? _xml.NameTable.Add(WithoutPrefix(reference)) : null;
        if (_xml.IsEmptyElement)
        {
            _xml.Read();
            return new VimElement(name, type, referenceType, "", []);
        }

        _xml.Read();
        string? text = null;
        List<VimElement>? children = null;
        while (_xml.NodeType != XmlNodeType.EndElement)
        {
            switch (_xml.NodeType)
            {
                case XmlNodeType.Element:
                    if (IsNil()) _xml.Skip();
                    else (children ??= []).Add(Read(depth + 1));
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace:
                    text = text is null ? Value() : text + Value();
                    _xml.Read();
                    break;
                case XmlNodeType.None:
                    throw new XmlException("it ends early");
                default:
                    _xml.Read();
                    break;
            }
        }

        _xml.Read();
        return new VimElement(name, type, referenceType, children is null ? text ?? "" : null, children?.ToArray() ?? []);
    }

    private bool IsNil() => _xml.GetAttribute("nil", SchemaInstance) is "true" or "1";

    private string Value()
    {
        if (!_xml.CanReadValueChunk) return _xml.Value;
        var length = 0;
        while (length < _buffer.Length)
        {
            var read = _xml.ReadValueChunk(_buffer, length, _buffer.Length - length);
            if (read == 0) return _xml.NameTable.Add(_buffer, 0, length);
            length += read;
        }

        var text = new StringBuilder().Append(_buffer, 0, length);
        while ((length = _xml.ReadValueChunk(_buffer, 0, _buffer.Length)) > 0) text.Append(_buffer, 0, length);
        return text.ToString();
    }

    private static string WithoutPrefix(string name) => name.Substring(name.IndexOf(':') + 1);
}
