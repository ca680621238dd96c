using System.Data.Common;
using System.Text;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Cards;

/// <summary>Card templates that administrators wrote: the table is the truth, each process keeps a copy that follows it.</summary>
/// <remarks>All systems send by a template's name, so that no system's key changes one.</remarks>
internal sealed class StoredTemplates : IDisposable
{
    public const int Most = 200;

    /// <summary>In characters. A card has 30 KB at most.</summary>
    public const int Longest = 64 << 10;

    /// <summary>The word of the refusal when somebody else has written the template.</summary>
    public const string ChangedMeanwhile = "changed_meanwhile";

    private const string Columns = "name, definition, changed_at, changed_by";

    private readonly AuditTrail _audit;
    private readonly TimeProvider _clock;
    private readonly CachedTable<List<Row>, IReadOnlyList<StoredTemplate>> _watched;

    public StoredTemplates(IDatabase database, AuditTrail audit, TimeProvider clock, ILogger<StoredTemplates> logger)
    {
        (_audit, _clock) = (audit, clock);
        _watched = new CachedTable<List<Row>, IReadOnlyList<StoredTemplate>>(
            "card_templates", [], database, ReadAsync, static (_, rows) => [.. rows.Select(Made)], logger);
    }

    /// <summary>By name. The list is another one after each change.</summary>
    public IReadOnlyList<StoredTemplate> All => _watched.Now;

    /// <summary>The copy that follows the table.</summary>
    public ICachedTable CachedTable => _watched;

    /// <summary>Judges a definition.</summary>
    /// <returns>The template; null: <paramref name="problems"/> says why not.</returns>
    public static CardTemplate? Judge(string definition, List<TemplateProblem> problems)
    {
        if (definition.Length <= Longest) return CardTemplateReader.Read(null, Encoding.UTF8.GetBytes(definition), problems);
        problems.Add(new TemplateProblem("", "template.too-large", $"The template has more than {Longest} characters.",
            "A card has 30 KB at most."));
        return null;
    }

    /// <summary>Keeps a template.</summary>
    /// <param name="who">Who writes it.</param>
    /// <param name="template">What the definition was judged to be.</param>
    /// <param name="definition">As it was written.</param>
    /// <param name="known">When the one that it replaces was changed, as the writer saw it; null: it is to be new.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="RequestRefusedException">Somebody else wrote it in the meantime, or there are too many.</exception>
    public async Task<StoredTemplate> SaveAsync(
        Actor who, CardTemplate template, string definition, DateTimeOffset? known, CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        await _watched.ChangeAsync(async unit =>
        {
            var before = await unit.FirstAsync($"SELECT {Columns} FROM card_template WHERE name = $1", Read, template.Name);
            if (before?.ChangedAt.ToUnixTimeMilliseconds() != known?.ToUnixTimeMilliseconds()) throw Meanwhile(template.Name, before);
            if (before is null && await unit.NumberAsync("SELECT COUNT(*) FROM card_template") >= Most)
                throw RequestRefusedException.Impossible("too_many", "/name", $"There may be {Most} templates.");
            // Each change has a time of its own, by which the next writer is known to have seen it.
            if (now <= before?.ChangedAt) now = before.ChangedAt.AddMilliseconds(1);
            await unit.ExecuteAsync("""
                INSERT INTO card_template (name, definition, changed_at, changed_by) VALUES ($1, $2, $3, $4)
                ON CONFLICT (name) DO UPDATE SET definition = excluded.definition,
                  changed_at = excluded.changed_at, changed_by = excluded.changed_by
                """, template.Name, definition, now.ToUnixTimeMilliseconds(), who.Name);
            await _audit.AddAsync(unit, who, before is null ? "card_template.created" : "card_template.changed", template.Name);
            return true;
        }, cancellation);
        return Made(new Row(template.Name, definition, DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()), who.Name));
    }

    /// <summary>Takes a template away; what is sent by its name is refused from then on.</summary>
    /// <returns>False: there is none.</returns>
    public Task<bool> DeleteAsync(Actor who, string name, CancellationToken cancellation) => _watched.ChangeAsync(async unit =>
    {
        if (await unit.ExecuteAsync("DELETE FROM card_template WHERE name = $1", name) == 0) return false;
        await _audit.AddAsync(unit, who, "card_template.deleted", name);
        return true;
    }, cancellation);

    public void Dispose() => _watched.Dispose();

    private static RequestRefusedException Meanwhile(string name, Row? now) => new(StatusCodes.Status409Conflict, ChangedMeanwhile, "/name",
        now is null ? $"The template \"{JsonFields.Shown(name)}\" was deleted in the meantime."
            : $"The template \"{JsonFields.Shown(name)}\" is there already, or was changed in the meantime, by {now.ChangedBy}.");

    private static async ValueTask<List<Row>> ReadAsync(ISql sql) =>
        await sql.QueryAsync($"SELECT {Columns} FROM card_template ORDER BY name", Read);

    private static Row Read(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.Time(2), row.GetString(3));

    /// <summary>What an older version kept may be none for this one: it stays, to be mended.</summary>
    private static StoredTemplate Made(Row row)
    {
        var problems = new List<TemplateProblem>();
        return new StoredTemplate(row.Name, row.Definition, row.ChangedAt, row.ChangedBy, Judge(row.Definition, problems), problems);
    }

    private sealed record Row(string Name, string Definition, DateTimeOffset ChangedAt, string ChangedBy);
}

/// <summary>A card template of the table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Definition">JSON, as it was written.</param>
/// <param name="ChangedAt">When it was written last.</param>
/// <param name="ChangedBy">By whom.</param>
/// <param name="Template">What it says; null: this version cannot read it.</param>
/// <param name="Problems">Why not.</param>
internal sealed record StoredTemplate(string Name, string Definition, DateTimeOffset ChangedAt, string ChangedBy,
    CardTemplate? Template, IReadOnlyList<TemplateProblem> Problems);
