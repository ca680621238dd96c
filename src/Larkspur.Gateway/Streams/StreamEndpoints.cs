using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Messages.Cards;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using FeishuIds = Larkspur.Gateway.Apps.Feishu.FeishuIds;
using RequestRefusedException = Larkspur.Gateway.Common.Refusals.RequestRefusedException;

namespace Larkspur.Gateway.Streams;

/// <summary>Streams for business systems. See docs/streaming.md.</summary>
internal static class StreamEndpoints
{
    private const int LongestKey = 200;
    private const int MostComponents = 3000;

    public static void MapStreams(this IEndpointRouteBuilder api)
    {
        api.MapPost("/streams", OpenAsync).WithName("OpenStream").Needs(ApiScopes.MessagesWrite).WithSummary("Begin a card that is written while one reads")
            .WithDescription("The loading card is on its way when this answers. The same Idempotency-Key names the same stream and sends nothing again (200 in place of 201).")
            .Produces<StreamAnswer>(StatusCodes.Status201Created).Produces<StreamAnswer>()
            .Refuses(400, 403, 422, 429, 503);
        api.MapGet("/streams/{id}", ShowAsync).WithName("ShowStream").Needs(ApiScopes.MessagesRead).WithSummary("A stream and its cards")
            .Produces<StreamAnswer>().Refuses(404, 503);
        api.MapPost("/streams/{id}", FeedAsync).WithName("FeedStream").Needs(ApiScopes.MessagesWrite).WithSummary("Add to a stream's text, or replace it")
            .WithDescription("Exactly one of append and replace. With offset, the position in UTF-16 characters at which the piece begins, a repeated call adds nothing twice. What is answered is durable.")
            .Produces<StreamFed>(StatusCodes.Status202Accepted)
            .Refuses(400, 404, 409, 413, 503);
        api.MapPost("/streams/{id}/finish", FinishAsync).WithName("FinishStream").Needs(ApiScopes.MessagesWrite).WithSummary("End a stream")
            .WithDescription("Once answered, the final text will be shown, whatever becomes of this process. A stream that has ended stays as it is. Components hold none of the "
                + "gateway's own values (422 reserved_value).")
            .Produces<StreamAnswer>().Refuses(400, 404, 422, 503);
    }

