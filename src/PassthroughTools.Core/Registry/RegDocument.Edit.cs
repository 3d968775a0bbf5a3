using PassthroughTools.Text;

namespace PassthroughTools.Registry;

/// <content>Changes to the document.</content>
public sealed partial class RegDocument
{
    private bool HasKeyDeletions => Current.Sections.Exists(section => section.IsDeletion);

    /// <summary>Sets a value: rewrites its lines, or adds it to its key, or adds the key.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="name">Name; empty for the default value.</param>
    /// <param name="data">Type and content.</param>
    /// <returns>False when the value was there already.</returns>
    /// <exception cref="PassthruException"><see cref="RegErrors.DuplicateValue"/>, <see cref="RegErrors.InvalidPath"/> or <see cref="RegErrors.NotEncodable"/>.</exception>
    public bool SetValue(string path, string name, RegData data)
    {
        if (data.Equals(HasKeyDeletions ? GetValue(path, name) : GetSingleValue(path, name))) return false;
        Put(path, name, data);
        return true;
    }

    /// <summary>Takes a value's lines out, so that the document describes a registry without it.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="name">Name; empty for the default value.</param>
    /// <returns>False when it was not there.</returns>
    /// <exception cref="PassthruException"><see cref="RegErrors.DuplicateValue"/>.</exception>
    public bool RemoveValue(string path, string name)
    {
        if (GetSingleValue(path, name) is null) return false;
        foreach (var item in Items(path, name)) item.Lines.ForEach(_text.Remove);
        _state = null;
        return true;
    }

    /// <summary>Adds a key without values, and the keys between it and the nearest one above it that is there.</summary>
    /// <param name="path">Full path.</param>
    /// <returns>False when it was there already.</returns>
    public bool AddKey(string path)
    {
        CheckPath(path);
        if (Root.Find(path) is { IsExplicit: true }) return false;
        if (Revive(path)) return true;
        foreach (var missing in MissingKeys(path)) InsertSection(missing);
        return true;
    }

    /// <summary>Takes a key with all below it out of the document.</summary>
    /// <param name="path">Full path.</param>
    /// <returns>False when it was not there.</returns>
    public bool RemoveKey(string path)
    {
        CheckPath(path);
        if (!ContainsKey(path)) return false;
        foreach (var section in Current.Sections.FindAll(section => IsAtOrBelow(section.Path, path)))
            Lines(section).ForEach(_text.Remove);
        _state = null;
        return true;
    }

    /// <summary>Adds <c>"name"=-</c>: on import the value is deleted.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="name">Name; empty for the default value.</param>
    public void MarkValueDeleted(string path, string name) => Put(path, name, null);

    /// <summary>Adds <c>[-path]</c>: on import the key and all below it are deleted.</summary>
    /// <param name="path">Full path.</param>
    public void MarkKeyDeleted(string path)
    {
        CheckPath(path);
        Append("[-" + Encode(path) + "]", "");
    }

    private static bool IsAtOrBelow(string path, string top) =>
        path.StartsWith(top, StringComparison.OrdinalIgnoreCase) && (path.Length == top.Length || path[top.Length] == '\\');

    private void CheckPath(string path)
    {
        if (!IsRecognized) throw RegErrors.NotReg.For(Source, Name);
        if (path.Length == 0 || path.Any(c => c < ' ') || path[0] == '-' || path.EndsWith("\\", StringComparison.Ordinal)
            || path.Count(c => c == '\\') > RegNode.MaxDepth || path.Trim() != path)
        {
            throw RegErrors.InvalidPath.For(path, path);
        }
    }

    private static bool IsCovered(RegNode? node)
    {
        for (; node is not null; node = node.Parent)
        {
            if (node.IsExplicit) return true;
        }

        return false;
    }

    /// <summary>A value that stands there at most once; null when it is absent.</summary>
    internal RegData? GetSingleValue(string path, string name)
    {
        var lines = Root.Find(path)?.Value(name) ?? [];
        if (lines.Count > 1) throw RegErrors.DuplicateValue.For(path, Name, name, path);
        return lines.Count == 0 ? null : lines[0].Data;
    }

