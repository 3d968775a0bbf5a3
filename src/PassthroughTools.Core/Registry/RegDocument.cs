using System.Globalization;
using System.Text;
using PassthroughTools.Text;

namespace PassthroughTools.Registry;

/// <summary>
/// A .reg file: an export, or a script to import. What is not changed stays byte for byte. The state that it describes is what its lines give when
/// they are applied in order, as on import.
/// </summary>
public sealed partial class RegDocument
{
    private const string Header5 = "Windows Registry Editor Version 5.00";
    private const string Header4 = "REGEDIT4";
    private const string LineEnd = "\r\n";
    private const int MaxMegabytes = 256;

    private readonly ExactText _text;
    private readonly Encoding? _encoding;
    private State? _state;

    private RegDocument(ExactText text, string? source)
    {
        _text = text;
        Source = source;
        _encoding = text.Unit != CodeUnit.Byte ? null : new UTF8Encoding(false, throwOnInvalidBytes: true);
    }

    /// <summary>File name, where known.</summary>
    public string? Source { get; }

    /// <summary>True when the first line is one that the registry editor knows.</summary>
    public bool IsRecognized => Current.IsRecognized;

    /// <summary>True for the format of Windows 9x and NT 4, whose text is not Unicode.</summary>
    public bool IsRegEdit4 => Current.IsRegEdit4;

    /// <summary>All headings in the file's order, repeated ones included.</summary>
    public IReadOnlyList<RegKey> Keys => Current.Keys;

    /// <summary>Keys (<c>path</c>) and values (<c>path\@name</c>) that stand there more than once. 'reg export' writes each once.</summary>
    public IReadOnlyList<string> Duplicates => Current.Duplicates;

    /// <summary>What could not be read.</summary>
    public IReadOnlyList<string> Warnings => Current.Warnings;

    /// <summary>The state that the document describes.</summary>
    internal RegNode Root => Current.Root;

    private State Current => _state ??= Read();

    private string Name => Source ?? ".reg";

    /// <summary>Reads a document. Any bytes are accepted; what can't be read is kept and named in <see cref="Warnings"/>.</summary>
    /// <param name="bytes">Content of the file.</param>
    /// <param name="source">File name, for messages.</param>
    public static RegDocument Parse(byte[] bytes, string? source = null) => new(ExactText.Parse(bytes, LineEnd), source);

    /// <summary>Reads a file.</summary>
    /// <param name="path">File to read.</param>
    /// <exception cref="PassthruException"><see cref="InputErrors.NotFound"/>, <see cref="InputErrors.Unreadable"/>, <see cref="RegErrors.TooLarge"/> or <see cref="RegErrors.NotReg"/>.</exception>
    public static RegDocument Load(string path)
    {
        var document = Parse(ExactText.ReadFile(path, MaxMegabytes, RegErrors.TooLarge), path);
        return document.IsRecognized ? document : throw RegErrors.NotReg.For(path, path);
    }

    /// <summary>Starts an empty document to import: UTF-16 with a byte-order mark and CRLF, as regedit writes.</summary>
    public static RegDocument Create()
    {
        var text = ExactText.CreateUtf16(LineEnd);
        text.Insert(0, Header5);
        text.Insert(1, "");
        return new RegDocument(text, null);
    }

    /// <summary>The file's bytes, with the changes made so far.</summary>
    public byte[] ToBytes() => _text.ToBytes();

    /// <summary>Whether a key exists in the state that the document describes.</summary>
    /// <param name="path">Full path, in any case.</param>
    public bool ContainsKey(string path) => Root.Find(path) is not null;

    /// <summary>Names of the keys directly below a key.</summary>
    /// <param name="path">Full path, in any case.</param>
    public IReadOnlyList<string> GetSubKeyNames(string path) => [.. Root.Find(path)?.Children.Select(child => child.Name) ?? []];

    /// <summary>Values of a key; of a repeated value the last one, which counts on import.</summary>
    /// <param name="path">Full path, in any case.</param>
    public IReadOnlyList<RegValue> GetValues(string path) => [.. Root.Find(path)?.Values.Select(lines => lines[lines.Count - 1]) ?? []];

