using Microsoft.Extensions.Configuration.Json;

namespace Larkspur.Gateway.Common;

/// <summary>
/// <c>larkspur.json</c>: in the data folder, or where <c>LARKSPUR_CONFIG</c> says. Never the one of the working directory: whoever can
/// put a file where somebody happens to stand would choose that process's settings.
/// </summary>
internal static class ConfigurationFile
{
    public const string Setting = "LARKSPUR_CONFIG";
    public const string Name = "larkspur.json";

    /// <summary>The file that was read; null: there was none.</summary>
    public static string? PathOf(ConfigurationManager configuration) =>
        ((IConfigurationBuilder)configuration).Sources.OfType<Source>().FirstOrDefault()?.File;

    /// <summary><c>LARKSPUR_DATA</c>.</summary>
    public static string DataFolder(IConfiguration configuration) => configuration["LARKSPUR_DATA"] is { Length: > 0 } folder ? folder
        : "data";

    /// <summary>Puts it below all other sources, in place of the one that was found before: the data folder may be set after the
    /// environment was read.</summary>
    /// <exception cref="SettingsException">The file that is named is not there, or cannot be read.</exception>
    public static void AddTo(ConfigurationManager configuration)
    {
        var sources = ((IConfigurationBuilder)configuration).Sources;
        // Which file counts is not for a file to say.
        if (sources.OfType<Source>().FirstOrDefault() is { } before) sources.Remove(before);
        var path = Path.GetFullPath(configuration[Setting] is { Length: > 0 } named ? named
            : Path.Combine(DataFolder(configuration), Name));
        if (!File.Exists(path))
        {
            if (configuration[Setting] is { Length: > 0 }) throw new SettingsException([$"{Setting}: there is no file {path}"]);
            return;
        }

        var source = new Source { File = path, Path = path, Optional = false, ReloadOnChange = false };
        source.ResolveFileProvider();
        try
        {
            sources.Insert(0, source);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException([$"{path}: cannot be read: {e.GetBaseException().Message}"], e);
        }
    }

    /// <summary>The file of the working directory, which earlier versions read; null: there is none, or it is the one that
    /// counts.</summary>
    public static string? LeftAside(ConfigurationManager configuration)
    {
        var path = Path.Combine(Environment.CurrentDirectory, Name);
        return path != PathOf(configuration) && File.Exists(path) ? path : null;
    }

    /// <summary>Known again by its type: others may have added files of their own.</summary>
    private sealed class Source : JsonConfigurationSource
    {
        public required string File { get; init; }
    }
}
