namespace PassthroughTools.Registry;

/// <content>Scripts that change a registry.</content>
public sealed partial class RegDocument
{
    /// <summary>Applies a script to the document, as an import applies it to a registry.</summary>
    /// <param name="change">The script.</param>
    /// <returns>True when something changed.</returns>
    /// <exception cref="PassthruException"><see cref="RegErrors.Malformed"/> or as <see cref="SetValue"/>.</exception>
    public bool Apply(RegDocument change)
    {
        RefuseMalformed(change);
        var changed = false;
        foreach (var key in change.Keys)
        {
            if (key.IsDeletion)
            {
                changed |= RemoveKey(key.Path);
                continue;
            }

            changed |= AddKey(key.Path);
            foreach (var value in key.Values)
                changed |= value.Data is { } data ? SetValue(key.Path, value.Name, data) : RemoveValue(key.Path, value.Name);
        }

        return changed;
    }

    /// <summary>Makes the script that undoes this one on a registry in the given state: absent values and keys become absent again.</summary>
    /// <param name="current">Export that covers every key that this script touches.</param>
    /// <exception cref="PassthruException"><see cref="RegErrors.OutsideExport"/>, <see cref="RegErrors.DuplicateValue"/> or <see cref="RegErrors.Malformed"/>.</exception>
    public RegDocument Inverse(RegDocument current)
    {
        RefuseMalformed(this);
        var inverse = Create();
        var done = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var key in Keys)
        {
            var missing = current.TopmostMissing(key.Path);
            if (missing is not null)
            {
                // What the script created goes; what it deletes was not there.
                if (!key.IsDeletion && done.Add(missing)) inverse.MarkKeyDeleted(missing);
            }
            else if (key.IsDeletion || key.Values.Count > 0)
            {
                Restore(current, inverse, key, done);
            }
        }

        return inverse;
    }

    private static void Restore(RegDocument current, RegDocument inverse, RegKey key, HashSet<string> done)
    {
        if (!key.IsDeletion)
        {
            foreach (var value in key.Values)
            {
                if (!done.Add(key.Path + "\\@" + value.Name)) continue;
                if (current.GetSingleValue(key.Path, value.Name) is { } prior) inverse.Put(key.Path, value.Name, prior);
                else inverse.MarkValueDeleted(key.Path, value.Name);
            }

            return;
        }

        // Deleted as a whole: first whatever the script put in its place, then all that was there.
        if (!done.Add("-" + key.Path)) return;
        inverse.MarkKeyDeleted(key.Path);
        foreach (var node in current.Root.Find(key.Path)!.Subtree())
        {
            inverse.Append("[" + node.Path + "]");
            foreach (var lines in node.Values)
            {
                done.Add(node.Path + "\\@" + lines[0].Name);
                inverse.Put(node.Path, lines[0].Name, current.GetSingleValue(node.Path, lines[0].Name)!);
            }

            inverse.Append("");
        }
    }

    private static void RefuseMalformed(RegDocument change)
    {
        if (!change.IsRecognized) throw RegErrors.NotReg.For(change.Source, change.Name);
        if (change.Warnings.Count > 0) throw RegErrors.Malformed.For(change.Source, change.Name, string.Join("; ", change.Warnings.Take(5)));
    }

    /// <summary>The highest key that is absent on the way to a key, when the key above it is fully in the document; null when the key is there.</summary>
    private string? TopmostMissing(string path)
    {
        var node = Root;
        foreach (var segment in path.Split('\\'))
        {
            if (node.Child(segment) is { } child)
            {
                node = child;
                continue;
            }

            // A key that only lies on the way to an exported one tells nothing of its other children.
            return IsCovered(node) ? node.Path + "\\" + segment : throw RegErrors.OutsideExport.For(path, Name, path);
        }

        return IsCovered(node) ? null : throw RegErrors.OutsideExport.For(path, Name, path);
    }
}
