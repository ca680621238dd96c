using Larkspur.Gateway.Common.Files;

namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>The files of a database on this machine: nobody beside the gateway's user may open them.</summary>
internal static class DatabaseFiles
{
    /// <summary>The database and what SQLite and the gateway keep beside it.</summary>
    public static IEnumerable<string> Of(string path) => [path, path + "-wal", path + "-shm", path + "-journal", path + ".lock"];

    /// <summary>Before the database is opened: its folder and its file exist, closed to others. SQLite gives the files beside it the mode
    /// of the database.</summary>
    public static void Prepare(string path)
    {
        PrivateFiles.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        PrivateFiles.CreateFile(path);
        foreach (var file in Of(path)) PrivateFiles.Tighten(file);
    }
}
