namespace Larkspur.Gateway.Common.Files;

/// <summary>Temporary files for what is too large to stay in memory.</summary>
internal static class NamelessFile
{
    /// <summary>An empty file that nobody else may read, and that is gone with its handle: on Unix also when the process is killed, for it has no name from the beginning.</summary>
    /// <exception cref="IOException">The folder for temporary files cannot be written.</exception>
    public static FileStream Create()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var stream = new FileStream(Path.Combine(Path.GetTempPath(), "larkspur-" + Guid.NewGuid().ToString("N")), options);
        if (!OperatingSystem.IsWindows()) File.Delete(stream.Name);
        return stream;
    }
}
