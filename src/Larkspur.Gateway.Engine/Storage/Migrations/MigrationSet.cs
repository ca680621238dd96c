using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Storage.Migrations;

/// <summary>Numbered scripts, applied in order, each once, each in its own transaction.</summary>
internal sealed class MigrationSet
{
    public MigrationSet(IEnumerable<MigrationScript> scripts) => Scripts = [.. scripts.OrderBy(s => s.Number)];

    /// <summary>All of them, in order.</summary>
    public IReadOnlyList<MigrationScript> Scripts { get; }

    /// <summary>The schema that a database has after the last script.</summary>
    public int Newest => Scripts[^1].Number;

    /// <summary>The scripts that a database does not have yet, in order.</summary>
    /// <exception cref="SettingsException">
    /// Its schema was not made by these scripts: it is of a newer program, or of one before the first release.
    /// </exception>
    public IReadOnlyList<MigrationScript> After(IReadOnlyList<AppliedScript> applied)
    {
        foreach (var other in applied.OrderBy(a => a.Number))
        {
            if (other.Number > Newest) throw Newer(applied.Max(a => a.Number));
            if (!Scripts.Any(s => s.Number == other.Number && s.Name == other.Name)) throw Unreleased(other);
        }

        return [.. Scripts.Where(s => applied.All(a => a.Number != s.Number))];
    }

    private SettingsException Newer(int schema) => new([
        $"LARKSPUR_DB: the database was written by a newer Larkspur (schema {schema}, this one knows {Newest}). "
        + "Update Larkspur, or restore a backup."]);

    private static SettingsException Unreleased(AppliedScript script) => new([
        "LARKSPUR_DB: the database was made by a Larkspur from before its first release "
        + $"(it has script {script.Name}, which this one does not know). "
        + "There is no way to bring it up to date, and nothing in it was changed. Start with a new one: an empty database in LARKSPUR_DB, "
        + "or a new folder in LARKSPUR_DATA."]);
}
