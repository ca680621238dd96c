using System.Text.Json;
using Larkspur.Cli.Calls;

namespace Larkspur.Cli.Contexts;

/// <summary>
/// The file of contexts, in the user's folder of settings: <c>~/.config/larkspur/contexts.json</c> (where <c>XDG_CONFIG_HOME</c>
/// is set, there; on Windows below <c>%APPDATA%</c>). It holds keys, so nobody but the user may read it: others' right to do so ends the
/// verb.
/// </summary>
internal static class ContextFile
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = Own | UnixFileMode.UserExecute;
    private const int Longest = 1 << 20;

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true };

    public static string Place => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "larkspur",
            "contexts.json");

    /// <summary>Empty where there is no file.</summary>
    /// <exception cref="CallFailure">It cannot be read, others may read it, or it is damaged.</exception>
    public static KeptContexts Read()
    {
        try
        {
            var file = new FileInfo(Place);
            if (!file.Exists) return new KeptContexts();
            if (!OperatingSystem.IsWindows() && (file.UnixFileMode & ~OwnFolder) != 0)
                throw new CallFailure(ExitCodes.Usage, $"others may read {Place}, which holds keys: chmod 600 {Place}");
            if (file.Length > Longest) throw new JsonException();
            var kept = JsonSerializer.Deserialize<KeptContexts>(File.ReadAllText(Place)) ?? throw new JsonException();
            return kept.All is not null && kept.All.Values.All(IsWhole) ? kept : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new CallFailure(ExitCodes.Usage, $"{Place} is not as larkspur login writes it. Mend it, or delete it and log in again.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CallFailure(ExitCodes.Usage, $"{Place} cannot be read: {e.Message}");
        }
    }

    /// <summary>Changes the file, one process at a time; a process that dies meanwhile leaves it as it was.</summary>
    /// <exception cref="CallFailure">It cannot be read or written.</exception>
    public static T Change<T>(Func<KeptContexts, T> change)
    {
        var folder = Path.GetDirectoryName(Place)!;
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, OwnFolder);
            // A new file, named whole: whoever opens the old one reads it to its end.
            using var held = Hold(Path.Combine(folder, "contexts.lock"));
            var kept = Read();
            var result = change(kept);
            var fresh = Place + ".new";
            File.Delete(fresh);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Own;
            using (var stream = new FileStream(fresh, options))
            {
                JsonSerializer.Serialize(stream, kept, Layout);
                stream.Flush(flushToDisk: true);
            }

            File.Move(fresh, Place, overwrite: true);
            return result;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CallFailure(ExitCodes.Usage, $"{Place} cannot be written: {e.Message}");
        }
    }

    private static FileStream Hold(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Own;
        return new FileStream(path, options);
    }

    private static bool IsWhole(Context? context) => context is { Url: not null, Key: not null }
        && GatewayAddress.Find(context.Url, null) is not null;
}