    /// <summary>A value; null when it is absent. Of a repeated value the last one, which counts on import.</summary>
    /// <param name="path">Full path, in any case.</param>
    /// <param name="name">Name, in any case; empty for the default value.</param>
    public RegData? GetValue(string path, string name) => Root.Find(path)?.Value(name) is { Count: > 0 } lines ? lines[lines.Count - 1].Data : null;

    private State Read()
    {
        var lines = _text.Lines.FindAll(line => !line.IsRemoved);
        var first = lines.FindIndex(line => line.Text.Trim(' ', '\t', '\r').Length > 0);
        var state = new State(first < 0 ? "" : lines[first].Text.Trim(' ', '\t', '\r'));
        var seenKeys = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var seenValues = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        Section? section = null;
        RegNode? node = null;
        for (var i = first + 1; first >= 0 && i < lines.Count;)
        {
            var text = lines[i].Text;
            if (RegSyntax.TryReadHeading(text, out var path, out var isDeletion))
            {
                section = new Section(Normalize(Decode(path)), isDeletion, lines[i], i + 1);
                node = Enter(state, section, seenKeys);
                if (node is null && !isDeletion) section = null;
                i++;
            }
            else if (RegSyntax.BeginsValue(text))
            {
                var count = RegSyntax.ReadValue(lines, i, state.IsRegEdit4, Decode, out var name, out var data);
                if (count == 0 || section is null || node is null)
                {
                    state.Warn(i, count == 0 ? "the value can't be read" : "the value belongs to no key");
                }
                else
                {
                    var value = new RegValue { KeyPath = section.Path, Name = name, Data = data, Line = i + 1 };
                    section.Items.Add(new Item(value, lines.GetRange(i, count)));
                    node.Apply(value);
                    var id = section.Path + "\\@" + name;
                    if (!seenValues.Add(id)) state.Duplicates.Add(id);
                }

                i += Math.Max(count, 1);
            }
            else
            {
                var trimmed = text.Trim(' ', '\t', '\r');
                if (trimmed.Length > 0 && trimmed[0] != ';') state.Warn(i, "neither a key, a value nor a comment");
                i++;
            }
        }

        return state;
    }

    private static RegNode? Enter(State state, Section section, HashSet<string> seen)
    {
        if (section.Path.Count(c => c == '\\') > RegNode.MaxDepth)
        {
            state.Warn(section.Line - 1, "the key's path is deeper than the registry allows");
            return null;
        }

        state.Sections.Add(section);
        if (section.IsDeletion)
        {
            state.Root.Delete(section.Path);
            return null;
        }

        if (!seen.Add(section.Path)) state.Duplicates.Add(section.Path);
        var node = state.Root.FindOrAdd(section.Path);
        node.IsExplicit = true;
        return node;
    }

    private static string Normalize(string path) => path.TrimEnd('\\');

    private string Decode(string view)
    {
        if (_encoding is null || view.All(c => c <= 0x7f)) return view;
        try
        {
            return _encoding.GetString(ExactText.Bytes(view, CodeUnit.Byte));
        }
        catch (DecoderFallbackException)
        {
            return view; // the machine's ANSI code page, which the file doesn't name
        }
    }

    private sealed class State(string header)
    {
        private IReadOnlyList<RegKey>? _keys;

        public bool IsRegEdit4 { get; } = header.Equals(Header4, StringComparison.OrdinalIgnoreCase);

        public bool IsRecognized => IsRegEdit4 || header.Equals(Header5, StringComparison.OrdinalIgnoreCase);

        public List<Section> Sections { get; } = [];

        public List<string> Warnings { get; } = [];

        public List<string> Duplicates { get; } = [];

        public RegNode Root { get; } = new("", "", null);

        public IReadOnlyList<RegKey> Keys => _keys ??=
        [
            .. Sections.Select(s => new RegKey { Path = s.Path, IsDeletion = s.IsDeletion, Line = s.Line, Values = [.. s.Items.Select(item => item.Value)] }),
        ];

        public void Warn(int index, string text) => Warnings.Add(string.Format(CultureInfo.InvariantCulture, "line {0}: {1}", index + 1, text));
    }

    private sealed record Item(RegValue Value, List<ExactLine> Lines);

    private sealed class Section(string path, bool isDeletion, ExactLine heading, int line)
    {
        public string Path => path;

        public bool IsDeletion => isDeletion;

        public ExactLine Heading => heading;

        public int Line => line;

        public List<Item> Items { get; } = [];
    }
}
