using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Messages;

/// <summary>Whose messages are: the systems that had them sent, by the platform's ids. Known for as long as sent messages are kept (<c>Larkspur:Retention:Keep</c>).</summary>
internal sealed class MessageOwners(IDatabase database)
{
    /// <summary>Owners by message; people's messages, and those of the gateway itself, are not among them.</summary>
    public Task<IReadOnlyDictionary<string, string>> OfAsync(string app, IReadOnlyCollection<string> messages, CancellationToken cancellation) =>
        database.ReadAsync(sql => OfAsync(sql, app, messages), cancellation);

    /// <inheritdoc cref="OfAsync(string, IReadOnlyCollection{string}, CancellationToken)"/>
    public static async ValueTask<IReadOnlyDictionary<string, string>> OfAsync(ISql sql, string app, IReadOnlyCollection<string> messages)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        if (messages.Count == 0) return owners;
        var sent = await SentMessages.OwnersAsync(sql, PlatformNames.Feishu, app, messages);
        foreach (var (message, owner) in sent) owners[message] = owner;
        // The cards of a stream after its first have no row of the outbox that made them.
        object?[] values = [app, .. messages];
        var places = string.Join(", ", messages.Select((_, i) => $"${i + 2}"));
        var rows = await sql.QueryAsync($"""
            SELECT p.message_id, s.owner FROM card_stream_page p JOIN card_stream s ON s.id = p.stream_id
            WHERE p.message_id IN ({places}) AND s.app = $1 AND s.owner <> ''
            """, static row => (Message: row.GetString(0), Owner: row.GetString(1)), values);
        foreach (var (message, owner) in rows) owners[message] = owner;
        return owners;
    }

    /// <summary>The owner of one; empty: no single system's.</summary>
    public static async ValueTask<string> OfAsync(ISql sql, string app, string? message) =>
        message is null ? "" : (await OfAsync(sql, app, [message])).GetValueOrDefault(message, "");
}
