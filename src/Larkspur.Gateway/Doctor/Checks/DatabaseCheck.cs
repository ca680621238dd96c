using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Migrations;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The database takes writes, and its schema is this program's. Writes something small.</summary>
internal sealed class DatabaseCheck(IDatabase database) : IDoctorCheck
{
    public string Id => "database";

    public LocalText Title => DatabaseCheckTexts.Title;

    public TimeSpan Deadline => TimeSpan.FromSeconds(5);

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        try
        {
            await database.CheckWritableAsync(cancellation);
            var schema = await database.ReadAsync(sql => sql.NumberAsync("SELECT MAX(number) FROM migration"), cancellation);
            if (schema == MigrationScript.Newest) return CheckResult.Ok(DatabaseCheckTexts.WritableSchema(schema));
            return CheckResult.Failed(
                DatabaseCheckTexts.DatabaseHasSchemaThisProgram(schema, MigrationScript.Newest),
                DatabaseCheckTexts.RunSameVersionLarkspur, new() { ["schema"] = schema, ["expected"] = MigrationScript.Newest });
        }
        catch (StorageUnavailableException e)
        {
            return CheckResult.Failed(DatabaseCheckTexts.DatabaseTakesNoWrites(e.Message),
                DatabaseCheckTexts.LookAtDiskSpaceFile);
        }
    }
}
