using PassthroughTools.IO;

namespace PassthroughTools.CrashHost;

/// <summary>Where in an operation the fault comes.</summary>
public enum FaultPoint
{
    Before,

    /// <summary>A write gets half of its bytes down; other operations fault before they do anything.</summary>
    Half,

    After,
}

/// <summary>The process "died": thrown where a test can't kill itself. Every later operation throws it too.</summary>
public sealed class SimulatedCrashException : Exception;

/// <summary>Counts file operations and causes a fault at the n-th one.</summary>
public sealed class FaultyFileOperations(IFileOperations inner) : IFileOperations
{
    private bool _isDead;

    /// <summary>Number of operations so far.</summary>
    public int Count { get; private set; }

    /// <summary>Names of the operations so far, with the file they were about.</summary>
    public List<string> Log { get; } = [];

    /// <summary>Operation, from 1, at which the fault comes; 0 for never.</summary>
    public int FaultAt { get; init; }

    public FaultPoint Point { get; init; }

    /// <summary>The fault; null simulates a crash.</summary>
    public Action? Fault { get; init; }

    /// <summary>True to fault at all later operations as well (a disk that stays full).</summary>
    public bool IsLasting { get; init; }

    public void CreateDirectory(string path) => Do("mkdir", path, () => inner.CreateDirectory(path));

    public IFileWriter CreateNew(string path, bool ownerOnly) =>
        new Writer(this, path, Do("create", path, () => inner.CreateNew(path, ownerOnly)));

    public IFileWriter OpenAppend(string path, long length) => new Writer(this, path, Do("open", path, () => inner.OpenAppend(path, length)));

    public void CopyPermissions(string source, string target) => Do("chmod", target, () => inner.CopyPermissions(source, target));

    public void Replace(string source, string target) => Do("replace", target, () => inner.Replace(source, target));

    public void MoveNew(string source, string target) => Do("move", target, () => inner.MoveNew(source, target));

    public void Delete(string path) => Do("delete", path, () => inner.Delete(path));

    public void FlushDirectory(string path) => Do("syncdir", path, () => inner.FlushDirectory(path));

    public IDisposable? TryLock(string path) => Do("lock", path, () => inner.TryLock(path));

    private void Do(string name, string path, Action action, Action? half = null) => Do(name, path, () =>
    {
        action();
        return true;
    }, half);

    private T Do<T>(string name, string path, Func<T> action, Action? half = null)
    {
        if (_isDead) throw new SimulatedCrashException();
        Count++;
        Log.Add($"{name} {Path.GetFileName(path)}");
        var isNow = Count == FaultAt || (IsLasting && FaultAt > 0 && Count > FaultAt);
        if (isNow && Point != FaultPoint.After)
        {
            if (Point == FaultPoint.Half) half?.Invoke();
            Strike();
        }

        var result = action();
        if (isNow && Point == FaultPoint.After)
        {
            // A lock dies with its process; here it must be freed by hand.
            (result as IDisposable)?.Dispose();
            Strike();
        }

        return result;
    }

    private void Strike()
    {
        if (Fault is not null)
        {
            Fault();
            return;
        }

        _isDead = true;
        throw new SimulatedCrashException();
    }

    private sealed class Writer(FaultyFileOperations owner, string path, IFileWriter file) : IFileWriter
    {
        public void Write(byte[] bytes) => owner.Do("write", path, () => file.Write(bytes), () => file.Write(bytes[..(bytes.Length / 2)]));

        public void Flush() => owner.Do("flush", path, file.Flush);

        public void Dispose() => file.Dispose();
    }
}
