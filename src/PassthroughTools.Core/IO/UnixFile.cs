#if NET8_0_OR_GREATER
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace PassthroughTools.IO;

/// <summary>What .NET has no call for: fsync of a folder, a bare rename, owner and extended attributes (POSIX ACLs among them).</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixFile
{
    private const int InvalidArgument = 22;
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint OwnerAndGroup = 0x8 | 0x10;

    public static void Rename(string source, string target)
    {
        if (NativeRename(source, target) != 0) throw LastError(target);
    }

    public static void FlushDirectory(string path)
    {
        var descriptor = NativeOpen(path, 0);
        if (descriptor < 0) throw LastError(path);
        try
        {
            // Some file systems can't flush a folder (EINVAL); there is nothing more that could be done.
            if (NativeFsync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument) throw LastError(path);
        }
        finally
        {
            _ = NativeClose(descriptor);
        }
    }

    public static void CopyPermissions(string source, string target)
    {
        if (OperatingSystem.IsLinux())
        {
            CopyOwner(source, target);
            CopyExtendedAttributes(source, target);
        }

        // Last: a change of owner clears set-id bits, and an ACL sets the group bits.
        File.SetUnixFileMode(target, File.GetUnixFileMode(source));
    }

    /// <summary>User and group of a file; null where the C library has no statx (old musl).</summary>
    public static unsafe (uint User, uint Group)? Owner(string path)
    {
        // struct statx has the same layout on every architecture, which struct stat has not.
        var buffer = stackalloc byte[256];
        try
        {
            if (NativeStatx(CurrentDirectory, path, NoFollow, OwnerAndGroup, buffer) != 0) throw LastError(path);
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }

        return (*(uint*)(buffer + 20), *(uint*)(buffer + 24));
    }

    /// <summary>Value of an extended attribute; null when it has none of that name.</summary>
    public static byte[]? GetAttribute(string path, string name)
    {
        var size = NativeGetAttribute(path, name, null, 0);
        if (size < 0) return null;
        var value = new byte[size];
        return NativeGetAttribute(path, name, value, value.Length) == size ? value : null;
    }

    /// <summary>Sets an extended attribute.</summary>
    public static bool TrySetAttribute(string path, string name, byte[] value) =>
        NativeSetAttribute(path, name, value, value.Length, 0) == 0;

    private static void CopyOwner(string source, string target)
    {
        if (Owner(source) is not { } wanted || Owner(target) == wanted) return;
        if (NativeChown(target, wanted.User, wanted.Group) != 0)
        {
            throw FileErrors.OwnerNotKept.For(source, source, $"owner {wanted.User}:{wanted.Group}");
        }
    }

    private static void CopyExtendedAttributes(string source, string target)
    {
        var size = NativeListAttributes(source, null, 0);
        if (size <= 0) return;
        var buffer = new byte[size];
        size = NativeListAttributes(source, buffer, buffer.Length);
        if (size <= 0) return;
        foreach (var name in Encoding.UTF8.GetString(buffer, 0, (int)size).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (GetAttribute(source, name) is not { } value || TrySetAttribute(target, name, value)) continue;

            // Labels of the security module are the system's own to give; an ACL or a user's attribute must not get lost.
            if (!name.StartsWith("security.", StringComparison.Ordinal)) throw FileErrors.OwnerNotKept.For(source, source, name);
        }
    }

    private static IOException LastError(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{new Win32Exception(error).Message}: '{path}'", error);
    }

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeRename(string source, string target);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeOpen(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int NativeFsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int NativeClose(int descriptor);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int NativeStatx(int folder, string path, int flags, uint mask, byte* buffer);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeChown(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "llistxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint NativeListAttributes(string path, byte[]? list, nint size);

    [LibraryImport("libc", EntryPoint = "lgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint NativeGetAttribute(string path, string name, byte[]? value, nint size);

    [LibraryImport("libc", EntryPoint = "lsetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeSetAttribute(string path, string name, byte[] value, nint size, int flags);
}
#endif
