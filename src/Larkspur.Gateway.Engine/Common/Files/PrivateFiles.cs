namespace Larkspur.Gateway.Common.Files;

/// <summary>Folders and files that only the gateway's own user may open: 0700 and 0600. On Windows the folder's own rights count, and
/// nothing is done here.</summary>
internal static class PrivateFiles
{
    public const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Everybody's folder, like /tmp: others need it as it is.</summary>
    private const UnixFileMode Shared = UnixFileMode.StickyBit;

    /// <summary>Makes a folder with all above it that are missing; one that is there stays as it is.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, FolderMode);
    }

    /// <summary>Makes an empty file unless there is one, whatever the umask is.</summary>
    public static void CreateFile(string path)
    {
        using var made = Open(path, System.IO.FileMode.OpenOrCreate, FileShare.ReadWrite);
    }

    /// <summary>Opens a file for writing; when it is made, only its owner may open it.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 1 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = FileMode;
        return new FileStream(path, options);
    }

    /// <summary>Writes a file as a whole or not at all, also when the power goes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="overwrite">False: never over another, which is then kept.</param>
    /// <exception cref="IOException">It cannot be written, or is there already and must not be replaced.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void WriteWhole(string path, ReadOnlySpan<byte> content, bool overwrite)
    {
        var half = $"{path}.{Guid.NewGuid():N}";
        try
        {
            using (var stream = Open(half, System.IO.FileMode.CreateNew, FileShare.None))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(half, path, overwrite);
        }
        finally
        {
            if (File.Exists(half)) File.Delete(half);
        }
    }

    /// <summary>Takes away what others may do with a folder or file of ours that an earlier version, or somebody's hand, left
    /// open.</summary>
    /// <returns>False: it is still open, since it is somebody else's or everybody's (<c>/tmp</c>, <c>/</c>).</returns>
    public static bool Tighten(string path)
    {
        if (OperatingSystem.IsWindows() || !IsWide(path, out var mode)) return true;
        if (mode.HasFlag(Shared) || Path.GetFullPath(path) == Path.GetPathRoot(Path.GetFullPath(path))) return false;
        try
        {
            File.SetUnixFileMode(path, mode & FolderMode);
            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return false; // the doctor tells it
        }
    }

    /// <summary>Somebody beside the owner may read, write or enter it. A missing one and a symbolic link are not judged.</summary>
    public static bool IsWide(string path, out UnixFileMode mode)
    {
        mode = UnixFileMode.None;
        if (OperatingSystem.IsWindows()) return false;
        FileSystemInfo found = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        if (!found.Exists || found.LinkTarget is not null) return false;
        mode = found.UnixFileMode;
        return (mode & ~FolderMode & ~UnixFileMode.StickyBit & ~UnixFileMode.SetGroup & ~UnixFileMode.SetUser) != 0;
    }

    /// <summary>The mode as people write it, like 0755.</summary>
    public static string Shown(UnixFileMode mode) => "0" + Convert.ToString((int)mode & 0x1FF, 8).PadLeft(3, '0');
}
