using System.Text;

namespace Larkspur.Gateway.Common.Secrets;

/// <summary>Secrets that come from files: <c>NAME_FILE</c> names one (a container's <c>/run/secrets/…</c>), and systemd's credentials
/// folder has them by their names.</summary>
/// <remarks>A problem names the setting and the file, never what is in it.</remarks>
internal static class SecretFiles
{
    /// <summary>Most bytes of a file; the longest secret is a connection string.</summary>
    public const int Longest = 16 << 10;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads all that are named and puts them where a value of the setting itself would be.</summary>
    /// <exception cref="SettingsException">A file is missing, empty or too large, or a secret is given twice.</exception>
    public static void AddTo(ConfigurationManager configuration)
    {
        var problems = new List<string>();
        var read = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, path) in configuration.AsEnumerable())
        {
            if (string.IsNullOrEmpty(path) || !key.EndsWith(SecretNames.FileSuffix, StringComparison.OrdinalIgnoreCase)) continue;
            if (SecretNames.OfFile(key) is not { } secret)
            {
                if (IsOurs(key)) problems.Add($"{key}: there is no secret {key[..^SecretNames.FileSuffix.Length]} that could come from a file (docs/settings.md)");
            }
            else if (configuration[secret] is { Length: > 0 }) problems.Add($"{secret} and {key}: both are set. Keep one");
            else if (!IsMade(secret, path) && Read(key, path, problems) is { } value) read[secret] = value;
        }

        AddCredentials(configuration, read, problems);
        if (problems.Count > 0) throw new SettingsException(problems);
        if (read.Count > 0) configuration.AddInMemoryCollection(read);
    }

    /// <summary>One file's secret: UTF-8, without the line's end that editors leave.</summary>
    public static string? Read(string setting, string path, List<string> problems)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[Longest + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > Longest) return No($"{path} has more than {Longest} bytes, which no secret has");
            var text = Strict.GetString(bytes, 0, length);
            if (text.EndsWith('\n')) text = text[..^1];
            if (text.EndsWith('\r')) text = text[..^1];
            if (text.Length == 0) return No($"{path} is empty");
            return text.Any(c => c is '\0' or '\n' or '\r') ? No($"{path} has more than one line") : text;
        }
        catch (DecoderFallbackException)
        {
            return No($"{path} is not UTF-8 text");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return No($"there is no file {path}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return No($"{path} cannot be read: {e.Message}");
        }

        string? No(string why)
        {
            problems.Add($"{setting}: {why}");
            return null;
        }
    }

    /// <summary>The master key's file is made by the gateway where it is missing
    /// (<see cref="Storage.DataProtection.MasterKeyFile"/>).</summary>
    private static bool IsMade(string secret, string path) =>
        string.Equals(secret, SecretNames.MasterKey, StringComparison.OrdinalIgnoreCase) && !File.Exists(path);

    private static void AddCredentials(ConfigurationManager configuration, Dictionary<string, string?> read, List<string> problems)
    {
        if (configuration[SecretNames.CredentialsFolder] is not { Length: > 0 } folder) return;
        foreach (var name in SecretNames.Variables)
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path) || read.ContainsKey(name)) continue;
            // A file that is named is closer to what somebody meant than a credential of the unit; two values of one secret are nobody's
            // meaning.
            if (configuration[name] is { Length: > 0 }) problems.Add($"{name}: is set, and {path} has it too. Keep one");
            else if (configuration[name + SecretNames.FileSuffix] is not { Length: > 0 }
                && Read(name, path, problems) is { } value) read[name] = value;
        }
    }

    private static bool IsOurs(string key) =>
        Array.Exists((string[])["LARKSPUR_", "FEISHU_", "WECOM_", "DINGTALK_", "DIFY_"], prefix =>
            key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
