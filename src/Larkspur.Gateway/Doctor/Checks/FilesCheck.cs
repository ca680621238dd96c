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

    public LocalText Title => new("文件权限", "File permissions");

    public Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation) => Task.FromResult(Judge());

    private CheckResult Judge()
    {
        if (masters.Current is null)
        {
            return CheckResult.Failed(new("没有主密钥，或主密钥与数据库不符，加密的内容无法读取",
                "There is no master key that fits the database, and what is encrypted cannot be read"),
                new($"为每个进程设置同一个 {MasterKeys.Setting} 或 {MasterKeyFile.Setting}",
                    $"Give every process the same {MasterKeys.Setting} or {MasterKeyFile.Setting}"));
        }

        if (OperatingSystem.IsWindows()) return CheckResult.Skipped("Windows 上由文件夹的访问权限决定", "On Windows the folder's own rights decide");
        var wide = Files().Distinct(StringComparer.Ordinal).Where(path => PrivateFiles.IsWide(path, out _)).ToArray();
        if (wide.Length > 0)
        {
            var named = string.Join(", ", wide.Select(path => PrivateFiles.IsWide(path, out var mode)
                ? $"{path} ({PrivateFiles.Shown(mode)})" : path));
            return CheckResult.Failed(new($"本机其他用户可以打开：{named}", $"Other users of this machine may open {named}"),
                new("改为仅所有者可访问（文件夹 0700，文件 0600），并由运行网关的用户拥有",
                    "Let only the owner open them (folders 0700, files 0600), and let the user that runs the gateway own them"),
                new() { ["open"] = CheckResult.List(wide) });
        }

        if (KeyFile() is { } key && database.Dialect == Dialect.Sqlite && Folder(key) == Folder(database.Value))
        {
            return CheckResult.Warning(new($"主密钥与数据在同一文件夹：{key}", $"The master key lies beside the data: {key}"),
                new($"把它移到别处并设置 {MasterKeyFile.Setting}；备份不应同时包含两者",
                    $"Move it elsewhere and set {MasterKeyFile.Setting}; a backup should not hold both"));
        }

        return CheckResult.Ok("只有网关的用户可以打开数据和主密钥", "Only the gateway's user may open the data and the master key");
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
