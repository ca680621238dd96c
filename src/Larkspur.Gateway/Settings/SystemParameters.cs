using System.Data.Common;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Settings;

/// <summary>The settings as a table of the database for whoever changes them there: an edit is judged and taken as one over REST, within
/// seconds, by whichever process finds it first, and its line of the audit log says <c>database</c>.</summary>
/// <remarks>
/// The gateway keeps beside each value what it wrote itself; another one is an edit. A secret lies there readable until it is taken, and is
/// then encrypted and shown as <see cref="Hidden"/>. A row that is deleted comes back and changes nothing: whoever empties the table by
/// mistake takes no app off the platforms.
/// </remarks>
internal sealed partial class SystemParameters(
    RuntimeSettings settings, IDatabase database, TimeProvider clock, ILogger<SystemParameters> logger) : BackgroundService
{
    public const string Hidden = "********";

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(3);

    /// <summary>More than there are settings; a table that somebody filled with something else costs no more than this.</summary>
    private const int MostRows = 1000;

    /// <summary>What this process wrote last; others of its version write the same.</summary>
    private SettingsState? _shown;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(LookEvery, clock);
        try
        {
            do
            {
                try
                {
                    await FollowAsync(stoppingToken);
                }
                catch (StorageUnavailableException)
                {
                    // Said by those who need the database more; the next look finds what waits.
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    // An exception from here would stop the whole gateway.
                    CannotFollow(e);
                }
            }
            while (await ticks.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(ReadAsync, cancellation);
        var edits = rows.Where(row => row.IsEdited).ToLookup(row => ProblemOf(row) is null);
        foreach (var row in edits[false]) await PutBackAsync(row, ProblemOf(row)!, cancellation);
        // An app's id and its secret, edited in one transaction, count together.
        if (edits[true].Any()) await TakeAsync([.. edits[true]], cancellation);
        // What was emptied is shown with its default, what was refused with the value in force.
        if (rows.Any(row => row.IsEdited)) _shown = null;
        var names = rows.Select(row => row.Name).ToHashSet(StringComparer.Ordinal);
        var isWhole = settings.Now.All.All(setting => names.Contains(setting.Definition.Key));
        if (!isWhole || !ReferenceEquals(_shown, settings.Now)) await ShowAsync(cancellation);
    }

    /// <summary>Why an edit cannot be taken; null: it can.</summary>
    private LocalText? ProblemOf(Row row) => settings.RefusalOf(row.Name, row.Typed) is { } refused ? refused.Sentence
        : row.Typed == Hidden && settings.Now[row.Name].Definition.Kind == SettingKind.Secret ? SettingTexts.TypeTheSecretItself : null;

    /// <summary>Changes the settings and marks the edits as taken, in one transaction.</summary>
    private Task TakeAsync(IReadOnlyList<Row> edits, CancellationToken cancellation) => settings.ChangeAsync(Actor.Database,
        edits.ToDictionary(row => row.Name, string? (row) => row.Typed), async unit =>
        {
            List<string> taken = [];
            foreach (var row in edits)
            {
                if (await TakenAsync(unit, row, Shown(settings.Now[row.Name].Definition, row.Typed), null)) taken.Add(row.Name);
            }

            return taken;
        }, cancellation);

    /// <summary>What is not taken does not stay: it may be a secret in the wrong row.</summary>
    private async Task PutBackAsync(Row row, LocalText problem, CancellationToken cancellation)
    {
        EditRefused(row.Name, problem.English);
        var said = $"{problem.English} / {problem.Chinese}";
        await database.TransactAsync(async unit => await TakenAsync(unit, row, row.Written ?? "", said), cancellation);
    }

    /// <summary>False: another process took it, or it was edited once more.</summary>
    private static async ValueTask<bool> TakenAsync(IUnitOfWork unit, Row row, string shown, string? problem) => await unit.ExecuteAsync("""
        UPDATE system_parameters SET value = $1, written = $1, problem = $2
        WHERE name = $3 AND COALESCE(value, '') = $4 AND COALESCE(written, '?') = $5
        """, shown, problem, row.Name, row.Value ?? "", row.Written ?? "?") == 1;

    /// <summary>Writes the values in force, where they are newer and nobody edits just now. In one statement: there are dozens.</summary>
    private async Task ShowAsync(CancellationToken cancellation)
    {
        var now = settings.Now;
        await database.TransactAsync(async unit =>
        {
            var known = (await ReadAsync(unit)).ToDictionary(row => row.Name, StringComparer.Ordinal);
            // At one version only the environment differs, of a process that was started with another one.
            var news = now.All.Where(setting => !(known.GetValueOrDefault(setting.Definition.Key) is { } row && (row.Version > now.Version
                || (row.Version == now.Version && row.Written == Shown(setting) && row.Source == SourceOf(setting))))).ToArray();
            if (news.Length > 0) await WriteAsync(unit, news, now.Version);
        }, cancellation);
        _shown = now;
    }

    private static ValueTask<List<Row>> ReadAsync(ISql sql) =>
        sql.QueryAsync($"SELECT name, value, written, source, version FROM system_parameters ORDER BY name LIMIT {MostRows}", Row.Read);

    private static async ValueTask WriteAsync(IUnitOfWork unit, IReadOnlyList<SettingValue> settings, long version)
    {
        var values = settings.SelectMany(setting => new object?[]
        {
            setting.Definition.Key, Shown(setting), SourceOf(setting), setting.ChangedAt?.ToUnixTimeMilliseconds(), setting.ChangedBy,
        }).Append(version).ToArray();
        var rows = Enumerable.Range(0, settings.Count).Select(i => 5 * i)
            .Select(i => $"(${i + 1}, ${i + 2}, ${i + 3}, ${i + 4}, ${i + 5}, ${i + 2}, ${values.Length})");
        await unit.ExecuteAsync($"""
            INSERT INTO system_parameters (name, value, source, changed_at, changed_by, written, version) VALUES {string.Join(", ", rows)}
            ON CONFLICT (name) DO UPDATE SET value = excluded.value, source = excluded.source, changed_at = excluded.changed_at,
                changed_by = excluded.changed_by, written = excluded.written, version = excluded.version,
                problem = CASE WHEN system_parameters.written = excluded.written THEN system_parameters.problem END
                WHERE COALESCE(system_parameters.value, '') = COALESCE(system_parameters.written, '')
                    AND system_parameters.version <= excluded.version
            """, values);
    }

    private static string Shown(SettingValue setting) => Shown(setting.Definition, setting.Text);

    private static string Shown(SettingDefinition definition, string value) =>
        definition.Kind == SettingKind.Secret && value.Length > 0 ? Hidden : value;

    private static string SourceOf(SettingValue setting) => setting.Source.ToString().ToLowerInvariant();

    private sealed record Row(string Name, string? Value, string? Written, string Source, long Version)
    {
        /// <summary>A row without a value that the gateway wrote was put there by hand.</summary>
        public bool IsEdited => Written is null || (Value ?? "") != Written;

        /// <summary>The value as a setting would have it.</summary>
        public string Typed => Value?.Trim() ?? "";

        public static Row Read(DbDataReader row) => new(row.GetString(0), row.Text(1), row.Text(2), row.GetString(3), row.GetInt64(4));

        /// <summary>Its text would show a secret.</summary>
        public override string ToString() => Name;
    }

    [LoggerMessage(LogLevel.Warning, "The edit of {Setting} in the table system_parameters was not taken: {Problem}")]
    private partial void EditRefused(string setting, string problem);
    [LoggerMessage(LogLevel.Error, "The table system_parameters cannot be followed now; what is edited there waits")]
    private partial void CannotFollow(Exception error);
}
