using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Files;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;
using Larkspur.Gateway.Storage.Sqlite;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>Nobody beside the gateway's user may open the data folder, the database's files and the master key, and the key is not beside
/// what it opens.</summary>
internal sealed class FilesCheck(Installation installation, DatabaseAddress database, MasterKeyFile keyFile, MasterKeys masters) : IDoctorCheck
{
    public string Id => "files";

    public LocalText Title => FilesCheckTexts.Title;

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge());

    private CheckResult Judge()
    {
        if (masters.Current is null)
        {
            return CheckResult.Failed(FilesCheckTexts.ThereIsNoMasterKeyFits,
                FilesCheckTexts.GiveEveryProcessSameOr(MasterKeys.Setting, MasterKeyFile.Setting));
        }

        if (OperatingSystem.IsWindows()) return CheckResult.Skipped(FilesCheckTexts.OnWindowsFolderOwnRights);
        var wide = Files().Distinct(StringComparer.Ordinal).Where(path => PrivateFiles.IsWide(path, out _)).ToArray();
        if (wide.Length > 0)
        {
            var named = string.Join(", ", wide.Select(path => PrivateFiles.IsWide(path, out var mode)
                ? $"{path} ({PrivateFiles.Shown(mode)})" : path));
            return CheckResult.Failed(FilesCheckTexts.OtherUsersThisMachineMayOpen(named),
                FilesCheckTexts.LetOnlyOwnerOpenThemFolders,
                new() { ["open"] = CheckResult.List(wide) });
        }

        if (KeyFile() is { } key && database.Dialect == Dialect.Sqlite && Folder(key) == Folder(database.Value))
        {
            return CheckResult.Warning(FilesCheckTexts.MasterKeyLiesBesideData(key),
                FilesCheckTexts.MoveItElsewhereAndSetBackup(MasterKeyFile.Setting));
        }

        return CheckResult.Ok(FilesCheckTexts.OnlyGatewayUserMayOpenData);
    }

    private IEnumerable<string> Files()
    {
        yield return installation.DataFolder;
        yield return Path.Combine(installation.DataFolder, ConfigurationFile.Name);
        if (database.Dialect == Dialect.Sqlite)
        {
            foreach (var file in DatabaseFiles.Of(database.Value)) yield return file;
        }

        // A container's secret files are readable within the container, which has one user.
        if (KeyFile() is { } key && !keyFile.IsNamed) yield return key;
    }

    private string? KeyFile() => keyFile.Path is { } path && File.Exists(path) ? path : null;

    private static string? Folder(string path) => Path.GetDirectoryName(Path.GetFullPath(path));
}
