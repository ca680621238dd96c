using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Streams;

/// <inheritdoc/>
internal sealed class CardStreams(IDatabase database, StreamStore store, LiveStreams live, StreamCompleter ender, LateFrames late, IOutbox outbox, ILeases leases,
    FeishuApps apps, IQuota quota, SharedSecrets secrets, StreamOptions options, StreamMetrics metrics, TimeProvider clock) : IStreams
{
    private const int LongestKey = 500;
    private const int LongestTitle = 200;
    private const int MostLives = 100;

    /// <summary>Feeds of one stream are shown in the order in which they were recorded.</summary>
    private readonly SemaphoreSlim[] _feeds = [.. Enumerable.Range(0, 64).Select(static _ => new SemaphoreSlim(1, 1))];

    public async Task<IStream> OpenAsync(StreamRequest request, CancellationToken cancellation = default)
    {
        var (row, _, _) = await BeginAsync(request, cancellation);
        await live.QuietAsync(row.Id);
        return row.HasEnded ? Create(row, []) : live.Add(Create(row, await store.PagesAsync(row.Id, cancellation)));
    }

    public Task<ShownStream?> ShownInAsync(string app, string messageId, CancellationToken cancellation = default) => store.ShownInAsync(app, messageId, cancellation);

    /// <summary>For a business system: a key that was used before names the same stream, and nothing is sent again.</summary>
    /// <inheritdoc cref="IStreams.OpenAsync" path="/exception"/>
    public async Task<(StreamRow Row, bool IsNew)> OpenFedAsync(StreamRequest request, CancellationToken cancellation)
    {
        var begun = await BeginAsync(request with { IsFedOverApi = true }, cancellation);
        if (!begun.Row.HasEnded) await AdoptAsync(begun.Row, begun.FromElsewhere, cancellation);
        return (begun.Row, begun.IsNew);
    }

    /// <summary>What a business system adds is durable when this returns.</summary>
    public async Task<(FeedResult Result, int Length)> FeedAsync(string id, StreamPiece piece, CancellationToken cancellation)
    {
        var feeds = _feeds[(uint)string.GetHashCode(id, StringComparison.Ordinal) % _feeds.Length];
        await feeds.WaitAsync(cancellation);
        try
        {
            var (result, row, fromElsewhere) = await database.TransactAsync(async unit =>
            {
                var before = await StreamStore.NodeOfAsync(unit, id);
                var (result, row) = await FeedAsync(unit, id, piece);
                return (result, row, before != leases.Node);
            }, cancellation);
            if (result != FeedResult.Done) return (result, row?.Text.Length ?? 0);
            (await AdoptAsync(row! with { Text = "" }, fromElsewhere, cancellation)).Show(row!.Text);
            return (FeedResult.Done, row.Text.Length);
        }
        finally
        {
            feeds.Release();
        }
    }

    /// <summary>Ends a business system's stream.</summary>
    /// <returns>False: there is none of this id. One that has ended stays as it is.</returns>
    public async Task<bool> FinishFedAsync(string id, StreamEnd end, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { IsFedOverApi: true }) return false;
        await ender.EndAsync(id, end, cancellation);
        return true;
    }

    /// <summary>This process sends the frames of a stream.</summary>
    /// <param name="row">The stream.</param>
    /// <param name="fromElsewhere">Another process has sent them until now: what is known here of its cards is old.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<DurableStream> AdoptAsync(StreamRow row, bool fromElsewhere, CancellationToken cancellation)
    {
        if (live.Find(row.Id) is { } known)
        {
            if (!known.IsOver && !fromElsewhere) return known;
            await known.QuietAsync();
        }

        return live.Add(Create(row, await store.PagesAsync(row.Id, cancellation)));
    }

    private async Task<(StreamRow Row, bool IsNew, bool FromElsewhere)> BeginAsync(StreamRequest request, CancellationToken cancellation)
    {
        Check(request);
        if (live.Count >= options.MaxOpen) throw new TooManyStreamsException(options.MaxOpen, "MaxOpen");
        if (request.Owner.Length > 0 && live.CountOf(request.Owner) >= options.MaxOpenPerSystem) throw new TooManyStreamsException(options.MaxOpenPerSystem, "MaxOpenPerSystem");
        _ = apps.Get(request.App);
        var fed = request.IsFedOverApi
            ? StreamStore.FedIdOf(await secrets.GetAsync("stream ids", cancellation), request.App, request.Key) : null;
        return await database.TransactAsync(async unit =>
        {
            for (var life = 0; ; life++)
            {
                var id = StreamStore.IdOf(request.App, request.Key, life);
                // One that was begun before ids were secret keeps its own.
                if (fed is not null && await StreamStore.NodeOfAsync(unit, id) is null) id = fed;
                var before = await StreamStore.NodeOfAsync(unit, id);
                if (await StreamStore.TakeAsync(unit, id, leases.Node, anew: !request.IsFedOverApi, clock.GetUtcNow()) is { } open) return (open, false, before != leases.Node);
                if (await StreamStore.FindAsync(unit, id) is not { } ended) return (await AddAsync(unit, id, request), true, false);
                // An event that is handled although its stream has ended is replayed, and answered anew.
                if (request.InboxId == 0 || life == MostLives) return (ended, false, false);
            }
        }, cancellation);
    }

    private async ValueTask<StreamRow> AddAsync(IUnitOfWork unit, string id, StreamRequest request)
    {
        var now = clock.GetUtcNow();
        var language = request.Language?.Tag();
        var face = new StreamFace(request.Title, request.Thinking ?? new StreamFace(null, "", language).Say(BotTexts.StreamThinking)
            .Replace('\n', ' '), language) { Components = request.Components };
        var row = new StreamRow
        {
            Id = id, App = request.App, Lane = request.Lane, Target = request.Target, InboxId = request.InboxId, TurnId = request.TurnId, IsFedOverApi = request.IsFedOverApi, Owner = request.Owner, Node = leases.Node, Face = face,
            Reference = request.Reference ?? Reference.For(PlatformNames.Feishu, request.App, id), CreatedAt = now, FedAt = now,
        };
        await StreamStore.AddAsync(unit, row);
        await outbox.QueueAsync(unit, new QueuedMessage(PlatformNames.Feishu, row.App, $"{id} open", StreamCompleter.Message(row, OpenStream.Definition, 0, null)) { Reference = row.Reference });
        return row;
    }

    private async ValueTask<(FeedResult, StreamRow?)> FeedAsync(IUnitOfWork unit, string id, StreamPiece piece)
    {
        if (await StreamStore.TakeAsync(unit, id, leases.Node, anew: false, clock.GetUtcNow()) is not { } row)
            return await StreamStore.FindAsync(unit, id) is { IsFedOverApi: true } ended ? (FeedResult.Ended, ended) : (FeedResult.NotFound, null);
        if (!row.IsFedOverApi) return (FeedResult.NotFound, null);
        if (piece.Splits(row.Text)) return (FeedResult.Split, row);
        if (piece.Apply(row.Text) is not { } text) return (FeedResult.Gap, row);
        if (text.Length > options.MaxLength) return (FeedResult.TooLong, row);
        await StreamStore.WriteAsync(unit, id, leases.Node, text, clock.GetUtcNow());
        return (FeedResult.Done, row with { Text = text });
    }

    private DurableStream Create(StreamRow row, IReadOnlyList<StreamedPage> pages) =>
        new(row, pages, apps.Get(row.App).Client, store, options, () => IntervalOf(row.App), ender, live, late, metrics);

    /// <summary>An app that is near the end of its month writes in larger pieces; the last frame goes in any case.</summary>
    private TimeSpan IntervalOf(string app) => quota.Mode(app) switch
    {
        QuotaMode.Economy => options.EconomyInterval,
        QuotaMode.Exhausted => options.EconomyInterval * 12,
        _ => TimeSpan.Zero,
    };

    private static void Check(StreamRequest request)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(request.App, nameof(request));
        ArgumentException.ThrowIfNullOrWhiteSpace(request.Key, nameof(request));
        ArgumentException.ThrowIfNullOrWhiteSpace(request.Lane, nameof(request));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Key.Length, LongestKey, nameof(request));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Title?.Length ?? 0, LongestTitle, nameof(request));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Thinking?.Length ?? 0, LongestTitle, nameof(request));
    }
}

