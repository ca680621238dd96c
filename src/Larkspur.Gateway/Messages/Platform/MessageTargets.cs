using System.Globalization;
using Larkspur.Gateway.Channels.Feishu;

namespace Larkspur.Gateway.Messages;

/// <summary>The message that an address names: by the platform's id (<c>om_…</c>), or by the id that sending it gave.</summary>
/// <param name="App">Whose message.</param>
/// <param name="MessageId">The platform's id; null: it has none yet, see <paramref name="Queued"/>.</param>
/// <param name="Queued">The message as it was queued here; null when it was named by the platform's id.</param>
internal sealed record MessageTarget(FeishuApp App, string? MessageId, MessageAnswer? Queued)
{
    /// <exception cref="RequestRefusedException">It was not sent.</exception>
    public string Sent => MessageId ?? throw new RequestRefusedException(StatusCodes.Status409Conflict, "not_sent", "/{message_id}",
        $"Message {Queued!.Id.ToString(CultureInfo.InvariantCulture)} is {Queued.State}: the platform has no message of it.");
}

/// <summary>Finds the messages that addresses name.</summary>
internal sealed class MessageTargets(PlatformCalls calls, MessageQueue queue)
{
    private const string Place = "/{message_id}";

    /// <exception cref="RequestRefusedException">There is no such message, or it is no message's id.</exception>
    public async Task<MessageTarget> FindAsync(string id, string? app, CancellationToken cancellation)
    {
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return new MessageTarget(calls.App(app), FeishuIds.Check("message_id", id, Place), null);
        var message = await queue.FindAsync(number, cancellation)
            ?? throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_found", Place, "No message has this id. Ended ones are forgotten after a while.");
        if (app is not null && app != message.App)
            throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_found", Place, "The message is another app's.");
        return new MessageTarget(calls.App(message.App), message.MessageId, message);
    }
}
