using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Messages;

/// <summary>Whose messages are: the systems that had them sent, by the platform's ids. Known for as long as sent messages are kept (<c>Larkspur:Retention:Keep</c>).</summary>
internal sealed class MessageOwners(IDatabase database)
{
    /// <summary>The operations that make a message; others change one that is there.</summary>
    private const string Making = "'create', 'reply', 'forward', 'merge_forward', 'stream_open'";

    /// <summary>Owners by message; people's messages, and those of the gateway itself, are not among them.</summary>
    public Task<IReadOnlyDictionary<string, string>> OfAsync(string app, IReadOnlyCollection<string> messages, CancellationToken cancellation) =>
        database.ReadAsync(sql => OfAsync(sql, app, messages), cancellation);

    /// <inheritdoc cref="OfAsync(string, IReadOnlyCollection{string}, CancellationToken)"/>
    public static async ValueTask<IReadOnlyDictionary<string, string>> OfAsync(ISql sql, string app, IReadOnlyCollection<string> messages)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        if (messages.Count == 0) return owners;
        object?[] values = [app, Ingress.FeishuInboundEvents.Platform, .. messages];
        var places = string.Join(", ", messages.Select((_, i) => $"${i + 3}"));
        var rows = await sql.QueryAsync($"""
            SELECT message_id, owner FROM outbox WHERE owner <> '' AND message_id IN ({places}) AND app = $1 AND platform = $2 AND operation IN ({Making})
            UNION ALL
            SELECT p.message_id, s.owner FROM card_stream_page p JOIN card_stream s ON s.id = p.stream_id WHERE p.message_id IN ({places}) AND s.app = $1 AND s.owner <> ''
            """, static row => (Message: row.GetString(0), Owner: row.GetString(1)), values);
        foreach (var (message, owner) in rows) owners[message] = owner;
        return owners;
    }

    /// <summary>The owner of one; empty: no single system's.</summary>
    public static async ValueTask<string> OfAsync(ISql sql, string app, string? message) =>
        message is null ? "" : (await OfAsync(sql, app, [message])).GetValueOrDefault(message, "");
}