/// <summary>What a business system adds to a stream.</summary>
/// <param name="Text">The piece, or the whole text.</param>
/// <param name="Replaces">It is the whole text.</param>
/// <param name="Offset">Where the piece begins, in characters (UTF-16): a piece that is sent again is then not there twice. Null: at the end.</param>
internal readonly record struct StreamPiece(string Text, bool Replaces, int? Offset)
{
    /// <summary>It would begin in the middle of a character (a surrogate pair), whose first half no database keeps.</summary>
    public bool Splits(string text) => !Replaces && Offset is > 0 and var offset && offset < text.Length && char.IsSurrogatePair(text[offset - 1], text[offset]);

    /// <summary>
    /// The text with it, or null: text before it is missing. A piece that stands there already takes away nothing of what came after it: a process
    /// that stood still may only now come to a call that its caller has long since repeated elsewhere.
    /// </summary>
    public string? Apply(string text)
    {
        if (Replaces) return Text;
        if (Offset is not { } offset) return text + Text;
        if (offset > text.Length) return null;
        return text.AsSpan(offset).StartsWith(Text, StringComparison.Ordinal) ? text : text[..offset] + Text;
    }
}

/// <summary>What became of a piece.</summary>
internal enum FeedResult
{
    /// <summary>It is durable, and on its way.</summary>
    Done,

    /// <summary>There is no such stream.</summary>
    NotFound,

    /// <summary>The stream has ended.</summary>
    Ended,

    /// <summary>It begins behind the end of the text.</summary>
    Gap,

    /// <summary>It begins within a character.</summary>
    Split,

    /// <summary>The text would be longer than the settings allow.</summary>
    TooLong,
}
