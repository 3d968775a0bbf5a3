using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PassthroughTools.IO;

namespace PassthroughTools.Journal;

/// <summary>
/// Keeps two runs off the same container. The lock itself is the operating system's, which frees it however the holder dies; so a
/// lock is never stale, and no process number decides. Beside each lock stands a file that names the holder, for the message and the list of runs;
/// where the file system knows no locks, a living holder named there is respected all the same.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private const string OwnerPattern = "*.owner";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly ConcurrentDictionary<string, bool> LiveTokens = new();

    private readonly IFileOperations _operations;
    private readonly List<IDisposable> _locks = [];
    private readonly List<string> _ownerFiles = [];
    private readonly string _token = Guid.NewGuid().ToString("N");

    private RunLock(IFileOperations operations) => _operations = operations;

    /// <summary>The run that holds the lock.</summary>
    public string RunId { get; private set; } = "";

    /// <summary>Locks all containers or none.</summary>
    /// <param name="store">Journals.</param>
    /// <param name="containers">Containers of the run.</param>
    /// <param name="runId">Makes the identifier once the containers are locked, so that a later run gets a later one.</param>
    /// <exception cref="PassthruException"><see cref="JournalErrors.RunInProgress"/>, or <see cref="FileErrors"/>.</exception>
    public static RunLock Acquire(JournalStore store, IEnumerable<string> containers, Func<string> runId)
    {
        var result = new RunLock(store.Operations);
        LiveTokens[result._token] = true;
        try
        {
            store.Operations.CreateDirectory(store.LockFolder);
            var names = containers.Distinct(StringComparer.Ordinal).OrderBy(name => name, StringComparer.Ordinal).ToArray();
            foreach (var container in names) result.Take(store.LockFolder, container);
            result.RunId = runId();
            foreach (var container in names) result.NameOwner(store.LockFolder, container);
            return result;
        }
        catch (Exception e)
        {
            result.Dispose();
            if (e is IOException or UnauthorizedAccessException) throw FileErrors.Translate(e, store.LockFolder);
            throw;
        }
    }

    /// <summary>Runs that a living process holds, or one on a machine that can't be seen from here.</summary>
    /// <param name="lockFolder">Folder of the locks.</param>
    public static HashSet<string> RunningRuns(string lockFolder)
    {
        if (!Directory.Exists(lockFolder)) return [];
        return [.. Directory.GetFiles(lockFolder, OwnerPattern).Select(ReadOwner).OfType<Owner>().Where(owner => owner.IsAlive).Select(owner => owner.RunId)];
    }

    public void Dispose()
    {
        LiveTokens.TryRemove(_token, out _);
        try
        {
            foreach (var file in _ownerFiles) _operations.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It names a token that is no longer live; the next holder overwrites it.
        }
        finally
        {
            foreach (var held in _locks) held.Dispose();
            _locks.Clear();
            _ownerFiles.Clear();
        }
    }

    private void Take(string folder, string container)
    {
        var deadline = DateTime.UtcNow + Patience;
        while (true)
        {
            var held = _operations.TryLock(FileFor(folder, container, ".lock"));
            var owner = ReadOwner(FileFor(folder, container, ".owner"));
            if (held is not null && owner is not { IsForeignAndAlive: true })
            {
                _locks.Add(held);
                return;
            }

            held?.Dispose();
            if (owner is { IsAlive: true }) throw JournalErrors.RunInProgress.For(container, container, owner.RunId, owner.Process.Id);

            // Taken, and the holder has not written its name yet.
            if (DateTime.UtcNow > deadline) throw JournalErrors.RunInProgress.For(container, container, "(unknown)", "unknown");
            Thread.Sleep(20);
        }
    }

    private void NameOwner(string folder, string container)
    {
        var file = FileFor(folder, container, ".owner");
        _operations.Delete(file);
        _ownerFiles.Add(file);
        using var writer = _operations.CreateNew(file, ownerOnly: false);
        var self = ProcessIdentity.Current;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("runId", RunId);
            json.WriteString("container", container);
            json.WriteNumber("process", self.Id);
            json.WriteString("processStart", self.Start);
            json.WriteString("machine", self.Machine);
            json.WriteString("token", _token);
            json.WriteEndObject();
        }

        writer.Write(buffer.ToArray());
    }

    private static string FileFor(string folder, string container, string extension) =>
        Path.Combine(folder, FileStamp.Of(Encoding.UTF8.GetBytes(container)).Sha256.Substring(0, 32) + extension);

    private static Owner? ReadOwner(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(FileReading.ReadAllBytes(file));
            var root = json.RootElement;
            return new(
                root.GetProperty("runId").GetString()!,
                new(root.GetProperty("process").GetInt32(), root.GetProperty("processStart").GetString()!, root.GetProperty("machine").GetString()!),
                root.GetProperty("token").GetString()!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null; // none, or its writer was killed halfway
        }
    }

    private sealed record Owner(string RunId, ProcessIdentity Process, string Token)
    {
        private bool IsThisProcess => Process == ProcessIdentity.Current;

        public bool IsAlive => IsThisProcess ? LiveTokens.ContainsKey(Token) : Process.IsAlive ?? true;

        /// <summary>Alive for sure, in another process of this machine.</summary>
        public bool IsForeignAndAlive => !IsThisProcess && Process.IsAlive == true;
    }
}
