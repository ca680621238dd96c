using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Platforms.Web.Sessions;

/// <summary>The sessions' rows.</summary>
internal sealed class WebSessionStore(IDatabase database)
{
    private const string Noted = "web_session";
    private static readonly string From = $"SELECT {WebSession.Columns} FROM web_session s {PersonRows.JoinOf("p", "s.person")}";

    /// <summary>The session of a token, ended or not; null: there is none.</summary>
    /// <param name="hash"><see cref="SessionToken.Hash"/>.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public Task<WebSession?> OfHashAsync(string hash, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.FirstAsync($"{From} WHERE s.hash = $1", WebSession.Read, hash), cancellation);

    /// <summary>
    /// The keys of all that are open then, of their tokens and of their names; of more than so many, those of the newest.
    /// </summary>
    public async Task<IEnumerable<UInt128>> OpenKeysAsync(DateTimeOffset now, int most, CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(sql => sql.QueryAsync(
            "SELECT hash, session FROM web_session WHERE revoked_at IS NULL AND expires_at > $1 ORDER BY id DESC LIMIT $2",
            static row => (Token: SessionKey.OfHash(row.GetString(0)), Name: SessionKey.OfName(row.GetString(1))),
            now.ToUnixTimeMilliseconds(), most), cancellation);
        return rows.SelectMany(static row => new[] { row.Token, row.Name });
    }

    public Task<WebSession?> FindAsync(string name, CancellationToken cancellation) => database.ReadAsync(sql => FindAsync(sql, name), cancellation);

    public static ValueTask<WebSession?> FindAsync(ISql sql, string name) => sql.FirstAsync($"{From} WHERE s.session = $1", WebSession.Read, name);

