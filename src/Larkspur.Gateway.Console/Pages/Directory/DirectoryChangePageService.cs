using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.Pages.Directory;

/// <summary>Changes of runs and of people, with the names of the departments in them.</summary>
internal sealed class DirectoryChangePageService(IDatabase database)
{
    private const int OnPage = 50;
    private const int MostHistory = 100;
    private const string Separator = ", ";

    /// <summary>How many changes of each kind are noted of a run.</summary>
    public Task<IReadOnlyList<(string Kind, long Count)>> KindsAsync(long run, CancellationToken cancellation) =>
        database.ReadAsync(sql => ChangeRows.KindsAsync(sql, run), cancellation);

    /// <summary>Changes of a run, in the order in which they came, and where the next page begins.</summary>
    public Task<(IReadOnlyList<DirectoryChange> Items, long? Next)> OfRunAsync(
        long run, string? kind, long after, CancellationToken cancellation, int limit = OnPage) =>
        database.ReadAsync<(IReadOnlyList<DirectoryChange>, long?)>(async sql =>
        {
            var found = await ChangeRows.OfRunAsync(sql, run, kind, after, limit + 1);
            return (await NamedAsync(sql, found.Take(limit)), found.Count > limit ? found[limit - 1].Id : null);
        }, cancellation);

    /// <summary>What befell a person, the newest first.</summary>
    public Task<IReadOnlyList<DirectoryChange>> OfPersonAsync(string person, CancellationToken cancellation) => database.ReadAsync(
        async sql => await NamedAsync(sql, await ChangeRows.OfPersonAsync(sql, person, MostHistory)), cancellation);

    /// <summary>The same changes, with departments by their names instead of by their keys.</summary>
    private async ValueTask<IReadOnlyList<DirectoryChange>> NamedAsync(ISql sql, IEnumerable<DirectoryChange> changes)
    {
        var all = changes.ToArray();
        var names = new Dictionary<long, Dictionary<string, string>>();
        foreach (var directory in all.Where(c => c.Fields.Any(IsOfDepartments)).GroupBy(c => c.Directory))
        {
            var keys = directory.SelectMany(c => c.Fields.Where(IsOfDepartments)).SelectMany(f => Keys(f.From).Concat(Keys(f.To)));
            names[directory.Key] = await DepartmentRow.NamesAsync(
                sql, database.Dialect, directory.Key, keys.Distinct(StringComparer.Ordinal));
        }

        return [.. all.Select(change => names.TryGetValue(change.Directory, out var known)
            ? change with { Fields = [.. change.Fields.Select(f => IsOfDepartments(f) ? Named(f, known) : f)] } : change)];
    }

    private static FieldChange Named(FieldChange field, Dictionary<string, string> names) =>
        field with { From = Named(field.From, names), To = Named(field.To, names) };

    private static string? Named(string? keys, Dictionary<string, string> names) =>
        keys is null ? null : string.Join(Separator, Keys(keys).Select(key => names.GetValueOrDefault(key, key)));

    private static string[] Keys(string? keys) => keys?.Split(Separator, StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static bool IsOfDepartments(FieldChange field) => field.Name is "departments" or "parent";
}
