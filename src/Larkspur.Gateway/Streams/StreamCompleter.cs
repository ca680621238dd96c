using System.Buffers;
using System.Text;
using System.Text.Json;
using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Streams;

/// <summary>Ends streams: the row, and the last face of each of its cards as a message of the outbox, in one transaction.</summary>
internal sealed class StreamCompleter(IDatabase database, IOutbox outbox, LiveStreams live, ILeases leases, StreamOptions options, StreamMetrics metrics, TimeProvider clock)
{
    /// <summary>Longer than a change of a message usually takes.</summary>
    private static readonly TimeSpan FrameTime = TimeSpan.FromSeconds(2);

    /// <summary>Cards are changed for so long. Source: cardkit-v1 and im-v1/message/patch.</summary>
    private static readonly TimeSpan Changeable = TimeSpan.FromDays(14);

    /// <summary>In the transaction that ends an event.</summary>
    public async ValueTask EndAsync(IEffects effects, string id, StreamEnd end)
    {
        foreach (var (_, page, message) in await LastFacesAsync(effects.Unit, id, end, effects.Now)) effects.Send(message with { KeyPart = KeyOf(id, page) });
    }

    /// <summary>In a transaction of its own.</summary>
    /// <returns>False: it had ended before.</returns>
    public Task<bool> EndAsync(string id, StreamEnd end, CancellationToken cancellation) => database.TransactAsync(unit => EndAsync(unit, id, end), cancellation);

    /// <summary>In any transaction.</summary>
    /// <returns>False: it had ended before.</returns>
    public async ValueTask<bool> EndAsync(IUnitOfWork unit, string id, StreamEnd end)
    {
        var faces = await LastFacesAsync(unit, id, end, clock.GetUtcNow());
        foreach (var (row, page, message) in faces)
            await outbox.QueueAsync(unit, new QueuedMessage(PlatformNames.Feishu, row.App, KeyOf(id, page), message) { Reference = row.Reference });
        return faces.Count > 0;
    }

