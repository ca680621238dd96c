using Dapper;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Bots;

/// <summary>What the bot remembers about a person.</summary>
internal interface IBotPeople
{
    /// <summary>The language of the person's last words, or null.</summary>
    Task<Language?> LanguageAsync(string app, string personId, CancellationToken cancellation);

    /// <summary>Remembers the language of the person's words.</summary>
    ValueTask RememberLanguageAsync(IUnitOfWork unit, string app, string personId, Language language);

    /// <summary>True the first time for a person.</summary>
    ValueTask<bool> WelcomeAsync(IUnitOfWork unit, string app, string personId, DateTimeOffset at);
}

/// <inheritdoc/>
internal sealed class SqliteBotPeople(IDatabase database) : IBotPeople
{
    public Task<Language?> LanguageAsync(string app, string personId, CancellationToken cancellation) => database.ReadAsync(async connection =>
        Languages.FromTag(await connection.ExecuteScalarAsync<string?>(
            "SELECT language FROM bot_person WHERE app = @app AND person_id = @personId", new { app, personId })), cancellation);

    public ValueTask RememberLanguageAsync(IUnitOfWork unit, string app, string personId, Language language)
    {
        SqliteUnitOfWork.Of(unit).Execute("""
            INSERT INTO bot_person (app, person_id, language) VALUES (@1, @2, @3)
            ON CONFLICT (app, person_id) DO UPDATE SET language = excluded.language WHERE language IS NOT excluded.language
            """, app, personId, language.Tag());
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> WelcomeAsync(IUnitOfWork unit, string app, string personId, DateTimeOffset at) => new(SqliteUnitOfWork.Of(unit).Execute("""
        INSERT INTO bot_person (app, person_id, welcomed_at) VALUES (@1, @2, @3)
        ON CONFLICT (app, person_id) DO UPDATE SET welcomed_at = excluded.welcomed_at WHERE welcomed_at IS NULL
        """, app, personId, at.ToUnixTimeMilliseconds()) == 1);
}
