namespace Larkspur.Cli.Hosting;

/// <summary>A secret of the environment: its variable, or the file that <c>NAME_FILE</c> names.</summary>
internal static class SecretVariable
{
    public const string FileSuffix = "_FILE";

    private const int Longest = 16 << 10;

    /// <summary>The secret; null: neither is set.</summary>
    /// <exception cref="IOException">Both are set, or the file cannot be read or is empty. The message names the variable and the
    /// file.</exception>
    public static string? Read(string name)
    {
        var value = Environment.GetEnvironmentVariable(name) is { Length: > 0 } set ? set : null;
        if (Environment.GetEnvironmentVariable(name + FileSuffix) is not { Length: > 0 } path) return value;
        if (value is not null) throw new IOException($"{name} and {name}{FileSuffix}: both are set. Keep one");
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > Longest) throw new IOException($"{path} has more than {Longest} bytes");
            var text = File.ReadAllText(path);
            if (text.EndsWith('\n')) text = text[..^1];
            if (text.EndsWith('\r')) text = text[..^1];
            return text.Length > 0 ? text : throw new IOException($"{path} is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{name}{FileSuffix}: {e.Message}", e);
        }
    }
}
