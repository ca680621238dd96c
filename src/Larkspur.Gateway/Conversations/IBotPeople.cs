using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Conversations;

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
internal sealed class BotPeople(IDatabase database) : IBotPeople
{
    public Task<Language?> LanguageAsync(string app, string personId, CancellationToken cancellation) => database.ReadAsync(async sql =>
        Languages.FromTag(await sql.FirstAsync("SELECT language FROM bot_person WHERE app = $1 AND person_id = $2", static row => row.Text(0), app, personId)), cancellation);

    public async ValueTask RememberLanguageAsync(IUnitOfWork unit, string app, string personId, Language language) => await unit.ExecuteAsync("""
        INSERT INTO bot_person (app, person_id, language) VALUES ($1, $2, $3)
        ON CONFLICT (app, person_id) DO UPDATE SET language = excluded.language WHERE bot_person.language IS DISTINCT FROM excluded.language
        """, app, personId, language.Tag());

    public async ValueTask<bool> WelcomeAsync(IUnitOfWork unit, string app, string personId, DateTimeOffset at) => await unit.ExecuteAsync("""
        INSERT INTO bot_person (app, person_id, welcomed_at) VALUES ($1, $2, $3)
        ON CONFLICT (app, person_id) DO UPDATE SET welcomed_at = excluded.welcomed_at WHERE bot_person.welcomed_at IS NULL
        """, app, personId, at.ToUnixTimeMilliseconds()) == 1;
}
