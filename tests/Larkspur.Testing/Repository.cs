namespace Larkspur.Testing;

/// <summary>Where the working copy is, seen from a test's output folder.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A folder for what tests leave behind to be looked at (screenshots, logs); not versioned.</summary>
    public static string Artifacts(string name) => Directory.CreateDirectory(Path.Combine(Root, "artifacts", name)).FullName;

    /// <summary>A sample's program in the folder where it was built: beside the tests it would lack the packages that ASP.NET brings them.</summary>
    public static string Sample(string name) => Path.Combine(
        Root, "samples", name, "bin", new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Parent!.Name, "net10.0", name + ".dll");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Larkspur.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests must run from within the working copy.");
    }
}