    private static async Task<IResult> OpenAsync(StreamOpening opening, [FromHeader(Name = "Idempotency-Key"), Description("Required, up to 200 characters: one stream per key and app")] string? key,
        HttpContext http, CardStreams streams, StreamStore store, FeishuApps apps, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(key)) throw RequestRefusedException.Malformed("idempotency_key_missing");
        if (key.Length > LongestKey) throw RequestRefusedException.Malformed("idempotency_key_too_long");
        var caller = Caller.Grant(http);
        var app = caller.AppOf(opening.App, "/app");
        if (!apps.TryGet(app, out _)) throw RequestRefusedException.Malformed("app_unknown");
        if (opening.Target() is not { } target) throw RequestRefusedException.Malformed("bad_receiver");
        if (opening.Language is not (null or "zh_cn" or "en_us")) throw RequestRefusedException.Malformed("bad_language");
        if (opening is { Title.Length: > 200 } or { Thinking.Length: > 200 }) throw RequestRefusedException.Malformed("text_too_long");
        return await GuardedAsync<IResult>(async () =>
        {
            var (row, isNew) = await streams.OpenFedAsync(new StreamRequest
            {
                App = app, Key = "api " + IdempotencyKey.Owned(http, key), Target = target, Lane = opening.ChatId ?? target.Id, Title = opening.Title, Thinking = opening.Thinking, Language = Languages.FromTag(opening.Language),
                Owner = caller.Owner,
            }, cancellation);
            var answer = await AnswerAsync(row, store, cancellation);
            return isNew ? TypedResults.Created($"/api/v1/streams/{row.Id}", answer) : TypedResults.Ok(answer);
        });
    }

    private static Task<Ok<StreamAnswer>> ShowAsync(string id, KeyGrant caller, StreamStore store, CancellationToken cancellation) =>
        GuardedAsync(async () =>
        {
            var row = await store.FindAsync(id, cancellation) ?? throw RequestRefusedException.NotFound();
            caller.DemandRead(row.Owner, row.App, RequestRefusedException.NotFound);
            return TypedResults.Ok(await AnswerAsync(row, store, cancellation));
        });

    private static async Task<Accepted<StreamFed>> FeedAsync(
        string id, StreamFeed feed, KeyGrant caller, CardStreams streams, StreamStore store, CancellationToken cancellation)
    {
        if (feed.Append is null == feed.Replace is null) throw RequestRefusedException.Malformed("append_or_replace");
        if (HasNull(feed.Append ?? feed.Replace)) throw RequestRefusedException.Malformed("bad_text");
        if (feed.Offset is < 0 || (feed.Offset is not null && feed.Append is null)) throw RequestRefusedException.Malformed("bad_offset");
        return await GuardedAsync(async () =>
        {
            if (!await MayWriteAsync(caller, id, store, cancellation)) throw RequestRefusedException.NotFound();
            var (result, length) = await streams.FeedAsync(id, new StreamPiece(feed.Append ?? feed.Replace!, feed.Replace is not null, feed.Offset), cancellation);
            return result switch
            {
                FeedResult.Done => TypedResults.Accepted((string?)null, new StreamFed(length)),
                FeedResult.NotFound => throw RequestRefusedException.NotFound(),
                FeedResult.Ended => throw RequestRefusedException.Conflict("stream_ended"),
                FeedResult.Split => throw RequestRefusedException.Malformed("bad_offset"),
                FeedResult.Gap => throw RequestRefusedException.Conflict("offset_beyond_text"),
                _ => throw new RequestRefusedException(StatusCodes.Status413PayloadTooLarge, "text_too_long"),
            };
        });
    }

    private static async Task<Ok<StreamAnswer>> FinishAsync(string id, StreamFinish finish, KeyGrant caller, CardStreams streams,
        StreamStore store, StreamOptions options, OwnedObjects objects, CancellationToken cancellation)
    {
        if (finish.Text?.Length > options.MaxLength) throw new RequestRefusedException(StatusCodes.Status413PayloadTooLarge, "text_too_long");
        if (HasNull(finish.Text)) throw RequestRefusedException.Malformed("bad_text");
        if (finish.Footer?.Length > 500) throw RequestRefusedException.Malformed("text_too_long");
        var given = finish.Components ?? [];
        var components = given.Select(c => c.GetRawText()).ToArray();
        if (components.Sum(c => StreamingMarkdown.Size(c)) > MostComponents) throw RequestRefusedException.Malformed("components_too_large");
        if (given.Any(c => c.ValueKind != JsonValueKind.Object)) throw RequestRefusedException.Malformed("bad_components");
        for (var i = 0; i < components.Length; i++)
        {
            RequestJson.DemandReadable(given[i], PointerOf(i));
            ReservedValues.Check(components[i], PointerOf(i));
        }

        if (components.Length > 0 && await MayWriteAsync(caller, id, store, cancellation) && await store.FindAsync(id, cancellation) is { } shown)
        {
            for (var i = 0; i < components.Length; i++)
                await Messages.MessageTargets.DemandFilesAsync(objects, caller, shown.App, components[i], PointerOf(i), cancellation);
        }

        return await GuardedAsync(async () =>
        {
            if (!await MayWriteAsync(caller, id, store, cancellation)) throw RequestRefusedException.NotFound();
            var end = new StreamEnd
            {
                Text = finish.Text, Footer = finish.Footer, Components = components, Template = finish.Failed ? "red" : null, Ending = finish.Failed ? StreamEndings.Failed : StreamEndings.Finished,
            };
            if (!await streams.FinishFedAsync(id, end, cancellation)) throw RequestRefusedException.NotFound();
            return TypedResults.Ok(await AnswerAsync((await store.FindAsync(id, cancellation))!, store, cancellation));
        });

        static string PointerOf(int component) => $"/components/{component.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>The stream is the caller's to write. Of one that does not exist whoever looks for it next says so, in the same words.</summary>
    /// <returns>False: for this caller there is none.</returns>
    private static async Task<bool> MayWriteAsync(KeyGrant caller, string id, StreamStore store, CancellationToken cancellation)
    {
        if (caller.Scopes is null || await store.FindAsync(id, cancellation) is not { } row) return true;
        if (!caller.MayRead(row.Owner) || !caller.MayUse(row.App)) return false;
        return caller.MayChange(row.Owner) ? true : throw KeyGrant.NotMine();
    }

    private static async Task<T> GuardedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (TooManyStreamsException)
        {
            throw new RequestRefusedException(StatusCodes.Status429TooManyRequests, "too_many_streams");
        }
        catch (ChannelException e) when (e.NotTried)
        {
            // The app was switched off, or is not complete: the text so far is kept.
            throw RequestRefusedException.Conflict(e.Reason);
        }
        catch (Storage.DataProtection.MasterKeyException)
        {
            throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable, "key_ring_unreadable");
        }
        catch (StorageUnavailableException)
        {
            throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable, "storage_unavailable");
        }
    }

    private static async Task<StreamAnswer> AnswerAsync(StreamRow row, StreamStore store, CancellationToken cancellation) => new()
    {
        Id = row.Id, App = row.App, Status = row.HasEnded ? row.Ending ?? StreamEndings.Finished : "open", Length = row.Text.Length, Reference = row.Reference,
        CreatedAt = row.CreatedAt, FedAt = row.FedAt, EndedAt = row.EndedAt,
        Cards = [.. (await store.PagesAsync(row.Id, cancellation)).Select(p => new StreamCard(p.Mode.ToString().ToLowerInvariant(), p.MessageId, p.CardId))],
    };

    /// <summary>U+0000 can be shown nowhere, and PostgreSQL keeps no text that has it.</summary>
    private static bool HasNull(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true;
}