    /// <summary>The newest first.</summary>
    /// <param name="person">Of this person only; null: of all.</param>
    /// <param name="owner">Of this system only; null: of all.</param>
    /// <param name="openAt">Only those that are open then; null: also ended ones.</param>
    /// <param name="before">Only older ones than this row; null: from the newest on.</param>
    /// <param name="limit">So many.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public Task<List<WebSession>> ListAsync(
        string? person, string? owner, DateTimeOffset? openAt, long? before, int limit, CancellationToken cancellation)
    {
        var where = new SqlConditions().When(person, "s.person").When(owner, "s.owner").When(before, "s.id <")
            .When(openAt?.ToUnixTimeMilliseconds(), "s.revoked_at IS NULL AND s.expires_at >");
        var text = $"{From} WHERE {where.Text} ORDER BY s.id DESC LIMIT {where.Place(limit)}";
        return database.ReadAsync(sql => sql.QueryAsync(text, WebSession.Read, where.Values), cancellation);
    }

    /// <summary>Open sessions of a person that a system has begun.</summary>
    public static async ValueTask<long> CountOpenAsync(ISql sql, string person, string owner, DateTimeOffset now) =>
        await sql.NumberAsync("SELECT COUNT(*) FROM web_session WHERE person = $1 AND owner = $3 AND revoked_at IS NULL AND expires_at > $2",
            person, now.ToUnixTimeMilliseconds(), owner) ?? 0;

    /// <returns>Its row's number.</returns>
    public static async ValueTask<long> AddAsync(IUnitOfWork unit, WebSession session, string hash) => (await unit.QueryAsync("""
        INSERT INTO web_session
          (session, hash, person, issuer, subject, name, email, language, origins, created_at, created_by, expires_at, named, owner)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id
        """, static row => row.GetInt64(0), session.Name, hash, session.Person, session.Issuer, session.Subject, session.PersonName,
        session.Email, session.Language?.Tag(), JsonSerializer.Serialize(session.Origins),
        session.CreatedAt.ToUnixTimeMilliseconds(), session.CreatedBy, session.ExpiresAt.ToUnixTimeMilliseconds(), session.Named, session.Owner))[0];

    /// <returns>False: it was revoked before, or there is none.</returns>
    public static async ValueTask<bool> RevokeAsync(IUnitOfWork unit, string name, string who, DateTimeOffset at) => await unit.ExecuteAsync(
        "UPDATE web_session SET revoked_at = $2, revoked_by = $3 WHERE session = $1 AND revoked_at IS NULL", name, at.ToUnixTimeMilliseconds(), who) == 1;

    /// <summary>Revokes all of a person that are open.</summary>
    /// <returns>Their rows' numbers.</returns>
    public static ValueTask<List<long>> RevokeAllAsync(IUnitOfWork unit, string person, string who, DateTimeOffset at) => unit.QueryAsync(
        "UPDATE web_session SET revoked_at = $2, revoked_by = $3 WHERE person = $1 AND revoked_at IS NULL AND expires_at > $2 RETURNING id",
        static row => row.GetInt64(0), person, at.ToUnixTimeMilliseconds(), who);

    /// <summary>Revokes what somebody began for a person.</summary>
    /// <returns>Their rows' numbers.</returns>
    public static ValueTask<List<long>> RevokeOfAsync(IUnitOfWork unit, string person, string by, DateTimeOffset at) => unit.QueryAsync("""
        UPDATE web_session SET revoked_at = $2, revoked_by = $3 WHERE person = $1 AND created_by = $3 AND revoked_at IS NULL
          AND expires_at > $2 RETURNING id
        """, static row => row.GetInt64(0), person, at.ToUnixTimeMilliseconds(), by);

    /// <summary>Revokes the oldest of a person that were begun by any of one kind, but for the newest.</summary>
    /// <returns>Their rows' numbers.</returns>
    public static ValueTask<List<long>> RevokeOldestAsync(IUnitOfWork unit, string person, string kind, int keep, DateTimeOffset at) =>
        unit.QueryAsync("""
            UPDATE web_session SET revoked_at = $2, revoked_by = 'system' WHERE revoked_at IS NULL AND id IN (SELECT id FROM web_session
              WHERE person = $1 AND created_by LIKE $3 AND revoked_at IS NULL AND expires_at > $2 ORDER BY id DESC LIMIT 1000 OFFSET $4)
            RETURNING id
            """, static row => row.GetInt64(0), person, at.ToUnixTimeMilliseconds(), kind + "%", keep);

    /// <summary>The sessions of a person are another's.</summary>
    public static async ValueTask MoveAsync(IUnitOfWork unit, PersonJoin join)
    {
        await JoinRows.NoteAsync(unit, join, Noted, "web_session");
        await unit.ExecuteAsync("UPDATE web_session SET person = $2 WHERE person = $1", join.Former, join.Person);
    }

    /// <summary>The two are two again: the sessions of before go back, and of those begun since the ones of the former person's accounts, or of their id.</summary>
    public static async ValueTask ReturnAsync(IUnitOfWork unit, JoinUndo undo)
    {
        await unit.ExecuteAsync($"UPDATE web_session SET person = $2 WHERE person = $1 AND id IN {JoinRows.Of(undo.Join, Noted)}", undo.Person, undo.Former.Id);
        foreach (var id in undo.Former.Ids.Where(i => i is { Platform: WebChat.Platform, Kind: "subject" })) await MoveAsync(unit, undo.Person, undo.Former.Id, id);
        foreach (var id in undo.FormerIds) await unit.ExecuteAsync("UPDATE web_session SET person = $2 WHERE person = $1 AND named = $3", undo.Person, undo.Former.Id, id);
    }

    /// <summary>Those of one account are another person's.</summary>
    public static async ValueTask MoveAsync(IUnitOfWork unit, string from, string into, PlatformIdentity account) => await unit.ExecuteAsync(
        "UPDATE web_session SET person = $2 WHERE person = $1 AND issuer = $3 AND subject = $4", from, into, account.Scope, account.Value);

    /// <summary>Forgets sessions that ended long ago.</summary>
    public static ValueTask<int> PruneAsync(OldBatch old) => old.ExecuteAsync(
        "DELETE FROM web_session WHERE id IN (SELECT id FROM web_session WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)");
}
