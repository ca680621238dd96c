using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Files;

namespace Larkspur.Gateway.Hosting;

/// <summary>The data folder and the settings' file in it: closed to others before anything is written.</summary>
internal static partial class OwnFiles
{
    /// <summary>Tightens what is ours; what is not is told by the doctor.</summary>
    public static void Close(GatewaySettings settings, ConfigurationManager configuration, ILogger logger)
    {
        foreach (var path in ((string?[])[settings.Installation.DataFolder, ConfigurationFile.PathOf(configuration)]).OfType<string>())
        {
            if (!PrivateFiles.IsWide(path, out var mode) || !IsInData(path, settings.Installation.DataFolder)) continue;
            if (PrivateFiles.Tighten(path)) FileClosed(logger, path, PrivateFiles.Shown(mode));
        }

        if (ConfigurationFile.LeftAside(configuration) is { } left)
        {
            StrayFileIgnored(logger, left, ConfigurationFile.Name, ConfigurationFile.Setting);
        }
    }

    /// <summary>A file that somebody has named elsewhere is theirs to close.</summary>
    private static bool IsInData(string path, string data) => Full(path) is var full && Full(data) is var folder
        && (full == folder || Path.GetDirectoryName(full) == folder);

    private static string Full(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    [LoggerMessage(LogLevel.Information, "{Path} was open to other users of this machine ({Mode}); it is closed now")]
    private static partial void FileClosed(ILogger logger, string path, string mode);
    [LoggerMessage(LogLevel.Warning,
        "{Path} is not read: settings come from {File} in the data folder or from the file of {Setting}. Move it there")]
    private static partial void StrayFileIgnored(ILogger logger, string path, string file, string setting);
}
