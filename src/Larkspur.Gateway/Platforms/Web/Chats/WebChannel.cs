using System.Text.Json;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Platforms.Web.Serving;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.Web.Chats;

/// <summary>Outbox rows for the web chat: notifications of what failed or came too late. Sending one is a row in the chat, once per key.</summary>
internal sealed class WebChannel(IDatabase database, ChatReaders readers, OutboxOptions options, TimeProvider clock) : IChannel
{
    public string Platform => WebChat.Platform;

    public IReadOnlyCollection<OutboxOperation> Operations { get; } = [MessageOperations.Create];

    public DeliveryPolicy Policy { get; } = DeliveryPolicy.Doubling(options.FirstPause, options.LongestPause, options.Patience);

    public async Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        if (entry.Message is not { TargetType: "chat_id", MessageType: "text" }) throw new ChannelException("unsupported", $"The web chat shows texts, and no {entry.Message.Operation} of {entry.Message.MessageType}.", transient: false);
        var row = new ChatRow
        {
            Person = entry.Message.Target, Kind = ChatKind.Words, Key = "sent " + entry.IdempotencyKey, Text = TextOf(entry.Message.Content), Face = new ChatFace(), Reference = entry.Reference, At = clock.GetUtcNow(),
        };
        try
        {
            await database.TransactAsync(async unit =>
            {
                if (await ChatStore.AddAsync(unit, row) is { } added) unit.AfterCommit(() => readers.Changed(added.Person));
            }, cancellation);
        }
        catch (StorageUnavailableException e)
        {
            throw new ChannelException("unavailable", e.Message, transient: true, e) { Blame = Blame.Platform };
        }

        return new SendReceipt(null, null);
    }

    private static string TextOf(string content)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            return json.RootElement.GetProperty("text").GetString() ?? throw new FormatException("The text is null.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ChannelException("unreadable_row", "The row does not hold a text.", transient: false, e);
        }
    }
}
