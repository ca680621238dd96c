using System.Runtime.CompilerServices;

namespace Larkspur.Architecture.Tests;

/// <summary>The sources of this clone.</summary>
internal static class Repository
{
    private static readonly string[] Built = ["bin", "obj", "node_modules"];

    /// <summary>The folder of the clone.</summary>
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    /// <summary>Files below a folder that somebody wrote, as paths from the clone's folder with <c>/</c>.</summary>
    public static IReadOnlyList<string> Files(string below, params string[] endings)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Folder, below), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/'))
            .Where(path => endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)) && !path.Split('/').Any(Built.Contains))
            .Order(StringComparer.Ordinal).ToArray();
        Assert.NotEmpty(files);
        return files;
    }

    public static string Read(string path) => File.ReadAllText(Path.Combine(Folder, path));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
