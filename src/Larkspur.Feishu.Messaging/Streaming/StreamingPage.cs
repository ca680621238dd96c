using Larkspur.Feishu.Api;
using System.Text.Json;
using System.Text.Encodings.Web;

namespace Larkspur.Feishu.Messaging.Streaming;

/// <summary>One card of a stream: opened, written, finished, by CardKit or, where that is not to be had, by changing the message.</summary>
/// <remarks>Every step may be repeated, also by another process that knows the <see cref="State"/>. One step after another.</remarks>
/// <param name="client">The app.</param>
/// <param name="target">Where the card goes.</param>
/// <param name="options">How it looks.</param>
/// <param name="journal">Remembers it.</param>
/// <param name="key">Its message's key, up to 46 characters; the same for every attempt.</param>
/// <param name="state">What is known of it.</param>
public sealed class StreamingPage(FeishuClient client, StreamTarget target, StreamingCardOptions options, IStreamJournal journal, string key, StreamedPage state)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StreamingCardFace _face = new(options);
    private CardEntity? _entity;

    /// <summary>What is known of it now.</summary>
    public StreamedPage State { get; private set; } = state;

    /// <summary>What a call of the endpoint that writes it is paced by.</summary>
    public FeishuEndpoint WriteEndpoint => State.Mode == StreamingMode.Patch ? Api.Im.V1.Endpoints.MessagePatch : Api.Cardkit.V1.Endpoints.CardElementContent;

    /// <summary>Whether a card of this app would be a CardKit entity now.</summary>
    public static bool MayUseCardKit(FeishuClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return CardKitAccess.Of(client).IsOpen(client.Clock);
    }

    private CardEntity Entity => _entity ??= new CardEntity(client, State.CardId!, journal.NumbersOf(State.Number));

    /// <summary>Shows the loading card, unless it is known to be there.</summary>
    /// <param name="call">For the call that sends the message.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="FeishuApiException">The receiver cannot be reached.</exception>
    /// <exception cref="PlatformNetworkException">No answer came; repeating is safe.</exception>
    public async Task OpenAsync(FeishuCallOptions? call = null, CancellationToken cancellation = default)
    {
        if (State.MessageId is not null) return;
        if (State.Mode == StreamingMode.None) await ChooseAsync(cancellation);
        if (State.Mode == StreamingMode.CardKit)
        {
            try
            {
                await SentAsync(await SendAsync("interactive", CardEntity.MessageContent(State.CardId!), key, call, cancellation), cancellation);
                return;
            }
            catch (FeishuApiException refused) when (refused.Code is 230099 or 200740 or 200750 or 300311)
            {
                // The entity cannot be shown; the same card as a message may be.
                await KeepAsync(State with { Mode = StreamingMode.Patch }, cancellation);
            }
        }

        await SentAsync(await SendAsync("interactive", _face.Loading(streaming: false), PlainKey, call, cancellation), cancellation);
    }

    /// <summary>Shows the text so far.</summary>
    /// <exception cref="FeishuApiException">It is refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public async Task WriteAsync(string text, FeishuCallOptions? call = null, CancellationToken cancellation = default)
    {
        if (State.MessageId is null) await OpenAsync(null, cancellation);
        if (State.Mode == StreamingMode.Patch)
        {
            await PatchAsync(_face.Partial(text), call, cancellation);
            return;
        }

        try
        {
            await Entity.WriteAsync(StreamingCardFace.TextElement, _face.Shown(text), call, cancellation);
        }
        catch (FeishuApiException closed) when (CardKitCodes.IsClosed(closed.Code))
        {
            // Ten minutes have passed; a long answer goes on.
            var again = WithoutPermit(call);
            await Entity.SetAsync(StreamingCardFace.Reopened, again, cancellation);
            await Entity.WriteAsync(StreamingCardFace.TextElement, _face.Shown(text), again, cancellation);
        }
    }

    /// <summary>From now on the message is changed as a whole: the entity does not take any more.</summary>
    public ValueTask LeaveCardKitAsync(CancellationToken cancellation) => KeepAsync(State with { Mode = StreamingMode.Patch }, cancellation);

    /// <summary>
    /// Puts on the card's last face and ends streaming: as entity; when that is gone or refused, by changing the message; when the platform takes no card,
    /// as a text message with the same words.
    /// </summary>
    /// <returns>The way that it took in the end.</returns>
    /// <exception cref="FeishuApiException">It is refused for now (transient), or for good: the message was withdrawn, the receiver cannot be reached.</exception>
    /// <exception cref="PlatformNetworkException">No answer came; repeating is safe.</exception>
    public Task<StreamingMode> FinishAsync(string card, FeishuCallOptions? call = null, CancellationToken cancellation = default) =>
        EndAsync(card, saysInWords: true, call, cancellation);

    /// <summary>Puts another last face on a card that has one. It is changed or stays as it is: nothing is sent in its place.</summary>
    /// <returns>The way that it took in the end.</returns>
    /// <exception cref="FeishuApiException">The change is refused; a transient refusal may be repeated, others stay, as after 14
    /// days.</exception>
    /// <exception cref="InvalidOperationException">The card's message is not known.</exception>
    /// <exception cref="PlatformNetworkException">No answer came; repeating is safe.</exception>
    public Task<StreamingMode> ChangeAsync(string card, FeishuCallOptions? call = null, CancellationToken cancellation = default) =>
        State.MessageId is null
        ? throw new InvalidOperationException("The card was not shown yet; there is nothing to change.")
        : EndAsync(card, saysInWords: false, call, cancellation);

    private async Task<StreamingMode> EndAsync(string card, bool saysInWords, FeishuCallOptions? call, CancellationToken cancellation)
    {
        if (State is { Mode: StreamingMode.None, MessageId: null })
        {
            await KeepAsync(State with { Mode = StreamingMode.Patch }, cancellation);
            try
            {
                await SentAsync(await SendAsync("interactive", card, PlainKey, call, cancellation), cancellation);
                return StreamingMode.Patch;
            }
            catch (FeishuApiException refused) when (IsCardRefused(refused))
            {
                return await SayAsync(card, WithoutPermit(call), cancellation);
            }
        }

        if (State.MessageId is null)
        {
            await OpenAsync(call, cancellation);
            call = WithoutPermit(call);
        }

        if (State.Mode == StreamingMode.CardKit)
        {
            try
            {
                await Entity.UpdateAsync(card, call, cancellation);
                await Entity.SetAsync(StreamingCardFace.Closed(SummaryIn(card)), WithoutPermit(call), cancellation);
                return StreamingMode.CardKit;
            }
            catch (FeishuApiException refused) when (!CardKitCodes.IsPassing(refused) && refused.FailureKind is not (FailureKind.Authentication or FailureKind.Quota))
            {
                if (CardKitCodes.IsUnavailable(refused)) CardKitAccess.Of(client).Closed(client.Clock);
                await LeaveCardKitAsync(cancellation);
                call = WithoutPermit(call);
            }
        }

        try
        {
            await PatchAsync(card, call, cancellation);
            return StreamingMode.Patch;
        }
        catch (FeishuApiException refused) when (saysInWords && IsCardRefused(refused))
        {
            return await SayAsync(card, WithoutPermit(call), cancellation);
        }
    }

    private async Task ChooseAsync(CancellationToken cancellation)
    {
        var chosen = State with { Mode = StreamingMode.Patch };
        var access = CardKitAccess.Of(client);
        if (options.UseCardKit && access.IsOpen(client.Clock))
        {
            try
            {
                chosen = State with { Mode = StreamingMode.CardKit, CardId = await CardEntity.CreateAsync(client, _face.Loading(streaming: true), null, cancellation) };
            }
            catch (FeishuApiException refused) when (refused.FailureKind is not (FailureKind.Authentication or FailureKind.Quota))
            {
                if (CardKitCodes.IsUnavailable(refused)) access.Closed(client.Clock);
            }
            catch (PlatformNetworkException)
            {
                // Sending the message shows whether the platform is there at all.
            }
        }

        await KeepAsync(chosen, cancellation);
    }

    private async Task<StreamingMode> SayAsync(string card, FeishuCallOptions? call, CancellationToken cancellation)
    {
        // Not <at>: in a text message it would call people whatever the card allowed.
        var words = (StreamingCardFace.TextOf(card) ?? "").Replace("<at", "<\u200bat", StringComparison.OrdinalIgnoreCase);
        await SendAsync("text", JsonSerializer.Serialize(new { text = words }, Relaxed), key + "-t", call, cancellation);
        return StreamingMode.None;
    }

    private Task PatchAsync(string card, FeishuCallOptions? call, CancellationToken cancellation) =>
        client.Im.V1.Message.PatchAsync(new() { MessageId = State.MessageId!, Content = card }, call, cancellation);

    private async Task<string> SendAsync(string type, string content, string uuid, FeishuCallOptions? call, CancellationToken cancellation)
    {
        var id = target.IsReply
            ? (await client.Im.V1.Message.ReplyAsync(new() { MessageId = target.Id, MsgType = type, Content = content, Uuid = uuid, ReplyInThread = target.InThread ? true : null }, call, cancellation)).MessageId
            : (await client.Im.V1.Message.CreateAsync(new() { ReceiveIdType = target.IdType, ReceiveId = target.Id, MsgType = type, Content = content, Uuid = uuid }, call, cancellation)).MessageId;
        return id is { Length: > 0 } ? id : throw new FeishuApiException("The message was sent, and its id was not told.") { HttpStatus = 200 };
    }

    // A key belongs to one content: where the entity was refused, the plain card must not be taken for its repeat.
    private string PlainKey => State.CardId is null ? key : key + "-m";

    private ValueTask SentAsync(string messageId, CancellationToken cancellation) => KeepAsync(State with { MessageId = messageId }, cancellation);

    private async ValueTask KeepAsync(StreamedPage page, CancellationToken cancellation)
    {
        await journal.KeepAsync(page, cancellation);
        State = page;
    }

    private static FeishuCallOptions? WithoutPermit(FeishuCallOptions? call) =>
        call is { PermitAcquired: true } ? call with { PermitAcquired = false } : call;

    /// <summary>The card itself is what the platform does not take; another message may well arrive.</summary>
    private static bool IsCardRefused(FeishuApiException refused) =>
        !CardKitCodes.IsPassing(refused) && !CardKitCodes.IsWithdrawn(refused.Code) && refused.Code is 230099 or 230025 or 230031 or 230001 or 200860 or 230028 or 230022 or 230054;

    private static string SummaryIn(string card)
    {
        using var document = JsonDocument.Parse(card);
        return document.RootElement.TryGetProperty("config", out var config) && config.TryGetProperty("summary", out var summary)
            ? summary.GetProperty("content").GetString() ?? "" : "";
    }
}
