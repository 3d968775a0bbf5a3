using System.Globalization;
using PassthroughTools.Text;

namespace PassthroughTools.Vmx;

/// <summary>
/// A virtual machine's configuration file. What is not changed stays byte for byte: order, comments, spacing, line ends, encoding.
/// Within one document, setting an earlier value again (or removing what was added) gives the earlier bytes back.
/// </summary>
public sealed class VmxDocument
{
    private const string EncodingKey = ".encoding";
    private const int MaxMegabytes = 16;

    private readonly ExactText _text;
    private readonly VmxEncoding _encoding;
    private State? _state;

    private VmxDocument(ExactText text, string? source)
    {
        _text = text;
        Source = source;
        var declared = _text.Lines
            .Select(line => (line, parsed: VmxLine.Parse(line.Text)))
            .Where(pair => KeyEquals(pair.parsed.Key, EncodingKey))
            .Select(pair => pair.parsed.RawValue(pair.line.Text).Trim())
            .FirstOrDefault();
        _encoding = VmxEncoding.For(text, declared);
    }

    /// <summary>File name, where known.</summary>
    public string? Source { get; }

    /// <summary>Encoding that values are read in: by byte-order mark or declaration; "not declared" where the file says nothing.</summary>
    public string EncodingName => _encoding.Name;

    /// <summary>All settings in the file's order, repeated keys included.</summary>
    public IReadOnlyList<VmxEntry> Entries => Current.Entries;

    /// <summary>Keys that stand there more than once. VMware products were seen to refuse such a file as corrupt.</summary>
    public IReadOnlyList<string> DuplicateKeys => Current.Duplicates;

    /// <summary>What could not be read or is doubtful.</summary>
    public IReadOnlyList<string> Warnings => Current.Warnings;

    /// <summary>True when the file is an encrypted VM's: then most settings are hidden.</summary>
    public bool IsEncrypted => Contains("encryption.data") || Contains("encryption.keySafe");

    /// <summary>The entries <c>pciPassthruN</c>, by N.</summary>
    public IReadOnlyList<PassthruSlot> Slots => VmxSlotReader.Read(this);

    private State Current => _state ??= Read();

    private string Name => Source ?? ".vmx";

    /// <summary>Reads a document. Any bytes are accepted; what is no setting is kept and named in <see cref="Warnings"/>.</summary>
    /// <param name="bytes">Content of the file.</param>
    /// <param name="source">File name, for messages.</param>
    public static VmxDocument Parse(byte[] bytes, string? source = null) => new(ExactText.Parse(bytes, "\n"), source);

    /// <summary>Reads a file.</summary>
    /// <param name="path">File to read.</param>
    /// <exception cref="PassthruException"><see cref="InputErrors.NotFound"/>, <see cref="InputErrors.Unreadable"/> or <see cref="VmxErrors.TooLarge"/>.</exception>
    public static VmxDocument Load(string path) => Parse(ExactText.ReadFile(path, MaxMegabytes, VmxErrors.TooLarge), path);

    /// <summary>The file's bytes, with the changes made so far.</summary>
    public byte[] ToBytes() => _text.ToBytes();

    /// <summary>Whether a key is there.</summary>
    /// <param name="key">Key, in any case.</param>
    public bool Contains(string key) => Current.Lines.ContainsKey(key);

    /// <summary>Entries of a key; more than one where the key is repeated.</summary>
    /// <param name="key">Key, in any case.</param>
    public IReadOnlyList<VmxEntry> Find(string key) =>
        Current.Lines.TryGetValue(key, out var found) ? [.. found.Select(item => item.Entry)] : [];

    /// <summary>A key's value; null when it is absent.</summary>
    /// <param name="key">Key, in any case.</param>
    /// <exception cref="PassthruException"><see cref="VmxErrors.DuplicateKey"/> when it stands there with different values.</exception>
    public string? Get(string key)
    {
        var entries = Find(key);
        if (entries.Count > 1 && entries.Any(entry => entry.Value != entries[0].Value)) throw Duplicate(key, entries);
        return entries.Count == 0 ? null : entries[0].Value;
    }

