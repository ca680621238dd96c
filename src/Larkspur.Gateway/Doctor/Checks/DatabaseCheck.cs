using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Migrations;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The database takes writes, and its schema is this program's. Writes something small.</summary>
internal sealed class DatabaseCheck(IDatabase database) : IDoctorCheck
{
    public string Id => "database";

    public LocalText Title => new("数据库", "Database");

    public TimeSpan Deadline => TimeSpan.FromSeconds(5);

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        try
        {
            await database.CheckWritableAsync(cancellation);
            var schema = await database.ReadAsync(sql => sql.NumberAsync("SELECT MAX(number) FROM migration"), cancellation);
            if (schema == MigrationScript.Newest) return CheckResult.Ok($"可写，结构版本 {schema}", $"Writable, schema {schema}");
            return CheckResult.Failed(
                new($"数据库结构版本为 {schema}，本程序需要 {MigrationScript.Newest}", $"The database has schema {schema}, this program knows {MigrationScript.Newest}"),
                new("所有进程使用同一版本的 Larkspur，并重启", "Run the same version of Larkspur everywhere and restart it"), new() { ["schema"] = schema, ["expected"] = MigrationScript.Newest });
        }
        catch (StorageUnavailableException e)
        {
            return CheckResult.Failed(new($"数据库不可写：{e.Message}", $"The database takes no writes: {e.Message}"),
                new("检查磁盘空间、文件权限和数据库服务器", "Look at disk space, file permissions and the database server"));
        }
    }
}