/// <summary>Where a stream's card goes, and how it begins. Exactly one of <c>to</c> and <c>reply_to</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record StreamOpening
{
    /// <summary>The app's name in the settings; absent: <c>default</c>.</summary>
    public string? App { get; init; }

    /// <summary>The receiver.</summary>
    public StreamReceiver? To { get; init; }

    /// <summary>The message that it answers (<c>om_…</c>).</summary>
    public string? ReplyTo { get; init; }

    /// <summary>The chat of that message, so that the card keeps its place among the chat's other messages.</summary>
    public string? ChatId { get; init; }

    /// <summary>Header of the card, up to 200 characters.</summary>
    public string? Title { get; init; }

    /// <summary>What the loading card says, up to 200 characters.</summary>
    public string? Thinking { get; init; }

    /// <summary><c>zh_cn</c> or <c>en_us</c>: of the gateway's own words on the card. Absent: both.</summary>
    public string? Language { get; init; }

    public StreamTarget? Target()
    {
        if (To is null == ReplyTo is null) return null;
        try
        {
            // The same judgement as a message's: what is no id would wait in the outbox, fill a lane of its own, or climb in an address.
            if (ChatId is not null) FeishuIds.Check("chat_id", ChatId, null);
            return To is { } to
                ? StreamTarget.To(to.Type ?? "", FeishuIds.Check(to.Type ?? "", to.Id ?? "", null))
                : StreamTarget.Reply(FeishuIds.Check("message_id", ReplyTo!, null));
        }
        catch (Exception e) when (e is ArgumentException or RequestRefusedException)
        {
            return null; // the caller answers with a word
        }
    }
}

/// <summary>A receiver.</summary>
/// <param name="Type"><c>chat_id</c>, <c>open_id</c>, <c>user_id</c>, <c>union_id</c> or <c>email</c>.</param>
/// <param name="Id">The id.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record StreamReceiver(string? Type, string? Id);

/// <summary>A piece of text.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record StreamFeed
{
    /// <summary>A piece that is added.</summary>
    public string? Append { get; init; }

    /// <summary>The whole text.</summary>
    public string? Replace { get; init; }

    /// <summary>Where the piece begins; absent: at the end.</summary>
    public int? Offset { get; init; }
}

/// <summary>How a stream ends.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record StreamFinish
{
    /// <summary>The whole text; absent: what was fed.</summary>
    public string? Text { get; init; }

    /// <summary>Small grey text below it, up to 500 characters.</summary>
    public string? Footer { get; init; }

    /// <summary>Components below it, card JSON 2.0, 3,000 bytes in all.</summary>
    public IReadOnlyList<JsonElement>? Components { get; init; }

    /// <summary>True: it did not end well; the header turns red.</summary>
    public bool Failed { get; init; }
}

/// <summary>A stream.</summary>
internal sealed record StreamAnswer
{
    public required string Id { get; init; }

    public required string App { get; init; }

    /// <summary><c>open</c>, <c>finished</c>, <c>failed</c>, <c>interrupted</c>, <c>idle</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Of the text, in UTF-16 characters: the offset of the next piece.</summary>
    public required int Length { get; init; }

    /// <summary>What people may quote and operators search for.</summary>
    public required string Reference { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset FedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public required IReadOnlyList<StreamCard> Cards { get; init; }
}

/// <summary>A card of a stream.</summary>
/// <param name="Mode"><c>none</c>, <c>cardkit</c>, <c>patch</c>.</param>
/// <param name="MessageId">The message that shows it.</param>
/// <param name="CardId">Its entity.</param>
internal sealed record StreamCard(string Mode, string? MessageId, string? CardId);

/// <summary>A piece was taken.</summary>
/// <param name="Length">Of the text with it: the offset of the next piece.</param>
internal sealed record StreamFed(int Length);