    /// <summary>Sets a key: changes that line's value only, or adds a line beside the keys of the same device.</summary>
    /// <param name="key">Key, in any case; written as given when it is new.</param>
    /// <param name="value">Value, unescaped.</param>
    /// <returns>False when the key had this value already.</returns>
    /// <exception cref="PassthruException">Any of <see cref="VmxErrors"/>.</exception>
    public bool Set(string key, string value)
    {
        if (key.Length == 0 || key.Any(c => c is <= ' ' or >= '\x7f' or '"' or '=' or '#')) throw VmxErrors.InvalidKey.For(key, key);
        RefuseUneditable();
        var item = Single(key);
        if (item is not null && item.Entry.Value == value) return false;
        var line = item?.Line ?? _text.Lines.Find(line => line.IsRemoved && KeyEquals(VmxLine.Parse(line.Text).Key, key));
        if (line?.Original is { } original && _encoding.Decode(VmxLine.Parse(original).RawValue(original), out _) == value)
        {
            // The value that was read comes back with its own escapes and quoting.
            line.Text = original;
        }
        else
        {
            var raw = _encoding.Encode(value) ?? throw VmxErrors.NotEncodable.For(key, key, EncodingName);
            if (line is null) Add(key, raw);
            else line.Text = VmxLine.Parse(line.Text).WithValue(line.Text, raw, value.Trim(' ', '\t') != value || HasTypographicQuote(value));
        }

        if (line is not null) line.IsRemoved = false;
        _state = null;
        return true;
    }

    /// <summary>Removes a key's line.</summary>
    /// <param name="key">Key, in any case.</param>
    /// <returns>False when it was not there.</returns>
    /// <exception cref="PassthruException"><see cref="VmxErrors.DuplicateKey"/> and others of <see cref="VmxErrors"/>.</exception>
    public bool Remove(string key)
    {
        RefuseUneditable();
        if (Single(key) is not { } item) return false;
        _text.Remove(item.Line);
        _state = null;
        return true;
    }

    /// <summary>What an entry's <c>msiEnabled</c> asks for.</summary>
    /// <param name="slot">N of <c>pciPassthruN</c>.</param>
    public PassthruMsiMode GetMsiMode(int slot)
    {
        var modes = Find(MsiKey(slot)).Select(entry => entry.Problem is null ? ParseBoolean(entry.Value) : null).Distinct().ToList();
        return modes switch
        {
            [] => PassthruMsiMode.Default,
            [true] => PassthruMsiMode.Msi,
            [false] => PassthruMsiMode.IoApic,
            _ => PassthruMsiMode.Unknown,
        };
    }

