using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Tables.Bitable;

/// <summary>When the platform told of a base last. Events come to any process; the one that synchronises a table asks here.</summary>
internal sealed class HeardEvents(IDatabase database)
{
    /// <summary>An event of a base came. Most of them write nothing: to some seconds is near enough.</summary>
    public static async ValueTask NoteAsync(IUnitOfWork unit, string app, string appToken, bool ofFields, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        await unit.ExecuteAsync("""
            INSERT INTO base_heard (app, app_token, heard_at, fields_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (app, app_token) DO UPDATE SET heard_at = excluded.heard_at,
              fields_at = CASE WHEN excluded.fields_at > 0 THEN excluded.fields_at ELSE base_heard.fields_at END
            WHERE excluded.fields_at > 0 OR base_heard.heard_at < $5
            """, app, appToken, at, ofFields ? at : 0L, at - 5000);
    }

    /// <summary>When it told of anything, and of fields; null: it never did.</summary>
    public Task<Heard?> FindAsync(string app, string appToken, CancellationToken cancellation) => database.ReadAsync(sql => sql.FirstAsync(
        "SELECT heard_at, fields_at FROM base_heard WHERE app = $1 AND app_token = $2", static row =>
            new Heard(row.Time(0), row.Time(1)), app,
        appToken), cancellation);
}

/// <summary>When the platform told of a base last.</summary>
/// <param name="At">Of anything.</param>
/// <param name="FieldsAt">Of its fields.</param>
internal sealed record Heard(DateTimeOffset At, DateTimeOffset FieldsAt);
