using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Messages;

/// <summary>Whose messages are: the systems that had them sent, by the platform's ids. Known for as long as sent messages are kept (<c>Larkspur:Retention:Keep</c>).</summary>
internal sealed class MessageOwners(IDatabase database, IEnumerable<IMessageOwnerSource> others)
{
    /// <summary>Owners by message; people's messages, and those of the gateway itself, are not among them.</summary>
    public Task<IReadOnlyDictionary<string, string>> OfAsync(string app, IReadOnlyCollection<string> messages, CancellationToken cancellation) =>
        database.ReadAsync(sql => OfAsync(sql, app, messages), cancellation);

    /// <inheritdoc cref="OfAsync(string, IReadOnlyCollection{string}, CancellationToken)"/>
    public async ValueTask<IReadOnlyDictionary<string, string>> OfAsync(ISql sql, string app, IReadOnlyCollection<string> messages)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        if (messages.Count == 0) return owners;
        var sent = await SentMessages.OwnersAsync(sql, PlatformNames.Feishu, app, messages);
        foreach (var (message, owner) in sent) owners[message] = owner;
        foreach (var other in others)
            foreach (var (message, owner) in await other.OfAsync(sql, app, messages)) owners[message] = owner;
        return owners;
    }

    /// <summary>The owner of one; empty: no single system's.</summary>
    public async ValueTask<string> OfAsync(ISql sql, string app, string? message) =>
        message is null ? "" : (await OfAsync(sql, app, [message])).GetValueOrDefault(message, "");
}