    /// <summary>
    /// Shows the last faces of messages that were changed as a whole again: a frame of this process may have come after them, or may come yet.
    /// </summary>
    /// <param name="id">The stream.</param>
    /// <param name="delay">How long a frame may still be on its way.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>False: it has not ended.</returns>
    public Task<bool> ShowAgainAsync(string id, TimeSpan delay, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        if (await StreamStore.FindAsync(unit, id) is not { HasEnded: true } row) return false;
        if (row.End is not { } end) return true;
        var pages = await StreamStore.PagesAsync(unit, id);
        var faces = LastFaces(row, end, pages.Count).ToArray();
        foreach (var page in pages.Where(p => p is { Mode: StreamingMode.Patch, MessageId: not null } && p.Number < faces.Length))
        {
            // In a lane of its own: the chat does not wait for it. Nobody is told when it fails: the words were shown once.
            var again = faces[page.Number] with { Lane = page.MessageId!, Delay = delay, FallsBack = false };
            var key = $"{KeyOf(id, page.Number)} again {leases.Node}";
            await outbox.QueueAsync(unit, new QueuedMessage(PlatformNames.Feishu, row.App, key, again) { Reference = row.Reference });
        }

        return true;
    }, cancellation);

    /// <summary>Shows other components below a text that has ended: what a click on one of them has changed.</summary>
    /// <param name="effects">The click's.</param>
    /// <param name="id">The stream.</param>
    /// <param name="change">The components as they are now, to those that are shown; null: there are none that change.</param>
    /// <param name="delay">How long after the click the platform takes a change of the card.</param>
    public async ValueTask ChangeComponentsAsync(
        IEffects effects, string id, Func<IReadOnlyList<string>, IReadOnlyList<string>?> change, TimeSpan delay)
    {
        if (await StreamStore.FindAsync(effects.Unit, id) is not { End: { } end, EndedAt: { } ended } row
            || effects.Now - ended > Changeable || change(end.Components) is not { } components) return;
        var changed = end with { Components = components };
        // They stand below the last card that has text; those behind it, of a text that became shorter, have none.
        var faces = LastFaces(row, changed, atLeast: 1).ToArray();
        var pages = await StreamStore.PagesAsync(effects.Unit, id);
        if (pages.Find(p => p.Number == faces.Length - 1)?.MessageId is not { } message) return;
        await StreamStore.KeepFaceAsync(effects.Unit, id, changed);
        // In the lane of what is shown again: the chat does not wait for it. Nobody is told when it fails: the click was answered.
        effects.Send(faces[^1] with { Lane = message, Delay = delay, FallsBack = false });
    }

    /// <summary>What was written, and a line that says that it stops here.</summary>
    public static StreamEnd Interrupted(StreamRow row, string text) =>
        Cut(row, text, BotTexts.StreamInterrupted(row.Reference), StreamEndings.Interrupted);

    /// <inheritdoc cref="Interrupted"/>
    public static StreamEnd Idle(StreamRow row, string text) => Cut(row, text, BotTexts.StreamIdle(row.Reference), StreamEndings.Idle);

    /// <summary>A message of the outbox that concerns a stream.</summary>
    public static OutboxMessage Message(StreamRow row, OutboxOperation operation, int page, string? card) => new()
    {
        Operation = operation, Lane = row.Lane, TargetType = row.Target.IdType, Target = row.Target.Id, InThread = row.Target.InThread, MessageType = "interactive",
        Content = StreamOrder.Write(row.Id, page, card), Priority = OutboxPriority.Answer, Owner = row.Owner,
        // A loading card that was refused is told by the end of its stream.
        FallsBack = operation == FinishStream.Definition,
    };

    public static string KeyOf(string id, int page) => $"{id} end {page}";

    private static StreamEnd Cut(StreamRow row, string text, LocalText words, string ending)
    {
        var line = row.Face.Say(words);
        return new StreamEnd { Text = text.Length == 0 ? line : StreamingMarkdown.Showable(text) + "\n\n" + line, Template = "grey", Ending = ending };
    }

    private async ValueTask<IReadOnlyList<(StreamRow Row, int Page, OutboxMessage Message)>> LastFacesAsync(IUnitOfWork unit, string id, StreamEnd end, DateTimeOffset now)
    {
        if (await StreamStore.EndAsync(unit, id, end, now) is not { } row) return [];
        var pages = await StreamStore.PagesAsync(unit, id);
        unit.AfterCommit(() =>
        {
            metrics.Ended(end.Ending);
            if (live.Find(id) is { } stream) stream.Abandon(elsewhere: false);
        });
        return [.. LastFaces(row, end, pages.Count).Select((message, page) => (row, page, message with { Delay = DelayOf(page) }))];

        // An entity refuses a frame that comes after its last face, by its number; a message that is changed does not. Another process learns by the row that it is over.
        TimeSpan DelayOf(int page) => row.Node != leases.Node && pages.Find(p => p.Number == page) is { Mode: StreamingMode.Patch }
            ? options.CheckpointInterval + FrameTime : TimeSpan.Zero;
    }

    private IEnumerable<OutboxMessage> LastFaces(StreamRow row, StreamEnd end, int atLeast)
    {
        var face = new StreamingCardEnd { Footer = end.Footer, Components = end.Components, Template = end.Template };
        return CardStream.FinalCards(row.Face.Options(options), row.Text, face, atLeast)
            .Select((card, page) => Message(row, FinishStream.Definition, page, card));
    }
}

/// <summary>What a row of the outbox says about a stream: <c>{"stream":"st_…","page":0,"card":{…}}</c>.</summary>
internal sealed record StreamOrder(string Stream, int Page, string? Card)
{
    public static string Write(string stream, int page, string? card)
    {
        var buffer = new ArrayBufferWriter<byte>((card?.Length ?? 0) + 128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("stream", stream);
            json.WriteNumber("page", page);
            if (card is not null)
            {
                json.WritePropertyName("card");
                json.WriteRawValue(card);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static StreamOrder Read(string content)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            return new StreamOrder(root.GetProperty("stream").GetString()!, root.GetProperty("page").GetInt32(), root.TryGetProperty("card", out var card) ? card.GetRawText() : null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("The row says nothing about a stream.", e);
        }
    }
}
