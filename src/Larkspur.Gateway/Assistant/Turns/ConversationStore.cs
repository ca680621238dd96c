using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>Conversations: one per person, route and place, in private the same on every platform, until a week passes without a word or the person begins afresh.</summary>
internal sealed class ConversationStore(AssistantOptions options)
{
    /// <summary>The open conversation of a person on a route in a place (<see cref="ConversationPlace"/>); a new one when there is none, or it is too old.</summary>
    public async ValueTask<long> OpenAsync(IUnitOfWork unit, string person, string route, string place, DateTimeOffset now)
    {
        await unit.ExecuteAsync("UPDATE assistant_conversation SET ended_at = $4 WHERE person = $1 AND route = $2 AND place = $3 AND ended_at IS NULL AND used_at < $5",
            person, route, place, now.ToUnixTimeMilliseconds(), (now - options.ConversationLifetime).ToUnixTimeMilliseconds());
        return (await unit.NumberAsync("""
            INSERT INTO assistant_conversation (person, route, place, asked_as, started_at, used_at) VALUES ($1, $2, $3, $1, $4, $4)
            ON CONFLICT (person, route, place) WHERE ended_at IS NULL DO UPDATE SET used_at = excluded.used_at RETURNING id
            """, person, route, place, now.ToUnixTimeMilliseconds())).GetValueOrDefault();
    }

    public static ValueTask<Conversation?> FindAsync(ISql sql, long id) =>
        sql.FirstAsync("SELECT backend, remote_id, asked_as FROM assistant_conversation WHERE id = $1", static row => new Conversation(row.Text(0), row.Text(1), row.GetString(2)), id);

    /// <summary>The backend's own id, under which it goes on.</summary>
    public static async ValueTask RememberAsync(IUnitOfWork unit, long id, string backend, string? remoteId) =>
        await unit.ExecuteAsync("UPDATE assistant_conversation SET backend = $2, remote_id = $3 WHERE id = $1", id, backend, remoteId);

    /// <summary>Begins afresh in this place.</summary>
    /// <returns>How many conversations ended by it.</returns>
    public static async ValueTask<int> EndAsync(IUnitOfWork unit, string person, string place, DateTimeOffset now) =>
        await unit.ExecuteAsync("UPDATE assistant_conversation SET ended_at = $3 WHERE person = $1 AND place = $2 AND ended_at IS NULL", person, place, now.ToUnixTimeMilliseconds());

    public static ValueTask<string?> ChoiceAsync(ISql sql, string person, string place) =>
        sql.FirstAsync("SELECT route FROM assistant_choice WHERE person = $1 AND place = $2", static row => (string?)row.GetString(0), person, place);

    public static async ValueTask ChooseAsync(IUnitOfWork unit, string person, string place, string route) => await unit.ExecuteAsync(
        "INSERT INTO assistant_choice (person, place, route) VALUES ($1, $2, $3) ON CONFLICT (person, place) DO UPDATE SET route = excluded.route", person, place, route);
}

/// <summary>A conversation as the backend knows it.</summary>
/// <param name="Backend">Whose id it is.</param>
/// <param name="RemoteId">The id; null: none.</param>
/// <param name="AskedAs">The user that the backend knows.</param>
internal sealed record Conversation(string? Backend, string? RemoteId, string AskedAs);