    /// <summary>Sets an entry's <c>msiEnabled</c>; <see cref="PassthruMsiMode.Default"/> removes it.</summary>
    /// <param name="slot">N of <c>pciPassthruN</c>.</param>
    /// <param name="mode">Mode to ask for.</param>
    /// <returns>False when the entry asks for it already.</returns>
    /// <exception cref="PassthruException"><see cref="VmxErrors.SlotNotFound"/> and others of <see cref="VmxErrors"/>.</exception>
    public bool SetMsiMode(int slot, PassthruMsiMode mode)
    {
        if (mode is not (PassthruMsiMode.Default or PassthruMsiMode.Msi or PassthruMsiMode.IoApic)) throw VmxErrors.InvalidMode.For(mode, mode);
        var prefix = SlotPrefix(slot);
        if (!Entries.Any(entry => entry.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))) throw VmxErrors.SlotNotFound.For(slot, Name, slot);
        Single(MsiKey(slot)); // a repeated key is refused even where both say the same
        if (GetMsiMode(slot) == mode) return false;
        return mode == PassthruMsiMode.Default ? Remove(MsiKey(slot)) : Set(MsiKey(slot), mode == PassthruMsiMode.Msi ? "TRUE" : "FALSE");
    }

    /// <summary>Reads TRUE or FALSE in any case; null for anything else.</summary>
    internal static bool? ParseBoolean(string? value) =>
        KeyEquals(value, "TRUE") ? true : KeyEquals(value, "FALSE") ? false : null;

    /// <summary>Quotation marks that a web page or a word processor made of the plain ones; the control characters are those of windows-1252, undeclared.</summary>
    private static bool HasTypographicQuote(string value) => value.Length > 0 && value[0] is ('\u201c' or '\u201d' or '\u0093' or '\u0094');

    private static string SlotPrefix(int slot) => string.Format(CultureInfo.InvariantCulture, "pciPassthru{0}.", slot);

    private static string MsiKey(int slot) => SlotPrefix(slot) + "msiEnabled";

    private static bool KeyEquals(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private PassthruException Duplicate(string key, IEnumerable<VmxEntry> entries) =>
        VmxErrors.DuplicateKey.For(key, Name, key, string.Join(", ", entries.Select(entry => entry.Line)));

    private Item? Single(string key)
    {
        if (!Current.Lines.TryGetValue(key, out var found)) return null;
        if (found.Count > 1) throw Duplicate(key, found.Select(item => item.Entry));
        var entry = found[0].Entry;
        return entry.Problem is null ? found[0] : throw VmxErrors.MalformedLine.For(key, Name, entry.Line, entry.Problem);
    }

    private void RefuseUneditable()
    {
        if (IsEncrypted) throw VmxErrors.Encrypted.For(Source, Name);
        var zero = _text.Lines.FindIndex(line => line.Text.IndexOf('\0') >= 0);
        if (zero >= 0) throw VmxErrors.Damaged.For(Source, Name, zero + 1);
    }

    private void Add(string key, string raw)
    {
        var prefix = key.Substring(0, key.LastIndexOf('.') + 1);
        int index = -1, last = -1;
        for (var i = 0; i < _text.Lines.Count; i++)
        {
            var line = _text.Lines[i];
            if (line.IsRemoved || VmxLine.Parse(line.Text) is not { Key: { } found, Problem: null }) continue;
            last = i;
            if (prefix.Length > 0 && found.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) index = i;
        }

        // The neighbour's spacing around '=' is the file's style.
        var (before, after) = (" ", " ");
        if ((index >= 0 ? index : last) is >= 0 and var model)
        {
            var parsed = VmxLine.Parse(_text.Lines[model].Text);
            var equals = parsed.Lead.IndexOf('=');
            before = parsed.Lead.Substring(0, equals).Substring(parsed.Lead.Substring(0, equals).TrimEnd(' ', '\t').Length);
            after = parsed.ValueLength > 0 || parsed.IsQuoted ? parsed.Lead.Substring(equals + 1) : after;
        }

        _text.Insert(index >= 0 ? index + 1 : _text.Lines.Count, key + before + "=" + after + "\"" + raw + "\"");
    }

    private State Read()
    {
        var state = new State();
        if (_encoding.Warning is { } doubt) state.Warnings.Add(doubt);
        var number = 0;
        foreach (var line in _text.Lines)
        {
            if (line.IsRemoved) continue;
            number++;
            var parsed = VmxLine.Parse(line.Text);
            var isExact = true;
            var value = parsed.Key is null ? "" : _encoding.Decode(parsed.RawValue(line.Text), out isExact);
            var problem = parsed.Problem ?? (!parsed.IsQuoted && HasTypographicQuote(value) ? "the value stands in typographic quotation marks" : null);
            if (problem is not null) state.Warnings.Add($"line {number}: {problem}");
            if (parsed.Key is null) continue;
            if (!isExact) state.Warnings.Add($"line {number}: bytes that mean nothing in the file's encoding ({EncodingName})");
            var entry = new VmxEntry { Key = parsed.Key, Value = value, Line = number, Problem = problem };
            state.Entries.Add(entry);
            if (!state.Lines.TryGetValue(parsed.Key, out var items)) state.Lines.Add(parsed.Key, items = []);
            items.Add(new Item(line, entry));
            if (items.Count == 2) state.Duplicates.Add(items[0].Entry.Key);
        }

        foreach (var key in state.Duplicates)
            state.Warnings.Add($"the key '{key}' stands in lines {string.Join(", ", state.Lines[key].Select(item => item.Entry.Line))}");
        return state;
    }

    private sealed record Item(ExactLine Line, VmxEntry Entry);

    private sealed class State
    {
        public List<VmxEntry> Entries { get; } = [];

        public Dictionary<string, List<Item>> Lines { get; } = new(StringComparer.OrdinalIgnoreCase);

        public List<string> Duplicates { get; } = [];

        public List<string> Warnings { get; } = [];
    }
}
