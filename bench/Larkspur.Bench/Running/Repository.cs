namespace Larkspur.Bench.Running;

/// <summary>The clone that this program was built in.</summary>
internal static class Repository
{
    private static readonly Lazy<string> Found = new(Find);

    public static string Root => Found.Value;

    /// <summary>The command that is measured: the same configuration as this program.</summary>
    public static string Cli => Existing(Path.Combine(Root, "src", "Larkspur.Cli", "bin", Configuration, "net10.0", "larkspur.dll"));

    public static string Peers => Path.Combine(Root, "bench", "peers");

    /// <summary>For databases and logs: in the clone, because the system's temporary folder may live in memory, where a commit costs nothing.</summary>
    public static string Scratch => Directory.CreateDirectory(Path.Combine(Root, "artifacts", "bench")).FullName;

    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Larkspur.slnx"))) return folder.FullName;
        }

        throw new BenchException("this program measures the clone that it was built in, and finds none around it; use ./larkspur bench");
    }

    private static string Existing(string path) => File.Exists(path) ? path : throw new BenchException($"{path} is not built; use ./larkspur bench");
}
