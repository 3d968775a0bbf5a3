using PassthroughTools.IO;

namespace PassthroughTools.CrashHost;

/// <summary>
/// Remembers what was not flushed, and takes it away again when the power is cut: bytes of a file that no flush followed, and names that no flush
/// of their folder followed. A real disk may have kept some of either, hence the choices of <see cref="Cut"/>.
/// </summary>
public sealed class PowerCutFileOperations(IFileOperations inner) : IFileOperations
{
    private readonly Dictionary<string, long> _flushedLengths = new(StringComparer.Ordinal);
    private readonly List<(string Folder, Action Revert)> _names = [];

    /// <summary>Cuts the power.</summary>
    /// <param name="keepNames">True when creations and renames had reached the disk all the same.</param>
    /// <param name="zeros">True when the length of a file had reached the disk and its bytes had not.</param>
    public void Cut(bool keepNames, bool zeros)
    {
        foreach (var (path, length) in _flushedLengths)
        {
            if (!File.Exists(path)) continue;
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Write);
            var lost = stream.Length - length;
            stream.SetLength(length);
            if (zeros) stream.SetLength(length + lost);
        }

        if (keepNames) return;
        for (var i = _names.Count - 1; i >= 0; i--) _names[i].Revert();
    }

    public void CreateDirectory(string path) => inner.CreateDirectory(path);

    public IFileWriter CreateNew(string path, bool ownerOnly)
    {
        var file = inner.CreateNew(path, ownerOnly);
        Pend(path, () => File.Delete(path));
        _flushedLengths[path] = 0;
        return new Writer(this, path, file);
    }

    public IFileWriter OpenAppend(string path, long length)
    {
        var file = inner.OpenAppend(path, length);
        _flushedLengths[path] = length;
        return new Writer(this, path, file);
    }

    public void CopyPermissions(string source, string target) => inner.CopyPermissions(source, target);

    public void Replace(string source, string target)
    {
        var old = File.ReadAllBytes(target);
        inner.Replace(source, target);
        Renamed(source, target);
        Pend(target, () =>
        {
            File.Move(target, source);
            File.WriteAllBytes(target, old);
        });
    }

    public void MoveNew(string source, string target)
    {
        inner.MoveNew(source, target);
        Renamed(source, target);
        Pend(target, () => File.Move(target, source));
    }

    public void Delete(string path)
    {
        var old = File.Exists(path) ? File.ReadAllBytes(path) : null;
        inner.Delete(path);
        _flushedLengths.Remove(path);
        if (old is not null) Pend(path, () => File.WriteAllBytes(path, old));
    }

    public void FlushDirectory(string path)
    {
        inner.FlushDirectory(path);
        _names.RemoveAll(name => name.Folder == path);
    }

    public IDisposable? TryLock(string path) => inner.TryLock(path);

    private void Pend(string path, Action revert) => _names.Add((Path.GetDirectoryName(path)!, revert));

    private void Renamed(string source, string target)
    {
        _flushedLengths.Remove(target);
        if (_flushedLengths.Remove(source, out var length)) _flushedLengths[target] = length;
    }

    private sealed class Writer(PowerCutFileOperations owner, string path, IFileWriter file) : IFileWriter
    {
        private long _length = owner._flushedLengths[path];

        public void Write(byte[] bytes)
        {
            file.Write(bytes);
            _length += bytes.Length;
        }

        public void Flush()
        {
            file.Flush();
            owner._flushedLengths[path] = _length;
        }

        public void Dispose() => file.Dispose();
    }
}
