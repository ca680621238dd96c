using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Streams;

/// <summary>Whose the cards of streams are: those after a stream's first have no row of the outbox that made them.</summary>
internal sealed class StreamOwners : IMessageOwnerSource
{
    public async ValueTask<IReadOnlyList<(string Message, string Owner)>> OfAsync(
        ISql sql, string app, IReadOnlyCollection<string> messages)
    {
        object?[] values = [app, .. messages];
        var places = string.Join(", ", messages.Select((_, i) => $"${i + 2}"));
        return await sql.QueryAsync($"""
            SELECT p.message_id, s.owner FROM card_stream_page p JOIN card_stream s ON s.id = p.stream_id
            WHERE p.message_id IN ({places}) AND s.app = $1 AND s.owner <> ''
            """, static row => (row.GetString(0), row.GetString(1)), values);
    }
}