    private IEnumerable<Item> Items(string path, string name) =>
        Current.Sections.Where(section => !section.IsDeletion && section.Path.Equals(path, StringComparison.OrdinalIgnoreCase))
            .SelectMany(section => section.Items)
            .Where(item => item.Value.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private void Put(string path, string name, RegData? data)
    {
        CheckPath(path);
        if (name.Any(c => c is '\r' or '\n' or '\0')) throw RegErrors.InvalidPath.For(name, name);
        var existing = HasKeyDeletions
            ? FindSection(path)?.Items.FindLast(item => item.Value.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            : Items(path, name).LastOrDefault();
        if (existing is not null)
        {
            Rewrite(existing.Lines, Write(existing.Value.Name, data));
        }
        else if (ReviveValue(path, ref name) is { } lines)
        {
            var texts = Write(name, data);
            lines.ForEach(line => line.IsRemoved = false);
            Rewrite(lines, texts);
        }
        else
        {
            var texts = Write(name, data);
            var section = FindSection(path);
            if (section is null)
            {
                foreach (var missing in MissingKeys(path)) InsertSection(missing);
                section = FindSection(path)!;
            }

            var anchor = section.Items.Count > 0 ? section.Items[section.Items.Count - 1].Lines.Last() : section.Heading;
            Insert(_text.Lines.IndexOf(anchor) + 1, texts);
        }

        _state = null;
    }

    private Section? FindSection(string path)
    {
        // In a script order counts: a value goes behind the deletions, so only the last section will do.
        var section = HasKeyDeletions ? Current.Sections[Current.Sections.Count - 1] : Current.Sections.FindLast(s => s.Path.Equals(path, StringComparison.OrdinalIgnoreCase));
        return section is { IsDeletion: false } && section.Path.Equals(path, StringComparison.OrdinalIgnoreCase) ? section : null;
    }

    /// <summary>Keys to add for a key to exist: itself, and in an export the absent ones above it.</summary>
    private IEnumerable<string> MissingKeys(string path)
    {
        var missing = new List<string> { path };
        var above = path;
        while (above.LastIndexOf('\\') is > 0 and var cut)
        {
            above = above.Substring(0, cut);
            if (Root.Find(above) is not { } node) missing.Insert(0, above);
            else return IsCovered(node) && !HasKeyDeletions ? missing : [path];
        }

        return [path];
    }

    private void InsertSection(string path)
    {
        var above = path;
        Section? after = null;
        while (after is null && !HasKeyDeletions && above.LastIndexOf('\\') is > 0 and var cut)
        {
            above = above.Substring(0, cut);
            after = Current.Sections.FindLast(section => IsAtOrBelow(section.Path, above));
        }

        var body = after is null ? null : Lines(after);
        var end = body is null ? _text.Lines.Count : _text.Lines.IndexOf(body[body.Count - 1]) + 1;
        var hasGap = end == 0 || _text.Lines[end - 1].Text.Trim(' ', '\t', '\r').Length == 0;
        Insert(end, hasGap ? ["[" + Encode(path) + "]", ""] : ["[" + Encode(path) + "]"]);
        _state = null;
    }

    /// <summary>Brings back a heading that was removed, with the blank lines and comments below it.</summary>
    private bool Revive(string path)
    {
        var index = _text.Lines.FindIndex(line =>
            line.IsRemoved && RegSyntax.TryReadHeading(line.Text, out var found, out var isDeletion) && !isDeletion
            && Normalize(Decode(found)).Equals(path, StringComparison.OrdinalIgnoreCase));
        if (index < 0) return false;
        _text.Lines[index].IsRemoved = false;
        for (var i = index + 1; i < _text.Lines.Count && _text.Lines[i].IsRemoved; i++)
        {
            var text = _text.Lines[i].Text.Trim(' ', '\t', '\r');
            if (RegSyntax.TryReadHeading(text, out _, out _)) break;
            if (text.Length == 0 || text[0] == ';') _text.Lines[i].IsRemoved = false;
        }

        _state = null;
        return true;
    }

    private List<string> Write(string name, RegData? data) =>
        RegSyntax.WriteValue(name, data, IsRegEdit4)?.Select(Encode).ToList() ?? throw RegErrors.NotEncodable.For(name, data, Name);

    private List<ExactLine>? ReviveValue(string path, ref string name)
    {
        if (!_text.Lines.Exists(line => line.IsRemoved)) return null;
        var inKey = false;
        for (var i = 0; i < _text.Lines.Count; i++)
        {
            var line = _text.Lines[i];
            if (RegSyntax.TryReadHeading(line.Text, out var found, out var isDeletion))
            {
                inKey = !line.IsRemoved && !isDeletion && Normalize(Decode(found)).Equals(path, StringComparison.OrdinalIgnoreCase);
            }
            else if (inKey && line.IsRemoved && RegSyntax.BeginsValue(line.Text))
            {
                var count = RegSyntax.ReadValue(_text.Lines, i, IsRegEdit4, Decode, out var was, out _);
                if (count == 0 || !was.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
                name = was;
                return _text.Lines.GetRange(i, count);
            }
        }

        return null;
    }

    /// <summary>Gives a value's lines another text; the value that was read comes back as it was written.</summary>
    private void Rewrite(List<ExactLine> lines, List<string> texts)
    {
        var at = _text.Lines.IndexOf(lines[0]);
        var read = OriginalLines(at);
        if (read.Count > 0 && SameValue(read, texts))
        {
            foreach (var line in lines.Except(read)) _text.Remove(line);
            foreach (var line in read) (line.Text, line.IsRemoved) = (line.Original!, false);
            return;
        }

        for (var i = 0; i < Math.Max(lines.Count, texts.Count); i++)
        {
            if (i >= lines.Count) _text.Insert(at + i, texts[i]);
            else if (i >= texts.Count) _text.Remove(lines[i]);
            else lines[i].Text = texts[i];
        }
    }

    /// <summary>The lines, removed ones included, that held the value when the file was read.</summary>
    private List<ExactLine> OriginalLines(int at)
    {
        var lines = _text.Lines.Skip(at).TakeWhile(line => line.Original is not null).ToList();
        if (lines.Count == 0 || !RegSyntax.BeginsValue(lines[0].Original!)) return [];
        return lines.GetRange(0, RegSyntax.ReadValue(AsRead(lines), 0, IsRegEdit4, Decode, out _, out _));
    }

    private static List<ExactLine> AsRead(List<ExactLine> lines) => lines.ConvertAll(line => new ExactLine(line.Original!, line.End, isAdded: true));

    private bool SameValue(List<ExactLine> read, List<string> texts)
    {
        var written = texts.ConvertAll(text => new ExactLine(text, LineEnd, isAdded: true));
        return RegSyntax.ReadValue(AsRead(read), 0, IsRegEdit4, Decode, out _, out var was) > 0
            && RegSyntax.ReadValue(written, 0, IsRegEdit4, Decode, out _, out var now) > 0
            && Equals(was, now);
    }

    private List<ExactLine> Lines(Section section)
    {
        var lines = new List<ExactLine> { section.Heading };
        for (var i = _text.Lines.IndexOf(section.Heading) + 1; i < _text.Lines.Count; i++)
        {
            if (_text.Lines[i].IsRemoved) continue;
            if (RegSyntax.TryReadHeading(_text.Lines[i].Text, out _, out _)) break;
            lines.Add(_text.Lines[i]);
        }

        return lines;
    }

    private void Append(params string[] texts)
    {
        Insert(_text.Lines.Count, texts);
        _state = null;
    }

    private void Insert(int index, IEnumerable<string> texts)
    {
        foreach (var text in texts) _text.Insert(index++, text);
    }

    private string Encode(string text)
    {
        if (_text.Unit != CodeUnit.Byte || text.All(c => c <= 0x7f)) return text;
        if (!_text.HasUtf8Mark) throw RegErrors.NotEncodable.For(text, text, Name);
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return ExactText.View(bytes, 0, bytes.Length, CodeUnit.Byte);
    }
}
