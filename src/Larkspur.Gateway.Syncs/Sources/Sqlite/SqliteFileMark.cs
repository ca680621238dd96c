namespace Larkspur.Gateway.Syncs.Sources.Sqlite;

/// <summary>
/// When a file was written last. It is asked of the file system: the counter in the file's head says less (a file with a write-ahead log
/// does not move it), and to open and close the file beside SQLite would let go of SQLite's own locks.
/// </summary>
internal static class SqliteFileMark
{
    /// <summary>Within the resolution of a file's time there may be a second write that does not show.</summary>
    private static readonly TimeSpan Resolution = TimeSpan.FromSeconds(2);

    /// <summary>The mark; null: it was written just now, and may be written again without another one.</summary>
    public static string? Of(string path, TimeProvider clock)
    {
        var (mark, at) = Read(path);
        return (clock.GetUtcNow() - at).Duration() < Resolution ? null : mark;
    }

    /// <summary>The mark, whether it says all or not.</summary>
    public static (string Mark, DateTimeOffset At) Read(string path)
    {
        var files = new[] { path, path + "-wal" }.Select(name => new FileInfo(name)).Where(file => file.Exists).ToList();
        return (string.Join('.', files.Select(file => $"{file.Length:x}.{file.LastWriteTimeUtc.Ticks:x}")),
            files.Count == 0 ? DateTimeOffset.MinValue : files.Max(file => new DateTimeOffset(file.LastWriteTimeUtc)));
    }
}
